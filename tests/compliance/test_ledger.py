from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from compliance import ledger, opt_in
from compliance.models import ConsentEntry, ConsentKind, ConsentSource, DoNotCallEntry, Risk
from compliance.signals import number_blocked
from contacts.models import Contact
from dialer.states import State
from tests.contacts.lists import run, upload
from tests.factories import CallFactory, ContactFactory, LocationFactory

pytestmark = pytest.mark.django_db


def days_ago(days: float):
    return timezone.now() - timedelta(days=days)


def standing(contact: Contact, at=None) -> ledger.Standing:
    return ledger.standing([contact.pk], at or timezone.now()).get(contact.pk, ledger.NOTHING)


def grant(contact: Contact, days: float = 0, **changes) -> ConsentEntry:
    given = {
        "source": ConsentSource.FORM,
        "evidence": "Website form",
        "captured_at": days_ago(days),
        **changes,
    }
    return ledger.grant(contact=contact, **given)


def form_of(contact: Contact) -> ledger.Wording:
    return opt_in.wording_of(contact.location.opt_in_forms.get())


def opt_out(contact: Contact, **changes) -> bool:
    location = contact.location
    said = {"source": ConsentSource.SPOKEN, "evidence": "Take me off your list", **changes}
    return ledger.opt_out(organization=location.organization, phone=contact.phone, location=location, **said)


def test_without_entries_nothing_is_documented():
    assert standing(ContactFactory(consent=False)) == ledger.NOTHING


def test_a_grant_is_documented_from_its_day_until_it_expires():
    contact = ContactFactory(consent=False)
    grant(contact, days=10, expires_at=days_ago(-5))
    assert standing(contact).opt_in_documented
    assert standing(contact).opt_in_source == "form"
    assert not standing(contact, days_ago(11)).opt_in_documented
    assert not standing(contact, days_ago(-6)).opt_in_documented


def test_consent_captured_in_the_future_does_not_count():
    contact = ContactFactory(consent=False)
    grant(contact, days=-1)
    assert not standing(contact).opt_in_documented


def test_consent_to_texts_is_no_consent_to_calls():
    contact = ContactFactory(consent=False)
    grant(contact, days=1, channel="sms")
    assert not standing(contact).opt_in_documented


@pytest.mark.parametrize("evidence", ["  ", "x", "a form   "])
def test_consent_without_evidence_that_can_be_followed_is_refused(evidence):
    contact = ContactFactory(consent=False)
    with pytest.raises(ValueError, match="evidence"):
        grant(contact, evidence=evidence)
    with pytest.raises(ValueError, match="evidence"):
        ledger.grant_many(
            location=contact.location, grants=[ledger.Grant(contact.pk, contact.phone, days_ago(1), evidence)]
        )
    assert not ConsentEntry.objects.exists()


def test_consent_given_in_spain_ends_after_two_years_however_it_is_recorded():
    madrid = LocationFactory(country="ES", timezone="Europe/Madrid")
    by_staff, with_a_later_end, listed, long_ago = (
        ContactFactory(location=madrid, phone=f"+3491234567{n}", consent=False) for n in range(4)
    )
    grant(by_staff, days=729)
    grant(with_a_later_end, days=729, expires_at=days_ago(-2000))
    ledger.grant_many(
        location=madrid,
        grants=[
            ledger.Grant(listed.pk, listed.phone, days_ago(729), "Signed form, cabinet 2"),
            ledger.Grant(long_ago.pk, long_ago.phone, days_ago(731), "Signed form, cabinet 2"),
        ],
    )
    for contact in (by_staff, with_a_later_end, listed):
        assert standing(contact).opt_in_documented
        assert not standing(contact, days_ago(-2)).opt_in_documented
    assert not standing(long_ago).opt_in_documented
    assert standing(ContactFactory(), days_ago(-2000)).opt_in_documented


def test_consent_that_ended_before_it_was_listed_lifts_nothing():
    madrid = LocationFactory(country="ES", timezone="Europe/Madrid")
    contact = ContactFactory(location=madrid, phone="+34912345678", consent=False)
    opt_out(contact)
    with time_machine.travel(timezone.now() + timedelta(days=800)):
        ledger.grant_many(
            location=madrid,
            grants=[ledger.Grant(contact.pk, contact.phone, days_ago(740), "Signed form, cabinet 2")],
        )
    contact.refresh_from_db()
    assert contact.dnd_voice


def test_an_opt_out_blocks_the_number_everywhere_in_the_organization_at_once():
    contact = ContactFactory()
    sister = ContactFactory(
        location=LocationFactory(organization=contact.location.organization), phone=contact.phone
    )
    stranger = ContactFactory(phone=contact.phone)
    assert opt_out(contact, risk=Risk.MEDIUM)
    for blocked in (contact, sister):
        blocked.refresh_from_db()
        assert blocked.dnd_voice
        assert blocked.dnd_sms
        assert standing(blocked).opted_out_at is not None
    stranger.refresh_from_db()
    assert not stranger.dnd_voice
    assert standing(stranger).opted_out_at is None
    entry = DoNotCallEntry.objects.get()
    assert (entry.phone, entry.risk, entry.reason) == (contact.phone, "medium", "Take me off your list")


def test_an_opt_out_cancels_the_calls_that_wait():
    call = CallFactory()
    other = CallFactory(location=call.location)
    opt_out(call.contact)
    call.refresh_from_db()
    other.refresh_from_db()
    assert call.state == State.CANCELED.value
    assert other.state == "queued"


def test_an_opt_out_said_again_adds_nothing():
    contact = ContactFactory()
    assert opt_out(contact)
    entries = ConsentEntry.objects.count()
    assert not opt_out(contact)
    assert ConsentEntry.objects.count() == entries
    assert DoNotCallEntry.objects.count() == 1


def test_a_number_that_nobody_has_is_blocked_all_the_same():
    location = LocationFactory()
    said = {
        "organization": location.organization, "phone": "+13035550111", "location": location,
        "source": ConsentSource.SMS_KEYWORD, "evidence": "STOP",
    }  # fmt: skip
    assert ledger.opt_out(**said)
    assert not ledger.opt_out(**said)
    assert ConsentEntry.objects.get().contact is None
    later = ContactFactory(location=location, phone="+13035550111")
    assert standing(later).opted_out_at is not None


def test_when_canceling_fails_the_opt_out_did_not_happen():
    contact = ContactFactory()

    def fail(**kwargs):
        raise RuntimeError

    number_blocked.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            opt_out(contact)
    finally:
        number_blocked.disconnect(fail)
    contact.refresh_from_db()
    assert not contact.dnd_voice
    assert not DoNotCallEntry.objects.exists()


def test_consent_given_after_an_opt_out_lifts_it_but_not_the_do_not_call_entry():
    contact = ContactFactory()
    opt_out(contact)
    assert standing(contact).opted_out_at is not None
    grant(contact, wording=form_of(contact))
    contact.refresh_from_db()
    assert not contact.dnd_voice
    assert standing(contact).opted_out_at is None
    assert DoNotCallEntry.objects.active().exists()


def test_consent_whose_wording_is_not_on_record_lifts_no_opt_out():
    contact = ContactFactory()
    opt_out(contact)
    grant(contact)
    ledger.grant_many(
        location=contact.location,
        grants=[ledger.Grant(contact.pk, contact.phone, timezone.now(), "Signed again, cabinet 2")],
    )
    contact.refresh_from_db()
    assert contact.dnd_voice
    assert standing(contact).opted_out_at is not None
    assert not ledger.with_consent(Contact.objects.all(), timezone.now()).exists()


def test_consent_to_reminders_is_no_consent_to_marketing():
    contact = ContactFactory(consent=False)
    grant(contact, purpose="informational")
    assert not standing(contact).opt_in_documented
    assert not ledger.with_consent(Contact.objects.all(), timezone.now()).exists()


def test_consent_to_reminders_lifts_no_opt_out_either():
    contact = ContactFactory()
    opt_out(contact)
    grant(contact, wording=form_of(contact), purpose="informational")
    reminders = ledger.Grant(contact.pk, contact.phone, timezone.now(), "On the form again", "informational")
    ledger.grant_many(location=contact.location, grants=[reminders], wording=form_of(contact))
    contact.refresh_from_db()
    assert contact.dnd_voice
    assert standing(contact).opted_out_at is not None


def test_consent_given_before_an_opt_out_lifts_nothing():
    contact = ContactFactory()
    opt_out(contact)
    grant(contact, days=1, wording=form_of(contact))
    contact.refresh_from_db()
    assert contact.dnd_voice
    assert standing(contact).opted_out_at is not None


def test_a_contact_made_again_is_still_opted_out():
    contact = ContactFactory()
    opt_out(contact)
    location, phone = contact.location, contact.phone
    contact.delete()
    again = ContactFactory(location=location, phone=phone)
    assert standing(again).opted_out_at is not None


def test_a_changed_number_has_no_consent():
    contact = ContactFactory()
    assert standing(contact).opt_in_documented
    contact.phone = "+13035550199"
    contact.save()
    assert not standing(contact).opt_in_documented


def test_the_standing_of_many_takes_one_query(django_assert_num_queries):
    contacts = ContactFactory.create_batch(20)
    with django_assert_num_queries(1):
        found = ledger.standing([contact.pk for contact in contacts], timezone.now())
    assert len(found) == 20


def test_the_filter_and_the_standing_agree():
    agreed, silent, opted_out, back, expired, coming, unread = ContactFactory.create_batch(7, consent=False)
    for contact in (agreed, opted_out, back):
        grant(contact, days=10)
    opt_out(opted_out)
    opt_out(back)
    grant(back, wording=form_of(back))
    opt_out(unread)
    grant(unread)
    grant(expired, days=10, expires_at=days_ago(1))
    grant(coming, days=-1)
    now = timezone.now()
    everybody = [agreed, silent, opted_out, back, expired, coming, unread]
    standings = ledger.standing([contact.pk for contact in everybody], now)
    by_standing = {
        pk for pk, found in standings.items() if found.opt_in_documented and found.opted_out_at is None
    }
    assert by_standing == {agreed.pk, back.pk}
    assert set(ledger.with_consent(Contact.objects.all(), now).values_list("pk", flat=True)) == by_standing


def test_a_list_imported_after_an_opt_out_does_not_bring_old_consent_back():
    location = LocationFactory()
    run(upload(location, b"Phone,Consent,Consent date\n303-555-0111,yes,2026-02-01\n"))
    contact = Contact.objects.get()
    opt_out(contact)
    run(upload(location, b"Phone,Consent,Consent date\n303-555-0111,yes,2026-03-01\n"))
    contact.refresh_from_db()
    assert contact.dnd_voice
    assert standing(contact).opted_out_at is not None


@pytest.mark.parametrize("order", [1, -1])
def test_do_not_call_on_any_row_outweighs_consent_on_another_whatever_their_order(order):
    rows = [b"303-555-0111,yes,2026-02-01,", b"303-555-0111,,,yes"][::order]
    location = LocationFactory()
    content = b"Phone,Consent,Consent date,Do not call\n" + b"\n".join(rows)
    run(upload(location, content))
    contact = Contact.objects.get()
    assert contact.dnd_voice
    assert standing(contact).opted_out_at is not None
    assert ConsentEntry.objects.filter(kind=ConsentKind.GRANTED).count() == 1


def test_do_not_call_in_a_list_cancels_calls_of_a_contact_we_had():
    call = CallFactory()
    content = f"Phone,Do not call\n{call.phone},x\n".encode()
    run(upload(call.location, content))
    call.refresh_from_db()
    assert call.state == State.CANCELED.value


def test_many_opt_outs_take_as_many_queries_as_one(django_assert_max_num_queries):
    calls = CallFactory.create_batch(20)
    location = calls[0].location
    for call in calls:
        call.contact.location = call.location = location
        call.contact.save()
        call.save()
    wishes = [ledger.Wish(call.phone, timezone.now(), "On their list") for call in calls]
    wishes.append(ledger.Wish("+13035550111", timezone.now(), "On their list", Risk.LOW))
    with django_assert_max_num_queries(24):
        news = ledger.opt_out_many(
            organization=location.organization, location=location, wishes=wishes, source="import"
        )
    assert news == {wish.phone for wish in wishes}
    assert not location.calls.exclude(state="canceled").exists()
    assert (
        DoNotCallEntry.objects.active().count() == ConsentEntry.objects.filter(kind="revoked").count() == 21
    )
    again = ledger.opt_out_many(
        organization=location.organization, location=location, wishes=wishes, source="import"
    )
    assert again == set()
    assert ConsentEntry.objects.filter(kind="revoked").count() == 21


def test_an_opt_out_older_than_the_consent_lists_the_number_and_leaves_the_consent():
    contact = ContactFactory(consent=False)
    grant(contact, days=10, wording=form_of(contact))
    said = [ledger.Wish(contact.phone, days_ago(30), "On the list of 2025")]
    for news in ({contact.phone}, set()):
        assert news == ledger.opt_out_many(
            organization=contact.location.organization,
            location=contact.location,
            wishes=said,
            source="import",
        )
    contact.refresh_from_db()
    assert not contact.dnd_voice
    assert standing(contact).opted_out_at is None
    assert DoNotCallEntry.objects.active().filter(phone=contact.phone).exists()
