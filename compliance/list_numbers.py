"""The numbers on external lists: stored by the ten million, looked up for a batch of calls in one query."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection, transaction

from accounts.database import among, is_postgresql, listed
from compliance.models import ListNumber
from compliance.places import NumberPlace, domestic
from compliance.rules import ListFact

TABLE = ListNumber._meta.db_table
# Rows written or deleted in a transaction: on SQLite nobody else writes meanwhile.
BATCH = 50_000


class Listing(NamedTuple):
    """An external list in force, and which of the numbers that were asked about are on it."""

    kind: str
    country: str
    state: str
    name: str
    as_of: date
    numbers: set[int]

    def concerns(self, place: NumberPlace, states: Collection[str]) -> bool:
        """Whether the list speaks of numbers like this one, listed or not."""
        if self.kind == "state":
            return self.state in states
        return place.region is not None and domestic(place.region, self.country)


Listings = dict[int, list[Listing]]


def look_up(organization_ids: Collection[int], phones: Collection[str]) -> Listings:
    """The lists in force of each organization, with those of `phones` (E.164) that are on them, in one query."""
    numbers = [int(phone[1:]) for phone in phones if phone[1:].isdecimal() and phone[0] == "+"]
    if not organization_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.id, l.organization_id, l.kind, l.country, l.state, l.name, e.as_of, n.number "
            "FROM compliance_externallist l JOIN compliance_listedition e ON e.id = l.edition_id "
            f"LEFT JOIN {TABLE} n ON n.edition_id = e.id AND {among('n.number', 'bigint')} "
            f"WHERE l.organization_id IN ({', '.join(['%s'] * len(organization_ids))}) AND l.deleted_at IS NULL "
            "ORDER BY l.id",
            [listed(numbers), *organization_ids],
        )
        rows = cursor.fetchall()
    found: dict[int, Listing] = {}
    by_organization: Listings = {}
    for list_id, organization_id, kind, country, state, name, as_of, number in rows:
        if list_id not in found:
            found[list_id] = Listing(kind, country, state, name, _date(as_of), set())
            by_organization.setdefault(organization_id, []).append(found[list_id])
        if number is not None:
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


def _date(value: Any) -> date:
    """A date from a raw query: SQLite gives it as text."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value)


def store(edition_id: int, numbers: Iterable[int]) -> Iterator[int]:
    """Write ascending numbers, each once, as the edition's, batch by batch; yields how many are stored after each."""
    iterator, stored = iter(numbers), 0
    while batch := list(islice(iterator, BATCH)):
        with transaction.atomic(), connection.cursor() as cursor:
            if is_postgresql():
                with cursor.copy(f"COPY {TABLE} (edition_id, number) FROM STDIN") as copy:
                    copy.write("".join([f"{edition_id}\t{number}\n" for number in batch]))
            else:
                cursor.executemany(
                    f"INSERT INTO {TABLE} (edition_id, number) VALUES (%s, %s)",
                    [(edition_id, number) for number in batch],
                )
        stored += len(batch)
        yield stored


def read(edition_id: int) -> Iterator[int]:
    """The numbers of an edition, ascending, in flat memory."""
    last = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT number FROM {TABLE} WHERE edition_id = %s AND number > %s ORDER BY number LIMIT {BATCH}",
                [edition_id, last],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        for (last,) in rows:
            yield last


def delete(edition_id: int) -> None:
    """Delete the numbers of an edition, batch by batch; each starts where the one before ended, past its dead rows."""
    last = -1
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT max(number) FROM (SELECT number FROM {TABLE} WHERE edition_id = %s AND number > %s "
                f"ORDER BY number LIMIT {BATCH}) batch",
                [edition_id, last],
            )
            (end,) = cursor.fetchone()
            if end is None:
                return
            cursor.execute(
                f"DELETE FROM {TABLE} WHERE edition_id = %s AND number > %s AND number <= %s",
                [edition_id, last, end],
            )
        last = end


def analyze() -> None:
    """Tell PostgreSQL's planner what was just loaded, before the first look-up."""
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {TABLE}")
