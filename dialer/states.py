"""The life of a call: its states, how far along each is, and how the log names the result. Pure data, no Django.

A call moves only to a state of higher rank, except between scheduled and queued, and back to waiting when the carrier
refused a dial so that no phone rang. `completed` may still become `voicemail` when the carrier's answering-machine
verdict comes late: both are ends.
"""

from enum import StrEnum


class State(StrEnum):
    CREATED = "created"
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    CALLING = "calling"
    UNKNOWN = "unknown"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CANCELED = "canceled"


class Disposition(StrEnum):
    CONNECTED = "connected"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    REJECTED = "rejected"
    CANCELED = "canceled"


class Look(StrEnum):
    """The one colour, icon and word of a status, everywhere (templates/components/badge.html)."""

    PLANNED = "planned"
    WAITING = "waiting"
    TALKING = "talking"
    DONE = "done"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELED = "canceled"


WAITING = (State.CREATED, State.SCHEDULED, State.QUEUED)
LIVE = (State.CALLING, State.UNKNOWN, State.IN_PROGRESS)
ENDED = (State.COMPLETED, State.VOICEMAIL, State.NO_ANSWER, State.BUSY, State.FAILED, State.CANCELED)

RANK = {
    State.CREATED: 0,
    State.SCHEDULED: 1,
    State.QUEUED: 1,
    State.CALLING: 2,
    State.UNKNOWN: 3,
    State.IN_PROGRESS: 4,
    State.COMPLETED: 5,
    State.NO_ANSWER: 5,
    State.BUSY: 5,
    State.FAILED: 5,
    State.CANCELED: 5,
    State.VOICEMAIL: 6,
}

# What Twilio calls a call, and what we call it. "initiated" exists in callbacks only.
CARRIER_STATE = {
    "queued": State.CALLING,
    "initiated": State.CALLING,
    "ringing": State.CALLING,
    "in-progress": State.IN_PROGRESS,
    "completed": State.COMPLETED,
    "busy": State.BUSY,
    "no-answer": State.NO_ANSWER,
    "failed": State.FAILED,
    "canceled": State.CANCELED,
}
# The carrier's own ladder: a late, lower event never overwrites a higher one.
CARRIER_RANK = {
    "": 0,
    "queued": 1,
    "initiated": 2,
    "ringing": 3,
    "in-progress": 4,
    "completed": 5,
    "busy": 5,
    "no-answer": 5,
    "failed": 5,
    "canceled": 5,
}
MACHINES = ("machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax")


def state_of(carrier_status: str, answered_by: str) -> State:
    """The call's state from what the carrier last said and who it says answered; the order of arrival plays no part."""
    state = CARRIER_STATE[carrier_status]
    if state is State.COMPLETED and answered_by in MACHINES:
        return State.VOICEMAIL
    return state


def disposition_of(state: State, *, refused: bool = False) -> Disposition | None:
    """What the log shows for an ended call; None while it is not over. A busy line counts as no answer."""
    return {
        State.COMPLETED: Disposition.CONNECTED,
        State.VOICEMAIL: Disposition.VOICEMAIL,
        State.NO_ANSWER: Disposition.NO_ANSWER,
        State.BUSY: Disposition.NO_ANSWER,
        State.FAILED: Disposition.REJECTED if refused else Disposition.FAILED,
        State.UNKNOWN: Disposition.FAILED,
        State.CANCELED: Disposition.CANCELED,
    }.get(state)


def look_of(state: State, disposition: str = "") -> Look:
    if disposition == Disposition.REJECTED:
        return Look.REFUSED
    return {
        State.CREATED: Look.PLANNED,
        State.SCHEDULED: Look.PLANNED,
        State.QUEUED: Look.WAITING,
        State.CALLING: Look.TALKING,
        State.IN_PROGRESS: Look.TALKING,
        State.COMPLETED: Look.DONE,
        State.VOICEMAIL: Look.VOICEMAIL,
        State.NO_ANSWER: Look.NO_ANSWER,
        State.BUSY: Look.NO_ANSWER,
        State.FAILED: Look.FAILED,
        State.UNKNOWN: Look.FAILED,
        State.CANCELED: Look.CANCELED,
    }[state]
