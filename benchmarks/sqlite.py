"""Decisions per second of the drain on SQLite.

python -m benchmarks.sqlite
"""

import time

from benchmarks.stage import Figure, median, progress, report, scaled, sqlite
from benchmarks.together import fill

CALLS = scaled(4_000, 800)


def decisions_per_second() -> float:
    """Rates of ticks over 200 locations whose slots are always open."""
    from datetime import timedelta

    from django.utils.timezone import now

    from benchmarks import filling
    from compliance.models import LocationDay
    from dialer import placing
    from dialer.models import Pace
    from telephony.models import CarrierAccount

    places = filling.locations(200)
    fill(CALLS // 200, places, 70)
    rates = []
    for _ in range(CALLS // 200):
        past = now() - timedelta(minutes=1)
        Pace.objects.update(next_slot_at=past)
        CarrierAccount.objects.update(next_slot_at=past)
        LocationDay.objects.update(dialled=0, last_dialled_at=past)
        started = time.perf_counter()
        done = placing.tick(calls_each=1)
        rates.append(done.decided / (time.perf_counter() - started))
    return median(rates[1:])


def main() -> None:
    with sqlite():
        progress("decisions on SQLite")
        rate = decisions_per_second()
    report(
        "sqlite",
        [Figure("decisions of the drain on SQLite", f"{rate:,.0f}/s", "", "≥ 2,000/s", rate >= 2000)],
    )


if __name__ == "__main__":
    main()
