"""Writing down what a tick decided, a few statements for the whole batch, in the tick's transaction.

Rows go to the database as tuples: building a model for each took longer than all the rules together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from accounts.database import insert_rows, json_of, next_ids, update_rows
from accounts.fields import new_code
from compliance import editions
from compliance.models import Decision
from compliance.reservations import Reservation
from compliance.rules import ENGINE, Facts, Verdict
from compliance.stored_facts import as_json
from compliance.words import in_words
from dialer.claim import Candidate
from dialer.context import Number
from dialer.models import Attempt, AttemptState, Call, CallEvent
from dialer.numbers import MISSING_PHONE_NUMBER
from dialer.seats import SEND_WITHIN_SECONDS
from dialer.states import Disposition, State
from voiceagents.models import Conversation

PROMPT_ERROR = "PROMPT_ERROR"
# A dial that could not leave within this time of its slot does not leave at all; the rules are asked for both ends,
# and the stored facts say so.
SEND_WITHIN = timedelta(seconds=SEND_WITHIN_SECONDS)
_CALL = Call._meta.db_table


@dataclass(frozen=True, slots=True)
class Decided:
    """A verdict about a call's dial at `at`, with the facts it rests on."""

    candidate: Candidate
    verdict: Verdict
    at: datetime
    facts: Facts


@dataclass(slots=True)
class Allowed:
    """A call that is to be dialled at `at` from `number`, and what its agent must know."""

    candidate: Candidate
    at: datetime
    facts: Facts
    number: Number
    brain: str
    token: str
    brief: dict[str, Any] = field(default_factory=dict)


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


def write_decisions(decided: Sequence[Decided]) -> dict[int, int]:
    """One row a verdict; returns the decision's id by the call's."""
    ids, edition = next_ids(Decision._meta.db_table, len(decided)), editions.current().digest
    insert_rows(
        Decision._meta.db_table,
        (
            "id", "location_id", "call_id", "contact_id", "phone", "decision", "reasons", "until", "decided_at",
            "facts", "evidence", "engine", "edition",
        ),
        [
            (
                decision_id, each.candidate.location_id, each.candidate.id, each.candidate.contact_id,
                each.candidate.phone, each.verdict.decision, json_of(each.verdict.reasons), each.verdict.until, each.at,
                json_of(as_json(each.facts, SEND_WITHIN)), json_of(each.verdict.evidence), ENGINE, edition,
            )
            for decision_id, each in zip(ids, decided, strict=True)
        ],
    )  # fmt: skip
    return {each.candidate.id: decision_id for decision_id, each in zip(ids, decided, strict=True)}


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
    """What is about to ring: its conversation, its attempt, and the call's new state."""
    if not work.allowed:
        return []
    conversation_ids = next_ids(Conversation._meta.db_table, len(work.allowed))
    insert_rows(
        Conversation._meta.db_table,
        (
            "id", "code", "location_id", "agent_id", "contact_id", "channel", "token", "brief", "session_id", "brain",
            "fell_back", "results", "reconnects", "ended_by", "created_at",
        ),
        [
            (
                conversation_id, new_code(), each.candidate.location_id, each.candidate.agent_id,
                each.candidate.contact_id, "voice", each.token, json_of(each.brief), "", each.brain, False, "{}", 0, "",
                now,
            )
            for conversation_id, each in zip(conversation_ids, work.allowed, strict=True)
        ],
    )  # fmt: skip
    insert_rows(
        Attempt._meta.db_table,
        (
            "call_id", "decision_id", "account_id", "location_id", "token", "phone", "from_number", "state", "slot_at",
            "local_date", "carrier_status", "answered_by", "error_code", "error_message", "created_at",
        ),
        [
            (
                each.candidate.id, decision_ids[each.candidate.id], each.number.account_id, each.candidate.location_id,
                each.token, each.candidate.phone, each.number.number, AttemptState.RESERVED.value, each.at,
                reservation_of(each).location_date, "", "", "", "", now,
            )
            for each in work.allowed
        ],
    )  # fmt: skip
    update_rows(
        _CALL,
        "id",
        {
            "id": "bigint",
            "state": "text",
            "reasons": "jsonb",
            "from_number": "text",
            "started_at": "timestamptz",
            "conversation_id": "bigint",
        },
        [
            (each.candidate.id, State.CALLING.value, "[]", each.number.number, each.at, conversation_id)
            for conversation_id, each in zip(conversation_ids, work.allowed, strict=True)
        ],
    )
    return [_event(each.candidate, State.CALLING, "Allowed by the rules", each.at) for each in work.allowed]


def write_events(events: Sequence[Event]) -> None:
    insert_rows(CallEvent._meta.db_table, Event._fields, events)


def reservation_of(allowed: Allowed) -> Reservation:
    return Reservation(
        token=allowed.token,
        location_id=allowed.candidate.location_id,
        location_zone=allowed.facts.location.timezone,
        phone=allowed.candidate.phone,
        zones=allowed.facts.contact.place.zones,
        at=allowed.at,
    )


def _event(candidate: Candidate, to: State, cause: str, at: datetime) -> Event:
    return Event(candidate.id, at, candidate.state, to.value, cause[:300])
