"""One conversation over one ConversationRelay session: frames in, frames out, one reply alive at a time.

Knows neither sockets nor the database. A prompt goes straight to the brain in this process: between it and the first
token stands no thread, no query and no lock. Everything that must be stored is handed to the recorder, which returns at
once. The one thing a reply waits for is an opt-out, which is in force before it is confirmed.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import datetime
from typing import Any, Protocol

import structlog

from compliance.optout import detect_optout
from voiceagents.brains import (
    Brain,
    FellBack,
    HangUp,
    Language,
    Piece,
    Said,
    State,
    StopCalling,
    Transfer,
)
from voiceagents.ending import Ending, letters
from voiceagents.models import ConversationEnd
from voiceagents.opening import disclosure, language_of, line, opening

log = structlog.get_logger(__name__)

FILLER_AFTER = 1.8  # seconds without a token until something is said
SILENCE_AFTER = 8.0  # seconds without a word from the contact until the brain is asked to speak up
CHARACTERS_A_SECOND = 14.0  # how fast voices speak, to guess when a sentence has been heard
DIGITS_AFTER = 1.5  # seconds until pressed keys count as complete
OPT_OUT_WITHIN = 3.0  # seconds a confirmation waits for the opt-out's transaction
SAVE_EVERY = 0.25  # seconds between saves of an answer that is still growing
LONGEST_UTTERANCE = 4_000  # characters of one utterance of the contact that are kept
LONGEST_HEARD = 40_000  # characters of one that are listened to: three quarters of an hour without a breath
MOST_TURNS = 300


class BadFrameError(ValueError):
    """A frame that breaks the protocol: this call's socket is closed, no other."""


class Record(Protocol):
    """Where turns and results go (voiceagents.recorder); every method returns at once."""

    def turn(
        self, conversation_id: int, position: int, speaker: str, text: str, interrupted: bool, at: datetime
    ) -> None: ...
    def started(self, conversation_id: int, session_id: str, at: datetime) -> None: ...
    def results(self, conversation_id: int, changes: dict[str, Any], fell_back: bool = False) -> None: ...
    def ended(self, conversation_id: int, ended_by: ConversationEnd, at: datetime) -> None: ...


class Talk:
    """The conversation of one socket. `frame` and `close` never wait; replies run in tasks that `close` cancels.

    send: sends one frame. opt_out(words, risk, source): blocks the number, returns when that is committed.
    """

    def __init__(
        self,
        conversation_id: int,
        *,
        state: State,
        brain: Brain,
        record: Record,
        send: Callable[[dict[str, Any]], Awaitable[None]],
        opt_out: Callable[[str, str, str], Awaitable[None]],
    ) -> None:
        self.id = conversation_id
        self.state = state
        self.brain = brain
        self.record = record
        self._send = send
        self._opt_out = opt_out
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._reply: asyncio.Task[None] | None = None
        self._answering: Said | None = None  # the agent's turn that is being spoken
        self._saved_at = 0.0
        self._stored_results = ""
        self._digits = ""
        self._disclose_again = False
        self._set_up = False
        self._ending: Ending | None = None
        self._opting_out = False
        self._closed = False
        self.end_sent = False

    # -- frames from the carrier

    def frame(self, frame: dict[str, Any]) -> None:
        """Take one frame. Raises BadFrameError when it breaks the protocol; types we do not know are left alone."""
        kind = frame.get("type")
        if kind == "prompt":
            if not self._set_up:
                raise BadFrameError("prompt before setup")
            text = frame.get("voicePrompt")
            if not isinstance(text, str):
                raise BadFrameError("prompt without words")
            if frame.get("last") is True:
                self._heard(_storable(text[-LONGEST_HEARD:]).strip(), str(frame.get("lang") or ""))
        elif kind == "interrupt":
            heard = frame.get("utteranceUntilInterrupt", "")
            if not isinstance(heard, str):
                raise BadFrameError("interrupt without words")
            self._interrupted(_storable(heard))
        elif kind == "info":
            self._info(frame)
        elif kind == "dtmf":
            digit = frame.get("digit")
            if not isinstance(digit, str) or digit not in tuple("0123456789*#ABCD"):
                raise BadFrameError("dtmf without a digit")
            self._pressed(digit)
        elif kind == "setup":
            self._setup(frame)
        elif kind == "error":
            log.warning(
                "relay_error", conversation=self.id, description=str(frame.get("description", ""))[:300]
            )
        elif not isinstance(kind, str):
            raise BadFrameError("frame without a type")

    def _setup(self, frame: dict[str, Any]) -> None:
        session = frame.get("sessionId")
        if not isinstance(session, str) or self._set_up:
            raise BadFrameError("setup twice or without a session")
        self._set_up = True
        self._run(self.brain.begin())
        self.record.started(self.id, _storable(session), self.state.now())
        parameters = frame.get("customParameters")
        kind = parameters.get("greeting") if isinstance(parameters, dict) else ""
        brief = self.state.brief
        if kind in ("resume", "transfer_failed"):
            greeting = line(kind, brief)
            self.state.memory["resumed"] = kind
        else:
            greeting = opening(brief)
        self.state.language = language_of(brief)
        self._add("agent", greeting)
        self._listen(after=greeting)

    def _heard(self, text: str, language: str) -> None:
        self._stop_timer("silence")
        if not text or self._closed:
            return
        waiting = self._reply is not None and not self._reply.done() and self._answering is None
        self._cancel_reply()
        turns = self.state.turns
        if waiting and turns and turns[-1].speaker == "contact":
            # The carrier cut one sentence in two, and nothing was answered yet: it is one utterance.
            turn = turns[-1]
            text = f"{turn.text} {text}"
            turn.text = _shortened(text)
            self._save(turn)
        else:
            turn = self._add("contact", _shortened(text))
        if language:
            self.state.memory["heard_language"] = _storable(language)[:2].lower()
        if self._opting_out or self.end_sent:
            return
        asked = next((each.text for each in reversed(turns) if each.speaker == "agent"), "")
        # All of it: what is asked for at the end of a long speech counts as much.
        verdict = detect_optout(text, "voice", self.state.language, asked)
        self.state.wish = verdict
        if verdict.stop_calling:
            # Always by code: a model is never asked whether somebody meant it.
            self._stop_calling(turn.text, verdict.blacklist_risk or "high", "spoken", verdict.kind)
        elif self._ending is not None:
            self._ending.over()
        elif len(turns) > MOST_TURNS:
            self._finish(ConversationEnd.AGENT_ENDED, {"reason": "too many turns"}, "")
        else:
            self._start(self._answer(turn.text))

    def _interrupted(self, heard: str) -> None:
        """Cut the history to what was heard, and say nothing more of the reply."""
        self._cancel_reply()
        heard = heard.strip()
        unheard = [turn for turn in self.state.turns[-6:] if turn.speaker == "agent"]
        cut = next((turn for turn in reversed(unheard) if heard and heard in turn.text), None)
        if cut is None and unheard:
            cut = unheard[-1]
        for turn in unheard:
            if cut is None or turn.position < cut.position:
                continue
            found = turn.text.find(heard) if turn is cut and heard else -1
            if turn is cut and found < 0:
                turn.text = min(turn.text, heard, key=len)
            else:
                turn.text = turn.text[: found + len(heard)] if found >= 0 else ""
            turn.interrupted = True
            self._save(turn)
        if cut is not None and cut.position == 0:
            self._disclose_again = not _starts_with(cut.text, disclosure(self.state.brief))
        if self._ending is not None:
            self._timer("ending", 2.0, self._ending.over)
        else:
            self._listen(after="")

    def _pressed(self, digit: str) -> None:
        if digit == "9":
            self._cancel_reply()
            if not self._opting_out and not self.end_sent:
                self._stop_calling("pressed 9", "high", "keypad", "opt_out")
            return
        self._digits = (self._digits + digit)[:32]
        self._timer("digits", DIGITS_AFTER, self._dialled)

    def _dialled(self) -> None:
        digits, self._digits = self._digits, ""
        self._heard(digits, "")

    def _info(self, frame: dict[str, Any]) -> None:
        name, value = frame.get("name"), frame.get("value")
        if self._ending is not None:
            self._ending.info(name, value)
        elif name == "clientSpeaking" and value == "on":
            self._stop_timer("silence")
        elif name == "agentSpeaking" and value == "off" and (self._reply is None or self._reply.done()):
            self._timer("silence", SILENCE_AFTER, self._silent)

    # -- replies

    def _start(self, work: Any) -> None:
        self._reply = self._run(work)

    def _run(self, work: Any) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None and not self._closed:
            log.error("conversation_reply_failed", conversation=self.id, exc_info=task.exception())

    def _cancel_reply(self) -> None:
        self._stop_timer("filler")
        if self._reply is not None and not self._reply.done():
            self._reply.cancel()
        self._finish_answer(interrupted=True)

    async def _answer(self, heard: str) -> None:
        """Speak the brain's answer piece by piece."""
        self._timer("filler", FILLER_AFTER, self._filler)
        final: HangUp | Transfer | None = None
        if self._disclose_again:
            self._disclose_again = False
            await self._speak(disclosure(self.state.brief, self.state.language) + " ")
        async with aclosing(self.brain.reply(heard, self.state)) as pieces:
            async for piece in pieces:
                if isinstance(piece, str):
                    if piece:
                        await self._speak(piece)
                elif isinstance(piece, StopCalling):
                    self._stop_calling(piece.words, piece.risk, "spoken", "opt_out")
                    return
                elif isinstance(piece, HangUp | Transfer):
                    final = piece
                    break
                else:
                    await self._act(piece)
        self._stop_timer("filler")
        text = self._answering.text if self._answering else ""
        if text:
            await self._send({"type": "text", "token": "", "last": True})
        self._finish_answer(interrupted=False)
        self._save_results()
        if isinstance(final, Transfer):
            self._finish(ConversationEnd.TRANSFERRED, {"action": "transfer", "reason": final.reason}, text)
        elif final is not None:
            self._finish(ConversationEnd.AGENT_ENDED, {"reason": final.reason}, text)
        else:
            self._listen(after=text)

    async def _act(self, piece: Piece) -> None:
        if isinstance(piece, Language):
            self.state.language = piece.code
            tag = f"{piece.code}-US"
            await self._send({"type": "language", "ttsLanguage": tag, "transcriptionLanguage": tag})
        elif isinstance(piece, FellBack):
            log.warning("model_failed", conversation=self.id, cause=piece.cause)
            self.state.fell_back = True
            self.record.results(self.id, {"fell_back": _storable(piece.cause)}, True)

    async def _speak(self, token: str) -> None:
        self._stop_timer("filler")
        turn = self._answering
        await self._send({"type": "text", "token": token, "last": False})
        if turn is None:
            self._answering = turn = self._add("agent", token)
            self._saved_at = self._loop.time()
        else:
            turn.text += token
            if self._loop.time() - self._saved_at > SAVE_EVERY:
                self._saved_at = self._loop.time()
                self._save(turn)

    def _filler(self) -> None:
        """Something is said when the model takes its time."""
        if self._answering is None and self._ending is None:
            self._run(self._speak(line("filler", self.state.brief, self.state.language) + " "))

    def _finish_answer(self, *, interrupted: bool) -> None:
        turn, self._answering = self._answering, None
        if turn is not None:
            turn.interrupted = turn.interrupted or interrupted
            turn.text = turn.text.rstrip()
            self._save(turn)

    # -- endings

    def _stop_calling(self, words: str, risk: str, source: str, kind: str) -> None:
        """Block the number first, then say so, then end. Nothing cancels this once it has begun."""
        self._opting_out = True
        words = words if len(words) <= 500 else f"… {words[-498:]}"
        self.state.results["opt_out"] = {"words": words, "risk": risk, "source": source, "kind": kind}
        self._save_results()
        if self._ending is not None:
            self._ending.cancel()
        self._run(self._confirm_opt_out(words, risk, source, kind))

    async def _confirm_opt_out(self, words: str, risk: str, source: str, kind: str) -> None:
        blocking = asyncio.ensure_future(self._opt_out(words, risk, source))
        await asyncio.wait({blocking}, timeout=OPT_OUT_WITHIN)
        if blocking.done() and blocking.exception() is not None:
            log.error("opt_out_not_stored_yet", conversation=self.id, exc_info=blocking.exception())
        said = line(
            "wrong_number" if kind == "wrong_number" else "opted_out",
            self.state.brief,
            self._spoken_language(),
        )
        self._add("agent", said)
        await self._send({"type": "text", "token": said, "last": True})
        self._finish(ConversationEnd.OPTED_OUT, {"reason": "opted out"}, said)

    def _spoken_language(self) -> str:
        heard = self.state.memory.get("heard_language")
        return heard if heard in ("en", "es") else self.state.language

    def _finish(self, ended_by: ConversationEnd, handoff: dict[str, Any], said: str) -> None:
        """End the session once the last words have been heard, or should have been."""
        self._stop_timer("silence")

        def over() -> None:
            if not self._closed and not self.end_sent and self._ending is ending:
                self._stop_timer("ending")
                self.end_sent = True
                self._run(self._send_end(ended_by, handoff))

        ending = self._ending = Ending(said, over)
        if said:
            self._timer("ending", len(said) / CHARACTERS_A_SECOND + 2.0, over)
        else:
            over()

    async def _send_end(self, ended_by: ConversationEnd, handoff: dict[str, Any]) -> None:
        await self._send({"type": "end", "handoffData": json.dumps(handoff)})
        if ended_by != ConversationEnd.TRANSFERRED:  # a transfer ends when the carrier says how it went
            self.record.ended(self.id, ended_by, self.state.now())

    def close(self, *, hung_up: bool) -> None:
        """The socket is gone. hung_up: the contact ended the call; else the line dropped and may come back."""
        if self._closed:
            return
        self._finish_answer(interrupted=True)
        self._closed = True
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for task in self._tasks:
            task.cancel()
        self._save_results()
        if not self.end_sent:
            now = self.state.now()
            if self._opting_out:
                self.record.ended(self.id, ConversationEnd.OPTED_OUT, now)
            elif self._ending is not None and hung_up:
                self.record.ended(self.id, ConversationEnd.AGENT_ENDED, now)
            elif hung_up:
                self.record.ended(self.id, ConversationEnd.CONTACT_ENDED, now)

    async def gone(self) -> None:
        """Wait until the tasks that `close` cancelled are really over."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=5.0)

    # -- turns, results, timers

    def _add(self, speaker: Any, text: str) -> Said:
        turns = self.state.turns
        turn = Said(turns[-1].position + 1 if turns else 0, speaker, text, self.state.now())
        turns.append(turn)
        self._save(turn)
        return turn

    def _save(self, turn: Said) -> None:
        self.record.turn(self.id, turn.position, turn.speaker, turn.text, turn.interrupted, turn.at)

    def _save_results(self) -> None:
        """Hand over a copy of the results, with the brain's memory, so that a new socket can go on."""
        stored = json.dumps({**self.state.results, "memory": self.state.memory})
        if stored != self._stored_results:
            self._stored_results = stored
            self.record.results(self.id, json.loads(stored))

    def _listen(self, *, after: str) -> None:
        self._timer("silence", len(after) / CHARACTERS_A_SECOND + SILENCE_AFTER, self._silent)

    def _silent(self) -> None:
        if self._ending is None and not self._opting_out and (self._reply is None or self._reply.done()):
            self._start(self._answer(""))

    def _timer(self, name: str, seconds: float, work: Callable[[], None]) -> None:
        self._stop_timer(name)
        if not self._closed:
            self._timers[name] = self._loop.call_later(seconds, work)

    def _stop_timer(self, name: str) -> None:
        if timer := self._timers.pop(name, None):
            timer.cancel()


def _storable(text: str) -> str:
    """Without what a frame may hold and a database may not: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _shortened(text: str) -> str:
    """The beginning and the end of an utterance that is too long to be kept whole."""
    half = (LONGEST_UTTERANCE - 3) // 2
    return text if len(text) <= LONGEST_UTTERANCE else f"{text[:half]} … {text[-half:]}"


def _starts_with(text: str, beginning: str) -> bool:
    return letters(text).startswith(letters(beginning))
