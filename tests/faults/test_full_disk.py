"""Row 32: no room while uploads and reports are written. It is said, nothing half-written stays, a second try works."""

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import File
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import JobState, Location, Role
from contacts.models import Contact, ContactImport
from tests.contacts.lists import run, upload
from tests.factories import LocationFactory, MemberFactory

pytestmark = pytest.mark.django_db
LIST = b"Phone,Name\n303-555-0111,Ann\nnot a number,Bob\n"


@pytest.fixture
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def location(media) -> Location:
    return LocationFactory()


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """The disk takes the first bytes of a file and no more."""
    whole = File.chunks

    def some(file: File, size: int | None = None) -> Iterator[bytes]:
        yield next(whole(file, 10))
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        for kind in (File, InMemoryUploadedFile):
            patch.setattr(kind, "chunks", some)
        yield


def files(media: Path) -> list[str]:
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def test_an_upload_without_room_says_so_and_leaves_nothing(location, media):
    client = Client()
    client.force_login(MemberFactory(location=location, role=Role.STAFF).user)
    address = reverse("contacts:upload", args=[location.code])

    with full_disk():
        answer = client.post(address, {"file": SimpleUploadedFile("list.csv", LIST, "text/csv")})

    assert answer.status_code == 422
    assert "There is no room on the disk" in answer.content.decode()
    assert files(media) == []
    assert not ContactImport.objects.exists()

    answer = client.post(address, {"file": SimpleUploadedFile("list.csv", LIST, "text/csv")})
    assert answer.status_code == 302
    assert len(files(media)) == 1


def test_an_import_whose_report_has_no_room_changes_nothing_and_can_be_repeated(location, media):
    loaded = upload(location, LIST)
    before = files(media)
    with full_disk():
        job = run(loaded)

    assert job.state == JobState.FAILED
    assert "There is no room on the disk" in job.error
    assert files(media) == before
    assert not Contact.objects.exists()
    assert not loaded.refused_file

    assert run(loaded).state == JobState.DONE
    assert Contact.objects.get().first_name == "Ann"
    assert b"not a number" in loaded.refused_file.read()
