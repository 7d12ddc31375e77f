"""What the carrier is told to do: when a call is answered, and when a conversation's socket has closed."""

import json
from typing import Any

import structlog
from django.db.models import F
from django.utils.timezone import now
from twilio.twiml.voice_response import Connect, Dial, Start, VoiceResponse

from telephony.addresses import callback_url, relay_url
from telephony.hooks import handles
from telephony.models import CarrierEvent, EventKind
from voiceagents import conversations
from voiceagents.models import Conversation, ConversationEnd
from voiceagents.opening import clean, language_of, line, opening
from voiceagents.voices import OTHER, Voice, voice_for

log = structlog.get_logger(__name__)
_MACHINES = ("machine", "fax")


def _tag(language: str, chosen: str) -> str:
    """The BCP 47 tag to hear a language in: the agent's own when it is that language, else its US form."""
    return chosen if chosen[:2] == language else f"{language}-US"


def _voice(brief: dict[str, Any], language: str) -> Voice:
    agent = brief.get("agent", {})
    return voice_for(agent.get("voice", ""), _tag(language, agent.get("language") or "en-US"))


def _say(response: VoiceResponse, brief: dict[str, Any], key: str) -> None:
    language = language_of(brief)
    response.say(line(key, brief), language=_tag(language, brief.get("agent", {}).get("language") or "en-US"))


def goodbye(brief: dict[str, Any], key: str) -> str:
    response = VoiceResponse()
    _say(response, brief, key)
    response.hangup()
    return str(response)


def hang_up() -> str:
    response = VoiceResponse()
    response.hangup()
    return str(response)


def converse(conversation: Conversation, greeting: str, *, kind: str) -> str:
    """Connect the call to the conversation's socket, which begins by saying `greeting`.

    The greeting can be cut only by a key, so that 9 works at once but a cough does not swallow who is calling; what is
    said or pressed meanwhile still reaches us. `kind` tells the socket which greeting was spoken.
    """
    brief, token = conversation.brief, conversation.token
    agent = brief.get("agent", {})
    language = language_of(brief)
    voice = _voice(brief, language)
    tag = _tag(language, agent.get("language") or "en-US")
    response = VoiceResponse()
    if brief.get("record") and kind == "opening":
        start = Start()
        start.recording(
            recording_status_callback=callback_url("recording", token),
            recording_status_callback_event="completed absent",
            channels="dual",
        )
        response.append(start)
    connect = Connect(action=callback_url("action", token), method="POST")
    relay = connect.conversation_relay(
        url=relay_url(token),
        welcome_greeting=greeting,
        welcome_greeting_interruptible="dtmf",
        interruptible="any",
        report_input_during_agent_speech="any",
        dtmf_detection="true",
        ignore_backchannel="true",
        language=tag,
        tts_provider=voice.provider,
        voice=voice.voice,
        transcription_provider="Deepgram",
        speech_model="nova-3-general",
        hints=clean(agent.get("business_name")),
        events="speaker-events tokens-played",
    )
    other = OTHER[language]
    spare = voice_for("", f"{other}-US")
    for code, spoken in ((tag, voice), (f"{other}-US", spare)):
        relay.language(
            code=code,
            tts_provider=spoken.provider,
            voice=spoken.voice,
            transcription_provider="Deepgram",
            speech_model="nova-3-general",
        )
    relay.parameter(name="greeting", value=kind)
    response.append(connect)
    return str(response)


@handles(EventKind.ANSWER)
def answered(event: CarrierEvent) -> str:
    """Somebody, or something, picked up."""
    if event.body.get("AnsweredBy", "").startswith(_MACHINES):
        # A message left on a machine needs a toll-free opt-out number (47 CFR 64.1200(b)(3)): none is left.
        return hang_up()
    conversation = conversations.answered(event)
    if conversation is None:
        return goodbye({}, "unknown")
    if conversation.ended_at is not None:
        return hang_up()
    return converse(conversation, opening(conversation.brief), kind="opening")


@handles(EventKind.ACTION)
def socket_closed(event: CarrierEvent) -> str:
    """The conversation's socket closed, or a transfer is over: go on, transfer, or hang up."""
    conversation = conversations.by_token(event.token)
    if conversation is None:
        return goodbye({}, "unknown")
    body = event.body
    if "DialCallStatus" in body:
        return _after_transfer(conversation, body)
    if body.get("SessionStatus") == "failed" and body.get("CallStatus") != "completed":
        return _reconnect(conversation)
    if _handoff(body).get("action") == "transfer" and conversation.ended_at is None:
        return _transfer(conversation)
    return hang_up()


def _handoff(body: dict[str, str]) -> dict[str, Any]:
    try:
        data = json.loads(body.get("HandoffData") or "{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _transfer(conversation: Conversation) -> str:
    """Dial the number from the brief: whatever the socket handed over, nobody else can be called."""
    brief = conversation.brief
    number = brief.get("agent", {}).get("transfer_number")
    if not number:
        return _resume(conversation, "transfer_failed")
    response = VoiceResponse()
    dial = Dial(
        caller_id=brief.get("callback_number") or None,
        action=callback_url("transfer", conversation.token),
        method="POST",
        timeout=25,
        answer_on_bridge=True,
    )
    dial.number(number)
    response.append(dial)
    return str(response)


def _after_transfer(conversation: Conversation, body: dict[str, str]) -> str:
    if body["DialCallStatus"] in ("completed", "answered"):
        conversations.end(conversation.pk, ConversationEnd.TRANSFERRED, now())
        return hang_up()
    if body.get("CallStatus") == "completed":
        conversations.end(conversation.pk, ConversationEnd.CONTACT_ENDED, now())
        return hang_up()
    return _resume(conversation, "transfer_failed")


def _resume(conversation: Conversation, kind: str) -> str:
    if conversation.ended_at is not None:
        return hang_up()
    return converse(conversation, line(kind, conversation.brief), kind=kind)


def _reconnect(conversation: Conversation) -> str:
    """Open the socket again, at most twice; a conversation that had already ended is not brought back to life."""
    allowed = Conversation.objects.filter(
        pk=conversation.pk, ended_at=None, reconnects__lt=conversations.RECONNECTS
    ).update(reconnects=F("reconnects") + 1)
    if allowed:
        return _resume(conversation, "resume")
    conversations.end(conversation.pk, ConversationEnd.DROPPED, now())
    return goodbye(conversation.brief, "cut_off")
