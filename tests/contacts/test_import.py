import csv
import io

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Job, JobState
from compliance import ledger
from compliance.models import ConsentEntry
from contacts import importing
from contacts.cells import guard
from contacts.models import Contact
from tests.contacts.lists import DATA, expected, run, upload
from tests.factories import ContactFactory, LocationFactory

pytestmark = pytest.mark.django_db


def test_it_gives_exactly_the_counts_of_the_sample_list():
    location = LocationFactory()
    contact_import = upload(location, (DATA / "contacts.csv").read_bytes())

    job = run(contact_import)

    assert job.state == JobState.DONE, job.error
    counts = dict(contact_import.counts)
    counts["callable_if_territories_domestic"] = counts["callable"]
    assert {name: counts[name] for name in expected()} == expected()
    assert counts["created"] + counts["merged"] + counts["invalid_rows"] == counts["rows"]
    contacts = Contact.objects.for_location(location)
    assert contacts.count() == expected()["contacts"]
    assert contacts.filter(dnd_voice=True).count() == expected()["dnd"]
    granted = ConsentEntry.objects.filter(location=location, kind="granted")
    assert granted.values("contact").distinct().count() == expected()["consented"]


def test_importing_it_again_changes_nothing():
    location = LocationFactory()
    content = (DATA / "contacts.csv").read_bytes()
    run(upload(location, content))
    contacts = list(Contact.objects.order_by("pk").values())
    tags = list(Contact.tags.through.objects.order_by("pk").values())
    entries = list(ConsentEntry.objects.order_by("pk").values())

    again = upload(location, content)
    run(again)

    assert (again.counts["created"], again.counts["changed"]) == (0, 0)
    assert list(Contact.objects.order_by("pk").values()) == contacts
    assert list(Contact.tags.through.objects.order_by("pk").values()) == tags
    assert list(ConsentEntry.objects.order_by("pk").values()) == entries


def snapshot() -> tuple[list, list, set]:
    contacts = Contact.objects.order_by("phone").values(
        "phone", "first_name", "last_name", "email", "language", "dnd_voice", "zones", "fields"
    )
    tags = Contact.objects.order_by("phone", "tags__name").values_list("phone", "tags__name")
    entries = ConsentEntry.objects.filter(kind="granted").values_list("phone", "captured_at", "evidence")
    return list(contacts), list(tags), set(entries)


CELLS = st.sampled_from(
    ["", "yes", "no", "x", "2026-02-08", "vip;recall", "vip", "Ana", "ana@example.com", "=1+1"]
)
PHONES = st.sampled_from(
    ["303-555-0111", "+1 303 555 0111", "(303) 555-0122", "+44 20 7946 0043", "", "call me", "12345"]
)
# A list of nothing but blank rows is refused when it is uploaded.
ROWS = st.lists(st.tuples(PHONES, CELLS, CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=12).filter(
    lambda rows: any(map(any, rows))
)


@settings(max_examples=25)
@given(rows=ROWS)
def test_every_row_is_created_merged_or_refused_and_a_second_time_changes_nothing(rows):
    # Each example in a transaction of its own, taken back at its end.
    with transaction.atomic():
        location = LocationFactory()
        content = written([("Phone", "Consent", "Consent date", "Do not call", "Tags", "Name"), *rows])
        first = upload(location, content)
        run(first)
        counts = first.counts
        assert (
            counts["created"] + counts["merged"] + counts["invalid_rows"]
            == counts["rows"]
            == len([row for row in rows if any(row)])
        )
        assert counts["created"] == counts["contacts"] == Contact.objects.for_location(location).count()
        before, revoked = snapshot(), ConsentEntry.objects.filter(kind="revoked").count()
        again = upload(location, content)
        run(again)
        assert (again.counts["created"], again.counts["changed"]) == (0, 0)
        assert snapshot() == before
        assert ConsentEntry.objects.filter(kind="revoked").count() == revoked
        transaction.set_rollback(True)


def written(rows: list[tuple]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def test_the_first_rows_name_and_email_stand_and_the_rest_unites():
    content = written([
        ("Phone", "Name", "E-mail", "Tags", "Consent", "Consent date", "Member"),
        ("303-555-0111", "", "", "vip", "no", "", ""),
        ("(303) 555-0111", "Ana Lee", "ana@example.com", "recall", "yes", "2026-02-08", "7"),
        ("+13035550111", "Ben Roe", "ben@example.com", "vip", "yes", "2026-03-08", "8"),
    ])  # fmt: skip
    run(upload(LocationFactory(), content))
    contact = Contact.objects.get()
    assert (contact.name, contact.email, contact.fields) == ("Ana Lee", "ana@example.com", {"Member": "7"})
    assert sorted(contact.tags.values_list("name", flat=True)) == ["recall", "vip"]
    assert ConsentEntry.objects.filter(kind="granted").count() == 2


def test_purpose_and_seller_of_consent_come_from_their_columns():
    location = LocationFactory(organization__name="Bright Smile LLC", name="Downtown")
    content = written([
        ("Phone", "Consent", "Consent date", "Consent purpose", "Consent seller"),
        ("303-555-0111", "yes", "2026-02-08", "marketing", "bright smile"),
        ("303-555-0112", "yes", "2026-02-08", "Reminders", "Downtown"),
        ("303-555-0113", "yes", "2026-02-08", "", ""),
        ("303-555-0114", "yes", "2026-02-08", "upsell", ""),
        ("303-555-0115", "yes", "2026-02-08", "marketing", "Totally Other Inc"),
    ])  # fmt: skip
    contact_import = upload(location, content)
    run(contact_import)
    counts = contact_import.counts
    assert (counts["consented"], counts["informed"], counts["callable"], counts["invalid_rows"]) == (
        2,
        1,
        2,
        2,
    )
    assert counts["sellers"] == {"bright smile": 1, "Downtown": 1}
    entries = ConsentEntry.objects.order_by("phone").values_list("phone", "purpose", "seller")
    assert [(phone[-2:], purpose, seller) for phone, purpose, seller in entries] == [
        ("11", "marketing", "bright smile"), ("12", "informational", "Downtown"), ("13", "marketing", ""),
    ]  # fmt: skip
    assert any(
        "is another business" in reason and "Bright Smile LLC, Downtown" in reason
        for reason in counts["reasons"]
    )
    now = timezone.now()
    callable_ = ledger.with_consent(Contact.objects.for_location(location), now).values_list(
        "phone", flat=True
    )
    assert {phone[-2:] for phone in callable_} == {"11", "13"}
    run(upload(location, content))
    assert ConsentEntry.objects.count() == 3, "the same list again adds nothing"
    run(upload(location, content.replace(b"Reminders", b"marketing")))
    assert ConsentEntry.objects.count() == 4, "the mended list says more"
    assert ledger.with_consent(Contact.objects.for_location(location), now).count() == 3


def test_a_contact_keeps_what_it_has_and_a_list_only_adds():
    known = ContactFactory(first_name="Zoë", last_name="Ærø", email="", phone="+13035550111")
    content = b"Phone,First name,E-mail\n303-555-0111,Somebody,zoe@example.com\n"
    contact_import = upload(known.location, content)
    run(contact_import)
    known.refresh_from_db()
    assert (known.first_name, known.email) == ("Zoë", "zoe@example.com")
    assert (contact_import.counts["created"], contact_import.counts["changed"]) == (0, 1)


def test_a_number_that_somebody_adds_while_the_list_is_written_is_merged(monkeypatch):
    location = LocationFactory()
    known = importing.Merge._known

    def look_too_early(merge, phones):
        found = known(merge, phones)
        if not found:
            ContactFactory(location=location, phone="+13035550112", first_name="Zoë", last_name="")
        return found

    monkeypatch.setattr(importing.Merge, "_known", look_too_early)
    contact_import = upload(
        location, b"Phone,First name,Tags\n303-555-0111,Ana,spring\n303-555-0112,Ben,spring\n"
    )
    run(contact_import)
    assert (contact_import.counts["created"], contact_import.counts["merged"]) == (1, 1)
    assert dict(Contact.objects.values_list("phone", "first_name")) == {
        "+13035550111": "Ana",
        "+13035550112": "Zoë",
    }
    assert Contact.objects.filter(tags__name="spring").count() == 2


def test_names_that_would_be_formulas_come_back_as_they_were_from_our_own_export():
    location = LocationFactory()
    name = '=HYPERLINK("http://evil.example","click")'
    run(upload(location, written([("First name", "Phone"), (guard(name), "+13035550111")])))
    assert Contact.objects.get().first_name == name


def test_a_file_that_breaks_late_changes_nothing_and_says_so():
    location = LocationFactory()
    good = "".join(f"303-555-{n:04},Ana\n" for n in range(3000))
    job = run(upload(location, f'Phone,Name\n{good}"open,Ben\n'.encode()))
    assert job.state == JobState.FAILED
    assert "never closed" in job.error
    assert not Contact.objects.exists()


def test_a_failure_in_the_middle_of_writing_leaves_no_trace_and_a_rerun_ends_the_same(monkeypatch):
    location = LocationFactory()
    content = (DATA / "contacts.csv").read_bytes()
    store, stored = importing.Merge.store, []

    def fail_in_the_second_batch(merge, batch):
        stored.append(len(batch))
        if len(stored) == 2:
            raise RuntimeError("killed")
        store(merge, batch)

    monkeypatch.setattr(importing, "BATCH", 2_000)
    monkeypatch.setattr(importing.Merge, "store", fail_in_the_second_batch)
    assert run(upload(location, content)).state == JobState.FAILED
    assert len(stored) == 2
    assert not Contact.objects.exists()
    assert not ConsentEntry.objects.exists()
    monkeypatch.setattr(importing.Merge, "store", store)
    run(upload(location, content))
    assert Contact.objects.count() == expected()["contacts"]


def test_a_canceled_import_changes_nothing(monkeypatch):
    location = LocationFactory()
    store = importing.Merge.store

    def cancel_meanwhile(merge, batch):
        store(merge, batch)
        Job.objects.update(cancel_requested=True)

    monkeypatch.setattr(importing.Merge, "store", cancel_meanwhile)
    assert run(upload(location, (DATA / "contacts.csv").read_bytes())).state == JobState.CANCELED
    assert not Contact.objects.exists()


def test_refused_rows_come_back_with_number_reason_and_cells_that_run_nothing():
    contact_import = upload(LocationFactory(), b'Phone,Name\n303-555-0111,Ana\ncall me,"=1+1"\n')
    run(contact_import)
    with contact_import.refused_file.open("r") as file:
        rows = list(csv.reader(io.StringIO(file.read().lstrip("\ufeff"))))
    assert rows == [
        ["Row", "Reason", "Phone", "Name"],
        ["3", "“call me” is not a phone number", "call me", "'=1+1"],
    ]
