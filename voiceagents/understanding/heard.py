"""What was said about time, before it is laid on the calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo


class Clock(NamedTuple):
    """ "after 5" is ("after", 5, 0, True): `bare` says that the half of the day is still open."""

    how: Literal["at", "after", "before"]
    hour: int
    minute: int
    bare: bool


@dataclass(slots=True)
class Heard:
    """A day (exact or vague), a time of day (clock, span or part) or a delay; all empty when nothing was said.

    `span` is in minutes of the day; `part` is a key of `dayparts.PARTS`; `days_on` is set when the day was
    counted ("in two weeks"), `window` when it is any of several days ("the weekend"); `today` when today was
    named; `later` when only an open delay was ("some other time").
    """

    day: date | None = None
    day_vague: bool = False
    clock: Clock | None = None
    span: tuple[int, int] | None = None
    part: str | None = None
    delay: timedelta | None = None
    days_on: int | None = None
    window: tuple[date, date] | None = None
    later: bool = False
    zone: ZoneInfo | None = None
    today: bool = False

    @property
    def has_time(self) -> bool:
        return bool(self.clock or self.span or self.part)

    @property
    def has_day(self) -> bool:
        return self.day is not None

    @property
    def empty(self) -> bool:
        return not (self.has_time or self.has_day or self.delay or self.later)

    def set_day(self, day: date, vague: bool = False) -> None:
        self.day, self.day_vague = day, vague
        self.days_on = self.window = self.delay = None
        self.today = False

    def set_days_on(self, day: date, today: date, vague: bool = False) -> None:
        """A day that was counted from today: it keeps the time of day of the call."""
        self.set_day(day, vague)
        self.days_on = (day - today).days

    def set_window(self, first: date, last: date) -> None:
        self.set_day(first, vague=True)
        self.window = (first, last)

    def set_delay(self, delay: timedelta) -> None:
        self.delay = delay
        self.day = self.days_on = self.window = self.clock = self.span = None

    def take_day_of(self, other: Heard) -> None:
        self.day, self.day_vague, self.days_on = other.day, other.day_vague, other.days_on
        self.window, self.today = other.window, other.today

    def take_time_of(self, other: Heard) -> None:
        self.clock, self.span, self.part, self.zone = other.clock, other.span, other.part, other.zone

    def take(self, new: Heard) -> None:
        """The later word replaces the earlier of its kind: "Friday at 3" then "no, Monday" is Monday at 3."""
        if new.delay is not None or (new.later and not self.has_day and not self.has_time):
            for field in fields(Heard):
                setattr(self, field.name, getattr(new, field.name))
            return
        if new.has_day:
            self.take_day_of(new)
            self.delay, self.later = None, False
        if new.has_time:
            if new.part or new.clock is None or not new.clock.bare:
                self.part = new.part
            self.clock, self.span, self.delay, self.later = new.clock, new.span, None, False
        self.zone = new.zone or self.zone


class Mention(NamedTuple):
    """One place in the text that names a day ("weekday", "tomorrow", ...), a delay or a time of day."""

    start: int
    end: int
    kind: str
    match: re.Match[str]


class Scene(NamedTuple):
    """What a mention is read against: the day of the call, its language and the ISO country, if known."""

    today: date
    language: str
    region: str | None
