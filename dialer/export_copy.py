"""The rows of the call log as PostgreSQL writes CSV itself: the same bytes as dialer.export makes, but sooner.

One statement a chunk, which returns the chunk's lines as one text. What Python knows goes into it as JSON, ready as
cells of CSV: words, names, and the offsets of zones by the pinned tz data, never by the database's own. What it does
not know yet (another zone or year, a reason not met so far) leaves its lines out and says so: then the chunk is looked
over for all of these and written again. After the first chunks that is rare.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.database import by_index
from accounts.models import Location
from compliance.words import words_of
from contacts.cells import cell_sql, guard
from dialer.models import Call, Origin, Outcome
from dialer.offsets import offset, periods
from dialer.states import Disposition, State
from dialer.words import failure_words, status_word

# Column of the statement → what Django calls it.
_COLUMNS = {
    "id": "pk", "code": "code", "is_test": "is_test", "state": "state", "disposition": "disposition",
    "outcome": "outcome", "campaign": "campaign_id", "agent": "agent_id", "origin": "origin",
    "first_name": "contact__first_name", "last_name": "contact__last_name", "phone": "phone",
    "from_number": "from_number", "timezone": "contact__timezone", "zones": "contact__zones", "due_at": "due_at",
    "started_at": "started_at", "ended_at": "ended_at", "talk_seconds": "talk_seconds", "reasons": "reasons",
    "failure": "failure_code", "summary": "summary", "recording": "recording_seconds",
}  # fmt: skip
_THEIR_ZONE = "CASE WHEN d.timezone <> '' THEN d.timezone ELSE split_part(d.zones, ',', 1) END"
# One when all is known, two when not, more when a call changed meanwhile.
_LOOKS = 10
_EARLIER, _SECOND = timedelta(days=400), timedelta(seconds=1)
_STATUS = "d.state || ' ' || d.disposition"
_SPECIAL = re.compile('[,"\r\n]')
_STATUSES = {
    f"{state.value} {disposition}": f"{status_word(state, disposition)},"
    for state in State
    for disposition in ("", *(each.value for each in Disposition))
}


def rows(
    location: Location, calls: QuerySet[Call], campaigns: Mapping[int, str], agents: Mapping[int, str],
    first: int, size: int,
) -> Iterator[str]:  # fmt: skip
    """The lines of the calls, newest first, in pieces of some `size` characters, the first one of `first` calls.

    campaigns, agents: names by id, guarded.
    """
    known = _Known(location, campaigns, agents)
    count, left = first, calls
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            # Instants are cut from their text below; and a chunk is sorted in memory.
            cursor.execute(
                "SET LOCAL datestyle TO ISO; SET LOCAL timezone TO 'UTC'; SET LOCAL work_mem TO '16MB'"
            )
            by_index()
            lowest = left.order_by("-pk").values_list("pk", flat=True)[count - 1 : count].first()
            chunk = left if lowest is None else left.filter(pk__gte=lowest)
            for _ in range(_LOOKS):
                text, found, unknown = _lines(cursor, chunk, known)
                if not unknown:
                    break
                known.learn(cursor, chunk)
            else:
                raise RuntimeError("Calls of the log changed faster than they could be written.")
        # The transaction is over while the client takes its time: it would hold up the cleaning of dead rows.
        if text:
            yield text
        if lowest is None:
            return
        count = max(first, size * found // max(len(text), 1))
        left = calls.filter(pk__lt=lowest)


class _Known:
    """What the statement may ask for, by key; and the offsets of `zones` between any two of `bounds`."""

    def __init__(self, location: Location, campaigns: Mapping[int, str], agents: Mapping[int, str]) -> None:
        self.words: dict[str, dict[str, str]] = {
            "status": _STATUSES,
            "outcome": {code: f"{word}," for code, word in Outcome.choices},
            "origin": {code: f"{word}," for code, word in Origin.choices},
            "campaign": {str(pk): f"{_cell(name)}," for pk, name in campaigns.items()},
            "agent": {str(pk): f"{_cell(name)}," for pk, name in agents.items()},
            # The two cells of a list of reasons, and of a failure.
            "reasons": {"[]": ",,"},
            "failure": {"": ",,"},
        }
        self.here = location.timezone
        self.zones: set[str] = set()
        self.bounds: list[datetime] = []

    def learn(self, cursor: Any, chunk: QuerySet[Call]) -> None:
        """Take in all that these calls need."""
        chosen, parameters = _chosen(chunk)
        cursor.execute(
            f"""
            SELECT {_THEIR_ZONE}, array_agg(DISTINCT d.reasons::text), array_agg(DISTINCT d.failure),
                least(min(d.due_at), min(d.started_at), min(d.ended_at)),
                greatest(max(d.due_at), max(d.started_at), max(d.ended_at))
            FROM {chosen} GROUP BY 1
            """,
            parameters,
        )
        instants = [*self.bounds]
        for zone, reasons, failures, since, until in cursor.fetchall():
            self.zones |= {zone} - {""}
            for listed in reasons:
                codes = json.loads(listed)
                titles = "; ".join([words_of(code).title for code in codes])
                self.words["reasons"][listed] = f"{_cell(titles)},{_cell(' '.join(codes))},"
            for code in failures:
                title = failure_words(code).title if code else ""
                self.words["failure"][code] = f"{_cell(title)},{_cell(guard(code))},"
            # The next chunks' calls are older.
            instants += [since - _EARLIER, until + _SECOND]
        first, last = min(instants), max(instants)
        changes = [each.since for zone in {*self.zones, self.here} for each in periods(zone, first, last)]
        self.bounds = [*sorted({*changes}), last]


def _lines(cursor: Any, chunk: QuerySet[Call], known: _Known) -> tuple[str, int, bool]:
    """The lines as one text, how many calls there are, and whether some need what is not known."""
    chosen, parameters = _chosen(chunk)
    values: list[Any] = []

    def word(of: str, key: str) -> str:
        values.append(json.dumps(known.words[of], ensure_ascii=False))
        return f"(%s::jsonb ->> ({key}))"

    def there() -> str:
        parts = [(zone, [offset(zone, at) for at in known.bounds[:-1]]) for zone in sorted(known.zones)]
        shifts = {zone: [None, *(shift.total_seconds() for shift, _ in found)] for zone, found in parts}
        texts = {zone: [None, *(f"{text}," for _, text in found)] for zone, found in parts}
        values.extend([known.here, json.dumps(shifts), json.dumps(texts)])
        shift = "(%s::jsonb -> d.zone ->> d.part)::float8 * interval '1 second'"
        return (
            # Most people are on the location's clock.
            "CASE WHEN d.started_at IS NULL OR d.zone = '' THEN ',' WHEN d.zone = %s THEN d.started "
            f"ELSE {_cut('d.started_at', shift)} || (%s::jsonb -> d.zone ->> d.part) END"
        )

    def here(column: str) -> str:
        cell, instants = _local(column, known)
        values.extend(instants)
        return cell

    # Each brings its comma, so that less is put together.
    cells = [
        "d.code",
        "CASE WHEN d.is_test THEN ',Test,' ELSE ',Live,' END",
        f"coalesce({word('status', _STATUS)}, ',')",
        f"coalesce({word('outcome', 'd.outcome')}, ',')",
        f"coalesce({word('campaign', 'd.campaign::text')}, ',')",
        f"coalesce({word('agent', 'd.agent::text')}, ',')",
        f"coalesce({word('origin', 'd.origin')}, d.origin || ',')",
        *(f"{cell_sql(f'd.{name}')} || ','" for name in ("first_name", "last_name")),
        *(f"{cell_sql(f'd.{name}', number=True)} || ','" for name in ("phone", "from_number")),
        # A name of the tz database, whoever entered it.
        "d.zone || ','",
        here("d.due_at"),
        "d.started",
        there(),
        here("d.ended_at"),
        "CASE WHEN d.started_at IS NULL THEN ',' ELSE d.talk_seconds::text || ',' END",
        word("reasons", "d.reasons::text"),
        word("failure", "d.failure"),
        cell_sql("d.summary"),
        "coalesce(',' || d.recording::text, ',')",
    ]
    started, moments = _local("started_at", known)
    # What stands in a cell twice is computed first, once. Written like this OFFSET is seen to skip nothing, so that
    # several processes may share the chunk: most of the work is in the cells.
    cursor.execute(
        f"""
        SELECT coalesce(string_agg(line, ''), ''), count(*), coalesce(bool_or(line IS NULL), false)
        FROM (
            SELECT {" || ".join(cells)} || E'\\r\\n'
            FROM (
                SELECT *, {_THEIR_ZONE} AS zone, {started} AS started,
                    width_bucket(started_at, %s::timestamptz[]) AS part
                FROM {chosen} OFFSET '0'
            ) d
            ORDER BY d.id DESC
        ) lines (line)
        """,
        [*values, *moments, known.bounds, *parameters],
    )
    text, found, unknown = cursor.fetchone()
    return text, found, unknown


def _chosen(chunk: QuerySet[Call]) -> tuple[str, tuple[Any, ...]]:
    """These calls as the table d of a FROM, with its parameters."""
    statement, parameters = chunk.order_by().values_list(*_COLUMNS.values()).query.sql_with_params()
    return f"({statement}) d ({', '.join(_COLUMNS)})", parameters


def _local(column: str, known: _Known) -> tuple[str, list[Any]]:
    """The cell of an instant on the location's clock, NULL where that is not known; the SQL and its parameters."""
    cell, values = f"CASE WHEN {column} IS NULL THEN ','", list[Any]()
    if known.bounds:
        first, last = known.bounds[0], known.bounds[-1]
        cell += f" WHEN {column} < %s THEN NULL"
        values.append(first)
        for period in periods(known.here, first, last):
            cell += f" WHEN {column} < %s THEN {_cut(column, '%s::interval')} || %s"
            values += [min(period.until, last), period.offset, f"{period.text},"]
    return f"{cell} END", values


def _cut(column: str, shift: str) -> str:
    """The instant's date and time in a zone that is `shift` from UTC, to the second."""
    return f"left(({column} + {shift})::text, 19)"


def _cell(text: str) -> str:
    """As csv writes it."""
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text
