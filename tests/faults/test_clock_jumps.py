"""Row 10: the clock of the drains' machine is set while they work, by an hour and by a day, and set right again.

On PostgreSQL, whose clock stays right, and on SQLite, where the carrier's is the only other one.
"""

import time

import pytest

from tests.faults.conftest import Theatre, scaled
from tests.faults.evidence import carrier_log
from tests.stack import Databases

LOCATIONS, CALLS_EACH = scaled(20, 60), scaled(12, 40)
# Wrong for so many seconds, right for as many, and so on.
SHIFTS = scaled(1, 5) * (3600, -3600, 86400, -86400)
EVERY = 3


@pytest.fixture(scope="module", params=["postgres_databases", "sqlite_databases"])
def databases(request: pytest.FixtureRequest) -> Databases:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def jumped(theatre: Theatre) -> Theatre:
    scene = theatre.scenery.make(LOCATIONS, CALLS_EACH)
    theatre.scenery.spread_slots(5)
    jumps: list[str] = []
    for n, shift in enumerate(SHIFTS):
        jumps += [f"{EVERY * (2 * n + 1)}:{shift}", f"{EVERY * (2 * n + 2)}:{-shift}"]
    with theatre.drains("--width", "1", "--jumps", ",".join(jumps)):
        log = theatre.stack.folder / "drains.log"
        wrong = len(SHIFTS)
        theatre.wait(lambda: log.read_text().count("clocks_agree") >= wrong, "the clock right again")
        right_since = time.time()

        def dials_since() -> int:
            return sum(
                entry["kind"] == "create" and entry["received_at"] > right_since
                for entry in carrier_log(theatre.stack)
            )

        # No location waits for an hour because the clock once said so.
        theatre.wait(lambda: dials_since() >= LOCATIONS, "every location dials again")
        scene.calls.filter(state="queued").update(held=True)
        theatre.settle()
    return theatre


def test_no_breach_by_the_true_clock(jumped: Theatre) -> None:
    assert jumped.breaches() == []


def test_nothing_is_decided_while_the_clocks_disagree(jumped: Theatre) -> None:
    log = (jumped.stack.folder / "drains.log").read_text()
    # A drain that begins meanwhile says it again.
    assert log.count("clocks_disagree") >= len(SHIFTS)
