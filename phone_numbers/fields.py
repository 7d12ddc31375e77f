"""A telephone number as people type it, in forms."""

from typing import Any

from django import forms

from compliance.zones import INVALID_NUMBER, place_of


class PhoneField(forms.CharField):
    """Cleans to E.164. Set `country` (ISO 3166) before it is cleaned: it reads numbers without a country code.

    Toll-free numbers are fine, for these are numbers that we are called on or transfer to; premium-rate ones are not.
    """

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        super().__init__(**{"max_length": 32, "widget": widget, **kwargs})
        self.country = ""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        place = place_of(text, self.country)
        if place.problem == INVALID_NUMBER:
            raise forms.ValidationError(
                "No telephone has this number. Write it with its area code, or like +1 303 555 0150."
            )
        if place.kind == "premium_rate":
            raise forms.ValidationError("This is a premium-rate number, which costs whoever calls it extra.")
        return place.e164
