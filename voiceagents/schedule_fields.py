"""A weekly schedule as form fields: whose clock, the hours, the days off. Kept as the `decide` command takes it."""

from typing import Any

from django import forms

from accounts.forms import zone_choices
from accounts.hours import DAYS, HoursField
from accounts.models import Location
from compliance.schedules import parse_schedule
from compliance.windows import CONTACT

ALWAYS = {key: [["00:00", "24:00"]] for key, _ in DAYS}


class ScheduleFields(forms.Form):
    """Mix into a form; call set_schedule from its __init__, and schedule() once it is cleaned."""

    schedule_zone = forms.ChoiceField(required=False, label="When may it call?")
    hours = HoursField(label="Hours")
    holidays = forms.CharField(
        required=False,
        label="Days off",
        help_text="Dates like 2026-12-25, one a line.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def set_schedule(self, location: Location, schedule: dict[str, Any]) -> None:
        """Offer the contact's clock and those of the location's country, and show the schedule as it is."""
        zones = dict(zone_choices(location.country))
        for zone in (location.timezone, schedule.get("tz")):
            if zone and zone != CONTACT:
                zones.setdefault(zone, zone)
        first = zones.pop(location.timezone)
        self.fields["schedule_zone"].choices = [  # type: ignore[attr-defined]
            ("", "Whenever the law allows: 8:00 to 20:00 on the contact's clock"),
            (CONTACT, "In the hours below, on the contact's clock"),
            (location.timezone, f"In the hours below, on this location's clock ({first})"),
            *((zone, f"In the hours below, in {name}") for zone, name in zones.items()),
        ]
        self.initial["schedule_zone"] = schedule.get("tz", "")
        self.initial["hours"] = {} if schedule.get("days") == ALWAYS else schedule.get("days", {})
        self.initial["holidays"] = "\n".join(schedule.get("holidays", []))

    def clean_holidays(self) -> str:
        holidays = self.cleaned_data["holidays"].replace(",", " ").split()
        try:
            parse_schedule({"tz": CONTACT, "days": {}, "holidays": holidays})
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return "\n".join(holidays)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("schedule_zone"):
            for name in {"hours", "holidays"} & set(self.errors):
                del self.errors[name]  # They are not used then.
        return data

    def schedule(self) -> dict[str, Any]:
        """The schedule; {} when only the legal hours hold."""
        data = self.cleaned_data
        if not data.get("schedule_zone"):
            return {}
        schedule: dict[str, Any] = {"tz": data["schedule_zone"], "days": data.get("hours") or ALWAYS}
        if holidays := data.get("holidays", "").split():
            schedule["holidays"] = holidays
        return schedule
