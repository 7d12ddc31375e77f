"""The page Proof: the archive and the replay as jobs, who may have them, what they refuse."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import jobs
from accounts.models import Job, JobState, Role
from compliance import proof_jobs, seals
from compliance.models import Book
from compliance.packs import FOLDER, RULE_PACKS
from compliance.proof_jobs import EXPORT, REPLAY
from tests.compliance.decided import TEN, consenting, decided, some
from tests.factories import LocationFactory, MemberFactory

pytestmark = pytest.mark.django_db
CONNECTICUT = "+18605550{:03d}"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def location():
    with time_machine.travel(TEN - timedelta(days=1)):
        return LocationFactory()


@pytest.fixture
def decisions(location):
    rows = some(location, consenting(location, 5))
    seals.seal_up_to(Book.DECISIONS, 2**62, TEN + timedelta(hours=1))
    return rows


def client_of(location, role: Role) -> Client:
    client = Client()
    client.force_login(MemberFactory(location=location, role=role).user)
    return client


def period(prefix: str, **more: object) -> dict[str, object]:
    day = TEN.date().isoformat()
    return {f"{prefix}-first": day, f"{prefix}-last": day, **{f"{prefix}-{k}": v for k, v in more.items()}}


def run(kind: str) -> Job:
    job = Job.objects.get(kind=kind)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def pack(opens: str, name: str = "us.toml") -> SimpleUploadedFile:
    text = (FOLDER / "us-ct.toml").read_text()
    assert '"09:00"' in text
    return SimpleUploadedFile(name, text.replace('"09:00"', f'"{opens}"').encode())


def test_a_manager_makes_an_archive_and_a_viewer_cannot_have_it(location, decisions):
    manager = client_of(location, Role.MANAGER)
    assert (
        manager.post(reverse("compliance:proof_export", args=[location.code]), period("export")).status_code
        == 302
    )
    job = run(EXPORT)
    assert job.state == JobState.DONE, job.error
    with job.result_file.open() as file, zipfile.ZipFile(file) as archive:
        assert len(archive.read(f"locations/{location.code}/decisions.jsonl").splitlines()) == 5
    page = manager.get(reverse("compliance:proof", args=[location.code])).content.decode()
    assert job.result["fingerprint"] in page
    assert seals.seals_of(Book.DECISIONS, location.pk).last().hash in page
    link = reverse("accounts:job_file", args=[location.code, job.code])
    assert manager.get(link).status_code == 200
    assert client_of(location, Role.STAFF).get(link).status_code == 403


def test_a_whole_archive_has_only_locations_that_its_asker_manages(location, decisions):
    with time_machine.travel(TEN - timedelta(days=1)):
        other = LocationFactory(organization=location.organization)
        third = LocationFactory(organization=location.organization)
    client = client_of(location, Role.OWNER)
    user = location.members.get().user
    MemberFactory(user=user, location=other, role=Role.MANAGER)
    MemberFactory(user=user, location=third, role=Role.VIEWER)
    client.post(reverse("compliance:proof_export", args=[location.code]), period("export", whole="on"))
    with run(EXPORT).result_file.open() as file, zipfile.ZipFile(file) as archive:
        names = {name.split("/")[1] for name in archive.namelist() if name.startswith("locations/")}
    assert names == {location.code, other.code}


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-03-04", "2026-03-03", "lies before"),
        ("2010-01-01", "2026-01-01", "At most five years"),
        ("yesterday", "2026-03-03", "Enter a valid date"),
        ("0001-01-01", "0001-01-02", "between the years 1900 and 2200"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(location, first, last, said):
    response = client_of(location, Role.MANAGER).post(
        reverse("compliance:proof_export", args=[location.code]), {"export-first": first, "export-last": last}
    )
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Job.objects.exists()


def test_a_stricter_pack_refuses_and_puts_off_what_was_allowed(location, decisions):
    """All five were allowed between 10:00 and 11:20; the pack opens at 11:00."""
    manager = client_of(location, Role.MANAGER)
    data = period("replay", pack=pack("11:00"))
    assert manager.post(reverse("compliance:proof_replay", args=[location.code]), data).status_code == 302
    job = run(REPLAY)
    assert job.state == JobState.DONE, job.error
    assert job.result["decided"] == 5
    assert dict(job.result["counts"])["Would be put off"] == 3
    with job.result_file.open() as file:
        rows = list(csv.DictReader(io.TextIOWrapper(file, "utf-8-sig")))
    assert [row["Number"].lstrip("'") for row in rows] == [each.phone for each in decisions[:3]]
    assert {row["Now why"] for row in rows} == {"outside calling hours"}
    assert {row["Now until"] for row in rows} == {"2026-03-03 11:00:00-07:00"}
    page = manager.get(reverse("compliance:proof", args=[location.code])).content.decode()
    assert "Would be refused: <strong>0</strong>" in page
    assert "Would be put off: <strong>3</strong>" in page


def test_who_would_be_refused_today_is_on_the_page(location, decisions, monkeypatch):
    monkeypatch.setattr(proof_jobs, "REFUSED_SHOWN", 1)
    for was in decisions[:2]:
        without = {**was.facts["contact"], "opt_in_documented": False}
        was.pk, was.facts = None, {**was.facts, "contact": without}
        was.save(force_insert=True)
    manager = client_of(location, Role.MANAGER)
    manager.post(reverse("compliance:proof_replay", args=[location.code]), period("replay"))
    job = run(REPLAY)
    assert dict(job.result["counts"])["Would be refused"] == 2
    assert job.result["refused"] == [
        {"phone": decisions[0].phone, "at": "2026-03-03 10:00", "why": "no documented consent"}
    ]
    page = manager.get(reverse("compliance:proof", args=[location.code])).content.decode()
    assert "decided 2026-03-03 10:00: no documented consent" in page
    assert "These are the first 1; the result file has all of them." in page


def test_the_rules_as_they_are_change_nothing(location, decisions):
    manager = client_of(location, Role.MANAGER)
    manager.post(reverse("compliance:proof_replay", args=[location.code]), period("replay"))
    job = run(REPLAY)
    assert job.result["decided"] == 5
    assert sum(count for _, count in job.result["counts"]) == 0


def test_a_pack_for_a_state_that_had_none_holds_in_its_replay(location, tmp_path, monkeypatch):
    person = consenting(location, 1)[0]
    assert "us-co" not in RULE_PACKS
    decided(person, TEN)
    path = tmp_path / "us-co.toml"
    path.write_bytes(pack("12:00").read())
    written, out = tmp_path / "out.csv", io.StringIO()
    call_command(
        "replay_decisions",
        location.code,
        first=TEN.date(),
        last=TEN.date(),
        pack=[path],
        csv=written,
        stdout=out,
    )
    assert "Would be put off: 1" in out.getvalue()
    assert person.phone in written.read_text()


def test_a_decision_of_an_older_engine_is_counted_and_not_guessed(location, decisions):
    from compliance.models import Decision

    row = decisions[0]
    Decision.objects.create(
        location=location, call_id=9, contact_id=9, phone=row.phone, decision="allow", decided_at=TEN, facts={},
        engine="1",
    )  # fmt: skip
    client_of(location, Role.MANAGER).post(
        reverse("compliance:proof_replay", args=[location.code]), period("replay")
    )
    assert run(REPLAY).result["unreadable"] == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("texas.toml", b"", "Name the file after its country or state"),
        ("us-tx.exe", b"title = 1", "Name the file after its country or state"),
        ("us-tx.toml", b"title = ", "cannot be used"),
        ("us-tx.toml", b"title = 'x'", "cannot be used"),
        ("us-tx.toml", b"\xff\xfe", "not UTF-8"),
        ("us-tx.toml", b"#" * 70_000, "at most 64 kB"),
    ],
)
def test_a_pack_that_cannot_be_used_is_refused_with_its_fault(location, name, content, said):
    data = period("replay", pack=SimpleUploadedFile(name, content or b" "))
    response = client_of(location, Role.MANAGER).post(
        reverse("compliance:proof_replay", args=[location.code]), data
    )
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Job.objects.exists()


def test_every_installed_pack_is_shown_with_its_age(location):
    page = (
        client_of(location, Role.VIEWER)
        .get(reverse("compliance:proof", args=[location.code]))
        .content.decode()
    )
    for name in RULE_PACKS:
        assert f'<span class="code">{name}</span>' in page
    spain = RULE_PACKS["es"].origin
    assert f'<q lang="es">{spain.quote}</q>' in page
    assert spain.paraphrase in page
    assert f"; {sum(bool(pack.origin.quote) for pack in RULE_PACKS.values())} quote it." in page
    assert "Make the archive" not in page


def test_the_command_names_what_it_cannot_read(location, tmp_path):
    with pytest.raises(CommandError, match="no location"):
        call_command("replay_decisions", "nowhere", first=TEN.date(), last=TEN.date())
    with pytest.raises(CommandError, match=r"us-zz\.toml"):
        call_command(
            "replay_decisions",
            location.code,
            first=TEN.date(),
            last=TEN.date(),
            pack=[tmp_path / "us-zz.toml"],
        )
