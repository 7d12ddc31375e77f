"""What ordinary people say on the phone and write in messages, answered by exact kind and risk.

A file's sections are `[kind]` or `[sms kind]`; `doubtful` may be of either risk and `quiet` of any kind that lets us
call again, where two readings are fair.
"""

from pathlib import Path

import pytest

from compliance.optout import detect_optout

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
# A section's kinds and risks; a number that is refused beside a demand may be filed under either.
STOPPING: dict[str, tuple[set[str], set[str | None]]] = {
    "opt_out": ({"opt_out"}, {"high"}),
    "opt_out_legal": ({"opt_out"}, {"high"}),
    "doubtful": ({"opt_out"}, {"high", "medium"}),
    "wrong_number": ({"wrong_number"}, {"medium"}),
    "number_refused": ({"number_preference", "opt_out"}, {"high", "medium"}),
}
QUIET = {"not_interested", "time_preference", "number_preference", "none"}


@pytest.mark.parametrize("path", sorted(HERE.glob("optout_kinds_*.txt")), ids=lambda path: path.stem)
def test_it_answers_ordinary_speech_and_messages_by_kind_and_risk(path):
    language = "es" if "_es" in path.stem else "en"
    channel, section, wrong = "voice", "none", []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            words = line.strip("[]").split()
            channel, section = "sms" if words[0] == "sms" else "voice", words[-1]
            continue
        found = detect_optout(line, channel, language)
        quiet = QUIET if section == "quiet" else {section}
        kinds, risks = STOPPING.get(section, (quiet, {None}))
        if (
            found.stop_calling != (section in STOPPING)
            or found.kind not in kinds
            or found.blacklist_risk not in risks
        ):
            wrong.append((section, line, found))
    assert wrong == []
