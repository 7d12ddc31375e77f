"""Business hours as a form field: up to two spans a day, kept as {"mon": [["09:00", "17:00"]]}; {} is always open."""

import re
from itertools import pairwise
from typing import Any

from django import forms

DAYS = (
    ("mon", "Monday"), ("tue", "Tuesday"), ("wed", "Wednesday"), ("thu", "Thursday"),
    ("fri", "Friday"), ("sat", "Saturday"), ("sun", "Sunday"),
)  # fmt: skip
SPANS = 2
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

Hours = dict[str, list[list[str]]]


class HoursWidget(forms.Widget):
    """Seven rows of two spans, and a box for "open around the clock"."""

    template_name = "accounts/hours_widget.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        always, hours = (value == {}), value or {}
        context["widget"]["always"] = always
        context["widget"]["days"] = [
            {"key": key, "label": label, "spans": (list(hours.get(key, [])) + [["", ""]] * SPANS)[:SPANS]}
            for key, label in DAYS
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Hours:
        if data.get(f"{name}-always"):
            return {}
        hours: Hours = {}
        for key, _ in DAYS:
            spans = [
                [data.get(f"{name}-{key}-{n}-from", "").strip(), data.get(f"{name}-{key}-{n}-to", "").strip()]
                for n in range(SPANS)
            ]
            # An end of midnight is the end of the day, which a browser's time field writes as 00:00.
            hours[key] = [[start, "24:00" if end == "00:00" else end] for start, end in spans if start or end]
        return hours

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-always"


class HoursField(forms.Field):
    """Cleans to the JSON of Location.hours; a day without spans is left out."""

    widget = HoursWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> Hours:
        if value == {}:
            return {}
        errors, hours = [], {}
        for key, label in DAYS:
            if spans := sorted(value.get(key, [])):
                errors += [f"{label}: {problem}" for problem in _problems(spans)]
                hours[key] = spans
        if errors:
            raise forms.ValidationError(errors)
        if not hours:
            raise forms.ValidationError(
                "No day has hours. Write at least one, or tick “Open around the clock”."
            )
        return hours


def _problems(spans: list[list[str]]) -> list[str]:
    for start, end in spans:
        if not start or not end:
            return ["write both when it opens and when it closes."]
        if not CLOCK.fullmatch(start) or not (CLOCK.fullmatch(end) or end == "24:00"):
            return [f"{start}–{end} is not a time; write it like 09:00."]
        if start >= end:
            return [
                f"{start}–{end} ends before it begins. "
                "For hours past midnight, close at 00:00 and open the next day at 00:00."
            ]
    for earlier, later in pairwise(spans):
        if earlier[1] > later[0]:
            return [f"{earlier[0]}–{earlier[1]} and {later[0]}–{later[1]} overlap."]
    return []
