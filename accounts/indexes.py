"""Changing indexes under a live system: PostgreSQL builds and drops them beside the work, SQLite at once.

A migration that uses these has `atomic = False`.
"""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import RunPython


class AddIndexLive(AddIndexConcurrently):
    """Add an index without stopping those who write."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            # One that was broken off stands there, invalid, under its name.
            drop(schema_editor, self.index.name)
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        else:
            schema_editor.add_index(to_state.apps.get_model(app_label, self.model_name), self.index)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        drop(schema_editor, self.index.name)


def drop(schema_editor: Any, name: str) -> None:
    beside = "CONCURRENTLY " if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f'DROP INDEX {beside}IF EXISTS "{name}"')


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
