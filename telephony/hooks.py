"""How the rooms above take the carrier's events: each kind has at most one handler.

A handler runs inside the transaction that stored the event, gets the CarrierEvent and returns TwiML, or None for 204.
It must do the least work; what takes longer goes to a worker.
"""

from collections.abc import Callable

from telephony.models import CarrierEvent, EventKind

Handler = Callable[[CarrierEvent], str | None]
_handlers: dict[str, Handler] = {}


def handles(kind: EventKind) -> Callable[[Handler], Handler]:
    """Register the function that handles events of this kind; a second one is a programming error."""

    def decorate(function: Handler) -> Handler:
        if _handlers.setdefault(kind, function) is not function:
            raise RuntimeError(f"Two handlers for {kind} events")
        return function

    return decorate


def handle(event: CarrierEvent) -> str | None:
    return _handlers[event.kind](event)


class NotYours(Exception):  # noqa: N818 (a refusal, not a fault)
    """Raised by a handler when a verified event is about another account's call: refused like a forged one."""
