"""The do-not-call lists and the page of a called person, in a real browser."""

from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import jobs
from accounts.models import Job, JobState, Location, Role
from compliance import public_links
from compliance.models import DoNotCallEntry, ExternalList
from tests.factories import CallFactory, LocationFactory, MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def location() -> Location:
    return LocationFactory()


@pytest.fixture
def base(live_server, page: Page, location: Location) -> str:
    """The address of the location's compliance pages, in a browser in which a manager is signed in."""
    client = Client()
    client.force_login(MemberFactory(location=location, role=Role.MANAGER).user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return f"{live_server.url}/l/{location.code}/compliance/"


def without_trouble(page: Page) -> None:
    """Accessible, and no wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = Axe().run(page).response["violations"]
    assert not found, [(each["id"], each["nodes"][0]["html"]) for each in found]


def moved_on(job: Job) -> None:
    """The job as a worker leaves it halfway."""
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, done=30_000, total=60_000, started_at=timezone.now(), beat_at=timezone.now()
    )


def finished(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)
    jobs.run(job.pk)


def test_a_file_of_numbers_is_loaded_searched_and_taken_off_with_a_reason(base, page, location, tmp_path):
    call = CallFactory(location=location)
    file = tmp_path / "opted-out.csv"
    file.write_text(f"Telephone;Motivo\n{call.phone};Asked at the desk\n303-555-01;Too short\n")
    page.set_viewport_size({"width": 360, "height": 800})

    page.goto(base)
    page.get_by_role("link", name="Load a list").click()
    page.get_by_role("link", name="Load a list").click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload and look at it").click()
    expect(page.get_by_text("Left out: “303-555-01” is too short for a phone number.")).to_be_visible()
    expect(page.get_by_label("Telephone")).to_have_value("phone")
    expect(page.get_by_label("Motivo")).to_have_value("reason")
    without_trouble(page)

    page.get_by_label("Reason", exact=True).fill("From the list of 2025")
    page.get_by_role("button", name="Put them on the list").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    job = Job.objects.get()
    moved_on(job)
    expect(page.locator("progress").first).to_have_attribute("value", "30000")
    finished(job)
    expect(page.get_by_text("New on the list")).to_be_visible()
    expect(page.get_by_text("These people are not on the list.")).to_be_visible()
    without_trouble(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download these rows").click()
    assert "303-555-01" in Path(download.value.path()).read_text()
    call.refresh_from_db()
    assert call.state == "canceled"

    page.get_by_role("link", name="Look at the do-not-call list").click()
    page.get_by_label("Search").fill(call.phone.removeprefix("+1"))
    expect(page.locator("#results")).to_contain_text("Asked at the desk")
    without_trouble(page)
    page.goto(f"{base}do-not-call/{DoNotCallEntry.objects.get().code}/")
    page.get_by_label("Why may this number be called again?").fill("Entered by mistake")
    page.get_by_role("button", name="Take it off the list").click()
    page.get_by_role("button", name="Take it off", exact=True).click()
    expect(page.get_by_text("is off the list")).to_be_visible()
    assert not DoNotCallEntry.objects.active().exists()


def test_an_external_list_is_loaded_with_a_progress_bar(base, page, tmp_path):
    file = tmp_path / "registry.txt"
    file.write_text("".join(f"303{number:07d}\n" for number in range(2_000_000, 2_002_000)))
    page.goto(base + "lists/add/")
    page.get_by_label("Name").fill("National registry")
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Subscription account number (SAN)").fill("10-123-4567")
    page.get_by_label("Date of the list").fill(f"{timezone.now() - timedelta(days=1):%Y-%m-%d}")
    page.get_by_role("button", name="Upload and load it").click()
    expect(page.get_by_text("Being loaded: not checked yet")).to_be_visible()
    job = Job.objects.get()
    moved_on(job)
    expect(page.locator("progress").first).to_have_attribute("value", "30000")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    without_trouble(page)
    finished(job)
    expect(page.get_by_text("2,000 numbers, in force")).to_be_visible()
    expect(page.get_by_text("Subscription account number").first).to_be_visible()
    expect(page.get_by_text("days left")).to_be_visible()
    assert ExternalList.objects.get().edition.count == 2000


def test_a_called_person_reads_who_called_and_stops_it_without_an_account(live_server, page, location):
    cache.clear()
    call = CallFactory(location=location)
    link = public_links.link(location.organization, call.phone).rsplit("/", 1)[1]
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.goto(f"{live_server.url}/o/{link}")
    expect(page.get_by_role("heading", name="On what consent")).to_be_visible()
    without_trouble(page)
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("button", name="Detener todas las llamadas a este número")).to_be_visible()
    without_trouble(page)
    page.get_by_role("button", name="Detener todas las llamadas a este número").click()
    expect(page.locator(".alert-success")).to_be_visible()
    without_trouble(page)
    call.refresh_from_db()
    assert call.state == "canceled"
    assert DoNotCallEntry.objects.active().get().source == "web"
