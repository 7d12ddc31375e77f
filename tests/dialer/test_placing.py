"""One tick of the drain against real rows, on both databases."""

from collections import deque
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from compliance.models import Decision, DoNotCallEntry, LocationDay, NumberDay
from dialer import placing
from dialer.models import Attempt, Call, Pace
from dialer.placing import tick
from dialer.seats import Settled
from dialer.settling import settle_all
from dialer.states import State
from telephony.client import Placed
from telephony.models import CarrierAccount
from tests.dialer.conftest import NOON
from tests.factories import CallFactory, CampaignFactory, ContactFactory, LocationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_it_reserves_and_records_before_anything_is_dialled():
    call = CallFactory()

    done = tick()

    (at, order) = done.orders[0]
    assert at == NOON
    assert order.to == call.phone
    call.refresh_from_db()
    assert call.state == State.CALLING
    assert call.started_at == NOON
    attempt = Attempt.objects.get(call=call)
    assert attempt.token == order.token
    assert attempt.decision.decision == "allow"
    assert NumberDay.objects.get().phone == call.phone
    assert LocationDay.objects.get().dialled == 1
    assert [(event.from_state, event.to_state) for event in call.events.all()] == [("queued", "calling")]


def test_a_location_starts_one_call_every_six_seconds(noon):
    location = LocationFactory()
    for _ in range(3):
        CallFactory(location=location)

    starts = []
    for _ in range(200):
        for at, order in tick().orders:
            starts.append(at)
            settle_all(deque([Settled(order.token, Placed(f"CA{len(starts):032d}"), now())]))
        noon.shift(timedelta(milliseconds=100))

    assert len(starts) == 3
    gaps = [(b - a).total_seconds() for a, b in pairwise(starts)]
    assert min(gaps) >= 6.0
    assert max(gaps) <= 6.15


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_set_after_the_decision_moves_no_dial(noon, jump):
    slot = timedelta(milliseconds=200)
    call = CallFactory()
    Pace.objects.filter(location=call.location).update(next_slot_at=NOON + slot)

    done = tick()
    noon.shift(jump)

    ((due, order),) = done.dials()
    assert order.to == call.phone
    assert due == pytest.approx(done.moment.monotonic + slot.total_seconds())


def test_a_location_with_a_long_queue_delays_nobody(noon):
    """A thousand calls in one location, older than those of nine others: each starts its first within one slot."""
    crowded = CallFactory()
    Call.objects.bulk_create(
        Call(
            location=crowded.location, contact=crowded.contact, agent=crowded.agent,
            phone=f"+1303{4000000 + n}", state="queued", due_at=NOON - timedelta(hours=2),
        )
        for n in range(1000)
    )  # fmt: skip
    others = [CallFactory() for _ in range(9)]
    CarrierAccount.objects.update(calls_per_second=999)

    assert {order.location_id for _, order in tick().orders} >= {call.location_id for call in others}


def test_a_refused_call_takes_no_slot():
    location = LocationFactory()
    refused = CallFactory(location=location, contact=ContactFactory(location=location, consent=False))
    allowed = CallFactory(location=location)

    done = tick()

    refused.refresh_from_db()
    assert (refused.state, refused.disposition, refused.reasons) == ("failed", "rejected", ["no_opt_in"])
    assert [order.to for _, order in done.orders] == [allowed.phone]
    assert not NumberDay.objects.filter(phone=refused.phone).exists()


def test_a_tick_says_whether_another_at_once_would_find_more():
    location = LocationFactory()
    CallFactory(location=location, contact=ContactFactory(location=location, consent=False))
    CallFactory(location=location)
    CallFactory()

    assert tick(calls_each=1).left_more  # the refused call took no slot
    assert not tick(calls_each=1).left_more
    assert not tick().left_more

    for _ in range(2):
        CallFactory()
    assert tick(locations=1).left_more
    assert tick(locations=1).left_more
    assert not tick(locations=1).left_more


def test_a_call_past_its_campaigns_end_leaves_the_slot_to_the_next():
    campaign = CampaignFactory(ends_at=NOON)
    CallFactory(location=campaign.location, campaign=campaign, agent=campaign.agent)

    assert tick().left_more


def test_a_call_outside_the_contacts_hours_goes_back_with_its_instant(noon):
    call = CallFactory()
    noon.move_to(datetime(2026, 3, 3, 19, 59, 56, tzinfo=ZoneInfo("America/Denver")))

    assert tick().orders == []

    call.refresh_from_db()
    assert call.state == State.SCHEDULED
    assert call.due_at == datetime(2026, 3, 4, 8, 0, tzinfo=ZoneInfo("America/Denver"))
    assert call.reasons == ["outside_hours"]
    assert Decision.objects.get().until == call.due_at


def test_a_number_is_called_once_a_day_even_from_two_locations():
    first, second = LocationFactory(), LocationFactory()
    one = CallFactory(location=first, contact=ContactFactory(location=first, phone="+13035550199"))
    two = CallFactory(location=second, contact=ContactFactory(location=second, phone="+13035550199"))

    assert len(tick().orders) == 1
    tick()

    states = sorted(Call.objects.filter(pk__in=[one.pk, two.pk]).values_list("state", flat=True))
    assert states == ["calling", "scheduled"]


def test_the_1001st_call_of_a_location_day_waits_for_tomorrow():
    location = LocationFactory()
    LocationDay.objects.create(
        location=location, local_date=NOON.date(), dialled=1000, last_dialled_at=NOON - timedelta(minutes=1)
    )
    over, behind = CallFactory(location=location), CallFactory(location=location)

    assert tick().orders == []

    over.refresh_from_db()
    behind.refresh_from_db()
    midnight = datetime(2026, 3, 4, 0, 0, tzinfo=ZoneInfo("America/Denver"))
    assert over.reasons == ["location_daily_limit"]
    assert over.due_at == midnight + timedelta(hours=8)
    assert behind.state == State.QUEUED
    pace = Pace.objects.get(location=location)
    assert (pace.next_slot_at, pace.hold_reason) == (midnight, "location_daily_limit")


def test_the_1000th_call_of_a_location_day_is_dialled():
    location = LocationFactory()
    LocationDay.objects.create(
        location=location, local_date=NOON.date(), dialled=999, last_dialled_at=NOON - timedelta(minutes=1)
    )
    CallFactory(location=location)

    assert len(tick().orders) == 1


def test_a_call_without_a_number_of_ours_fails_in_words():
    call = CallFactory(agent__phone_number=None)

    assert tick().orders == []

    call.refresh_from_db()
    assert (call.state, call.failure_code) == ("failed", "MISSING_PHONE_NUMBER")
    assert not Decision.objects.exists()


def test_the_campaigns_number_goes_before_the_agents():
    campaign = CampaignFactory()
    call = CallFactory(location=campaign.location, campaign=campaign, agent=campaign.agent)
    other = CallFactory(location=campaign.location).agent.phone_number
    campaign.phone_number = other
    campaign.save()

    orders = tick().orders

    assert orders[0][1].from_number == other.number
    assert orders[0][1].to == call.phone


def test_a_broken_template_fails_its_call_before_anything_is_reserved():
    from voiceagents.models import PromptTemplate

    campaign = CampaignFactory()
    campaign.prompt_template = PromptTemplate.objects.create(
        location=campaign.location, name="Broken", body="{{ contact.first_name | no_such_filter }}"
    )
    campaign.save()
    call = CallFactory(location=campaign.location, campaign=campaign, agent=campaign.agent)

    assert tick().orders == []

    call.refresh_from_db()
    assert (call.state, call.failure_code) == ("failed", "PROMPT_ERROR")
    assert not Decision.objects.exists()  # An allow would be missed its dial by whoever checks the archive.
    assert not NumberDay.objects.exists()


def test_a_number_taken_since_its_facts_were_read_is_not_dialled(monkeypatch):
    lost, other = CallFactory(), CallFactory()
    gather = placing.fact_gathering.gather
    elsewhere = [lost.phone]

    def gather_and_lose(asks, at):
        found = gather(asks, at)
        for phone in elsewhere:
            NumberDay.objects.create(
                phone=phone,
                local_date=at.astimezone(ZoneInfo("America/Denver")).date(),
                dialled_at=at,
                location=other.location,
                attempt_token="another drain's",
            )
        elsewhere.clear()
        return found

    monkeypatch.setattr(placing.fact_gathering, "gather", gather_and_lose)

    done = tick()

    assert [order.to for _, order in done.orders] == [other.phone]
    assert [attempt.call for attempt in Attempt.objects.all()] == [other]
    assert [decision.call_id for decision in Decision.objects.all()] == [other.pk]
    assert [day.dialled for day in LocationDay.objects.all()] == [1]
    lost.refresh_from_db()
    assert (lost.state, lost.due_at, lost.conversation) == ("queued", NOON + placing.TAKEN_RECHECK, None)


def test_a_do_not_call_entry_refuses_the_number_in_the_whole_organization():
    call = CallFactory()
    DoNotCallEntry.objects.create(
        organization=call.location.organization,
        phone=call.phone,
        reason="Asked on the phone",
        source="spoken",
    )

    tick()

    call.refresh_from_db()
    assert call.reasons == ["blacklisted"]


def test_held_calls_are_passed_by():
    CallFactory(held=True)

    assert tick().decided == 0


def test_a_tick_costs_a_fixed_number_of_queries():
    def queries(count: int) -> int:
        for _ in range(count):
            CallFactory()
        with CaptureQueriesContext(
            connection,
        ) as context:
            assert len(tick().orders) == count
        return len(context)

    few = queries(2)
    assert queries(20) - few <= 20  # One count of the location's day for each further location.
