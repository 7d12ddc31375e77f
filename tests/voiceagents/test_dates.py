"""Spoken dates and times, seen from Tuesday 24 November 2026, 10:00 in Denver."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceagents.understanding.dates import parse_when
from voiceagents.understanding.numbers import find_phone_number

pytestmark = pytest.mark.once

DENVER = ZoneInfo("America/Denver")
REFERENCE = datetime(2026, 11, 24, 10, 0, tzinfo=DENVER)
# phrase | month-day, with the hour or the window when one is promised; "-" for nothing
CASES = [
    line.split(" | ") for line in (Path(__file__).parent / "spoken_dates.txt").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(("phrase", "expected"), CASES)
def test_it_reads_the_phrase(phrase, expected):
    when = parse_when(phrase, REFERENCE, "en")
    if expected == "-":
        assert when is None
        return
    said = f"{when.start:%m-%d %H:%M}" + (f"-{when.end:%H:%M}" if when.end else "")
    assert said.startswith(expected)


@given(st.integers(0, 2 * 365 * 24 * 60), st.sampled_from(CASES))
def test_when_always_lies_in_the_coming_180_days(minutes, case):
    reference = datetime(2026, 1, 1, tzinfo=DENVER) + timedelta(minutes=minutes)
    when = parse_when(case[0], reference, "en")
    if when is not None:
        utc = ZoneInfo("UTC")
        assert when.start.astimezone(utc) > reference.astimezone(utc)
        assert when.start - reference <= timedelta(days=181)
        assert when.end is None or when.end > when.start


def test_a_wall_time_across_a_clock_change_keeps_the_hour_and_takes_the_new_offset():
    before = datetime(2026, 3, 6, 10, 0, tzinfo=DENVER)
    assert parse_when("Monday at 9", before).start.isoformat() == "2026-03-09T09:00:00-06:00"
    assert parse_when("Sunday at 2:30 am", before).start.isoformat() == "2026-03-08T03:30:00-06:00"


def test_day_and_month_follow_the_region():
    assert parse_when("3/12 at 10:30", REFERENCE, "es").start.date().isoformat() == "2026-12-03"
    assert parse_when("12/3 at 10:30", REFERENCE, "en", "US").start.date().isoformat() == "2026-12-03"


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("six seven five, four one two, six six one", "ES", "+34675412661"),
        ("seiscientos setenta y cinco, cuatrocientos doce, seiscientos sesenta y uno", "ES", "+34675412661"),
        ("three oh three double five five oh one four two", "US", "+13035550142"),
        ("at 4, call three oh three five five five zero one four two", "US", "+13035550142"),
        ("(303) 555-0142", "US", "+13035550142"),
        ("+34 675 41 26 61", "US", "+34675412661"),
        ("my order number is 3035550142", "US", None),
        ("303-555-0142, sorry, 303-555-0143", "US", "+13035550143"),
        ("555-0142", "US", None),
    ],
)
def test_it_finds_spoken_and_written_phone_numbers(text, region, number):
    assert find_phone_number(text, region) == number


def test_hostile_text_is_read():
    for piece in ("tomorrow ", "«", "3 ", "in a ", "two ", "del jueves "):
        parse_when(piece * (100_000 // len(piece)), REFERENCE, "en")
        assert not re.search(r"\d{7}", find_phone_number("half past " * 5000, "US") or "")
