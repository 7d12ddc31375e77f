"""The outbound dashboard: what it counts, on whose days, and where its tiles lead."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Location, Role
from dialer.models import Call
from dialer.states import State
from tests.factories import CallFactory, LocationFactory, MemberFactory

pytestmark = pytest.mark.django_db

# Saturday morning in Denver, where the clocks are seven hours behind UTC.
NOW = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)


@pytest.fixture
def location() -> Location:
    return LocationFactory()


@pytest.fixture
def viewer(location) -> Client:
    client = Client()
    client.force_login(MemberFactory(location=location, role=Role.VIEWER).user)
    return client


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def dialled(location: Location, at: datetime, disposition: str = "connected", **fields) -> Call:
    states = {"connected": State.COMPLETED, "voicemail": State.VOICEMAIL, "no_answer": State.NO_ANSWER}
    return CallFactory(
        location=location, state=states.get(disposition, State.FAILED), disposition=disposition, started_at=at,
        ended_at=at, **fields,
    )  # fmt: skip


def refused(location: Location, at: datetime, reasons: list[str], **fields) -> Call:
    return CallFactory(
        location=location, state=State.FAILED, disposition="rejected", reasons=reasons, ended_at=at, **fields
    )


def tiles(client: Client, location: Location, **query: str) -> dict[str, str]:
    response = client.get(reverse("dashboards:outbound", args=[location.code]), query)
    assert response.status_code == 200
    return {tile["label"]: tile["figure"] for tile in response.context["tiles"]}


def chart(client: Client, location: Location, **query: str) -> dict:
    return client.get(reverse("dashboards:calls_by_day", args=[location.code]), query).json()


def test_it_counts_each_result_once(location, viewer):
    for disposition, count in (("connected", 3), ("voicemail", 2), ("no_answer", 1), ("failed", 1)):
        for _ in range(count):
            dialled(location, NOW, disposition, talk_seconds=60 if disposition == "connected" else 9)
    CallFactory(location=location, state=State.IN_PROGRESS, started_at=NOW)
    CallFactory(location=location)
    refused(location, NOW, ["no_opt_in", "dnd_voice"])
    refused(location, NOW, ["no_opt_in"])
    dialled(LocationFactory(), NOW)
    assert tiles(viewer, location, range="today") == {
        "Attempted": "8", "Connected": "3", "Voicemail": "2", "No answer": "1", "Failed": "1",
        "Refused by a rule": "2", "Talk time": "3:00", "Average talk time": "1:00",
    }  # fmt: skip
    page = viewer.get(reverse("dashboards:outbound", args=[location.code])).content.decode()
    assert "<strong>2</strong> no documented consent" in page


def test_without_calls_zero_and_not_measured_look_different(location, viewer):
    shown = tiles(viewer, location)
    assert shown["Attempted"] == "0"
    assert shown["Average talk time"] is None


def test_days_are_the_locations_own(location, viewer):
    # Half past eleven on Friday evening and half past midnight on Saturday, in Denver.
    dialled(location, datetime(2026, 11, 21, 6, 30, tzinfo=UTC))
    dialled(location, datetime(2026, 11, 21, 7, 30, tzinfo=UTC))
    assert tiles(viewer, location, range="today")["Attempted"] == "1"
    data = chart(viewer, location, range="7")
    assert data["labels"][-2:] == ["Fri 20 Nov", "Sat 21 Nov"]
    assert data["datasets"][0] == {"label": "Connected", "status": "green", "data": [0, 0, 0, 0, 0, 1, 1]}


def test_a_day_of_twenty_five_hours_is_one_day(location, viewer):
    # Clocks in Denver went back on 1 November 2026: the day lasted from 06:00 to 07:00 UTC of the next.
    for instant in (
        datetime(2026, 11, 1, 6, 0, tzinfo=UTC),
        datetime(2026, 11, 2, 6, 59, tzinfo=UTC),
        datetime(2026, 11, 2, 7, 0, tzinfo=UTC),
    ):
        dialled(location, instant)
    data = chart(viewer, location, range="custom", since="2026-10-31", until="2026-11-02")
    assert data["datasets"][0]["data"] == [0, 2, 1]


def test_test_calls_are_in_no_live_figure(location, viewer):
    dialled(location, NOW, is_test=True, talk_seconds=10)
    refused(location, NOW, ["no_opt_in"], is_test=True)
    assert tiles(viewer, location)["Attempted"] == "0"
    assert tiles(viewer, location)["Refused by a rule"] == "0"
    assert tiles(viewer, location, kind="test")["Attempted"] == "1"
    assert chart(viewer, location, kind="test")["datasets"][0]["data"][-1] == 1


def test_a_tile_leads_to_exactly_its_calls(location, viewer):
    dialled(location, NOW)
    dialled(location, NOW, "voicemail")
    dialled(location, datetime(2026, 9, 1, 12, 0, tzinfo=UTC))
    dialled(location, NOW, is_test=True)
    refused(location, NOW, ["no_opt_in"])
    response = viewer.get(reverse("dashboards:outbound", args=[location.code]), {"range": "30"})
    for tile in response.context["tiles"]:
        if tile["figure"] is not None and ":" not in tile["figure"]:
            listed = viewer.get(tile["url"]).context["page"].rows
            assert len(listed) == int(tile["figure"]), tile["label"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            {"range": "custom", "since": "2026-11-02", "until": "2026-11-01"},
            "The last day comes before the first",
        ),
        ({"range": "custom", "since": "2020-01-01", "until": "2026-11-01"}, "At most 366 days"),
        ({"range": "custom", "since": "2026-11-02"}, "Choose both days"),
        ({"range": "custom", "since": "x", "until": "2026-11-01"}, "Enter a valid date"),
    ],
)
def test_a_range_that_makes_no_sense_is_told_and_the_default_shown(location, viewer, query, words):
    page = viewer.get(reverse("dashboards:outbound", args=[location.code]), query).content.decode()
    assert words in page
    assert "Shown are the last 7 days" in page


def test_the_charts_json_says_nothing_about_the_server(location, viewer):
    assert set(chart(viewer, location)) == {"labels", "datasets"}


def test_a_year_costs_as_many_queries_as_a_day(location, viewer, django_assert_max_num_queries):
    for _ in range(5):
        dialled(location, NOW)
    url = reverse("dashboards:outbound", args=[location.code])
    for query in ({"range": "today"}, {"range": "custom", "since": "2025-11-22", "until": "2026-11-21"}):
        with django_assert_max_num_queries(8):
            assert viewer.get(url, query).status_code == 200


def test_todays_board_shows_today(location, viewer):
    dialled(location, NOW)
    page = viewer.get(reverse("dashboards:today", args=[location.code])).content.decode()
    assert "Attempted" in page
    assert "nothing is waiting" in page
