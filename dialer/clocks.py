"""Before anything is dialled, this machine's clock must agree with the database's.

A clock that was set wrong would dial outside the hours. On SQLite there is one machine and one clock, and nothing to
compare; what was decided then still leaves by the monotonic clock (dialer.seats).
"""

import time

import structlog
from django.db import connection
from django.utils.timezone import now as clock

from accounts.database import is_postgresql

log = structlog.get_logger(__name__)
AGREE_WITHIN_SECONDS = 2.0
ASK_EVERY_SECONDS = 5.0


class Clocks:
    """Asks the database every few seconds, and at once when the clock jumps against the monotonic one."""

    def __init__(self) -> None:
        self._agreed = True
        self._asked_at = float("-inf")
        self._offset = 0.0

    def agree(self) -> bool:
        """Whether the clocks are less than AGREE_WITHIN_SECONDS apart."""
        if not is_postgresql():
            return True
        monotonic = time.monotonic()
        offset = clock().timestamp() - monotonic
        jumped = abs(offset - self._offset) > AGREE_WITHIN_SECONDS / 2
        if jumped or monotonic - self._asked_at >= ASK_EVERY_SECONDS:
            with connection.cursor() as cursor:
                cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
                apart = clock().timestamp() - float(cursor.fetchone()[0])
            agreed = abs(apart) < AGREE_WITHIN_SECONDS
            if agreed != self._agreed:
                log.error("clocks_agree" if agreed else "clocks_disagree", seconds=round(apart, 1))
            self._agreed, self._asked_at, self._offset = agreed, monotonic, offset
        return self._agreed
