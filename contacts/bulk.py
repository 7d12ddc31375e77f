"""One thing done to many contacts at once, set-based; each says beforehand what it will do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import log
from accounts.database import insert_rows
from accounts.models import Location
from contacts import filters, storing
from contacts.forms import tags_named
from contacts.models import Contact

MOST = 100_000  # contacts in one go; beyond it the filters are probably not what was meant

log.register("contacts.tagged", "put the tag {tag} on {count} contacts")
log.register("contacts.untagged", "took the tag {tag} off {count} contacts")
log.register("contacts.test", "marked {count} contacts as test")
log.register("contacts.not_test", "marked {count} contacts as no test")
log.register("contacts.do_not_call", "set {count} contacts to “do not call”: {reason}")

Block = Callable[..., set[str]]
_block: Block


def register_block(function: Block) -> None:
    """Compliance records opt-outs: function(location=, phones=, evidence=, actor=) gives the numbers that are new."""
    global _block
    _block = function


@dataclass(frozen=True, slots=True)
class Action:
    """label: on the button. sentence: what will happen, with {count}. detail: label of what must be typed, if any."""

    label: str
    sentence: str
    detail: str = ""


ACTIONS = {
    "tag": Action("Add a tag", "{count} get this tag.", "Tag"),
    "untag": Action("Remove a tag", "{count} lose this tag; nothing else changes.", "Tag"),
    "test": Action("Mark as test", "{count} are called by the test agent and count in no figure."),
    "not_test": Action(
        "Unmark as test",
        "{count} are called by the production agent and count in figures. Those who agreed to test calls only stay "
        "test contacts until that consent ends.",
    ),
    "do_not_call": Action(
        "Do not call",
        "{count} will not be called any more by any location: their numbers go on the do-not-call list, and calls "
        "that wait for them are canceled. To lift this it takes new consent of the person, and a manager who takes "
        "the number off the list.",
        "Reason",
    ),
}


def apply(*, action: str, location: Location, contacts: QuerySet[Contact], detail: str, actor: Any) -> int:
    """Do it to `contacts` (of `location`) in one transaction; how many it changed."""
    ids = dict(contacts.values_list("pk", "phone")[:MOST])
    batches = [list(ids)[start : start + storing.BATCH] for start in range(0, len(ids), storing.BATCH)]
    now = timezone.now()
    changed = 0
    with transaction.atomic():
        if action in ("tag", "untag"):
            through = Contact.tags.through
            (tag,) = tags_named(location, [detail])
            for batch in batches:
                having = through.objects.filter(tag=tag, contact_id__in=batch)
                if action == "untag":
                    changed += having.delete()[0]
                else:
                    had = set(having.values_list("contact_id", flat=True))
                    insert_rows(
                        through._meta.db_table,
                        ("contact_id", "tag_id"),
                        [(pk, tag.pk) for pk in batch if pk not in had],
                        pass_by=True,
                    )
                    changed += len(batch) - len(had)
            log.record(location, f"contacts.{action}ged", actor=actor, tag=detail, count=changed)
        elif action in ("test", "not_test"):
            wanted = action == "test"
            for batch in batches:
                marked = Contact.objects.filter(pk__in=batch, is_test=not wanted)
                if not wanted:
                    kept = filters.for_tests_only(marked).values("pk")
                    marked = marked.exclude(pk__in=list(kept.values_list("pk", flat=True)))
                changed += marked.update(is_test=wanted, updated_at=now)
            log.record(location, f"contacts.{action}", actor=actor, count=changed)
        else:
            for batch in batches:
                changed += len(
                    _block(location=location, phones=[ids[pk] for pk in batch], evidence=detail, actor=actor)
                )
            log.record(location, "contacts.do_not_call", actor=actor, count=changed, reason=detail)
    return changed
