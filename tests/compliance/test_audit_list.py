"""The do-not-call list of an archive: its entries came with sealed revocations, and went as the history says."""

import json
from datetime import timedelta

import pytest
import time_machine

from compliance import donotcall, ledger
from compliance.models import DoNotCallEntry
from tests.compliance.archived import HOUR, on_line, on_lines, sealed_archive, tampered, verify
from tests.compliance.decided import TEN
from tests.factories import LocationFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "do_not_call.jsonl"


@pytest.fixture
def archive(tmp_path):
    """Two entries beside that of the archive: one was taken off again, one a sister location recorded."""
    with time_machine.travel(TEN - timedelta(days=1)):
        location = LocationFactory(name="Denver")
        sister = LocationFactory(organization=location.organization)
    with time_machine.travel(TEN - 2 * HOUR, tick=False):
        for place, phone in ((location, "+13035550101"), (sister, "+13035550102")):
            ledger.opt_out(
                organization=location.organization, phone=phone, location=place, source="staff", evidence="Said no"
            )  # fmt: skip
    with time_machine.travel(TEN - HOUR, tick=False):
        entry = DoNotCallEntry.objects.get(phone="+13035550101")
        donotcall.remove(entry=entry, location=location, reason="It was another number", actor=UserFactory())
    return sealed_archive(location, tmp_path)


def test_a_list_that_was_kept_honestly_is_in_order(archive):
    code, _, said = verify(archive)
    assert code == 0, said


def another(lines: list[bytes]) -> None:
    lines.append(json.dumps({**json.loads(lines[1]), "id": 99, "phone": "+13035550199"}).encode())


@pytest.mark.parametrize(
    ("name", "change", "named"),
    [
        (LIST, on_lines(another), "row 99: do not call: no revocation in a ledger brought it onto the list"),
        (LIST, on_line(0, lambda r: r.update(source="web")), "row {0}: do not call: no revocation in a ledger"),
        (LIST, on_line(0, lambda r: r.update(added_at="2026-03-03T10:00:00Z")), "row {0}: do not call: no revocation"),
        (LIST, on_lines(lambda lines: lines.pop(0)), "+13035550101 was revoked at 2026-03-03T15:00:00.000000Z, and"),
        (LIST, on_lines(lambda lines: lines.pop(1)), "+13035550102 was revoked at 2026-03-03T15:00:00.000000Z, and"),
        (LIST, on_line(1, lambda r: r.update(removed_at="2026-03-03T16:00:00Z")), "row {1}: do not call: by the"),
        (LIST, on_line(0, lambda r: r.update(removal_reason="They asked")), "row {0}: do not call: by the history"),
        (LIST, on_line(0, lambda r: r.pop("removed_at")), "+13035550101 was taken off at 2026-03-03T16:00:00.000000Z"),
        ("history.jsonl", lambda content: b"", "row {0}: do not call: by the history nobody took it"),
    ],
)  # fmt: skip
def test_an_entry_that_was_changed_dropped_or_put_in_is_named(archive, name, change, named):
    keys = DoNotCallEntry.objects.order_by("pk").values_list("pk", flat=True)
    code, _, said = verify(tampered(archive, name, change))
    assert code == 1
    assert named.format(*keys) in said, said
