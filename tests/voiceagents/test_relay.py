"""The conversation socket over real uvicorn: who is let in, what is said, what is stored, what is left behind."""

import asyncio
import json
import threading
import time
from typing import Any

import pytest
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from accounts.fields import new_token
from compliance.models import ConsentEntry, DoNotCallEntry
from telephony.addresses import relay_url
from telephony.signatures import REFUSED
from tests.factories import CarrierAccountFactory
from tests.voiceagents.conftest import (
    DONE_WITHIN,
    Carrier,
    Server,
    make_conversation,
    nothing_runs,
    over,
    run,
    session,
    signature_for,
    stored,
)
from voiceagents import conversations, talk
from voiceagents.models import Conversation
from voiceagents.opening import disclosure, opening
from voiceagents.recorder import recorder
from voiceagents.signals import conversation_ended


def refused(reason: str) -> float:
    return REFUSED.labels(reason)._value.get()


async def knock(url: str, signature: str | None) -> int:
    """The HTTP status with which the upgrade was refused; 101 when it was let in."""
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    try:
        async with connect(url, additional_headers=headers, proxy=None):
            return 101
    except InvalidStatus as error:
        return error.response.status_code


# -- who is let in


def test_it_holds_a_guided_conversation_and_books(relay: Server) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> dict:
        async with session(conversation, signature) as carrier:
            assert "day and time" in await carrier.ask("Sure, go ahead.")
            assert "Tuesday" in await carrier.ask("Tuesday at 10 in the morning would be good.")
            assert "booked" in await carrier.ask("Yes, that's right.")
            goodbye = await carrier.ask("No, that's all, thank you.")
            await carrier.hear(goodbye)
            return await carrier.end()

    assert run(call()) == {"reason": "finished"}
    conversation = over(conversation)
    assert conversation.ended_by == "agent_ended"
    assert conversation.session_id == "VX1"
    assert conversation.started_at is not None
    assert conversation.results["booking"]["at"].endswith("T10:00:00-07:00")
    turns = list(conversation.turns.values_list("speaker", "text"))
    assert turns[0] == ("agent", opening(conversation.brief))
    assert turns[1] == ("contact", "Sure, go ahead.")
    assert nothing_runs(relay)


@pytest.mark.parametrize("forged", [None, "", "bm90IGEgc2lnbmF0dXJl"])
def test_a_socket_without_the_carriers_signature_is_refused_and_counted(
    relay: Server, forged: str | None
) -> None:
    conversation = make_conversation()
    before = refused("relay_signature")
    assert run(knock(relay_url(conversation.token), forged)) == 403
    assert refused("relay_signature") == before + 1
    assert stored(conversation).started_at is None


def test_a_signature_of_another_address_or_tenant_is_refused(relay: Server) -> None:
    conversation, other = make_conversation(), make_conversation()
    url = relay_url(conversation.token)
    assert run(knock(url, signature_for(other))) == 403
    token = CarrierAccountFactory().auth_token
    assert run(knock(url, RequestValidator(token).compute_signature(url, {}))) == 403
    mine = conversation.location.organization.carrier_accounts.get().auth_token
    assert run(knock(url, RequestValidator(mine).compute_signature(url.replace("ws:", "http:"), {}))) == 403
    assert run(knock(url, RequestValidator(mine).compute_signature(url, {}))) == 101


def test_an_unknown_token_is_refused(relay: Server) -> None:
    assert run(knock(relay_url(new_token()), "x")) == 403


def test_the_socket_of_a_finished_call_is_refused(relay: Server) -> None:
    conversation = make_conversation()
    conversations.end(conversation.pk, "agent_ended", now())
    assert run(knock(relay_url(conversation.token), signature_for(conversation))) == 403


def test_a_second_socket_of_the_same_call_replaces_the_first(relay: Server) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> str:
        async with session(conversation, signature) as first:
            await first.ask("Sure, go ahead.")
            async with session(conversation, signature, greeting="resume") as second:
                with pytest.raises(ConnectionClosed):
                    await first.frame()
                return await second.ask("Tuesday at 10 in the morning")

    assert "Tuesday" in run(call())
    texts = [turn.text for turn in over(conversation).turns.all()]
    assert texts[0] == opening(conversation.brief)
    assert texts.count(opening(conversation.brief)) == 1
    assert nothing_runs(relay)


# -- opting out


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Please take me off your list"),
        ("en", "Stop calling me"),
        ("en", "Nine."),
        ("es", "No me llame más, por favor"),
        ("es", "Quíteme de su lista"),
        ("es", "He pulsado el nueve"),
    ],
)
def test_an_opt_out_is_in_force_before_it_is_confirmed(relay: Server, language: str, words: str) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)
    phone = conversation.contact.phone

    async def call() -> tuple[str, bool, dict]:
        async with session(conversation, signature) as carrier:
            confirmation = await carrier.ask(words, language)
            blocked = await asyncio.to_thread(
                lambda: DoNotCallEntry.objects.active().filter(phone=phone).exists()
            )
            await carrier.hear(confirmation)
            return confirmation, blocked, await carrier.end()

    confirmation, blocked, handoff = run(call())
    assert blocked
    assert ("No le volveremos" if language == "es" else "not call you again") in confirmation
    assert handoff == {"reason": "opted out"}
    conversation = over(conversation)
    assert conversation.ended_by == "opted_out"
    assert conversation.results["opt_out"]["source"] == "spoken"
    assert ConsentEntry.objects.filter(phone=phone, kind="revoked", source="spoken").exists()
    assert conversation.code in ConsentEntry.objects.get(phone=phone, kind="revoked").evidence


@pytest.mark.parametrize("moment", ["during the opening", "during an answer", "after a goodbye"])
def test_nine_opts_out_at_any_time(relay: Server, moment: str) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> dict:
        async with session(conversation, signature) as carrier:
            if moment == "during an answer":
                await carrier.ask("Sure, go ahead.")
            elif moment == "after a goodbye":
                await carrier.ask("I'm not interested")
            await carrier.send(
                type="interrupt", utteranceUntilInterrupt="Hello", durationUntilInterruptMs=100
            )
            await carrier.send(type="dtmf", digit="9")
            await carrier.hear(await carrier.answer())
            return await carrier.end()

    assert run(call()) == {"reason": "opted out"}
    assert over(conversation).ended_by == "opted_out"
    assert DoNotCallEntry.objects.active().filter(phone=conversation.contact.phone, source="keypad").exists()


def test_an_opt_out_said_after_the_goodbye_still_counts(relay: Server) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> dict:
        async with session(conversation, signature) as carrier:
            await carrier.ask("I'm not interested")
            await carrier.hear(await carrier.ask("And take me off your list"))
            return await carrier.end()

    assert run(call()) == {"reason": "opted out"}
    assert over(conversation).ended_by == "opted_out"


@pytest.mark.parametrize("pieces", [1, 2])
def test_an_opt_out_at_the_end_of_a_long_speech_counts(relay: Server, pieces: int) -> None:
    """Longer than what is kept of it; in two pieces, the first of which fills that alone."""
    conversation = make_conversation()
    signature = signature_for(conversation)
    story = "Well, you know how it is with the winters here. " * 120
    demand = "And now please stop calling me."

    async def call() -> dict:
        async with session(conversation, signature) as carrier:
            if pieces == 2:
                await carrier.say(story)
                await carrier.hear(await carrier.ask(demand))
            else:
                await carrier.hear(await carrier.ask(story + demand))
            return await carrier.end()

    assert run(call()) == {"reason": "opted out"}
    kept = over(conversation).turns.filter(speaker="contact").last()
    assert kept is not None
    assert kept.text.endswith(demand)
    assert len(kept.text) <= talk.LONGEST_UTTERANCE


def test_hanging_up_right_after_opting_out_still_opts_out(relay: Server) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> None:
        async with session(conversation, signature) as carrier:
            await carrier.say("Stop calling me")

    run(call())
    assert over(conversation).results["opt_out"]["words"] == "Stop calling me"
    deadline = time.monotonic() + DONE_WITHIN
    while not DoNotCallEntry.objects.active().filter(phone=conversation.contact.phone).exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_strangers_who_knock_keep_no_opt_out_waiting(relay: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signature costs nothing to make up, and each is looked up in the database before it is refused."""
    conversation = make_conversation()
    signature = signature_for(conversation)
    let_in, looked_up, waiting = threading.Event(), conversations.load, []

    def slowly(token: str) -> conversations.Loaded | None:
        if token == conversation.token:
            return looked_up(token)
        waiting.append(token)
        let_in.wait(DONE_WITHIN)
        return None

    monkeypatch.setattr(conversations, "load", slowly)

    async def call() -> str:
        async with session(conversation, signature) as carrier:
            knocking = [asyncio.ensure_future(knock(relay_url(new_token()), "x")) for _ in range(20)]
            while len(waiting) < 4:
                await asyncio.sleep(0.01)
            said = await carrier.ask("Stop calling me")
            blocked = await asyncio.to_thread(
                DoNotCallEntry.objects.active().filter(phone=conversation.contact.phone).exists
            )
            assert blocked
            assert not any(each.done() for each in knocking)
            let_in.set()
            await asyncio.gather(*knocking, return_exceptions=True)
            return said

    assert "not call you again" in run(call())


# -- interruptions, silence, endings


def test_an_interrupted_answer_is_stored_as_it_was_heard(relay: Server) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> None:
        async with session(conversation, signature) as carrier:
            answer = await carrier.ask("Sure, go ahead.")
            await carrier.send(
                type="interrupt", utteranceUntilInterrupt=answer[:20], durationUntilInterruptMs=700
            )
            await carrier.ask("Wait, who is this again?")

    run(call())
    turn = over(conversation).turns.get(position=2)
    assert turn.interrupted
    assert len(turn.text) == 20


def test_an_opening_cut_by_a_key_is_said_again(relay: Server) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> str:
        async with session(conversation, signature) as carrier:
            await carrier.send(
                type="interrupt", utteranceUntilInterrupt="Hello, this", durationUntilInterruptMs=700
            )
            return await carrier.ask("Hello?")

    assert run(call()).startswith(disclosure(conversation.brief))


def test_silence_is_asked_twice_and_then_ended(relay: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "SILENCE_AFTER", 0.01)
    monkeypatch.setattr(talk, "CHARACTERS_A_SECOND", 5000.0)
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> list[str]:
        async with session(conversation, signature) as carrier:
            said = [await carrier.answer() for _ in range(3)]
            await carrier.hear(said[-1])
            assert await carrier.end() == {"reason": "silence"}
            return said

    first, second, last = run(call())
    assert first == "Are you still there?"
    assert second == "Hello, can you hear me?"
    assert "can't hear you" in last


def test_the_end_waits_until_the_goodbye_was_heard(relay: Server) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> bool:
        async with session(conversation, signature) as carrier:
            goodbye = await carrier.ask("I'm not interested")
            half = goodbye[: len(goodbye) // 2]
            await carrier.hear(half)
            waiting = asyncio.ensure_future(carrier.frame())
            await asyncio.sleep(0)
            early = waiting.done()
            await carrier.hear(goodbye[len(goodbye) // 2 :])
            assert (await waiting)["type"] == "end"
            return early

    assert run(call()) is False


def test_a_hang_up_keeps_what_was_said_and_says_who_ended_it(relay: Server) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)
    told: list[Conversation] = []

    def listen(sender: Any, conversation: Conversation, **kwargs: Any) -> None:
        told.append(conversation)

    conversation_ended.connect(listen)
    try:

        async def call() -> None:
            async with session(conversation, signature) as carrier:
                await carrier.ask("Sure, go ahead.")

        run(call())
        found = over(conversation)
        assert recorder.settle()
    finally:
        conversation_ended.disconnect(listen)
    assert found.ended_by == "contact_ended"
    assert [one.pk for one in told] == [conversation.pk]
    assert found.turns.count() == 3


def test_a_dropped_line_leaves_the_conversation_open_and_it_resumes(relay: Server) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def drop() -> None:
        async with session(conversation, signature) as carrier:
            await carrier.ask("Sure, go ahead.")
            await carrier.ask("Tuesday at 10 in the morning")
            carrier.socket.transport.abort()

    async def resume() -> str:
        async with session(conversation, signature, greeting="resume") as carrier:
            return await carrier.ask("Yes, Tuesday at 10 in the morning")

    run(drop())
    assert nothing_runs(relay)
    found = stored(conversation)
    assert found.ended_at is None
    assert found.turns.count() == 5
    assert "Tuesday" in run(resume())
    texts = [turn.text for turn in over(conversation).turns.all()]
    assert "cut off" in texts[5]


# -- bad frames


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        "[]",
        "null",
        '{"type": 5}',
        '{"type": "prompt"}',
        '{"type": "prompt", "voicePrompt": 7, "last": true}',
        '{"type": "dtmf", "digit": "99"}',
        '{"type": "interrupt", "utteranceUntilInterrupt": 3}',
        '{"type": "setup"}',
        "[" * 50_000,
        b"\x00\x01",
        '{"type": "info", "value": "' + "x" * 1_000_000 + '"}',
    ],
    ids=lambda frame: str(frame[:40]),
)
def test_a_bad_frame_closes_only_its_own_call(relay: Server, frame: str | bytes) -> None:
    bad, good = make_conversation(), make_conversation()
    bad_signature, good_signature = signature_for(bad), signature_for(good)

    async def call() -> str:
        async with session(good, good_signature) as healthy:
            async with session(bad, bad_signature) as carrier:
                await carrier.socket.send(frame)
                with pytest.raises(ConnectionClosed):
                    await carrier.frame()
            return await healthy.ask("Sure, go ahead.")

    assert "day and time" in run(call())
    assert stored(bad).ended_at is None


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
frames = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["prompt", "interrupt", "dtmf", "info", "error", "setup", "configUpdated", "x"]
        )
    },
    optional={
        "voicePrompt": st.text(max_size=80) | values,
        "last": st.booleans() | values,
        "lang": st.sampled_from(["en", "es", ""]) | values,
        "digit": st.sampled_from("0123456789*#") | values,
        "utteranceUntilInterrupt": st.text(max_size=80) | values,
        "name": st.sampled_from(["agentSpeaking", "tokensPlayed", "clientSpeaking"]) | values,
        "value": st.sampled_from(["on", "off"]) | values,
        "customParameters": values,
        "sessionId": values,
    },
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(storm=st.lists(frames, min_size=1, max_size=25))
def test_any_storm_of_frames_leaves_no_task_and_one_reply_at_a_time(relay: Server, storm: list[dict]) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> None:
        try:
            async with session(conversation, signature) as carrier:
                for frame in storm:
                    await carrier.socket.send(json.dumps(frame))
        except ConnectionClosed:
            pass

    run(call())
    assert nothing_runs(relay)
    positions = list(stored(conversation).turns.values_list("position", flat=True))
    assert positions == list(range(len(positions)))


def test_what_no_database_can_store_is_left_out(relay: Server) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> None:
        async with session(conversation, signature) as carrier:
            await carrier.ask("Sure,\x00 go \ud800ahead.", "e\x00")

    run(call())
    assert over(conversation).turns.get(position=1).text == "Sure, go ?ahead."


def test_frames_before_setup_close_the_call(relay: Server) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> None:
        async with connect(
            relay_url(conversation.token), additional_headers={"X-Twilio-Signature": signature}, proxy=None
        ) as socket:
            carrier = Carrier(socket)
            await carrier.say("Hello")
            with pytest.raises(ConnectionClosed):
                await carrier.frame()

    run(call())
    assert stored(conversation).turns.count() == 0
