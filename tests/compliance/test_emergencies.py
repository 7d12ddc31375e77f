"""Emergencies: a person stops calls until an instant; the rules, the facts, the drain, the page, the archive."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts import log
from accounts.models import LogEntry, Member, Role
from compliance import emergencies, seals
from compliance.facts import Ask, gather
from compliance.models import Book, Decision, Emergency
from compliance.rules import EmergencyFact, decide
from contacts.models import Contact
from dialer.models import Call
from dialer.placing import tick
from tests.compliance.decided import TEN, consenting, decided
from tests.compliance.test_audit import verify
from tests.compliance.test_rules import LAWFUL, NOON, SECOND
from tests.factories import CallFactory, ContactFactory, LocationFactory, MemberFactory

HOUR = timedelta(hours=1)
OVER = "The governor lifted it"


@pytest.mark.parametrize(
    ("starts", "ends", "decision"),
    [
        (NOON, NOON + HOUR, "defer"),
        (NOON + SECOND, NOON + HOUR, "allow"),
        (NOON - HOUR, NOON, "allow"),
        (NOON - HOUR, NOON + SECOND, "defer"),
    ],
    ids=["from its first second", "not before", "not from its end on", "to its last second"],
)
def test_it_stops_calls_from_its_start_until_its_end(starts, ends, decision):
    verdict = decide(replace(LAWFUL, emergencies=(EmergencyFact("CO", starts, ends, "Flood"),)), NOON)
    assert verdict.decision == decision
    assert verdict.until == (ends if decision == "defer" else None)


def test_the_longest_counts_and_the_hours_after_it():
    lasting = (
        EmergencyFact("CO", NOON - HOUR, NOON + 2 * HOUR, "Flood"),
        EmergencyFact("", NOON - HOUR, NOON + 9 * HOUR, "No staff"),
    )
    verdict = decide(replace(LAWFUL, emergencies=lasting), NOON)
    assert verdict.reasons == ("emergency",)
    assert verdict.evidence["emergency"]["reason"] == "No staff"
    # 21:00 in Denver is no hour to call: the next morning.
    assert verdict.until == NOON + 20 * HOUR


def of_louisiana(location, **changes) -> Contact:
    return ContactFactory(location=location, phone="+12255550142", zones="America/Chicago", **changes)


def declare(location, state: str = "", hours: float = 5, start: float = 0) -> Emergency:
    return emergencies.declare(
        location=location, state=state, starts_at=TEN + start * HOUR, ends_at=TEN + hours * HOUR,
        reason="State of emergency, Order 7", actor=None,
    )  # fmt: skip


def reasons(contact: Contact) -> tuple[str, ...]:
    return decide(gather([Ask(1, contact.pk)], TEN)[1], TEN).reasons


@pytest.mark.django_db
@time_machine.travel(TEN, tick=False)
def test_it_concerns_who_it_names_and_nobody_else():
    location = LocationFactory()
    sister = LocationFactory(organization=location.organization)
    stranger = LocationFactory()
    by_number = [of_louisiana(each) for each in (location, sister, stranger)]
    by_address = ContactFactory(location=location, fields={"state": "Louisiana"})
    elsewhere = ContactFactory(location=sister)
    declared = declare(location, "LA")
    hit = {contact.pk for contact in Contact.objects.all() if "emergency" in reasons(contact)}
    assert hit == {by_number[0].pk, by_number[1].pk, by_address.pk}
    emergencies.lift(declared, reason=OVER, location=location, actor=None)
    declare(location)
    hit = {contact.pk for contact in Contact.objects.all() if "emergency" in reasons(contact)}
    assert hit == {by_number[0].pk, by_address.pk}
    assert elsewhere.pk not in hit


@pytest.mark.django_db
def test_calls_wait_for_its_end_and_come_up_again_when_it_is_lifted():
    with time_machine.travel(TEN - 24 * HOUR):
        location = LocationFactory()
        [contact] = consenting(location, 1)
    with time_machine.travel(TEN, tick=False):
        call = CallFactory(location=location, contact=contact)
        declared = declare(location)
        assert not tick().orders
        call.refresh_from_db()
        assert (call.state, call.reasons, call.due_at) == ("scheduled", ["emergency"], TEN + 5 * HOUR)
    with time_machine.travel(TEN + HOUR, tick=False):
        assert not tick().orders
        assert emergencies.lift(declared, reason=OVER, location=location, actor=None)
        assert not emergencies.lift(declared, reason=OVER, location=location, actor=None)
        assert len(tick().orders) == 1
    assert Call.objects.get().state == "calling"


@pytest.mark.django_db
def test_it_stands_in_the_facts_of_the_decision_and_the_archive_verifies(tmp_path):
    with time_machine.travel(TEN - timedelta(days=1)):
        location = LocationFactory()
        [contact] = consenting(location, 1)
    with time_machine.travel(TEN, tick=False):
        declare(location)
        decided(contact, TEN)
    assert Decision.objects.get().facts["emergencies"][0]["reason"] == "State of emergency, Order 7"
    with time_machine.travel(TEN + 24 * HOUR):
        for book in Book.values:
            seals.seal_up_to(book, 2**62, TEN + 24 * HOUR)
        path = tmp_path / "audit.zip"
        call_command(
            "export_audit", location=location.code, first=TEN.date(), output=path, stdout=io.StringIO()
        )
    code, deviations, said = verify(path)
    assert code == 0, deviations
    assert "Decisions derived again: 1 defer." in said


@pytest.mark.django_db
def test_a_manager_declares_and_ends_one_and_its_words_are_checked():
    location = LocationFactory(timezone="America/Denver")
    url = reverse("compliance:emergencies", args=[location.code])
    client = Client()
    client.force_login(MemberFactory(location=location, role=Role.MANAGER).user)
    with time_machine.travel(TEN, tick=False):
        for wrong in (
            {"where": "LA", "ends_at": "2026-03-05T20:00", "reason": "Storm"},
            {"where": "LA", "ends_at": "2026-03-03T09:00", "reason": "State of emergency"},
            {"where": "LA", "ends_at": "2026-12-03T09:00", "reason": "State of emergency"},
            {"where": "XX", "ends_at": "2026-03-05T20:00", "reason": "State of emergency"},
        ):
            assert client.post(url, wrong).status_code == 422
        assert not Emergency.objects.exists()
        client.post(url, {"where": "LA", "ends_at": "2026-03-05T20:00", "reason": "State of emergency"})
        declared = Emergency.objects.get()
        assert (declared.starts_at, declared.ends_at) == (TEN, TEN + 58 * HOUR)
        assert "People in Louisiana" in client.get(url).content.decode()
        lift = reverse("compliance:emergency_lift", args=[location.code, declared.code])
        for reason in ("", "Over", " " * 12):
            refused = client.post(lift, {"reason": reason})
            assert refused.status_code == 422
            assert "nothing was changed" in refused.content.decode()
        declared.refresh_from_db()
        assert declared.lifted_at is None
        client.post(lift, {"reason": OVER})
        assert "Ended before its time" in client.get(url).content.decode()
    assert set(LogEntry.objects.values_list("action", flat=True)) >= {
        "emergency.declared", "emergency.lifted",
    }  # fmt: skip
    assert OVER in log.sentence(LogEntry.objects.get(action="emergency.lifted"))


@pytest.mark.django_db
@time_machine.travel(TEN, tick=False)
def test_one_of_a_state_is_ended_by_an_owner_or_who_manages_every_location_that_it_stops():
    location = LocationFactory()
    sister = LocationFactory(organization=location.organization)
    manager, owner = (MemberFactory(location=location, role=role).user for role in (Role.MANAGER, Role.OWNER))
    MemberFactory(location=sister, user=manager, role=Role.STAFF)
    own, of_the_state = declare(location), declare(location, "LA")

    def tries(user, emergency: Emergency) -> int:
        client = Client()
        client.force_login(user)
        page = client.get(reverse("compliance:emergencies", args=[location.code])).content.decode()
        lift = reverse("compliance:emergency_lift", args=[location.code, emergency.code])
        answer = client.post(lift, {"reason": OVER})
        assert client.get(lift).status_code == (403 if answer.status_code == 403 else 200)
        assert (lift in page) == (answer.status_code == 302)
        return answer.status_code

    assert tries(manager, of_the_state) == 403
    assert tries(manager, own) == 302
    assert not Emergency.objects.filter(pk=of_the_state.pk, lifted_by=manager).exists()
    assert tries(owner, of_the_state) == 302
    Member.objects.filter(location=sister).update(role=Role.MANAGER)
    again = declare(location, "LA")
    assert tries(manager, again) == 302
    again.refresh_from_db()
    assert (again.lifted_by, again.lifted_at) == (manager, TEN)
