"""The call log as CSV, 1,000,000 rows, beside one COPY of the same columns from the same tables, as they are stored.

python -m benchmarks.exports
"""

import time

import psycopg

from benchmarks.stage import Figure, memory_over_base, postgresql, report, scaled, seconds

ROWS = scaled(1_000_000, 20_000)


def main() -> None:
    with postgresql() as cluster:
        from benchmarks import filling
        from dialer import export
        from dialer.models import Call

        (place,) = filling.locations(1)
        filling.calls(ROWS, state="completed")
        filling.analyse()
        from accounts.models import Location

        location = Location.objects.get(pk=place)
        firsts, rows, size = [], 0, 0
        with memory_over_base() as most:
            started = time.perf_counter()
            for piece in export.lines(location, Call.objects.for_location(location), False):
                if not firsts:
                    firsts.append(time.perf_counter() - started)
                rows += piece.count("\n")
                size += len(piece)
            spent = time.perf_counter() - started
        if rows != ROWS + 1:
            raise AssertionError(f"{rows} lines for {ROWS} calls")

        def copy_out() -> None:
            with (
                psycopg.connect(cluster.url) as connection,
                connection.cursor().copy(
                    "COPY (SELECT d.code, d.is_test, d.state, d.disposition, d.outcome, p.name, a.name, d.origin, "
                    "c.first_name, c.last_name, d.phone, d.from_number, c.timezone, c.zones, d.due_at, d.started_at, "
                    "d.ended_at, d.talk_seconds, d.reasons, d.failure_code, d.summary, d.recording_seconds "
                    "FROM dialer_call d JOIN contacts_contact c ON c.id = d.contact_id "
                    "JOIN voiceagents_agent a ON a.id = d.agent_id "
                    "LEFT JOIN dialer_campaign p ON p.id = d.campaign_id ORDER BY d.id DESC) TO STDOUT (FORMAT csv)"
                ) as copy,
            ):
                for _ in copy:
                    pass

        raw = seconds(copy_out)
    report(
        "exports",
        [
            Figure(
                f"export of {rows - 1:,} rows",
                f"{ROWS / spent:,.0f} rows/s ({spent:.1f} s)",
                f"COPY {ROWS / raw:,.0f} rows/s ({raw / spent:.0%})",
                "≥ 60 % of COPY",
                raw / spent >= 0.6,
            ),
            Figure("memory over base", f"{most[0]:.1f} MB", "", "≤ 20 MB", most[0] <= 20),
            Figure("first byte", f"{firsts[0] * 1e3:.0f} ms", "", "≤ 100 ms", firsts[0] <= 0.1),
        ],
    )


if __name__ == "__main__":
    main()
