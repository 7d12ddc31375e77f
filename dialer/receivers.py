"""What the dialer does when a lower room tells it something."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.timezone import now as clock

from accounts.models import Location, Organization
from compliance.signals import emergency_lifted, number_blocked
from dialer.models import Call, Pace
from dialer.states import WAITING, Disposition, State
from dialer.transitions import move
from telephony.models import CarrierAccount
from telephony.signals import account_resumed


@receiver(post_save, sender=Location, dispatch_uid="dialer.pace")
def give_pace(sender: Any, instance: Location, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Every location has its pace row from the start."""
    if created and not raw:
        Pace.objects.get_or_create(location=instance)


@receiver(account_resumed, dispatch_uid="dialer.account_resumed")
def call_again(sender: Any, account: CarrierAccount, **kwargs: Any) -> None:
    """Its locations need not wait for their next look. After the commit, which frees the account's row."""
    held = Pace.objects.filter(location__organization=account.organization_id, hold_reason="account_halted")
    transaction.on_commit(lambda: held.update(next_slot_at=clock(), hold_reason=""))


@receiver(number_blocked, dispatch_uid="dialer.cancel_blocked")
def cancel_waiting(sender: Any, organization: Organization, causes: dict[str, str], **kwargs: Any) -> None:
    """Cancel every waiting call to the numbers in the organization, in the transaction of the opt-out itself."""
    waiting = Call.objects.waiting().filter(phone__in=causes, location__organization=organization)
    by_cause: dict[str, list[int]] = {}
    for pk, phone in waiting.values_list("pk", "phone"):
        by_cause.setdefault(causes[phone], []).append(pk)
    for cause, calls in by_cause.items():
        move(
            calls,
            WAITING,
            State.CANCELED,
            cause,
            clock(),
            disposition=Disposition.CANCELED.value,
            ended_at=clock(),
        )


@receiver(emergency_lifted, dispatch_uid="dialer.emergency_lifted")
def decide_again(sender: Any, organization: Organization, at: datetime, **kwargs: Any) -> None:
    """Calls that an emergency put off are due again; whatever else keeps them is for the rules to say."""
    put_off = Call.objects.waiting().filter(
        location__organization=organization, due_at__gt=at, reasons__icontains='"emergency"'
    )
    put_off.update(due_at=at)
