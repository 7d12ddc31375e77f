"""A day and a time agreed on the phone: from what was said to an instant, and from an instant to words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

from voiceagents.understanding import dates

_DAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
}
_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
}


@dataclass(frozen=True, slots=True)
class When:
    """at: the instant in the contact's zone, None when only a day or a part of it was said: then until is its end."""

    start: datetime
    until: datetime | None
    has_day: bool

    @property
    def at(self) -> datetime | None:
        return self.start if self.until is None else None

    @property
    def day(self) -> date:
        return self.start.date()

    @property
    def day_iso(self) -> str:
        return self.day.isoformat()

    def spoken_day(self, language: str) -> str:
        weekday, month = _DAYS[language][self.day.weekday()], _MONTHS[language][self.day.month - 1]
        if language == "es":
            return f"{weekday} {self.day.day} de {month}"
        return f"{weekday}, {month} {self.day.day}"

    def spoken(self, language: str) -> str:
        """ "Friday, November 27 at 3 PM", "el viernes 27 de noviembre a las 3 de la tarde"."""
        day = self.spoken_day(language)
        if language == "es":
            day = f"el {day}"
        return day if self.at is None else f"{day} {_clock(self.at, language)}"


def heard(text: str, now: datetime, zone: str, language: str, partial_day: str | None = None) -> When | None:
    """The future day and time said in the text, None for neither. partial_day: the ISO day agreed a turn before."""
    reference = now.astimezone(ZoneInfo(zone))
    said = dates.parse_when(text, reference, language)
    if said is None and partial_day:
        # The answer to "at what time?" is often a bare "ten".
        said = dates.parse_when(
            f"{'a las' if language == 'es' else 'at'} {text.strip(' .,!')}", reference, language
        )
    if said is None or not said.precise:
        return None
    start, end = said.start, said.end
    if partial_day and said.has_time and not said.has_day:
        day = date.fromisoformat(partial_day)
        end = None if end is None else end + (day - start.date())
        start = datetime.combine(day, start.timetz().replace(tzinfo=None), ZoneInfo(zone))
        if start <= reference:
            return None
    return When(start, end, said.has_day or partial_day is not None)


def _clock(at: datetime, language: str) -> str:
    hour = at.hour % 12 or 12
    minute = f":{at.minute:02d}" if at.minute else ""
    if language == "en":
        return f"at {hour}{minute} {'AM' if at.hour < 12 else 'PM'}"
    half = "de la mañana" if at.hour < 12 else "de la tarde" if at.hour < 20 else "de la noche"
    return f"{'a la' if hour == 1 else 'a las'} {hour}{minute} {half}"


def agreed(when: When | None, said: str) -> dict[str, Any]:
    """A callback as results keep it: "at", or "start" and "end" of a window, or neither; and the words."""
    result: dict[str, Any] = {"at": None, "said": said[:300]}
    if when is not None and when.until is None:
        result["at"] = when.start.isoformat()
    elif when is not None and when.until is not None:
        result |= {"start": when.start.isoformat(), "end": when.until.isoformat()}
    return result


def region_of(brief: dict[str, Any]) -> str:
    """The country whose national numbers the contact means: that of the contact's own number."""
    try:
        number = phonenumbers.parse(str((brief.get("contact") or {}).get("phone") or ""))
    except phonenumbers.NumberParseException:
        return "US"
    return phonenumbers.region_code_for_number(number) or "US"
