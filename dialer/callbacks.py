"""What the carrier's callbacks change: the same end whatever their order, however often they come.

Facts only ever grow: the furthest status (dialer.states has the ladder), who answered, when. The call's state is
computed from them, so late, doubled and reordered events cannot end differently.
"""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog
from django.utils.timezone import now as clock
from django_q.tasks import async_task

from dialer.models import Attempt, AttemptState, Call
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
from dialer.transitions import move
from telephony import events, hooks
from telephony.models import CarrierEvent, EventKind

log = structlog.get_logger(__name__)
# The failure of a call that the carrier never spoke of; a late event may still say what really happened.
UNKNOWN_OUTCOME = "UNKNOWN_OUTCOME"


def _attempt_of(event: CarrierEvent) -> Attempt | None:
    """The attempt whose token the event carries, locked. Raises NotYours when another account signed it."""
    attempt = Attempt.objects.select_for_update().select_related("call").filter(token=event.token).first()
    if attempt is None:
        events.mark_unknown(event)
        return None
    if attempt.account_id != event.account_id:
        raise hooks.NotYours
    if attempt.sid is not None and attempt.sid != event.call_sid:
        events.mark_unknown(event)
        return None
    if attempt.state == AttemptState.REFUSED:
        # Its call waits again or was dialled anew: one dial cannot stand for two. Kept, and shown as unknown.
        log.error("event_of_refused_dial", token=attempt.token, kind=event.kind, sid=event.call_sid)
        events.mark_unknown(event)
        return None
    return attempt


@hooks.handles(EventKind.STATUS)
def on_status(event: CarrierEvent) -> None:
    attempt = _attempt_of(event)
    status = event.body.get("CallStatus", "")
    if attempt is None or status not in CARRIER_RANK:
        return
    duration = int(event.body["CallDuration"]) if event.body.get("CallDuration", "").isdigit() else 0
    apply_status(
        attempt,
        status,
        sid=event.call_sid,
        at=_timestamp(event.body.get("Timestamp", "")) or event.received_at,
        duration=duration,
        detail=event.body.get("ErrorMessage", "") or _sip_words(event.body.get("SipResponseCode", "")),
        code=event.body.get("ErrorCode", "") or event.body.get("SipResponseCode", ""),
    )


def apply_status(
    attempt: Attempt,
    status: str,
    *,
    sid: str,
    at: datetime,
    duration: int = 0,
    detail: str = "",
    code: str = "",
) -> None:
    """Take one status of the carrier, from a callback or from its REST resource, into a locked attempt and its call."""
    call = attempt.call
    attempt.sid = attempt.sid or sid
    rank = CARRIER_RANK[status]
    if status == "in-progress":
        # Late or not, this event alone knows when the person answered.
        Call.objects.filter(pk=call.pk).update(answered_at=at)
    if rank <= CARRIER_RANK[attempt.carrier_status]:
        Attempt.objects.filter(pk=attempt.pk, sid=None).update(sid=sid)
        return
    over = rank == CARRIER_RANK["completed"]
    Attempt.objects.filter(pk=attempt.pk).update(
        sid=attempt.sid,
        carrier_status=status,
        state=AttemptState.ENDED if over else AttemptState.ACCEPTED,
        settled_at=attempt.settled_at or clock(),
        ended_at=at if over else None,
        error_code=code[:40] if over and status != "completed" else "",
        error_message=detail if over and status != "completed" else "",
    )
    given_up = call.state == State.FAILED and call.failure_code == UNKNOWN_OUTCOME
    attempt.carrier_status = status
    fields: dict[str, object] = {}
    if given_up:
        # As if it had never been given up: what was concluded from the silence is concluded again.
        fields = {
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
            if call.answered_at is None:
                fields["answered_at"] = at - timedelta(seconds=duration)
        fields["failure_code"] = code[:40] if status == "failed" else ""
        fields["failure_detail"] = detail if status == "failed" else ""
    _advance(attempt, cause=_cause(status), at=at, also_from_failed=given_up, **fields)


def _advance(
    attempt: Attempt, *, cause: str, at: datetime, also_from_failed: bool = False, **fields: object
) -> None:
    """Move the call to the state its attempt's facts say, if that is further on."""
    state = state_of(attempt.carrier_status, attempt.answered_by)
    disposition = disposition_of(state)
    if disposition is not None:
        fields["disposition"] = disposition.value
    lower = [each for each in (*LIVE, *ENDED) if RANK[each] < RANK[state]]
    if also_from_failed:
        lower.append(State.FAILED)
    if State(attempt.call.state) is State.COMPLETED:
        # A late verdict that a machine answered: what the call led to is concluded anew.
        fields["analysed_at"] = None
    moved = move([attempt.call_id], to=state, cause=cause, at=at, from_states=lower, **fields)
    if moved and state in ENDED:
        async_task("dialer.tasks.analyse", attempt.call_id)


@hooks.handles(EventKind.AMD)
def on_answering_machine(event: CarrierEvent) -> None:
    attempt = _attempt_of(event)
    answered_by = event.body.get("AnsweredBy", "")[:24]
    if attempt is None or not answered_by or attempt.answered_by:
        return
    attempt.answered_by = answered_by
    # It may come before the carrier's answer to the dial; hanging up needs the SID.
    Attempt.objects.filter(pk=attempt.pk).update(answered_by=answered_by, sid=attempt.sid or event.call_sid)
    Call.objects.filter(pk=attempt.call_id).update(answered_by=answered_by)
    if answered_by not in MACHINES:
        return
    if attempt.state != AttemptState.ENDED:
        # No message is left on machines (that needs a toll-free opt-out number): hang up.
        async_task("dialer.tasks.hang_up", attempt.pk)
    elif attempt.carrier_status == "completed":
        # What was concluded as if a person had answered is concluded again.
        _advance(attempt, cause="An answering machine took the call", at=event.received_at, analysed_at=None)


@hooks.handles(EventKind.RECORDING)
def on_recording(event: CarrierEvent) -> None:
    attempt = _attempt_of(event)
    if attempt is None or event.body.get("RecordingStatus") != "completed":
        return
    seconds = event.body.get("RecordingDuration", "")
    Call.objects.filter(pk=attempt.call_id).update(
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
