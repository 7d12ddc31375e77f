"""Row 1: drains killed at every point of a dial, and at random. No phone rings twice, nothing is forgotten."""

from collections import Counter
from datetime import timedelta

import pytest

from dialer.callbacks import UNKNOWN_OUTCOME
from dialer.models import Attempt
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


def test_every_dial_is_known_or_asked_about_within_a_minute(theatre: Theatre, deaths: Counter[str]) -> None:
    """Row 1's 60 s: from the decision to the carrier's answer, or until it is unknown whether it left."""
    waited = [
        settled_at - created_at
        for created_at, settled_at in Attempt.objects.values_list("created_at", "settled_at")
    ]
    print("longest time until a dial was settled:", max(waited))
    assert max(waited) <= timedelta(seconds=60)


def test_every_dial_that_death_cut_off_is_over_within_a_minute(
    theatre: Theatre, deaths: Counter[str]
) -> None:
    cut_off = Attempt.objects.filter(call__failure_code=UNKNOWN_OUTCOME).values_list("created_at", "ended_at")
    waited = [ended_at - created_at for created_at, ended_at in cut_off]
    print(len(waited), "dials that never left; longest time until they were given up:", max(waited))
    assert max(waited) <= timedelta(seconds=60)
