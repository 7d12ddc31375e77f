"""The seats: a fixed set of threads that talk HTTP to the carrier, each dial at its instant. No SQL happens here.

Dials are timed by the monotonic clock alone: a clock that jumps moves none.
"""

import heapq
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any

from django.utils.timezone import now as clock

from telephony import client
from telephony.client import NotNow, Order, Placing
from telephony.models import CarrierAccount

# A dial leaves this late at most; later it would ring outside the time that was decided.
SEND_WITHIN_SECONDS = 5.0
# What the rule asks between two starts of a location, by this process's own clock, which never jumps.
SPACING_SECONDS = 6.005
# A request that we gave up may still be on its way: it counts as having arrived this long after that, at worst.
STRAY_SECONDS = 15.0
FIRST_BACKOFF_SECONDS = 0.4


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an order. at: when its answer came, so nothing of it reaches the carrier any later."""

    token: str
    placing: Placing
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What a question to the carrier brought: the callable's value, or the exception it raised."""

    key: Any
    value: Any


Result = Settled | Answered


class Seats:
    """Seats of one drain. submit() and ask() return at once; results are fetched with results()."""

    def __init__(self, size: int, place: Callable[[Order], Placing] = client.place) -> None:
        self._place = place
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="seat")
        self._results: SimpleQueue[Result] = SimpleQueue()
        self._heap: list[tuple[float, int, Order]] = []
        self._free_at: dict[int, float] = {}
        self._turn_at: dict[int, float] = {}
        self._changed = threading.Condition()
        self._count = 0
        self._open = 0
        self._questions = 0
        self._closing = False
        self._dispatcher = threading.Thread(target=self._dispatch, name="seats", daemon=True)
        self._dispatcher.start()

    @property
    def busy(self) -> int:
        """Orders and questions that have not come back yet."""
        return self._open

    @property
    def questions(self) -> int:
        """Those of them that are questions."""
        return self._questions

    def submit(self, due: float, order: Order) -> None:
        """Dial at `due` (monotonic seconds), or at once when it has passed, but 6 s after the location's last one."""
        with self._changed:
            due = max(due, self._free_at.get(order.location_id, due))
            self._open += 1
            self._count += 1
            heapq.heappush(self._heap, (due, self._count, order))
            self._changed.notify()

    def ask(self, key: Any, question: Callable[[], Any]) -> None:
        """Run a question to the carrier on a seat; its Answered carries `key`. Once closed it asks nothing more."""
        with self._changed:
            if self._closing:
                return
            self._open += 1
            self._questions += 1
            self._pool.submit(self._answer, key, question)

    def results(self, wait_seconds: float = 0.0) -> list[Result]:
        """What has come back; waits up to `wait_seconds` for the first."""
        found: list[Result] = []
        try:
            found.append(
                self._results.get(timeout=wait_seconds) if wait_seconds else self._results.get_nowait()
            )
            while True:
                found.append(self._results.get_nowait())
        except Empty:
            pass
        with self._changed:
            self._open -= len(found)
            self._questions -= sum(isinstance(each, Answered) for each in found)
        return found

    def close(self) -> None:
        """Take no more; what is under way goes on. Call results() until busy is 0 to hear of it."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._dispatcher.join()
        self._pool.shutdown(wait=False)

    def _dispatch(self) -> None:
        while True:
            with self._changed:
                while not self._heap and not self._closing:
                    self._changed.wait()
                if not self._heap:
                    return
                due, _, order = self._heap[0]
                wait = due - time.monotonic()
                if wait > 0:
                    self._changed.wait(wait)
                    continue
                heapq.heappop(self._heap)
            self._pool.submit(self._dial, due, order)

    def _answer(self, key: Any, question: Callable[[], Any]) -> None:
        try:
            value = question()
        except Exception as error:
            value = error
        self._results.put(Answered(key, value))

    def _turn(self, account: CarrierAccount, at: float) -> float:
        """The account's next free instant from `at` on, and it is taken: repeats keep its pace as first dials do.

        Counted from the instants and not from when a thread woke, so that one late dial does not delay all behind it.
        """
        with self._changed:
            turn = max(at, self._turn_at.get(account.pk, at))
            self._turn_at[account.pk] = turn + 1 / float(account.calls_per_second)
        return turn

    def _dial(self, due: float, order: Order) -> None:
        """Send the order; repeat only what the carrier certainly did not process, within SEND_WITHIN_SECONDS."""
        backoff = FIRST_BACKOFF_SECONDS
        placing: Placing = NotNow("The dial could not leave in time.")
        turn = self._turn(order.account, due)
        while turn - due <= SEND_WITHIN_SECONDS and time.monotonic() - due <= SEND_WITHIN_SECONDS:
            time.sleep(max(0.0, turn - time.monotonic()))
            if time.monotonic() - due > SEND_WITHIN_SECONDS:
                break  # This machine stood still meanwhile.
            try:
                placing = self._place(order)
            except Exception as error:
                placing = client.Unclear(f"{type(error).__name__} while placing the call.")
            if not isinstance(placing, NotNow):
                break
            pause = max(placing.retry_after or 0.0, backoff * random.uniform(0.8, 1.2))
            if time.monotonic() + pause - due > SEND_WITHIN_SECONDS:
                break
            turn = self._turn(order.account, time.monotonic() + pause)
            backoff *= 2
        stray = STRAY_SECONDS if isinstance(placing, client.Unclear) else 0.0
        with self._changed:
            self._free_at[order.location_id] = time.monotonic() + stray + SPACING_SECONDS
        self._results.put(Settled(order.token, placing, clock()))
