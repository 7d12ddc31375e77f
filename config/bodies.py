"""How much of a request is read, and for how long, before anybody knows who sent it.

Django under ASGI reads a whole body, onto the disk when it is large, before it looks for the view; a stranger could so
fill the disk of every process. Here a request is refused before that: by its declared length without reading a byte,
and while it is read when it says nothing of its length or stops coming.
"""

import asyncio
import re
from typing import Any

from django.conf import settings

from contacts.forms import MAX_UPLOAD
from telephony.signatures import REFUSED
from telephony.webhooks import MAX_BODY as MAX_WEBHOOK

# A form with all its fields; Django itself refuses one of more than settings.DATA_UPLOAD_MAX_MEMORY_SIZE.
MAX_FORM = 3 * 1024 * 1024
# What the multipart form around an uploaded list may add to it.
AROUND_UPLOAD = 1024 * 1024
UPLOAD = re.compile(r"/l/[-\w]+/contacts/imports/new/")
# Seconds from one piece of a body to the next; the carrier sends all of its few hundred bytes at once.
PATIENCE = 30.0
PATIENCE_WEBHOOK = 10.0


def _declared(headers: dict[bytes, bytes]) -> int | None:
    """The length of the body: 0 for none, None when it is sent in chunks of which nobody knows how many."""
    if b"transfer-encoding" in headers:
        return None
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else None


class Bodies:
    """Wraps the ASGI application of the pages and webhooks."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        headers = dict(scope["headers"])
        webhook = scope["path"].startswith("/voice/")
        most = MAX_WEBHOOK if webhook else MAX_FORM
        if UPLOAD.fullmatch(scope["path"]) and settings.SESSION_COOKIE_NAME.encode() in headers.get(
            b"cookie", b""
        ):
            most = MAX_UPLOAD + AROUND_UPLOAD
        declared = _declared(headers)
        if (declared is None and webhook) or (declared or 0) > most:
            await self._refuse(send, 413, webhook)
            return
        left, whole, answered = most, False, False
        patience = PATIENCE_WEBHOOK if webhook else PATIENCE

        async def counted() -> Any:
            nonlocal left, whole, answered
            if whole:
                return await receive()
            try:
                async with asyncio.timeout(patience):
                    message = await receive()
            except TimeoutError:
                answered = True
                await self._refuse(send, 408, webhook)
                return {"type": "http.disconnect"}
            whole = not message.get("more_body", False)
            left -= len(message.get("body", b""))
            if left < 0:
                answered = True
                await self._refuse(send, 413, webhook)
                return {"type": "http.disconnect"}
            return message

        async def unless_answered(message: Any) -> None:
            if not answered:
                await send(message)

        await self.application(scope, counted, unless_answered)

    @staticmethod
    async def _refuse(send: Any, status: int, webhook: bool) -> None:
        if webhook:
            REFUSED.labels("size" if status == 413 else "slow").inc()
        headers = [(b"content-length", b"0"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body"})
