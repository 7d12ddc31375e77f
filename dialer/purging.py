"""Retention: the rows of decisions that are older than the law asks to keep, with the dials they allowed.

Their seals stay, with the hash of every row: the chain is checked as before, and what is left still proves itself.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Location
from compliance.models import Book, Decision, Seal
from compliance.verify_audit import RETENTION
from dialer.models import Attempt

CHUNK = 1_000


def purgeable(location: Location, before: datetime) -> QuerySet[Seal]:
    """The location's seals over decisions that ended before an instant and still have their rows, oldest first.

    Raises ValueError when rows would go before they are five years old.
    """
    if before > timezone.now() - RETENTION:
        raise ValueError("Decisions are kept for five years. Choose an earlier day.")
    return (
        Seal.objects.filter(location=location, book=Book.DECISIONS, ends_at__lte=before, purged_at=None)
        .defer("leaves")
        .order_by("sequence")
    )


def purge(location: Location, before: datetime) -> Iterator[int]:
    """Delete them seal by seal, each in its transaction; yields how many rows went with each."""
    for seal in purgeable(location, before):
        with transaction.atomic():
            # From here on the database lets the rows of this seal go, and no others (compliance.append_only).
            if not Seal.objects.filter(pk=seal.pk, purged_at=None).update(purged_at=timezone.now()):
                continue  # Another purge was first.
            # Those over the dials of these decisions; their rows have the decisions' ids.
            Seal.objects.filter(
                location=location,
                book=Book.DIALS,
                last_id__gt=seal.after_id,
                after_id__lt=seal.last_id,
                ends_at__lte=before,
                purged_at=None,
            ).update(purged_at=timezone.now())
            gone = 0
            rows = Decision._base_manager.filter(
                location=location, pk__gt=seal.after_id, pk__lte=seal.last_id
            ).order_by("pk")
            while keys := list(rows.values_list("pk", flat=True)[:CHUNK]):
                Attempt.objects.filter(decision_id__in=keys).delete()
                Decision._base_manager.filter(pk__in=keys).delete()
                gone += len(keys)
        yield gone
