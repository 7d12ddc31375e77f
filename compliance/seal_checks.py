"""Comparing what is in the database with its seals: slice by slice every day, at once when somebody asks, or whole.

Each book of a location has two cursors. One follows its new seals: once a day, from the newest seal that a check
without a deviation saw to the newest of now. The other walks slowly over all of them, from the first on, and begins
again a day later at the earliest. A round is such a way from one seal to another, its end fixed when it begins; rounds
under way take a slice in turn, so a book of any size ends and holds no other one up. A round keeps how far it got, so
that whoever goes on with it, a schedule, a job or both, compares every row once.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

import structlog
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts import log as history
from accounts.models import Location
from compliance import seals
from compliance import verify_audit as sealing
from compliance.models import Book, Seal, SealBound, SealCheck
from compliance.seal_models import Part
from contacts.models import Contact

log = structlog.get_logger(__name__)
history.register("audit.deviates", "was found out: {count} of the {book} are not as they were sealed")

EVERY = timedelta(days=1)
# A slice is read in about half a second.
SLICE = 10_000
# After so many seconds a run of the schedule, six an hour, begins no slice of this part any more.
ENOUGH = {Part.NEW: 15, Part.ALL: 20}
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
        yield from _against_the_last(chain)
        yield from _left_without_seal(chain, 2**62)
        rows = seals.SOURCES[book].rows().filter(location_id=location.pk, pk__gt=chain.last_id)
        chain.unsealed = rows.count()

    return chain, deviations()


def _behind(chain: sealing.Chain, until: int = 2**31 - 1) -> QuerySet[Seal]:
    """The seals that the chain has still to come to, up to number `until`."""
    return seals.seals_of(chain.book, chain.location).filter(sequence__gt=chain.sequence, sequence__lte=until)


def _step(chain: sealing.Chain, most: int, until: int = 2**31 - 1) -> Iterator[sealing.Deviation]:
    """Compare its next seals with their rows: whole seals, until they have `most` rows together."""
    taken, rows = [], 0
    for sequence, last_id, count in _behind(chain, until).values_list("sequence", "last_id", "count")[
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
    # With their leaves: those of `most` rows and one seal more, which has 2 MB at the most.
    together = _behind(chain, sequence).defer(None)
    yield from chain.check(
        [(seals.written(seal), bytes(seal.leaves)) for seal in together],
        ((row_id, content) for row_id, _, content in found),
    )


def begin(book: str, location: Location) -> SealCheck:
    """A walk over all seals, from the first to the newest of now; the one under way begins again."""
    newest = seals.seals_of(book, location.pk).last()
    fresh = {"begun_at": timezone.now(), "sequence": 0, "head": "", "last_id": 0, "rows": 0, "turns": 0}
    fresh |= {"until": newest.sequence if newest else 0, "deviations": 0, "found": []}
    round_, _ = SealCheck.objects.update_or_create(
        location=location, book=book, part=Part.ALL, ended_at=None, defaults=fresh
    )
    return round_


def advance(round_: SealCheck, most: int = SLICE) -> int:
    """Go on with a round by about `most` rows; how many it compared.

    When another one went on with it meanwhile, the round is only read again.
    """
    chain = chain_of(round_.book, round_.location)
    chain.sequence = chain.seals = round_.sequence
    chain.head, chain.last_id = round_.head, round_.last_id
    found = list(_step(chain, most, round_.until))
    is_over = not _behind(chain, round_.until).exists()
    if is_over:
        found += [*_against_the_last(chain), *_left_without_seal(chain, _sealed_to(round_.book))]
    kept = [*round_.found, *([each.row, each.cause] for each in found)][:FOUND_KEPT]
    went_on = SealCheck.objects.filter(pk=round_.pk, sequence=round_.sequence, ended_at=None).update(
        sequence=chain.sequence,
        head=chain.head,
        last_id=chain.last_id,
        rows=round_.rows + chain.rows,
        turns=round_.turns + 1,
        deviations=round_.deviations + len(found),
        found=kept,
        ended_at=timezone.now() if is_over else None,
    )
    round_.refresh_from_db()
    if went_on and is_over:
        _conclude(round_)
    return chain.rows


def _ended(book: str, location_id: int) -> QuerySet[SealCheck]:
    return SealCheck.objects.filter(location=location_id, book=book, ended_at__isnull=False)


def _seen(book: str, location_id: int) -> SealCheck | None:
    """The round whose newest seal has to be there for ever: of those without a deviation, else of all, the furthest."""
    furthest = _ended(book, location_id).filter(sequence__gt=0).order_by("-sequence", "-pk")
    return furthest.filter(deviations=0).first() or furthest.first()


def _against_the_last(chain: sealing.Chain) -> Iterator[sealing.Deviation]:
    """Whether the furthest seal that a check saw is still there."""
    last = _seen(chain.book, chain.location)
    if last is None:
        return
    now = seals.seals_of(chain.book, chain.location).filter(sequence=last.sequence)
    if now.values_list("hash", flat=True).first() != last.head:
        yield sealing.Deviation(
            chain.where,
            0,
            f"seal {last.sequence} is gone or another one: the check of {last.ended_at:%Y-%m-%d %H:%M} UTC saw "
            f"{last.head}",
        )


def _sealed_late() -> datetime:
    """Rows from before this instant should have a seal."""
    return timezone.now() - seals.HOUR - sealing.SEALED_WITHIN


def _sealed_to(book: str) -> int:
    """The row up to which sealing says it is through; 0 while it is late: a machine that was off seals first."""
    bound = SealBound.objects.filter(book=book, is_done=True, hour__gt=_sealed_late()).first()
    return bound.last_id if bound else 0


def _left_without_seal(chain: sealing.Chain, last_id: int) -> Iterator[sealing.Deviation]:
    """The first row behind the newest seal, up to this id, that should have one for long."""
    newest = seals.seals_of(chain.book, chain.location).last()
    behind = seals.rows_of(chain.book, chain.location, newest.last_id if newest else 0, last_id)
    for row_id, at, _ in behind:
        if at < _sealed_late():
            yield sealing.Deviation(
                chain.where,
                row_id,
                f"it is of {at:%Y-%m-%d %H:%M} UTC and has no seal: that was taken out, or the schedules stood still",
            )
            return


def _conclude(round_: SealCheck) -> None:
    """Tell what a round found, and forget those of its part before it, but not how far a check ever saw."""
    told = {
        "location": round_.location.code,
        "book": round_.book,
        "part": round_.part,
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
    seen = _seen(round_.book, round_.location_id)
    keep = [round_.pk, *([seen.pk] if seen else [])]
    _ended(round_.book, round_.location_id).filter(part=round_.part).exclude(pk__in=keep).delete()


def run() -> int:
    """What the schedule does: new seals first, then on with the walks, for ENOUGH seconds; rows compared."""
    began, compared = perf_counter(), 0
    for part, seconds in ENOUGH.items():
        for rows in slices(part):
            compared += rows
            if perf_counter() - began > seconds:
                break
    return compared


def slices(part: str) -> Iterator[int]:
    """Begin the rounds of a part that are due and go on with all of them, a slice each in turn; yields rows compared.

    Who had the fewest turns comes first, so what is short ends before what is long. Ends when no round is left.
    """
    for book in Book.values:
        _begin_due(part, book)
    unreadable: set[int] = set()
    under_way = SealCheck.objects.filter(part=part, ended_at=None).select_related("location")
    while rounds := list(under_way.exclude(pk__in=unreadable).order_by("turns", "pk")[:ROUNDS_AT_ONCE]):
        for round_ in rounds:
            rows = 0
            try:
                rows = advance(round_, SLICE)
            except Exception:
                # A row that cannot even be read: the others are compared all the same.
                log.exception("seals_not_checked", location=round_.location.code, book=round_.book)
                unreadable.add(round_.pk)
                SealCheck.objects.filter(pk=round_.pk).update(turns=F("turns") + 1)
            yield rows


def _begin_due(part: str, book: str) -> None:
    """Begin the rounds whose last one began a day ago, where there are seals or a check once saw some."""
    of_book = SealCheck.objects.filter(location=OuterRef("pk"), book=book)
    ended = of_book.filter(ended_at__isnull=False, sequence__gt=0)
    clean = ended.filter(deviations=0).order_by("-sequence", "-pk")
    sealed = Seal.objects.filter(location=OuterRef("pk"), book=book).order_by("-sequence")
    recent = of_book.filter(begun_at__gt=timezone.now() - EVERY)
    due = Location.objects.exclude(Exists(of_book.filter(part=part, ended_at=None)))
    if part == Part.NEW:
        # Behind a seal that a check saw; a walk that ended says as much as the day's new round.
        due = due.filter(Exists(clean)).exclude(Exists(recent.filter(ended_at__isnull=False)))
    else:
        due = due.filter(Exists(sealed) | Exists(ended)).exclude(Exists(recent.filter(part=part)))
    due = due.annotate(newest=Subquery(sealed.values("sequence")[:1]), seen=Subquery(clean.values("pk")[:1]))
    locations = list(due.order_by("pk")[:ROUNDS_AT_ONCE])
    heads = SealCheck.objects.in_bulk([each.seen for each in locations]) if part == Part.NEW else {}
    rounds = []
    for location in locations:
        round_ = SealCheck(
            location=location, book=book, part=part, begun_at=timezone.now(), until=location.newest or 0
        )
        if head := heads.get(location.seen):
            round_.sequence, round_.head, round_.last_id = head.sequence, head.head, head.last_id
        rounds.append(round_)
    SealCheck.objects.bulk_create(rounds, ignore_conflicts=True)


def standing(location: Location) -> list[dict[str, Any]]:
    """Each book: newest seal, how far a check got, the walk that ended last, the one under way, what deviates."""
    rounds = list(SealCheck.objects.filter(location=location).order_by("sequence", "ended_at"))
    checked = {each.book: each for each in rounds if each.ended_at}
    walked = {each.book: each for each in rounds if each.ended_at and each.part == Part.ALL}
    walking = {each.book: each for each in rounds if each.part == Part.ALL and not each.ended_at}
    found = {each.book: each for each in deviating(location)}
    return [
        {
            "label": Book(book).label,
            "seal": seals.seals_of(book, location.pk).last(),
            "checked": checked.get(book),
            "walked": walked.get(book),
            "walking": walking.get(book),
            "deviating": found.get(book),
            "rows": _rows(found[book]) if book in found else [],
        }
        for book in Book.values
    ]


def deviating(location: Location) -> list[SealCheck]:
    """Of each book the round in force that found most: of each part the last that ended, and the one under way."""
    newer = SealCheck.objects.filter(
        location=OuterRef("location"),
        book=OuterRef("book"),
        part=OuterRef("part"),
        begun_at__gt=OuterRef("begun_at"),
        ended_at__isnull=False,
    )
    rounds = SealCheck.objects.filter(~Exists(newer), location=location, deviations__gt=0)
    most = {each.book: each for each in rounds.order_by("deviations", "begun_at")}
    return [most[book] for book in Book.values if book in most]


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
