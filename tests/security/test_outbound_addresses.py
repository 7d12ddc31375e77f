"""A person gives the address of a model: however it is written, no connection leaves for the inside of a network.

Beyond tests/voiceagents/test_endpoints.py: the ways of writing an address, watched at the socket.
"""

import ast
import asyncio
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import Role
from tests.security.worlds import Two
from voiceagents.brains.endpoints import ModelFailedError, check_url, close_session, stream

DISGUISED = [
    "https://2130706433/v1",
    "https://0177.0.0.1/v1",
    "https://0x7f000001/v1",
    "https://0x7f.1/v1",
    "https://127.1/v1",
    "https://0/v1",
    "https://127。0。0。1/v1",
    "https://①②⑦.0.0.1/v1",
    "https://127.0.0.1./v1",
    "https://2130706433./v1",
    "https://[::ffff:7f00:1]/v1",
    "https://[::127.0.0.1]/v1",
    "https://[64:ff9b::7f00:1]/v1",
    "https://[2002:7f00:1::]/v1",
    "https://[fe80::1%25eth0]/v1",
    "https://[fc00::1]/v1",
    "https://[fec0::1]/v1",
    "https://[::]/v1",
    "https://169.254.169.254/v1",
    "https://[fd00:ec2::254]/v1",
    "https://192.0.0.192/v1",
    "https://168.63.129.16/v1",
    "https://255.255.255.255/v1",
    "https://public.example\\@127.0.0.1/v1",
    "https://public.example#@127.0.0.1/v1",
    "https://localhost/v1",
    "https://localhost./v1",
    "gopher://127.0.0.1/v1",
    "unix:///run/docker.sock",
    "https://",
    "https:///v1",
    "https://[::1/v1",
    "https://\x00/v1",
    "https://127.0.0.1\r\nHost: x/v1",
]


@pytest.fixture
def connections() -> Iterator[list[str]]:
    """The addresses that sockets of this process were connected to."""
    seen: list[str] = []
    watching = True

    def hear(event: str, arguments: tuple) -> None:
        if watching and event == "socket.connect" and isinstance(arguments[1], tuple):
            seen.append(arguments[1][0])

    sys.addaudithook(hear)
    yield seen
    watching = False


def ask(*urls: str) -> list[str]:
    """What the model client says of each address."""

    async def call() -> list[str]:
        words = []
        try:
            for url in urls:
                by = asyncio.get_running_loop().time() + 5
                try:
                    async for _ in stream(url, "", {"model": "m"}, first_by=by, stall=5):
                        pass
                except (ModelFailedError, ValueError) as refused:
                    words.append(str(refused))
        finally:
            await close_session()
        return words

    return asyncio.run(call())


def test_no_way_of_writing_an_address_leads_inside(
    monkeypatch: pytest.MonkeyPatch, connections: list[str]
) -> None:
    loopback = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: loopback)
    assert len(ask(*DISGUISED)) == len(DISGUISED)
    assert connections == []


@pytest.mark.parametrize(
    "inside", ["2002:0a00:0001::1", "fec0::1", "64:ff9b::a00:1", "::ffff:169.254.169.254"]
)
def test_a_name_that_hides_a_private_address_in_a_public_looking_one_is_refused(
    monkeypatch: pytest.MonkeyPatch, connections: list[str], inside: str
) -> None:
    answer = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (inside, 443, 0, 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: answer)
    assert ask("https://model.example/v1")
    assert connections == []


def test_a_name_that_changes_its_answer_after_the_check_is_refused(
    monkeypatch: pytest.MonkeyPatch, connections: list[str]
) -> None:
    """DNS rebinding: the form's look at the name says nothing, only the answer at connecting counts."""
    url = check_url("https://rebound.example/v1")
    answers = iter(["127.0.0.1", "10.0.0.1", "169.254.169.254"])

    def resolve(host: str, port: int, *args: object, **kwargs: object) -> list:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    for _ in range(3):
        assert ask(url)
    assert connections == []


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["https://2130706433/v1", "http://169.254.169.254/latest/meta-data/"])
def test_the_form_says_no_and_keeps_the_old_address(two: Two, url: str) -> None:
    endpoint = two.ours.things["endpoint"]
    page = reverse("voiceagents:endpoint", args=[two.ours.location.code, endpoint.code])
    answer = two.ours.client(Role.MANAGER).post(
        page, {"name": "Model", "base_url": url, "model": "m", "api_key": "sk-new"}
    )
    assert answer.status_code == 422
    kept = endpoint.base_url
    endpoint.refresh_from_db()
    assert endpoint.base_url == kept


@pytest.mark.django_db
def test_a_key_is_not_sent_to_another_host_without_being_typed_again(two: Two) -> None:
    endpoint = two.ours.things["endpoint"]
    page = reverse("voiceagents:endpoint", args=[two.ours.location.code, endpoint.code])
    client = two.ours.client(Role.MANAGER)
    elsewhere = {"name": "Model", "base_url": "https://thief.example/v1", "model": "m", "api_key": ""}
    assert client.post(page, elsewhere).status_code == 422
    endpoint.refresh_from_db()
    assert "thief" not in endpoint.base_url


def test_a_redirect_to_the_inside_is_an_error_and_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each hop would need its own check: none is followed. The host that answers is one the operator allowed."""
    monkeypatch.setattr(settings, "MODEL_HOSTS_ALLOWED", ["127.0.0.1"])
    knocks: list[str] = []

    async def inside(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        knocks.append("inside")
        writer.close()

    async def call() -> str:
        target = await asyncio.start_server(inside, "127.0.0.1", 0)
        there = target.sockets[0].getsockname()[1]

        async def redirecting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            knocks.append("asked")
            where = f"http://127.0.0.1:{there}/latest/meta-data/"
            head = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n"
            writer.write(head.encode())
            await writer.drain()
            writer.close()

        first = await asyncio.start_server(redirecting, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{first.sockets[0].getsockname()[1]}/v1"
        by = asyncio.get_running_loop().time() + 5
        try:
            async for _ in stream(url, "sk-key", {"model": "m"}, first_by=by, stall=5):
                pass
        except ModelFailedError as refused:
            return str(refused)
        finally:
            first.close()
            target.close()
            await close_session()
        return ""

    assert asyncio.run(call()) == "HTTP 307"
    assert knocks == ["asked"]


def test_of_a_names_addresses_only_the_public_ones_are_tried(
    monkeypatch: pytest.MonkeyPatch, connections: list[str]
) -> None:
    """A name that answers with a public address first and a private one behind it."""
    tried: list[str] = []

    async def no_connection(addr_infos: list, **kwargs: object) -> socket.socket:
        tried.extend(info[4][0] for info in addr_infos)
        raise OSError("not in a test")

    monkeypatch.setattr("aiohappyeyeballs.start_connection", no_connection)
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443))
        for ip in ("93.184.215.14", "10.0.0.1", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: both)
    assert ask("https://mixed.example/v1")
    assert set(tried) == {"93.184.215.14"}
    assert connections == []


# The modules that open connections: the carrier's client, whose host is the carrier's own, and the models'.
OPENING = {"telephony/client.py", "telephony/trusthub.py", "voiceagents/brains/endpoints.py"}
PRODUCT = (
    "accounts", "compliance", "contacts", "dashboards", "dialer", "phone_numbers", "telephony", "voiceagents",
)  # fmt: skip
# TwiML and signatures are made of text alone; http is the standard library's names of statuses.
TEXT = {
    "http", "twilio.base.exceptions", "twilio.request_validator", "twilio.twiml.messaging_response",
    "twilio.twiml.voice_response",
}  # fmt: skip
WAYS_OUT = {
    "aiohttp", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket", "ssl", "telnetlib",
    "twilio", "urllib3", "websockets",
}  # fmt: skip


def imported(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    return names


def test_nothing_else_of_the_product_opens_connections() -> None:
    """An address that a person gives needs this file's tests: whoever asks a website or a calendar adds them here."""
    root = Path(__file__).resolve().parents[2]
    found = {
        file.relative_to(root).as_posix()
        for part in PRODUCT
        for file in (root / part).rglob("*.py")
        if {
            name
            for name in imported(file) - TEXT
            if name.partition(".")[0] in WAYS_OUT or name == "urllib.request"
        }
    }
    assert found <= OPENING
    assert "voiceagents/brains/endpoints.py" in found
