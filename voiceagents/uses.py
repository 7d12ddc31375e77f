"""What agents answer when a lower room asks who uses a number, and pages ask who uses a model."""

from collections.abc import Iterator

from accounts import uses
from phone_numbers.models import PhoneNumber
from voiceagents.models import Agent, ModelEndpoint


def of_number(number: PhoneNumber) -> Iterator[str]:
    for agent in number.agents.filter(archived_at=None):
        yield f"the agent {agent.name}"


def of_endpoint(endpoint: ModelEndpoint) -> Iterator[str]:
    # The database protects a model that an archived agent names, too: its old calls say what spoke.
    for agent in Agent.objects.filter(endpoint=endpoint):
        yield f"the agent {agent.name}" + (" (archived)" if agent.archived_at else "")


def register() -> None:
    """Called once, when the app is ready."""
    uses.register(PhoneNumber, of_number)
    uses.register(ModelEndpoint, of_endpoint)
