"""How values are written for people: instants, durations, money, telephone numbers, languages.

Pure, but for phonenumbers and Django's names of languages.
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import phonenumbers
from django.conf.locale import LANG_INFO

CURRENCY_SIGNS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "CAD": "CA$",
    "AUD": "A$",
    "MXN": "MX$",
    "INR": "₹",
    "BRL": "R$",
}


def clock(instant: datetime, zone: str, now: datetime) -> str:
    """Local to `zone`: `Tue 14:05` within six days of `now`, `Tue 14 Oct 14:05` within its year, else with the year."""
    local, today = instant.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    time = f"{local:%H:%M}"
    if abs((local.date() - today.date()).days) <= 6:
        return f"{local:%a} {time}"
    if local.year == today.year:
        return f"{local:%a} {local.day} {local:%b} {time}"
    return f"{local.day} {local:%b} {local.year} {time}"


def dated(instant: datetime, zone: str) -> str:
    """Local to `zone`, whole, for what is read years later: `14 Oct 2026 14:05`."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%b} {local.year} {local:%H:%M}"


def their_clock(instant: datetime, zone: str, their_zone: str) -> str:
    """The same instant on a contact's clock: `11:05`, or `Wed 01:05` when their day is another."""
    ours, theirs = instant.astimezone(ZoneInfo(zone)), instant.astimezone(ZoneInfo(their_zone))
    return f"{theirs:%H:%M}" if ours.date() == theirs.date() else f"{theirs:%a %H:%M}"


def duration(length: timedelta | int | float | None) -> str:
    """`0:42`, `12:05`, `1:02:05` from a timedelta or seconds; a dash when there is none (zero is `0:00`)."""
    if length is None:
        return "–"
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    hours, rest = divmod(max(seconds, 0), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def money(amount: Decimal | None, currency: str = "USD") -> str:
    """`$1,234.50`; amounts under a cent's worth of digits keep four, because a minute of a call costs $0.0085."""
    if amount is None:
        return "–"
    digits = 2 if amount == 0 or abs(amount) >= 1 or amount == amount.quantize(Decimal("0.01")) else 4
    sign = CURRENCY_SIGNS.get(currency, f"{currency} ")
    return f"{'−' if amount < 0 else ''}{sign}{abs(amount):,.{digits}f}"


def national(e164: str, country: str = "") -> str:
    """`(208) 555-0100` for a number of `country` (ISO 3166 alpha-2) or when none is given, `+34 910 55 00 00` for
    another country's; what cannot be parsed is shown as it is."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    at_home = (
        not country
        or phonenumbers.region_code_for_number(number) == country
        or (number.country_code == phonenumbers.country_code_for_region(country))
    )
    form = (
        phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, form)


_E164 = re.compile(r"(?<![\w+])\+[1-9]\d{6,14}(?!\w)")


def with_national_numbers(sentence: str, country: str = "") -> str:
    """The sentence with each E.164 number in it as national() writes it."""
    return _E164.sub(lambda found: national(found[0], country), sentence)


def language(tag: str) -> str:
    """`British English` for `en-GB`, `Spanish (US)` for `es-US`, the tag itself when no name is known."""
    if not tag:
        return ""
    try:
        return str(LANG_INFO[tag.lower()]["name"])
    except KeyError:
        family, _, region = tag.partition("-")
        name = str(LANG_INFO.get(family.lower(), {}).get("name", ""))
        return f"{name} ({region})" if name and region else name or tag


def pace(done: int, total: int | None, elapsed: timedelta) -> tuple[float, timedelta | None]:
    """How fast work goes (units a second), and how long the rest takes at that rate (None: cannot be said yet)."""
    seconds = elapsed.total_seconds()
    rate = done / seconds if seconds >= 1 else 0.0
    return rate, timedelta(seconds=(total - done) / rate) if total and rate else None
