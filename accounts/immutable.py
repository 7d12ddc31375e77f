"""Rows that are written once: refused by the ORM's bulk ways, and by the database whatever asks it."""

from typing import Any

from django.db import models
from django.db.migrations import RunPython


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs: object) -> int:
        raise TypeError(f"{self.model.__name__} is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{self.model.__name__} is append-only")


def written_once(table: str, *columns: str) -> RunPython:
    """A migration's step: from here on the database refuses to change these columns of a row.

    Names come from code. SQLite forgets a table's triggers when a later migration alters the table: repeat it there.
    """
    trigger, names, said = f"{table}_written_once", ", ".join(columns), f"{table} is written once"

    def forbid(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {trigger} BEFORE UPDATE OF {names} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {trigger}()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {trigger} BEFORE UPDATE OF {names} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )

    def allow(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {trigger} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {trigger}()")
        else:
            schema_editor.execute(f"DROP TRIGGER {trigger}")

    return RunPython(forbid, allow)
