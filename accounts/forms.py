"""Forms of the settings pages."""

from datetime import date, datetime
from typing import Any

import phonenumbers
import pytz
from django import forms
from django.utils import timezone

from accounts.hours import HoursField
from accounts.models import KycStatus, Location, Organization, Role

WEEKDAYS_NINE_TO_FIVE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def country_choices() -> list[tuple[str, str]]:
    """Countries with telephone numbers and clocks, by name."""
    callable_countries = phonenumbers.SUPPORTED_REGIONS
    found = [
        (code, pytz.country_names[code]) for code in pytz.country_timezones if code in callable_countries
    ]
    return sorted(found, key=lambda choice: choice[1])


def zone_choices(country: str) -> list[tuple[str, str]]:
    """The IANA zones of a country, with their names as people write them."""
    zones = pytz.country_timezones.get(country, [])
    return [(zone, zone.split("/", 1)[-1].replace("_", " ").replace("/", ", ")) for zone in zones]


def on_every_clock(day: date) -> None:
    """Refuse a day at the edge of the calendar: its beginning or its end may be an instant that no clock can show."""
    if not 1900 <= day.year <= 2200:
        raise forms.ValidationError("Choose a day between the years 1900 and 2200.")


class DayField(forms.DateField):
    """A day of the calendar."""

    default_validators = [on_every_clock]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, **kwargs})


class LocalDateTimeField(forms.DateTimeField):
    """An instant typed on the location's clock. Set `location` before it is cleaned."""

    default_validators = [on_every_clock]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(
            **{"widget": widget, "input_formats": ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs}
        )
        self.location: Location | None = None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and self.location and timezone.is_aware(value):
            return value.astimezone(self.location.zone).replace(tzinfo=None)
        return value

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        assert self.location is not None
        with timezone.override(self.location.zone):
            return super().to_python(value)


CHECKED = (KycStatus.COMPLETED, KycStatus.PROVIDER_REVIEW)


class LocationForm(forms.ModelForm):
    """Name, country, clock and business hours of a location, existing or new."""

    hours = HoursField(
        label="Business hours",
        help_text="On the location's clock; new agents start with them. Agents and campaigns say when calls go out.",
    )

    class Meta:
        model = Location
        fields = ["name", "country", "timezone", "hours"]
        labels = {"timezone": "Time zone"}
        help_texts = {
            "country": "Calls go to numbers of this country only.",
            "timezone": "The clock of this place: its hours and its days.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"] = forms.ChoiceField(
            choices=country_choices(), help_text=self.fields["country"].help_text, initial="US"
        )
        country = self["country"].value() or "US"
        self.fields["timezone"] = forms.ChoiceField(
            label="Time zone", choices=zone_choices(country), help_text=self.fields["timezone"].help_text
        )
        self.fields["timezone"].error_messages["invalid_choice"] = "Choose a time zone of the chosen country."
        if self.instance.pk is None:
            self.initial["hours"] = WEEKDAYS_NINE_TO_FIVE

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Location.objects.filter(organization=self.instance.organization, name__iexact=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"The organization already has a location named {name}.")
        return name

    def save(self, commit: bool = True) -> Location:
        """Write what the form asks for and nothing else: the switch may have been changed meanwhile."""
        location = self.instance
        if location.pk is None or not commit:
            return super().save(commit)
        fields = [*self.Meta.fields]
        if "country" in self.changed_data and location.kyc_status in CHECKED:
            # Who the business is was checked by what the other country registers.
            location.kyc_status = KycStatus.REVALIDATION_REQUIRED
            fields.append("kyc_status")
        location.save(update_fields=fields)
        return location


class OrganizationForm(forms.ModelForm):
    """The legal business."""

    class Meta:
        model = Organization
        fields = ["name"]
        labels = {"name": "Legal name"}
        help_texts = {
            "name": "The business behind every call: consent and do-not-call entries hold for all of it.",
        }


class RoleForm(forms.Form):
    """A role, at most the one of the member who gives it."""

    role = forms.ChoiceField(choices=Role.choices)

    def __init__(self, *args: Any, highest: Role, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(
            label="Role",
            choices=[(role.value, role.label) for role in Role if role.rank <= highest.rank],
            initial=Role.STAFF,
        )


class InviteForm(RoleForm):
    """Somebody to invite."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    field_order = ["email", "role"]
