"""The one place where the two databases differ. What only PostgreSQL can do fast is still right on SQLite."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def skip_locked(queryset: "models.QuerySet[M]") -> "models.QuerySet[M]":
    """Lock the rows, passing by those another transaction holds; on SQLite a transaction holds the whole file."""
    return queryset.select_for_update(skip_locked=True) if is_postgresql() else queryset


def next_ids(table: str, count: int) -> list[int]:
    """Fresh primary keys of a table, for rows that refer to each other before they are written; in a transaction."""
    if not count:
        return []
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # The transaction holds the whole file: nobody else takes these.
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        first = cursor.fetchone()[0] + 1
        return list(range(first, first + count))


def insert_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows as the database takes them (JSON as text, instants aware); names come from code, never from input.

    PostgreSQL takes them by COPY: a third of the work of INSERT for both sides.
    """
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if is_postgresql():
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",
                [[adapted(value) for value in row] for row in rows],
            )


def with_rows(columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> Iterator[tuple[str, list[Any]]]:
    """The beginning of a statement that reads `rows` as the table v, with its parameters; once or in few parts.

    columns: name → PostgreSQL type of every value in `rows`. Names come from code, never from input. JSON is text.
    """
    if is_postgresql() and rows:
        # One JSON text is one parameter to quote and one value to plan, whatever the number of rows.
        kinds = ", ".join(f"{name} {'text' if kind == 'jsonb' else kind}" for name, kind in columns.items())
        values = ", ".join(f"{name}::{kind} AS {name}" for name, kind in columns.items())
        objects = [dict(zip(columns, row, strict=True)) for row in rows]
        yield (
            f"WITH v AS (SELECT {values} FROM jsonb_to_recordset(%s::jsonb) r ({kinds}))",
            [json.dumps(objects, default=_iso)],
        )
        return
    for start in range(0, len(rows), 80):
        part = rows[start : start + 80]
        marks = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * len(part))
        yield (
            f"WITH v ({', '.join(columns)}) AS (VALUES {marks})",
            [adapted(value) for row in part for value in row],
        )


def update_rows(table: str, key: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> int:
    """UPDATE many rows to values of their own in few statements; returns how many rows changed.

    columns: as with_rows takes them, the key's own first.
    """
    changed = 0
    settings = ", ".join(f"{name} = v.{name}" for name in columns if name != key)
    with connection.cursor() as cursor:
        for rows_as_v, parameters in with_rows(columns, rows):
            cursor.execute(
                f"{rows_as_v} UPDATE {table} SET {settings} FROM v WHERE {table}.{key} = v.{key}", parameters
            )
            changed += cursor.rowcount
    return changed


def _iso(value: date) -> str:
    return value.isoformat()


def adapted(value: Any) -> Any:
    """A Python value as the current database takes it in raw SQL."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
