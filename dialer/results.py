"""After a call: what it led to, opt-outs, and the follow-up or the one automatic retry. No model is needed.

Everything about one call is written in one transaction that holds its row, so a task that runs twice, or dies, changes
nothing twice and loses nothing: the minute's sweep finds what is left.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.dispatch import receiver
from django.utils.timezone import now as clock
from django_q.tasks import async_task

from compliance import ledger, refusals
from compliance.models import ConsentSource
from compliance.zones import place_of
from contacts.models import Contact
from dialer import baton
from dialer.models import Call, CallEvent, CampaignState, Origin, Outcome
from dialer.states import State
from voiceagents import conversations
from voiceagents.models import Conversation, ConversationEnd, Speaker
from voiceagents.signals import conversation_ended
from voiceagents.understanding.followup import CallStatus, FollowUp, detect_followup
from voiceagents.understanding.followup import Turn as Said

log = structlog.get_logger(__name__)
# A conversation writes its last turns within this of the call's end; then it is analysed with what is there.
LAST_TURNS = timedelta(seconds=20)
SWEEP = 200
# The contact's own columns that a conversation may fill, and how long they are.
COLLECTED = {"first_name": 120, "last_name": 120, "email": 254, "language": 8}


@receiver(conversation_ended, dispatch_uid="dialer.results")
def on_conversation_ended(sender: Any, conversation: Conversation, **kwargs: Any) -> None:
    call_id = Call.objects.filter(conversation=conversation).values_list("pk", flat=True).first()
    if call_id is not None:
        async_task("dialer.tasks.analyse", call_id)


def analyse_left_over() -> None:
    """Analyse what no task did: lost ones, and calls whose conversation was never closed."""
    left = Call.objects.filter(
        analysed_at=None, started_at__isnull=False, ended_at__lt=clock() - LAST_TURNS
    ).order_by("ended_at")
    for call_id in left.values_list("pk", flat=True)[:SWEEP]:
        try:
            analyse(call_id)
        except Exception:
            log.exception("analysis_failed", call=call_id)


def analyse(call_id: int) -> None:
    """Conclude one ended call, once."""
    with transaction.atomic():
        call = (
            Call.objects.select_for_update(of=("self",))
            .select_related("contact", "location__organization", "conversation", "campaign", "agent")
            .filter(pk=call_id, analysed_at=None, ended_at__isnull=False)
            .first()
        )
        if call is None or call.ended_at is None or _still_talking(call, call.ended_at):
            return
        if call.conversation is not None:
            # A line that dropped for good leaves its conversation open; the carrier's word ends it.
            conversations.end(call.conversation.pk, ConversationEnd.DROPPED, call.ended_at)
        transcript = _transcript(call)
        zone = call.contact.zone_names[0] if call.contact.zones else call.location.timezone
        found = detect_followup(
            transcript=transcript,
            call_status=_status_word(call),
            reference_at=call.ended_at,
            zone=ZoneInfo(zone),
            language=(call.contact.language or call.agent.language)[:2],
            default_region=call.location.country,
        )
        results = call.conversation.results if call.conversation else {}
        outcome = _outcome(results, found)
        summary = _summary(transcript, results, found)
        _save_collected(call.contact, results.get("fields") or {})
        if outcome == Outcome.NOT_INTERESTED:
            refusals.note(call.location, call.phone, call.ended_at)
        if found.blacklist:
            ledger.opt_out(
                organization=call.location.organization,
                phone=call.phone,
                location=call.location,
                source=ConsentSource.SPOKEN,
                evidence=f"Call {call.code}",
                risk=found.blacklist_risk or "high",
                reason="The contact asked on a call not to be called again.",
            )
        elif found.when is not None and not results.get("opt_out") and outcome != Outcome.MEETING_SCHEDULED:
            # Without a time (asked for too far ahead) the reason in the summary waits for a person.
            _plan(call, found, found.when.start, summary)
        Call.objects.filter(pk=call.pk).update(outcome=outcome, summary=summary, analysed_at=clock())
    baton.wake()


def _outcome(results: dict[str, Any], found: FollowUp) -> Outcome:
    """What the agent did on the call goes before what the transcript reads like."""
    if results.get("opt_out"):
        return Outcome.NOT_INTERESTED
    if results.get("booking"):
        return Outcome.MEETING_SCHEDULED
    return Outcome(found.outcome)


def _still_talking(call: Call, ended_at: datetime) -> bool:
    conversation = call.conversation
    return (
        conversation is not None  # that it started may be written down as late as what was said
        and conversation.ended_at is None
        and clock() - ended_at < LAST_TURNS
    )


def _transcript(call: Call) -> list[Said]:
    if call.conversation is None:
        return []
    said = call.conversation.turns.exclude(speaker=Speaker.SYSTEM).values_list("speaker", "text")
    return [
        Said("agent", text) if who == Speaker.AGENT.value else Said("contact", text) for who, text in said
    ]


def _status_word(call: Call) -> CallStatus:
    words: dict[str, CallStatus] = {
        State.COMPLETED: "completed",
        State.VOICEMAIL: "voicemail",
        State.NO_ANSWER: "no_answer",
        State.BUSY: "busy",
    }
    return words.get(call.state, "failed")


def _summary(transcript: list[Said], results: dict[str, Any], found: FollowUp) -> str:
    """A few plain sentences that the next call's agent and a person can start from."""
    parts = []
    if booking := results.get("booking"):
        parts.append(f"Booked for {datetime.fromisoformat(booking['at']):%A, %d %B at %H:%M}.")
    if message := results.get("message"):
        parts.append(f"Message: {message.get('text', '')}")
    if found.reason and not results.get("booking"):
        parts.append(f"{found.reason}.")
    last = [said.text for said in transcript if said.speaker == "contact"][-2:]
    if last:
        parts.append("The contact last said: " + " / ".join(f"“{text[:200]}”" for text in last))
    return " ".join(part for part in parts if part)[:2000]


def _save_collected(contact: Contact, fields: dict[str, Any]) -> None:
    """Keep what the contact told the agent; the number itself is never changed by a conversation."""
    changed = []
    for name, value in fields.items():
        text = str(value).strip()[:254]
        if not text:
            continue
        if name in COLLECTED:
            setattr(contact, name, text[: COLLECTED[name]])
            changed.append(name)
        elif name.startswith("fields."):
            contact.fields[name.removeprefix("fields.")[:60]] = text
            changed.append("fields")
    if changed:
        contact.save(update_fields=[*set(changed), "updated_at"])


def _plan(call: Call, found: FollowUp, asked_for: datetime, summary: str) -> None:
    """Schedule the follow-up or the retry; the rules decide again when it is due."""
    if call.campaign is not None and call.campaign.state == CampaignState.CANCELED:
        return
    retry = found.kind == "retry"
    if retry and (call.origin == Origin.RETRY or call.is_test):
        return  # One automatic retry; after that a person decides.
    contact = call.contact
    if found.alternative_number:
        contact = _referred(call, found)
        summary = f"Referred by {call.contact}: {found.reason}. {summary}"[:2000]
    now = clock()
    due_at = max(asked_for, now)
    # A contact waits for one follow-up of a call at most, and somebody whom two people named for one call.
    if Call.objects.filter(parent=call).exists():
        return
    if contact != call.contact and Call.objects.filter(contact=contact).waiting().exists():
        return
    follow_up = Call.objects.create(
        location=call.location,
        contact=contact,
        campaign=call.campaign,
        agent=call.agent,
        parent=call,
        phone=contact.phone,
        origin=Origin.RETRY if retry else Origin.FOLLOW_UP,
        is_test=call.is_test,
        state=State.SCHEDULED.value,
        held=call.campaign is not None and call.campaign.state == CampaignState.PAUSED,
        purpose=found.reason,
        confidence=found.confidence or "",
        context=summary,
        due_at=due_at,
        created_at=now,
    )
    CallEvent.objects.create(
        call=follow_up,
        at=now,
        from_state=State.CREATED.value,
        to_state=State.SCHEDULED.value,
        cause=f"{'Automatic retry' if retry else 'Follow-up'} of call {call.code}: {found.reason}"[:300],
    )


def _day(call: Call) -> str:
    """` of 29 Nov 2026`, on the location's clock."""
    day = (call.ended_at or clock()).astimezone(call.location.zone)
    return f" of {day.day} {day:%b} {day.year}"


def _referred(call: Call, found: FollowUp) -> Contact:
    """The person whose number was given. They have not consented, so the rules will refuse an AI call until they do."""
    assert found.alternative_number is not None
    place = place_of(found.alternative_number, call.location.country)
    contact, _ = Contact.objects.select_for_update().get_or_create(
        location=call.location,
        phone=place.e164,
        defaults={
            "region": place.region or "",
            "number_kind": place.kind,
            "zones": ",".join(place.zones),
            "first_name": (found.alternative_name or "")[:120],
            "fields": {"role": found.alternative_role} if found.alternative_role else {},
            "notes": f"Number given by {call.contact} on a call{_day(call)}.",
            "is_test": call.is_test,
        },
    )
    return contact
