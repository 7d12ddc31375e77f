"""What the caller hears of the agent's speech, and when. Pure: the time comes in as human seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sandbox.leg import CHARACTERS_A_SECOND

FIRST_SOUND = 0.3  # from the first token to the first sound
_CLAUSE_END = re.compile(r"[.!?;:,](?=\s|$)|\n")


@dataclass(slots=True)
class _Piece:
    start: float
    seconds: float
    text: str
    interruptible: bool


@dataclass(slots=True)
class Playback:
    """Speech queued since the person's last turn. Tokens play on as they come, at a human rate."""

    end: float = 0.0  # when the last queued sound ends
    closed: bool = True  # the talk cycle has had its `last`
    _pieces: list[_Piece] = field(default_factory=list)

    def add(self, text: str, now: float, *, interruptible: bool = True, seconds: float | None = None) -> None:
        """Queue text, or something else that sounds for ``seconds`` (media, digits)."""
        length = len(text) / CHARACTERS_A_SECOND if seconds is None else seconds
        start = self.end if self.end > now else now + FIRST_SOUND
        self._pieces.append(_Piece(start, length, text, interruptible))
        self.end = start + length

    @property
    def is_empty(self) -> bool:
        return not self._pieces

    def speaking(self, now: float) -> bool:
        return bool(self._pieces) and now < self.end

    def started(self) -> float:
        return self._pieces[0].start if self._pieces else 0.0

    def heard(self, now: float) -> str:
        """The text spoken so far."""
        parts = []
        for piece in self._pieces:
            if now >= piece.start + piece.seconds:
                parts.append(piece.text)
                continue
            if now > piece.start:
                # The nudge keeps a character that ends at this very instant from being lost to rounding.
                parts.append(piece.text[: int((now - piece.start) * CHARACTERS_A_SECOND + 1e-6)])
            break
        return "".join(parts)

    def when_heard(self, characters: int) -> float | None:
        """The instant at which so many characters will have been heard; None when fewer are queued."""
        for piece in self._pieces:
            if len(piece.text) >= characters:
                return piece.start + characters / CHARACTERS_A_SECOND
            characters -= len(piece.text)
        return None

    def next_clause(self, heard: int) -> float | None:
        """When the clause being spoken ends, after ``heard`` characters; None when none is complete yet."""
        text = "".join(piece.text for piece in self._pieces)
        ending = _CLAUSE_END.search(text, heard)
        return self.when_heard(ending.end()) if ending else None

    def interruptible(self, now: float) -> bool:
        current = next((piece for piece in self._pieces if now < piece.start + piece.seconds), None)
        return current is None or current.interruptible

    def take(self, now: float) -> str:
        """The whole text heard, leaving what has still to be spoken."""
        text = self.heard(now)
        self._pieces = [piece for piece in self._pieces if piece.start + piece.seconds > now]
        return text

    def purge(self, now: float) -> str:
        """Stop at once and drop the queue; what was heard of it."""
        text = self.heard(now)
        self._pieces.clear()
        self.end = now
        return text
