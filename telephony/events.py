"""Keeping the carrier's events exactly once."""

import json

from django.db import connection
from django.utils.timezone import now

from telephony.models import CarrierEvent, EventKind


def fingerprint(kind: EventKind, body: dict[str, str]) -> str:
    """The natural key of an event: the same event delivered again has the same one."""
    sid = body.get("CallSid", "")
    part = {
        EventKind.STATUS: f"{body.get('SequenceNumber', '')}:{body.get('CallStatus', '')}",
        EventKind.AMD: body.get("AnsweredBy", ""),
        EventKind.RECORDING: f"{body.get('RecordingSid', '')}:{body.get('RecordingStatus', '')}",
        EventKind.ACTION: f"{body.get('SessionId', '')}:{body.get('DialCallSid', '')}",
        EventKind.ANSWER: body.get("CallStatus", ""),
    }[kind]
    return f"{kind}:{sid}:{part}"[:120]


def keep(kind: EventKind, account_id: int, token: str, body: dict[str, str]) -> tuple[CarrierEvent, bool]:
    """Store a verified event; returns it and whether it is new. A repeat only counts its deliveries."""
    event = CarrierEvent(
        kind=kind,
        account_id=account_id,
        token=token,
        call_sid=body.get("CallSid", "")[:34],
        fingerprint=fingerprint(kind, body),
        body=body,
        received_at=now(),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO telephony_carrierevent
                (kind, account_id, token, call_sid, fingerprint, body, known, deliveries, received_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, 1, %s)
            ON CONFLICT (fingerprint) DO UPDATE SET deliveries = telephony_carrierevent.deliveries + 1
            RETURNING id, deliveries
            """,
            [
                kind,
                account_id,
                token,
                event.call_sid,
                event.fingerprint,
                json.dumps(body),
                True,
                connection.ops.adapt_datetimefield_value(event.received_at),
            ],
        )
        event.pk, event.deliveries = cursor.fetchone()
    return event, event.deliveries == 1


def mark_unknown(event: CarrierEvent) -> None:
    """The event's token belongs to no attempt: it is kept and counted, and answered 2xx so that it stops."""
    CarrierEvent.objects.filter(pk=event.pk).update(known=False)
