"""The real carrier in a process of its own, and a small product for it to talk to."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

ROOT = Path(__file__).resolve().parents[2]
SID = "AC" + "5a" * 16
TOKEN = "sandbox-auth-token"
OURS = "+13035550199"
PATIENCE = 60.0  # seconds until a test gives up waiting


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.once)


class ToSandbox(TwilioHttpClient):
    """The official SDK's client with the base address changed."""

    def __init__(self, base: str, timeout: float = 10) -> None:
        super().__init__(timeout=timeout)
        self.session.trust_env = False
        self.base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        host, _, path = url.removeprefix("https://").partition("/")
        label = host.partition(".")[0]
        return super().request(method, f"{self.base}/{label}/{path}", *args, **kwargs)


class Carrier:
    """A running ``python -m sandbox``."""

    def __init__(self, data: Path, *, speed: float = 40, seed: str = "tests") -> None:
        self.data = data
        self.speed = speed
        self.seed = seed
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--port", "0", "--speed", str(self.speed), "--data", str(self.data),
             "--seed", self.seed],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
            env={key: value for key, value in os.environ.items() if not key.startswith("SANDBOX_")},
        )  # fmt: skip
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert "http://" in line, f"the carrier did not start: {line!r}"
        self.base = line.split()[3].rstrip("/")

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(10)
        assert self.process.stdout
        self.process.stdout.close()
        return code

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)
        assert self.process.stdout
        self.process.stdout.close()

    def control(self, method: str, path: str, **body: Any) -> Any:
        request = urllib.request.Request(
            f"{self.base}/control/{path}", method=method, data=json.dumps(body).encode() if method != "GET" else None,
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def client(self, sid: str = SID, token: str = TOKEN, *, timeout: float = 10) -> Client:
        return Client(sid, token, http_client=ToSandbox(self.base, timeout), environment={"_": ""})

    def log(self, kind: str | None = None) -> list[dict[str, Any]]:
        entries = self.control("GET", "log?limit=10000")["entries"]
        return [entry for entry in entries if kind in (None, entry["kind"])]

    def fault(self, kind: str, **rest: Any) -> Any:
        return self.control("POST", "faults", kind=kind, **rest)

    def wait_for_log(self, found: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            for entry in self.log():
                if found(entry):
                    return entry
            threading.Event().wait(0.05)
        raise AssertionError(f"not in the log: {[(e['kind'], e.get('status')) for e in self.log()]}")


class Request:
    def __init__(self, path: str, form: list[tuple[str, str]], valid: bool) -> None:
        self.path = path
        self.form = dict(form)
        self.valid = valid

    def __repr__(self) -> str:
        return f"{self.path} {self.form.get('CallStatus', '')} {self.form.get('SequenceNumber', '')}"


class Socket:
    """One relay session as the product saw it."""

    def __init__(self, ws: web.WebSocketResponse, valid: bool) -> None:
        self.ws = ws
        self.valid = valid
        self.frames: list[dict[str, Any]] = []
        self.close_code: int | None = None

    @property
    def prompts(self) -> list[str]:
        return [f["voicePrompt"] for f in self.frames if f["type"] == "prompt" and f["last"]]

    async def say(self, text: str, **more: Any) -> None:
        await self.ws.send_json({"type": "text", "token": text, "last": True, **more})


async def guided(socket: Socket, frame: dict[str, Any]) -> None:
    """A small polite agent: opens, asks for a day and a name, confirms, says goodbye, ends."""
    if frame["type"] != "prompt" or not frame["last"]:
        if frame["type"] == "setup":
            await socket.say(
                "Hello, this is Ava, an AI assistant of Acme. Say stop to opt out. Is now a good time?"
            )
        return
    lines = [
        "Would you like to book an appointment?",
        "Which day and time suit you?",
        "May I have your name, please?",
        "What is the best phone number to reach you?",
        "So I have noted that. Is that correct?",
        "Thank you, goodbye.",
    ]
    turn = len(socket.prompts) - 1
    if turn < len(lines):
        await socket.say(lines[turn])
    else:
        await socket.ws.send_json({"type": "end", "handoffData": json.dumps({"reason": "done"})})


class Product:
    """The other end of the line: TwiML by path, a relay socket, and a record of everything that came."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}
        self.agent: Callable[[Socket, dict[str, Any]], Any] = guided
        self.requests: list[Request] = []
        self.sockets: list[Socket] = []
        self.news = threading.Condition()
        self.validator = RequestValidator(TOKEN)
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        assert self.ready.wait(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        app = web.Application()
        app.router.add_get("/relay", self._relay)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        self.loop.run_until_complete(self.runner.setup())
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.loop.run_until_complete(web.SockSite(self.runner, listener).start())
        self.ready.set()
        self.loop.run_forever()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self.runner.cleanup(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    def reset(self) -> None:
        with self.news:
            self.documents = {}
            self.agent = guided
            self.requests = []
            self.sockets = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def relay(self, attributes: str = "", inside: str = "", action: str = "/ended") -> str:
        connect = f'<Connect action="{action}">' if action else "<Connect>"
        return (
            f'<Response>{connect}<ConversationRelay url="ws://127.0.0.1:{self.port}/relay" {attributes}>'
            f"{inside}</ConversationRelay></Connect></Response>"
        )

    async def _answer(self, request: web.Request) -> web.Response:
        form = [(key, str(value)) for key, value in (await request.post()).items()]
        url = self.url(request.raw_path)
        valid = self.validator.validate(url, dict(form), request.headers.get("X-Twilio-Signature", ""))
        with self.news:
            self.requests.append(Request(request.path_qs, form, valid))
            self.news.notify_all()
        document = self.documents.get(request.path, "")
        if callable(document):
            document = document(dict(form))
        if isinstance(document, web.Response):
            return document
        if isinstance(document, int):
            return web.Response(status=document)
        return web.Response(text=document, content_type="text/xml")

    async def _relay(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        url = f"ws://127.0.0.1:{self.port}{request.raw_path}"
        found = Socket(ws, self.validator.validate(url, {}, request.headers.get("X-Twilio-Signature", "")))
        with self.news:
            self.sockets.append(found)
        async for message in ws:
            if message.type != WSMsgType.TEXT:
                continue
            frame = json.loads(message.data)
            with self.news:
                found.frames.append(frame)
                self.news.notify_all()
            await self.agent(found, frame)
        with self.news:
            found.close_code = ws.close_code
            self.news.notify_all()
        return ws

    def wait(self, found: Callable[[], Any]) -> Any:
        """What ``found`` returns as soon as it is true."""
        with self.news:
            result = self.news.wait_for(found, PATIENCE)
            assert result, f"waited in vain; came: {self.requests}"
            return result

    def wait_request(self, path: str, **fields: str) -> Request:
        return self.wait(
            lambda: next(
                (
                    r
                    for r in self.requests
                    if r.path == path and all(r.form.get(key) == value for key, value in fields.items())
                ),
                None,
            )
        )

    def statuses(self) -> list[str]:
        """The status callbacks so far, by sequence number."""
        found = sorted(
            (r for r in self.requests if r.path == "/status"), key=lambda r: int(r.form["SequenceNumber"])
        )
        return [r.form["CallStatus"] for r in found]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    carrier = Carrier(tmp_path_factory.mktemp("carrier"))
    yield carrier
    carrier.stop()


@pytest.fixture
def carrier(running: Carrier) -> Carrier:
    running.control("POST", "reset")
    running.control("POST", "speed", speed=running.speed)
    running.control("POST", "accounts", sid=SID, cps=0)
    running.control("POST", "numbers", number=OURS)
    return running


@pytest.fixture(scope="session")
def listening() -> Iterator[Product]:
    product = Product()
    yield product
    product.close()


@pytest.fixture
def product(listening: Product, carrier: Carrier) -> Product:
    """The product with nothing on its record; the carrier was silenced first, so that no old call speaks to it."""
    listening.reset()
    return listening


@pytest.fixture
def dial(carrier: Carrier, product: Product) -> Callable[..., Any]:
    """Place a call with every status callback on; ``ending`` picks who answers."""

    def place(ending: str = "00", **more: Any) -> Any:
        settings: dict[str, Any] = {
            "status_callback": product.url("/status"),
            "status_callback_event": ["initiated", "ringing", "answered", "completed"],
        }
        if "twiml" not in more:
            settings["url"] = product.url("/voice")
        return carrier.client().calls.create(to=f"+130355501{ending}", from_=OURS, **{**settings, **more})

    return place
