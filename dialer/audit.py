"""The dialer's book of seals, and its chapters of the archive: dials, what became of the calls, schedules."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Location
from compliance import audit, seals
from compliance.models import Book, Decision
from compliance.rules import NUMBER_PERIOD
from compliance.verify_audit import DIAL_FIELDS
from dialer.models import Attempt, Call, Campaign
from voiceagents.models import Agent

CHUNK = 1_000
# Decisions of the first day rest on the dials of the weeks before.
BEFORE = NUMBER_PERIOD + timedelta(days=1)
CALL_FIELDS = (
    "id", "code", "contact_id", "phone", "from_number", "direction", "origin", "is_test", "state", "disposition",
    "outcome", "failure_code", "created_at", "due_at", "started_at", "answered_at", "ended_at", "talk_seconds",
)  # fmt: skip
ATTEMPT_FIELDS = (
    "id", "call_id", "decision_id", "token", "sid", "phone", "from_number", "state", "slot_at", "local_date",
    "carrier_status", "answered_by", "error_code", "created_at", "settled_at", "ended_at",
)  # fmt: skip


def calls(location: Location, start: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    """The calls dialled in the period and the weeks before it, then those that were refused in the period."""
    own = Call.objects.filter(location=location)
    yield from _walk(own.filter(started_at__gte=start - BEFORE, started_at__lt=end), "started_at")
    yield from _walk(own.filter(disposition="rejected", ended_at__gte=start, ended_at__lt=end), "ended_at")


def _walk(rows: Any, by: str) -> Iterator[dict[str, Any]]:
    """Calls along an index, in chunks of their own."""
    after: Q | None = None
    while True:
        found = list(
            (rows if after is None else rows.filter(after)).order_by(by, "pk").values(*CALL_FIELDS)[:CHUNK]
        )
        yield from found
        if len(found) < CHUNK:
            return
        at, key = found[-1][by], found[-1]["id"]
        after = Q(**{f"{by}__gt": at}) | Q(**{by: at}, pk__gt=key)


def attempts(location: Location, start: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    """The dials of these calls, call by call, then all others whose decisions or sealed rows the archive holds.

    Those are the ones in the hours next to the period, and those that the carrier refused, whose calls may have moved
    on. One that is refused in this very moment may be told twice.
    """
    own = Call.objects.filter(location=location, started_at__gte=start - BEFORE, started_at__lt=end)
    batch: list[int] = []
    for call in _walk(own, "started_at"):
        batch.append(call["id"])
        if len(batch) == CHUNK:
            yield from _dials(batch, end)
            batch = []
    yield from _dials(batch, end)
    yield from _others(location, start, end)


def _others(location: Location, start: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    """The dials that are not among those of the calls, found by their decisions."""
    sealed: list[tuple[int, int]] = []
    tails: list[int] = []
    for book in (Book.DECISIONS, Book.DIALS):
        held, tail = audit.reach(book, location, start, end)
        sealed += held.filter(purged_at=None).values_list("after_id", "last_id")
        tails += [tail[0]] if tail else []
    allowed = Decision.objects.filter(location=location, decision="allow").order_by("pk")
    told = 0
    for after, last in sorted(sealed):
        # The seals of both books go over the same ids.
        yield from _of_decisions(allowed.filter(pk__lte=last), max(after, told), start, end)
        told = max(told, last)
    if tails:
        due = allowed.filter(decided_at__gte=start, decided_at__lt=end)
        yield from _of_decisions(due, max(min(tails), told), start, end)


def _of_decisions(
    allowed: QuerySet[Decision], after: int, start: datetime, end: datetime
) -> Iterator[dict[str, Any]]:
    """The dials that these decisions with ids beyond `after` allowed, without those that _dials tells of."""
    while chunk := list(allowed.filter(pk__gt=after).values_list("pk", "call_id")[:CHUNK]):
        keys, call_ids = zip(*chunk, strict=True)
        dials = Attempt.objects.filter(call_id__in=call_ids, decision_id__in=keys).exclude(
            call__started_at__gte=start - BEFORE, call__started_at__lt=end, slot_at__lt=end
        )
        yield from dials.order_by("slot_at", "pk").values(*ATTEMPT_FIELDS)
        after = chunk[-1][0]


def _dials(call_ids: list[int], end: datetime) -> Iterator[dict[str, Any]]:
    found = Attempt.objects.filter(call_id__in=call_ids, slot_at__lt=end).order_by("slot_at", "pk")
    yield from found.values(*ATTEMPT_FIELDS)


def sealed_dials(allowed: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What never changes of the dials that these decisions allowed; its id is the decision's.

    Both were written in one transaction, so the seals of dials go along the index of the decisions, and a dial costs
    none of its own.
    """
    found = Attempt.objects.filter(
        call_id__in=[each["call_id"] for each in allowed], decision_id__in=[each["id"] for each in allowed]
    ).order_by("decision_id", "pk")
    names = ("id", "attempt_id", "location_id", *DIAL_FIELDS)
    for row in found.values_list("decision_id", "id", "location_id", *DIAL_FIELDS):
        yield dict(zip(names, row, strict=True))


def schedules(location: Location, start: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    """The hours of the location's agents and campaigns as they stand; what a call obeyed is in its decision's facts."""
    agents = Agent.objects.filter(location=location, created_at__lt=end)
    for row in audit.keyset(
        agents, ("id", "code", "name", "schedule", "created_at", "updated_at", "archived_at")
    ):
        yield {"of": "agent", **row}
    campaigns = Campaign.objects.filter(location=location, created_at__lt=end)
    names = ("id", "code", "name", "agent_id", "schedule", "created_at", "launched_at", "finished_at")
    for row in audit.keyset(campaigns, names):
        yield {"of": "campaign", **row}


seals.register(
    Book.DIALS,
    seals.Source(Decision, "slot_at", ("id", "call_id"), only={"decision": "allow"}, told=sealed_dials),
)
audit.register("calls", calls)
audit.register("schedules", schedules)
audit.register("attempts", attempts)
