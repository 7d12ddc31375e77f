"""The person in a ConversationRelay session: listens until the agent has finished, thinks, answers, cuts in."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from sandbox.leg import speech_seconds
from sandbox.personas import Step
from sandbox.talk import Reply

if TYPE_CHECKING:
    from sandbox.relay import Session

END_OF_TURN = 0.9  # a pause so long means that the agent has finished
NO_LAST = 4.0  # … even when it forgot to say so
PARTIAL_EVERY = 0.25


class Caller:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.playback = session.playback
        self.clock = session.clock
        self.talk = session.leg.talk
        self._told = 0  # characters reported as tokensPlayed
        self._on = False  # the product was told that the agent speaks

    async def run(self) -> None:
        """Talk until the person hangs up."""
        await self._greet()
        while True:
            step = self.talk.interruption()
            heard, cut_in = await self._listen(step)
            if cut_in and step:
                reply: Reply | None = self.talk.interrupt(step)
            elif heard is None:
                reply = self.talk.silence()
            else:
                reply = self.talk.reply(heard)
            if reply is None:
                continue
            if not cut_in:
                await self.clock.sleep(reply.delay)
            await self._speak(reply.text)
            await self._press(reply.digits)
            if reply.hang_up:
                await self.clock.sleep(0.8)
                return

    async def _greet(self) -> None:
        """A mailbox or a call screening speaks from the moment of the answer; the rest of it is transcribed."""
        leg = self.session.leg
        greeting = leg.persona.greeting
        left = speech_seconds(greeting) - (self.clock.human() - (leg.answered_at or 0.0))
        if not greeting or left <= 0:
            return
        begin = min(left, 1.2)  # by now the agent's own greeting plays into it
        await self.clock.sleep(begin)
        await self._talk_over()
        await self.clock.sleep(left - begin)
        await self._prompt(greeting)

    # -- listening

    async def _listen(self, step: Step | None) -> tuple[str | None, bool]:
        """The agent's next turn, whole; or what was heard of it when ``step`` cut in; None after a long silence."""
        patience_ends = self.clock.human() + self.session.leg.persona.patience
        while True:
            now = self.clock.human()
            if self.playback.is_empty:
                if now >= patience_ends:
                    return None, False
                await self._wait_until(patience_ends)
                continue
            if (
                step
                and (moment := self.playback.when_heard(step.interrupt)) is not None
                and moment < self.playback.end
            ):
                if now >= moment and self.playback.interruptible(moment):
                    # As of that moment, even when this machine was too busy to wake in time.
                    return await self._cut_in(moment), True
                if now < moment:
                    await self._wait_until(moment)
                    continue
            finished = self.playback.end + (END_OF_TURN if self.playback.closed else NO_LAST)
            if now < finished:
                await self._wait_until(finished)
                continue
            return self._heard(self.playback.take(now)), False

    async def _wait_until(self, moment: float) -> None:
        """Until that human second, or until the product says something."""
        self.session.changed.clear()
        seconds = (moment - self.clock.human()) / self.clock.speed
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.session.changed.wait(), max(0.0, seconds))

    def _heard(self, text: str) -> str:
        self._told = 0
        if text.strip():
            self.session.transcript.append(["agent", text])
        return text

    async def _cut_in(self, moment: float | None = None, *, speaking: bool = True) -> str:
        """Barge in: the queue is purged and the product is told what was heard."""
        now = self.clock.human() if moment is None else moment
        # What was reported as played has been heard.
        now = max(now, self.playback.when_heard(self._told) or now)
        began = self.playback.started()
        if speaking:
            await self.session.inform("speaker-events", "clientSpeaking", "on")
        unreported = self.playback.heard(now)[self._told :]
        text = self.playback.purge(now)
        if unreported:
            await self.session.inform("tokens-played", "tokensPlayed", unreported)
        await self.session.send(
            type="interrupt",
            utteranceUntilInterrupt=text,
            durationUntilInterruptMs=max(0, round(1000 * (now - began))),
        )
        if self._on:
            self._on = False
            await self.session.inform("speaker-events", "agentSpeaking", "off")
        return self._heard(text)

    # -- answering

    async def _speak(self, text: str) -> None:
        if not text:
            return
        await self._talk_over()
        now = self.clock.human()
        if self.playback.speaking(now) and not self.session.lets(
            "reportInputDuringAgentSpeech", "speech", "none"
        ):
            await self._wait_for_silence()
        await self.session.inform("speaker-events", "clientSpeaking", "on")
        if self.session.noun.flag("partialPrompts"):
            await self._partials(text)
        else:
            await self.clock.sleep(speech_seconds(text))
        await self._prompt(text)
        await self.session.inform("speaker-events", "clientSpeaking", "off")

    async def _talk_over(self) -> None:
        """Speech into the agent's own is a barge-in, when that is allowed."""
        now = self.clock.human()
        if self.playback.speaking(now) and self.playback.interruptible(now):
            await self._cut_in()

    async def _wait_for_silence(self) -> None:
        while (now := self.clock.human()) < self.playback.end:
            await self.clock.sleep(self.playback.end - now + 0.2)

    async def _partials(self, text: str) -> None:
        words = text.split(" ")
        said = ""
        for number, word in enumerate(words):
            said = f"{said} {word}".strip()
            await self.clock.sleep(speech_seconds(word + " "))
            if number % 2 and number + 1 < len(words):
                await self.session.send(
                    type="prompt", voicePrompt=said, lang=self.session.language, last=False
                )

    async def _prompt(self, text: str) -> None:
        self.session.transcript.append(["caller", text])
        lang = self.session.language
        if lang == "multi":
            lang = self.session.leg.persona.language
        await self.session.send(type="prompt", voicePrompt=text, lang=lang, last=True)

    async def _press(self, digits: str) -> None:
        for digit in digits:
            await self.clock.sleep(0.4)
            now = self.clock.human()
            if self.playback.speaking(now) and self.session.lets("interruptible", "dtmf", "any"):
                await self._cut_in(speaking=False)
            self.session.transcript.append(["caller", f"[{digit}]"])
            if self.session.detects_keys:
                await self.session.send(type="dtmf", digit=digit)

    # -- info frames

    async def narrate(self) -> None:
        """Tell the product what is heard, clause by clause, when its TwiML asks for such events."""
        while True:
            now = self.clock.human()
            if not self.playback.speaking(now):
                if self._on:
                    await self._report(len(self.playback.heard(now)))
                    self._on = False
                    await self.session.inform("speaker-events", "agentSpeaking", "off")
                await self.clock.sleep(0.1)
                continue
            if not self._on and now >= self.playback.started():
                self._on = True
                await self.session.inform("speaker-events", "agentSpeaking", "on")
            clause = self.playback.next_clause(self._told)
            if clause is not None and now >= clause:
                await self._report(len(self.playback.heard(clause)))
                continue
            moments = [moment for moment in (clause, self.playback.end) if moment is not None]
            await self.clock.sleep(min(0.3, max(0.01, min(moments) - now)))

    async def _report(self, characters: int) -> None:
        text = self.playback.heard(self.clock.human())[self._told : characters]
        self._told = max(self._told, characters)
        if text.strip():
            await self.session.inform("tokens-played", "tokensPlayed", text)
