"""Which of our numbers a call goes out from."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from dialer.models import Campaign
from phone_numbers.models import PhoneNumber
from voiceagents.models import Agent

MISSING_PHONE_NUMBER = "MISSING_PHONE_NUMBER"


class Ours(Protocol):
    """What tells whether a number can be called from."""

    @property
    def location_id(self) -> int: ...
    @property
    def voice_enabled(self) -> bool: ...
    @property
    def released_at(self) -> datetime | None: ...


N = TypeVar("N", bound=Ours)


def resolve_number(campaign: Campaign | None, agent: Agent) -> PhoneNumber | None:
    """The campaign's number, else the agent's, else None: the call fails with MISSING_PHONE_NUMBER.

    There is no default of the location.
    """
    return first_usable((campaign.phone_number if campaign else None, agent.phone_number), agent.location_id)


def first_usable(numbers: Iterable[N | None], location_id: int) -> N | None:
    """The first that is there; one that was released, cannot speak, or is another location's counts not."""
    for number in numbers:
        if (
            number is not None
            and number.released_at is None
            and number.voice_enabled
            and number.location_id == location_id
        ):
            return number
    return None
