"""Fetching what the judge reads: the carrier's log from its file, the rows straight from their tables."""

import json
from datetime import timedelta
from pathlib import Path

from django.utils.timezone import now

from accounts.models import Location
from compliance.models import ConsentEntry, Decision, DoNotCallEntry, LocationDay, NumberDay
from dialer.models import Attempt, Call, CallEvent
from telephony.models import CarrierEvent
from tests.faults import checker
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


def gather(stack: Stack, settle: timedelta = timedelta(0)) -> checker.Evidence:
    """Everything on the stack. settle: how long an attempt has to come to its end before it counts as stuck."""
    settled_before = now() - settle
    log = carrier_log(stack)
    return checker.Evidence(
        log=log,
        settled_before=settled_before,
        locations=[
            checker.Location(*row)
            for row in Location.objects.values_list("pk", "organization_id", "timezone")
        ],
        decisions=[
            checker.Decision(pk, call_id, phone, verdict, at, tuple(facts["contact"]["zones"]))
            for pk, call_id, phone, verdict, at, facts in Decision.objects.values_list(
                "pk", "call_id", "phone", "decision", "decided_at", "facts"
            )
        ],
        attempts=[
            checker.Attempt(*row)
            for row in Attempt.objects.values_list(
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
            checker.Call(*row)
            for row in Call.objects.values_list("pk", "location_id", "contact_id", "phone", "state")
        ],
        moves=[
            checker.Move(*row)
            for row in CallEvent.objects.values_list("pk", "call_id", "from_state", "to_state")
        ],
        number_days=[
            checker.NumberDay(*row)
            for row in NumberDay.objects.values_list("phone", "local_date", "attempt_token")
        ],
        location_days=[
            checker.LocationDay(*row)
            for row in LocationDay.objects.values_list("location_id", "local_date", "dialled")
        ],
        events=[
            checker.Event(kind, token, sid, checker.part_of(kind, body))
            for kind, token, sid, body in CarrierEvent.objects.values_list(
                "kind", "token", "call_sid", "body"
            )
        ],
        consents=[
            checker.Consent(organization, contact, phone, kind == "granted", captured, recorded)
            for organization, contact, phone, kind, captured, recorded in ConsentEntry.objects.values_list(
                "organization_id", "contact_id", "phone", "kind", "captured_at", "recorded_at"
            )
        ],
        do_not_call=[
            checker.DoNotCall(*row)
            for row in DoNotCallEntry.objects.values_list(
                "organization_id", "phone", "added_at", "removed_at"
            )
        ],
    )
