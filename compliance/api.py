"""The API: other systems of the business tell us of opt-outs and of consent. docs/api.md is its description.

1. A body over 256 kB, or one that is no JSON object, is refused before anything is asked (413, 415, 400).
2. The bearer token says which location speaks (401), and whether it may say this (403); both are throttled (429).
3. Fields are checked, and each that is wrong is named (422).
4. One transaction does it and keeps the answer under the idempotency key, so that a repeat changes nothing.
"""

import hashlib
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts import transactions
from compliance import api_tokens, ledger
from compliance.api_forms import ConsentForm, OptOutForm
from compliance.models import ApiAnswer, ApiToken, ConsentEntry, ConsentKind, ConsentSource, Risk
from contacts.models import Contact

MAX_BODY = 256 * 1024
THROTTLE = {"wrong": "30/m/ip", "token": "300/m/key"}
_KEY = re.compile(r"[!-~]{1,64}")
Answer = tuple[int, dict[str, Any]]
Act = Callable[[ApiToken, dict[str, Any]], Answer]


class _Refused(Exception):  # noqa: N818 (an answer, not a fault)
    def __init__(self, status: int, error: str, **headers: str) -> None:
        self.status, self.error, self.headers = status, error, headers


class _WrongFields(Exception):  # noqa: N818 (an answer, not a fault)
    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields


@never_cache
@csrf_exempt
def opt_outs(request: HttpRequest) -> JsonResponse:
    return _answer(request, _opt_out)


@never_cache
@csrf_exempt
def consents(request: HttpRequest) -> JsonResponse:
    return _answer(request, _consent, grants=True)


def _answer(request: HttpRequest, act: Act, *, grants: bool = False) -> JsonResponse:
    try:
        data = _data(request)
        token = _token(request)
        if grants and not token.may_grant:
            raise _Refused(403, "This token may record opt-outs only. Make one that may record consent.")
        status, body = transactions.whole(lambda: _once(request, token, act, data))
    except _WrongFields as wrong:
        return JsonResponse({"error": "Nothing was recorded.", "fields": wrong.fields}, status=422)
    except _Refused as refused:
        return JsonResponse({"error": refused.error}, status=refused.status, headers=refused.headers)
    return JsonResponse(body, status=status)


def _data(request: HttpRequest) -> dict[str, Any]:
    """The request's JSON object, of texts and numbers."""
    if request.method != "POST":
        raise _Refused(405, "Send a POST request.", Allow="POST")
    if request.content_type != "application/json":
        raise _Refused(415, "Send JSON, with Content-Type: application/json.")
    try:
        length = int(request.headers.get("Content-Length") or -1)
    except ValueError:
        length = -1
    if not 0 <= length <= MAX_BODY:
        raise _Refused(413, f"Send a body of at most {MAX_BODY // 1024} kB, and its Content-Length.")
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        raise _Refused(400, "The body is not JSON.") from None
    if not isinstance(data, dict):
        raise _Refused(400, "The body must be one JSON object.")
    return data


def _token(request: HttpRequest) -> ApiToken:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = api_tokens.find(secret.strip(), timezone.now()) if scheme.lower() == "bearer" and secret else None
    what, key = ("token", token.code) if token else ("wrong", None)
    if not ratelimit.consume(request, app="compliance", action=what, key=key, config=THROTTLE):
        raise _Refused(
            429, "Too many requests. Wait a minute, then send this again.", **{"Retry-After": "60"}
        )
    if token is None:
        raise _Refused(
            401,
            "Send the API token of a location as Authorization: Bearer …. It may have been revoked.",
            **{"WWW-Authenticate": "Bearer"},
        )
    return token


def _once(request: HttpRequest, token: ApiToken, act: Act, data: dict[str, Any]) -> Answer:
    """Act, or give the answer that the same request got under its key."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return act(token, data)
    if not _KEY.fullmatch(key):
        raise _Refused(400, "An Idempotency-Key has at most 64 characters, letters, digits and signs.")
    digest = hashlib.sha256(request.path.encode() + b"\n" + request.body).hexdigest()
    # On PostgreSQL a second one that comes meanwhile waits here for the first.
    kept, is_new = ApiAnswer.objects.get_or_create(by=token, key=key, defaults={"digest": digest})
    if not is_new:
        if kept.digest != digest:
            raise _Refused(422, "Another request had this Idempotency-Key. Nothing was recorded.")
        return kept.status, kept.body
    kept.status, kept.body = act(token, data)
    kept.save(update_fields=["status", "body"])
    return kept.status, kept.body


def _checked(form_of: Callable[[dict[str, Any]], forms.Form], data: dict[str, Any]) -> forms.Form:
    """The form of the data, valid. Raises _WrongFields, also for names it does not know and values that are no text."""
    wrong = {}
    for name, value in data.items():
        if not (value is None or isinstance(value, str) or type(value) is int):
            wrong[name] = "Send a text."
        elif isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
            wrong[name] = "This is no text: it has half a character."
    form = form_of({name: value for name, value in data.items() if name not in wrong})
    wrong |= {name[:60]: "There is no such field." for name in data if name not in form.fields}
    if not form.is_valid() or wrong:
        raise _WrongFields({name: " ".join(map(str, errors)) for name, errors in form.errors.items()} | wrong)
    return form


def _opt_out(token: ApiToken, data: dict[str, Any]) -> Answer:
    said = _checked(OptOutForm, data).cleaned_data
    evidence = said["evidence"] or "No words were sent with it"
    is_news = ledger.opt_out(
        organization=token.location.organization,
        phone=said["phone"],
        location=token.location,
        source=ConsentSource.API,
        evidence=f"{evidence} (API token “{token.name}”)",
        risk=Risk.HIGH,
        reason=said["evidence"] or f"Reported through the API by “{token.name}”",
    )
    return 201 if is_news else 200, {"phone": said["phone"], "opted_out": True, "news": is_news}


def _consent(token: ApiToken, data: dict[str, Any]) -> Answer:
    form = _checked(partial(ConsentForm, location=token.location), data)
    said, place = form.cleaned_data, form.cleaned_data["place"]
    wording: ledger.Wording = said["wording"]
    contact, _ = Contact.objects.get_or_create(
        location=token.location,
        phone=said["phone"],
        defaults={
            "first_name": said["first_name"],
            "last_name": said["last_name"],
            "language": wording.version.language,
            "region": place.region or "",
            "number_kind": place.kind,
            "zones": ",".join(place.zones),
        },
    )
    entry = ConsentEntry.objects.filter(
        contact=contact,
        kind=ConsentKind.GRANTED,
        source=ConsentSource.API,
        captured_at=said["captured_at"],
        form_version=wording.version,
    ).first()
    is_news = entry is None
    if entry is None:
        contact.location = token.location
        entry = ledger.grant(
            contact=contact,
            source=ConsentSource.API,
            captured_at=said["captured_at"],
            evidence=f"{said['evidence'] or 'Sent by another system'} (API token “{token.name}”)",
            wording=wording,
            url=said["url"],
            ip=said["ip"] or None,
            user_agent=said["user_agent"],
            expires_at=said["expires_at"],
        )
    standing = ledger.standing([contact.pk], timezone.now()).get(contact.pk, ledger.NOTHING)
    return 201 if is_news else 200, {
        "id": entry.code,
        "phone": contact.phone,
        "form": wording.version.form.code,
        "version": wording.version.number,
        "valid": wording.scan.valid,
        "missing": [*wording.scan.missing_required, *wording.scan.other_findings],
        "opted_out": standing.opted_out_at is not None,
        "news": is_news,
    }
