"""Emergencies: a person stops the calls of a location, or those into a state, until an instant that they name.

Governors declare days on which sales calls are banned, and no data can know them beforehand. The drain reads what is
declared with the facts of every batch, so a declaration is in force for each call that is decided after its commit, and
stands in the facts of the decision.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts import log
from accounts.database import fetched, instant
from accounts.models import Location, Member, Role
from compliance.models import Emergency
from compliance.rules import EmergencyFact
from compliance.signals import emergency_lifted

log.register("emergency.declared", "declared an emergency for {place} until {until}: {reason}")
log.register("emergency.lifted", "ended the emergency for {place} before its time: {reason}")


class Declared(NamedTuple):
    """An emergency that is not over, and whose calls it stops: location_id is None for one of a state."""

    organization_id: int
    location_id: int | None
    fact: EmergencyFact


def not_over(organization_ids: Collection[int], at: datetime) -> list[Declared]:
    """The emergencies of the organizations that last at `at` or are to come, in one query."""
    if not organization_ids:
        return []
    rows = fetched(
        "SELECT organization_id, location_id, state, starts_at, ends_at, reason FROM compliance_emergency "
        f"WHERE organization_id IN ({', '.join(['%s'] * len(organization_ids))}) AND lifted_at IS NULL "
        "AND ends_at > %s ORDER BY id",
        [*organization_ids, at],
    )
    return [
        Declared(organization_id, location_id, EmergencyFact(state, instant(starts), instant(ends), reason))
        for organization_id, location_id, state, starts, ends, reason in rows
    ]


def declare(
    *, location: Location, state: str, starts_at: datetime, ends_at: datetime, reason: str, actor: Any
) -> Emergency:
    """Stop the calls of the location or, with a state, those of the whole organization into it."""
    with transaction.atomic():
        emergency = Emergency.objects.create(
            organization_id=location.organization_id,
            location=None if state else location,
            state=state,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason,
            created_by=actor,
        )
        log.record(
            location, "emergency.declared", actor=actor, subject=emergency, reason=reason,
            place=state or location.name, until=f"{ends_at.astimezone(location.zone):%Y-%m-%d %H:%M}",
        )  # fmt: skip
    return emergency


def may_lift(member: Member, emergency: Emergency) -> bool:
    """Whether the member may end it before its time, which lets calls out wherever it stopped them.

    A location's own: a manager. One of a state, of which all locations of the organization are stopped: an owner, or
    who is a manager of all of them.
    """
    if emergency.location_id is not None or member.may(Role.OWNER):
        return member.may(Role.MANAGER)
    managed = Member.objects.filter(
        user=member.user_id, location=OuterRef("pk"), role__in=(Role.MANAGER, Role.OWNER)
    )
    others = Location.objects.filter(~Exists(managed), organization=member.location.organization_id)
    return not others.exists()


def lift(emergency: Emergency, *, reason: str, location: Location, actor: Any) -> bool:
    """End it now; calls that it put off come up again at once. False when it was over."""
    now = timezone.now()
    with transaction.atomic():
        lifted = Emergency.objects.filter(pk=emergency.pk, lifted_at=None, ends_at__gt=now).update(
            lifted_at=now, lifted_by=actor
        )
        if lifted:
            place = emergency.state or location.name
            log.record(
                location, "emergency.lifted", actor=actor, subject=emergency, place=place, reason=reason
            )
            emergency_lifted.send(sender=Emergency, organization=location.organization, at=now)
    return bool(lifted)
