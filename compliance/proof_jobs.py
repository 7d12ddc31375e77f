"""Long work of the page Proof: the audit archive and the replay, each a job with a file."""

import io
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from django.core.files import File
from django.db.models import Sum

from accounts import jobs
from accounts.models import Location, Member, Role
from compliance import audit, replay_csv, seal_checks
from compliance.models import Book, Seal
from compliance.packs import RulePack, parse_pack
from compliance.replay import CHANGES, Changed, Replay
from compliance.seals import seals_of
from compliance.words import in_words

EXPORT, REPLAY, CHECK = "compliance.export", "compliance.replay", "compliance.check_seals"
LARGEST_PACK = 64 * 1024
REFUSED_SHOWN = 20
# The queue ends a task after ten minutes; what is left then is compared by the schedule.
CHECKED_AT_ONCE = 5_000_000


def read_pack(name: str, text: str) -> RulePack:
    """A pack from a file's name without its ending and its text. Raises ValueError saying what to mend."""
    if len(text) > LARGEST_PACK:
        raise ValueError("A rule pack is a text of at most 64 kB.")
    try:
        return parse_pack(name, tomllib.loads(text))
    except ValueError as error:
        raise ValueError(f"The rule pack {name} cannot be used: {error}") from error


def decisions_of(location: Location, start: datetime, end: datetime) -> int:
    """About how many decisions the period has: those under its seals."""
    made = seals_of(Book.DECISIONS, location.pk).filter(ends_at__gt=start, starts_at__lt=end)
    return made.aggregate(all=Sum("count"))["all"] or 0


@contextmanager
def _result(job: Any, name: str, mode: str) -> Iterator[IO[Any]]:
    """A file on the side that becomes the job's result when the work is done whole."""
    with tempfile.TemporaryFile() as raw:
        text = io.TextIOWrapper(raw, "utf-8", newline="", write_through=True) if mode == "w" else None
        yield text or raw
        if text:
            text.flush()
        raw.seek(0)
        job.result_file.save(name, File(raw))
        if text:
            text.detach()


@jobs.work(EXPORT, Role.MANAGER)
def export(progress: jobs.Progress) -> dict[str, Any]:
    """Parameters: start, end (ISO), whole: also the other locations of the organization that its asker manages."""
    job = progress.job
    start, end = (datetime.fromisoformat(job.parameters[key]) for key in ("start", "end"))
    locations = [job.location]
    if job.parameters["whole"]:
        managed = Member.objects.filter(
            user=job.created_by,
            role__in=(Role.MANAGER, Role.OWNER),
            location__organization=job.location.organization,
        )
        locations = list(Location.objects.filter(pk__in=managed.values("location")).order_by("pk"))
    progress.advance(0, sum(decisions_of(location, start, end) for location in locations) or None)
    name = f"audit-{job.location.code}-{start:%Y-%m-%d}-{end:%Y-%m-%d}.zip"
    with _result(job, name, "b") as file:
        audit.export(file, job.location.organization, locations, start, end, progress.advance)
        file.seek(0)
        fingerprint = audit.fingerprint(file)
    return {"fingerprint": fingerprint}


@jobs.work(REPLAY, Role.MANAGER)
def replay(progress: jobs.Progress) -> dict[str, Any]:
    """Parameters: start, end (ISO), packs: name → text of a changed pack."""
    job = progress.job
    start, end = (datetime.fromisoformat(job.parameters[key]) for key in ("start", "end"))
    try:
        packs = {name: read_pack(name, text) for name, text in job.parameters["packs"].items()}
    except ValueError as error:
        raise jobs.JobError(str(error)) from error
    progress.advance(0, decisions_of(job.location, start, end) or None)
    run = Replay(packs)
    refused: list[Changed] = []

    def noted() -> Iterator[Changed]:
        for each in run.run(job.location, start, end, progress.advance):
            if each.change == "refused" and len(refused) < REFUSED_SHOWN:
                refused.append(each)
            yield each

    with _result(job, f"replay-{start:%Y-%m-%d}-{end:%Y-%m-%d}.csv", "w") as file:
        replay_csv.write(file, noted(), job.location.zone)
    return {
        "decided": run.decided,
        "unreadable": run.unreadable,
        "counts": [[label, run.counts[key]] for key, label in CHANGES.items()],
        "refused": [
            {
                "phone": each.decision.phone,
                "at": f"{each.decision.decided_at.astimezone(job.location.zone):%Y-%m-%d %H:%M}",
                "why": in_words(each.verdict.reasons),
            }
            for each in refused
        ],
    }


@jobs.work(CHECK)
def check(progress: jobs.Progress) -> dict[str, Any]:
    """Compare every sealed row of the location with its seal, from the first on."""
    location = progress.job.location
    total = Seal.objects.filter(location=location).aggregate(all=Sum("count"))["all"] or 0
    progress.advance(0, total)
    rounds = [seal_checks.begin(book, location) for book in Book.values]
    compared = 0
    for each in rounds:
        while each.ended_at is None and compared < CHECKED_AT_ONCE:
            compared += seal_checks.advance(each)
            progress.advance(compared)
    return {
        "compared": compared,
        "deviations": sum(each.deviations for each in rounds),
        "goes_on": any(each.ended_at is None for each in rounds),
    }
