"""Requests that the carrier makes to the product: signed, retried as the URL's fragment asks, logged.

Plain http goes to loopback only; https goes anywhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import uuid
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import aiohttp
from yarl import URL

from sandbox.calls import Form, query
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.journal import Witness
from sandbox.signature import sign

USER_AGENT = "TwilioProxy/1.1"
BODY_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Retries:
    """``#ct=2000&rt=15000&tt=15000&rc=3&rp=all``: Twilio's connection overrides, never sent nor signed."""

    count: int = 1
    policies: frozenset[str] = frozenset({"ct"})
    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0

    @classmethod
    @lru_cache(maxsize=64)
    def from_fragment(cls, fragment: str) -> Retries:
        given = {key: values[-1] for key, values in parse_qs(fragment).items()}

        def number(key: str, default: float, low: float, high: float, scale: float) -> float:
            text = given.get(key, "")
            return min(high, max(low, int(text) / scale)) if text.isdigit() else default

        return cls(
            count=int(number("rc", 1, 0, 5, 1)),
            policies=frozenset(given["rp"].split(",")) if "rp" in given else frozenset({"ct"}),
            connect=number("ct", 5, 0.1, 10, 1000),
            read=number("rt", 15, 0.1, 15, 1000),
            total=number("tt", 15, 0.1, 15, 1000),
        )

    def wants(self, failure: str) -> bool:
        return failure in self.policies or "all" in self.policies


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    content_type: str
    url: str


def check_url(url: str, schemes: tuple[str, str] = ("http", "https")) -> str:
    """What is wrong with a URL that was given to the carrier; empty when nothing is."""
    plain, secure = schemes
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return "is not a URL"
    if parts.scheme not in schemes or not host:
        return f"must begin with {plain}:// or {secure}://"
    if "_" in host:
        return "has an underscore in its host name"
    if parts.scheme == plain and not is_loopback(host):
        return f"must be {secure}:// unless it points to this machine (127.0.0.1 or localhost)"
    return ""


# Names of fields and most of what they hold come again with every callback.
_quoted = lru_cache(maxsize=8192)(quote_plus)


def encoded(form: Form) -> bytes:
    """A form as it goes over the wire."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in form).encode()


@lru_cache(maxsize=1024)
def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Webhooks:
    def __init__(self, clock: Clock, faults: Faults, witness: Witness) -> None:
        self._clock = clock
        self._faults = faults
        self._witness = witness
        self._session: aiohttp.ClientSession | None = None
        self._held: dict[str, list[asyncio.Event]] = {}  # call -> callbacks waiting to be overtaken
        self._tasks: set[asyncio.Task[Any]] = set()

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, limit_per_host=256, ttl_dns_cache=300),
            headers={"User-Agent": USER_AGENT, "Accept": "*/*"},
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )

    async def close(self) -> None:
        """Cancel everything that runs; what ends may begin its own last task, hence the loop."""
        while self._tasks:
            running = list(self._tasks)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        if self._session:
            await self._session.close()

    def later(self, coroutine: Any) -> asyncio.Task[Any]:
        """Run something beside the call; it is cancelled when the carrier stops."""
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def callback(
        self, url: str, form: Form, *, token: str, what: str, event: str, sid: str, account: str, to: str,
        method: str = "POST",
    ) -> Reply | None:  # fmt: skip
        """Deliver one callback, through whatever fault strikes it. ``what``: status, amd, recording…"""
        if not url:
            return None
        fault = self._faults.callback(what, event, account, to)
        noted = {"callback": what, "event": event, "sid": sid, "account": account, "to": to}

        async def deliver() -> Reply | None:
            return await self.request(url, form, token=token, method=method, noted=noted)

        if fault is None:
            reply = await deliver()
            self._release(sid)
            return reply
        self._witness.note("fault", fault=fault.id, fault_kind=fault.kind, **noted)
        if fault.kind == "callback_lost":
            return None
        if fault.kind == "callback_late":
            await asyncio.sleep(fault.seconds if fault.seconds is not None else 5)
        elif fault.kind == "callback_reordered":
            overtaken = asyncio.Event()
            self._held.setdefault(sid, []).append(overtaken)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(overtaken.wait(), fault.seconds if fault.seconds is not None else 5)
        elif fault.kind == "callback_doubled":
            replies = await asyncio.gather(*(deliver() for _ in range(max(1, fault.times))))
            return replies[0]
        return await deliver()

    def _release(self, sid: str) -> None:
        for overtaken in self._held.pop(sid, []):
            overtaken.set()

    async def request(
        self, url: str, form: Form, *, token: str, method: str = "POST", noted: dict[str, Any] | None = None
    ) -> Reply | None:
        """One signed request with its retries; None when no answer came. Every try is in the witness."""
        target, _, fragment = url.partition("#")
        if wrong := check_url(target):
            self._witness.note("delivery", url=target, status=None, error=f"the URL {wrong}", **(noted or {}))
            return None
        if method.upper() == "GET":
            target, form = query(target, form), []
        retries = Retries.from_fragment(fragment)
        headers = {
            "X-Twilio-Signature": sign(token, target, form),
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
        }
        body = None
        if method.upper() == "POST":
            body, headers["Content-Type"] = encoded(form), "application/x-www-form-urlencoded"
        reply = None
        for attempt in range(retries.count + 1):
            reply, failure, error = await self._try(method.upper(), target, body, headers, retries)
            self._witness.note(
                "delivery", url=target, attempt=attempt, status=reply.status if reply else None, error=error,
                form=dict(form) if noted else {}, **(noted or {}),
            )  # fmt: skip
            if not failure or not retries.wants(failure):
                break
        return reply

    async def _try(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], retries: Retries
    ) -> tuple[Reply | None, str, str]:
        assert self._session, "start() comes first"
        timeout = aiohttp.ClientTimeout(
            total=retries.total, sock_connect=retries.connect, sock_read=retries.read
        )
        try:
            # The URL goes out byte for byte as it was signed: no second encoding.
            async with self._session.request(
                method, URL(url, encoded=True), data=body, headers=headers, timeout=timeout,
            ) as answer:  # fmt: skip
                read = await answer.content.read(BODY_LIMIT)
                reply = Reply(answer.status, read, answer.content_type, str(answer.url))
        except aiohttp.ConnectionTimeoutError as exc:
            return None, "ct", f"no connection within {retries.connect:g} s ({exc})"
        except aiohttp.ClientConnectorError as exc:
            return None, "ct", f"cannot connect: {exc.strerror or exc}"
        except TimeoutError:
            return None, "rt", "no answer in time"
        except (aiohttp.ClientError, ValueError, OSError) as exc:
            return None, "rt", f"{type(exc).__name__}: {exc}"
        if answer.status >= 500:
            return reply, "5xx", ""
        if answer.status >= 400:
            return reply, "4xx", ""
        return reply, "", ""
