"""Loading a list of numbers onto the internal do-not-call list: all of its good rows or, failing that, none.

1. Every row is read and checked; refused ones go to the file of refusals. Nothing of the database has changed.
2. One transaction does the whole of an opt-out for every number (ledger.opt_out_many), in batches. Running it again
   adds nothing. On SQLite nobody else can write meanwhile, so a list has its limit there.
"""

import csv
import io
import tempfile
from collections import Counter
from datetime import datetime
from typing import IO, Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts import log
from accounts.database import is_postgresql
from accounts.jobs import Canceled, JobError, Progress, work
from accounts.models import Job
from compliance import donotcall, ledger
from compliance.donotcall_rows import ListedRow, ListReader, Options
from compliance.models import ConsentSource, DoNotCallImport
from contacts import reading, storing
from contacts.cells import guard
from contacts.rows import Refusal

KIND = "do_not_call_import"
EXAMPLES = 20  # rows named in the report for each remark
# Numbers of a list on SQLite. They take it some ten seconds, and whoever else wants to write gives up after twenty.
MOST_ON_SQLITE = 100_000

log.register("do_not_call.import_started", "started to put the numbers of {file} on the do-not-call list")
log.register("do_not_call.imported", "put {count} numbers of {file} on the do-not-call list")


def reader_for(of: DoNotCallImport) -> ListReader:
    """The reader of a list's rows, by its columns and options."""
    return ListReader(
        columns=of.mapping,
        width=len(of.sheet["headers"]),
        options=Options(**of.options),
        country=of.location.country,
        zone=of.location.zone,
        today=timezone.now().astimezone(of.location.zone).date(),
    )


def most_numbers() -> int | None:
    """How many numbers a list may have here; None for any."""
    return None if is_postgresql() else MOST_ON_SQLITE


@work(KIND)
def load(progress: Progress) -> dict[str, Any]:
    """The job: parameters name the import by its code. Its result is the report's counts."""
    of = DoNotCallImport.objects.select_related("location__organization", "created_by").get(
        code=progress.job.parameters["import"], location=progress.job.location
    )
    with of.file.open("rb") as source, tempfile.TemporaryFile() as refused:
        try:
            counts, numbers = _read_all(of, source, refused, progress)
        except reading.UnreadableError as error:
            raise JobError(str(error)) from error
        most = most_numbers()
        if most is not None and len(numbers) > most:
            raise JobError(
                f"The list has {len(numbers):,} numbers, and SQLite, where this installation keeps its data, can take "
                f"{most:,} in one go. No number was listed. Split the list."
            )
        with transaction.atomic():
            storing.lock_lists(of.organization_id)
            added = _list(of, numbers, progress.job)
            of.counts = counts | {"numbers": len(numbers), "added": added}
            if counts["refused"]:
                refused.seek(0)
                of.refused_file.save(f"refused-{of.code}.csv", File(refused), save=False)
            of.save(update_fields=["counts", "refused_file"])
            log.record(
                of.location, "do_not_call.imported", actor=of.created_by, subject=of,
                file=of.file_name, count=f"{added:,}",
            )  # fmt: skip
    return of.counts


def _read_all(
    of: DoNotCallImport, source: IO[bytes], refused: IO[bytes], progress: Progress
) -> tuple[dict[str, Any], dict[str, ListedRow]]:
    """The counts, and what the list says of each number; every refused row is written with its reason."""
    sheet = reading.Sheet.from_json(of.sheet)
    reader = reader_for(of)
    total = reading.estimate_rows(source, sheet)
    progress.advance(0, total)
    text = io.TextIOWrapper(refused, encoding="utf-8-sig", newline="", write_through=True)
    report = csv.writer(text)
    report.writerow(["Row", "Reason", *map(guard, sheet.headers)])
    remarks: dict[str, dict[str, Any]] = {}
    reasons: Counter[str] = Counter()
    numbers: dict[str, ListedRow] = {}
    seen = named = 0
    for record in reading.rows(source, sheet):
        seen += 1
        read = reader.read(record)
        if isinstance(read, Refusal):
            reasons[read.kind] += 1
            report.writerow([read.number, guard(read.reason), *map(guard, record.cells)])
        else:
            named += len(read)
            if not read[0].reason:
                raise JobError(
                    f"Row {record.number} has no reason of its own, and none was given for such rows. No number was "
                    "listed. Give one and start again."
                )
            for remark in read[0].remarks:
                entry = remarks.setdefault(remark, {"rows": 0, "examples": []})
                entry["rows"] += 1
                if len(entry["examples"]) < EXAMPLES:
                    entry["examples"].append(record.number)
            for row in read:
                numbers[row.phone] = _stricter(numbers[row.phone], row) if row.phone in numbers else row
        if seen % 500 == 0:
            progress.advance(seen, total and max(seen, total))
    text.detach()
    if not seen:
        raise JobError("The file has a header but no rows under it. Nothing was changed.")
    invalid = reasons.total()
    progress.advance(seen, seen)
    return {
        "rows": seen,
        "refused": invalid,
        "duplicates": named - len(numbers),
        "remarks": remarks,
        "reasons": dict(reasons.most_common(20)),
    }, numbers


def _stricter(first: ListedRow, again: ListedRow) -> ListedRow:
    """A number that stands twice: the first row's reason, the higher risk, the later day (none: that of the import)."""
    at = None if first.at is None or again.at is None else max(first.at, again.at)
    return first._replace(risk=max(first.risk, again.risk, key=donotcall.RANK.__getitem__), at=at)


def _list(of: DoNotCallImport, numbers: dict[str, ListedRow], job: Job) -> int:
    """Opt every number out, in the caller's transaction; how many were not on the list. Raises Canceled."""
    now, organization_id = timezone.now(), of.organization_id
    phones = sorted(numbers)
    added = 0
    for start in range(0, len(phones), storing.BATCH):
        batch = phones[start : start + storing.BATCH]
        added += len(batch) - len(donotcall.risks([(organization_id, phone) for phone in batch]))
        ledger.opt_out_many(
            organization=of.location.organization,
            location=of.location,
            wishes=[_wish(of, numbers[phone], now) for phone in batch],
            source=ConsentSource.IMPORT,
            actor=of.created_by,
        )
        if Job.objects.filter(pk=job.pk, cancel_requested=True).exists():
            raise Canceled
    return added


def _wish(of: DoNotCallImport, row: ListedRow, now: datetime) -> ledger.Wish:
    evidence = f"Row {row.number} of the list {of.file_name}"
    return ledger.Wish(
        row.phone,
        row.at or now,
        f"{evidence}: {row.reason}" if row.reason else evidence,
        row.risk,
        row.reason,
    )
