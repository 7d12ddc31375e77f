"""Forms of the do-not-call list and of consent."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from accounts import formatting
from accounts.forms import DayField
from accounts.models import Location
from compliance import clips, opt_in, sellers
from compliance.donotcall import SHORTEST_REASON
from compliance.ledger import SHORTEST_EVIDENCE
from compliance.models import ConsentSource, Purpose, Risk
from contacts.forms import FormChoice, VouchField
from contacts.models import Contact
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
        help_text="For example “Signed intake form of 3 March, cabinet 2”; of a recorded call, what they say in it",
        error_messages={
            "min_length": f"Say in at least {SHORTEST_EVIDENCE} characters where the proof is; nothing was recorded."
        },
    )
    call = forms.ChoiceField(
        label="Is it in a recorded call?",
        required=False,
        help_text="A call in which the person agrees in their own words, or asks to be called",
    )
    point = forms.CharField(
        label="Where in the recording?",
        required=False,
        max_length=10,
        help_text="Minutes and seconds, as the player shows them: 1:23",
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

    field_order = [
        "evidence",
        "call",
        "point",
        "form",
        "vouched",
        "purpose",
        "seller",
        "given_on",
        "expires_on",
    ]

    def __init__(self, *args: Any, location: Location, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.location = location
        self.fields["form"].offer(location)  # type: ignore[attr-defined]
        self.clips = {clip.code: clip for clip in clips.recorded(contact)}
        if self.clips:
            self._offer_calls()
        else:
            del self.fields["call"], self.fields["point"]
        self.names = opt_in.names_of(location)
        self.fields["seller"].initial = self.names[0][:120]

    def _offer_calls(self) -> None:
        now, zone = timezone.now(), self.location.timezone
        self.fields["call"].choices = [  # type: ignore[attr-defined]
            ("", "No, the proof is elsewhere"),
            *(
                (
                    clip.code,
                    f"{'They called' if clip.inbound else 'We called'} {formatting.clock(clip.at, zone, now)}, "
                    f"{clips.written(clip.length)} long",
                )
                for clip in self.clips.values()
            ),
        ]
        self.fields["given_on"].required = False
        self.fields[
            "given_on"
        ].help_text = "Needed, unless it is in a recorded call: what is said there was given then"
        self.fields["vouched"].label = (
            "In other words, which I have read or heard: they name this business, ask for marketing calls with an "
            "artificial or AI voice to the number given, and are no condition of a purchase."
        )

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
        clip = self.clips.get(data.get("call", ""))
        if clip is not None:
            self._clean_clip(clip, data)
            given = clip.at.astimezone(self.location.zone).date()
        elif not given and "given_on" not in self.errors:
            self.add_error("given_on", "Say when they agreed.")
        if expires and given and expires <= given:
            self.add_error("expires_on", "It would end before it began.")
        if given and clip is None:
            # Given today, it was given by now: so it can follow an opt-out of this morning. Of earlier days only the
            # day is known, and an opt-out of that same day stands.
            start = datetime.combine(given, time(), self.location.zone).astimezone(UTC)
            data["captured_at"] = now if given == today else start
        if given and data.get("form") and "given_on" not in self.errors:
            data["wording"] = opt_in.wordings_on(data["form"], [given]).get(given)
            if data["wording"] is None:
                self.add_error(
                    "given_on",
                    f"{data['form']} was first written here after this day, so nobody can have agreed on it. Mend the "
                    "day, or choose none of the forms and vouch for the wording that they saw.",
                )
        data["expires_at"] = (
            datetime.combine(expires, time.max, self.location.zone).astimezone(UTC) if expires else None
        )
        return data

    def _clean_clip(self, clip: clips.Clip, data: dict[str, Any]) -> None:
        """Consent that is heard in a recorded call: given at that moment, under the words that are heard there."""
        point = clips.point_in(data.get("point", ""))
        if data.get("form"):
            self.add_error("form", "Choose the form or the recorded call: each is a proof of its own.")
        if point is None or point > clip.length:
            self.add_error(
                "point",
                "Say where in the recording they agree, as minutes and seconds. It is "
                f"{clips.written(clip.length)} long.",
            )
            return
        data |= {
            "captured_at": clip.at + point,
            "source": ConsentSource.INBOUND_CALL if clip.inbound else ConsentSource.VERBAL_CLIP,
            "url": clip.url,
            "evidence": f"Recorded call, at {clips.written(point)}: {data.get('evidence', '')}",
        }


class OptOutForm(forms.Form):
    reason = forms.CharField(
        label="What did the person say?",
        max_length=500,
        min_length=3,
        help_text="It goes into the consent ledger and on the do-not-call list",
    )
    risk = forms.ChoiceField(label="Risk", choices=Risk.choices, initial=Risk.HIGH)
