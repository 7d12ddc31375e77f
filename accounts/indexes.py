"""Changing indexes under a live system: PostgreSQL builds and drops them beside the work, SQLite at once.

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


def roomy(table: str) -> RunPython:
    """A migration's step: pages of this table stay half empty, so that PostgreSQL changes its rows where they lie."""

    def set_to(setting: str) -> Any:
        def run(apps: Any, schema_editor: Any) -> None:
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(f"ALTER TABLE {table} {setting}")

        return run

    return RunPython(set_to("SET (fillfactor = 50)"), set_to("RESET (fillfactor)"))
