"""Gathering what decisions rest on: a fixed number of queries, however many calls are asked about."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from compliance import donotcall, ledger, list_numbers
from compliance.models import LocationDay, NumberDay
from compliance.packs.applying import packs_for, states_of
from compliance.rules import NUMBER_PERIOD, ContactFacts, Facts, LocationFacts
from compliance.schedules import schedule_json
from compliance.windows import WeeklyHours
from compliance.zones import NumberPlace, place_of
from contacts.models import Contact, OptInForm

# Version of the rules and of what facts are gathered; stored with every decision.
ENGINE = "3"

# The state of a contact's address, where a list had a column for it.
KNOWN_STATE = Coalesce(
    *(KeyTextTransform(name, "fields") for name in ("state", "State", "STATE")),
    Value(""),
    output_field=TextField(),
)

# Without a form whose wording is valid consent, a location counts as not enabled.
HAS_VALID_FORM = Exists(OptInForm.objects.filter(location=OuterRef("location"), valid=True))


@dataclass(frozen=True, slots=True)
class Ask:
    """One call to be decided: key names it in the answer; schedules narrow the hours (campaign's, agent's)."""

    key: int
    contact_id: int
    schedules: tuple[WeeklyHours, ...] = ()


def gather(asks: Iterable[Ask], at: datetime) -> dict[int, Facts]:
    """The facts of each ask at `at`, by key. A contact that no longer exists is left out.

    Six queries: contacts with their locations, consent, do-not-call, external lists, the numbers' dials, the locations'
    days.
    """
    asks = list(asks)
    contacts = {
        row[0]: row
        for row in Contact.objects.filter(pk__in={ask.contact_id for ask in asks}).values_list(
            "pk",
            "phone",
            "region",
            "number_kind",
            "zones",
            "timezone",
            "dnd_voice",
            "location_id",
            "location__country",
            "location__timezone",
            "location__outbound_enabled",
            "location__kyc_status",
            "location__organization_id",
            KNOWN_STATE,
            HAS_VALID_FORM,
        )
    }
    standings = ledger.standing(list(contacts), at)
    phones = {row[1] for row in contacts.values()}
    organization_ids = {row[12] for row in contacts.values()}
    risks = donotcall.risks(organization_ids, phones)
    listings = list_numbers.look_up(organization_ids, phones)
    places = {
        pk: _stored_place(row[1], row[2], row[3], row[4], row[5], row[8]) for pk, row in contacts.items()
    }
    packs = {pk: packs_for(row[8], places[pk], row[13]) for pk, row in contacts.items()}
    lists = {
        pk: list_numbers.facts_of(listings[row[12]], places[pk], states_of(row[8], places[pk], row[13]))
        for pk, row in contacts.items()
        if row[12] in listings
    }
    back = max(
        [NUMBER_PERIOD, *(cap.period for each in packs.values() for pack in each for cap in pack.caps)]
    )
    dialled: dict[str, set[datetime]] = defaultdict(set)
    for phone, instant in NumberDay.objects.filter(
        phone__in=phones, dialled_at__gt=at - back - timedelta(days=1)
    ).values_list("phone", "dialled_at"):
        dialled[phone].add(instant)
    days: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for location_id, instant, count in LocationDay.objects.filter(
        location_id__in={row[7] for row in contacts.values()}, last_dialled_at__gt=at - timedelta(days=2)
    ).values_list("location_id", "last_dialled_at", "dialled"):
        days[location_id].append((instant, count))

    found: dict[int, Facts] = {}
    for ask in asks:
        row = contacts.get(ask.contact_id)
        if row is None:
            continue
        (
            _,
            phone,
            _,
            _,
            _,
            _,
            dnd,
            location_id,
            country,
            zone,
            enabled,
            kyc,
            organization_id,
            _,
            collects,
        ) = row
        standing = standings.get(ask.contact_id)
        attempts = tuple(days.get(location_id, ()))
        found[ask.key] = Facts(
            LocationFacts(
                country=country,
                timezone=zone,
                outbound_enabled=enabled and collects,
                kyc_status=kyc,
                schedules=ask.schedules,
                attempts=attempts,
                last_attempt_at=max((instant for instant, _ in attempts), default=None),
            ),
            ContactFacts(
                place=places[ask.contact_id],
                opt_in_documented=standing is not None and standing.opt_in_documented,
                dnd_voice=dnd,
                opted_out_at=standing.opted_out_at if standing else None,
                blacklist_risk=risks.get((organization_id, phone)),
                lists=lists.get(ask.contact_id, ()),
            ),
            tuple(sorted(dialled.get(phone, ()))),
            packs[ask.contact_id],
        )
    return found


@lru_cache(maxsize=100_000)
def _stored_place(
    phone: str, region: str, kind: str, zones: str, known_zone: str, country: str
) -> NumberPlace:
    """The number's place as stored with the contact; read from the number itself where nothing was stored."""
    if not zones:
        return place_of(phone, country, known_zone or None)
    names = set(zones.split(","))
    if known_zone:
        names.add(known_zone)
    return NumberPlace(phone, region, kind, tuple(sorted(names)))


def with_standing(contact: ContactFacts, standing: ledger.Standing) -> ContactFacts:
    """The facts about a contact with another standing in the ledger."""
    return replace(contact, opt_in_documented=standing.opt_in_documented, opted_out_at=standing.opted_out_at)


def as_json(facts: Facts) -> dict[str, Any]:
    """The facts as the `decide` command takes them (without `now`), for the decision's row."""
    location, contact = facts.location, facts.contact
    return {
        "location": {
            "country": location.country,
            "timezone": location.timezone,
            "outbound_enabled": location.outbound_enabled,
            "kyc_status": location.kyc_status,
            "schedules": [schedule_json(hours) for hours in location.schedules],
            "attempts": [{"at": at.isoformat(), "count": count} for at, count in location.attempts],
            "last_attempt_at": location.last_attempt_at.isoformat() if location.last_attempt_at else None,
        },
        "contact": {
            "phone": contact.place.e164,
            "region": contact.place.region,
            "zones": list(contact.place.zones),
            "opt_in_documented": contact.opt_in_documented,
            "dnd_voice": contact.dnd_voice,
            "opted_out_at": contact.opted_out_at.isoformat() if contact.opted_out_at else None,
            "blacklist_risk": contact.blacklist_risk,
            "lists": [
                {"kind": each.kind, "name": each.name, "as_of": each.as_of.isoformat(), "listed": each.listed}
                for each in contact.lists
            ],
        },
        "number_attempts": [at.isoformat() for at in facts.number_attempts],
        "rule_packs": [pack.name for pack in facts.packs],
    }
