"""What the server adds between a caller's words and the first word of the answer, beside a bare websocket server.

    python -m benchmarks.conversation

1, 50 and 200 conversations at once, each a prompt every few seconds; the stub model's own time is taken off.
"""

import asyncio
import json
import random
import sys
import time

import websockets

from benchmarks.processes import cpu_seconds, megabytes, running, web
from benchmarks.stage import Figure, percentile, postgresql, progress, report, scaled
from tests.postgres import free_port

# Conversations at once → seconds between two prompts of one of them.
CROWDS = {1: 0.2, 50: 2.5, 200: 5.0}
SECONDS = scaled(12, 6)
PUBLIC_URL = "http://127.0.0.1:9"


async def converse(port: int, token: str, signature: str, every: float, until: float) -> list[float]:
    """Milliseconds that the server added in each turn."""
    added = []
    async with websockets.connect(
        f"ws://127.0.0.1:{port}/voice/relay/{token}",
        additional_headers={"X-Twilio-Signature": signature},
        compression=None,
        open_timeout=30,
    ) as socket:
        setup = {"type": "setup", "sessionId": f"VX{token[:30]}", "callSid": f"CA{token[:32]}"}
        await socket.send(json.dumps({**setup, "customParameters": {}}))
        await asyncio.sleep(0.3 + random.random() * every)
        while time.perf_counter() < until:
            asked = time.perf_counter()
            prompt = {"type": "prompt", "voicePrompt": "What are your opening hours, please?", "last": True}
            await socket.send(json.dumps({**prompt, "lang": "en-US"}))
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
    return added


async def crowd(port: int, tokens: list[tuple[str, str]], every: float) -> list[float]:
    until = time.perf_counter() + SECONDS
    talks = await asyncio.gather(*(converse(port, *token, every, until) for token in tokens))
    return [each for talk in talks for each in talk]


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
        tokens = conversations(model, sum(CROWDS))
        bare_port = free_port()
        bare_command = [sys.executable, "-m", "benchmarks.bare_relay", str(bare_port), str(model)]
        with (
            running(bare_command, port=bare_port) as bare,
            web("config.asgi:application", PUBLIC_URL=PUBLIC_URL, MODEL_HOSTS_ALLOWED="127.0.0.1") as (
                port,
                pid,
            ),
        ):
            for count, every in CROWDS.items():
                progress(f"{count} conversations")
                part, tokens = tokens[:count], tokens[count:]
                if count == 1:
                    asyncio.run(crowd(bare_port, part, every))
                before = cpu_seconds(bare.pid)
                limit = asyncio.run(crowd(bare_port, part, every))
                bare_cpu = (cpu_seconds(bare.pid) - before) / len(limit) * 1e3
                before = cpu_seconds(pid)
                added = asyncio.run(crowd(port, part, every))
                cpu = (cpu_seconds(pid) - before) / len(added) * 1e3
                p50 = percentile(added, 0.5) - percentile(limit, 0.5)
                p99 = percentile(added, 0.99) - percentile(limit, 0.99)
                figures.append(
                    Figure(
                        f"prompt to first token, {count} at once, p50 / p99",
                        f"{percentile(added, 0.5):.1f} / {percentile(added, 0.99):.1f} ms",
                        f"bare {percentile(limit, 0.5):.1f} / {percentile(limit, 0.99):.1f} ms "
                        f"({p50:+.1f} / {p99:+.1f})",
                        "p50 ≤ 3, p99 ≤ 10 ms above bare",
                        p50 <= 3 and p99 <= 10,
                    )
                )
            figures += [
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
