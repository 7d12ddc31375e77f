"""Every persona of the sandbox carrier calls through: real TwiML, a real signed socket, speech at thirty times pace."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from phone_numbers.models import PhoneNumber
from telephony.addresses import callback_url
from telephony.models import CarrierAccount
from tests.sandbox.conftest import SID, TOKEN
from tests.sandbox.conftest import Carrier as SandboxCarrier
from tests.voiceagents.conftest import DONE_WITHIN, Server, make_conversation, stored
from voiceagents import conversations
from voiceagents.models import Conversation

FROM = "+13035550199"
TO = "+13035550107"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxCarrier]:
    carrier = SandboxCarrier(tmp_path_factory.mktemp("carrier"), speed=30)
    carrier.control("POST", "accounts", sid=SID, token=TOKEN, cps=0)
    carrier.control("POST", "numbers", account=SID, number=FROM)
    yield carrier
    carrier.stop()


def call(sandbox: SandboxCarrier, persona: str, **agent: Any) -> tuple[Conversation, dict[str, Any]]:
    """One call to the persona from ring to hang-up; the conversation as stored, and what the carrier saw."""
    conversation = make_conversation(
        agent={"questions": [{"field": "email", "ask": "What is your e-mail?"}], **agent},
        callback_number=FROM,
        record=False,
    )
    organization = conversation.location.organization
    CarrierAccount.objects.filter(organization=organization).update(account_sid=SID)
    account = CarrierAccount.objects.get(organization=organization)
    account.auth_token = TOKEN
    account.save()
    PhoneNumber.objects.filter(account=account).update(number=FROM)
    sandbox.control("PUT", f"numbers/{TO}/persona", persona=persona)
    made = sandbox.client().calls.create(to=TO, from_=FROM, url=callback_url("answer", conversation.token))
    deadline = time.monotonic() + 2 * DONE_WITHIN
    while True:
        status = sandbox.client().calls(made.sid).fetch().status
        if status in ("completed", "busy", "failed", "no-answer", "canceled"):
            break
        assert time.monotonic() < deadline, f"the call never ended: {sandbox.log()[-5:]}"
        time.sleep(0.1)
    found = stored(conversation)
    # Written after the call is over: the conversation's end, and of a short one even its beginning.
    while not found.ended_at and time.monotonic() < deadline:
        time.sleep(0.02)
        found = stored(conversation)
    sessions = [entry for entry in sandbox.log("relay") if entry["sid"] == made.sid]
    return found, {"status": status, "sessions": sessions}


def said(conversation: Conversation) -> str:
    return "\n".join(f"{turn.speaker}: {turn.text}" for turn in conversation.turns.all())


@pytest.mark.parametrize(
    ("persona", "ended_by", "result"),
    [
        ("books_a_meeting", "agent_ended|contact_ended", "booking"),
        ("call_me_friday", "agent_ended|contact_ended", "callback"),
        ("not_interested", "agent_ended|contact_ended", ""),
        ("take_me_off", "opted_out", "opt_out"),
        ("presses_nine", "opted_out", "opt_out"),
        ("call_screening", "agent_ended|contact_ended", "booking"),
        ("habla_espanol", "agent_ended|contact_ended", "booking"),
        ("pregunta_en_espanol", "agent_ended|contact_ended", ""),
        ("asks_about_the_business", "agent_ended|contact_ended", ""),
        ("interrupts", "agent_ended|contact_ended", "booking"),
        ("are_you_a_robot", "agent_ended|contact_ended", ""),
        ("gives_a_colleague", "agent_ended|contact_ended|opted_out", ""),
        ("silent", "agent_ended|contact_ended", ""),
        ("voicemail", "agent_ended", ""),
        ("hangs_up", "contact_ended", ""),
    ],
)
def test_every_persona_gets_a_conversation_to_its_end(
    relay: Server, sandbox: SandboxCarrier, persona: str, ended_by: str, result: str
) -> None:
    conversation, seen = call(sandbox, persona)
    assert seen["status"] == "completed"
    assert conversation.ended_by in ended_by.split("|"), said(conversation)
    if result:
        assert result in conversation.results, (conversation.results, said(conversation))
    opening = conversation.turns.get(position=0)
    assert opening.speaker == "agent"
    assert opening.text.startswith("Hello, this is Bright Smile Dental")
    assert "I am an AI voice assistant" in opening.text
    print(said(conversation), conversation.results)


def test_a_socket_dropped_by_the_line_is_resumed(relay: Server, sandbox: SandboxCarrier) -> None:
    sandbox.fault("relay_drop", frames=3, count=1)
    conversation, seen = call(sandbox, "books_a_meeting")
    assert len(seen["sessions"]) == 2, seen
    assert "booking" in conversation.results, said(conversation)
    assert said(conversation).count("To stop our calls") == 1
    assert conversation.reconnects == 1


def test_a_line_that_keeps_dropping_is_given_up_politely(relay: Server, sandbox: SandboxCarrier) -> None:
    sandbox.fault("relay_drop", frames=1, count=3)
    conversation, seen = call(sandbox, "books_a_meeting")
    assert len(seen["sessions"]) == conversations.RECONNECTS + 1
    assert conversation.ended_by == "dropped"
    assert seen["status"] == "completed"
