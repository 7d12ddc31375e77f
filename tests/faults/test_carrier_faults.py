"""Rows 11 to 14 and 26: a carrier that is busy, silent, unwilling, slow or gone. Each business meets its own fault."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import httpx
import pytest

from compliance.models import NumberDay
from dialer.callbacks import UNKNOWN_OUTCOME
from dialer.models import Attempt, AttemptState, Call
from telephony.accounts import resume
from tests.faults.conftest import Theatre, scaled
from tests.faults.evidence import carrier_log
from tests.faults.exhibits import token_of
from tests.faults.scene import Scene

LOCATIONS = scaled(9, 40)
CALLS_EACH = scaled(2, 10)
GONE_LOCATIONS = scaled(24, 160)
DOWN_SECONDS = scaled(8, 120)
# Calls a second of the account whose carrier is gone.
ACCOUNT_PACE = 8
# Half a minute and more of human time at the sandbox's speed of 100 is too long for the product's patience.
STUCK_HUMAN_SECONDS = 40_000

UNCLEAR: dict[str, dict[str, object]] = {
    "accepted, the answer lost": {"kind": "rest_timeout"},
    "lost on the way": {"kind": "rest_lost"},
    "accepted, then reset": {"kind": "rest_reset", "when": "after"},
    "accepted, then 503": {"kind": "rest_5xx", "when": "after"},
    "503": {"kind": "rest_5xx"},
    "worked on after its client gave up": {"kind": "rest_late", "seconds": 9},
    "answered after 30 s": {"kind": "rest_slow", "seconds": 30, "operation": "calls.create"},
}
UNWILLING = ("rest_401", "rest_suspended", "rest_funds")


@dataclass
class Show:
    theatre: Theatre
    unclear: dict[str, Scene] = field(default_factory=dict)
    unwilling: dict[str, Scene] = field(default_factory=dict)
    halted: dict[str, tuple[str, int, Counter[str]]] = field(default_factory=dict)
    crowded: list[Scene] = field(default_factory=list)
    stuck: Scene | None = None
    gone: Scene | None = None
    back_at: float = 0.0


def creates(theatre: Theatre, scene: Scene) -> list[dict]:
    return [
        entry
        for entry in carrier_log(theatre.stack)
        if entry["kind"] == "create" and entry["account"] == scene.account.account_sid
    ]


def lost(scene: Scene) -> set[str]:
    """Numbers whose request had no answer in time, on a busy machine or as the carrier went away: few of them."""
    given_up = scene.calls.filter(failure_code=UNKNOWN_OUTCOME).values_list("phone", flat=True)
    assert len(given_up) < LOCATIONS * CALLS_EACH / 4
    return set(given_up)


@pytest.fixture(scope="module")
def show(theatre: Theatre) -> Show:
    """All faults but the last at once; then the carrier is gone for a while and comes back."""
    show, scenery = Show(theatre), theatre.scenery
    for name, fault in UNCLEAR.items():
        scene = show.unclear[name] = scenery.make(LOCATIONS, CALLS_EACH)
        theatre.control("faults", account=scene.account.account_sid, probability=0.4, **fault)
    for kind in UNWILLING:
        scene = show.unwilling[kind] = scenery.make(LOCATIONS, CALLS_EACH)
        theatre.control("faults", account=scene.account.account_sid, kind=kind)
    for retry_after in ({}, {"retry_after": 2}):
        scene = scenery.make(LOCATIONS, CALLS_EACH)
        show.crowded.append(scene)
        sid = scene.account.account_sid
        theatre.control("faults", account=sid, kind="rest_429", count=5 * LOCATIONS, **retry_after)
    show.stuck = scenery.make(LOCATIONS, 1)
    sid = show.stuck.account.account_sid
    theatre.control("faults", account=sid, kind="queue_stuck", seconds=STUCK_HUMAN_SECONDS)
    scenery.spread_slots(6)
    with theatre.drains("--width", "2"):
        halting = [scene.account for scene in show.unwilling.values()]

        def all_halted() -> bool:
            for account in halting:
                account.refresh_from_db()
            return all(account.halted_at for account in halting)

        theatre.wait(all_halted, "the accounts that may not call halted")
        others = Call.objects.exclude(
            location__organization__in=[account.organization for account in halting]
        )
        theatre.wait(
            lambda: not others.filter(state__in=("queued", "calling", "unknown", "in_progress")).exists(),
            "every other call over",
        )
        for kind, scene in show.unwilling.items():
            states = Counter(scene.calls.values_list("state", flat=True))
            show.halted[kind] = (scene.account.halt_reason, len(creates(theatre, scene)), states)
        httpx.delete(f"{theatre.stack.sandbox_url}/control/faults").raise_for_status()
        for account in halting:
            assert resume(account)
        show.gone = scenery.make(GONE_LOCATIONS, 2, cps=ACCOUNT_PACE)
        theatre.kill_sandbox()
        time.sleep(DOWN_SECONDS)
        theatre.start_sandbox()
        show.back_at = time.time()
        theatre.settle()
    return show


def test_no_breach_whatever_the_carrier_does(show: Show) -> None:
    assert show.theatre.breaches() == []


def test_an_unclear_dial_is_resolved_by_asking_and_never_repeated(show: Show) -> None:
    for name, scene in show.unclear.items():
        rang = {token_of(entry["url"]) for entry in creates(show.theatre, scene) if entry["sid"]}
        assert any(entry["fault"] for entry in creates(show.theatre, scene)), f"{name} never happened"
        for call in scene.calls:
            attempt = Attempt.objects.exclude(state=AttemptState.REFUSED).get(call=call)
            if attempt.token in rang:
                assert call.failure_code != UNKNOWN_OUTCOME, f"{name}: the carrier knew {call}"
            else:
                assert (call.state, call.failure_code) == ("failed", UNKNOWN_OUTCOME), name
                assert NumberDay.objects.filter(attempt_token=attempt.token).exists()


def test_a_busy_carrier_gets_every_call_again_and_rings_once(show: Show) -> None:
    for scene in show.crowded:
        entries = creates(show.theatre, scene)
        assert sum(entry["answer"] == 429 for entry in entries) == 5 * LOCATIONS
        taken = Counter(entry["to"] for entry in entries if entry["sid"])
        assert max(taken.values()) == 1
        assert set(taken) | lost(scene) == set(scene.calls.values_list("phone", flat=True))


def test_an_account_that_may_not_call_halts_within_three_calls_a_location(show: Show) -> None:
    for kind, scene in show.unwilling.items():
        reason, asked, states = show.halted[kind]
        assert reason, kind
        assert asked <= 3 * LOCATIONS
        assert states == {"queued": LOCATIONS * CALLS_EACH}, "nothing is lost while it is halted"
        log = (show.theatre.stack.folder / "drains.log").read_text()
        assert log.count(f"carrier_account_halted         [dialer.settling] account={scene.account.pk} ") == 1


def test_a_resumed_account_makes_its_calls(show: Show) -> None:
    for scene in show.unwilling.values():
        assert not scene.calls.filter(state__in=("queued", "scheduled")).exists()
        made = {entry["to"] for entry in creates(show.theatre, scene) if entry["sid"]}
        assert made | lost(scene) == set(scene.calls.values_list("phone", flat=True))


def test_a_call_held_back_by_the_carrier_is_taken_back_before_it_rings(show: Show) -> None:
    assert show.stuck is not None
    assert {call.state for call in show.stuck.calls} == {"canceled"}
    phones = {call.phone for call in show.stuck.calls}
    assert not any(
        entry["kind"] == "ring" and entry["to"] in phones for entry in carrier_log(show.theatre.stack)
    )


def test_a_carrier_that_comes_back_meets_no_more_than_the_pace(show: Show) -> None:
    assert show.gone is not None
    seconds: dict[int, int] = defaultdict(int)
    asked = creates(show.theatre, show.gone)
    phones = set(show.gone.calls.values_list("phone", flat=True))
    assert {entry["to"] for entry in asked} | lost(show.gone) == phones
    for entry in asked:
        seconds[int(entry["received_at"] - show.back_at)] += 1
    assert sum(count for second, count in seconds.items() if second >= 0) > len(phones) / 2
    # Two drains work here, and each repeats what it was trying at the account's pace.
    assert max(seconds.values()) <= 2 * (ACCOUNT_PACE + 1)
