"""Comparing what is in the database with its seals: slice by slice every day, at once when somebody asks, or whole.

A round walks a book of a location from its first seal to its newest and keeps how far it got, so that whoever goes on
with it, a schedule, a job or both, compares every row once. A round that finds nothing is what the next one is held
against: a chain that was cut or made anew since does not end in the seal that was seen.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import structlog
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts import log as history
from accounts.models import Location
from compliance import seals
from compliance import verify_audit as sealing
from compliance.models import Book, Seal, SealCheck
from contacts.models import Contact

log = structlog.get_logger(__name__)
history.register("audit.deviates", "was found out: {count} of the {book} are not as they were sealed")

EVERY = timedelta(days=1)
# A slice is read in about half a second, a run of the schedule in three; six runs an hour are seven million rows a day.
SLICE = 10_000
ROWS_A_RUN = 50_000
# What a round costs a run at least, however few rows it has.
LEAST = 250
SEALS_AT_ONCE = 1_000
ROUNDS_AT_ONCE = 200
FOUND_KEPT = 100
FOUND_SHOWN = 20


def chain_of(book: str, location: Location) -> sealing.Chain:
    """The chain of a location's book, before its first seal."""
    return sealing.Chain(f"{location.name}, {Book(book).label.lower()}", location.pk, str(book))


def check(book: str, location: Location) -> tuple[sealing.Chain, Iterator[sealing.Deviation]]:
    """The chain of a location's book and, while they are taken, the deviations of its rows from it."""
    chain = chain_of(book, location)

    def deviations() -> Iterator[sealing.Deviation]:
        while _behind(chain).exists():
            yield from _step(chain, SLICE)
        rows = seals.SOURCES[book].rows().filter(location_id=location.pk, pk__gt=chain.last_id)
        chain.unsealed = rows.count()

    return chain, deviations()


def _behind(chain: sealing.Chain) -> Any:
    """The seals that the chain has still to come to."""
    return seals.seals_of(chain.book, chain.location).filter(sequence__gt=chain.sequence)


def _step(chain: sealing.Chain, most: int) -> Iterator[sealing.Deviation]:
    """Compare its next seals with their rows: whole seals, until they have `most` rows together."""
    taken, rows = [], 0
    for sequence, last_id, count in _behind(chain).values_list("sequence", "last_id", "count")[
        :SEALS_AT_ONCE
    ]:
        taken.append((sequence, last_id))
        rows += count
        if rows >= most:
            break
    if not taken:
        return
    sequence, last_id = taken[-1]
    found = seals.rows_of(chain.book, chain.location, chain.last_id, last_id)
    yield from chain.check(
        seals.each_seal(_behind(chain).filter(sequence__lte=sequence)),
        ((row_id, content) for row_id, _, content in found),
    )


def begin(book: str, location: Location) -> SealCheck:
    """A round from the first seal on; the one under way begins again."""
    fresh = {"begun_at": timezone.now(), "sequence": 0, "head": "", "last_id": 0, "rows": 0}
    round_, _ = SealCheck.objects.update_or_create(
        location=location, book=book, ended_at=None, defaults={**fresh, "deviations": 0, "found": []}
    )
    return round_


def advance(round_: SealCheck, most: int = SLICE) -> int:
    """Go on with a round by about `most` rows; how many it compared. It ends with the newest seal.

    When another one went on with it meanwhile, the round is only read again.
    """
    chain = chain_of(round_.book, round_.location)
    chain.sequence = chain.seals = round_.sequence
    chain.head, chain.last_id = round_.head, round_.last_id
    found = list(_step(chain, most))
    is_over = not _behind(chain).exists()
    if is_over:
        found += _against_the_last(round_)
    kept = [*round_.found, *([each.row, each.cause] for each in found)][:FOUND_KEPT]
    went_on = SealCheck.objects.filter(pk=round_.pk, sequence=round_.sequence, ended_at=None).update(
        sequence=chain.sequence,
        head=chain.head,
        last_id=chain.last_id,
        rows=round_.rows + chain.rows,
        deviations=round_.deviations + len(found),
        found=kept,
        ended_at=timezone.now() if is_over else None,
    )
    round_.refresh_from_db()
    if went_on and is_over:
        _conclude(round_)
    return chain.rows


def _against_the_last(round_: SealCheck) -> Iterator[sealing.Deviation]:
    """Whether the seal in which the last round without a deviation ended is still there."""
    last = _ended(round_).filter(deviations=0).first()
    if last is None or not last.sequence:
        return
    now = seals.seals_of(round_.book, round_.location_id).filter(sequence=last.sequence)
    if now.values_list("hash", flat=True).first() != last.head:
        yield sealing.Deviation(
            str(round_),
            0,
            f"seal {last.sequence} is gone or another one: the check of {last.ended_at:%Y-%m-%d %H:%M} UTC saw "
            f"{last.head}",
        )


def _ended(round_: SealCheck) -> Any:
    rounds = SealCheck.objects.filter(location=round_.location_id, book=round_.book, ended_at__isnull=False)
    return rounds.exclude(pk=round_.pk).order_by("-begun_at", "-pk")


def _conclude(round_: SealCheck) -> None:
    """Tell what a round found, and forget those before it but the last without a deviation."""
    told = {
        "location": round_.location.code,
        "book": round_.book,
        "rows": round_.rows,
        "sequence": round_.sequence,
        "hash": round_.head,
    }
    if round_.deviations:
        log.error("seals_deviate", deviations=round_.deviations, first=round_.found[0], **told)
        label = Book(round_.book).label.lower()
        history.record(round_.location, "audit.deviates", book=label, count=round_.deviations)
    else:
        log.info("seals_checked", **told)
    clean = _ended(round_).filter(deviations=0).values_list("pk", flat=True).first()
    old = _ended(round_)
    if round_.deviations:
        old = old.exclude(pk=clean)
    old.delete()


def run() -> int:
    """What the schedule does: go on with rounds and begin those that are due, within ROWS_A_RUN; rows compared."""
    left, compared = ROWS_A_RUN, 0
    for round_ in _open():
        try:
            while left > 0 and round_.ended_at is None:
                rows = advance(round_, min(left, SLICE))
                compared += rows
                left -= max(rows, LEAST)
        except Exception:
            # A row that cannot even be read: the others are compared all the same.
            log.exception("seals_not_checked", location=round_.location.code, book=round_.book)
        if left <= 0:
            break
    return compared


def _open() -> Iterator[SealCheck]:
    """The rounds under way, the oldest first, then those whose last one began a day ago."""
    under_way = SealCheck.objects.filter(ended_at=None).order_by("begun_at").select_related("location")
    yield from list(under_way[:ROUNDS_AT_ONCE])
    for book in Book.values:
        newer = SealCheck.objects.filter(
            location=OuterRef("pk"), book=book, begun_at__gt=timezone.now() - EVERY
        )
        sealed = Seal.objects.filter(location=OuterRef("pk"), book=book)
        due = Location.objects.filter(Exists(sealed)).exclude(Exists(newer)).order_by("pk")
        open_ones = SealCheck.objects.filter(location=OuterRef("pk"), book=book, ended_at=None)
        for location in list(due.exclude(Exists(open_ones))[:ROUNDS_AT_ONCE]):
            yield begin(book, location)


def standing(location: Location) -> list[dict[str, Any]]:
    """Each book with its newest seal, the last round that ended, the one under way, and what deviates."""
    rounds = SealCheck.objects.filter(location=location)
    ended = {each.book: each for each in rounds.exclude(ended_at=None).order_by("begun_at", "pk")}
    under_way = {each.book: each for each in rounds.filter(ended_at=None)}
    found = {each.book: each for each in deviating(location)}
    return [
        {
            "label": Book(book).label,
            "seal": seals.seals_of(book, location.pk).last(),
            "checked": ended.get(book),
            "under_way": under_way.get(book),
            "deviating": found.get(book),
            "rows": _rows(found[book]) if book in found else [],
        }
        for book in Book.values
    ]


def deviating(location: Location) -> list[SealCheck]:
    """The rounds in force that found something: of each book the last that ended, and the one under way."""
    newer = SealCheck.objects.filter(
        location=OuterRef("location"), book=OuterRef("book"), begun_at__gt=OuterRef("begun_at")
    )
    rounds = SealCheck.objects.filter(location=location, deviations__gt=0)
    return list(rounds.exclude(Exists(newer.exclude(ended_at=None))).order_by("book", "begun_at"))


def _rows(round_: SealCheck) -> list[dict[str, Any]]:
    """What a round found first, each with its number, and the contact who has it, where the row is still there."""
    found = round_.found[:FOUND_SHOWN]
    rows = seals.SOURCES[round_.book].model._default_manager.filter(
        location_id=round_.location_id, pk__in=[row for row, _ in found]
    )
    phones = dict(rows.values_list("pk", "phone"))
    contacts = Contact.objects.filter(location=round_.location_id, phone__in=phones.values())
    codes = dict(contacts.values_list("phone", "code"))
    return [
        {"id": row, "cause": cause, "phone": phones.get(row), "contact": codes.get(phones.get(row, ""))}
        for row, cause in found
    ]
