"""The main job as a person clicks it, in a real browser; script errors and breaches of the security policy fail it."""

import re
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import Location, User
from dialer.models import Call
from tests.journeys import places
from tests.stack import Stack

PEOPLE = (
    ("Peter", "Novak", places.ASKS, "yes", "no"),
    ("Maria", "Lopez", places.BOOKS, "yes", "no"),
    ("José", "Pérez-Ruiz", places.NO_CONSENT, "no", "no"),
)
# A dial leaves at most one slot after the launch; a conversation at this speed of the carrier takes a few seconds.
CALL_MS = 60_000
PAGES = (
    "", "contacts/", "contacts/new/", "contacts/imports/", "contacts/imports/new/", "campaigns/", "campaigns/new/",
    "calls/", "calls/scheduled/", "compliance/", "compliance/consent/", "dashboards/outbound/", "settings/",
    "settings/members/", "agents/", "agents/new/", "agents/templates/", "agents/models/", "numbers/", "numbers/add/",
    "numbers/carrier/", "settings/organization/", "settings/history/", "jobs/",
)  # fmt: skip


@dataclass
class Business:
    stack: Stack
    place: places.Place
    user: User
    location: Location

    def at(self, path: str) -> str:
        return f"{self.stack.url}/l/{self.location.code}/{path}"

    def pace_of_the_carrier(self, speed: float) -> None:
        answer = httpx.post(f"{self.stack.sandbox_url}/control/speed", json={"speed": speed})
        answer.raise_for_status()


@pytest.fixture(scope="module")
def business(live_stack: Stack) -> Business:
    """A business that may call, with an account at the carrier, and nobody to call yet."""
    place = places.place_now()
    user, location = places.organization_in(place)
    places.carrier_account(live_stack, location.organization)
    return Business(live_stack, place, user, location)


def sign_in(page: Page, business: Business) -> None:
    page.goto(business.stack.url)
    page.get_by_label("E-mail address").fill(business.user.email)
    page.get_by_label("Password").fill(places.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(business.at(""))


def go(page: Page, name: str) -> None:
    """By the menu on the left."""
    page.get_by_role("complementary").get_by_role("link", name=name, exact=True).click()


def yes(page: Page, name: str) -> None:
    """Say yes to the question that an action asks first."""
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def download(page: Page, link: str) -> str:
    """The text of the file behind a link."""
    expect(page.get_by_role("link", name=link)).to_be_visible()
    with page.expect_download() as file:
        page.get_by_role("link", name=link).click()
    return Path(file.value.path()).read_text(encoding="utf-8-sig")


def import_the_list(page: Page, business: Business, tmp_path: Path) -> None:
    file = tmp_path / "recall.csv"
    file.write_bytes(places.contact_list(business.place, PEOPLE))
    go(page, "Contacts")
    page.get_by_role("link", name="Import a list").first.click()
    page.get_by_label("List").set_input_files(file)
    page.get_by_role("button", name="Upload and look at it").click()
    expect(page.get_by_label("OK to call?")).to_have_value("consent")
    page.get_by_role("button", name="Import this list").click()
    expect(
        page.get_by_text("Say in at least 10 characters where the proof of consent is").first
    ).to_be_visible()
    page.get_by_label("Where is the proof?").fill(places.EVIDENCE)
    page.get_by_label("On another form, whose wording I have read").check()
    page.get_by_role("button", name="Import this list").click()
    expect(page.get_by_role("heading", name="3 contacts in this list")).to_be_visible(timeout=30_000)
    assert "No phone number" in download(page, "Download these rows")


def buy_a_number(page: Page) -> None:
    go(page, "Phone numbers")
    page.get_by_role("link", name="Add a number").click()
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name=re.compile("^Buy")).first.click()
    yes(page, "Buy it")
    expect(page.get_by_text("Give it a name, and choose it for an agent.")).to_be_visible()


def make_an_agent(page: Page) -> None:
    go(page, "Agents")
    page.get_by_role("link", name="Make an agent").click()
    page.locator("[name=name]").fill("Ava")
    page.locator("[name=business_name]").fill("Bright Smile Dental")
    page.get_by_label("Goals").fill("Invite patients whose six-month check-up is due to book a time.")
    page.get_by_label("Business details").fill(
        "Hours: Monday to Friday, nine to five.\nAddress: 12 Main Street."
    )
    page.get_by_label("Book an appointment").check()
    page.locator("select[name=phone_number]").select_option(index=1)
    page.get_by_role("button", name="Make the agent").click()
    go(page, "Agents")
    expect(page.get_by_role("row", name=re.compile("Ava.*Ready"))).to_be_visible()


def make_a_campaign(page: Page) -> None:
    go(page, "Campaigns")
    page.get_by_role("link", name="Make a campaign").click()
    page.locator("[name=name]").fill("Six-month recall")
    page.locator("[name=agent]").select_option(label="Ava")
    page.get_by_role("group", name="Contacts with any of these tags").get_by_label("recall").check()
    expect(page.locator("#reach")).to_contain_text("3 contacts, 2 of them may be called")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("heading", name="Ready to be launched")).to_be_visible()


def test_a_list_becomes_calls_that_a_person_watches_and_ends(
    page: Page, business: Business, tmp_path: Path
) -> None:
    sign_in(page, business)
    import_the_list(page, business, tmp_path)
    buy_a_number(page)
    make_an_agent(page)
    make_a_campaign(page)

    business.pace_of_the_carrier(1.5)
    page.get_by_role("button", name="Launch", exact=True).click()
    yes(page, "Launch it")
    flight = page.locator(".flights > li", has_text="Peter Novak")
    expect(flight.locator(".turn-agent").first).to_contain_text("AI", timeout=CALL_MS)
    expect(flight.locator(".turn-contact").first).to_be_visible(timeout=CALL_MS)
    flight.get_by_role("button", name="Hang up the call with Peter Novak").click()
    expect(page.get_by_text("The carrier was asked to hang up")).to_be_visible()
    expect(page.locator(".flights > li", has_text="Peter Novak")).to_have_count(0, timeout=CALL_MS)

    business.pace_of_the_carrier(20)
    expect(page.get_by_role("heading", name="Not called, and why")).to_be_visible(timeout=CALL_MS)
    expect(page.locator("#campaign-now")).to_contain_text("no documented consent")


def test_a_call_opens_in_a_drawer_with_its_decision_its_words_and_its_sound(
    page: Page, business: Business
) -> None:
    sign_in(page, business)
    go(page, "Calls")
    row = page.get_by_role("row", name=re.compile("Maria Lopez.*Meeting scheduled"))
    deadline = time.monotonic() + CALL_MS / 1000
    while not row.is_visible():
        assert time.monotonic() < deadline, page.locator("#results").inner_text()
        page.wait_for_timeout(500)
        page.reload()
    page.get_by_role("link", name="Maria Lopez").first.click()
    drawer = page.locator("#drawer-dialog")
    expect(drawer.get_by_text("Meeting scheduled")).to_be_visible()
    expect(drawer.locator(".turns")).to_contain_text("10 in the morning")
    expect(drawer.get_by_text("Allowed", exact=True)).to_be_visible()
    sound = drawer.locator("audio")
    expect(sound).to_be_visible()
    seconds = sound.evaluate("async audio => { await audio.play(); audio.pause(); return audio.duration }")
    assert seconds > 1
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


def test_a_contact_who_was_not_called_says_why(page: Page, business: Business) -> None:
    sign_in(page, business)
    go(page, "Contacts")
    page.get_by_role("link", name="José Pérez-Ruiz").click()
    drawer = page.locator("#drawer-dialog")
    expect(drawer.get_by_text("No documented consent").first).to_be_visible()


def test_a_tile_opens_the_log_and_the_log_becomes_a_file(page: Page, business: Business) -> None:
    sign_in(page, business)
    go(page, "Dashboards")
    page.get_by_role("link", name=re.compile("Refused")).first.click()
    expect(page.locator("#results")).to_contain_text("José Pérez-Ruiz")
    expect(page.locator("#results")).not_to_contain_text("Maria Lopez")
    page.get_by_role("button", name="Export").click()
    rows = download(page, "Export these calls as CSV")
    assert "Pérez-Ruiz" in rows
    assert "no_opt_in" in rows
    assert "Lopez" not in rows


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(page: Page, business: Business, theme: str) -> None:
    client = Client()
    client.force_login(business.user)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": business.stack.url}
    page.context.add_cookies([session])
    page.emulate_media(color_scheme=theme)
    own = Call.objects.filter(location=business.location).select_related("campaign", "contact").first()
    assert own is not None
    assert own.campaign is not None
    found = []
    for path in (
        *PAGES,
        f"calls/{own.code}/",
        f"campaigns/{own.campaign.code}/",
        f"contacts/{own.contact.code}/",
    ):
        page.goto(business.at(path))
        results = Axe().run(page)
        for violation in results.response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                where = [node["target"] for node in violation["nodes"][:3]]
                found.append(f"/{path}: {violation['id']}: {violation['help']} {where}")
    assert found == [], "\n".join(found)


def test_every_page_fits_a_phone(page: Page, business: Business) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, business)
    wide = []
    for path in PAGES:
        page.goto(business.at(path))
        # Neither the page nor a list within it is moved sideways: a row's cells stand one under the other.
        if page.evaluate(
            "[document.documentElement, ...document.querySelectorAll('.list-scroll:not(:has([data-grid]))')]"
            ".some((part) => part.scrollWidth > part.clientWidth)"
        ):
            wide.append(path)
    assert wide == []
