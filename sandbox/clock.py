"""Human time: how long things take for people on a phone, divided by the speed of the sandbox.

Every wait and every duration of a call is in human seconds. Wall time is used only to stamp events.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from email.utils import format_datetime


class Clock:
    def __init__(self, speed: float = 1.0) -> None:
        self._speed = 1.0
        self._base = 0.0
        self._since = time.monotonic()
        self.set_speed(speed)

    @property
    def speed(self) -> float:
        return self._speed

    def set_speed(self, speed: float) -> None:
        """Change the speed; waits already begun keep the speed they began with."""
        if not 0 < speed <= 10_000:
            raise ValueError("speed must be above 0 and at most 10000")
        self._base = self.human()
        self._since = time.monotonic()
        self._speed = float(speed)

    def human(self) -> float:
        """Monotonic human seconds since this clock was made."""
        return self._base + (time.monotonic() - self._since) * self._speed

    async def sleep(self, human_seconds: float) -> None:
        await asyncio.sleep(max(0.0, human_seconds) / self._speed)


def rfc2822(epoch: float | None) -> str | None:
    """Twilio's 2010 API writes dates so: ``Tue, 31 Aug 2010 20:36:28 +0000``."""
    if epoch is None:
        return None
    return format_datetime(datetime.fromtimestamp(epoch, UTC))
