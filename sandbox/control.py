"""The control API under /control/: accounts, numbers, personas, faults, speed, inbound calls and texts, the log."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from sandbox import texts
from sandbox.calls import Account, Number
from sandbox.carrier import Carrier
from sandbox.faults import KINDS
from sandbox.numbering import is_e164
from sandbox.rest.messages import BODY_LIMIT
from sandbox.trusthub import DECISIONS

LOG_PAGE = 1000
LOG_PAGE_LIMIT = 10_000
Body = dict[str, Any]


class ControlError(ValueError):
    """Answered as 400 with its message."""


def _endpoint(
    handler: Callable[[Carrier, Body, Request], Any],
) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def run(request: Request) -> JSONResponse:
        body: Any = {}
        if request.method in ("POST", "PUT"):
            # A page in a browser cannot send this type across origins without asking first.
            if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                return JSONResponse({"error": "send JSON with Content-Type: application/json"}, 415)
            try:
                body = json.loads(await request.body() or b"{}")
            except ValueError as exc:
                return JSONResponse({"error": f"the body is not JSON: {exc}"}, 400)
            if not isinstance(body, dict):
                return JSONResponse({"error": "the body must be a JSON object"}, 400)
        try:
            answer = handler(request.app.state.carrier, body, request)
            if isinstance(answer, Awaitable):
                answer = await answer
        except (ControlError, ValueError, TypeError) as exc:
            return JSONResponse({"error": str(exc)}, 400)
        return JSONResponse(answer)

    return run


def _account(carrier: Carrier, sid: Any) -> Account:
    """The account named, or the first."""
    if sid is None:
        return carrier.store.accounts[carrier.settings.account_sid]
    if sid not in carrier.store.accounts:
        raise ControlError(f"there is no account {sid}")
    return carrier.store.accounts[sid]


def _number(value: Any) -> str:
    if not isinstance(value, str) or not is_e164(value):
        raise ControlError(f"{value!r} is not an E.164 number such as +13035550142")
    return value


def list_accounts(carrier: Carrier, body: Body, request: Request) -> Body:
    return {
        "accounts": [
            {**account.as_dict(), "numbers": [n.number for n in carrier.store.numbers.values()
                                              if n.account_sid == account.sid]}
            for account in carrier.store.accounts.values()
        ]
    }  # fmt: skip


def save_account(carrier: Carrier, body: Body, request: Request) -> Body:
    """Make an account, or change one: sid (made up if missing), token, cps, friendly_name, status."""
    unknown = set(body) - {"sid", "token", "cps", "friendly_name", "status"}
    if unknown:
        raise ControlError(f"unknown keys: {', '.join(sorted(unknown))}")
    cps = body.get("cps", 1.0)
    if isinstance(cps, bool) or not isinstance(cps, int | float) or not 0 <= cps <= 100_000:
        raise ControlError("cps must be a number of calls a second; 0 means no limit")
    if body.get("status", "active") not in ("active", "suspended", "closed"):
        raise ControlError("status must be active, suspended or closed")
    for key in ("sid", "token", "friendly_name"):
        if key in body and not (isinstance(body[key], str) and body[key]):
            raise ControlError(f"{key} must be a text")
    sid = body.get("sid") or carrier.store.new_sid("AC")
    account = carrier.store.accounts.get(sid)
    if account is None:
        account = Account(sid, body.get("token") or carrier.store.new_sid(""))
        carrier.store.accounts[sid] = account
    for key, value in body.items():
        setattr(account, key, value)
    carrier.store.save()
    return account.as_dict()


def give_number(carrier: Carrier, body: Body, request: Request) -> Body:
    """Give an account a number, whatever its range; other keys are Twilio's settings (VoiceUrl…)."""
    body = dict(body)
    value, account = _number(body.pop("number", None)), _account(carrier, body.pop("account", None))
    number = carrier.store.numbers.get(value)
    if number is None or number.account_sid != account.sid:
        number = Number(carrier.store.new_sid("PN"), account.sid, value)
        carrier.store.numbers[value] = number
    number.settings.update({str(key): str(setting) for key, setting in body.items()})
    carrier.store.save()
    return number.as_dict()


def list_personas(carrier: Carrier, body: Body, request: Request) -> Body:
    return {
        "personas": {persona.name: persona.title for persona in carrier.cast.personas.values()},
        "endings": carrier.cast.endings,
        "numbers": carrier.store.personas,
    }


def set_persona(carrier: Carrier, body: Body, request: Request) -> Body:
    """Who picks up this number from now on; ``{"persona": null}`` gives it back to the table."""
    number, name = _number(request.path_params["number"]), body.get("persona")
    if name is None:
        carrier.store.personas.pop(number, None)
    elif name in carrier.cast.personas:
        carrier.store.personas[number] = name
    else:
        raise ControlError(f"there is no persona {name!r}; there are: {', '.join(carrier.cast.personas)}")
    carrier.store.save()
    return {"number": number, "persona": carrier.exchange.persona_for(number).name}


def list_faults(carrier: Carrier, body: Body, request: Request) -> Body:
    return {"faults": [fault.as_dict() for fault in carrier.faults.active], "kinds": KINDS}


def add_fault(carrier: Carrier, body: Body, request: Request) -> Body:
    return carrier.faults.add(body).as_dict()


def clear_faults(carrier: Carrier, body: Body, request: Request) -> Body:
    carrier.faults.clear()
    return {"faults": []}


def remove_fault(carrier: Carrier, body: Body, request: Request) -> Body:
    return {"removed": carrier.faults.remove(request.path_params["id"])}


def list_profiles(carrier: Carrier, body: Body, request: Request) -> Body:
    """The customer profiles at Trust Hub, with where their review is."""
    profiles = [paper for paper in carrier.trusthub.papers.values() if paper.kind == "profile"]
    for paper in profiles:
        carrier.trusthub.progress(paper)
    return {
        "profiles": [
            {
                "sid": p.sid,
                "account": p.account_sid,
                "name": p.friendly_name,
                "status": p.status,
                "reason": p.reason,
            }
            for p in profiles
        ]
    }


def decide_profile(carrier: Carrier, body: Body, request: Request) -> Body:
    """How a profile's review stands or ends: ``{"status": "twilio-rejected", "reason": "…"}``."""
    paper = carrier.trusthub.papers.get(request.path_params["sid"])
    status, reason = body.get("status"), body.get("reason", "")
    if paper is None or paper.kind != "profile":
        raise ControlError(f"there is no customer profile {request.path_params['sid']}")
    if status not in DECISIONS or not isinstance(reason, str):
        raise ControlError(f"status must be one of {', '.join(DECISIONS)}; reason a text")
    carrier.trusthub.decide(paper, status, reason)
    return {"sid": paper.sid, "status": paper.status, "reason": paper.reason}


def read_log(carrier: Carrier, body: Body, request: Request) -> Body:
    """Entries from byte ``offset`` on; go on at ``next_offset``. ``kind`` narrows what is shown."""
    offset, limit = (
        int(request.query_params.get("offset", 0)),
        int(request.query_params.get("limit", LOG_PAGE)),
    )
    if offset < 0 or not 1 <= limit <= LOG_PAGE_LIMIT:
        raise ControlError(f"offset must be 0 or more, limit from 1 to {LOG_PAGE_LIMIT}")
    entries, following = carrier.witness.page(offset, limit)
    if kind := request.query_params.get("kind"):
        entries = [entry for entry in entries if entry["kind"] == kind]
    return {"entries": entries, "next_offset": following}


async def reset(carrier: Carrier, body: Body, request: Request) -> Body:
    await carrier.reset()
    return {"reset": True}


def speed(carrier: Carrier, body: Body, request: Request) -> Body:
    carrier.clock.set_speed(body.get("speed", 1.0))
    return {"speed": carrier.clock.speed}


def inbound(carrier: Carrier, body: Body, request: Request) -> Body:
    """Somebody calls one of our numbers: ``to``, ``from``, and ``persona`` (else by the ending of ``from``)."""
    to, caller = _number(body.get("to")), _number(body.get("from"))
    number = carrier.store.numbers.get(to)
    if number is None:
        raise ControlError(f"{to} belongs to no account; give it to one with POST /control/numbers")
    name = body.get("persona")
    if name is not None and name not in carrier.cast.personas:
        raise ControlError(f"there is no persona {name!r}")
    persona = carrier.cast.personas[name] if name else carrier.exchange.persona_for(caller)
    if persona.answer != "human":
        raise ControlError(f"the persona {persona.name} does not speak; name one that does")
    account = carrier.store.accounts[number.account_sid]
    return carrier.exchange.ring_in(account, number, caller, persona).json()


def text(carrier: Carrier, body: Body, request: Request) -> Body:
    """Somebody texts one of our numbers: ``to``, ``from``, ``body``, and ``opt_out_type`` of Advanced Opt-Out."""
    to, sender = _number(body.get("to")), _number(body.get("from"))
    number, words, kind = carrier.store.numbers.get(to), body.get("body"), body.get("opt_out_type", "")
    if number is None:
        raise ControlError(f"{to} belongs to no account; give it to one with POST /control/numbers")
    if not isinstance(words, str) or len(words) > BODY_LIMIT:
        raise ControlError(f"body must be a text of at most {BODY_LIMIT} characters")
    if kind not in texts.TYPES:
        raise ControlError("opt_out_type must be STOP, START or HELP")
    return texts.text_in(carrier, number, sender, words, kind).json()


def mount() -> Mount:
    return Mount(
        "/control",
        routes=[
            Route(path, _endpoint(handler), methods=[method])
            for path, method, handler in [
                ("/accounts", "GET", list_accounts),
                ("/accounts", "POST", save_account),
                ("/numbers", "POST", give_number),
                ("/personas", "GET", list_personas),
                ("/numbers/{number}/persona", "PUT", set_persona),
                ("/faults", "GET", list_faults),
                ("/faults", "POST", add_fault),
                ("/faults", "DELETE", clear_faults),
                ("/faults/{id}", "DELETE", remove_fault),
                ("/profiles", "GET", list_profiles),
                ("/profiles/{sid}", "PUT", decide_profile),
                ("/log", "GET", read_log),
                ("/reset", "POST", reset),
                ("/speed", "POST", speed),
                ("/inbound", "POST", inbound),
                ("/texts", "POST", text),
            ]
        ],
    )
