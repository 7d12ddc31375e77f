"""Numbers at the real sandbox carrier: bought once, taken over, given back, whatever the network does."""

import pytest

from dialer.models import CampaignState
from phone_numbers import buying, tasks
from phone_numbers.models import PhoneNumber
from telephony import client
from telephony.client import CarrierRefused, CarrierUnavailable
from tests.factories import (
    AgentFactory,
    CampaignFactory,
    LocationFactory,
    PhoneNumberFactory,
    UserFactory,
)
from tests.sandbox.conftest import SID, TOKEN

pytestmark = pytest.mark.django_db
NUMBER = "+13035550150"


def owned(account) -> list[str]:
    return [e164 for e164, _, _ in client.owned_numbers(account)]


def a_number(location, account, number: str = NUMBER) -> PhoneNumber:
    return PhoneNumberFactory.create(location=location, account=account, number=number, carrier_sid="")


def test_a_number_without_a_sid_is_bought(location, account):
    number = a_number(location, account)
    tasks.provision(number.pk)
    number.refresh_from_db()
    assert number.carrier_sid.startswith("PN")
    assert owned(account) == [NUMBER]


def test_provisioning_again_orders_nothing(location, account, monkeypatch):
    number = a_number(location, account)
    sid = buying.provision(number.pk)
    monkeypatch.setattr(client, "buy_number", lambda *order: pytest.fail(f"ordered {order} again"))
    PhoneNumber.objects.filter(pk=number.pk).update(carrier_sid="")
    assert buying.provision(number.pk) == sid
    assert buying.provision(number.pk) == sid
    assert owned(account) == [NUMBER]


def test_a_purchase_whose_answer_was_lost_is_found_and_not_repeated(location, account, sandbox, monkeypatch):
    monkeypatch.setattr(client._client(SID, TOKEN, "sandbox").http_client, "timeout", 0.5)
    sandbox.fault("rest_timeout", operation="numbers.create", count=1)
    number = a_number(location, account)
    sid = buying.provision(number.pk, pause=0.01)
    assert owned(account) == [NUMBER]
    assert sid == client.owned_numbers(account)[0][1]


def test_it_waits_for_a_carrier_that_is_still_starting(location, account, sandbox):
    sandbox.fault("rest_lost", operation="numbers.list", count=3)
    number = a_number(location, account)
    assert buying.provision(number.pk, pause=0.01)


def test_it_gives_up_in_words_when_the_carrier_never_answers(location, account, sandbox):
    sandbox.fault("rest_lost", operation="numbers.*")
    number = a_number(location, account)
    with pytest.raises(CarrierUnavailable, match="cannot be reached"):
        buying.provision(number.pk, patience=0.05, pause=0.01)
    number.refresh_from_db()
    assert number.carrier_sid == ""


def test_it_does_not_ask_again_when_the_carrier_refuses(location, account, sandbox):
    number = a_number(location, account, "+15005550000")
    with pytest.raises(CarrierRefused, match="21422"):
        buying.provision(number.pk, pause=60)


def test_two_at_once_buy_one_number(location, account, monkeypatch):
    """The other one buys between our question and our order."""
    number = a_number(location, account)
    real = client.buy_number

    def overtaken(*arguments):
        real(*arguments)
        return real(*arguments)

    monkeypatch.setattr(client, "buy_number", overtaken)
    assert buying.provision(number.pk)
    assert owned(account) == [NUMBER]


def test_numbers_on_sale_are_found_by_area_and_digits(account):
    found = client.available_numbers(account, "US", area_code="303")
    assert found
    assert all(offer.number.startswith("+1303") and offer.locality == "Denver" for offer in found)
    assert client.available_numbers(account, "US", contains="5550199")
    assert client.available_numbers(account, "GB", kind="mobile")
    assert client.available_numbers(account, "US", kind="toll_free") == []


def test_a_country_in_which_nothing_is_sold_is_named_so(account):
    with pytest.raises(CarrierRefused, match="sells no local numbers in this country"):
        client.available_numbers(account, "FR")


def test_a_wrong_token_is_told_in_words(account):
    account.auth_token = "wrong"
    with pytest.raises(CarrierRefused, match="refused the account's SID and auth token"):
        client.available_numbers(account, "US")


def test_a_refused_purchase_leaves_nothing_behind(location, account):
    with pytest.raises(buying.NotPossible, match="Nothing was bought"):
        buying.buy(location, account, "+15005550000", name="", actor=None)
    assert not PhoneNumber.objects.exists()
    assert not location.log.exists()


def test_a_purchase_nobody_knows_about_stays_on_the_list(location, account, sandbox):
    sandbox.fault("rest_lost", operation="numbers.create")
    with pytest.raises(buying.NotPossible, match="Nobody knows yet"):
        buying.buy(location, account, NUMBER, name="Desk", actor=None)
    assert PhoneNumber.objects.get().carrier_sid == ""
    assert location.log.get().action == "number.ordered"


def test_numbers_that_the_account_owns_are_taken_over_once(location, account, sandbox):
    sandbox.control("POST", "numbers", number="+13035550177")
    assert [e164 for e164, _ in buying.importable(location, account)] == ["+13035550177"]
    number = buying.take_over(location, account, "+13035550177", actor=UserFactory.create())
    assert number.carrier_sid.startswith("PN")
    assert buying.importable(location, account) == []
    with pytest.raises(buying.NotPossible, match="in use by a location already"):
        buying.take_over(LocationFactory.create(), account, "+13035550177", actor=None)


def test_a_number_that_the_account_does_not_own_is_not_taken_over(location, account):
    with pytest.raises(buying.NotPossible, match="does not own"):
        buying.take_over(location, account, NUMBER, actor=None)


def test_a_number_in_use_is_not_released(location, account):
    number = buying.buy(location, account, NUMBER, name="Desk", actor=None)
    agent = AgentFactory.create(location=location, name="Ava", phone_number=number)
    campaign = CampaignFactory.create(
        location=location, name="Recall", agent=agent, phone_number=number, state=CampaignState.PAUSED
    )
    with pytest.raises(buying.NotPossible, match=r"the agent Ava, the campaign Recall \(paused\)"):
        buying.release(number, actor=None)
    assert owned(account) == [NUMBER]
    agent.phone_number = None
    agent.save()
    campaign.state = CampaignState.FINISHED
    campaign.save()
    buying.release(number, actor=None)
    assert owned(account) == []
    assert not PhoneNumber.objects.for_location(location).exists()


def test_a_released_number_can_be_bought_again_by_anybody(location, account):
    buying.release(buying.buy(location, account, NUMBER, name="", actor=None), actor=None)
    again = buying.buy(LocationFactory.create(), account, NUMBER, name="", actor=None)
    assert again.carrier_sid.startswith("PN")
    assert PhoneNumber.objects.filter(number=NUMBER).count() == 2


def test_a_number_that_the_carrier_took_back_already_is_released_all_the_same(location, account):
    number = buying.buy(location, account, NUMBER, name="", actor=None)
    client.release_number(account, number.carrier_sid)
    buying.release(number, actor=None)
    assert not PhoneNumber.objects.for_location(location).exists()
