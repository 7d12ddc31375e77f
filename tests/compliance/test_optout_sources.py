"""The opt-out law: whichever way a wish reaches us, one transaction does the whole of it; only the person lifts it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import LogEntry, Role
from compliance import donotcall, ledger, opt_in, public_links
from compliance.facts import Ask, gather
from compliance.models import ConsentEntry, ConsentKind, DoNotCallEntry
from compliance.rules import decide
from contacts.models import Contact
from dialer import results
from dialer.models import Call
from tests.contacts import lists
from tests.factories import CallFactory, ContactFactory, LocationFactory, MemberFactory
from voiceagents import conversations, opting_out
from voiceagents.models import Conversation, Turn

pytestmark = pytest.mark.django_db


def said_on_a_call(contact: Contact, source: str) -> None:
    loaded = conversations.Loaded(
        id=1, code="abc", token="t", organization_id=contact.location.organization_id,
        location_id=contact.location_id, brief={"contact": {"phone": contact.phone}}, results={}, fell_back=False,
        ended=False, auth_tokens=(),
    )  # fmt: skip
    opting_out.block(loaded, words="stop calling me", risk="high", source=source)


def spoken(contact: Contact) -> None:
    said_on_a_call(contact, "spoken")


def keypad(contact: Contact) -> None:
    said_on_a_call(contact, "keypad")


def heard_after_the_call(contact: Contact) -> None:
    now = timezone.now()
    call = CallFactory(
        location=contact.location, contact=contact, state="completed", started_at=now - timedelta(minutes=5),
        ended_at=now - timedelta(minutes=2),
    )  # fmt: skip
    call.conversation = Conversation.objects.create(
        location=contact.location, agent=call.agent, contact=contact, token="c" * 40
    )
    call.save()
    Turn.objects.create(
        conversation=call.conversation, position=1, speaker="contact", text="Take me off your list.", at=now
    )
    results.analyse(call.pk)


def web(contact: Contact) -> None:
    cache.clear()
    token = public_links.link(contact.location.organization, contact.phone).rsplit("/", 1)[1]
    assert Client().post(f"/o/{token}").status_code == 302


def staff(contact: Contact) -> None:
    client = Client()
    client.force_login(MemberFactory(location=contact.location, role=Role.STAFF).user)
    url = reverse("compliance:contact_opt_out", args=[contact.location.code, contact.code])
    assert client.post(url, {"out-reason": "Asked at the desk", "out-risk": "high"}).status_code == 302


def staff_by_number(contact: Contact) -> None:
    client = Client()
    client.force_login(MemberFactory(location=contact.location, role=Role.STAFF).user)
    url = reverse("compliance:do_not_call_add", args=[contact.location.code])
    typed = contact.phone.removeprefix("+1")
    answer = client.post(url, {"phone": typed, "reason": "Asked at the desk", "risk": "high"})
    assert answer.status_code == 302


def a_list_of_contacts(contact: Contact) -> None:
    # The list of another location: an opt-out is the organization's.
    elsewhere = LocationFactory(organization=contact.location.organization)
    imported = lists.run(lists.upload(elsewhere, f"Phone,Do not disturb\n{contact.phone},x\n".encode()))
    assert imported.state == "done", imported.error
    Contact.objects.for_location(elsewhere).delete()


def bulk_action(contact: Contact) -> None:
    client = Client()
    client.force_login(MemberFactory(location=contact.location, role=Role.STAFF).user)
    form = {"action": "do_not_call", "scope": "all", "confirmed": "1", "detail": "Left our practice"}
    assert client.post(reverse("contacts:bulk", args=[contact.location.code]), form).status_code == 302


SOURCES = {
    spoken: ("spoken", "high"), keypad: ("keypad", "high"), heard_after_the_call: ("spoken", "high"),
    web: ("web", "high"), staff: ("staff", "high"), staff_by_number: ("staff", "high"),
    a_list_of_contacts: ("import", "low"), bulk_action: ("staff", "high"),
}  # fmt: skip


def reasons(contact: Contact) -> set[str]:
    now = timezone.now()
    return set(decide(gather([Ask(1, contact.pk)], now)[1], now).reasons)


@pytest.mark.parametrize("opt_out", SOURCES, ids=lambda source: source.__name__)
def test_every_source_does_the_whole_of_it_and_only_the_person_lifts_it(opt_out):
    contact = ContactFactory()
    waiting = CallFactory(location=contact.location, contact=contact, state="scheduled")
    opt_out(contact)
    source, risk = SOURCES[opt_out]
    [entry] = ConsentEntry.objects.filter(kind=ConsentKind.REVOKED, contact=contact)
    assert (entry.source, entry.channel, entry.phone) == (source, "all", contact.phone)
    listed = DoNotCallEntry.objects.get()
    assert (listed.source, listed.risk, listed.phone) == (source, risk, contact.phone)
    assert listed.reason
    contact.refresh_from_db()
    assert (contact.dnd_voice, contact.dnd_sms) == (True, True)
    assert Call.objects.get(pk=waiting.pk).state == "canceled"
    actions = ["consent.revoked", "contacts.do_not_call", "contacts.import_started"]
    assert opt_out is a_list_of_contacts or LogEntry.objects.filter(action__in=actions).exists()
    assert {"opted_out", "dnd_voice", "blacklisted"} <= reasons(contact)

    again = {"contact": contact, "source": "form", "captured_at": timezone.now(), "evidence": "Signed again"}
    ledger.grant(**again)
    assert {"opted_out", "dnd_voice", "blacklisted"} <= reasons(contact)
    ledger.grant(**again, wording=opt_in.wording_of(contact.location.opt_in_forms.get()))
    assert reasons(contact) & {"opted_out", "dnd_voice", "blacklisted"} == {"blacklisted"}
    person = MemberFactory(location=contact.location).user
    with pytest.raises(donotcall.ReasonNeededError):
        donotcall.remove(entry=listed, location=contact.location, reason="Too short", actor=person)
    assert "blacklisted" in reasons(contact)
    donotcall.remove(entry=listed, location=contact.location, reason="Signed a new form today", actor=person)
    assert not reasons(contact) & {"opted_out", "dnd_voice", "blacklisted"}


def test_in_the_pages_new_consent_and_a_managers_word_lift_it_and_neither_alone_does():
    contact = ContactFactory()
    location = contact.location

    def as_a(role: Role) -> Client:
        client = Client()
        client.force_login(MemberFactory(location=location, role=role).user)
        return client

    staff_member, manager = as_a(Role.STAFF), as_a(Role.MANAGER)
    staff(contact)
    entry = reverse("compliance:do_not_call_entry", args=[location.code, DoNotCallEntry.objects.get().code])
    consent = reverse("compliance:contact_consent", args=[location.code, contact.code])
    assert (
        "only consent that the person gives later, on a form that is written here, lifts this"
        in manager.get(consent).content.decode()
    )

    given = {
        "consent-evidence": "Signed a new form at the desk",
        "consent-vouched": "on",
        "consent-purpose": "marketing",
        "consent-seller": location.name,
        "consent-given_on": timezone.now().astimezone(location.zone).date(),
    }
    grant = reverse("compliance:contact_grant", args=[location.code, contact.code])
    told = staff_member.post(grant, given, follow=True).content.decode()
    assert "It does not lift the opt-out" in told
    assert {"opted_out", "dnd_voice", "blacklisted"} <= reasons(contact)
    staff_member.post(grant, {**given, "consent-form": location.opt_in_forms.get().code})
    said = manager.get(consent).content.decode()
    assert "The number stays on the list until a manager takes it off" in said
    assert reasons(contact) & {"opted_out", "dnd_voice", "blacklisted"} == {"blacklisted"}

    assert staff_member.post(entry, {"reason": "They signed a new form today"}).status_code == 403
    short = manager.post(entry, {"reason": "  agreed  "})
    assert short.status_code == 422
    assert "the number is still listed" in short.content.decode()
    assert "blacklisted" in reasons(contact)
    assert manager.post(entry, {"reason": "They signed a new form today"}).status_code == 302
    assert not reasons(contact) & {"opted_out", "dnd_voice", "blacklisted"}
    assert "They signed a new form today" in manager.get(entry).content.decode()
