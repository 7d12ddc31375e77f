"""The prompt builder in a real browser: it saves itself, marks a mistake, loses nothing; narrow and accessible."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from tests.factories import AgentFactory, LocationFactory, MemberFactory
from voiceagents.models import Agent

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agent() -> Agent:
    return AgentFactory.create(location=LocationFactory.create(name="Denver"), name="Ava")


@pytest.fixture
def builder(live_server, page: Page, agent: Agent) -> Page:
    """The agent's page, its owner signed in."""
    client = Client()
    client.force_login(MemberFactory.create(location=agent.location).user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/l/{agent.location.code}/agents/{agent.code}/")
    return page


def test_the_builder_saves_itself_and_shows_how_the_call_begins(builder, agent):
    builder.get_by_label("Greeting").fill("Good day, {{ contact.first_name }}.")
    builder.get_by_label("Goals").fill("Book a check-up.")
    builder.get_by_label("Personality").focus()
    expect(builder.locator("#save-state")).to_contain_text("Saved")
    expect(builder.locator("#opening")).to_contain_text("Good day, Maria.")
    agent.refresh_from_db()
    assert agent.goals == "Book a check-up."


def test_a_mistake_is_marked_beside_its_field_and_goes_when_it_is_mended(builder, agent):
    number = builder.get_by_role("textbox", name="Transfer number")
    number.fill("nonsense")
    number.blur()
    expect(builder.locator("#problem-transfer_number")).to_contain_text("No telephone has this number")
    expect(number).to_have_value("nonsense")
    number.fill("303 555 0177")
    number.blur()
    expect(builder.locator("#problem-transfer_number")).to_be_empty()
    expect(builder.locator("#save-state")).to_contain_text("Saved")
    agent.refresh_from_db()
    assert agent.transfer_number == "+13035550177"


def test_questions_are_added_and_taken_away(builder, agent):
    builder.get_by_role("button", name="Add a question").click()
    rows = builder.locator(".question")
    rows.last.get_by_label("Contact field").fill("E-mail")
    rows.last.get_by_label("Wording").fill("What is your e-mail?")
    rows.last.get_by_label("Wording").blur()
    expect(builder.locator("#save-state")).to_contain_text("Saved")
    agent.refresh_from_db()
    assert agent.questions == [{"field": "email", "ask": "What is your e-mail?"}]
    with builder.expect_response(lambda response: response.url.endswith("/autosave")):
        rows.last.get_by_role("button", name="Remove this question").click()
    expect(rows).to_have_count(1)
    agent.refresh_from_db()
    assert agent.questions == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_builder_fits_a_phone_and_axe_finds_nothing(builder, width, scheme):
    builder.emulate_media(color_scheme=scheme)
    builder.set_viewport_size({"width": width, "height": 800})
    builder.reload()
    assert builder.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(builder).response["violations"] == []
