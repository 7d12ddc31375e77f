"""Writes turns and results behind the conversation's back: speech never waits for the database.

One thread a process takes what conversations put on a queue and stores it by batches, in order. A turn put again
replaces itself, so a growing answer costs one row. When the database is away the thread keeps its batch and tries again
for as long as the process lives: what was said is not lost to a restart of the database.
"""

import atexit
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, transaction

from voiceagents import conversations
from voiceagents.models import ConversationEnd, Turn

log = structlog.get_logger(__name__)
BATCH = 500
LINGER = 0.05  # seconds in which a growing answer becomes one write
LONGEST_BACKOFF = 2.0


@dataclass(frozen=True, slots=True)
class Spoken:
    conversation_id: int
    position: int
    speaker: str
    text: str
    interrupted: bool
    at: datetime


_Entry = Spoken | Callable[[], Any] | threading.Event


class Recorder:
    """The process's writer. Every method returns at once, except `settle`."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[_Entry] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def turn(
        self, conversation_id: int, position: int, speaker: str, text: str, interrupted: bool, at: datetime
    ) -> None:
        self._put(Spoken(conversation_id, position, speaker, text, interrupted, at))

    def started(self, conversation_id: int, session_id: str, at: datetime) -> None:
        self._put(lambda: conversations.start(conversation_id, session_id, at))

    def results(self, conversation_id: int, changes: dict[str, Any], fell_back: bool = False) -> None:
        changes = dict(changes)
        self._put(lambda: conversations.note(conversation_id, changes, fell_back))

    def ended(self, conversation_id: int, ended_by: ConversationEnd, at: datetime) -> None:
        self._put(lambda: conversations.end(conversation_id, ended_by, at))

    def later(self, work: Callable[[], Any]) -> None:
        """Do database work behind what was put before, again and again while the database is away."""
        self._put(work)

    def settle(self, timeout: float = 10.0) -> bool:
        """Wait until everything put so far is stored; False when that takes longer. Never on an event loop."""
        done = threading.Event()
        self._put(done)
        return done.wait(timeout)

    def _put(self, entry: _Entry) -> None:
        self._queue.put(entry)
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
                    self._thread.start()
                    atexit.register(self.settle, 5.0)

    def _run(self) -> None:
        while True:
            batch = [self._queue.get()]
            if not isinstance(batch[0], threading.Event):
                time.sleep(LINGER)
            while len(batch) < BATCH:
                try:
                    batch.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            self._store(batch)

    def _store(self, batch: list[_Entry]) -> None:
        """Turns that stand together are one statement; other work runs between them in its order."""
        turns: dict[tuple[int, int], Spoken] = {}
        for entry in batch:
            if isinstance(entry, Spoken):
                turns[entry.conversation_id, entry.position] = entry
                continue
            self._store_turns(turns)
            turns = {}
            if isinstance(entry, threading.Event):
                close_old_connections()
                entry.set()
            else:
                self._until_done(entry)
        self._store_turns(turns)
        close_old_connections()

    def _store_turns(self, turns: dict[tuple[int, int], Spoken]) -> None:
        if not turns:
            return
        spoken = list(turns.values())
        if not self._until_done(lambda: _write(spoken)) and len(spoken) > 1:
            # One of them cannot be stored (its conversation was deleted): the others still can.
            for one in spoken:
                self._until_done(lambda one=one: _write([one]))  # type: ignore[misc]

    def _until_done(self, work: Callable[[], Any]) -> bool:
        backoff = 0.05
        while True:
            try:
                work()
                return True
            except (OperationalError, InterfaceError) as error:
                log.warning("conversation_not_stored_yet", error=str(error))
                close_old_connections()
                time.sleep(backoff)
                backoff = min(backoff * 2, LONGEST_BACKOFF)
            except Exception:
                log.exception("conversation_not_stored")
                return False


def _write(spoken: list[Spoken]) -> None:
    with transaction.atomic():
        Turn.objects.bulk_create(
            [
                Turn(
                    conversation_id=turn.conversation_id,
                    position=turn.position,
                    speaker=turn.speaker,
                    text=turn.text,
                    interrupted=turn.interrupted,
                    at=turn.at,
                )
                for turn in spoken
            ],
            update_conflicts=True,
            unique_fields=["conversation", "position"],
            update_fields=["text", "interrupted"],
        )


recorder = Recorder()
