"""Forms of external lists."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts.forms import DayField
from accounts.models import Location
from compliance.donotcall import SHORTEST_REASON
from compliance.list_loading import good_for
from compliance.models import ExternalList, ListChange, ListEdition, ListKind
from compliance.packs.applying import state_names
from compliance.rules import FURTHEST_AHEAD

MAX_LIST = 500_000_000  # bytes; forty million numbers


class EditionForm(forms.Form):
    """A file that becomes the next edition of a list."""

    file = forms.FileField(
        label="File",
        help_text="CSV or plain text, with or without a header, or one of them in a zip; up to 500 MB",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.zip,.xlsx,text/csv,text/plain"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )
    as_of = DayField(
        label="Date of the list",
        help_text="The day you got it from its source; it may be used for 31 days, of the United Kingdom for 28",
    )
    source = forms.CharField(
        label="Where it is from",
        max_length=200,
        required=False,
        help_text="For example “FTC registry” or the vendor’s name",
    )
    account_number = forms.RegexField(
        r"\A[A-Za-z0-9](?:[A-Za-z0-9 -]*[A-Za-z0-9])?\Z",
        label="Subscription account number (SAN)",
        max_length=40,
        required=False,
        help_text="Of the national registry of the US: the number under which it gave you this edition",
        error_messages={"invalid": "Write letters, digits and hyphens, as the registry gave it to you."},
    )
    change = forms.ChoiceField(
        label="What the file holds", choices=ListChange.choices, initial=ListChange.WHOLE
    )

    why_same = forms.CharField(
        label="Same numbers again",
        max_length=500,
        min_length=SHORTEST_REASON,
        required=False,
        help_text="Only if the source really published the same numbers again: how you know. It stays on record",
        error_messages={
            "min_length": f"Say how you know in at least {SHORTEST_REASON} characters; nothing was loaded."
        },
    )

    def __init__(self, *args: Any, location: Location, external_list: ExternalList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.location = location
        self.external_list = external_list
        if external_list.edition is None:
            del self.fields["change"]
            del self.fields["why_same"]
        if external_list.pk is not None and not external_list.has_account_number:
            del self.fields["account_number"]
        elif external_list.edition is not None:
            self.fields["account_number"].initial = external_list.edition.account_number

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_LIST:
            raise forms.ValidationError(
                f"The file has {(file.size or 0) / 1e6:,.0f} MB; at most {MAX_LIST / 1e6:,.0f} MB can be taken. "
                "Nothing was kept. Zip it, or load it in parts as numbers to add."
            )
        return file

    def clean_as_of(self) -> date:
        as_of: date = self.cleaned_data["as_of"]
        now = timezone.now()
        if as_of > now.astimezone(self.location.zone).date():
            raise forms.ValidationError("This day has not come yet; give the day you got the list.")
        age = good_for(self.cleaned_data.get("country") or self.external_list.country)
        if as_of + age < (now + FURTHEST_AHEAD).date():
            raise forms.ValidationError(
                f"A list of that day is more than {age.days} days old, so every call would be refused. "
                "Get the newest edition."
            )
        current = self.external_list.edition
        if current is not None and as_of < current.as_of:
            raise forms.ValidationError(
                f"The edition in force is of {current.as_of:%d %b %Y}, newer than that. It stays in force."
            )
        return as_of

    def edition(self, actor: Any) -> ListEdition:
        """The edition as the form says, not saved yet."""
        data = self.cleaned_data
        change = data.get("change", ListChange.WHOLE)
        return ListEdition(
            list=self.external_list,
            change=change,
            base=self.external_list.edition if change != ListChange.WHOLE else None,
            source=data["source"],
            account_number=data.get("account_number", ""),
            as_of=data["as_of"],
            file_name=(data["file"].name or "list")[-255:],
            created_by=actor,
        )


class EndingForm(forms.Form):
    """Why a list, or an emergency, is ended or taken up again."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        min_length=SHORTEST_REASON,
        help_text=f"At least {SHORTEST_REASON} characters, for whoever looks at this later; it stays on record",
        error_messages={
            "required": "Say why; nothing was changed.",
            "min_length": f"Say why in at least {SHORTEST_REASON} characters; nothing was changed.",
        },
    )


class ListForm(EditionForm):
    """A list that is to be checked from now on, with its first edition."""

    kind = forms.ChoiceField(label="Kind", choices=ListKind.choices)
    country = forms.ChoiceField(label="Country of its numbers")
    state = forms.ChoiceField(label="State", required=False, help_text="For a state register only")
    name = forms.CharField(
        label="Name", max_length=120, help_text="As your staff will read it, for example “National registry”"
    )

    field_order = ["kind", "country", "state", "name", "file", "as_of", "source", "account_number"]

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        new = ExternalList(organization=location.organization)
        super().__init__(*args, location=location, external_list=new, **kwargs)
        countries = sorted(
            {location.country, *location.organization.locations.values_list("country", flat=True)}
        )
        choosing = [("country", [(each, each) for each in countries]), ("state", self._states())]
        for name, choices in choosing:
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self.fields["country"].initial = location.country

    @staticmethod
    def _states() -> list[tuple[str, str]]:
        return [("", "–"), *sorted(state_names().items(), key=lambda row: row[1])]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if ExternalList.objects.active().filter(organization=self.location.organization, name=name).exists():
            raise forms.ValidationError(
                "A list has this name already. Load a new edition of it, or choose another."
            )
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        of_a_state = data.get("kind") == ListKind.STATE.value
        if of_a_state and not data.get("state"):
            self.add_error("state", "Choose the state whose register this is.")
        if of_a_state and data.get("country") not in (None, "US"):
            self.add_error("country", "State registers are American; choose US.")
        if not of_a_state:
            data["state"] = ""
        for name in ("kind", "country", "state", "name"):
            setattr(self.external_list, name, data.get(name, ""))
        if data.get("account_number") and not self.external_list.has_account_number:
            self.add_error(
                "account_number", "Only the national registry of the US gives one; leave it blank."
            )
        return data
