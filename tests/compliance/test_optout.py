"""Opt-outs in English and Spanish. The two phrase files hold one utterance a line; every demand must be heard."""

import io
import json
import unicodedata
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from compliance.optout import OptOut, detect_optout, sms_keyword

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
DEMANDS = (HERE / "optout_demands.txt").read_text("utf-8").splitlines()
LOOKALIKES = (HERE / "optout_lookalikes.txt").read_text("utf-8").splitlines()
# "I'm not Robert" is known from "I'm not ready" by the capital alone
NAMED = {"This isn't Robert.", "no soy María", "yo no soy María"}


def test_it_hears_every_demand_whatever_channel_and_language_are_declared():
    for channel, language in (("voice", "en"), ("voice", "es"), ("sms", "en"), ("sms", "es")):
        found = {text: detect_optout(text, channel, language) for text in DEMANDS}
        assert [text for text, answer in found.items() if not answer.stop_calling] == []
        assert {answer.blacklist_risk for answer in found.values()} == {"high", "medium"}


def test_it_lets_lookalikes_pass():
    assert [
        text for text in LOOKALIKES if detect_optout(text) != OptOut(False, detect_optout(text).kind)
    ] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("please take me off your list", "opt_out"),
        ("not interested, stop calling", "opt_out"),
        ("wrong number", "wrong_number"),
        ("se equivoca de número", "wrong_number"),
        ("I'm not interested", "not_interested"),
        ("no me interesa", "not_interested"),
        ("don't call me before 9", "time_preference"),
        ("no me llame por la mañana", "time_preference"),
        ("call me on my other number", "number_preference"),
        ("don't call this number, call my cell", "number_preference"),
        ("stop by tomorrow", "none"),
        ("", "none"),
    ],
)
def test_it_names_the_kind(text, kind):
    assert detect_optout(text).kind == kind


def test_a_wrong_number_is_a_medium_risk_and_a_demand_beside_it_a_high_one():
    assert detect_optout("wrong number").blacklist_risk == "medium"
    assert detect_optout("wrong number, stop calling me").blacklist_risk == "high"


@pytest.mark.parametrize(
    "word",
    [
        *(
            "STOP",
            "Stop.",
            " stopall ",
            "UNSUBSCRIBE",
            "End",
            "QUIT",
            "cancel",
            "Revoke",
            "OPT-OUT",
            "TD",
            "arret",
        ),
        *("BAJA", "Alto!", "PARAR", "cancelar", "No más", "s t o p", "stpo", "STOP please"),
        *(
            "STOP!!",
            "Stop por favor",
            "stop k thx",
            "STOP NOW",
            "STOPNOW",
            "reply stop",
            "alto ya",
            "baja xfa",
        ),
        *(
            "\N{OCTAGONAL SIGN}",
            "\N{NO ENTRY}\N{VARIATION SELECTOR-16}",
            "stop \N{POUTING FACE}",
            "𝗦𝗧𝗢𝗣",
            "ＳＴＯＰ",
        ),
    ],
)
def test_it_takes_carrier_keywords_as_the_whole_message(word):
    assert sms_keyword(word) == "opt_out"
    assert detect_optout(word, "sms").blacklist_risk == "high"


@pytest.mark.parametrize("word", ["START", "Start!", "unstop", "Yes", "sí", "ALTA", "start please", "opt in"])
def test_it_takes_opt_in_keywords_only_from_messages(word):
    assert detect_optout(word, "sms").kind == "opt_in_keyword"
    assert detect_optout(word, "voice").kind == "none"


def test_case_accents_apostrophes_and_punctuation_change_nothing():
    missed = []
    for text in DEMANDS:
        bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
        variants = (
            text.replace("'", "’"),
            text.replace("'", ""),
            f"{text}!!!",
            f"  «{text}» ",
            *((text.upper(), bare) if text not in NAMED else ()),
        )
        missed += [variant for variant in variants if not detect_optout(variant).stop_calling]
    assert missed == []


@pytest.mark.parametrize(
    "demand", ["stop calling me", "take me off your list", "no me llame más", "bórreme de su lista"]
)
def test_a_lookalike_never_hides_the_demand_after_it(demand):
    assert [text for text in LOOKALIKES if not detect_optout(f"{text}. {demand}").stop_calling] == []


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text):
    found = detect_optout(text, "sms")
    assert found.stop_calling == (found.blacklist_risk is not None)


@pytest.mark.parametrize(
    "piece", ["a", "dont ", "stop ", "no me llame ", "no ", "the of your ", "don't ", "wrong ", "; ", "ññ"]
)
def test_hostile_length_is_read_in_linear_time(piece):
    # 100 kB; an exponential or cubic pattern would not come back at all
    detect_optout(piece * (100_000 // len(piece)))


def test_the_command_answers_each_line_and_names_what_is_wrong():
    lines = [{"channel": "sms", "language": "en", "text": "STOP"}, {"channel": "fax", "text": "x"}]
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command(
            "detect_optout", stdin=io.BytesIO("\n".join(map(json.dumps, lines)).encode()), stdout=out
        )
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first == {"stop_calling": True, "kind": "opt_out", "blacklist_risk": "high"}
    assert "fax" in second["error"]


@pytest.mark.parametrize(
    "text",
    [
        "no, no quiero que dejen de llamarme",
        "No. No, no quiero que dejen de llamarme.",
        "estoy dado de baja en el trabajo, puedo ir cuando sea",
        "estoy dada de baja en mi trabajo, así que voy cualquier día",
        "está dado de baja por enfermedad",
    ],
)
def test_who_wants_to_be_called_or_is_off_work_demands_nothing(text):
    assert not detect_optout(text, "voice", "es").stop_calling


@pytest.mark.parametrize(
    "text",
    [
        "no, no quiero que me llamen",
        "no, no, no quiero que me vuelvan a llamar",
        "no, quiero que dejen de llamarme",
        "no, no, quiero que dejen de llamarme",
        "no, no quiero nada, dejen de llamarme",
        "estoy dado de baja en el trabajo, no me llamen más",
        "estoy dado de baja de su lista",
    ],
)
def test_a_demand_beside_such_words_is_heard(text):
    assert detect_optout(text, "voice", "es").stop_calling
