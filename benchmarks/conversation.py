"""What the server adds between a caller's words and the first word of the answer, beside a bare websocket server; and
how soon it falls silent, and answers anew, when the caller interrupts.

    python -m benchmarks.conversation

1, 50 and 200 conversations at once, each a prompt every few seconds, and 200 dense ones: a prompt every two seconds, a
hundred a second in all. The stub model's own time is taken off.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import websockets

from benchmarks.processes import cpu_seconds, megabytes, running, web
from benchmarks.stage import Figure, percentile, postgresql, progress, report, scaled
from benchmarks.stub_model import AT_LENGTH
from tests.postgres import free_port


@dataclass(frozen=True)
class Crowd:
    """count conversations at once, `every` seconds between two prompts of one; targets in ms above the bare server."""

    name: str
    count: int
    every: float
    p50: float = 3
    p99: float = 10


CROWDS = (
    Crowd("1 at once", 1, 0.2),
    Crowd("50 at once", 50, 2.5),
    Crowd("200 dense", 200, 2.0, p50=6, p99=40),
    Crowd("200 at once", 200, 5.0),
)
SECONDS = scaled(12, 6)
INTERRUPTS = scaled(40, 10)
CALLS_A_SECOND = 25  # answered while a crowd gathers
BARGE_IN_SECONDS = 0.015
PUBLIC_URL = "http://127.0.0.1:9"
PAGE_CODE = "k7m2p9abcdef"


@asynccontextmanager
async def call(port: int, token: str, signature: str) -> AsyncIterator[websockets.ClientConnection]:
    """The socket of a conversation, set up."""
    async with websockets.connect(
        f"ws://127.0.0.1:{port}/voice/relay/{token}",
        additional_headers={"X-Twilio-Signature": signature},
        compression=None,
        open_timeout=30,
    ) as socket:
        setup = {"type": "setup", "sessionId": f"VX{token[:30]}", "callSid": f"CA{token[:32]}"}
        await socket.send(json.dumps({**setup, "customParameters": {}}))
        yield socket


def prompt(words: str) -> str:
    return json.dumps({"type": "prompt", "voicePrompt": words, "last": True, "lang": "en-US"})


async def barge_in(
    port: int, model: int, tokens: list[tuple[str, str]]
) -> tuple[list[float], int, list[float]]:
    """A contact who interrupts a long answer and asks anew in the same breath, once a conversation.

    Milliseconds from the interrupt to the new answer; how many words of the old one came after words of the new one, or
    later than that; milliseconds until the model's stream was closed.
    """
    answered, stale, instants = [], 0, []
    for token, signature in tokens:
        async with call(port, token, signature) as socket:
            await socket.send(prompt(f"{AT_LENGTH}, please."))
            heard = ""
            while heard.count("on ") < 10:
                heard += json.loads(await asyncio.wait_for(socket.recv(), 20)).get("token", "")
            asked = time.perf_counter()
            instants.append(asked)
            interrupt = {
                "type": "interrupt",
                "utteranceUntilInterrupt": heard,
                "durationUntilInterruptMs": 200,
            }
            await socket.send(json.dumps(interrupt))
            await socket.send(prompt("What are your opening hours, please?"))
            began = 0.0
            while True:
                frame = json.loads(await asyncio.wait_for(socket.recv(), 20))
                if frame.get("token") == "on ":
                    stale += bool(began) or time.perf_counter() - asked > BARGE_IN_SECONDS
                elif frame.get("token") and not began:
                    began = time.perf_counter()
                    answered.append((began - asked) * 1e3 - int(frame["token"].partition(" ")[0]) / 1e3)
                elif frame.get("last"):
                    break
            await asyncio.sleep(0.1)
    reader, writer = await asyncio.open_connection("127.0.0.1", model)
    writer.write(b"GET /closed HTTP/1.1\r\nHost: stub\r\n\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    closed = json.loads(await reader.readexactly(int(head.rpartition(b": ")[2])))
    writer.close()
    if len(closed) != len(instants):
        raise AssertionError(f"{len(instants)} interrupts closed {len(closed)} streams")
    return answered, stale, [(end - asked) * 1e3 for asked, end in zip(instants, closed, strict=True)]


async def converse(
    port: int, token: str, signature: str, every: float, answered: float, together: asyncio.Barrier
) -> list[float]:
    """Milliseconds that the server added in each turn, between the two instants at which all conversations meet."""
    added = []
    await asyncio.sleep(answered)
    async with call(port, token, signature) as socket:
        await asyncio.sleep(0.3)
        await together.wait()
        until = time.perf_counter() + SECONDS
        await asyncio.sleep(random.random() * every)
        while time.perf_counter() < until:
            asked = time.perf_counter()
            await socket.send(prompt("What are your opening hours, please?"))
            first = 0.0
            while True:
                frame = json.loads(await asyncio.wait_for(socket.recv(), 20))
                if frame["type"] != "text":
                    continue
                if not first and frame["token"]:
                    first = time.perf_counter()
                    held, _, unit = frame["token"].partition(" ")
                    if not unit.startswith("us"):
                        raise AssertionError(f"another voice than the stub's: {frame}")
                    added.append((first - asked) * 1e3 - int(held) / 1e3)
                if frame["last"]:
                    break
            await asyncio.sleep(max(0.0, asked + every * random.uniform(0.8, 1.2) - time.perf_counter()))
        await together.wait()
    return added


async def crowd(
    port: int, pid: int, tokens: list[tuple[str, str]], every: float
) -> tuple[list[float], float]:
    """What each turn took, and the milliseconds of processor that it took, calls' beginnings and ends left out."""
    together = asyncio.Barrier(len(tokens) + 1)
    talks = [
        asyncio.ensure_future(converse(port, *token, every, number / CALLS_A_SECOND, together))
        for number, token in enumerate(tokens)
    ]
    await together.wait()
    before = cpu_seconds(pid)
    await together.wait()
    spent = cpu_seconds(pid) - before
    added = [each for talk in await asyncio.gather(*talks) for each in talk]
    return added, spent / len(added) * 1e3


def conversations(model_port: int, count: int) -> list[tuple[str, str]]:
    """(token, signature) of open conversations, each with an agent that speaks by the stub model."""
    from django.conf import settings
    from twilio.request_validator import RequestValidator

    from accounts.fields import new_token
    from benchmarks import filling
    from contacts.models import Contact
    from telephony.models import CarrierAccount
    from voiceagents.briefs import build
    from voiceagents.models import Agent, Conversation, ModelEndpoint

    settings.PUBLIC_URL = PUBLIC_URL
    (place,) = filling.locations(1)
    filling.calls(1)
    agent, contact = Agent.objects.get(location=place), Contact.objects.get()
    endpoint = ModelEndpoint.objects.create(
        location_id=place,
        name="Stub",
        base_url=f"http://127.0.0.1:{model_port}/v1",
        api_key="k",
        model="stub",
    )
    agent.brain, agent.endpoint = "prompt", endpoint
    agent.save()
    brief = build(
        agent=agent,
        contact=contact,
        contact_type="new",
        zone="America/Denver",
        seller="Bright Smile Dental",
        callback_number="+19701000000",
        page_code=PAGE_CODE,
    )
    made = Conversation.objects.bulk_create(
        Conversation(
            location_id=place, agent=agent, contact=contact, token=new_token(), brief=brief, brain="prompt"
        )
        for _ in range(count)
    )
    validator = RequestValidator(CarrierAccount.objects.get().auth_token)
    relay = PUBLIC_URL.replace("http", "ws")
    return [
        (each.token, validator.compute_signature(f"{relay}/voice/relay/{each.token}", {})) for each in made
    ]


def main() -> None:
    figures = []
    model = free_port()
    with (
        postgresql(),
        running([sys.executable, "-m", "benchmarks.stub_model", str(model)], port=model),
    ):
        tokens = conversations(model, sum(each.count for each in CROWDS) + INTERRUPTS)
        bare_port = free_port()
        bare_command = [sys.executable, "-m", "benchmarks.bare_relay", str(bare_port), str(model)]
        with (
            running(bare_command, port=bare_port) as bare,
            web("config.asgi:application", PUBLIC_URL=PUBLIC_URL, MODEL_HOSTS_ALLOWED="127.0.0.1") as (
                port,
                pid,
            ),
        ):
            for each in CROWDS:
                progress(f"conversations, {each.name}")
                part, tokens = tokens[: each.count], tokens[each.count :]
                if each.count == 1:
                    asyncio.run(crowd(bare_port, bare.pid, part, each.every))
                limit, bare_cpu = asyncio.run(crowd(bare_port, bare.pid, part, each.every))
                added, cpu = asyncio.run(crowd(port, pid, part, each.every))
                p50 = percentile(added, 0.5) - percentile(limit, 0.5)
                p99 = percentile(added, 0.99) - percentile(limit, 0.99)
                figures.append(
                    Figure(
                        f"prompt to first token, {each.name}, p50 / p99",
                        f"{percentile(added, 0.5):.1f} / {percentile(added, 0.99):.1f} ms",
                        f"bare {percentile(limit, 0.5):.1f} / {percentile(limit, 0.99):.1f} ms "
                        f"({p50:+.1f} / {p99:+.1f})",
                        f"p50 ≤ {each.p50}, p99 ≤ {each.p99} ms above bare",
                        p50 <= each.p50 and p99 <= each.p99,
                    )
                )
            answered, stale, closed = asyncio.run(barge_in(port, model, tokens))
            figures += [
                Figure(
                    f"barge-in, {INTERRUPTS} times: interrupt to first word of the new answer, p50 / worst",
                    f"{percentile(answered, 0.5):.1f} / {max(answered):.1f} ms",
                    "",
                    "≤ 15 ms",
                    percentile(answered, 0.5) <= 15,
                ),
                Figure("stale words after an interrupt", f"{stale}", "", "none", not stale),
                Figure(
                    "interrupt to the end of the model's stream, p50 / worst",
                    f"{percentile(closed, 0.5):.1f} / {max(closed):.1f} ms",
                    "",
                    "≤ 50 ms",
                    percentile(closed, 0.5) <= 50,
                ),
                Figure(
                    "processor per turn, 200 at once",
                    f"{cpu:.1f} ms",
                    f"bare {bare_cpu:.1f} ms",
                    "≤ 8 ms",
                    cpu <= 8,
                ),
                Figure(
                    "memory of the web process after 200 at once",
                    f"{megabytes(pid):.0f} MB",
                    f"bare {megabytes(bare.pid):.0f} MB",
                ),
            ]
    report("conversation", figures)


if __name__ == "__main__":
    main()
