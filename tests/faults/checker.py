"""The judge of the fault tests: what the carrier itself saw, against the rows that an auditor would read.

It shares no code with what it judges and asks the product for no verdict. The carrier's log says what was dialled and
what was delivered; the rows say what was decided, counted and kept. Each check is a function of CHECKS; tests plant one
breach of each kind and see it found.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

OPENS, CLOSES = time(8), time(20)
LEAST_GAP = 6.000
MOST_A_MINUTE = 10
MOST_A_DAY = 1000
PERIOD, MOST_A_PERIOD = timedelta(hours=336), 14
# What was decided before an opt-out may still be on its way to the phone for this long.
ON_ITS_WAY = timedelta(seconds=7)
# Rows and the carrier are stamped by two processes of one machine.
STAMPING = timedelta(milliseconds=50)

WAITING = {"created", "scheduled", "queued"}
LIVE = {"calling", "unknown", "in_progress"}
OVER = {"completed", "voicemail", "no_answer", "busy", "failed", "canceled"}


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule that was broken. rule: the name in CHECKS."""

    rule: str
    what: str


@dataclass(frozen=True, slots=True)
class Location:
    id: int
    organization_id: int
    zone: str


@dataclass(frozen=True, slots=True)
class Decision:
    """zones: those the decision was made for."""

    id: int
    call_id: int
    phone: str
    verdict: str
    decided_at: datetime
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    token: str
    call_id: int
    decision_id: int
    location_id: int
    phone: str
    state: str
    created_at: datetime
    local_date: date
    sid: str | None


@dataclass(frozen=True, slots=True)
class Call:
    id: int
    location_id: int
    contact_id: int
    phone: str
    state: str


@dataclass(frozen=True, slots=True)
class Move:
    """A CallEvent; `id` gives their order."""

    id: int
    call_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class NumberDay:
    phone: str
    day: date
    token: str


@dataclass(frozen=True, slots=True)
class LocationDay:
    location_id: int
    day: date
    dialled: int


@dataclass(frozen=True, slots=True)
class Event:
    """A CarrierEvent. part: what tells it from the call's other events of its kind."""

    kind: str
    token: str
    sid: str
    part: str


@dataclass(frozen=True, slots=True)
class Consent:
    """contact_id None: a revocation of a number nobody has."""

    organization_id: int
    contact_id: int | None
    phone: str
    granted: bool
    captured_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class DoNotCall:
    organization_id: int
    phone: str
    added_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True)
class Evidence:
    """log: the carrier's, as JSON objects. settled_before: attempts made before this have had their time to end."""

    log: list[dict]
    settled_before: datetime
    locations: list[Location] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    number_days: list[NumberDay] = field(default_factory=list)
    location_days: list[LocationDay] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    do_not_call: list[DoNotCall] = field(default_factory=list)

    def rings(self) -> Iterator[tuple[str, str, datetime]]:
        """(token, number, instant) of every phone that rang for us."""
        for entry in self.log:
            if entry["kind"] == "ring" and entry["direction"] == "outbound-api":
                yield token_of(entry["url"]), entry["to"], instant(entry["at"])

    def starts(self) -> Iterator[tuple[str, str, datetime]]:
        """(token, number, instant) of every call that the carrier took on, whatever we heard of it."""
        for entry in self.log:
            if entry["kind"] == "create" and entry["sid"] is not None:
                yield token_of(entry["url"]), entry["to"], instant(entry["received_at"])


def instant(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def token_of(url: str) -> str:
    return urlsplit(url).path.rsplit("/", 1)[-1]


def zones_of(phone: str, *known: str) -> set[str]:
    """Every zone its owner may be in: what the numbering plan says, and what was decided for."""
    listed = set(time_zones_for_number(phonenumbers.parse(phone)))
    return (listed | set(known)) - {"Etc/Unknown"}


def rung_once_per_call(evidence: Evidence) -> Iterator[str]:
    for token, count in Counter(token for token, _, _ in evidence.rings()).items():
        if count > 1:
            yield f"token {token} rang {count} times"
    for token, count in Counter(token for token, _, _ in evidence.starts()).items():
        if count > 1:
            yield f"token {token} was started {count} times"
    tokens = {attempt.token: attempt.call_id for attempt in evidence.attempts}
    started = Counter(tokens[token] for token, _, _ in evidence.starts() if token in tokens)
    for call_id, count in started.items():
        if count > 1:
            yield f"call {call_id} was started {count} times"


def number_once_a_day(evidence: Evidence) -> Iterator[str]:
    decided = _zones_decided(evidence)
    days: Counter[tuple[str, str, date]] = Counter()
    dialled: dict[str, list[datetime]] = defaultdict(list)
    for token, phone, at in evidence.rings():
        dialled[phone].append(at)
        for zone in zones_of(phone, *decided.get(token, ())):
            days[phone, zone, at.astimezone(ZoneInfo(zone)).date()] += 1
    for (phone, zone, day), count in days.items():
        if count > 1:
            yield f"{phone} rang {count} times on {day} in {zone}"
    for phone, instants in dialled.items():
        instants.sort()
        for first, over in zip(instants, instants[MOST_A_PERIOD:], strict=False):
            if over - first < PERIOD:
                yield f"{phone} rang more than {MOST_A_PERIOD} times in 14 days from {first}"


def decided_before(evidence: Evidence) -> Iterator[str]:
    attempts = {attempt.token: attempt for attempt in evidence.attempts}
    decisions = {decision.id: decision for decision in evidence.decisions}
    for what, entries in (("ring", evidence.rings()), ("start", evidence.starts())):
        for token, phone, at in entries:
            attempt = attempts.get(token)
            if attempt is None:
                yield f"{what} of {phone} at {at} has no attempt (token {token})"
                continue
            decision = decisions.get(attempt.decision_id)
            if decision is None or decision.verdict != "allow":
                yield f"{what} of {phone} at {at} has no allow decision"
            elif (decision.phone, decision.call_id) != (phone, attempt.call_id) or attempt.phone != phone:
                yield f"{what} of {phone} at {at} was decided for another number or call"
            elif max(decision.decided_at, attempt.created_at) > at + STAMPING:
                yield f"{what} of {phone} at {at} came before its decision at {decision.decided_at}"


def rules_at_the_ring(evidence: Evidence) -> Iterator[str]:
    decided = _zones_decided(evidence)
    calls = {call.id: call for call in evidence.calls}
    organizations = {location.id: location.organization_id for location in evidence.locations}
    attempts = {attempt.token: attempt for attempt in evidence.attempts}
    consents: dict[str, list[Consent]] = defaultdict(list)
    for consent in evidence.consents:
        consents[consent.phone].append(consent)
    listed: dict[str, list[DoNotCall]] = defaultdict(list)
    for entry in evidence.do_not_call:
        listed[entry.phone].append(entry)
    for token, phone, at in evidence.rings():
        for zone in zones_of(phone, *decided.get(token, ())):
            clock = at.astimezone(ZoneInfo(zone)).time()
            if not OPENS <= clock < CLOSES:
                yield f"{phone} rang at {clock} in {zone}"
        attempt = attempts.get(token)
        if attempt is None:
            continue
        organization = organizations[attempt.location_id]
        known = [each for each in consents[phone] if each.organization_id == organization]
        granted = [
            each.captured_at
            for each in known
            if each.granted
            and each.contact_id == calls[attempt.call_id].contact_id
            and each.recorded_at <= at
        ]
        if not granted:
            yield f"{phone} rang at {at} without documented consent"
            continue
        for each in known:
            if (
                not each.granted
                and each.recorded_at < at - ON_ITS_WAY
                and max(granted) <= each.captured_at <= at
            ):
                yield f"{phone} rang at {at}, opted out since {each.recorded_at}"
        for no in listed[phone]:
            removed = no.removed_at is not None and no.removed_at <= at
            if no.organization_id == organization and no.added_at < at - ON_ITS_WAY and not removed:
                yield f"{phone} rang at {at}, on the do-not-call list since {no.added_at}"


def location_pace(evidence: Evidence) -> Iterator[str]:
    locations = {attempt.token: attempt.location_id for attempt in evidence.attempts}
    zones = {location.id: location.zone for location in evidence.locations}
    started: dict[int, list[datetime]] = defaultdict(list)
    for token, _, at in evidence.starts():
        if token in locations:
            started[locations[token]].append(at)
    for location_id, instants in started.items():
        instants.sort()
        for one, following in pairwise(instants):
            if (gap := (following - one).total_seconds()) < LEAST_GAP:
                yield f"location {location_id} started two calls {gap:.3f} s apart at {following}"
        for first, over in zip(instants, instants[MOST_A_MINUTE:], strict=False):
            if (over - first).total_seconds() < 60:
                yield f"location {location_id} started more than {MOST_A_MINUTE} in the minute from {first}"
        zone = ZoneInfo(zones[location_id])
        for day, count in Counter(at.astimezone(zone).date() for at in instants).items():
            if count > MOST_A_DAY:
                yield f"location {location_id} started {count} calls on {day}"


def nothing_stuck(evidence: Evidence) -> Iterator[str]:
    made: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in evidence.attempts:
        made[attempt.call_id].append(attempt)
    for call in evidence.calls:
        standing = [attempt for attempt in made[call.id] if attempt.state != "refused"]
        if call.state in WAITING:
            if standing:
                yield f"call {call.id} waits again although its dial is {standing[0].state}"
            continue
        for attempt in standing:
            if attempt.state == "ended" or attempt.created_at >= evidence.settled_before:
                continue
            yield f"call {call.id} is {call.state}, its dial of {attempt.created_at} is still {attempt.state}"
        if call.state in LIVE:
            if not standing:
                yield f"call {call.id} is {call.state} without a dial"
            elif all(attempt.state == "ended" for attempt in standing):
                yield f"call {call.id} is {call.state} although its dial is over"
        elif call.state not in OVER:
            yield f"call {call.id} is in a state nobody knows: {call.state}"


def states_forward(evidence: Evidence) -> Iterator[str]:
    """Moves chain, no end is left, and back to waiting goes only what was refused."""
    refused = Counter(attempt.call_id for attempt in evidence.attempts if attempt.state == "refused")
    moves: dict[int, list[Move]] = defaultdict(list)
    for move in sorted(evidence.moves, key=lambda each: each.id):
        moves[move.call_id].append(move)
    for call in evidence.calls:
        chain = moves[call.id]
        for one, following in pairwise(chain):
            if following.before != one.after:
                yield f"call {call.id} went to {one.after}, then from {following.before}"
        for move in chain:
            if move.before in OVER - {"failed"} and (move.before, move.after) != ("completed", "voicemail"):
                yield f"call {call.id} left its end {move.before} for {move.after}"
        again = sum(move.before in LIVE and move.after in WAITING for move in chain)
        if again > refused[call.id]:
            yield f"call {call.id} was put back {again} times, refused {refused[call.id]} times"
        if chain and chain[-1].after != call.state:
            yield f"call {call.id} is {call.state}, its last move led to {chain[-1].after}"


def everything_counted(evidence: Evidence) -> Iterator[str]:
    """Every start holds its number's days and one of its location's day; no count is lost, none is double."""
    attempts = {attempt.token: attempt for attempt in evidence.attempts}
    decided = _zones_decided(evidence)
    held: dict[str, set[date]] = defaultdict(set)
    for row in evidence.number_days:
        held[row.token].add(row.day)
    for token, phone, at in evidence.starts():
        if token in attempts and not held[token]:
            yield f"{phone} was dialled at {at} and its number is not counted as called"
        if attempts.get(token) is not None and attempts[token].state == "refused":
            yield f"{phone} was dialled at {at}, its attempt says refused"
    for attempt in evidence.attempts:
        wanted = {attempt.created_at.astimezone(ZoneInfo(zone)).date() for zone in decided[attempt.token]}
        if attempt.state == "refused":
            if held[attempt.token]:
                yield f"attempt {attempt.token} was refused and still holds {held[attempt.token]}"
        elif wanted - held[attempt.token]:
            yield f"attempt {attempt.token} holds {held[attempt.token]}, not {wanted}"
    counted = Counter(
        (attempt.location_id, attempt.local_date)
        for attempt in evidence.attempts
        if attempt.state != "refused"
    )
    stored = {(row.location_id, row.day): row.dialled for row in evidence.location_days}
    for key in counted.keys() | stored.keys():
        if counted[key] != stored.get(key, 0):
            yield f"location {key[0]} made {counted[key]} dials on {key[1]}, its day says {stored.get(key, 0)}"


def events_kept(evidence: Evidence) -> Iterator[str]:
    kept = Counter(evidence.events)
    for event, count in kept.items():
        if count > 1:
            yield f"{event} is kept {count} times"
    for entry in evidence.log:
        if entry["kind"] != "delivery" or not 200 <= (entry["status"] or 0) < 300:
            continue
        event = delivered(entry)
        if event is not None and event not in kept:
            yield f"{event} was answered {entry['status']} and is not kept"


def delivered(entry: dict) -> Event | None:
    """The event that a delivery of the carrier's log was about; None for requests that are no events of ours."""
    path = urlsplit(entry["url"]).path.split("/")
    if len(path) != 4 or path[1] != "voice" or not entry["form"]:
        return None
    kind = "action" if path[2] == "transfer" else path[2]
    return Event(kind, path[3], entry["form"].get("CallSid", ""), part_of(kind, entry["form"]))


def part_of(kind: str, form: dict[str, str]) -> str:
    """What tells an event from the others of its kind in the same call."""
    fields = {
        "status": ("SequenceNumber", "CallStatus"),
        "amd": ("AnsweredBy",),
        "recording": ("RecordingSid", "RecordingStatus"),
        "action": ("SessionId", "DialCallSid"),
        "answer": ("CallStatus",),
    }[kind]
    return ":".join(form.get(name, "") for name in fields)


def _zones_decided(evidence: Evidence) -> dict[str, tuple[str, ...]]:
    zones = {decision.id: decision.zones for decision in evidence.decisions}
    return {attempt.token: zones.get(attempt.decision_id, ()) for attempt in evidence.attempts}


CHECKS: dict[str, Callable[[Evidence], Iterable[str]]] = {
    "rung once per call": rung_once_per_call,
    "number once a day": number_once_a_day,
    "decided before": decided_before,
    "rules at the ring": rules_at_the_ring,
    "location pace": location_pace,
    "nothing stuck": nothing_stuck,
    "states forward": states_forward,
    "everything counted": everything_counted,
    "events kept": events_kept,
}


def breaches(evidence: Evidence) -> list[Breach]:
    """Every breach of every rule."""
    return [Breach(rule, what) for rule, check in CHECKS.items() for what in check(evidence)]
