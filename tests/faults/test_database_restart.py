"""Rows 8 and 9: the database crashes and returns in the middle of work, connections are cut, its disk is full."""

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
LOCATIONS, CALLS_EACH = scaled(40, 100), scaled(10, 80)


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


# Longer than what was committed before may still leave: 5 s.
FULL_SECONDS = scaled(9, 60)
# What PostgreSQL answers when a file cannot grow (error 53100), here for every row of work instead of by chance.
NO_ROOM = """
    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$
"""
TABLES = ("telephony_carrierevent", "compliance_decision", "dialer_attempt")
full: list[float] = []


@pytest.fixture(scope="module")
def returns(theatre: Theatre, crashing: Cluster) -> list[float]:
    """Seconds from each return of the database to the next dial. The time without room goes into `full`."""
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

        def waits() -> int:
            return (theatre.stack.folder / "drains.log").read_text().count("drain_waits_for_database")

        theatre.wait(lambda: len(dials_since(0)) > 10, "the first dials")
        for _ in range(RESTARTS):
            connection.close()
            noticed = waits()
            crashing.stop(immediate=True)
            # Long enough that those at work met it, whatever they were doing.
            theatre.wait(lambda before=noticed: waits() > before, "a drain that waits for its database")
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
        with psycopg.connect(theatre.stack.env["DATABASE_URL"], autocommit=True) as filler:
            noticed = waits()
            filler.execute(NO_ROOM)
            for table in TABLES:
                filler.execute(
                    f"CREATE TRIGGER no_room BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION no_room()"
                )
            full.append(time.time())
            theatre.wait(
                lambda: time.time() > full[0] + FULL_SECONDS and waits() > noticed,
                "a drain that meets the full disk",
            )
            full.append(time.time())
            for table in TABLES:
                filler.execute(f"DROP TRIGGER no_room ON {table}")
        wait_for_dials(full[1], "dials after the disk had room again")
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
    # Two at work when they were stopped; others ended in their own time.
    assert log.count("drain_started") - log.count("drain_ended") == 2
    assert Call.objects.filter(started_at__isnull=False).count() > 20


def test_what_was_delivered_into_the_gap_was_answered_with_an_error(
    theatre: Theatre, returns: list[float]
) -> None:
    answers = Counter(entry["status"] for entry in carrier_log(theatre.stack) if entry["kind"] == "delivery")
    assert set(answers) <= {200, 204, 500, None}
    assert answers[204]


def test_nothing_is_dialled_or_acknowledged_that_finds_no_room(
    theatre: Theatre, returns: list[float]
) -> None:
    begun, ended = full
    log = carrier_log(theatre.stack)
    assert not [
        entry for entry in log if entry["kind"] == "create" and begun + 6 < entry["received_at"] < ended
    ]
    answers = [
        entry["status"] for entry in log if entry["kind"] == "delivery" and begun + 4 < entry["at"] < ended
    ]
    assert not {200, 204} & set(answers)
