"""The figures of the outbound dashboard: a range of local days in, counts out, in a fixed number of indexed queries.

Days are the location's own: their bounds are computed in Python on the pinned clock data, and the database only
compares instants, so that no server setting and no missing zone table can move a call to another day.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, Sum, Value, When

from accounts.models import Location
from compliance.words import Words, words_of
from dialer.filters import day_starts
from dialer.models import Call
from dialer.states import Disposition

# A longer custom range is refused: one page must stay cheap.
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Days:
    """Whole local days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=i) for i in range((self.last - self.first).days + 1)]

    def bounds(self, location: Location) -> list[datetime]:
        """The instants at which the days begin, and the one at which the last of them ends."""
        return [day_starts(location, day) for day in [*self.dates, self.last + timedelta(days=1)]]


@dataclass
class Day:
    """One local day: dialled calls by disposition ("" while in flight)."""

    date: date
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def attempted(self) -> int:
        return sum(self.counts.values())


@dataclass
class Figures:
    """What became of the calls of a range.

    attempted: every dial. talk_seconds: of connected calls. refused: rejected by a rule before dialling, which are
    no attempts; reasons: how often each rule said so, most frequent first (a call may have several).
    """

    days: list[Day]
    talk_seconds: int = 0
    refused: int = 0
    reasons: list[tuple[str, Words, int]] = field(default_factory=list)

    def count(self, disposition: Disposition) -> int:
        return sum(day.counts[disposition.value] for day in self.days)

    @property
    def attempted(self) -> int:
        return sum(day.attempted for day in self.days)

    @property
    def connected(self) -> int:
        return self.count(Disposition.CONNECTED)

    @property
    def voicemail(self) -> int:
        return self.count(Disposition.VOICEMAIL)

    @property
    def no_answer(self) -> int:
        return self.count(Disposition.NO_ANSWER)

    @property
    def failed(self) -> int:
        return self.count(Disposition.FAILED)

    @property
    def average_talk_seconds(self) -> int | None:
        return round(self.talk_seconds / self.connected) if self.connected else None


def figures(location: Location, days: Days, *, test: bool) -> Figures:
    """The figures of live calls, or of test calls; never of both. Two queries, each over one index range."""
    bounds = days.bounds(location)
    found = Figures([Day(day) for day in days.dates])
    dialled = (
        Call.objects.filter(
            location=location, started_at__gte=bounds[0], started_at__lt=bounds[-1], is_test=test
        )
        .order_by()
        .values_list(_day_of("started_at", bounds), "disposition")
        .annotate(count=Count("*"), talk=Sum("talk_seconds"))
    )
    for index, disposition, count, talk in dialled:
        found.days[index].counts[disposition] += count
        if disposition == Disposition.CONNECTED:
            found.talk_seconds += talk or 0
    refused = (
        Call.objects.filter(
            location=location,
            disposition=Disposition.REJECTED,
            ended_at__gte=bounds[0],
            ended_at__lt=bounds[-1],
            is_test=test,
        )
        .order_by()
        .values_list("reasons")
        .annotate(count=Count("*"))
    )
    reasons: Counter[str] = Counter()
    for codes, count in refused:
        found.refused += count
        for code in codes or ():
            reasons[code] += count
    found.reasons = [(code, words_of(code), count) for code, count in reasons.most_common()]
    return found


def _day_of(column: str, bounds: list[datetime]) -> Any:
    """The index of the day in which the instant lies: a search tree of comparisons, nine deep for a year."""

    def between(low: int, high: int) -> Any:
        if high - low == 1:
            return Value(low, output_field=IntegerField())
        middle = (low + high) // 2
        return Case(
            When(**{f"{column}__lt": bounds[middle]}, then=between(low, middle)),
            default=between(middle, high),
            output_field=IntegerField(),
        )

    return between(0, len(bounds) - 1)
