"""What was known when a call was decided: the verdict of every rule, the ledger and the do-not-call list as they stood.

A decision keeps its facts; ledger entries are only added, and entries of the list keep when they came and went. So all
of it can be read again at any time, and what came later stands apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.models import Location
from compliance import ledger
from compliance.models import ConsentEntry, ConsentKind, Decision, DoNotCallEntry
from compliance.packs import RULE_PACKS
from compliance.rules import RULES, Facts, decide_throughout
from compliance.stored_facts import facts_of
from contacts.models import Contact

ENTRIES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Record:
    """The ledger and the list about a number at an instant, newest first, and what was recorded since.

    rests_on: the consent that allowed the call. known, since: other entries of the ledger. listed: the entry of the
    do-not-call list in force then. listed_since: entries that came on it or were taken off later.
    """

    rests_on: ConsentEntry | None
    known: list[ConsentEntry] = field(default_factory=list)
    since: list[ConsentEntry] = field(default_factory=list)
    listed: DoNotCallEntry | None = None
    listed_since: list[DoNotCallEntry] = field(default_factory=list)


def record(location: Location, contact: Contact, phone: str, at: datetime) -> Record:
    """As it stood at `at` for calls to `phone`, which was the contact's number then. Five queries."""
    entries = entries_about(location.organization_id, phone)
    known, since = entries.filter(recorded_at__lte=at), entries.filter(recorded_at__gt=at)
    revoked_at = (
        known.filter(kind=ConsentKind.REVOKED, captured_at__lte=at)
        .order_by("-captured_at")
        .values_list("captured_at", flat=True)
        .first()
    )
    given = known.filter(ledger.counting(at), contact=contact)
    if revoked_at is not None:
        given = given.filter(captured_at__gt=revoked_at)
    rests_on = given.order_by("-captured_at", "-pk").first()
    others = known.exclude(pk=rests_on.pk) if rests_on else known
    on_list = list(
        DoNotCallEntry.objects.filter(organization=location.organization_id, phone=phone)
        .select_related("added_by", "removed_by")
        .order_by("-added_at", "-pk")[:ENTRIES_SHOWN]
    )
    return Record(
        rests_on,
        list(others.order_by("-captured_at", "-pk")[:ENTRIES_SHOWN]),
        list(since.order_by("-recorded_at", "-pk")[:ENTRIES_SHOWN]),
        next((e for e in on_list if e.added_at <= at and (e.removed_at is None or e.removed_at > at)), None),
        [e for e in on_list if e.added_at > at or (e.removed_at is not None and e.removed_at > at)],
    )


def entries_about(organization_id: int, phone: str) -> QuerySet[ConsentEntry]:
    """What the ledger of an organization says about calls to a number."""
    return ConsentEntry.objects.filter(
        organization=organization_id, phone=phone, channel__in=ledger.VOICE
    ).select_related("actor", "form_version__form__location")


@dataclass(frozen=True, slots=True)
class Said:
    """What one rule said of a decided call. evidence: what it saw when it failed, None while it was kept."""

    code: str
    evidence: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Derived:
    """facts: those of the decision; None for an engine's that this one cannot read. agrees: today's rules say the same.

    said: of every rule, those that failed first; only of these where today's rules disagree, since the others would be
    today's word about that day.
    """

    facts: Facts | None
    agrees: bool
    said: list[Said]


def derive(decision: Decision) -> Derived:
    """Every rule's verdict at the moment of the decision, from its facts."""
    failed = [Said(code, decision.evidence.get(code, {})) for code in decision.reasons]
    try:
        facts = facts_of(decision.facts, RULE_PACKS)
        within = timedelta(milliseconds=decision.facts["within_ms"])
    except (KeyError, TypeError, ValueError):
        return Derived(None, False, failed)
    verdict = decide_throughout(facts, decision.decided_at, within)
    stored = (decision.decision, decision.until, decision.reasons)
    if (verdict.decision, verdict.until, list(verdict.reasons)) != stored:
        return Derived(facts, False, failed)
    return Derived(facts, True, [*failed, *_kept(decision.reasons)])


def _kept(reasons: list[str]) -> Iterator[Said]:
    return (Said(rule.code, None) for rule in RULES if rule.code not in reasons)
