"""The do-not-call list of an organization: numbers that none of its locations may call, whatever consent says."""

import re
from collections.abc import Collection
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from accounts import log
from accounts.database import insert_rows, prepared, with_rows
from accounts.fields import new_code
from accounts.models import Location, Organization
from compliance.models import DoNotCallEntry, Risk

SHORTEST_REASON = 10
E164 = re.compile(r"\+[1-9][0-9]{6,14}")

log.register("do_not_call.removed", "took {phone} off the do-not-call list: {reason}")

RANK: dict[str, int] = {Risk.LOW: 0, Risk.MEDIUM: 1, Risk.HIGH: 2}


class ReasonNeededError(ValueError):
    """A number comes off the list only with a reason that others can understand later."""


def risks(numbers: Collection[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """The risk of every active entry for these (organization id, phone), by the same; in one query on PostgreSQL."""
    rows: list[tuple[Any, ...]] = []
    with prepared() as cursor:
        for rows_as_v, parameters in with_rows({"organization_id": "bigint", "phone": "text"}, list(numbers)):
            cursor.execute(
                f"{rows_as_v} SELECT d.organization_id, d.phone, d.risk FROM v JOIN compliance_donotcallentry d "
                "ON d.organization_id = v.organization_id AND d.phone = v.phone WHERE d.removed_at IS NULL",
                parameters,
            )
            rows += cursor.fetchall()
    return {(organization_id, phone): risk for organization_id, phone, risk in rows}


class Listing(Protocol):
    """A number to list (compliance.ledger.Wish): E.164, with risk, and reason or evidence in words."""

    @property
    def phone(self) -> str: ...
    @property
    def risk(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def evidence(self) -> str: ...


def add_many(
    *, organization: Organization, wishes: Collection[Listing], source: str, actor: Any = None
) -> set[str]:
    """Put numbers on the list, inside the caller's transaction; those that were not there.

    A higher risk than an entry had is kept. compliance.ledger.opt_out_many is what people's wishes go through: it calls
    this and does the rest. Raises ValueError for a number that is not E.164: written otherwise it would block nobody.
    """
    for wish in wishes:
        if not E164.fullmatch(wish.phone):
            raise ValueError(f"{wish.phone!r} is not an E.164 number, so listing it would block nobody.")
    now, actor_id = timezone.now(), actor.pk if actor is not None else None
    codes = {wish.phone: new_code() for wish in wishes}
    # Two opt-outs at once: the constraint lets one of them write. In one order, so that two lists do not deadlock.
    insert_rows(
        DoNotCallEntry._meta.db_table,
        ("code", "organization_id", "phone", "risk", "reason", "source", "added_at", "added_by_id", "removal_reason"),
        [
            (
                codes[wish.phone], organization.pk, wish.phone, str(wish.risk), wish.reason or wish.evidence,
                str(source), now, actor_id, "",
            )
            for wish in sorted(wishes, key=lambda wish: wish.phone)
        ],
        pass_by=True,
    )  # fmt: skip
    active = DoNotCallEntry.objects.active().filter(organization=organization)
    found = dict(active.filter(phone__in=codes).values_list("phone", "risk"))
    added = set(DoNotCallEntry.objects.filter(code__in=codes.values()).values_list("phone", flat=True))
    for risk in (Risk.MEDIUM, Risk.HIGH):
        raised = [
            wish.phone
            for wish in wishes
            if wish.risk == risk and RANK[Risk(found.get(wish.phone, Risk.HIGH))] < RANK[risk]
        ]
        if raised:
            active.filter(phone__in=raised).update(risk=risk)
    return added


def remove(*, entry: DoNotCallEntry, location: Location, reason: str, actor: Any) -> bool:
    """Take a number off the list, keeping the row with who and why; False when somebody was quicker.

    The person's opt-out stays in the ledger: only their new consent lifts it. Raises ReasonNeededError.
    """
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonNeededError(
            f"Say in at least {SHORTEST_REASON} characters why this number may come off the list; it is still on it."
        )
    with transaction.atomic():
        removed = (
            DoNotCallEntry.objects.active()
            .filter(pk=entry.pk)
            .update(removed_at=timezone.now(), removed_by=actor, removal_reason=reason)
        )
        if removed:
            log.record(
                location, "do_not_call.removed", actor=actor, subject=entry, phone=entry.phone, reason=reason
            )
    return bool(removed)
