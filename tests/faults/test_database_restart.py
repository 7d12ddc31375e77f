"""Row 8: the database crashes and returns in the middle of work, and connections are cut under everybody's feet."""

import time
from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from dialer.models import Call
from tests.faults.conftest import Theatre, scaled, theatre_on
from tests.faults.evidence import carrier_log
from tests.postgres import Cluster, throwaway
from tests.stack import Databases

RESTARTS = scaled(2, 20)
CUTS = scaled(2, 20)
LOCATIONS, CALLS_EACH = scaled(40, 100), scaled(10, 120)


@pytest.fixture(scope="module")
def crashing() -> Iterator[Cluster]:
    """What was committed must survive the crash of the server's processes."""
    with throwaway(settings={"synchronous_commit": "on"}) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def theatre(
    crashing: Cluster,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[Theatre]:
    databases = Databases(tmp_path_factory.mktemp("crashing-databases"), crashing.url)
    with (
        django_db_blocker.unblock(),
        theatre_on(databases, tmp_path_factory.mktemp("crashing"), request.node) as theatre,
    ):
        yield theatre


@pytest.fixture(scope="module")
def returns(theatre: Theatre, crashing: Cluster) -> list[float]:
    """Seconds from each return of the database to the next dial."""
    from django.db import connection

    scene = theatre.scenery.make(LOCATIONS, CALLS_EACH)
    theatre.scenery.spread_slots()
    back: list[float] = []
    with theatre.drains("--width", "2"):

        def wait_for_dials(instant: float, what: str) -> None:
            theatre.wait(lambda: len(dials_since(instant)) > 5, what)

        def dials_since(instant: float) -> list[float]:
            return [
                entry["received_at"]
                for entry in carrier_log(theatre.stack)
                if entry["kind"] == "create" and entry["received_at"] > instant
            ]

        theatre.wait(lambda: len(dials_since(0)) > 10, "the first dials")
        for _ in range(RESTARTS):
            connection.close()
            crashing.stop(immediate=True)
            time.sleep(1.5)
            crashing.start()
            back.append(time.time())
            wait_for_dials(back[-1], "dials after the database's return")
        for _ in range(CUTS):
            connection.close()
            with psycopg.connect(crashing.maintenance_url, autocommit=True) as cutter:
                cutter.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                    "AND backend_type = 'client backend'"
                )
            cut = time.time()
            wait_for_dials(cut, "dials after the connections were cut")
        scene.calls.filter(state="queued").update(held=True)
        theatre.settle()
        theatre.stack.check_alive()
        return [dials_since(instant)[0] - instant for instant in back]


def test_no_breach_after_the_database_crashed(theatre: Theatre, returns: list[float]) -> None:
    assert theatre.breaches() == []


def test_nothing_had_to_be_started_again(theatre: Theatre, returns: list[float]) -> None:
    print("seconds from the database's return to the first dial:", [f"{each:.2f}" for each in returns])
    log = (theatre.stack.folder / "drains.log").read_text()
    assert "drain ended" not in log, "a drain died of a database that went away"
    assert log.count("drain_started") == 2
    assert Call.objects.filter(started_at__isnull=False).count() > 20


def test_what_was_delivered_into_the_gap_was_answered_with_an_error(
    theatre: Theatre, returns: list[float]
) -> None:
    answers = Counter(entry["status"] for entry in carrier_log(theatre.stack) if entry["kind"] == "delivery")
    assert set(answers) <= {200, 204, 500, None}
    assert answers[204]
