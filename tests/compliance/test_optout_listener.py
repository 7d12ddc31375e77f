"""The listener that weighs a whole text, beside the rules that look for phrases."""

import pytest

from compliance.optout import OptOut, detect_optout, fold
from compliance.optout_learning import Learner
from compliance.optout_listener import features, heard, may_stop

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


def test_a_phrase_out_of_its_sense_is_no_demand_and_the_plainest_words_always_are_one():
    assert detect_optout("they told me you'd call and nobody called") == OptOut(False, "none")
    assert detect_optout("nah fam quit ringing me its weird").stop_calling
    assert detect_optout("sounds good and i love it and how much is it but stop calling me").stop_calling


def test_it_stays_silent_where_nothing_speaks_against_contact():
    assert not may_stop(words("give me a couple of days and we'll see"))
    assert may_stop(words("don't ring"))


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
