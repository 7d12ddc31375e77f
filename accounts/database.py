"""The one place where the two databases differ. What only PostgreSQL can do fast is still right on SQLite."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any, TypeVar

import orjson
from django.db import connection, models
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper

M = TypeVar("M", bound=models.Model)


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def skip_locked(queryset: "models.QuerySet[M]") -> "models.QuerySet[M]":
    """Lock the rows, passing by those another transaction holds; on SQLite a transaction holds the whole file."""
    return queryset.select_for_update(skip_locked=True) if is_postgresql() else queryset


@cache
def _binding_in_server() -> Any:
    import psycopg

    return psycopg.Cursor


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """A cursor for what a drain repeats all day: PostgreSQL gets values in binary and plans each statement once.

    Instants come aware from PostgreSQL and as text from SQLite: read them through `instant`. Booleans are 0 and 1 on
    SQLite. Whether a statement is kept prepared, the option prepare_threshold of the connection says.
    """
    with _cursor() as cursor:
        yield cursor


def _cursor() -> CursorWrapper:
    if not is_postgresql():
        return connection.cursor()
    connection.ensure_connection()
    wrapper = CursorDebugWrapper if connection.queries_logged else CursorWrapper
    cursor = wrapper(_binding_in_server()(connection.connection), connection)
    cursor.cursor.format = 1
    return cursor


def by_index() -> None:
    """Until the transaction ends PostgreSQL looks row for row through an index, and reads no whole table for a join.

    What a batch needs are some hundred rows, whatever a table holds. A plan is kept from when a table was nearly empty,
    and a list that was loaded this minute has no statistics yet: by its guess the planner would read a million rows.
    """
    if is_postgresql():
        with connection.cursor() as cursor:
            # Compiling a plan takes longer than any of these statements, and a forbidden scan looks dear enough for it.
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; "
                "SET LOCAL jit = off"
            )


@contextmanager
def pipelined() -> Iterator[None]:
    """PostgreSQL works on the statements of the block while Python goes on; in a transaction.

    Whoever reads rows waits for them. An error shows there or at the end of the block, and ends the transaction.
    References are checked with each statement, while there is something else to do, and not all at the commit.
    """
    if not is_postgresql():
        yield
        return
    with connection.wrap_database_errors, connection.connection.pipeline():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield


def fetched(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement that comes over and over."""
    with prepared() as cursor:
        cursor.execute(statement, [adapted(value) for value in parameters])
        return cursor.fetchall()


def run(statement: str, parameters: Sequence[Any]) -> None:
    """Run a statement that comes over and over and returns no rows."""
    with prepared() as cursor:
        cursor.execute(statement, [adapted(value) for value in parameters])


def asked(statement: str, parameters: Sequence[Any]) -> Callable[[], list[tuple[Any, ...]]]:
    """As `fetched`, but the rows come when the answer is called: inside `pipelined` nobody waits before that."""
    cursor = _cursor()
    cursor.execute(statement, [adapted(value) for value in parameters])
    return cursor.fetchall


def change_row(table: str, key: int, fields: Mapping[str, Any]) -> None:
    """UPDATE the row with this id, as `run` does; names come from code, never from input, and vary little."""
    settings = ", ".join(f"{name} = %s" for name in fields)
    run(f"UPDATE {table} SET {settings} WHERE id = %s", [*fields.values(), key])


# Between the values of a text parameter: a character that no phone number, code or token has.
_BETWEEN = "\x1f"


def among(column: str, kind: str) -> str:
    """SQL: the column is one of the values of the parameter `listed(...)`; kind: "bigint" or "text".

    One parameter whatever their number, so that a plan is kept and SQLite's limit of variables is far. It travels as
    one text: a list is quoted value by value, which took longer than the query.
    """
    if not is_postgresql():
        return f"{column} IN (SELECT value FROM json_each(%s))"
    return f"{column} = ANY(string_to_array(%s, chr(31)){'' if kind == 'text' else f'::{kind}[]'})"


def listed(values: Collection[int] | Collection[str]) -> str:
    """The parameter of `among`. Raises ValueError for a text that cannot be told from two."""
    if not is_postgresql():
        return json.dumps(list(values))
    text = _BETWEEN.join(map(str, values))
    if values and text.count(_BETWEEN) != len(values) - 1:
        raise ValueError("A value has a control character in it; nothing was looked up.")
    return text


def json_text(column: str, key: str) -> str:
    """SQL: a key of a JSON object as text. Both come from code, never from input."""
    return f"{column} ->> '{key}'" if is_postgresql() else f"CAST(json_extract({column}, '$.{key}') AS TEXT)"


def json_of(value: Any) -> str:
    """Plain data as JSON text, for a column of JSON."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value)  # An integer beyond 64 bits is JSON all the same.


def instant(value: Any) -> Any:
    """An instant of a raw query, aware. SQLite stores it in UTC without an offset, and gives a text or a datetime."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def next_ids(table: str, count: int) -> list[int]:
    """Fresh primary keys of a table, for rows that refer to each other before they are written; in a transaction."""
    if not count:
        return []
    with prepared() as cursor:
        if is_postgresql():
            cursor.execute(
                "WITH s AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name) "
                "SELECT nextval(s.name) FROM s, generate_series(1, %s::integer)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        # The transaction holds the whole file: nobody else takes these.
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        first = cursor.fetchone()[0] + 1
        return list(range(first, first + count))


def insert_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, pass_by: bool = False
) -> None:
    """Insert rows as the database takes them (JSON as text, instants aware); names come from code, never from input.

    A row that a unique constraint refuses refuses them all; with `pass_by`, in a transaction, it alone is passed by.
    PostgreSQL takes them by COPY, which does not go through a pipeline (write_rows does).
    """
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if not is_postgresql():
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT {'OR IGNORE ' if pass_by else ''}INTO {table} ({names}) VALUES ({marks})",
                list(_with_days(rows)),
            )
            return
        target = table
        if pass_by:
            # COPY knows no ON CONFLICT: hence the table between.
            target = f"incoming_{table}"
            cursor.execute(
                f"CREATE TEMP TABLE IF NOT EXISTS {target} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA"
            )
            cursor.execute(f"TRUNCATE {target}")
        # Django does not see a COPY: without this a full disk would look like a fault of the rows.
        with (
            connection.wrap_database_errors,
            cursor.copy(f"COPY {target} ({names}) FROM STDIN") as copy,
        ):
            for row in _with_days(rows):
                copy.write_row(row)
        if pass_by:
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM {target} ON CONFLICT DO NOTHING"
            )


def _with_days(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The rows with their days and instants as the database reads them: few differ, so each is written once."""
    write = lru_cache(1000)(str if is_postgresql() else adapted)
    for row in rows:
        yield [write(value) if isinstance(value, date) else value for value in row]


def write_rows(table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """As insert_rows, inside `pipelined`. columns: as with_rows takes them."""
    if is_postgresql():
        names = ", ".join(columns)
        change_rows(f"INSERT INTO {table} ({names}) SELECT {names} FROM v", columns, rows)
    else:
        insert_rows(table, tuple(columns), rows)


# Instead of NULL. No text is it: JSON would have it in quotes, and with_rows looks for it in others.
_NULL = "\\N"


def _array(kind: str) -> str:
    # What the array is read from begins with a separator: of nothing else than an empty text nothing would be read.
    read = f"(string_to_array(%s, chr(31), '{_NULL}'))[2:]"
    return read if kind in ("text", "jsonb") else f"{read}::{kind}[]"


def _joined(values: Sequence[Any]) -> str:
    joined = _BETWEEN.join(["", *[_NULL if value is None else str(value) for value in values]])
    if joined.count(_BETWEEN) != len(values):
        raise ValueError("A value has a control character in it; nothing was written.")
    return joined


def with_rows(columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> Iterator[tuple[str, list[Any]]]:
    """The beginning of a statement that reads `rows` as the table v, with its parameters; once or in few parts.

    columns: name → PostgreSQL type of every value in `rows`. Names come from code, never from input. JSON is text.
    """
    if is_postgresql() and rows:
        # One array a column: the statement stays the same whatever the number of rows, so that its plan is kept.
        arrays = ", ".join(_array(kind) for kind in columns.values())
        values = ", ".join(f"{name}::jsonb" if kind == "jsonb" else name for name, kind in columns.items())
        yield (
            f"WITH v ({', '.join(columns)}) AS "
            f"(SELECT {values} FROM unnest({arrays}) r ({', '.join(columns)}))",
            [_joined(column) for column in zip(*rows, strict=True)],
        )
        return
    for start in range(0, len(rows), 80):
        part = rows[start : start + 80]
        marks = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * len(part))
        yield (
            f"WITH v ({', '.join(columns)}) AS (VALUES {marks})",
            [adapted(value) for row in part for value in row],
        )


def update_rows(table: str, key: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """UPDATE many rows to values of their own in few statements. columns: as with_rows takes them, the key's first."""
    settings = ", ".join(f"{name} = v.{name}" for name in columns if name != key)
    change_rows(f"UPDATE {table} SET {settings} FROM v WHERE {table}.{key} = v.{key}", columns, rows)


def change_rows(statement: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement that takes `rows` from the table v. columns: as with_rows takes them."""
    with prepared() as cursor:
        for rows_as_v, parameters in with_rows(columns, rows):
            cursor.execute(f"{rows_as_v} {statement}", parameters)


def adapted(value: Any) -> Any:
    """A Python value as the current database takes it in raw SQL."""
    if is_postgresql():
        return value
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
