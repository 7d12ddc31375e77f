"""What the carrier's callbacks change: the same end whatever their order, however often they come.

Facts only ever grow: the furthest status (dialer.states has the ladder), who answered, when. The call's state is
computed from them, so late, doubled and reordered events cannot end differently.
"""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import structlog
from django.utils.timezone import now as clock
from django_q.tasks import async_task

from dialer import dials
from dialer.dials import Dial
from dialer.models import AttemptState
from dialer.states import (
    CARRIER_RANK,
    ENDED,
    LIVE,
    MACHINES,
    RANK,
    State,
    disposition_of,
    state_of,
)
from telephony import events, hooks
from telephony.models import CarrierEvent, EventKind

log = structlog.get_logger(__name__)
# The failure of a call that the carrier never spoke of; a late event may still say what really happened.
UNKNOWN_OUTCOME = "UNKNOWN_OUTCOME"


def dial_of(event: CarrierEvent) -> Dial | None:
    """The dial whose token the event carries, locked. Raises NotYours when another account signed it."""
    dial = dials.by_token(event.token)
    if dial is None:
        events.mark_unknown(event)
        return None
    if dial.account_id != event.account_id:
        raise hooks.NotYours
    if dial.sid is not None and dial.sid != event.call_sid:
        events.mark_unknown(event)
        return None
    if dial.state == AttemptState.REFUSED:
        # Its call waits again or was dialled anew: one dial cannot stand for two. Kept, and shown as unknown.
        log.error("event_of_refused_dial", token=dial.token, kind=event.kind, sid=event.call_sid)
        events.mark_unknown(event)
        return None
    return dial


@hooks.handles(EventKind.STATUS)
def on_status(event: CarrierEvent) -> None:
    dial = dial_of(event)
    status = event.body.get("CallStatus", "")
    if dial is None or status not in CARRIER_RANK:
        return
    duration = int(event.body["CallDuration"]) if event.body.get("CallDuration", "").isdigit() else 0
    apply_status(
        dial,
        status,
        sid=event.call_sid,
        at=_timestamp(event.body.get("Timestamp", "")) or event.received_at,
        duration=duration,
        detail=event.body.get("ErrorMessage", "") or _sip_words(event.body.get("SipResponseCode", "")),
        code=event.body.get("ErrorCode", "") or event.body.get("SipResponseCode", ""),
    )


def apply_status(
    dial: Dial,
    status: str,
    *,
    sid: str,
    at: datetime,
    duration: int = 0,
    detail: str = "",
    code: str = "",
) -> None:
    """Take one status of the carrier, from a callback or from its REST resource, into a locked dial and its call."""
    rank = CARRIER_RANK[status]
    # Late or not, this event alone knows when the person answered.
    fields: dict[str, Any] = {"answered_at": at} if status == "in-progress" else {}
    if rank <= CARRIER_RANK[dial.carrier_status]:
        dials.note(dial, sid=sid)
        if fields:
            dials.note_call(dial, **fields)
        return
    over = rank == CARRIER_RANK["completed"]
    failed = over and status != "completed"
    dials.note(
        dial,
        sid=sid,
        carrier_status=status,
        state=(AttemptState.ENDED if over else AttemptState.ACCEPTED).value,
        ended_at=at if over else None,
        error_code=code[:40] if failed else "",
        error_message=detail if failed else "",
        **({} if dial.settled else {"settled_at": clock()}),
    )
    given_up = dial.call_state == State.FAILED and dial.failure_code == UNKNOWN_OUTCOME
    if given_up:
        # As if it had never been given up: what was concluded from the silence is concluded again.
        fields |= {
            "ended_at": None,
            "analysed_at": None,
            "disposition": "",
            "failure_code": "",
            "failure_detail": "",
        }
    if over:
        fields["ended_at"] = at
        if status == "completed":
            fields["talk_seconds"] = duration
            if not dial.answered:
                fields["answered_at"] = at - timedelta(seconds=duration)
        fields["failure_code"] = code[:40] if status == "failed" else ""
        fields["failure_detail"] = detail if status == "failed" else ""
    moved = _advance(dial, cause=_cause(status), at=at, also_from_failed=given_up, **fields)
    if not moved and status == "in-progress":
        dials.note_call(dial, answered_at=at)


def _advance(dial: Dial, *, cause: str, at: datetime, also_from_failed: bool = False, **fields: Any) -> bool:
    """Move the call to the state its dial's facts say, if that is further on; whether it moved."""
    state = state_of(dial.carrier_status, dial.answered_by)
    disposition = disposition_of(state)
    if disposition is not None:
        fields["disposition"] = disposition.value
    lower = [each for each in (*LIVE, *ENDED) if RANK[each] < RANK[state]]
    if also_from_failed:
        lower.append(State.FAILED)
    if dial.call_state == State.COMPLETED:
        # A late verdict that a machine answered: what the call led to is concluded anew.
        fields["analysed_at"] = None
    moved = dials.move(dial, state, cause, at, lower, **fields)
    if moved and state in ENDED:
        async_task("dialer.tasks.analyse", dial.call_id)
    return moved


@hooks.handles(EventKind.AMD)
def on_answering_machine(event: CarrierEvent) -> None:
    dial = dial_of(event)
    answered_by = event.body.get("AnsweredBy", "")[:24]
    if dial is None or not answered_by or dial.answered_by:
        return
    # It may come before the carrier's answer to the dial; hanging up needs the SID.
    dials.note(dial, answered_by=answered_by, sid=event.call_sid)
    dials.note_call(dial, answered_by=answered_by)
    if answered_by not in MACHINES:
        return
    if dial.state != AttemptState.ENDED:
        # No message is left on machines (that needs a toll-free opt-out number): hang up.
        async_task("dialer.tasks.hang_up", dial.attempt_id)
    elif dial.carrier_status == "completed":
        # What was concluded as if a person had answered is concluded again.
        _advance(dial, cause="An answering machine took the call", at=event.received_at, analysed_at=None)


@hooks.handles(EventKind.RECORDING)
def on_recording(event: CarrierEvent) -> None:
    dial = dial_of(event)
    if dial is None or event.body.get("RecordingStatus") != "completed":
        return
    seconds = event.body.get("RecordingDuration", "")
    dials.note_call(
        dial,
        recording_sid=event.body.get("RecordingSid", "")[:34],
        recording_seconds=int(seconds) if seconds.isdigit() else None,
    )


def _timestamp(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else None


def _cause(status: str) -> str:
    return {
        "queued": "Waiting at the carrier",
        "initiated": "The carrier is dialling",
        "ringing": "Ringing",
        "in-progress": "Answered",
        "completed": "Over",
        "busy": "The line was busy",
        "no-answer": "Nobody answered",
        "failed": "The carrier could not connect the call",
        "canceled": "Canceled at the carrier",
    }[status]


def _sip_words(code: str) -> str:
    words = {
        "404": "The number cannot be reached.",
        "480": "The phone is not available.",
        "486": "The line was busy.",
        "487": "Nobody answered.",
        "603": "The call was declined.",
        "608": "The call was blocked on the way.",
    }
    return words.get(code, f"The network answered with code {code}." if code else "")
