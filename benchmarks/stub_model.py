"""A model that answers at once, as fast as a loop allows, and says how long it held the request.

    python -m benchmarks.stub_model PORT

OpenAI's streaming protocol over bare asyncio. The first token is "<microseconds held> us, ", so that a client can take
the stub's own time off. Asked to speak at length it says "on " every 20 ms until the client closes; GET /closed names
the instants (the machine's monotonic clock) at which clients did.
"""

import asyncio
import json
import sys
import time

THINKS_SECONDS = 0.05
TOKENS = 12
AT_LENGTH = "Speak at length"
closed: list[float] = []


def _event(text: str) -> bytes:
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]}).encode() + b"\n\n"


def _chunk(text: str) -> bytes:
    data = _event(text)
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def _speak_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until the client closes; nothing else comes from it."""
    gone = asyncio.ensure_future(reader.read())
    while not gone.done():
        writer.write(_chunk("on "))
        await asyncio.wait({gone}, timeout=0.02)
    gone.exception()  # a reset is an end, too
    closed.append(time.perf_counter())
    writer.close()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            started = time.perf_counter()
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            asked = await reader.readexactly(int(length or 0))
            if head.startswith(b"GET /closed"):
                told = json.dumps(closed).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(told) + told)
                continue
            await asyncio.sleep(THINKS_SECONDS)
            pieces = [f"{int((time.perf_counter() - started) * 1e6)} us, ", *(["word "] * TOKENS)]
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            # The newest thing said is the last of the messages.
            if AT_LENGTH.encode() in asked[asked.rfind(b'"role"') :]:
                await _speak_on(reader, writer)
                return
            for piece in pieces:
                writer.write(_chunk(piece))
                await writer.drain()
            writer.write(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", int(sys.argv[1]), backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
