"""What each way of naming a day means, seen from the day of the call (`Scene.today`).

A bare weekday ("Friday", "next Friday") is the next one strictly after today; a day of the month the next one that
exists; a date without a year the next one to come. Vague days ("the end of the month") are marked as such.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from voiceagents.understanding.calendar_days import (
    add_months,
    coming,
    holiday,
    monday_next,
    next_weekday,
    nth_weekday,
)
from voiceagents.understanding.calendar_words import MONTHS, WEEKDAYS
from voiceagents.understanding.delays import count_of, take_delay
from voiceagents.understanding.heard import Clock, Heard, Mention, Scene

FRIDAY, SATURDAY = 4, 5
# Countries that write the month first.
MONTH_FIRST = frozenset(["US", "PR", "VI", "GU", "AS", "MP", "PH"])

# "Friday the 2nd" is not said of one further away.
NEAR_WEEKS = 7

_NTH = (
    "1th 1st first primer",
    "2th 2nd second segundo",
    "3th 3rd third tercer",
    "4th fourth cuarto",
    "last ultimo",
)
_DAYS_OF_MONTH_PARTS = (
    (re.compile(r"(?:2nd|2th|second|segunda) (?:half|quincena|mitad)"), 16),
    (re.compile(r"2nd|2th|second|segunda"), 8),
    (re.compile(r"3rd|3th|third|tercera|mid|mediados"), 15),
    (re.compile(r"late|end|final|fines|last|ultima"), 25),
)
_AFTER = re.compile(r"\b(?:after|despues del?|pasad[oa])(?: the| el)? $")
Reader = Callable[[Heard, Mention, Scene, str], None]


def take_day(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    """Adds the mention's day or delay to what was heard. `before` is the text that leads to it."""
    _READERS[mention.kind](heard, mention, scene, before)


def _weekday_said(mention: Mention) -> int | None:
    groups = mention.match.groupdict()
    said = next((groups[name] for name in ("d", "d2", "d3") if groups.get(name)), None)
    return None if said is None else WEEKDAYS[said]


def _tomorrow(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    heard.set_day(scene.today + timedelta(days=1))


def _overmorrow(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    heard.set_day(scene.today + timedelta(days=2))


def _today(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    if heard.day is None or re.search(r"\b(?:no|actually|mejor|wait),? $", before):
        heard.set_day(scene.today)
        heard.today = True


def _weeks_from(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    """ "a week from Thursday", "two weeks from today", "del jueves en ocho"."""
    weekday = _weekday_said(mention)
    if weekday is not None:
        first = next_weekday(scene.today, weekday)
    else:
        first = scene.today + timedelta(days=mention.match["base"] in ("tomorrow", "manana"))
    said = mention.match.groupdict().get("n")
    if mention.kind == "de_en_ocho":
        weeks = 2 if said == "15" else 1
    else:
        weeks = count_of(said)
    heard.set_day(first + timedelta(weeks=weeks))


def _weekday_next_week(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    weekday = _weekday_said(mention)
    assert weekday is not None
    british = mention.match[0].endswith(" week") and not re.search(r"next|following", mention.match[0])
    if british or mention.match["d3"]:  # "Thursday week", "the Thursday after next"
        heard.set_day(next_weekday(scene.today, weekday) + timedelta(days=7))
    else:
        heard.set_day(monday_next(scene.today) + timedelta(days=weekday))


def _weekday(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    groups = mention.match.groupdict()
    weekday = WEEKDAYS[groups["d"]] if groups.get("d") else {"sat": 5, "sun": 6}[groups["short"]]
    if heard.day is not None and heard.day.weekday() == weekday and not heard.day_vague:
        return  # "the 3rd, Thursday": the date has spoken
    day = next_weekday(scene.today, weekday)
    if _AFTER.search(before):
        day += timedelta(days=1)
    heard.set_day(day)


def _weekday_number(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    """ "el lunes 15" is a date when a Monday the 15th is near, "Friday 2" otherwise an hour."""
    weekday, number = WEEKDAYS[mention.match["d"]], int(mention.match["n"])
    day = next_weekday(scene.today, weekday)
    for weeks in range(NEAR_WEEKS):
        if (day + timedelta(weeks=weeks)).day == number:
            heard.set_day(day + timedelta(weeks=weeks))
            return
    heard.set_day(day)
    if number <= 24:
        heard.clock, heard.span = Clock("at", number % 24, 0, bare=1 <= number <= 12), None


def _nth_weekday(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    """ "the last Friday of the month", "el primer lunes de diciembre"."""
    groups = mention.match.groupdict()
    nth = next(nth for nth, words in enumerate(_NTH, start=1) if groups["nth"] in words.split())
    first = add_months(scene.today, 1 if groups["next"] else 0, 1)
    if groups["m"]:
        first = first.replace(month=MONTHS[groups["m"]])
    days = (
        nth_weekday(month.year, month.month, WEEKDAYS[groups["d"]], nth)
        for month in (first, add_months(first, 12 if groups["m"] else 1))
    )
    heard.set_day(next(day for day in days if day > scene.today))


def _named_date(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    groups = mention.match.groupdict()
    month = MONTHS.get(groups["m"]) or int(groups["m"])
    if found := coming(scene.today, month, int(groups["d"]), groups.get("y")):
        heard.set_day(found)


def _numeric_date(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    """ "3/12": the country's order; without a country the language's. An impossible date is read the other way."""
    one, two = int(mention.match["a"]), int(mention.match["b"])
    month_first = scene.language == "en" and (scene.region is None or scene.region in MONTH_FIRST)
    for month, day in [(one, two), (two, one)] if month_first else [(two, one), (one, two)]:
        if found := coming(scene.today, month, day, mention.match["y"]):
            heard.set_day(found)
            return


def _day_of_month(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    number = int(mention.match["d"])
    if not 1 <= number <= 31 or (heard.day is not None and heard.day.day == number):
        return
    first = scene.today.replace(day=1)
    found = next(
        day
        for months in range(4)
        if (day := add_months(first, months, number)).day == number and day > scene.today
    )
    if _AFTER.search(before):
        found += timedelta(days=1)
    heard.set_day(found)


def _in_month(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    """The first day of a month, or of the part of it that was said."""
    part = mention.match["part"] or ""
    number = next((day for words, day in _DAYS_OF_MONTH_PARTS if words.search(part)), 1)
    found = coming(scene.today, MONTHS[mention.match["m"]], number)
    if found and mention.match["next_year"] and found.year == scene.today.year:
        found = found.replace(year=found.year + 1)
    if found:
        heard.set_day(found, vague=True)


def _start_of_month(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    heard.set_day(add_months(scene.today, 1, 1), vague=True)


def _mid_month(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    middle = scene.today.replace(day=15)
    heard.set_day(middle if middle > scene.today else add_months(middle, 1), vague=True)


def _end_of_month(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    last = add_months(scene.today, 0, 31)
    heard.set_day(last if last > scene.today else add_months(last, 1, 31), vague=True)


def _next_month_part(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    where = mention.match["s"] or mention.match["s2"] or "start"
    number = 31 if where in ("end", "finales") else 15 if where in ("middle", "mediados") else 1
    heard.set_day(add_months(scene.today, 1, number), vague=True)


def _dom_next_month(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    if 1 <= int(mention.match["d"]) <= 31:
        heard.set_day(add_months(scene.today, 1, int(mention.match["d"])))


def _next_month(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    heard.set_days_on(add_months(scene.today, 1), scene.today, vague=True)


def _next_week(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    heard.set_days_on(scene.today + timedelta(days=7), scene.today, vague=True)


def _part_of_next_week(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    offset = {"start_next_week": 0, "mid_next_week": 2, "end_next_week": 3}[mention.kind]
    first = monday_next(scene.today) + timedelta(days=offset)
    heard.set_window(first, first + timedelta(days=1))


def _this_week(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    first = scene.today + timedelta(days=2 if scene.today.weekday() <= 2 else 1)
    heard.set_window(first, first + timedelta(days=1))


def _end_of_week(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    heard.set_day(next_weekday(scene.today, FRIDAY), vague=True)


def _weekend(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    saturday = next_weekday(scene.today, SATURDAY)
    if mention.kind == "next_weekend" and scene.today.weekday() < SATURDAY:
        saturday += timedelta(days=7)
    if _AFTER.search(before):
        heard.set_day(saturday + timedelta(days=2), vague=True)
        return
    heard.set_window(saturday, saturday + timedelta(days=1))


def _next_year(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    """Once the holidays are over; nobody answers business calls before."""
    heard.set_day(date(scene.today.year + 1, 1, 7), vague=True)


def _holiday(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    name = next(name for name, said in mention.match.groupdict().items() if said and name != "side")
    side = mention.match["side"] or "on"
    off = -1 if side.startswith(("before", "antes")) else 0 if side in ("on", "over", "en") else 1
    found = next(
        day
        for year in (scene.today.year, scene.today.year + 1)
        if (day := holiday(name, year) + timedelta(days=off)) > scene.today
    )
    heard.set_day(found, vague=True)


_READERS: dict[str, Reader] = {
    "holiday": _holiday,
    "iso": _named_date,
    "weeks_from": _weeks_from,
    "de_en_ocho": _weeks_from,
    "overmorrow": _overmorrow,
    "weekday_next_week": _weekday_next_week,
    "day_month": _named_date,
    "month_day": _named_date,
    "numeric": _numeric_date,
    "in_month": _in_month,
    "delay": take_delay,
    "delay_half": take_delay,
    "start_of_month": _start_of_month,
    "mid_month": _mid_month,
    "end_of_month": _end_of_month,
    "dom_next_month": _dom_next_month,
    "next_month_part": _next_month_part,
    "next_month": _next_month,
    "start_next_week": _part_of_next_week,
    "mid_next_week": _part_of_next_week,
    "end_next_week": _part_of_next_week,
    "end_of_week": _end_of_week,
    "next_weekend": _weekend,
    "weekend": _weekend,
    "this_week": _this_week,
    "next_week": _next_week,
    "next_year": _next_year,
    "nth_weekday": _nth_weekday,
    "weekday_number": _weekday_number,
    "weekday": _weekday,
    "dom": _day_of_month,
    "tomorrow": _tomorrow,
    "today": _today,
}
