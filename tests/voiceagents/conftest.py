"""A real uvicorn with the product's ASGI program on loopback, and the carrier's side of a conversation."""

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import uvicorn
from django.conf import settings
from django.db import connections
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import ClientConnection, connect

from accounts.fields import new_token
from telephony.addresses import relay_url
from tests.factories import AgentFactory, CarrierAccountFactory, ContactFactory, PhoneNumberFactory
from tests.voiceagents.model_stub import ModelStub
from voiceagents import briefs
from voiceagents.brains.endpoints import close_session
from voiceagents.models import Conversation, ModelEndpoint
from voiceagents.recorder import recorder

DONE_WITHIN = 60.0


class Server:
    """uvicorn in a thread of its own, as in production with one process; `options` are uvicorn's."""

    def __init__(self, **options: Any) -> None:
        from config.asgi import application

        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.server = uvicorn.Server(
            uvicorn.Config(
                application,
                http="config.connections:Connection",
                ws="websockets-sansio",
                lifespan="off",
                log_level="warning",
                **options,
            )
        )
        self.loop: asyncio.AbstractEventLoop | None = None
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        async def serve() -> None:
            self.loop = asyncio.get_running_loop()
            await self.server.serve(sockets=[self.socket])
            await close_session()

        asyncio.run(serve())

    def start(self) -> None:
        self.thread.start()
        deadline = time.monotonic() + DONE_WITHIN
        while not self.server.started:
            assert time.monotonic() < deadline, "uvicorn did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(DONE_WITHIN)

    def tasks(self) -> list[str]:
        """The names of what runs for conversations on the server's event loop."""
        assert self.loop is not None
        return [
            str(task.get_coro())
            for task in asyncio.all_tasks(self.loop)
            if "Talk" in str(task.get_coro()) or "RelayConsumer" in str(task.get_coro())
        ]


def nothing_runs(server: Server) -> bool:
    """Whether every task of every conversation is gone; waits for the server to notice that a socket closed."""
    deadline = time.monotonic() + DONE_WITHIN
    while server.tasks():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def relay(transactional_db: None, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server, reachable under the public address that everything is signed over."""
    monkeypatch.setattr(settings, "PUBLIC_URL", f"http://127.0.0.1:{server.port}")
    yield server
    assert recorder.settle(DONE_WITHIN)
    connections.close_all()


def make_conversation(*, agent: dict[str, Any] | None = None, **brief: Any) -> Conversation:
    """A conversation as the dialer leaves it when it has dialled: a contact in Denver, an agent, a brief."""
    contact = ContactFactory(first_name="Noah")
    location = contact.location
    account = CarrierAccountFactory(organization=location.organization)
    number = PhoneNumberFactory(location=location, account=account)
    made = AgentFactory(location=location, phone_number=number, **(agent or {}))
    built = briefs.build(
        agent=made,
        contact=contact,
        contact_type="new",
        zone="America/Denver",
        seller=location.organization.name,
        callback_number=number.number,
        page_code="k7m2p9abcdef",
    )
    return Conversation.objects.create(
        location=location,
        agent=made,
        contact=contact,
        token=new_token(),
        brief={**built, **brief},
        brain=made.brain,
    )


def signature_for(conversation: Conversation) -> str:
    account = conversation.location.organization.carrier_accounts.get()
    return RequestValidator(account.auth_token).compute_signature(relay_url(conversation.token), {})


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelStub]:
    monkeypatch.setattr(settings, "MODEL_HOSTS_ALLOWED", ["127.0.0.1"])
    stub = ModelStub()
    stub.start()
    yield stub
    stub.stop()


def prompt_conversation(model: ModelStub, **agent: Any) -> Conversation:
    conversation = make_conversation(
        agent={"questions": [{"field": "email", "ask": "What is your e-mail?"}], **agent}
    )
    endpoint = ModelEndpoint.objects.create(
        location=conversation.location,
        name="Stub",
        base_url=model.url,
        api_key="sk-secret-123",
        model="stub-1",
    )
    conversation.brief["agent"] |= {"brain": "prompt", "endpoint_id": endpoint.pk}
    conversation.brain = "prompt"
    conversation.save()
    return conversation


class Carrier:
    """The carrier's end of one session. Waits for frames, never for time."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []

    async def send(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def setup(self, greeting: str = "opening") -> None:
        await self.send(
            type="setup",
            sessionId="VX1",
            callSid="CA1",
            customParameters={"greeting": greeting},
            direction="outbound-api",
        )

    async def say(self, text: str, lang: str = "en") -> None:
        await self.send(type="prompt", voicePrompt=text, lang=lang, last=True)

    async def frame(self) -> dict[str, Any]:
        async with asyncio.timeout(DONE_WITHIN):
            frame = json.loads(await self.socket.recv())
        self.frames.append(frame)
        return frame

    async def answer(self) -> str:
        """What the agent says next, whole."""
        text = ""
        while True:
            frame = await self.frame()
            if frame["type"] == "text":
                text += frame["token"]
                if frame.get("last"):
                    return text
            elif frame["type"] == "end":
                raise AssertionError(f"The call ended instead: {frame}")

    async def hear(self, text: str) -> None:
        """Report that these words were spoken to the contact."""
        await self.send(type="info", name="agentSpeaking", value="on")
        await self.send(type="info", name="tokensPlayed", value=text)
        await self.send(type="info", name="agentSpeaking", value="off")

    async def end(self) -> dict[str, Any]:
        """The end frame's handoff data; what is said before it is skipped."""
        while True:
            frame = await self.frame()
            if frame["type"] == "end":
                return json.loads(frame["handoffData"])

    async def ask(self, text: str, lang: str = "en") -> str:
        await self.say(text, lang)
        return await self.answer()


@contextlib.asynccontextmanager
async def session(
    conversation: Conversation, signature: str, greeting: str = "opening"
) -> AsyncIterator[Carrier]:
    async with connect(
        relay_url(conversation.token),
        additional_headers={"X-Twilio-Signature": signature},
        proxy=None,
        compression=None,
    ) as socket:
        carrier = Carrier(socket)
        await carrier.setup(greeting)
        yield carrier


def run(work: Any) -> Any:
    """Run a coroutine on an event loop of its own, from a test that also uses the ORM."""
    return asyncio.run(work)


def stored(conversation: Conversation) -> Conversation:
    """The conversation as it is stored, once everything said so far has been written."""
    assert recorder.settle(DONE_WITHIN)
    return Conversation.objects.get(pk=conversation.pk)


def over(conversation: Conversation) -> Conversation:
    """The conversation as it is stored when it has ended."""
    deadline = time.monotonic() + DONE_WITHIN
    while (found := stored(conversation)).ended_at is None:
        assert time.monotonic() < deadline, "the conversation never ended"
        time.sleep(0.01)
    return found
