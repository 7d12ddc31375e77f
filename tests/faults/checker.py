"""The judge of the fault tests: what the carrier itself saw, against the rows that an auditor would read.

It reads tests.faults.exhibits, shares no code with what it judges and asks the product for no verdict. The carrier's
log says what was dialled and what was delivered; the rows say what was decided, counted and kept. Each check is a
function of CHECKS; tests plant one breach of each kind and see it found.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

from tests.faults.exhibits import Attempt, Consent, DoNotCall, Evidence, Move, delivered, token_of

OPENS, CLOSES = time(8), time(20)
LEAST_GAP = 6.000
MOST_A_MINUTE = 10
MOST_A_DAY = 1000
PERIOD, MOST_A_PERIOD = timedelta(hours=336), 14
# A location that waits for its next slot has started a call within this.
AT_WORK = timedelta(seconds=60)
# Rows and the carrier are stamped by two processes of one machine.
STAMPING = timedelta(milliseconds=50)

WAITING = {"created", "scheduled", "queued"}
LIVE = {"calling", "unknown", "in_progress"}
# How a call ends → what the log shows of it.
OVER = {
    "completed": "connected", "voicemail": "voicemail", "no_answer": "no_answer", "busy": "no_answer",
    "failed": "failed", "canceled": "canceled",
}  # fmt: skip
# What the carrier says at the end → the ends it may mean. Who took a completed call is told by another event.
LAST_WORDS = {
    "completed": {"completed"}, "busy": {"busy"}, "no-answer": {"no_answer"}, "failed": {"failed"},
    "canceled": {"canceled"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule that was broken. rule: the name in CHECKS."""

    rule: str
    what: str


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
    for what, entries in _dials(evidence):
        days: Counter[tuple[str, str, date]] = Counter()
        dialled: dict[str, list[datetime]] = defaultdict(list)
        for earlier in evidence.past:
            dialled[earlier.phone].append(earlier.at)
        for token, phone, at in entries:
            dialled[phone].append(at)
            for zone in zones_of(phone, *decided.get(token, ())):
                days[phone, zone, at.astimezone(ZoneInfo(zone)).date()] += 1
        for (phone, zone, day), count in days.items():
            if count > 1:
                yield f"{phone} {what} {count} times on {day} in {zone}"
        for phone, instants in dialled.items():
            instants.sort()
            for first, over in zip(instants, instants[MOST_A_PERIOD:], strict=False):
                if over - first < PERIOD:
                    yield f"{phone} {what} more than {MOST_A_PERIOD} times in 14 days from {first}"


def decided_before(evidence: Evidence) -> Iterator[str]:
    """Every dial rests on an allow decision of its own, for that number and call, shortly before."""
    attempts = {attempt.token: attempt for attempt in evidence.attempts}
    decisions = {decision.id: decision for decision in evidence.decisions}
    for decision_id, count in Counter(attempt.decision_id for attempt in evidence.attempts).items():
        if count > 1:
            yield f"decision {decision_id} was taken for {count} dials"
    for what, entries in _dials(evidence):
        for token, phone, at in entries:
            attempt = attempts.get(token)
            if attempt is None:
                yield f"{phone} {what} at {at} without an attempt (token {token})"
                continue
            decision = decisions.get(attempt.decision_id)
            if decision is None or decision.verdict != "allow":
                yield f"{phone} {what} at {at} without an allow decision"
            elif (decision.phone, decision.call_id) != (phone, attempt.call_id) or attempt.phone != phone:
                yield f"{phone} {what} at {at}, decided for another number or call"
            elif max(decision.decided_at, attempt.created_at) > at + STAMPING:
                yield f"{phone} {what} at {at}, before its decision at {decision.decided_at}"
    # What a fault held back at the carrier was not late when it left us.
    held_back = {token_of(entry["url"]) for entry in evidence.log if entry.get("fault") and "url" in entry}
    for token, phone, at in evidence.starts():
        attempt = attempts.get(token)
        if attempt is None or attempt.decision_id not in decisions or token in held_back:
            continue
        decided_at = min(decisions[attempt.decision_id].decided_at, attempt.created_at)
        if at > decided_at + evidence.on_its_way:
            yield f"{phone} was dialled at {at} on a decision of {decided_at}"


def rules_at_the_dial(evidence: Evidence) -> Iterator[str]:
    """When the carrier was asked and when the phone rang: the hours, and a consent that was on record."""
    decided = _zones_decided(evidence)
    attempts = {attempt.token: attempt for attempt in evidence.attempts}
    consents = _consents(evidence)
    for what, entries in _dials(evidence):
        for token, phone, at in entries:
            for zone in zones_of(phone, *decided.get(token, ())):
                clock = at.astimezone(ZoneInfo(zone)).time()
                if not OPENS <= clock < CLOSES:
                    yield f"{phone} {what} at {clock} in {zone}"
            if token in attempts and not consents(attempts[token], at):
                yield f"{phone} {what} at {at} without documented consent"


def no_is_no(evidence: Evidence) -> Iterator[str]:
    """After an opt-out or a do-not-call entry nothing is decided, and what was under way is soon over."""
    consents = _consents(evidence)
    organizations = {location.id: location.organization_id for location in evidence.locations}
    refusals: dict[str, list[Consent | DoNotCall]] = defaultdict(list)
    for each in (*evidence.consents, *evidence.do_not_call):
        if isinstance(each, DoNotCall) or not each.granted:
            refusals[each.phone].append(each)
    dialled: dict[str, datetime] = {}
    for _, entries in _dials(evidence):
        for token, _, at in entries:
            dialled[token] = max(at, dialled.get(token, at))
    for attempt in evidence.attempts:
        last = dialled.get(attempt.token, attempt.created_at)
        for no in refusals[attempt.phone]:
            if no.organization_id != organizations[attempt.location_id]:
                continue
            if isinstance(no, DoNotCall):
                since, over = no.added_at, no.removed_at is not None and no.removed_at <= last
            else:
                granted = consents(attempt, last)
                since, over = no.recorded_at, bool(granted) and max(granted) > no.captured_at
            if over:
                continue
            if attempt.committed_at > no.committed_at:
                yield f"a dial of {attempt.phone} was decided at {attempt.committed_at}, refused since {since}"
            elif since < last - evidence.on_its_way:
                yield f"{attempt.phone} was dialled or rang at {last}, refused since {since}"


def location_pace(evidence: Evidence) -> Iterator[str]:
    locations = {attempt.token: attempt.location_id for attempt in evidence.attempts}
    zones = {location.id: location.zone for location in evidence.locations}
    past = _past_days(evidence)
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
            if (count := count + past[location_id, day]) > MOST_A_DAY:
                yield f"location {location_id} started {count} calls on {day}"


def nothing_stuck(evidence: Evidence) -> Iterator[str]:
    """What may be dialled is dialled, and what was dialled or allowed comes to an end."""
    made: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in evidence.attempts:
        made[attempt.call_id].append(attempt)
    used = {attempt.decision_id for attempt in evidence.attempts}
    for decision in evidence.decisions:
        if decision.verdict == "allow" and decision.id not in used:
            yield f"call {decision.call_id} was allowed at {decision.decided_at} and never dialled"
    locations = {attempt.token: attempt.location_id for attempt in evidence.attempts}
    at_work = {
        locations.get(token) for token, _, at in evidence.starts() if at > evidence.settled_before - AT_WORK
    }
    for call in evidence.calls:
        standing = [attempt for attempt in made[call.id] if attempt.state != "refused"]
        if call.state in WAITING:
            if standing:
                yield f"call {call.id} waits again although its dial is {standing[0].state}"
            elif call.held:
                continue
            elif call.due_at is None:
                yield f"call {call.id} is {call.state} and waits for nothing"
            elif call.due_at < evidence.settled_before and call.location_id not in at_work:
                yield f"call {call.id} is {call.state} and was due at {call.due_at}; nobody takes it"
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
    """Moves chain and lead to where the call is, no end is left, and back to waiting goes only what was refused."""
    refused = Counter(attempt.call_id for attempt in evidence.attempts if attempt.state == "refused")
    dialled = Counter(attempt.call_id for attempt in evidence.attempts)
    moves: dict[int, list[Move]] = defaultdict(list)
    for move in sorted(evidence.moves, key=lambda each: each.id):
        moves[move.call_id].append(move)
    for call in evidence.calls:
        chain = moves[call.id]
        for one, following in pairwise(chain):
            if following.before != one.after:
                yield f"call {call.id} went to {one.after}, then from {following.before}"
        for move in chain:
            if move.before in OVER.keys() - {"failed"} and (move.before, move.after) != (
                "completed",
                "voicemail",
            ):
                yield f"call {call.id} left its end {move.before} for {move.after}"
        again = sum(move.before in LIVE and move.after in WAITING for move in chain)
        if again > refused[call.id]:
            yield f"call {call.id} was put back {again} times, refused {refused[call.id]} times"
        sent = sum(move.before in WAITING and move.after == "calling" for move in chain)
        if sent != dialled[call.id]:
            yield f"call {call.id} was dialled {dialled[call.id]} times, its moves say {sent} times"
        if chain and chain[-1].after != call.state:
            yield f"call {call.id} is {call.state}, its last move led to {chain[-1].after}"
        if not chain and call.state not in WAITING:
            yield f"call {call.id} is {call.state} and no move led there"


def end_as_the_carrier_says(evidence: Evidence) -> Iterator[str]:
    """The carrier's last word of a call, delivered or not, is how our call ended; a recording it told of is ours."""
    attempts = {attempt.token: attempt for attempt in evidence.attempts}
    calls = {call.id: call for call in evidence.calls}
    tokens = {entry["sid"]: token_of(entry["url"]) for entry in evidence.log if entry["kind"] == "create"}
    said: dict[str, tuple[str, str | None]] = {}
    machine: dict[str, bool] = {}
    recorded: dict[str, set[str]] = defaultdict(set)
    for entry in evidence.log:
        if entry["kind"] not in ("delivery", "fault"):
            continue
        what, sid, form = entry.get("callback"), entry.get("sid", ""), entry.get("form") or {}
        taken = 200 <= (entry.get("status") or 0) < 300
        if what == "status" and entry["event"] in LAST_WORDS:
            said[sid] = entry["event"], form.get("CallDuration") or said.get(sid, ("", None))[1]
        elif what == "amd" and (entry["event"] == "fax" or entry["event"].startswith("machine")):
            machine[sid] = machine.get(sid, False) or taken
        elif what == "recording" and taken and form.get("RecordingStatus") == "completed":
            recorded[sid].add(form["RecordingSid"])
    for sid, (word, seconds) in said.items():
        attempt = attempts.get(tokens.get(sid, ""))
        if attempt is None or attempt.created_at >= evidence.settled_before:
            continue
        call = calls[attempt.call_id]
        ends = LAST_WORDS[word]
        if word == "completed" and sid in machine:
            # A verdict that we never took may be unknown to us, unless we asked.
            ends = {"voicemail"} if machine[sid] else {"voicemail", "completed"}
        if call.state not in ends or call.disposition != OVER[call.state]:
            yield f"call {call.id} ended {word} at the carrier; ours is {call.state} ({call.disposition or 'open'})"
        elif word == "completed" and seconds is not None and call.talk_seconds != int(seconds):
            yield f"call {call.id} lasted {seconds} s at the carrier; ours says {call.talk_seconds} s"
        if recorded[sid] and call.recording_sid not in recorded[sid]:
            yield f"call {call.id} has recording {call.recording_sid or 'none'}, the carrier told of {recorded[sid]}"


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
    counted.update(_past_days(evidence))
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


Dials = Iterator[tuple[str, str, datetime]]


def _dials(evidence: Evidence) -> tuple[tuple[str, Dials], tuple[str, Dials]]:
    """(what the carrier did, its (token, number, instant) of each), for what is true of both."""
    return ("was dialled", evidence.starts()), ("rang", evidence.rings())


def _consents(evidence: Evidence) -> Callable[[Attempt, datetime], list[datetime]]:
    """When the person of a dial agreed, as far as it was on record at an instant."""
    calls = {call.id: call for call in evidence.calls}
    organizations = {location.id: location.organization_id for location in evidence.locations}
    granted: dict[str, list[Consent]] = defaultdict(list)
    for consent in evidence.consents:
        if consent.granted:
            granted[consent.phone].append(consent)

    def of(attempt: Attempt, at: datetime) -> list[datetime]:
        return [
            each.captured_at
            for each in granted[attempt.phone]
            if each.organization_id == organizations[attempt.location_id]
            and each.contact_id == calls[attempt.call_id].contact_id
            and each.recorded_at <= at
        ]

    return of


def _past_days(evidence: Evidence) -> Counter[tuple[int, date]]:
    """The dials from before the log, by location and its calendar day."""
    zones = {location.id: ZoneInfo(location.zone) for location in evidence.locations}
    return Counter(
        (each.location_id, each.at.astimezone(zones[each.location_id]).date()) for each in evidence.past
    )


def _zones_decided(evidence: Evidence) -> dict[str, tuple[str, ...]]:
    zones = {decision.id: decision.zones for decision in evidence.decisions}
    return {attempt.token: zones.get(attempt.decision_id, ()) for attempt in evidence.attempts}


CHECKS: dict[str, Callable[[Evidence], Iterable[str]]] = {
    "rung once per call": rung_once_per_call,
    "number once a day": number_once_a_day,
    "decided before": decided_before,
    "rules at the dial": rules_at_the_dial,
    "no is no": no_is_no,
    "location pace": location_pace,
    "nothing stuck": nothing_stuck,
    "states forward": states_forward,
    "end as the carrier says": end_as_the_carrier_says,
    "everything counted": everything_counted,
    "events kept": events_kept,
}


def breaches(evidence: Evidence) -> list[Breach]:
    """Every breach of every rule."""
    return [Breach(rule, what) for rule, check in CHECKS.items() for what in check(evidence)]
