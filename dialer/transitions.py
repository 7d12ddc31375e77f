"""The only way a call's state changes: a conditional update, and an event with its cause."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from dialer.models import Call, CallEvent
from dialer.states import State


def move(
    call_ids: Iterable[int], from_states: Sequence[State], to: State, cause: str, at: datetime, **fields: Any
) -> list[int]:
    """Move those of the calls that are in one of `from_states`, setting `fields` too; returns the ids that moved.

    The rows are locked in order of their ids, so that two movers wait for each other; whoever comes second finds the
    states changed and moves nothing.
    """
    with transaction.atomic():
        rows = list(
            Call.objects.select_for_update()
            .filter(pk__in=list(call_ids), state__in=[state.value for state in from_states])
            .order_by("pk")
            .values_list("pk", "state")
        )
        moved = [pk for pk, _ in rows]
        if moved:
            Call.objects.filter(pk__in=moved).update(state=to.value, **fields)
            CallEvent.objects.bulk_create(
                CallEvent(call_id=pk, at=at, from_state=state, to_state=to.value, cause=cause[:300])
                for pk, state in rows
            )
    return moved
