"""Pacing as the carrier sees it: two drains, 200 and 1,000 locations that always have calls waiting.

    python -m benchmarks.pacing 200      one of them

The sandbox carrier at human pace, its own records as the witness; the people it calls do not answer, and its callbacks
go to a sink, so that what is measured is the drain and not the web process beside it.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from benchmarks.processes import megabytes, running
from benchmarks.stage import Figure, percentile, postgresql, progress, report, scaled
from tests.postgres import free_port

SECONDS = scaled(60, 20)
NOBODY_ANSWERS = 70  # the last two digits


def carrier(folder: Path) -> None:
    """The sandbox carrier's book: our accounts without a limit of their own, and our numbers."""
    from phone_numbers.models import PhoneNumber
    from sandbox.calls import Account, Number
    from sandbox.store import Store
    from telephony.models import CarrierAccount

    accounts = [
        Account(account.account_sid, account.auth_token, cps=0) for account in CarrierAccount.objects.all()
    ]
    store = Store(folder, seed="bench", first_account=accounts[0])
    store.accounts |= {account.sid: account for account in accounts}
    for number, sid in PhoneNumber.objects.values_list("number", "account__account_sid"):
        store.numbers[number] = Number(store.new_sid("PN"), sid, number)
    store.save()
    store.close()


def figures(locations: int) -> list[Figure]:
    with postgresql() as cluster:
        from benchmarks import filling
        from dialer.models import Attempt

        sandbox, sink = free_port(), free_port()
        folder = Path(os.environ["PARLEY_VAR"]) / "sandbox"
        filling.locations(locations)
        filling.calls(locations * (SECONDS // 6 + 3), ending=NOBODY_ANSWERS)
        filling.analyse()
        carrier(folder)
        spread_paces(locations)
        env = {
            "SANDBOX_PORT": str(sandbox),
            "SANDBOX_DATA": str(folder),
            "SANDBOX_SPEED": "1",
            "PUBLIC_URL": f"http://127.0.0.1:{sink}",
            "PARLEY_PROCESS": "dialer",
            "DATABASE_URL": cluster.url,
        }
        drain = [sys.executable, "-m", "benchmarks.one_drain", str(SECONDS)]
        with (
            running([sys.executable, "-m", "benchmarks.sink", str(sink)], port=sink),
            running(
                [sys.executable, "-m", "sandbox", "--port", str(sandbox)], port=sandbox, **env
            ) as exchange,
            running(drain, **env) as one,
            running(drain, **env) as other,
        ):
            progress(f"two drains, {locations} locations, {SECONDS} s")
            try:
                one.wait(SECONDS * 0.8)
            except subprocess.TimeoutExpired:
                memory = (
                    f"drain {megabytes(one.pid):.0f} MB, sandbox carrier {megabytes(exchange.pid):.0f} MB"
                )
            one.wait(60 + SECONDS)
            other.wait(60)
        slots = dict(Attempt.objects.exclude(sid=None).values_list("sid", "slot_at"))
        starts = started_calls(folder)
    by_location: dict[str, list[float]] = defaultdict(list)
    for number, at in starts.values():
        by_location[number].append(at)
    gaps = [b - a for instants in by_location.values() for a, b in pairwise(sorted(instants))]
    late = [(at - slots[sid].timestamp()) * 1e3 for sid, (_, at) in starts.items() if sid in slots]
    mean = sum(gaps) / len(gaps)
    eleven = min(
        (
            instants[n + 10] - instants[n]
            for instants in map(sorted, by_location.values())
            for n in range(len(instants) - 10)
        ),
        default=float("inf"),
    )
    return [
        Figure(
            f"least gap of a location, {locations} locations, {len(starts):,} starts",
            f"{min(gaps):.3f} s",
            "arrival at the carrier",
            "≥ 6.000 s",
            min(gaps) >= 6,
        ),
        Figure(
            f"shortest time of 11 starts of a location, {locations} locations",
            f"{eleven:.2f} s" if eleven < float("inf") else f"no location had as many in {SECONDS} s",
            "arrival at the carrier",
            "≥ 60 s: no sliding minute with an 11th",
            eleven >= 60,
        ),
        Figure(f"mean gap, {locations} locations", f"{mean:.3f} s", "", "≤ 6.15 s", mean <= 6.15),
        Figure(
            f"start after its slot, {locations} locations, p50 / p99",
            f"{percentile(late, 0.5):.0f} / {percentile(late, 0.99):.0f} ms",
            memory,
            "p99 ≤ 100 ms",
            percentile(late, 0.99) <= 100,
        ),
    ]


def started_calls(folder: Path) -> dict[str, tuple[str, float]]:
    """Every call the carrier was asked for: SID → our number, and when the order arrived (epoch seconds)."""
    found = {}
    for line in (folder / "calls.jsonl").read_text().splitlines():
        record = json.loads(line)
        if "created" in record:
            found[record["sid"]] = (record["from_"], record["created"])
    return found


def spread_paces(locations: int) -> None:
    """Slots all over the six seconds, from when the drains will be ready."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dialer_pace SET next_slot_at = now() + interval '6 seconds' + "
            "interval '6 seconds' * (location_id %% %s) / %s",
            [locations, float(locations)],
        )


def main() -> None:
    if sys.argv[1:]:
        count = int(sys.argv[1])
        report(f"pacing_{count}", figures(count))
        return
    for count in (200, 1000):
        subprocess.run([sys.executable, "-m", "benchmarks.pacing", str(count)], check=True)


if __name__ == "__main__":
    main()
