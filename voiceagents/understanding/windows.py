"""From what was heard to an instant or a window on the calendar, and from there to words.

What is answered lies in the future and within 180 days. A day without a time is 09:00-18:00 of that day; a delay of
days keeps the time of day; "later" is 24 hours; a time already gone by is tomorrow's when no day was said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from voiceagents.understanding.clocks import bare_hour
from voiceagents.understanding.dayparts import PARTS
from voiceagents.understanding.heard import Heard

HORIZON = timedelta(days=180)
LATER = timedelta(hours=24)
DAY_STARTS, DAY_ENDS = 9 * 60, 18 * 60
NOON = 12 * 60


@dataclass(frozen=True, slots=True)
class When:
    """An instant (`end` is None) or a window, in the reference's zone. `precise`: a day or a time was really said,
    not only "later" or "next week". `has_day` and `has_time` tell which; `phrase` says it in English."""

    start: datetime
    end: datetime | None
    precise: bool
    has_day: bool
    has_time: bool
    phrase: str


def zone_of(reference: datetime) -> ZoneInfo:
    """The reference's zone. Raises ValueError when it only has an offset."""
    if not isinstance(reference.tzinfo, ZoneInfo):
        raise ValueError("The reference needs a zoneinfo zone, or tomorrow has no hour.")
    return reference.tzinfo


def wall(day: date, minutes: float, zone: ZoneInfo) -> datetime:
    """The instant when the zone's clocks show so many minutes of the day; one that a clock change skips moves
    past the gap."""
    days, minute = divmod(int(minutes), 24 * 60)
    at = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60), tzinfo=zone)
    return at.astimezone(UTC).astimezone(zone)


def elapsed(reference: datetime, delay: timedelta) -> datetime:
    """So much real time on, whatever the clocks do in between."""
    return (reference.astimezone(UTC) + delay).astimezone(reference.tzinfo)


def too_far(heard: Heard, reference: datetime) -> bool:
    """Whether a time was understood that lies more than 180 days away."""
    if heard.delay is not None:
        return heard.delay > HORIZON
    return heard.day is not None and heard.day > (reference + HORIZON).date()


def lay(heard: Heard, reference: datetime) -> When | None:
    """Lays what was heard on the calendar. None when nothing was said, or it is past or more than 180 days away."""
    zone = zone_of(reference)
    if heard.empty or too_far(heard, reference):
        return None
    if heard.delay is not None:
        at = elapsed(reference, heard.delay).replace(second=0, microsecond=0)
        return _checked(When(at, None, True, False, True, ""), reference, zone)
    if heard.later and not heard.has_time and not heard.has_day:
        return _checked(When(elapsed(reference, LATER), None, False, False, False, "later"), reference, zone)
    # A zone that the caller named counts instead of the reference's, also for which day is today.
    now = reference.astimezone(heard.zone or zone)
    found = _of_the_day(heard, now) if heard.has_time else _whole_day(heard, now)
    return found and _checked(found, reference, zone)


def _whole_day(heard: Heard, now: datetime) -> When | None:
    own, precise = zone_of(now), not heard.day_vague
    assert heard.day is not None
    if heard.window is not None:
        first, last = heard.window
        return When(wall(first, DAY_STARTS, own), wall(last, DAY_ENDS, own), precise, True, False, "")
    if heard.days_on is not None:
        return When(wall(heard.day, now.hour * 60 + now.minute, own), None, precise, True, False, "")
    start, end = wall(heard.day, DAY_STARTS, own), wall(heard.day, DAY_ENDS, own)
    if start <= now < end:
        start = _next_minute(now)
    return When(start, end, precise, True, False, "") if now < start < end else None


def _of_the_day(heard: Heard, now: datetime) -> When | None:
    own, day = zone_of(now), heard.day or now.date()
    precise = True
    start, end = _hours(heard)
    shifts = [0]
    if heard.today and heard.clock and heard.clock.bare and start < NOON and end is None:
        shifts.append(NOON)  # "today at 9", said at ten: in the evening
    if not heard.has_day:
        shifts.append(24 * 60)
    for shift in shifts:
        begins = wall(day, start + shift, own)
        ends = None if end is None else wall(day, end + shift, own)
        if begins <= now and ends is not None and now < ends:
            if heard.part and not heard.clock and not heard.has_day:
                continue  # "in the morning", said in the morning: the next one
            begins = _next_minute(now)
            if heard.part == "later today" and not heard.clock:
                begins = min(begins + timedelta(hours=2), ends - timedelta(minutes=15))
        if begins > now and (ends is None or begins < ends):
            return When(begins, ends, precise, heard.has_day, True, "")
    return None


def _next_minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _hours(heard: Heard) -> tuple[int, int | None]:
    """First and last minute of the day; no last one for an exact time."""
    if heard.span is not None:
        return heard.span
    if heard.clock is None:
        assert heard.part is not None
        first, last = PARTS[heard.part]
        return int(first * 60), int(last * 60)
    at = _minute_of(heard)
    if heard.clock.how == "after":
        if at < NOON and heard.part in ("morning", "early morning"):
            closing = NOON
        else:
            closing = DAY_ENDS if at < 15 * 60 else 20 * 60
        return at, closing if closing > at else at + 60
    if heard.clock.how == "before":
        opening = DAY_STARTS if at > DAY_STARTS else 8 * 60
        if heard.part and PARTS[heard.part][0] * 60 < at:
            opening = int(PARTS[heard.part][0] * 60)
        return (opening, at) if opening < at else (max(0, at - 60), at)
    return at, None


def _minute_of(heard: Heard) -> int:
    """The clock's minute of the day; an open half follows the part of the day, else office hours."""
    assert heard.clock is not None
    hour = heard.clock.hour
    if heard.clock.bare:
        if heard.part is None or heard.part == "later today":
            hour = bare_hour(hour)
        elif PARTS[heard.part][0] >= 12 and hour < 12:
            hour += 12
    return hour * 60 + heard.clock.minute


def _checked(when: When, reference: datetime, zone: ZoneInfo) -> When | None:
    start = when.start.astimezone(zone)
    end = None if when.end is None else when.end.astimezone(zone)
    if start <= reference or (end is not None and end <= start) or (end or start) > reference + HORIZON:
        return None
    laid = replace(when, start=start, end=end)
    return replace(laid, phrase=when.phrase or describe(laid, reference))


def describe(when: When, reference: datetime) -> str:
    """The time in plain English: "Thursday at 4pm", "tomorrow between 9am and 12pm", "on 3 December at 10:30am"."""
    day = when.start.date()
    distance = (day - reference.date()).days
    if distance < 2:
        name = ("today", "tomorrow")[distance]
    elif distance < 7:
        name = f"{when.start:%A}"
    else:
        name = f"on {when.start:%A} {day.day} {when.start:%B}"
    if when.end is None:
        return f"{name} at {_hour(when.start)}" if when.has_time or not when.has_day else name
    if when.end.date() != day:
        return f"between {when.start:%A} {day.day} and {when.end:%A} {when.end.day} {when.end:%B}"
    return f"{name} between {_hour(when.start)} and {_hour(when.end)}" if when.has_time else name


def _hour(at: datetime) -> str:
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"
