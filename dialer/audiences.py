"""Who a campaign calls, and how many of them may be called as things stand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Location
from compliance import ledger
from compliance.models import DoNotCallEntry
from compliance.places import TERRITORIES
from contacts.models import Contact, Tag


def chosen(location: Location, audience: dict[str, Any]) -> QuerySet[Contact]:
    """The contacts of the location that the filters choose; an empty audience is everybody.

    audience: as Campaign.audience. tags_any: at least one of them; tags_none: not one of them; language: "es" also
    finds "es-MX"; search: in name, e-mail and number. Each contact once.
    """
    contacts = Contact.objects.filter(location=location)
    if names := audience.get("tags_any"):
        contacts = contacts.filter(Exists(_tagged(location, names)))
    if names := audience.get("tags_none"):
        contacts = contacts.exclude(Exists(_tagged(location, names)))
    if language := audience.get("language"):
        contacts = contacts.filter(Q(language=language) | Q(language__startswith=f"{language}-"))
    if search := audience.get("search"):
        contacts = contacts.filter(matching(search))
    return contacts


def _tagged(location: Location, names: list[str]) -> QuerySet[Any]:
    tags = Tag.objects.filter(location=location, name__in=names).values("pk")
    return Contact.tags.through.objects.filter(contact_id=OuterRef("pk"), tag_id__in=tags)


def matching(search: str, prefix: str = "") -> Q:
    """Contacts whose name, e-mail or number has every word of the search; punctuation in numbers does not matter."""
    found = Q()
    for word in search.split():
        either = (
            Q(**{f"{prefix}first_name__icontains": word})
            | Q(**{f"{prefix}last_name__icontains": word})
            | Q(**{f"{prefix}email__icontains": word})
        )
        if digits := "".join(letter for letter in word if letter.isdigit()):
            either |= Q(**{f"{prefix}phone__contains": digits})
        found &= either
    return found


def callable_now(contacts: QuerySet[Contact], location: Location, now: datetime) -> QuerySet[Contact]:
    """Those of the contacts whom the rules about a person let be called: consent in force, not disturbed, not on the
    do-not-call list, a domestic number. What the rules about the clock and the limits say is left out.

    An estimate for a page: each call is decided anew, by compliance.rules, when it is due.
    """
    blocked = DoNotCallEntry.objects.active().filter(
        organization_id=location.organization_id, phone=OuterRef("phone")
    )
    home = next((group for group in TERRITORIES if location.country in group), {location.country})
    callable_contacts = contacts.filter(~Exists(blocked), dnd_voice=False, region__in=home).exclude(zones="")
    return ledger.with_consent(callable_contacts, now)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many contacts an audience has, how many of them may be called, and how many are marked as test."""

    contacts: int
    callable: int
    test: int


def reach(location: Location, audience: dict[str, Any], now: datetime) -> Reach:
    contacts = chosen(location, audience)
    return Reach(
        contacts=contacts.count(),
        callable=callable_now(contacts, location, now).count(),
        test=contacts.filter(is_test=True).count(),
    )
