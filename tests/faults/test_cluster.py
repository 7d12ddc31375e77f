"""Row 29: django-q2 loses workers, tasks and schedules, or has them twice. The calls are made all the same, once."""

import os
import signal
from pathlib import Path

import pytest
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from dialer.models import Call
from supervisor import signal_group
from tests.faults.conftest import Theatre, scaled

LOCATIONS, CALLS_EACH = scaled(20, 40), scaled(3, 20)


@pytest.fixture(scope="module")
def programs() -> tuple[str, ...]:
    return ("web", "worker", "dialer", "sandbox")


def family(pid: int) -> list[int]:
    """The process and all below it, the main process of the cluster first."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in below for each in family(int(child)))]


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def troubled(theatre: Theatre) -> Theatre:
    theatre.scenery.make(LOCATIONS, CALLS_EACH)
    waiting = Call.objects.filter(state__in=("created", "queued"))
    everything = waiting.count()

    def until_fewer(share: float, what: str) -> None:
        theatre.wait(lambda: waiting.count() <= share * everything, what)

    until_fewer(0.9, "the first calls")
    # The same task again and again, and the schedules twice.
    for _ in range(4):
        async_task("dialer.tasks.drain", cluster="dialer")
        async_task("dialer.tasks.every_minute")
    for schedule in Schedule.objects.filter(func="dialer.tasks.drain"):
        schedule.pk, schedule.name = None, f"{schedule.name}, once more"
        schedule.save()
    until_fewer(0.7, "calls with doubled tasks and schedules")
    # A task that is lost: its row is gone.
    OrmQ.objects.all().delete()
    roles = family(theatre.stack.processes["dialer"].pid)[2:]
    for pid in roles:
        # Workers, pusher, monitor: each role dies by itself.
        os.kill(pid, signal.SIGKILL)
    theatre.wait(lambda: not any(map(lives, roles)), "each role dead")
    # What the supervisor does when the beat is old: end the wedged cluster, start another.
    for name in ("dialer", "worker"):
        process = theatre.stack.processes[name]
        signal_group(process.pid, signal.SIGKILL)
        process.wait()
    theatre.stack.start(theatre.guard, ["dialer", "worker"])
    theatre.settle()
    return theatre


def test_no_breach_when_the_cluster_was_killed_and_its_tasks_doubled(troubled: Theatre) -> None:
    assert troubled.breaches() == []


def test_every_call_was_analysed_though_its_task_was_lost(troubled: Theatre) -> None:
    dialled = Call.objects.filter(started_at__isnull=False)
    troubled.wait(lambda: not dialled.filter(analysed_at=None).exists(), "every call analysed")
