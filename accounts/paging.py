"""Keyset paging: the same cost at any depth, and rows that arrive meanwhile move nothing."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

# Rows of a file that is written piece by piece.
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """Rows newest first, and the cursors for ?before= (newer) and ?after= (older); None where the list ends."""

    rows: list[Any]
    newer: str | None
    older: str | None


def keyset_page(rows: QuerySet[Any], query: Mapping[str, str], *, by: str, size: int = 50) -> Page:
    """The page that `query` (request.GET) names, ordered by the instant `by` and then the key, newest first.

    A cursor that cannot be read shows the first page: an address copied in half still shows something right.
    """
    before, after = _read(query.get("before")), _read(query.get("after"))
    if before:
        instant, key = before
        newer_rows = rows.filter(Q(**{f"{by}__gte": instant}), Q(**{f"{by}__gt": instant}) | Q(pk__gt=key))
        found = list(newer_rows.order_by(by, "pk")[: size + 1])
        more, found = len(found) > size, found[:size][::-1]
        return Page(found, _cursor(found[0], by) if more else None, _cursor(found[-1], by) if found else None)
    if after:
        instant, key = after
        rows = rows.filter(Q(**{f"{by}__lte": instant}), Q(**{f"{by}__lt": instant}) | Q(pk__lt=key))
    found = list(rows.order_by(f"-{by}", "-pk")[: size + 1])
    more, found = len(found) > size, found[:size]
    newer = _cursor(found[0], by) if after and found else None
    return Page(found, newer, _cursor(found[-1], by) if more else None)


def _cursor(row: Any, by: str) -> str:
    return base64.urlsafe_b64encode(f"{getattr(row, by).isoformat()} {row.pk}".encode()).decode().rstrip("=")


def _read(cursor: str | None) -> tuple[datetime, int] | None:
    if not cursor:
        return None
    try:
        written, key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(" ")
        instant = datetime.fromisoformat(written)
        # An instant that has no place in the calendar of the database's clock overflows here.
        return (instant.astimezone(UTC), int(key)) if instant.tzinfo else None
    except (ValueError, OverflowError, binascii.Error):
        return None


def newest_chunks(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """All rows, the newest first by key, CHUNK at a time, each chunk a query of its own."""
    ordered = rows.order_by("-pk")
    chunk = list(ordered[:CHUNK])
    while chunk:
        yield chunk
        chunk = list(ordered.filter(pk__lt=chunk[-1].pk)[:CHUNK])
