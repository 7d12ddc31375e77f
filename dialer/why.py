"""Why a call was or was not made, and when it can be: in plain words, from stored decisions and present facts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.formatting import clock
from accounts.models import Location
from compliance import as_of, ledger
from compliance import facts as fact_gathering
from compliance.models import ConsentEntry, Decision, DecisionKind, DoNotCallEntry
from compliance.rules import RULES, Verdict, findings
from compliance.windows import WeeklyHours
from compliance.words import Words, seen, seen_kept, words_of
from contacts.models import Contact
from dialer.context import schedules_of
from dialer.models import Attempt, Call
from dialer.placing import decide_dial
from dialer.states import Disposition, State

DECISIONS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says: kept or not, in words, with what it saw; waits: time alone makes it hold."""

    code: str
    words: Words
    holds: bool
    seen: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """A stored decision in words."""

    at: datetime
    kind: DecisionKind
    until: datetime | None
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class Then:
    """What settled a call that is past: its decision, and what was known then (compliance.as_of).

    findings: of every rule at that moment, those that failed first; of no other where derived.agrees is false.
    """

    decision: Decision
    derived: as_of.Derived
    findings: list[Finding]
    record: as_of.Record


@dataclass(slots=True)
class Answer:
    """headline: the answer in a sentence. next_at: the earliest instant at which every rule holds, None for never.

    findings: of every rule now, those that fail first. consent: the entries that the answer rests on, newest first.
    then: for a call that was made or refused; all the rest is about another call now.
    """

    headline: str
    next_at: datetime | None
    verdict: Verdict
    findings: list[Finding]
    decisions: list[Decided] = field(default_factory=list)
    consent: list[ConsentEntry] = field(default_factory=list)
    listed: DoNotCallEntry | None = None
    standing: ledger.Standing = ledger.NOTHING
    then: Then | None = None


def of_contact(location: Location, contact: Contact) -> Answer:
    """May the contact be called, when, on what consent; by the schedules of its next waiting call, if there is one."""
    waiting = (
        Call.objects.filter(contact=contact)
        .waiting()
        .select_related("campaign", "agent")
        .order_by("due_at")
        .first()
    )
    answer = _now(location, contact, waiting)
    # Through the calls, of which a person has few: an index of decisions by contact would be one more with every dial.
    calls = Call.objects.filter(contact=contact)
    answer.decisions = _decisions(Decision.objects.filter(call_id__in=calls.values("pk")), location)
    answer.headline = _may(contact, answer.verdict, waiting)
    return answer


def of_call(location: Location, call: Call) -> Answer:
    """Why this call was made, waits, or was not made; and whether its contact may be called now."""
    answer = _now(location, call.contact, call)
    answer.decisions = _decisions(Decision.objects.filter(call_id=call.pk), location)
    settled = _settled_by(call)
    if settled is not None:
        answer.then = _then(location, call.contact, settled)
    answer.headline = _was(call, answer)
    return answer


def _settled_by(call: Call) -> Decision | None:
    """The decision on which the call was dialled, or refused for good; None while it waits, or once it was purged."""
    if call.disposition == Disposition.REJECTED:
        refused = Decision.objects.filter(call_id=call.pk, decision=DecisionKind.REJECT)
        return refused.order_by("-decided_at", "-pk").first()
    attempt = Attempt.objects.filter(call=call).select_related("decision").order_by("-pk").first()
    return attempt.decision if attempt else None


def _then(location: Location, contact: Contact, decision: Decision) -> Then:
    write, derived = _clock(location), as_of.derive(decision)
    kinds = {rule.code: rule.kind for rule in RULES}
    found = []
    for said in derived.said:
        if said.evidence is not None:
            saw = seen(said.code, said.evidence, write)
        else:
            assert derived.facts is not None, "a rule is known to have been kept by what it saw"
            saw = seen_kept(said.code, derived.facts, decision.decided_at, write)
        waits = kinds.get(said.code) == "defer"
        found.append(Finding(said.code, words_of(said.code), said.evidence is None, saw, waits))
    record = as_of.record(location, contact, decision.phone, decision.decided_at)
    return Then(decision, derived, found, record)


def _now(location: Location, contact: Contact, call: Call | None) -> Answer:
    at = timezone.now()
    schedules: tuple[WeeklyHours, ...] = ()
    if call is not None:
        schedules = schedules_of(call.campaign, call.agent)
    facts = fact_gathering.gather([fact_gathering.Ask(contact.pk, contact.pk, schedules)], at)[contact.pk]
    verdict = decide_dial(facts, at)
    write = _clock(location)
    found = [
        Finding(
            code,
            words_of(code),
            failure is None,
            "" if failure is None else seen(code, failure.evidence, write),
            waits=failure is not None and failure.holds_from is not None,
        )
        for code, failure in findings(facts, at)
    ]
    known = {finding.code for finding in found}
    found += [
        Finding(code, words_of(code), False) for code in verdict.reasons if code not in known
    ]  # no_available_slot is a finding about all rules together.
    next_at = {"allow": at, "defer": verdict.until, "reject": None}[verdict.decision]
    return Answer(
        "",
        next_at,
        verdict,
        sorted(found, key=lambda finding: finding.holds),
        consent=list(
            as_of.entries_about(location.organization_id, contact.phone).order_by("-captured_at", "-pk")[
                : as_of.ENTRIES_SHOWN
            ]
        ),
        listed=DoNotCallEntry.objects.filter(organization=location.organization_id, phone=contact.phone)
        .active()
        .first(),
        standing=ledger.standing([contact.pk], at).get(contact.pk, ledger.NOTHING),
    )


def _may(contact: Contact, verdict: Verdict, waiting: Call | None) -> str:
    if verdict.decision == "allow":
        planned = "" if waiting else ", but no call is planned"
        return f"{contact} may be called now{planned}."
    first = words_of(verdict.reasons[0]).title.lower()
    if verdict.decision == "defer":
        return f"{contact} may be called, though not at this moment: {first}."
    return f"{contact} may not be called: {_all(verdict)}."


def _was(call: Call, answer: Answer) -> str:
    newest = answer.decisions[0] if answer.decisions else None
    if call.disposition == Disposition.REJECTED:
        reasons = ", ".join(words_of(code).title.lower() for code in call.reasons)
        return f"This call was not made, because the rules refused it: {reasons}."
    if call.started_at is not None:
        return "This call was made, because every rule allowed it."
    if call.state == State.CANCELED:
        return "This call was canceled before it was made."
    if call.state == State.FAILED:
        return "This call was not made, because something other than a rule was in its way."
    if call.held:
        return "This call waits, because its campaign is paused."
    if newest is not None and newest.kind == DecisionKind.DEFER:
        return "This call waits, because the rules put it off."
    if call.due_at > timezone.now():
        return "This call waits for the time it is planned for."
    return "This call waits for its turn; no rule was asked about it yet."


def _all(verdict: Verdict) -> str:
    kinds = {rule.code: rule.kind for rule in RULES}
    final = [code for code in verdict.reasons if kinds.get(code) != "defer"]
    return ", ".join(words_of(code).title.lower() for code in final)


def _decisions(rows: Any, location: Location) -> list[Decided]:
    write = _clock(location)
    return [
        Decided(
            row.decided_at,
            DecisionKind(row.decision),
            row.until,
            [
                Finding(code, words_of(code), False, seen(code, row.evidence.get(code, {}), write))
                for code in row.reasons
            ],
        )
        for row in rows.order_by("-decided_at", "-pk")[:DECISIONS_SHOWN]
    ]


def _clock(location: Location) -> Callable[[datetime], str]:
    now = timezone.now()
    return lambda at: clock(at, location.timezone, now)
