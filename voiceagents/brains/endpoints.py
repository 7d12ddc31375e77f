"""Streaming chat completions from any OpenAI-compatible model, straight over HTTP.

One connection pool per event loop. The stream is read line by line by hand: the official client costs two to three
times the processor per turn. A model's address may not lead inside: the name is resolved when the connection is made
and every address must be public, unless the operator names the host in MODEL_HOSTS_ALLOWED; redirects are not followed.
"""

import asyncio
import ipaddress
import json
import socket
import weakref
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver
from django.conf import settings
from yarl import URL

log = structlog.get_logger(__name__)
LARGEST_REPLY = 2_000_000  # bytes of one streamed reply
CONNECT_WITHIN = 3.0  # seconds
_sessions: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession]" = (
    weakref.WeakKeyDictionary()
)


class ModelFailedError(Exception):
    """The model gave no usable answer; the words are for the log."""


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a streamed reply: text, or a fragment of the tool call at `index`."""

    text: str = ""
    index: int = -1
    tool: str = ""
    call_id: str = ""
    arguments: str = ""


def allowed_inside(host: str) -> bool:
    """Whether the operator lets models live at this host though its address is private."""
    return host.lower() in {name.strip().lower() for name in settings.MODEL_HOSTS_ALLOWED}


# Global to Python's tables, yet answered by the machine's own cloud: protocol assignments (RFC 6890), Azure's host.
_CLOUD_INSIDE = [ipaddress.ip_network("192.0.0.0/24"), ipaddress.ip_network("168.63.129.16/32")]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        # An IPv4 address inside an IPv6 one is where the packet ends.
        ip = ip.ipv4_mapped or ip.sixtofour or ip
    if isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local:
        return False
    if any(ip in network for network in _CLOUD_INSIDE):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def check_url(base_url: str) -> str:
    """The address without a closing slash. Raises ValueError, with what to do, for one that no model may have."""
    try:
        # Read as the client will read it: wide digits and dots are plain ones to both.
        parts = URL(base_url)
    except ValueError:
        parts = URL()
    host = parts.host
    if (
        parts.scheme not in ("http", "https")
        or not host
        or parts.user
        or parts.password
        or parts.query_string
        or parts.fragment
    ):
        raise ValueError(
            "Give the model's address as https://host/v1, without a name, a password or a query."
        )
    if parts.scheme == "http" and not allowed_inside(host):
        raise ValueError("The model's address must begin with https://, so that nobody reads along.")
    try:
        literal: str | None = str(ipaddress.ip_address(host))
    except ValueError:
        literal = None
        # 2130706433, 127.1 and 0177.0.0.1 are addresses to the system, and no resolver is asked about them.
        if host.rstrip(".").rpartition(".")[2].isdigit():
            raise ValueError(f"{host} is not a name. Write an IP address in its usual form.") from None
    if literal and not _is_public(literal) and not allowed_inside(host):
        raise ValueError(f"{host} is inside this network. The operator can allow it by MODEL_HOSTS_ALLOWED.")
    return base_url.rstrip("/")


class _PublicResolver(ThreadedResolver):
    """Resolves names to public addresses only, at the moment of connecting, so that no later answer slips in."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        if allowed_inside(host):
            return found
        public = [entry for entry in found if _is_public(entry["host"])]
        if not public:
            raise OSError(f"{host} has no public address")
        return public


def _session() -> aiohttp.ClientSession:
    loop = asyncio.get_running_loop()
    session = _sessions.get(loop)
    if session is None or session.closed:
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=_PublicResolver(), limit=0, ttl_dns_cache=60, keepalive_timeout=60
            ),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_WITHIN),
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            read_bufsize=64 * 1024,
        )
        _sessions[loop] = session
    return session


async def close_session() -> None:
    """Close this loop's connections (the end of the process, or of a test)."""
    session = _sessions.pop(asyncio.get_running_loop(), None)
    if session is not None:
        await session.close()


def _headers(api_key: str) -> dict[str, str]:
    return {"Accept-Encoding": "identity", **({"Authorization": f"Bearer {api_key}"} if api_key else {})}


async def connect(base_url: str, api_key: str) -> None:
    """Have a connection to the model ready, by asking which models there are. Raises nothing."""
    try:
        url = f"{check_url(base_url)}/models"
        async with (
            asyncio.timeout(CONNECT_WITHIN),
            _session().get(url, headers=_headers(api_key), allow_redirects=False) as response,
        ):
            await _drain(response)
            if not response.content.at_eof():
                response.close()
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        log.info("model_not_reached_yet", error=f"{type(error).__name__}: {str(error)[:200]}")


async def stream(
    base_url: str, api_key: str, body: dict[str, Any], *, first_by: float, stall: float
) -> AsyncGenerator[Delta]:
    """The deltas of one chat completion. Cancelling closes the connection at once.

    first_by: the loop time by which the first word must be there; stall: seconds allowed from one delta to the next.
    Twice `stall` without a word is too long as well, whatever else comes: markup, or a tool's arguments in drops.
    Raises ModelFailedError for anything but a well-formed stream.
    """
    url = f"{check_url(base_url)}/chat/completions"
    headers = {"Accept": "text/event-stream", **_headers(api_key)}
    loop = asyncio.get_running_loop()
    deadline = word_by = first_by
    response: aiohttp.ClientResponse | None = None
    finished = False
    try:
        async with asyncio.timeout_at(deadline):
            response = await _session().post(
                url, json={**body, "stream": True}, headers=headers, allow_redirects=False
            )
        if response.status != 200:
            raise ModelFailedError(f"HTTP {response.status}")
        size = 0
        while not finished:
            async with asyncio.timeout_at(deadline):
                raw = await response.content.readline()
            if not raw:
                break
            size += len(raw)
            if size > LARGEST_REPLY:
                raise ModelFailedError("the reply is too long")
            if not raw.startswith(b"data:"):
                continue
            data = raw[5:].strip()
            if data == b"[DONE]":
                finished = True
                break
            for delta in _deltas(data):
                if delta is None:
                    finished = True
                else:
                    now = loop.time()
                    if any(map(str.isalnum, delta.text)):
                        word_by = now + 2 * stall
                    deadline = min(now + stall, word_by)
                    yield delta
        if not finished:
            raise ModelFailedError("the stream was cut off")
    except TimeoutError:
        raise ModelFailedError("the model did not answer in time") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise ModelFailedError(f"{type(error).__name__}: {str(error)[:200]}") from None
    finally:
        if response is not None:
            if finished:
                await _drain(response)
            response.close()


async def _drain(response: aiohttp.ClientResponse) -> None:
    """Read the end that follows the last event, so that the connection serves the next turn as well."""
    try:
        async with asyncio.timeout(0.05):
            while not response.content.at_eof():
                await response.content.readany()
    except (TimeoutError, aiohttp.ClientError, OSError):
        pass


def _deltas(data: bytes) -> list[Delta | None]:
    """What one event says; None stands for "finished". Raises ModelFailedError for what is not a completion chunk."""
    try:
        chunk = json.loads(data)
        if "error" in chunk:
            raise ModelFailedError(f"the model reports: {str(chunk['error'])[:200]}")
        choices = chunk["choices"]
        if not choices:
            return []
        choice = choices[0]
        delta = choice.get("delta") or {}
        found: list[Delta | None] = []
        text = delta.get("content")
        if text:
            if not isinstance(text, str):
                raise ModelFailedError("the content is not text")
            found.append(Delta(text=text))
        for call in delta.get("tool_calls") or []:
            function = call.get("function") or {}
            found.append(
                Delta(
                    index=int(call.get("index", 0)),
                    tool=function.get("name") or "",
                    call_id=call.get("id") or "",
                    arguments=function.get("arguments") or "",
                )
            )
        if choice.get("finish_reason"):
            found.append(None)
        return found
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ModelFailedError(f"not a completion chunk: {error!r}"[:200]) from None
