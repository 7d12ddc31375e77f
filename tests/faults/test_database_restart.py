"""Rows 8 and 9: the database crashes and returns in the middle of work, cuts or refuses connections, is full."""

import contextlib
import time
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import psycopg
import pytest
from django.db import OperationalError
from pytest_django import DjangoDbBlocker

from dialer.models import Call, Pace
from telephony import signatures
from telephony.models import CarrierAccount
from tests.faults.conftest import Theatre, scaled, theatre_on
from tests.faults.evidence import carrier_log
from tests.postgres import Cluster, throwaway
from tests.stack import Databases

RESTARTS = scaled(2, 20)
CUTS = scaled(1, 20)
EXHAUSTIONS = scaled(1, 5)
LOCATIONS, CALLS_EACH = scaled(40, 100), scaled(16, 90)
# So much later each call's ringing is told: some of it falls into every gap.
LATE_SECONDS = 5
# The first gap is as long as this: who tries again ever more seldom has by then become slow to see the end of it.
LONG_GAP = 17


@pytest.fixture(scope="module")
def crashing() -> Iterator[Cluster]:
    """What was committed must survive the crash of the server's processes."""
    settings = {"synchronous_commit": "on", "track_commit_timestamp": "on", "max_connections": "60"}
    with throwaway(settings=settings) as cluster:
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
CLIENTS = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> ALL(%s)"


@dataclass
class Troubles:
    """Epoch seconds. gaps: without a database. returns: from the end of each, and from when a location may dial, to the
    next dial. taken: from the end of each to the next callback that was taken."""

    gaps: list[tuple[float, float]] = field(default_factory=list)
    returns: list[float] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    full: tuple[float, float] = (0.0, 0.0)


@contextlib.contextmanager
def no_connection_left(cluster: Cluster) -> Iterator[None]:
    """All connections that the server gives are taken, from those at work too."""
    with contextlib.ExitStack() as taken:
        ours = [taken.enter_context(psycopg.connect(cluster.maintenance_url, autocommit=True))]
        others = True
        while others:
            mine = [connection.info.backend_pid for connection in ours]
            ours[0].execute(f"SELECT pg_terminate_backend(pid) {CLIENTS}", [mine])
            with contextlib.suppress(psycopg.OperationalError):
                while True:
                    ours.append(taken.enter_context(psycopg.connect(cluster.maintenance_url)))
            mine = [connection.info.backend_pid for connection in ours]
            others = bool(ours[0].execute(f"SELECT pid {CLIENTS}", [mine]).fetchall())
        yield


@pytest.fixture(scope="module")
def troubles(theatre: Theatre, crashing: Cluster) -> Troubles:
    """Everything that this database does to us, one after the other."""
    from django.db import connection

    troubles = Troubles()
    scene = theatre.scenery.make(LOCATIONS, CALLS_EACH)
    theatre.scenery.spread_slots()
    theatre.control("faults", kind="callback_late", event="ringing", seconds=LATE_SECONDS)
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

        def wait_for_trouble(gone: float, noticed: int) -> None:
            """Long enough that those at work met it, whatever they were doing."""
            theatre.wait(
                lambda: waits() > noticed and bool(answered(theatre, (500,), gone)),
                "a drain that waits for its database, and a callback that was refused",
            )

        def back_since(gone: float, what: str) -> None:
            back = time.time()
            # All locations may have dialled at the return before, six seconds ago at most.
            opens = min(Pace.objects.values_list("next_slot_at", flat=True)).timestamp()
            wait_for_dials(back, what)
            theatre.wait(lambda: bool(answered(theatre, (200, 204), back)), "a callback that is taken again")
            troubles.gaps.append((gone, back))
            troubles.returns.append(max(0.0, dials_since(back)[0] - max(back, opens)))
            troubles.taken.append(answered(theatre, (200, 204), back)[0] - back)

        theatre.wait(lambda: len(dials_since(0)) > 10, "the first dials")
        for _ in range(RESTARTS):
            connection.close()
            noticed = waits()
            crashing.stop(immediate=True)
            gone = time.time()
            wait_for_trouble(gone, noticed)
            theatre.wait(
                lambda since=gone: bool(troubles.gaps) or time.time() > since + LONG_GAP, "a long gap"
            )
            crashing.start()
            back_since(gone, "dials after the database's return")
        for _ in range(CUTS):
            connection.close()
            with psycopg.connect(crashing.maintenance_url, autocommit=True) as cutter:
                cutter.execute(f"SELECT pg_terminate_backend(pid) {CLIENTS}", [[cutter.info.backend_pid]])
            wait_for_dials(time.time(), "dials after the connections were cut")
        for _ in range(EXHAUSTIONS):
            connection.close()
            noticed = waits()
            with no_connection_left(crashing):
                gone = time.time()
                wait_for_trouble(gone, noticed)
            back_since(gone, "dials after there were connections again")
        with psycopg.connect(theatre.stack.env["DATABASE_URL"], autocommit=True) as filler:
            noticed = waits()
            filler.execute(NO_ROOM)
            for table in TABLES:
                filler.execute(
                    f"CREATE TRIGGER no_room BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION no_room()"
                )
            begun = time.time()
            theatre.wait(
                lambda: time.time() > begun + FULL_SECONDS and waits() > noticed,
                "a drain that meets the full disk",
            )
            troubles.full = begun, time.time()
            for table in TABLES:
                filler.execute(f"DROP TRIGGER no_room ON {table}")
        wait_for_dials(troubles.full[1], "dials after the disk had room again")
        scene.calls.filter(state="queued").update(held=True)
        theatre.settle()
        theatre.stack.check_alive()
    return troubles


def answered(
    theatre: Theatre, statuses: Collection[int], begun: float, ended: float = float("inf")
) -> list[float]:
    """When deliveries were answered so, in this time."""
    return [
        entry["at"]
        for entry in carrier_log(theatre.stack)
        if entry["kind"] == "delivery" and begun < entry["at"] < ended and entry["status"] in statuses
    ]


def test_no_breach_after_the_database_crashed(theatre: Theatre, troubles: Troubles) -> None:
    assert theatre.breaches() == []


def test_nothing_had_to_be_started_again(theatre: Theatre, troubles: Troubles) -> None:
    log = (theatre.stack.folder / "drains.log").read_text()
    assert "drain ended" not in log, "a drain died of a database that went away"
    # Two at work when they were stopped; others ended in their own time.
    assert log.count("drain_started") - log.count("drain_ended") == 2
    assert Call.objects.filter(started_at__isnull=False).count() > 20


def test_the_first_dial_leaves_within_five_seconds_of_the_return(
    theatre: Theatre, troubles: Troubles
) -> None:
    print(
        "seconds from the database's return to the first dial:", [f"{each:.2f}" for each in troubles.returns]
    )
    assert len(troubles.returns) == RESTARTS + EXHAUSTIONS
    assert max(troubles.returns) <= 5


def test_what_was_delivered_into_the_gap_was_answered_with_an_error(
    theatre: Theatre, troubles: Troubles
) -> None:
    answers = Counter(entry["status"] for entry in carrier_log(theatre.stack) if entry["kind"] == "delivery")
    assert set(answers) <= {200, 204, 500, None}
    assert answers[204]
    assert all(answered(theatre, (500,), *gap) for gap in troubles.gaps)


def test_callbacks_are_taken_again_soon_after_the_return(theatre: Theatre, troubles: Troubles) -> None:
    """The web's connections too are made again within seconds, however long the database was away."""
    print(
        "seconds from the database's return to the first callback:",
        [f"{each:.2f}" for each in troubles.taken],
    )
    # A request waits ten seconds for a connection and is tried a second time; the pool by itself would take minutes.
    assert max(troubles.taken) <= 30


def test_nothing_is_dialled_or_acknowledged_that_finds_no_room(theatre: Theatre, troubles: Troubles) -> None:
    begun, ended = troubles.full
    log = carrier_log(theatre.stack)
    assert not [
        entry for entry in log if entry["kind"] == "create" and begun + 6 < entry["received_at"] < ended
    ]
    assert not answered(theatre, (200, 204), begun + 4, ended)


def test_callbacks_without_a_database_do_not_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose accounts are unknown yet: one waits for the time limit of a connection, the others have its error."""
    reads: list[float] = []

    def away(*_: str) -> None:
        reads.append(time.monotonic())
        raise OperationalError("couldn't get a connection after 10.00 sec")

    monkeypatch.setattr(CarrierAccount.objects, "only", away)
    accounts = signatures._Accounts()
    for _ in range(5):
        with pytest.raises(OperationalError):
            accounts.get("AC1")
    assert len(reads) == 1

    accounts._failed_at -= signatures._AGAIN_SECONDS
    with pytest.raises(OperationalError):
        accounts.get("AC1")
    assert len(reads) == 2
