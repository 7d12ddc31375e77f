"""The policy commands against a second implementation of their contract, on cases that crowd at the boundaries."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from phonenumbers.timezone import TIMEZONE_DATA

from compliance.management.commands import call_window, decide, forecast_starts
from compliance.rules import KYC_STATUSES
from tests.compliance import second_opinion
from tests.compliance.second_opinion import WEEK, clock_changes, look_up

HOMES = (
    "America/Denver", "Pacific/Honolulu", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns", "Europe/London",
    "Pacific/Chatham", "America/Havana", "Africa/Cairo", "Asia/Beirut", "America/Santiago", "Pacific/Kiritimati",
    "America/Nuuk", "Africa/Casablanca", "Pacific/Pago_Pago", "Antarctica/Troll",
)  # fmt: skip
# Area codes of several clocks, overlays, half hours, clocks that change at midnight, both sides of the date line,
# countries of many zones, territories, shared country codes.
PEOPLE = (
    ("US", "+13035550142"), ("US", "+12085551234"), ("US", "+14485551234"), ("US", "+14235551234"),
    ("US", "+18085551234"), ("US", "+16715551234"), ("US", "+17875550123"), ("US", "+16847331234"),
    ("CA", "+18675551234"), ("CA", "+17095551234"), ("CA", "+16045551234"), ("JM", "+18763221234"),
    ("AU", "+61412345678"), ("AU", "+61892345678"), ("GB", "+447400123456"), ("ES", "+34675412661"),
    ("RU", "+79161234567"), ("CL", "+56221234567"), ("LB", "+96171123456"), ("EG", "+201001234567"),
    ("CU", "+5371234567"), ("NZ", "+6432345678"), ("IN", "+918123456789"), ("NP", "+9779841234567"),
    ("KI", "+68672001234"), ("WS", "+6857212345"), ("FR", "+33612345678"), ("FR", "+590690001234"),
    ("MA", "+212650123456"), ("PF", "+68987123456"),
)  # fmt: skip
STRANGE = (
    "+18005550123", "+19005550123", "+15005550006", "+448001234567", "+80012345678", "+15551234567", "abc",
    "+447012345678", "+443001234567", "+34902123456", "",
)  # fmt: skip
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SPANS = (
    ("09:00", "18:00"), ("00:00", "24:00"), ("08:00", "20:00"), ("14:15", "24:00"), ("00:00", "08:30"),
    ("20:00", "24:00"),
)  # fmt: skip
PREFIXES = sorted(TIMEZONE_DATA)
# What was asked, what the product answers, what the second opinion is.
Compared = tuple[dict[str, Any], Any, Any]


def read(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def read_or_none(text: str | None) -> datetime | None:
    return None if text is None else read(text)


class Chance(random.Random):
    def around(self, at: datetime, seconds: int = 7200) -> datetime:
        """That instant, a microsecond before or behind it, or one within so many seconds."""
        tick = timedelta(microseconds=1)
        return at + self.choice([tick * 0, tick, -tick, timedelta(seconds=self.randint(-seconds, seconds))])

    def at_hour(self, at: datetime, zone: str, *hours: int) -> datetime:
        """Around one of the hours of that local day."""
        there = at.astimezone(ZoneInfo(zone))
        hour = there.replace(
            hour=self.choice(hours), minute=0, second=0, microsecond=0, tzinfo=ZoneInfo(zone)
        )
        return self.around(hour.astimezone(UTC), 3600)

    def instant(self, zones: list[str]) -> datetime:
        """Of three years, half of them near a change of the clocks, most around a boundary of the day."""
        at = FIRST + timedelta(seconds=self.randint(0, 3 * 365 * 86400))
        if (changes := clock_changes(self.choice(zones), at.year)) and self.random() < 0.5:
            at = self.choice(changes) + timedelta(seconds=self.randint(-100_000, 90_000))
        return self.at_hour(at, self.choice(zones), 0, 8, 8, 12, 19, 20, 23) if self.random() < 0.7 else at

    def text(self, at: datetime) -> str:
        """The instant as somebody somewhere would write it."""
        offset = timedelta(minutes=self.choice([0, self.randint(-840, 840)]))
        return at.astimezone(timezone(offset)).isoformat()

    def schedule(self, now: datetime) -> dict[str, Any]:
        def span() -> tuple[str, str]:
            if self.random() < 0.5:
                return self.choice(SPANS)
            start, end = sorted(self.sample(range(97), 2))
            return f"{start // 4:02}:{start % 4 * 15:02}", f"{end // 4:02}:{end % 4 * 15:02}"

        days = {
            day: [list(span()) for _ in range(self.choice([0, 1, 1, 2]))]
            for day in WEEK
            if self.random() < 0.8
        }
        holidays = [
            f"{now + timedelta(days=self.randint(-1, 4)):%Y-%m-%d}" for _ in range(self.choice([0, 0, 3]))
        ]
        return {"tz": self.choice(["contact", "contact", *HOMES]), "days": days, "holidays": holidays}

    def dial(self) -> dict[str, Any]:
        country, phone = self.choice(PEOPLE)
        zones, home = sorted(look_up(phone)[2]), self.choice(HOMES)
        now = self.instant([*zones, home])

        def rarely(value: object, otherwise: object) -> object:
            return value if self.random() < 0.03 else otherwise

        def before(zone: str) -> datetime:
            at = self.at_hour(now - timedelta(days=self.choice([0, 0, 1])), zone, 0, 12, 23)
            return min(at, now - timedelta(seconds=self.choice([3, 6, 7])))

        to_number = [before(self.choice(zones)) for _ in range(self.choice([0, 0, 1, 2]))]
        if self.random() < 0.3:
            long_ago = now - timedelta(hours=336)
            to_number += [max(self.around(long_ago), long_ago) for _ in range(self.choice([1, 13]))]
        last = self.choice(
            [self.around(now - timedelta(seconds=6)), now - timedelta(seconds=self.randint(-5, 90))]
        )
        attempts = [
            {"at": self.text(before(home)), "count": self.choice([0, 1, 333, 334, 500, 999, 1000])}
            for _ in range(self.choice([0, 0, 1, 3]))
        ]
        return {
            "now": self.text(now),
            "location": {
                "country": rarely(self.choice(["US", "GB", "FR", "PR"]), country), "timezone": home,
                "outbound_enabled": rarely(False, True), "kyc_status": rarely(self.choice(KYC_STATUSES), "completed"),
                "schedule": self.schedule(now) if self.random() < 0.5 else None,
                "attempts": attempts, "last_attempt_at": self.choice([None, self.text(last)]),
            },
            "contact": {
                "phone": rarely(self.choice(STRANGE), phone), "opt_in_documented": rarely(False, True),
                "dnd_voice": rarely(True, False), "opted_out_at": rarely(self.text(now), None),
                "blacklist_risk": rarely(self.choice(["low", "high"]), None),
            },
            "number_attempts": [self.text(at) for at in to_number],
        }  # fmt: skip

    def number(self) -> str:
        """A person's, an example of any kind and country, any of North America, or one under any prefix with a zone."""
        kind = self.random()
        if kind < 0.2:
            return self.choice(PEOPLE)[1]
        if kind < 0.5:
            region = self.choice(sorted(phonenumbers.SUPPORTED_REGIONS))
            if found := phonenumbers.example_number_for_type(region, self.randint(0, 10)):
                return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
        if kind < 0.8:
            return f"+1{self.randint(201, 989)}{self.randint(2_000_000, 9_999_999)}"
        prefix = self.choice(PREFIXES)
        return f"+{prefix}{self.randint(10**5, 10**6)}"[:13]


def windows(chance: Chance) -> Compared:
    number = chance.number()
    at = chance.instant(sorted(look_up(number)[2]) or ["UTC"])
    ask = {"number": number, "at": chance.text(at)}
    said = call_window.Command().answer(ask)
    found = (said["allowed"], read_or_none(said["next_allowed"]), said["zones"])
    return ask, found, second_opinion.call_window(number, at)


def dials(chance: Chance) -> Compared:
    ask = chance.dial()
    said = decide.Command().answer(ask)
    found = (said["decision"], read_or_none(said["until"]), set(said["reasons"]))
    return ask, found, second_opinion.decide(ask, read)


def batches(chance: Chance) -> Compared:
    home, zone = chance.choice(HOMES), chance.choice(HOMES)
    at, calls = (
        chance.instant([home, zone]),
        chance.choice([1, 999, 1000, 1001, 2001, chance.randint(1, 4000)]),
    )
    ask = {"queued_at": chance.text(at), "calls": calls, "location_timezone": home, "contact_zone": zone}
    found = [read(start) for start in forecast_starts.Command().answer(ask)["starts"]]
    return ask, found, second_opinion.forecast(at, calls, home, zone)


@pytest.mark.parametrize(("asked", "cases"), [(windows, 250), (dials, 300), (batches, 15)])
def test_the_second_opinion_agrees(asked: Callable[[Chance], Compared], cases: int) -> None:
    chance = Chance(20261129)
    for _ in range(cases):
        ask, found, expected = asked(chance)
        assert found == expected, ask
