"""Writing down what a tick decided, a few statements for the whole batch, in the tick's transaction.

Rows go to the database as tuples: building a model for each took longer than all the rules together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from accounts.database import json_of, next_ids, update_rows, write_rows
from compliance import editions
from compliance.models import Decision
from compliance.reservations import Reservation, reserve
from compliance.rules import ENGINE, Facts, Verdict
from compliance.stored_facts import as_json
from compliance.words import in_words
from dialer.claim import Candidate
from dialer.context import Number
from dialer.models import Attempt, AttemptState, Call, CallEvent, Pace
from dialer.numbers import MISSING_PHONE_NUMBER
from dialer.seats import SEND_WITHIN_SECONDS
from dialer.states import Disposition, State
from telephony.models import CarrierAccount

PROMPT_ERROR = "PROMPT_ERROR"
# A dial that could not leave within this time of its slot does not leave at all; the rules are asked for both ends,
# and the stored facts say so.
SEND_WITHIN = timedelta(seconds=SEND_WITHIN_SECONDS)
_CALL = Call._meta.db_table
# What is written with every dial: column → PostgreSQL's type.
_DECISION = {
    "id": "bigint", "location_id": "bigint", "call_id": "bigint", "contact_id": "bigint", "phone": "text",
    "decision": "text", "reasons": "jsonb", "until": "timestamptz", "decided_at": "timestamptz", "facts": "jsonb",
    "evidence": "jsonb", "engine": "text", "edition": "text",
}  # fmt: skip
_ATTEMPT = {
    "call_id": "bigint", "decision_id": "bigint", "account_id": "bigint", "location_id": "bigint", "token": "text",
    "phone": "text", "from_number": "text", "state": "text", "slot_at": "timestamptz", "local_date": "date",
    "carrier_status": "text", "answered_by": "text", "error_code": "text", "error_message": "text",
    "created_at": "timestamptz",
}  # fmt: skip
_DIALLED = {
    "id": "bigint", "state": "text", "reasons": "jsonb", "from_number": "text", "started_at": "timestamptz",
}  # fmt: skip
_EVENT = {
    "call_id": "bigint", "at": "timestamptz", "from_state": "text", "to_state": "text", "cause": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decided:
    """A verdict about a call's dial at `at`, with the facts it rests on."""

    candidate: Candidate
    verdict: Verdict
    at: datetime
    facts: Facts


@dataclass(slots=True)
class Allowed:
    """A call that is to be dialled at `at` from `number`."""

    candidate: Candidate
    at: datetime
    facts: Facts
    number: Number
    token: str
    reservation: Reservation = field(init=False)

    def __post_init__(self) -> None:
        self.reservation = Reservation(
            token=self.token,
            location_id=self.candidate.location_id,
            location_zone=self.facts.location.timezone,
            phone=self.candidate.phone,
            zones=self.facts.contact.place.zones,
            at=self.at,
        )


@dataclass(slots=True)
class Work:
    """The rows a tick will write. slots: when each location's next one opens, and why it waits that long."""

    decided: list[Decided] = field(default_factory=list)
    allowed: list[Allowed] = field(default_factory=list)
    rejected: list[tuple[Candidate, Verdict]] = field(default_factory=list)
    deferred: list[tuple[Candidate, Verdict]] = field(default_factory=list)
    without_number: list[Candidate] = field(default_factory=list)
    unspeakable: list[tuple[Candidate, str]] = field(default_factory=list)
    ended: list[Candidate] = field(default_factory=list)
    slots: dict[int, tuple[datetime, str]] = field(default_factory=dict)


class Event(NamedTuple):
    """A row of CallEvent."""

    call_id: int
    at: datetime
    from_state: str
    to_state: str
    cause: str


class TakenError(Exception):
    """Numbers were taken since the facts were read: all must be rolled back. keys: of the calls to them."""

    def __init__(self, keys: set[int]) -> None:
        self.keys = keys
        super().__init__(f"{len(keys)} numbers were taken meanwhile.")


class Ids:
    """Fresh keys of a table, of which a tick says beforehand how many it needs: to ask for more is to wait."""

    def __init__(self, table: str, count: int) -> None:
        self._table, self._left = table, next_ids(table, count)

    def take(self, count: int) -> list[int]:
        if count > len(self._left):
            # Not beside those that are left: SQLite, where only rows count, would give the same ones again.
            self._left = next_ids(self._table, count)
        taken, self._left = self._left[:count], self._left[count:]
        return taken


class Writing:
    """What one tick writes, portion by portion, and at its end what there must be one statement for. In `pipelined`.

    Rows are written as if every reservation held; where one does not, TakenError takes all of them back.
    """

    def __init__(self, dials: int, now: datetime) -> None:
        self._now = now
        self._decisions = Ids(Decision._meta.db_table, dials)
        self._allowed: list[Allowed] = []
        self._slots: dict[int, tuple[datetime, str]] = {}

    def write(self, work: Work) -> None:
        decision_ids = write_decisions(work.decided, self._decisions)
        write_events(
            [
                *write_ends(work, self._now),
                *write_deferrals(work, self._now),
                *write_dials(work, decision_ids, self._now),
            ]
        )
        self._allowed += work.allowed
        self._slots |= work.slots

    def finish(self, accounts: Iterable[CarrierAccount]) -> None:
        """Slots and reservations. Raises TakenError."""
        update_rows(
            Pace._meta.db_table,
            "location_id",
            {"location_id": "bigint", "next_slot_at": "timestamptz", "hold_reason": "text"},
            [(location_id, at, reason) for location_id, (at, reason) in sorted(self._slots.items())],
        )
        update_rows(
            CarrierAccount._meta.db_table,
            "id",
            {"id": "bigint", "next_slot_at": "timestamptz"},
            [(account.pk, account.next_slot_at) for account in accounts],
        )
        lost = reserve([allowed.reservation for allowed in self._allowed])
        if lost:
            raise TakenError({each.candidate.id for each in self._allowed if each.token in lost})


def write_decisions(decided: Sequence[Decided], ids: Ids) -> dict[int, int]:
    """One row a verdict; returns the decision's id by the call's."""
    keys, edition = ids.take(len(decided)), editions.current().digest
    write_rows(
        Decision._meta.db_table,
        _DECISION,
        [
            (
                decision_id, each.candidate.location_id, each.candidate.id, each.candidate.contact_id,
                each.candidate.phone, each.verdict.decision, json_of(each.verdict.reasons), each.verdict.until, each.at,
                json_of(as_json(each.facts, SEND_WITHIN)), json_of(each.verdict.evidence), ENGINE, edition,
            )
            for decision_id, each in zip(keys, decided, strict=True)
        ],
    )  # fmt: skip
    return {each.candidate.id: decision_id for decision_id, each in zip(keys, decided, strict=True)}


def write_ends(work: Work, now: datetime) -> list[Event]:
    """Rejected by a rule, without a number of ours, or past the campaign's end: over, and nothing was spent."""
    events = []
    if work.rejected:
        update_rows(
            _CALL,
            "id",
            {
                "id": "bigint",
                "state": "text",
                "disposition": "text",
                "reasons": "jsonb",
                "ended_at": "timestamptz",
            },
            [
                (each.id, State.FAILED.value, Disposition.REJECTED.value, json_of(verdict.reasons), now)
                for each, verdict in work.rejected
            ],
        )
        events += [
            _event(each, State.FAILED, f"Refused by the rules: {in_words(verdict.reasons)}", now)
            for each, verdict in work.rejected
        ]
    if work.without_number:
        Call.objects.filter(pk__in=[each.id for each in work.without_number]).update(
            state=State.FAILED.value,
            disposition=Disposition.FAILED.value,
            failure_code=MISSING_PHONE_NUMBER,
            failure_detail="Neither the campaign nor the agent has a phone number.",
            ended_at=now,
        )
        events += [
            _event(each, State.FAILED, "No phone number to call from", now) for each in work.without_number
        ]
    for each, error in work.unspeakable:
        Call.objects.filter(pk=each.id).update(
            state=State.FAILED.value,
            disposition=Disposition.FAILED.value,
            failure_code=PROMPT_ERROR,
            failure_detail=error,
            ended_at=now,
        )
        events.append(_event(each, State.FAILED, "The prompt template could not be rendered", now))
    if work.ended:
        Call.objects.filter(pk__in=[each.id for each in work.ended]).update(
            state=State.CANCELED.value, disposition=Disposition.CANCELED.value, ended_at=now
        )
        events += [_event(each, State.CANCELED, "The campaign's end has passed", now) for each in work.ended]
    return events


def write_deferrals(work: Work, now: datetime) -> list[Event]:
    update_rows(
        _CALL,
        "id",
        {"id": "bigint", "state": "text", "reasons": "jsonb", "due_at": "timestamptz"},
        [
            (each.id, State.SCHEDULED.value, json_of(verdict.reasons), verdict.until)
            for each, verdict in work.deferred
        ],
    )
    return [
        _event(each, State.SCHEDULED, f"Put off by the rules: {in_words(verdict.reasons)}", now)
        for each, verdict in work.deferred
    ]


def write_dials(work: Work, decision_ids: dict[int, int], now: datetime) -> list[Event]:
    """What is about to ring: its attempt, and the call's new state."""
    if not work.allowed:
        return []
    write_rows(
        Attempt._meta.db_table,
        _ATTEMPT,
        [
            (
                each.candidate.id, decision_ids[each.candidate.id], each.number.account_id, each.candidate.location_id,
                each.token, each.candidate.phone, each.number.number, AttemptState.RESERVED.value, each.at,
                each.reservation.location_date, "", "", "", "", now,
            )
            for each in work.allowed
        ],
    )  # fmt: skip
    update_rows(
        _CALL,
        "id",
        _DIALLED,
        [
            (each.candidate.id, State.CALLING.value, "[]", each.number.number, each.at)
            for each in work.allowed
        ],
    )
    return [_event(each.candidate, State.CALLING, "Allowed by the rules", each.at) for each in work.allowed]


def write_events(events: Sequence[Event]) -> None:
    write_rows(CallEvent._meta.db_table, _EVENT, events)


def _event(candidate: Candidate, to: State, cause: str, at: datetime) -> Event:
    return Event(candidate.id, at, candidate.state, to.value, cause[:300])
