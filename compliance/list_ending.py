"""Ending an external list: it is not kept up any more, so it is never too old again.

No rule is switched off for the numbers that its last edition names as litigators or reassigned: they stay blocked,
until the list is taken up again and a newer edition without them is loaded. A register has no more to say than the
rule that everybody needs consent, which it yields to; its numbers go.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.tasks import async_task

from accounts import log
from accounts.models import Location
from compliance.models import ExternalList, ListEvent, ListEventKind, ListKind

STILL_BLOCKED = (ListKind.LITIGATOR.value, ListKind.REASSIGNED.value)

log.register("list.ended", "ended the external list {list}: {reason}")
log.register("list.resumed", "took up the external list {list} again: {reason}")


def stays_blocked(of: ExternalList) -> bool:
    """Whether the numbers of its edition are refused after its end, too."""
    return of.kind in STILL_BLOCKED


def end(of: ExternalList, *, reason: str, location: Location, actor: Any) -> bool:
    """Keep the list up no more; its editions stay as a record. False when somebody was quicker."""
    with transaction.atomic():
        given: dict[str, Any] = {"deleted_at": timezone.now()}
        if not stays_blocked(of):
            given["edition"] = None
        if not ExternalList.objects.active().filter(pk=of.pk).update(**given):
            return False
        _record(of, ListEventKind.ENDED, reason, location, actor)
        transaction.on_commit(lambda: async_task("compliance.tasks.clear_list_numbers"))
    return True


def resume(of: ExternalList, *, reason: str, location: Location, actor: Any) -> bool:
    """Keep the list up again, by its age as before. False when it is kept up, or another one has its name."""
    try:
        with transaction.atomic():
            if not ExternalList.objects.filter(pk=of.pk, deleted_at__isnull=False).update(deleted_at=None):
                return False
            _record(of, ListEventKind.RESUMED, reason, location, actor)
    except IntegrityError:
        return False
    return True


def _record(of: ExternalList, kind: ListEventKind, reason: str, location: Location, actor: Any) -> None:
    ListEvent.objects.create(list=of, kind=kind, reason=reason, actor=actor)
    log.record(location, f"list.{kind.value}", actor=actor, subject=of, list=of.name, reason=reason)
