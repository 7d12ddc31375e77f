"""The drain's clock: proven by the carrier's, the database's and the monotonic one before anything is decided."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils.timezone import now
from django_q.models import Schedule
from pytest_httpserver import HTTPServer

from dialer.clocks import Clocks, Heard, hear, pull_back
from dialer.models import Pace
from dialer.schedules import install
from telephony import client
from telephony.client import CarrierUnavailable
from telephony.models import CarrierAccount
from tests.factories import CarrierAccountFactory, LocationFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Carrier:
    """Asked on the spot. Its clock is right, whatever ours is set to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reachable, self.asked = True, 0
        self._since = now().timestamp() - time.monotonic()
        monkeypatch.setattr(client, "time_at", self.time_at)

    def time_at(self, account: CarrierAccount) -> datetime:
        self.asked += 1
        if not self.reachable:
            raise CarrierUnavailable("gone")
        return datetime.fromtimestamp(self._since + time.monotonic(), UTC).replace(microsecond=0)


class Ours(Clocks):
    """The drain's clocks, with the question answered at once, as a seat would later; the database says what we say."""

    def __init__(self) -> None:
        super().__init__(self.answer)

    def answer(self, question: Callable[[], Any]) -> None:
        try:
            self.heard(question())
        except CarrierUnavailable as error:
            self.heard(error)

    def _ask_database(self, monotonic: float) -> None:
        pass


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    CarrierAccountFactory()
    return Carrier(monkeypatch)


def test_a_right_clock_is_proven_and_seldom_asked_about(carrier):
    ours = Ours()
    moments = [ours.moment() for _ in range(5)]
    assert all(moments)
    assert carrier.asked == 1


@pytest.mark.parametrize(
    "shift", [-24 * HOUR, -HOUR, timedelta(seconds=-5), timedelta(seconds=5), HOUR, 24 * HOUR]
)
def test_nothing_is_decided_by_a_clock_that_the_carrier_contradicts(carrier, shift):
    """From the start, and when it is set meanwhile; the database is on the same machine and says the same."""
    ours = Ours()
    assert ours.moment()
    with time_machine.travel(now() + shift):
        assert ours.moment() is None
        assert Ours().moment() is None
    assert ours.moment()


def test_a_clock_that_was_set_and_is_right_goes_on(carrier):
    with time_machine.travel(now() + HOUR) as traveller:
        ours = Ours()
        assert ours.moment() is None
        traveller.shift(-HOUR)
        assert ours.moment()


def test_after_a_jump_nobody_is_called_until_the_carrier_can_be_asked(carrier):
    ours = Ours()
    assert ours.moment()
    carrier.reachable = False
    with time_machine.travel(now() + HOUR):
        assert ours.moment() is None
    carrier.reachable = True
    assert ours.moment()


def test_a_carrier_that_cannot_be_asked_stops_no_clock_that_stood(carrier):
    carrier.reachable = False
    assert Ours().moment()


def test_without_an_account_there_is_nobody_to_ask_or_to_call(db):
    assert Ours().moment()


def test_an_answer_from_before_a_jump_proves_nothing(carrier):
    later: list[Callable[[], Any]] = []
    ours = Clocks(later.append)
    ours._ask_database = lambda monotonic: None  # type: ignore[method-assign]
    assert ours.moment() is None
    answer = later[0]()
    with time_machine.travel(now() + HOUR):
        assert ours.moment() is None
        ours.heard(answer)
        assert ours.moment() is None


@pytest.mark.parametrize(
    ("asked", "answered", "apart"),
    [(100.0, 100.1, 0.0), (100.9, 101.0, 0.0), (99.0, 108.0, 0.0), (103.0, 103.1, 2.0), (97.0, 98.0, -2.0)],
)
def test_the_carrier_tells_seconds_and_the_way_takes_time(asked, answered, apart):
    assert Heard(datetime.fromtimestamp(100, UTC), asked, answered, offset=0.0).apart == apart


def test_the_carriers_time_heads_a_refusal_too(httpserver: HTTPServer, settings):
    account = CarrierAccountFactory()
    settings.SANDBOX_URL = httpserver.url_for("").rstrip("/")
    httpserver.expect_request(f"/api/2010-04-01/Accounts/{account.account_sid}.json").respond_with_json(
        {"code": 20003}, status=401
    )
    heard = hear(account, now().timestamp() - time.monotonic())
    assert abs(heard.apart) < 2


def test_what_a_clock_put_a_day_ahead_is_taken_back():
    install()
    ahead = now() + 24 * HOUR
    closed, used_up, soon = (LocationFactory() for _ in range(3))
    Pace.objects.filter(location=closed).update(next_slot_at=ahead)
    Pace.objects.filter(location=used_up).update(next_slot_at=ahead, hold_reason="location_daily_limit")
    at = now() + timedelta(seconds=50)
    Pace.objects.filter(location=soon).update(next_slot_at=at)
    account = CarrierAccountFactory()
    CarrierAccount.objects.filter(pk=account.pk).update(next_slot_at=ahead)
    Schedule.objects.filter(name="every minute").update(next_run=ahead)
    daily = Schedule.objects.get(name="scan the opt-in forms")

    moment = now()
    pull_back(moment)

    slots = dict(Pace.objects.values_list("location_id", "next_slot_at"))
    assert slots[closed.pk] < moment + timedelta(minutes=1)
    assert (slots[used_up.pk], slots[soon.pk]) == (ahead, at)
    assert CarrierAccount.objects.get(pk=account.pk).next_slot_at < moment + timedelta(minutes=1)
    assert Schedule.objects.get(name="every minute").next_run == moment
    assert Schedule.objects.get(pk=daily.pk).next_run == daily.next_run
