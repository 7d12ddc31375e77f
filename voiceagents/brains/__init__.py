"""What thinks during a conversation. A brain hears one utterance and answers with pieces, one after the other.

    async for piece in brain.reply(heard, state): ...

A piece is text to speak as it stands, or one of the small classes below. A brain never touches the line, the database
or the clock itself: `voiceagents.talk` speaks, stores, and cancels the reply when the contact cuts in.
"""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from compliance.optout import OptOut


@dataclass(slots=True)
class Said:
    """A turn of the conversation. For the agent, text is what was heard of it."""

    position: int
    speaker: Literal["agent", "contact"]
    text: str
    at: datetime
    interrupted: bool = False


@dataclass(slots=True)
class State:
    """One conversation as its brain sees it. results is what the abilities wrote; memory is the guided brain's own.

    language: "en" or "es", what is spoken now. wish: what compliance.optout heard in the utterance being answered.
    """

    brief: dict[str, Any]
    language: str
    now: Callable[[], datetime]
    turns: list[Said] = field(default_factory=list)
    results: dict[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)
    fell_back: bool = False
    wish: OptOut | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """Speak and listen in this language from here on: "en" or "es"."""

    code: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call when what was said has been heard. reason is for the log, in words."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Hand the call to the brief's transfer number when what was said has been heard."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class StopCalling:
    """The contact opted out: the number is blocked, that is said, and the call ends at once."""

    words: str
    risk: Literal["high", "medium"] = "high"


@dataclass(frozen=True, slots=True)
class FellBack:
    """The model failed; the guided brain speaks from here on."""

    cause: str


Piece = str | Language | HangUp | Transfer | StopCalling | FellBack


class Brain(Protocol):
    async def begin(self) -> None:
        """Get ready while the opening is spoken. Raises nothing: what fails here fails again in the answer."""
        ...

    def reply(self, heard: str, state: State) -> AsyncGenerator[Piece]:
        """Answer what was heard; "" means that the contact stayed silent."""
        ...
