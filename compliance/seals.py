"""Hourly seals over decisions, consent entries and dials (docs/decisions: seals): when what is sealed, and by whom.

Ids are given out before their transactions commit, so a row may show up behind younger ones. Sealed is therefore only
what lies below a bound that was read first and whose then running transactions are all over: such a range can gain no
row any more. A row with an older hour that comes later falls into the next seal. So every row is in exactly one seal,
and none can be missed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

import structlog
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.database import is_postgresql
from accounts.models import Location
from compliance import verify_audit as sealing
from compliance.models import Book, ConsentEntry, Decision, Seal, SealBound

log = structlog.get_logger(__name__)
HOUR = timedelta(hours=1)
# A seal's list of rows is at most 2 MB; an hour with more has several seals.
MOST_ROWS = 50_000
CHUNK = 2_000
# Transactions that run longer than this keep hours unsealed, and are worth a warning.
WAITS_LONG = timedelta(hours=1)

# What a deleted contact or member leaves empty.
FORGOTTEN = {"contact", "actor"}


class Source(NamedTuple):
    """Where a book's rows are. model: whose ids are theirs; only: which of its rows; columns: what is read of them.

    told: from these to the rows as they are sealed, in the order of their ids. instant: the sealed field that says in
    which hour a row belongs.
    """

    model: type[models.Model]
    instant: str
    columns: tuple[str, ...]
    only: Mapping[str, Any] = MappingProxyType({})
    told: Callable[[list[dict[str, Any]]], Iterable[dict[str, Any]]] = iter

    def rows(self) -> models.QuerySet[Any]:
        return self.model._default_manager.filter(**self.only)


def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """The fields of a row that are sealed, its id first."""
    return tuple(field.attname for field in model._meta.concrete_fields if field.name not in FORGOTTEN)


SOURCES: dict[str, Source] = {
    Book.DECISIONS: Source(Decision, "decided_at", columns_of(Decision)),
    Book.CONSENT: Source(ConsentEntry, "recorded_at", columns_of(ConsentEntry)),
}


def register(book: str, source: Source) -> None:
    """Say where the rows of a book are that a room above keeps."""
    SOURCES[book] = source


def rows_of(
    book: str, location_id: int, after_id: int, last_id: int
) -> Iterator[tuple[int, datetime, bytes]]:
    """Id, instant and canonical bytes of a location's rows in (after_id, last_id], in order of id, in chunks."""
    source = SOURCES[book]
    rows = source.rows().filter(location_id=location_id, pk__lte=last_id).order_by("pk")
    # Small at first: a quiet hour needs few rows, and what is read behind its end is read again by the next one.
    size = min(64, CHUNK)
    while chunk := list(rows.filter(pk__gt=after_id).values(*source.columns)[:size]):
        size = min(2 * size, CHUNK)
        after_id = chunk[-1]["id"]
        for row in source.told(chunk):
            yield row["id"], row[source.instant], sealing.canonical(row)


def run() -> int:
    """What the schedule does every minute: seal what may be sealed, then set the next bound; how many seals."""
    return sum(_advance(book, _hour(timezone.now())) for book in Book.values)


def _advance(book: str, hour: datetime) -> int:
    bound, made = SealBound.objects.filter(book=book).first(), 0
    if bound is not None and not bound.is_done:
        if not _is_settled(bound):
            if timezone.now() - bound.hour > WAITS_LONG:
                log.warning("seals_wait_for_transaction", book=book, since=bound.hour.isoformat())
            return 0
        made = seal_up_to(book, bound.last_id, bound.hour)
        SealBound.objects.filter(book=book, last_id=bound.last_id).update(is_done=True)
    _set_bound(book, hour)
    return made


def _set_bound(book: str, hour: datetime) -> None:
    """Remember how far ids are given out, first, and then which transactions are running."""
    if SealBound.objects.filter(book=book, hour__gte=hour).exists():
        return
    table = SOURCES[book].model._meta.db_table
    running = None
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(
                "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass), 0)",
                [table],
            )
            last_id = cursor.fetchone()[0]
            cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
            running = cursor.fetchone()[0]
        else:
            cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
            last_id = cursor.fetchone()[0]
    SealBound.objects.update_or_create(
        book=book, defaults={"hour": hour, "last_id": last_id, "transaction": running, "is_done": False}
    )


def _is_settled(bound: SealBound) -> bool:
    """Whether every transaction that could still write at or below the bound is over."""
    if bound.transaction is None:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return bool(cursor.fetchone()[0] >= bound.transaction)


def seal_up_to(book: str, last_id: int, before: datetime) -> int:
    """Seal every location's rows up to last_id, hour by hour, those of `before` and later left out; how many seals."""
    newest = (
        Seal.objects.filter(location=OuterRef("pk"), book=book).order_by("-sequence").values("last_id")[:1]
    )
    behind = (
        SOURCES[book].rows().filter(location=OuterRef("pk"), pk__gt=OuterRef("sealed_to"), pk__lte=last_id)
    )
    open_locations = Location.objects.annotate(
        sealed_to=Coalesce(Subquery(newest), Value(0), output_field=models.BigIntegerField())
    ).filter(Exists(behind))
    made = 0
    for location_id in open_locations.order_by("pk").values_list("pk", flat=True):
        made += _seal_location(book, location_id, last_id, before)
    if made:
        log.info("sealed", book=str(book), seals=made)
    return made


def _seal_location(book: str, location_id: int, last_id: int, before: datetime) -> int:
    """Seal the location's open hours, each in a transaction of its own; how many seals.

    It ends early when another sealer was first: that one goes on.
    """
    previous = seals_of(book, location_id).last()
    made, hour, leaves, newest = 0, None, bytearray(), 0
    for row_id, at, content in rows_of(book, location_id, previous.last_id if previous else 0, last_id):
        if at >= before:
            break
        if hour is not None and (at >= hour + HOUR or len(leaves) == MOST_ROWS * sealing.LEAF_BYTES):
            previous = _seal(book, location_id, previous, hour, bytes(leaves), newest)
            if previous is None:
                return made
            made, hour = made + 1, None
            leaves.clear()
        hour = hour or _hour(at)
        leaves += row_id.to_bytes(sealing.ID_BYTES, "big") + sealing.leaf(content)
        newest = row_id
    if hour is not None and _seal(book, location_id, previous, hour, bytes(leaves), newest):
        made += 1
    return made


def _seal(
    book: str, location_id: int, previous: Seal | None, hour: datetime, leaves: bytes, newest: int
) -> Seal | None:
    """The seal of these rows, the last of which is `newest`, behind `previous`; None when another sealer was first."""
    fields: dict[str, Any] = {
        "book": book,
        "sequence": previous.sequence + 1 if previous else 1,
        "starts_at": hour,
        "ends_at": hour + HOUR,
        "after_id": previous.last_id if previous else 0,
        "last_id": newest,
        "count": len(leaves) // sealing.LEAF_BYTES,
        "root": sealing.root(each for _, each in sealing.split(leaves)),
        "previous": previous.hash if previous else "",
        "made_at": timezone.now(),
    }
    hashed = sealing.seal_hash(as_sealed({**fields, "location": location_id}))
    try:
        with transaction.atomic():
            seal = Seal.objects.create(location_id=location_id, hash=hashed, leaves=leaves, **fields)
    except IntegrityError:
        return None
    # The log is kept elsewhere than the database: whoever rewrote all seals would still disagree with it.
    log.info("seal", location=location_id, book=str(book), sequence=fields["sequence"], hash=hashed)
    return seal


def as_sealed(fields: dict[str, Any]) -> dict[str, Any]:
    """A seal's fields in plain JSON values, instants as in canonical rows."""
    return {
        key: sealing.instant(value) if isinstance(value, datetime) else value for key, value in fields.items()
    }


def written(seal: Seal) -> dict[str, Any]:
    """A stored seal as archives and checks have it, without its leaves."""
    fields = {name: getattr(seal, name) for name in (*sealing.SEALED_FIELDS, "hash", "purged_at")}
    return as_sealed({**fields, "location": seal.location_id})


def seals_of(book: str, location_id: int) -> models.QuerySet[Seal]:
    """A location's seals of a book, oldest first; their leaves are read when they are asked for."""
    return Seal.objects.filter(location=location_id, book=book).defer("leaves").order_by("sequence")


def each_seal(seals: models.QuerySet[Seal]) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Seals with their leaves, one after the other in memory."""
    for key in list(seals.values_list("pk", flat=True)):
        seal = Seal.objects.get(pk=key)
        yield written(seal), bytes(seal.leaves)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
