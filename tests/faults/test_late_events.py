"""Rows 5 and 6 and their like: what comes after everything was over, or about a dial that never was."""

from collections import deque
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils.timezone import now

from compliance.models import LocationDay, NumberDay
from dialer import campaigns
from dialer.callbacks import UNKNOWN_OUTCOME
from dialer.models import Attempt, Call, Campaign, CampaignState, Origin
from dialer.placing import STRAY, account_gap, tick
from dialer.reconcile import ABSENT_AFTER, ask_about_open, settle_answers
from dialer.results import analyse_left_over
from dialer.seats import Answered, Seats, Settled
from dialer.settling import UNCLEAR_HOLD, UNCLEAR_MOST, settle_all
from telephony import client
from telephony.client import NotNow, Placed, Placing, Unclear
from telephony.models import CarrierAccount, CarrierEvent
from tests.dialer.carrier import machine_fields, post, status_fields
from tests.factories import CallFactory, CampaignFactory, LocationFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 3, 12, 0, tzinfo=ZoneInfo("America/Denver")).astimezone(UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def dialled(**fields: object) -> Attempt:
    CallFactory(**fields)
    assert len(tick().orders) == 1
    return Attempt.objects.select_related("account", "call").latest("pk")


def settle(attempt: Attempt, placing: Placing) -> None:
    settle_all(deque([Settled(attempt.token, placing, now())]))


def deliver(attempt: Attempt, status: str, sequence: int, **more: str) -> int:
    fields = status_fields(attempt, status, sequence, NOON, **more)
    return post("status", attempt.token, attempt.account.auth_token, fields)


def give_up(attempt: Attempt, clock: time_machine.Traveller) -> None:
    settle(attempt, Unclear("The connection broke."))
    clock.shift(ABSENT_AFTER)
    seats = Seats(1)
    settle_answers(seats, [Answered(attempt.pk, [])])
    seats.close()
    assert Call.objects.get().failure_code == UNKNOWN_OUTCOME


def in_campaign(state: str = CampaignState.RUNNING) -> Campaign:
    campaign = CampaignFactory(state=state)
    CallFactory(location=campaign.location, campaign=campaign, agent=campaign.agent, origin=Origin.CAMPAIGN)
    return campaign


def test_a_call_that_was_given_up_and_proves_alive_is_concluded_as_if_on_time(clock):
    attempt = dialled()
    give_up(attempt, clock)
    clock.shift(timedelta(minutes=2))
    analyse_left_over()
    assert Call.objects.get().analysed_at is not None

    assert deliver(attempt, "in-progress", 2) == 204
    call = Call.objects.get()
    assert (call.state, call.failure_code, call.disposition, call.ended_at) == ("in_progress", "", "", None)
    assert deliver(attempt, "completed", 3, CallDuration="20") == 204

    call.refresh_from_db()
    assert (call.state, call.disposition, call.talk_seconds) == ("completed", "connected", 20)
    assert call.analysed_at is None, "what was concluded from silence is concluded again"


def test_a_call_given_up_while_it_rang_still_ends_as_the_carrier_says(clock):
    attempt = dialled()
    assert deliver(attempt, "ringing", 1) == 204
    clock.shift(timedelta(minutes=2))
    seats = Seats(1)
    settle_answers(seats, [Answered(attempt.pk, None)])
    seats.close()
    assert Call.objects.get().failure_code == UNKNOWN_OUTCOME

    assert deliver(attempt, "busy", 3) == 204

    call = Call.objects.get()
    assert (call.state, call.disposition, call.failure_code) == ("busy", "no_answer", "")


def test_a_late_event_is_booked_to_the_day_the_call_began(clock):
    attempt = dialled()
    clock.shift(timedelta(days=1, hours=1))

    assert deliver(attempt, "completed", 3, CallDuration="20") == 204

    assert Call.objects.get().started_at == NOON
    assert LocationDay.objects.get().local_date == NumberDay.objects.get().local_date == NOON.date()


def test_a_late_event_of_a_deleted_campaign_still_ends_its_call():
    campaign = in_campaign()
    tick()
    attempt = Attempt.objects.select_related("account", "call").get()
    Campaign.objects.filter(pk=campaign.pk).delete()

    assert deliver(attempt, "completed", 3, CallDuration="20") == 204

    assert Call.objects.get().state == "completed"


def test_a_dial_whose_drain_died_is_over_within_a_minute(clock, monkeypatch):
    """By the product's own times, which scenes with real processes shorten."""
    monkeypatch.setattr(client, "find_calls", lambda *_, **__: [])
    attempt, seats = dialled(), Seats(1)
    for _ in range(60):
        clock.shift(timedelta(seconds=1))
        ask_about_open(seats)
        while seats.busy:
            settle_answers(seats, seats.results(1))
    seats.close()

    attempt = Attempt.objects.get()
    assert (attempt.state, Call.objects.get().failure_code) == ("ended", UNKNOWN_OUTCOME)
    assert NumberDay.objects.filter(attempt_token=attempt.token).exists()


def test_an_event_of_a_refused_dial_is_kept_and_answered_and_touches_no_other_dial(clock):
    refused = dialled()
    settle(refused, NotNow("The carrier asks for fewer requests."))
    clock.shift(timedelta(seconds=20))
    assert len(tick().orders) == 1

    assert deliver(refused, "ringing", 1) == 204

    assert CarrierEvent.objects.get().known is False
    assert sorted(Attempt.objects.values_list("state", flat=True)) == ["refused", "reserved"]


def test_a_machines_verdict_before_the_carriers_answer_can_hang_up():
    attempt = dialled()

    assert (
        post("amd", attempt.token, attempt.account.auth_token, machine_fields(attempt, "machine_start"))
        == 204
    )

    attempt.refresh_from_db()
    assert attempt.sid == "CA" + attempt.token[:32]


def test_a_machines_verdict_after_the_analysis_still_plans_the_retry(clock):
    attempt = dialled()
    assert deliver(attempt, "completed", 3, CallDuration="20") == 204
    clock.shift(timedelta(minutes=1))
    analyse_left_over()
    assert Call.objects.get().analysed_at is not None

    assert (
        post("amd", attempt.token, attempt.account.auth_token, machine_fields(attempt, "machine_start"))
        == 204
    )
    analyse_left_over()

    call = Call.objects.get(parent=None)
    assert (call.state, call.disposition) == ("voicemail", "voicemail")
    assert call.children.get().origin == Origin.RETRY


@pytest.mark.parametrize(
    ("state", "ends", "held"), [("canceled", "canceled", False), ("paused", "queued", True)]
)
def test_a_dial_put_back_obeys_what_became_of_its_campaign_meanwhile(state, ends, held, clock):
    campaign = in_campaign()
    tick()
    {"canceled": campaigns.cancel, "paused": campaigns.pause}[state](campaign, None)

    settle(Attempt.objects.get(), NotNow("The carrier asks for fewer requests."))

    call = Call.objects.get()
    assert (call.state, call.held) == (ends, held)
    clock.shift(timedelta(minutes=1))
    assert tick().orders == []


def test_a_carrier_that_fails_every_dial_does_not_burn_the_list(clock):
    location = LocationFactory()
    agent = CallFactory(location=location).agent
    for _ in range(UNCLEAR_MOST + 3):
        CallFactory(location=location, agent=agent)
    for _ in range(UNCLEAR_MOST):
        assert len(tick().orders) == 1
        settle(Attempt.objects.latest("pk"), Unclear("The carrier answered 503."))
        clock.shift(STRAY + timedelta(seconds=7))

    assert tick().orders == []
    clock.shift(UNCLEAR_HOLD)
    # Slowly at first: while an answer is awaited few others are spent on a carrier that may be as bad as before.
    account = CarrierAccount.objects.get()
    assert account_gap(account, now()) == timedelta(seconds=16 / float(account.calls_per_second))
    assert len(tick().orders) == 1
    settle(Attempt.objects.latest("pk"), Placed("CA" + "7" * 32))
    clock.shift(timedelta(seconds=7))
    assert len(tick().orders) == 1
    assert CarrierAccount.objects.get().halted_at is None


def test_a_call_that_the_carrier_would_start_after_hours_is_taken_back(django_assert_num_queries, clock):
    from django_q.models import OrmQ

    clock.move_to(datetime(2026, 3, 3, 19, 55, tzinfo=ZoneInfo("America/Denver")))
    early, late = dialled(), dialled()
    before = OrmQ.objects.count()

    settle(early, Placed("CA" + "1" * 32, queue_ms=1_000))
    assert OrmQ.objects.count() == before
    settle(late, Placed("CA" + "2" * 32, queue_ms=400_000))

    assert OrmQ.objects.count() == before + 1
