"""The holidays of countries and their regions, year by year. No Django here.

calendars.json beside this file has the years that matter, computed from the `holidays` package, so that a verdict can
be derived again where the package is not installed. `python -m compliance.packs.calendars` computes it anew after a
pack or the package changed.
"""

import json
import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path

COMPUTED = Path(__file__).parent / "calendars.json"
YEARS = range(2025, 2041)


def days_of(calendar: str, year: int) -> frozenset[date]:
    """The days of a calendar of the `holidays` package: "US", "US-LA", or "ES-*" for all regions of a country."""
    written = _computed().get(calendar, {}).get(str(year))
    if written is None:
        return compute(calendar, year)
    return frozenset(date.fromisoformat(f"{year}-{day}") for day in written.split())


def compute(calendar: str, year: int) -> frozenset[date]:
    """The same, asked of the package."""
    import holidays  # Slow to import, and hardly a process asks about other years.

    country, _, region = calendar.partition("-")
    regions = holidays.country_holidays(country).subdivisions if region == "*" else (region or None,)
    days: set[date] = set()
    for each in regions:
        days.update(holidays.country_holidays(country, subdiv=each, years=year))
    return frozenset(day for day in days if day.year == year)


@cache
def _computed() -> dict[str, dict[str, str]]:
    return json.loads(COMPUTED.read_text(encoding="utf-8"))


def computed_anew(rules: Path = Path(__file__).parent / "rules") -> str:
    """What calendars.json should say: the month and day of every holiday of every calendar that a pack names."""
    named: set[str] = set()
    for path in rules.glob("*.toml"):
        named.update(tomllib.loads(path.read_text(encoding="utf-8")).get("holidays", []))
    days = {
        calendar: {
            str(year): " ".join(sorted(f"{day:%m-%d}" for day in compute(calendar, year))) for year in YEARS
        }
        for calendar in sorted(named)
    }
    return json.dumps(days, indent=1) + "\n"


def easter(year: int) -> date:
    """Easter Sunday of a year of the Gregorian calendar, by the anonymous algorithm of 1876."""
    century, rest = divmod(year, 100)
    leaps, shift = divmod(century, 4)
    moon = (19 * (year % 19) + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * shift + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (year % 19 + 11 * moon + 22 * weekday) // 451
    return date(year, 3, 22) + timedelta(days=moon + weekday - 7 * late)


if __name__ == "__main__":
    COMPUTED.write_text(computed_anew(), encoding="utf-8")
