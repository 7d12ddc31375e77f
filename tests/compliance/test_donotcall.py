import pytest

from accounts.models import LogEntry
from compliance import donotcall, ledger
from compliance.models import DoNotCallEntry, Risk
from tests.factories import LocationFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
PHONE = "+13035550111"


def add(organization, phone: str = PHONE, risk: str = Risk.HIGH, reason: str = "Asked for it") -> bool:
    return donotcall.add(organization=organization, phone=phone, risk=risk, reason=reason, source="staff")


def test_a_number_is_listed_once_and_keeps_the_higher_risk():
    organization = OrganizationFactory()
    assert add(organization, risk=Risk.LOW)
    assert not add(organization, risk=Risk.HIGH)
    assert not add(organization, risk=Risk.MEDIUM)
    assert DoNotCallEntry.objects.get().risk == "high"


def test_risks_are_of_the_organization_and_active_entries_only(django_assert_num_queries):
    ours, theirs = OrganizationFactory(), OrganizationFactory()
    add(ours, risk=Risk.MEDIUM)
    add(theirs, phone="+13035550122")
    entry = DoNotCallEntry.objects.create(
        organization=ours, phone="+13035550133", reason="Typing mistake", source="staff"
    )
    remove(entry, ours)
    with django_assert_num_queries(1):
        found = donotcall.risks({(ours.pk, phone) for phone in (PHONE, "+13035550122", "+13035550133")})
    assert found == {(ours.pk, PHONE): "medium"}


def remove(entry: DoNotCallEntry, organization, reason: str = "Entered by mistake") -> bool:
    location = LocationFactory(organization=organization)
    return donotcall.remove(entry=entry, location=location, reason=reason, actor=UserFactory())


def test_removing_needs_a_reason_that_can_be_understood():
    organization = OrganizationFactory()
    add(organization)
    entry = DoNotCallEntry.objects.get()
    with pytest.raises(donotcall.ReasonNeededError, match="still on it"):
        remove(entry, organization, "  mistake  ")
    assert DoNotCallEntry.objects.active().exists()


def test_removing_keeps_the_row_with_who_and_why_and_is_done_once():
    organization = OrganizationFactory()
    add(organization)
    entry = DoNotCallEntry.objects.get()
    assert remove(entry, organization)
    assert not remove(entry, organization)
    entry.refresh_from_db()
    assert entry.removal_reason == "Entered by mistake"
    assert entry.removed_by is not None
    assert LogEntry.objects.filter(action="do_not_call.removed").count() == 1


def test_a_number_may_be_listed_again_after_it_was_taken_off():
    organization = OrganizationFactory()
    add(organization)
    remove(DoNotCallEntry.objects.get(), organization)
    assert add(organization)
    assert DoNotCallEntry.objects.active().count() == 1


def test_taking_a_number_off_does_not_undo_the_opt_out():
    location = LocationFactory()
    ledger.opt_out(
        organization=location.organization, phone=PHONE, location=location, source="spoken", evidence="Stop"
    )
    remove(DoNotCallEntry.objects.get(), location.organization)
    assert ledger._revoked(location.organization_id, [PHONE])
