"""The filters of the contacts list: one form for the page, its address and what bulk actions act on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.formatting import language
from accounts.models import Location
from contacts.models import Contact, Tag

YES_NO = [("", "Any"), ("yes", "Yes"), ("no", "No")]

_with_consent: Callable[[QuerySet[Contact], datetime], QuerySet[Contact]]
_for_tests_only: Callable[[QuerySet[Contact], datetime], QuerySet[Contact]]


def register_consent(
    function: Callable[[QuerySet[Contact], datetime], QuerySet[Contact]],
    for_tests_only: Callable[[QuerySet[Contact], datetime], QuerySet[Contact]],
) -> None:
    """Compliance says whose consent stands, and whose is to test calls alone: each (contacts, at) keeps those."""
    global _with_consent, _for_tests_only
    _with_consent, _for_tests_only = function, for_tests_only


def for_tests_only(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Those of `contacts` who agreed to test calls and to nothing else."""
    return _for_tests_only(contacts, timezone.now())


def with_consent(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Those whose consent to calls is documented and not taken back."""
    return _with_consent(contacts, timezone.now())


class ContactFilter(forms.Form):
    """Everything in the address of the list; what is not understood is left out, never an error page."""

    q = forms.CharField(label="Search", required=False, max_length=100)
    tag = forms.ChoiceField(label="Tag", required=False)
    language = forms.ChoiceField(label="Language", required=False)
    consent = forms.ChoiceField(label="Consent", required=False, choices=YES_NO)
    dnd = forms.ChoiceField(label="Do not call", required=False, choices=YES_NO)
    test = forms.ChoiceField(label="Test contact", required=False, choices=YES_NO)

    def __init__(self, data: Any, *, location: Location) -> None:
        super().__init__(data)
        self.location = location
        contacts = Contact.objects.for_location(location)
        spoken = (
            contacts.exclude(language="").values_list("language", flat=True).distinct().order_by("language")
        )
        tags = Tag.objects.filter(location=location).values_list("name", flat=True)
        self.fields["tag"].choices = [("", "Any"), *((name, name) for name in tags)]  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", "Any"), *((code, language(code)) for code in spoken)]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are set and understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def apply(self) -> QuerySet[Contact]:
        """The location's contacts that pass."""
        contacts = Contact.objects.for_location(self.location)
        chosen = self.chosen
        if words := chosen.get("q"):
            contacts = contacts.filter(_matching(words))
        if name := chosen.get("tag"):
            tagged = Contact.tags.through.objects.filter(contact=OuterRef("pk"), tag__name=name)
            contacts = contacts.filter(Exists(tagged))
        if tag := chosen.get("language"):
            contacts = contacts.filter(language=tag)
        if consent := chosen.get("consent"):
            agreed = with_consent(contacts)
            listed = contacts.filter(pk__in=agreed.values("pk"))
            contacts = listed if consent == "yes" else contacts.exclude(pk__in=agreed.values("pk"))
        if dnd := chosen.get("dnd"):
            contacts = contacts.filter(dnd_voice=dnd == "yes")
        if test := chosen.get("test"):
            contacts = contacts.filter(is_test=test == "yes")
        return contacts


def _matching(words: str) -> Q:
    """Every word begins or is in a name or e-mail; digits are sought in the number."""
    digits = "".join(c for c in words if c.isdigit())
    if len(digits) >= 3 and not any(c.isalpha() for c in words):
        return Q(phone__contains=digits)
    found = Q()
    for word in words.split():
        found &= Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
    return found
