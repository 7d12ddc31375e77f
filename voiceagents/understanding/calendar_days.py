"""Arithmetic of days, months and holidays."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def next_weekday(today: date, weekday: int) -> date:
    """The next such day strictly after today; Monday is 0."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def add_months(day: date, months: int, day_of_month: int | None = None) -> date:
    """So many months on; the last of the month where the day does not exist."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day_of_month or day.day, monthrange(year, month)[1]))


def monday_next(today: date) -> date:
    """The Monday of the week after this one."""
    return today + timedelta(days=7 - today.weekday())


def coming(today: date, month: int, day: int, year: str | None = None) -> date | None:
    """The date of that name to come, or in the year that was said; None when no calendar has it."""
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        found = date(today.year, month, day)
        return found if found > today else date(today.year + 1, month, day)
    except ValueError:
        return None


def holiday(name: str, year: int) -> date:
    """The date of a group of `day_phrases.HOLIDAYS`; "the holidays" end with Epiphany."""
    if name == "easter":
        return _easter(year)
    if name == "thanksgiving":  # the fourth Thursday
        return nth_weekday(year, 11, 3, 4)
    if name == "labor_day":
        return nth_weekday(year, 9, 0, 1)
    if name == "memorial_day":
        return next_weekday(date(year, 5, 24), 0)
    month, day = {
        "christmas": (12, 25), "new_year": (1, 1), "epiphany": (1, 6), "holidays": (1, 6), "july_4th": (7, 4),
        "christmas_eve": (12, 24),
        "boxing_day": (12, 26), "new_years_eve": (12, 31),
    }[name]  # fmt: skip
    return date(year, month, day)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such day of a month; its last one when nth is 5."""
    if nth == 5:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    leap = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * leap) // 451
    month, day = divmod(h + leap - 7 * m + 114, 31)
    return date(year, month, day + 1)
