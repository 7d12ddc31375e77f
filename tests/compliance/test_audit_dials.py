"""Dials are sealed: what never changes of one stands in a book of its own; what became of it must agree with that."""

import json
import threading
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from compliance import audit, seal_checks, seals
from compliance.models import Book, Decision
from dialer.models import Attempt
from dialer.placing import tick
from tests.compliance.archived import HOUR, on_line, on_lines, sealed_archive, tampered, verify
from tests.compliance.decided import TEN, consenting
from tests.factories import CallFactory, LocationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def location():
    with time_machine.travel(TEN - timedelta(days=1)):
        return LocationFactory(name="Denver")


@pytest.fixture
def archive(location, tmp_path):
    return sealed_archive(location, tmp_path)


def again(lines: list[bytes], **changes: object) -> None:
    """A further line like the first."""
    lines.append(json.dumps({**json.loads(lines[0]), **changes}).encode())


def test_a_dial_that_was_changed_dropped_or_put_into_its_book_is_named(archive, location):
    book = f"locations/{location.code}/dials.jsonl"
    keys = list(Decision.objects.filter(decision="allow").order_by("pk").values_list("pk", flat=True))

    _, lines, said = verify(tampered(archive, book, on_line(1, lambda row: row.update(phone="+13035550100"))))
    assert f"{book}, row {keys[1]}: changed after seal 1 (2026-03-03T17h) was made" in lines, said
    _, lines, said = verify(tampered(archive, book, on_lines(lambda lines: lines.pop(2))))
    assert f"{book}, row {keys[2]}: dropped: it was there when seal 1 (2026-03-03T17h) was made" in lines, (
        said
    )
    _, lines, said = verify(tampered(archive, book, on_lines(lambda lines: again(lines, id=10**6))))
    assert f"{book}, row {10**6}: no seal covers it, and its hour is long over" in lines, said
    assert f"{book}, row {10**6}: dials: attempts.jsonl does not say what became of it" in lines, said


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (on_line(0, lambda row: row.update(token="0" * 40)), "dials: it is not the one in the book of dials"),
        (on_line(0, lambda row: row.update(from_number="+13035550100")), "dials: it is not the one in the book"),
        (on_line(0, lambda row: row.update(slot_at="2026-03-03T17:00:01.000000Z")), "dials: it is not the one"),
        (on_lines(lambda lines: again(lines, id=10**6, decision_id=10**6)), "dials: it is not in the book of dials"),
        (on_lines(lambda lines: lines.pop(0)), "dials: attempts.jsonl does not say what became of it"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_dial_is_held_against_its_book(archive, location, change, named):
    code, lines, said = verify(tampered(archive, f"locations/{location.code}/attempts.jsonl", change))
    assert code == 1
    assert sum(named in line for line in lines) == 1, said


def test_how_a_dial_ended_is_the_archives_own_word(archive, location):
    ended = on_line(0, lambda row: row.update(carrier_status="failed", sid="CA0"))
    code, _, said = verify(tampered(archive, f"locations/{location.code}/attempts.jsonl", ended))
    assert code == 0, said
    assert "Rows under hourly seals: consent, decisions, dials." in said


def test_seals_that_came_late_prove_only_what_came_after_them(archive, location):
    """As on an installation that had dials before there was a book of them: all were sealed in one go a day later."""
    _, _, said = verify(archive)
    assert (
        f"locations/{location.code}/dials: 2 seals were made long after their hours, the last of them at 2026"
        in said
    )


def test_what_is_dialled_while_the_archive_is_written_is_in_none_of_its_files(
    archive, location, tmp_path, monkeypatch
):
    monkeypatch.setattr(audit, "CHUNK", 1)
    late = consenting(location, 1)[0]
    seals.seal_up_to(Book.CONSENT, 2**62, TEN + 24 * HOUR)
    path = tmp_path / "live.zip"

    def dial(done: int) -> None:
        if not Decision.objects.filter(phone=late.phone).exists():
            CallFactory(location=location, contact=late)
            assert len(tick().orders) == 1

    with time_machine.travel(TEN + 25 * HOUR, tick=False), path.open("wb") as file:
        end = timezone.now() + timedelta(days=1)
        audit.export(file, location.organization, [location], TEN - timedelta(days=1), end, dial)
    assert Attempt.objects.filter(phone=late.phone).exists()
    with zipfile.ZipFile(path) as opened:
        assert late.phone.encode() not in opened.read(f"locations/{location.code}/attempts.jsonl")
    code, _, said = verify(path)
    assert code == 0, said


def deviations(location) -> list[tuple[int, str]]:
    _, found = seal_checks.check(Book.DIALS, location)
    return [(each.row, each.cause.split(" ")[0].rstrip(":")) for each in found]


def test_the_daily_check_names_a_dial_that_was_changed_or_taken_out_in_the_database(archive, location):
    first, second, third = Attempt.objects.order_by("pk")[:3]
    Attempt.objects.filter(pk=third.pk).update(
        state="ended", sid="CA" + "1" * 32, ended_at=TEN, carrier_status="busy"
    )
    assert deviations(location) == []
    Attempt.objects.filter(pk=first.pk).update(phone="+13035550100")
    Attempt.objects.filter(pk=second.pk).delete()
    assert deviations(location) == [(first.decision_id, "changed"), (second.decision_id, "dropped")]
    fourth = Attempt.objects.order_by("pk")[2]
    Attempt.objects.create(
        call=fourth.call, decision=fourth.decision, account=fourth.account, location=location, phone=fourth.phone,
        from_number=fourth.from_number, state="refused", slot_at=fourth.slot_at, local_date=fourth.local_date,
    )  # fmt: skip
    assert (fourth.decision_id, "inserted") in deviations(location)


@pytest.mark.django_db(transaction=True)
def test_a_dial_waits_for_its_hour_like_its_decision(location):
    contact = consenting(location, 1)[0]
    with time_machine.travel(TEN, tick=False):
        CallFactory(location=location, contact=contact)
        assert len(tick().orders) == 1
        assert seals.run() == 0
    with time_machine.travel(TEN + HOUR, tick=False):
        seals.run()
    with time_machine.travel(TEN + HOUR + timedelta(minutes=2), tick=False):
        # Tests of the other worker keep transactions open for a moment.
        for _ in range(1200):
            if seals.seals_of(Book.DIALS, location.pk):
                break
            seals.run()
            threading.Event().wait(0.05)
    (sealed,) = seals.seals_of(Book.DIALS, location.pk)
    decision = Decision.objects.get()
    assert (sealed.count, sealed.last_id, sealed.starts_at) == (1, decision.pk, TEN)
