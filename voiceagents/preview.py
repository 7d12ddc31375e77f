"""How a call of an agent begins, and what a prompt template makes, for a made-up contact."""

from contacts.models import Contact
from voiceagents import briefs
from voiceagents.models import Agent, PromptTemplate
from voiceagents.opening import opening

PAGE_CODE = "k7m2p9abcdef"


def sample_contact(agent: Agent) -> Contact:
    """Somebody who does not exist, in the agent's language."""
    spanish = agent.language.startswith("es")
    return Contact(
        first_name="María" if spanish else "Maria",
        last_name="García" if spanish else "Gomez",
        email="maria@example.com",
        phone="+13035550142",
        language=agent.language[:2],
        fields={},
    )


def first_words(agent: Agent) -> str:
    """The first utterance of a call to the sample contact. Raises TemplateError for a faulty greeting."""
    return opening(_brief(agent, None))


def rendered(template: PromptTemplate) -> str:
    """The template for the sample contact. Raises TemplateError, with the line."""
    agent = template.location.agents.filter(archived_at=None).first() or Agent(
        location=template.location, name="Ava", business_name=template.location.organization.name
    )
    return str(_brief(agent, template)["prompt"])


def _brief(agent: Agent, template: PromptTemplate | None) -> dict:
    number = agent.phone_number
    organization = agent.location.organization.name
    if template is not None:
        # Only the template is looked at here: a fault in the agent's greeting is told on the agent's page.
        agent = Agent(
            location=agent.location,
            name=agent.name,
            business_name=agent.business_name,
            goals=agent.goals,
            business_details=agent.business_details,
            personality=agent.personality,
            language=agent.language,
        )
    return briefs.build(
        agent=agent,
        contact=sample_contact(agent),
        contact_type="first",
        zone=agent.location.timezone,
        seller=(number.brand_name if number else "") or agent.business_name or organization,
        callback_number=number.number if number else "",
        page_code=PAGE_CODE,
        prompt_template=template,
        purpose="Six-month check-up",
        campaign_name="Spring recall",
    )


VARIABLES = (
    (
        "contact.first_name, contact.last_name, contact.name",
        "The contact's name; empty when it is not known.",
    ),
    ("contact.email, contact.phone, contact.language", "How they are reached, and the language they speak."),
    ("contact.fields.…", "A custom field by its name: contact.fields.last_visit."),
    (
        "contact.objection_link",
        "The address of the page where the contact sees who called, and objects; for texts.",
    ),
    ("contact_type", "new: never called. first: called, never reached. returning: has spoken with us."),
    ("business.name, business.details, business.goals", "From the agent."),
    ("agent.name, agent.personality, agent.language", "From the agent."),
    ("call.context", "What earlier calls led to; empty on the first."),
    (
        "call.purpose, call.campaign, call.timezone",
        "Why it calls, the campaign's name, the contact's time zone.",
    ),
)
