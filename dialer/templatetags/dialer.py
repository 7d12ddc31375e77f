"""Template tags of campaigns and calls: `{% load dialer %}`.

`{% campaign_badge campaign.state %}` · `{% call_badge call %}` · `{% outcome_badge call %}` ·
`{% confidence_badge call %}` · `{% call_instant call %}` · `{% progress_bar progress %}` ·
`{{ contact|zone_of }}` · `{{ call.answered_by|words }}` · `{{ event.to_state|state_word }}`
"""

from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from accounts.statuses import STATUSES, Status
from accounts.templatetags.parley import instant
from contacts.models import Contact
from dialer.models import Call, CampaignState, Confidence, Outcome
from dialer.progress import Progress
from dialer.words import status_word

register = template.Library()

CAMPAIGN_STATUSES = {
    CampaignState.DRAFT: Status("draft", "Draft", "pencil", "grey"),
    CampaignState.LAUNCHING: Status("launching", "Loading contacts", "hourglass", "blue"),
    CampaignState.RUNNING: Status("running", "Running", "player-play", "green", pulse=True),
    CampaignState.PAUSED: Status("paused", "Paused", "player-pause", "amber"),
    CampaignState.FINISHED: Status("finished", "Finished", "circle-check", "green"),
    CampaignState.CANCELED: Status("canceled", "Canceled", "ban", "grey"),
}

OUTCOMES = {
    Outcome.MEETING_SCHEDULED: Status("meeting_scheduled", "Meeting scheduled", "calendar-event", "green"),
    Outcome.BUSY: Status("busy", "Busy: call again", "refresh", "blue"),
    Outcome.BUSY_VOICEMAIL: Status("busy_voicemail", "Busy or voicemail", "phone-x", "amber"),
    Outcome.NOT_INTERESTED: Status("not_interested", "Not interested", "x", "grey"),
    Outcome.OTHER: Status("other", "Other", "message-2", "grey"),
}
CONFIDENCES = {
    Confidence.HIGH: Status("high", "High", "circle-check", "green"),
    Confidence.MEDIUM: Status("medium", "Medium", "circle", "amber"),
    Confidence.LOW: Status("low", "Low", "circle-dashed", "orange"),
}
UNKNOWN: dict[str, Any] = {"status": None, "label": ""}


@register.inclusion_tag("components/badge.html")
def campaign_badge(state: str) -> dict[str, Any]:
    status = CAMPAIGN_STATUSES[CampaignState(state)]
    return {"status": status, "label": status.label}


@register.inclusion_tag("components/badge.html")
def call_badge(call: Call) -> dict[str, Any]:
    """The colour and icon of the call's look with the word of its state."""
    return {"status": STATUSES[call.look], "label": status_word(call.state, call.disposition)}


@register.inclusion_tag("components/badge.html")
def outcome_badge(call: Call) -> dict[str, Any]:
    """What the conversation led to; a dash before that is known."""
    if not call.outcome:
        return UNKNOWN
    status = OUTCOMES[Outcome(call.outcome)]
    return {"status": status, "label": status.label}


@register.inclusion_tag("components/badge.html")
def confidence_badge(call: Call, suffix: str = "") -> dict[str, Any]:
    """How sure the follow-up is that it is wanted; a dash for a call that no conversation led to."""
    if not call.confidence:
        return UNKNOWN
    status = CONFIDENCES[Confidence(call.confidence)]
    return {"status": status, "label": f"{status.label}{suffix}"}


def instant_of(call: Call) -> datetime:
    """When the call was dialled, else when it ended without a dial, else when it is due."""
    return call.started_at or call.ended_at or call.due_at


def their_zone(contact: Contact) -> str:
    """The contact's own zone, else the first of the number's."""
    return contact.timezone or (contact.zone_names[0] if contact.zone_names else "")


@register.simple_tag(takes_context=True)
def call_instant(context: template.Context, call: Call) -> SafeString:
    """The call's instant on the location's clock and on the contact's."""
    return instant(context, instant_of(call), their_zone(call.contact))


@register.filter
def zone_of(contact: Contact) -> str:
    return their_zone(contact)


@register.inclusion_tag("dialer/_progress_bar.html")
def progress_bar(progress: Progress) -> dict[str, Any]:
    parts = [
        {"status": STATUSES[look], "x": x, "width": width, "count": count}
        for look, x, width, count in progress.segments
    ]
    return {"progress": progress, "parts": parts}


@register.filter
def state_word(state: str) -> str:
    """The word of a call's state, as badges have it."""
    return status_word(state, "")


@register.filter
def words(value: str) -> str:
    """A stored word as a person reads it: `in_progress` is "In progress"."""
    return value.replace("_", " ").capitalize()
