"""The carrier's events as they arrive, for tests of what they change."""

from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client
from twilio.request_validator import RequestValidator

from dialer.models import Attempt
from telephony.addresses import Callback, callback_url


def post(
    kind: Callback, token: str, auth_token: str, fields: dict[str, Any], *, signature: str | None = None
) -> int:
    """Deliver one signed callback to the front door; returns the HTTP status."""
    return deliver(kind, token, auth_token, fields, signature=signature).status_code


def deliver(
    kind: Callback, token: str, auth_token: str, fields: dict[str, Any], *, signature: str | None = None
) -> HttpResponse:
    """The same; returns the whole answer."""
    url = callback_url(kind, token)
    given = RequestValidator(auth_token).compute_signature(url, fields) if signature is None else signature
    return Client().post(
        f"/voice/{kind}/{token}",
        data=urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": given},
    )


def status_fields(attempt: Attempt, status: str, sequence: int, at: datetime, **more: str) -> dict[str, str]:
    return {
        "AccountSid": attempt.account.account_sid,
        "CallSid": "CA" + attempt.token[:32],
        "CallStatus": status,
        "SequenceNumber": str(sequence),
        "Timestamp": format_datetime(at + timedelta(seconds=sequence)),
        "CallbackSource": "call-progress-events",
        **more,
    }


def machine_fields(attempt: Attempt, answered_by: str) -> dict[str, str]:
    return {
        "AccountSid": attempt.account.account_sid,
        "CallSid": "CA" + attempt.token[:32],
        "AnsweredBy": answered_by,
        "MachineDetectionDuration": "2100",
    }
