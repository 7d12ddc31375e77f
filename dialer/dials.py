"""An attempt and its call as the carrier's word finds them: locked, read by one statement, changed by as few.

Hundreds of callbacks may come in a second, so this is plain SQL, the same on both databases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.database import change_row, fetched, is_postgresql, run
from dialer.models import Attempt, Call, CallEvent
from dialer.states import State

_READ = f"""
    SELECT a.id, a.call_id, a.account_id, a.token, a.sid, a.state, a.carrier_status, a.answered_by,
        a.settled_at IS NOT NULL, c.state, c.failure_code, c.answered_at IS NOT NULL
    FROM {Attempt._meta.db_table} a JOIN {Call._meta.db_table} c ON c.id = a.call_id
    WHERE a.{{column}} = %s
"""


@dataclass(slots=True)
class Dial:
    """What decides over an event: columns of the attempt, then of its call. Kept in step with what is written."""

    attempt_id: int
    call_id: int
    account_id: int
    token: str
    sid: str | None
    state: str
    carrier_status: str
    answered_by: str
    settled: bool
    call_state: str
    failure_code: str
    answered: bool


def by_token(token: str) -> Dial | None:
    """The dial with this token, attempt and call locked until the transaction ends; None when there is none."""
    return _locked("token", token)


def by_attempt(attempt_id: int) -> Dial | None:
    """The same by the attempt's id."""
    return _locked("id", attempt_id)


def _locked(column: str, value: Any) -> Dial | None:
    # On SQLite the transaction holds the whole file.
    rows = fetched(_READ.format(column=column) + ("FOR UPDATE" if is_postgresql() else ""), [value])
    return Dial(*rows[0]) if rows else None


def note(dial: Dial, **fields: Any) -> None:
    """Write columns of the attempt; its SID is written once and stays."""
    if dial.sid is not None:
        fields.pop("sid", None)
    for name in ("sid", "state", "carrier_status", "answered_by"):
        if name in fields:
            setattr(dial, name, fields[name])
    dial.settled = dial.settled or "settled_at" in fields
    if fields:
        change_row(Attempt._meta.db_table, dial.attempt_id, fields)


def move(
    dial: Dial, to: State, cause: str, at: datetime, from_states: Sequence[State], **fields: Any
) -> bool:
    """Move the call and write columns of it, with the event that says why; False when it is in no such state.

    As dialer.transitions.move, for a call that is locked already.
    """
    if dial.call_state not in from_states:
        return False
    event = [dial.call_id, at, dial.call_state, to.value, cause[:300]]
    note_call(dial, state=to.value, **fields)
    run(
        f"INSERT INTO {CallEvent._meta.db_table} (call_id, at, from_state, to_state, cause) "
        "VALUES (%s, %s, %s, %s, %s)",
        event,
    )
    return True


def note_call(dial: Dial, **fields: Any) -> None:
    """Write columns of the call."""
    dial.call_state = fields.get("state", dial.call_state)
    dial.failure_code = fields.get("failure_code", dial.failure_code)
    dial.answered = dial.answered or fields.get("answered_at") is not None
    change_row(Call._meta.db_table, dial.call_id, fields)
