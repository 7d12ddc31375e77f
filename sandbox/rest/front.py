"""The front door of the REST API: passwords, forms, faults, errors, pages."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import hmac
import socket
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.calls import API_VERSION, Account
from sandbox.carrier import Carrier
from sandbox.errors import ApiError
from sandbox.faults import Fault

PAGE_SIZE = 50
PAGE_SIZE_LIMIT = 1000
BODY_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Ask:
    """One authenticated request."""

    carrier: Carrier
    account: Account
    form: list[tuple[str, str]]
    query: list[tuple[str, str]]
    path: dict[str, str]

    def value(self, name: str, default: str = "") -> str:
        """The last value of a form field, stripped."""
        return next((value.strip() for key, value in reversed(self.form) if key == name), default)

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.form if key == name]

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.form)

    def asked(self, name: str) -> str:
        return next((value for key, value in reversed(self.query) if key == name), "")


Handler = Callable[[Ask], "tuple[int, dict[str, Any]] | Response"]


class DroppedError(Exception):
    """The connection is cut instead of an answer."""


def endpoint(operation: str, handler: Handler) -> Callable[[Request], Any]:
    """An ASGI endpoint for ``handler``, with faults around it. ``operation`` is the name faults match by."""

    async def run(request: Request) -> Response:
        received = (round(time.time(), 6), round(time.monotonic(), 6))
        carrier: Carrier = request.app.state.carrier
        body = await request.body()
        form = parse_qsl(body[:BODY_LIMIT].decode(errors="replace"), keep_blank_values=True)
        query = parse_qsl(request.url.query, keep_blank_values=True)
        to = next((value for key, value in form if key == "To"), "")
        account_sid = request.path_params.get("account", "")
        fault = carrier.faults.rest(operation, account_sid, to)
        if fault and fault.kind == "rest_late":
            await asyncio.sleep(5.0 if fault.seconds is None else fault.seconds)
            received = (round(time.time(), 6), round(time.monotonic(), 6))
        sid: str | None = None
        answer: Response | None = None
        try:
            if fault:
                _fail_before(fault)
            account = authenticate(carrier, request, account_sid)
            result = handler(Ask(carrier, account, form, query, dict(request.path_params)))
            if isinstance(result, Response):
                answer = result
            else:
                sid = result[1].get("sid") if operation.endswith(".create") else None
                answer = JSONResponse(result[1], result[0]) if result[0] != 204 else Response(status_code=204)
            if fault:
                _fail_after(fault)
        except ApiError as error:
            answer = JSONResponse(error.body(), error.status, headers=error.headers)
        except DroppedError:
            answer = None  # Accepted or not, the client hears nothing.
        silent = answer is None or (fault and fault.kind == "rest_timeout" and fault.seconds is None)
        if operation == "calls.create":
            fields = dict(form)
            carrier.witness.note(
                "create", received_at=received[0], received_mono=received[1], account=account_sid, to=to,
                from_=fields.get("From"), sid=sid, answer=None if silent or answer is None else answer.status_code,
                url=fields.get("Url"), status_callback=fields.get("StatusCallback"), fault=fault.id if fault else None,
            )  # fmt: skip
        if fault and fault.kind in ("rest_timeout", "rest_slow") and fault.seconds != 0:
            await _wait(request, fault)
        if answer is None:
            await cut(request, reset=bool(fault and fault.kind == "rest_reset"))
            return Response(status_code=500)  # Nobody is there to read it.
        return answer

    return run


def _fail_before(fault: Fault) -> None:
    if fault.kind == "rest_429":
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        raise ApiError(20429, headers=headers)
    if fault.kind == "rest_5xx" and fault.when != "after":
        raise ApiError(20500 if fault.status == 500 else 20503, status=fault.status)
    if fault.kind == "rest_401":
        raise ApiError(20003)
    if fault.kind == "rest_suspended":
        raise ApiError(20005)
    if fault.kind == "rest_funds":
        raise ApiError(10001)
    if fault.kind == "rest_lost" or (fault.kind == "rest_reset" and fault.when == "before"):
        raise DroppedError


def _fail_after(fault: Fault) -> None:
    if fault.kind == "rest_5xx":
        raise ApiError(20500 if fault.status == 500 else 20503, status=fault.status)
    if fault.kind == "rest_reset":
        raise DroppedError


async def _wait(request: Request, fault: Fault) -> None:
    """Hold the answer back; for ever when the fault says so, that is until the client gives up."""
    seconds = fault.seconds if fault.seconds is not None or fault.kind == "rest_timeout" else 5.0
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(_gone(request), seconds)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def cut(request: Request, *, reset: bool) -> None:
    """Close the connection without an answer; with a TCP reset when asked for."""
    transport = request.scope.get("sandbox.transport")
    if transport is not None:
        if reset:
            connection = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    await _gone(request)


def authenticate(carrier: Carrier, request: Request, account_sid: str) -> Account:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        user = password = ""
    account = carrier.store.accounts.get(user)
    right = account is not None and hmac.compare_digest(account.token.encode(), password.encode())
    if scheme.lower() != "basic" or not right or account is None or (account_sid and user != account_sid):
        raise ApiError(20003, headers={"WWW-Authenticate": 'Basic realm="Twilio API"'})
    if account.status != "active":
        raise ApiError(20005)
    return account


def page(ask: Ask, key: str, path: str, records: Iterable[Any]) -> tuple[int, dict[str, Any]]:
    """One page of ``records`` (newest first, as given), and where the next begins.

    The token names the last record of the page before, so that new calls do not shift the pages.
    """
    size_text = ask.asked("PageSize")
    size = min(PAGE_SIZE_LIMIT, max(1, int(size_text))) if size_text.isdigit() else PAGE_SIZE
    number = int(ask.asked("Page")) if ask.asked("Page").isdigit() else 0
    token = ask.asked("PageToken").removeprefix("PA")
    found = []
    skipping = bool(token)
    for record in records:
        if skipping:
            skipping = record.sid != token
            continue
        found.append(record)
        if len(found) > size:
            break
    shown, more = found[:size], len(found) > size
    uri = f"/{API_VERSION}/Accounts/{ask.account.sid}/{path}.json"
    filters = [(k, v) for k, v in ask.query if k not in ("Page", "PageSize", "PageToken")]

    def link(page_number: int, after: str = "") -> str:
        fields = [*filters, ("PageSize", str(size)), ("Page", str(page_number))]
        return f"{uri}?{urlencode(fields + ([('PageToken', 'PA' + after)] if after else []))}"

    return 200, {
        key: [record.json() for record in shown],
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(0, len(shown) - 1),
        "uri": link(number, token),
        "first_page_uri": link(0),
        "next_page_uri": link(number + 1, shown[-1].sid) if more else None,
        "previous_page_uri": None,
    }


def newest_first(records: Iterable[Any], account: Account) -> Iterable[Any]:
    return (record for record in reversed(list(records)) if record.account_sid == account.sid)
