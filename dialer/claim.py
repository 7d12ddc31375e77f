"""Finding what is due through the index: a tick costs the same with a thousand calls waiting or ten million."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from accounts.database import adapted, fetched, instant, is_postgresql

# As the partial index call_due is declared, word for word, or the planner cannot use it.
DUE = "NOT {c}.held AND {c}.state IN ('created', 'scheduled', 'queued') AND {c}.due_at <= %s"
# The oldest due call of a location: asked for by order, so that the planner takes that index whatever it guesses.
OLDEST = (
    f"(SELECT c.id FROM dialer_call c WHERE c.location_id = p.location_id AND {DUE.format(c='c')} "
    "ORDER BY c.due_at, c.id LIMIT 1)"
)


class Candidate(NamedTuple):
    """A due call of a location whose slot is open. slot_at: the earliest instant at which the location may start it."""

    id: int
    location_id: int
    contact_id: int
    campaign_id: int | None
    agent_id: int
    code: str
    phone: str
    state: str
    is_test: bool
    purpose: str
    context: str
    slot_at: datetime


COLUMNS = Candidate._fields[:-1]


def anything_due(now: datetime, horizon: datetime) -> bool:
    """Whether a location with an open slot has a due call. Takes no lock: an idle drain writes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM dialer_pace p WHERE p.next_slot_at <= %s AND {OLDEST} IS NOT NULL)",
            [adapted(horizon), adapted(now)],
        )
        return bool(cursor.fetchone()[0])


def claim(now: datetime, horizon: datetime, *, locations: int, calls_each: int) -> list[Candidate]:
    """Lock up to `locations` locations with a slot before `horizon`, and the oldest `calls_each` due calls of each.

    Call inside a transaction: the locks are the claim. Rows that another drain holds are passed by. The answer is in
    order of slots, then of due times, so that one location with a million waiting calls delays nobody else.
    """
    if is_postgresql():
        statement = f"""
            WITH ready AS MATERIALIZED (
                SELECT p.location_id, p.next_slot_at FROM dialer_pace p
                WHERE p.next_slot_at <= %s
                  AND {OLDEST} IS NOT NULL
                ORDER BY p.next_slot_at LIMIT %s FOR UPDATE OF p SKIP LOCKED)
            SELECT c.*, ready.next_slot_at FROM ready CROSS JOIN LATERAL (
                SELECT {", ".join(COLUMNS)} FROM dialer_call d
                WHERE d.location_id = ready.location_id AND {DUE.format(c="d")}
                ORDER BY d.due_at, d.id LIMIT %s FOR UPDATE SKIP LOCKED) c
        """
    else:
        statement = f"""
            WITH ready AS (
                SELECT p.location_id, p.next_slot_at FROM dialer_pace p
                WHERE p.next_slot_at <= %s
                  AND {OLDEST} IS NOT NULL
                ORDER BY p.next_slot_at LIMIT %s)
            SELECT {", ".join("c." + column for column in COLUMNS)}, ready.next_slot_at
            FROM ready JOIN dialer_call c ON c.id IN (
                SELECT d.id FROM dialer_call d
                WHERE d.location_id = ready.location_id AND {DUE.format(c="d")}
                ORDER BY d.due_at, d.id LIMIT %s)
            ORDER BY ready.next_slot_at, c.location_id, c.due_at, c.id
        """
    rows = fetched(statement, [horizon, now, locations, now, calls_each])
    if is_postgresql():
        return [Candidate._make(row) for row in rows]
    return [
        Candidate._make((*row[:-1], instant(row[-1])))._replace(is_test=bool(row[COLUMNS.index("is_test")]))
        for row in rows
    ]
