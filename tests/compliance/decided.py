"""Decisions as the drain writes them, for tests of what is done with them afterwards."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import time_machine

from accounts.models import Location
from compliance import editions, facts
from compliance.models import Decision
from compliance.rules import ENGINE, decide_throughout
from compliance.stored_facts import as_json
from contacts.models import Contact
from tests.factories import ContactFactory

WITHIN = timedelta(seconds=5)
# A Tuesday, 10:00 in Denver.
TEN = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)


def consenting(location: Location, count: int) -> list[Contact]:
    """Contacts whose consent was recorded the day before TEN."""
    with time_machine.travel(TEN - timedelta(days=1)):
        return [ContactFactory(location=location) for _ in range(count)]


def decided(contact: Contact, at: datetime, call_id: int = 1) -> Decision:
    """The row of a decision about a call to the contact at `at`, on the facts as they are."""
    found = facts.gather([facts.Ask(1, contact.pk)], at)[1]
    verdict = decide_throughout(found, at, WITHIN)
    return Decision.objects.create(
        location_id=contact.location_id,
        call_id=call_id,
        contact_id=contact.pk,
        phone=contact.phone,
        decision=verdict.decision,
        reasons=list(verdict.reasons),
        until=verdict.until,
        decided_at=at,
        facts=as_json(found, WITHIN),
        evidence=dict(verdict.evidence),
        engine=ENGINE,
        edition=editions.current().digest,
    )


def some(location: Location, contacts: Iterable[Contact], start: datetime = TEN) -> list[Decision]:
    """One decision a contact, 20 minutes apart: three an hour."""
    return [
        decided(contact, start + n * timedelta(minutes=20), call_id=n + 1)
        for n, contact in enumerate(contacts)
    ]
