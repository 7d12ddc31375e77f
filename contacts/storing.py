"""Many rows into the database at once: the place where PostgreSQL and SQLite differ for imports."""

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


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows by column name, inside a transaction; rows that a unique constraint refuses are passed by.

    Values are as the database takes them: JSON as text, instants aware.
    """
    rows = list(rows)
    if not rows:
        return
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if is_postgresql():
            # COPY is several times INSERT, but knows no ON CONFLICT: hence the table between.
            staging = quote(f"incoming_{model._meta.db_table}")
            cursor.execute(
                f"CREATE TEMP TABLE IF NOT EXISTS {staging} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA"
            )
            cursor.execute(f"TRUNCATE {staging}")
            with cursor.copy(f"COPY {staging} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM {staging} ON CONFLICT DO NOTHING"
            )
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", _adapted(model, columns, rows)
            )


def ids_of(
    model: type[models.Model], column: str, values: Sequence[str], *, location_id: int
) -> dict[str, int]:
    """The primary key of each row of the location, by the value of a column. The ORM would look at each value twice."""
    if not values:
        return {}
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {quote(column)}, id FROM {quote(model._meta.db_table)} WHERE location_id = %s "
            f"AND {quote(column)} IN ({', '.join(['%s'] * len(values))})",
            [location_id, *values],
        )
        return dict(cursor.fetchall())


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set columns of rows by primary key, which is each row's last value."""
    quote = connection.ops.quote_name
    settings = ", ".join(f"{quote(column)} = %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(model._meta.db_table)} SET {settings} WHERE id = %s",
            _adapted(model, [*columns, "id"], list(rows)),
        )


def _adapted(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> Sequence[Sequence[Any]]:
    """The rows with their instants as the database takes them."""
    instants = [
        n
        for n, name in enumerate(columns)
        if isinstance(model._meta.get_field(name.removesuffix("_id")), models.DateTimeField)
    ]
    if not instants:
        return rows
    known: dict[Any, Any] = {}
    adapted_rows = [list(row) for row in rows]
    for n in instants:
        for row in adapted_rows:
            if row[n] not in known:
                known[row[n]] = adapted(row[n])
            row[n] = known[row[n]]
    return adapted_rows
