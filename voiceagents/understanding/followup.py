"""What a call led to, concluded from its transcript without a model: follow-up or retry, when, whom, how sure.

The rules are the product's (docs guide "Follow-ups"): an explicit request with a day or time is sure (high), a request
or clear interest without one is medium, a hint or a mailbox is low. "Later" is 24 hours, "next week" 7 days, busy but
interested two to three days, a mailbox or a busy line one retry after 48 hours, another person's number tomorrow
morning. A time more than 180 days away is not scheduled: a person sees the request and sets the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from compliance.optout import OptOut
from voiceagents.understanding.people import Person
from voiceagents.understanding.reading import Reading, Turn, is_mailbox, read, strictest
from voiceagents.understanding.windows import LATER, When, describe, elapsed, lay, too_far, wall, zone_of

__all__ = ["CallStatus", "Confidence", "FollowUp", "Outcome", "Turn", "detect_followup"]

CallStatus = Literal["completed", "voicemail", "no_answer", "busy", "failed"]
Outcome = Literal["meeting_scheduled", "busy", "busy_voicemail", "not_interested", "other"]
Confidence = Literal["high", "medium", "low"]

RETRY_AFTER = timedelta(hours=48)
_UNREACHED = {
    "voicemail": "No answer, reached voicemail",
    "no_answer": "No one answered the call",
    "busy": "The line was busy",
}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """`kind` is None when nothing is to be scheduled. `when` comes before the calling rules move it; it is None with
    a follow-up that was asked for more than 180 days away. `confidence` of a negative answer says how sure it is."""

    follow_up: bool
    kind: Literal["followup", "retry"] | None
    when: When | None
    confidence: Confidence
    reason: str
    outcome: Outcome
    alternative_number: str | None = None
    alternative_name: str | None = None
    alternative_role: str | None = None
    blacklist: bool = False
    blacklist_risk: str | None = None


def detect_followup(
    transcript: Sequence[Turn],
    call_status: CallStatus,
    reference_at: datetime,
    zone: ZoneInfo,
    language: str = "en",
    default_region: str = "US",
) -> FollowUp:
    """Concludes from one call. `reference_at` is when it ended (aware); answers carry `zone`'s offset.

    `default_region` (ISO country) reads national phone numbers and the order of day and month.
    """
    reference = reference_at.astimezone(zone)
    if call_status == "failed":
        return _nothing("The call failed before anybody could be reached", "other", "low")
    texts = [turn.text for turn in transcript if turn.speaker == "contact" and turn.text.strip()]
    greeted = bool(texts) and all(is_mailbox(text) for text in texts)
    if call_status != "completed" or greeted:
        return _retry("voicemail" if greeted else call_status, reference, texts)
    if not texts:
        return _nothing("Contact said nothing before the call ended", "other", "low")
    return _conclude(read(transcript, reference.date(), language, default_region), reference)


def _conclude(reading: Reading, reference: datetime) -> FollowUp:
    optout = reading.optout
    if optout.kind == "opt_out":
        sure = optout.blacklist_risk == "high"
        reason = (
            "Contact explicitly asked not to be contacted" if sure else "Contact seems to want no more calls"
        )
        return _blocked(optout, reason, "not_interested")
    if reading.number is not None:
        return _referred(reading, reading.number, reference)
    if optout.stop_calling:
        wrong = optout.kind == "wrong_number"
        reason = "this is the wrong number" if wrong else "not to be called on this number"
        return _blocked(optout, f"Contact said {reason}" if wrong else f"Contact asked {reason}", "other")
    last = max(reading.meeting_at, reading.refused_at, reading.requested_at)
    if last >= 0 and last == reading.meeting_at:
        return _nothing("A meeting was scheduled during the call", "meeting_scheduled", "high")
    if last >= 0 and last == reading.refused_at:
        return _nothing("Contact said they are not interested", "not_interested", "high")
    if last >= 0:
        return _requested(reading, reference)
    return _unasked(reading, reference)


def _unasked(reading: Reading, reference: datetime) -> FollowUp:
    """Nobody asked for a call: interest and hints bring one in two to three days."""
    outcome: Outcome = "busy" if reading.busy else "other"
    if reading.self_calls:
        return _nothing("Contact will call back themselves", outcome, "low")
    if reading.interested:
        how = "but was busy" if reading.busy else "without naming a time"
        return _followup(_days_later(reference), "medium", f"Contact showed interest {how}", outcome)
    if reading.busy:
        return _followup(_days_later(reference), "low", "Contact was busy and named no other time", "busy")
    if reading.thinking:
        return _followup(_days_later(reference), "low", "Contact wants to think about it", "other")
    return _nothing("Nothing in the conversation asks for another call", "other", "low")


def _requested(reading: Reading, reference: datetime) -> FollowUp:
    found = _asked_for(reading, reference)
    person = reading.person
    if person is None or person.name is None:
        return found
    return replace(found, alternative_name=person.name, alternative_role=person.role)


def _asked_for(reading: Reading, reference: datetime) -> FollowUp:
    if too_far(reading.heard, reference):
        reason = "Contact asked to be called more than 180 days from now: set the day by hand"
        return _followup(None, "medium", reason, "busy")
    when = lay(reading.heard, reference)
    if when is None and reading.busy and reading.interested:
        return _followup(_days_later(reference), "medium", "Contact showed interest but was busy", "busy")
    if when is None:
        unnamed = reading.heard.empty
        how = "at another time" if unnamed else "at a time that has passed"
        later = When(elapsed(reference, LATER), None, False, False, False, "later")
        return _followup(
            later, "low" if reading.hedged else "medium", f"Contact asked to be called {how}", "busy"
        )
    confidence: Confidence
    if reading.indirect:
        return _followup(when, "low", f"Contact can be reached {when.phrase}", "busy")
    if when.precise:
        confidence = "high"
    else:
        confidence = "low" if reading.hedged and not reading.interested else "medium"
    phrase = "next week" if reading.heard.days_on == 7 and not when.precise else when.phrase
    asked = "showed interest and asked" if reading.interested else "asked"
    return _followup(when, confidence, f"Contact {asked} to be called {phrase}", "busy")


def _referred(reading: Reading, number: str, reference: datetime) -> FollowUp:
    person = reading.person or Person(None, None)
    when = lay(reading.heard, reference) or _tomorrow_morning(reference)
    whom = person.name or (f"the {person.role}" if person.role else "another number")
    # "That's not me, that's our bookkeeper Helen" is no wrong number: it leads to whoever decides.
    refuses = reading.optout.stop_calling and not (reading.optout.kind == "wrong_number" and person.role)
    if person.name and person.role:
        whom += f", {person.role},"
    return replace(
        _followup(when, "high", f"Contact asked to call {whom} at {number} {when.phrase}", "other"),
        alternative_number=number,
        alternative_name=person.name,
        alternative_role=person.role,
        blacklist=refuses,
        blacklist_risk=reading.optout.blacklist_risk if refuses else None,
    )


def _retry(status: CallStatus, reference: datetime, texts: list[str]) -> FollowUp:
    optout = strictest(texts)
    if (
        optout.kind == "opt_out" and optout.blacklist_risk == "high"
    ):  # a greeting is no request, unless it demands
        return _blocked(optout, "The greeting asks not to be contacted", "not_interested")
    when = When(elapsed(reference, RETRY_AFTER), None, False, False, False, "in 48 hours")
    return FollowUp(True, "retry", when, "low", _UNREACHED[status], "busy_voicemail")


def _followup(when: When | None, confidence: Confidence, reason: str, outcome: Outcome) -> FollowUp:
    return FollowUp(True, "followup", when, confidence, reason, outcome)


def _nothing(reason: str, outcome: Outcome, confidence: Confidence) -> FollowUp:
    return FollowUp(False, None, None, confidence, reason, outcome)


def _blocked(optout: OptOut, reason: str, outcome: Outcome) -> FollowUp:
    return replace(_nothing(reason, outcome, "high"), blacklist=True, blacklist_risk=optout.blacklist_risk)


def _days_later(reference: datetime) -> When:
    """Two to three days on, at the same time of day."""
    minute = reference.hour * 60 + reference.minute
    start, end = (
        wall(reference.date() + timedelta(days=days), minute, zone_of(reference)) for days in (2, 3)
    )
    return When(start, end, False, True, False, "in two to three days")


def _tomorrow_morning(reference: datetime) -> When:
    day = reference.date() + timedelta(days=1)
    start, end = (wall(day, hour * 60, zone_of(reference)) for hour in (9, 12))
    morning = When(start, end, False, True, True, "")
    return replace(morning, phrase=describe(morning, reference))
