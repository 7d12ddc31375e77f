"""Conversations in the database: opening one, finding it by its token, keeping its results, ending it once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models.functions import Coalesce

from telephony.models import CarrierAccount, CarrierEvent
from voiceagents.models import Conversation, ConversationEnd, ModelEndpoint, Turn
from voiceagents.signals import conversation_ended

log = structlog.get_logger(__name__)
# How often a dropped socket is opened again before the call is given up.
RECONNECTS = 2
Opener = Callable[[CarrierEvent], Conversation | None]
_openers: list[Opener] = []


def opens(function: Opener) -> Opener:
    """Register the function of a room above that makes the conversation of a call that was answered.

    It gets the carrier's event and returns None when that is of no dial.
    """
    _openers.append(function)
    return function


def by_token(token: str) -> Conversation | None:
    return Conversation.objects.filter(token=token).first()


def answered(event: CarrierEvent) -> Conversation | None:
    """The conversation of a call that was answered: the one with its token, or made now. None for an unknown token."""
    found = by_token(event.token)
    for opener in _openers:
        found = found or opener(event)
    return found


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a socket needs, read once before it is accepted, so that no frame ever waits for the database."""

    id: int
    code: str
    token: str
    organization_id: int
    location_id: int
    brief: dict[str, Any]
    results: dict[str, Any]
    fell_back: bool
    ended: bool
    auth_tokens: tuple[str, ...] = field(repr=False)
    turns: list[Turn] = field(default_factory=list)
    endpoint: ModelEndpoint | None = None


def load(token: str) -> Loaded | None:
    """The conversation with this token, its turns, and the auth tokens its organization's accounts sign with."""
    conversation = Conversation.objects.select_related("location").filter(token=token).first()
    if conversation is None:
        return None
    organization_id = conversation.location.organization_id
    endpoint = None
    endpoint_id = conversation.brief.get("agent", {}).get("endpoint_id")
    if endpoint_id and conversation.brief["agent"].get("brain") == "prompt" and not conversation.fell_back:
        endpoint = ModelEndpoint.objects.filter(pk=endpoint_id, location_id=conversation.location_id).first()
    return Loaded(
        id=conversation.pk,
        code=conversation.code,
        token=token,
        organization_id=organization_id,
        location_id=conversation.location_id,
        brief=conversation.brief,
        results=conversation.results,
        fell_back=conversation.fell_back,
        ended=conversation.ended_at is not None,
        auth_tokens=tuple(
            account.auth_token
            for account in CarrierAccount.objects.filter(organization_id=organization_id).only("auth_token")
        ),
        turns=list(conversation.turns.all()),
        endpoint=endpoint,
    )


def start(conversation_id: int, session_id: str, at: datetime) -> None:
    Conversation.objects.filter(pk=conversation_id).update(
        session_id=session_id[:40], started_at=Coalesce("started_at", at)
    )


def note(conversation_id: int, changes: dict[str, Any], fell_back: bool = False) -> None:
    """Put these keys into the conversation's results, under its row lock."""
    with transaction.atomic():
        row = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
        if row is None:
            return
        row.results.update(changes)
        row.fell_back = row.fell_back or fell_back
        row.save(update_fields=["results", "fell_back"])


def end(conversation_id: int, ended_by: ConversationEnd, at: datetime) -> bool:
    """End the conversation once; returns whether this call did it. The signal goes out after the commit.

    Also for the rooms above, when the carrier says that a call is over whose conversation never came to an end.
    """
    with transaction.atomic():
        ended = Conversation.objects.filter(pk=conversation_id, ended_at=None).update(
            ended_by=ended_by, ended_at=at
        )
        if not ended:
            return False
        conversation = Conversation.objects.select_related("contact", "location").get(pk=conversation_id)
        transaction.on_commit(lambda: _tell(conversation))
    return True


def _tell(conversation: Conversation) -> None:
    for receiver, result in conversation_ended.send_robust(Conversation, conversation=conversation):
        if isinstance(result, Exception):
            log.error(
                "conversation_ended_receiver_failed",
                receiver=str(receiver),
                conversation=conversation.code,
                exc_info=result,
            )
