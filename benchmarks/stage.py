"""What every benchmark stands on: a throwaway database, medians, and results that the report is written from."""

import gc
import json
import os
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.postgres import Cluster, throwaway

# A look that takes seconds instead of the full sizes.
SMALL = os.environ.get("BENCH_SMALL") == "1"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. met: None where the design names no target."""

    what: str
    measured: str
    limit: str = ""
    target: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return {None: "", True: "met", False: "**missed**"}[self.met]


def scaled(full: int, small: int) -> int:
    """How many to do: the full size, or the small one with BENCH_SMALL=1 (a look that takes seconds)."""
    return small if SMALL else full


@contextmanager
def postgresql(process: str = "worker") -> Iterator[Cluster]:
    """Django on an empty, migrated PostgreSQL that writes as durably as production."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder, throwaway(fsync=True) as cluster:
        _start_django(folder, cluster.url, process)
        try:
            yield cluster
        finally:
            _disconnect()


@contextmanager
def sqlite(process: str = "worker") -> Iterator[str]:
    """Django on an empty, migrated SQLite file; its URL."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        url = f"sqlite:///{folder}/parley.sqlite3"
        _start_django(folder, url, process)
        try:
            yield url
        finally:
            _disconnect()


def _end(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def _start_django(folder: str, url: str, process: str) -> None:
    signal.signal(signal.SIGTERM, _end)  # so that whoever ends us leaves no database behind
    os.environ.update(
        DATABASE_URL=url,
        PARLEY_VAR=folder,
        PARLEY_PROCESS=process,
        DJANGO_SETTINGS_MODULE="config.settings",
        LOG_LEVEL="ERROR",
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)

    from accounts.garbage import collect_seldom

    collect_seldom()  # as the product's own processes do


def _disconnect() -> None:
    from django.db import connections

    connections.close_all()


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def median(values: list[float]) -> float:
    return statistics.median(values)


def percentile(values: list[float], part: float) -> float:
    """The value below which `part` (0..1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def memory() -> float:
    """Megabytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def memory_over_base() -> Iterator[list[float]]:
    """Fills the list with the most megabytes that the block needed above what the process had before it."""
    gc.collect()
    base, most, done = memory(), [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            most[0] = max(most[0], memory() - base)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()
        most[0] = max(most[0], memory() - base)


def report(name: str, figures: list[Figure], plans: str = "") -> None:
    """Print the figures; with BENCH_RESULTS naming a folder also leave them there for `python -m benchmarks`."""
    for figure in figures:
        line = f"{figure.what}: {figure.measured}"
        line += f" | limit {figure.limit}" if figure.limit else ""
        line += f" | target {figure.target} {figure.verdict}" if figure.target else ""
        print(line, flush=True)
    if folder := os.environ.get("BENCH_RESULTS"):
        path = Path(folder) / f"{name}.json"
        path.write_text(
            json.dumps(
                {
                    "when": f"({datetime.now(UTC):%H:%M}, load {os.getloadavg()[0]:.1f})",
                    "figures": [asdict(f) for f in figures],
                    "plans": plans,
                },
                indent=1,
            )
        )


def progress(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)
