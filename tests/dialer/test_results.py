"""What a call leads to: outcome, opt-out, follow-up, the one retry. Once, whatever runs twice."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from compliance.models import DoNotCallEntry, Refusal
from contacts.models import Contact
from dialer.models import Call, Origin
from dialer.results import LAST_TURNS, analyse, analyse_left_over
from tests.dialer.conftest import NOON
from tests.factories import CallFactory, CampaignFactory
from voiceagents.models import Conversation, Turn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def ended(*said: str, state: str = "completed", results: dict | None = None, **fields) -> Call:
    """A call that just ended, in which the contact said this after the agent's greeting."""
    disposition = {"completed": "connected", "voicemail": "voicemail", "busy": "no_answer"}[state]
    call = CallFactory(
        state=state, disposition=disposition, started_at=NOON - timedelta(minutes=1), ended_at=NOON, **fields
    )
    call.conversation = Conversation.objects.create(
        location=call.location,
        agent=call.agent,
        contact=call.contact,
        token=f"{call.pk:040d}",
        started_at=NOON - timedelta(minutes=1),
        ended_at=NOON,
        results=results or {},
    )
    call.save()
    lines = [("agent", "Hello, this is Bright Smile Dental. Your check-up is due.")]
    lines += [("contact", text) for text in said]
    Turn.objects.bulk_create(
        Turn(conversation=call.conversation, position=position, speaker=speaker, text=text, at=NOON)
        for position, (speaker, text) in enumerate(lines)
    )
    return call


def test_a_request_for_friday_at_three_becomes_a_follow_up_at_that_minute():
    call = ended("I'm busy right now, can you call me Friday at 3pm?")

    analyse(call.pk)

    follow_up = Call.objects.get(parent=call)
    assert follow_up.due_at == datetime(2026, 3, 6, 15, 0, tzinfo=ZoneInfo("America/Denver"))
    assert (follow_up.origin, follow_up.state, follow_up.confidence) == (
        Origin.FOLLOW_UP,
        "scheduled",
        "high",
    )
    assert "Friday" in follow_up.context
    call.refresh_from_db()
    assert call.outcome == "busy"


def test_an_opt_out_lists_the_number_and_cancels_what_waits_in_the_organization():
    call = ended("Take me off your list and never call me again.")
    waiting = CallFactory(location=call.location, contact=call.contact)

    analyse(call.pk)

    entry = DoNotCallEntry.objects.get()
    assert (entry.phone, entry.risk) == (call.phone, "high")
    waiting.refresh_from_db()
    assert waiting.state == "canceled"
    assert not Call.objects.filter(parent=call).exists()
    assert Contact.objects.get(pk=call.contact_id).dnd_voice


def test_who_declines_in_france_is_noted_and_who_does_not_is_not():
    france = {"location__country": "FR", "location__timezone": "Europe/Paris"}
    declined, busy = ended("I'm not interested.", **france), ended("Can you call me on Friday?", **france)
    for call in (declined, busy):
        analyse(call.pk)
    refusal = Refusal.objects.get()
    assert (refusal.phone, refusal.refused_at) == (declined.phone, NOON)


def test_a_voicemail_gets_one_retry_after_48_hours_and_no_second():
    call = ended(state="voicemail")

    analyse(call.pk)

    retry = Call.objects.get(parent=call)
    assert (retry.origin, retry.due_at, retry.confidence) == (Origin.RETRY, NOON + timedelta(hours=48), "low")
    again = ended(state="voicemail", origin=Origin.RETRY)
    analyse(again.pk)
    assert not Call.objects.filter(parent=again).exists()


def test_a_booking_is_a_meeting_and_needs_no_follow_up():
    booking = {"booking": {"at": "2026-03-10T10:00:00-06:00", "said": "Tuesday at ten"}}
    call = ended("Tuesday at 10 is good.", results=booking)

    analyse(call.pk)

    call.refresh_from_db()
    assert call.outcome == "meeting_scheduled"
    assert "Tuesday, 10 March at 10:00" in call.summary
    assert not Call.objects.filter(parent=call).exists()


def test_a_colleagues_number_is_kept_and_its_call_needs_their_own_consent():
    from dialer.placing import tick

    call = ended("You should talk to Maria, our sales director, at 303 555 0177.")

    analyse(call.pk)

    follow_up = Call.objects.get(parent=call)
    assert follow_up.phone == "+13035550177"
    assert follow_up.contact.first_name == "Maria"
    Call.objects.filter(pk=follow_up.pk).update(due_at=NOON)
    tick()
    follow_up.refresh_from_db()
    assert follow_up.reasons == ["no_opt_in"]


def test_a_colleague_whom_two_people_name_is_called_once():
    said = "You should talk to my colleague Bob instead, his number is 303-555-0147."
    first = ended(said)

    analyse(first.pk)
    analyse(ended(said, location=first.location).pk)

    assert Call.objects.filter(phone="+13035550147").count() == 1


def test_it_is_analysed_once_however_often_the_task_runs():
    call = ended("Call me Friday at 3pm please.")

    for _ in range(3):
        analyse(call.pk)

    assert Call.objects.filter(parent=call).count() == 1


def test_what_a_lost_task_left_over_is_found(noon):
    call = ended("Call me Friday at 3pm please.")
    noon.shift(timedelta(minutes=1))

    analyse_left_over()

    assert Call.objects.filter(parent=call).count() == 1


def test_collected_fields_are_kept_on_the_contact_and_the_number_never_changes():
    call = ended(
        "Sure.", results={"fields": {"email": "noah@example.com", "phone": "+1900", "fields.pet": "cat"}}
    )

    analyse(call.pk)

    contact = Contact.objects.get(pk=call.contact_id)
    assert (contact.email, contact.fields, contact.phone) == ("noah@example.com", {"pet": "cat"}, call.phone)


def test_a_canceled_campaign_plans_nothing_more():
    campaign = CampaignFactory(state="canceled")
    call = ended(
        "Call me Friday at 3pm.", location=campaign.location, campaign=campaign, agent=campaign.agent
    )

    analyse(call.pk)

    assert not Call.objects.filter(parent=call).exists()


def test_a_call_is_analysed_with_what_was_said_however_late_that_is_written_down(noon):
    """The carrier's word that a call is over may be here before the conversation's own rows are."""
    call = ended("Can you call me Friday at 3pm?")
    turns = list(call.conversation.turns.all())
    call.conversation.turns.all().delete()
    Conversation.objects.update(started_at=None, ended_at=None)

    analyse(call.pk)
    call.refresh_from_db()
    assert call.analysed_at is None

    Turn.objects.bulk_create(turns)
    Conversation.objects.update(started_at=NOON, ended_at=NOON)
    analyse(call.pk)
    assert Call.objects.get(parent=call).origin == Origin.FOLLOW_UP


def test_a_conversation_that_nobody_ended_ends_with_its_call(noon):
    call = ended("Hello?")
    Conversation.objects.update(started_at=None, ended_at=None)
    noon.shift(LAST_TURNS)

    analyse(call.pk)

    assert (Conversation.objects.get().ended_at, Conversation.objects.get().ended_by) == (NOON, "dropped")
    call.refresh_from_db()
    assert call.analysed_at is not None
