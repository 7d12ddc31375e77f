"""Requests as bytes on a real socket to a real uvicorn: too large, too slow, in chunks, with bombs for headers."""

import contextlib
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from accounts.models import Role
from config import bodies, connections
from telephony.addresses import relay_url
from telephony.signatures import REFUSED
from tests.factories import MemberFactory
from tests.voiceagents.conftest import make_conversation, relay, run, server, signature_for, stored  # noqa: F401

WEBHOOK = "/voice/status/" + "0123456789" * 4


def refused(reason: str) -> float:
    return REFUSED.labels(reason)._value.get()


class Wire:
    """One connection. `answer` is the status line, or "" when the server hung up without a word."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)

    def send(self, data: bytes) -> bool:
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        return True

    def head(self, path: str, *headers: str, method: str = "POST") -> bool:
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: application/x-www-form-urlencoded",
        ]
        return self.send("\r\n".join([*lines, *headers, "", ""]).encode())

    def answer(self) -> str:
        return self.said().split("\r\n")[0]

    def said(self) -> str:
        """What comes first, whole."""
        try:
            return self.socket.recv(4096).decode()
        except OSError:
            return ""


def until(done: Callable[[], bool]) -> None:
    """Wait for what the server does when it notices."""
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def wire(relay):  # noqa: F811
    made: list[Wire] = []

    def connected() -> Wire:
        made.append(Wire(relay.port))
        return made[-1]

    yield connected
    for one in made:
        one.socket.close()
    until(lambda: not bodies.large.senders)


@pytest.fixture
def disk(monkeypatch, tmp_path) -> Path:
    """Where the server writes what it cannot hold in memory."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


UPLOADS = {
    "/l/nowhere/contacts/imports/new/": 200,
    "/l/nowhere/compliance/do-not-call/lists/add/": 50,
    "/l/nowhere/compliance/lists/add/": 500,
    "/l/nowhere/compliance/lists/abc123/": 500,
}


@pytest.mark.parametrize("path", [WEBHOOK, "/", "/account/login/", *UPLOADS])
def test_a_large_body_is_refused_before_a_byte_of_it_is_read(wire, disk, path):
    client, before = wire(), refused("size")
    client.head(path, "Content-Length: 2000000000")
    assert " 413 " in client.answer() + " "
    assert refused("size") - before == (path == WEBHOOK)
    assert list(disk.iterdir()) == []


@pytest.mark.parametrize(("path", "most"), UPLOADS.items())
def test_who_brings_too_long_a_list_reads_how_long_it_may_be(wire, disk, path, most):
    client = wire()
    client.head(path, "Content-Length: 2000000000")
    head, _, body = client.said().partition("\r\n\r\n")
    assert " 413 " in head
    assert f"larger than the {most} MB" in (body or client.said())
    assert list(disk.iterdir()) == []


def cookie_of(member) -> str:
    client = Client()
    client.force_login(member.user)
    return f"Cookie: {settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def answers(client: Wire, path: str, cookie: str, size: int) -> str:
    """The status with which the server answers the head of a list."""
    client.head(path, cookie, f"Content-Length: {size}", "Expect: 100-continue")
    return client.answer().split(" ")[1]


@pytest.mark.parametrize(("path", "most"), UPLOADS.items())
def test_a_large_list_is_read_from_a_member_who_may_change_things_and_from_nobody_else(
    wire,
    disk,
    path,
    most,
):
    member = MemberFactory(role=Role.STAFF)
    here = path.replace("nowhere", member.location.code)
    nobody = {
        "an invented cookie": (here, f"Cookie: {settings.SESSION_COOKIE_NAME}=x1"),
        "a session that nobody signed in to": (
            here,
            f"Cookie: {settings.SESSION_COOKIE_NAME}={empty_session()}",
        ),
        "a stranger to the location": (here, cookie_of(MemberFactory(role=Role.OWNER))),
        "a location that is none": (path, cookie_of(member)),
        "somebody who only reads": (
            here,
            cookie_of(MemberFactory(location=member.location, role=Role.VIEWER)),
        ),
    }
    for who, (where, cookie) in nobody.items():
        assert answers(wire(), where, cookie, bodies.MAX_FORM + 1) == "413", who
    assert bodies.large.senders == []
    assert list(disk.iterdir()) == []
    assert answers(wire(), here, cookie_of(member), most * 1_000_000) == "100"
    assert bodies.large.senders == [member.user_id]


def empty_session() -> str:
    session = SessionStore()
    session["visited"] = True
    session.create()
    return session.session_key


def test_few_large_lists_are_read_at_once_and_one_that_breaks_off_makes_room(wire):
    path = "/l/{}/contacts/imports/new/"
    member, *others = MemberFactory.create_batch(bodies.AT_ONCE, role=Role.STAFF)
    size = bodies.MAX_FORM + 1

    def bring(member) -> tuple[Wire, str]:
        client = wire()
        return client, answers(client, path.format(member.location.code), cookie_of(member), size)

    first, said = bring(member)
    assert said == "100"
    assert bring(member)[1] == "100"
    assert bring(member)[1] == "503"
    assert [bring(other)[1] for other in others] == ["100"] * (bodies.AT_ONCE - 2) + ["503"]
    first.socket.close()
    until(lambda: len(bodies.large.senders) < bodies.AT_ONCE)
    assert bring(others[-1])[1] == "100"


def test_a_body_that_fits_in_memory_asks_for_nobody(wire, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(bodies, "_sender", lambda path, cookies: asked.append(path))
    for path in UPLOADS:
        client = wire()
        client.head(path, f"Cookie: {settings.SESSION_COOKIE_NAME}=x1", "Content-Length: 1")
        client.send(b"x")
        assert client.answer().split(" ")[1] in ("302", "403")
    assert asked == []


@pytest.mark.django_db(transaction=True)
def test_processes_without_sockets_ask_the_same():
    """config.wsgi."""
    member = MemberFactory(role=Role.STAFF)
    reader = MemberFactory(location=member.location, role=Role.VIEWER)
    read, said = [b"read"], []
    limited = bodies.declared_only(lambda environ, start_response: read)

    def ask(path: str, size: int, cookie: str = "") -> list[bytes]:
        environ = {
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(size),
            "HTTP_COOKIE": cookie.removeprefix("Cookie: "),
        }
        return limited(environ, lambda status, headers: said.append(status[:3]))

    for path in UPLOADS:
        here = path.replace("nowhere", member.location.code)
        assert ask(here, bodies.MAX_FORM) is read
        for cookie in ("", "sessionid=x1", cookie_of(reader), cookie_of(MemberFactory(role=Role.OWNER))):
            assert ask(here, bodies.MAX_FORM + 1, cookie) == [bodies.WHOSE.encode()]
        assert ask(here, bodies.MAX_FORM + 1, cookie_of(member)) is read
        assert ask(here, 2_000_000_000, cookie_of(member)) != read
    assert ask("/", bodies.MAX_FORM + 1, cookie_of(member)) != read
    assert set(said) == {"413"}
    assert bodies.large.senders == []


def test_a_webhook_without_a_length_is_refused(wire):
    client, before = wire(), refused("size")
    client.head(WEBHOOK, "Transfer-Encoding: chunked")
    assert " 413 " in client.answer() + " "
    assert refused("size") == before + 1


def test_a_page_stops_reading_chunks_at_its_limit(wire, monkeypatch):
    monkeypatch.setattr(bodies, "MAX_FORM", 100_000)
    client = wire()
    client.head("/account/login/", "Transfer-Encoding: chunked")
    for _ in range(4):
        client.send(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
    assert " 413 " in client.answer() + " "


def test_a_body_that_stops_coming_is_given_up(wire, monkeypatch):
    monkeypatch.setattr(bodies, "PATIENCE_WEBHOOK", 0.2)
    client, before = wire(), refused("slow")
    client.head(WEBHOOK, "Content-Length: 1000")
    client.send(b"AccountSid=")
    assert " 408 " in client.answer() + " "
    assert refused("slow") == before + 1


def test_a_body_that_drips_is_given_up_though_it_never_stops(wire, monkeypatch):
    """A byte now and then restarts no clock: the next piece is always in time, the whole never."""
    monkeypatch.setattr(bodies, "PATIENCE_WEBHOOK", 0.5)
    client, before = wire(), refused("slow")
    client.head(WEBHOOK, "Content-Length: 200")
    sent = 0
    client.socket.settimeout(0.05)
    while sent < 200 and client.send(b"x"):
        sent += 1
        with contextlib.suppress(TimeoutError):
            if client.socket.recv(4096):
                break
    assert sent < 200
    assert refused("slow") == before + 1


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "99999999999999999999999", "5, 6"])
def test_a_length_that_is_none_is_refused(wire, length):
    client = wire()
    client.head(WEBHOOK, f"Content-Length: {length}")
    assert client.answer().split(" ")[1:2] in ([], ["400"], ["413"])


def test_a_length_and_chunks_together_are_refused(wire):
    """Two readers that take different ones are how a request is smuggled past a proxy."""
    client = wire()
    client.head(WEBHOOK, "Content-Length: 5", "Transfer-Encoding: chunked")
    assert client.answer().split(" ")[1:2] in ([], ["400"], ["413"])


def test_a_bomb_of_headers_is_refused(wire):
    client = wire()
    client.send(b"GET /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    sent = True
    for number in range(200):
        sent = sent and client.send(b"X-%d: %s\r\n" % (number, b"y" * 65_000))
    client.send(b"\r\n")
    assert client.answer() == ""


@pytest.mark.parametrize("piece", [b"", b"G", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: "], ids=len)
def test_a_head_that_never_ends_is_given_up(wire, monkeypatch, piece):
    monkeypatch.setattr(connections, "HEAD_WITHIN", 0.2)
    client = wire()
    client.send(piece)
    assert client.answer() == ""


def test_the_second_request_of_a_connection_has_the_same_limits(wire, monkeypatch):
    client = wire()
    client.head("/account/login/", method="GET")
    assert " 200 " in client.answer() + " "
    monkeypatch.setattr(connections, "HEAD_WITHIN", 0.2)
    client.send(b"GET /account/login/ HTTP/1.1\r\n")
    # What is left of the first answer, and then the end of the connection.
    while left := client.answer():
        assert "HTTP/1.1" not in left


@pytest.mark.parametrize(
    "line", [b"\x00\x01\x02", b"GET", b"GET /%00 HTTP/1.1", b"GET http://\xff/ HTTP/1.1"]
)
def test_noise_does_not_end_the_server(wire, line):
    client = wire()
    client.send(line + b"\r\nHost: 127.0.0.1\r\n\r\n")
    client.socket.shutdown(socket.SHUT_WR)
    client.answer()
    following = wire()
    following.head("/account/login/", method="GET")
    assert " 200 " in following.answer() + " "


# -- the conversation socket


@pytest.mark.parametrize(
    "frame", ["x" * 1_000_000, b"\x00" * 100, b"\xff" * 1_000_000, "x" * 10_000_000], ids=len
)
def test_a_frame_too_large_or_of_bytes_ends_the_session_and_changes_nothing(relay, frame):  # noqa: F811
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> int:
        async with connect(
            relay_url(conversation.token), additional_headers={"X-Twilio-Signature": signature}, proxy=None
        ) as client:
            await client.send(frame)
            try:
                while True:
                    await client.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006

    assert run(call()) in (1007, 1009)
    kept = stored(conversation)
    assert kept.ended_at is None
    assert not kept.turns.exists()


def test_a_flood_of_frames_ends_the_session(relay):  # noqa: F811
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> int:
        async with connect(
            relay_url(conversation.token), additional_headers={"X-Twilio-Signature": signature}, proxy=None
        ) as client:
            try:
                for _ in range(200):
                    await client.send(
                        '{"type":"prompt","voicePrompt":"' + "x" * 60_000 + '","lang":"en","last":true}'
                    )
                while True:
                    await client.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006

    run(call())
    assert stored(conversation).turns.count() <= 200
