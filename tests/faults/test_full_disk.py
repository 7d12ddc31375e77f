"""Row 32: no room while uploads and reports are written. It is said, nothing half-written stays, a second try works.

The web process runs on small disks of its own: tmpfs where the tests may mount one, elsewhere the kernel's limit for
the size of its files. Both refuse the write itself, wherever the program happens to be.
"""

import contextlib
import errno
import io
import os
import resource
import subprocess
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.files.base import File
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import DjangoDbBlocker

from accounts import jobs
from accounts.models import Job, JobState, Location, Role, User
from compliance.donotcall_rows import Options
from compliance.models import DoNotCallEntry, DoNotCallImport, ExternalList, ListEdition
from compliance.proof_jobs import EXPORT, REPLAY
from contacts.models import Contact, ContactImport
from tests.contacts import lists
from tests.factories import LocationFactory, MemberFactory
from tests.stack import Databases, Stack, running

SAID = "There is no room on the disk"
MB = 1_000_000
LIST = b"Phone,Name\n303-555-0111,Ann\nnot a number,Bob\n"
NUMBERS = b"Phone\n" + b"303-555-0142\n" * 145_000
"""1.9 MB, which a process holds in memory."""
LONG = NUMBERS * 5
"""9 MB, which it writes down while it comes, and again as a file."""
FORM = {"kind": "national", "country": "US", "as_of": f"{now() - timedelta(days=1):%Y-%m-%d}"}


@dataclass
class Web:
    """The running web process, and a staff member of `location` who is signed in to it."""

    stack: Stack
    location: Location
    user: User
    session: requests.Session

    @property
    def temporary(self) -> Path:
        return Path(self.stack.env["TMPDIR"])

    @property
    def media(self) -> Path:
        return self.stack.folder / "media"

    def send(self, name: str, content: bytes, file: str = "list.csv") -> requests.Response:
        """Upload to the page of that name."""
        address = self.stack.url + reverse(name, args=[self.location.code])
        data = FORM | {"name": f"Registry {os.urandom(4).hex()}"}
        return self.session.post(
            address, data=data, files={"file": (file, content)}, allow_redirects=False, timeout=120
        )

    @contextlib.contextmanager
    def small_disk(self, folder: Path, size: int) -> Iterator[None]:
        """`folder` has room for `size` bytes; without mounts no file of the process may have more than half of them."""
        if mounts(folder, size):
            try:
                yield
            finally:
                subprocess.run(["umount", "--lazy", folder], check=True)
            return
        process = self.stack.processes["web"].pid
        usual = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (size // 2, usual[1]))
        try:
            yield
        finally:
            resource.prlimit(process, resource.RLIMIT_FSIZE, usual)


def mounts(folder: Path, size: int) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    return os.geteuid() == 0 and not subprocess.run(command, capture_output=True).returncode


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def stack(
    stack_databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("full")
    for name in ("temporary", "media"):
        (folder / name).mkdir()
    with (
        django_db_blocker.unblock(),
        running(stack_databases, folder, request.node, ["web"], TMPDIR=str(folder / "temporary")) as stack,
    ):
        yield stack


@pytest.fixture
def web(stack: Stack) -> Web:
    member = MemberFactory(location=LocationFactory(), role=Role.MANAGER)
    client, session = Client(), requests.Session()
    client.force_login(member.user)
    token = "a" * 32
    session.cookies.update({"sessionid": client.cookies["sessionid"].value, "csrftoken": token})
    session.headers["X-CSRFToken"] = token
    return Web(stack, member.location, member.user, session)


def open_files(web: Web) -> list[str]:
    """What the process holds of its disk for temporary files, also without a name."""
    held = []
    for descriptor in Path(f"/proc/{web.stack.processes['web'].pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            held.append(os.readlink(descriptor))
    return [path for path in held if path.startswith(str(web.temporary))]


def nothing_kept(web: Web) -> bool:
    of = web.location.organization_id
    deadline = time.monotonic() + 60
    # A body is let go behind its answer.
    while open_files(web) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not (
        open_files(web)
        or files(web.media)
        or files(web.temporary)
        or ContactImport.objects.filter(location=web.location).exists()
        or DoNotCallImport.objects.filter(organization=of).exists()
        or ExternalList.objects.filter(organization=of).exists()
        or ListEdition.objects.filter(list__organization=of).exists()
        or Job.objects.filter(location=web.location).exists()
    )


UPLOADS = ["contacts:upload", "compliance:do_not_call_upload", "compliance:external_list_add"]


@pytest.mark.parametrize("page", UPLOADS)
def test_an_upload_without_room_in_the_store_says_so_on_its_form_and_leaves_nothing(web, page):
    with web.small_disk(web.media, MB):
        answer = web.send(page, NUMBERS)
        assert answer.status_code == 422, answer.text[-500:]
        assert SAID in answer.text
        assert "<form" in answer.text
        assert nothing_kept(web)

    assert web.send(page, NUMBERS).status_code == 302
    assert len(files(web.media)) == 1
    for name in files(web.media):
        next(web.media.rglob(name)).unlink()


@pytest.mark.parametrize("page", UPLOADS)
@pytest.mark.parametrize("room", [6 * MB, 12 * MB], ids=["for less than it", "for it once"])
def test_a_large_upload_without_room_to_come_in_says_so_and_leaves_nothing(web, page, room):
    with web.small_disk(web.temporary, room):
        answer = web.send(page, LONG)
        assert answer.status_code == 507, answer.text[-500:]
        assert SAID in answer.text
        assert nothing_kept(web)


def test_a_zip_without_room_to_unpack_is_not_called_damaged(web):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.csv", LONG)
    with web.small_disk(web.temporary, 6 * MB):
        answer = web.send("compliance:external_list_add", packed.getvalue(), "list.zip")
        assert answer.status_code == 422
        assert SAID in answer.text
        assert "damaged" not in answer.text
        assert nothing_kept(web)


# -- reports, by the jobs themselves


@pytest.fixture
def store(web: Web) -> Iterator[Path]:
    mounted = mounts(web.media, MB)
    yield web.media
    if mounted:
        subprocess.run(["umount", "--lazy", web.media], check=True)


@contextlib.contextmanager
def full_disk(store: Path) -> Iterator[None]:
    """Not a byte more goes into the store; where it is no disk of its own, files break off after their first bytes."""
    if store.is_mount():
        ballast = store / "ballast"
        with contextlib.suppress(OSError), open(ballast, "wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        yield
        ballast.unlink()
        return
    whole = File.chunks

    def some(file: File, size: int | None = None) -> Iterator[bytes]:
        yield next(whole(file, 10))
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(File, "chunks", some)
        yield


def contacts(web: Web) -> dict[str, Any]:
    assert web.send("contacts:upload", LIST).status_code == 302
    loaded = ContactImport.objects.get(location=web.location)
    loaded.options = lists.Options(evidence=lists.EVIDENCE).to_json()
    loaded.save()
    return {"kind": "contact_import", "parameters": {"import": loaded.code}}


def do_not_call(web: Web) -> dict[str, Any]:
    assert web.send("compliance:do_not_call_upload", LIST).status_code == 302
    loaded = DoNotCallImport.objects.get(location=web.location)
    loaded.options = Options(reason="They asked for it").to_json()
    loaded.save()
    return {"kind": "do_not_call_import", "parameters": {"import": loaded.code}}


def archive(web: Web) -> dict[str, Any]:
    start, end = now() - timedelta(days=2), now()
    period = {"start": start.isoformat(), "end": end.isoformat(), "whole": False}
    return {"kind": EXPORT, "parameters": period}


def replay(web: Web) -> dict[str, Any]:
    return {"kind": REPLAY, "parameters": archive(web)["parameters"] | {"packs": {}}}


@pytest.mark.parametrize("work", [contacts, do_not_call, archive, replay], ids=lambda work: work.__name__)
def test_a_job_whose_file_has_no_room_changes_nothing_and_can_be_repeated(web, store, work):
    parameters = work(web)

    def run() -> Job:
        job = Job.objects.create(location=web.location, title="Work", created_by=web.user, **parameters)
        jobs.run(job.pk)
        job.refresh_from_db()
        return job

    before = files(store)
    with full_disk(store):
        job = run()
    assert job.state == JobState.FAILED
    assert SAID in job.error
    assert not job.result_file
    assert files(store) == before
    assert not Contact.objects.filter(location=web.location).exists()
    assert not DoNotCallEntry.objects.filter(organization=web.location.organization_id).exists()

    job = run()
    assert job.state == JobState.DONE, job.error
    assert len(files(store)) == len(before) + 1
