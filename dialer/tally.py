"""What drains did, counted where every web process can read it for /metrics: a drain serves no page itself."""

from django.db.models import F

from dialer import baton
from dialer.models import Baton
from dialer.placing import Tick


class Tally:
    """What one drain did since it last wrote. One that is killed takes a second's work out of the figures, no more."""

    def __init__(self) -> None:
        self._decided = self._dialled = self._seats_busy = 0

    def is_unwritten(self, seats_busy: int) -> bool:
        return bool(self._decided or self._dialled) or seats_busy != self._seats_busy

    def add(self, done: Tick) -> None:
        self._decided += done.decided
        self._dialled += len(done.orders)

    def write(self, seats_busy: int) -> None:
        """Add it to the baton's row; call it about once a second. What could not be written stays for the next time."""
        if not self.is_unwritten(seats_busy):
            return
        Baton.objects.filter(name=baton.NAME).update(
            decided=F("decided") + self._decided, dialled=F("dialled") + self._dialled, seats_busy=seats_busy
        )
        self._decided, self._dialled, self._seats_busy = 0, 0, seats_busy
