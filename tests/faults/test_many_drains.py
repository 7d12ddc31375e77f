"""Row 2: two, then eight drains that all work at once on the same queue, where many calls are to the same numbers."""

import pytest

from dialer.models import Call
from tests.faults.conftest import Theatre, scaled

LOCATIONS = scaled(60, 500)
CALLS_EACH = scaled(2, 20)
SHARED_EACH = 2


@pytest.fixture(scope="module")
def crowd(theatre: Theatre) -> Theatre:
    scenery = theatre.scenery
    one = scenery.make(LOCATIONS, CALLS_EACH)
    other = scenery.make(LOCATIONS, 0)
    # Two businesses with the same people on their lists: each may ring once today, whoever is first.
    shared = [call.phone for call in one.calls.order_by("-due_at", "-pk")[: LOCATIONS * SHARED_EACH]]
    scenery.add_calls(other, SHARED_EACH, phones=shared)
    scenery.spread_slots(6)
    with theatre.drains("--width", "2", "--all-work"):
        half = Call.objects.count() // 2
        theatre.wait(
            lambda: Call.objects.filter(state__in=["created", "queued"]).count() < half,
            "half of the calls made",
        )
    with theatre.drains("--width", "8", "--all-work"):
        theatre.wait(
            lambda: not Call.objects.filter(state__in=["created", "queued"]).exists(),
            "all calls decided",
        )
        # The second call to a number is deferred to its next day.
        Call.objects.filter(state="scheduled").update(held=True)
        theatre.settle()
    return theatre


def test_no_breach_with_eight_drains_at_once(crowd: Theatre) -> None:
    assert crowd.breaches() == []


def test_each_number_rang_once_and_its_second_call_waits_for_another_day(crowd: Theatre) -> None:
    assert crowd.undialled(Call.objects.all()) == set()
    waiting = Call.objects.filter(state="scheduled")
    assert waiting.exists()
    assert all("number_once_per_day" in call.reasons for call in waiting)
