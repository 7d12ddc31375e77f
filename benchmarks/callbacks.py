"""Status callbacks per second through the documented server, beside the same work without Django, and Django alone.

Two processes each: ours on granian (docs/operations.md), Starlette on uvicorn, which suits it best.

    python -m benchmarks.callbacks

Each callback says that another call was answered: verified, stored, and the call moved on, in one transaction.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode

from benchmarks.processes import cpu_seconds, pages, plain, post_all
from benchmarks.stage import Figure, percentile, postgresql, progress, report, scaled

CALLBACKS = scaled(3_000, 600)
PACE = 700
PROCESSES = 2
PUBLIC_URL = "http://127.0.0.1:9"  # what is signed; nobody connects to it


def requests(tokens: list[tuple[str, str, str]]) -> list[bytes]:
    """tokens: (attempt's token, AccountSid, auth token)."""
    from twilio.request_validator import RequestValidator

    ready = []
    for token, sid, secret in tokens:
        body = {
            "AccountSid": sid,
            "ApiVersion": "2010-04-01",
            "CallSid": f"CA{token[:32]}",
            "CallStatus": "in-progress",
            "CallbackSource": "call-progress-events",
            "Direction": "outbound-api",
            "From": "+19701000000",
            "SequenceNumber": "2",
            "Timestamp": "Sat, 21 Nov 2026 18:00:00 +0000",
            "To": "+12000000000",
        }
        address = f"{PUBLIC_URL}/voice/status/{token}"
        signature = RequestValidator(secret).compute_signature(address, body)
        text = urlencode(body)
        ready.append(
            f"POST /voice/status/{token} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Twilio-Signature: {signature}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode()
        )
    return ready


def measure(
    server: Callable[..., Any], application: str, tokens: list[tuple[str, str, str]], **env: str
) -> dict[str, float]:
    """At full speed over the first half of the calls, at PACE over the rest."""
    progress(application)
    half = len(tokens) // 2
    fast, paced = requests(tokens[:half]), requests(tokens[half:])
    with ExitStack() as stack:
        served = [
            stack.enter_context(server(application, PUBLIC_URL=PUBLIC_URL, **env)) for _ in range(PROCESSES)
        ]
        ports = [port for port, _ in served]

        def taken() -> float:
            return sum(cpu_seconds(pid) for _, pid in served)

        asyncio.run(post_all(ports, fast[:100]))
        before = taken()
        spent, _, failed = asyncio.run(post_all(ports, fast[100:]))
        cpu = taken() - before
        _, latencies, failed_too = asyncio.run(post_all(ports, paced, per_second=PACE))
    if failed + failed_too:
        raise AssertionError(f"{application} refused {failed + failed_too} callbacks")
    return {
        "rate": (half - 100) / spent,
        "cpu": cpu / (half - 100),
        "p99": percentile(latencies, 0.99),
        "p50": percentile(latencies, 0.5),
    }


def main() -> None:
    with postgresql():
        from benchmarks import filling
        from dialer import placing
        from telephony.models import CarrierAccount

        filling.locations(500)
        filling.calls(4 * CALLBACKS)
        filling.analyse()
        tokens = []
        while len(tokens) < 2 * CALLBACKS:
            filling.open_pace()
            while orders := placing.tick(calls_each=1).orders:
                tokens += [(o.token, o.account.account_sid, o.account.auth_token) for _, o in orders]
        known = [
            [account.account_sid, account.pk, account.auth_token] for account in CarrierAccount.objects.all()
        ]
        ours = measure(pages, "config.wsgi:application", tokens[:CALLBACKS])
        bare = measure(
            plain,
            "benchmarks.bare_callbacks:application",
            tokens[CALLBACKS : 2 * CALLBACKS],
            BENCH_ACCOUNTS=json.dumps(known),
        )
        empty = measure(
            pages,
            "config.wsgi:application",
            tokens[:CALLBACKS],
            DJANGO_SETTINGS_MODULE="benchmarks.empty_django",
        )
    share = ours["rate"] / bare["rate"]
    report(
        "callbacks",
        [
            Figure(
                f"status callbacks, {PROCESSES} processes, 16 connections",
                f"{ours['rate']:,.0f}/s, {ours['cpu'] * 1e3:.2f} ms of processor each",
                f"Starlette {bare['rate']:,.0f}/s ({share:.0%}), {bare['cpu'] * 1e3:.2f} ms; "
                f"empty Django view {empty['rate']:,.0f}/s, {empty['cpu'] * 1e3:.2f} ms",
                "≥ 70 % of Starlette",
                share >= 0.7,
            ),
            Figure(
                f"latency at {PACE}/s, p50 / p99",
                f"{ours['p50'] * 1e3:.1f} / {ours['p99'] * 1e3:.1f} ms",
                f"Starlette {bare['p50'] * 1e3:.1f} / {bare['p99'] * 1e3:.1f} ms; "
                f"empty Django view {empty['p50'] * 1e3:.1f} / {empty['p99'] * 1e3:.1f} ms",
                "p99 ≤ 25 ms",
                ours["p99"] <= 0.025,
            ),
        ],
    )


if __name__ == "__main__":
    main()
