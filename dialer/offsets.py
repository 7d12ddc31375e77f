"""How far zones are from UTC over a span of time, so that a database can write local times by the pinned tz data."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


class Period(NamedTuple):
    """From `since` up to `until` the zone is `offset` from UTC, which ISO 8601 writes as `text` ("-07:00")."""

    since: datetime
    until: datetime
    offset: timedelta
    text: str


def periods(zone: str, first: datetime, last: datetime) -> list[Period]:
    """The zone's periods in order; the first one begins at `first`, the last one ends after `last`."""
    changes = [at for year in range(first.year, last.year + 1) for at in _changes(zone, year)]
    bounds = [first, *(at for at in changes if first < at <= last), last + _DAY]
    return [Period(since, until, *offset(zone, since)) for since, until in pairwise(bounds)]


def offset(zone: str, at: datetime) -> tuple[timedelta, str]:
    """`offset` and `text` of the Period of an instant."""
    local = at.astimezone(ZoneInfo(zone))
    return local.utcoffset() or timedelta(), local.isoformat(timespec="seconds")[19:]


@lru_cache(maxsize=4096)
def _changes(zone: str, year: int) -> list[datetime]:
    """The instants of a UTC year at which the offset changes, to the second; none changes and changes back in a day."""
    clock = ZoneInfo(zone)

    def offset(at: datetime) -> timedelta | None:
        return at.astimezone(clock).utcoffset()

    found = []
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        low, high = day, day + _DAY
        if offset(low) != offset(high):
            while (seconds := int((high - low).total_seconds())) > 1:
                middle = low + timedelta(seconds=seconds // 2)
                low, high = (middle, high) if offset(middle) == offset(day) else (low, middle)
            found.append(high)
        day += _DAY
    return found
