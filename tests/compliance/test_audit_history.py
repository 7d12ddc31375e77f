"""What an archive holds beside the sealed books: switch, check of the business, emergencies, names, schedules."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command

from accounts import log
from accounts.models import LogEntry
from compliance import emergencies, seals, verification
from compliance.audit import fingerprint
from compliance.models import Book, Decision
from tests.compliance.archived import HOUR, HOUSE, on_line, on_lines, sealed_archive, tampered, verify
from tests.compliance.decided import TEN
from tests.factories import LocationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def location():
    """Its check was completed and its calls were switched off and on before TEN; an emergency is to come."""
    owner = UserFactory(email="owner@example.com")
    with time_machine.travel(TEN - timedelta(days=1), tick=False):
        location = LocationFactory(name="Denver")
        log.record(location, "kyc.attested", actor=owner, kyc_status="completed")
        verification.switch_outbound(location, False, actor=owner)
    with time_machine.travel(TEN - timedelta(hours=20), tick=False):
        verification.switch_outbound(location, True, actor=owner)
        emergencies.declare(
            location=location, state="", starts_at=TEN + timedelta(days=30), ends_at=TEN + timedelta(days=31),
            reason="Snow", actor=owner,
        )  # fmt: skip
    return location


@pytest.fixture
def archive(location, tmp_path):
    return sealed_archive(location, tmp_path)


def rows(path, name: str) -> list[dict]:
    with zipfile.ZipFile(path) as opened:
        return [json.loads(line) for line in opened.read(name).splitlines()]


def test_it_holds_who_switched_when_the_emergencies_and_the_schedules(archive, location):
    assert verify(archive)[0] == 0
    done = [(row["action"], row["actor__email"]) for row in rows(archive, "history.jsonl")]
    assert done == [
        (action, "owner@example.com") for action in ("kyc.attested", "outbound.disabled", "outbound.enabled")
    ]
    (declared,) = rows(archive, "emergencies.jsonl")
    assert (declared["reason"], declared["location_id"], declared["created_by__email"]) == (
        "Snow", location.pk, "owner@example.com",
    )  # fmt: skip
    assert [row["of"] for row in rows(archive, f"locations/{location.code}/schedules.jsonl")] == ["agent"]


@pytest.mark.parametrize(
    ("name", "change", "named", "times"),
    [
        ("history.jsonl", on_lines(lambda lines: lines.pop(2)), "switch: it takes outbound calls for switched on", 8),
        ("history.jsonl", on_line(2, lambda r: r.update(at="2026-03-03T18:10:00.000000Z")), "switch: it takes", 4),
        ("history.jsonl", on_line(0, lambda r: r["data"].update(kyc_status="rejected")), "business: it takes", 8),
        ("emergencies.jsonl", lambda content: b"", "which it names, was not in force", 8),
        ("emergencies.jsonl", on_line(0, lambda r: r.update(reason="Sun")), "which it names, was not in force", 8),
        ("emergencies.jsonl", on_line(0, lambda r: r.update(reason="Sun")), "the decision did not know it", 8),
        ("emergencies.jsonl", on_line(0, lambda r: r.update(lifted_at="2026-03-03T00:00:00Z")), "in force", 8),
    ],
)  # fmt: skip
def test_a_decision_that_the_history_does_not_bear_out_is_named(archive, name, change, named, times):
    code, lines, said = verify(tampered(archive, name, change))
    assert code == 1
    mine = [line for line in lines if named in line]
    assert len(mine) == times, said
    assert f"row {Decision.objects.earliest('pk').pk}: " in mine[0]


def test_an_emergency_of_the_location_that_a_decision_did_not_know_is_named(archive, location):
    def another(lines: list[bytes]) -> None:
        row = json.loads(lines[0])
        row.update(id=row["id"] + 1, reason="A storm", starts_at="2026-03-03T00:00:00.000000Z")
        lines.append(json.dumps(row).encode())

    code, lines, _ = verify(tampered(archive, "emergencies.jsonl", on_lines(another)))
    assert code == 1
    assert sum("one was declared until" in line for line in lines) == 8


def in_manifest(change):
    def of(content: bytes) -> bytes:
        manifest = json.loads(content)
        change(manifest)
        return json.dumps(manifest).encode()

    return of


def test_names_and_settings_hang_on_the_fingerprint_and_the_history(archive, location):
    noted = fingerprint(archive)
    heads = [part for book in Book.values for part in ("--head", newest(location, book))]
    proven = [*heads, "--rules", str(HOUSE), "--manifest", noted]
    assert "Everything is in order." in verify(archive, *proven)[2]

    forged = tampered(
        archive, "manifest.json", in_manifest(lambda m: m["organization"].update(name="Other Org"))
    )
    code, _, said = verify(forged, *proven)
    assert (code, f"made with the manifest {noted}" in said) == (1, True)
    code, _, said = verify(forged, *heads, "--rules", str(HOUSE))
    assert code == 0
    assert (
        "Not proven: that what stands in no seal is as it was when the archive was made (--manifest)" in said
    )
    assert "own word" in said

    abroad = in_manifest(lambda m: m["locations"][0].update(country="CA", timezone="UTC"))
    code, _, said = verify(tampered(archive, "manifest.json", abroad))
    assert code == 1
    assert (
        "Denver is CA on UTC, its decisions knew US on America/Denver, and the history has no change" in said
    )


def newest(location, book: str) -> str:
    seal = seals.seals_of(book, location.pk).last()
    return seal.hash if seal else ""


def test_a_renamed_organization_and_a_location_that_moved_are_in_order(location, tmp_path):
    with time_machine.travel(TEN + 23 * HOUR, tick=False):
        data = {"old": "Old", "name": location.organization.name}
        LogEntry.objects.create(location=location, action="organization.renamed", data=data)
    path = sealed_archive(location, tmp_path)
    with time_machine.travel(TEN + 30 * HOUR, tick=False):
        type(location).objects.filter(pk=location.pk).update(timezone="America/Phoenix")
        LogEntry.objects.create(location=location, action="location.changed", data={"fields": "time zone"})
        call_command(
            "export_audit", location=location.code, first=(TEN - 24 * HOUR).date(), output=path, stdout=io.StringIO()
        )  # fmt: skip
    code, _, said = verify(path)
    assert (code, "its decisions knew US on America/Denver" in said) == (0, True), said

    code, _, said = verify(
        tampered(path, "history.jsonl", on_line(3, lambda r: r["data"].update(name="Else")))
    )
    assert (code, "the organization is" in said) == (1, True), said


def test_what_is_older_than_the_history_is_believed_and_counted(location, tmp_path):
    location.log.all().delete()
    code, _, said = verify(sealed_archive(location, tmp_path))
    assert code == 0
    assert "8 decisions are older than what the history says" in said
