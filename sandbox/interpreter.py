"""Runs TwiML on a leg: verbs in order, until a document ends, hands over to another, or the call is over."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from sandbox import dialling, relay
from sandbox.leg import CallOver, Leg, Source, speech_seconds
from sandbox.twiml import TwimlError, Verb, parse
from sandbox.webhooks import Reply

if TYPE_CHECKING:
    from sandbox.exchange import Exchange

DOCUMENTS_A_CALL = 500  # an endless chain of redirects ends here
PLAY_SECONDS = 3.0  # media is not fetched; every file is as long as this
LOOPS = 1000  # what loop="0" means
XML_TYPES = ("text/xml", "application/xml", "text/html", "application/rss+xml")


class Interpreter:
    def __init__(self, exchange: Exchange, leg: Leg) -> None:
        self.exchange = exchange
        self.leg = leg
        self.url = ""  # of the document that runs; relative URLs resolve against it
        self.method = "POST"

    async def run(self, source: Source | None) -> None:
        for _ in range(DOCUMENTS_A_CALL):
            if source is None:
                return
            verbs = await self._load(source)
            source = await self.execute(verbs)
        self.exchange.alert(
            self.leg, 11200, f"more than {DOCUMENTS_A_CALL} documents in one call: a redirect loop?"
        )

    # -- documents

    async def _load(self, source: Source) -> list[Verb]:
        try:
            return await self._read(source)
        except TwimlError as exc:
            self.exchange.alert(self.leg, exc.code, f"{exc} ({source.url or 'inline TwiML'})")
            params = self.leg.call.params
            fallback = params.get("FallbackUrl") or ""
            if fallback:
                extra = (("ErrorCode", str(exc.code)), ("ErrorUrl", source.url))
                again = Source(url=fallback, method=params.get("FallbackMethod") or "POST", extra=extra)
                try:
                    return await self._read(again)
                except TwimlError as second:
                    self.exchange.alert(self.leg, second.code, f"{second} ({fallback})")
        if self.leg.answered_at is None:
            self.leg.ending = "busy"
            raise CallOver
        await self.say("We are sorry, an application error has occurred. Goodbye.")
        raise CallOver

    async def _read(self, source: Source) -> list[Verb]:
        if not source.url:
            return parse(source.inline)
        self.url, self.method = source.url, source.method
        fields = self.leg.fields(*source.extra)
        if self.leg.call.answered_by and not any(key == "AnsweredBy" for key, _ in source.extra):
            fields.append(("AnsweredBy", self.leg.call.answered_by))
        reply = await self.exchange.webhooks.request(
            source.url, fields, token=self.leg.account.token, method=source.method,
            noted={"callback": "twiml", "event": "twiml", "sid": self.leg.call.sid, "to": self.leg.call.to,
                   "account": self.leg.account.sid},
        )  # fmt: skip
        return self._verbs(reply)

    def _verbs(self, reply: Reply | None) -> list[Verb]:
        if reply is None:
            raise TwimlError(11205, "the product could not be reached")
        if reply.status >= 300:
            raise TwimlError(11200, f"the product answered {reply.status}")
        if reply.content_type == "text/plain":
            return [Verb("Say", text=reply.body.decode(errors="replace")[:4096])]
        if reply.content_type.startswith("audio/"):
            return [Verb("Play", text=reply.url)]
        if not reply.body.strip():
            return []
        if reply.content_type not in XML_TYPES:
            raise TwimlError(12300, f"the product answered {reply.content_type}, not text/xml")
        return parse(reply.body)

    def resolve(self, url: str) -> str:
        """A URL of the document in full; nothing given means the document itself."""
        return urljoin(self.url, url) if url else self.url

    def action(self, verb: Verb, *extra: tuple[str, str]) -> Source:
        return Source(url=self.resolve(verb.get("action")), method=self._method(verb), extra=extra)

    @staticmethod
    def _method(verb: Verb) -> str:
        return "GET" if verb.get("method").upper() == "GET" else "POST"

    # -- verbs

    async def execute(self, verbs: list[Verb] | tuple[Verb, ...]) -> Source | None:
        """Run verbs; the source of the document that takes over, or None when these have ended."""
        for verb in verbs:
            if verb.name not in ("Reject", "Redirect", "Hangup", "Pause"):
                self.exchange.answer(self.leg)
            taken_over = await getattr(self, f"_{verb.name.lower()}")(verb)
            if taken_over is not None:
                return taken_over
        return None

    async def say(self, text: str) -> None:
        await self.exchange.clock.sleep(speech_seconds(text))
        if text:
            self.leg.said.append(text)

    async def _say(self, verb: Verb) -> None:
        for _ in range(_loops(verb)):
            await self.say(verb.text[:4096])

    async def _play(self, verb: Verb) -> None:
        digits = verb.get("digits")
        seconds = 0.5 * len(digits) if digits else PLAY_SECONDS
        await self.exchange.clock.sleep(seconds * _loops(verb))

    async def _pause(self, verb: Verb) -> None:
        await self.exchange.clock.sleep(verb.number("length", 1, 0, 3600))

    async def _hangup(self, verb: Verb) -> None:
        raise CallOver

    async def _redirect(self, verb: Verb) -> Source:
        return Source(url=self.resolve(verb.text), method=self._method(verb))

    async def _reject(self, verb: Verb) -> None:
        if self.leg.answered_at is None:
            self.leg.ending = "busy" if verb.get("reason") == "busy" else "failed"
        raise CallOver

    async def _start(self, verb: Verb) -> None:
        for child in verb.children:
            if child.name != "Recording":
                self.exchange.alert(self.leg, 12200, f"the sandbox does not run <Start><{child.name}>")
                continue
            callback = child.get("recordingStatusCallback")
            if callback and "://" not in callback:
                self.exchange.alert(
                    self.leg, 12200, "recordingStatusCallback of <Start><Recording> must be absolute"
                )
                callback = ""
            self.exchange.start_recording(
                self.leg, "StartCallRecordingAPI", channels=1 if child.get("channels") == "mono" else 2,
                track=child.get("track", "both"), callback=callback,
                method=child.get("recordingStatusCallbackMethod", "POST"),
                events=frozenset(child.get("recordingStatusCallbackEvent", "completed").split()),
            )  # fmt: skip

    async def _stop(self, verb: Verb) -> None:
        """Streams and transcriptions, which the sandbox has not; recordings stop at hangup."""

    async def _gather(self, verb: Verb) -> Source | None:
        await self.execute([child for child in verb.children if child.name in ("Say", "Play", "Pause")])
        modes = verb.get("input", "dtmf").split()
        finish = verb.get("finishOnKey", "#")
        timeout = verb.number("timeout", 5, 0, 600)
        reply = self.leg.talk.reply(self.leg.hear())
        if reply is not None:
            digits = reply.digits.split(finish)[0] if finish and finish in reply.digits else reply.digits
            wanted = int(verb.number("numDigits", 0, 0, 100))
            digits = digits[:wanted] if wanted else digits
            if digits and "dtmf" in modes:
                await self.exchange.clock.sleep(reply.delay + 0.4 * len(digits))
                return self.action(
                    verb, ("Digits", digits), ("FinishedOnKey", finish if finish in reply.digits else "")
                )
            if reply.text and "speech" in modes:
                await self.exchange.clock.sleep(reply.delay + speech_seconds(reply.text))
                return await self._heard(verb, reply.text, reply.hang_up)
            if reply.hang_up:
                await self.exchange.clock.sleep(reply.delay + speech_seconds(reply.text))
                raise CallOver
        await self.exchange.clock.sleep(timeout)
        if verb.flag("actionOnEmptyResult"):
            return self.action(verb, ("Digits", ""))
        return None

    async def _heard(self, verb: Verb, text: str, hang_up: bool) -> Source:
        result = self.action(verb, ("SpeechResult", text), ("Confidence", "0.93"))
        if hang_up:
            # The words were recognised before the line dropped: the product gets them, its answer is not heard.
            await self._read(result)
            raise CallOver
        return result

    async def _record(self, verb: Verb) -> Source | None:
        reply = self.leg.talk.reply(self.leg.hear())
        if reply is None or not reply.text:
            await self.exchange.clock.sleep(verb.number("timeout", 5, 0, 600))
            return None
        running = self.exchange.start_recording(
            self.leg, "RecordVerb", callback=self._callback(verb),
            method=verb.get("recordingStatusCallbackMethod", "POST"),
            events=frozenset(verb.get("recordingStatusCallbackEvent", "completed").split()),
        )  # fmt: skip
        length = verb.number("maxLength", 3600, 1, 14400)
        await self.exchange.clock.sleep(min(length, reply.delay + speech_seconds(reply.text)))
        recording = self.exchange.stop_recording(self.leg, running)
        source = self.action(
            verb, ("RecordingUrl", f"https://api.twilio.com{recording.path}"), ("RecordingSid", recording.sid),
            ("RecordingDuration", str(recording.duration)), ("Digits", "hangup" if reply.hang_up else ""),
        )  # fmt: skip
        if reply.hang_up:
            await self._read(source)
            raise CallOver
        return source

    def _callback(self, verb: Verb) -> str:
        url = verb.get("recordingStatusCallback")
        return self.resolve(url) if url else ""

    async def _dial(self, verb: Verb) -> Source | None:
        return await dialling.dial(self, verb)

    async def _connect(self, verb: Verb) -> Source | None:
        session = next((child for child in verb.children if child.name == "ConversationRelay"), None)
        if session is None:
            names = ", ".join(child.name for child in verb.children) or "nothing"
            self.exchange.alert(
                self.leg, 12200, f"the sandbox runs <Connect><ConversationRelay>, not {names}"
            )
            return None
        return await relay.connect(self, verb, session)


def _loops(verb: Verb) -> int:
    times = int(verb.number("loop", 1, 0, LOOPS))
    return times or LOOPS
