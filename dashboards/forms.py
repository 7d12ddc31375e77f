"""Which days and which calls a dashboard shows."""

from datetime import date, timedelta

from django import forms

from accounts.forms import DayField
from accounts.models import Location
from dashboards.figures import LONGEST_DAYS, Days
from dialer.filters import local_today

RANGES = {"today": "Today", "7": "7 days", "30": "30 days", "custom": "Custom"}


class RangeForm(forms.Form):
    """Today, the last 7 or 30 days with today, or days of one's own; live calls or test calls. Empty: 7 days, live."""

    range = forms.ChoiceField(choices=list(RANGES.items()), required=False, label="Range")
    since = DayField(label="From", required=False)
    until = DayField(label="To", required=False)
    kind = forms.ChoiceField(
        choices=[("live", "Live calls"), ("test", "Test calls")], required=False, label="Call type"
    )

    def __init__(self, data: object, *, location: Location) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.today = local_today(location)

    def clean(self) -> dict[str, object]:
        chosen = super().clean() or {}
        if chosen.get("range") == "custom":
            since, until = chosen.get("since"), chosen.get("until")
            if not since or not until:
                if not self.errors:
                    self.add_error("since" if not since else "until", "Choose both days of the range.")
            elif until < since:
                self.add_error("until", "The last day comes before the first.")
            elif (until - since).days >= LONGEST_DAYS:
                self.add_error("until", f"At most {LONGEST_DAYS} days are shown at once. Choose fewer.")
        return chosen

    @property
    def chosen_range(self) -> str:
        return self.cleaned_data.get("range") or "7"

    @property
    def test(self) -> bool:
        return self.cleaned_data.get("kind") == "test"

    def days(self) -> Days:
        """The chosen days; those of the default when what was chosen is not valid."""
        if self.is_valid() and self.chosen_range == "custom":
            since, until = self.cleaned_data["since"], self.cleaned_data["until"]
            assert isinstance(since, date)
            return Days(since, until)
        length = {"today": 1, "30": 30}.get(self.chosen_range, 7)
        return Days(self.today - timedelta(days=length - 1), self.today)
