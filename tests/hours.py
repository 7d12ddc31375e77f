"""How long from now on somebody may be called: calling hours are never bent for a test, so tests go where it is day."""

from datetime import datetime, timedelta

from compliance.packs.applying import packs_for
from compliance.windows import CALLING_HOURS, open_until
from compliance.zones import place_of

# Earlier than the rules close, so that what begins now is over before.
SPARE = timedelta(minutes=10)


def left(country: str, phone: str, at: datetime) -> timedelta:
    """What is left of the calling hours of `phone` at `at`, by the rule and by every pack; 0 when they are closed."""
    place = place_of(phone, country)
    hours = (CALLING_HOURS, *(pack.hours for pack in packs_for(country, place)))
    ends = [open_until(place.zones, at, each) for each in hours]
    if None in ends:
        return timedelta(0)
    return max(min(end for end in ends if end) - at - SPARE, timedelta(0))
