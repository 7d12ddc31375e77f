"""Files that people upload, and files that the product keeps: limited, typed, reached only through a check."""

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from contacts import forms
from contacts.models import ContactImport
from tests.security.worlds import Two

pytestmark = pytest.mark.django_db
NO_LISTS = {
    "page.html": b"<html><script>alert(1)</script></html>\x00\x01\x02",
    "program.exe": b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200,
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "broken.xlsx": b"PK\x03\x04" + b"\x00" * 100,
    "empty.csv": b"",
}


def upload(two: Two, name: str, content: bytes):
    url = reverse("contacts:upload", args=[two.ours.location.code])
    return two.ours.client(Role.STAFF).post(url, {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("name", NO_LISTS)
def test_what_is_no_list_is_refused_and_not_kept(two, tmp_path, name):
    before = ContactImport.objects.count(), sorted(tmp_path.rglob("*"))
    assert upload(two, name, NO_LISTS[name]).status_code == 422
    assert (ContactImport.objects.count(), sorted(tmp_path.rglob("*"))) == before


def test_a_file_over_the_limit_is_refused_in_words(two, monkeypatch):
    monkeypatch.setattr(forms, "MAX_UPLOAD", 100)
    answer = upload(two, "list.csv", b"Phone\n" + b"3035550111\n" * 50)
    assert answer.status_code == 422
    assert "Nothing was kept" in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    ["../../../evil.csv", "/etc/cron.d/evil.csv", "..\\..\\evil.csv", "a/b/evil.csv", "evil.csv\x00.py"],
)
def test_a_name_cannot_lead_out_of_the_folder(two, tmp_path, name):
    assert upload(two, name, b"Phone\n3035550111\n").status_code == 302
    kept = ContactImport.objects.latest("pk")
    assert "/" not in kept.file_name
    path = tmp_path / kept.file.name
    assert path.resolve().is_relative_to(tmp_path.resolve())
    assert path.name.startswith(kept.code)


@pytest.mark.parametrize(
    "prefix", ["/media/", "/static/", "/static/../media/", "/static/%2e%2e/", "/static//", "/"]
)
def test_kept_files_are_not_served_by_their_path(two, prefix):
    report, job = two.ours.things["report"], two.ours.things["job"]
    for name in (
        report.file.name,
        job.result_file.name,
        "secret_key",
        "field_encryption_keys",
        "parley.sqlite3",
    ):
        assert Client().get(prefix + name).status_code in (301, 302, 400, 404)
        assert two.ours.client(Role.OWNER).get(prefix + name).status_code in (301, 302, 400, 404)


def test_the_folder_of_files_lies_outside_what_is_served():
    media, static = django_settings.VAR_DIR / "media", django_settings.STATIC_ROOT
    assert not media.is_relative_to(static)
    assert not static.is_relative_to(media)


@pytest.mark.parametrize(
    "sid",
    ["../../../2010-04-01/Accounts", "RE1/../..", "https://127.0.0.1/x", "//127.0.0.1", "RE" + "g" * 32],
)
def test_the_recording_proxy_asks_for_recordings_only(two, monkeypatch, sid):
    """Whoever signs events for an account chooses the SID; it must not choose what this machine asks for."""
    from telephony import client

    asked: list[str] = []
    monkeypatch.setattr(client.requests, "get", lambda url, **kwargs: asked.append(url))
    with pytest.raises(client.CarrierUnavailable):
        client.recording_audio(two.ours.things["account"], sid)
    assert asked == []
