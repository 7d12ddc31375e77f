"""What compliance does when contacts are imported, and what it tells the contacts room about numbers."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Location
from compliance import addresses, ledger, opt_in, sellers, zones
from compliance.models import ConsentSource, Purpose, Risk
from compliance.places import domestic
from contacts import bulk, filters, places
from contacts import sellers as sellers_in_lists
from contacts.models import OptInForm
from contacts.signals import contacts_imported


def record_imported_consent(
    sender: Any,
    *,
    location: Location,
    actor: Any,
    source: str,
    rows: list[Any],
    form: OptInForm | None,
    at: datetime,
    **kwargs: Any,
) -> None:
    """Write a list's consents and "do not call" into the ledger, in the transaction that writes its contacts."""
    grants = [
        ledger.Grant(
            row.contact_id,
            row.phone,
            row.consented_at,
            row.evidence,
            row.purpose or Purpose.MARKETING,
            row.seller,
        )
        for row in rows
        if row.consented_at is not None
    ]
    blocked = {row.phone for row in rows if row.dnd}
    if grants:
        _grant(location, grants, form, actor)
    if blocked:
        evidence = f"Marked “do not call” in the list {source}"
        ledger.opt_out_many(
            organization=location.organization,
            location=location,
            # What the person said is not in the list: an opt-out all the same, in the vaguest words.
            wishes=[ledger.Wish(phone, at, evidence, Risk.LOW) for phone in sorted(blocked)],
            source=ConsentSource.IMPORT,
            actor=actor,
        )


def _grant(location: Location, grants: list[ledger.Grant], form: OptInForm | None, actor: Any) -> None:
    """Each consent under what the form said on its day."""
    if form is None:
        ledger.grant_many(location=location, grants=grants, actor=actor)
        return
    days = {grant: grant.captured_at.astimezone(location.zone).date() for grant in grants}
    wordings = opt_in.wordings_on(form, days.values())
    under: dict[int, list[ledger.Grant]] = {}
    for grant, day in days.items():
        # Rows of an earlier day than the form's first were refused when they were read.
        under.setdefault(wordings[day].version.pk, []).append(grant)
    by_version = {wording.version.pk: wording for wording in wordings.values()}
    for pk, same in under.items():
        ledger.grant_many(location=location, grants=same, wording=by_version[pk], actor=actor)


def block_contacts(*, location: Location, phones: Collection[str], evidence: str, actor: Any) -> set[str]:
    """The numbers of many contacts set to "do not call" by staff; those that were not so before."""
    now = timezone.now()
    return ledger.opt_out_many(
        organization=location.organization,
        location=location,
        wishes=[ledger.Wish(phone, now, evidence) for phone in sorted(phones)],
        source=ConsentSource.STAFF,
        actor=actor,
    )


def connect() -> None:
    """Called once, when the app is ready."""
    places.register(
        look_up=zones.place_of,
        domestic=domestic,
        state_of=addresses.state_of,
        state_of_postal_code=addresses.state_of_postal_code,
    )
    sellers_in_lists.register(names_of=opt_in.names_of, same_business=sellers.same_business)
    filters.register_consent(ledger.with_consent, ledger.for_tests_only)
    bulk.register_block(block_contacts)
    contacts_imported.connect(record_imported_consent, dispatch_uid="compliance.imported_consent")
