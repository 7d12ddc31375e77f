"""When a batch would start, by the limits of the rules. No Django here."""

from collections.abc import Sequence
from datetime import UTC, datetime

from compliance.rules import LOCATION_DAILY_LIMIT, SPACING
from compliance.windows import local_day, next_open, open_until


def forecast_starts(
    queued_at: datetime, calls: int, location_zone: str, contact_zones: Sequence[str]
) -> list[datetime]:
    """The starts, in UTC, of `calls` calls to different numbers from a location that has dialled nothing yet.

    All other checks are taken to pass: calling hours in all contact_zones, the spacing between starts and the
    location's calendar day decide. Raises ValueError when the zones share no calling hour.
    """
    starts: list[datetime] = []
    at = queued_at.astimezone(UTC)
    day, dialled = None, 0
    while len(starts) < calls:
        opens = next_open(contact_zones, at)
        closes = None if opens is None else open_until(contact_zones, opens)
        if opens is None or closes is None:
            raise ValueError(f"{', '.join(contact_zones)} share no calling hour: the calls can never start.")
        at = opens
        today = local_day(location_zone, at)
        if today != day:
            day, dialled = today, 0
        if dialled == LOCATION_DAILY_LIMIT:
            at = today[1]
            continue
        room = -((at - min(today[1], closes)) // SPACING)  # Rounded up: only the end itself is closed.
        fits = min(calls - len(starts), LOCATION_DAILY_LIMIT - dialled, room)
        starts.extend(at + SPACING * n for n in range(fits))
        dialled += fits
        at += SPACING * fits
    return starts
