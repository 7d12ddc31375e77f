"""Where a phone number is: country, kind, and every time zone its owner may be in.

The calling window must hold in all zones of a number, so a zone too many costs an hour of the day and a
zone too few breaks the law. The library's answer alone has too few in North America (it falls back to one
zone of an area code that spans two), hence the union below. No Django here.
"""

import tomllib
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers
import pytz
import tzdata  # type: ignore[import-untyped]
from phonenumbers import PhoneNumberType
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number
from phonenumbers.tzdata import TIMEZONE_DATA

from compliance.places import INVALID_NUMBER, NORTH_AMERICAN, TYPE_NOT_CALLABLE, NumberPlace, zone_named

# Kinds that tell nothing about where a person is, or that cost the callee money.
NOT_CALLABLE_TYPES = frozenset({
    PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER, PhoneNumberType.PAGER, PhoneNumberType.UAN, PhoneNumberType.VOICEMAIL,
})  # fmt: skip

# What phonenumbers says of numbers of the world (+800, +870 ...): no country, so no zone either.
NON_GEOGRAPHIC_REGION = phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY

# Kinds whose area code says where they are, in North America.
AREA_CODE_TYPES = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE})

OVERLAYS_FILE = Path(__file__).parent / "overlays.toml"

# The first tz release that knows the clocks of British Columbia, Alberta and Manitoba in winter 2026.
OLDEST_TZDATA = "2026f"

KINDS = {value: PhoneNumberType.to_string(value).lower() for value in PhoneNumberType.values()}
AREA_CODE_KINDS = {KINDS[type_] for type_ in AREA_CODE_TYPES}


class WrongTimeZoneDataError(RuntimeError):
    """The clocks in use are not the pinned ones, so calls would be placed at wrong local hours."""


def check_tzdata() -> None:
    """Raise WrongTimeZoneDataError unless the pinned tz data are installed and in use.

    Python prefers the machine's own files to the tzdata package, and those may be years old: since 2026
    British Columbia keeps UTC-7 in winter, and a machine that does not know it dials at 20:30 believing
    19:30.
    """
    mend = (
        f"Nothing was dialled. Install the pinned requirements (tzdata {OLDEST_TZDATA} or newer) and start "
        "with PYTHONTZPATH= (empty), so that the machine's own files are not read."
    )
    if tzdata.IANA_VERSION < OLDEST_TZDATA:
        raise WrongTimeZoneDataError(
            f"The installed time zone data are of release {tzdata.IANA_VERSION}. {mend}"
        )
    vancouver = datetime(2026, 12, 1, tzinfo=UTC).astimezone(ZoneInfo("America/Vancouver"))
    if vancouver.utcoffset() != timedelta(hours=-7):
        raise WrongTimeZoneDataError(
            "The machine's own time zone files are in use, and they are old: they put Vancouver at "
            f"{vancouver:%z} on 1 December 2026 instead of -0700. {mend}"
        )


def place_of(number: str, default_region: str | None = None, known_zone: str | None = None) -> NumberPlace:
    """Where `number` is. `default_region` (ISO 3166) reads numbers written without their country code.

    known_zone: where the person is known to be; added to the zones of the number, never put in their stead.
    Raises ValueError when known_zone is no IANA name.
    """
    if known_zone is not None:
        zone_named(known_zone)
    parsed = _parsed(number, default_region)
    if parsed is None:
        return NumberPlace(number, None, "unknown", (), INVALID_NUMBER)
    type_ = phonenumbers.number_type(parsed)
    if type_ == PhoneNumberType.UNKNOWN:
        return NumberPlace(number, None, "unknown", (), INVALID_NUMBER)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    region = phonenumbers.region_code_for_number(parsed)
    kind = KINDS[type_]
    if type_ in NOT_CALLABLE_TYPES or region in (None, NON_GEOGRAPHIC_REGION):
        return NumberPlace(e164, region, kind, (), TYPE_NOT_CALLABLE)
    zones = _zones_of(parsed, type_, e164, region)
    if known_zone is not None and known_zone not in zones:
        zones = tuple(sorted((*zones, known_zone)))
    return NumberPlace(e164, region, kind, zones, None if zones else TYPE_NOT_CALLABLE)


def _parsed(number: str, default_region: str | None) -> phonenumbers.PhoneNumber | None:
    if NORTH_AMERICAN.fullmatch(number):
        # Nothing is left to parse, and parsing is a third of the cost of a decision from text.
        return phonenumbers.PhoneNumber(country_code=1, national_number=int(number[2:]))
    try:
        return phonenumbers.parse(number, default_region)
    except phonenumbers.NumberParseException:
        return None


def _zones_of(parsed: phonenumbers.PhoneNumber, type_: int, e164: str, region: str) -> tuple[str, ...]:
    if parsed.country_code == 1:
        # The library gives all 42 zones of +1 to kinds it calls non-geographic (mobiles of Jamaica,
        # Bermuda, Samoa; 600) and to area codes it does not know. Their country's zones hold instead.
        return zones_of_area(e164, KINDS[type_]) or _country_zones(region)
    zones = time_zones_for_number(parsed)
    if UNKNOWN_TIMEZONE in zones:
        return _country_zones(region)
    return tuple(sorted(zones))


def zones_of_area(e164: str, kind: str) -> tuple[str, ...]:
    """Every zone of the area code of a North American number of a kind that has one; nothing for any other."""
    is_of_area = e164.startswith("+1") and kind in AREA_CODE_KINDS
    return area_code_zones().get(e164[2:5], ()) if is_of_area else ()


@cache
def _country_zones(region: str) -> tuple[str, ...]:
    return tuple(sorted(pytz.country_timezones.get(region, ())))


@cache
def overlays() -> tuple[tuple[str, ...], ...]:
    """Groups of North American area codes that share one area."""
    groups = tomllib.loads(OVERLAYS_FILE.read_text())["groups"]
    return tuple(tuple(str(code) for code in group) for group in groups)


@cache
def area_code_zones() -> dict[str, tuple[str, ...]]:
    """North American area code -> every zone found anywhere under it or under an area code laid over it."""
    zones: dict[str, set[str]] = defaultdict(set)
    for prefix, names in TIMEZONE_DATA.items():
        if prefix.startswith("1") and len(prefix) >= 4:
            zones[prefix[1:4]].update(names)
    for group in overlays():
        together = set().union(*(zones[code] for code in group))
        for code in group:
            zones[code] = together
    return {code: tuple(sorted(names)) for code, names in zones.items()}
