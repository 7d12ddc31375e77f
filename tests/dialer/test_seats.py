"""The seats keep an account's pace, also for what they repeat."""

import time
from collections import Counter
from decimal import Decimal
from types import SimpleNamespace

import pytest

from dialer import seats as module
from dialer.seats import Seats, Settled
from telephony.client import NotNow, Order, Placed, Unclear
from telephony.models import CarrierAccount

PACE = 25


def order(account: CarrierAccount, location: int, token: str) -> Order:
    return Order(account, location, token, "+13035550142", "+13035550100")


def everything(seats: Seats) -> list[Settled]:
    results = []
    while seats.busy:
        results += seats.results(1.0)
    seats.close()
    assert all(isinstance(each, Settled) for each in results)
    return results


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
        seats.submit(due, order(account, location, str(location)))
    assert all(isinstance(each.placing, Placed) for each in everything(seats))
    assert tries == {str(location): 2 for location in range(8)}
    for position, at in enumerate(sorted(sent)):
        assert at >= due + position / PACE


def test_a_dial_without_an_answer_may_still_be_on_its_way_when_the_next_one_leaves(monkeypatch):
    monkeypatch.setattr(module, "SPACING_SECONDS", 0.1)
    monkeypatch.setattr(module, "STRAY_SECONDS", 0.4)
    account = CarrierAccount(pk=1, calls_per_second=Decimal(PACE))
    sent: list[float] = []

    def unclear(order: Order) -> Unclear:
        sent.append(time.monotonic())
        return Unclear("No answer.")

    seats = Seats(2, unclear)
    due = time.monotonic()
    seats.submit(due, order(account, 1, "first"))
    results = []
    while not results:
        results = seats.results(1.0)
    seats.submit(due, order(account, 1, "second"))
    everything(seats)
    assert sent[1] - sent[0] >= 0.5


@pytest.mark.parametrize("stall", [4.9, 5.1])
def test_a_machine_that_stood_still_before_the_request_sends_nothing_too_late(monkeypatch, stall):
    """The rules were asked for the five seconds after the slot, and the location is closed for no longer than that."""
    stood_still = 0.0

    def oversleep(seconds: float) -> None:
        nonlocal stood_still
        stood_still = stall

    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + stood_still, sleep=oversleep)
    monkeypatch.setattr(module, "time", clock)
    seats = Seats(1, lambda order: Placed("CA" + order.token))
    seats.submit(clock.monotonic(), order(CarrierAccount(pk=1, calls_per_second=Decimal(PACE)), 1, "1"))
    (result,) = everything(seats)
    assert isinstance(result.placing, Placed if stall < 5 else NotNow)
