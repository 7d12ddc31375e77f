"""How soon calls go on after a drain was killed, and after the database crashed.

python -m benchmarks.recovery

Two drains as in the product: the newest works, the one before it stands by. Calls wait in 100 locations all the while.
"""

import os
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import Popen
from typing import IO

from benchmarks.pacing import NOBODY_ANSWERS, carrier, spread_paces
from benchmarks.processes import running
from benchmarks.stage import Figure, percentile, postgresql, progress, report, scaled
from tests.postgres import Cluster, free_port

LOCATIONS = 100
ROUNDS = scaled(5, 2)
DOWN_SECONDS = 3
HANDED_OVER_SECONDS = 4
TARGET = 5.0
PATIENCE = 60.0


def until_a_dial(since: datetime) -> float:
    """Seconds from `since` until the carrier had answered a dial that was decided after it."""
    from django.db import OperationalError, connection
    from django.utils.timezone import now

    from dialer.models import Attempt

    while True:
        try:
            found = Attempt.objects.filter(created_at__gt=since).exclude(sid=None)
            if found.exists():
                return (now() - since).total_seconds()
        except OperationalError:
            connection.close()
        if now() - since > timedelta(seconds=PATIENCE):
            raise RuntimeError(f"No dial within {PATIENCE:.0f} s")
        time.sleep(0.01)


def killed_drains(drain: list[str], env: dict[str, str], log: IO[bytes]) -> list[float]:
    """The working drain is killed, and the one that stood by goes on."""
    from django.utils.timezone import now

    from dialer import baton
    from dialer.models import Baton

    found = []
    with ExitStack() as drains:

        def started() -> Popen:
            """A drain that has become the newest, and the only one that dials."""
            before = Baton.objects.filter(name=baton.NAME).values_list("epoch", flat=True).first() or 0
            process = drains.enter_context(running(drain, log=log, **env))
            while not Baton.objects.filter(name=baton.NAME, epoch__gt=before).exists():
                time.sleep(0.01)
            # The one before it looks at the baton once a second, and writes down what it has in hand.
            time.sleep(HANDED_OVER_SECONDS)
            until_a_dial(now())
            return process

        for _ in range(ROUNDS):
            # Older ones go home, so each round has one more that will stand by.
            started()
            working = started()
            working.kill()
            found.append(until_a_dial(now()))
    return found


def crashed_database(cluster: Cluster, drain: list[str], env: dict[str, str], log: IO[bytes]) -> list[float]:
    """PostgreSQL crashes under a drain, is gone for some seconds, and comes back."""
    from django.db import connections
    from django.utils.timezone import now

    found = []
    with running(drain, log=log, **env):
        for _ in range(ROUNDS):
            until_a_dial(now())
            connections.close_all()
            cluster.stop(immediate=True)
            time.sleep(DOWN_SECONDS)
            cluster.start()
            found.append(until_a_dial(now()))
    return found


def figure(what: str, found: list[float]) -> Figure:
    return Figure(
        f"{what}, {len(found)} times: until the next dial is answered, p50 / worst",
        f"{percentile(found, 0.5):.2f} / {max(found):.2f} s",
        "",
        "≤ 5 s",
        max(found) <= TARGET,
    )


def main() -> None:
    with postgresql() as cluster:
        from benchmarks import filling

        folder = Path(os.environ["PARLEY_VAR"]) / "sandbox"
        filling.locations(LOCATIONS)
        filling.calls(LOCATIONS * 60, ending=NOBODY_ANSWERS)
        filling.analyse()
        carrier(folder)
        spread_paces(LOCATIONS)
        sandbox, sink = free_port(), free_port()
        env = {
            "SANDBOX_PORT": str(sandbox),
            "SANDBOX_DATA": str(folder),
            "SANDBOX_SPEED": "1",
            "PUBLIC_URL": f"http://127.0.0.1:{sink}",
            "PARLEY_PROCESS": "dialer",
        }
        drain = [sys.executable, "-m", "benchmarks.one_drain", "300", "--baton"]
        with (
            tempfile.TemporaryFile() as log,
            running([sys.executable, "-m", "benchmarks.sink", str(sink)], port=sink),
            running([sys.executable, "-m", "sandbox", "--port", str(sandbox)], port=sandbox, **env),
        ):
            progress("the working drain killed")
            killed = killed_drains(drain, env, log)
            progress("the database crashed")
            crashed = crashed_database(cluster, drain, env, log)
    report(
        "recovery",
        [
            figure("the working drain killed, another standing by", killed),
            figure(f"PostgreSQL crashed, gone for {DOWN_SECONDS} s, and taking connections again", crashed),
        ],
    )


if __name__ == "__main__":
    main()
