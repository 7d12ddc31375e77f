"""Rows 15, 16, 17 and 31: lines that die without a word, models that never end, storms, hang-ups in every state."""

import asyncio
import gc
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.conf import settings
from django.utils.timezone import now
from uvicorn.protocols.utils import ClientDisconnected

from compliance.models import ConsentEntry
from tests.voiceagents.conftest import (
    Carrier,
    Server,
    make_conversation,
    nothing_runs,
    over,
    prompt_conversation,
    run,
    session,
    signature_for,
    stored,
)
from tests.voiceagents.model_stub import ModelStub, Stream, calls, hang, says, talks_then_hangs
from voiceagents import talk
from voiceagents.brains import State, prompt
from voiceagents.models import Conversation, ConversationEnd
from voiceagents.relay import RelayConsumer
from voiceagents.talk import Talk

# -- the line (15)


def test_a_line_that_died_without_a_word_is_noticed_and_the_call_can_come_back(
    relay: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half open: the peer is gone, nothing says so, and only its silence to our pings can be noticed."""
    impatient = Server(ws_ping_interval=0.2, ws_ping_timeout=0.2)
    impatient.start()
    monkeypatch.setattr(settings, "PUBLIC_URL", f"http://127.0.0.1:{impatient.port}")
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def die() -> None:
        async with session(conversation, signature) as carrier:
            await carrier.ask("Sure, go ahead.")
            carrier.socket.transport.pause_reading()
            assert await asyncio.to_thread(nothing_runs, impatient)
            carrier.socket.transport.abort()

    async def come_back() -> str:
        async with session(conversation, signature, greeting="resume") as carrier:
            return await carrier.ask("Tuesday at 10 in the morning")

    try:
        run(die())
        found = stored(conversation)
        assert found.ended_at is None
        assert found.turns.count() == 3
        assert "Tuesday" in run(come_back())
    finally:
        impatient.stop()


# -- the model (16)


def forever(
    *pieces: dict[str, Any], pause: float = 0.0
) -> Callable[[Stream, dict[str, Any]], Awaitable[None]]:
    """A stream that never ends: these deltas again and again."""

    async def reply(stream: Stream, body: dict[str, Any]) -> None:
        while True:
            for piece in pieces:
                await stream.event(piece)
                await asyncio.sleep(pause)

    return reply


async def comments(stream: Stream, body: dict[str, Any]) -> None:
    while True:
        await stream.response.write(b": still thinking\n\n")
        await asyncio.sleep(0.01)


def fragment(**function: str) -> dict[str, Any]:
    return {"tool_calls": [{"index": 0, "function": function}]}


DRIPS = {
    "markup": forever({"content": "**"}, pause=0.02),
    "spaces": forever({"content": " \n"}, pause=0.02),
    "an argument": forever(fragment(name="", arguments=" "), pause=0.02),
    "nothing": forever({}, pause=0.02),
    "comments": comments,
    "many tools": forever(*[{"tool_calls": [{"index": n, "function": {"name": "x"}}]} for n in range(9)]),
    "a long argument": forever(fragment(arguments="x" * 1_000)),
}


@pytest.mark.parametrize("reply", DRIPS.values(), ids=DRIPS)
def test_a_stream_that_goes_on_and_says_nothing_is_given_up(
    relay: Server, model: ModelStub, monkeypatch: pytest.MonkeyPatch, reply: Any
) -> None:
    monkeypatch.setattr(prompt, "FIRST_WITHIN", 0.5)
    model.replies = [reply]
    conversation = prompt_conversation(model)
    signature = signature_for(conversation)

    async def call() -> str:
        async with session(conversation, signature) as carrier:
            return await carrier.ask("What are your hours?")

    assert "nine to five" in run(call())
    assert stored(conversation).fell_back
    assert model.closed.wait(10), "the stream is closed, not left to run"
    assert nothing_runs(relay)


def test_a_stream_that_falls_silent_after_its_first_words_is_given_up(
    relay: Server, model: ModelStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt, "STALL", 0.2)

    async def words_then_markup(stream: Stream, body: dict[str, Any]) -> None:
        await stream.text("Let me see. ")
        await forever({"content": "*"}, pause=0.02)(stream, body)

    model.replies = [words_then_markup]
    conversation = prompt_conversation(model)
    signature = signature_for(conversation)

    async def call() -> str:
        async with session(conversation, signature) as carrier:
            return await carrier.ask("What are your hours?")

    said = run(call())
    assert said.startswith("Let me see.")
    assert "nine to five" in said


def test_a_model_that_never_stops_talking_is_cut_and_stays_the_brain(relay: Server, model: ModelStub) -> None:
    model.replies = [forever({"content": "and so on "}), says("Nine to five.")]
    conversation = prompt_conversation(model)
    signature = signature_for(conversation)

    async def call() -> tuple[str, str]:
        async with session(conversation, signature) as carrier:
            return await carrier.ask("Tell me everything"), await carrier.ask("When are you open?")

    endless, following = run(call())
    assert prompt.LONGEST_ANSWER <= len(endless) < prompt.LONGEST_ANSWER + 100
    assert following == "Nine to five."
    assert model.closed.wait(10)


def test_a_model_that_only_ever_calls_tools_is_asked_a_few_times(relay: Server, model: ModelStub) -> None:
    model.replies = [calls("take_message", text="again")]
    conversation = prompt_conversation(model)
    signature = signature_for(conversation)

    async def call() -> str:
        async with session(conversation, signature) as carrier:
            return await carrier.ask("What are your hours?")

    assert "nine to five" in run(call())
    assert len(model.requests) == prompt.MOST_ROUNDS
    assert stored(conversation).fell_back


# -- storms (17)


def test_a_storm_of_keys_is_one_utterance_and_the_nine_in_it_one_opt_out(relay: Server) -> None:
    conversation = make_conversation()
    signature = signature_for(conversation)

    async def call() -> dict[str, Any]:
        async with session(conversation, signature) as carrier:
            for n in range(2_000):
                await carrier.send(type="dtmf", digit="12345678*#"[n % 10])
            for _ in range(50):
                await carrier.send(type="dtmf", digit="9")
            await carrier.hear(await carrier.answer())
            return await carrier.end()

    assert run(call()) == {"reason": "opted out"}
    assert ConsentEntry.objects.filter(phone=conversation.contact.phone, kind="revoked").count() == 1
    assert [turn.text for turn in over(conversation).turns.filter(speaker="contact")] == []
    assert nothing_runs(relay)


def test_a_storm_of_prompts_leaves_one_answer_and_one_stream_of_the_model(
    relay: Server, model: ModelStub
) -> None:
    """Each prompt cancels what was being said: of thirty streams one is left, and its words are the last."""
    model.replies = [*[talks_then_hangs(f"stale {n} ") for n in range(30)], says("Nine to five.")]
    conversation = prompt_conversation(model)
    signature = signature_for(conversation)

    async def call() -> None:
        async with session(conversation, signature) as carrier:
            for n in range(30):
                await carrier.say(f"Question number {n}")
                while not str(carrier.frames[-1:]).count(f"stale {n}"):
                    await carrier.frame()
            assert await carrier.ask("When are you open?") == "Nine to five."

    run(call())
    assert model.most_open <= 2, "one that is being closed, and the one that answers"
    said = [turn.text for turn in over(conversation).turns.filter(speaker="agent")]
    assert said[-1] == "Nine to five."
    assert nothing_runs(relay)


# -- hanging up in every state (31)


async def nothing(carrier: Carrier) -> None:
    pass


async def waiting_for_the_model(carrier: Carrier) -> None:
    await carrier.say("Hello?")


async def in_the_middle_of_an_answer(carrier: Carrier) -> None:
    await carrier.say("Tell me a story")
    while "Once" not in str(carrier.frames[-1:]):
        await carrier.frame()


async def after_cutting_in(carrier: Carrier) -> None:
    await in_the_middle_of_an_answer(carrier)
    await carrier.send(type="interrupt", utteranceUntilInterrupt="Once", durationUntilInterruptMs=100)


async def while_pressing_keys(carrier: Carrier) -> None:
    await carrier.send(type="dtmf", digit="4")


async def while_an_opt_out_is_confirmed(carrier: Carrier) -> None:
    await carrier.say("Stop calling me")


async def before_the_goodbye_was_heard(carrier: Carrier) -> None:
    await carrier.ask("That was all, goodbye")


async def after_the_end(carrier: Carrier) -> None:
    await carrier.hear(await carrier.ask("That was all, goodbye"))
    await carrier.end()


STATES: list[tuple[Callable[[Carrier], Awaitable[None]], Any, str]] = [
    (nothing, hang, "contact_ended"),
    (waiting_for_the_model, hang, "contact_ended"),
    (in_the_middle_of_an_answer, talks_then_hangs("Once upon "), "contact_ended"),
    (after_cutting_in, talks_then_hangs("Once upon "), "contact_ended"),
    (while_pressing_keys, hang, "contact_ended"),
    (while_an_opt_out_is_confirmed, hang, "opted_out"),
    (before_the_goodbye_was_heard, calls("end_call", reason="over"), "agent_ended"),
    (after_the_end, calls("end_call", reason="over"), "agent_ended"),
]


@pytest.mark.parametrize(
    ("state", "reply", "ended_by"), STATES, ids=lambda value: getattr(value, "__name__", "")
)
def test_hanging_up_ends_the_conversation_and_leaves_nothing_running(
    relay: Server, model: ModelStub, state: Any, reply: Any, ended_by: str
) -> None:
    model.replies = [reply]
    conversation = prompt_conversation(model)
    signature = signature_for(conversation)

    async def call() -> None:
        async with session(conversation, signature) as carrier:
            await state(carrier)

    run(call())
    found = over(conversation)
    assert found.ended_by == ended_by
    positions = list(found.turns.values_list("position", flat=True))
    assert positions == list(range(len(positions)))
    assert nothing_runs(relay)
    assert model.none_open(), "a model goes on talking to nobody"


def test_words_for_somebody_who_just_left_are_no_error() -> None:
    """The carrier's side may close between a goodbye and its end frame; the end is recorded all the same."""
    sent, recorded = [], []

    async def left(message: dict[str, Any]) -> None:
        sent.append(message)
        raise ClientDisconnected

    class Record:
        def ended(self, conversation_id: int, ended_by: str, at: Any) -> None:
            recorded.append((conversation_id, ended_by))

    async def end() -> None:
        consumer = RelayConsumer()
        consumer.base_send, consumer._gone = left, False
        state = State(brief={}, language="en", now=now)
        talking = talk.Talk(7, state=state, brain=None, record=Record(), send=consumer._frame, opt_out=None)
        await talking._send_end(ConversationEnd.AGENT_ENDED, {"reason": "over"})
        await consumer._frame({"type": "text", "token": "Hello?"})

    run(end())
    assert len(sent) == 1, "nothing more is said to nobody"
    assert recorded == [(7, "agent_ended")]


def test_nothing_of_a_call_outlives_it(
    relay: Server, model: ModelStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory stays flat when no object of a conversation is left, however it ended: counted, not weighed."""
    monkeypatch.setattr(talk, "SILENCE_AFTER", 0.05)
    model.replies = [says("Fine."), talks_then_hangs("Once upon "), hang, 500]
    ways: list[Conversation] = [prompt_conversation(model) for _ in range(4)] + [
        make_conversation() for _ in range(6)
    ]

    async def call(conversation: Conversation, signature: str, n: int) -> None:
        async with session(conversation, signature) as carrier:
            await carrier.say("Hello?")
            if n % 3 == 0:
                await carrier.frame()
            elif n % 3 == 1:
                await carrier.socket.send(json.dumps({"type": 5}))
            else:
                carrier.socket.transport.abort()

    async def all_of_them() -> None:
        signatures = await asyncio.to_thread(lambda: [signature_for(each) for each in ways])
        await asyncio.gather(
            *(call(each, sign, n) for n, (each, sign) in enumerate(zip(ways, signatures, strict=True)))
        )

    run(all_of_them())
    assert nothing_runs(relay)
    assert model.none_open()
    gc.collect()
    # By their own type: asking a lazy object of another test what it is would make it.
    left = [each for each in gc.get_objects() if issubclass(type(each), Talk | RelayConsumer)]
    assert left == []
