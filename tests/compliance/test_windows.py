import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.schedules import DAYS, parse_schedule, schedule_json
from compliance.windows import CALLING_HOURS, HORIZON, WeeklyHours, local_day, next_open, open_at, open_until
from compliance.zones import place_of

DENVER = ("America/Denver",)
# Clocks of every odd sort: half and quarter hours, a summer time of half an hour and one of two, both sides of the
# date line, changes at midnight, and Morocco's winter time in Ramadan.
ODD_ZONES = (
    "America/Denver", "America/New_York", "America/St_Johns", "America/Adak", "America/Havana", "America/Santiago",
    "America/Sao_Paulo", "Europe/Madrid", "Atlantic/Azores", "Asia/Beirut", "Africa/Cairo", "Africa/Casablanca",
    "Antarctica/Troll", "Asia/Kathmandu", "Asia/Kolkata", "Australia/Sydney", "Australia/Lord_Howe",
    "Australia/Eucla", "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Pago_Pago",
    "Pacific/Guam", "America/Vancouver", "Asia/Gaza",
)  # fmt: skip

zone_names = st.sampled_from(ODD_ZONES)
zone_sets = st.lists(zone_names, min_size=1, max_size=3, unique=True).map(tuple)
instants = st.integers(0, 2 * 365 * 86400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
clock_changes = st.sampled_from([
    datetime(2026, 3, 8, 9, tzinfo=UTC),  # United States, forward
    datetime(2026, 11, 1, 8, tzinfo=UTC),  # and back
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Europe, forward
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # and back
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Australia, back
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),  # and forward
    datetime(2026, 4, 5, 3, tzinfo=UTC),  # Chile, back
    datetime(2026, 9, 6, 4, tzinfo=UTC),  # and forward, at midnight
])  # fmt: skip
near_changes = st.builds(
    lambda change, away: change + timedelta(seconds=away),
    clock_changes,
    st.integers(-36 * 3600, 36 * 3600),
)
any_instant = instants | near_changes


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def holds(hours, zones, at: datetime) -> bool:
    """The rule once more, as a person would check it: look at each wall clock."""
    for zone in zones if hours.zone == "contact" else (hours.zone,):
        wall = at.astimezone(ZoneInfo(zone))
        second = wall.hour * 3600 + wall.minute * 60 + wall.second
        spans = () if wall.date() in hours.holidays else hours.days[wall.weekday()]
        if not any(start <= second < end for start, end in spans):
            return False
    return True


def first_minute_that_holds(hours, zones, at: datetime, days: int = 4) -> datetime | None:
    """An oracle without any arithmetic on zones: try every minute. Good for hours and offsets in whole minutes."""
    if holds(hours, zones, at):
        return at
    minute = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    for _ in range(days * 24 * 60):
        if holds(hours, zones, minute):
            return minute
        minute += timedelta(minutes=1)
    return None


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-02T07:59:59.999999-07:00", "2026-03-02T08:00:00-07:00"),
        ("2026-03-02T08:00:00-07:00", "2026-03-02T08:00:00-07:00"),
        ("2026-03-02T19:59:59.999999-07:00", "2026-03-02T19:59:59.999999-07:00"),
        ("2026-03-02T20:00:00-07:00", "2026-03-03T08:00:00-07:00"),
    ],
)
def test_the_start_is_inclusive_and_the_end_exclusive(at, expected):
    assert next_open(DENVER, utc(at)) == utc(expected)
    assert open_at(DENVER, utc(at)) == (at == expected)


@pytest.mark.parametrize(
    ("zone", "evening", "morning", "hours_between"),
    [
        ("America/Denver", "2026-03-07T20:00", "2026-03-08T08:00", 11),
        ("America/Denver", "2026-10-31T20:00", "2026-11-01T08:00", 13),
        ("Europe/Madrid", "2026-03-28T20:00", "2026-03-29T08:00", 11),
        ("Europe/Madrid", "2026-10-24T20:00", "2026-10-25T08:00", 13),
        ("Australia/Sydney", "2026-10-03T20:00", "2026-10-04T08:00", 11),
        ("Australia/Sydney", "2026-04-04T20:00", "2026-04-05T08:00", 13),
        ("Australia/Lord_Howe", "2026-10-03T20:00", "2026-10-04T08:00", 11.5),
        ("Australia/Lord_Howe", "2026-04-04T20:00", "2026-04-05T08:00", 12.5),
    ],
)
def test_the_night_of_a_clock_change_is_as_long_as_it_is(zone, evening, morning, hours_between):
    clock = ZoneInfo(zone)
    closed = datetime.fromisoformat(evening).replace(tzinfo=clock).astimezone(UTC)
    opens = next_open((zone,), closed)
    assert opens == datetime.fromisoformat(morning).replace(tzinfo=clock).astimezone(UTC)
    assert opens - closed == timedelta(hours=hours_between)


@pytest.mark.parametrize(
    ("number", "opens", "closes"),
    [
        ("+18505551234", "2026-01-15T14:00:00Z", "2026-01-16T01:00:00Z"),  # Eastern and Central: 11 hours
        ("+34675412661", "2026-01-15T08:00:00Z", "2026-01-15T19:00:00Z"),  # Spain and the Canaries
        ("+61412345678", "2026-01-15T01:30:00Z", "2026-01-15T09:00:00Z"),  # eight zones, summer in the south
        ("+79161234567", "2026-01-15T06:00:00Z", "2026-01-15T08:00:00Z"),  # sixteen zones: two hours
    ],
)
def test_a_number_with_many_clocks_has_the_hours_they_share(number, opens, closes):
    zones = place_of(number).zones
    midnight = utc("2026-01-15T00:00:00Z") if opens < "2026-01-15T12" else utc("2026-01-15T10:00:00Z")
    assert next_open(zones, midnight) == utc(opens)
    assert open_until(zones, utc(opens)) == utc(closes)


def test_zones_across_the_date_line_share_nine_hours():
    zones = ("Pacific/Guam", "Pacific/Pago_Pago")
    opens = next_open(zones, utc("2026-05-01T12:00:00Z"))
    assert opens == utc("2026-05-01T22:00:00Z")
    assert open_until(zones, opens) == utc("2026-05-02T07:00:00Z")


def test_zones_twelve_hours_apart_never_open():
    zones = ("Etc/GMT+6", "Etc/GMT-6")
    assert next_open(zones, utc("2026-05-01T12:00:00Z")) is None
    assert not open_at(zones, utc("2026-05-01T14:00:00Z"))


def test_zones_that_share_an_hour_in_summer_only_open_then():
    zones = ("America/New_York", "Asia/Bangkok")
    opens = next_open(zones, utc("2026-11-21T12:00:00Z"))
    assert opens == first_minute_that_holds(CALLING_HOURS, zones, utc("2027-03-12T00:00:00Z"))


def test_nothing_is_open_without_a_zone():
    assert next_open((), utc("2026-05-01T12:00:00Z")) is None
    assert not open_at((), utc("2026-05-01T12:00:00Z"))


def test_it_takes_an_instant_with_any_offset():
    assert next_open(DENVER, datetime.fromisoformat("2026-03-03T04:30:00+09:00")) == utc(
        "2026-03-02T19:30:00Z"
    )


@given(zone_sets, any_instant)
def test_it_is_open_exactly_when_every_wall_clock_says_so(zones, at):
    assert open_at(zones, at) == holds(CALLING_HOURS, zones, at)


@given(zone_sets, any_instant)
def test_the_next_opening_is_the_first_minute_that_holds(zones, at):
    oracle = first_minute_that_holds(CALLING_HOURS, zones, at)
    found = next_open(zones, at)
    if oracle is not None:
        assert found == oracle
    else:
        assert found is None or found > at + timedelta(days=3)


clocks = st.integers(0, 96).map(lambda quarter: quarter * 15)
spans = st.tuples(clocks, clocks).filter(lambda pair: pair[0] < pair[1])


def written(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


schedules = st.builds(
    lambda zone, days, holidays: {
        "tz": zone,
        "days": {day: [[written(a), written(b)] for a, b in spans] for day, spans in days.items()},
        "holidays": [day.isoformat() for day in holidays],
    },
    st.just("contact") | zone_names,
    st.dictionaries(st.sampled_from(DAYS), st.lists(spans, max_size=2)),
    st.lists(st.dates(date(2026, 1, 1), date(2028, 1, 1)), max_size=2),
)


@given(schedules, zone_sets, any_instant)
def test_a_schedule_opens_at_the_first_minute_that_holds(schedule, zones, at):
    hours = parse_schedule(schedule)
    assert open_at(zones, at, hours) == holds(hours, zones, at)
    oracle = first_minute_that_holds(hours, zones, at, days=2)
    found = next_open(zones, at, hours)
    if oracle is not None:
        assert found == oracle
    elif found is not None:
        assert found > at + timedelta(days=2) - timedelta(minutes=1)
        assert holds(hours, zones, found)


@given(zone_sets, any_instant)
def test_what_is_open_stays_so_until_its_end(zones, at):
    end = open_until(zones, at)
    assert (end is None) == (not open_at(zones, at))
    if end is not None:
        assert open_at(zones, end - timedelta(seconds=1))
        assert not open_at(zones, end)
        assert end - at <= timedelta(hours=13)


def test_hours_that_never_end_are_open_until_the_horizon():
    always = parse_schedule({"tz": "contact", "days": {day: [["00:00", "24:00"]] for day in DAYS}})
    at = utc("2026-05-01T12:00:00Z")
    assert open_until(DENVER, at, always) == at + HORIZON


@given(zone_names, any_instant)
def test_a_local_day_holds_exactly_the_instants_of_its_date(zone, at):
    clock = ZoneInfo(zone)
    start, end = local_day(zone, at)
    assert start <= at < end
    today = at.astimezone(clock).date()
    assert start.astimezone(clock).date() == today
    assert (end - timedelta(seconds=1)).astimezone(clock).date() == today
    assert (start - timedelta(seconds=1)).astimezone(clock).date() < today
    assert end.astimezone(clock).date() > today


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/Denver", "2026-03-08", 23),
        ("America/Denver", "2026-11-01", 25),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("America/Havana", "2026-03-08", 23),
        ("Atlantic/Azores", "2026-10-25", 25),
        ("America/Santiago", "2026-09-06", 23),
    ],
)
def test_a_local_day_is_as_long_as_the_clock_makes_it(zone, day, hours):
    noon = datetime.combine(date.fromisoformat(day), time(12), ZoneInfo(zone))
    start, end = local_day(zone, noon)
    assert end - start == timedelta(hours=hours)


def test_a_schedule_is_merged_and_sorted():
    monday = [["13:00", "18:00"], ["09:00", "12:00"], ["12:00", "14:00"]]
    nested = [["08:00", "18:00"], ["09:00", "12:00"], ["19:00", "20:00"]]
    hours = parse_schedule({"tz": "contact", "days": {"mon": monday, "tue": nested}})
    assert hours.days[0] == ((9 * 3600, 18 * 3600),)
    assert hours.days[1] == ((8 * 3600, 18 * 3600), (19 * 3600, 20 * 3600))
    assert hours.days[2:] == ((),) * 5


@given(
    st.lists(
        st.lists(st.integers(0, 86400), min_size=0, max_size=6, unique=True).map(sorted),
        min_size=7,
        max_size=7,
    ),
    st.sampled_from(["contact", "America/Denver"]),
    st.frozensets(st.dates()),
)
def test_hours_written_down_are_read_back_the_same(edges, zone, holidays):
    hours = WeeklyHours(zone, tuple(tuple(zip(day[::2], day[1::2], strict=False)) for day in edges), holidays)
    assert parse_schedule(json.loads(json.dumps(schedule_json(hours)))) == hours


def test_the_days_are_those_of_the_calendar():
    monday = date(2026, 3, 2)
    for position, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun")):
        hours = parse_schedule({"tz": "contact", "days": {name: [["08:30:15", "24:00"]]}})
        assert hours.on(monday + timedelta(days=position)) == ((8 * 3600 + 30 * 60 + 15, 86400),)
        assert sum(len(spans) for spans in hours.days) == 1


def test_a_holiday_is_closed_on_the_clock_of_the_schedule():
    schedule = {"tz": "America/Denver", "days": {"fri": [["00:00", "24:00"]], "sat": [["00:00", "24:00"]]}}
    hours = parse_schedule({**schedule, "holidays": ["2026-12-25"]})
    assert next_open((), utc("2026-12-25T08:00:00-07:00"), hours) == utc("2026-12-26T00:00:00-07:00")


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("mon", "object"),
        ({}, '"tz"'),
        ({"tz": 7, "days": {}}, '"tz"'),
        ({"tz": "Mars/Olympus", "days": {}}, "Mars/Olympus"),
        ({"tz": "contact"}, '"days"'),
        ({"tz": "contact", "days": []}, '"days"'),
        ({"tz": "contact", "days": {"monday": []}}, "monday"),
        ({"tz": "contact", "days": {"mon": "09:00-18:00"}}, "list"),
        ({"tz": "contact", "days": {"mon": [["09:00"]]}}, "pair"),
        ({"tz": "contact", "days": {"mon": [["09:00", 18]]}}, "18 is not a time"),
        ({"tz": "contact", "days": {"mon": [["09:00", "25:00"]]}}, "25:00"),
        ({"tz": "contact", "days": {"mon": [["09:00", "24:01"]]}}, "24:01"),
        ({"tz": "contact", "days": {"mon": [["09:00", "24:00:01"]]}}, "24:00:01"),
        ({"tz": "contact", "days": {"mon": ["ab"]}}, "pair"),
        ({"tz": "contact", "days": {"mon": [["09:60", "18:00"]]}}, "09:60"),
        ({"tz": "contact", "days": {"mon": [["22:00", "02:00"]]}}, "24:00"),
        ({"tz": "contact", "days": {"mon": [["09:00", "09:00"]]}}, "before it begins"),
        ({"tz": "contact", "days": {}, "holidays": "2026-12-25"}, "holidays"),
        ({"tz": "contact", "days": {}, "holidays": ["25.12.2026"]}, "25.12.2026"),
        ({"tz": "contact", "days": {}, "holidays": [20261225]}, "20261225"),
        ({"tz": "contact", "days": {}, "holidays": ["20261225"]}, "20261225"),
        ({"tz": "contact", "days": {}, "holidays": ["2026-02-30"]}, "2026-02-30"),
    ],
)
def test_a_schedule_that_cannot_be_read_says_why(schedule, words):
    with pytest.raises(ValueError, match=words):
        parse_schedule(schedule)
