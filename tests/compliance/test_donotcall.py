import phonenumbers
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import LogEntry
from compliance import donotcall, ledger
from compliance.models import DoNotCallEntry, Risk
from contacts.rows import read_phone
from tests.factories import LocationFactory, MemberFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
PHONE = "+13035550111"


def add(organization, phone: str = PHONE, risk: str = Risk.HIGH, reason: str = "Asked for it") -> bool:
    wish = ledger.Wish(phone, timezone.now(), reason, risk)
    return bool(donotcall.add_many(organization=organization, wishes=[wish], source="staff"))


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


def test_only_a_number_as_it_is_dialled_is_listed():
    for phone in ("3035550111", "+1 303 555 0111", "tel:+13035550111", "", "+"):
        with pytest.raises(ValueError, match="block nobody"):
            add(OrganizationFactory(), phone=phone)


@st.composite
def written(draw) -> tuple[str, str, str]:
    """A number as it is dialled, its country, and one of the ways in which people and spreadsheets write it."""
    phone, country = draw(
        st.sampled_from(
            [("+13035550111", "US"), ("+442079460018", "GB"), ("+34675412661", "ES"), ("+525512345678", "MX")]
        )
    )
    number = phonenumbers.parse(phone)
    style = draw(
        st.sampled_from(
            [
                phonenumbers.PhoneNumberFormat.E164,
                phonenumbers.PhoneNumberFormat.INTERNATIONAL,
                phonenumbers.PhoneNumberFormat.NATIONAL,
                phonenumbers.PhoneNumberFormat.RFC3966,
            ]
        )
    )
    text = phonenumbers.format_number(number, style)
    if not text.startswith("tel:"):
        gap = draw(st.sampled_from([" ", "-", ".", "", "  ", "\u00a0", "\u2011"]))
        text = text.replace("-", " ").replace(" ", gap)
    if draw(st.booleans()):
        text = text.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    around = draw(st.sampled_from(["{}", " {} ", "\u202a{}\u202c", "\ufeff{}"]))
    return phone, country, around.format(text)


@given(written())
def test_a_number_is_the_same_however_it_is_written(case: tuple[str, str, str]):
    phone, country, text = case
    assert read_phone(text, country)[0] == phone


@pytest.mark.parametrize(
    "text", ["020 7946 0018", "+44 20 7946 0018", "0044 20 79460018", "(020) 7946-0018", "7946"]
)
def test_the_list_is_searched_by_a_number_in_any_writing(text):
    location = LocationFactory(country="GB")
    add(location.organization, phone="+442079460018")
    add(location.organization, phone="+442079460019", reason="Another one")
    client = Client()
    client.force_login(MemberFactory(location=location).user)
    page = client.get(reverse("compliance:home", args=[location.code]), {"q": text}).content.decode()
    assert "+442079460018" in page
    assert ("+442079460019" in page) is (text == "7946")
