"""The do-not-call list of an organization: numbers that none of its locations may call, whatever consent says."""

import re
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import log
from accounts.database import prepared, with_rows
from accounts.models import Location, Organization
from compliance.models import DoNotCallEntry, Risk

SHORTEST_REASON = 10
E164 = re.compile(r"\+[1-9][0-9]{6,14}")

log.register("do_not_call.removed", "took {phone} off the do-not-call list: {reason}")

_RANK = {Risk.LOW: 0, Risk.MEDIUM: 1, Risk.HIGH: 2}


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


def add(
    *, organization: Organization, phone: str, risk: str, reason: str, source: str, actor: Any = None
) -> bool:
    """Put a number on the list, inside the caller's transaction; False when it was there.

    A higher risk than the entry had is kept. compliance.ledger.opt_out is what a person's wish goes through: it calls
    this and does the rest. Raises ValueError for a number that is not E.164: written otherwise it would block nobody.
    """
    if not E164.fullmatch(phone):
        raise ValueError(f"{phone!r} is not an E.164 number, so listing it would block nobody.")
    entry = DoNotCallEntry(
        organization=organization, phone=phone, risk=risk, reason=reason, source=source, added_by=actor
    )
    # Two opt-outs at once: the constraint lets one of them write.
    DoNotCallEntry.objects.bulk_create([entry], ignore_conflicts=True)
    if DoNotCallEntry.objects.filter(code=entry.code).exists():
        return True
    lower = [name for name, rank in _RANK.items() if rank < _RANK[Risk(risk)]]
    DoNotCallEntry.objects.active().filter(organization=organization, phone=phone, risk__in=lower).update(
        risk=risk
    )
    return False


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
