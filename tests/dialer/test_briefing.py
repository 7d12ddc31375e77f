"""What an agent knows of a call: made once, when somebody picks up, and never what stops a dial that is under way."""

from xml.etree import ElementTree

import pytest
from django.utils.timezone import now

from compliance.models import SpokenCode
from dialer.models import Attempt, AttemptState, Call
from dialer.placing import tick
from dialer.states import State
from telephony.models import CarrierEvent
from tests.dialer.carrier import deliver, post
from tests.dialer.conftest import NOON
from tests.factories import CallFactory, CampaignFactory, CarrierAccountFactory
from voiceagents.models import Agent, Conversation, PromptTemplate
from voiceagents.opening import opening

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def dialled(**fields) -> Attempt:
    call = CallFactory(**fields)
    tick()
    return Attempt.objects.select_related("account", "call").get(call=call)


def fields_of(attempt: Attempt, **more: str) -> dict[str, str]:
    return {
        "AccountSid": attempt.account.account_sid,
        "CallSid": f"CA{attempt.pk:032x}",
        "CallStatus": "in-progress",
        **more,
    }


def answer(attempt: Attempt, **more: str) -> str:
    """The carrier says that the dial was answered; the TwiML it gets."""
    response = deliver("answer", attempt.token, attempt.account.auth_token, fields_of(attempt, **more))
    assert response.status_code == 200
    return response.content.decode()


def greeting_in(twiml: str) -> str:
    relay = ElementTree.fromstring(twiml).find("Connect/ConversationRelay")
    assert relay is not None
    return relay.get("welcomeGreeting") or ""


def test_a_dial_that_nobody_answers_makes_no_conversation():
    attempt = dialled()

    assert attempt.call.state == State.CALLING
    assert not Conversation.objects.exists()


def test_whoever_picks_up_gets_a_code_for_their_page_that_no_address_of_the_staff_has(client):
    attempt = dialled()
    assert not SpokenCode.objects.exists(), "nobody has picked up yet"
    answer(attempt)
    link = Conversation.objects.get().brief["contact"]["objection_link"]
    code = SpokenCode.objects.get(phone=attempt.call.phone).code
    assert link.endswith(f"/o/{code}")
    assert code not in (attempt.call.code, attempt.call.contact.code)
    assert client.get(f"/o/{code}").status_code == 200


def test_an_answered_call_gets_its_conversation_and_is_opened_by_it():
    attempt = dialled(context="They came in May.", purpose="Check-up")
    call = attempt.call

    twiml = answer(attempt)

    call.refresh_from_db()
    conversation = call.conversation
    assert conversation.token == attempt.token
    assert (conversation.location_id, conversation.agent_id, conversation.contact_id, conversation.brain) == (
        call.location_id, call.agent_id, call.contact_id, call.agent.brain,
    )  # fmt: skip
    brief = conversation.brief
    assert brief["contact"]["phone"] == call.phone
    assert brief["contact"]["contact_type"] == "new"
    assert (brief["context"], brief["purpose"]) == ("They came in May.", "Check-up")
    assert (brief["callback_number"], brief["zone"]) == (attempt.from_number, "America/Denver")
    assert (brief["seller"], brief["account_sid"]) == (
        call.agent.phone_number.brand_name or call.agent.business_name,
        attempt.account.account_sid,
    )
    assert greeting_in(twiml) == opening(brief)


def test_a_carrier_that_asks_twice_hears_the_same_whatever_changed_meanwhile():
    attempt = dialled()
    first = answer(attempt)
    Agent.objects.update(greeting="Something else.", business_name="Somebody else")

    assert answer(attempt) == first
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize(
    ("before", "kind"), [(State.COMPLETED, "returning"), (State.NO_ANSWER, "first"), (None, "new")]
)
def test_it_knows_whether_they_were_called_before(before, kind):
    call = CallFactory()
    if before is not None:
        CallFactory(
            location=call.location, contact=call.contact, state=before, started_at=NOON, ended_at=NOON,
        )  # fmt: skip
    tick()

    answer(Attempt.objects.get(call=call))

    assert Conversation.objects.get().brief["contact"]["contact_type"] == kind


def test_a_machine_in_the_answer_is_hung_up_on_without_a_conversation():
    attempt = dialled()

    assert "Hangup" in answer(attempt, AnsweredBy="machine_start")
    assert not Conversation.objects.exists()


def test_an_answer_to_an_unknown_or_refused_dial_is_kept_and_ended_in_words():
    attempt = dialled()
    Attempt.objects.update(state=AttemptState.REFUSED)

    assert "cannot be connected" in answer(attempt)
    assert not CarrierEvent.objects.get().known
    assert not Conversation.objects.exists()


def test_another_account_opens_no_conversation_of_ours():
    attempt, stranger = dialled(), CarrierAccountFactory()
    fields = {**fields_of(attempt), "AccountSid": stranger.account_sid}

    assert post("answer", attempt.token, stranger.auth_token, fields) == 403
    assert not Conversation.objects.exists()


@pytest.fixture
def templated() -> Call:
    """A call of a campaign whose template calculates with what a column of the contact's says."""
    campaign = CampaignFactory()
    campaign.prompt_template = PromptTemplate.objects.create(
        location=campaign.location,
        name="Sizes",
        body="{% if contact.fields.visits > 3 %}Thank them.{% endif %}",
    )
    campaign.save()
    return CallFactory(location=campaign.location, campaign=campaign, agent=campaign.agent)


def test_a_template_that_this_contacts_data_break_fails_the_call_before_the_dial(templated):
    templated.contact.fields = {"visits": "many"}
    templated.contact.save()

    assert tick().orders == []

    templated.refresh_from_db()
    assert (templated.state, templated.failure_code) == ("failed", "PROMPT_ERROR")
    assert "'<' and '>' are not supported" in templated.failure_detail


def test_a_template_that_breaks_after_the_dial_is_left_out_and_the_call_opened_lawfully(templated):
    templated.contact.fields = {"visits": 5}
    templated.contact.save()
    tick()
    attempt = Attempt.objects.select_related("account").get(call=templated)
    templated.contact.fields = {"visits": "many"}
    templated.contact.save()

    twiml = answer(attempt)

    brief = Conversation.objects.get().brief
    assert brief["prompt"] == ""
    assert greeting_in(twiml) == opening(brief)
    assert "AI" in greeting_in(twiml)


def test_a_template_that_this_contacts_data_fit_is_spoken(templated):
    templated.contact.fields = {"visits": 5}
    templated.contact.save()
    tick()

    answer(Attempt.objects.select_related("account").get(call=templated))

    assert Conversation.objects.get().brief["prompt"] == "Thank them."
    assert Conversation.objects.get().created_at == now()
