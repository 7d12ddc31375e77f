"""Before anything is decided, this machine's clock must be proven: one that was set wrong would dial outside the hours.

Three others are asked. The monotonic clock, every time: it tells that the clock was set. The database's, every few
seconds, where it may be another machine. The carrier's, which heads each of its answers: at the start, after every
jump, and once a minute. Nothing is decided while one of them disagrees, nor after a jump until the carrier confirms it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db import connection
from django.utils.timezone import now as clock
from django_q.models import Schedule

from accounts.database import is_postgresql
from dialer.models import Pace
from dialer.placing import IN_FLIGHT, Moment
from telephony import client
from telephony.models import CarrierAccount

log = structlog.get_logger(__name__)
AGREE_WITHIN_SECONDS = 2.0
ASK_DATABASE_EVERY_SECONDS = 5.0
ASK_CARRIER_EVERY_SECONDS = 60.0
# While it is in doubt whether anybody may be called.
ASK_CARRIER_AGAIN_SECONDS = 1.0
# Only a location whose calls of the day are used up is closed for longer than this, and only an account of less than
# one call a minute.
CLOSED_LONGEST = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Heard:
    """The carrier's clock, to the second, read between two instants of our monotonic one; offset: ours to the wall."""

    carrier: datetime
    asked: float
    answered: float
    offset: float

    @property
    def apart(self) -> float:
        """Seconds by which our clock is off at least: negative when it is behind, 0 when both may be right."""
        theirs = self.carrier.timestamp()
        if self.asked + self.offset > theirs + 1:
            return self.asked + self.offset - (theirs + 1)
        return min(0.0, self.answered + self.offset - theirs)


def hear(account: CarrierAccount, offset: float) -> Heard:
    """Ask the carrier for its time; blocks. Raises CarrierUnavailable."""
    asked = time.monotonic()
    return Heard(client.time_at(account), asked, time.monotonic(), offset)


class Clocks:
    """The clocks of one drain. ask(question) runs a callable off this thread; its value comes back to heard()."""

    def __init__(self, ask: Callable[[Callable[[], object]], None]) -> None:
        self._ask = ask
        self._offset: float | None = None
        self._jumped, self._in_doubt, self._asking = False, True, False
        self._database_agrees = True
        self._database_asked_at = self._carrier_asked_at = float("-inf")
        self._was_proven = self._told = False

    def moment(self) -> Moment | None:
        """This moment, or None while the clock is not proven. Asks whom it has to."""
        now, monotonic = clock(), time.monotonic()
        before, self._offset = self._offset, now.timestamp() - monotonic
        if before is not None and abs(self._offset - before) > AGREE_WITHIN_SECONDS / 2:
            log.warning("clock_jumped", seconds=round(self._offset - before, 1))
            self._jumped = self._in_doubt = True
            self._was_proven = False
            self._database_asked_at = self._carrier_asked_at = float("-inf")
        if is_postgresql() and monotonic - self._database_asked_at >= ASK_DATABASE_EVERY_SECONDS:
            self._ask_database(monotonic)
        again = ASK_CARRIER_AGAIN_SECONDS if self._in_doubt else ASK_CARRIER_EVERY_SECONDS
        if not self._asking and monotonic - self._carrier_asked_at >= again:
            self._ask_carrier(monotonic)
        if self._in_doubt or not self._database_agrees:
            return None
        if not self._was_proven:
            pull_back(now)
            if self._told or self._jumped:
                log.warning("clocks_agree")
            self._was_proven, self._told, self._jumped = True, False, False
        return Moment(now, monotonic)

    def heard(self, answer: object) -> None:
        """The carrier answered, or could not be asked: then only a clock that was set stays in doubt."""
        self._asking = False
        if not isinstance(answer, Heard):
            self._in_doubt = self._in_doubt and self._jumped
            return
        if self._offset is None or abs(answer.offset - self._offset) > AGREE_WITHIN_SECONDS / 2:
            return  # Set again meanwhile: it is asked again.
        self._in_doubt = abs(answer.apart) > AGREE_WITHIN_SECONDS
        if self._in_doubt:
            self._disagree("carrier", answer.apart)

    def _ask_database(self, monotonic: float) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            apart = clock().timestamp() - float(cursor.fetchone()[0])
        self._database_agrees, self._database_asked_at = abs(apart) < AGREE_WITHIN_SECONDS, monotonic
        if not self._database_agrees:
            self._disagree("database", apart)

    def _ask_carrier(self, monotonic: float) -> None:
        self._carrier_asked_at = monotonic
        # Twilio's before the sandbox's, which runs on this machine's own clock.
        account = CarrierAccount.objects.order_by("-carrier", "pk").first()
        if account is None:
            self.heard(None)
            return
        assert self._offset is not None
        self._asking = True
        self._ask(partial(hear, account, self._offset))

    def _disagree(self, other: str, seconds: float) -> None:
        if not self._told:
            log.error("clocks_disagree", other=other, seconds=round(seconds, 1))
        self._was_proven, self._told = False, True


def pull_back(now: datetime) -> None:
    """Take back what a clock that was ahead put into the future: slots that would stay closed, schedules not run."""
    far = now + CLOSED_LONGEST
    Pace.objects.filter(next_slot_at__gt=far).exclude(hold_reason="location_daily_limit").update(
        next_slot_at=now + IN_FLIGHT
    )
    CarrierAccount.objects.filter(
        next_slot_at__gt=far, calls_per_second__gte=1 / CLOSED_LONGEST.seconds
    ).update(next_slot_at=now + IN_FLIGHT)
    ahead = [
        schedule.pk
        for schedule in Schedule.objects.filter(schedule_type=Schedule.MINUTES, next_run__gt=far)
        if schedule.next_run > far + timedelta(minutes=schedule.minutes)
    ]
    Schedule.objects.filter(pk__in=ahead).update(next_run=now)
