"""The call log as CSV: local times on both nights of the year, and the same bytes by both databases' ways."""

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts.database import is_postgresql
from compliance.words import REASONS
from contacts.cells import cell_sql, guard
from dialer import export
from dialer.models import Call, Outcome
from dialer.offsets import periods
from dialer.states import Disposition, State
from tests.factories import CallFactory, CampaignFactory, ContactFactory, LocationFactory

NASTY = [
    "", "Anna", " leading", "trailing ", "O'Hara", '"quoted"', "a,b;c|d", "two\nlines", "two\r\nlines", "\rback",
    "tab\tin", "\\.", "\\N", "NULL", "=1+1", "+1", "-1", "@cmd", "'=1", "''-2", "  =2", ",=3", "x;  '@4", "\t\t=5",
    "\u201c=6\u201d", "\uff1d7", "\uff0b8", "\uff0d9", "a\uff20b", ",\uff20", "Zo\u00eb \u738b \U0001f600",
    "+13035550123", "+13035550123\n", "-", "'", '"=1"', 'x"-y', "\u00a0=1", "%s", "%%", "{x}", "a\u2028=b",
]  # fmt: skip


def text_of(location, transcripts: bool = False) -> str:
    return "".join(export.lines(location, Call.objects.for_location(location), transcripts))


def rows_of(location) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(location).removeprefix(export.BOM), newline="")))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("instant", "here", "there"),
    [
        # The night the clocks go forward in the United States, a second before and at the change.
        ("2026-03-08 08:59:59.999999", "2026-03-08 01:59:59-07:00", "2026-03-08 09:59:59+01:00"),
        ("2026-03-08 09:00:00", "2026-03-08 03:00:00-06:00", "2026-03-08 10:00:00+01:00"),
        # The night they go back: one o'clock comes twice.
        ("2026-11-01 07:59:59", "2026-11-01 01:59:59-06:00", "2026-11-01 08:59:59+01:00"),
        ("2026-11-01 08:00:00", "2026-11-01 01:00:00-07:00", "2026-11-01 09:00:00+01:00"),
        # Berlin's own two nights.
        ("2026-03-29 00:59:59", "2026-03-28 18:59:59-06:00", "2026-03-29 01:59:59+01:00"),
        ("2026-03-29 01:00:00", "2026-03-28 19:00:00-06:00", "2026-03-29 03:00:00+02:00"),
        ("2026-10-25 01:00:00", "2026-10-24 19:00:00-06:00", "2026-10-25 02:00:00+01:00"),
    ],
)
def test_times_are_local_on_the_nights_the_clocks_change(instant, here, there):
    at = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    location = LocationFactory(timezone="America/Denver")
    contact = ContactFactory(location=location, zones="Europe/Berlin,Europe/Busingen")
    # Another call half a year away: both of a zone's offsets are needed at once.
    for moment in (at, at - timedelta(days=180)):
        CallFactory(
            location=location, contact=contact, started_at=moment, due_at=moment, ended_at=moment, state="completed"
        )  # fmt: skip

    row = rows_of(location)[1]

    assert (row["Due"], row["Started"], row["Ended"]) == (here, here, here)
    assert row["Started, their time"] == there


@pytest.mark.django_db
def test_a_log_goes_years_back_beyond_what_its_first_piece_needed(monkeypatch):
    location = LocationFactory(timezone="America/Denver")
    contact = ContactFactory(location=location, zones="Europe/Berlin")
    for year in (2021, 2023, 2026):
        at = datetime(year, 7, 1, 12, tzinfo=UTC)
        CallFactory(
            location=location, contact=contact, started_at=at, due_at=at, ended_at=at, state="completed"
        )
    monkeypatch.setattr(export, "CHUNK", 1)
    monkeypatch.setattr(export, "PIECE", 1)

    assert [(row["Started"], row["Started, their time"]) for row in rows_of(location)] == [
        (f"{year}-07-01 06:00:00-06:00", f"{year}-07-01 14:00:00+02:00") for year in (2026, 2023, 2021)
    ]


@pytest.mark.django_db
def test_both_ways_write_the_same_bytes(monkeypatch):
    chance = random.Random(5)
    location = LocationFactory(timezone="Europe/Berlin")
    campaigns = [None, *(CampaignFactory(location=location, name=name or "x") for name in NASTY[8:24])]
    zones = [
        "",
        "America/Denver",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Africa/Casablanca,Europe/Paris",
        "UTC",
        "Europe/Berlin",
    ]
    base = datetime(2025, 1, 1, tzinfo=UTC)

    def some(*values):
        return chance.choice(values)

    def words() -> str:
        return "".join(chance.choices(NASTY, k=chance.randint(1, 3)))

    template = CallFactory(location=location)
    calls = []
    for number in range(150):
        contact = ContactFactory(
            location=location, first_name=words(), last_name=words(), zones=some(*zones), timezone=some("", *zones[1:4])
        )  # fmt: skip
        started = some(None, base + timedelta(seconds=chance.uniform(0, 700 * 86400)))
        calls.append(
            Call(
                location=location, contact=contact, agent=template.agent, campaign=some(*campaigns),
                phone=contact.phone,
                origin=some("campaign", "person", "retry", "else") if number % 2 else "api",
                is_test=some(True, False),
                state=some(*State).value, disposition=some("", *(each.value for each in Disposition)),
                outcome=some("", *Outcome.values),
                failure_code=some("", "21211", "=99", "UNKNOWN_OUTCOME", words()[:40]),
                reasons=some([], [], ["opted_out"], ["some_new_RULE", "opted_out"], chance.sample(sorted(REASONS), 3)),
                summary=words(), started_at=started, ended_at=some(None, started), talk_seconds=chance.randint(0, 90),
                recording_seconds=some(None, 0, 17), from_number=some("", "+13035550100", "+1x", "=1"),
                due_at=base + timedelta(seconds=chance.uniform(0, 900 * 86400)),
            )
        )  # fmt: skip
    for call in calls:
        call.origin = call.origin if call.campaign is None else "retry"
    Call.objects.bulk_create(calls)
    monkeypatch.setattr(export, "CHUNK", 7)
    monkeypatch.setattr(export, "PIECE", 5_000)
    chosen = Call.objects.for_location(location).exclude(contact__first_name="Anna").filter(is_test=False)

    by_the_database = "".join(export.lines(location, chosen, False))
    heading = next(iter(export.lines(location, chosen, False)))

    assert by_the_database == heading + "".join(export._rows(location, chosen, False))
    assert by_the_database.count("\r\n") > 50


@pytest.mark.django_db
def test_an_empty_log_has_its_headings():
    location = LocationFactory()
    assert (
        text_of(location)
        == export.BOM
        + ",".join(export.HEADINGS).replace("Started, their time", '"Started, their time"')
        + "\r\n"
    )


@pytest.mark.django_db
def test_the_databases_cells_are_ours():
    if not is_postgresql():
        # SQLite writes no cells: its rows pass through ours.
        return
    texts = [first + second for first in NASTY for second in NASTY]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT v.text, {cell_sql('v.text')} FROM unnest(%s::text[]) v (text)", [texts])
        written = cursor.fetchall()
    for text, cell in written:
        buffer = io.StringIO()
        csv.writer(buffer).writerow(["x", guard(text)])
        assert f"x,{cell}\r\n" == buffer.getvalue()


@pytest.mark.once
@pytest.mark.parametrize(
    "zone", ["America/Denver", "Africa/Casablanca", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
)
def test_periods_say_what_the_zone_says(zone):
    first = datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC)
    last = datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC)
    found = periods(zone, first, last)

    assert found[0].since == first
    assert found[-1].until > last
    assert all(one.until == two.since for one, two in pairwise(found))
    at = first
    while at <= last:
        (period,) = (each for each in found if each.since <= at < each.until)
        local = at.astimezone(ZoneInfo(zone))
        assert (period.offset, period.text) == (local.utcoffset(), local.isoformat()[19:])
        at += timedelta(minutes=30)
