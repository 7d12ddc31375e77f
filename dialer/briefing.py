"""What an agent must know of its call, written when somebody picks up: most dials are never answered.

Before the dial only what could stop it is looked at: whether the words of agent and campaign can be rendered for this
contact. What is said then is frozen in the conversation, with the agent as it was at that moment.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import structlog
from django.db.models import Case, Max, OuterRef, QuerySet, Subquery, When

from compliance import public_links
from dialer import dials
from dialer.callbacks import dial_of
from dialer.models import Attempt, Call
from dialer.states import State
from phone_numbers.models import PhoneNumber
from telephony.models import CarrierEvent
from voiceagents import briefs, conversations
from voiceagents.models import Conversation
from voiceagents.templating import TemplateError

log = structlog.get_logger(__name__)


class Ours(Protocol):
    """What a brief needs of the number that a call goes out from."""

    @property
    def number(self) -> str: ...
    @property
    def brand_name(self) -> str: ...
    @property
    def forward_number(self) -> str: ...


class Dialled(NamedTuple):
    """What the dial adds to its call. zone: the contact's first, IANA."""

    number: Ours
    account_sid: str
    zone: str


def faults(dialled: Mapping[int, Dialled]) -> dict[int, str]:
    """Of calls that are about to be dialled, by id, those that could not be spoken, with the reason. One query."""
    found = {}
    for call in _calls(dialled):
        try:
            _brief(call, dialled[call.pk])
        except TemplateError as error:
            found[call.pk] = str(error)
    return found


@conversations.opens
def open_conversation(event: CarrierEvent) -> Conversation | None:
    """The conversation of a dial that was answered, made once; None when there is no such dial.

    The dial is locked, so that a carrier that asks twice hears the same. In the transaction of the event.
    """
    dial = dial_of(event)
    if dial is None:
        return None
    conversation = conversations.by_token(dial.token)
    if conversation is not None:
        return conversation
    attempt = Attempt.objects.select_related("account", "decision").get(pk=dial.attempt_id)
    call = _calls([dial.call_id]).get()
    number = (
        PhoneNumber.objects.filter(location_id=call.location_id, number=attempt.from_number)
        .order_by("-pk")
        .first()
    )
    dialled = Dialled(
        number or PhoneNumber(number=attempt.from_number),
        attempt.account.account_sid,
        attempt.decision.facts["contact"]["zones"][0],
    )
    page_code = public_links.spoken_code(attempt.account.organization_id, call.contact.phone)
    try:
        brief = _brief(call, dialled, page_code)
    except TemplateError as error:
        # Changed since the dial, or too long with this contact's data. Somebody waits: they hear who calls, and why.
        log.error("call_without_its_template", call=call.code, error=str(error))
        call.agent.greeting, call.campaign = "", None
        brief = _brief(call, dialled, page_code)
    conversation = Conversation.objects.create(
        location_id=call.location_id,
        agent_id=call.agent_id,
        contact_id=call.contact_id,
        token=dial.token,
        brief=brief,
        brain=call.agent.brain,
    )
    dials.note_call(dial, conversation_id=conversation.pk)
    return conversation


def _calls(ids: Any) -> QuerySet[Call]:
    """Calls with what their briefs are made of. spoke: None when their contact was never called before."""
    before = Call.objects.filter(contact=OuterRef("contact"), started_at__isnull=False).exclude(
        pk=OuterRef("pk")
    )
    spoke = (
        before.order_by()
        .values("contact")
        .annotate(spoke=Max(Case(When(state=State.COMPLETED.value, then=1), default=0)))
    )
    return (
        Call.objects.filter(pk__in=list(ids))
        .select_related("contact", "agent", "campaign__prompt_template")
        .annotate(spoke=Subquery(spoke.values("spoke")))
    )


def _brief(call: Any, dialled: Dialled, page_code: str = "·" * 12) -> dict[str, Any]:
    """The brief of a call that _calls read. Raises TemplateError. page_code: made only once somebody picked up."""
    campaign, number = call.campaign, dialled.number
    return briefs.build(
        agent=call.agent,
        contact=call.contact,
        contact_type="new" if call.spoke is None else "returning" if call.spoke else "first",
        zone=dialled.zone,
        seller=number.brand_name or call.agent.business_name,
        callback_number=number.number,
        transfer_number=number.forward_number,
        page_code=page_code,
        prompt_template=campaign.prompt_template if campaign else None,
        campaign_name=campaign.name if campaign else "",
        context=call.context,
        purpose=call.purpose,
        is_test=call.is_test,
    ) | {"account_sid": dialled.account_sid}
