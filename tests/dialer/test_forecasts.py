"""The launch forecast: what it says against what the drain then does, what it keeps, and its pages."""

import csv
import io
from collections import Counter, deque
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models import Min
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from accounts import jobs
from accounts.models import Job, JobState, Role
from compliance import ledger, rules
from compliance.models import DoNotCallEntry, LocationDay, NumberDay
from dialer import campaigns, forecasts
from dialer.models import Call, Forecast, ForecastContact, Pace
from dialer.placing import tick
from dialer.seats import Settled
from dialer.settling import settle_all
from telephony.client import Placed
from tests.factories import (
    AgentFactory,
    CallFactory,
    CampaignFactory,
    ContactFactory,
    LocationFactory,
    MemberFactory,
)

pytestmark = pytest.mark.django_db
DENVER = ZoneInfo("America/Denver")
EVENING = datetime(2026, 3, 3, 19, 59, 30, tzinfo=DENVER).astimezone(UTC)


@pytest.fixture(autouse=True)
def evening():
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


def made(campaign) -> Forecast:
    job = forecasts.start(campaign, None)
    assert job is not None
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    return Forecast.objects.get(code=job.result["forecast"])


def drained(traveller) -> None:
    """Run the drain's tick until nothing waits any more, its clock standing still but for the next thing to do."""
    dialled = 0
    while (due := Call.objects.waiting().aggregate(at=Min("due_at"))["at"]) is not None:
        slot = Pace.objects.order_by("next_slot_at").values_list("next_slot_at", flat=True)[0]
        traveller.move_to(max(now(), due, slot))
        done = tick(calls_each=32)
        for at, order in done.orders:
            dialled += 1
            settle_all(deque([Settled(order.token, Placed(f"CA{dialled:032d}"), at)]))
        if not done.decided:
            traveller.shift(timedelta(milliseconds=250))


def by_hour(instants) -> Counter:
    return Counter((at.astimezone(DENVER).date(), at.astimezone(DENVER).hour) for at in instants)


def mixed_audience(location) -> None:
    """People in three zones, some of them not to be called, some called before."""
    for n in range(24):
        zones = ["America/Denver", "America/New_York", "America/Los_Angeles"][n % 3]
        contact = ContactFactory(location=location, zones=zones, consent=n % 7 != 3)
        if n % 5 == 0:
            NumberDay.objects.create(
                phone=contact.phone,
                local_date=EVENING.date(),
                dialled_at=EVENING - timedelta(hours=2),
                location=location,
                attempt_token=f"before{n}",
            )
        if n == 8:
            DoNotCallEntry.objects.create(
                organization=location.organization, phone=contact.phone, reason="Asked for it", source="staff"
            )


def test_it_says_what_the_drain_then_does(evening, monkeypatch):
    monkeypatch.setattr(rules, "LOCATION_DAILY_LIMIT", 6)
    location = LocationFactory()
    campaign = CampaignFactory(location=location)
    mixed_audience(location)
    LocationDay.objects.create(
        location=location,
        local_date=EVENING.astimezone(DENVER).date(),
        dialled=4,
        last_dialled_at=EVENING - timedelta(minutes=1),
    )
    others = [
        CallFactory(location=location, agent=campaign.agent),
        CallFactory(location=location, agent=campaign.agent, due_at=EVENING + timedelta(days=2)),
        CallFactory(location=location, agent=campaign.agent, contact=location.contacts.order_by("pk")[4]),
    ]

    forecast = made(campaign)
    job = campaigns.launch(campaign, None)
    jobs.run(job.pk)
    drained(evening)

    own = Call.objects.filter(campaign=campaign)
    foretold = dict(ForecastContact.objects.filter(forecast=forecast).values_list("contact_id", "at"))
    rows = {row.contact_id: row for row in ForecastContact.objects.filter(forecast=forecast)}
    assert len(foretold) == own.count() == 26
    for call in own:
        row = rows[call.contact_id]
        assert row.result == ("called" if call.started_at else "refused")
        if row.result == "refused":
            assert sorted(row.reasons) == sorted(call.reasons)
        else:
            assert abs(call.started_at - row.at) < timedelta(seconds=3), call
    hours = {(row[0], row[1]): (row[2], row[3]) for row in forecast.summary["hours"]}
    real = by_hour(own.exclude(started_at=None).values_list("started_at", flat=True))
    assert {(day.isoformat(), hour): n for (day, hour), n in real.items()} == {
        key: calls for key, (calls, _) in hours.items() if calls
    }
    assert sum(before for _, before in hours.values()) == sum(
        Call.objects.get(pk=call.pk).started_at is not None for call in others
    )
    assert len({day for day, _ in real}) > 2


def test_who_is_not_reached_before_the_end_is_counted():
    location = LocationFactory()
    morning = datetime(2026, 3, 4, 8, 0, tzinfo=DENVER)
    campaign = CampaignFactory(location=location, ends_at=morning + timedelta(seconds=13))
    for _ in range(10):
        ContactFactory(location=location)

    summary = made(campaign).summary

    # Five before the evening closes (a dial must be able to leave until five seconds later), three in the morning.
    assert summary["results"] == {"called": 8, "unreached": 2}


def test_a_schedule_that_never_opens_refuses_everybody_and_says_so():
    location = LocationFactory()
    campaign = CampaignFactory(
        location=location, schedule={"tz": "contact", "days": {"mon": [["05:00", "06:00"]]}}
    )
    ContactFactory(location=location)
    made(campaign)

    page = viewer_of(location).get(url("campaign_forecast", campaign)).content.decode()

    assert "Nobody would be called" in page
    assert "leave no opening" in page
    assert "no time is left for it" in page


def test_consent_that_runs_out_before_its_turn_is_refused():
    location = LocationFactory()
    campaign = CampaignFactory(location=location, starts_at=EVENING + timedelta(days=3))
    contact = ContactFactory(location=location, consent=False)
    ledger.grant(
        contact=contact, source="staff", evidence="A form of paper", captured_at=EVENING - timedelta(days=1),
        expires_at=EVENING + timedelta(days=2),
    )  # fmt: skip

    assert made(campaign).summary["refused"] == {"no_opt_in": 1}


def test_an_audience_of_nobody_has_a_forecast_in_words():
    campaign = CampaignFactory()
    assert made(campaign).summary["results"] == {}
    page = viewer_of(campaign.location).get(url("campaign_forecast", campaign)).content.decode()
    assert "Nobody was chosen" in page


def test_a_new_forecast_replaces_the_old_one_and_a_canceled_one_leaves_it():
    campaign = CampaignFactory()
    ContactFactory(location=campaign.location)
    first = made(campaign)
    second = made(campaign)
    assert list(Forecast.objects.values_list("pk", flat=True)) == [second.pk] != [first.pk]

    job = forecasts.start(campaign, None)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.CANCELED
    assert forecasts.newest(campaign) == second
    assert Forecast.objects.count() == 1
    assert ForecastContact.objects.count() == 1


def test_only_one_is_made_at_a_time_and_only_of_a_draft():
    campaign = CampaignFactory()
    assert forecasts.start(campaign, None) is not None
    assert forecasts.start(campaign, None) is None
    assert forecasts.start(CampaignFactory(state="running"), None) is None


def test_the_page_says_what_changed_since():
    campaign = CampaignFactory()
    location = campaign.location
    contact = ContactFactory(location=location)
    forecast = made(campaign)
    assert forecasts.changed_since(forecast, campaign) == []

    ContactFactory(location=location, consent=False)
    assert forecasts.changed_since(forecast, campaign) == [forecasts.CHANGED["audience"]]
    campaign.ends_at = EVENING + timedelta(days=1)
    DoNotCallEntry.objects.create(
        organization=location.organization, phone=contact.phone, reason="Asked for it", source="staff"
    )
    assert forecasts.changed_since(forecast, campaign) == [
        forecasts.CHANGED[key] for key in ("audience", "consent", "campaign")
    ]


def url(name: str, campaign) -> str:
    return reverse(f"dialer:{name}", args=[campaign.location.code, campaign.code])


def viewer_of(location, role: Role = Role.VIEWER) -> Client:
    client = Client()
    client.force_login(MemberFactory(location=location, role=role).user)
    return client


def test_a_viewer_sees_it_whole_and_makes_none():
    campaign = CampaignFactory(name="=Recall")
    location = campaign.location
    ContactFactory(location=location, first_name="=1+1")
    ContactFactory(location=location, first_name="Zoe", consent=False)
    viewer = viewer_of(location)
    for name in ("forecast_chart", "forecast_calendar", "forecast_contacts", "forecast_contacts_csv"):
        assert viewer.get(url(name, campaign)).status_code == 404
    assert "No forecast yet" in viewer.get(url("campaign_forecast", campaign)).content.decode()
    assert viewer.post(url("campaign_forecast", campaign)).status_code == 403

    made(campaign)

    page = viewer.get(url("campaign_forecast", campaign)).content.decode()
    assert "<strong>1</strong> of 2 contacts would be called" in page
    assert 'method="post"' not in page.split("<main", 1)[1].split("</main>", 1)[0]
    assert viewer.get(url("campaign", campaign)).content.decode().count("would be called") == 1
    chart = viewer.get(url("forecast_chart", campaign)).json()
    assert chart == {
        "labels": ["Tue 3 Mar 19:00"],
        "datasets": [{"label": "This campaign", "data": [1], "stack": "calls"}],
    }
    refused = viewer.get(
        url("forecast_contacts", campaign) + "?result=refused&reason=no_opt_in"
    ).content.decode()
    assert "Zoe" in refused
    assert "=1+1" not in refused
    rows = list(csv.reader(io.StringIO(text_of(viewer, url("forecast_calendar", campaign)))))
    assert rows[1] == ["2026-03-03", "19:00", "1", "0", "0"]
    rows = list(csv.reader(io.StringIO(text_of(viewer, url("forecast_contacts_csv", campaign)))))
    assert rows[1][0] == "'=1+1"
    assert rows[1][3:] == ["Called", "2026-03-03 19:59:30-07:00", "", ""]
    assert rows[2][3:] == ["Refused by a rule", "", "No documented consent", "no_opt_in"]


def test_chart_table_and_csv_agree_on_calls_and_delays_by_hour():
    campaign = CampaignFactory()
    ContactFactory.create_batch(9, location=campaign.location)
    forecast = made(campaign)
    viewer = viewer_of(campaign.location)
    rows = list(csv.reader(io.StringIO(text_of(viewer, url("forecast_calendar", campaign)))))[1:]
    # Five start in the last half minute of the day, and 20:00 is closed: the rest goes out the next morning.
    assert rows == [
        ["2026-03-03", "19:00", "5", "0", "0"], ["2026-03-03", "20:00", "0", "0", "4"],
        ["2026-03-04", "08:00", "4", "0", "0"],
    ]  # fmt: skip
    assert forecast.summary["put_off"] == 4
    chart = viewer.get(url("forecast_chart", campaign)).json()
    assert chart["labels"] == ["Tue 3 Mar 19:00", "Tue 3 Mar 20:00", "Wed 4 Mar 08:00"]
    assert [(each["label"], each["data"], each["stack"]) for each in chart["datasets"]] == [
        ("This campaign", [5, 0, 4], "calls"), ("Put off in that time", [0, 4, 0], "put off"),
    ]  # fmt: skip
    context = viewer.get(url("campaign_forecast", campaign)).context
    assert context["hours"] == [8, 19, 20]
    assert [(day["called"], day["put_off"], day["cells"]) for day in context["days"]] == [
        (5, 4, [(None, None), (5, None), (None, 4)]), (4, 0, [(4, None), (None, None), (None, None)]),
    ]  # fmt: skip


def text_of(client: Client, address: str) -> str:
    return b"".join(client.get(address)).decode("utf-8-sig")


def test_staff_start_it_and_see_its_progress():
    campaign = CampaignFactory()
    staff = viewer_of(campaign.location, Role.STAFF)
    assert staff.post(url("campaign_forecast", campaign)).status_code == 302
    page = staff.get(url("campaign_forecast", campaign)).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "Forecast of" in page


def test_numbers_of_ours_that_are_missing_hold_nobody_up():
    agent = AgentFactory(phone_number=None)
    campaign = CampaignFactory(location=agent.location, agent=agent)
    ContactFactory(location=agent.location)
    CallFactory(location=agent.location, agent=agent)
    assert made(campaign).summary["results"] == {"called": 2}
