"""Phrase sets that were written before any rule had seen them, by kind.

A file's sections are `[kind]` or `[sms kind]`, the kinds those of `SECTIONS`.
"""

from pathlib import Path

import pytest

from compliance.optout import detect_optout

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
# What a section's phrases must be answered with: may the number still be called, and which kinds will do.
# A caller who denies being the person and demands a stop in one breath may be filed under either.
FIRING = {"opt_out", "wrong_number", "number_preference"}
QUIET = {"not_interested", "time_preference", "number_preference", "none"}
SECTIONS: dict[str, tuple[bool, set[str]]] = {
    "opt_out": (True, FIRING),
    "doubtful": (True, FIRING),
    "wrong_number": (True, {"wrong_number", "opt_out"}),
    "number_refused": (True, {"number_preference", "opt_out"}),
    "not_interested": (False, {"not_interested", "none"}),
    "time_preference": (False, {"time_preference", "number_preference", "none"}),
    "number_preference": (False, {"number_preference", "time_preference", "none"}),
    "none": (False, QUIET),
}


def phrases(path: Path) -> list[tuple[str, str, str]]:
    """(channel, section, phrase) of a file whose sections begin with a line `[name]`."""
    found, channel, section = [], "voice", ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            words = line.strip("[]").split()
            channel, section = "sms" if words[0] == "sms" else "voice", words[-1]
        elif line:
            found.append((channel, section, line))
    return found


@pytest.mark.parametrize("path", sorted(HERE.glob("optout_phrases_*.txt")), ids=lambda path: path.stem)
def test_it_answers_every_phrase_of_the_sets(path):
    language = "es" if "_es" in path.stem else "en"
    wrong = []
    for channel, section, phrase in phrases(path):
        found = detect_optout(phrase, channel, language)
        stop, kinds = SECTIONS[section]
        if found.stop_calling != stop or found.kind not in kinds:
            wrong.append((section, phrase, found))
    assert wrong == []
