"""What a call led to; reference Monday 2 March 2026, 10:00 in Denver (the clocks change on the 8th)."""

import io
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from voiceagents.understanding.followup import Turn, detect_followup

pytestmark = pytest.mark.once

DENVER = ZoneInfo("America/Denver")
REFERENCE = datetime(2026, 3, 2, 10, 0, tzinfo=DENVER)


def conclude(*turns, status="completed", region="US", language="en"):
    transcript = [Turn("agent" if turn[0] == "a" else "contact", turn[2:].strip()) for turn in turns]
    return detect_followup(transcript, status, REFERENCE, DENVER, language, region)


def start(found):
    return found.when.start.isoformat()[5:16]


def test_another_persons_number_is_called_tomorrow_morning():
    found = conclude(
        "c:I'm not the one who decides. Talk to María, our sales director, at 675 412 661", region="ES"
    )
    assert (found.alternative_number, found.alternative_name, found.alternative_role) == (
        "+34675412661",
        "María",
        "sales director",
    )
    assert (start(found), found.when.end.hour, found.confidence) == ("03-03T09:00", 12, "high")
    assert not found.blacklist


@pytest.mark.parametrize("status", ["voicemail", "busy", "no_answer"])
def test_an_unreached_contact_is_retried_once_after_48_hours(status):
    found = conclude("c:You've reached 303 555 0142, call me tomorrow at 3, leave a message", status=status)
    assert (found.kind, start(found), found.confidence, found.outcome) == (
        "retry",
        "03-04T10:00",
        "low",
        "busy_voicemail",
    )
    assert found.alternative_number is None


@pytest.mark.parametrize(
    ("turns", "outcome", "risk"),
    [
        (["c:Take me off your list"], "not_interested", "high"),
        (["c:call again and I'll sue"], "not_interested", "high"),
        (["c:Wrong number"], "other", "medium"),
        (["c:I'm not interested"], "not_interested", None),
        (["a:Can I call you tomorrow at 10?", "c:No, I'm not interested"], "not_interested", None),
        (
            ["a:Would Tuesday at 3 work for a meeting?", "c:Yes, perfect", "a:Great, booked."],
            "meeting_scheduled",
            None,
        ),
        (["a:Hello, this is Parley"], "other", None),
        ([], "other", None),
        (["a:Shall I call you on Friday?"], "other", None),
        (["c:I'll call you back when I'm ready"], "other", None),
    ],
)
def test_it_schedules_nothing(turns, outcome, risk):
    found = conclude(*turns)
    assert (found.follow_up, found.kind, found.when) == (False, None, None)
    assert (found.outcome, found.blacklist, found.blacklist_risk) == (outcome, risk is not None, risk)


def test_nine_is_an_hour_where_one_was_asked_for_and_else_the_key_that_stops_calls():
    found = conclude("a:I can call you tomorrow. What time works for you?", "c:Nine.")
    assert (found.follow_up, found.blacklist, found.when.start.hour) == (True, False, 9)
    found = conclude('a:To stop our calls, say "stop calling" or press 9 at any time.', "c:Nine.")
    assert (found.follow_up, found.blacklist_risk) == (False, "medium")


def test_a_failed_call_leads_to_nothing():
    assert not conclude("c:call me tomorrow", status="failed").follow_up


def test_the_command_answers_the_contract():
    line = {
        "language": "en", "default_region": "US", "call_status": "completed",
        "reference": {"at": "2026-03-02T10:00:00-07:00", "timezone": "America/Denver"},
        "transcript": [
            {"speaker": "agent", "text": "..."},
            {"speaker": "contact", "text": "Ring me on Thursday at 4pm"},
        ],
    }  # fmt: skip
    out = io.StringIO()
    call_command("detect_followup", stdin=io.BytesIO(json.dumps(line).encode()), stdout=out)
    assert json.loads(out.getvalue()) == {
        "follow_up": True, "kind": "followup", "when": {"type": "exact", "at": "2026-03-05T16:00:00-07:00"},
        "confidence": "high", "reason": "Contact asked to be called Thursday at 4pm",
        "alternative_number": None, "alternative_name": None, "alternative_role": None,
        "blacklist": {"add": False, "risk": None}, "outcome": "busy",
    }  # fmt: skip
