"""The judge finds a planted breach of every kind, and nothing in what is lawful."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.faults.checker import CHECKS, breaches
from tests.faults.exhibits import (
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
    Past,
)

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=ZoneInfo("America/Denver")).astimezone(UTC)
DAY = date(2026, 3, 3)
ORIGIN = "http://127.0.0.1:8000/voice"
ENDS = {1: "completed", 2: "busy", 4: "busy"}


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


def delivery(number: int, status: int | None = 204, word: str = "", **more: object) -> dict:
    word = word or ENDS[number]
    entry = {
        "kind": "delivery",
        "callback": "status",
        "event": word,
        "sid": f"CA{number}",
        "url": f"{ORIGIN}/status/token{number}",
        "status": status,
        "form": {
            "CallSid": f"CA{number}",
            "SequenceNumber": "3",
            "CallStatus": word,
            "CallDuration": "20" if word == "completed" else "0",
        },
    }
    return {**entry, **more}


def verdict(number: int, status: int | None) -> dict:
    """An answering machine took the call, says the carrier."""
    return delivery(
        number,
        status,
        callback="amd",
        event="machine_start",
        url=f"{ORIGIN}/amd/token{number}",
        form={"CallSid": f"CA{number}", "AnsweredBy": "machine_start"},
    )


def recording(number: int, sid: str) -> dict:
    form = {"CallSid": f"CA{number}", "RecordingSid": sid, "RecordingStatus": "completed"}
    url = f"{ORIGIN}/recording/token{number}"
    return delivery(number, callback="recording", event="completed", url=url, form=form)


def attempt(number: int, at: datetime) -> Attempt:
    sid, phone = f"CA{number}", f"+1303200000{number}"
    return Attempt(f"token{number}", number, number, 1, phone, "ended", at, at, DAY, sid)


def consent(number: int, granted: bool, at: datetime) -> Consent:
    return Consent(1, number, f"+1303200000{number}", granted, at, at, at)


def do_not_call(number: int, at: datetime) -> DoNotCall:
    return DoNotCall(1, f"+1303200000{number}", at, None, at)


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
        attempts=[attempt(number, at) for number, at in instants.items()],
        calls=[
            Call(1, 1, 1, "+13032000001", "completed", NOON, False, "connected", 20),
            Call(2, 1, 2, "+13032000002", "busy", NOON, False, "no_answer"),
            Call(3, 1, 3, "+13032000003", "queued", NOON + timedelta(days=1)),
        ],
        moves=[
            Move(1, 1, "queued", "calling"),
            Move(2, 2, "queued", "calling"),
            Move(3, 1, "calling", "completed"),
            Move(4, 2, "calling", "busy"),
        ],
        number_days=[NumberDay(f"+1303200000{number}", DAY, f"token{number}") for number in instants],
        location_days=[LocationDay(1, DAY, 2)],
        events=[Event("status", f"token{number}", f"CA{number}", f"3:{ENDS[number]}") for number in instants],
        consents=[consent(number, True, NOON - timedelta(9)) for number in (1, 2, 3)],
    )


def logged(evidence: Evidence, *entries: dict) -> Evidence:
    return replace(evidence, log=[*evidence.log, *entries])


def without(evidence: Evidence, kind: str) -> Evidence:
    return replace(evidence, log=[entry for entry in evidence.log if entry["kind"] != kind])


def first(rows: list, **changes: object) -> list:
    return [replace(rows[0], **changes), *rows[1:]]


def dialled_again(evidence: Evidence) -> Evidence:
    """Number 1 is dialled for a fourth call, decided and counted, and nothing rings."""
    decision = Decision(4, 4, "+13032000001", "allow", LATER, ("America/Denver",))
    return replace(
        logged(evidence, create(4, LATER, to="+13032000001")),
        decisions=[*evidence.decisions, decision],
        attempts=[*evidence.attempts, replace(attempt(4, LATER), phone="+13032000001")],
        calls=[*evidence.calls, Call(4, 1, 1, "+13032000001", "busy", NOON, False, "no_answer")],
        moves=[*evidence.moves, Move(5, 4, "queued", "calling"), Move(6, 4, "calling", "busy")],
        number_days=[*evidence.number_days, NumberDay("+13032000001", DAY, "token4")],
        location_days=[LocationDay(1, DAY, 3)],
    )


def dialled_before(evidence: Evidence, phone: str, instants: Iterable[datetime], today: int = 0) -> Evidence:
    """Location 1 dialled the number at these instants, of which its day counts `today`."""
    past = [Past(1, phone, at) for at in instants]
    return replace(evidence, past=past, location_days=[LocationDay(1, DAY, 2 + today)])


def ended(evidence: Evidence, state: str, **changes: object) -> Evidence:
    """Call 1 ended so, by its own moves too."""
    moves = [replace(move, after=state) if move.id == 3 else move for move in evidence.moves]
    return replace(evidence, calls=first(evidence.calls, state=state, **changes), moves=moves)


def third(evidence: Evidence, **changes: object) -> Evidence:
    """The call that waits."""
    return replace(evidence, calls=[*evidence.calls[:2], replace(evidence.calls[2], **changes)])


BEFORE = NOON - timedelta(seconds=5)
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
    ("a number was dialled twice on its day and did not ring again", "number once a day", dialled_again),
    (
        "a number was dialled 15 times in 14 days",
        "number once a day",
        lambda e: logged(e, *(create(1, NOON + timedelta(hours=23 * n)) for n in range(1, 15))),
    ),
    (
        "a number was dialled on 14 days and then once more",
        "number once a day",
        lambda e: dialled_before(e, "+13032000001", (NOON - timedelta(hours=23 * n) for n in range(1, 15))),
    ),
    (
        "a location had 999 dials behind it today and made two",
        "location pace",
        lambda e: dialled_before(e, "+13039999999", [NOON - timedelta(hours=1)] * 999, today=999),
    ),
    (
        "a location's day forgot the dials before",
        "everything counted",
        lambda e: dialled_before(e, "+13039999999", [NOON - timedelta(hours=1)] * 9, today=0),
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
    (
        "a dial on a decision of five hours ago",
        "decided before",
        lambda e: replace(e, decisions=first(e.decisions, decided_at=NOON - timedelta(hours=5))),
    ),
    (
        "a dial on an attempt of eight seconds ago",
        "decided before",
        lambda e: replace(e, attempts=first(e.attempts, created_at=NOON - timedelta(seconds=8))),
    ),
    (
        "two dials on one decision",
        "decided before",
        lambda e: replace(e, attempts=[e.attempts[0], replace(e.attempts[1], decision_id=1)]),
    ),
    ("a ring at 20:00", "rules at the dial", lambda e: logged(without(e, "ring"), ring(1, NIGHT))),
    (
        "a dial at 20:00 that did not ring",
        "rules at the dial",
        lambda e: logged(without(without(e, "ring"), "create"), create(1, NIGHT)),
    ),
    (
        "a dial without consent that did not ring",
        "rules at the dial",
        lambda e: replace(without(e, "ring"), consents=e.consents[1:]),
    ),
    (
        "a ring in the second zone's night",
        "rules at the dial",
        lambda e: replace(e, decisions=first(e.decisions, zones=("America/Denver", "Asia/Kolkata"))),
    ),
    ("a ring without consent", "rules at the dial", lambda e: replace(e, consents=e.consents[1:])),
    (
        "a dial decided after an opt-out",
        "no is no",
        lambda e: replace(e, consents=[*e.consents, consent(1, False, BEFORE)]),
    ),
    (
        "a dial decided after an opt-out of a number nobody has",
        "no is no",
        lambda e: replace(e, consents=[*e.consents, replace(consent(1, False, BEFORE), contact_id=None)]),
    ),
    (
        "a dial decided after its number came on the do-not-call list",
        "no is no",
        lambda e: replace(e, do_not_call=[do_not_call(1, BEFORE)]),
    ),
    (
        "a dial decided after an opt-out and never sent",
        "no is no",
        lambda e: replace(
            without(without(e, "ring"), "create"), consents=[*e.consents, consent(1, False, BEFORE)]
        ),
    ),
    (
        "a ring ten seconds after an opt-out that the decision could not know",
        "no is no",
        lambda e: replace(
            logged(without(e, "ring"), ring(1, NOON + timedelta(seconds=11))),
            consents=[*e.consents, consent(1, False, NOON + timedelta(seconds=1))],
        ),
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
        "a call that waits for no instant",
        "nothing stuck",
        lambda e: third(e, due_at=None),
    ),
    (
        "a call that was due and that nobody took",
        "nothing stuck",
        lambda e: third(e, due_at=NOON - timedelta(hours=3)),
    ),
    (
        "an allowed call that was never dialled",
        "nothing stuck",
        lambda e: replace(
            e,
            decisions=[
                *e.decisions,
                Decision(3, 3, "+13032000003", "allow", NOON, ("America/Denver",)),
            ],
        ),
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
    ("no moves at all", "states forward", lambda e: replace(e, moves=[])),
    (
        "a dial without a move",
        "states forward",
        lambda e: replace(
            e, moves=[replace(e.moves[0], before="created", after="completed"), *e.moves[1:2], *e.moves[3:]]
        ),
    ),
    (
        "an end that the carrier did not tell of",
        "end as the carrier says",
        lambda e: ended(e, "failed", disposition="failed"),
    ),
    (
        "an end whose every delivery was refused and that nobody asked for",
        "end as the carrier says",
        lambda e: replace(
            ended(without(e, "delivery"), "failed", disposition="failed"),
            log=[*without(e, "delivery").log, delivery(1, 500), delivery(2)],
            events=e.events[1:],
        ),
    ),
    (
        "an end that was lost on its way and that nobody asked for",
        "end as the carrier says",
        lambda e: ended(
            logged(without(e, "delivery"), delivery(1, kind="fault", form=None, url=None), delivery(2)),
            "failed",
            disposition="failed",
        ),
    ),
    (
        "a call that talked for another time",
        "end as the carrier says",
        lambda e: replace(e, calls=first(e.calls, talk_seconds=0)),
    ),
    (
        "an end that the log does not show",
        "end as the carrier says",
        lambda e: replace(e, calls=first(e.calls, disposition="")),
    ),
    ("a machine's call shown as a person's", "end as the carrier says", lambda e: logged(e, verdict(1, 204))),
    ("a recording that is lost", "end as the carrier says", lambda e: logged(e, recording(1, "RE1"))),
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


def told(evidence: Evidence) -> set[str]:
    return {breach.rule for breach in breaches(evidence)}


def test_an_event_that_was_refused_or_never_answered_need_not_be_kept() -> None:
    refused = [delivery(1, None), delivery(1, 503), delivery(2)]
    evidence = without(lawful(), "delivery")
    assert breaches(replace(logged(evidence, *refused), events=evidence.events[1:])) == []


def test_what_was_decided_before_an_opt_out_may_still_ring() -> None:
    evidence = lawful()
    no = consent(1, False, NOON + timedelta(milliseconds=1))
    assert breaches(replace(evidence, consents=[*evidence.consents, no])) == []


def test_an_opt_out_counts_from_its_commit() -> None:
    evidence = lawful()
    no = replace(consent(1, False, BEFORE), committed_at=NOON + timedelta(milliseconds=1))
    assert "no is no" not in told(replace(evidence, consents=[*evidence.consents, no]))


def test_who_agrees_again_may_be_called_again() -> None:
    evidence = lawful()
    said = [consent(1, False, NOON - timedelta(days=2)), consent(1, True, NOON - timedelta(days=1))]
    assert breaches(replace(evidence, consents=[*evidence.consents, *said])) == []


def test_a_machines_verdict_that_we_never_took_may_be_unknown_to_us() -> None:
    assert breaches(logged(lawful(), verdict(1, 500))) == []


def test_a_call_that_waits_for_its_turn_is_not_stuck() -> None:
    evidence = replace(third(lawful(), due_at=NOON), settled_before=NOON + timedelta(seconds=30))
    assert breaches(evidence) == []
    assert "nothing stuck" in told(replace(evidence, settled_before=NOON + timedelta(minutes=2)))
