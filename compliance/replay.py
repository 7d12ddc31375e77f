"""Replay: what the rules, with a changed pack, would say today of what was decided then. Nothing is changed by it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import QuerySet

from accounts.models import Location
from compliance.models import Book, Decision
from compliance.packs import RULE_PACKS, RulePack
from compliance.packs.applying import applies
from compliance.rules import Facts, Verdict, decide_throughout
from compliance.seals import seals_of
from compliance.stored_facts import facts_of

CHUNK = 1_000
# What became of a decision, worst first.
CHANGES = {
    "refused": "Would be refused",
    "deferred": "Would be put off",
    "later": "Would be put off for longer",
    "sooner": "Would be called sooner",
    "allowed": "Would be allowed",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A decision that would be another one now. change: a key of CHANGES."""

    decision: Decision
    verdict: Verdict
    change: str


@dataclass(slots=True)
class Replay:
    """decided: how many were asked about again; unreadable: those of an engine whose facts this one cannot read."""

    packs: Mapping[str, RulePack] = field(default_factory=dict)
    decided: int = 0
    unreadable: int = 0
    counts: Counter = field(default_factory=Counter)

    def run(
        self, location: Location, start: datetime, end: datetime, progress: Callable[[int], None]
    ) -> Iterator[Changed]:
        """The decisions of [start, end) that would change under `packs`, which take the place of those in force."""
        rules = {**RULE_PACKS, **self.packs}
        for decision in between(location, start, end):
            self.decided += 1
            if self.decided % CHUNK == 0:
                progress(self.decided)
            try:
                verdict = self._again(decision, rules)
            except (KeyError, TypeError, ValueError):
                self.unreadable += 1
                continue
            change = _change(decision, verdict)
            if change:
                self.counts[change] += 1
                yield Changed(decision, verdict, change)
        progress(self.decided)

    def _again(self, decision: Decision, rules: Mapping[str, RulePack]) -> Verdict:
        written = decision.facts
        names = [name for name in written["rule_packs"] if name in rules]
        facts = facts_of({**written, "rule_packs": names}, rules)
        facts = self._with_new_packs(facts, set(names))
        return decide_throughout(facts, decision.decided_at, timedelta(milliseconds=written["within_ms"]))

    def _with_new_packs(self, facts: Facts, named: set[str]) -> Facts:
        """A pack for a state that had none when it was decided holds now."""
        place, country = facts.contact.place, facts.location.country
        more = [
            pack for name, pack in self.packs.items() if name not in named and applies(name, country, place)
        ]
        return replace(facts, packs=(*facts.packs, *more)) if more else facts


def _change(decision: Decision, verdict: Verdict) -> str:
    was, now = decision.decision, verdict.decision
    if now == "reject":
        return "" if was == "reject" else "refused"
    if now == "allow":
        return "" if was == "allow" else "allowed"
    if was != "defer":
        return "deferred" if was == "allow" else "allowed"
    assert verdict.until is not None
    if decision.until is None or verdict.until == decision.until:
        return ""
    return "later" if verdict.until > decision.until else "sooner"


def between(location: Location, start: datetime, end: datetime) -> Iterator[Decision]:
    """The decisions of [start, end) in order of id, in chunks. The seals say in which ids an hour lies."""
    made = seals_of(Book.DECISIONS, location.pk)
    before = made.filter(ends_at__lte=start).values_list("last_id", flat=True).last()
    # Two behind the end: a row that came late is in a seal behind its hour.
    behind = list(islice(made.filter(starts_at__gte=end).values_list("last_id", flat=True), 2))
    rows: QuerySet[Decision] = Decision.objects.filter(
        location=location, decided_at__gte=start, decided_at__lt=end
    )
    if len(behind) == 2:
        rows = rows.filter(pk__lte=behind[-1])
    after = before or 0
    while chunk := list(rows.filter(pk__gt=after).order_by("pk")[:CHUNK]):
        yield from chunk
        after = chunk[-1].pk
