"""What the dialer answers when a lower room asks who uses an agent, a number or a prompt template."""

from collections.abc import Iterator

from django.db.models import Q

from accounts import uses
from dialer.models import Call, Campaign, CampaignState
from phone_numbers.models import PhoneNumber
from voiceagents.models import Agent, PromptTemplate

OPEN = (CampaignState.DRAFT, CampaignState.LAUNCHING, CampaignState.RUNNING, CampaignState.PAUSED)


def _campaigns(who: Q) -> Iterator[str]:
    for campaign in Campaign.objects.filter(who, state__in=OPEN):
        yield f"the campaign {campaign.name} ({campaign.get_state_display().lower()})"


def of_agent(agent: Agent) -> Iterator[str]:
    yield from _campaigns(Q(agent=agent) | Q(test_agent=agent))
    if count := Call.objects.filter(agent=agent, campaign=None).waiting().count():
        yield f"{count} waiting call{'' if count == 1 else 's'}"


def register() -> None:
    """Called once, when the app is ready."""
    uses.register(Agent, of_agent)
    uses.register(PhoneNumber, lambda number: _campaigns(Q(phone_number=number)))
    uses.register(PromptTemplate, lambda template: _campaigns(Q(prompt_template=template)))
