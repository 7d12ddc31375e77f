"""Writing and reading the log of what was done."""

from typing import Any

from accounts.models import Location, LogEntry

SENTENCES: dict[str, str] = {}


def register(action: str, sentence: str) -> None:
    """Give an action its sentence, e.g. register("campaign.launched", "launched the campaign {name}")."""
    SENTENCES[action] = sentence


def record(
    location: Location, action: str, *, actor: Any = None, subject: Any = None, **data: Any
) -> LogEntry:
    """Append what was done. subject: a model instance with a `code`; data: JSON values the sentence may name.

    Raises KeyError when the action was never registered: an entry that no page can read is a fault.
    """
    SENTENCES[action]
    return LogEntry.objects.create(
        location=location,
        actor=actor if getattr(actor, "pk", None) else None,
        action=action,
        subject_type=subject._meta.model_name if subject is not None else "",
        subject_code=subject.code if subject is not None else "",
        data=data,
    )


def sentence(entry: LogEntry) -> str:
    """The entry in plain words, without the actor's name."""
    try:
        return SENTENCES[entry.action].format(**entry.data)
    except (KeyError, IndexError):
        return entry.action
