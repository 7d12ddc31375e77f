"""How much of a request is read, and for how long, before anybody knows who sent it.

Django under ASGI reads a whole body, onto the disk when it is large, before it looks for the view; a stranger could so
fill the disk of every process. Here a request is refused before that: by its declared length without reading a byte,
and while it is read when it says nothing of its length, stops coming or only drips. What a stranger may send fits in
memory. Before more is read, the sender is looked up, and few such bodies are read at once. Under WSGI Django reads no
more than was declared, and nothing before somebody asks for it: there the declared length is enough.
"""

import asyncio
import re
import threading
from http import HTTPStatus
from typing import Any, NamedTuple

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections

from accounts.access import writer_of
from accounts.files import no_room
from compliance import donotcall_views, list_forms
from contacts import forms
from telephony.signatures import REFUSED
from telephony.webhooks import MAX_BODY as MAX_WEBHOOK

# A form with all its fields. Django refuses one with more text, and moves what is larger from memory to the disk.
MAX_FORM = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
# What the multipart form around an uploaded list may add to it.
AROUND_UPLOAD = 1024 * 1024
WEBHOOKS = "/voice/"
TEXT = "text/plain; charset=utf-8"
# Where a member of the location may bring a file, and how large it may be.
UPLOADS = (
    (re.compile(r"/l/([-\w]+)/contacts/imports/new/"), forms.MAX_UPLOAD),
    (re.compile(r"/l/([-\w]+)/compliance/do-not-call/lists/add/"), donotcall_views.MAX_LIST),
    (re.compile(r"/l/([-\w]+)/compliance/lists/[-\w]+/"), list_forms.MAX_LIST),
)
# Larger bodies than MAX_FORM that a process reads at once, and those of one person among them.
AT_ONCE = 6
AT_ONCE_OF_ONE = 2
# Seconds from one piece of a body to the next; the carrier sends all of its few hundred bytes at once.
PATIENCE = 30.0
PATIENCE_WEBHOOK = 10.0
# Bytes a second on the whole, after the first patience: one byte now and then keeps no connection, and no place among
# the few large ones.
SLOWEST = 1024
SLOWEST_LARGE = 32 * 1024

TOO_LARGE = (
    "This is larger than the {limit:.0f} MB that can be taken here. Nothing of it was kept and nothing was changed. "
    "Go back, and send a smaller file or less text."
)
WHOSE = (
    "A file this large is taken only from members of the location who are signed in and may change something there. "
    "Nothing of it was kept and nothing was changed. Sign in again, and send it once more."
)
TOO_MANY = (
    "Other large files are being received at this moment, so this one was not taken. Nothing of it was kept and "
    "nothing was changed. Go back, and send it again in a few minutes."
)
STOPPED = (
    "This stopped coming or came too slowly, so it was given up. Nothing of it was kept and nothing was changed. "
    "Go back, and send it again over a better connection."
)


class Refused(NamedTuple):
    """Why a body is not read: the status, and what a person reads whose form or file it was."""

    status: int
    words: str


def _declared(headers: dict[bytes, bytes]) -> int | None:
    """The length of the body: 0 for none, None when it is sent in chunks of which nobody knows how many."""
    if b"transfer-encoding" in headers:
        return None
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else None


def _most(path: str, declared: int | None) -> int:
    """The most bytes that this request may bring. Over MAX_FORM: when a `_sender` is known."""
    if path.startswith(WEBHOOKS):
        return MAX_WEBHOOK
    if (declared or 0) > MAX_FORM:
        for place, most in UPLOADS:
            if place.fullmatch(path):
                return most + AROUND_UPLOAD
    return MAX_FORM


def _too_large(path: str, most: int) -> Refused:
    limit = most if most == MAX_FORM else most - AROUND_UPLOAD
    return Refused(413, "" if path.startswith(WEBHOOKS) else TOO_LARGE.format(limit=limit / 1_000_000))


def _sender(path: str, cookies: str) -> int | None:
    """The user who may bring a large file to one of the UPLOADS, by the Cookie header; three queries."""
    code = next(found[1] for place, _ in UPLOADS if (found := place.fullmatch(path)))
    # Around Django's own requests nobody else looks after connections.
    close_old_connections()
    try:
        member = writer_of(cookies, code)
    finally:
        close_old_connections()
    return member.user_id if member else None


class Large:
    """The large bodies that this process reads at this moment, by their senders."""

    def __init__(self) -> None:
        self.senders: list[int | None] = []
        self._lock = threading.Lock()

    def begin(self, sender: int | None) -> Refused | None:
        """One more, until `end`; or why not."""
        if sender is None:
            return Refused(413, WHOSE)
        with self._lock:
            if len(self.senders) >= AT_ONCE or self.senders.count(sender) >= AT_ONCE_OF_ONE:
                return Refused(503, TOO_MANY)
            self.senders.append(sender)
        return None

    def end(self, sender: int | None) -> None:
        with self._lock:
            self.senders.remove(sender)


large = Large()


def declared_only(application: Any) -> Any:
    """Wraps the WSGI application of the pages and webhooks; a length that is none is Django's to judge."""

    def limited(environ: dict[str, Any], start_response: Any) -> Any:
        length, path = environ.get("CONTENT_LENGTH") or "0", environ["PATH_INFO"]
        declared = int(length) if length.isdigit() else 0
        most = _most(path, declared)
        if declared > most:
            return refuse(start_response, path, _too_large(path, most))
        if most <= MAX_FORM:
            return application(environ, start_response)
        sender = _sender(path, environ.get("HTTP_COOKIE", ""))
        if refused := large.begin(sender):
            return refuse(start_response, path, refused)
        try:
            # The file is stored, or not, when the view returns.
            return application(environ, start_response)
        finally:
            large.end(sender)

    def refuse(start_response: Any, path: str, refused: Refused) -> list[bytes]:
        if path.startswith(WEBHOOKS):
            REFUSED.labels("size").inc()
        body = refused.words.encode()
        headers = [("Content-Type", TEXT), ("Content-Length", str(len(body))), ("Connection", "close")]
        start_response(f"{refused.status} {HTTPStatus(refused.status).phrase}", headers)
        return [body]

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
        path, declared = scope["path"], _declared(headers)
        webhook = path.startswith(WEBHOOKS)
        most = _most(path, declared)
        if (declared is None and webhook) or (declared or 0) > most:
            await self._refuse(send, _too_large(path, most), webhook)
            return
        if most <= MAX_FORM:
            await self._read(scope, receive, send, most)
            return
        sender = await sync_to_async(_sender)(path, headers.get(b"cookie", b"").decode("latin1"))
        if refused := large.begin(sender):
            await self._refuse(send, refused, webhook)
            return
        try:
            await self._read(scope, receive, send, most)
        finally:
            large.end(sender)

    async def _read(self, scope: Any, receive: Any, send: Any, most: int) -> None:
        """Hand the request on, as long as its body comes as it should."""
        path = scope["path"]
        webhook = path.startswith(WEBHOOKS)
        left, whole, answered, begun_to_answer = most, False, False, False
        patience = PATIENCE_WEBHOOK if webhook else PATIENCE
        slowest = SLOWEST_LARGE if most > MAX_FORM else SLOWEST
        clock = asyncio.get_running_loop().time
        begun = clock()

        async def refuse(refused: Refused) -> Any:
            nonlocal answered
            answered = True
            await self._refuse(send, refused, webhook)
            return {"type": "http.disconnect"}

        async def counted() -> Any:
            nonlocal left, whole
            if whole:
                return await receive()
            at_this_rate = begun + patience + (most - left) / slowest
            try:
                async with asyncio.timeout_at(min(clock() + patience, at_this_rate)):
                    message = await receive()
            except TimeoutError:
                return await refuse(Refused(408, "" if webhook else STOPPED))
            whole = not message.get("more_body", False)
            left -= len(message.get("body", b""))
            if left < 0:
                return await refuse(_too_large(path, most))
            return message

        async def unless_answered(message: Any) -> None:
            nonlocal begun_to_answer
            if not answered:
                begun_to_answer = True
                await send(message)

        try:
            await self.application(scope, counted, unless_answered)
        except OSError as error:
            # From Django comes only what it met while it wrote the body down; for all later ones it has a page.
            if begun_to_answer:
                raise
            words = no_room(error, path)
        else:
            return
        # Who is still sending reads no answer, so the rest is read and thrown away.
        while not (whole or answered):
            await counted()
        if not answered:
            await refuse(Refused(507, words))

    @staticmethod
    async def _refuse(send: Any, refused: Refused, webhook: bool) -> None:
        if webhook:
            REFUSED.labels("size" if refused.status == 413 else "slow").inc()
        body = refused.words.encode()
        headers = [
            (b"content-type", TEXT.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": refused.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
