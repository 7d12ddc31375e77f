"""Before a launch, in a real browser on a phone: somebody agrees on the hosted page, a manager reads what was kept,
declares an emergency, and sees in the forecast who would be called when and who would not."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import jobs
from accounts.models import Job, JobState, Role
from compliance.models import ConsentEntry, Emergency
from contacts.models import OptInForm
from tests.factories import CampaignFactory, ContactFactory, LocationFactory, MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)


def without_trouble(page: Page) -> None:
    """Accessible, and no wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = Axe().run(page).response["violations"]
    assert not found, [(each["id"], each["nodes"][0]["html"]) for each in found]


def test_from_a_persons_agreement_to_the_forecast_of_the_launch(live_server, page):
    page.set_default_timeout(20_000)
    cache.clear()
    location = LocationFactory()
    campaign = CampaignFactory(location=location)
    ContactFactory(location=location, first_name="Silent", consent=False)
    page.set_viewport_size({"width": 360, "height": 800})

    page.goto(f"{live_server.url}/agree/{OptInForm.objects.get().public_code}")
    without_trouble(page)
    page.get_by_label("First name").fill("Zoë")
    page.get_by_label("Last name").fill("Zwick")
    page.get_by_label("Phone number", exact=True).fill("(303) 555-0142")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Tick the box if you agree")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    without_trouble(page)

    client = Client()
    client.force_login(MemberFactory(location=location, role=Role.MANAGER).user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    base = f"{live_server.url}/l/{location.code}/"
    page.goto(f"{base}compliance/consent/")
    without_trouble(page)
    page.get_by_role("link", name="Consent given").first.click()
    expect(page.get_by_text("127.0.0.1", exact=True)).to_be_visible()
    expect(page.get_by_text("Zoë Zwick").first).to_be_visible()
    expect(page.get_by_text(ConsentEntry.objects.latest("pk").text_hash)).to_be_visible()
    without_trouble(page)

    page.goto(f"{base}compliance/emergencies/")
    without_trouble(page)
    until = timezone.now().astimezone(location.zone) + timedelta(days=2)
    page.get_by_label("Who is not called").select_option(label="People in Louisiana")
    page.get_by_label("Until").fill(f"{until:%Y-%m-%dT%H:%M}")
    page.get_by_label("Reason").fill("Hurricane warning of the governor")
    page.get_by_role("button", name="Stop these calls").click()
    expect(page.get_by_text("Hurricane warning of the governor")).to_be_visible()
    page.get_by_role("link", name="End it now").click()
    without_trouble(page)
    page.get_by_label("Reason").fill("The governor lifted it today")
    page.get_by_role("button", name="End it", exact=True).click()
    expect(page.get_by_text("No emergency stops calls.")).to_be_visible()
    assert Emergency.objects.get().lifted_at is not None

    page.goto(f"{base}campaigns/{campaign.code}/forecast/")
    without_trouble(page)
    page.get_by_role("button", name="Forecast the launch").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    job = Job.objects.get(state=JobState.WAITING)
    jobs.run(job.pk)
    expect(page.get_by_role("heading", name="Day and hour")).to_be_visible()
    canvas = page.get_by_label("Calls planned, and put off")
    expect(canvas).to_be_visible()
    # Chart.js gives the canvas its size once it has the figures.
    expect(canvas).to_have_attribute("width", re.compile(r"^[1-9]"))
    without_trouble(page)
    page.get_by_role("link", name="1 no documented consent").click()
    expect(page.get_by_text("Silent").first).to_be_visible()
    without_trouble(page)
