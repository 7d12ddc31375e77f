"""The brief of a conversation: everything a brain needs, frozen as JSON when somebody picks up."""

from collections.abc import Mapping
from typing import Any, Literal

from compliance import public_links
from contacts.models import Contact
from voiceagents.models import Agent, PromptTemplate
from voiceagents.templating import TemplateError, render

ContactType = Literal["new", "first", "returning"]


def build(
    *,
    agent: Agent,
    contact: Contact,
    contact_type: ContactType,
    zone: str,
    seller: str,
    callback_number: str,
    page_code: str,
    prompt_template: PromptTemplate | None = None,
    context: str = "",
    purpose: str = "",
    campaign_name: str = "",
    is_test: bool = False,
    transfer_number: str = "",
) -> dict[str, Any]:
    """The brief of one call. zone: the contact's IANA zone; callback_number: our number, E.164. page_code: of the
    contact's public page (compliance.public_links.spoken_code).

    contact_type: `new` was never called, `first` was called but never reached, `returning` has spoken with us.
    transfer_number: where a transfer goes when the agent names none. Runs no query when agent and contact
    are loaded. Raises TemplateError when the prompt template or the greeting cannot be rendered.
    """
    person = {
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "email": contact.email,
        "phone": contact.phone,
        "language": contact.language,
        "fields": dict(contact.fields),
        "contact_type": contact_type,
        "objection_link": public_links.short_link(page_code),
    }
    speaker = {
        "name": agent.name,
        "brain": agent.brain,
        "business_name": agent.business_name,
        "goals": agent.goals,
        "business_details": agent.business_details,
        "personality": agent.personality,
        "greeting": agent.greeting,
        "questions": agent.questions,
        "abilities": agent.abilities,
        "voice": agent.voice,
        "language": agent.language,
        "transfer_number": agent.transfer_number or transfer_number,
        "endpoint_id": agent.endpoint_id,
    }
    data = template_data(
        contact=person,
        agent=speaker,
        context=context,
        purpose=purpose,
        campaign_name=campaign_name,
        zone=zone,
    )
    try:
        speaker["greeting"] = render(agent.greeting, data)
    except TemplateError as error:
        raise TemplateError(f"The agent's greeting: {error}") from None
    return {
        "agent": speaker,
        "contact": person,
        "prompt": render(prompt_template.body, data) if prompt_template else "",
        "context": context,
        "zone": zone,
        "seller": seller,
        "record": agent.record_calls,
        "callback_number": callback_number,
        "purpose": purpose,
        "is_test": is_test,
    }


def template_data(
    *,
    contact: Mapping[str, Any],
    agent: Mapping[str, Any],
    context: str,
    purpose: str,
    campaign_name: str,
    zone: str,
) -> dict[str, Any]:
    """What a template may name: contact.* (also contact.fields.*), business.*, agent.*, call.*, contact_type."""
    return {
        "contact": {
            **contact,
            "name": f"{contact.get('first_name', '')} {contact.get('last_name', '')}".strip(),
        },
        "contact_type": contact.get("contact_type", "new"),
        "business": {
            "name": agent.get("business_name", ""),
            "details": agent.get("business_details", ""),
            "goals": agent.get("goals", ""),
        },
        "agent": {key: agent.get(key, "") for key in ("name", "personality", "language")},
        "call": {"context": context, "purpose": purpose, "campaign": campaign_name, "timezone": zone},
    }
