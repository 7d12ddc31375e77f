"""Forms of the do-not-call list and of consent."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from accounts.forms import DayField
from accounts.models import Location
from compliance import opt_in, sellers
from compliance.donotcall import SHORTEST_REASON
from compliance.ledger import SHORTEST_EVIDENCE
from compliance.models import Purpose, Risk
from contacts.forms import FormChoice, VouchField
from contacts.rows import NotANumberError, read_phone


class AddNumberForm(forms.Form):
    """A number that nobody in the organization may call any more."""

    phone = forms.CharField(
        label="Phone number", max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    reason = forms.CharField(
        label="Reason", max_length=500, help_text="What happened, for whoever looks at this later"
    )
    risk = forms.ChoiceField(
        label="Risk",
        choices=Risk.choices,
        initial=Risk.HIGH,
        help_text=(
            "Every level blocks calls. High: a clear demand or legal threat; medium: a wrong number; low: a vague wish."
        ),
    )

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.location = location

    def clean_phone(self) -> str:
        try:
            return read_phone(self.cleaned_data["phone"], self.location.country)[0]
        except NotANumberError as error:
            raise forms.ValidationError(f"{error}.") from None


class RemoveNumberForm(forms.Form):
    reason = forms.CharField(
        label="Why may this number be called again?",
        max_length=500,
        min_length=SHORTEST_REASON,
        help_text=(
            f"At least {SHORTEST_REASON} characters, for whoever looks at this later. No consent comes back by this: "
            "the number is called only with consent later than the opt-out, on a form that is written here"
        ),
        error_messages={
            "min_length": f"Say why in at least {SHORTEST_REASON} characters; the number is still listed."
        },
    )


class ConsentForm(forms.Form):
    """Consent that staff record: it needs its proof, its day, what it is for and whose calls it is to."""

    evidence = forms.CharField(
        label="Where is the proof?",
        max_length=1000,
        min_length=SHORTEST_EVIDENCE,
        help_text="For example “Signed intake form of 3 March, cabinet 2”",
        error_messages={
            "min_length": f"Say in at least {SHORTEST_EVIDENCE} characters where the proof is; nothing was recorded."
        },
    )
    form = FormChoice(label="On which form?")
    purpose = forms.ChoiceField(
        label="What did they agree to be called for?",
        choices=[
            (Purpose.MARKETING, "Marketing: offers, promotions, anything that may sell"),
            (
                Purpose.INFORMATIONAL,
                "Information only, such as reminders: it is kept, and no call rests on it, since calls of an agent "
                "count as marketing",
            ),
        ],
        widget=forms.RadioSelect,
        initial=Purpose.MARKETING,
    )
    seller = forms.CharField(
        label="Whose calls did they agree to?",
        max_length=120,
        help_text="The business as it was named to them; of a form written here, the one that the form names is kept",
    )
    vouched = VouchField()
    given_on = DayField(label="Given on")
    expires_on = DayField(
        label="Valid until", required=False, help_text="Leave blank when it has no end of its own"
    )

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.location = location
        self.fields["form"].offer(location)  # type: ignore[attr-defined]
        self.names = opt_in.names_of(location)
        self.fields["seller"].initial = self.names[0][:120]

    def clean_seller(self) -> str:
        seller: str = self.cleaned_data["seller"]
        if not sellers.same_business(seller, self.names):
            raise forms.ValidationError(
                f"Consent to calls of another business allows none of yours: {', '.join(self.names)}. If you trade "
                "under this name too, an owner adds it under Compliance, Enable outbound calls, in the details of the "
                "business."
            )
        return seller

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_marketing = data.get("purpose") == Purpose.MARKETING
        if is_marketing and "form" not in self.errors and not (data.get("form") or data.get("vouched")):
            self.add_error("vouched", VouchField.NEEDED)
        now = timezone.now()
        today = now.astimezone(self.location.zone).date()
        given, expires = data.get("given_on"), data.get("expires_on")
        if given and given > today:
            self.add_error("given_on", "This day has not come yet; consent is recorded when it was given.")
        if expires and given and expires <= given:
            self.add_error("expires_on", "It would end before it began.")
        if given:
            # Given today, it was given by now: so it can follow an opt-out of this morning. Of earlier days only the
            # day is known, and an opt-out of that same day stands.
            start = datetime.combine(given, time(), self.location.zone).astimezone(UTC)
            data["captured_at"] = now if given == today else start
        data["expires_at"] = (
            datetime.combine(expires, time.max, self.location.zone).astimezone(UTC) if expires else None
        )
        return data


class OptOutForm(forms.Form):
    reason = forms.CharField(
        label="What did the person say?",
        max_length=500,
        min_length=3,
        help_text="It goes into the consent ledger and on the do-not-call list",
    )
    risk = forms.ChoiceField(label="Risk", choices=Risk.choices, initial=Risk.HIGH)
