"""How many calls one drain claims, decides, reserves and records per second, beside a bare claim in SQL.

    python -m benchmarks.drain

The seats are left out: what is measured is dialer.placing.tick, with every location's slot open all the time.
"""

import time
from typing import Any

import psycopg

from benchmarks.stage import Figure, median, postgresql, progress, report, scaled

LOCATIONS = 1000
ROUNDS = 5


def drained(rounds: int) -> list[float]:
    """Calls per second of each round of one claim in every location."""
    from benchmarks import filling
    from dialer import placing

    rates = []
    for _ in range(rounds):
        filling.open_pace()
        dialled, spent, calls_each = 0, 0.0, 1
        while dialled < LOCATIONS:
            started = time.perf_counter()
            done = placing.tick(calls_each=calls_each)
            spent += time.perf_counter() - started
            if not done.orders:
                raise AssertionError(f"the drain stopped after {dialled} of {LOCATIONS} calls")
            dialled += len(done.orders)
            calls_each = placing.calls_each_after(done, calls_each)
        rates.append(dialled / spent)
        filling.calls(LOCATIONS)
    return rates


HUNDREDS = 50
BARE_TABLES = {
    # The calls as they wait, with every index of theirs.
    "the calls' table": (
        "CREATE TABLE bare (LIKE dialer_call INCLUDING ALL)",
        "INSERT INTO bare SELECT * FROM dialer_call WHERE state = 'queued'",
        "state = 'calling', started_at = now()",
    ),
    "three columns": (
        "CREATE TABLE bare (id bigint PRIMARY KEY, due_at timestamptz, state text)",
        "INSERT INTO bare SELECT id, due_at, state FROM dialer_call WHERE state = 'queued'",
        "state = 'calling'",
    ),
}


def bare_claims(url: str, waiting: int, rounds: int) -> dict[str, float]:
    """Rows per second of a client that only claims, 100 at a time, by table: our own, and the smallest there can be."""
    rates = {}
    with psycopg.connect(url, autocommit=True) as connection:
        for table, (make, fill, mark) in BARE_TABLES.items():
            connection.execute("DROP TABLE IF EXISTS bare")
            connection.execute(make)
            connection.execute("CREATE INDEX ON bare (due_at, id) WHERE state = 'queued'")
            claim = (
                f"UPDATE bare SET {mark} WHERE id IN (SELECT id FROM bare WHERE state = 'queued' "
                "AND due_at <= now() ORDER BY due_at, id LIMIT 100 FOR UPDATE SKIP LOCKED) RETURNING id"
            )
            found, left = list[float](), 0
            for _ in range(rounds):
                hundreds = min(HUNDREDS, waiting // 100)
                if left < hundreds * 100:
                    connection.execute("TRUNCATE bare")
                    left = connection.execute(fill).rowcount
                    connection.execute("VACUUM ANALYZE bare")
                    connection.execute(claim, prepare=True)
                    left -= 100
                    hundreds = min(hundreds, left // 100)

                started = time.perf_counter()
                for _ in range(hundreds):
                    connection.execute(claim, prepare=True).fetchall()
                found.append(hundreds * 100 / (time.perf_counter() - started))
                left -= hundreds * 100
            rates[table] = median(found)
        connection.execute("DROP TABLE bare")
    return rates


def main() -> None:
    depths = [1_000, scaled(100_000, 5_000), scaled(1_000_000, 20_000)]
    with postgresql() as cluster:
        from benchmarks import filling

        filling.locations(LOCATIONS)
        filling.surroundings()
        figures, waiting = list[Figure](), 0
        rates = list[float]()
        for depth in depths:
            progress(f"{depth:,} calls waiting")
            if waiting < depth:
                filling.calls(depth - waiting)
                waiting = depth
            filling.analyse()
            if not rates:
                drained(1)  # connections, caches and plans are warm from here on
            rates.append(median(drained(ROUNDS)))
            bare = bare_claims(cluster.url, depth, ROUNDS)
            share = rates[-1] / bare["the calls' table"]
            figures.append(
                Figure(
                    f"claim, decide, reserve, record; {depth:,} waiting",
                    f"{rates[-1]:,.0f}/s",
                    "bare claim "
                    + ", ".join(
                        f"on {table} {rate:,.0f}/s ({rates[-1] / rate:.0%})" for table, rate in bare.items()
                    ),
                    "≥ 40 % of a claim by hundreds, never under 15 %",
                    share >= 0.40,
                )
            )
        depth = rates[-1] / rates[0]
        figures.append(
            Figure(
                f"the same at {depths[-1]:,} beside {depths[0]:,}",
                f"{depth:.2f}",
                "",
                "≥ 0.85",
                depth >= 0.85,
            )
        )
        progress("plans")
        shown = plans()
        report("drain", figures, plans=shown)
        progress("a snapshot held open elsewhere")
        with psycopg.connect(cluster.url) as watcher:
            before = median(drained(3))
            watcher.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            watcher.execute("SELECT count(*) FROM dialer_pace")
            after = median(drained(scaled(10, 3))[-3:])
            watcher.rollback()
        report(
            "drain_snapshot",
            [
                Figure(
                    "after 10,000 claims under a held snapshot",
                    f"{after / before:.2f} ({after:,.0f}/s)",
                    f"without it {before:,.0f}/s",
                    "≥ 0.9",
                    after / before >= 0.9,
                )
            ],
        )


def plans() -> str:
    """EXPLAIN (ANALYZE, BUFFERS) of what a tick asks and writes."""
    from django.db import connection

    from benchmarks import filling
    from dialer import placing

    filling.open_pace()
    found: dict[str, str] = {}

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql not in found and sql.split(None, 1)[0] in ("SELECT", "WITH", "UPDATE", "INSERT"):
            cursor = connection.connection.cursor()
            cursor.execute("SAVEPOINT plan")
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, SUMMARY OFF) " + sql, params)
            rows = [row[0] for row in cursor.fetchall()]
            cursor.execute("ROLLBACK TO SAVEPOINT plan")
            what = " ".join(sql.split())[:110]
            found[sql] = "\n".join(["```", f"-- {what} ...", *(row[:150] for row in rows), "```"])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        placing.tick(calls_each=1)
    return "\n\n".join(found.values())


if __name__ == "__main__":
    main()
