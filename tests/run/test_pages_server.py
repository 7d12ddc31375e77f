"""The server of pages and callbacks for several processes, started by the command that docs/operations.md names."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from pytest_django import DjangoDbBlocker
from twilio.request_validator import RequestValidator

from run import BASE
from telephony.addresses import callback_url
from telephony.models import CarrierAccount, CarrierEvent
from tests.factories import CarrierAccountFactory
from tests.postgres import free_port
from tests.stack import Databases, listens, running

PATH = "/voice/status/" + "0" * 40


@dataclass
class Server:
    port: int
    account: CarrierAccount

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def status(self, request: str) -> str:
        """Send the head of a request as it stands; the status that is answered, "" for none."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as wire:
            try:
                wire.sendall(request.replace("\n", "\r\n").encode())
                return wire.recv(4096).decode().partition(" ")[2][:3]
            except ConnectionError:
                return ""


@pytest.fixture(scope="module")
def server(
    stack_databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[Server]:
    text = (BASE / "docs" / "operations.md").read_text()
    (command,) = re.findall(r"`PARLEY_PROCESS=web (granian [^`]*)`", text)
    port = free_port()
    for documented, here in (("--host 10.0.0.1", "--host 127.0.0.1"), ("--port 8000", f"--port {port}")):
        assert documented in command
        command = command.replace(documented, here)
    folder = tmp_path_factory.mktemp("pages")
    with (
        django_db_blocker.unblock(),
        running(stack_databases, folder, request.node, only=()) as stack,
        subprocess.Popen(
            [sys.executable, "-m", *command.split()], cwd=BASE, env={**stack.env, "PARLEY_PROCESS": "web"}
        ) as process,
    ):
        try:
            while not listens(port):
                assert process.poll() is None
                time.sleep(0.05)
            yield Server(port, CarrierAccountFactory())
        finally:
            process.terminate()


def test_pages_and_health_are_served(server):
    page = httpx.get(f"{server.url}/account/login/")
    assert page.status_code == 200
    assert "Content-Security-Policy" in page.headers
    assert httpx.get(f"{server.url}/healthz").json()["status"] == "ok"


def test_a_callback_is_taken_and_a_forged_one_is_not(server):
    sent = {"AccountSid": server.account.account_sid, "CallSid": "CA" + "1" * 32, "CallStatus": "ringing"}
    # The address that is signed is the public one, which is the proxy's.
    signed = RequestValidator(server.account.auth_token).compute_signature(
        callback_url("status", "0" * 40), sent
    )
    for signature, status in (("forged", 403), (signed, 204)):
        answer = httpx.post(server.url + PATH, data=sent, headers={"X-Twilio-Signature": signature})
        assert answer.status_code == status
    assert CarrierEvent.objects.get().known is False


@pytest.mark.parametrize("path", [PATH, "/", "/account/login/", "/l/nowhere/contacts/imports/new/"])
def test_a_large_body_is_refused_unread(server, path):
    assert server.status(f"POST {path} HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 10000000000\n\n") == "413"


def test_a_webhook_in_chunks_is_refused(server):
    head = f"POST {PATH} HTTP/1.1\nHost: 127.0.0.1\nTransfer-Encoding: chunked\n\n"
    assert server.status(head + "5\nhello\n0\n\n") == "413"


def test_a_length_and_chunks_together_are_refused(server):
    """Two readers that take different ones are how a request is smuggled past a proxy."""
    head = f"POST {PATH} HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 5\nTransfer-Encoding: chunked\n\n"
    assert server.status(head + "5\nhello\n0\n\n") in ("400", "413", "")


def test_a_bomb_of_headers_is_refused(server):
    bomb = "".join(f"X-{number}: {'y' * 8000}\n" for number in range(100))
    assert server.status(f"GET /account/login/ HTTP/1.1\nHost: 127.0.0.1\n{bomb}\n") in ("400", "431", "")
