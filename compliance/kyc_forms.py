"""The business's details, as a form. It keeps whatever is typed; compliance.kyc says what is wrong with it."""

from typing import Any

from django import forms

from accounts.forms import country_choices
from compliance.kyc import STATEMENTS
from compliance.models import BusinessType, KycProfile, OperatingRegion, RegistrationType

SECTIONS = (
    ("The business", ("legal_name", "trade_names", "business_type", "owners", "industry", "operates_in")),
    ("Its pages", ("website", "privacy_url", "terms_url")),
    ("Its registration", ("registration_country", "registration_type", "registration_number")),
    ("Where it is", ("street", "city", "region", "postal_code", "country")),
    ("First representative", ("first_name", "first_title", "first_email", "first_phone")),
    ("Second representative", ("second_name", "second_title", "second_email", "second_phone")),
    ("What it calls for", ("use_case",)),
)


class KycForm(forms.ModelForm):
    """Nothing is required here: an owner who is interrupted keeps what is written so far."""

    class Meta:
        model = KycProfile
        fields = [name for _, names in SECTIONS for name in names]
        labels = {
            "legal_name": "Legal name",
            "trade_names": "Names it trades under",
            "owners": "Owners",
            "business_type": "Kind of business",
            "operates_in": "Where it does business",
            "privacy_url": "Privacy policy",
            "terms_url": "Terms",
            "registration_country": "Country of registration",
            "registration_type": "Register",
            "registration_number": "Number there",
            "street": "Street and house number",
            "region": "State or region",
            "postal_code": "Postal code",
            "first_name": "Name",
            "first_title": "Position",
            "first_email": "E-mail",
            "first_phone": "Phone",
            "second_name": "Name",
            "second_title": "Position",
            "second_email": "E-mail",
            "second_phone": "Phone",
            "use_case": "Use case",
        }
        help_texts = {
            "legal_name": "Exactly as it is registered.",
            "trade_names": (
                "One a line, as registered. An opt-in form counts when it names the business by one of these, by its "
                "legal name, or as the organization or location is called here."
            ),
            "owners": "Everybody with a quarter of it or more, one a line.",
            "website": "With https://.",
            "privacy_url": "The address of its page, with https://.",
            "terms_url": "The address of their page, with https://.",
            "use_case": "Whom you call, why, and how they agreed to it.",
            "first_title": "Such as owner or practice manager.",
        }
        widgets = {
            "use_case": forms.Textarea(attrs={"rows": 4}),
            **{name: forms.Textarea(attrs={"rows": 2}) for name in ("trade_names", "owners")},
            **{
                name: forms.TextInput(attrs={"type": "url", "placeholder": "https://"})
                for name in ("website", "privacy_url", "terms_url")
            },
            **{f"{who}_email": forms.TextInput(attrs={"type": "email"}) for who in ("first", "second")},
            **{f"{who}_phone": forms.TextInput(attrs={"type": "tel"}) for who in ("first", "second")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("registration_country", "country"):
            self.fields[name] = forms.ChoiceField(
                required=False, choices=[("", "–"), *country_choices()], label=self.fields[name].label
            )
            if self.instance.pk is None:
                self.initial[name] = self.instance.location.country
        for name, kinds in (
            ("business_type", BusinessType),
            ("registration_type", RegistrationType),
            ("operates_in", OperatingRegion),
        ):
            self.fields[name].choices = [("", "–"), *kinds.choices]  # type: ignore[attr-defined]
        if self.instance.pk is None:
            self.initial["legal_name"] = self.instance.location.organization.name

    def clean_trade_names(self) -> str:
        return _lines(self.cleaned_data["trade_names"])

    def clean_owners(self) -> str:
        return _lines(self.cleaned_data["owners"])

    def clean_registration_number(self) -> str:
        return " ".join(self.cleaned_data["registration_number"].upper().split())


def _lines(text: str) -> str:
    """One name a line, without what a keyboard put around them."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


class AttestationForm(forms.Form):
    """The owner's word, statement by statement."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, words in STATEMENTS.items():
            self.fields[key] = forms.BooleanField(required=False, label=words)

    def ticked(self) -> list[str]:
        return [key for key in STATEMENTS if self.cleaned_data.get(key)]


def name_of(field: str) -> str:
    """A field's name with its section's, for where it stands alone: "First representative, e-mail"."""
    section = next(title for title, names in SECTIONS if field in names)
    label = str(KycForm.base_fields[field].label)
    return f"{section}, {label[:1].lower()}{label[1:]}"
