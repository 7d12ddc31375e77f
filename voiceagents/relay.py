"""The conversation socket: /voice/relay/<token>, ConversationRelay over Channels.

1. The upgrade is refused (403, counted) unless its X-Twilio-Signature is an account's of the conversation's
   organization over exactly the address that was given, and unless the conversation is still open.
2. Frames go to a Talk, which answers in tasks of its own, so that an interrupt is read while an answer streams.
3. When the socket closes, for whatever reason, the Talk is closed and every task of it is waited for.
If the process dies between any two of these, the carrier reports a dropped session and asks what to do next
(voiceagents.twiml), and the conversation goes on from its stored turns.
"""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.utils import await_many_dispatch
from django.db import close_old_connections
from django.utils.timezone import now
from prometheus_client import Gauge

from telephony import signatures
from telephony.addresses import relay_url
from voiceagents import conversations
from voiceagents.brains import Brain, Said, State
from voiceagents.brains.guided import GuidedBrain
from voiceagents.brains.prompt import PromptBrain
from voiceagents.opening import language_of
from voiceagents.opting_out import block
from voiceagents.recorder import recorder
from voiceagents.talk import BadFrameError, Talk

log = structlog.get_logger(__name__)
LIVE = Gauge("parley_conversations_live", "Conversations whose socket is open in this process")
LARGEST_FRAME = 64 * 1024
HUNG_UP = 1000  # the close code when the contact, not the line, ended the session

# Threads for the two things a socket needs the database for. Whoever demands to be called no more never waits behind
# strangers who knock.
_letting_in = ThreadPoolExecutor(max_workers=4, thread_name_prefix="letting-in")
_opting_out = ThreadPoolExecutor(max_workers=2, thread_name_prefix="opting-out")
_open: dict[str, "RelayConsumer"] = {}


def _with_database(work: Callable[[], Any]) -> Any:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


def in_thread(threads: ThreadPoolExecutor, work: Callable[[], Any]) -> "asyncio.Future[Any]":
    """Do database work away from the event loop."""
    return asyncio.get_running_loop().run_in_executor(threads, _with_database, work)


class RelayConsumer(AsyncWebsocketConsumer):
    """One carrier session. A second session of the same call replaces the first, which the carrier has lost."""

    talk: Talk | None = None
    token: str = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As Channels does it, without a channel layer, and whatever ends it, nothing is left running."""
        self.scope = scope
        self.base_send = send
        self._gone = False
        try:
            await await_many_dispatch([receive], self.dispatch)
        except StopConsumer:
            pass
        finally:
            self._leave(hung_up=False)
            if self.talk is not None:
                await self.talk.gone()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels' own dispatch visits a thread for the database on every frame; no frame here needs one."""
        kind = message["type"]
        if kind == "websocket.receive":
            await self._receive(message)
        elif kind == "websocket.connect":
            await self._connect()
        elif kind == "websocket.disconnect":
            self._leave(hung_up=message.get("code") == HUNG_UP)
            raise StopConsumer

    async def _connect(self) -> None:
        self.token = self.scope["url_route"]["kwargs"]["token"]
        headers = dict(self.scope["headers"])
        signature = headers.get(b"x-twilio-signature", b"").decode("latin-1")
        if not signature:
            await self._refuse("relay_signature")
            return
        loaded = await in_thread(_letting_in, lambda: self._load(self.token))
        if loaded is None:
            await self._refuse("relay_token")
            return
        address = relay_url(self.token)
        # Every account is tried, so that the time taken does not tell which one signed.
        signed = [signatures.verify(address, {}, signature, token) for token in loaded.auth_tokens]
        if not any(signed):
            await self._refuse("relay_signature")
            return
        if loaded.ended:
            await self._refuse("relay_over")
            return
        older = _open.get(self.token)
        if older is not None:
            await older._replace()
            loaded = await in_thread(_letting_in, lambda: self._load(self.token))
            if loaded is None or loaded.ended:
                await self._refuse("relay_over")
                return
        _open[self.token] = self
        LIVE.inc()
        self.talk = self._talk(loaded)
        await self.accept()

    @staticmethod
    def _load(token: str) -> conversations.Loaded | None:
        if token in _open:
            recorder.settle(2.0)
        return conversations.load(token)

    def _talk(self, loaded: conversations.Loaded) -> Talk:
        state = State(
            brief=loaded.brief,
            language=language_of(loaded.brief),
            now=now,
            turns=[
                Said(turn.position, turn.speaker, turn.text, turn.at, turn.interrupted)  # type: ignore[arg-type]
                for turn in loaded.turns
                if turn.speaker != "system"
            ],
            results={key: value for key, value in loaded.results.items() if key != "memory"},
            memory=loaded.results.get("memory") or {},
            fell_back=loaded.fell_back,
        )
        guided = GuidedBrain(seed=loaded.code)
        brain: Brain = guided
        if loaded.brief.get("agent", {}).get("brain") == "prompt" and not loaded.fell_back:
            brain = PromptBrain(loaded.endpoint, fallback=guided)

        async def opt_out(words: str, risk: str, source: str) -> None:
            await in_thread(_opting_out, lambda: block(loaded, words=words, risk=risk, source=source))

        return Talk(loaded.id, state=state, brain=brain, record=recorder, send=self._frame, opt_out=opt_out)

    async def _frame(self, frame: dict[str, Any]) -> None:
        if self._gone:
            return
        text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
        try:
            await self.base_send({"type": "websocket.send", "text": text})
        except OSError:
            self._gone = True  # The other side left first; what it leaves behind is on its way to dispatch.

    async def _receive(self, message: dict[str, Any]) -> None:
        if self._gone or self.talk is None:
            return
        text = message.get("text")
        try:
            if text is None or len(text) > LARGEST_FRAME:
                raise BadFrameError("binary" if text is None else "too large")
            frame = json.loads(text)
            if not isinstance(frame, dict):
                raise BadFrameError("not an object")
            self.talk.frame(frame)
        except (BadFrameError, ValueError, RecursionError) as error:
            log.warning("relay_bad_frame", token=self.token[:8], cause=str(error)[:200])
            await self._drop(1007)
        except Exception:
            log.exception("relay_failed", token=self.token[:8])
            await self._drop(1011)

    async def _refuse(self, reason: str) -> None:
        signatures.REFUSED.labels(reason).inc()
        self._gone = True
        await self.base_send({"type": "websocket.close", "code": 4403})

    async def _drop(self, code: int) -> None:
        """Give up this session; the carrier will ask what to do with the call."""
        if not self._gone:
            self._leave(hung_up=False)
            await self.base_send({"type": "websocket.close", "code": code})

    async def _replace(self) -> None:
        await self._drop(1001)
        if self.talk is not None:
            await self.talk.gone()

    def _leave(self, *, hung_up: bool) -> None:
        self._gone = True
        if self.talk is not None and _open.get(self.token) is self:
            del _open[self.token]
            LIVE.dec()
            self.talk.close(hung_up=hung_up)
