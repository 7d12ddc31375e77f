from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance import forecast, rules
from compliance.forecast import forecast_starts
from compliance.rules import ContactFacts, Facts, LocationFacts, decide
from compliance.zones import place_of
from tests.compliance.test_windows import any_instant, zone_names, zone_sets

DENVER = ("America/Denver",)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def stepped(
    queued_at: datetime, calls: int, location_zone: str, contact_zones: tuple[str, ...]
) -> list[datetime]:
    """The same forecast, asking the rules call by call."""
    place = replace(place_of("+13035550142"), zones=contact_zones)
    contact = ContactFacts(place, True, False)
    starts: list[datetime] = []
    at = queued_at
    for _ in range(calls):
        location = LocationFacts(
            "US", location_zone, True, "completed", (), tuple((start, 1) for start in starts),
            starts[-1] if starts else None,
        )  # fmt: skip
        verdict = decide(Facts(location, contact), at)
        at = verdict.until or at
        starts.append(at)
    return starts


@settings(max_examples=60)
@given(any_instant, st.integers(0, 40), zone_names, zone_sets, st.integers(1, 15))
def test_it_is_what_the_rules_say_call_by_call(queued_at, calls, location_zone, contact_zones, limit):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "LOCATION_DAILY_LIMIT", limit)
        patch.setattr(forecast, "LOCATION_DAILY_LIMIT", limit)
        try:
            found = forecast_starts(queued_at, calls, location_zone, contact_zones)
        except ValueError:
            assert forecast.next_open(contact_zones, queued_at) is None
        else:
            assert found == stepped(queued_at, calls, location_zone, contact_zones)


@settings(max_examples=40)
@given(any_instant, zone_names, zone_names)
def test_it_is_what_the_rules_say_at_the_close_of_a_day(queued_at, location_zone, contact_zone):
    opens = forecast.next_open((contact_zone,), queued_at)
    almost_closed = forecast.open_until((contact_zone,), opens) - timedelta(seconds=20, microseconds=5)
    found = forecast_starts(almost_closed, 8, location_zone, (contact_zone,))
    assert found == stepped(almost_closed, 8, location_zone, (contact_zone,))


def test_starts_are_six_seconds_apart():
    starts = forecast_starts(utc("2026-03-02T16:00:00Z"), 3, "America/Denver", DENVER)
    assert starts == [utc(f"2026-03-02T16:00:{second:02}Z") for second in (0, 6, 12)]


def test_a_batch_overflows_to_the_next_morning_after_1000_calls():
    starts = forecast_starts(utc("2026-03-02T16:00:00Z"), 1002, "America/Denver", DENVER)
    assert starts[999] == utc("2026-03-02T16:00:00Z") + timedelta(seconds=6 * 999)
    assert starts[1000:] == [utc("2026-03-03T15:00:00Z"), utc("2026-03-03T15:00:06Z")]


def test_a_batch_queued_late_goes_on_in_the_morning():
    starts = forecast_starts(utc("2026-03-02T19:59:49.5-07:00"), 3, "America/Denver", DENVER)
    assert starts == [
        utc("2026-03-02T19:59:49.5-07:00"), utc("2026-03-02T19:59:55.5-07:00"), utc("2026-03-03T08:00:00-07:00"),
    ]  # fmt: skip


def test_the_last_start_may_be_just_before_the_close_but_not_on_it():
    starts = forecast_starts(utc("2026-03-02T19:59:54-07:00"), 2, "America/Denver", DENVER)
    assert starts[1] == utc("2026-03-03T08:00:00-07:00")


def test_overflow_goes_on_the_same_evening_where_the_contacts_are_far_west():
    starts = forecast_starts(
        utc("2026-03-02T15:00:00-05:00"), 1001, "America/New_York", ("Pacific/Honolulu",)
    )
    assert starts[1000] == utc("2026-03-03T00:00:00-05:00")


def test_a_hundred_thousand_calls_take_a_hundred_days():
    starts = forecast_starts(utc("2026-03-02T16:00:00Z"), 100_000, "America/Denver", DENVER)
    assert len(starts) == 100_000
    assert starts[-1] == utc("2026-06-09T15:00:00Z") + timedelta(seconds=6 * 999) - timedelta(hours=1)
    assert min(b - a for a, b in pairwise(starts)) == timedelta(seconds=6)


def test_no_calls_have_no_starts():
    assert forecast_starts(utc("2026-03-02T16:00:00Z"), 0, "America/Denver", DENVER) == []


def test_contacts_without_a_common_hour_are_said_to_be_so():
    with pytest.raises(ValueError, match="share no calling hour"):
        forecast_starts(utc("2026-03-02T16:00:00Z"), 1, "America/Denver", ("Etc/GMT+6", "Etc/GMT-6"))
