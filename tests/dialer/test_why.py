"""Why? says in words why a call was or was not made, when it will be, and on what consent."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from compliance import as_of, donotcall, ledger
from compliance.models import DoNotCallEntry
from compliance.rules import RULES
from compliance.words import REASONS
from dialer import why
from dialer.placing import tick
from tests.compliance.decided import TEN
from tests.factories import CallFactory, ContactFactory, LocationFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def location():
    with time_machine.travel(TEN - timedelta(days=1)):
        return LocationFactory()


@pytest.fixture
def client(location):
    client = Client()
    client.force_login(MemberFactory(location=location, role="viewer").user)
    return client


def make(location, **contact):
    with time_machine.travel(TEN - timedelta(days=1)):
        person = ContactFactory(location=location, **contact)
    with time_machine.travel(TEN - timedelta(minutes=1)):
        return CallFactory(location=location, contact=person)


def page(client: Client, name: str, *args: str) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_every_rule_says_what_is_the_case_while_it_is_kept():
    assert [rule.code for rule in RULES if not REASONS[rule.code].holds] == []


def test_what_was_only_checked_offline_is_not_called_verified(location, client):
    call = make(location)
    with time_machine.travel(TEN, tick=False):
        tick()
        text = page(client, "dialer:why", location.code, call.code)
    assert "The check of the business’s details is completed." in text
    assert "verified" not in text.lower()


def test_a_call_that_was_made_names_its_consent(location, client):
    call = make(location)
    with time_machine.travel(TEN, tick=False):
        assert len(tick().orders) == 1
        text = page(client, "dialer:why", location.code, call.code)
    assert "This call was made, because every rule allowed it." in text
    assert "Website form" in text
    assert "Every rule held." in text
    assert "Already called today" in text  # What the rules say of another call now.


def test_a_call_that_the_rules_refused_says_why_and_that_waiting_does_not_help(location, client):
    call = make(location, consent=False)
    with time_machine.travel(TEN, tick=False):
        tick()
        text = page(client, "dialer:why", location.code, call.code)
    assert "This call was not made, because the rules refused it: no documented consent." in text
    assert "Not as things stand." in text
    assert "None was on record that allows calls." in text


def test_a_call_that_was_put_off_says_until_when(location, client):
    call = make(location)
    evening = TEN + timedelta(hours=11)  # 21:00 in Denver.
    with time_machine.travel(evening, tick=False):
        tick()
        call.refresh_from_db()
        answer = why.of_call(location, call)
        text = page(client, "dialer:why", location.code, call.code)
    assert answer.next_at == call.due_at == TEN + timedelta(hours=22)  # 08:00 on the next day.
    assert "This call waits, because the rules put it off." in text
    assert "Clocks that must agree: America/Denver." in text


def test_the_schedule_of_the_waiting_call_counts(location):
    call = make(location)
    call.agent.schedule = {"tz": "contact", "days": {"wed": [["15:00", "16:00"]]}}
    call.agent.save()
    with time_machine.travel(TEN, tick=False):
        assert why.of_contact(location, call.contact).next_at == TEN + timedelta(hours=29)


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (None, "may be called now, but no call is planned."),
        ("opt_out", "may not be called: opted out, do not disturb, on the do-not-call list."),
        ("evening", "may be called, though not at this moment: outside calling hours."),
    ],
)
def test_a_contact_is_answered_in_a_sentence(location, client, block, said):
    with time_machine.travel(TEN - timedelta(days=1)):
        contact = ContactFactory(location=location, first_name="Mia", last_name="O’Hara <b>")
    at = TEN + timedelta(hours=12) if block == "evening" else TEN
    with time_machine.travel(at, tick=False):
        if block == "opt_out":
            ledger.opt_out(
                organization=location.organization, phone=contact.phone, location=location, source="staff",
                evidence="Said no at the counter",
            )  # fmt: skip
        text = page(client, "dialer:why_contact", location.code, contact.code)
    assert f"{escape(contact)} {said}" in text
    assert "<b>" not in text
    if block == "opt_out":
        assert "Said no at the counter" in text
        assert "They opted out" in text


def test_calls_and_contacts_lead_to_it(location, client):
    call = make(location, consent=False)
    with time_machine.travel(TEN, tick=False):
        tick()
        link = reverse("dialer:why", args=(location.code, call.code))
        assert link in page(client, "dialer:call", location.code, call.code)
        listed = page(client, "dialer:contact_calls", location.code, call.contact.code)
        assert link in listed
        assert reverse("dialer:why_contact", args=(location.code, call.contact.code)) in listed
        assert link in page(client, "dialer:calls", location.code)


def test_it_asks_a_fixed_number_of_queries(location, client, django_assert_max_num_queries):
    call = make(location)
    with time_machine.travel(TEN, tick=False):
        tick()
        with django_assert_max_num_queries(24):
            page(client, "dialer:why", location.code, call.code)


def since_then(text: str) -> tuple[str, str]:
    """The page of a past call up to what came later, and from there on."""
    then, _, later = text.partition("Since then")
    return then, later.partition("May they be called again?")[0]


def test_a_past_call_is_answered_by_what_was_on_record_when_it_was_decided(location, client):
    call = make(location)
    contact = call.contact
    with time_machine.travel(TEN, tick=False):
        assert len(tick().orders) == 1
    with time_machine.travel(TEN + timedelta(minutes=11), tick=False):
        ledger.opt_out(
            organization=location.organization, phone=contact.phone, location=location, source="staff",
            evidence="Asked by letter",
        )  # fmt: skip
    with time_machine.travel(TEN + timedelta(minutes=12), tick=False):
        # Given before the call, but known of only after it: the call did not rest on it.
        ledger.grant(
            contact=contact,
            source="staff",
            captured_at=TEN - timedelta(hours=1),
            evidence="Paper found later",
        )
        text = page(client, "dialer:why", location.code, call.code)
    then, later = since_then(text)
    assert "This call was made, because every rule allowed it." in then
    assert "They had agreed to be called. What that rested on stands below." in then
    assert "Website form" in then
    assert "Asked by letter" not in then
    assert "Paper found later" not in then
    assert "opted out" not in then.lower().replace("no opt-out is in force", "")
    assert "put on the do-not-call list: Asked by letter" in later
    assert "Paper found later" in later
    assert "Website form" not in later


def test_a_past_call_shows_every_rules_verdict_of_then_with_what_it_saw(location):
    call = make(location)
    with time_machine.travel(TEN, tick=False):
        tick()
        location.kyc_status = "revalidation_required"
        location.save()
        call.refresh_from_db()
        then = why.of_call(location, call).then
    assert then.derived.agrees
    assert {finding.code for finding in then.findings} == {rule.code for rule in RULES}
    assert all(finding.holds for finding in then.findings)
    saw = {finding.code: finding.seen for finding in then.findings}
    assert saw["outside_hours"].startswith("It was 10:00 in America/Denver. Rule packs asked: ")
    assert saw["kyc_incomplete"] == "Its state was: completed."
    assert saw["number_14_in_14_days"] == "Calls in those 14 days: 0."


def test_a_refused_call_keeps_its_reason_when_consent_comes_later(location, client):
    call = make(location, consent=False)
    with time_machine.travel(TEN, tick=False):
        tick()
    with time_machine.travel(TEN + timedelta(minutes=1), tick=False):
        ledger.grant(
            contact=call.contact, source="staff", captured_at=TEN + timedelta(seconds=30), evidence="Signed at the desk"
        )  # fmt: skip
        then, later = since_then(page(client, "dialer:why", location.code, call.code))
    assert "None was on record that allows calls." in then
    assert "Signed at the desk" not in then
    assert "Signed at the desk" in later


def test_a_number_that_was_listed_when_it_was_refused_and_taken_off_later_says_both(location, client):
    call = make(location)
    with time_machine.travel(TEN - timedelta(hours=1), tick=False):
        entry = DoNotCallEntry.objects.create(
            organization=location.organization,
            phone=call.contact.phone,
            reason="Neighbour wrote",
            source="staff",
        )
    with time_machine.travel(TEN, tick=False):
        tick()
    with time_machine.travel(TEN + timedelta(minutes=1), tick=False):
        donotcall.remove(entry=entry, location=location, reason="It was another number", actor=None)
        then, later = since_then(page(client, "dialer:why", location.code, call.code))
    assert "It was on the do-not-call list: Neighbour wrote" in then
    assert "taken off the do-not-call list: It was another number" in later


def test_where_the_rules_changed_since_only_what_was_kept_is_said(location, client, monkeypatch):
    call = make(location, consent=False)
    with time_machine.travel(TEN, tick=False):
        tick()
        monkeypatch.setattr(as_of, "facts_of", lambda facts, packs: {}["opt_in_documented"])
        call.refresh_from_db()
        then = why.of_call(location, call).then
        text = page(client, "dialer:why", location.code, call.code)
    assert [finding.code for finding in then.findings] == ["no_opt_in"]
    assert "The facts were written by older rules" in text
