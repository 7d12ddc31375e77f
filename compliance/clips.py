"""Recorded calls as proof of consent: the room above has them, and registers what finds those of a contact."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from contacts.models import Contact

_POINT = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5})")


class Clip(NamedTuple):
    """A recorded call with the contact's number. at: when its recording begins. url: of its page, whole."""

    code: str
    at: datetime
    length: timedelta
    inbound: bool
    url: str


_recorded: Callable[[Contact], list[Clip]]


def register(recorded: Callable[[Contact], list[Clip]]) -> None:
    """recorded(contact): its recorded calls, the newest first, a bounded number of them."""
    global _recorded
    _recorded = recorded


def recorded(contact: Contact) -> list[Clip]:
    return _recorded(contact)


def point_in(text: str) -> timedelta | None:
    """How far into a recording "42", "1:23" or "1:02:03" is; None for what is none of these."""
    match = _POINT.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def written(point: timedelta) -> str:
    """A point of a recording as players show it: 0:42, 1:02:03."""
    minutes, seconds = divmod(int(point.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
