"""The result of a replay as CSV, one line a decision that would change."""

import csv
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import IO
from zoneinfo import ZoneInfo

from compliance.models import DecisionKind
from compliance.replay import CHANGES, CHUNK, Changed
from compliance.words import in_words
from contacts.cells import guard
from contacts.models import Contact

HEADINGS = [
    "Change", "Contact", "Number", "Decided", "Then", "Then until", "Then why", "Now", "Now until", "Now why",
    "Codes now", "Decision",
]  # fmt: skip


def write(file: IO[str], changed: Iterable[Changed], zone: ZoneInfo) -> int:
    """How many lines; instants on the location's clock. Cells that a spreadsheet would run are guarded."""
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow(HEADINGS)
    rows, count = iter(changed), 0
    while chunk := list(islice(rows, CHUNK)):
        names = Contact.objects.in_bulk({each.decision.contact_id for each in chunk})
        for each in chunk:
            was, now = each.decision, each.verdict
            writer.writerow([
                CHANGES[each.change],
                guard(str(names.get(was.contact_id, ""))),
                guard(was.phone),
                _clock(was.decided_at, zone),
                DecisionKind(was.decision).label,
                _clock(was.until, zone),
                in_words(was.reasons),
                DecisionKind(now.decision).label,
                _clock(now.until, zone),
                in_words(now.reasons),
                " ".join(now.reasons),
                was.pk,
            ])  # fmt: skip
        count += len(chunk)
    return count


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(sep=" ", timespec="seconds") if at else ""
