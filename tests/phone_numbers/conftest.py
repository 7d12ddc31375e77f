"""The sandbox carrier as a process of its own, and an account there."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from accounts.models import Location
from telephony import client
from telephony.models import Carrier, CarrierAccount
from tests.factories import CarrierAccountFactory, LocationFactory
from tests.sandbox.conftest import SID, TOKEN
from tests.sandbox.conftest import Carrier as Sandbox


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = Sandbox(tmp_path_factory.mktemp("carrier"))
    yield sandbox
    sandbox.stop()


@pytest.fixture
def sandbox(running: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A carrier with nothing on its record. What would go to Twilio goes there, too."""
    running.control("POST", "reset")
    running.control("POST", "accounts", sid=SID, cps=0)
    for number in running.client().incoming_phone_numbers.list():
        number.delete()
    monkeypatch.setattr(settings, "SANDBOX_URL", running.base)
    made = client._client
    made.cache_clear()

    def at_the_sandbox(sid: str, token: str, carrier: str) -> Any:
        return made(sid, token, Carrier.SANDBOX)

    monkeypatch.setattr(client, "_client", at_the_sandbox)
    yield running
    made.cache_clear()


@pytest.fixture
def location(db: None) -> Location:
    return LocationFactory.create(name="Denver")


@pytest.fixture
def account(location: Location, sandbox: Sandbox) -> CarrierAccount:
    return CarrierAccountFactory.create(
        organization=location.organization, name="Sandbox", account_sid=SID, auth_token=TOKEN
    )
