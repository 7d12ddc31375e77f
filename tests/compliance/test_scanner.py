"""The consent scanner on whole wordings: `consent_*.txt`, written before any rule had seen them."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from compliance import findings, scanner
from compliance.scanner import scan
from compliance.scanner_words import CONTRADICTIONS, OTHER, RECOMMENDED, REQUIRED

pytestmark = pytest.mark.once

HERE = Path(__file__).parent


def wordings(path: Path) -> Iterator[tuple[str, dict[str, str], str]]:
    """(name, expectations, text) of each block of a file.

    A block begins with `name | key=value | ...`. After `~name | ...` lines `- old` and `+ new` change an earlier text.
    """
    known: dict[str, tuple[dict[str, str], str]] = {}
    for at, block in enumerate(path.read_text("utf-8").split("\n\n")):
        head, *body = block.strip().split("\n")
        name, *pairs = (part.strip() for part in head.split(" | "))
        expected = dict(pair.split("=", 1) for pair in pairs)
        if name.startswith("~"):
            base, text = known[name[1:]]
            expected = {"control": base["control"]} | expected
            for old, new in zip(body[::2], body[1::2], strict=True):
                assert old[2:] in text, f"{path.name}, {name}: {old[2:]!r} is not in the text"
                text = text.replace(old[2:], new[2:])
        else:
            text = "\n".join(body)
            known[name] = (expected, text)
        yield f"{at}-{name}", expected, text


CASES = [
    pytest.param(expected, text, id=f"{path.stem}-{name}")
    for path in sorted(HERE.glob("consent_*.txt"))
    for name, expected, text in wordings(path)
]


@pytest.mark.parametrize(("expected", "text"), CASES)
def test_it_finds_what_a_wording_lacks(expected, text):
    found = scan(
        text, control=expected["control"], prechecked="prechecked" in expected, required="required" in expected,
    )  # fmt: skip
    also = expected.get("also", "").split()
    assert set(found.missing_required) == set(expected.get("missing", "").split()), text
    assert {code for code in found.other_findings if code in CONTRADICTIONS} == set(also) & set(
        CONTRADICTIONS
    ), text
    assert set(also) <= set(found.other_findings), text
    assert found.valid == (not expected.get("missing") and not set(also) & set(CONTRADICTIONS))
    if "lacks" in expected:
        assert set(found.missing_recommended) == set(expected["lacks"].split()), text


GOOD = (
    "I agree to receive marketing calls from Maple Street Dental at the number I provided, with an AI voice. "
    "Consent is not a condition of purchase."
)
CONTEXT = {"control": "checkbox", "prechecked": False, "required": False, "language": "en"}


def answers(*lines: str) -> tuple[list[dict], int]:
    """What the command answers to raw lines, and its exit code."""
    stdout, code = io.StringIO(), 0
    try:
        call_command("scan_consent", stdin=io.BytesIO("\n".join(lines).encode()), stdout=stdout)
    except SystemExit as stop:
        code = stop.code
    return [json.loads(answer) for answer in stdout.getvalue().splitlines()], code


def test_the_command_answers_in_the_order_of_the_contract():
    found, code = answers(json.dumps({"text": "Acme may text you.", "context": CONTEXT}))
    assert code == 0
    assert list(found[0]) == ["valid", "missing_required", "missing_recommended", "other_findings"]
    assert found[0]["missing_required"] == [
        code for code in REQUIRED if code not in ("signature_action", "seller_name")
    ]
    assert found[0]["missing_recommended"] == list(RECOMMENDED)
    assert found[0]["other_findings"] == ["text_messages_only"]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        json.dumps({"context": CONTEXT}),
        json.dumps({"text": 7, "context": CONTEXT}),
        json.dumps({"text": GOOD}),
        json.dumps({"text": GOOD, "context": CONTEXT | {"control": "slider"}}),
        json.dumps({"text": GOOD, "context": CONTEXT | {"prechecked": "no"}}),
        json.dumps({"text": GOOD, "context": CONTEXT | {"language": "fr"}}),
        json.dumps({"text": GOOD * 8_000, "context": CONTEXT}),
    ],
)
def test_a_line_that_cannot_be_read_gets_an_error_and_the_next_an_answer(line):
    found, code = answers(line, json.dumps({"text": GOOD, "context": CONTEXT}))
    assert code == 1
    assert list(found[0]) == ["error"]
    assert found[1]["valid"] is True


def test_a_text_of_a_megabyte_is_refused_with_its_length():
    with pytest.raises(scanner.TextTooLongError, match="1,000,000 characters; at most 200,000"):
        scan("x" * 1_000_000, control="checkbox")


@pytest.mark.parametrize("piece", ["x", "<", "[{", ".", '"', "\n ", "1", "not required to ", "@a", "que "])
def test_the_longest_text_is_scanned_whatever_it_repeats(piece):
    text = (piece * scanner.MAX_CHARACTERS)[: scanner.MAX_CHARACTERS]
    assert not scan(text, control="checkbox").valid


def test_a_consent_inside_long_terms_is_found_and_warned_about():
    terms = "The site is provided as it is, without warranty of any kind. " * 100
    found = scan(terms + GOOD + " " + terms, control="checkbox")
    assert found.valid
    assert found.other_findings == ("buried_in_terms",)


def test_every_finding_says_why_and_proposes_wording():
    found = findings.in_words(REQUIRED, RECOMMENDED, OTHER, seller="Bright Smile Dental")
    assert {finding.code for finding in found} == {*REQUIRED, *RECOMMENDED, *OTHER}
    for finding in found:
        assert finding.name
        assert finding.why
        assert finding.english
        assert finding.spanish
        assert "[" not in finding.english + finding.spanish
    assert found[0].kind == "contradiction"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_proposed_wording_is_itself_valid(language):
    wording = CONTRADICTIONS["empty_text"].wording[language]
    named = wording.replace("[Business]", "Maple Street Dental").replace("[Empresa]", "Clínica Robledo")
    assert scan(named, control="none").missing_required == ()
    assert scan(named, control="none").valid
    assert scan(wording, control="none").missing_required == ("seller_name",)


EN = (
    "I agree that Bright Smile Dental LLC may call me at the number I provided with marketing calls using an "
    "artificial "
    "or prerecorded voice. Consent is not a condition of purchase."
)
ES = (
    "Acepto que Clínica Robledo S.L. me llame al teléfono que he indicado con llamadas comerciales con voz "
    "artificial o "
    "pregrabada. El consentimiento no es condición de compra."
)
BEFORE = (
    "Unless I untick this box,",
    "Until I uncheck this box,",
    "Unless I deselect it,",
    "Unless I opt out,",
    "Unless you tell us otherwise,",
    "Unless I say no,",
    "If I do not untick this box,",
    "By leaving this box checked,",
    "By not opting out,",
)
DOES_NOTHING = (
    "This box is checked by default.",
    "The box above is pre-ticked.",
    "This box has already been ticked for you.",
    "We have ticked this box for you.",
    "The option is selected by default.",
    "You are opted in by default.",
    "You are automatically enrolled in these calls.",
    "Silence will be treated as consent.",
    "If you do not object, you agree to these calls.",
    "Untick this box if you do not want calls.",
    "Uncheck the box to stop calls or reply STOP.",
    "Leave this box ticked to agree.",
    "By default, you consent to these calls.",
    "Failure to respond constitutes consent.",
    "You are deemed to have consented unless you object.",
    "The checkbox comes preselected.",
    "You agree to these calls unless you opt out.",
    "The consent box is on by default; it is already checked when the page opens.",
    "The box is marked as a default.",
    "Your consent is assumed unless you tell us otherwise.",
    "If we do not hear from you, we will call.",
    "This is a negative option.",
    "I understand that the box is ticked in advance.",
    "Consent is switched on for all customers unless they opt out.",
    "Do nothing to agree.",
    "No action is needed to consent.",
    "Consent is given automatically when you visit this page.",
    "The toggle is on by default.",
    "The toggle is set to Yes.",
    "Your agreement is presumed.",
    "We have pre-selected your consent.",
    "The box below has been checked on your behalf.",
    "Opting out is your responsibility; otherwise you consent.",
    "Unless told otherwise we will call you.",
)
NO_HACE_NADA = (
    "Esta casilla está marcada por defecto.",
    "La casilla aparece premarcada.",
    "La casilla viene marcada.",
    "La casilla ya está marcada.",
    "Salvo que desmarque esta casilla, acepto.",
    "A menos que me oponga, acepto las llamadas.",
    "Si no se opone, entenderemos que acepta.",
    "Deje la casilla marcada para aceptar.",
    "Por defecto acepta las llamadas.",
    "El silencio se entenderá como aceptación.",
    "Salvo oposición expresa, le llamaremos.",
    "Hemos marcado esta casilla por usted.",
    "Desmarque la casilla si no quiere llamadas.",
    "Si no desmarco esta casilla, acepto.",
    "La opción está seleccionada por defecto.",
    "Usted queda inscrito automáticamente.",
    "Salvo que indique lo contrario, acepta las llamadas.",
    "Al no oponerse, usted consiente.",
    "Se trata de un consentimiento tácito.",
    "La casilla está premarcada de antemano.",
    "No hace falta hacer nada para aceptar.",
    "Si usted no dice nada, acepta.",
    "Se presume su consentimiento.",
    "La opción viene activada.",
    "Mientras no indique lo contrario, acepta recibir llamadas.",
    "Le damos de alta automáticamente.",
    "Hemos premarcado su consentimiento.",
    "El interruptor está activado por defecto.",
)
REFUSES = ("I object to these calls.", "Please exclude me from these calls.", "I do NOT give permission.")
DEMANDS = (
    "You must tick this box to continue.",
    "This box is mandatory.",
    "You cannot submit this form without agreeing.",
    "To proceed, you must agree.",
    "This box must be checked.",
)
EXIGE = (
    "Debe marcar esta casilla para continuar.",
    "Esta casilla es obligatoria.",
    "No podrá enviar el formulario sin aceptar.",
)
ORDINARY = (
    "This box is not checked by default.",
    "No box on this form is checked by default.",
    "The box is empty by default.",
    "The box is never pre-ticked.",
    "The box is unchecked by default.",
    "If you do not agree, leave the box unticked.",
    "I agree until I opt out.",
    "My consent remains in effect unless I revoke it.",
    "This consent remains valid unless I opt out.",
    "I can opt out at any time by saying stop.",
    "You can untick the box in your account settings at any time.",
    "I am not required to check this box to continue.",
    "Leave this box blank if you do not want calls.",
    "Silence is not consent.",
    "You must be 18 to submit this form.",
    "Calls are dialed automatically by an AI agent.",
    "To stop, reply STOP; unless you do so, nothing changes.",
    "Leave your details and we will call.",
    "The box must be checked by you.",
    "Fields marked with an asterisk are required.",
    "Checking this box is optional and is not required to continue.",
    "We will not call unless you tick this box.",
    "Your information will not be shared unless you agree.",
    "If you do not check the box we will not call you.",
    "We do not use pre-checked boxes.",
    "You have already provided your phone number.",
    "I will receive calls unless I withdraw my consent by pressing 9.",
    "Check this box to agree. If you do not respond to our call, we may leave a voicemail.",
    "If I do not answer, you may call again on another day.",
    "By clicking Submit, you agree.",
    "To agree, turn the toggle on.",
    "I know that the toggle is off by default.",
    "I have read the terms by default language.",
    "If I change my mind I will untick nothing, I just say stop.",
    "By signing below I agree, and I may opt out by saying stop.",
    "My consent lasts until I say stop.",
    "You may contact us if you object to these calls.",
    "Calls continue unless I tell you to stop.",
    "Unless required by law, we do not record calls.",
    "I accept unless otherwise agreed in writing that Colorado law applies.",
    "If you do not say stop, we may call again.",
    "I automatically receive a copy of this consent.",
    "Our system automatically selects and dials numbers.",
    "Numbers are selected automatically by the dialer.",
    "The number is marked as mine.",
    "My enrollment is not affected.",
    "I am already enrolled as a patient.",
    "This page was already checked by a lawyer.",
    "We keep your selected preferences.",
    "I keep the right to object.",
    "I have not been opted in automatically.",
)
CORRIENTE = (
    "Esta casilla no está marcada por defecto.",
    "Ninguna casilla viene marcada por defecto.",
    "Deje la casilla sin marcar si no quiere llamadas.",
    "Si deja la casilla desmarcada no le llamaremos.",
    "Puedo oponerme en cualquier momento.",
    "Puede revocar su consentimiento cuando quiera.",
    "No es obligatorio marcar esta casilla para continuar.",
    "Mi consentimiento es válido hasta que lo revoque.",
    "El silencio no es consentimiento.",
    "Nunca usamos casillas premarcadas.",
    "He marcado esta casilla libremente.",
    "Si marco esta casilla, acepto.",
    "No le llamaremos salvo que marque esta casilla.",
    "No cederemos sus datos salvo obligación legal.",
    "Se entiende que acepta al marcar la casilla.",
    "Puede desmarcar la casilla en su cuenta cuando quiera.",
    "Si no contesta, no volveremos a llamar ese día.",
    "Las llamadas se hacen con un marcador automático.",
    "Salvo error, mi número es el indicado.",
    "Las llamadas se realizan automáticamente con IA.",
    "El número se marca automáticamente.",
    "Los números seleccionados se llaman automáticamente.",
    "Puedo darme de baja en cualquier momento diciendo no llamen más.",
    "No grabamos llamadas salvo que usted lo acepte.",
    "Ya he marcado la casilla.",
    "Al marcar la casilla ya acepto.",
    "Si no marca la casilla no pasa nada.",
    "Conservamos sus preferencias seleccionadas.",
    "La casilla está vacía por defecto.",
    "Si no acepto, puedo comprar igual.",
    "Mi consentimiento dura mientras no lo revoque.",
)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        *((f"{said} {EN}", "prechecked") for said in BEFORE),
        *((f"{EN} {said}", "prechecked") for said in DOES_NOTHING),
        *((f"{ES} {said}", "prechecked") for said in NO_HACE_NADA),
        *((f"{EN} {said}", "refusal") for said in REFUSES),
        *((f"{EN} {said}", "required_control") for said in DEMANDS),
        *((f"{ES} {said}", "required_control") for said in EXIGE),
        (f'<input type="checkbox" {" " * 900} checked>{EN}', "prechecked"),
        (f'<span role="checkbox" aria-checked="true"></span>{EN}', "prechecked"),
    ],
)
def test_consent_by_doing_nothing_or_without_a_choice_is_none_whatever_else_is_said(text, finding):
    found = scan(text, control="checkbox")
    assert finding in found.other_findings
    assert not found.valid


@pytest.mark.parametrize(
    "text", [f"{EN} {said}" for said in ORDINARY] + [f"{ES} {said}" for said in CORRIENTE]
)
def test_ordinary_sentences_beside_a_valid_consent_contradict_nothing(text):
    found = scan(text, control="checkbox")
    assert found.valid, found
