"""The least a conversation server can do: a websocket server that passes a model's tokens on, parsed by hand.

python -m benchmarks.bare_relay PORT MODEL_PORT
"""

import asyncio
import json
import sys
from typing import Any

import websockets

idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []


async def _answer(socket: Any, words: str, model: int) -> None:
    reader, writer = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", model)
    body = json.dumps({"model": "stub", "stream": True, "messages": [{"role": "user", "content": words}]})
    writer.write(
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: stub\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    while True:
        size = int(await reader.readuntil(b"\r\n"), 16)
        chunk = (await reader.readexactly(size + 2))[:-2]
        if not size:
            break
        if not chunk.startswith(b"data: [DONE]"):
            token = json.loads(chunk[6:])["choices"][0]["delta"]["content"]
            await socket.send(json.dumps({"type": "text", "token": token, "last": False}))
    await socket.send(json.dumps({"type": "text", "token": "", "last": True}))
    idle.append((reader, writer))


async def main() -> None:
    port, model = map(int, sys.argv[1:])

    async def talk(socket: Any) -> None:
        async for message in socket:
            frame = json.loads(message)
            if frame["type"] == "prompt":
                await _answer(socket, frame["voicePrompt"], model)

    async with websockets.serve(talk, "127.0.0.1", port, backlog=1024, compression=None):
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main())
