"""The hosted opt-in page: what it records, and what keeps it from recording anything else."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Location
from compliance import ledger, opt_in
from compliance.models import ConsentEntry, ConsentSource, KycProfile
from contacts.models import Contact, OptInForm
from tests.compliance.test_opt_in import VALID_WORDING, WEAK, may_call, write, written
from tests.factories import ContactFactory, LocationFactory

pytestmark = pytest.mark.django_db
SENT = {
    "first_name": "Noah",
    "last_name": "Brown",
    "phone": "(303) 555-0142",
    "agree": "on",
    "version": "1",
    "homepage": "",
}


@pytest.fixture(autouse=True)
def nobody_came_before():
    cache.clear()


@pytest.fixture
def form() -> OptInForm:
    location: Location = LocationFactory.create(form=False)
    return written(location)


def send(form: OptInForm, **changes: Any):
    return Client().post(
        reverse("agree", args=[form.public_code]), {**SENT, **changes}, headers={"User-Agent": "Phone/1.0"}
    )


def test_a_tick_becomes_a_contact_that_may_be_called_with_all_its_proof(form, settings):
    page = Client().get(reverse("agree", args=[form.public_code]))
    assert VALID_WORDING in page.content.decode()
    assert "checked" not in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    assert send(form).status_code == 302
    entry = ConsentEntry.objects.get()
    assert (entry.source, entry.phone, entry.contact.name) == (
        ConsentSource.FORM,
        "+13035550142",
        "Noah Brown",
    )
    assert (entry.text, entry.text_hash, entry.form_version) == (
        VALID_WORDING, ledger.hash_of(VALID_WORDING), form.current,
    )  # fmt: skip
    assert (entry.scan_valid, entry.ip, entry.user_agent) == (True, "127.0.0.1", "Phone/1.0")
    assert entry.url == f"{settings.PUBLIC_URL}/agree/{form.public_code}"
    assert may_call(entry.contact) == set()


@pytest.mark.parametrize(
    "wrong", [{"agree": ""}, {"phone": "12"}, {"phone": ""}, {"first_name": ""}, {"first_name": "x" * 121}]
)
def test_what_is_not_sent_right_is_not_recorded(form, wrong):
    assert send(form, **wrong).status_code == 422
    assert not ConsentEntry.objects.exists()
    assert not Contact.objects.exists()


def test_wording_that_changed_meanwhile_is_read_again(form):
    write(form, f"{VALID_WORDING} Calls may be recorded.")
    answer = send(form)
    assert answer.status_code == 422
    assert "Please read it again." in answer.content.decode()
    assert 'name="version" value="2"' in answer.content.decode()
    assert not ConsentEntry.objects.exists()


@pytest.mark.parametrize("how", ["invalid", "retired", "button"])
def test_a_form_that_is_not_open_records_nothing(form, how):
    if how == "retired":
        opt_in.retire(form, actor=None)
    else:
        write(
            form,
            WEAK if how == "invalid" else VALID_WORDING,
            control="button" if how == "button" else "checkbox",
        )
    assert Client().get(reverse("agree", args=[form.public_code])).status_code == 404
    assert send(form, version="2").status_code == 404
    assert not ConsentEntry.objects.exists()


def test_a_machine_that_fills_in_everything_is_thanked_and_not_recorded(form):
    assert send(form, homepage="https://spam.example").status_code == 302
    assert not Contact.objects.exists()


def test_a_flood_is_stopped(form):
    answers = [send(form, phone=f"(303) 555-01{n:02d}").status_code for n in range(8)]
    assert answers == [302] * 6 + [429] * 2
    assert ConsentEntry.objects.count() == 6


def test_another_site_cannot_send_it(form):
    answer = Client(enforce_csrf_checks=True).post(reverse("agree", args=[form.public_code]), SENT)
    assert answer.status_code == 403
    assert not ConsentEntry.objects.exists()


def test_a_known_contact_keeps_its_name_and_a_listed_number_stays_listed(form):
    contact = ContactFactory.create(
        location=form.location, phone="+13035550142", first_name="Nora", consent=False
    )
    ledger.opt_out(
        organization=form.location.organization,
        phone=contact.phone,
        location=form.location,
        source=ConsentSource.SPOKEN,
        evidence="Said stop",
    )
    send(form)
    contact.refresh_from_db()
    assert contact.first_name == "Nora"
    evidence = ConsentEntry.objects.get(kind="granted").evidence
    assert evidence.startswith("Noah Brown ticked the box")
    assert evidence.endswith(f"the contact was known as {contact.name}")
    assert Contact.objects.count() == 1
    assert form.location.organization.do_not_call.active().filter(phone=contact.phone).exists()


def test_a_guessed_address_finds_nothing(form):
    assert len(form.public_code) == 40
    assert Client().get(reverse("agree", args=["0" * 40])).status_code == 404
    assert Client().get(reverse("agree", args=[form.code])).status_code == 404


def test_it_speaks_the_forms_language_and_escapes_what_it_shows(form):
    write(form, f"{VALID_WORDING} <script>alert(1)</script>", language="es")
    page = Client().get(reverse("agree", args=[form.public_code])).content.decode()
    assert "Número de teléfono" in page
    assert "<script>alert(1)</script>" not in page


def test_there_is_one_box_and_it_says_who_asks_and_where_the_policy_is(form):
    KycProfile.objects.create(
        location=form.location, legal_name="Bright Smile Dental LLC", street="12 Main Street", city="Denver",
        postal_code="80202", privacy_url="https://brightsmile.example/privacy", terms_url="https://brightsmile.example/terms",
    )  # fmt: skip
    write(form, f"☐ {VALID_WORDING}")
    page = Client().get(reverse("agree", args=[form.public_code])).content.decode()
    assert VALID_WORDING in page
    assert "☐" not in page
    for said in ("Bright Smile Dental LLC", "12 Main Street, 80202 Denver", "/privacy", "/terms"):
        assert said in page
    assert send(form, version="2").status_code == 302
    assert ConsentEntry.objects.get().text == f"☐ {VALID_WORDING}"


def test_an_address_that_is_only_a_draft_is_no_link_to_the_public(form):
    KycProfile.objects.create(location=form.location, legal_name="B", privacy_url="javascript:alert(1)")
    assert "javascript:" not in Client().get(reverse("agree", args=[form.public_code])).content.decode()
