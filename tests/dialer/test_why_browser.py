"""Why? and Proof in a real browser: in the drawer, at 360 pixels, in the dark."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import Role
from compliance import seals
from compliance.models import Book
from dialer.models import Call
from tests.compliance.decided import TEN, consenting, decided
from tests.factories import CallFactory, LocationFactory, MemberFactory
from voiceagents.models import Agent

pytestmark = pytest.mark.django_db(transaction=True)
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def call() -> Call:
    location = LocationFactory(name="Bright Smile Denver")
    (contact,) = consenting(location, 1)
    call = CallFactory(location=location, contact=contact)
    decided(contact, TEN + timedelta(hours=12), call_id=call.pk)
    seals.seal_up_to(Book.DECISIONS, 2**62, TEN + timedelta(days=2))
    return call


@pytest.fixture
def base(live_server, page: Page, call: Call) -> str:
    """The address of the location, in a browser in which its owner is signed in."""
    member = MemberFactory(role=Role.OWNER, location=call.location)
    client = Client()
    client.force_login(member.user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return f"{live_server.url}/l/{call.location.code}/"


def test_why_opens_in_the_drawer_and_answers(base, call, page):
    page.goto(f"{base}calls/{call.code}/")
    page.get_by_role("link", name="Why does it wait?").click()
    drawer = page.locator("#drawer-dialog")
    expect(drawer).to_contain_text("This call waits, because the rules put it off.")
    expect(drawer).to_contain_text("On what consent?")
    expect(drawer).to_contain_text("Website form")
    assert Axe().run(page).response["violations"] == []


def test_a_live_update_leaves_the_link_under_the_finger_where_it_is(base, call, page):
    """A click is lost when what was pressed is another element by the time it is let go; so is the focus."""
    page.clock.install()
    page.goto(f"{base}calls/{call.code}/")
    expect(page.locator(".live-notice")).to_be_visible()
    page.get_by_role("link", name="Why does it wait?").focus()
    page.get_by_role("link", name="Why does it wait?").hover()
    page.mouse.down()
    Agent.objects.filter(pk=call.agent_id).update(name="Beatrice")
    with page.expect_response("**/now"):
        page.clock.fast_forward(10_000)
    expect(page.get_by_text("Beatrice")).to_be_visible()
    expect(page.locator(":focus")).to_have_text("Why does it wait?")
    page.mouse.up()
    expect(page.locator("#drawer-dialog")).to_contain_text("On what consent?")


@pytest.mark.parametrize("width", [1280, 360])
def test_proof_and_why_fit_the_screen_and_are_accessible_in_the_dark(base, call, page, width):
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": width, "height": 900})
    for path, heading in (("compliance/proof/", "Compliance"), (f"calls/{call.code}/why/", "Why?")):
        page.goto(base + path)
        expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        assert not page.evaluate(SIDEWAYS)
        assert Axe().run(page).response["violations"] == []


def test_an_archive_is_asked_for_on_the_page(base, call, page):
    page.goto(base + "compliance/proof/")
    page.get_by_role("button", name="Make the archive").click()
    expect(page.get_by_text("Audit archive, ", exact=False).first).to_be_visible()
    expect(page.get_by_role("region", name="Made so far")).to_contain_text("decisions")
