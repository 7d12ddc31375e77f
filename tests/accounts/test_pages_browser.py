"""The frame in a real browser: drawer, confirmation, columns, charts, theme, live parts; narrow, dark, by keyboard."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import Role
from tests.factories import LocationFactory, MemberFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.accounts.frame_urls")]


@pytest.fixture
def base(live_server, page: Page) -> str:
    """The address of a location, in a browser in which its owner is signed in."""
    member = MemberFactory.create(
        role=Role.OWNER, location=LocationFactory.create(name="Bright Smile Denver")
    )
    client = Client()
    client.force_login(member.user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return f"{live_server.url}/l/{member.location.code}/"


def test_a_row_opens_the_drawer_with_its_address_and_escape_closes_it(base, page):
    page.goto(base + "frame/")
    page.locator("#row-2 .where").click()
    drawer = page.locator("#drawer-dialog")
    expect(drawer.get_by_role("heading", name="Call 2")).to_be_visible()
    expect(page).to_have_url(base + "frame/2/")
    assert page.evaluate("document.querySelector('#drawer-dialog').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page).to_have_url(base + "frame/")
    expect(page.get_by_role("link", name="Noah 2")).to_be_focused()


def test_the_address_of_a_drawer_is_a_whole_page_of_its_own(base, page):
    page.goto(base + "frame/2/")
    expect(page.get_by_role("heading", level=1, name="Call 2")).to_be_visible()
    expect(page.get_by_role("link", name="Settings")).to_be_visible()


def test_back_closes_the_drawer(base, page):
    page.goto(base + "frame/")
    page.get_by_role("link", name="Noah 1").click()
    expect(page.locator("#drawer-dialog")).to_be_visible()
    page.go_back()
    expect(page.locator("#drawer-dialog")).to_be_hidden()
    expect(page).to_have_url(base + "frame/")


def test_on_a_phone_the_drawer_is_a_page(base, page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(base + "frame/")
    page.get_by_role("link", name="Noah 1").click()
    expect(page.get_by_role("heading", level=1, name="Call 1")).to_be_visible()
    expect(page.locator("#drawer-dialog")).to_be_hidden()


def test_a_dangerous_action_waits_for_the_typed_word(base, page):
    page.goto(base + "frame/")
    page.get_by_role("button", name="Cancel all").click()
    dialog = page.locator("#confirm-dialog")
    expect(dialog).to_contain_text("Cancels 120 planned calls.")
    expect(page.locator("#confirm-yes")).to_be_disabled()
    page.get_by_role("button", name="Keep it as it is").click()
    expect(page).to_have_url(base + "frame/")
    page.get_by_role("button", name="Cancel all").click()
    page.locator("#confirm-word").fill("CANCEL")
    page.locator("#confirm-yes").click()
    expect(page.locator("body")).to_contain_text("120 calls canceled")


def test_chosen_columns_stay_after_a_filter_and_a_visit(base, page):
    page.goto(base + "frame/")
    expect(page.get_by_role("columnheader", name="Note")).to_be_hidden()
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Note").check()
    page.get_by_label("Number").uncheck()
    assert "?" not in page.url  # No filter was asked for.
    page.reload()
    expect(page.get_by_role("columnheader", name="Note")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Number")).to_be_hidden()


def test_a_chart_has_a_table_in_which_zero_and_missing_differ(base, page):
    page.goto(base + "frame/")
    page.get_by_text("Show as a table").click()
    rows = page.locator(".chart-table tbody tr")
    expect(rows).to_have_text([re.compile("Mon.*3"), re.compile("Tue.*0"), re.compile("Wed.*no data")])


def test_a_chart_is_read_by_keyboard(base, page):
    page.goto(base + "frame/")
    expect(page.get_by_text("Show as a table")).to_be_visible()
    page.locator("canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#announcer")).to_have_text("Mon: Connected 3")


def test_copying_a_shown_number_gives_its_international_form(base, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(base + "frame/")
    expect(page.locator("#row-1 bdi")).to_have_text("(208) 555-0100")
    page.locator("#row-1").hover()
    page.locator("#row-1 [data-copy]").click(force=True)
    assert page.evaluate("navigator.clipboard.readText()") == "+12085550100"


def test_a_broken_stream_is_said_and_polled_instead(base, page):
    page.goto(base + "frame/")
    expect(page.locator(".live-notice")).to_have_text("Live updates lost; refreshing every 10 s")
    expect(page.locator("#live")).to_have_text("Polled")


def test_the_theme_is_kept_and_set_before_the_first_paint(base, page):
    page.goto(base + "frame/")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Dark").click()
    page.reload(wait_until="commit")
    page.locator("body").wait_for(state="attached")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_leaving_with_unsaved_changes_asks_first(base, page):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(base + "frame/")
    page.locator("#draft").fill("half a sent")
    page.goto(base)
    assert asked == ["beforeunload"]


def test_the_first_tab_leads_past_the_sections(base, page):
    page.goto(base + "frame/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["", "frame/", "settings/", "settings/members/", "settings/organization/", "jobs/"]
)
def test_pages_pass_axe_and_fit_a_narrow_phone(base, page, path, theme):
    page.goto(base)
    page.evaluate(f"localStorage.setItem('parley-theme', '{theme}')")
    page.emulate_media(reduced_motion="reduce")
    page.goto(base + path)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator("html")).to_have_js_property("scrollWidth", 360)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["login/", "password/reset/", "logout/", "password/change/", "email/", "2fa/"]
)
def test_account_pages_pass_axe_and_fit_a_narrow_phone(base, live_server, page, path, theme):
    if path in ("login/", "password/reset/"):
        page.context.clear_cookies()
    page.goto(f"{live_server.url}/account/{path}")
    page.evaluate(f"localStorage.setItem('parley-theme', '{theme}')")
    page.reload()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator("html")).to_have_js_property("scrollWidth", 360)
