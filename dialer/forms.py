"""What staff fill in about campaigns and calls."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.formatting import language
from accounts.forms import LocalDateTimeField
from accounts.hours import DAYS, HoursField
from accounts.models import Location
from compliance.schedules import parse_schedule
from compliance.windows import CONTACT
from compliance.zones import place_of
from contacts.models import Contact, Tag
from dialer.models import Campaign
from phone_numbers.models import PhoneNumber
from voiceagents.models import Agent, PromptTemplate

ALWAYS = {key: [["00:00", "24:00"]] for key, _ in DAYS}


class CampaignForm(forms.ModelForm):
    """A campaign's draft. Everything may be left for later except its name and agent; launching checks the rest."""

    tags_any = forms.ModelMultipleChoiceField(
        queryset=Tag.objects.none(),
        to_field_name="name",
        required=False,
        label="Contacts with any of these tags",
        help_text="None chosen: everybody.",
        widget=forms.CheckboxSelectMultiple,
    )
    tags_none = forms.ModelMultipleChoiceField(
        queryset=Tag.objects.none(),
        to_field_name="name",
        required=False,
        label="But none of these tags",
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(required=False, label="Language")
    search = forms.CharField(
        required=False,
        max_length=200,
        label="Name, e-mail or number contains",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    schedule_zone = forms.ChoiceField(required=False, label="When may it call?")
    hours = HoursField(label="Hours")
    holidays = forms.CharField(
        required=False,
        label="Days off",
        help_text="Dates like 2026-12-25, one a line.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    starts_at = LocalDateTimeField(required=False, label="Start", help_text="Empty: when it is launched.")
    ends_at = LocalDateTimeField(
        required=False,
        label="End",
        help_text="Calls not made by then are canceled. Empty: when all are made.",
    )

    class Meta:
        model = Campaign
        fields = [
            "name",
            "agent",
            "test_agent",
            "prompt_template",
            "phone_number",
            "starts_at",
            "ends_at",
        ]
        labels = {
            "test_agent": "Test agent",
            "prompt_template": "Prompt template",
            "phone_number": "Phone number",
        }
        help_texts = {
            "test_agent": "Calls the contacts marked as test. Empty: the agent above calls them, too.",
            "prompt_template": "Rendered for each contact and added to what the agent knows.",
            "phone_number": "Empty: the agent's own number.",
        }

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.location = location
        self.instance.location = location
        for name, queryset in (
            ("agent", Agent.objects.for_location(location)),
            ("test_agent", Agent.objects.for_location(location)),
            ("prompt_template", PromptTemplate.objects.filter(location=location)),
            ("phone_number", PhoneNumber.objects.for_location(location).filter(voice_enabled=True)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset
            field.to_field_name = "code"
        self.fields["agent"].empty_label = "Choose an agent"  # type: ignore[attr-defined]
        self.fields["test_agent"].empty_label = "The same agent"  # type: ignore[attr-defined]
        self.fields["prompt_template"].empty_label = "None"  # type: ignore[attr-defined]
        self.fields["phone_number"].empty_label = "The agent's number"  # type: ignore[attr-defined]
        tags = Tag.objects.filter(location=location)
        spoken = (
            Contact.objects.filter(location=location)
            .exclude(language="")
            .order_by("language")
            .values_list("language", flat=True)
            .distinct()
        )
        if not tags.exists():
            self.fields["tags_any"].help_text = "No contact has a tag yet: everybody is called."
        self.fields["tags_any"].queryset = self.fields["tags_none"].queryset = tags  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", "Any"), *((code, language(code)) for code in spoken)]  # type: ignore[attr-defined]
        self.fields["schedule_zone"].choices = [  # type: ignore[attr-defined]
            ("", "Whenever the law allows: 8:00 to 20:00 on the contact's clock"),
            (CONTACT, "In the hours below, on the contact's clock"),
            (location.timezone, f"In the hours below, on the location's clock ({location.timezone})"),
        ]
        schedule = self.instance.schedule
        self.initial["schedule_zone"] = schedule.get("tz", "")
        self.initial["hours"] = {} if schedule.get("days") == ALWAYS else schedule.get("days", {})
        self.initial["holidays"] = "\n".join(schedule.get("holidays", []))
        for name in ("starts_at", "ends_at"):
            self.fields[name].location = location  # type: ignore[attr-defined]
        if self.instance.pk:
            for name in ("agent", "test_agent", "prompt_template", "phone_number"):
                chosen = getattr(self.instance, name)
                self.initial[name] = chosen.code if chosen else None
            audience = self.instance.audience
            self.initial.update(
                {
                    key: audience[key]
                    for key in ("tags_any", "tags_none", "language", "search")
                    if key in audience
                }
            )

    def audience(self) -> dict[str, Any]:
        """The filters as Campaign.audience holds them, from the fields that are valid so far."""
        data = self.cleaned_data
        audience: dict[str, Any] = {
            "tags_any": [tag.name for tag in data.get("tags_any") or ()],
            "tags_none": [tag.name for tag in data.get("tags_none") or ()],
            "language": data.get("language", ""),
            "search": data.get("search", "").strip(),
        }
        return {key: value for key, value in audience.items() if value}

    def schedule(self) -> dict[str, Any]:
        """The schedule as compliance.schedules reads it; {} when only the legal hours hold."""
        data = self.cleaned_data
        if not data.get("schedule_zone"):
            return {}
        schedule: dict[str, Any] = {"tz": data["schedule_zone"], "days": data.get("hours") or ALWAYS}
        if holidays := data.get("holidays", "").replace(",", " ").split():
            schedule["holidays"] = holidays
        return schedule

    def clean_holidays(self) -> str:
        holidays = self.cleaned_data["holidays"].replace(",", " ").split()
        try:
            parse_schedule({"tz": CONTACT, "days": {}, "holidays": holidays})
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return "\n".join(holidays)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("schedule_zone") and "hours" in self.errors:
            del self.errors["hours"]  # They are not used then.
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if ends and ends <= timezone.now():
            self.add_error("ends_at", "The end has passed already. Choose a later one.")
        elif starts and ends and ends <= starts:
            self.add_error("ends_at", "The end must come after the start.")
        return data

    def save(self, commit: bool = True) -> Campaign:
        self.instance.audience = self.audience()
        self.instance.schedule = self.schedule()
        return super().save(commit)


class TestCallForm(forms.Form):
    """A staff member's own phone, and their word that it is."""

    __test__ = False  # A form, not a test that pytest should collect.

    phone = forms.CharField(
        label="Your own phone number",
        max_length=32,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    consent = forms.BooleanField(
        label="This is my own number, and I agree to be called on it by an AI agent.",
        error_messages={"required": "Without your consent no call may be made, not even a test."},
    )

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.location = location

    def clean_phone(self) -> str:
        place = place_of(self.cleaned_data["phone"].strip(), self.location.country)
        if place.problem is not None:
            raise forms.ValidationError(
                "This is not a number that can be called. Enter the number of a mobile phone or a landline."
            )
        return place.e164


class PlaceCallForm(forms.Form):
    """One call to one contact."""

    agent = forms.ModelChoiceField(queryset=Agent.objects.none(), to_field_name="code", empty_label=None)
    due_at = LocalDateTimeField(required=False, label="When", help_text="Empty: as soon as it may be placed.")
    purpose = forms.CharField(
        required=False, max_length=300, label="Why", help_text="Told to the agent and shown with the call."
    )

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset = Agent.objects.for_location(location)  # type: ignore[attr-defined]
        self.fields["due_at"].location = location  # type: ignore[attr-defined]


class RescheduleForm(forms.Form):
    """The new instant of a waiting call."""

    due_at = LocalDateTimeField(
        label="New time", help_text="The calling rules may move it later, never earlier."
    )

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_at"].location = location  # type: ignore[attr-defined]
        self.fields[
            "due_at"
        ].help_text = f"On the location's clock ({location.timezone}). The rules may move it later."
