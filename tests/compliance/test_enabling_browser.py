"""Enable outbound calls in a real browser: write a form, see what is missing, mend it, enable."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import KycStatus, Location
from compliance import kyc, verification
from compliance.models import KycProfile
from tests.compliance.test_kyc import GOOD
from tests.factories import VALID_WORDING, LocationFactory, MemberFactory

pytestmark = [pytest.mark.django_db(transaction=True)]
WEAK = "I agree to be contacted by Bright Smile Dental by phone, text or e-mail."


def without_trouble(page: Page) -> None:
    """Accessible, and no wider than a phone."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = Axe().run(page).response["violations"]
    assert not found, [(each["id"], each["nodes"][0]["html"]) for each in found]


def test_an_owner_hears_of_a_wrong_register_number_before_saving(live_server, page: Page):
    location = LocationFactory.create(kyc_status=KycStatus.NOT_STARTED, outbound_enabled=False, form=False)
    client = Client()
    client.force_login(MemberFactory.create(location=location).user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{live_server.url}/l/{location.code}/compliance/outbound/business/")
    page.get_by_label("Country of registration").select_option("US")
    page.get_by_label("Register", exact=True).select_option(GOOD["registration_type"])
    number = page.locator("#detail-registration_number")
    number.get_by_label("Number there").fill("00-0000000")
    number.get_by_label("Number there").blur()
    expect(number.locator(".late-problem")).to_be_visible()
    without_trouble(page)
    number.get_by_label("Number there").fill(GOOD["registration_number"])
    number.get_by_label("Number there").blur()
    expect(number.locator(".late-problem")).to_have_count(0)
    assert not KycProfile.objects.exists()


def test_a_form_is_written_mended_and_calls_are_enabled(live_server, page: Page):
    location = LocationFactory.create(
        name="Denver", kyc_status=KycStatus.NOT_STARTED, outbound_enabled=False, form=False
    )
    owner = MemberFactory.create(location=location).user
    profile = KycProfile(location=location, **GOOD)
    verification.save(profile, actor=owner)
    verification.attest(location, list(kyc.STATEMENTS), actor=owner)
    client = Client()
    client.force_login(owner)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )

    page.goto(f"{live_server.url}/l/{location.code}/compliance/outbound/")
    page.get_by_role("button", name="Enable outbound calls").click()
    expect(page.get_by_text("Outbound calls are not on yet.")).to_be_visible()
    expect(page.locator("[data-check=forms]")).to_contain_text("No opt-in form is written here yet.")
    expect(page.locator("[data-check=details]")).to_contain_text("passed")
    page.get_by_role("link", name="Add a form").click()

    page.get_by_label("Name", exact=True).fill("Booking page")
    page.get_by_label("Where it stands").fill("https://brightsmile.example/book")
    page.get_by_label("Who calls").fill("Bright Smile Dental")
    page.get_by_label("Exact wording").fill(WEAK)
    expect(page.locator("#scan [data-element=artificial_voice]")).to_contain_text(
        "Missing: artificial or AI voice"
    )
    page.get_by_role("button", name="Save and scan").click()
    expect(page.locator("#scan [data-element=not_condition]")).to_contain_text(
        "Consent is not a condition of purchase."
    )
    expect(page.locator("#scan [data-element=not_condition]")).to_contain_text(
        "El consentimiento no es condición"
    )
    without_trouble(page)

    page.get_by_role("link", name="Change the wording").click()
    page.get_by_label("Exact wording").fill(VALID_WORDING)
    expect(page.locator("#scan")).to_contain_text("Valid consent to AI marketing calls")
    page.get_by_role("button", name="Save and scan").click()
    expect(page.get_by_role("heading", name="Hosted page")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    without_trouble(page)

    page.goto(f"{live_server.url}/l/{location.code}/compliance/outbound/")
    without_trouble(page)
    page.get_by_role("button", name="Enable outbound calls").click()
    expect(
        page.get_by_text("Outbound calls are on. Every rule still holds for each of them.")
    ).to_be_visible()
    assert Location.objects.get().outbound_enabled is True
