"""Row 2: two, then eight drains that all work at once on the same queue, where many calls are to the same numbers.

Some locations are close to their 1,000 calls a day, and some numbers close to their 14 calls in 14 days.
"""

from collections import Counter

import pytest

from compliance.models import LocationDay, NumberDay
from dialer.models import Call, Pace
from tests.faults.conftest import Theatre, scaled
from tests.faults.scene import PAST

LOCATIONS = scaled(60, 500)
CALLS_EACH = scaled(2, 20)
SHARED_EACH = 2
# Left of a worn location's day, and how many of them there are.
LEFT, WORN = scaled(3, 8), scaled(6, 40)


@pytest.fixture(scope="module")
def crowd(theatre: Theatre) -> Theatre:
    scenery = theatre.scenery
    one = scenery.make(LOCATIONS, CALLS_EACH)
    other = scenery.make(LOCATIONS, 0)
    # Two businesses with the same people on their lists: each may ring once today, whoever is first.
    shared = [call.phone for call in one.calls.order_by("-due_at", "-pk")[: LOCATIONS * SHARED_EACH]]
    scenery.add_calls(other, SHARED_EACH, phones=shared)
    worn = scenery.make(WORN, LEFT + 2)
    for location in worn.locations:
        scenery.dialled_today(location, 1000 - LEFT)
    scenery.dialled_before({call: 13 + n % 2 for n, call in enumerate(one.calls.order_by("pk")[:LOCATIONS])})
    scenery.spread_slots(6)
    with theatre.drains("--width", "2", "--all-work"):
        half = Call.objects.count() // 2
        theatre.wait(
            lambda: Call.objects.filter(state__in=["created", "queued"]).count() < half,
            "half of the calls made",
        )
    with theatre.drains("--width", "8", "--all-work"):
        # A location that made its last call of the day leaves the others in its queue.
        full = Pace.objects.filter(hold_reason="location_daily_limit")
        queued = Call.objects.filter(state__in=["created", "queued"])
        theatre.wait(
            lambda: not queued.exclude(location__in=full.values("location")).exists(), "all calls decided"
        )
        # The second call to a number is deferred to its next day.
        Call.objects.filter(state__in=["scheduled", "queued"]).update(held=True)
        theatre.settle()
    return theatre


def test_no_breach_with_eight_drains_at_once(crowd: Theatre) -> None:
    assert crowd.breaches() == []


def test_each_number_rang_once_and_its_second_call_waits_for_another_day(crowd: Theatre) -> None:
    assert crowd.undialled(Call.objects.filter(held=False).exclude(disposition="rejected")) == set()
    waiting = Counter(reason for call in Call.objects.filter(state="scheduled") for reason in call.reasons)
    assert waiting["number_once_per_day"] >= LOCATIONS // 2
    assert set(waiting) <= {"number_once_per_day", "location_daily_limit"}


def test_the_14th_call_to_a_number_is_made_and_a_15th_is_refused(crowd: Theatre) -> None:
    """13 past dials leave one for today; whose number had 14, or got its 14th today, is refused."""
    made = Counter(NumberDay.objects.values_list("phone", flat=True))
    past = Counter(NumberDay.objects.filter(attempt_token=PAST).values_list("phone", flat=True))
    assert {made[phone] for phone in past} == {14}
    refused = set(Call.objects.filter(disposition="rejected").values_list("phone", flat=True))
    assert refused >= {phone for phone, count in past.items() if count == 14}
    assert {made[phone] for phone in refused} == {14}


def test_a_location_makes_its_thousandth_call_of_the_day_and_no_more(crowd: Theatre) -> None:
    worn = LocationDay.objects.filter(dialled__gte=1000 - LEFT)
    assert list(worn.values_list("dialled", flat=True)) == [1000] * WORN
    left = Call.objects.filter(location__in=worn.values("location"), held=True)
    assert left.count() == 2 * WORN
