"""The drain: a bounded loop, started by django-q2 schedules, that turns due calls into dials.

The main thread does all SQL, the seats do HTTP. A tick is one transaction (dialer.placing). The loop ends after its
budget, or when a newer drain has taken the baton; what is in hand is always finished and written down.
"""

import time
from collections import deque
from datetime import timedelta

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from dialer import baton, placing, reconcile, settling
from dialer.claim import anything_due, claim
from dialer.clocks import Clocks
from dialer.models import Call
from dialer.placing import Moment
from dialer.seats import Answered, Seats, Settled
from dialer.tally import Tally

log = structlog.get_logger(__name__)

BUDGET_SECONDS = 100.0
SEATS = 64
# Between two ticks that find all there is. Slots are claimed placing.LOOK_AHEAD before they open, so no dial is late
# for it, and what came due and what came back meanwhile shares its statements and its commit.
REST_SECONDS = 0.1
RECONCILE_EVERY_SECONDS = 1.0
# The seats' question for the carrier's time; every other is about an attempt.
CLOCK = "clock"
# The database went away, is locked, or our connection to it broke.
DATABASE_AWAY = (OperationalError, InterfaceError)


def run(budget_seconds: float = BUDGET_SECONDS, seat_count: int = SEATS) -> None:
    """Drain until the budget is spent or a newer drain works."""
    epoch = baton.take()
    seats, tally = Seats(seat_count), Tally()
    clocks = Clocks(lambda question: seats.ask(CLOCK, question))
    pending: deque[Settled] = deque()
    until = time.monotonic() + budget_seconds
    looked_at, reconciled_at, duty = float("-inf"), float("-inf"), baton.Duty.WORK
    calls_each = 1
    log.info("drain_started", epoch=epoch)
    try:
        while time.monotonic() < until:
            try:
                if time.monotonic() - looked_at >= 1.0:
                    duty, looked_at = baton.duty(epoch), time.monotonic()
                    tally.write(seats.busy)
                if duty is baton.Duty.GO:
                    break
                began, more = time.monotonic(), False
                moment = clocks.moment() if duty is baton.Duty.WORK else None
                if moment is not None:
                    if time.monotonic() - reconciled_at >= RECONCILE_EVERY_SECONDS:
                        reconciled_at = time.monotonic()
                        reconcile.ask_about_open(seats)
                    done = _tick(calls_each, moment)
                    for due, order in done.dials():
                        seats.submit(due, order)
                    tally.add(done)
                    more, calls_each = done.left_more, placing.calls_each_after(done, calls_each)
                if not more:
                    time.sleep(max(0.0, began + REST_SECONDS - time.monotonic()))
                _settle(seats, pending, clocks)
            except DATABASE_AWAY as error:
                # Nothing is lost, the loop goes on when it is back.
                log.warning("drain_waits_for_database", error=str(error))
                connection.close()
                time.sleep(0.5)
    finally:
        seats.close()
        _finish(seats, pending, tally, clocks)
        log.info("drain_ended", epoch=epoch)


def _tick(calls_each: int, moment: Moment) -> placing.Tick:
    """One tick; one that decided anything may have left more waiting."""
    if not anything_due(moment.now, moment.now + placing.LOOK_AHEAD):
        return placing.Tick()
    try:
        return placing.tick(moment, calls_each=calls_each)
    except DATABASE_AWAY:
        raise
    except Exception:
        log.exception("tick_failed")
        return _set_aside_the_culprit(moment)


def _set_aside_the_culprit(moment: Moment) -> placing.Tick:
    """A batch failed: go on one call at a time, and put one that fails alone an hour ahead, so that it stops nobody."""
    now = moment.now
    first = claim(now, now + placing.LOOK_AHEAD, locations=1, calls_each=1)
    try:
        return placing.tick(moment, locations=1, calls_each=1)
    except DATABASE_AWAY:
        raise
    except Exception:
        log.exception("call_set_aside", call=[candidate.code for candidate in first])
        Call.objects.filter(pk__in=[candidate.id for candidate in first]).update(
            due_at=now + timedelta(hours=1)
        )
        return placing.Tick()


def _settle(seats: Seats, pending: deque[Settled], clocks: Clocks, wait_seconds: float = 0.0) -> None:
    results = seats.results(wait_seconds)
    pending.extend(result for result in results if isinstance(result, Settled))
    answers = [result for result in results if isinstance(result, Answered)]
    for answer in answers:
        if answer.key == CLOCK:
            clocks.heard(answer.value)
    settling.settle_all(pending)
    reconcile.settle_answers(seats, [answer for answer in answers if answer.key != CLOCK])


def _finish(seats: Seats, pending: deque[Settled], tally: Tally, clocks: Clocks) -> None:
    """Write down everything that is still under way; a seat answers within its time limits."""
    deadline = time.monotonic() + 30
    while (seats.busy or pending or tally.is_unwritten(seats.busy)) and time.monotonic() < deadline:
        try:
            tally.write(seats.busy)
            _settle(seats, pending, clocks, 0.2)
        except DATABASE_AWAY as error:
            log.warning("drain_waits_for_database", error=str(error))
            connection.close()
            time.sleep(0.5)
    close_old_connections()
