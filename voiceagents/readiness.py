"""What an agent still lacks before it can talk to anybody, in words."""

from voiceagents.models import Ability, Agent, Brain


def problems(agent: Agent) -> list[str]:
    """What to do before the agent is used; empty when it is ready. A campaign may give it a prompt and a number."""
    found = []
    if not agent.goals.strip():
        found.append("It does not know what to say: write its goals, or give its campaign a prompt template.")
    if not agent.business_name.strip():
        found.append("It cannot say who calls: write the business name.")
    if agent.brain == Brain.PROMPT and agent.endpoint_id is None:
        found.append("It has no language model to speak with: choose one, or choose the guided brain.")
    number = agent.phone_number
    if number is None:
        found.append("It has no phone number: choose one, or every campaign must bring its own.")
    elif number.released_at is not None or not number.voice_enabled:
        found.append(
            f"Its phone number {number} cannot place calls: choose another one, or enable voice on it."
        )
    has_forward = bool(agent.transfer_number or (number is not None and number.forward_number))
    if Ability.TRANSFER in agent.abilities and not has_forward:
        found.append("It may transfer calls, but to nobody: write a transfer number.")
    return found
