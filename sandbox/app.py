"""The ASGI program: REST for the product, the control API for tests, one page for a person.

Run it with ``python -m sandbox`` (or ``uvicorn sandbox.app:app``). It answers on loopback only.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import control
from sandbox.carrier import Carrier, Settings
from sandbox.numbering import is_e164, normalise
from sandbox.page import render, render_text_form
from sandbox.rest.messages import BODY_LIMIT
from sandbox.rest.routes import routes
from sandbox.texts import text_in
from sandbox.webhooks import is_loopback

FORM_LIMIT = 64 * 1024


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


def _html(page: str, status: int = 200) -> HTMLResponse:
    policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    return HTMLResponse(page, status, headers={"Content-Security-Policy": policy})


async def index(request: Request) -> HTMLResponse:
    return _html(render(request.app.state.carrier))


async def text(request: Request) -> Response:
    """A person texts one of the numbers. Only our own page may send the form: any other could make opt-outs."""
    carrier: Carrier = request.app.state.carrier
    if request.method != "POST":
        return _html(render_text_form(carrier))
    if request.headers.get("origin", "").partition("://")[2] != request.headers.get("host"):
        return PlainTextResponse("Send this form from its own page, /text.\n", 403)
    typed = dict(
        parse_qsl((await request.body())[:FORM_LIMIT].decode(errors="replace"), keep_blank_values=True)
    )
    sender, number = normalise(typed.get("from", "")), carrier.store.numbers.get(typed.get("to", ""))
    wrong = ""
    if not is_e164(sender):
        wrong = "From must be a phone number with its country, such as +13035550142."
    elif number is None:
        wrong = "Choose one of the numbers."
    elif len(typed.get("body", "")) > BODY_LIMIT:
        wrong = f"A text has at most {BODY_LIMIT} characters."
    if wrong or number is None:
        return _html(render_text_form(carrier, wrong, typed), 422)
    text_in(carrier, number, sender, typed.get("body", ""))
    return RedirectResponse("/", 303)


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

    return LoopbackOnly(
        Starlette(
            routes=[
                Route("/", index),
                Route("/text", text, methods=["GET", "POST"]),
                control.mount(),
                *routes(),
            ],
            lifespan=lifespan,
        )
    )


app = create_app()
