"""The call log as CSV, streamed: memory stays flat and the first bytes leave at once, however many rows follow.

Rows come in keyset chunks, each a query of its own: no long snapshot is held open, which would slow the drain down.
PostgreSQL writes the lines itself, ten times as quick (dialer.export_copy); what is here is SQLite's way, says what the
lines are, and adds transcripts on both.
"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.database import is_postgresql
from accounts.models import Location
from compliance.words import words_of
from contacts.cells import guard
from dialer import export_copy
from dialer.models import Call, Campaign, Origin, Outcome
from dialer.words import failure_words, status_word
from voiceagents.models import Agent, Speaker, Turn

CHUNK = 2000
# Characters of a piece by PostgreSQL; its first one has a CHUNK of calls.
PIECE = 4_000_000
BOM = "\ufeff"

HEADINGS = [
    "Call", "Type", "Status", "Outcome", "Campaign", "Agent", "Asked by", "First name", "Last name", "Number", "From",
    "Time zone", "Due", "Started", "Started, their time", "Ended", "Duration (s)", "Reasons", "Reason codes",
    "Failure", "Failure code", "Summary", "Recording (s)",
]  # fmt: skip

_COLUMNS = (
    "pk", "code", "is_test", "state", "disposition", "outcome", "campaign_id", "agent_id", "origin",
    "contact__first_name", "contact__last_name", "phone", "from_number", "contact__timezone", "contact__zones",
    "due_at", "started_at", "ended_at", "talk_seconds", "reasons", "failure_code", "summary", "recording_seconds",
    "conversation_id",
)  # fmt: skip


def lines(location: Location, calls: QuerySet[Call], transcripts: bool) -> Iterator[str]:
    """The CSV in pieces of some thousand rows, newest call first. Instants are ISO 8601 with the location's offset.

    Cells that a spreadsheet would run as a formula are guarded (contacts.cells).
    """
    heading = io.StringIO()
    csv.writer(heading).writerow([*HEADINGS, *(["Transcript"] if transcripts else [])])
    yield BOM + heading.getvalue()
    if is_postgresql() and not transcripts:
        campaigns = _names(Campaign.objects.filter(location=location))
        agents = _names(Agent.objects.filter(location=location))
        yield from export_copy.rows(location, calls, campaigns, agents, CHUNK, PIECE)
    else:
        yield from _rows(location, calls, transcripts)


def _rows(location: Location, calls: QuerySet[Call], transcripts: bool) -> Iterator[str]:
    zone = location.zone
    campaigns = _names(Campaign.objects.filter(location=location))
    agents = _names(Agent.objects.filter(location=location))
    origins, outcomes = dict(Origin.choices), dict(Outcome.choices)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    after: int | None = None
    while True:
        chunk = calls if after is None else calls.filter(pk__lt=after)
        rows = list(chunk.order_by("-pk").values_list(*_COLUMNS)[:CHUNK])
        if not rows:
            return
        after = rows[-1][0]
        spoken = _transcripts([row[-1] for row in rows if row[-1]]) if transcripts else {}
        for row in rows:
            (
                _, code, is_test, state, disposition, outcome, campaign, agent, origin, first, last, phone, from_number,
                known_zone, zones, due, started, ended, seconds, reasons, failure, summary, recording, conversation,
            ) = row  # fmt: skip
            their_zone = known_zone or zones.split(",")[0]
            cells: list[Any] = [
                code,
                "Test" if is_test else "Live",
                status_word(state, disposition),
                outcomes.get(outcome, ""),
                campaigns.get(campaign, ""),
                agents.get(agent, ""),
                origins.get(origin, origin),
                guard(first),
                guard(last),
                guard(phone),
                guard(from_number),
                their_zone,
                _iso(due, zone),
                _iso(started, zone),
                _iso(started, ZoneInfo(their_zone)) if their_zone and started else "",
                _iso(ended, zone),
                seconds if started else "",
                "; ".join([words_of(reason).title for reason in reasons]) if reasons else "",
                " ".join(reasons),
                failure_words(failure).title if failure else "",
                guard(failure),
                guard(summary),
                "" if recording is None else recording,
            ]
            if transcripts:
                cells.append(guard(spoken.get(conversation, "")))
            writer.writerow(cells)
        yield _emptied(buffer)


def _names(rows: QuerySet[Any]) -> dict[int, str]:
    return {pk: guard(name) for pk, name in rows.values_list("pk", "name")}


def _iso(instant: datetime | None, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat(sep=" ", timespec="seconds") if instant else ""


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _transcripts(conversations: list[int]) -> dict[int, str]:
    said: dict[int, list[str]] = {}
    turns = (
        Turn.objects.filter(conversation_id__in=conversations)
        .exclude(speaker=Speaker.SYSTEM)
        .order_by("conversation_id", "position")
        .values_list("conversation_id", "speaker", "text")
    )
    for conversation, speaker, text in turns:
        said.setdefault(conversation, []).append(f"{Speaker(speaker).label}: {text}")
    return {conversation: "\n".join(parts) for conversation, parts in said.items()}
