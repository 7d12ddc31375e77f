"""Many rows into the database at once: the place where PostgreSQL and SQLite differ for imports."""

from collections.abc import Callable, Iterable, Iterator, Sequence
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


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    pass_by: bool = False,
) -> None:
    """Insert rows by column name, inside a transaction.

    A row that a unique constraint refuses refuses them all; with `pass_by` it alone is passed by. Values are as the
    database takes them: JSON as text, instants aware.
    """
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if not is_postgresql():
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT {'OR IGNORE ' if pass_by else ''}INTO {table} ({names}) VALUES ({marks})",
                list(_adapted(model, columns, rows, adapted)),
            )
            return
        target = table
        if pass_by:
            # COPY knows no ON CONFLICT: hence the table between.
            target = quote(f"incoming_{model._meta.db_table}")
            cursor.execute(
                f"CREATE TEMP TABLE IF NOT EXISTS {target} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA"
            )
            cursor.execute(f"TRUNCATE {target}")
        with (
            connection.wrap_database_errors,
            cursor.copy(f"COPY {target} ({names}) FROM STDIN") as copy,
        ):
            for row in _adapted(model, columns, rows, str):
                copy.write_row(row)
        if pass_by:
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM {target} ON CONFLICT DO NOTHING"
            )


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set columns of rows by primary key, which is each row's last value."""
    quote = connection.ops.quote_name
    settings = ", ".join(f"{quote(column)} = %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(model._meta.db_table)} SET {settings} WHERE id = %s",
            list(_adapted(model, [*columns, "id"], rows, adapted)),
        )


def _adapted(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    adapt: Callable[[Any], Any],
) -> Iterable[Sequence[Any]]:
    """The rows with their instants as `adapt` writes them: few differ, so each is written once."""
    instants = [
        n
        for n, name in enumerate(columns)
        if isinstance(model._meta.get_field(name.removesuffix("_id")), models.DateTimeField)
    ]
    return _with_instants(rows, instants, adapt) if instants else rows


def _with_instants(
    rows: Iterable[Sequence[Any]], instants: list[int], adapt: Callable[[Any], Any]
) -> Iterator[Sequence[Any]]:
    known: dict[Any, Any] = {None: None}
    for row in rows:
        row = list(row)
        for n in instants:
            if row[n] not in known:
                known[row[n]] = adapt(row[n])
            row[n] = known[row[n]]
        yield row
