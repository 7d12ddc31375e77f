"""The queue of one location on a virtual clock: when each call that waits would start, or why it never does.

It goes through the queue as the drain does (dialer.placing) and asks the same rules at each slot, with the dials it has
already foretold among the facts. Calls whose facts are equal get equal answers, so they stand in one line and the rules
are asked once for the line; nothing about the rules is assumed but that they read of a number only what
compliance.zones.NumberPlace says beside its digits. No Django and no clock here.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import heappop, heappush
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from compliance.rules import NUMBER_PERIOD, ContactFacts, Facts, LocationFacts, Verdict

Hour = tuple[date, int]


class Result(StrEnum):
    CALLED = "called"
    REFUSED = "refused"
    UNREACHED = "unreached"


class Fate(NamedTuple):
    """What becomes of the `position`-th call added. at: its start; when it was refused; the end that came before it.

    reasons: of a refused call the rules that fail; of any other those that put it off before.
    """

    position: int
    result: Result
    at: datetime
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Account:
    """A carrier account: free_at, when it may start its next call; gap, between two of its starts."""

    free_at: datetime
    gap: timedelta


@dataclass(slots=True, eq=False)
class _Group:
    """Calls with equal facts. facts: without the location's dials and the number's digits. dialled: foretold dials."""

    facts: Facts
    changes: tuple[tuple[datetime, ContactFacts], ...]
    account: int
    ends_at: datetime | None
    phone: str
    counted: bool
    back: timedelta
    dialled: tuple[datetime, ...] = ()

    def facts_at(self, at: datetime, location: LocationFacts) -> Facts:
        contact = self.facts.contact
        for instant, changed in self.changes:
            if at >= instant:
                contact = changed
        return replace(
            self.facts,
            contact=contact,
            location=location,
            number_attempts=(*self.facts.number_attempts, *self.dialled),
        )


@dataclass(slots=True, eq=False)
class _Line:
    """The calls of a group that are due at one instant and were put off for the same reasons. calls: a heap."""

    group: _Group
    due: datetime
    waited: frozenset[str]
    calls: list[int] = field(default_factory=list)

    @property
    def key(self) -> tuple[datetime, int]:
        return self.due, self.calls[0]


class VirtualQueue:
    """Add the calls in the order of their keys, then run().

    zone: the location's. at: where the clock begins. slot_at: when the location may start its next call. spacing:
    between two starts. decide: asks the rules for a dial. accounts: by the keys that add() is told.
    After run(): put_off, how often counted calls were put off in each hour of the location's clock; waited, how many of
    them were put off at least once for each reason.
    """

    def __init__(
        self,
        *,
        zone: str,
        at: datetime,
        slot_at: datetime,
        spacing: timedelta,
        decide: Callable[[Facts, datetime], Verdict],
        accounts: Mapping[int, Account],
    ) -> None:
        self.zone = ZoneInfo(zone)
        self.put_off: Counter[Hour] = Counter()
        self.waited: Counter[str] = Counter()
        self.size = 0
        self._at, self._slot, self._spacing = at, max(at, slot_at), spacing
        self._decide, self._accounts = decide, accounts
        self._groups: dict[object, _Group] = {}
        self._known: dict[Any, Any] = {}
        self._of_number: dict[str, list[_Group]] = defaultdict(list)
        self._lines: dict[tuple[int, datetime, frozenset[str]], _Line] = {}
        self._order: list[tuple[datetime, int, int, _Line]] = []
        self._pushes = 0
        self._days: dict[date, tuple[datetime, int]] = {}

    def dialled_before(self, attempts: tuple[tuple[datetime, int], ...]) -> None:
        """The location's dials so far, as LocationFacts has them."""
        for instant, count in attempts:
            day = instant.astimezone(self.zone).date()
            newest, dialled = self._days.get(day, (instant, 0))
            self._days[day] = max(newest, instant), dialled + count

    def add(
        self,
        facts: Facts,
        *,
        due: datetime,
        account: int,
        ends_at: datetime | None = None,
        changes: tuple[tuple[datetime, ContactFacts], ...] = (),
        shared_phone: str = "",
        counted: bool = True,
    ) -> None:
        """One more call. ends_at: the end of its campaign. changes: what the facts about the person become, and when.

        shared_phone: its number where another call in the queue goes to it too: the dial of one counts for the other.
        counted: whether its delays are.
        """
        position, self.size = self.size, self.size + 1
        place = replace(facts.contact.place, e164="")
        bare = replace(
            facts,
            contact=self._same(replace(facts.contact, place=place)),
            location=self._same(replace(facts.location, attempts=(), last_attempt_at=None)),
        )
        changes = tuple((at, replace(contact, place=place)) for at, contact in changes)
        group = self._group(bare, changes, account, ends_at, shared_phone, counted)
        self._join(group, due, frozenset(), [position])

    def _same(self, value: Any) -> Any:
        """The one object kept for equal values."""
        return self._known.setdefault(value, value)

    def _group(
        self,
        facts: Facts,
        changes: tuple[tuple[datetime, ContactFacts], ...],
        account: int,
        ends_at: datetime | None,
        phone: str,
        counted: bool,
        dialled: tuple[datetime, ...] = (),
    ) -> _Group:
        key = (facts, changes, account, ends_at, phone, counted)
        group = self._groups.get(key)
        if group is None:
            back = max([NUMBER_PERIOD, *(cap.period for pack in facts.packs for cap in pack.caps)])
            group = self._groups[key] = _Group(
                facts, changes, account, ends_at, phone, counted, back, dialled
            )
            if phone:
                self._of_number[phone].append(group)
        return group

    def _join(self, group: _Group, due: datetime, waited: frozenset[str], calls: list[int]) -> None:
        """Put the calls, a heap, into the line where they belong."""
        key = (id(group), due, waited)
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = _Line(group, due, waited, calls)
            self._push(line)
            return
        first = line.calls[0]
        if len(calls) > len(line.calls):
            line.calls, calls = calls, line.calls
        for position in calls:
            heappush(line.calls, position)
        if line.calls[0] != first:
            self._push(line)

    def _keep(self, line: _Line) -> None:
        """Put a line that was popped back into the order, or forget it when nobody stands in it any more."""
        if line.calls:
            self._push(line)
        else:
            del self._lines[id(line.group), line.due, line.waited]

    def _push(self, line: _Line) -> None:
        self._pushes += 1
        heappush(self._order, (*line.key, self._pushes, line))

    def _pop(self, at: datetime | None = None) -> _Line | None:
        """The line whose first call is next in the queue, if it is due `at`."""
        while self._order:
            due, first, _, line = self._order[0]
            if at is not None and due > at:
                return None
            heappop(self._order)
            if line.calls and line.key == (due, first):
                return line
        return None

    def run(self) -> Iterator[Fate]:
        """The fate of every call, in the order in which they are settled."""
        while (line := self._pop()) is not None:
            self._push(line)
            self._at = max(self._at, self._slot, line.due)
            yield from self._one_slot(self._at)

    def _one_slot(self, at: datetime) -> Iterator[Fate]:
        """Go through what is due until a call takes the slot, or all was put off, refused, or waits for its account."""
        closed: list[tuple[_Line, Verdict]] = []
        blocked: list[_Line] = []
        taken: tuple[datetime, int] | None = None
        locations: dict[LocationFacts, LocationFacts] = {}
        while taken is None and (line := self._pop(at)) is not None:
            group = line.group
            if group.ends_at is not None and group.ends_at <= at:
                yield from self._leave(
                    line, None, Result.UNREACHED, group.ends_at, tuple(sorted(line.waited))
                )
                continue
            account = self._accounts[group.account]
            if account.free_at > at:
                blocked.append(line)
                continue
            location = group.facts.location
            if location not in locations:
                locations[location] = self._location(location, at)
            verdict = self._decide(group.facts_at(at, locations[location]), at)
            if verdict.decision == "allow":
                taken = line.key
                yield self._start(line, at, account)
            elif verdict.decision == "defer" and set(verdict.reasons) <= {"rate_spacing"}:
                assert verdict.until is not None
                taken, self._slot = line.key, verdict.until
                self._push(line)
            elif verdict.decision == "defer" and "location_daily_limit" in verdict.reasons:
                # As the drain: the first to hear it is put off, the others wait with the location until its midnight.
                taken = line.key
                self._slot = datetime.fromisoformat(verdict.evidence["location_daily_limit"]["holds_from"])
                self._put_off(line, [heappop(line.calls)], at, verdict)
                self._keep(line)
            else:
                closed.append((line, verdict))
        for line, verdict in closed:
            if verdict.decision == "reject":
                yield from self._leave(line, taken, Result.REFUSED, at, verdict.reasons)
            else:
                self._put_off(line, _before(line, taken), at, verdict)
                self._keep(line)
        if blocked and taken is None:
            opens = min(self._accounts[line.group.account].free_at for line in blocked)
            self._at = min([opens, *(due for due, *_ in self._order if due > at)])
        for line in blocked:
            self._push(line)

    def _location(self, location: LocationFacts, at: datetime) -> LocationFacts:
        days = tuple(day for day in self._days.values() if day[0] > at - timedelta(days=2))
        return replace(location, attempts=days, last_attempt_at=max((day[0] for day in days), default=None))

    def _start(self, line: _Line, at: datetime, account: Account) -> Fate:
        position = heappop(line.calls)
        self._slot, account.free_at = at + self._spacing, at + account.gap
        day = at.astimezone(self.zone).date()
        self._days[day] = at, self._days.get(day, (at, 0))[1] + 1
        for group in self._of_number.get(line.group.phone, ()):
            group.dialled = (*group.dialled, at)
        self._keep(line)
        return Fate(position, Result.CALLED, at, tuple(sorted(line.waited)))

    def _leave(
        self,
        line: _Line,
        until: tuple[datetime, int] | None,
        result: Result,
        at: datetime,
        reasons: tuple[str, ...],
    ) -> Iterator[Fate]:
        for position in sorted(_before(line, until)):
            yield Fate(position, result, at, reasons)
        self._keep(line)

    def _put_off(self, line: _Line, calls: list[int], at: datetime, verdict: Verdict) -> None:
        assert verdict.until is not None
        waited = line.waited.union(verdict.reasons)
        if line.group.counted:
            local = at.astimezone(self.zone)
            self.put_off[local.date(), local.hour] += len(calls)
            for reason in waited - line.waited:
                self.waited[reason] += len(calls)
        self._join(self._later(line.group, verdict.until), verdict.until, waited, calls)

    def _later(self, group: _Group, at: datetime) -> _Group:
        """The group of the same calls at a later instant: dials so old that no rule looks back to them are forgotten.

        Then contacts that were called at different times are alike again.
        """
        attempts = group.facts.number_attempts
        recent = tuple(instant for instant in attempts if instant > at - group.back)
        if recent == attempts:
            return group
        facts = replace(group.facts, number_attempts=recent)
        return self._group(
            facts, group.changes, group.account, group.ends_at, group.phone, group.counted, group.dialled
        )


def _before(line: _Line, until: tuple[datetime, int] | None) -> list[int]:
    """Take those calls out of the line that come before `until` in the queue; all of them when it is None."""
    if until is None or line.due < until[0]:
        calls, line.calls = line.calls, []
        return calls
    calls = []
    while line.calls and line.key < until:
        calls.append(heappop(line.calls))
    return calls
