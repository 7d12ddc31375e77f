"""What a person does with single calls: place, test, cancel, hang up, move to another time."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from accounts import formatting, log
from accounts.models import Location, Organization, User
from compliance import ledger
from compliance.models import ConsentEntry, ConsentKind, ConsentSource, DoNotCallEntry
from compliance.zones import place_of
from contacts.models import Contact
from dialer import baton, transitions
from dialer.models import Attempt, AttemptState, Call, CallEvent, Campaign, Origin
from dialer.numbers import resolve_number
from dialer.states import WAITING, Disposition, State
from telephony import client
from voiceagents.models import Agent

log.register("call.placed", "asked for a call to {phone}")
log.register("call.tested", "asked for a test call to {phone}")
log.register("call.canceled", "canceled the call to {phone}")
log.register("call.hung_up", "hung up the call to {phone}")
log.register("call.moved", "moved the call to {phone} to {due}")

TEST_EVIDENCE = (
    ledger.TEST
    + "{user} entered the number, confirmed that it is their own and agreed to be called by an AI."
)
# Consent to test calls ends: after a closed Sunday the call of a Saturday evening can still be placed.
TEST_LASTS = timedelta(days=2)
# A person has few phones of their own, and tests with one after the other.
OWN_NUMBERS = 3
BETWEEN_NUMBERS = timedelta(minutes=5)


class NotPossible(Exception):  # noqa: N818 (what a person can do about it, not a fault)
    """Why the call cannot be placed or changed, in words for the person who asked. Nothing was changed."""


def _callable_from(agent: Agent, campaign: Campaign | None) -> None:
    if agent.archived_at is not None:
        raise NotPossible(f"The agent {agent} is archived. Choose another one.")
    if resolve_number(campaign, agent) is None:
        raise NotPossible(
            f"No phone number: the agent {agent} has none. Give it one under Agents, then place the call again."
        )


def _place(
    *,
    contact: Contact,
    agent: Agent,
    requested_by: Any,
    due_at: datetime,
    purpose: str,
    campaign: Campaign | None = None,
    is_test: bool = False,
) -> Call:
    """Write the call and its first event. Must run in a transaction that holds the contact's row.

    A call of the same person to the same contact that still waits is returned instead: a double click places one call.
    """
    now = timezone.now()
    waiting = (
        Call.objects.filter(
            contact=contact,
            agent=agent,
            origin=Origin.PERSON,
            requested_by=requested_by,
            is_test=is_test,
        )
        .waiting()
        .filter(due_at__lte=max(now, due_at))
        .first()
    )
    if waiting is not None:
        return waiting
    state = State.SCHEDULED if due_at > now else State.QUEUED
    call = Call.objects.create(
        location_id=contact.location_id,
        contact=contact,
        campaign=campaign,
        agent=agent,
        phone=contact.phone,
        origin=Origin.PERSON,
        is_test=is_test,
        state=state,
        purpose=purpose,
        requested_by=requested_by,
        created_at=now,
        due_at=max(due_at, now),
    )
    cause = f"{'Test call asked' if is_test else 'Asked'} for by {requested_by}"
    CallEvent.objects.create(call=call, at=now, from_state=State.CREATED, to_state=state, cause=cause[:300])
    baton.wake()
    return call


def place_call(
    location: Location,
    contact: Contact,
    agent: Agent,
    requested_by: Any,
    due_at: datetime | None = None,
    purpose: str = "",
) -> Call:
    """Queue one call to one contact, now or at `due_at`; every rule is applied when it is due. Raises NotPossible."""
    if contact.location_id != location.pk or agent.location_id != location.pk:
        raise NotPossible("The contact and the agent must belong to this location.")
    _callable_from(agent, None)
    with transaction.atomic():
        contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        call = _place(
            contact=contact,
            agent=agent,
            requested_by=requested_by,
            due_at=due_at or timezone.now(),
            purpose=purpose,
            is_test=contact.is_test,
        )
        log.record(location, "call.placed", actor=requested_by, subject=call, phone=call.phone)
    return call


def test_call(target: Agent | Campaign, phone: str, actor: Any) -> Call:
    """Call the staff member's own phone as the agent, or as the campaign, would call; it counts in no figure.

    phone: E.164, which the person has just confirmed to be their own and consented to; that goes into the consent
    ledger as their entry, for TEST_LASTS. At most OWN_NUMBERS of a person are in force in an organization, each taken
    BETWEEN_NUMBERS after the one before. All rules still apply. Raises NotPossible, above all for a number that has
    opted out: a test is no way around an opt-out.
    """
    campaign = target if isinstance(target, Campaign) else None
    agent = target if isinstance(target, Agent) else (target.test_agent or target.agent)
    location = agent.location
    _callable_from(agent, campaign)
    place = place_of(phone)
    if place.problem is not None:
        raise NotPossible(f"{phone} cannot be called. Enter the number of a mobile phone or a landline.")
    organization = location.organization
    with transaction.atomic():
        # Two numbers at once are counted one after the other.
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        contact, _ = Contact.objects.get_or_create(
            location=location,
            phone=place.e164,
            defaults={
                "first_name": actor.first_name or "Test",
                "last_name": actor.last_name or "call",
                "email": actor.email,
                "region": place.region or "",
                "number_kind": place.kind,
                "zones": ",".join(place.zones),
                "is_test": True,
            },
        )
        contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        entries = ConsentEntry.objects.filter(organization=organization, phone=place.e164)
        if (
            contact.dnd_voice
            or entries.filter(kind=ConsentKind.REVOKED).exists()
            or DoNotCallEntry.objects.active().filter(organization=organization, phone=place.e164).exists()
        ):
            raise NotPossible(
                f"{formatting.national(place.e164, location.country)} has opted out of calls, and a test is no way "
                "around that. Use another phone."
            )
        if not contact.is_test:
            raise NotPossible(
                f"{formatting.national(place.e164, location.country)} belongs to the contact {contact}. Mark that "
                "contact as test first, or use another phone."
            )
        now = timezone.now()
        if not ledger.standing([contact.pk], now).get(contact.pk, ledger.NOTHING).opt_in_documented:
            _own_number_of(actor, organization, now)
            ledger.grant(
                contact=contact,
                source=ConsentSource.STAFF,
                captured_at=now,
                expires_at=now + TEST_LASTS,
                evidence=TEST_EVIDENCE.format(user=f"{actor} ({actor.email})"),
                actor=actor,
            )
        call = _place(
            contact=contact,
            agent=agent,
            requested_by=actor,
            due_at=now,
            purpose="Test call",
            campaign=campaign,
            is_test=True,
        )
        log.record(location, "call.tested", actor=actor, subject=call, phone=call.phone)
    return call


def _own_number_of(actor: Any, organization: Organization, now: datetime) -> None:
    """Raises NotPossible when the person takes more numbers for their own than people have."""
    taken = ConsentEntry.objects.filter(
        location__organization=organization,
        recorded_at__gt=now - TEST_LASTS,
        actor=actor,
        kind=ConsentKind.GRANTED,
        source=ConsentSource.STAFF,
        evidence__startswith=ledger.TEST,
    ).aggregate(numbers=Count("phone", distinct=True), newest=Max("recorded_at"))
    if taken["numbers"] >= OWN_NUMBERS:
        raise NotPossible(
            f"You called {OWN_NUMBERS} numbers of your own within two days, and more are not taken. Use one of them, "
            "or ask a colleague to test with their own phone."
        )
    if taken["newest"] is not None and taken["newest"] > now - BETWEEN_NUMBERS:
        raise NotPossible(
            f"You named another number of your own a moment ago. Try again in {BETWEEN_NUMBERS.seconds // 60} minutes, "
            "or use that one."
        )


test_call.__test__ = False  # type: ignore[attr-defined]  # A call, not a test that pytest should collect.


def cancel_call(call: Call, actor: Any) -> bool:
    """Cancel a call that waits. False when it is waiting no more: it is being dialled, or over."""
    now = timezone.now()
    with transaction.atomic():
        moved = transitions.move(
            [call.pk],
            to=State.CANCELED,
            cause=f"Canceled by {actor}",
            at=now,
            from_states=WAITING,
            disposition=Disposition.CANCELED.value,
            ended_at=now,
        )
        if moved:
            log.record(call.location, "call.canceled", actor=actor, subject=call, phone=call.phone)
    call.refresh_from_db()
    return bool(moved)


def hang_up(call: Call, actor: Any) -> bool:
    """End a call in flight; its state changes when the carrier says so. False when it was over already.

    Raises NotPossible when the carrier does not know the call yet, or cannot be reached.
    """
    attempt = (
        Attempt.objects.filter(call=call)
        .exclude(state__in=(AttemptState.REFUSED, AttemptState.ENDED))
        .first()
    )
    if attempt is None:
        return False
    if attempt.sid is None:
        raise NotPossible("The carrier has not accepted this call yet. Try again in a moment.")
    try:
        ended = hang_up_attempt(attempt.pk)
    except client.CarrierUnavailable as error:
        raise NotPossible(f"The carrier did not take the request: {error} Try again in a moment.") from error
    if ended:
        CallEvent.objects.create(
            call=call,
            at=timezone.now(),
            from_state=call.state,
            to_state=call.state,
            cause=f"Hung up by {actor}"[:300],
        )
        log.record(call.location, "call.hung_up", actor=actor, subject=call, phone=call.phone)
    return ended


def hang_up_attempt(attempt_id: int) -> bool:
    """End the dial at the carrier, in flight or still waiting there; harmless when it is over. False when it was.

    Raises telephony.client.CarrierUnavailable.
    """
    attempt = Attempt.objects.select_related("account").filter(pk=attempt_id, sid__isnull=False).first()
    return attempt is not None and client.end_call(attempt.account, str(attempt.sid))


def reschedule(call: Call, due_at: datetime, actor: Any) -> bool:
    """Move a waiting call to another instant. False when it waits no more. Raises NotPossible for a past instant."""
    now = timezone.now()
    if due_at <= now:
        raise NotPossible("Choose an instant in the future.")
    when = formatting.clock(due_at, call.location.timezone, now)
    with transaction.atomic():
        moved = transitions.move(
            [call.pk],
            to=State.SCHEDULED,
            cause=f"Moved to {when} by {actor}",
            at=now,
            from_states=WAITING,
            due_at=due_at,
        )
        if moved:
            log.record(call.location, "call.moved", actor=actor, subject=call, phone=call.phone, due=when)
    call.refresh_from_db()
    return bool(moved)
