"""The database's own refusal to change what was decided or consented, by triggers.

They fire on UPDATE and DELETE, and on PostgreSQL on TRUNCATE, for a session that plays a replica, too. There, an
INSERT with ON CONFLICT DO UPDATE is an UPDATE. On SQLite INSERT OR REPLACE deletes the old row without firing
anything, so an INSERT is refused where a row already has one of its keys. What may change: a consent entry forgets
its contact or its author, and the history of a list its author, when that row is deleted; a seal learns that its rows
were purged; and the rows of a purged seal may go. Written after every migrate, because SQLite loses a table's
triggers when a migration makes the table anew.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db import connection, models, transaction

from accounts.database import is_postgresql
from compliance.models import Book, ConsentEntry, Decision, ListEvent, RulesEdition, Seal

# Table → the columns that may become NULL, and the book whose purged seals let rows go.
FORGETS: dict[type[models.Model], tuple[tuple[str, ...], str]] = {
    Decision: ((), Book.DECISIONS.value),
    ConsentEntry: (("contact_id", "actor_id"), Book.CONSENT.value),
    Seal: ((), ""),
    RulesEdition: ((), ""),
    ListEvent: (("actor_id",), ""),
}
PREFIX = "append_only_"
PURGED = (
    "EXISTS (SELECT 1 FROM compliance_seal s WHERE s.location_id = OLD.location_id AND s.book = '{book}' "
    "AND s.last_id >= OLD.id AND s.after_id < OLD.id AND s.purged_at IS NOT NULL)"
)


def install(**kwargs: Any) -> None:
    """Write the triggers as they should be, then remove older ones; runs after every migrate, while calls go on.

    A lock that cannot be had leaves no trigger half written, and the old ones in force: the migrate is tried again.
    """
    wanted = dict(_statements())
    with connection.cursor() as cursor:
        present = _present(cursor)
        for name, statements in wanted.items():
            if name not in present:
                with transaction.atomic():
                    for statement in statements:
                        cursor.execute(statement)
        for name, table in present.items():
            if name not in wanted:
                cursor.execute(_drop(name, table))


def remove_sql() -> list[str]:
    """The statements that take the guard away, for a test database that is emptied."""
    with connection.cursor() as cursor:
        return [_drop(name, table) for name, table in _present(cursor).items()]


def _present(cursor: Any) -> dict[str, str]:
    """The triggers that are there, by name, with their tables."""
    if is_postgresql():
        cursor.execute(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname LIKE %s AND pg_table_is_visible(c.oid)",
            [PREFIX + "%"],
        )
    else:
        cursor.execute(
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [PREFIX + "%"]
        )
    return dict(cursor.fetchall())


def _drop(name: str, table: str) -> str:
    return f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgresql() else "")


def _statements() -> Iterator[tuple[str, list[str]]]:
    """Each trigger's name, which holds a hash of what it says, and the statements that make it."""
    for model, (forgets, book) in FORGETS.items():
        table = model._meta.db_table
        columns = [str(field.column) for field in model._meta.concrete_fields]
        may_go = PURGED.format(book=book) if book else "FALSE"
        changes = [("DELETE", may_go), ("UPDATE", _may_change(model, columns, forgets))]
        changes.append(("TRUNCATE", "FALSE") if is_postgresql() else ("INSERT", f"NOT ({_is_there(model)})"))
        for change, allowed in changes:
            said = "\n".join(_trigger("", table, change, allowed))
            name = PREFIX + hashlib.sha256(said.encode()).hexdigest()[:12]
            yield name, list(_trigger(name, table, change, allowed))


def _is_there(model: type[models.Model]) -> str:
    """The condition under which an INSERT meets a row that it could replace; a row without an id yet has -1 there."""
    column_of = {field.name: str(field.column) for field in model._meta.concrete_fields}
    keys: list[tuple[str, ...]] = [("rowid",)]
    keys += [(str(field.column),) for field in model._meta.concrete_fields if field.unique]
    keys += [tuple(column_of[name] for name in each.fields) for each in model._meta.total_unique_constraints]
    table = model._meta.db_table
    return " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{column} = NEW.{column}' for column in key)})"
        for key in dict.fromkeys(keys)
    )


def _may_change(model: type[models.Model], columns: list[str], forgets: tuple[str, ...]) -> str:
    """The condition under which an UPDATE is no change of what is recorded."""
    free = ("purged_at",) if model is Seal else forgets
    if not free:
        return "FALSE"
    same = [f"NEW.{column} {_is()} OLD.{column}" for column in columns if column not in free]
    if model is Seal:
        same.append("OLD.purged_at IS NULL")
    same += [f"(NEW.{column} IS NULL OR NEW.{column} {_is()} OLD.{column})" for column in forgets]
    return " AND ".join(same)


def _is() -> str:
    return "IS NOT DISTINCT FROM" if is_postgresql() else "IS"


def _trigger(name: str, table: str, change: str, allowed: str) -> Iterator[str]:
    refusal = f"{table} is append-only: its rows are neither changed nor deleted"
    if not is_postgresql():
        yield (
            f"CREATE TRIGGER {name} BEFORE {change} ON {table} WHEN NOT ({allowed}) "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
        return
    each = "STATEMENT" if change == "TRUNCATE" else "ROW"
    kept = {"DELETE": "OLD", "UPDATE": "NEW", "TRUNCATE": "NULL"}[change]
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
        f"IF {allowed} THEN RETURN {kept}; END IF; "
        f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $guard$"
    )
    yield f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
    # As a replica (session_replication_role) the server passes by every trigger that is not made to fire always.
    yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
