"""Drains in processes of their own, killed at will: `python -m tests.faults.worker --help`.

One parent loads Django once and forks the drains; a drain that dies is replaced at once. Each drain is mortal at one of
POINTS, the one that saw the fewest deaths. Failpoints are put around the product's functions here, in the forked child:
the product itself knows nothing of them. Each death at a failpoint is a line in the log file, as is each one by the
clock. SIGTERM ends the parent and kills its drains.
"""

import argparse
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

POINTS = ("before_commit", "before_send", "after_send", "after_201", "before_settle_commit")
_sending = threading.local()


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.worker", description=__doc__)
    parser.add_argument("--width", type=int, default=2, help="how many drains at once")
    parser.add_argument("--all-work", action="store_true", help="none of them stands by or goes home")
    parser.add_argument(
        "--chance", type=float, default=0.0, help="of dying, at each passing of its failpoint"
    )
    parser.add_argument(
        "--point", action="append", choices=POINTS, help="failpoints to use; all when left out"
    )
    parser.add_argument(
        "--kill-every", type=float, default=0.0, help="seconds between deaths by the clock, on average"
    )
    parser.add_argument(
        "--jumps", default="", help="SECONDS:SHIFT,... when the drains' clock is set, and by how much"
    )
    parser.add_argument(
        "--hurried",
        action="store_true",
        help="ask the carrier sooner what became of a call: its calls are short",
    )
    parser.add_argument("--seed", default="0")
    parser.add_argument("--log", required=True, help="file of the deaths")
    return parser.parse_args(arguments)


def put_failpoint(options: argparse.Namespace, mortal: str, chance: random.Random) -> None:
    """Wrap the product's functions in this process, so that it may die at the point `mortal`."""
    from urllib3.connection import HTTPConnection

    from dialer import drain, records, settling
    from dialer.seats import Seats
    from telephony import client

    def perhaps_die(point: str) -> None:
        if point == mortal and chance.random() < options.chance:
            with open(options.log, "a") as log:
                log.write(f"{point}\n")
            os.kill(os.getpid(), signal.SIGKILL)

    def then(point: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            value = function(*args, **kwargs)
            perhaps_die(point)
            return value

        return wrapped

    def place(order: client.Order) -> client.Placing:
        perhaps_die("before_send")
        _sending.now = True
        try:
            return client.place(order)
        finally:
            _sending.now = False

    read_answer = HTTPConnection.getresponse

    def getresponse(self: HTTPConnection) -> Any:
        if getattr(_sending, "now", False):
            perhaps_die("after_send")
        return read_answer(self)

    records.Writing.finish = then("before_commit", records.Writing.finish)  # type: ignore[method-assign]
    settling._settle = then("before_settle_commit", settling._settle)
    settling._settle_placed = then("before_settle_commit", settling._settle_placed)
    HTTPConnection.getresponse = getresponse  # type: ignore[method-assign]
    placed = then("after_201", place)
    drain.Seats = lambda size: Seats(size, placed)  # type: ignore[assignment,misc]


def hurry() -> None:
    """A call of the carrier lasts a hundredth of one in life: look as soon for its end, and for one it never had.

    An answer is awaited for 6 seconds instead of 10, and all that rests on it is as much sooner: no dial is given up
    that may still be leaving.
    """
    from dialer import placing, reconcile, settling
    from telephony import client

    answer = 6
    in_flight = placing.SEND_WITHIN + timedelta(seconds=answer) + placing.SPACING
    sending = placing.SEND_WITHIN + timedelta(seconds=answer + 1)
    for module, name, value in (
        (client, "TIMEOUT_SECONDS", answer),
        (placing, "IN_FLIGHT", in_flight),
        (settling, "IN_FLIGHT", in_flight),
        (placing, "HALTED_RECHECK", timedelta(seconds=8)),
        (reconcile, "SENDING", sending),
        (reconcile, "ABSENT_AFTER", sending + timedelta(seconds=2)),
        (reconcile, "ASK_UNKNOWN_EVERY", timedelta(seconds=3)),
        (reconcile, "ASK_ACCEPTED_EVERY", timedelta(seconds=10)),
    ):
        assert hasattr(module, name), f"{module.__name__}.{name} is called otherwise"
        setattr(module, name, value)


def set_clock(jumps: str) -> None:
    """Shift this process's clock, not its monotonic one, at the instants of `jumps`, from a thread."""
    import time_machine

    traveller = time_machine.travel(datetime.now(UTC), tick=True).start()
    start = time.monotonic()

    def jump() -> None:
        for each in jumps.split(","):
            after, shift = each.split(":")
            time.sleep(max(0.0, float(after) - (time.monotonic() - start)))
            traveller.shift(timedelta(seconds=float(shift)))

    threading.Thread(target=jump, daemon=True).start()


def rarest(log: str) -> str:
    """The failpoint at which the fewest drains died so far."""
    deaths = Counter(Path(log).read_text().split()) if os.path.exists(log) else Counter()
    return min(POINTS, key=lambda point: deaths[point])


def work(options: argparse.Namespace, generation: int) -> None:
    """The life of one drain; never returns."""
    from dialer import baton, drain

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    if options.chance:
        put_failpoint(options, rarest(options.log), random.Random(f"{options.seed}:{generation}"))
    if options.jumps:
        set_clock(options.jumps)
    if options.hurried:
        hurry()
    if options.all_work:
        always = baton.Duty.WORK
        drain.baton.duty = lambda epoch: always  # type: ignore[assignment]
    while True:
        drain.run()


def preload() -> None:
    """Load once, before the forks, what a drain otherwise loads with its first dial: that takes seconds."""
    import twilio.rest.api.v2010.account.call

    from compliance.zones import place_of
    from dialer import drain  # noqa: F401

    place_of("+13032000042")
    assert twilio.rest.api.v2010.account.call.CallList


def main() -> None:
    options = parsed(sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    preload()

    chance, generation = random.Random(options.seed), 0
    drains: set[int] = set()
    stopping = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    next_kill = time.monotonic() + options.kill_every
    while not stopping:
        while len(drains) < options.width:
            generation += 1
            pid = os.fork()
            if pid == 0:
                try:
                    work(options, generation)
                except BaseException as error:
                    print(f"drain ended: {error!r}", flush=True)
                    raise
                finally:
                    os._exit(1)
            drains.add(pid)
        if options.kill_every and time.monotonic() >= next_kill:
            next_kill = time.monotonic() + options.kill_every * chance.uniform(0.3, 1.7)
            with open(options.log, "a") as log:
                log.write("clock\n")
            os.kill(chance.choice(sorted(drains)), signal.SIGKILL)
        time.sleep(0.02)
        while drains and (gone := os.waitpid(-1, os.WNOHANG)[0]):
            drains.discard(gone)
    for pid in drains:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
