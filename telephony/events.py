"""Keeping the carrier's events exactly once."""

import hashlib
import json

from django.utils.timezone import now

from accounts.database import fetched
from telephony.models import CarrierEvent, EventKind


def fingerprint(kind: EventKind, account_id: int, token: str, body: dict[str, str]) -> str:
    """The natural key of an event: the same event delivered again has the same one, and no other event has it.

    Account and token are in it, so that nobody's event can be taken for the repetition of somebody else's.
    """
    part = {
        EventKind.STATUS: ("SequenceNumber", "CallStatus"),
        EventKind.AMD: ("AnsweredBy",),
        EventKind.RECORDING: ("RecordingSid", "RecordingStatus"),
        EventKind.ACTION: ("SessionId", "DialCallSid"),
        EventKind.ANSWER: ("CallStatus",),
        EventKind.MESSAGE: ("MessageSid",),
        # Its fields are not documented, so all of them are the event.
        EventKind.REVIEW: tuple(sorted(body)),
    }[kind]
    values = [kind, account_id, token, body.get("CallSid", ""), *(body.get(name, "") for name in part)]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def keep(kind: EventKind, account_id: int, token: str, body: dict[str, str]) -> tuple[CarrierEvent, bool]:
    """Store a verified event; returns it and whether it is new. A repeat only counts its deliveries."""
    event = CarrierEvent(
        kind=kind,
        account_id=account_id,
        token=token,
        call_sid=body.get("CallSid", "")[:34],
        fingerprint=fingerprint(kind, account_id, token, body),
        body=body,
        received_at=now(),
    )
    ((event.pk, event.deliveries),) = fetched(
        """
        INSERT INTO telephony_carrierevent
            (kind, account_id, token, call_sid, fingerprint, body, known, deliveries, received_at)
        VALUES (%s, %s, %s, %s, %s, %s, true, 1, %s)
        ON CONFLICT (fingerprint) DO UPDATE SET deliveries = telephony_carrierevent.deliveries + 1
        RETURNING id, deliveries
        """,
        [
            kind.value,
            account_id,
            token,
            event.call_sid,
            event.fingerprint,
            json.dumps(body),
            event.received_at,
        ],
    )
    return event, event.deliveries == 1


def mark_unknown(event: CarrierEvent) -> None:
    """The event is about nothing of ours: it is kept and counted, and answered 2xx so that it stops."""
    CarrierEvent.objects.filter(pk=event.pk).update(known=False)
