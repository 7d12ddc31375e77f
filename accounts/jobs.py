"""Long work: a Job row that a worker drives and a page watches."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.tasks import async_task

from accounts.files import is_full
from accounts.models import Job, JobState, Location, Role

log = structlog.get_logger(__name__)
Work = Callable[["Progress"], dict[str, Any]]
_KINDS: dict[str, Work] = {}
_ROLES: dict[str, Role] = {}
UNEXPECTED = (
    "Something went wrong on our side. Nothing was changed by this job. Try again; the log names the cause."
)
WORKER_LOST = (
    "The worker that did this was lost: it crashed, or its machine was stopped. Nothing was changed by this job. "
    "Start it again."
)
# A job that was not heard of for so long has lost its worker: the queue ends a task after ten minutes.
LOST_AFTER = timedelta(minutes=15)
# Work that may be done twice is begun again after so long a silence: nobody waits for the queue to notice.
REPEATED_AFTER = timedelta(minutes=3)
TAKEN_WITHIN = timedelta(minutes=1)
MOST_RECOVERED = 100
FILES_KEPT = timedelta(days=7)
NO_ROOM = (
    "There is no room on the disk to write files. Nothing was changed by this job. "
    "Tell whoever runs Parley for you, and try again when there is room."
)


class Canceled(Exception):  # noqa: N818 (a wish, not a fault)
    """Raised inside the work when the person pressed cancel; the work's own transaction rolls back."""


class JobError(Exception):
    """A failure to show to the person as it is: what happened, what was kept, what to do."""


def work(kind: str, role: Role = Role.VIEWER) -> Callable[[Work], Work]:
    """Register the function that does jobs of this kind. It gets a Progress and returns the job's result (JSON).

    role: the least one that may have the result file.
    """

    def decorate(function: Work) -> Work:
        _KINDS[kind], _ROLES[kind] = function, role
        return function

    return decorate


def file_role(kind: str) -> Role:
    """The least role that may have the result file of jobs of this kind."""
    return _ROLES.get(kind, Role.VIEWER)


def start(
    location: Location,
    kind: str,
    title: str,
    *,
    created_by: Any = None,
    unit: str = "rows",
    **parameters: Any,
) -> Job:
    """Make the job and hand it to a worker when the surrounding transaction commits."""
    job = Job.objects.create(
        location=location, kind=kind, title=title, unit=unit, created_by=created_by, parameters=parameters
    )
    transaction.on_commit(lambda: async_task("accounts.tasks.run_job", job.pk))
    return job


class Progress:
    """What the work says about itself: the row is written at most twice a second, and when all is done."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._written = 0.0

    def advance(self, done: int, total: int | None = None) -> None:
        """Set how much is done; raises Canceled when the person asked to stop."""
        self.job.done = done
        if total is not None:
            self.job.total = total
        if time.monotonic() - self._written >= 0.5 or self.job.done == self.job.total:
            self._written = time.monotonic()
            Job.objects.filter(pk=self.job.pk).update(
                done=self.job.done, total=self.job.total, beat_at=timezone.now()
            )
            if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
                raise Canceled


def run(job_id: int) -> None:
    """Do one job, once: the conditional update is the claim, so a doubled task finds nothing to do."""
    claimed = Job.objects.filter(pk=job_id, state=JobState.WAITING).update(
        state=JobState.RUNNING, started_at=timezone.now(), beat_at=timezone.now()
    )
    if not claimed:
        return
    job = Job.objects.select_related("location__organization", "created_by").get(pk=job_id)
    state, error, result = JobState.DONE, "", {}
    try:
        result = _KINDS[job.kind](Progress(job)) or {}
    except Canceled:
        state = JobState.CANCELED
    except JobError as exc:
        state, error = JobState.FAILED, str(exc)
    except OSError as exc:
        log.exception("job_failed", job=job.code, kind=job.kind)
        state, error = JobState.FAILED, NO_ROOM if is_full(exc) else UNEXPECTED
    except Exception:
        log.exception("job_failed", job=job.code, kind=job.kind)
        state, error = JobState.FAILED, UNEXPECTED
    job.result.update(result)
    Job.objects.filter(pk=job_id).update(
        state=state, error=error, result=job.result, done=job.done, total=job.total, ended_at=timezone.now()
    )


def is_alive(job: Job) -> bool:
    """Whether work that may be done twice waits or is under way, and was heard of within REPEATED_AFTER."""
    return not job.is_over and (job.beat_at or job.created_at) > timezone.now() - REPEATED_AFTER


def cancel(job: Job) -> None:
    """Ask the work to stop; a job that no worker took yet is over at once."""
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(
        state=JobState.CANCELED, ended_at=timezone.now()
    )


def recover() -> None:
    """Every minute: fail the jobs whose worker was lost, and queue again those whose task was."""
    now = timezone.now()
    still = Job.objects.order_by("created_at").filter(created_at__lt=now - TAKEN_WITHIN)
    for job in still.filter(state=JobState.RUNNING, beat_at__lt=now - LOST_AFTER)[:MOST_RECOVERED]:
        if Job.objects.filter(pk=job.pk, state=JobState.RUNNING, beat_at=job.beat_at).update(
            state=JobState.FAILED, error=WORKER_LOST, ended_at=now
        ):
            log.error("job_lost_its_worker", job=job.code, kind=job.kind)
    # With anything still in the queue, that may be the very task; a job that is queued twice is done once.
    if get_broker().queue_size() == 0:
        waiting = still.filter(state=JobState.WAITING).values_list("pk", flat=True)
        for job_id in waiting[:MOST_RECOVERED]:
            async_task("accounts.tasks.run_job", job_id)


def delete_old_files() -> None:
    """Every minute: delete the result files of jobs that ended more than FILES_KEPT ago.

    Archives and reports hold people's numbers, and whoever needs one again has it made again.
    """
    ended = Job.objects.filter(ended_at__lt=timezone.now() - FILES_KEPT).exclude(result_file="")
    for job in ended.order_by("ended_at")[:MOST_RECOVERED]:
        job.result_file.delete(save=False)
        Job.objects.filter(pk=job.pk).update(result_file="")
