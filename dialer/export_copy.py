"""The rows of the call log as PostgreSQL writes CSV itself: the same bytes as dialer.export makes, but sooner.

Two statements a chunk. The first says which zones the chunk's people are in and how far its instants reach. Offsets for
these come from the pinned tz data, never from the database's own, and go into the second: a COPY, whose rows leave as
they come.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import Location
from compliance.words import REASONS
from contacts.cells import guard_sql
from dialer.models import Call, Origin, Outcome
from dialer.offsets import Period, periods
from dialer.states import Disposition, State
from dialer.words import FAILURES, failure_words, status_word

_THEIR_ZONE = "coalesce(nullif(c.timezone, ''), split_part(c.zones, ',', 1))"
# Row by row through the keys, fenced off by OFFSET: left alone, the planner joins all calls of all time for each chunk.
_BY_KEY = """
    CROSS JOIN LATERAL (SELECT * FROM dialer_call WHERE id = chosen.id OFFSET 0) d
    CROSS JOIN LATERAL (SELECT * FROM contacts_contact WHERE id = d.contact_id OFFSET 0) c
"""
_STATUSES = [
    (state.value, disposition, status_word(state, disposition))
    for state in State
    for disposition in ("", *(each.value for each in Disposition))
]


def rows(location: Location, calls: QuerySet[Call], first: int, following: int) -> Iterator[str]:
    """The lines of the calls, newest first, in pieces of `following` calls, the first one of `first`."""
    size, left = first, calls
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            # Instants are cut from their text below. Tables are joined as they stand there, words after rows; and
            # compiling the statement would take longer than a chunk's rows.
            cursor.execute(
                "SET LOCAL datestyle TO ISO; SET LOCAL join_collapse_limit TO 1; SET LOCAL jit TO off"
            )
            lowest, zones = _survey(cursor, left.order_by("-pk")[:size])
            if lowest is None:
                return
            statement, parameters = _statement(location, left.filter(pk__gte=lowest), zones)
            with cursor.copy(statement, parameters) as copy:
                # One piece of data a row, by the protocol. CSV ends its lines as RFC 4180 says.
                text = b"".join([bytes(row)[:-1] + b"\r\n" for row in copy])
        # The transaction is over while the client takes its time: it would hold up the cleaning of dead rows.
        yield text.decode()
        size, left = following, calls.filter(pk__lt=lowest)


def _survey(cursor: Any, chunk: QuerySet[Call]) -> tuple[int | None, list[tuple[str, datetime, datetime]]]:
    """The lowest id of the chunk, None for no calls; and each zone with the first and last instant to be told in it."""
    chosen, parameters = chunk.values("pk").query.sql_with_params()
    cursor.execute(
        f"""
        SELECT {_THEIR_ZONE}, min(d.id),
            least(min(d.due_at), min(d.started_at), min(d.ended_at)),
            greatest(max(d.due_at), max(d.started_at), max(d.ended_at))
        FROM ({chosen}) chosen (id) {_BY_KEY} GROUP BY 1
        """,
        parameters,
    )
    found = cursor.fetchall()
    lowest = min((row[1] for row in found), default=None)
    return lowest, [(zone, since, until) for zone, _, since, until in found]


def _statement(
    location: Location, calls: QuerySet[Call], zones: Sequence[tuple[str, datetime, datetime]]
) -> tuple[str, list[Any]]:
    """The COPY of these calls, and its parameters."""
    since, until = min(each[1] for each in zones), max(each[2] for each in zones)
    here = periods(location.timezone, since, until)
    clocks = [(zone, *period) for zone, first, last in zones if zone for period in periods(zone, first, last)]
    tables = [
        _table("clock", "zone text, since timestamptz, until timestamptz, shift interval, sign text", clocks),
        _table("status", "state text, disposition text, word text", _STATUSES),
        _table("outcome", "code text, word text", Outcome.choices),
        _table("origin", "code text, word text", Origin.choices),
        _table("failure", "code text, word text", [(code, words.title) for code, words in FAILURES.items()]),
        _table("reason", "code text, word text", [(code, words.title) for code, words in REASONS.items()]),
    ]
    parameters = [value for _, values in tables for value in values]
    cells: list[str] = []

    def add(sql: str, *values: Any) -> None:
        cells.append(sql)
        parameters.extend(values)

    def local(column: str) -> None:
        add(*_local(column, here))

    add("d.code")
    add("CASE WHEN d.is_test THEN 'Test' ELSE 'Live' END")
    add("status.word")
    add("outcome.word")
    add(guard_sql("campaign.name"))
    add(guard_sql("agent.name"))
    add("coalesce(origin.word, d.origin)")
    for column in ("c.first_name", "c.last_name", "d.phone", "d.from_number"):
        add(guard_sql(column))
    add(_THEIR_ZONE)
    local("d.due_at")
    local("d.started_at")
    add(f"{_cut('d.started_at', 'clock.shift')} || clock.sign")
    local("d.ended_at")
    add("CASE WHEN d.started_at IS NOT NULL THEN d.talk_seconds::text END")
    # An unknown code in words: as compliance.words.words_of has it.
    unknown = "upper(left(given.code, 1)) || lower(substr(replace(given.code, '_', ' '), 2))"
    for value, separator in ((f"coalesce(reason.word, {unknown})", "; "), ("given.code", " ")):
        add(
            f"""CASE WHEN d.reasons <> '[]' THEN (
                SELECT string_agg({value}, '{separator}' ORDER BY given.place)
                FROM jsonb_array_elements_text(d.reasons) WITH ORDINALITY given (code, place)
                LEFT JOIN reason ON reason.code = given.code) END"""
        )
    add("CASE WHEN d.failure_code <> '' THEN coalesce(failure.word, %s) END", failure_words("?").title)
    add(guard_sql("d.failure_code"))
    add(guard_sql("d.summary"))
    add("d.recording_seconds::text")

    chosen, values = calls.order_by().values("pk").query.sql_with_params()
    # Nothing at all between two commas, where COPY would quote an empty text.
    columns = ", ".join(f"nullif({cell}, '')" for cell in cells)
    return (
        f"""
        COPY (
            WITH {", ".join(table for table, _ in tables)}
            SELECT {columns}
            FROM (SELECT DISTINCT id FROM ({chosen}) filtered (id)) chosen {_BY_KEY}
            JOIN voiceagents_agent agent ON agent.id = d.agent_id
            LEFT JOIN dialer_campaign campaign ON campaign.id = d.campaign_id
            LEFT JOIN clock ON clock.zone = {_THEIR_ZONE}
                AND d.started_at >= clock.since AND d.started_at < clock.until
            LEFT JOIN status ON status.state = d.state AND status.disposition = d.disposition
            LEFT JOIN outcome ON outcome.code = d.outcome
            LEFT JOIN origin ON origin.code = d.origin
            LEFT JOIN failure ON failure.code = d.failure_code
            ORDER BY d.id DESC
        ) TO STDOUT (FORMAT csv)
        """,
        [*parameters, *values],
    )


def _table(name: str, columns: str, rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
    """A table of the statement's own, "name type, ..." as columns; and its parameters."""
    named = [column.split() for column in columns.split(", ")]
    row = "(" + ", ".join(f"%s::{kind}" for _, kind in named) + ")"
    names = ", ".join(column for column, _ in named)
    if not rows:
        nothing = ", ".join(f"NULL::{kind}" for _, kind in named)
        return f"{name} ({names}) AS (SELECT {nothing} WHERE false)", []
    return (
        f"{name} ({names}) AS (VALUES {', '.join([row] * len(rows))})",
        [value for each in rows for value in each],
    )


def _cut(column: str, shift: str) -> str:
    """The instant's date and time in a zone that is `shift` from UTC, to the second."""
    return f"left(({column} AT TIME ZONE 'UTC' + {shift})::text, 19)"


def _local(column: str, here: Sequence[Period]) -> tuple[Any, ...]:
    """The instant as ISO 8601 in the zone of these periods; the SQL and its parameters."""
    text = f"{_cut(column, '%s::interval')} || %s"
    *before, last = here
    cases = "".join(f"WHEN {column} < %s THEN {text} " for _ in before)
    values = [value for each in before for value in (each.until, each.offset, each.text)]
    return (f"CASE {cases}ELSE {text} END" if before else text, *values, last.offset, last.text)
