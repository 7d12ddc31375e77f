"""The ASGI program: REST for the product, the control API for tests, one page for a person.

Run it with ``python -m sandbox`` (or ``uvicorn sandbox.app:app``). It answers on loopback only.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import control
from sandbox.carrier import Carrier, Settings
from sandbox.page import render
from sandbox.rest.routes import routes
from sandbox.webhooks import is_loopback


class LoopbackOnly:
    """Refuse what does not come from and go to this machine, by address and by name.

    The name matters too: a page from anywhere could reach 127.0.0.1 through a host name of its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # The server's own connection, for faults that cut it; uvicorn hands out a bound method.
            scope["sandbox.transport"] = getattr(getattr(send, "__self__", None), "transport", None)
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
            name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
            addresses = [scope[end][0] for end in ("client", "server") if scope.get(end)]
            if not all(map(is_loopback, [*addresses, name.strip("[]")])):
                refusal = PlainTextResponse(
                    "The sandbox carrier answers on this machine only (127.0.0.1).\n", 403
                )
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def index(request: Request) -> HTMLResponse:
    return HTMLResponse(
        render(request.app.state.carrier),
        headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"},
    )


def create_app(settings: Settings | None = None) -> ASGIApp:
    """The program, with the settings of the environment unless others are given."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        carrier = Carrier(settings or Settings.from_env())
        app.state.carrier = carrier
        await carrier.start()
        try:
            yield
        finally:
            await carrier.stop()

    return LoopbackOnly(Starlette(routes=[Route("/", index), control.mount(), *routes()], lifespan=lifespan))


app = create_app()
