"""What a model may do during a call. Every tool concerns this conversation alone: no argument can name another contact,
number or place, and what a tool writes is checked as if the contact had typed it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from voiceagents.brains import State, slots, times
from voiceagents.opening import clean
from voiceagents.understanding.numbers import find_phone_number


@dataclass(frozen=True, slots=True)
class Outcome:
    """result: what the model is told; ends: how the call goes on when it is over for the model."""

    result: str
    ends: Literal["", "hang_up", "transfer", "opt_out"] = ""


def _schema(name: str, description: str, **arguments: str) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {
            "name": name,
            "description": description,
            "parameters": {
                "type": "object",
                "properties": {
                    key: {"type": "string", "description": meaning} for key, meaning in arguments.items()
                },
                "required": list(arguments),
            },
        },
    }


_OPT_OUT = _schema("opt_out", "The contact wants no more calls. Blocks the number and ends the call at once.")
_BY_ABILITY: dict[str, list[dict[str, Any]]] = {
    "hang_up": [
        _schema("end_call", "End the call, after you have said goodbye.", reason="why, in a few words")
    ],
    "transfer": [
        _schema(
            "transfer_call", "Connect the contact with a person of the team.", reason="why, in a few words"
        )
    ],
    "book": [
        _schema(
            "book_appointment",
            "Book once the contact agreed to a day and a time.",
            when="the day and time as the contact said it, e.g. 'Friday at 3 pm' or '2026-03-05 15:00'",
        )
    ],
    "message": [_schema("take_message", "Keep a message for the team.", text="the message")],
    "callback": [
        _schema(
            "schedule_callback",
            "The contact wants to be called at another time.",
            when="when, as the contact said it",
        )
    ],
}


def offered(state: State) -> list[dict[str, Any]]:
    """The tools of this agent: its abilities, and opting out, which no setting can take away."""
    agent = state.brief.get("agent") or {}
    abilities = set(agent.get("abilities") or [])
    if not agent.get("transfer_number"):
        abilities.discard("transfer")
    tools = [_OPT_OUT]
    for ability, schemas in _BY_ABILITY.items():
        if ability in abilities:
            tools += schemas
    fields = _askable(state)
    if "collect" in abilities and fields:
        schema = _schema(
            "save_fields", "Save what the contact told you.", **dict.fromkeys(fields, "the value")
        )
        schema["function"]["parameters"]["required"] = []
        tools.append(schema)
    return tools


def use(name: str, arguments: str, heard: str, state: State) -> Outcome:
    """Do what the model asked for, if this agent may. Never raises: the model is told what was wrong."""
    if name not in {tool["function"]["name"] for tool in offered(state)}:
        return Outcome("There is no such tool.")
    try:
        given = json.loads(arguments or "{}")
    except ValueError:
        return Outcome("The arguments were not valid JSON.")
    if not isinstance(given, dict):
        return Outcome("The arguments were not an object.")
    return _TOOLS[name]({str(key): clean(value, 1_000) for key, value in given.items()}, state)


def _askable(state: State) -> list[str]:
    questions = (state.brief.get("agent") or {}).get("questions") or []
    return [str(q["field"]) for q in questions if isinstance(q, dict) and q.get("field")][:20]


def _end_call(given: dict[str, str], state: State) -> Outcome:
    return Outcome(given.get("reason", "")[:200] or "finished", ends="hang_up")


def _transfer(given: dict[str, str], state: State) -> Outcome:
    state.results["transfer"] = {"said": given.get("reason", "")[:300]}
    return Outcome(given.get("reason", "")[:200], ends="transfer")


def _opt_out(given: dict[str, str], state: State) -> Outcome:
    return Outcome("", ends="opt_out")


def _when(given: dict[str, str], state: State) -> times.When | None:
    return times.heard(given.get("when", ""), state.now(), state.brief.get("zone") or "UTC", state.language)


def _book(given: dict[str, str], state: State) -> Outcome:
    when = _when(given, state)
    if when is None:
        return Outcome("Not booked: this is no day and time in the future. Ask the contact for both.")
    if when.at is None:
        return Outcome("Not booked: a time of day is missing. Ask the contact for it.")
    state.results["booking"] = {"at": when.at.isoformat(), "said": given["when"][:300]}
    return Outcome(f"Booked: {when.spoken(state.language)}. Tell the contact.")


def _callback(given: dict[str, str], state: State) -> Outcome:
    when = _when(given, state)
    state.results["callback"] = times.agreed(when, given.get("when", ""))
    if when is None:
        return Outcome(
            "Noted, without a time. Ask when it suits, once, unless the contact said that it does not matter."
        )
    return Outcome(f"Noted: {when.spoken(state.language)}. Confirm it to the contact, then end the call.")


def _message(given: dict[str, str], state: State) -> Outcome:
    if not given.get("text"):
        return Outcome("The message was empty.")
    kept = state.results.setdefault("message", {"text": ""})
    kept["text"] = f"{kept['text']} {given['text']}".strip()[:4_000]
    return Outcome("The message is kept.")


def _save(given: dict[str, str], state: State) -> Outcome:
    saved, refused = [], []
    for name, value in given.items():
        if name not in _askable(state):
            refused.append(name)
            continue
        if name == "email" or name.endswith("email"):
            read = slots.email(value)
        elif "phone" in name:
            read = find_phone_number(value, times.region_of(state.brief))
        else:
            read = value or None
        if read is None:
            refused.append(name)
        else:
            state.results.setdefault("fields", {})[name] = read
            saved.append(name)
    return Outcome(f"Saved: {', '.join(saved) or 'nothing'}. Not valid: {', '.join(refused) or 'nothing'}.")


_TOOLS: dict[str, Callable[[dict[str, str], State], Outcome]] = {
    "end_call": _end_call,
    "transfer_call": _transfer,
    "opt_out": _opt_out,
    "book_appointment": _book,
    "take_message": _message,
    "schedule_callback": _callback,
    "save_fields": _save,
}
