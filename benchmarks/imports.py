"""The import of a list of 100,000 rows, beside COPY of the rows it made; on PostgreSQL and on SQLite.

python -m benchmarks.imports              both
python -m benchmarks.imports sqlite       one of them, in this process
"""

import io
import subprocess
import sys

import psycopg

from benchmarks.stage import Figure, memory_over_base, postgresql, report, scaled, seconds, sqlite

ROWS = scaled(100_000, 5_000)


def csv_list() -> bytes:
    """Names, numbers, e-mail, a field of their own, tags and a consent date in every row."""
    text = io.StringIO()
    text.write("First name,Last name,Phone,Email,Insurance,Tags,Consent date\n")
    for n in range(ROWS):
        text.write(
            f"Noah{n % 500},Brown{n % 900},(303) {200 + n // 10000}-{n % 10000:04d},person{n}@example.com,"
            f"Delta {n % 7},recall;spring,2026-05-{n % 28 + 1:02d}\n"
        )
    return text.getvalue().encode()


def import_once() -> tuple[float, float]:
    """Seconds and megabytes over base."""
    from tests.contacts.lists import run, upload
    from tests.factories import LocationFactory

    warm = LocationFactory()
    run(upload(warm, csv_list()[: csv_list().index(b"\n", 2_000) + 1]))
    contact_import = upload(LocationFactory(), csv_list())
    with memory_over_base() as most:
        spent = seconds(lambda: run(contact_import))
    contact_import.refresh_from_db()
    if contact_import.counts["created"] != ROWS:
        raise AssertionError(f"not every row was imported: {contact_import.counts}")
    return spent, most[0]


def copy_again(url: str) -> float:
    """Seconds of COPY of the same contacts and consent entries, ready made, into their tables."""
    with psycopg.connect(url) as connection:
        made = {}
        for table in ("contacts_contact", "compliance_consententry"):
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                made[table] = b"".join(copy)
        # The ledger is append-only, and says so by triggers.
        connection.execute("ALTER TABLE compliance_consententry DISABLE TRIGGER USER")
        connection.execute("TRUNCATE contacts_contact, compliance_consententry CASCADE")

        def copy_in() -> None:
            for table, rows in made.items():
                with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(rows)
            connection.commit()

        return seconds(copy_in)


def main() -> None:
    if sys.argv[1:] == ["sqlite"]:
        with sqlite():
            spent, most = import_once()
        report(
            "imports_sqlite",
            [
                Figure(f"import of {ROWS:,} rows, SQLite", f"{spent:.1f} s", "", "≤ 8 s", spent <= 8),
                Figure("memory over base, SQLite", f"{most:.0f} MB", "", "≤ 150 MB", most <= 150),
            ],
        )
        return
    with postgresql() as cluster:
        spent, most = import_once()
        raw = copy_again(cluster.url)
    report(
        "imports",
        [
            Figure(
                f"import of {ROWS:,} rows, PostgreSQL",
                f"{spent:.1f} s",
                f"COPY of the rows it made {raw:.1f} s ({raw / spent:.0%})",
                "≤ 5 s",
                spent <= 5,
            ),
            Figure("memory over base, PostgreSQL", f"{most:.0f} MB", "", "≤ 150 MB", most <= 150),
        ],
    )
    if not sys.argv[1:]:
        subprocess.run([sys.executable, "-m", "benchmarks.imports", "sqlite"], check=True)


if __name__ == "__main__":
    main()
