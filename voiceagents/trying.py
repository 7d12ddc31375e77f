"""Asking a model for one short answer, to see whether it can be used."""

import asyncio
import time

from voiceagents.brains.endpoints import ModelFailedError, close_session, stream
from voiceagents.models import ModelEndpoint

PATIENCE = 5.0  # seconds
BODY = {"messages": [{"role": "user", "content": "Answer with the one word: ready"}], "max_tokens": 20}


def ask(endpoint: ModelEndpoint) -> tuple[str, float]:
    """(what it answered, seconds to its first word). Blocks up to PATIENCE. Raises ModelFailedError or ValueError.

    Through the client that calls use, so that the same addresses are refused; in a loop of its own, because a page's
    thread has none.
    """

    async def answer() -> tuple[str, float]:
        began, first, text = time.monotonic(), 0.0, ""
        by = asyncio.get_running_loop().time() + PATIENCE
        try:
            async with asyncio.timeout_at(by):
                async for delta in stream(
                    endpoint.base_url,
                    endpoint.api_key,
                    {"model": endpoint.model, **BODY},
                    first_by=by,
                    stall=PATIENCE,
                ):
                    first = first or time.monotonic() - began
                    text += delta.text
        except TimeoutError:
            raise ModelFailedError("the model did not answer in time") from None
        finally:
            await close_session()
        return text.strip()[:200], first

    return asyncio.run(answer())
