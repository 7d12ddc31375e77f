"""An opt-out said or pressed during a call: in force when this returns."""

import structlog
from django.db import InterfaceError, OperationalError

from accounts.models import Location
from compliance import ledger
from compliance.models import ConsentSource, Risk
from voiceagents.conversations import Loaded
from voiceagents.recorder import recorder

log = structlog.get_logger(__name__)
_SOURCES: dict[str, ConsentSource] = {"spoken": ConsentSource.SPOKEN, "keypad": ConsentSource.KEYPAD}


def block(loaded: Loaded, *, words: str, risk: str, source: str) -> None:
    """Block the number of this conversation, and no other, for its whole organization.

    While the database is away this raises, and the recorder tries on until it is stored.
    """

    def store() -> None:
        location = Location.objects.select_related("organization").get(pk=loaded.location_id)
        said = "pressed 9" if source == "keypad" else f'said "{words[:200]}"'
        ledger.opt_out(
            organization=location.organization,
            phone=loaded.brief["contact"]["phone"],
            location=location,
            source=_SOURCES[source],
            evidence=f"{said[0].upper()}{said[1:]} on a call (conversation {loaded.code})",
            risk=Risk.HIGH if risk == "high" else Risk.MEDIUM,
            reason=f"The contact {said} during a call",
        )

    try:
        store()
    except (OperationalError, InterfaceError):
        recorder.later(store)
        raise
