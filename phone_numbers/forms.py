"""Forms of phone numbers and of the carrier account."""

import re
from decimal import Decimal
from typing import Any

from django import forms

from accounts.forms import country_choices
from accounts.models import Location
from compliance import opt_in
from phone_numbers.fields import PhoneField
from phone_numbers.models import PhoneNumber
from telephony.models import CarrierAccount

KINDS = [("local", "Local"), ("mobile", "Mobile"), ("toll_free", "Toll-free")]


def account_field(location: Location) -> forms.ModelChoiceField:
    """A choice among the carrier accounts of the location's organization, the oldest first."""
    accounts = CarrierAccount.objects.filter(organization=location.organization).order_by("pk")
    return forms.ModelChoiceField(
        queryset=accounts, to_field_name="code", label="Carrier account", empty_label=None
    )


class NumberForm(forms.ModelForm):
    """What a number is called and what happens on it."""

    forward_number = PhoneField(
        required=False,
        label="Forward number",
        help_text="Takes the calls that an agent hands to a person, when the agent names no other.",
    )

    class Meta:
        model = PhoneNumber
        fields = ["name", "brand_name", "voice_enabled", "forward_number"]
        labels = {"brand_name": "Brand name", "voice_enabled": "Enable voice"}
        help_texts = {
            "name": "For you; nobody hears it.",
            "brand_name": "How the AI introduces itself on this number, at the start of every call.",
            "voice_enabled": "Off: no call goes out from this number, and it cannot be chosen.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["forward_number"].country = self.instance.location.country  # type: ignore[attr-defined]

    def clean_brand_name(self) -> str:
        name: str = self.cleaned_data["brand_name"]
        if trouble := opt_in.other_name(name, self.instance.location):
            raise forms.ValidationError(trouble)
        return name

    def clean_forward_number(self) -> str:
        forward: str = self.cleaned_data["forward_number"]
        if forward == self.instance.number:
            raise forms.ValidationError(
                "A number cannot forward to itself. Write a phone that a person answers."
            )
        return forward


class SearchForm(forms.Form):
    """Numbers on sale."""

    country = forms.ChoiceField(choices=country_choices)
    kind = forms.ChoiceField(choices=KINDS, label="Kind")
    area_code = forms.CharField(required=False, max_length=3, label="Area code (US, Canada)")
    contains = forms.CharField(required=False, max_length=16, label="Contains (* for any digit)")

    def __init__(self, data: Any, *, location: Location) -> None:
        accounts = account_field(location)
        first = accounts.queryset.first() if accounts.queryset is not None else None
        usual = {"country": location.country, "kind": "local", "account": first.code if first else ""}
        super().__init__({**usual, **data.dict()} if data is not None else None, initial=usual)
        self.fields["account"] = accounts

    def clean_area_code(self) -> str:
        area: str = self.cleaned_data["area_code"]
        if area and not re.fullmatch(r"[2-9]\d\d", area):
            raise forms.ValidationError("An area code has three digits, the first from 2 to 9.")
        if area and self.cleaned_data.get("country") not in ("US", "CA"):
            raise forms.ValidationError(
                "Area codes are for the United States and Canada. Use “contains” here."
            )
        return area

    def clean_contains(self) -> str:
        digits: str = re.sub(r"[\s().-]", "", self.cleaned_data["contains"])
        if digits and not re.fullmatch(r"\+?[\d*]{2,15}", digits):
            raise forms.ValidationError("Write at least two digits; * stands for any one.")
        return digits


class OrderForm(forms.Form):
    """One number of an account, to buy or to take over."""

    number = forms.RegexField(r"^\+[1-9]\d{6,14}$")
    name = forms.CharField(required=False, max_length=80)

    def __init__(self, data: Any, *, location: Location) -> None:
        super().__init__(data)
        self.fields["account"] = account_field(location)


class ConnectForm(forms.Form):
    """A Twilio account as its console shows it."""

    account_sid = forms.RegexField(
        r"^AC[0-9a-fA-F]{32}$",
        label="Account SID",
        help_text="Begins with AC; on the first page of the Twilio console.",
        error_messages={
            "invalid": "An account SID is AC and 32 letters and digits. Copy it from the Twilio console."
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    auth_token = forms.CharField(
        label="Auth token",
        max_length=64,
        help_text="Beside the SID. It is kept encrypted and never shown again.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    calls_per_second = forms.DecimalField(
        label="Calls a second",
        initial=Decimal(1),
        min_value=Decimal("0.1"),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        help_text="What Twilio allows the account: 1 unless you asked for more. Faster ones queue there too long.",
    )


class PaceForm(forms.ModelForm):
    """What the account may start."""

    calls_per_second = ConnectForm.base_fields["calls_per_second"]

    class Meta:
        model = CarrierAccount
        fields = ["calls_per_second"]


class TokenForm(forms.Form):
    """A new auth token."""

    auth_token = forms.CharField(
        label="New auth token",
        max_length=64,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Checked with the carrier before the old one is replaced.",
    )
