"""The seats keep an account's pace, also for what they repeat."""

import time
from collections import Counter
from decimal import Decimal

from dialer.seats import Seats, Settled
from telephony.client import NotNow, Order, Placed
from telephony.models import CarrierAccount

PACE = 25


def test_what_is_repeated_takes_its_turn_at_the_accounts_pace():
    """A carrier that comes back meets no crowd: each request has an instant of its own, and none leaves before it."""
    account = CarrierAccount(pk=1, calls_per_second=Decimal(PACE))
    sent: list[float] = []
    tries: Counter[str] = Counter()

    def refuse_once(order: Order) -> NotNow | Placed:
        sent.append(time.monotonic())
        tries[order.token] += 1
        return NotNow("Too many requests") if tries[order.token] == 1 else Placed("CA" + order.token)

    seats = Seats(16, refuse_once)
    due = time.monotonic()
    for location in range(8):
        seats.submit(due, Order(account, location, str(location), "+13035550142", "+13035550100"))
    results = []
    while seats.busy:
        results += seats.results(1.0)
    seats.close()
    assert all(isinstance(each, Settled) and isinstance(each.placing, Placed) for each in results)
    assert tries == {str(location): 2 for location in range(8)}
    for position, at in enumerate(sorted(sent)):
        assert at >= due + position / PACE
