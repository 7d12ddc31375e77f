"""`manage.py migrate`, as Django's, but on PostgreSQL it gives way to the work that goes on.

A change of a table waits for everybody who reads it, and whoever comes after waits behind it: one long report, and all
calling stands still. So a statement waits for its lock WITHIN, then its migration is undone and tried again.
"""

import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg import errors

WITHIN = "2s"
PAUSE = 3.0  # seconds, in which what waited behind goes on
TRIES = 40


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [WITHIN])
        try:
            self._migrate(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")

    def _migrate(self, *args: Any, **options: Any) -> None:
        for again in range(TRIES - 1, -1, -1):
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, errors.LockNotAvailable | errors.DeadlockDetected):
                    raise
            self.stderr.write(
                "A table is held by a long transaction; calls go on, the migration is tried again."
            )
            if again:
                time.sleep(PAUSE)
        raise CommandError(
            f"A table stayed held by a long transaction through {TRIES} tries, so the last migration was not applied; "
            "those before it were, and calls went on. See pg_stat_activity for the oldest xact_start, end that "
            "transaction, and migrate again."
        )
