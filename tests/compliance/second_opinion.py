"""The calling rules once more, written from the contract of the policy commands and its readings alone.

Slow and simple on purpose: a rule is a question about one instant, and the earliest instant at which all hold is looked
for among those at which any could begin to hold. It shares nothing with compliance, so that a mistake there cannot
hide here. Facts are the JSON of `decide`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
import pytz
from phonenumbers import PhoneNumberType as Kind
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.timezone import TIMEZONE_DATA, time_zones_for_number

Holds = Callable[[datetime], bool]

NEVER_CALLED = {
    Kind.TOLL_FREE, Kind.PREMIUM_RATE, Kind.SHARED_COST, Kind.PERSONAL_NUMBER, Kind.PAGER, Kind.UAN, Kind.VOICEMAIL,
}  # fmt: skip
LAID_OVER = (
    {"208", "986"}, {"541", "458"}, {"812", "930"}, {"270", "364"}, {"850", "448"},
    {"250", "236", "257", "672", "778"}, {"418", "581", "367"}, {"306", "474", "639"},
    {"407", "321", "689"}, {"709", "879"},
)  # fmt: skip
ONE_LAW = (
    {"US", "PR", "VI", "GU", "AS", "MP"},
    {"GB", "GG", "JE", "IM"},
    {"FR", "GP", "GF", "MQ", "RE", "YT"},
)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SIX_SECONDS, FORTNIGHT = timedelta(seconds=6), timedelta(hours=336)
clock = cache(ZoneInfo)


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(clock(zone))


# Numbers


@cache
def zones_of_area(code: str) -> frozenset[str]:
    together = set().union({code}, *(group for group in LAID_OVER if code in group))
    return frozenset(
        zone
        for prefix, zones in TIMEZONE_DATA.items() if prefix[:1] == "1" and prefix[1:4] in together
        for zone in zones
    )  # fmt: skip


@cache
def look_up(number: str, country: str | None = None) -> tuple[str | None, str | None, frozenset[str]]:
    """What forbids the number for ever (a reason, or None), its region, its zones."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return "invalid_number", None, frozenset()
    if not phonenumbers.is_valid_number(parsed):
        return "invalid_number", None, frozenset()
    region = phonenumbers.region_code_for_number(parsed)
    if phonenumbers.number_type(parsed) in NEVER_CALLED or region in (None, "001"):
        return "number_type_not_callable", region, frozenset()
    zones = set(time_zones_for_number(parsed)) - {"Etc/Unknown"}
    if parsed.country_code == 1:
        everywhere = len(zones) >= 42
        zones = set() if everywhere else zones | zones_of_area(str(parsed.national_number)[:3])
    zones = zones or set(pytz.country_timezones.get(region, ()))
    return (None if zones else "number_type_not_callable"), region, frozenset(zones)


@cache
def zones_of_state(letters: str, name: str) -> frozenset[str]:
    """The clocks of a US state: those of every prefix that the library places in it. Of a territory: its country's."""
    found: set[str] = set(pytz.country_timezones.get(letters, ())) if letters in ONE_LAW[0] else set()
    for prefix, written in GEOCODE_DATA.items():
        town = written.get("en", "").replace("Washington D.C.", "District of Columbia")
        # The library has Unalaska on the clock of Honolulu, which is an hour behind its own.
        if prefix[:1] == "1" and (town == name or town.endswith(f", {letters}")) and "Unalaska" not in town:
            known = next(
                (TIMEZONE_DATA[prefix[:n]] for n in range(12, 1, -1) if prefix[:n] in TIMEZONE_DATA), ()
            )
            found.update(known)
    return frozenset(found)


# Instants


@cache
def clock_changes(zone: str, year: int) -> tuple[datetime, ...]:
    """The instants of a year at which the zone's offset changes."""
    changes = []
    at, end = datetime(year - 1, 12, 31, tzinfo=UTC), datetime(year + 1, 1, 2, tzinfo=UTC)
    while at < end:
        low, high = at, at + timedelta(hours=6)
        before = local(low, zone).utcoffset()
        if local(high, zone).utcoffset() != before:
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low).seconds // 2)
                low, high = (middle, high) if local(middle, zone).utcoffset() == before else (low, middle)
            changes.append(high)
        at += timedelta(hours=6)
    return tuple(changes)


def beginnings(
    now: datetime, clocks: Iterable[tuple[str, set[str]]], others: Iterable[datetime], days: int
) -> Iterator[datetime]:
    """`now` and every later instant at which one of the wall times comes, a clock changes, or one of the others is."""
    found = {now, *others}
    for zone, walls in clocks:
        for n in range(-2, days + 2):
            midnight = datetime.combine(local(now, zone).date() + timedelta(days=n), datetime.min.time())
            for wall in walls:
                hour, minute = map(int, wall.split(":"))
                written = midnight + timedelta(hours=hour, minutes=minute)
                found |= {written.replace(tzinfo=clock(zone), fold=fold).astimezone(UTC) for fold in (0, 1)}
        for year in {now.year, (now + timedelta(days=days)).year}:
            found |= set(clock_changes(zone, year))
    return iter(sorted(at for at in found if now <= at <= now + timedelta(days=days)))


def in_hours(at: datetime, zones: Iterable[str]) -> bool:
    return all(8 <= local(at, zone).hour < 20 for zone in zones)


def schedule_open(at: datetime, schedule: dict[str, Any], zones: Iterable[str]) -> bool:
    def open_in(zone: str) -> bool:
        there = local(at, zone)
        if there.date().isoformat() in schedule.get("holidays", ()):
            return False
        now = f"{there:%H:%M}"
        return any(start <= now < end for start, end in schedule["days"].get(WEEK[there.weekday()], ()))

    return all(open_in(zone) for zone in (zones if schedule["tz"] == "contact" else [schedule["tz"]]))


# The commands


def call_window(number: str, at: datetime) -> tuple[bool, datetime | None, list[str]]:
    problem, _, zones = look_up(number)
    if problem:
        return False, None, []
    opens = (
        each for each in beginnings(at, [(zone, {"08:00"}) for zone in zones], (), 8) if in_hours(each, zones)
    )
    return in_hours(at, zones), next(opens, None), sorted(zones)


def decide(ask: dict[str, Any], read: Callable[[str], datetime]) -> tuple[str, datetime | None, set[str]]:
    """decision, until, reasons. read: an instant from its text.

    The contract knows no address; contact.state, letters and name, is one that the product knows.
    """
    now, place, person = read(ask["now"]), ask["location"], ask["contact"]
    problem, region, zones = look_up(person["phone"], place["country"])
    if not problem and "state" in person:
        zones |= zones_of_state(*person["state"])
    country, schedule, home = place["country"], place["schedule"], place["timezone"]
    domestic = region == country or any({region, country} <= group for group in ONE_LAW)
    dials = [(read(each["at"]), each["count"]) for each in place["attempts"]]
    starts = [at for at, count in dials if count]
    starts += [read(place["last_attempt_at"])] if place["last_attempt_at"] else []
    to_number = [read(each) for each in ask["number_attempts"]]
    a_day: Counter[date] = Counter()
    for at, count in dials:
        a_day[local(at, home).date()] += count
    number_days = {(zone, local(at, zone).date()) for at in to_number for zone in zones}

    forbidden = {
        "location_not_enabled": not place["outbound_enabled"],
        "kyc_incomplete": place["kyc_status"] != "completed",
        "no_opt_in": not person["opt_in_documented"],
        "opted_out": person["opted_out_at"] is not None,
        "dnd_voice": person["dnd_voice"],
        "blacklisted": person["blacklist_risk"] is not None,
        "not_domestic": problem != "invalid_number" and not domestic,
        "number_14_in_14_days": sum(now - FORTNIGHT < at for at in to_number) >= 14,
    }
    if problem:
        forbidden[problem] = True
    timed: dict[str, Holds] = {
        "rate_spacing": lambda at: all(at - start >= SIX_SECONDS for start in starts),
        "location_daily_limit": lambda at: a_day[local(at, home).date()] < 1000,
    }
    if not problem:
        timed["outside_hours"] = lambda at: in_hours(at, zones)
        timed["number_once_per_day"] = lambda at: all(
            (zone, local(at, zone).date()) not in number_days for zone in zones
        )
    if schedule and not (problem and schedule["tz"] == "contact"):
        timed["schedule_closed"] = lambda at: schedule_open(at, schedule, zones)

    reasons = {code for code, fails in forbidden.items() if fails}
    rejected = bool(reasons)
    reasons |= {code for code, holds in timed.items() if not holds(now)}
    if not reasons:
        return "allow", None, reasons
    walls = {"00:00"} | {start for spans in (schedule or {"days": {}})["days"].values() for start, _ in spans}
    clocks = [(home, {"00:00"}), *((zone, walls | {"08:00"}) for zone in zones)]
    clocks += [(schedule["tz"], walls)] if schedule and schedule["tz"] != "contact" else []
    free = [start + SIX_SECONDS for start in starts]

    def earliest() -> datetime | None:
        for days in (10, 400):
            for at in beginnings(now, clocks, free, days):
                if all(holds(at) for holds in timed.values()):
                    return at
        return None

    until = earliest() if timed.keys() & reasons else now
    if until is None:
        return "reject", None, reasons | {"no_available_slot"}
    return ("reject", None, reasons) if rejected else ("defer", until, reasons)


def forecast(queued_at: datetime, calls: int, home: str, zone: str) -> list[datetime]:
    starts: list[datetime] = []
    a_day: Counter[date] = Counter()

    def holds(at: datetime) -> bool:
        return in_hours(at, [zone]) and a_day[local(at, home).date()] < 1000

    at = queued_at
    for _ in range(calls):
        if not holds(at):
            at = next(filter(holds, beginnings(at, [(zone, {"08:00"}), (home, {"00:00"})], (), 5)))
        a_day[local(at, home).date()] += 1
        starts.append(at)
        at += SIX_SECONDS
    return starts
