"""Forms of the page Proof: which period, and which changed rule packs."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.forms import DayField
from accounts.models import Location
from compliance.packs import NAME
from compliance.proof_jobs import LARGEST_PACK, read_pack

LONGEST = timedelta(days=5 * 366)


class PeriodForm(forms.Form):
    """Two days of the location's calendar, both included; cleaned to `start` and `end`, the instants around them."""

    first = DayField(label="From")
    last = DayField(label="To, that day included")

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        today = timezone.now().astimezone(location.zone).date()
        kwargs.setdefault("initial", {"first": today - timedelta(days=30), "last": today})
        super().__init__(*args, **kwargs)
        self.location = location

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if isinstance(first, date) and isinstance(last, date):
            if last < first:
                self.add_error("last", "The last day lies before the first.")
            elif last - first > LONGEST:
                self.add_error("last", "At most five years at once.")
            else:
                zone = self.location.zone
                data["start"] = datetime.combine(first, time(), zone)
                data["end"] = datetime.combine(last + timedelta(days=1), time(), zone)
        return data


class ExportForm(PeriodForm):
    whole = forms.BooleanField(
        label="Also the other locations of the organization that I manage", required=False
    )


class ReplayForm(PeriodForm):
    pack = forms.FileField(
        label="Changed rule pack",
        required=False,
        help_text="A file such as us-tx.toml. Without one, the packs that are installed now are asked.",
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )

    def clean_pack(self) -> dict[str, str]:
        """The pack's text by its name; none for no file."""
        file = self.cleaned_data.get("pack")
        if not file:
            return {}
        name, _, ending = file.name.rpartition(".")
        if ending.lower() != "toml" or not NAME.fullmatch(name):
            raise forms.ValidationError("Name the file after its country or state: ca.toml, us-tx.toml.")
        if file.size > LARGEST_PACK:
            raise forms.ValidationError("A rule pack is a text of at most 64 kB.")
        try:
            text = file.read().decode("utf-8")
            read_pack(name, text)
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is not UTF-8 text. Save it as UTF-8.") from None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
        return {name: text}
