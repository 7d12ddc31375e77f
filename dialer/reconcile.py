"""Asking the carrier what became of dials that nobody told us about. Nothing is ever dialled again here.

Three kinds of attempts are looked at: reserved ones whose drain died; unknown ones, whose request was lost on the
way; and accepted ones whose end was never reported. The asking is done on seats; the rows are written by the drain's
own thread.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.timezone import now as clock

from compliance.windows import open_at
from dialer import dials
from dialer.callbacks import UNKNOWN_OUTCOME, apply_status
from dialer.models import Attempt, AttemptState
from dialer.seats import Answered, Seats
from dialer.settling import CLOSING, mark_unclear
from dialer.states import CARRIER_RANK, Disposition, State
from dialer.transitions import move
from telephony import client
from telephony.client import CarrierCall

log = structlog.get_logger(__name__)
# No seat can still be sending after this: a dial leaves within 5 s of its slot, and its answer is awaited for 10 s.
SENDING = timedelta(seconds=20)
# The carrier lists a call it accepted well within this; when it does not, it never had it.
ABSENT_AFTER = timedelta(seconds=45)
# Who knows nothing yet is asked again soon, and ever more seldom.
ASK_UNKNOWN_EVERY = timedelta(seconds=8)
ASK_OLDER_EVERY = (
    (timedelta(minutes=5), timedelta(minutes=1)),
    (timedelta(hours=1), timedelta(minutes=15)),
)
# A carrier that answers no question for this long (a token replaced, an account closed) will not answer any more.
ASKED_LONGEST = timedelta(days=1)
ASK_ACCEPTED_EVERY = timedelta(seconds=60)
# Of accepted dials few and often: each answer is written by itself, and a slot opens every few milliseconds.
ASK_AT_ONCE = 7
# Questions under way at most: a carrier that does not answer them leaves the other seats to the dials.
QUESTIONS = 32
ABANDONED_AT_ONCE = 1000
HELD_LONGEST = timedelta(seconds=60)


def ask_about_open(seats: Seats) -> None:
    """Hand the seats a question for each dial that is due for one, as many as QUESTIONS leaves room for."""
    now = clock()
    _mark_abandoned(now)
    asked = Coalesce("checked_at", "created_at")
    open_dials = (
        Attempt.objects.filter(created_at__lt=now - timedelta(seconds=5))
        .annotate(asked=asked)
        .select_related("account")
        .order_by("created_at")
    )
    unknown = open_dials.filter(state=AttemptState.UNKNOWN, asked__lt=now - ASK_UNKNOWN_EVERY)
    for age, every in ASK_OLDER_EVERY:
        unknown = unknown.exclude(created_at__lt=now - age, asked__gte=now - every)
    accepted = open_dials.filter(state=AttemptState.ACCEPTED).filter(
        Q(asked__lt=now - ASK_ACCEPTED_EVERY)
        # Accepted and not begun: it may wait in the carrier's own queue, past the callee's hours.
        | Q(carrier_status__in=("", "queued"), asked__lt=now - ASK_UNKNOWN_EVERY)
    )
    room = max(QUESTIONS - seats.questions, 0)
    due = list(accepted[: min(ASK_AT_ONCE, room)])
    due += unknown[: room - len(due)]
    for attempt in due:
        # The claim: whoever moves checked_at asks; another drain that read the same row does not.
        if not Attempt.objects.filter(pk=attempt.pk, checked_at=attempt.checked_at).update(checked_at=now):
            continue
        question: Callable[[], CarrierCall | list[CarrierCall] | None]
        if attempt.sid:
            question = partial(client.fetch_call, attempt.account, attempt.sid)
        else:
            question = partial(
                client.find_calls,
                attempt.account,
                to=attempt.phone,
                from_number=attempt.from_number,
                since=attempt.slot_at - timedelta(seconds=30),
            )
        seats.ask(attempt.pk, question)


def _mark_abandoned(now: datetime) -> None:
    """Say of the dials whose drain died before the answer that nobody knows their outcome."""
    abandoned = Attempt.objects.filter(state=AttemptState.RESERVED, created_at__lt=now - SENDING)
    if found := list(abandoned.order_by("created_at")[:ABANDONED_AT_ONCE]):
        with transaction.atomic():
            mark_unclear(found, "The dialler stopped before the carrier's answer was written down.", now)


def settle_answers(seats: Seats, answers: Iterable[Answered]) -> None:
    """Write what the carrier said about each attempt."""
    for answer in answers:
        if isinstance(answer.value, client.CarrierUnavailable):
            # Asked again at the next look; a call that could not be taken back is found in the carrier's queue again.
            log.warning("carrier_gave_no_answer", attempt=answer.key, error=str(answer.value))
            if answer.key is not None:
                with transaction.atomic():
                    _end_unanswered(answer.key)
            continue
        if answer.key is None:
            continue
        if isinstance(answer.value, Exception):
            log.error("reconciling_failed", attempt=answer.key, error=repr(answer.value))
            continue
        try:
            with transaction.atomic():
                _settle(seats, answer.key, answer.value)
        except Exception:
            log.exception("reconciling_failed", attempt=answer.key)


def _settle(seats: Seats, attempt_id: int, value: Any) -> None:
    dial = dials.by_attempt(attempt_id)
    attempt = Attempt.objects.select_related("decision", "account").get(pk=attempt_id)
    if dial is None or attempt.state not in (AttemptState.UNKNOWN, AttemptState.ACCEPTED):
        return
    call: CarrierCall | None
    if isinstance(value, list) and attempt.sid is not None:
        # A callback named it while the carrier was asked for calls that might be it; it is asked about by name next.
        call = next((each for each in value if each.sid == attempt.sid), None)
        if call is None:
            return
    elif isinstance(value, list):
        taken = set(
            Attempt.objects.filter(sid__in=[each.sid for each in value]).values_list("sid", flat=True)
        )
        call = next((each for each in reversed(value) if each.sid not in taken), None)
    else:
        call = value
    now = clock()
    if call is None:
        if now - attempt.created_at >= ABSENT_AFTER:
            _give_up(attempt)
        return
    log.info("dial_reconciled", token=attempt.token, sid=call.sid, status=call.status)
    if call.answered_by and not dial.answered_by:
        dials.note(dial, answered_by=call.answered_by[:24])
    if call.started_at and call.status in ("in-progress", "completed"):
        apply_status(dial, "in-progress", sid=call.sid, at=call.started_at)
    apply_status(dial, call.status, sid=call.sid, at=call.ended_at or now, duration=call.duration)
    if CARRIER_RANK[call.status] <= CARRIER_RANK["queued"]:
        zones = attempt.decision.facts["contact"]["zones"]
        if now - attempt.slot_at > HELD_LONGEST or not open_at(zones, now + CLOSING):
            seats.ask(None, partial(client.cancel_call, attempt.account, call.sid))


def _end_unanswered(attempt_id: int) -> None:
    """End a dial that the carrier answered no question about for ASKED_LONGEST: nothing is left to wait for."""
    now = clock()
    # Without a lock until it is old enough: in an outage this is asked for every dial that is open.
    attempt = Attempt.objects.filter(pk=attempt_id, created_at__lte=now - ASKED_LONGEST).first()
    dial = dials.by_attempt(attempt_id) if attempt else None
    if attempt is None or dial is None or dial.state not in (AttemptState.UNKNOWN, AttemptState.ACCEPTED):
        return
    log.error("dial_never_resolved", token=attempt.token, account=attempt.account_id)
    if dial.answered and dial.sid:
        apply_status(dial, "completed", sid=dial.sid, at=now)
    else:
        _give_up(
            attempt,
            "For a day the carrier answered no question about this call; whether it rang is not known.",
        )


def _give_up(
    attempt: Attempt,
    detail: str = "The connection to the carrier broke while dialling, and it has no record of the call.",
) -> None:
    """Nobody will learn more of the dial. It is over, its number still counts as called, and it is not repeated."""
    now = clock()
    Attempt.objects.filter(pk=attempt.pk).update(state=AttemptState.ENDED, ended_at=now)
    move(
        [attempt.call_id],
        to=State.FAILED,
        cause="The carrier tells nothing of this dial; it is not repeated",
        at=now,
        from_states=[State.CALLING, State.UNKNOWN],
        disposition=Disposition.FAILED.value,
        failure_code=UNKNOWN_OUTCOME,
        failure_detail=detail,
        ended_at=now,
    )
