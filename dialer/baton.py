"""Which drain works: the newest; the one before it stands by; older ones go home. Economy only, two at once are safe.

Every start bumps the epoch. The newest beats each second. The one before it takes over when the beat is older than
STALE, so that a killed drain is silent for two or three seconds and not until the next schedule.
"""

from datetime import datetime, timedelta
from enum import Enum

from django.db import connection, transaction
from django.utils.timezone import now as clock
from django_q.tasks import async_task

from accounts.database import adapted
from dialer.models import Baton

NAME = "drain"
STALE = timedelta(seconds=2.5)
# A drain that lives beats every second; its schedules fire every half minute, and a busy machine may be slow.
LOST = timedelta(seconds=90)


class Duty(Enum):
    WORK = "work"
    STAND_BY = "stand by"
    GO = "go"


def take() -> int:
    """Become the newest drain; returns its epoch."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dialer_baton (name, epoch, beat_at) VALUES (%s, 1, %s) "
            "ON CONFLICT (name) DO UPDATE SET epoch = dialer_baton.epoch + 1 RETURNING epoch",
            [NAME, adapted(clock())],
        )
        return int(cursor.fetchone()[0])


def duty(epoch: int) -> Duty:
    """What the drain of this epoch is to do now. Working drains must call it about once a second: it is their beat."""
    baton = Baton.objects.get(name=NAME)
    now = clock()
    if baton.epoch == epoch or (baton.epoch == epoch + 1 and _is_stale(baton.beat_at, now)):
        Baton.objects.filter(name=NAME).update(beat_at=now)
        return Duty.WORK
    return Duty.STAND_BY if baton.epoch == epoch + 1 else Duty.GO


def dismiss() -> None:
    """Send every drain home after what it has in hand, for a stop or a deploy."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE dialer_baton SET epoch = epoch + 2 WHERE name = %s", [NAME])


def age() -> timedelta | None:
    """How long ago a drain last showed life; None when none ever did."""
    baton = Baton.objects.filter(name=NAME).first()
    return None if baton is None or baton.beat_at is None else clock() - baton.beat_at


def is_lost() -> bool:
    """Whether no drain has shown life for so long that calls which are due wait for nothing else."""
    seen = age()
    return seen is None or seen > LOST


def wake() -> None:
    """Have a drain started soon, if none is alive: for the moment when somebody launches and waits."""
    alive = age()
    if alive is None or alive > 2 * STALE:
        async_task("dialer.tasks.drain", cluster="dialer")


def _is_stale(beat_at: datetime | None, now: datetime) -> bool:
    # A beat from the future means that a clock stepped back: nothing can be said from it, so stand in.
    return beat_at is None or not (timedelta(0) <= now - beat_at <= STALE)
