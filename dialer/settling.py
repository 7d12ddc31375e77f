"""Writing down what the carrier said to our dials, by conditional updates: a callback may have been faster."""

from collections import Counter, deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter

import structlog
from django.db import OperationalError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.timezone import now as clock
from django_q.tasks import async_task

from accounts.database import among, change_rows, fetched, instant, is_postgresql, listed
from compliance.reservations import release
from compliance.windows import open_at
from dialer.models import Attempt, AttemptState, Campaign, CampaignState, Pace
from dialer.placing import IN_FLIGHT, SPACING, STRAY, halvings
from dialer.seats import Settled
from dialer.states import Disposition, State
from dialer.transitions import move
from telephony.client import NotNow, Placed, Refused, Unclear
from telephony.models import CarrierAccount

log = structlog.get_logger(__name__)
# From is not owned, not verified or not valid: nothing is wrong with the contact.
OUR_NUMBER_REFUSED = {"21210", "21212", "21213"}
RETRY_AFTER = timedelta(seconds=15)
# So many dials in a row without a clear answer, in this process: the account waits this long.
UNCLEAR_MOST, UNCLEAR_HOLD = 5, timedelta(seconds=30)
unclear_in_a_row: Counter[int] = Counter()
# A pace is halved at most this often, and not below a sixteenth.
SLOWER_AT_MOST_EVERY, SLOWEST = timedelta(seconds=5), 4
# A call that the carrier holds in its own queue is canceled this long before the callee's hours end.
CLOSING = timedelta(minutes=2)


def settle_all(pending: deque[Settled]) -> None:
    """Write what came back from the seats: what was simply placed together, the rest one by one, oldest first.

    What is written leaves `pending`; when the database goes away (OperationalError) the rest stays for the next try.
    """
    simple = [each for each in pending if isinstance(each.placing, Placed) and not each.placing.queue_ms]
    if simple:
        try:
            with transaction.atomic():
                written = _settle_placed({each.token: each for each in simple})
        except OperationalError:
            raise
        except Exception:
            log.exception("settling_together_failed", count=len(simple))
        else:
            left = [each for each in pending if each.token not in written]
            pending.clear()
            pending.extend(left)
    while pending:
        try:
            with transaction.atomic():
                _settle(pending[0])
        except OperationalError:
            raise
        except Exception:
            log.exception("settling_failed", token=pending[0].token)
        pending.popleft()


_PLACED = f"""
    UPDATE {Attempt._meta.db_table} SET
        sid = coalesce({Attempt._meta.db_table}.sid, v.sid),
        settled_at = CASE WHEN state = 'reserved' THEN v.settled_at ELSE {Attempt._meta.db_table}.settled_at END,
        state = CASE WHEN state = 'reserved' THEN 'accepted' ELSE state END
    FROM v WHERE {Attempt._meta.db_table}.id = v.id
"""
_OPEN_AGAIN = f"""
    UPDATE {Pace._meta.db_table} SET next_slot_at = v.opens_at FROM v
    WHERE {Pace._meta.db_table}.location_id = v.location_id AND {Pace._meta.db_table}.next_slot_at = v.closed_until
"""


def _settle_placed(settled: dict[str, Settled]) -> set[str]:
    """As _settle, by token, for dials that the carrier took and nobody gave up meanwhile; returns which those were.

    Hundreds of answers a second would keep the drain from its ticks if each were written alone.
    """
    now = clock()
    rows = fetched(
        "SELECT id, token, account_id, location_id, slot_at, state "
        f"FROM {Attempt._meta.db_table} WHERE {among('token', 'text')} ORDER BY id"
        + (" FOR UPDATE" if is_postgresql() else ""),
        [listed(settled)],
    )
    known = [
        (pk, settled[token], account, location, instant(slot_at))
        for pk, token, account, location, slot_at, state in rows
        if state != AttemptState.UNKNOWN
    ]
    change_rows(
        _OPEN_AGAIN,
        {"location_id": "bigint", "closed_until": "timestamptz", "opens_at": "timestamptz"},
        [
            (location, slot_at + IN_FLIGHT, _answered_at(each, slot_at) + SPACING)
            for _, each, _, location, slot_at in sorted(known, key=itemgetter(3, 4))
        ],
    )
    change_rows(
        _PLACED,
        {"id": "bigint", "sid": "text", "settled_at": "timestamptz"},
        [(pk, each.placing.sid, now) for pk, each, *_ in known if isinstance(each.placing, Placed)],
    )
    for _, _, account, *_ in known:
        unclear_in_a_row.pop(account, None)
    return {each.token for _, each, *_ in known}


def _answered_at(settled: Settled, slot_at: datetime) -> datetime:
    """When the answer came. A clock that was set meanwhile moves it to neither side of what is possible."""
    return min(max(settled.at, slot_at), slot_at + IN_FLIGHT - SPACING)


def _settle(settled: Settled) -> None:
    attempt = Attempt.objects.select_for_update().filter(token=settled.token).first()
    if attempt is None:
        return
    now, placing = clock(), settled.placing
    # The next slot opens 6 s after the answer: whatever the way took, the carrier saw this dial before that. Without
    # an answer it may see it later.
    stray = STRAY if isinstance(placing, Unclear) else timedelta(0)
    Pace.objects.filter(location=attempt.location_id, next_slot_at=attempt.slot_at + IN_FLIGHT).update(
        next_slot_at=_answered_at(settled, attempt.slot_at) + stray + SPACING
    )
    if not isinstance(placing, Unclear):
        unclear_in_a_row.pop(attempt.account_id, None)
    if isinstance(placing, Placed):
        Attempt.objects.filter(pk=attempt.pk, sid=None).update(sid=placing.sid)
        Attempt.objects.filter(pk=attempt.pk, state__in=[AttemptState.RESERVED, AttemptState.UNKNOWN]).update(
            state=AttemptState.ACCEPTED, settled_at=now
        )
        move(
            [attempt.call_id],
            to=State.CALLING,
            cause="Accepted by the carrier",
            at=now,
            from_states=[State.UNKNOWN],
        )
        if placing.queue_ms:
            _take_back_if_too_late(attempt, settled.at + timedelta(milliseconds=placing.queue_ms))
    elif attempt.state != AttemptState.RESERVED:
        return  # A callback proved the dial meanwhile: it knows better than a refusal or a broken connection.
    elif isinstance(placing, Refused):
        # The account's row before the number's, as a tick takes them: two that wait for each other would be a deadlock.
        if placing.halts:
            halt(attempt.account_id, f"{placing.message} (code {placing.code})", now)
        _refuse(attempt, placing.code, placing.message, now)
        if placing.halts:
            requeue(attempt.call_id, "The carrier account cannot place calls", now, now)
        elif placing.code in OUR_NUMBER_REFUSED:
            # The next contact's call would fail as well: keep the list, and look again in a minute.
            Pace.objects.filter(location=attempt.location_id).update(
                next_slot_at=now + timedelta(seconds=60), hold_reason="number_refused"
            )
            requeue(
                attempt.call_id,
                f"The carrier refuses our number ({placing.code}): {placing.message}",
                now,
                now,
            )
        else:
            move(
                [attempt.call_id],
                to=State.FAILED,
                cause=f"Refused by the carrier ({placing.code})",
                at=now,
                from_states=[State.CALLING],
                disposition=Disposition.FAILED.value,
                failure_code=placing.code,
                failure_detail=placing.message,
                ended_at=now,
            )
    elif isinstance(placing, NotNow):
        wait = max(RETRY_AFTER, timedelta(seconds=placing.retry_after or 0))
        CarrierAccount.objects.filter(pk=attempt.account_id).update(
            next_slot_at=Greatest(F("next_slot_at"), now + timedelta(seconds=2))
        )
        if placing.too_many:
            _slow_down(attempt.account_id, now)
        _refuse(attempt, "not_now", placing.reason, now)
        requeue(attempt.call_id, placing.reason, now, now + wait)
    else:
        assert isinstance(placing, Unclear)
        log.warning("dial_outcome_unclear", token=attempt.token, reason=placing.reason)
        mark_unclear([attempt], placing.reason, now)
        _hold_if_all_unclear(attempt.account_id, now)


def _take_back_if_too_late(attempt: Attempt, starts_at: datetime) -> None:
    """The carrier holds the call in its own queue: cancel it when the callee's hours end before it would ring."""
    # Those it was allowed on: the number's own, and that of the address.
    zones = attempt.decision.facts["contact"]["zones"]
    if not (open_at(zones, starts_at) and open_at(zones, starts_at + CLOSING)):
        async_task("dialer.tasks.hang_up", attempt.pk)


def _slow_down(account_id: int, now: datetime) -> None:
    """The carrier asks for fewer requests: half the pace, once for all the dials that it refuses in one go."""
    account = CarrierAccount.objects.get(pk=account_id)
    if account.slowed_at is None or now - account.slowed_at > SLOWER_AT_MOST_EVERY:
        slowed = min(halvings(account, now) + 1, SLOWEST)
        CarrierAccount.objects.filter(pk=account_id).update(slowed=slowed, slowed_at=now)
        log.warning("carrier_account_slowed", account=account_id, halved=slowed)


def _hold_if_all_unclear(account_id: int, now: datetime) -> None:
    """A carrier that fails every dial must not burn a whole list: each unclear dial is one contact not called."""
    unclear_in_a_row[account_id] += 1
    if unclear_in_a_row[account_id] >= UNCLEAR_MOST:
        # At its slowest afterwards: an answer is awaited for ten seconds, and whoever is dialled meanwhile is as lost.
        CarrierAccount.objects.filter(pk=account_id).update(
            next_slot_at=Greatest(F("next_slot_at"), now + UNCLEAR_HOLD),
            slowed=SLOWEST,
            slowed_at=now + UNCLEAR_HOLD,
        )
        log.error("carrier_account_held", account=account_id, seconds=UNCLEAR_HOLD.seconds)


def mark_unclear(attempts: Sequence[Attempt], reason: str, now: datetime) -> None:
    """Nobody knows if they rang: they count as called, are never repeated, and dialer.reconcile asks the carrier."""
    reserved = Attempt.objects.select_for_update().filter(
        pk__in=[attempt.pk for attempt in attempts], state=AttemptState.RESERVED
    )
    calls = dict(reserved.order_by("pk").values_list("pk", "call_id"))
    Attempt.objects.filter(pk__in=calls).update(
        state=AttemptState.UNKNOWN, settled_at=now, error_message=reason
    )
    move(calls.values(), to=State.UNKNOWN, cause=reason, at=now, from_states=[State.CALLING])


def _refuse(attempt: Attempt, code: str, message: str, now: datetime) -> None:
    """Nothing rang: the number and the location get their reservation back."""
    Attempt.objects.filter(pk=attempt.pk).update(
        state=AttemptState.REFUSED, error_code=code, error_message=message, settled_at=now, ended_at=now
    )
    release(
        token=attempt.token,
        phone=attempt.phone,
        location_id=attempt.location_id,
        location_date=attempt.local_date,
    )


def requeue(call_id: int, reason: str, now: datetime, due_at: datetime) -> None:
    """Back into the queue after a dial that certainly rang nowhere; it will be decided anew.

    What its campaign did to waiting calls meanwhile holds for it too. The campaign's row stays locked until the call
    waits again, so that a campaign canceled or paused in this moment finds it.
    """
    campaign = (
        Campaign.objects.select_for_update(no_key=True)
        .filter(calls=call_id)
        .values_list("state", flat=True)
        .first()
    )
    if campaign == CampaignState.CANCELED:
        move(
            [call_id],
            to=State.CANCELED,
            cause="Its campaign was canceled while the carrier refused the dial",
            at=now,
            from_states=[State.CALLING, State.UNKNOWN],
            disposition=Disposition.CANCELED.value,
            started_at=None,
            conversation=None,
            ended_at=now,
        )
        return
    move(
        [call_id],
        to=State.QUEUED,
        cause=reason,
        at=now,
        from_states=[State.CALLING, State.UNKNOWN],
        held=campaign == CampaignState.PAUSED,
        due_at=due_at,
        started_at=None,
        conversation=None,
    )


def halt(account_id: int, reason: str, now: datetime) -> None:
    """Stop every outbound call of the account until a person resumes it; told once."""
    if CarrierAccount.objects.filter(pk=account_id, halted_at=None).update(halted_at=now, halt_reason=reason):
        log.error("carrier_account_halted", account=account_id, reason=reason)
