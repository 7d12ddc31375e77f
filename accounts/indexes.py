"""Changing indexes and constraints under a live system: PostgreSQL works beside those who write, SQLite at once.

A migration that uses these has `atomic = False`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import RunPython


class AddIndexLive(AddIndexConcurrently):
    """Add an index without stopping those who write."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            # One that was broken off stands there, invalid, under its name.
            drop(schema_editor, self.index.name)
            with _patiently(schema_editor):
                super().database_forwards(app_label, schema_editor, from_state, to_state)
        else:
            schema_editor.add_index(to_state.apps.get_model(app_label, self.model_name), self.index)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        drop(schema_editor, self.index.name)


def drop(schema_editor: Any, name: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        with _patiently(schema_editor):
            schema_editor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
    else:
        schema_editor.execute(f'DROP INDEX IF EXISTS "{name}"')


@contextmanager
def _patiently(schema_editor: Any) -> Iterator[None]:
    """What is done beside the work waits for older transactions as long as they take: nobody waits behind it."""
    usual = "0"
    if not schema_editor.collect_sql:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            usual = cursor.fetchone()[0]
    schema_editor.execute("SET lock_timeout = 0")
    yield
    schema_editor.execute(f"SET lock_timeout = '{usual}'")


def dropped(*names: str) -> RunPython:
    """A migration's step: these indexes are gone. They only helped, so going back leaves them away."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        for name in names:
            drop(schema_editor, name)

    return RunPython(forwards, RunPython.noop)


def unchecked(*columns: str) -> RunPython:
    """A migration's step: PostgreSQL no longer asks with every row whether these ("table.column") refer to a row.

    For references that another one beside them proves. SQLite, which would have to write its tables anew, goes on
    asking. Going back leaves it at that.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for table, _, column in (each.partition(".") for each in columns):
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(
                    "SELECT c.conname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid "
                    "AND c.conkey = ARRAY[a.attnum] WHERE c.contype = 'f' AND c.conrelid = %s::regclass "
                    "AND a.attname = %s",
                    [table, column],
                )
                names = [name for (name,) in cursor.fetchall()]
            for name in names:
                schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')

    return RunPython(forwards, RunPython.noop)


def roomy(table: str, filled: int = 50) -> RunPython:
    """A migration's step: pages of this table are filled by so many percent, so that PostgreSQL changes rows in place.

    While what is left of a changed row finds room beside it, no index grows and no look-up walks over dead entries; a
    snapshot held open elsewhere lets such rows pile up.
    """

    def set_to(setting: str) -> Any:
        def run(apps: Any, schema_editor: Any) -> None:
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(f"ALTER TABLE {table} {setting}")

        return run

    return RunPython(set_to(f"SET (fillfactor = {filled})"), set_to("RESET (fillfactor)"))
