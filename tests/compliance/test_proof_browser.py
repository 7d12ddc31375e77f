"""The page Proof in a real browser: the archive that a regulator checks, and the replay under a changed pack."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as product
from django.test import Client
from playwright.sync_api import Page, expect

from accounts import jobs
from accounts.models import Job, JobState, Role
from compliance import seals
from compliance.models import Book
from compliance.packs import FOLDER
from tests.compliance.decided import TEN, consenting, some
from tests.factories import LocationFactory, MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def proof(live_server, page: Page, settings, tmp_path) -> Page:
    """The page in a manager's browser on a phone; five decisions are sealed."""
    settings.MEDIA_ROOT = tmp_path / "media"
    with time_machine.travel(TEN - timedelta(days=1)):
        location = LocationFactory()
    some(location, consenting(location, 5))
    for book in Book.values:
        seals.seal_up_to(book, 2**62, TEN + timedelta(hours=48))
    client = Client()
    client.force_login(MemberFactory(location=location, role=Role.MANAGER).user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{live_server.url}/l/{location.code}/compliance/")
    page.get_by_role("link", name="Proof").click()
    return page


def without_trouble(page: Page) -> None:
    """Accessible, and no wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = Axe().run(page).response["violations"]
    assert not found, [(each["id"], each["nodes"][0]["html"]) for each in found]


def choose(page: Page, section: str, first: str, last: str):
    part = page.get_by_role("region", name=section)
    part.get_by_label("From").fill(first)
    part.get_by_label("To, that day included").fill(last)
    return part


def finished() -> Job:
    job = Job.objects.get()
    assert job.state == JobState.WAITING
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_a_manager_makes_an_archive_that_somebody_else_can_check(proof, tmp_path):
    day = TEN.date().isoformat()
    without_trouble(proof)
    part = choose(proof, "Audit archive", day, (TEN.date() - timedelta(days=1)).isoformat())
    part.get_by_role("button", name="Make the archive").click()
    expect(proof.get_by_text("The last day lies before the first.", exact=True)).to_be_visible()
    without_trouble(proof)

    part = choose(proof, "Audit archive", day, day)
    part.get_by_role("button", name="Make the archive").click()
    expect(proof.get_by_text("Waiting for a worker")).to_be_visible()
    job = finished()
    expect(proof.get_by_text(job.result["fingerprint"])).to_be_visible()
    without_trouble(proof)
    with proof.expect_download() as download:
        proof.get_by_role("link", name="Result file").click()
    archive = tmp_path / "archive.zip"
    download.value.save_as(archive)

    verifier = Path(product.BASE_DIR) / "compliance" / "verify_audit.py"
    checked = subprocess.run([sys.executable, str(verifier), str(archive)], capture_output=True, text=True)
    assert "Decisions derived again: 5 allow." in checked.stdout, checked.stdout + checked.stderr
    # These decisions were written without a drain, so they have no dials.
    found = [line for line in checked.stdout.splitlines() if ", row " in line]
    assert [line for line in found if "dials: it allows one" not in line] == []
    assert len(found) == 5


def test_a_manager_sees_what_a_stricter_pack_would_have_put_off(proof, tmp_path):
    text = (FOLDER / "us-ct.toml").read_text()
    wrong, right = tmp_path / "us.toml", tmp_path / "stricter" / "us.toml"
    right.parent.mkdir()
    wrong.write_text(text.replace('"09:00"', '"9 o\'clock"'))
    right.write_text(text.replace('"09:00"', '"11:00"'))
    day = TEN.date().isoformat()
    part = choose(proof, "Replay", day, day)
    part.get_by_label("Changed rule pack").set_input_files(wrong)
    part.get_by_role("button", name="Decide again").click()
    expect(proof.get_by_text("The rule pack us cannot be used").last).to_be_visible()
    without_trouble(proof)

    part = choose(proof, "Replay", day, day)
    part.get_by_label("Changed rule pack").set_input_files(right)
    part.get_by_role("button", name="Decide again").click()
    expect(proof.get_by_text("Waiting for a worker")).to_be_visible()
    finished()
    expect(proof.get_by_text("Would be put off: 3")).to_be_visible()
    without_trouble(proof)
    with proof.expect_download() as download:
        proof.get_by_role("link", name="Result file").click()
    assert Path(download.value.path()).read_text("utf-8-sig").count("outside calling hours") == 3


def test_a_manager_has_the_seals_checked_and_sees_that_everything_fits(proof):
    seals_of = proof.get_by_role("region", name="Newest seals")
    expect(seals_of.get_by_text("Not checked yet: that is done within a day.").first).to_be_visible()
    seals_of.get_by_role("button", name="Check now").click()
    expect(proof.get_by_text("Waiting for a worker")).to_be_visible()
    finished()
    expect(proof.get_by_text("10 rows compared with their seals.")).to_be_visible()
    expect(proof.get_by_role("region", name="Newest seals").get_by_text("Everything fits")).to_have_count(2)
    without_trouble(proof)
    proof.emulate_media(color_scheme="dark")
    proof.reload()
    without_trouble(proof)
