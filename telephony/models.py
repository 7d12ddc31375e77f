"""Accounts at the phone carrier and the raw events it sent."""

from django.db import models
from django.utils import timezone

from accounts.fields import CodeField, EncryptedTextField, WholeField
from accounts.models import Organization


class Carrier(models.TextChoices):
    SANDBOX = "sandbox", "Sandbox carrier"
    TWILIO = "twilio", "Twilio"


class CarrierAccount(models.Model):
    """An organization's account at Twilio, or at the sandbox carrier, which speaks the same protocol.

    calls_per_second is what the account may start (Twilio: 1 by default, the rest queues there past closing time);
    next_slot_at is the account's pace row. slowed: how often that pace stood halved at slowed_at, when the carrier last
    asked for fewer requests. halted_at stops all outbound calls of the account until a person resumes it.
    """

    code = CodeField()
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="carrier_accounts")
    name = models.CharField(max_length=80)
    carrier = models.CharField(max_length=8, choices=Carrier.choices)
    account_sid = models.CharField(max_length=34, unique=True)
    auth_token = EncryptedTextField()
    calls_per_second = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    next_slot_at = models.DateTimeField(default=timezone.now)
    slowed = models.PositiveSmallIntegerField(default=0, db_default=0)
    slowed_at = models.DateTimeField(null=True)
    halted_at = models.DateTimeField(null=True)
    halt_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


class EventKind(models.TextChoices):
    STATUS = "status", "Call status"
    AMD = "amd", "Answering machine detection"
    RECORDING = "recording", "Recording"
    ACTION = "action", "End of conversation"
    ANSWER = "answer", "Call answered"
    REVIEW = "review", "Review of a business"
    MESSAGE = "message", "Text message"


class CarrierEvent(models.Model):
    """A verified callback exactly as it came, kept whether or not we knew what it was about.

    fingerprint is the natural key of the event (telephony.events), so that a repeated delivery is one row.
    known is false when nothing of ours (an attempt, a review, a number that was texted) is what it is about.
    """

    kind = models.CharField(max_length=10, choices=EventKind.choices)
    account = models.ForeignKey(CarrierAccount, on_delete=models.CASCADE, related_name="events")
    token = models.CharField(max_length=40)
    call_sid = models.CharField(max_length=34, blank=True)
    fingerprint = WholeField(max_length=120, unique=True)
    body = models.JSONField()
    known = models.BooleanField(default=True)
    deliveries = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["token", "received_at"], name="event_by_token"),
            models.Index(fields=["-received_at"], condition=models.Q(known=False), name="event_unknown"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.call_sid}"
