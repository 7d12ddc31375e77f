"""When local clocks allow a call: the 08:00-20:00 rule, weekly hours, local days. No Django here.

Everything is computed on stretches of time in which a zone's offset does not change, so that the hour that
a clock-change repeats or skips, half-hour zones and zones across the date line need no case of their own.
Instants are aware UTC datetimes; a span is a pair of them, start inclusive and end exclusive.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from compliance.places import zone_named

Span = tuple[datetime, datetime]

DAY = timedelta(days=1)
# Beyond this an opening counts as never. More than a year, because two zones twelve hours apart may share
# an hour in one season only.
HORIZON = timedelta(days=400)
CONTACT = "contact"


@dataclass(frozen=True)
class WeeklyHours:
    """Hours of a week on local clocks.

    zone: an IANA name, or "contact" for the zones of the person called, in all of which the hours must then
    hold. days: seven tuples, Monday first, of (start, end) in seconds after local midnight, sorted, apart
    from each other; 86400 is the end of the day. holidays: local dates on which nothing is open.
    """

    zone: str
    days: tuple[tuple[tuple[int, int], ...], ...]
    holidays: frozenset[date] = frozenset()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # A cache key in every decision: hashed once.
        object.__setattr__(self, "_hash", hash((self.zone, self.days, self.holidays)))

    def __hash__(self) -> int:
        return self._hash

    def on(self, day: date) -> tuple[tuple[int, int], ...]:
        return () if day in self.holidays else self.days[day.weekday()]


# The product rule: 08:00 to 20:00, 20:00:00 itself closed, every day, in every possible zone of the number.
CALLING_HOURS = WeeklyHours(CONTACT, (((8 * 3600, 20 * 3600),),) * 7)


def open_at(zones: Sequence[str], at: datetime, hours: WeeklyHours = CALLING_HOURS) -> bool:
    """Whether `hours` hold at `at` in all of `zones`. Without a zone nothing is open."""
    at = at.astimezone(UTC)
    return any(start <= at < end for start, end in _open_spans(hours, tuple(zones), at.toordinal()))


def next_open(zones: Sequence[str], at: datetime, hours: WeeklyHours = CALLING_HOURS) -> datetime | None:
    """The earliest instant from `at` on when `hours` hold in all `zones`; None when not within HORIZON."""
    at = at.astimezone(UTC)
    zones = tuple(zones)
    today = at.toordinal()
    for ordinal in range(today, today + HORIZON.days + 1):
        for start, end in _open_spans(hours, zones, ordinal):
            if at < end:
                return max(at, start)
    return None


def open_until(zones: Sequence[str], at: datetime, hours: WeeklyHours = CALLING_HOURS) -> datetime | None:
    """When hours that hold at `at` cease to hold, at most HORIZON later; None when they do not."""
    at = at.astimezone(UTC)
    zones = tuple(zones)
    end = at
    while end < at + HORIZON:
        later = next((e for s, e in _open_spans(hours, zones, end.toordinal()) if s <= end < e), None)
        if later is None:
            return None if end == at else end
        end = later
    return at + HORIZON


def local_day(zone: str, at: datetime) -> Span:
    """The calendar day of `zone` in which `at` lies: 23 or 25 hours when the clock changes."""
    at = at.astimezone(UTC)
    for start, end in pairwise(_midnights(zone, at.toordinal())):
        if at < end:
            return start, end
    raise AssertionError(f"{at} lies in no day of {zone}")  # A zone's offset is always less than a day.


@lru_cache(maxsize=8192)
def _midnights(zone: str, ordinal: int) -> tuple[datetime, ...]:
    """The four local midnights around a UTC day. One that the clock skips is the instant of the skip."""
    clock = zone_named(zone)
    return tuple(
        datetime.combine(date.fromordinal(day), time(), clock).astimezone(UTC)
        for day in range(ordinal - 1, ordinal + 3)
    )


@lru_cache(maxsize=16384)
def _open_spans(hours: WeeklyHours, zones: tuple[str, ...], ordinal: int) -> tuple[Span, ...]:
    """The spans of a UTC day (proleptic ordinal) in which `hours` hold everywhere they must, in order."""
    if hours.zone != CONTACT:
        zones = (hours.zone,)
    if not zones:
        return ()
    day = datetime.combine(date.fromordinal(ordinal), time(), UTC)
    joint: list[Span] = [(day, day + DAY)]
    for zone in zones:
        joint = _intersection(joint, list(_spans_in(hours, zone, day)))
        if not joint:
            break
    return tuple(joint)


def _spans_in(hours: WeeklyHours, zone: str, day: datetime) -> Iterable[Span]:
    for start, end, offset in _offsets(zone, day):
        # Local wall clocks, kept as datetimes labelled UTC so that plain arithmetic is right on them.
        wall_start, wall_end = start + offset, end + offset
        midnight = wall_start.replace(hour=0, minute=0, second=0, microsecond=0)
        while midnight < wall_end:
            for opens, closes in hours.on(midnight.date()):
                from_ = max(wall_start, midnight + timedelta(seconds=opens))
                to = min(wall_end, midnight + timedelta(seconds=closes))
                if from_ < to:
                    yield from_ - offset, to - offset
            midnight += DAY


@lru_cache(maxsize=8192)
def _offsets(zone: str, day: datetime) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """The UTC day from `day`, cut where the zone's offset changes: (start, end, offset)."""
    clock = zone_named(zone)

    def offset(at: datetime) -> timedelta:
        return at.astimezone(clock).utcoffset() or timedelta(0)

    def cut(start: datetime, end: datetime) -> list[tuple[datetime, datetime, timedelta]]:
        """Halve until each piece keeps one offset: a zone changes on whole seconds, once a day at most."""
        first, last = offset(start), offset(end - timedelta(seconds=1))
        if first == last:
            return [(start, end, first)]
        middle = start + timedelta(seconds=(end - start) // timedelta(seconds=2))
        return [*cut(start, middle), *cut(middle, end)]

    pieces: list[tuple[datetime, datetime, timedelta]] = []
    for piece in cut(day, day + DAY):
        if pieces and pieces[-1][2] == piece[2]:
            pieces[-1] = (pieces[-1][0], piece[1], piece[2])
        else:
            pieces.append(piece)
    return tuple(pieces)


def _intersection(left: list[Span], right: list[Span]) -> list[Span]:
    both = [(max(a, c), min(b, d)) for a, b in left for c, d in right]
    return sorted(span for span in both if span[0] < span[1])
