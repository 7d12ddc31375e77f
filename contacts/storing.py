"""What imports ask of the database beside their rows: one at a time, in batches, and changes by the thousand."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from accounts.database import adapted, is_postgresql

# Above it SQLite would meet its limit of variables in a statement.
BATCH = 2_000


def lock_lists(organization_id: int) -> None:
    """One import of an organization at a time until the transaction ends; SQLite's transactions are alone anyway."""
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x1157, organization_id])


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set columns of rows by primary key, which is each row's last value."""
    settings = ", ".join(f"{column} = %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {model._meta.db_table} SET {settings} WHERE id = %s",
            [[adapted(value) for value in row] for row in rows],
        )
