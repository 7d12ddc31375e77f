"""Phone numbers of the sandbox: what a valid number looks like, and the ranges it sells.

Only ranges that regulators keep for fiction are on offer: North America 555-0100 to 555-0199, Ofcom's and
ACMA's drama numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# area code -> (region, locality)
NORTH_AMERICA = {
    "US": {
        "202": ("DC", "Washington"),
        "206": ("WA", "Seattle"),
        "212": ("NY", "New York"),
        "303": ("CO", "Denver"),
        "312": ("IL", "Chicago"),
        "404": ("GA", "Atlanta"),
        "415": ("CA", "San Francisco"),
        "512": ("TX", "Austin"),
        "602": ("AZ", "Phoenix"),
        "808": ("HI", "Honolulu"),
    },
    "CA": {
        "416": ("ON", "Toronto"),
        "514": ("QC", "Montreal"),
        "604": ("BC", "Vancouver"),
        "902": ("NS", "Halifax"),
    },
}
# country -> kind -> (prefix, digits that follow, region, locality)
BLOCKS = {
    "GB": {
        "Local": [("+44207946", "0000", "0999", "London"), ("+44161496", "0000", "0999", "Manchester")],
        "Mobile": [("+447700", "900000", "900999", "")],
    },
    "AU": {
        "Local": [("+6125550", "0000", "9999", "Sydney"), ("+6135550", "0000", "9999", "Melbourne")],
        "Mobile": [("+61491570", "006", "159", "")],
    },
}
_COUNTRY_BY_AREA = {area: country for country, areas in NORTH_AMERICA.items() for area in areas}
_FORMATTING = re.compile(r"[\s().\-]+")
_E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(frozen=True, slots=True)
class OfferedNumber:
    number: str
    country: str
    region: str
    locality: str


def normalise(raw: str) -> str:
    """Drop the formatting people write into numbers; ten bare digits are North American, as at Twilio."""
    bare = _FORMATTING.sub("", raw)
    if re.fullmatch(r"[2-9]\d{9}", bare):
        return "+1" + bare
    return bare


def is_e164(number: str) -> bool:
    return _E164.fullmatch(number) is not None


def looks_valid(number: str) -> bool:
    """Length and shape only: what Twilio would refuse with 21217 is False."""
    if not is_e164(number):
        return False
    if number.startswith("+1"):
        return re.fullmatch(r"\+1[2-9]\d{2}[2-9]\d{6}", number) is not None
    return True


def friendly(number: str) -> str:
    if re.fullmatch(r"\+1\d{10}", number):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return number


def country_of(number: str) -> str:
    """ISO country of a number, as far as the sandbox sells there; empty when unknown."""
    if number.startswith("+1"):
        return _COUNTRY_BY_AREA.get(number[2:5], "US")
    return {"+44": "GB", "+61": "AU"}.get(number[:3], "")


def offered(country: str, kind: str) -> Iterator[OfferedNumber]:
    """Every number on sale, always in the same order. ``kind`` is Local, Mobile, TollFree…"""
    if country in NORTH_AMERICA and kind == "Local":
        for line in range(100, 200):
            for area, (region, locality) in NORTH_AMERICA[country].items():
                yield OfferedNumber(f"+1{area}5550{line}", country, region, locality)
    for prefix, first, last, locality in BLOCKS.get(country, {}).get(kind, []):
        for line in range(int(first), int(last) + 1):
            yield OfferedNumber(f"{prefix}{line:0{len(first)}d}", country, "", locality)


def contains_pattern(pattern: str) -> re.Pattern[str]:
    """Twilio's ``Contains``: digits and letters, ``*`` for any digit."""
    keypad = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
    digits = pattern.lower().translate(keypad)
    return re.compile(
        "".join(r"\d" if c == "*" else re.escape(c) for c in digits if c.isdigit() or c in "*+")
    )
