"""Keyset paging, newest first: any page costs the same, and rows that arrive meanwhile move nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import Location


@dataclass(frozen=True, slots=True)
class Page:
    """rows of one page; newer, older: the codes to put after ?before= and ?after=, None at an end."""

    rows: list[Any]
    newer: str | None
    older: str | None


def page_of(rows: QuerySet[Any], query: Mapping[str, str], size: int, *, location: Location) -> Page:
    """The page of a location's `rows` (a model with a `code`) by descending primary key that ?after= or ?before= names.

    A code that no row of the location has gives the first page. The anchor itself may have left the list since: its
    place still counts.
    """
    model = rows.model
    after, before = query.get("after"), query.get("before")
    anchor = None
    if code := after or before:
        anchor = (
            model._default_manager.filter(location=location, code=code).values_list("pk", flat=True).first()
        )
    if anchor is not None and before and not after:
        found = list(rows.filter(pk__gt=anchor).order_by("pk")[: size + 1])
        more_newer, found = len(found) > size, found[:size][::-1]
        if not found:
            return Page([], None, None)
        return Page(found, found[0].code if more_newer else None, found[-1].code)
    if anchor is not None:
        rows = rows.filter(pk__lt=anchor)
    found = list(rows.order_by("-pk")[: size + 1])
    more, found = len(found) > size, found[:size]
    return Page(
        found, found[0].code if anchor is not None and found else None, found[-1].code if more else None
    )
