"""What the carrier is told, as the XML it gets."""

import json
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.utils.timezone import now

from accounts.fields import new_token
from telephony.models import CarrierEvent, EventKind
from tests.voiceagents.conftest import make_conversation
from voiceagents import conversations
from voiceagents.models import Conversation
from voiceagents.opening import opening
from voiceagents.twiml import answered, socket_closed
from voiceagents.voices import VOICES

pytestmark = pytest.mark.django_db


def event(kind: EventKind, token: str, **body: str) -> CarrierEvent:
    return CarrierEvent(kind=kind, token=token, body=body)


def answer(conversation: Conversation, **body: str) -> Element:
    return fromstring(answered(event(EventKind.ANSWER, conversation.token, **body)))


def close(conversation: Conversation, **body: str) -> Element:
    body = {"CallStatus": "in-progress", **body}
    return fromstring(socket_closed(event(EventKind.ACTION, conversation.token, **body)))


def verbs(document: Element) -> list[str]:
    return [child.tag for child in document]


def relay_of(document: Element) -> Element:
    found = document.find("Connect/ConversationRelay")
    assert found is not None
    return found


def test_an_answered_call_is_recorded_and_connected_with_the_opening(settings) -> None:  # type: ignore[no-untyped-def]
    settings.PUBLIC_URL = "https://parley.example"
    conversation = make_conversation()
    document = answer(conversation)
    assert verbs(document) == ["Start", "Connect"]
    recording = document.find("Start/Recording")
    assert recording is not None
    assert recording.get("recordingStatusCallback") == (
        f"https://parley.example/voice/recording/{conversation.token}"
    )
    connect, relay = document.find("Connect"), relay_of(document)
    assert connect is not None
    assert connect.get("action") == f"https://parley.example/voice/action/{conversation.token}"
    assert relay.attrib == {
        "url": f"wss://parley.example/voice/relay/{conversation.token}",
        "welcomeGreeting": opening(conversation.brief),
        "welcomeGreetingInterruptible": "dtmf",
        "interruptible": "any",
        "reportInputDuringAgentSpeech": "any",
        "dtmfDetection": "true",
        "ignoreBackchannel": "true",
        "language": "en-US",
        "ttsProvider": "Google",
        "voice": "en-US-Neural2-F",
        "transcriptionProvider": "Deepgram",
        "speechModel": "nova-3-general",
        "hints": "Bright Smile Dental",
        "events": "speaker-events tokens-played",
    }
    assert [child.get("code") for child in relay.findall("Language")] == ["en-US", "es-US"]


def test_a_call_that_is_not_recorded_starts_no_recording() -> None:
    assert verbs(answer(make_conversation(record=False))) == ["Connect"]


def test_a_spanish_contact_is_spoken_to_in_spanish() -> None:
    conversation = make_conversation()
    conversation.brief["contact"]["language"] = "es"
    conversation.save()
    relay = relay_of(answer(conversation))
    assert relay.get("language") == "es-US"
    assert relay.get("voice") == "es-US-Neural2-A"
    assert (relay.get("welcomeGreeting") or "").startswith("Hola, le llama Bright Smile Dental")


@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: voice.value)
def test_every_voice_goes_with_its_provider(voice) -> None:  # type: ignore[no-untyped-def]
    conversation = make_conversation(agent={"voice": voice.value, "language": voice.language})
    relay = relay_of(answer(conversation))
    assert (relay.get("ttsProvider"), relay.get("voice")) == (voice.provider, voice.voice)
    assert relay.get("language") == voice.language


@pytest.mark.parametrize("verdict", ["machine_start", "machine_end_beep", "machine_end_silence", "fax"])
def test_no_message_is_left_on_a_machine(verdict: str) -> None:
    assert verbs(answer(make_conversation(), AnsweredBy=verdict)) == ["Hangup"]


@pytest.mark.parametrize("verdict", ["human", "unknown", ""])
def test_a_person_or_a_doubt_is_spoken_to(verdict: str) -> None:
    assert "Connect" in verbs(answer(make_conversation(), AnsweredBy=verdict))


def test_an_unknown_token_gets_a_polite_end() -> None:
    for handler, kind in ((answered, EventKind.ANSWER), (socket_closed, EventKind.ACTION)):
        assert verbs(fromstring(handler(event(kind, new_token())))) == ["Say", "Hangup"]


def test_a_finished_call_is_hung_up() -> None:
    conversation = make_conversation()
    conversations.end(conversation.pk, "agent_ended", now())
    assert verbs(answer(conversation)) == ["Hangup"]
    assert verbs(close(conversation, SessionStatus="failed")) == ["Say", "Hangup"]


@pytest.mark.parametrize(
    "name",
    ["<Say>hi</Say>", 'A & B "Co"', "x\x07\u202ey", "{{7*7}}{business}%s", "é" * 5000, "a\nb\r\nc"],
)
def test_hostile_names_stay_text(name: str) -> None:
    conversation = make_conversation(seller=name)
    conversation.brief["agent"] |= {"business_name": name, "greeting": ""}
    conversation.brief["contact"]["first_name"] = name
    conversation.save()
    document = answer(conversation)
    assert verbs(document) == ["Start", "Connect"]
    greeting = relay_of(document).get("welcomeGreeting") or ""
    assert "AI voice assistant" in greeting
    assert "press 9" in greeting
    assert len(greeting) < 600
    assert not set(greeting) & set("<>{}\x00\x07\u202e\n\r")


def test_a_dropped_socket_is_reopened_twice_and_then_given_up() -> None:
    conversation = make_conversation()
    for _ in range(2):
        document = close(conversation, SessionStatus="failed", ErrorCode="64105")
        relay = relay_of(document)
        assert "cut off" in (relay.get("welcomeGreeting") or "")
        assert "AI assistant" in (relay.get("welcomeGreeting") or "")
        assert relay.find("Parameter").attrib == {"name": "greeting", "value": "resume"}  # type: ignore[union-attr]
        assert "Start" not in verbs(document)
    assert verbs(close(conversation, SessionStatus="failed")) == ["Say", "Hangup"]
    conversation.refresh_from_db()
    assert conversation.ended_by == "dropped"


def test_a_caller_who_hung_up_is_not_called_back_to_life() -> None:
    conversation = make_conversation()
    assert verbs(close(conversation, SessionStatus="failed", CallStatus="completed")) == ["Hangup"]


def test_an_ended_session_hangs_up() -> None:
    conversation = make_conversation()
    assert verbs(
        close(conversation, SessionStatus="ended", HandoffData=json.dumps({"reason": "finished"}))
    ) == ["Hangup"]
    assert verbs(close(conversation, SessionStatus="ended", HandoffData="not json")) == ["Hangup"]
    assert verbs(close(conversation, SessionStatus="ended", HandoffData="[1]")) == ["Hangup"]


def transferring(**handoff: str) -> tuple[Conversation, Element]:
    conversation = make_conversation(
        agent={"transfer_number": "+13035550177", "abilities": ["transfer"]}, callback_number="+13035550100"
    )
    data = json.dumps({"action": "transfer", **handoff})
    return conversation, close(conversation, SessionStatus="ended", HandoffData=data)


def test_a_transfer_dials_the_agents_number_whatever_was_handed_over() -> None:
    conversation, document = transferring(number="+15550001111", to="+15550001111")
    dial = document.find("Dial")
    assert dial is not None
    assert dial.get("callerId") == "+13035550100"
    assert (dial.get("action") or "").endswith(f"/voice/transfer/{conversation.token}")
    assert [number.text for number in dial.findall("Number")] == ["+13035550177"]


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_a_failed_transfer_apologises_and_goes_on(status: str) -> None:
    conversation, _ = transferring()
    relay = relay_of(close(conversation, DialCallStatus=status))
    assert "nobody could take the call" in (relay.get("welcomeGreeting") or "")
    conversation.refresh_from_db()
    assert conversation.ended_at is None


def test_a_transfer_that_was_taken_ends_the_conversation() -> None:
    conversation, _ = transferring()
    assert verbs(close(conversation, DialCallStatus="completed")) == ["Hangup"]
    conversation.refresh_from_db()
    assert conversation.ended_by == "transferred"


def test_hanging_up_while_being_transferred_ends_it_too() -> None:
    conversation, _ = transferring()
    assert verbs(close(conversation, DialCallStatus="canceled", CallStatus="completed")) == ["Hangup"]
    conversation.refresh_from_db()
    assert conversation.ended_by == "contact_ended"
