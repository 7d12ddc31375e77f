"""A local OpenAI-compatible model whose behaviour a test writes: it streams, stalls, breaks, or calls tools."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

Reply = Callable[["Stream", dict[str, Any]], Awaitable[None]]


class Stream:
    """One streamed reply."""

    def __init__(self, response: web.StreamResponse) -> None:
        self.response = response

    async def event(self, delta: dict[str, Any], finish: str | None = None) -> None:
        await self.raw(json.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}))

    async def raw(self, data: str) -> None:
        await self.response.write(f"data: {data}\n\n".encode())

    async def text(self, *tokens: str) -> None:
        for token in tokens:
            await self.event({"content": token})

    async def tool(self, name: str, **arguments: Any) -> None:
        """A tool call whose arguments come in two fragments, as real models send them."""
        given = json.dumps(arguments)
        half = len(given) // 2
        await self.event(
            {
                "tool_calls": [
                    {"index": 0, "id": "call_1", "function": {"name": name, "arguments": given[:half]}}
                ]
            }
        )
        await self.event({"tool_calls": [{"index": 0, "function": {"arguments": given[half:]}}]})

    async def done(self, reason: str = "stop") -> None:
        await self.event({}, reason)
        await self.raw("[DONE]")


class ModelStub:
    """Serves on an event loop of its own. `replies` are used in order, the last one again and again."""

    def __init__(self) -> None:
        self.replies: list[Reply | int] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.closed = threading.Event()  # a client went away in the middle of a stream
        self.open = self.most_open = 0  # streams that go on, now and at most
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.port = 0
        # Of the requests in their order: who asked, by the port of the connection.
        self.connections: list[tuple[str, int]] = []
        self.asked = threading.Event()  # which models there are

    async def _serve(self) -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_get("/v1/models", self._models)
        self.runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.port = self.runner.addresses[0][1]

    def _note(self, request: web.Request) -> None:
        assert request.transport is not None
        self.connections.append((request.path, request.transport.get_extra_info("peername")[1]))

    async def _models(self, request: web.Request) -> web.Response:
        self._note(request)
        self.asked.set()
        return web.json_response({"object": "list", "data": [{"id": "stub-1", "object": "model"}]})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        self._note(request)
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        reply = self.replies[min(len(self.requests), len(self.replies)) - 1]
        if isinstance(reply, int):
            return web.Response(status=reply, text="broken")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await reply(Stream(response), body)
        except (asyncio.CancelledError, ConnectionError):
            self.closed.set()
            raise
        finally:
            self.open -= 1
        return response

    def none_open(self, within: float = 10.0) -> bool:
        """Whether every stream came to its end; waits for the news of closed connections."""
        deadline = time.monotonic() + within
        while self.open and time.monotonic() < deadline:
            time.sleep(0.01)
        return not self.open

    def start(self) -> None:
        self.thread.start()
        asyncio.run_coroutine_threadsafe(self._serve(), self.loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self.runner.cleanup(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


def says(*tokens: str) -> Reply:
    async def reply(stream: Stream, body: dict[str, Any]) -> None:
        await stream.text(*tokens)
        await stream.done()

    return reply


def calls(name: str, *, before: tuple[str, ...] = (), **arguments: Any) -> Reply:
    async def reply(stream: Stream, body: dict[str, Any]) -> None:
        await stream.text(*before)
        await stream.tool(name, **arguments)
        await stream.done("tool_calls")

    return reply


async def hang(stream: Stream, body: dict[str, Any]) -> None:
    await asyncio.Event().wait()


def talks_then_hangs(*tokens: str) -> Reply:
    async def reply(stream: Stream, body: dict[str, Any]) -> None:
        await stream.text(*tokens)
        await hang(stream, body)

    return reply


def sends(*raw: str) -> Reply:
    async def reply(stream: Stream, body: dict[str, Any]) -> None:
        for data in raw:
            await stream.raw(data)

    return reply
