"""Row 9: SQLite held by a long writer, and a disk without room: nothing is dialled or acknowledged unstored."""

import resource
import sqlite3
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.faults.conftest import Theatre, scaled
from tests.faults.evidence import carrier_log
from tests.stack import Databases

LOCATIONS, CALLS_EACH = scaled(12, 30), scaled(8, 40)
# Longer than the product waits for a lock: 20 s.
LOCKED_SECONDS = 24
FULL_SECONDS = scaled(12, 60)


@pytest.fixture(scope="module")
def databases(sqlite_databases: Databases) -> Databases:
    return sqlite_databases


def processes_of(group: int) -> list[int]:
    """The process with this id and its children."""
    children = Path(f"/proc/{group}/task/{group}/children").read_text().split()
    return [group, *map(int, children)]


def creates(theatre: Theatre) -> list[float]:
    return [entry["received_at"] for entry in carrier_log(theatre.stack) if entry["kind"] == "create"]


@pytest.fixture(scope="module")
def troubles(theatre: Theatre) -> dict[str, tuple[float, float]]:
    """When each trouble began and ended."""
    from django.db import connection

    scene = theatre.scenery.make(LOCATIONS, CALLS_EACH)
    theatre.scenery.spread_slots(5)
    path = urlsplit(theatre.stack.env["DATABASE_URL"]).path
    found = {}
    with theatre.drains("--width", "1") as deaths:
        theatre.wait(lambda: len(creates(theatre)) > LOCATIONS, "the first dials")

        writer = sqlite3.connect(path, timeout=30, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        begun = time.time()
        time.sleep(LOCKED_SECONDS)
        writer.execute("ROLLBACK")
        writer.close()
        found["locked"] = begun, time.time()
        before = len(creates(theatre))
        theatre.wait(lambda: len(creates(theatre)) > before + 5, "dials after the lock")

        # A process that may write no file beyond its first page meets the same refusal as on a full disk.
        limited = [*processes_of(theatre.crew), theatre.stack.processes["web"].pid]
        connection.close()
        for process in limited:
            resource.prlimit(process, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        begun = time.time()
        time.sleep(FULL_SECONDS)
        for process in limited:
            resource.prlimit(process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        found["full"] = begun, time.time()
        before = len(creates(theatre))
        theatre.wait(lambda: len(creates(theatre)) > before + 5, "dials after the disk had room again")

        assert not deaths()
        scene.calls.filter(state="queued").update(held=True)
        theatre.settle()
        theatre.stack.check_alive()
    return found


def test_no_breach_while_nothing_could_be_stored(
    theatre: Theatre, troubles: dict[str, tuple[float, float]]
) -> None:
    assert theatre.breaches() == []


@pytest.mark.parametrize("trouble", ["locked", "full"])
def test_nothing_was_dialled_or_acknowledged_meanwhile(
    theatre: Theatre, troubles: dict[str, tuple[float, float]], trouble: str
) -> None:
    begun, ended = troubles[trouble]
    # What was committed before it may leave within 5 s, and is answered when the machine has time for it.
    assert not [at for at in creates(theatre) if begun + 8 < at < ended]
    stored = [
        entry
        for entry in carrier_log(theatre.stack)
        if entry["kind"] == "delivery" and begun + 4 < entry["at"] < ended and entry["status"] in (200, 204)
    ]
    assert not stored


def test_the_log_says_what_the_drain_waits_for(
    theatre: Theatre, troubles: dict[str, tuple[float, float]]
) -> None:
    assert "drain_waits_for_database" in (theatre.stack.folder / "drains.log").read_text()
