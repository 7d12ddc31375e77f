"""Calls: create, fetch, list, update."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.calls import Call
from sandbox.errors import ApiError
from sandbox.leg import Source
from sandbox.numbering import looks_valid, normalise
from sandbox.rest.front import Ask, page
from sandbox.webhooks import check_url

TWIML_LIMIT = 4000
QUEUE_LIMIT_SECONDS = 24 * 3600
MAGIC_FROM = {"+15005550001": 21212}
MAGIC_FROM_GOOD = "+15005550006"
MAGIC_TO = {"+15005550001": 21217, "+15005550002": 21214, "+15005550003": 21215, "+15005550004": 21216}
URLS = ("Url", "FallbackUrl", "StatusCallback", "RecordingStatusCallback", "AsyncAmdStatusCallback")
TEXTS = (
    "Url", "Method", "Twiml", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackMethod", "SendDigits",
    "Timeout", "TimeLimit", "Record", "RecordingChannels", "RecordingTrack", "RecordingStatusCallback",
    "RecordingStatusCallbackMethod", "Trim", "MachineDetection", "MachineDetectionTimeout",
    "MachineDetectionSpeechThreshold", "MachineDetectionSpeechEndThreshold", "MachineDetectionSilenceTimeout",
    "AsyncAmd", "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod", "CallReason", "CallerId", "CallToken",
)  # fmt: skip
LISTS = ("StatusCallbackEvent", "RecordingStatusCallbackEvent")
RANGES = {
    "Timeout": (1, 600),
    "TimeLimit": (1, 86400),
    "MachineDetectionTimeout": (3, 59),
    "MachineDetectionSpeechThreshold": (1000, 6000),
    "MachineDetectionSpeechEndThreshold": (500, 5000),
    "MachineDetectionSilenceTimeout": (2000, 10000),
}
CHOICES = {
    "Method": ("GET", "POST"),
    "FallbackMethod": ("GET", "POST"),
    "StatusCallbackMethod": ("GET", "POST"),
    "RecordingStatusCallbackMethod": ("GET", "POST"),
    "AsyncAmdStatusCallbackMethod": ("GET", "POST"),
    "MachineDetection": ("Enable", "DetectMessageEnd", "None"),
    "RecordingChannels": ("mono", "dual"),
    "RecordingTrack": ("inbound", "outbound", "both"),
    "Record": ("true", "false"),
    "AsyncAmd": ("true", "false"),
}
EVENTS = {
    "StatusCallbackEvent": ("initiated", "ringing", "answered", "completed"),
    "RecordingStatusCallbackEvent": ("in-progress", "completed", "absent"),
}


def create(ask: Ask) -> tuple[int, dict[str, Any]]:
    to, from_ = normalise(ask.value("To")), normalise(ask.value("From"))
    if not to:
        raise ApiError(21201)
    if not from_:
        raise ApiError(21213)
    if code := MAGIC_FROM.get(from_):
        raise ApiError(code, f"The source phone number provided, {from_}, is not valid")
    if not re.fullmatch(r"\+\d+", from_):
        raise ApiError(21212, f"Invalid 'From' phone number: {from_}")
    if code := MAGIC_TO.get(to):
        raise ApiError(code)
    if not re.fullmatch(r"\+?[0-9]+", to):
        raise ApiError(21211, f"Invalid 'To' phone number: {to}")
    if not looks_valid(to):
        raise ApiError(21217, f"Phone number {to} does not appear to be valid")
    if from_ != MAGIC_FROM_GOOD and not ask.carrier.store.owned(from_, ask.account.sid):
        raise ApiError(
            21210,
            f"The source phone number provided, {from_}, is not yet verified for your account. You may only make "
            "calls from phone numbers that you've verified or purchased from Twilio.",
        )
    params = parameters(ask)
    if not params.get("Url") and not params.get("Twiml"):
        raise ApiError(21205, "Url parameter is required")
    exchange = ask.carrier.exchange
    if exchange.queue_seconds(ask.account) > QUEUE_LIMIT_SECONDS:
        raise ApiError(22005)
    call = exchange.place(ask.account, to, from_, params)
    return 201, call.json()


def parameters(ask: Ask) -> dict[str, Any]:
    """The known parameters of the request, checked; Twilio ignores those it does not know."""
    params: dict[str, Any] = {name: value for name in TEXTS if (value := ask.value(name))}
    params |= {name: values for name in LISTS if (values := [v for v in ask.values(name) if v])}
    for name in URLS:
        if name in params and (wrong := check_url(params[name].partition("#")[0])):
            raise ApiError(21205, f"{name} is not a valid URL: it {wrong}: {params[name]}")
    if len(params.get("Twiml", "")) > TWIML_LIMIT:
        raise ApiError(20001, f"Twiml is longer than {TWIML_LIMIT} characters")
    if not re.fullmatch(r"[0-9A-D#*wW]{0,32}", params.get("SendDigits", "")):
        raise ApiError(20001, "SendDigits takes up to 32 of 0-9 A-D # * w W")
    for name, (low, high) in RANGES.items():
        if name in params and not (params[name].isdigit() and low <= int(params[name]) <= high):
            raise ApiError(20001, f"{name} must be a whole number from {low} to {high}")
    for name, allowed in CHOICES.items():
        if name in params and params[name] not in allowed:
            raise ApiError(20001, f"{name} must be one of {', '.join(allowed)}")
    for name, allowed in EVENTS.items():
        params_events = [event for value in params.get(name, []) for event in value.split()]
        if wrong_events := [event for event in params_events if event not in allowed]:
            raise ApiError(
                20001, f"{name} must be out of {', '.join(allowed)}, not {', '.join(wrong_events)}"
            )
        if params_events:
            params[name] = params_events
    return params


def find(ask: Ask) -> Call:
    call = ask.carrier.store.calls.get(ask.path["sid"])
    if call is None or call.account_sid != ask.account.sid:
        raise ApiError(20404, f"The requested resource /Calls/{ask.path['sid']} was not found")
    return call


def fetch(ask: Ask) -> tuple[int, dict[str, Any]]:
    return 200, find(ask).json()


def update(ask: Ask) -> tuple[int, dict[str, Any]]:
    call = find(ask)
    exchange = ask.carrier.exchange
    leg = exchange.legs.get(call.sid)
    if leg is None or call.is_over:
        raise ApiError(21220)
    params = parameters(ask)
    status = ask.value("Status")
    if status not in ("", "canceled", "completed"):
        raise ApiError(20001, "Status must be canceled or completed")
    redirects = "Url" in params or "Twiml" in params
    if redirects and call.status != "in-progress":
        raise ApiError(21220)
    # What replaces the document that runs is not what the call began with.
    kept = {name: value for name, value in params.items() if name not in ("Url", "Method", "Twiml")}
    if kept:
        ask.carrier.store.change_call(call, params={**call.params, **kept})
    if status == "completed":
        exchange.hang_up(leg, "completed" if call.status == "in-progress" else "canceled")
    elif status == "canceled" and call.status != "in-progress":
        exchange.hang_up(leg, "canceled")
    elif redirects:
        exchange.redirect(leg, _source(params))
    return 200, call.json()


def _source(params: dict[str, Any]) -> Source:
    if url := params.get("Url"):
        return Source(url=url, method=params.get("Method") or "POST")
    return Source(inline=params["Twiml"])


def listing(ask: Ask) -> tuple[int, dict[str, Any]]:
    return page(ask, "calls", "Calls", _filtered(ask))


def _filtered(ask: Ask) -> Iterator[Call]:
    store = ask.carrier.store
    to = normalise(ask.asked("To"))
    tests: list[Callable[[Call], bool]] = []
    if from_ := normalise(ask.asked("From")):
        tests.append(lambda call: call.from_ == from_)
    if status := ask.asked("Status"):
        tests.append(lambda call: call.status == status)
    if parent := ask.asked("ParentCallSid"):
        tests.append(lambda call: call.parent_sid == parent)
    # A call that still waits has no start; it is found by the instant at which it was asked for.
    tests += _times(ask, "StartTime", lambda call: call.started or call.created)
    tests += _times(ask, "EndTime", lambda call: call.ended)
    rows = store.calls_to.get(to, []) if to else list(store.calls.values())
    for call in reversed(rows):
        if call.account_sid == ask.account.sid and all(test(call) for test in tests):
            yield call


def _times(ask: Ask, name: str, instant: Callable[[Call], float | None]) -> list[Callable[[Call], bool]]:
    """``StartTime`` (a day), ``StartTime<`` and ``StartTime>`` (both inclusive)."""
    tests: list[Callable[[Call], bool]] = []

    def between(low: float, high: float) -> Callable[[Call], bool]:
        return lambda call: (at := instant(call)) is not None and low <= at <= high

    for suffix in ("", "<", ">"):
        text = ask.asked(name + suffix)
        if not text:
            continue
        start, end = _span(name, text)
        if suffix == "<":
            tests.append(between(0, end))
        elif suffix == ">":
            tests.append(between(int(start), float("inf")))
        else:
            tests.append(between(start, end))
    return tests


def _span(name: str, text: str) -> tuple[float, float]:
    """First and last instant of a day or a second, in UTC."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise ApiError(
            20001, f"{name} must be a date (2026-11-21) or an instant (2026-11-21T09:00:00Z)"
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    length = timedelta(days=1) if len(text) == 10 else timedelta(seconds=1)
    return moment.timestamp(), (moment + length).timestamp() - 1e-6
