"""The numbers on external lists: stored by the ten million, looked up for a batch of calls in one query."""

import json
import struct
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice, starmap, zip_longest
from operator import eq
from typing import Any, NamedTuple

from django.db import connection, transaction

from accounts.database import fetched, insert_rows, is_postgresql, listed, run
from compliance.models import ListBlock
from compliance.places import NumberPlace, domestic
from compliance.rules import ListFact

TABLE = ListBlock._meta.db_table
BLOCK = 64  # numbers of a row
# Blocks written, read or deleted at once: on SQLite nobody else writes meanwhile.
BATCH = 4_000


class Listing(NamedTuple):
    """An external list to be checked, and which of the numbers that were asked about are on it.

    as_of: of the edition in force; None where there is none. has_ended: it is not kept up any more, and speaks of the
    numbers that are on it alone (compliance.list_ending).
    """

    kind: str
    country: str
    state: str
    name: str
    as_of: date | None
    has_ended: bool
    numbers: set[int]

    def concerns(self, place: NumberPlace, states: Collection[str]) -> bool:
        """Whether the list speaks of numbers like this one, listed or not."""
        if self.has_ended:
            return False
        if self.kind == "state":
            return self.state in states
        return place.region is not None and domestic(place.region, self.country)


Listings = dict[int, list[Listing]]


# For so long after it was added a list may wait for the end of its first load without stopping calls.
FIRST_LOAD = timedelta(hours=1)


def look_up(asked: Collection[tuple[int, str]], at: datetime) -> Listings:
    """The lists to be checked at `at`, of each organization, with those of its phones on them, in one query.

    asked: (organization, phone in E.164); each organization's lists are asked about its own phones alone.

    One without an edition in force is among them: once a load of it is over, an hour after it was added at the latest.
    """
    if not asked:
        return {}
    organization_ids = {organization for organization, _ in asked}
    pairs = [
        (organization, int(phone[1:]))
        for organization, phone in asked
        if phone[1:].isdecimal() and phone[0] == "+"
    ]
    if is_postgresql():
        arrays = "string_to_array(%s, chr(31))::bigint[], string_to_array(%s, chr(31))::bigint[]"
        numbers = f"unnest({arrays}) a (organization, value)"
        parameters = [listed([each for each, _ in pairs]), listed([number for _, number in pairs])]
    else:
        columns = "json_extract(value, '$[0]') AS organization, json_extract(value, '$[1]') AS value"
        numbers = f"(SELECT {columns} FROM json_each(%s)) a"
        parameters = [json.dumps(pairs)]
    rows = fetched(
        "SELECT l.id, l.organization_id, l.kind, l.country, l.state, l.name, e.as_of, "
        "l.deleted_at IS NOT NULL, a.value, "
        # The one block that the number may be in.
        f"(SELECT numbers FROM {TABLE} WHERE edition_id = e.id AND first <= a.value ORDER BY first DESC LIMIT 1) "
        f"FROM compliance_externallist l LEFT JOIN compliance_listedition e ON e.id = l.edition_id "
        f"LEFT JOIN {numbers} ON a.organization = l.organization_id "
        f"WHERE l.organization_id IN ({', '.join(['%s'] * len(organization_ids))}) "
        "AND (l.edition_id IS NOT NULL OR (l.deleted_at IS NULL AND (l.created_at <= %s OR EXISTS (SELECT 1 "
        "FROM compliance_listedition f JOIN accounts_job j ON j.id = f.job_id "
        "WHERE f.list_id = l.id AND j.ended_at IS NOT NULL)))) ORDER BY l.id",
        [*parameters, *organization_ids, at - FIRST_LOAD],
    )
    found: dict[int, Listing] = {}
    by_organization: Listings = {}
    for list_id, organization_id, kind, country, state, name, as_of, has_ended, number, block in rows:
        if list_id not in found:
            found[list_id] = Listing(kind, country, state, name, _date(as_of), bool(has_ended), set())
            by_organization.setdefault(organization_id, []).append(found[list_id])
        if block is not None and number in _unpacked(block):
            found[list_id].numbers.add(number)
    return by_organization


def facts_of(
    listings: Iterable[Listing], place: NumberPlace, states: Collection[str]
) -> tuple[ListFact, ...]:
    """What the rules are told of the lists about one number: those that concern it, and those that name it."""
    number = int(place.e164[1:]) if place.e164[1:].isdecimal() else None
    return tuple(
        ListFact(each.kind, each.name, each.as_of, number in each.numbers)
        for each in listings
        if number in each.numbers or each.concerns(place, states)
    )


def _date(value: Any) -> date | None:
    """A date from a raw query: SQLite gives it as text."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value)


def store(edition_id: int, numbers: Iterable[int]) -> Iterator[int]:
    """Write ascending numbers, each once, as the edition's, batch by batch; yields how many are stored after each."""
    iterator, stored = iter(numbers), 0
    while batch := list(islice(iterator, BATCH * BLOCK)):
        blocks = [batch[start : start + BLOCK] for start in range(0, len(batch), BLOCK)]
        with transaction.atomic():
            insert_rows(
                TABLE,
                ("edition_id", "first", "numbers"),
                ((edition_id, block[0], struct.pack(f"<{len(block)}q", *block)) for block in blocks),
            )
        stored += len(batch)
        yield stored


def _unpacked(block: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(block) // 8}q", block)


def read(edition_id: int) -> Iterator[int]:
    """The numbers of an edition, ascending, in flat memory."""
    last = -1
    while True:
        rows = fetched(
            f"SELECT first, numbers FROM {TABLE} WHERE edition_id = %s AND first > %s ORDER BY first LIMIT {BATCH}",
            [edition_id, last],
        )
        if not rows:
            return
        for _, block in rows:
            yield from _unpacked(block)
        last = rows[-1][0]


def same(edition_id: int, other_id: int) -> bool:
    """Whether two editions hold the same numbers; it reads as far as they do."""
    return all(starmap(eq, zip_longest(read(edition_id), read(other_id))))


def delete(edition_id: int) -> None:
    """Delete the numbers of an edition, batch by batch; each starts where the one before ended, past its dead rows."""
    last = -1
    while True:
        with transaction.atomic():
            [(end,)] = fetched(
                f"SELECT max(first) FROM (SELECT first FROM {TABLE} WHERE edition_id = %s AND first > %s "
                f"ORDER BY first LIMIT {BATCH}) batch",
                [edition_id, last],
            )
            if end is None:
                return
            run(
                f"DELETE FROM {TABLE} WHERE edition_id = %s AND first > %s AND first <= %s",
                [edition_id, last, end],
            )
        last = end


def analyze() -> None:
    """Tell PostgreSQL's planner what was just loaded, before the first look-up."""
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {TABLE}")
