"""Row 1: drains killed at every point of a dial, and at random. No phone rings twice, nothing is forgotten."""

from collections import Counter

import pytest

from tests.faults.conftest import LONG, Theatre, scaled
from tests.faults.worker import POINTS

LOCATIONS = scaled(100, 400)
CALLS_EACH = scaled(20, 100)
DEATHS_AT_EACH_POINT = scaled(2, 50)
# Of dying at each passing of a failpoint; seconds between deaths by the clock.
CHANCE, KILL_EVERY = ("0.1", "8") if LONG else ("0.2", "4")


@pytest.fixture(scope="module")
def deaths(theatre: Theatre) -> Counter[str]:
    scene = theatre.scenery.make(LOCATIONS, CALLS_EACH)
    # Of every sixth call nobody hears anything: whether it rang is known to the carrier alone.
    theatre.control("faults", kind="callback_lost", callback="*", to="*65")
    theatre.scenery.spread_slots()
    with theatre.drains(
        "--width", "2", "--chance", CHANCE, "--kill-every", KILL_EVERY, "--seed", "1"
    ) as deaths:
        theatre.wait(
            lambda: min(deaths()[point] for point in (*POINTS, "clock")) >= DEATHS_AT_EACH_POINT,
            "enough deaths at each point",
        )
        counted = deaths()
    # The rest of the day's work is not needed.
    scene.calls.filter(state="queued").update(held=True)
    with theatre.drains("--width", "2"):
        theatre.settle()
    assert scene.calls.count() == LOCATIONS * CALLS_EACH
    return counted


def test_drains_died_at_every_point(deaths: Counter[str]) -> None:
    assert min(deaths[point] for point in (*POINTS, "clock")) >= DEATHS_AT_EACH_POINT


def test_no_breach_after_drains_were_killed(theatre: Theatre, deaths: Counter[str]) -> None:
    assert theatre.breaches() == []
