"""Transactions: those that PostgreSQL breaks off for others, and those that stay open too long.

The latter keep dead rows alive, over which every drain then walks.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple, TypeVar

import structlog
from django.db import OperationalError, connection, transaction
from psycopg import errors

from accounts.database import is_postgresql

log = structlog.get_logger(__name__)
Result = TypeVar("Result")
TRIES = 4
# The longest of ours, an export or a seal, take a minute or two.
OLD = timedelta(minutes=10)


def whole(work: Callable[[], Result]) -> Result:
    """Do the work in a transaction, and again from its beginning when it was the victim of a deadlock.

    A migration locks one table after another and may meet work that took them in another order.
    """
    for left in range(TRIES - 1, -1, -1):
        try:
            with transaction.atomic():
                return work()
        except OperationalError as error:
            if not (left and isinstance(error.__cause__, errors.DeadlockDetected)):
                raise
            log.warning("transaction_tried_again", tries_left=left)
    raise AssertionError  # The last try returns or raises.


class Oldest(NamedTuple):
    """The longest open transaction of the server. Texts are empty where our role may not see them."""

    age: timedelta
    process: int | None
    """The backend's; None for a transaction that was prepared and then forgotten."""
    role: str
    program: str
    state: str


def oldest() -> Oldest | None:
    """The longest open transaction beside this one; None when there is none, and on SQLite, which has no such thing."""
    if not is_postgresql():
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp() - since, pid, coalesce(role, ''), coalesce(program, ''), coalesce(state, '') "
            "FROM (SELECT xact_start AS since, pid, usename::text AS role, application_name AS program, state "
            "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() "
            "UNION ALL SELECT prepared, NULL, owner::text, gid, 'prepared' FROM pg_prepared_xacts) open "
            "WHERE since IS NOT NULL ORDER BY since LIMIT 1"
        )
        row = cursor.fetchone()
    return Oldest(*row) if row else None


def warn() -> None:
    """Write a line for an operator about a transaction older than OLD; once a minute, while it lasts."""
    found = oldest()
    if found is not None and found.age > OLD:
        log.warning(
            "transaction_old",
            seconds=round(found.age.total_seconds()),
            process=found.process,
            role=found.role,
            program=found.program,
            state=found.state,
        )
