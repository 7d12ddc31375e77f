"""Stacks for fault tests: a PostgreSQL of their own, real processes, drains that the test may kill."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import QuerySet
from django.utils.timezone import now
from pytest_django import DjangoDbBlocker

from dialer.callbacks import UNKNOWN_OUTCOME
from dialer.models import Attempt, AttemptState, Call
from run import BASE
from supervisor import Guard, signal_group
from tests.faults import checker
from tests.faults.evidence import carrier_log, gather
from tests.faults.scene import Scenery
from tests.postgres import Cluster, throwaway
from tests.stack import Databases, Stack, running

# The long form repeats more; the short one is for `make test`.
LONG = os.environ.get("FAULTS_LONG") == "1"

# Seconds until a condition that does not come true fails its test: many times what it takes, on a busy machine too.
PATIENCE = 2400 if LONG else 400


# The long form asks more of a machine than it can do at once: there a request may be under way for the ten seconds for
# which its answer is awaited.
ON_ITS_WAY = timedelta(seconds=15 if LONG else 7)


def scaled(short: int, long: int) -> int:
    return long if LONG else short


# First: xdist reads the groups in the same hook, and before this one when only this folder is asked for.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A module with a stack is run by one xdist worker as a whole."""
    for item in items:
        if "theatre" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with throwaway(settings={"track_commit_timestamp": "on"}) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_databases(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(tmp_path_factory.mktemp("fault-databases"), postgres.url)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(tmp_path_factory.mktemp("sqlite-databases"), "")


@dataclass
class Theatre:
    """A running stack without a dialer; the test brings its own drains."""

    stack: Stack
    scenery: Scenery
    guard: Guard = field(default_factory=Guard)
    crew: int = 0
    """The process above the drains."""

    @contextlib.contextmanager
    def drains(self, *arguments: str) -> Iterator[Callable[[], Counter[str]]]:
        """Run tests.faults.worker with these arguments; the value counts the deaths so far by their points."""
        deaths = self.stack.folder / "deaths"
        deaths.touch()
        patience = [] if LONG else ["--hurried"]
        command = [sys.executable, "-m", "tests.faults.worker", "--log", str(deaths), *patience, *arguments]
        guard = Guard()
        with open(self.stack.folder / "drains.log", "ab") as log:
            process = subprocess.Popen(
                command,
                cwd=BASE,
                env={**self.stack.env, "PARLEY_PROCESS": "dialer"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        guard.add(process.pid)
        self.crew = process.pid
        try:
            yield lambda: Counter(deaths.read_text().split())
        finally:
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
            guard.remove(process.pid)

    def kill_sandbox(self) -> None:
        """The carrier is gone: nothing listens, and what was live there never heard of its end."""
        process = self.stack.processes["sandbox"]
        signal_group(process.pid, signal.SIGKILL)
        process.wait()

    def start_sandbox(self) -> None:
        """It comes back with what it had written down."""
        self.stack.start(self.guard, ["sandbox"])

    def control(self, path: str, **body: object) -> dict:
        return self.scenery.control(path, **body)

    def wait(self, done: Callable[[], bool], what: str, within: float = PATIENCE) -> None:
        deadline = time.monotonic() + within
        while not done():
            if time.monotonic() > deadline:
                log = (self.stack.folder / "drains.log").read_text()[-4000:]
                pytest.fail(f"Not within {within:g} s: {what}\n{self.states()}\n{log}", pytrace=False)
            time.sleep(0.1)

    def states(self) -> str:
        return (
            f"calls {dict(Counter(Call.objects.values_list('state', flat=True)))}, "
            f"attempts {dict(Counter(Attempt.objects.values_list('state', flat=True)))}"
        )

    def settle(self, within: float = PATIENCE) -> None:
        """Wait until no call waits that is due, and no dial is open."""
        open_dials = Attempt.objects.exclude(state__in=(AttemptState.ENDED, AttemptState.REFUSED))
        left = Call.objects.filter(state__in=checker.WAITING | checker.LIVE, held=False)
        today = now() + timedelta(hours=1)
        self.wait(
            lambda: not left.filter(due_at__lt=today).exists() and not open_dials.exists(),
            "every call over",
            within,
        )

    def undialled(self, calls: QuerySet[Call]) -> set[str]:
        """Numbers that were never dialled, though no call of theirs says why.

        What was reserved and not yet sent when its drain died is not dialled again, however much that was.
        """
        started = {entry["to"] for entry in carrier_log(self.stack) if entry["kind"] == "create"}
        given_up = calls.filter(failure_code=UNKNOWN_OUTCOME).values_list("phone", flat=True)
        return set(calls.values_list("phone", flat=True)) - started - set(given_up)

    def breaches(self, settle: timedelta = timedelta(0)) -> list[checker.Breach]:
        return checker.breaches(gather(self.stack, settle, self.scenery.past, ON_ITS_WAY))


@contextlib.contextmanager
def theatre_on(
    databases: Databases,
    folder: Path,
    node: pytest.Collector,
    only: Collection[str] = ("web", "sandbox"),
    **more: str,
) -> Iterator[Theatre]:
    with running(
        databases, folder, node, only, **{"SANDBOX_SPEED": "100", "SANDBOX_SEED": "7", **more}
    ) as stack:
        yield Theatre(stack, Scenery(stack))


@pytest.fixture(scope="module")
def programs() -> tuple[str, ...]:
    """What runs beside the test; a module may ask for other ones."""
    return ("web", "sandbox")


@pytest.fixture(scope="module")
def databases(request: pytest.FixtureRequest) -> Databases:
    """Where the stack keeps its rows; a module may ask for SQLite."""
    return request.getfixturevalue("postgres_databases")


@pytest.fixture(scope="module")
def theatre(
    databases: Databases,
    programs: tuple[str, ...],
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[Theatre]:
    with (
        django_db_blocker.unblock(),
        theatre_on(databases, tmp_path_factory.mktemp("faults"), request.node, programs) as theatre,
    ):
        yield theatre
