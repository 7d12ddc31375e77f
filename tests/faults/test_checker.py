"""The judge finds a planted breach of every kind, and nothing in what is lawful."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.faults.checker import (
    CHECKS,
    Attempt,
    Call,
    Consent,
    Decision,
    DoNotCall,
    Event,
    Evidence,
    Location,
    LocationDay,
    Move,
    NumberDay,
    breaches,
)

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=ZoneInfo("America/Denver")).astimezone(UTC)
DAY = date(2026, 3, 3)
ORIGIN = "http://127.0.0.1:8000/voice"


def create(number: int, at: datetime, **more: object) -> dict:
    entry = {
        "kind": "create",
        "received_at": at.timestamp(),
        "to": f"+1303200000{number}",
        "sid": f"CA{number}",
        "answer": 201,
        "url": f"{ORIGIN}/answer/token{number}",
    }
    return {**entry, **more}


def ring(number: int, at: datetime, **more: object) -> dict:
    entry = {
        "kind": "ring",
        "at": at.timestamp(),
        "to": f"+1303200000{number}",
        "sid": f"CA{number}",
        "direction": "outbound-api",
        "url": f"{ORIGIN}/answer/token{number}",
    }
    return {**entry, **more}


def delivery(number: int, status: int | None = 204) -> dict:
    return {
        "kind": "delivery",
        "url": f"{ORIGIN}/status/token{number}",
        "status": status,
        "form": {"CallSid": f"CA{number}", "SequenceNumber": "3", "CallStatus": "completed"},
    }


def lawful() -> Evidence:
    """Two numbers dialled by one location, 6.2 s apart, both over; a third call waits."""
    instants = {1: NOON, 2: NOON + timedelta(seconds=6.2)}
    return Evidence(
        log=[
            entry
            for number, at in instants.items()
            for entry in (
                create(number, at + timedelta(milliseconds=9)),
                ring(number, at + timedelta(seconds=1)),
                delivery(number),
            )
        ],
        settled_before=NOON + timedelta(minutes=5),
        locations=[Location(1, 1, "America/Denver")],
        decisions=[
            Decision(number, number, f"+1303200000{number}", "allow", at, ("America/Denver",))
            for number, at in instants.items()
        ],
        attempts=[
            Attempt(
                f"token{number}", number, number, 1, f"+1303200000{number}", "ended", at, DAY, f"CA{number}"
            )
            for number, at in instants.items()
        ],
        calls=[
            Call(1, 1, 1, "+13032000001", "completed"),
            Call(2, 1, 2, "+13032000002", "busy"),
            Call(3, 1, 3, "+13032000003", "queued"),
        ],
        moves=[
            Move(1, 1, "queued", "calling"),
            Move(2, 2, "queued", "calling"),
            Move(3, 1, "calling", "completed"),
            Move(4, 2, "calling", "busy"),
        ],
        number_days=[NumberDay(f"+1303200000{number}", DAY, f"token{number}") for number in instants],
        location_days=[LocationDay(1, DAY, 2)],
        events=[Event("status", f"token{number}", f"CA{number}", "3:completed") for number in instants],
        consents=[
            Consent(1, number, f"+1303200000{number}", True, NOON - timedelta(9), NOON - timedelta(9))
            for number in (1, 2, 3)
        ],
    )


def logged(evidence: Evidence, *entries: dict) -> Evidence:
    return replace(evidence, log=[*evidence.log, *entries])


def without(evidence: Evidence, kind: str) -> Evidence:
    return replace(evidence, log=[entry for entry in evidence.log if entry["kind"] != kind])


def first(rows: list, **changes: object) -> list:
    return [replace(rows[0], **changes), *rows[1:]]


LATER = NOON + timedelta(minutes=3)
NIGHT = datetime(2026, 3, 3, 20, 0, tzinfo=ZoneInfo("America/Denver"))

PLANTED: list[tuple[str, str, Callable[[Evidence], Evidence]]] = [
    ("a phone rang twice for one call", "rung once per call", lambda e: logged(e, ring(1, LATER))),
    ("a call was started twice", "rung once per call", lambda e: logged(e, create(1, LATER, sid="CA9"))),
    (
        "two attempts of one call were started",
        "rung once per call",
        lambda e: replace(e, attempts=[e.attempts[0], replace(e.attempts[1], call_id=1)]),
    ),
    (
        "a number rang twice on its day",
        "number once a day",
        lambda e: logged(e, ring(2, LATER, to="+13032000001")),
    ),
    (
        "a number rang 15 times in 14 days",
        "number once a day",
        lambda e: logged(e, *(ring(1, NOON + timedelta(hours=23 * n)) for n in range(1, 15))),
    ),
    ("a ring without an attempt", "decided before", lambda e: logged(e, ring(7, LATER))),
    ("a start without an attempt", "decided before", lambda e: logged(e, create(7, LATER))),
    (
        "a ring whose decision refused",
        "decided before",
        lambda e: replace(e, decisions=first(e.decisions, verdict="reject")),
    ),
    (
        "a ring of another number than decided",
        "decided before",
        lambda e: replace(e, decisions=first(e.decisions, phone="+13032000009")),
    ),
    (
        "a ring before its decision",
        "decided before",
        lambda e: replace(e, decisions=first(e.decisions, decided_at=LATER)),
    ),
    ("a ring at 20:00", "rules at the ring", lambda e: logged(without(e, "ring"), ring(1, NIGHT))),
    (
        "a ring in the second zone's night",
        "rules at the ring",
        lambda e: replace(e, decisions=first(e.decisions, zones=("America/Denver", "Asia/Kolkata"))),
    ),
    ("a ring without consent", "rules at the ring", lambda e: replace(e, consents=e.consents[1:])),
    (
        "a ring after an opt-out",
        "rules at the ring",
        lambda e: replace(
            e,
            consents=[
                *e.consents,
                Consent(1, 1, "+13032000001", False, NOON - timedelta(1), NOON - timedelta(1)),
            ],
        ),
    ),
    (
        "a ring of a number on the do-not-call list",
        "rules at the ring",
        lambda e: replace(e, do_not_call=[DoNotCall(1, "+13032000001", NOON - timedelta(1), None)]),
    ),
    (
        "two starts 5.999 s apart",
        "location pace",
        lambda e: replace(e, log=[*e.log[:3], create(2, NOON + timedelta(seconds=6.008))]),
    ),
    (
        "eleven starts in a minute",
        "location pace",
        lambda e: logged(
            without(e, "create"), *(create(1, NOON + timedelta(seconds=5.9 * n)) for n in range(11))
        ),
    ),
    (
        "1,001 starts on a day",
        "location pace",
        lambda e: logged(
            without(e, "create"), *(create(1, NOON + timedelta(seconds=6.1 * n)) for n in range(1001))
        ),
    ),
    (
        "a call still calling long after",
        "nothing stuck",
        lambda e: replace(
            e, calls=first(e.calls, state="calling"), attempts=first(e.attempts, state="accepted")
        ),
    ),
    (
        "a live call whose dial is over",
        "nothing stuck",
        lambda e: replace(e, calls=first(e.calls, state="unknown")),
    ),
    (
        "a call that waits although it was dialled",
        "nothing stuck",
        lambda e: replace(e, calls=first(e.calls, state="queued")),
    ),
    (
        "an end that was left",
        "states forward",
        lambda e: replace(e, moves=[*e.moves, Move(5, 2, "busy", "calling")]),
    ),
    (
        "put back without a refusal",
        "states forward",
        lambda e: replace(e, moves=[*e.moves[:2], Move(3, 1, "calling", "queued"), *e.moves[3:]]),
    ),
    (
        "a move that is nowhere",
        "states forward",
        lambda e: replace(e, moves=[move for move in e.moves if move.id != 3]),
    ),
    (
        "a dial that counts for no number",
        "everything counted",
        lambda e: replace(e, number_days=e.number_days[1:]),
    ),
    (
        "a location's day that lost a dial",
        "everything counted",
        lambda e: replace(e, location_days=[LocationDay(1, DAY, 1)]),
    ),
    (
        "a refused attempt that rang",
        "everything counted",
        lambda e: replace(e, attempts=first(e.attempts, state="refused")),
    ),
    ("a delivered event that is not kept", "events kept", lambda e: replace(e, events=e.events[1:])),
    ("an event kept twice", "events kept", lambda e: replace(e, events=[*e.events, e.events[0]])),
]


def test_it_finds_nothing_in_what_is_lawful() -> None:
    assert breaches(lawful()) == []


@pytest.mark.parametrize(("what", "rule", "plant"), PLANTED, ids=[what for what, _, _ in PLANTED])
def test_it_finds_a_planted_breach(what: str, rule: str, plant: Callable[[Evidence], Evidence]) -> None:
    assert rule in {breach.rule for breach in breaches(plant(lawful()))}


def test_every_check_has_a_planted_breach() -> None:
    assert {rule for _, rule, _ in PLANTED} == set(CHECKS)


def test_an_event_that_was_refused_or_never_answered_need_not_be_kept() -> None:
    refused = [delivery(1, None), delivery(1, 503), delivery(2)]
    evidence = lawful()
    assert (
        breaches(
            replace(
                evidence, log=[*evidence.log[:2], *evidence.log[3:5], *refused], events=evidence.events[1:]
            )
        )
        == []
    )
