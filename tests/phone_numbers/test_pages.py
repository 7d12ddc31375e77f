"""Pages of phone numbers and of the carrier account: who may do what, and what a mistake leaves behind."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Location, Role
from phone_numbers import buying, sharing
from phone_numbers.models import PhoneNumber
from telephony import accounts
from telephony.models import Carrier, CarrierAccount
from telephony.signals import account_resumed
from tests.factories import (
    AgentFactory,
    CarrierAccountFactory,
    LocationFactory,
    MemberFactory,
    PhoneNumberFactory,
)
from tests.sandbox.conftest import SID, TOKEN

pytestmark = pytest.mark.django_db
NUMBER = "+13035550150"


def signed_in(location: Location, role: Role = Role.OWNER) -> Client:
    client = Client()
    client.force_login(MemberFactory.create(location=location, role=role).user)
    return client


def url(name: str, location: Location, *arguments: object) -> str:
    return reverse(f"phone_numbers:{name}", args=[location.code, *arguments])


def pages(location: Location, account: CarrierAccount) -> dict[str, tuple[str, Role | None, Role | None]]:
    """Every address of the app: who reads it, and who writes there."""
    number = PhoneNumberFactory.create(location=location, account=account)
    return {
        "list": (url("list", location), Role.VIEWER, None),
        "add": (url("add", location), Role.MANAGER, None),
        "buy": (url("buy", location), None, Role.MANAGER),
        "import": (url("import", location), Role.MANAGER, Role.MANAGER),
        "carrier": (url("carrier", location), Role.MANAGER, Role.OWNER),
        "carrier_pace": (url("carrier_pace", location, account.code), None, Role.OWNER),
        "carrier_token": (url("carrier_token", location, account.code), None, Role.OWNER),
        "carrier_resume": (url("carrier_resume", location, account.code), None, Role.MANAGER),
        "detail": (url("detail", location, number.code), Role.VIEWER, Role.MANAGER),
        "register": (url("register", location, number.code), None, Role.MANAGER),
        "release": (url("release", location, number.code), None, Role.MANAGER),
        "qr": (url("qr", location, number.code, "call", "svg"), Role.VIEWER, None),
    }


def test_every_address_of_the_app_is_in_the_table_of_roles(location, account):
    from phone_numbers.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == set(pages(location, account))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_and_changes_what_it_may(location, account, role):
    client = signed_in(location, role)
    for name, (address, reader, writer) in pages(location, account).items():
        if reader is not None:
            assert client.get(address).status_code == (200 if role.rank >= reader.rank else 403), name
        if writer is not None and role.rank < writer.rank:
            assert client.post(address, {}).status_code == 403, name


def test_a_stranger_finds_nothing_there(location, account):
    stranger = signed_in(LocationFactory.create())
    for address, reader, _ in pages(location, account).values():
        response = stranger.get(address) if reader else stranger.post(address, {})
        assert response.status_code == 404


def test_an_account_or_number_of_another_organization_cannot_be_reached_through_ones_own_location(
    location, account
):
    other = LocationFactory.create()
    foreign = CarrierAccountFactory.create(organization=other.organization)
    client = signed_in(location)
    for name in ("carrier_pace", "carrier_token", "carrier_resume"):
        assert client.post(url(name, location, foreign.code), {}).status_code == 404
    order = {"account": foreign.code, "number": NUMBER}
    assert client.post(url("buy", location), order).status_code == 404
    assert client.post(url("import", location), order).status_code == 404
    assert client.get(url("import", location), {"account": foreign.code}).status_code == 404
    number = PhoneNumberFactory.create(location=other)
    assert client.get(url("detail", location, number.code)).status_code == 404


def test_a_manager_finds_and_buys_a_number(location, account):
    client = signed_in(location, Role.MANAGER)
    page = client.get(url("add", location), {"country": "US", "kind": "local", "area_code": "303"})
    assert "+13035550100" in page.content.decode()
    response = client.post(url("buy", location), {"account": account.code, "number": NUMBER})
    number = PhoneNumber.objects.get()
    assert response.url == url("detail", location, number.code)
    assert number.carrier_sid.startswith("PN")
    assert number.brand_name == location.organization.name
    assert location.log.get().action == "number.bought"


def test_a_search_that_makes_no_sense_says_so(location, account):
    page = signed_in(location).get(
        url("add", location), {"country": "GB", "kind": "local", "area_code": "303"}
    )
    assert "Area codes are for the United States and Canada" in page.content.decode()


def test_a_carrier_that_does_not_answer_leaves_a_page_that_says_so(location, account, sandbox):
    sandbox.fault("rest_lost", operation="available.search")
    page = signed_in(location).get(url("add", location), {"country": "US", "kind": "local"})
    assert page.status_code == 200
    assert "cannot be reached" in page.content.decode()


def test_a_managers_settings_are_kept_with_the_forward_number_in_e164(location, account):
    number = PhoneNumberFactory.create(location=location, account=account, number=NUMBER)
    data = {
        "name": "Desk",
        "brand_name": "Bright Smile Dental",
        "voice_enabled": "on",
        "forward_number": "303 555 0177",
    }
    assert (
        signed_in(location, Role.MANAGER).post(url("detail", location, number.code), data).status_code == 302
    )
    number.refresh_from_db()
    assert (number.name, number.forward_number) == ("Desk", "+13035550177")


@pytest.mark.parametrize("forward", ["12", NUMBER, "+19005550123"])
def test_a_forward_number_that_cannot_be_is_refused_and_kept_on_the_page(location, account, forward):
    number = PhoneNumberFactory.create(location=location, account=account, number=NUMBER)
    data = {"name": "A new name", "voice_enabled": "on", "forward_number": forward}
    response = signed_in(location).post(url("detail", location, number.code), data)
    assert response.status_code == 422
    assert 'value="A new name"' in response.content.decode()


def test_a_number_introduces_no_other_business(location, account):
    number = PhoneNumberFactory.create(location=location, account=account, number=NUMBER)
    data = {"name": "Desk", "brand_name": "Internal Revenue Service", "voice_enabled": "on"}
    response = signed_in(location).post(url("detail", location, number.code), data)
    assert response.status_code == 422
    assert "Calls say the name of your own business: Bright Smile Dental" in response.content.decode()


def test_releasing_asks_for_the_number_itself(location, account):
    number = buying.buy(location, account, NUMBER, name="", actor=None)
    client = signed_in(location)
    client.post(url("release", location, number.code), {"typed": "yes"})
    assert PhoneNumber.objects.for_location(location).exists()
    client.post(url("release", location, number.code), {"typed": NUMBER})
    assert not PhoneNumber.objects.for_location(location).exists()


def test_releasing_a_number_that_an_agent_uses_is_refused_in_words(location, account):
    number = buying.buy(location, account, NUMBER, name="", actor=None)
    AgentFactory.create(location=location, name="Ava", phone_number=number)
    response = signed_in(location).post(url("release", location, number.code), {"typed": NUMBER}, follow=True)
    assert "is used by the agent Ava" in response.content.decode()
    assert PhoneNumber.objects.for_location(location).exists()


def test_a_number_that_was_never_confirmed_can_be_asked_for_again(location, account):
    number = PhoneNumberFactory.create(location=location, account=account, number=NUMBER, carrier_sid="")
    client = signed_in(location)
    assert (
        "has not confirmed this number yet"
        in client.get(url("detail", location, number.code)).content.decode()
    )
    client.post(url("register", location, number.code))
    number.refresh_from_db()
    assert number.carrier_sid.startswith("PN")


def test_qr_codes_say_tel_and_sms_and_come_as_files(location, account):
    number = PhoneNumberFactory.create(location=location, account=account, number=NUMBER)
    assert sharing.uri(NUMBER, "call") == "tel:+13035550150"
    assert sharing.uri(NUMBER, "text") == "sms:+13035550150"
    client = signed_in(location, Role.VIEWER)
    svg = client.get(url("qr", location, number.code, "call", "svg"))
    assert svg["Content-Type"] == "image/svg+xml"
    assert b"<svg" in svg.content
    assert svg.content != client.get(url("qr", location, number.code, "text", "svg")).content
    png = client.get(url("qr", location, number.code, "text", "png"), {"download": ""})
    assert png.content.startswith(b"\x89PNG")
    assert png["Content-Disposition"] == 'attachment; filename="text-13035550150.png"'


TYPED = {"account_sid": SID, "auth_token": TOKEN, "calls_per_second": "2"}


def test_an_account_that_twilio_accepts_is_connected_and_its_secret_kept_out_of_sight(location, sandbox):
    client = signed_in(location)
    assert client.post(url("carrier", location), TYPED).status_code == 302
    account = CarrierAccount.objects.get()
    assert (account.carrier, account.auth_token, account.calls_per_second) == (Carrier.TWILIO, TOKEN, 2)
    page = client.get(url("carrier", location)).content.decode()
    assert TOKEN not in page
    assert SID not in page
    assert f"AC…{SID[-4:]}" in page


def test_a_wrong_token_is_named_and_nothing_typed_is_lost_but_the_secret(location, sandbox):
    response = signed_in(location).post(url("carrier", location), {**TYPED, "auth_token": "wrong-token"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "The carrier refused this account SID and auth token" in page
    assert f'value="{SID}"' in page
    assert "wrong-token" not in page
    assert not CarrierAccount.objects.exists()


def test_an_account_is_connected_once_whoever_asks(location, account):
    response = signed_in(LocationFactory.create()).post(url("carrier", LocationFactory.create()), TYPED)
    assert response.status_code == 404
    response = signed_in(location).post(url("carrier", location), TYPED)
    assert "This account is connected already" in response.content.decode()


def test_a_token_is_replaced_only_by_one_that_works(location, account):
    CarrierAccount.objects.filter(pk=account.pk).update(carrier=Carrier.TWILIO)
    client = signed_in(location)
    wrong = client.post(
        url("carrier_token", location, account.code), {f"{account.code}-auth_token": "nonsense"}
    )
    assert wrong.status_code == 422
    assert "The old token is still in use" in wrong.content.decode()
    CarrierAccount.objects.filter(pk=account.pk).update(auth_token="old")
    client.post(url("carrier_token", location, account.code), {f"{account.code}-auth_token": TOKEN})
    account.refresh_from_db()
    assert account.auth_token == TOKEN


def test_the_pace_of_an_account_is_set_within_reason(location, account):
    client = signed_in(location)
    field = f"{account.code}-calls_per_second"
    assert client.post(url("carrier_pace", location, account.code), {field: "0"}).status_code == 422
    client.post(url("carrier_pace", location, account.code), {field: "5"})
    account.refresh_from_db()
    assert account.calls_per_second == 5


@pytest.fixture
def resumed() -> Callable[[], list[CarrierAccount]]:
    heard: list[CarrierAccount] = []

    def hear(account: CarrierAccount, **kwargs: object) -> None:
        heard.append(account)

    account_resumed.connect(hear)
    yield lambda: heard
    account_resumed.disconnect(hear)


def test_a_halted_account_says_why_and_a_manager_resumes_it(location, account, resumed):
    CarrierAccount.objects.filter(pk=account.pk).update(halted_at=timezone.now(), halt_reason="No funds.")
    client = signed_in(location, Role.MANAGER)
    assert "No funds." in client.get(url("carrier", location)).content.decode()
    client.post(url("carrier_resume", location, account.code))
    client.post(url("carrier_resume", location, account.code))
    account.refresh_from_db()
    assert (account.halted_at, account.halt_reason) == (None, "")
    assert resumed() == [account]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:8000", "is not https"),
        ("https://127.0.0.1", "inside this network"),
        ("https://10.1.2.3", "inside this network"),
        ("https://localhost", "inside this network"),
        ("https://parley.local", "inside this network"),
        ("https://calls.example.com", ""),
    ],
)
def test_the_public_address_is_looked_at_before_twilio_is_told_it(address, words):
    problem = accounts.public_address_problem(address)
    assert words in problem
    assert bool(problem) == bool(words)


def test_a_twilio_account_behind_a_private_address_is_warned_about(location, account, monkeypatch):
    monkeypatch.setattr(settings, "PUBLIC_URL", "http://127.0.0.1:8000")
    CarrierAccount.objects.filter(pk=account.pk).update(carrier=Carrier.TWILIO)
    page = signed_in(location).get(url("carrier", location)).content.decode()
    assert "Twilio cannot call back" in page
    assert "Set PUBLIC_URL" in page
