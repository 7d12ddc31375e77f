"""Row 18: an opt-out while the dial is being decided. By the database's own clock of commits, none is decided after."""

import random
import threading
import time
from collections import Counter

import pytest
from django.db import OperationalError, connection

from compliance import ledger
from compliance.models import ConsentEntry, ConsentKind, ConsentSource
from dialer.models import Attempt, Call, Pace
from dialer.placing import tick
from tests.faults.conftest import Theatre, scaled
from tests.faults.scene import Scene

PAIRS = scaled(60, 200)
ROUNDS = scaled(2, 50)
THREADS = 4


@pytest.fixture(scope="module")
def programs() -> tuple[str, ...]:
    return ("sandbox",)


def opt_out_all(
    scene: Scene, calls: list[Call], chance: random.Random, failures: list[BaseException]
) -> None:
    try:
        for call in calls:
            time.sleep(chance.uniform(0, 0.004))
            while True:
                try:
                    ledger.opt_out(
                        organization=scene.account.organization,
                        phone=call.phone,
                        location=call.location,
                        source=ConsentSource.SPOKEN,
                        evidence="Said on another call",
                    )
                    break
                except OperationalError:
                    continue  # A deadlock resolved against us: the person says it again.
    except BaseException as error:
        failures.append(error)
    finally:
        connection.close()


def decide_all(seed: int, stop: threading.Event, failures: list[BaseException]) -> None:
    chance = random.Random(seed)
    try:
        while not stop.is_set():
            try:
                tick(locations=chance.randint(1, 12))
            except OperationalError:
                continue
    except BaseException as error:
        failures.append(error)
    finally:
        connection.close()


def commits(model: type, condition: str) -> dict[str, float]:
    """When the rows' transactions were committed, by phone: epoch seconds of the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT phone, extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM {model._meta.db_table} "  # type: ignore[attr-defined]
            f"WHERE {condition}"
        )
        return {phone: float(at) for phone, at in cursor.fetchall()}


def test_no_dial_is_decided_once_an_opt_out_is_committed(theatre: Theatre) -> None:
    scene = theatre.scenery.make(PAIRS, 0)
    ends: Counter[str] = Counter()
    for round_ in range(ROUNDS):
        calls = theatre.scenery.add_calls(scene, 1)
        Pace.objects.update(next_slot_at=calls[0].due_at)
        chance = random.Random(f"{round_}")
        chance.shuffle(calls)
        failures: list[BaseException] = []
        stop = threading.Event()
        deciding = [threading.Thread(target=decide_all, args=(n, stop, failures)) for n in range(2)]
        opting = [
            threading.Thread(
                target=opt_out_all, args=(scene, calls[n::THREADS], random.Random(f"{round_}:{n}"), failures)
            )
            for n in range(THREADS)
        ]
        for thread in [*opting, *deciding]:
            thread.start()
        for thread in opting:
            thread.join()
        stop.set()
        for thread in deciding:
            thread.join()
        assert failures == []

        dialled = commits(Attempt, "true")
        opted_out = commits(ConsentEntry, f"kind = '{ConsentKind.REVOKED}'")
        late = [phone for phone, at in dialled.items() if phone in opted_out and at > opted_out[phone]]
        assert late == [], "decided after the opt-out was committed"
        for call in Call.objects.filter(pk__in=[call.pk for call in calls]):
            ends[call.state] += 1
            assert call.state in ("calling", "canceled", "failed"), f"{call} is still planned"
            assert (call.state == "calling") == (call.phone in dialled)
    print("pairs:", sum(ends.values()), dict(ends))
    assert [breach for breach in theatre.breaches() if breach.rule == "no is no"] == []
    assert ends["calling"] > 5, f"the opt-outs were always first, so nothing raced: {ends}"
    assert ends["canceled"] > 5, f"the dials were always first, so nothing raced: {ends}"
