"""Gathering what decisions rest on: a fixed number of queries, however many calls are asked about."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from accounts.database import among, asked, fetched, instant, json_text, listed
from compliance import donotcall, emergencies, ledger, list_numbers, refusals
from compliance.packs import RulePack
from compliance.packs.applying import packs_for, states_of, with_known_state
from compliance.places import NumberPlace
from compliance.rules import NUMBER_PERIOD, ContactFacts, EmergencyFact, Facts, ListFact, LocationFacts
from compliance.windows import WeeklyHours
from compliance.zones import place_of, zones_of_area

# Where lists whose columns were kept as they are have the state of a contact's address.
STATE_COLUMNS = ("state", "State", "STATE")

# Without a form whose wording is valid consent, a location counts as not enabled.
ENABLED = "l.outbound_enabled AND EXISTS (SELECT 1 FROM contacts_optinform f WHERE f.location_id = l.id AND f.valid)"


@dataclass(frozen=True, slots=True)
class Ask:
    """One call to be decided: key names it in the answer; schedules narrow the hours (campaign's, agent's)."""

    key: int
    contact_id: int
    schedules: tuple[WeeklyHours, ...] = ()


def gather(asks: Iterable[Ask], at: datetime) -> dict[int, Facts]:
    """The facts of each ask at `at`, by key. A contact that no longer exists is left out.

    Seven queries: contacts with their locations, consent, do-not-call, external lists, emergencies, the numbers' dials,
    the locations' days; one more where a pack asks for a pause after a refusal.
    """
    asks = list(asks)
    rows = _contact_rows({ask.contact_id for ask in asks})
    # Asked for first and read last: in a pipeline PostgreSQL looks them up while what the contacts tell is worked out.
    answer_standings = ledger.ask_standing([row[0] for row in rows], at)
    answer_days = _ask_location_attempts({row[7] for row in rows}, at - timedelta(days=2))
    contacts = _contacts(rows)
    phones = {contact.phone for contact in contacts.values()}
    back = max(
        [
            NUMBER_PERIOD,
            *(cap.period for each in contacts.values() for pack in each.packs for cap in pack.caps),
        ]
    )
    answer_dialled = _ask_number_attempts(phones, at - back - timedelta(days=1))
    called = {(contact.organization_id, contact.phone) for contact in contacts.values()}
    risks = donotcall.risks(called)
    listings = list_numbers.look_up(called, at)
    declared = emergencies.not_over({contact.organization_id for contact in contacts.values()}, at)
    refused = refusals.newest(
        {(each.organization_id, each.phone) for each in contacts.values() if refusals.matter(each.packs)}
    )
    standings, days, dialled = answer_standings(), answer_days(), answer_dialled()

    found: dict[int, Facts] = {}
    for ask in asks:
        contact = contacts.get(ask.contact_id)
        if contact is None:
            continue
        standing = standings.get(ask.contact_id, ledger.NOTHING)
        attempts = days.get(contact.location_id, ())
        found[ask.key] = Facts(
            LocationFacts(
                contact.country,
                contact.location_zone,
                contact.outbound_enabled,
                contact.kyc_status,
                ask.schedules,
                attempts,
                max((newest for newest, _ in attempts), default=None),
            ),
            ContactFacts(
                contact.place,
                standing.opt_in_documented,
                contact.dnd_voice,
                standing.opted_out_at,
                risks.get((contact.organization_id, contact.phone)),
                _lists(listings, contact),
                refused.get((contact.organization_id, contact.phone)),
            ),
            dialled.get(contact.phone, ()),
            contact.packs,
            _emergencies(declared, contact) if declared else (),
        )
    return found


@dataclass(slots=True)
class _Contact:
    """A contact with its location, as read, and what follows from its number."""

    phone: str
    dnd_voice: bool
    location_id: int
    country: str
    location_zone: str
    outbound_enabled: bool
    kyc_status: str
    organization_id: int
    state: str
    place: NumberPlace
    packs: tuple[RulePack, ...]


def _contact_rows(ids: Collection[int]) -> list[tuple[Any, ...]]:
    return fetched(
        "SELECT c.id, c.phone, c.region, c.number_kind, c.zones, c.timezone, c.dnd_voice, l.id, l.country, l.timezone, "
        f"{ENABLED}, l.kyc_status, l.organization_id, "
        f"coalesce(nullif(c.state, ''), {', '.join(json_text('c.fields', name) for name in STATE_COLUMNS)}, '') "
        f"FROM contacts_contact c JOIN accounts_location l ON l.id = c.location_id WHERE {among('c.id', 'bigint')}",
        [listed(ids)],
    )


def _contacts(rows: Iterable[tuple[Any, ...]]) -> dict[int, _Contact]:
    found: dict[int, _Contact] = {}
    for (
        pk, phone, region, kind, zones, own_zone, dnd, location_id, country, location_zone, enabled, kyc,
        organization_id, state,
    ) in rows:  # fmt: skip
        place = _stored_place(phone, region, kind, zones, own_zone, country, state)
        found[pk] = _Contact(
            phone, bool(dnd), location_id, country, location_zone, bool(enabled), kyc, organization_id, state,
            place, packs_for(country, place, state),
        )  # fmt: skip
    return found


def _lists(listings: list_numbers.Listings, contact: _Contact) -> tuple[ListFact, ...]:
    if contact.organization_id not in listings:
        return ()
    return list_numbers.facts_of(
        listings[contact.organization_id],
        contact.place,
        states_of(contact.country, contact.place, contact.state),
    )


def _emergencies(declared: list[emergencies.Declared], contact: _Contact) -> tuple[EmergencyFact, ...]:
    states = states_of(contact.country, contact.place, contact.state)
    return tuple(
        each.fact
        for each in declared
        if each.organization_id == contact.organization_id
        and (each.location_id == contact.location_id or each.fact.where in states)
    )


def _ask_number_attempts(
    phones: Collection[str], since: datetime
) -> Callable[[], dict[str, tuple[datetime, ...]]]:
    """The dials of each number after `since`, oldest first. A dial that falls on two local dates is one dial."""
    rows = asked(
        "SELECT phone, dialled_at FROM compliance_numberday "
        # A local date is at most a day from that of UTC; by it the rows are read from the index of the constraint.
        f"WHERE {among('phone', 'text')} AND local_date >= %s AND dialled_at > %s",
        [listed(phones), (since.astimezone(UTC) - timedelta(days=1)).date(), since],
    )

    def read() -> dict[str, tuple[datetime, ...]]:
        found: dict[str, set[datetime]] = defaultdict(set)
        for phone, dialled_at in rows():
            found[phone].add(instant(dialled_at))
        return {phone: tuple(sorted(instants)) for phone, instants in found.items()}

    return read


def _ask_location_attempts(
    location_ids: Collection[int], since: datetime
) -> Callable[[], dict[int, tuple[tuple[datetime, int], ...]]]:
    """The newest dial of each location's calendar days since then, with how many there were that day."""
    rows = asked(
        "SELECT location_id, last_dialled_at, dialled FROM compliance_locationday "
        f"WHERE {among('location_id', 'bigint')} AND local_date >= %s AND last_dialled_at > %s",
        [listed(location_ids), (since.astimezone(UTC) - timedelta(days=1)).date(), since],
    )

    def read() -> dict[int, tuple[tuple[datetime, int], ...]]:
        found: dict[int, tuple[tuple[datetime, int], ...]] = {}
        for location_id, newest, count in rows():
            found[location_id] = (*found.get(location_id, ()), (instant(newest), count))
        return found

    return read


@lru_cache(maxsize=100_000)
def _stored_place(
    phone: str, region: str, kind: str, zones: str, known_zone: str, country: str, known_state: str
) -> NumberPlace:
    """The number's place as stored with the contact, and every clock where the person is known to be besides.

    Read from the number itself where nothing was stored. An area code may have been laid over others since the contact
    was written, so its clocks are looked up again.
    """
    if zones:
        names = {*zones.split(","), *zones_of_area(phone, kind), known_zone} - {""}
        place = NumberPlace(phone, region, kind, tuple(sorted(names)))
    else:
        place = place_of(phone, country, known_zone or None)
    return with_known_state(country, place, known_state)


def with_standing(contact: ContactFacts, standing: ledger.Standing) -> ContactFacts:
    """The facts about a contact with another standing in the ledger."""
    return replace(contact, opt_in_documented=standing.opt_in_documented, opted_out_at=standing.opted_out_at)
