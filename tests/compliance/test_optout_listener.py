"""The listener that weighs a whole text, beside the rules that look for phrases."""

import json
from pathlib import Path

import pytest

from compliance.optout import OptOut, detect_optout, fold
from compliance.optout_learning import Learner, digest
from compliance.optout_listener import WEIGHTS, features, heard

pytestmark = pytest.mark.once


def words(text):
    return [word for word in fold(text).split() if word != ";"]


@pytest.mark.parametrize(
    "text",
    [
        "what i'd really like is for you folks to never ring here again",
        "my telephone is not to be rung by your lot anymore",
        "hop off my line",
        "mejor que su empresa ya no tenga mi teléfono para llamar",
    ],
)
def test_it_hears_a_demand_in_words_of_ones_own(text):
    assert heard(words(text))["stop"] > 0.75
    assert detect_optout(text).stop_calling


def test_a_demand_in_the_middle_of_a_long_ramble_is_heard():
    ramble = "i was in the garden with the roses and my grandson came over with a cake and we had some tea "
    assert detect_optout(
        ramble + "what i want is for you folks to never ring here again " + ramble
    ).stop_calling


def test_a_clause_of_its_own_is_heard_whatever_is_said_around_it():
    around = "the price was fine, my sister liked the blue one, {}, and the crew was so kind"
    assert detect_optout(around.format("hop off my line for good")).stop_calling
    assert not detect_optout(around.format("they came on a monday")).stop_calling


@pytest.mark.parametrize(
    "word", ["whatever", "phone", "Mike", "this", "persona", "solo", "details", "register"]
)
def test_one_word_that_no_rule_knows_is_an_answer_and_no_demand(word):
    assert not detect_optout(word).stop_calling


def test_a_phrase_out_of_its_sense_is_no_demand():
    assert detect_optout("they told me you'd call and nobody called") == OptOut(False, "none")
    assert not detect_optout("estoy hasta el cuello de trabajo pero lo escucho").stop_calling
    assert detect_optout("nah fam quit ringing me its weird").stop_calling
    assert detect_optout("sounds good and i love it and how much is it but stop calling me").stop_calling


def test_what_else_is_said_hides_no_demand():
    # The listener all but excludes the first of these as a whole; the demand in it stays one.
    assert detect_optout("i was removed from my insurance plan, can you help, stop cold calling").stop_calling
    assert detect_optout("no estoy de acuerdo con el precio. pierda mi contacto por favor").stop_calling


def test_the_weights_were_learned_from_the_tables_as_they_are():
    tests = Path(__file__).parents[1]
    tables = [*tests.glob("compliance/optout_*.txt"), *tests.glob("voiceagents/followups_*.txt")]
    learned_from = json.loads(WEIGHTS.read_text("utf-8"))["learned_from"]
    assert learned_from == digest(tables), "the tables or tags changed: run `make listener`"


@pytest.mark.parametrize(
    "text",
    [
        "uh, yeah, could you, um, stop calling me",
        "i don't, i don't want, uh, any more calls",
        "eh, mire, este, no, no me llame, eh, más",
        "kiten mi numero",
    ],
)
def test_fillers_stutters_and_sounds_written_down_hide_no_demand(text):
    assert detect_optout(text).blacklist_risk == "high"


def test_learning_tells_apart_what_the_examples_tell_apart():
    learner = Learner()
    for _ in range(30):
        learner.learn(["", *sorted(features(words("never ring here")))], True)
        learner.learn(["", *sorted(features(words("ring here tomorrow")))], False)
    assert learner.weight("NEG CALL") > 0 > learner.weight("TIME")
