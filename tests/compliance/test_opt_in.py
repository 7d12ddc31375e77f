"""Opt-in forms: versions, scans, what a form that turned invalid stops, and what it leaves standing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Location, Role
from compliance import facts, ledger, opt_in, scanner, sellers, verification
from compliance.models import ConsentEntry, FormScan, KycProfile, ScanCause
from compliance.rules import decide
from contacts.models import OptInForm, OptInVersion
from dialer.campaigns import problems
from tests.contacts.lists import run, upload
from tests.factories import (
    VALID_WORDING,
    CampaignFactory,
    ContactFactory,
    LocationFactory,
    MemberFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
WEAK = "I agree to be contacted by Bright Smile Dental by phone, text or e-mail."


@pytest.fixture
def location() -> Location:
    return LocationFactory.create(form=False)


def written(location: Location, text: str = VALID_WORDING, **changes: Any) -> OptInForm:
    form = OptInForm(location=location, name="Booking page")
    write(form, text, **changes)
    return form


def write(form: OptInForm, text: str, **changes: Any) -> FormScan:
    said = {
        "seller": "Bright Smile Dental", "place": "https://brightsmile.example/book", "language": "en",
        "control": "checkbox",
    }  # fmt: skip
    return opt_in.publish(form, text=text, **{**said, **changes})


def may_call(contact: Any) -> set[str]:
    """The reasons of the decision that have to do with consent and with the location."""
    found = facts.gather([facts.Ask(1, contact.pk)], timezone.now())[1]
    return set(decide(found, timezone.now()).reasons) & {"no_opt_in", "location_not_enabled"}


def test_a_form_keeps_every_version_with_its_hash_and_scan(location):
    form = written(location, WEAK)
    write(form, VALID_WORDING)
    first, second = form.versions.order_by("number")
    assert [(v.number, v.text) for v in (first, second)] == [(1, WEAK), (2, VALID_WORDING)]
    assert first.text_hash == ledger.hash_of(WEAK)
    assert [scan.valid for scan in FormScan.objects.order_by("pk")] == [False, True]
    assert FormScan.objects.get(version=first).missing_required == list(
        scanner.scan(WEAK, control="checkbox").missing_required
    )
    form.refresh_from_db()
    assert (form.current, form.valid) == (second, True)


def test_saving_the_same_wording_makes_no_new_version(location):
    form = written(location)
    write(form, VALID_WORDING)
    assert form.versions.count() == 1
    write(form, VALID_WORDING, required=True)
    assert form.versions.count() == 2


def test_the_form_has_to_name_its_own_seller(location):
    form = written(location, seller="Dental Smiles, LLC")
    assert not form.valid
    assert FormScan.objects.get().missing_required == ["seller_name"]
    assert FormScan.objects.get().other_findings == ["other_seller"]
    write(form, VALID_WORDING, seller="BRIGHT SMILE DENTAL L.L.C.")
    assert form.valid


@pytest.mark.parametrize("change", [{"text": "other"}, {"number": 7}, {"prechecked": True}])
def test_the_database_refuses_to_change_a_version(location, change):
    version = written(location).current
    for name, value in change.items():
        setattr(version, name, value)
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        version.save()
    with pytest.raises(TypeError, match="append-only"):
        OptInVersion.objects.update(**change)


def test_the_database_refuses_to_change_a_scan(location):
    written(location, WEAK)
    scan = FormScan.objects.get()
    scan.valid = True
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        scan.save()


def test_nothing_dials_without_a_form_that_is_valid(location):
    contact = ContactFactory.create(location=location)
    assert may_call(contact) == {"location_not_enabled"}
    form = written(location, WEAK)
    assert may_call(contact) == {"location_not_enabled"}
    write(form, VALID_WORDING)
    assert may_call(contact) == set()
    opt_in.retire(form, actor=UserFactory.create())
    assert may_call(contact) == {"location_not_enabled"}


def test_a_form_of_another_location_does_not_count(location):
    written(LocationFactory.create(organization=location.organization, form=False))
    assert may_call(ContactFactory.create(location=location)) == {"location_not_enabled"}


def test_a_campaign_says_that_no_form_is_valid(location):
    campaign = CampaignFactory.create(location=location)
    assert "no_valid_opt_in_form" in dict(problems(campaign, timezone.now()))
    written(location)
    assert "no_valid_opt_in_form" not in dict(problems(campaign, timezone.now()))


def granted(contact: Any, form: OptInForm) -> ConsentEntry:
    return ledger.grant(
        contact=contact,
        source="staff",
        captured_at=timezone.now() - timedelta(minutes=1),
        evidence="Signed form, cabinet 2",
        wording=opt_in.wording_of(form),
    )


def test_consent_keeps_what_the_form_said_and_what_the_scan_said(location):
    form = written(location)
    entry = granted(ContactFactory.create(location=location, consent=False), form)
    assert (entry.text, entry.text_hash) == (VALID_WORDING, ledger.hash_of(VALID_WORDING))
    assert (entry.form_version, entry.scan_valid, entry.scan.valid) == (form.current, True, True)
    assert (entry.url, entry.seller) == ("https://brightsmile.example/book", "Bright Smile Dental")


def test_consent_under_invalid_wording_is_kept_and_allows_nothing(location):
    written(location)
    weak = OptInForm(location=location, name="Old form")
    write(weak, WEAK)
    contact = ContactFactory.create(location=location, consent=False, dnd_voice=True)
    entry = granted(contact, weak)
    assert entry.scan_valid is False
    assert may_call(contact) == {"no_opt_in"}
    contact.refresh_from_db()
    assert contact.dnd_voice is True
    assert not ledger.with_consent(type(contact).objects.all(), timezone.now()).exists()


def test_consent_given_while_the_form_was_valid_outlives_the_form(location):
    form = written(location)
    before, after = (ContactFactory.create(location=location, consent=False) for _ in range(2))
    granted(before, form)
    write(form, WEAK)
    granted(after, form)
    write(OptInForm(location=location, name="Other"), VALID_WORDING)
    assert may_call(before) == set()
    assert may_call(after) == {"no_opt_in"}


def test_a_form_that_turns_invalid_tells_managers_and_owners_once(
    location, django_capture_on_commit_callbacks, monkeypatch
):
    for role in Role:
        MemberFactory.create(location=location, role=role, user__email=f"{role}@example.com")
    MemberFactory.create(user__email="elsewhere@example.com")
    queued: list[tuple] = []
    monkeypatch.setattr(opt_in, "async_task", lambda *task: queued.append(task))
    form = written(location)
    with django_capture_on_commit_callbacks(execute=True):
        write(form, WEAK)
        opt_in.rescan(form, ScanCause.DAILY)
    ((name, scan_id),) = queued
    assert name == "compliance.tasks.mail_form_alert"
    from compliance import tasks

    tasks.mail_form_alert(scan_id)
    assert sorted(message.to[0] for message in mail.outbox) == ["manager@example.com", "owner@example.com"]
    assert "artificial or AI voice" in mail.outbox[0].body
    assert "no call goes out" in mail.outbox[0].body
    assert opt_in.alerts(location) == [form]
    assert list(location.log.order_by("pk").values_list("action", flat=True)) == [
        "opt_in.written", "opt_in.turned_invalid", "opt_in.written",
    ]  # fmt: skip
    write(form, VALID_WORDING)
    assert opt_in.alerts(location) == []


def test_a_new_scanner_finds_a_form_invalid_by_itself(location, monkeypatch):
    form = written(location)
    assert opt_in.rescan_due() == 0
    monkeypatch.setattr(scanner, "VERSION", "next")
    monkeypatch.setattr(opt_in, "look_at", lambda version, location: scanner.scan("", control="none"))
    assert opt_in.rescan_due() == 1
    form.refresh_from_db()
    assert form.valid is False
    assert form.invalid_since is not None
    assert FormScan.objects.latest("pk").cause == ScanCause.DAILY
    assert opt_in.rescan_due() == 0


def test_forms_out_of_use_are_not_scanned(location, monkeypatch):
    opt_in.retire(written(location), actor=None)
    monkeypatch.setattr(scanner, "VERSION", "next")
    assert opt_in.rescan_due() == 0


@pytest.mark.parametrize(("text", "counts"), [(VALID_WORDING, True), (WEAK, False)])
def test_a_list_names_its_form_by_reference(location, text, counts):
    with time_machine.travel(datetime(2026, 4, 30, 16, tzinfo=UTC)):
        form = written(location, text)
    contact_import = upload(location, b"Phone,Consent,Consent date\n303-555-0111,yes,2026-05-01\n")
    contact_import.options = {
        **contact_import.options,
        "evidence": "Signed forms, cabinet 2",
        "form": form.code,
    }
    contact_import.save()
    run(contact_import)
    contact_import.refresh_from_db()
    entry = ConsentEntry.objects.get()
    assert (entry.form_version, entry.scan_valid) == (form.current, counts)
    assert (entry.text, entry.shown, entry.text_hash) == ("", text, ledger.hash_of(text))
    assert contact_import.counts["callable"] == counts
    assert ("no_opt_in" in may_call(entry.contact)) is not counts


def test_no_alert_comes_of_a_form_that_never_was_valid(location):
    written(location, WEAK)
    assert opt_in.alerts(location) == []


def client_of(location: Location, role: Role = Role.MANAGER) -> Client:
    client = Client()
    client.force_login(MemberFactory.create(location=location, role=role).user)
    return client


def url(location: Location, name: str, *args: Any) -> str:
    return reverse(f"compliance:{name}", args=[location.code, *args])


TYPED = {
    "name": "Booking page", "place": "https://brightsmile.example/book", "seller": "Bright Smile Dental",
    "language": "en", "text": WEAK, "control": "checkbox",
}  # fmt: skip


def test_a_form_is_written_mended_and_its_first_version_stays_readable(location):
    client = client_of(location)
    page = client.post(url(location, "form_new"), TYPED, follow=True).content.decode()
    form = OptInForm.objects.get()
    assert "Not valid consent yet" in page
    assert "Missing: artificial or AI voice" in page
    assert "made with an artificial or prerecorded voice" in page
    assert "realizadas con voz artificial" in page
    assert "an AI voice is one (FCC 24-17)" in page
    page = client.post(
        url(location, "form_edit", form.code),
        {**TYPED, "text": VALID_WORDING, "prechecked": "on"},
        follow=True,
    ).content.decode()
    assert "Contradiction: a box ticked beforehand" in page
    page = client.post(url(location, "form_edit", form.code), {**TYPED, "text": VALID_WORDING}, follow=True)
    assert "Valid consent to AI marketing calls" in page.content.decode()
    first = client.get(url(location, "form_version", form.code, 1)).content.decode()
    assert WEAK in first
    assert ledger.hash_of(WEAK) in first
    listed = client.get(url(location, "forms")).content.decode()
    assert "Booking page" in listed
    assert client.get(url(location, "form_version", form.code, 9)).status_code == 404


def test_a_text_of_a_megabyte_is_refused_with_words_and_kept_on_the_page(location):
    text = "Acepto ñ " * 116_000
    answer = client_of(location).post(url(location, "form_new"), {**TYPED, "text": text})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "at most 200,000 are read. Nothing was saved." in page
    assert text[-2000:].strip() in page
    assert not OptInForm.objects.exists()
    answer = client_of(location).post(url(location, "form_look"), {**TYPED, "text": text})
    assert "at most 200,000 are read" in answer.content.decode()


def test_what_is_typed_is_scanned_and_not_saved(location):
    page = client_of(location).post(url(location, "form_look"), TYPED).content.decode()
    assert "Missing: artificial or AI voice" in page
    assert not OptInVersion.objects.exists()


def test_a_name_is_used_once(location):
    client = client_of(location)
    client.post(url(location, "form_new"), TYPED)
    answer = client.post(url(location, "form_new"), TYPED)
    assert answer.status_code == 422
    assert "Another form has this name." in answer.content.decode()


def test_line_ends_of_the_browser_do_not_make_another_wording(location):
    client = client_of(location)
    client.post(
        url(location, "form_new"), {**TYPED, "text": f"{VALID_WORDING}\r\n\r\nCalls may be recorded."}
    )
    form = OptInForm.objects.get()
    assert form.current.text == f"{VALID_WORDING}\n\nCalls may be recorded."


def test_staff_consent_names_its_form(location):
    with time_machine.travel(timezone.now() - timedelta(days=5)):
        form = written(location)
        weak = OptInForm(location=location, name="Old form")
        write(weak, WEAK)
    contact = ContactFactory.create(location=location, consent=False)
    client = client_of(location, Role.STAFF)
    day = timezone.now().date() - timedelta(days=3)
    said = {
        "consent-evidence": "Signed form, cabinet 2", "consent-given_on": day.isoformat(),
        "consent-purpose": "marketing", "consent-seller": location.name,
    }  # fmt: skip
    answer = client.post(
        url(location, "contact_grant", contact.code), {**said, "consent-form": weak.code}, follow=True
    )
    assert (
        "It does not allow calls: the wording of Old form on that day was not valid"
        in answer.content.decode()
    )
    assert may_call(contact) == {"no_opt_in"}
    client.post(url(location, "contact_grant", contact.code), {**said, "consent-form": form.code})
    assert may_call(contact) == set()
    shown = client.get(url(location, "contact_consent", contact.code)).content.decode()
    assert "Booking page, version 1" in shown
    assert "Its wording was not valid consent, so it allows no calls." in shown


@pytest.fixture
def mended(location) -> OptInForm:
    """Weak wording of 20 April 2026, valid wording since the afternoon of the 25th."""
    with time_machine.travel(datetime(2026, 4, 20, 16, tzinfo=UTC)):
        form = written(location, WEAK)
    with time_machine.travel(datetime(2026, 4, 25, 20, tzinfo=UTC)):
        write(form, VALID_WORDING)
    return form


@pytest.mark.parametrize(
    ("day", "number"), [("2026-04-20", 1), ("2026-04-24", 1), ("2026-04-25", 1), ("2026-04-26", 2)]
)
def test_consent_of_a_day_is_under_what_the_form_said_on_it(location, mended, day, number):
    out = ContactFactory.create(location=location, consent=False, phone="+13035550111")
    with time_machine.travel(datetime(2026, 4, 19, 16, tzinfo=UTC)):
        ledger.opt_out(
            organization=location.organization,
            phone=out.phone,
            location=location,
            source="staff",
            evidence="No more",
        )
    said = {
        "consent-evidence": "Signed form, cabinet 2", "consent-given_on": day, "consent-purpose": "marketing",
        "consent-seller": location.name, "consent-form": mended.code,
    }  # fmt: skip
    client_of(location, Role.STAFF).post(url(location, "contact_grant", out.code), said)
    rows = f"Phone,Consent,Consent date\n303-555-0111,yes,{day}\n303-555-0112,yes,{day}\n303-555-0113,yes,2026-04-28\n"
    run(upload(location, rows.encode(), evidence="Signed forms, cabinet 2", form=mended.code))
    entries = ConsentEntry.objects.filter(kind="granted").order_by("phone", "pk")
    assert [(entry.source, entry.form_version.number, entry.scan_valid) for entry in entries] == [
        ("staff", number, number == 2), ("import", number, number == 2), ("import", number, number == 2),
        ("import", 2, True),
    ]  # fmt: skip
    out.refresh_from_db()
    assert out.dnd_voice is (number == 1), "what was no valid consent lifts no opt-out"
    assert ("no_opt_in" in may_call(out)) is (number == 1)


def test_nobody_agrees_on_a_form_that_was_not_written_yet(location, mended):
    contact = ContactFactory.create(location=location, consent=False)
    said = {
        "consent-evidence": "Signed form, cabinet 2", "consent-given_on": "2026-04-19",
        "consent-purpose": "marketing", "consent-seller": location.name, "consent-form": mended.code,
    }  # fmt: skip
    answer = client_of(location, Role.STAFF).post(url(location, "contact_grant", contact.code), said)
    assert answer.status_code == 422
    assert "Booking page was first written here after this day" in answer.content.decode()
    rows = b"Phone,Consent,Consent date\n303-555-0111,yes,2026-04-19\n303-555-0112,yes,\n303-555-0113,yes,2026-04-20\n"
    contact_import = upload(
        location, rows, evidence="Signed forms, cabinet 2", form=mended.code, consent_date="2026-04-01"
    )
    run(contact_import)
    assert contact_import.counts["invalid_rows"] == 2
    (reason,) = contact_import.counts["reasons"]
    assert "before the form was first written here, 2026-04-20" in reason
    assert "mend the column Date of consent" in reason
    assert ConsentEntry.objects.get().phone == "+13035550113"


def test_the_summary_of_the_consent_form_names_its_fields_in_short(location):
    contact = ContactFactory.create(location=location, consent=False)
    answer = client_of(location, Role.STAFF).post(
        url(location, "contact_grant", contact.code), {"consent-purpose": "marketing"}
    )
    summary = answer.content.decode().partition("alert-heading")[2].partition("</ul>")[0]
    assert "Another wording:" in summary
    assert "Where is the proof?</a>" in summary
    assert ".:" not in summary
    assert "?:" not in summary


def test_a_form_out_of_use_is_offered_no_more(location):
    form = written(location)
    client = client_of(location)
    client.post(url(location, "form_retire", form.code))
    form.refresh_from_db()
    assert form.retired_at is not None
    assert form.valid is False
    contact = ContactFactory.create(location=location, consent=False)
    assert form.code not in client.get(url(location, "contact_consent", contact.code)).content.decode()
    client.post(url(location, "form_edit", form.code), {**TYPED, "text": VALID_WORDING})
    form.refresh_from_db()
    assert (form.retired_at, form.valid) == (None, True)


ANOTHER = VALID_WORDING.replace("Bright Smile Dental", "Totally Other Company Inc")


def test_a_form_that_names_another_business_collects_nothing_and_enables_nothing():
    location = LocationFactory.create(form=False, outbound_enabled=False)
    form = written(location, ANOTHER, seller="Totally Other Company Inc")
    assert form.valid is False
    scan = opt_in.wording_of(form).scan
    assert (scan.missing_required, scan.other_findings) == ([], ["other_seller"])
    contact = ContactFactory.create(location=location, consent=False)
    assert granted(contact, form).scan_valid is False
    owner = MemberFactory.create(location=location).user
    with pytest.raises(verification.NotPossible):
        verification.switch_outbound(location, True, actor=owner)
    page = client_of(location).post(url(location, "outbound"), {"on": "1"}, follow=True).content.decode()
    assert "it has the name of another business than yours. Name yours in the form" in page
    page = client_of(location).get(url(location, "form", form.code)).content.decode()
    assert "have an owner add this name there, under the names it trades under" in page


def test_what_is_typed_is_held_against_the_names_of_the_business(location):
    typed = {**TYPED, "text": ANOTHER, "seller": "Totally Other Company Inc"}
    page = client_of(location).post(url(location, "form_look"), typed).content.decode()
    assert "the name of another business than yours" in page


@pytest.mark.parametrize("of", ["organization", "location", "legal_name", "trade_names"])
def test_a_form_counts_under_each_name_of_the_business(location, of):
    owner = UserFactory.create()
    form = written(location, ANOTHER, seller="totally other company, INC.")
    assert form.valid is False
    name = "Totally Other Company LLC"
    if of in ("organization", "location"):
        target = location.organization if of == "organization" else location
        target.name = name
        target.save()
        opt_in.rescan(form, ScanCause.DAILY)
    else:
        said = name if of == "legal_name" else f"Smile Bright\n{name}"
        verification.save(KycProfile(location=location, **{of: said}), actor=owner)
    form.refresh_from_db()
    assert form.valid is True


def test_a_name_that_the_business_gives_up_closes_the_forms_that_use_it(location):
    owner = UserFactory.create()
    profile = KycProfile(location=location, trade_names="Totally Other Company")
    verification.save(profile, actor=owner)
    form = written(location, ANOTHER, seller="Totally Other Company Inc")
    assert form.valid is True
    profile.trade_names = ""
    verification.save(profile, actor=owner)
    form.refresh_from_db()
    assert (form.valid, form.invalid_since is not None) == (False, True)


@pytest.mark.parametrize(
    ("seller", "name"),
    [
        ("CLINICA SONRISA", "Clínica Sonrisa S.L."),
        ("Clínica Sonrisa, S. L. U.", "Clinica Sonrisa SL"),
        ("O'Brien & Sons L.L.C.", "OBrien and Sons"),
        ("Bright-Smile Dental P.C.", "bright smile dental"),
        ("Acme Holdings Inc. d/b/a Bright Smile", "Acme Holdings dba Bright Smile LLC"),
    ],
)
def test_names_are_the_same_whatever_their_dress(seller, name):
    assert sellers.same_business(seller, [name])
    assert sellers.same_business(name, ["Elsewhere", seller])


@pytest.mark.parametrize(
    "seller",
    [
        "Bright Smile", "Bright Smile Dental Partners", "Other LLC d/b/a Bright Smile Dental", "...",
        "Bright Smile Dental LLC and Other LLC",
    ],
)  # fmt: skip
def test_a_name_that_is_only_alike_is_another(seller):
    assert not sellers.same_business(seller, ["Bright Smile Dental LLC", "Inc", ""])


@pytest.mark.parametrize("name", ["dashboards:today", "compliance:home", "compliance:forms"])
def test_home_and_compliance_say_that_no_call_goes_out_after_the_only_form_turned_invalid(location, name):
    form = written(location)
    client = Client()
    client.force_login(MemberFactory.create(location=location, role=Role.VIEWER).user)
    page = reverse(name, args=[location.code])
    said = (
        "No call goes out: none of the opt-in forms is valid consent.",
        "stopped collecting valid consent",
    )
    assert not any(words in client.get(page).content.decode() for words in said)
    write(form, WEAK)
    assert all(words in client.get(page).content.decode() for words in said)
    other = OptInForm(location=location, name="Front desk")
    write(other, VALID_WORDING)
    assert [words in client.get(page).content.decode() for words in said] == [False, True]
    write(form, VALID_WORDING)
    assert not any(words in client.get(page).content.decode() for words in said)
