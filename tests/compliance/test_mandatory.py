"""No setting, role, form or page switches a rule off."""

from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import KycStatus, Location, Role
from compliance import facts, rules
from compliance.models import DoNotCallEntry
from contacts.models import Contact
from tests.factories import ContactFactory, LocationFactory, OrganizationFactory
from tests.security.routes import OF_A_LOCATION
from tests.security.test_urls import address
from tests.security.worlds import Two, two_businesses

pytestmark = pytest.mark.django_db
# The guides' rules. A rule that goes, or comes, is changed here by hand.
MANDATORY = {
    "location_not_enabled", "kyc_incomplete", "no_opt_in", "opted_out", "dnd_voice", "blacklisted", "invalid_number",
    "number_type_not_callable", "not_domestic", "outside_hours", "schedule_closed", "rate_spacing",
    "location_daily_limit", "number_once_per_day", "number_14_in_14_days",
}  # fmt: skip
REFUSED = {"location_not_enabled", "kyc_incomplete", "no_opt_in", "dnd_voice", "blacklisted"}
# Whatever somebody might send who hopes that a rule is a field.
WISHES = {
    **dict.fromkeys(MANDATORY, "off"), **dict.fromkeys((f"{code}_disabled" for code in MANDATORY), "on"),
    "rules": "", "rule_packs": "", "outbound_enabled": "on", "on": "1", "kyc_status": "completed", "valid": "on",
    "scan_valid": "on", "opt_in_documented": "on", "dnd_voice": "", "blacklist_risk": "", "is_demo": "on",
}  # fmt: skip


def reasons(contact: Contact) -> set[str]:
    found = facts.gather([facts.Ask(1, contact.pk)], timezone.now())
    return set(rules.decide(found[1], timezone.now()).reasons) if found else REFUSED


@pytest.fixture
def two() -> Two:
    return two_businesses()


@pytest.fixture
def refused(two: Two) -> Contact:
    """Somebody who may not be called for every reason that is a matter of record, in a location that may not call."""
    location = two.ours.location
    Location.objects.filter(pk=location.pk).update(outbound_enabled=False, kyc_status=KycStatus.NOT_STARTED)
    contact = ContactFactory.create(location=location, consent=False, dnd_voice=True)
    DoNotCallEntry.objects.create(
        organization=location.organization, phone=contact.phone, reason="Asked for it", source="staff"
    )
    two.ours.things["contact"] = contact
    return contact


def test_the_rules_are_those_of_the_guides_and_each_is_asked_every_time():
    assert {rule.code for rule in rules.RULES} >= MANDATORY


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
def test_no_address_takes_a_rule_away(two: Two, refused: Contact, role: Role):
    client = two.ours.client(role)
    assert reasons(refused) >= REFUSED
    for route in OF_A_LOCATION:
        with transaction.atomic():
            client.post(address(route, two.ours), WISHES)
            assert reasons(refused) >= REFUSED, route
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", ["KYC_NEEDS_PROVIDER", "DEBUG"])
@pytest.mark.parametrize("value", [True, False])
def test_no_setting_takes_a_rule_away(refused: Contact, settings: Any, name: str, value: bool):
    setattr(settings, name, value)
    assert reasons(refused) >= REFUSED


def test_a_demo_is_not_spared(refused: Contact):
    Location.objects.update(is_demo=True)
    assert reasons(refused) >= REFUSED


def test_there_is_no_admin_page():
    assert not apps.is_installed("django.contrib.admin")
    assert Client().get("/admin/").status_code == 404


def test_a_status_that_is_not_completed_dials_nothing():
    organization = OrganizationFactory.create()
    for status in KycStatus:
        contact = ContactFactory.create(
            location=LocationFactory.create(organization=organization, kyc_status=status)
        )
        assert ("kyc_incomplete" in reasons(contact)) == (status != KycStatus.COMPLETED)
