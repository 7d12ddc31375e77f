"""Rule packs: the narrower hours and caps of states and countries, as data. No Django, no clock here.

One file a pack in rules/, named after it: `ca`, `us`, `us-tx`. Its keys:

    title, law, source   where it applies, the act, and where that was read
    quote                one line of the act's own words, as they stand in the source, in the act's language
    paraphrase           one line of what it asks, in ours; one of the two is needed, both together read best
    language             of the quote, where it is not English: "es"
    mark                 "V" read in a primary text or in several that agree, "S" in one secondary source
    checked_on           when a person last compared the pack with its source
    effective_from       the first local date on which it is applied; 2026-01-01 where the source only says that it was
                         in force by then
    tz                   an IANA zone whose clock counts, left out for that of the person called
    holidays             calendars of the `holidays` package: "US", "US-LA", or "ES-*" for all regions of a country
    also                 further days of every year: "06-14", "easter-2", "fri from 11-23" (the first one from then on)
    [hours]              per day or run of days: mon, mon-fri ... and holiday, which is closed when left out
    [[caps]]             at most `calls` dials to a number in any `hours`
    list_days            for how many days a do-not-call register of that country may be relied on, where not for 31
    refusal_days         for how many whole days nobody is called again who declined in a call
    consent_days         for how many days consent to marketing calls holds, where it has to be renewed

All files are read, and checked, when this module is imported: a pack half understood would call at wrong hours, so
then nothing starts. Holidays are computed when a year is first asked about.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from compliance.packs.calendars import days_of, easter
from compliance.schedules import DAYS, parse_schedule
from compliance.windows import CONTACT, WeeklyHours

Spans = tuple[tuple[int, int], ...]

FOLDER = Path(__file__).parent / "rules"
NAME = re.compile(r"[a-z]{2}(-[a-z]{2})?", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2}", re.ASCII)
TEXTS = ("title", "law", "source", "mark")
DATES = ("checked_on", "effective_from")
KEYS = {
    *TEXTS,
    *DATES,
    "quote",
    "paraphrase",
    "language",
    "tz",
    "holidays",
    "also",
    "hours",
    "caps",
    "list_days",
    "consent_days",
    "refusal_days",
}
MARKS = {"V": "read in a primary text or in several sources that agree", "S": "one secondary source"}
LONGEST_TEXT = 160
ALL_DAY: Spans = ((0, 86400),)
CALENDAR = re.compile(r"[A-Z]{2}(-(\*|[A-Z0-9]{1,3}))?", re.ASCII)
YEARLY = re.compile(
    r"(?:(?P<weekday>[a-z]{3}) from )?(?P<month>\d\d)-(?P<day>\d\d)|easter(?P<offset>[+-]\d{1,3})?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `calls` dials to a number in any `period`."""

    calls: int
    period: timedelta


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a pack's rule stands. mark: a key of MARKS.

    quote: the act's own words, in `language` (ISO 639-1). paraphrase: ours. One of them may be empty.
    """

    title: str
    law: str
    source: str
    quote: str
    paraphrase: str
    language: str
    mark: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class RulePack:
    """What a state or a country asks beyond the product's own rules. effective_from: None for always.

    list_age, consent_age: how old a do-not-call list and a consent may be; refusal_pause: how long
    whoever declined in a call is left in peace. None where the pack does not say.
    """

    name: str
    hours: WeeklyHours
    caps: tuple[Cap, ...] = ()
    effective_from: date | None = None
    origin: Origin | None = None
    list_age: timedelta | None = None
    consent_age: timedelta | None = None
    refusal_pause: timedelta | None = None


@dataclass(frozen=True, eq=False)
class PackHours(WeeklyHours):
    """Weekly hours with the holidays of every year, which apply from a local date on.

    calendars, also: as in the file. on_holidays: the hours of such a day.
    """

    calendars: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    on_holidays: Spans = ()
    effective_from: date = date.min

    # Two packs with the same week may differ in their holidays, and these hours are keys of caches.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def on(self, day: date) -> Spans:
        if day < self.effective_from:
            return ALL_DAY
        if (self.calendars or self.also) and day in _holidays(self.calendars, self.also, day.year):
            return self.on_holidays
        return self.days[day.weekday()]


@lru_cache(maxsize=512)
def _holidays(calendars: tuple[str, ...], also: tuple[str, ...], year: int) -> frozenset[date]:
    """The days of a year, those on which a holiday is observed instead included."""
    days: set[date] = {_yearly(rule, year) for rule in also}
    return frozenset(days.union(*(days_of(calendar, year) for calendar in calendars)))


def _yearly(rule: str, year: int) -> date:
    """The date of an entry of `also` in a year. Raises ValueError when it is none."""
    match = YEARLY.fullmatch(rule)
    if match is None or (match["weekday"] and match["weekday"] not in DAYS):
        raise ValueError(f'{rule!r} is not a day of the year. Write "06-14", "easter-2" or "fri from 11-23".')
    if match["month"] is None:
        return easter(year) + timedelta(days=int(match["offset"] or 0))
    try:
        day = date(year, int(match["month"]), int(match["day"]))
    except ValueError as error:
        raise ValueError(f"{rule!r} is not a day of every year.") from error
    if match["weekday"]:
        day += timedelta(days=(DAYS.index(match["weekday"]) - day.weekday()) % 7)
    return day


def load(folder: Path = FOLDER) -> dict[str, RulePack]:
    """All packs of a folder by name. Raises ValueError naming the file and what to mend in it."""
    packs = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            packs[path.stem] = parse_pack(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
        except ValueError as error:  # A TOMLDecodeError and a UnicodeDecodeError are ValueErrors too.
            raise ValueError(f"The rule pack {path.name} cannot be used: {error}") from error
    if not packs:
        raise ValueError(f"There are no rule packs in {folder.name}/. Install the application again, whole.")
    return packs


def parse_pack(name: str, written: Mapping[str, Any]) -> RulePack:
    """A pack from the content of its file. Raises ValueError saying what is wrong."""
    if not NAME.fullmatch(name):
        raise ValueError('a pack is named after a country or a state: "ca", "us-tx".')
    if unknown := sorted(set(written) - KEYS):
        raise ValueError(f"there is no key {unknown[0]!r}; keys are {', '.join(sorted(KEYS))}.")
    texts = {key: _text(written, key) for key in TEXTS}
    if texts["mark"] not in MARKS:
        raise ValueError(f"mark is {' or '.join(MARKS)}, not {texts['mark']!r}.")
    if "quote" not in written and "paraphrase" not in written:
        raise ValueError(
            "a quote or a paraphrase is needed: the rule in the act's words, in ours, or in both."
        )
    quote, paraphrase = (_text(written, key) if key in written else "" for key in ("quote", "paraphrase"))
    language = written.get("language", "en")
    if not (isinstance(language, str) and LANGUAGE.fullmatch(language)):
        raise ValueError('language has two letters: "es".')
    dates: dict[str, date] = {}
    for key in DATES:
        day = written.get(key)
        if type(day) is not date:
            raise ValueError(f"{key} needs a date without quotes, such as 2026-11-20.")
        dates[key] = day
    return RulePack(
        name,
        _hours(written, dates["effective_from"]),
        tuple(_cap(each) for each in _list(written, "caps")),
        dates["effective_from"],
        Origin(
            texts["title"],
            texts["law"],
            texts["source"],
            quote,
            paraphrase,
            language,
            texts["mark"],
            dates["checked_on"],
        ),
        _days(written, "list_days"),
        _days(written, "consent_days"),
        _days(written, "refusal_days"),
    )


def _hours(written: Mapping[str, Any], effective_from: date) -> PackHours:
    hours = written.get("hours")
    if not isinstance(hours, Mapping):
        raise ValueError('the table [hours] is missing: mon-fri = [["09:00", "20:00"]].')
    week: dict[str, Any] = {}
    for key, spans in hours.items():
        if key == "holiday":
            continue
        first, _, last = key.partition("-")
        if first not in DAYS or (last or first) not in DAYS[DAYS.index(first) :]:
            raise ValueError(f"[hours] has no day {key!r}: write mon, mon-fri, sat, holiday.")
        for day in DAYS[DAYS.index(first) : DAYS.index(last or first) + 1]:
            if day in week:
                raise ValueError(f"[hours] says {day} twice.")
            week[day] = spans
    if missing := [day for day in DAYS if day not in week]:
        raise ValueError(f"[hours] does not say {missing[0]}. Write {missing[0]} = [] for a closed day.")
    calendars = tuple(_calendar(each) for each in _list(written, "holidays"))
    also = tuple(_list(written, "also"))
    for rule in also:
        _yearly(rule if isinstance(rule, str) else "", 2027)  # No leap year, so that 02-29 is refused.
    if "holiday" in hours and not (calendars or also):
        raise ValueError("[hours] has hours for holidays, but neither holidays nor also names any.")
    read = parse_schedule({"tz": written.get("tz", CONTACT), "days": week})
    # Read as one more Monday, for the same words about what is wrong with it.
    holiday = parse_schedule({"tz": CONTACT, "days": {"mon": hours.get("holiday", [])}})
    return PackHours(
        read.zone,
        read.days,
        calendars=calendars,
        also=also,
        on_holidays=holiday.days[0],
        effective_from=effective_from,
    )


def _calendar(name: Any) -> str:
    # That the package has it is for the tests to say: asking it costs a second, and every process starts here.
    if not (isinstance(name, str) and CALENDAR.fullmatch(name)):
        raise ValueError(
            f'holidays: {name!r} is no calendar. Write a country, "US", or its region, "US-LA", or "ES-*".'
        )
    return name


def _cap(written: Any) -> Cap:
    if isinstance(written, Mapping) and set(written) == {"calls", "hours"}:
        calls, hours = written["calls"], written["hours"]
        if type(calls) is int and type(hours) is int and calls > 0 and hours > 0:
            return Cap(calls, timedelta(hours=hours))
    raise ValueError("each of [[caps]] has calls and hours, both whole numbers above 0.")


def _days(written: Mapping[str, Any], key: str) -> timedelta | None:
    days = written.get(key)
    if days is None:
        return None
    if type(days) is not int or days < 1:
        raise ValueError(f"{key} is a whole number of days above 0.")
    return timedelta(days=days)


def _list(written: Mapping[str, Any], key: str) -> list[Any]:
    values = written.get(key, [])
    if not isinstance(values, list):
        raise ValueError(f"{key} is a list.")
    return values


def _text(written: Mapping[str, Any], key: str) -> str:
    value = written.get(key)
    if not (isinstance(value, str) and value.strip() and len(value) <= LONGEST_TEXT and value.isprintable()):
        raise ValueError(f"{key} needs a text of one line, at most {LONGEST_TEXT} characters.")
    return value


# Every pack there is, by name.
RULE_PACKS: dict[str, RulePack] = load()
