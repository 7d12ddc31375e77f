"""ConversationRelay as Twilio's side of the socket: setup, prompts, barge-in, keys, and how a session ends.

Two things run in a session: the reader takes the product's frames, the person listens and answers. The person's
side lives in ``sandbox.caller``.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, Any

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosed, WebSocketException

from sandbox import frames
from sandbox.caller import Caller
from sandbox.leg import CallOver, Leg, Source
from sandbox.playback import Playback
from sandbox.signature import sign
from sandbox.twiml import Verb
from sandbox.webhooks import check_url

if TYPE_CHECKING:
    from sandbox.exchange import Exchange
    from sandbox.interpreter import Interpreter

BAD_FRAMES_IN_A_ROW = 10
FRAME_LIMIT = 1 << 20
PLAY_SECONDS = 3.0
KEY_SECONDS = 0.25


async def connect(interpreter: Interpreter, verb: Verb, noun: Verb) -> Source | None:
    """Run ``<Connect><ConversationRelay>`` to its end and hand the call to the action, if there is one."""
    exchange, leg = interpreter.exchange, interpreter.leg
    leg.used_relay = True
    leg.sessions += 1
    session = Session(exchange, leg, noun)
    action = interpreter.action(verb) if verb.get("action") else None

    async def report_hangup() -> None:
        if action:
            await exchange.webhooks.request(
                action.url, leg.call.fields() + session.result("completed"), token=leg.account.token,
                method=action.method, noted=_noted(leg),
            )  # fmt: skip

    try:
        status = await session.run()
    except asyncio.CancelledError:
        # Ended or redirected by REST, the time limit or the person; a redirect has no action.
        if leg.redirect is None:
            leg.parting = report_hangup
        raise
    if status == "completed":
        leg.parting = report_hangup
        raise CallOver
    await exchange.clock.sleep(0.3)
    if action is None:
        return None
    return Source(url=action.url, method=action.method, extra=tuple(session.result(status)))


def _noted(leg: Leg) -> dict[str, Any]:
    return {
        "callback": "action",
        "event": "action",
        "sid": leg.call.sid,
        "to": leg.call.to,
        "account": leg.account.sid,
    }


class Session:
    def __init__(self, exchange: Exchange, leg: Leg, noun: Verb) -> None:
        self.exchange = exchange
        self.clock = exchange.clock
        self.leg = leg
        self.noun = noun
        seed = f"{exchange.store.seed}:{leg.call.sid}:{leg.sessions}"
        self.sid = "VX" + hashlib.md5(seed.encode(), usedforsecurity=False).hexdigest()
        self.playback = Playback()
        self.changed = asyncio.Event()  # the product said something, or finished saying it
        self.begun = self.clock.human()
        self.language = noun.get("transcriptionLanguage") or noun.get("language") or "en-US"
        self.handoff: str | None = None
        self.error: tuple[str, str] | None = None
        self.transcript: list[list[str]] = []  # [agent | caller, text]
        self.received = 0
        self.sent = 0
        self.dead = False  # a half-open socket: nothing goes in or out any more
        self._bad = 0
        self._socket: ClientConnection | None = None
        self._events = frozenset((noun.get("events") + " " + noun.get("debug")).split())

    # -- settings of the session

    def lets(self, attribute: str, how: str, default: str) -> bool:
        """Whether ``interruptible`` and its like (none dtmf speech any true false) allow ``how``."""
        value = self.noun.get(attribute, default)
        return value in ("any", "true", how)

    @property
    def detects_keys(self) -> bool:
        return self.noun.flag("dtmfDetection")

    # -- the session

    async def run(self) -> str:
        """The whole session; its end as Twilio names it: completed (the call is over), ended, failed."""
        await self._open()

        caller = Caller(self)
        reader = asyncio.create_task(self._read())
        person = asyncio.create_task(caller.run())
        narrator = asyncio.create_task(caller.narrate()) if self._events else None
        status = "completed"
        try:
            await asyncio.wait({reader, person}, return_when=asyncio.FIRST_COMPLETED)
            if reader.done():
                status = reader.result()
            else:
                person.result()  # A fault of the sandbox itself must not pass for a hang-up.
        finally:
            for task in (reader, person, narrator):
                if task:
                    task.cancel()
            self._close()
            self._note(status)
        return status

    async def _open(self) -> None:
        url = self.noun.get("url")
        if wrong := check_url(url, ("ws", "wss")):
            self._unreachable(64101, f"the ConversationRelay url {wrong}: {url}")
        try:
            self._socket = await open_socket(
                url, additional_headers={"X-Twilio-Signature": sign(self.leg.account.token, url)},
                user_agent_header="Jetty/11.0.24", compression=None, proxy=None, open_timeout=10, ping_interval=None,
                close_timeout=2, max_size=FRAME_LIMIT,
            )  # fmt: skip
        except (OSError, TimeoutError, WebSocketException, ValueError) as exc:
            self._unreachable(64102, f"cannot connect to {url}: {exc}")
        call = self.leg.call
        await self.send(
            type="setup", sessionId=self.sid, accountSid=call.account_sid, callSid=call.sid,
            parentCallSid=call.parent_sid or "", **{"from": call.from_}, to=call.to, forwardedFrom="", callerName="",
            direction=call.direction, callType="PSTN",
            callStatus="RINGING" if self.leg.sessions == 1 else "IN_PROGRESS",
            customParameters={
                child.get("name"): child.get("value") for child in self.noun.children if child.name == "Parameter"
            },
        )  # fmt: skip
        if greeting := self.noun.get("welcomeGreeting"):
            interruptible = self.lets("welcomeGreetingInterruptible", "speech", "any")
            self.playback.add(greeting, self.clock.human() + 0.4, interruptible=interruptible)

    def _unreachable(self, code: int, message: str) -> None:
        self.exchange.alert(self.leg, code, message)
        self.leg.ending = "failed" if self.leg.call.is_outbound else "busy"
        raise CallOver

    async def send(self, **frame: Any) -> None:
        if self.dead or self._socket is None:
            return
        try:
            await self._socket.send(json.dumps(frame, ensure_ascii=False))
            self.sent += 1
        except ConnectionClosed:
            pass  # The reader sees the end and says what it means.

    async def inform(self, family: str, name: str, value: str) -> None:
        """An ``info`` frame, for those who asked: family is speaker-events or tokens-played."""
        if family in self._events:
            await self.send(type="info", name=name, value=value)

    async def _read(self) -> str:
        assert self._socket
        fault = self.exchange.faults.relay(self.leg.account.sid, self.leg.call.to)
        if fault:
            self.exchange.witness.note(
                "fault", fault=fault.id, fault_kind=fault.kind, sid=self.leg.call.sid, to=self.leg.call.to
            )
        try:
            while True:
                if fault and self.received >= fault.frames:
                    if fault.kind == "relay_drop":
                        self._socket.transport.abort()
                        break
                    self.dead = True
                    await asyncio.Event().wait()
                raw = await self._socket.recv()
                self.received += 1
                try:
                    frame = frames.read(raw)
                except frames.BadFrameError:
                    if await self._count_bad(raw):
                        break
                    continue
                self._bad = 0
                if frame.type == "end":
                    await self.clock.sleep(0.09)
                    self.handoff = frame.data.get("handoffData")
                    return "ended"
                self._obey(frame)
        except ConnectionClosed:
            pass
        self.error = ("64105", "Websocket ended")
        return "failed"

    async def _count_bad(self, raw: str | bytes) -> bool:
        """Answer a malformed frame; True after the tenth in a row, when the socket is closed."""
        self._bad += 1
        shown = raw if isinstance(raw, str) else repr(raw)
        await self.send(type="error", description=f"Invalid message received, code: 64107, {shown[:500]}")
        if self._bad < BAD_FRAMES_IN_A_ROW:
            return False
        assert self._socket
        await self._socket.close(1007, "Too many consecutive malformed messages.")
        return True

    def _obey(self, frame: frames.Frame) -> None:
        data, now = frame.data, self.clock.human()
        idle = not self.playback.speaking(now)
        interruptible = data.get("interruptible", True) and self.lets("interruptible", "speech", "any")
        if frame.type == "text":
            if data["token"]:
                self.playback.add(data["token"], now, interruptible=interruptible)
            self.playback.closed = data.get("last", False)
        elif frame.type == "play":
            self.playback.add(
                "", now, seconds=PLAY_SECONDS * (data.get("loop", 1) or 1000), interruptible=interruptible
            )
        elif frame.type == "sendDigits":
            self.playback.add(data["digits"], now, seconds=KEY_SECONDS * len(data["digits"]))
        elif frame.type == "language":
            self.language = data.get("transcriptionLanguage") or self.language
        if idle or self.playback.closed:
            self.changed.set()

    # -- the end

    def result(self, status: str) -> list[tuple[str, str]]:
        """The fields that a session adds to the request to ``<Connect action>``."""
        fields = [
            ("SessionId", self.sid),
            ("SessionStatus", status),
            ("SessionDuration", str(round(self.clock.human() - self.begun))),
        ]
        if self.handoff is not None:
            fields.append(("HandoffData", self.handoff))
        if self.error:
            fields += [("ErrorCode", self.error[0]), ("ErrorMessage", self.error[1])]
        return fields

    def _close(self) -> None:
        if self._socket is None:
            return
        if self.dead:
            self.exchange.half_open.append(self._socket)
            return
        self.exchange.webhooks.later(self._socket.close(1000, "Closing websocket session"))

    def _note(self, status: str) -> None:
        self.exchange.witness.note(
            "relay", sid=self.leg.call.sid, session=self.sid, account=self.leg.account.sid, to=self.leg.call.to,
            url=self.noun.get("url"), status=status, seconds=round(self.clock.human() - self.begun, 2),
            close_code=self._socket.close_code if self._socket else None, frames_in=self.received,
            frames_out=self.sent, transcript=self.transcript,
        )  # fmt: skip
