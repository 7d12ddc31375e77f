"""Answers that go out piece by piece: server-sent events and files. Under ASGI they are asynchronous iterators, because
Django gathers a synchronous one whole before it sends the first byte."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from accounts.access import LocationRequest, still_stands

# The browser connects again after this, to whichever process then answers.
STREAM_SECONDS = 300
EVERY_SECONDS = 1.0
SILENCE_SECONDS = 15


def streamed(request: HttpRequest, pieces: Iterable[Any], **kwargs: Any) -> StreamingHttpResponse:
    """A response of the pieces, made one by one while they are sent."""
    if not isinstance(request, ASGIRequest):
        return StreamingHttpResponse(pieces, **kwargs)
    iterator = iter(pieces)
    following = sync_to_async(lambda: next(iterator, None))

    async def sent() -> AsyncIterator[Any]:
        while (piece := await following()) is not None:
            yield piece

    return StreamingHttpResponse(sent(), **kwargs)


def streamed_csv(
    request: HttpRequest, name: str, chunks: Iterable[Iterable[Iterable[Any]]]
) -> StreamingHttpResponse:
    """The rows of each chunk as a CSV file of that name, marked as UTF-8. Cells come guarded (contacts.cells)."""

    def pieces() -> Iterator[str]:
        yield "\ufeff"
        for rows in chunks:
            buffer = io.StringIO()
            csv.writer(buffer).writerows(rows)
            yield buffer.getvalue()

    return streamed(
        request,
        pieces(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def file_download(
    request: HttpRequest, file: FieldFile, *, name: str, content_type: str
) -> StreamingHttpResponse:
    """A stored file as an attachment, in pieces of 64 kB."""
    disposition = content_disposition_header(True, name)
    return streamed(
        request,
        file.open("rb").chunks(64 * 1024),
        content_type=content_type,
        headers={"Content-Disposition": disposition or "attachment", "Content-Length": str(file.size)},
    )


def events(request: LocationRequest, name: str, render: Callable[[], str]) -> HttpResponseBase:
    """Server-sent events named `name`: what `render` gives, once now and again whenever it changes. They end with the
    session or the membership that let the watcher in.

    Where requests are not asynchronous there is no stream (204), and live.js polls.
    """
    if not isinstance(request, ASGIRequest):
        return HttpResponse(status=204)

    def once() -> str | None:
        try:
            return render() if still_stands(request) else None
        finally:
            # A watcher must not keep a connection of the pool between two looks.
            connections.close_all()

    async def sent() -> AsyncIterator[str]:
        last, silent = None, 0.0
        for _ in range(int(STREAM_SECONDS / EVERY_SECONDS)):
            html = await sync_to_async(once)()
            if html is None:
                return
            if html != last:
                last, silent = html, 0.0
                data = "".join(f"data: {line}\n" for line in html.splitlines())
                yield f"event: {name}\n{data}\n"
            elif silent >= SILENCE_SECONDS:
                silent = 0.0
                yield ": still here\n\n"
            await asyncio.sleep(EVERY_SECONDS)
            silent += EVERY_SECONDS

    return StreamingHttpResponse(
        sent(),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )
