"""``<Dial>``: other phones ring, the first to answer is connected, and the action hears what came of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sandbox.calls import Call
from sandbox.leg import Leg, Source
from sandbox.numbering import looks_valid, normalise
from sandbox.twiml import Verb

if TYPE_CHECKING:
    from sandbox.exchange import Exchange
    from sandbox.interpreter import Interpreter


async def dial(interpreter: Interpreter, verb: Verb) -> Source | None:
    exchange, leg = interpreter.exchange, interpreter.leg
    nouns = [child for child in verb.children if child.name == "Number"]
    if not verb.children and verb.text:
        nouns = [Verb("Number", text=verb.text)]
    if other := [child.name for child in verb.children if child.name != "Number"]:
        exchange.alert(leg, 12200, f"the sandbox dials <Number> only, not {', '.join(other)}")
    caller_id = verb.get("callerId") or (leg.call.to if leg.call.direction == "inbound" else leg.call.from_)
    result: tuple[tuple[str, str], ...] = (("DialCallStatus", "failed"), ("DialBridged", "false"))
    if exchange.store.owned(caller_id, leg.account.sid) or caller_id in (leg.call.from_, leg.call.to):
        children = [_child(interpreter, noun, verb, caller_id) for noun in nouns]
        result = await _first_answer(interpreter, verb, [child for child in children if child])
    else:
        exchange.alert(leg, 13214, f"callerId {caller_id} is not a number of this account")
    if not verb.get("action"):
        return None
    return interpreter.action(verb, *result)


def _child(interpreter: Interpreter, noun: Verb, verb: Verb, caller_id: str) -> Leg | None:
    exchange, parent = interpreter.exchange, interpreter.leg
    number = normalise(noun.text)
    if not looks_valid(number):
        exchange.alert(parent, 13224, f"<Dial> to {noun.text!r}: not a phone number")
        return None
    callback = noun.get("statusCallback")
    call = Call(
        sid=exchange.store.new_sid("CA"), account_sid=parent.account.sid, to=number, from_=caller_id,
        direction="outbound-dial", parent_sid=parent.call.sid,
        params={
            "Timeout": str(verb.number("timeout", 30, 1, 600)),
            "StatusCallback": interpreter.resolve(callback) if callback else "",
            "StatusCallbackMethod": noun.get("statusCallbackMethod", "POST"),
            "StatusCallbackEvent": noun.get("statusCallbackEvent", "completed").split(),
        },
    )  # fmt: skip
    leg = exchange.leg_for(call, parent.account)
    exchange.store.add_call(call)
    return leg


async def _first_answer(
    interpreter: Interpreter, verb: Verb, children: list[Leg]
) -> tuple[tuple[str, str], ...]:
    exchange = interpreter.exchange
    statuses: dict[str, str] = {}

    async def ring(child: Leg) -> Leg:
        statuses[child.call.sid] = status = await exchange.ring(child)
        if status != "in-progress":
            exchange.finish(child, status)
            await (
                asyncio.Event().wait()
            )  # Another phone may still answer; the outer wait watches the statuses.
        return child

    async def all_failed() -> None:
        while any(not child.call.is_over for child in children):
            await exchange.clock.sleep(0.1)

    ringing = [asyncio.create_task(ring(child)) for child in children]
    nobody = asyncio.create_task(all_failed())
    answered: Leg | None = None
    try:
        await asyncio.wait([*ringing, nobody], return_when=asyncio.FIRST_COMPLETED)
        answered = next((task.result() for task in ringing if task.done()), None)
        for child in children:
            if child is not answered:
                exchange.finish(child, "canceled")
        if answered is None:
            status = children[0].call.status if children else "failed"
            return ("DialCallStatus", status), ("DialBridged", "false"), *_child_sid(children[:1])
        return await _bridge(exchange, interpreter, verb, answered)
    finally:
        for task in [*ringing, nobody]:
            task.cancel()
        for child in children:
            exchange.finish(child, "completed" if child is answered else "canceled")


async def _bridge(
    exchange: Exchange, interpreter: Interpreter, verb: Verb, child: Leg
) -> tuple[tuple[str, str], ...]:
    leg = interpreter.leg
    child.answered_at = exchange.clock.human()
    exchange.store.change_call(child.call, status="in-progress")
    exchange.progress(child, "answered")
    running = None
    if verb.get("record").startswith("record-from-"):
        callback = verb.get("recordingStatusCallback")
        running = exchange.start_recording(
            leg, "DialVerb", channels=2 if verb.get("record").endswith("-dual") else 1,
            callback=interpreter.resolve(callback) if callback else "",
            method=verb.get("recordingStatusCallbackMethod", "POST"),
            events=frozenset(verb.get("recordingStatusCallbackEvent", "completed").split()),
        )  # fmt: skip
    await exchange.clock.sleep(min(child.persona.talk_seconds, verb.number("timeLimit", 14400, 1, 86400)))
    exchange.finish(child, "completed")
    result = [("DialCallStatus", "completed"), ("DialBridged", "true"), *_child_sid([child])]
    result.append(("DialCallDuration", str(child.call.duration or 0)))
    if running and running in leg.recordings:
        recording = exchange.stop_recording(leg, running)
        result.append(("RecordingUrl", f"https://api.twilio.com{recording.path}"))
    return tuple(result)


def _child_sid(children: list[Leg]) -> list[tuple[str, str]]:
    return [("DialCallSid", child.call.sid) for child in children]
