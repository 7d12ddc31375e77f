"""Delays counted from the call: "in half an hour", "dentro de dos semanas"."""

from __future__ import annotations

from datetime import date, timedelta

from voiceagents.understanding.calendar_days import add_months
from voiceagents.understanding.heard import Heard, Mention, Scene

_FEW = ("a few", "few", "several", "unos", "unas", "algunos")
_LOOSE = (*_FEW, "a couple of", "couple of", "un par de")
_DAYS = {"day": 1, "dia": 1, "week": 7, "semana": 7, "fortnight": 14, "quincena": 15}
_MONTHS = {"month": 1, "mes": 1, "year": 12, "ano": 12}


def count_of(word: str | None) -> int:
    """How many "a couple of" or "several" are; nothing, "a" and "one" are 1."""
    if word is None:
        return 1
    if word.isdigit():
        return int(word)
    if "couple" in word or "par" in word:
        return 2
    return 3 if word in _FEW else 1


def take_delay(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    """Minutes and hours become a delay from now, days and longer a day that keeps the time of the call."""
    if mention.kind == "delay_half":
        heard.set_delay(timedelta(minutes=_half_hours(mention)))
        return
    groups = mention.match.groupdict()
    many, unit = groups.get("n"), groups["u"]
    if many is None and unit != "hora":
        return
    count = count_of(many)
    if unit.startswith(("min", "hour", "hr", "hora", "horita", "rat")):
        delay = timedelta(minutes=count) if unit.startswith("min") else timedelta(hours=count)
        if many is not None and many.startswith(("half", "media")):
            delay /= 2
        elif groups.get("half"):
            delay += timedelta(minutes=30)
        heard.set_delay(delay)
    elif unit.startswith(("business", "working")) or unit.endswith(("habiles", "laborables")):
        heard.set_days_on(_business_days_on(scene.today, count), scene.today)
    else:
        target = _days_on(scene.today, unit, count, exact="dentro" in mention.match[0])
        heard.set_days_on(target, scene.today, vague=many in _LOOSE)


def _half_hours(mention: Mention) -> int:
    """Minutes of "half an hour", "una hora y media", "three quarters of an hour"."""
    said = mention.match["w"]
    if "and a half" in said or "y media" in said:
        return int(mention.match["n"] or 1) * 60 + 30
    if said in ("hora y cuarto", "una hora y cuarto", "an hour and a quarter"):
        return 75
    if said.startswith("3"):
        return 45
    return 15 if "quarter" in said or "cuarto" in said else 30


def _business_days_on(today: date, count: int) -> date:
    day = today
    for _ in range(min(count, 260)):
        day += timedelta(days={4: 3, 5: 2}.get(day.weekday(), 1))
    return day


def _days_on(today: date, unit: str, count: int, exact: bool) -> date:
    for name, days in _DAYS.items():
        if unit.startswith(name):
            if unit == "dias" and count in (8, 15) and not exact:
                days, count = 7, count // 7  # "en ocho días", "en quince días": one week, two
            return today + timedelta(days=days * count)
    months = next(months for name, months in _MONTHS.items() if unit.startswith(name)) * min(count, 1200)
    return add_months(today, months)
