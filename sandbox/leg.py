"""A live leg of a call: the record, the person at its end, and what is running on it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.calls import Account, Call, Form, Recording
from sandbox.personas import Persona
from sandbox.talk import Talk

CHARACTERS_A_SECOND = 15.0  # human speech


class CallOver(Exception):  # noqa: N818 - an ending, not an error
    """The call is over; whatever runs on it stops."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the next TwiML comes from: a URL, or the document itself."""

    url: str = ""
    method: str = "POST"
    inline: str = ""
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class RunningRecording:
    recording: Recording
    begun: float  # human seconds
    callback: str = ""
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(slots=True, eq=False)
class Leg:
    call: Call
    account: Account
    persona: Persona
    chance: random.Random  # seeded by the call, so that a run repeats
    talk: Talk = field(init=False)
    answered_at: float | None = None  # human seconds
    task: asyncio.Task[Any] | None = None  # the whole life of the leg
    program: asyncio.Task[Any] | None = None  # the TwiML that runs on it
    redirect: Source | None = None  # TwiML to run instead, set by REST
    ending: str = "completed"  # the status in which an answered leg ends
    stopped: bool = False
    recordings: list[RunningRecording] = field(default_factory=list)
    used_relay: bool = False
    sessions: int = 0
    said: list[str] = field(default_factory=list)  # by the agent, not yet answered by the person
    parting: Callable[[], Awaitable[None]] | None = (
        None  # last words to the product before the final callback
    )

    def __post_init__(self) -> None:
        self.talk = Talk(self.persona)

    def hear(self) -> str:
        """What the agent said since the person last had a turn."""
        text = " ".join(self.said)
        self.said.clear()
        return text

    def interrupt_program(self) -> None:
        if self.program and not self.program.done():
            self.program.cancel()

    def fields(self, *extra: tuple[str, str], status: str | None = None) -> Form:
        return self.call.fields(status) + list(extra)


def speech_seconds(text: str) -> float:
    return len(text) / CHARACTERS_A_SECOND
