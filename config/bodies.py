"""How much of a request is read, and for how long, before anybody knows who sent it.

Django under ASGI reads a whole body, onto the disk when it is large, before it looks for the view; a stranger could so
fill the disk of every process. Here a request is refused before that: by its declared length without reading a byte,
and while it is read when it says nothing of its length, stops coming or only drips. Under WSGI Django reads no more
than was declared, and nothing before somebody asks for it: there the declared length is enough.
"""

import asyncio
import re
from typing import Any

from django.conf import settings

from compliance import donotcall_views, list_forms
from contacts import forms
from telephony.signatures import REFUSED
from telephony.webhooks import MAX_BODY as MAX_WEBHOOK

# A form with all its fields; Django itself refuses one of more than settings.DATA_UPLOAD_MAX_MEMORY_SIZE.
MAX_FORM = 3 * 1024 * 1024
# What the multipart form around an uploaded list may add to it.
AROUND_UPLOAD = 1024 * 1024
WEBHOOKS = "/voice/"
TEXT = "text/plain; charset=utf-8"
# Where somebody who is signed in may bring a file, and how large it may be.
UPLOADS = (
    (re.compile(r"/l/[-\w]+/contacts/imports/new/"), forms.MAX_UPLOAD),
    (re.compile(r"/l/[-\w]+/compliance/do-not-call/lists/add/"), donotcall_views.MAX_LIST),
    (re.compile(r"/l/[-\w]+/compliance/lists/[-\w]+/"), list_forms.MAX_LIST),
)
# Seconds from one piece of a body to the next; the carrier sends all of its few hundred bytes at once.
PATIENCE = 30.0
PATIENCE_WEBHOOK = 10.0
# Bytes a second on the whole, after the first patience: one byte now and then keeps no connection.
SLOWEST = 1024


def _declared(headers: dict[bytes, bytes]) -> int | None:
    """The length of the body: 0 for none, None when it is sent in chunks of which nobody knows how many."""
    if b"transfer-encoding" in headers:
        return None
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else None


def _most(path: str, cookies: str) -> int:
    """The most bytes that a request to this path may bring."""
    if path.startswith(WEBHOOKS):
        return MAX_WEBHOOK
    if settings.SESSION_COOKIE_NAME in cookies:
        for place, most in UPLOADS:
            if place.fullmatch(path):
                return most + AROUND_UPLOAD
    return MAX_FORM


def _too_large(path: str, most: int) -> bytes:
    """What a person reads whose form or file was not taken; a machine needs no words."""
    if path.startswith(WEBHOOKS):
        return b""
    limit = (most - AROUND_UPLOAD) // 1_000_000
    return (
        f"This is larger than the {limit} MB that can be taken here. Nothing of it was kept and nothing was changed. "
        "Go back, and send a smaller file or less text."
    ).encode()


def declared_only(application: Any) -> Any:
    """Wraps the WSGI application of the pages and webhooks; a length that is none is Django's to judge."""

    def limited(environ: dict[str, Any], start_response: Any) -> Any:
        length, path = environ.get("CONTENT_LENGTH") or "0", environ["PATH_INFO"]
        most = _most(path, environ.get("HTTP_COOKIE", ""))
        if length.isdigit() and int(length) > most:
            if path.startswith(WEBHOOKS):
                REFUSED.labels("size").inc()
            body = _too_large(path, most)
            headers = [("Content-Type", TEXT), ("Content-Length", str(len(body))), ("Connection", "close")]
            start_response("413 Content Too Large", headers)
            return [body]
        return application(environ, start_response)

    return limited


class Bodies:
    """Wraps the ASGI application of the pages and webhooks."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        headers = dict(scope["headers"])
        webhook = scope["path"].startswith(WEBHOOKS)
        most = _most(scope["path"], headers.get(b"cookie", b"").decode("latin1"))
        declared = _declared(headers)
        if (declared is None and webhook) or (declared or 0) > most:
            await self._refuse(send, 413, webhook, _too_large(scope["path"], most))
            return
        left, whole, answered = most, False, False
        patience = PATIENCE_WEBHOOK if webhook else PATIENCE
        clock = asyncio.get_running_loop().time
        begun = clock()

        async def counted() -> Any:
            nonlocal left, whole, answered
            if whole:
                return await receive()
            at_this_rate = begun + patience + (most - left) / SLOWEST
            try:
                async with asyncio.timeout_at(min(clock() + patience, at_this_rate)):
                    message = await receive()
            except TimeoutError:
                answered = True
                await self._refuse(send, 408, webhook)
                return {"type": "http.disconnect"}
            whole = not message.get("more_body", False)
            left -= len(message.get("body", b""))
            if left < 0:
                answered = True
                await self._refuse(send, 413, webhook, _too_large(scope["path"], most))
                return {"type": "http.disconnect"}
            return message

        async def unless_answered(message: Any) -> None:
            if not answered:
                await send(message)

        await self.application(scope, counted, unless_answered)

    @staticmethod
    async def _refuse(send: Any, status: int, webhook: bool, body: bytes = b"") -> None:
        if webhook:
            REFUSED.labels("size" if status == 413 else "slow").inc()
        headers = [
            (b"content-type", TEXT.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
