"""Forms of contacts and of imports."""

from datetime import date
from typing import Any
from zoneinfo import available_timezones

import pytz
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts import formatting
from accounts.forms import DayField
from accounts.models import Location
from contacts import filters, places, values
from contacts.models import Contact, OptInForm, Tag
from contacts.rows import LONGEST_TAG, NotANumberError, Options, read_phone

MAX_UPLOAD = 200_000_000  # bytes; a list of two million rows


class TagsField(forms.CharField):
    """Tags separated by commas or semicolons, as a list of names."""

    def clean(self, value: Any) -> list[str]:
        names = list(values.tags(super().clean(value) or ""))
        if any(len(name) > LONGEST_TAG for name in names):
            raise forms.ValidationError(f"A tag has at most {LONGEST_TAG} characters.")
        return names


class ContactForm(forms.ModelForm):
    """A contact added or changed by hand. Consent and "do not call" need evidence and have forms of their own."""

    tags = TagsField(label="Tags", required=False, help_text="Separated by commas")

    class Meta:
        model = Contact
        fields = [
            "phone", "first_name", "last_name", "email", "language", "state", "timezone", "dnd_sms", "is_test",
            "notes",
        ]  # fmt: skip
        labels = {
            "phone": "Phone number",
            "email": "E-mail",
            "timezone": "Time zone",
            "is_test": "Test contact",
        }
        help_texts = {
            "state": "Where the person lives, as TX, Texas or a ZIP code: calls keep to the hours there, too.",
            "timezone": "Only if you know where the person is, such as America/Denver: calls keep to that clock, too.",
        }
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "email": forms.TextInput(attrs={"type": "email", "autocomplete": "off"}),
            "language": forms.Select,
            "timezone": forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    field_order = [
        "phone", "first_name", "last_name", "email", "language", "state", "timezone", "tags", "notes",
        "is_test", "dnd_sms",
    ]  # fmt: skip

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.location = location
        self.place: places.Place | None = None
        self.zones = pytz.country_timezones.get(str(location.country), [])
        known = sorted({*values.LANGUAGE_CODES, self.instance.language} - {""}, key=formatting.language)
        widget: Any = self.fields["language"].widget
        widget.choices = [("", "Not known"), *((code, formatting.language(code)) for code in known)]
        if self.instance.pk:
            self.fields["tags"].initial = ", ".join(self.instance.tags.values_list("name", flat=True))
            self.fields["phone"].help_text = "Consent belongs to the number: a new number needs its own."

    def clean_phone(self) -> str:
        try:
            phone, self.place = read_phone(self.cleaned_data["phone"], self.location.country)
        except NotANumberError as error:
            raise forms.ValidationError(f"{error}.") from None
        taken = Contact.objects.for_location(self.location).filter(phone=phone).exclude(pk=self.instance.pk)
        if other := taken.first():
            raise forms.ValidationError(f"{other} has this number already.")
        return phone

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip()
        return forms.EmailField(max_length=254).clean(email) if email else ""

    def clean_language(self) -> str:
        code = values.language(self.cleaned_data["language"])
        if code is None:
            raise forms.ValidationError("Choose a language.")
        return code

    def clean_state(self) -> str:
        written = " ".join(self.cleaned_data["state"].split())
        if not written or written == self.instance.state:
            return written
        state = places.state_of(written, self.location.country)
        if state is None:
            raise forms.ValidationError("Write a state such as TX or Texas, or leave it blank.")
        return state

    def clean_is_test(self) -> bool:
        is_test: bool = self.cleaned_data["is_test"]
        held = Contact.objects.filter(pk=self.instance.pk)
        if not is_test and self.instance.pk and filters.for_tests_only(held).exists():
            raise forms.ValidationError(
                "The consent of this contact is to test calls only: it stays a test contact until that consent ends, "
                "or until you record their consent to other calls."
            )
        return is_test

    def clean_timezone(self) -> str:
        name = self.cleaned_data["timezone"].strip()
        if name and name not in available_timezones():
            raise forms.ValidationError("Write a time zone such as America/Denver.")
        return name

    def save(self, commit: bool = True) -> Contact:
        contact: Contact = super().save(commit=False)
        contact.location = self.location
        if self.place is not None:
            contact.region = self.place.region or ""
            contact.number_kind = self.place.kind
            contact.zones = ",".join(self.place.zones)
        if commit:
            contact.save()
            contact.tags.set(tags_named(self.location, self.cleaned_data["tags"]))
        return contact


def tags_named(location: Location, names: list[str]) -> list[Tag]:
    """The location's tags of these names, made where they are missing."""
    Tag.objects.bulk_create([Tag(location=location, name=name) for name in names], ignore_conflicts=True)
    return list(Tag.objects.filter(location=location, name__in=names))


class UploadForm(forms.Form):
    file = forms.FileField(
        label="List",
        help_text="CSV or Excel (.xlsx), up to 200 MB, with one contact a row",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_UPLOAD:
            raise forms.ValidationError(
                f"The file has {(file.size or 0) / 1e6:,.0f} MB; at most {MAX_UPLOAD / 1e6:,.0f} MB can be taken. "
                "Nothing was kept. Split it, or save it as CSV."
            )
        return file


class FormChoice(forms.ModelChoiceField):
    """The opt-in form on which people agreed; what it said on that day is kept with their consent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=OptInForm.objects.none(),
            to_field_name="code",
            required=False,
            empty_label="None of these forms",
            help_text=(
                "Of a form, its wording on the day they agreed is kept. Where it was changed on that very day, the "
                "earlier one counts."
            ),
            **kwargs,
        )

    def offer(self, location: Location) -> None:
        """Offer the location's forms that are in use."""
        self.queryset = OptInForm.objects.filter(location=location, retired_at=None).order_by("name")

    def label_from_instance(self, form: OptInForm) -> str:
        return form.name if form.valid else f"{form.name} (not valid: makes nobody callable)"


class VouchField(forms.BooleanField):
    """The word of whoever records consent under a wording that is not written here, so that no scan can read it."""

    # What the summary of a form's errors calls it: the label is a whole statement.
    short = "Another wording"
    NEEDED = "Choose the form on which they agreed, or vouch for the wording that they saw."

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            label=(
                "On another form, whose wording I have read: it names this business, asks for marketing calls with an "
                "artificial or AI voice to the number given, and is no condition of a purchase."
            ),
            help_text="Kept with your name and shown wherever the consent is.",
            **kwargs,
        )


class OptionsForm(forms.Form):
    """What holds for the whole list: above all where the proof of consent is."""

    consent = forms.ChoiceField(
        label="Consent to be called",
        choices=[
            ("column", "As its column says"),
            ("everyone", "Everyone on this list agreed"),
            ("nobody", "Record no consent"),
        ],
        widget=forms.RadioSelect,
        initial="column",
    )
    evidence = forms.CharField(
        label="Where is the proof?",
        required=False,
        max_length=500,
        help_text="For example “Signed intake forms of 2026, cabinet 3”. It is kept with every consent of this list.",
    )
    form = FormChoice(label="On which form did they agree?")
    vouched = VouchField()
    consent_date = DayField(
        label="Date of consent where a row has none",
        required=False,
        help_text="Without a date no consent is recorded.",
    )
    tags = TagsField(
        label="Tags for every contact of this list", required=False, help_text="Separated by commas"
    )

    def __init__(self, *args: Any, location: Location, mapping: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.location = location
        self.mapping = mapping
        self.fields["form"].offer(location)  # type: ignore[attr-defined]

    def clean_consent_date(self) -> date | None:
        day: date | None = self.cleaned_data["consent_date"]
        if day and day > timezone.now().astimezone(self.location.zone).date():
            raise forms.ValidationError("This day has not come yet; consent is recorded when it was given.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        records = data.get("consent") == "everyone" or (
            data.get("consent") == "column" and "consent" in self.mapping
        )
        if records and len(data.get("evidence", "").strip()) < 10:
            self.add_error(
                "evidence",
                "Say in at least 10 characters where the proof of consent is, or record no consent.",
            )
        if records and "form" not in self.errors and not (data.get("form") or data.get("vouched")):
            self.add_error("vouched", VouchField.NEEDED)
        if (
            data.get("consent") == "everyone"
            and "consent_date" not in self.mapping
            and not data.get("consent_date")
        ):
            self.add_error("consent_date", "Say when they agreed.")
        return data

    def options(self) -> Options:
        """The options as far as they are valid: a preview shows what they would do."""
        data = self.cleaned_data
        day = data.get("consent_date")
        return Options(
            consent=data.get("consent") or "column",
            evidence=data.get("evidence", "").strip(),
            consent_date=day.isoformat() if day else "",
            form=data["form"].code if data.get("form") else "",
            vouched=bool(data.get("vouched") and not data.get("form")),
            tags=data.get("tags") or [],
        )
