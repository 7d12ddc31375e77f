"""The ledger as people read it: an entry whole, and the export."""

import csv
import io
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from compliance import ledger, opt_in
from contacts.models import OptInForm
from tests.factories import ContactFactory, LocationFactory, MemberFactory

pytestmark = pytest.mark.django_db
CAPTURED = datetime(2024, 11, 5, 18, 30, tzinfo=UTC)
RECORDED = datetime(2024, 11, 6, 9, 15, tzinfo=UTC)
TEXT = "Yes, you may <b>call</b> me."


@pytest.fixture
def location():
    return LocationFactory(timezone="America/Denver")


def entry_of(location, **more):
    contact = ContactFactory(location=location, consent=False)
    with time_machine.travel(RECORDED, tick=False):
        return ledger.grant(
            contact=contact,
            **{
                "source": "api", "captured_at": CAPTURED, "evidence": "Ticket 4711", "purpose": "marketing",
                "seller": "Bright Smile LLC", "text": TEXT, "url": "https://bright.example/agree",
                "ip": "203.0.113.9", "user_agent": "Mozilla/5.0 (Test)",
                "expires_at": datetime(2027, 1, 31, 12, 0, tzinfo=UTC),
            } | more,
        )  # fmt: skip


def reader(location, role="viewer") -> Client:
    client = Client()
    client.force_login(MemberFactory(location=location, role=role).user)
    return client


def shown(client, location, entry) -> str:
    response = client.get(reverse("compliance:consent_entry", args=[location.code, entry.code]))
    assert response.status_code == 200
    return response.content.decode()


def test_an_entry_shows_all_that_was_kept_with_whole_dates(location):
    entry = entry_of(location)
    text = shown(reader(location), location, entry)
    for said in (
        "Ticket 4711", "Marketing", "Calls", "Bright Smile LLC", "https://bright.example/agree", "203.0.113.9",
        "Mozilla/5.0 (Test)", ledger.hash_of(TEXT), "Yes, you may &lt;b&gt;call&lt;/b&gt; me.", "5 Nov 2024 11:30",
        "6 Nov 2024 02:15", "31 Jan 2027 05:00", "Not scanned",
    ):  # fmt: skip
        assert said in text


def test_an_entry_under_a_form_shows_its_version_and_what_the_scan_found(location):
    form = OptInForm(location=location, name="Front desk")
    opt_in.publish(
        form, text="Call me.", seller=location.name, place="Paper", language="en", control="signature"
    )
    entry = entry_of(location, wording=opt_in.wording_of(form))
    text = shown(reader(location), location, entry)
    assert "Front desk, version 1" in text
    assert "Call me." in text
    assert "Not valid consent, so it allows no calls" in text
    assert "missing: " in text


def test_an_entry_of_another_location_is_shown_only_about_a_number_that_is_also_ours(location):
    elsewhere = LocationFactory(organization=location.organization)
    entry = entry_of(elsewhere)
    client, url = reader(location), reverse("compliance:consent_entry", args=[location.code, entry.code])
    assert client.get(url).status_code == 404
    ContactFactory(location=location, phone=entry.phone)
    assert client.get(url).status_code == 200
    stranger = LocationFactory()
    ContactFactory(location=stranger, phone=entry.phone)
    url = reverse("compliance:consent_entry", args=[stranger.code, entry.code])
    assert reader(stranger).get(url).status_code == 404


def test_the_ledger_and_the_contact_lead_to_the_entry(location):
    entry = entry_of(location)
    client, link = reader(location), reverse("compliance:consent_entry", args=[location.code, entry.code])
    listed = client.get(reverse("compliance:ledger", args=[location.code])).content.decode()
    assert link in listed
    assert "6 Nov 2024 02:15" in listed
    of_contact = client.get(reverse("compliance:contact_consent", args=[location.code, entry.contact.code]))
    assert link in of_contact.content.decode()


def test_managers_export_the_ledger_whole_and_no_spreadsheet_runs_it(location, monkeypatch):
    monkeypatch.setattr("accounts.paging.CHUNK", 1)
    entry_of(location, evidence="=HYPERLINK(1)")
    newest = entry_of(location)
    url = reverse("compliance:consent_export", args=[location.code])
    assert reader(location, "staff").get(url).status_code == 403
    response = reader(location, "manager").get(url)
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [row["Evidence"] for row in rows] == ["Ticket 4711", "'=HYPERLINK(1)"]
    assert rows[0] == {
        "Entry": newest.code, "What": "Consent given", "Number": rows[0]["Number"], "Contact": str(newest.contact),
        "Captured at": "2024-11-05T18:30:00+00:00", "Recorded at": "2024-11-06T09:15:00+00:00",
        "Expires at": "2027-01-31T12:00:00+00:00", "Source": "API", "Purpose": "marketing", "Channel": "voice",
        "Seller": "Bright Smile LLC", "Evidence": "Ticket 4711", "Text shown": TEXT,
        "SHA-256 of the text": ledger.hash_of(TEXT), "Form": "", "Version": "", "Valid by the scan": "",
        "Scanned at": "", "Scanner": "", "Web address": "https://bright.example/agree",
        "IP address": "203.0.113.9", "User agent": "Mozilla/5.0 (Test)", "Recorded by": "",
    }  # fmt: skip
    assert newest.phone in rows[0]["Number"]
