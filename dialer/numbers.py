"""Which of our numbers a call goes out from."""

from dialer.models import Campaign
from phone_numbers.models import PhoneNumber
from voiceagents.models import Agent

MISSING_PHONE_NUMBER = "MISSING_PHONE_NUMBER"


def resolve_number(campaign: Campaign | None, agent: Agent) -> PhoneNumber | None:
    """The campaign's number, else the agent's, else None: the call fails with MISSING_PHONE_NUMBER.

    There is no default of the location. A number that was released, cannot speak, or is another location's counts not.
    """
    candidates = (campaign.phone_number if campaign else None, agent.phone_number)
    for number in candidates:
        if (
            number is not None
            and number.released_at is None
            and number.voice_enabled
            and number.location_id == agent.location_id
        ):
            return number
    return None
