"""Sealing, exporting, verifying and replaying 100,000 decisions: time and peak memory.

python -m benchmarks.proof
"""

import re
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from io import StringIO
from json import dumps
from pathlib import Path

from benchmarks.stage import Figure, memory_over_base, postgresql, report, scaled, seconds

ROWS = scaled(100_000, 3_000)


def fill(rows: int) -> str:
    """Decisions of four days of one location, with their consent; the location's code."""
    from accounts.database import insert_rows
    from accounts.models import Location
    from benchmarks import filling
    from compliance import editions, facts
    from compliance.models import Decision
    from compliance.rules import ENGINE, decide_throughout
    from compliance.stored_facts import as_json
    from contacts.models import Contact

    filling.locations(1)
    filling.calls(rows)
    filling.analyse()
    location = Location.objects.get()
    keys = list(Contact.objects.order_by("pk").values_list("pk", flat=True))
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=96)
    within, step = timedelta(seconds=5), timedelta(hours=95) / rows
    at = start
    for first in range(0, rows, 2_000):
        part = keys[first : first + 2_000]
        asked = datetime.now(UTC) + timedelta(hours=1)
        found = facts.gather([facts.Ask(key, key) for key in part], asked)
        batch = []
        for key in part:
            each, at = found[key], at + step
            verdict = decide_throughout(each, at, within)
            batch.append(
                (
                    location.pk, key, key, each.contact.place.e164, verdict.decision, dumps(verdict.reasons),
                    verdict.until, at, dumps(as_json(each, within)), dumps(dict(verdict.evidence)), ENGINE,
                    editions.current().digest,
                )
            )  # fmt: skip
        insert_rows(
            Decision._meta.db_table,
            (
                "location_id", "call_id", "contact_id", "phone", "decision", "reasons", "until", "decided_at", "facts",
                "evidence", "engine", "edition",
            ),
            batch,
        )  # fmt: skip
    return location.code


def main() -> None:
    with postgresql(), tempfile.TemporaryDirectory() as folder:
        from django.core.management import call_command

        from accounts.models import Location
        from compliance import seal_checks, seals, verify_audit
        from compliance.models import Book
        from compliance.replay import Replay

        code = fill(ROWS)
        location = Location.objects.get(code=code)
        now = datetime.now(UTC)
        with memory_over_base() as sealing:
            sealed = seconds(lambda: seals.seal_up_to(Book.DECISIONS, 2**62, now))

        def check() -> None:
            _, deviations = seal_checks.check(Book.DECISIONS, location)
            if list(deviations):
                raise AssertionError("a sealed row differs")

        checked = seconds(check)
        archive = Path(folder) / "audit.zip"
        first = (now - timedelta(days=6)).date()
        with memory_over_base() as exporting:
            exported = seconds(
                lambda: call_command(
                    "export_audit", location=code, first=first, output=archive, stdout=StringIO()
                )
            )
        said: list[str] = []

        def verify() -> None:
            done = subprocess.run(
                [sys.executable, "-I", "-S", verify_audit.__file__, str(archive)],
                capture_output=True,
                text=True,
            )
            said.append(done.stdout)

        verified = seconds(verify)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        # The rows above were written without a ledger and without dials.
        lacking = ("consent:", "dials: it allows one")
        wrong = [
            line
            for line in said[0].splitlines()
            if re.search(r", row \d", line) and not any(each in line for each in lacking)
        ]
        if wrong or "derived again" not in said[0]:
            raise AssertionError(said[0][:2000])
        again = Replay()
        with memory_over_base() as replaying:
            replayed = seconds(
                lambda: list(again.run(location, now - timedelta(days=6), now, lambda done: None))
            )
        if again.decided != ROWS:
            raise AssertionError(f"{again.decided} replayed of {ROWS}")
        size = archive.stat().st_size / 1e6

    def line(what: str, spent: float, most: float, more: str = "") -> Figure:
        return Figure(
            f"{what} {ROWS:,} decisions", f"{spent:.1f} s ({ROWS / spent:,.0f}/s), {most:.0f} MB{more}"
        )

    report(
        "proof",
        [
            line("sealing", sealed, sealing[0], " over base"),
            Figure(
                f"checking {ROWS:,} rows against their seals", f"{checked:.1f} s ({ROWS / checked:,.0f}/s)"
            ),
            line("exporting", exported, exporting[0], f" over base; archive of {size:.0f} MB"),
            line("verifying the archive of", verified, peak, " in all, Python included"),
            line("replaying", replayed, replaying[0], " over base"),
        ],
    )


if __name__ == "__main__":
    main()
