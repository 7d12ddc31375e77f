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
