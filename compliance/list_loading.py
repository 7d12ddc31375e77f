"""Loading an edition of an external list: whole or not at all, in memory that does not grow with it.

1. Every row is read; the numbers are sorted in runs on disk. A row that is no number ends it here: nothing is written.
2. The runs are merged, each number once, and written in batches as those of an edition that nothing looks at yet.
3. It is compared with the edition in force: a newer date for the same numbers needs somebody's reason.
4. One transaction puts the edition in force in place of the one before. Killed before that, the load leaves numbers
   that no look-up sees; they are deleted like those of an edition that was replaced.
"""

import heapq
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django_q.tasks import async_task

from accounts import jobs, log
from accounts.jobs import JobError, Progress, work
from accounts.models import JobState, Location
from compliance import list_files, list_numbers
from compliance.models import ExternalList, ListChange, ListEdition, ListEvent, ListEventKind, ListKind
from compliance.packs.applying import packs_of
from compliance.rules import FURTHEST_AHEAD, list_age
from contacts import reading

RUN = 500_000  # numbers sorted in memory at a time
BLOCK = 32_768  # numbers of each run in memory while they are merged
WARN_BEFORE = timedelta(days=7)
OPENS = time(8)  # Nobody is called before.

SAME_AGAIN = (
    "It holds the very numbers of the edition in force, which is of an earlier day: a newer date alone makes no newer "
    "list. Nothing was loaded, and that edition stays. Get the newest from its source. If the source really published "
    "the same numbers again, upload it once more and say under “Same numbers again” how you know."
)

log.register("list.load_started", "started to load an edition of {list}, as of {as_of}")
log.register("list.loaded", "loaded {list}, as of {as_of}: {count} numbers")


def start(
    *, edition: ListEdition, file: UploadedFile, location: Location, actor: Any, why_same: str = ""
) -> ListEdition:
    """Keep the file of an edition that is not saved yet and hand it to a worker. Raises reading.UnreadableError.

    why_same: how somebody knows that the source published the same numbers again, should they be the same.
    """
    of = edition.list
    with list_files.unpacked(file) as source:
        layout = list_files.examine(source, country=of.country, answers=of.kind == ListKind.REASSIGNED.value)
    edition.layout = layout.to_json()
    file.seek(0)
    with transaction.atomic():
        if of.pk is None:
            of.save()
            edition.list = of
        edition.file.save(f"{edition.code}.list", file, save=False)
        edition.job = jobs.start(
            location,
            "external_list",
            f"{of} as of {edition.as_of}"[:200],
            created_by=actor,
            unit="reads and writes",
            edition=edition.code,
            why_same=why_same,
        )
        edition.save()
        log.record(
            location, "list.load_started", actor=actor, subject=of, list=of.name, as_of=str(edition.as_of)
        )
    return edition


@work("external_list")
def load(progress: Progress) -> dict[str, Any]:
    """The job: parameters name the edition by its code. Its result counts rows, numbers and answers that were no."""
    location = progress.job.location
    edition = ListEdition.objects.select_related("list").get(
        code=progress.job.parameters["edition"], list__organization=location.organization_id
    )
    try:
        with ExitStack() as stack:
            runs: list[IO[bytes]] = []
            try:
                with edition.file.open("rb") as file, list_files.unpacked(file) as source:
                    counts = _read(edition, source, runs, stack, progress)
            except reading.UnreadableError as error:
                raise JobError(str(error)) from error
            numbers = _changed(edition, _once(heapq.merge(*map(_numbers, runs))))
            ListEdition.objects.filter(pk=edition.pk).update(has_numbers=True)
            stored = 0
            for stored in list_numbers.store(edition.pk, numbers):
                progress.advance(counts["rows"] + stored, max(2 * counts["rows"], counts["rows"] + stored))
        list_numbers.analyze()
        replaces, is_same = _compared(edition, stored)
        why_same = progress.job.parameters.get("why_same", "") if is_same else ""
        if is_same and not why_same:
            raise JobError(SAME_AGAIN)
        _put_in_force(edition, stored, replaces, why_same, location, progress.job.created_by)
    finally:
        # The file has done its work, and the largest ones would fill the disk.
        edition.file.delete(save=False)
        ListEdition.objects.filter(pk=edition.pk).update(file="")
        async_task("compliance.tasks.clear_list_numbers")
    progress.advance(progress.job.total or 0)
    return counts | {"numbers": stored}


def _read(
    edition: ListEdition, source: reading.Source, runs: list[IO[bytes]], stack: ExitStack, progress: Progress
) -> dict[str, int]:
    """Read every row into sorted runs on disk; how many rows there were, and how many of them named no number."""
    layout = list_files.Layout.from_json(edition.layout)
    sheet = reading.Sheet.from_json(layout.sheet)
    total = reading.estimate_rows(source, sheet)
    progress.advance(0, total and 2 * total)
    rows = list_files.rows(source, layout, edition.list.country)
    seen = passed = 0
    while batch := list(islice(rows, RUN)):
        numbers = [number for number in batch if number is not None]
        seen += len(batch)
        passed += len(batch) - len(numbers)
        numbers.sort()
        run = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 (the stack closes it)
        array("q", numbers).tofile(run)
        runs.append(run)
        progress.advance(seen, total and 2 * max(seen, total))
    if not seen:
        raise JobError("The file has a header but no rows under it. Nothing was loaded.")
    return {"rows": seen, "passed": passed}


def _numbers(run: IO[bytes]) -> Iterator[int]:
    run.seek(0)
    while data := run.read(8 * BLOCK):
        yield from array("q", data)


def _once(ascending: Iterable[int]) -> Iterator[int]:
    last = None
    for number in ascending:
        if number != last:
            yield number
            last = number


def _changed(edition: ListEdition, numbers: Iterator[int]) -> Iterator[int]:
    """The numbers of the new edition: those of the file, or those before with the file's added or taken off."""
    if edition.change == ListChange.WHOLE.value or edition.base_id is None:
        return numbers
    before = list_numbers.read(edition.base_id)
    if edition.change == ListChange.ADD.value:
        return _once(heapq.merge(before, numbers))
    return _without(before, numbers)


def _without(ascending: Iterable[int], removed: Iterator[int]) -> Iterator[int]:
    next_removed = next(removed, None)
    for number in ascending:
        while next_removed is not None and next_removed < number:
            next_removed = next(removed, None)
        if number != next_removed:
            yield number


def _compared(edition: ListEdition, count: int) -> tuple[int | None, bool]:
    """The edition in force, and whether this one has but a newer date: its numbers, `count`, are the same."""
    current = ExternalList.objects.select_related("edition").get(pk=edition.list_id).edition
    if current is None:
        return None, False
    is_same = (
        current.as_of < edition.as_of and current.count == count and list_numbers.same(current.pk, edition.pk)
    )
    return current.pk, is_same


def _put_in_force(
    edition: ListEdition, count: int, replaces: int | None, why_same: str, location: Location, actor: Any
) -> None:
    """Let the edition take the place of the one before, in one step. Raises JobError when that would turn time back.

    replaces: the edition in force that its numbers were compared with.
    """
    with transaction.atomic():
        of = ExternalList.objects.select_for_update().get(pk=edition.list_id)
        if of.deleted_at is not None:
            raise JobError("The list was ended meanwhile. Nothing was loaded.")
        current = of.edition
        if edition.change != ListChange.WHOLE.value and of.edition_id != edition.base_id:
            raise JobError(
                "Another edition came in force meanwhile, so these changes do not fit it. It stays as it is; upload "
                "the changes again."
            )
        if current is not None and current.as_of > edition.as_of:
            raise JobError(
                f"The edition in force is of {current.as_of}, newer than this one. It stays in force."
            )
        if of.edition_id != replaces:
            raise JobError(
                "Another edition came in force while this one was loaded. It stays as it is; upload this one again."
            )
        ListEdition.objects.filter(pk=edition.pk).update(count=count, loaded_at=timezone.now())
        of.edition = edition
        of.save(update_fields=["edition"])
        if why_same:
            ListEvent.objects.create(list=of, kind=ListEventKind.SAME, reason=why_same, actor=actor)
        log.record(
            location, "list.loaded", actor=actor, subject=of,
            list=of.name, as_of=str(edition.as_of), count=f"{count:,}",
        )  # fmt: skip


def clear_numbers() -> None:
    """Delete the numbers of editions that are not in force and not being loaded. Again and again does no harm."""
    alive = Q(job__state=JobState.WAITING) | Q(
        job__state=JobState.RUNNING, job__beat_at__gt=timezone.now() - jobs.LOST_AFTER
    )
    # A load of changes still reads the edition they are to be applied to.
    bases = ListEdition.objects.filter(alive, base__isnull=False).values("base")
    left = (
        ListEdition.objects.filter(Q(has_numbers=True) | ~Q(file=""))
        .exclude(alive)
        .exclude(pk__in=ExternalList.objects.exclude(edition=None).values("edition"))
        .exclude(pk__in=bases)
    )
    for edition in left:
        list_numbers.delete(edition.pk)
        edition.file.delete(save=False)
        ListEdition.objects.filter(pk=edition.pk).update(has_numbers=False, file="")


def good_for(country: str) -> timedelta:
    """How old a list of that country (ISO 3166) may be."""
    return list_age(packs_of(country), timezone.now())


def good_until(as_of: date, country: str) -> date:
    """The last day on which a list of that date may be relied on."""
    return as_of + good_for(country)


def last_day(as_of: date, country: str, zone: ZoneInfo) -> date:
    """The last day, on a location's clock, on which calls go out by a list of that date.

    The rule counts days by the clock furthest ahead on Earth, so west of it they end before midnight, mostly before the
    hours in which anybody may be called.
    """
    ends = datetime.combine(good_until(as_of, country) + timedelta(days=1), time(), UTC) - FURTHEST_AHEAD
    local = ends.astimezone(zone)
    return local.date() if local.time() > OPENS else local.date() - timedelta(days=1)


def with_first_load(lists: QuerySet[ExternalList]) -> QuerySet[ExternalList]:
    """The lists, with whether each is being loaded for the first time: until that is over it stops no call."""
    over = ListEdition.objects.filter(list=OuterRef("pk"), job__ended_at__isnull=False)
    is_new = Q(edition=None, deleted_at=None, created_at__gt=timezone.now() - list_numbers.FIRST_LOAD)
    awaits = ExpressionWrapper(is_new & ~Q(Exists(over)), output_field=BooleanField())
    # By a name in quotes: the checker of types takes the other for a second definition of the model's attribute.
    return lists.annotate(**{"awaits_first_load": awaits})  # noqa: PIE804


def warnings(organization_id: int, today: date) -> list[ExternalList]:
    """The lists that were never loaded whole or are too old, or will be within a week; the oldest first."""
    lists = with_first_load(ExternalList.objects.active().filter(organization_id=organization_id))
    return [
        each
        for each in lists.select_related("edition").order_by(
            F("edition__as_of").asc(nulls_first=True), "name"
        )
        if each.edition is None or good_until(each.edition.as_of, each.country) < today + WARN_BEFORE
    ]
