"""The daily check of the seals: in slices that together see every row once, told on the pages and in the log."""

from datetime import timedelta

import pytest
import structlog.testing
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import jobs
from accounts.models import Job, JobState, LogEntry, Role
from compliance import append_only, seal_checks, seals
from compliance.models import Book, Decision, Seal, SealCheck
from compliance.proof_jobs import CHECK
from tests.compliance.decided import TEN, consenting, some
from tests.factories import LocationFactory, MemberFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def location():
    with time_machine.travel(TEN - DAY):
        return LocationFactory()


@pytest.fixture
def decisions(location):
    """Seven decisions under three seals; the ledger has one seal."""
    rows = some(location, consenting(location, 7))
    for book in Book.values:
        seals.seal_up_to(book, 2**62, TEN + 48 * HOUR)
    return rows


def intrude(statement: str, *parameters: object) -> None:
    """What somebody with the owner's password does."""
    with connection.cursor() as cursor:
        for each in append_only.remove_sql():
            cursor.execute(each)
        cursor.execute(statement, parameters)


def newest(location, book: str = Book.DECISIONS) -> SealCheck:
    return SealCheck.objects.filter(location=location, book=book).latest("begun_at", "pk")


def page(location, name: str = "compliance:proof", role: str = Role.VIEWER) -> str:
    client = Client()
    client.force_login(MemberFactory(location=location, role=role).user)
    url = reverse(name, args=[location.code])
    # Home's board comes by itself.
    return client.get(url, headers={"HX-Request": "true"}).content.decode()


def test_every_chain_is_walked_once_a_day(location, decisions):
    with time_machine.travel(TEN + 3 * DAY, tick=False):
        assert seal_checks.run() == 7 + 7
        assert seal_checks.run() == 0
        check = newest(location)
        assert (check.rows, check.sequence, check.deviations) == (7, 3, 0)
        assert check.head == seals.seals_of(Book.DECISIONS, location.pk).last().hash
        assert "Everything fits</span>: 7 rows up to seal 3" in page(location)
    with time_machine.travel(TEN + 4 * DAY + HOUR, tick=False):
        assert seal_checks.run() == 7 + 7
    assert SealCheck.objects.count() == 2


def test_a_run_stops_in_the_middle_and_the_next_goes_on_there(location, decisions, monkeypatch):
    monkeypatch.setattr(seal_checks, "SLICE", 1)
    monkeypatch.setattr(seal_checks, "ROWS_A_RUN", 1)
    intrude("UPDATE compliance_decision SET engine = '2' WHERE id = %s", decisions[0].pk)
    intrude("UPDATE compliance_decision SET engine = '2' WHERE id = %s", decisions[6].pk)
    assert seal_checks.run() == 3
    check = newest(location)
    assert (check.ended_at, check.sequence, check.deviations) == (None, 1, 1)
    assert "it got to seal 1 of 3" in page(location)
    assert "Not as it was sealed: 1 thing<" in page(location)
    assert [seal_checks.run(), seal_checks.run()] == [3, 1]
    check.refresh_from_db()
    assert (check.rows, check.sequence, check.deviations) == (7, 3, 2)
    assert [row for row, _ in check.found] == [decisions[0].pk, decisions[6].pk]


def test_two_that_go_on_with_one_round_count_nothing_twice(location, decisions, monkeypatch):
    mine = seal_checks.begin(Book.DECISIONS, location)
    others = SealCheck.objects.get(pk=mine.pk)
    intrude("UPDATE compliance_decision SET engine = '2' WHERE id = %s", decisions[0].pk)
    seal_checks.advance(others, 1)
    seal_checks.advance(mine, 1)
    assert (mine.sequence, mine.rows, mine.deviations) == (1, 3, 1)


@pytest.mark.parametrize(
    ("statement", "cause"),
    [
        ("UPDATE compliance_decision SET decision = 'reject' WHERE id = %s", "changed after seal 2"),
        ("DELETE FROM compliance_decision WHERE id = %s", "dropped: it was there when seal 2"),
    ],
)
def test_a_row_that_differs_is_named_on_the_pages_and_in_the_log(location, decisions, statement, cause):
    row = decisions[3]
    intrude(statement, row.pk)
    with structlog.testing.capture_logs() as lines:
        seal_checks.run()
    said = [line for line in lines if line["event"] == "seals_deviate"]
    assert [(line["location"], line["deviations"], line["first"][0]) for line in said] == [
        (location.code, 1, row.pk)
    ]
    proof = page(location)
    assert f"Row {row.pk}" in proof
    assert cause in proof
    assert ("/calls/why/" in proof) == statement.startswith("UPDATE")
    assert "Decisions: 1 is not as it was sealed." in page(location, "dashboards:today")
    assert LogEntry.objects.get(location=location, action="audit.deviates").data["count"] == 1


def test_a_chain_that_was_cut_is_found_out_and_stays_so(location, decisions):
    """Its newest seal and the row under it are gone; what is left fits together."""
    with time_machine.travel(TEN + 3 * DAY, tick=False):
        seal_checks.run()
    intrude("DELETE FROM compliance_decision WHERE id = %s", decisions[6].pk)
    intrude("DELETE FROM compliance_seal WHERE book = 'decisions' AND sequence = 3")
    for day in (4.1, 5.2):
        with time_machine.travel(TEN + day * DAY, tick=False):
            seal_checks.run()
        check = newest(location)
        assert check.deviations == 1
        assert "seal 3 is gone or another one" in check.found[0][1]
    assert SealCheck.objects.filter(book=Book.DECISIONS).count() == 2


def test_a_chain_that_was_made_anew_is_found_out(location, decisions):
    with time_machine.travel(TEN + 3 * DAY, tick=False):
        seal_checks.run()
    intrude("UPDATE compliance_decision SET engine = '2' WHERE id = %s", decisions[3].pk)
    intrude("DELETE FROM compliance_seal WHERE book = 'decisions'")
    seals.seal_up_to(Book.DECISIONS, 2**62, TEN + 48 * HOUR)
    with time_machine.travel(TEN + 5 * DAY, tick=False):
        seal_checks.run()
    assert "seal 3 is gone or another one" in newest(location).found[0][1]


def test_a_row_that_cannot_be_read_keeps_no_other_location_from_its_check(location, decisions, monkeypatch):
    other = LocationFactory()
    some(other, consenting(other, 1))
    seals.seal_up_to(Book.DECISIONS, 2**62, TEN + 48 * HOUR)
    real = seals.rows_of

    def rows_of(book, location_id, *rest):
        if location_id == location.pk:
            raise ValueError("not JSON")
        return real(book, location_id, *rest)

    monkeypatch.setattr(seals, "rows_of", rows_of)
    with structlog.testing.capture_logs() as lines:
        seal_checks.run()
    assert {line["location"] for line in lines if line["event"] == "seals_not_checked"} == {location.code}
    assert newest(other).rows == 1


def test_a_manager_has_them_checked_at_once(location, decisions):
    manager = Client()
    manager.force_login(MemberFactory(location=location, role=Role.MANAGER).user)
    for _ in range(2):
        assert manager.post(reverse("compliance:proof_check", args=[location.code])).status_code == 302
    job = Job.objects.get(kind=CHECK)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 14, 14), job.error
    assert job.result == {"compared": 14, "deviations": 0, "goes_on": False}
    said = manager.get(reverse("compliance:proof", args=[location.code])).content.decode()
    assert "14 rows compared with their seals. Not as they were sealed: <strong>0</strong>." in said
    assert "Check now" in said
    assert "Check now" not in page(location)


def test_a_check_that_somebody_asks_for_begins_again_and_the_schedule_ends_it(
    location, decisions, monkeypatch
):
    monkeypatch.setattr("compliance.proof_jobs.CHECKED_AT_ONCE", 1)
    monkeypatch.setattr(seal_checks.advance, "__defaults__", (1,))
    seal_checks.advance(seal_checks.begin(Book.DECISIONS, location))
    job = jobs.start(location, CHECK, "Check")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.result == {"compared": 3, "deviations": 0, "goes_on": True}
    assert seal_checks.run() == 4 + 7
    assert Seal.objects.filter(book=Book.DECISIONS).count() == newest(location).sequence == 3
    assert Decision.objects.count() == newest(location).rows
