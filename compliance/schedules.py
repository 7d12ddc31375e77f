"""Reading a calling schedule written as JSON, which can only narrow the legal hours. No Django here."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from compliance.places import zone_named
from compliance.windows import CONTACT, WeeklyHours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


def parse_schedule(schedule: Any) -> WeeklyHours:
    """Weekly hours from {"tz": "contact" or a zone, "days": {"mon": [["09:00", "18:00"]]}, "holidays": [date]}.

    A day left out is closed; ends are exclusive, "24:00" is the end of the day; holidays are optional,
    local dates. Raises ValueError saying what is wrong and how to write it: a schedule half understood
    would call at wrong hours.
    """
    if not isinstance(schedule, Mapping):
        raise ValueError('A schedule is an object: {"tz": "contact", "days": {"mon": [["09:00", "18:00"]]}}.')
    zone = schedule.get("tz")
    if not isinstance(zone, str):
        raise ValueError('The schedule needs "tz": "contact" or an IANA zone such as "America/Denver".')
    if zone != CONTACT:
        zone_named(zone)
    days = schedule.get("days")
    if not isinstance(days, Mapping):
        raise ValueError(
            'The schedule needs "days": {"mon": [["09:00", "18:00"]], ...}; a day left out is closed.'
        )
    if unknown := [name for name in days if name not in DAYS]:
        raise ValueError(f"The schedule has no day {unknown[0]!r}: days are {', '.join(DAYS)}.")
    holidays = schedule.get("holidays")
    if holidays is None:
        holidays = []
    if not isinstance(holidays, list):
        raise ValueError('"holidays" is a list of dates such as "2026-12-25".')
    return WeeklyHours(
        zone,
        tuple(_spans(name, days.get(name, [])) for name in DAYS),
        frozenset(_holiday(day) for day in holidays),
    )


def schedule_json(hours: WeeklyHours) -> dict[str, Any]:
    """The JSON that parse_schedule reads back to the same hours."""
    return {
        "tz": hours.zone,
        "days": {
            name: [[_clock(start), _clock(end)] for start, end in spans]
            for name, spans in zip(DAYS, hours.days, strict=True)
            if spans
        },
        "holidays": sorted(day.isoformat() for day in hours.holidays),
    }


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{rest:02d}" if rest else "")


def _spans(name: str, spans: Any) -> tuple[tuple[int, int], ...]:
    if not isinstance(spans, list):
        raise ValueError(
            f'{name} is a list of hours such as [["09:00", "18:00"]]; an empty list is a closed day.'
        )
    read: list[tuple[int, int]] = []
    for span in spans:
        if not isinstance(span, list) or len(span) != 2:
            raise ValueError(f'{name}: {span!r} is not a pair of times such as ["09:00", "18:00"].')
        start, end = _seconds(name, span[0]), _seconds(name, span[1])
        if start >= end:
            raise ValueError(
                f"{name}: {span[0]}-{span[1]} ends before it begins. Write hours over midnight as one entry "
                'to "24:00" and one from "00:00" on the next day.'
            )
        read.append((start, end))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(read):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _seconds(name: str, clock: Any) -> int:
    match = CLOCK.fullmatch(clock) if isinstance(clock, str) else None
    if match:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        total = hours * 3600 + minutes * 60 + seconds
        if total <= 86400:
            return total
    raise ValueError(f'{name}: {clock!r} is not a time of day. Write "09:00", at most "24:00".')


def _holiday(day: Any) -> date:
    try:
        if isinstance(day, str) and len(day) == 10:
            return date.fromisoformat(day)
    except ValueError:
        pass
    raise ValueError(f'The holiday {day!r} is not a date. Write it as "2026-12-25".')
