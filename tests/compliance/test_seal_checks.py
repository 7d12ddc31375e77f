"""The daily check of the seals: in slices that together see every row once, told on the pages and in the log."""

from datetime import timedelta
from itertools import islice

import pytest
import structlog.testing
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import jobs
from accounts.models import Job, JobState, LogEntry, Role
from compliance import append_only, seal_checks, seals
from compliance.models import Book, Decision, Part, Seal, SealBound, SealCheck
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
        said = page(location)
    assert "Everything fits</span>: new rows checked" in said
    assert "up to seal 3; all 7 rows up to seal 3 once since" in said
    with time_machine.travel(TEN + 4 * DAY + HOUR, tick=False):
        assert seal_checks.run() == 7 + 7
    assert SealCheck.objects.filter(part=Part.ALL).count() == 2


def one_slice(part: str) -> int:
    return next(seal_checks.slices(part))


def test_a_run_stops_in_the_middle_and_the_next_goes_on_there(location, decisions, monkeypatch):
    monkeypatch.setattr(seal_checks, "SLICE", 1)
    monkeypatch.setattr(seal_checks, "ENOUGH", {Part.NEW: 0, Part.ALL: 0})
    intrude("UPDATE compliance_decision SET engine = '2' WHERE id = %s", decisions[0].pk)
    intrude("UPDATE compliance_decision SET engine = '2' WHERE id = %s", decisions[6].pk)
    assert seal_checks.run() == 3
    check = newest(location)
    assert (check.ended_at, check.sequence, check.deviations) == (None, 1, 1)
    said = page(location)
    assert "it got to seal 1 of 3" in said
    assert "Not as it was sealed: 1 thing<" in said
    # The ledger's round has its turn before the decisions have another.
    assert [seal_checks.run(), seal_checks.run(), seal_checks.run()] == [7, 3, 1]
    check.refresh_from_db()
    assert (check.rows, check.sequence, check.deviations) == (7, 3, 2)
    assert [row for row, _ in check.found] == [decisions[0].pk, decisions[6].pk]


def test_a_long_book_holds_no_other_one_up(location, decisions, monkeypatch):
    """It is on its way already when a short one becomes due; after one slice each the short one is through."""
    monkeypatch.setattr(seal_checks, "SLICE", 1)
    for _ in range(2):
        one_slice(Part.ALL)
    other = LocationFactory()
    row = some(other, consenting(other, 1))[0]
    seals.seal_up_to(Book.DECISIONS, 2**62, TEN + 48 * HOUR)
    intrude("UPDATE compliance_decision SET engine = '2' WHERE id = %s", row.pk)
    assert one_slice(Part.ALL) == 1
    assert newest(other).found[0][0] == row.pk
    assert newest(location).ended_at is None


def test_a_walk_ends_at_the_seal_that_was_the_newest_when_it_began(location, decisions, monkeypatch):
    """Rows that are sealed faster than they are compared do not keep it from its end."""
    monkeypatch.setattr(seal_checks, "SLICE", 1)
    walk = seal_checks.begin(Book.DECISIONS, location)
    late = iter(consenting(location, 5))
    for hour in range(3, 6):
        assert walk.ended_at is None
        some(location, [next(late)], TEN + hour * HOUR)
        seals.seal_up_to(Book.DECISIONS, 2**62, TEN + 48 * HOUR)
        seal_checks.advance(walk, 1)
    assert (walk.sequence, walk.rows, walk.deviations) == (3, 7, 0)
    assert walk.ended_at
    assert Seal.objects.filter(book=Book.DECISIONS).count() == 6


def test_new_seals_are_compared_daily_while_the_walk_is_still_on_its_way(location, decisions, monkeypatch):
    monkeypatch.setattr(seal_checks, "SLICE", 1)
    with time_machine.travel(TEN + 3 * DAY, tick=False):
        seal_checks.run()
    with time_machine.travel(TEN + 4 * DAY + HOUR, tick=False):
        assert one_slice(Part.ALL) == 3
        new = some(location, consenting(location, 4), TEN + 4 * HOUR)
        seals.seal_up_to(Book.DECISIONS, 2**62, TEN + 48 * HOUR)
        intrude("UPDATE compliance_decision SET engine = '2' WHERE id = %s", new[3].pk)
        assert list(islice(seal_checks.slices(Part.NEW), 9)) == [3, 0, 1]
        said = page(location)
    ended = SealCheck.objects.get(book=Book.DECISIONS, part=Part.NEW)
    assert (ended.rows, ended.sequence, ended.found[0][0]) == (4, 5, new[3].pk)
    assert "it got to seal 1 of 5" in said
    assert f"Row {new[3].pk}" in said
    with time_machine.travel(TEN + 5 * DAY + 2 * HOUR, tick=False):
        # What deviates is not what the next day begins behind.
        assert sum(seal_checks.slices(Part.NEW)) == 4
    assert SealCheck.objects.get(book=Book.DECISIONS, part=Part.NEW).deviations == 1


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
    # Of each part the last; and the walk that saw seal 3.
    assert SealCheck.objects.filter(book=Book.DECISIONS).count() == 3


@pytest.mark.parametrize("was_clean", [True, False])
def test_a_book_that_is_gone_whole_is_found_out_and_stays_so(location, decisions, was_clean):
    """All seals and all rows, of a location that calls no more."""
    if not was_clean:
        intrude("UPDATE compliance_decision SET engine = '2' WHERE id = %s", decisions[0].pk)
    with time_machine.travel(TEN + 3 * DAY, tick=False):
        seal_checks.run()
    intrude("DELETE FROM compliance_decision")
    intrude("DELETE FROM compliance_seal WHERE book = 'decisions'")
    for day in (4.1, 5.2, 6.3):
        with time_machine.travel(TEN + day * DAY, tick=False), structlog.testing.capture_logs() as lines:
            seal_checks.run()
            said = page(location)
        deviates = [line for line in lines if line["event"] == "seals_deviate"]
        assert {(line["location"], line["book"]) for line in deviates} == {(location.code, "decisions")}
        assert "seal 3 is gone or another one" in deviates[0]["first"][1]
        assert "No seal is left." in said
        assert "Not as it was sealed: 1 thing<" in said
        assert "seal 3 is gone or another one" in said
        with pytest.raises(CommandError, match="1 deviations"):
            call_command("verify_seals", location.code)
    assert "Decisions: 1 is not as it was sealed." in page(location, "dashboards:today")


def test_rows_whose_seals_were_taken_out_are_found_out(location, decisions):
    """Before any check saw those seals; sealing says that it is through with their hours."""
    intrude("DELETE FROM compliance_seal WHERE book = 'decisions' AND sequence > 1")
    at = TEN + 3 * DAY
    bound = SealBound.objects.create(book=Book.DECISIONS, hour=at, last_id=decisions[-1].pk, is_done=True)
    with time_machine.travel(at + HOUR / 2, tick=False):
        seal_checks.run()
        check = newest(location)
        assert (check.deviations, check.found[0][0]) == (1, decisions[3].pk)
        assert "has no seal: that was taken out" in page(location)
        with pytest.raises(CommandError, match="1 deviations"):
            call_command("verify_seals", location.code)
    # A machine that was off for days: nothing is wrong before it had its minute to seal.
    SealCheck.objects.all().delete()
    SealBound.objects.filter(pk=bound.pk).update(hour=at - DAY)
    with time_machine.travel(at + HOUR / 2, tick=False):
        seal_checks.run()
    assert newest(location).deviations == 0


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
    # The ledger's walk has begun as well, and the job went no further.
    assert seal_checks.run() == 4 + 7
    assert Seal.objects.filter(book=Book.DECISIONS).count() == newest(location).sequence == 3
    assert Decision.objects.count() == newest(location).rows
