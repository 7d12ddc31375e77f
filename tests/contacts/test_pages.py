import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import jobs
from accounts.models import Location, Role
from compliance import facts, ledger
from compliance.models import ConsentEntry, DoNotCallEntry
from contacts.models import Contact, ContactImport, Tag
from tests.contacts.lists import DATA, EVIDENCE, expected, run, upload
from tests.factories import CallFactory, ContactFactory, LocationFactory, MemberFactory

pytestmark = pytest.mark.django_db

READABLE = [
    "contacts:list", "contacts:contact", "contacts:imports", "contacts:import_report", "compliance:home",
    "compliance:do_not_call_entry", "compliance:do_not_call_export", "compliance:ledger", "compliance:contact_consent",
]  # fmt: skip
FORMS = ["contacts:add", "contacts:edit", "contacts:upload", "compliance:do_not_call_add"]
WRITES = [
    "contacts:add", "contacts:edit", "contacts:delete", "contacts:bulk", "contacts:upload", "contacts:import",
    "contacts:import_preview", "contacts:import_discard", "compliance:do_not_call_add",
    "compliance:do_not_call_entry", "compliance:contact_grant", "compliance:contact_opt_out",
]  # fmt: skip


@pytest.fixture
def location() -> Location:
    return LocationFactory()


@pytest.fixture
def codes(location) -> dict[str, str]:
    """A row of each kind that addresses name."""
    contact_import = upload(location, b"Phone,Consent\n303-555-0111,yes\n")
    contact_import.job = run(contact_import)
    contact_import.save()
    contact = ContactFactory(location=location)
    entry = DoNotCallEntry.objects.create(
        organization=location.organization, phone=contact.phone, reason="Asked for it", source="staff"
    )
    return {"contacts": contact.code, "import": contact_import.code, "compliance": entry.code}


def address(name: str, location: Location, codes: dict[str, str]) -> str:
    if "import_" in name or name == "contacts:import":
        arguments = [codes["import"]]
    elif name == "compliance:do_not_call_entry":
        arguments = [codes["compliance"]]
    elif name.startswith("compliance:contact") or name in (
        "contacts:contact",
        "contacts:edit",
        "contacts:delete",
    ):
        arguments = [codes["contacts"]]
    else:
        arguments = []
    return reverse(name, args=[location.code, *arguments])


def signed_in(location: Location, role: Role = Role.STAFF) -> Client:
    client = Client()
    client.force_login(MemberFactory(location=location, role=role).user)
    return client


@pytest.mark.parametrize("name", READABLE)
@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads(location, codes, role, name):
    client = signed_in(location, role)
    assert client.get(address(name, location, codes)).status_code == 200
    assert client.get(address(name, location, codes), headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize("name", [*READABLE, *FORMS])
def test_a_stranger_finds_nothing_there(location, codes, name):
    assert signed_in(LocationFactory(), Role.OWNER).get(address(name, location, codes)).status_code == 404


@pytest.mark.parametrize("name", WRITES)
def test_a_viewer_changes_nothing(location, codes, name):
    assert signed_in(location, Role.VIEWER).post(address(name, location, codes)).status_code == 403


@pytest.mark.parametrize("name", WRITES)
def test_a_stranger_changes_nothing(location, codes, name):
    assert signed_in(LocationFactory(), Role.OWNER).post(address(name, location, codes)).status_code == 404


@pytest.mark.parametrize(
    "name", ["contacts:contact", "contacts:edit", "compliance:contact_consent", "contacts:import"]
)
def test_a_row_of_another_location_is_not_found_through_ones_own(location, codes, name):
    elsewhere = LocationFactory()
    assert signed_in(elsewhere, Role.OWNER).get(address(name, elsewhere, codes)).status_code == 404


@pytest.mark.parametrize("name", FORMS)
def test_staff_see_the_forms(location, codes, name):
    assert signed_in(location).get(address(name, location, codes)).status_code == 200


def test_staff_import_a_list_by_clicking_through(location, django_capture_on_commit_callbacks, monkeypatch):
    client = signed_in(location)
    # The worker's part is done here, at once.
    monkeypatch.setattr(jobs, "async_task", lambda name, job_id: jobs.run(job_id))
    file = SimpleUploadedFile("contacts.csv", (DATA / "contacts.csv").read_bytes())
    answer = client.post(reverse("contacts:upload", args=[location.code]), {"file": file})
    contact_import = ContactImport.objects.get()
    columns_page = reverse("contacts:import", args=[location.code, contact_import.code])
    assert answer.url == columns_page

    page = client.get(columns_page).content.decode()
    chosen = {
        f"column-{n}": value
        for n, value in re.findall(
            r'name="column-(\d+)">(?:(?!</select>).)*?value="(\w*)" selected', page, flags=re.DOTALL
        )
    }
    assert chosen["column-2"] == "phone"
    without_proof = client.post(columns_page, {**chosen, "consent": "column"})
    assert without_proof.status_code == 422
    assert "where the proof of consent is" in without_proof.content.decode()
    unread = client.post(columns_page, {**chosen, "consent": "column", "evidence": EVIDENCE})
    assert unread.status_code == 422
    assert "vouch for the wording that they saw" in unread.content.decode()
    preview = client.post(
        reverse("contacts:import_preview", args=[location.code, contact_import.code]),
        {**chosen, "consent": "column", "evidence": EVIDENCE, "vouched": "on"},
    )
    assert "Of the first 200 rows" in preview.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            columns_page, {**chosen, "consent": "column", "evidence": EVIDENCE, "vouched": "on"}
        )
    report = client.get(answer.url).content.decode()

    assert f"{expected()['contacts']:,} contacts in this list" in report
    assert location.log.filter(action="contacts.import_vouched").count() == 1
    assert Contact.objects.for_location(location).count() == expected()["contacts"]
    refused = client.get(reverse("contacts:import_refused", args=[location.code, contact_import.code]))
    lines = b"".join(refused.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == expected()["invalid_rows"] + 1


def test_an_unreadable_file_is_refused_in_words_on_the_page(location):
    file = SimpleUploadedFile("list.pdf", b"%PDF-1.7 nothing")
    answer = signed_in(location).post(reverse("contacts:upload", args=[location.code]), {"file": file})
    assert answer.status_code == 422
    assert "Export the list as CSV" in answer.content.decode()
    assert not ContactImport.objects.exists()


def test_the_list_is_filtered_by_its_address(location):
    agreed = ContactFactory(location=location, first_name="Zoë", last_name="Agreed", language="es")
    silent = ContactFactory(location=location, first_name="Liam", last_name="Silent", consent=False)
    agreed.tags.add(Tag.objects.create(location=location, name="vip"))
    client = signed_in(location)
    page = reverse("contacts:list", args=[location.code])
    for query in ("q=zoë", "tag=vip", "language=es", "consent=yes", f"q={agreed.phone[-7:]}"):
        shown = client.get(f"{page}?{query}").content.decode()
        assert agreed.name in shown, query
        assert silent.name not in shown, query
    shown = client.get(f"{page}?consent=no").content.decode()
    assert silent.name in shown
    assert agreed.name not in shown


def test_a_contact_is_added_by_hand_with_its_place(location):
    client = signed_in(location)
    answer = client.post(
        reverse("contacts:add", args=[location.code]),
        {"phone": "(850) 456-1234", "first_name": "Ana", "tags": "vip, recall"},
    )
    contact = Contact.objects.get()
    assert answer.url == reverse("contacts:contact", args=[location.code, contact.code])
    assert contact.phone == "+18504561234"
    assert contact.zone_names == ["America/Chicago", "America/New_York"]
    assert sorted(contact.tags.values_list("name", flat=True)) == ["recall", "vip"]


def test_a_number_that_exists_is_refused_and_nothing_typed_is_lost(location):
    known = ContactFactory(location=location)
    answer = signed_in(location).post(
        reverse("contacts:add", args=[location.code]), {"phone": known.phone, "first_name": "Typed by hand"}
    )
    assert answer.status_code == 422
    assert "has this number already" in answer.content.decode()
    assert "Typed by hand" in answer.content.decode()


def test_a_bulk_action_asks_first_and_says_how_many(location):
    ContactFactory.create_batch(3, location=location)
    elsewhere = ContactFactory()
    client = signed_in(location)
    page = reverse("contacts:bulk", args=[location.code])
    asked = client.post(page, {"action": "do_not_call", "scope": "all"}).content.decode()
    assert "3 contacts will not be called any more" in asked
    assert not Contact.objects.filter(dnd_voice=True).exists()

    done = {"action": "do_not_call", "scope": "all", "confirmed": "1", "detail": "Left our practice in 2026"}
    client.post(page, done)
    assert Contact.objects.filter(dnd_voice=True, location=location).count() == 3
    elsewhere.refresh_from_db()
    assert not elsewhere.dnd_voice
    client.post(page, done)
    assert ConsentEntry.objects.filter(kind="revoked").count() == 3


def test_a_tag_is_put_on_the_ticked_contacts_only_and_taken_off(location):
    ticked, other = ContactFactory.create_batch(2, location=location)
    foreign = ContactFactory()
    client = signed_in(location)
    page = reverse("contacts:bulk", args=[location.code])
    form = {"contact": [ticked.code, foreign.code], "confirmed": "1", "detail": "recall"}
    client.post(page, {**form, "action": "tag"})
    assert list(Contact.objects.filter(tags__name="recall")) == [ticked]
    assert not other.tags.exists()
    client.post(page, {**form, "action": "untag"})
    assert not Contact.objects.filter(tags__name="recall").exists()


def test_a_contact_with_calls_is_not_deleted(location):
    call = CallFactory(location=location)
    never_called = ContactFactory(location=location)
    client = signed_in(location)
    client.post(reverse("contacts:delete", args=[location.code, call.contact.code]))
    client.post(reverse("contacts:delete", args=[location.code, never_called.code]))
    assert Contact.objects.filter(pk=call.contact.pk).exists()
    assert not Contact.objects.filter(pk=never_called.pk).exists()
    assert ConsentEntry.objects.filter(phone=never_called.phone).exists()


def test_consent_needs_its_proof(location):
    contact = ContactFactory(location=location, consent=False)
    client = signed_in(location)
    page = reverse("compliance:contact_grant", args=[location.code, contact.code])
    assert client.post(page, {"consent-evidence": "", "consent-given_on": "2026-03-01"}).status_code == 422
    future = client.post(page, {"consent-evidence": "Signed intake form", "consent-given_on": "2199-03-01"})
    assert future.status_code == 422
    assert not ConsentEntry.objects.exists()
    said = {
        "consent-evidence": "Signed intake form", "consent-given_on": "2026-03-01", "consent-purpose": "marketing",
        "consent-seller": location.name,
    }  # fmt: skip
    unread = client.post(page, said)
    assert unread.status_code == 422
    assert "Choose the form on which they agreed, or vouch" in unread.content.decode()
    assert client.post(page, {**said, "consent-vouched": "on", "consent-evidence": "x"}).status_code == 422
    assert not ConsentEntry.objects.exists()
    client.post(page, {**said, "consent-vouched": "on"})
    entry = ConsentEntry.objects.get()
    assert (entry.source, entry.form_version) == ("staff", None)
    assert (entry.purpose, entry.seller) == ("marketing", location.name)
    shown = client.get(
        reverse("compliance:contact_consent", args=[location.code, contact.code])
    ).content.decode()
    assert f"no scan has read it: it rests on the word of {entry.actor}" in shown
    assert location.log.filter(action="consent.vouched").count() == 1


def test_staff_say_what_consent_is_for_and_whose_calls_it_is_to(location):
    contact = ContactFactory(location=location, consent=False)
    client = signed_in(location)
    page = reverse("compliance:contact_grant", args=[location.code, contact.code])
    shown = client.get(
        reverse("compliance:contact_consent", args=[location.code, contact.code])
    ).content.decode()
    assert f'value="{location.organization.name}"' in shown
    said = {
        "consent-evidence": "Signed intake form", "consent-given_on": "2026-03-01", "consent-purpose": "marketing",
        "consent-seller": "Totally Other Inc", "consent-vouched": "on",
    }  # fmt: skip
    other = client.post(page, said)
    assert other.status_code == 422
    assert "Consent to calls of another business allows none of yours" in other.content.decode()
    assert client.post(page, {**said, "consent-purpose": "whatever"}).status_code == 422
    assert not ConsentEntry.objects.exists()
    said |= {"consent-purpose": "informational", "consent-seller": location.organization.name}
    del said["consent-vouched"]
    told = client.post(page, said, follow=True).content.decode()
    assert "The consent to information was recorded. It does not allow calls" in told
    assert ConsentEntry.objects.get().purpose == "informational"
    assert not ledger.with_consent(Contact.objects.all(), timezone.now()).exists()


def test_only_a_manager_takes_a_number_off_the_list_and_says_why(location, codes):
    page = address("compliance:do_not_call_entry", location, codes)
    assert signed_in(location, Role.STAFF).post(page, {"reason": "A typing mistake"}).status_code == 403
    manager = signed_in(location, Role.MANAGER)
    assert manager.post(page, {"reason": "oops"}).status_code == 422
    assert DoNotCallEntry.objects.active().exists()
    manager.post(page, {"reason": "A typing mistake of ours"})
    assert not DoNotCallEntry.objects.active().exists()


def test_the_exported_list_runs_no_formula(location):
    DoNotCallEntry.objects.create(
        organization=location.organization, phone="+13035550100", reason='=HYPERLINK("x"),-1', source="staff"
    )
    answer = signed_in(location, Role.VIEWER).get(
        reverse("compliance:do_not_call_export", args=[location.code])
    )
    assert '+13035550100,High,"\'=HYPERLINK(""x""),\'-1"' in b"".join(answer).decode()


def test_a_field_of_a_contact_is_checked_as_soon_as_it_changes_and_nothing_is_kept(client, location):
    client.force_login(MemberFactory(location=location, role=Role.STAFF).user)
    url = reverse("contacts:add", args=[location.code]) + "?check=phone"
    answer = client.post(url, {"phone": "12", "first_name": "Ana"}).content.decode()
    assert 'id="field-phone"' in answer
    assert "invalid-feedback" in answer
    assert "field-first_name" not in answer
    assert "invalid-feedback" not in client.post(url, {"phone": "303 555 0142"}).content.decode()
    assert not Contact.objects.exists()


@pytest.mark.parametrize(("written", "kept"), [("Texas", "TX"), ("78701", "TX"), ("ca", "CA"), ("", "")])
def test_the_state_of_a_contact_adds_its_hours(location, written, kept):
    client = signed_in(location)
    client.post(reverse("contacts:add", args=[location.code]), {"phone": "303-555-0123", "state": written})
    contact = Contact.objects.get(phone="+13035550123")
    assert contact.state == kept
    found = facts.gather([facts.Ask(1, contact.pk)], timezone.now())[1]
    assert [pack.name for pack in found.packs if pack.name != "us"] == (
        [f"us-{kept.lower()}"] if kept else []
    )
    assert ("America/Los_Angeles" in found.contact.place.zones) == (kept == "CA")


def test_what_is_no_state_is_refused_on_the_page_and_what_a_list_had_may_stay(location):
    client = signed_in(location)
    answer = client.post(
        reverse("contacts:add", args=[location.code]), {"phone": "303-555-0123", "state": "Nowhere"}
    )
    assert "Write a state such as TX or Texas" in answer.content.decode()
    contact = ContactFactory.create(location=location, state="Nowhere")
    client.post(
        reverse("contacts:edit", args=[location.code, contact.code]),
        {"phone": contact.phone, "state": "Nowhere", "notes": "New"},
    )
    contact.refresh_from_db()
    assert (contact.state, contact.notes) == ("Nowhere", "New")
