"""Where a model may live: no address inside this network, unless the operator says so, checked when connecting."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings

from tests.voiceagents.model_stub import ModelStub, says
from voiceagents.brains import endpoints
from voiceagents.brains.endpoints import ModelFailedError, check_url, close_session, stream


@pytest.fixture
def model() -> Iterator[ModelStub]:
    stub = ModelStub()
    stub.replies = [says("Hello.")]
    stub.start()
    yield stub
    stub.stop()


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/v1",
        "https://127.0.0.1/v1",
        "https://[::1]/v1",
        "https://[::ffff:10.0.0.1]/v1",
        "https://169.254.169.254/latest",
        "https://10.1.2.3/v1",
        "https://192.168.0.1/v1",
        "https://0.0.0.0/v1",
        "https://100.64.0.1/v1",
        "https://224.0.0.1/v1",
        "https://user:pass@api.example.com/v1",
        "https://api.example.com/v1?x=1",
        "file:///etc/passwd",
        "ftp://api.example.com",
        "//api.example.com",
        "",
    ],
)
def test_an_unsafe_address_is_refused_with_words(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        check_url(url)


def test_a_public_https_address_is_taken() -> None:
    assert check_url("https://api.example.com/v1/") == "https://api.example.com/v1"


def test_the_operator_can_allow_a_host_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_settings, "MODEL_HOSTS_ALLOWED", ["localhost", "10.0.0.7"])
    assert check_url("http://localhost:11434/v1") == "http://localhost:11434/v1"
    assert check_url("http://10.0.0.7/v1") == "http://10.0.0.7/v1"
    with pytest.raises(ValueError, match="inside"):
        check_url("https://10.0.0.8/v1")


def ask(url: str) -> str:
    async def call() -> str:
        try:
            by = asyncio.get_running_loop().time() + 5
            return "".join([d.text async for d in stream(url, "", {"model": "m"}, first_by=by, stall=5)])
        finally:
            await close_session()

    return asyncio.run(call())


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"])
def test_a_name_that_leads_inside_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, model: ModelStub, inside: str
) -> None:
    def resolve(host: str, port: int, *args: object, **kwargs: object) -> list:
        family = socket.AF_INET6 if ":" in inside else socket.AF_INET
        address = (inside, port, 0, 0) if ":" in inside else (inside, port)
        return [(family, socket.SOCK_STREAM, 6, "", address)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(ModelFailedError):
        ask(f"https://model.example:{model.port}/v1")
    assert model.requests == []


def test_a_redirect_is_not_followed(monkeypatch: pytest.MonkeyPatch, model: ModelStub) -> None:
    monkeypatch.setattr(django_settings, "MODEL_HOSTS_ALLOWED", ["127.0.0.1"])
    model.replies = [302]
    with pytest.raises(ModelFailedError, match="302"):
        ask(model.url)
    assert len(model.requests) == 1


def test_connections_serve_more_than_one_turn(monkeypatch: pytest.MonkeyPatch, model: ModelStub) -> None:
    monkeypatch.setattr(django_settings, "MODEL_HOSTS_ALLOWED", ["127.0.0.1"])

    async def call() -> int:
        try:
            for _ in range(3):
                by = asyncio.get_running_loop().time() + 5
                deltas = stream(model.url, "", {"model": "m"}, first_by=by, stall=5)
                assert "".join([d.text async for d in deltas]) == "Hello."
            connector = endpoints._session().connector
            assert connector is not None
            return sum(len(idle) for idle in connector._conns.values())
        finally:
            await close_session()

    assert asyncio.run(call()) == 1
