"""Fetching what the judge reads: the carrier's log from its file, the rows straight from their tables."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, models
from django.utils.timezone import now

from accounts.models import Location
from compliance.models import ConsentEntry, Decision, DoNotCallEntry, LocationDay, NumberDay
from dialer.models import Attempt, Call, CallEvent
from telephony.models import CarrierEvent
from tests.faults import exhibits
from tests.stack import Stack

_read: dict[Path, tuple[int, list[dict]]] = {}


def carrier_log(stack: Stack) -> list[dict]:
    """What the carrier has written down so far: whole lines, each of them read once."""
    path = stack.folder / "sandbox" / "log.jsonl"
    offset, entries = _read.get(path, (0, []))
    with path.open("rb") as file:
        file.seek(offset)
        written = file.read().rpartition(b"\n")[0]
    if written:
        entries = [*entries, *(json.loads(line) for line in written.split(b"\n"))]
        _read[path] = offset + len(written) + 1, entries
    return entries


def commits(model: type[models.Model]) -> dict[int, datetime]:
    """When the transactions that last wrote the rows were committed, by key; empty where the database does not tell."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SHOW track_commit_timestamp")
        if cursor.fetchone() != ("on",):
            return {}
        cursor.execute(
            f"SELECT {model._meta.pk.column}, pg_xact_commit_timestamp(xmin) FROM {model._meta.db_table}"
        )
        return {key: at for key, at in cursor.fetchall() if at is not None}


def gather(
    stack: Stack,
    settle: timedelta = timedelta(0),
    past: Sequence[exhibits.Past] = (),
    on_its_way: timedelta = exhibits.Evidence.on_its_way,
) -> exhibits.Evidence:
    """Everything on the stack.

    settle: how long an attempt has to come to its end before it counts as stuck. past: what the scene began with.
    on_its_way: how long a dial may take to the carrier.
    """
    settled_before = now() - settle
    log = carrier_log(stack)
    # Decisions and consents are never changed; a do-not-call entry when it is removed.
    decided, said, listed = commits(Decision), commits(ConsentEntry), commits(DoNotCallEntry)
    return exhibits.Evidence(
        log=log,
        past=list(past),
        settled_before=settled_before,
        on_its_way=on_its_way,
        locations=[
            exhibits.Location(*row)
            for row in Location.objects.values_list("pk", "organization_id", "timezone")
        ],
        decisions=[
            exhibits.Decision(pk, call_id, phone, verdict, at, tuple(facts["contact"]["zones"]))
            for pk, call_id, phone, verdict, at, facts in Decision.objects.values_list(
                "pk", "call_id", "phone", "decision", "decided_at", "facts"
            )
        ],
        attempts=[
            exhibits.Attempt(
                token, call, decision, location, phone, state, at, decided.get(decision, at), day, sid
            )
            for token, call, decision, location, phone, state, at, day, sid in Attempt.objects.values_list(
                "token",
                "call_id",
                "decision_id",
                "location_id",
                "phone",
                "state",
                "created_at",
                "local_date",
                "sid",
            )
        ],
        calls=[
            exhibits.Call(*row)
            for row in Call.objects.values_list(
                "pk",
                "location_id",
                "contact_id",
                "phone",
                "state",
                "due_at",
                "held",
                "disposition",
                "talk_seconds",
                "recording_sid",
            )
        ],
        moves=[
            exhibits.Move(*row)
            for row in CallEvent.objects.values_list("pk", "call_id", "from_state", "to_state")
        ],
        number_days=[
            exhibits.NumberDay(*row)
            for row in NumberDay.objects.values_list("phone", "local_date", "attempt_token")
        ],
        location_days=[
            exhibits.LocationDay(*row)
            for row in LocationDay.objects.values_list("location_id", "local_date", "dialled")
        ],
        events=[
            exhibits.Event(kind, token, sid, exhibits.part_of(kind, body))
            for kind, token, sid, body in CarrierEvent.objects.values_list(
                "kind", "token", "call_sid", "body"
            )
        ],
        consents=[
            exhibits.Consent(
                organization, contact, phone, kind == "granted", captured, recorded, said.get(pk, recorded)
            )
            for pk, organization, contact, phone, kind, captured, recorded in ConsentEntry.objects.values_list(
                "pk", "organization_id", "contact_id", "phone", "kind", "captured_at", "recorded_at"
            )
        ],
        do_not_call=[
            exhibits.DoNotCall(
                organization, phone, added, removed, added if removed else listed.get(pk, added)
            )
            for pk, organization, phone, added, removed in DoNotCallEntry.objects.values_list(
                "pk", "organization_id", "phone", "added_at", "removed_at"
            )
        ],
    )
