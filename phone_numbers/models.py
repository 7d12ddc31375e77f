"""Our phone numbers."""

from typing import Self

from django.db import models
from django.utils import timezone

from accounts.fields import CodeField
from accounts.models import Location
from telephony.addresses import callback_url
from telephony.models import CarrierAccount


class PhoneNumberQuerySet(models.QuerySet["PhoneNumber"]):
    def for_location(self, location: Location) -> Self:
        return self.filter(location=location, released_at=None)


class PhoneNumber(models.Model):
    """A number that the location owns at its carrier account: calls go out from it and come in on it.

    brand_name is how the agent introduces the business on this number; forward_number takes transfers. carrier_sid is
    empty until the carrier confirmed that the account owns it (phone_numbers.buying). texts_to: where the carrier
    was last told to send texts to this number; empty when it never was told.
    """

    code = CodeField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="phone_numbers")
    account = models.ForeignKey(CarrierAccount, on_delete=models.PROTECT, related_name="phone_numbers")
    number = models.CharField(max_length=16)
    name = models.CharField(max_length=80, blank=True)
    brand_name = models.CharField(max_length=120, blank=True)
    voice_enabled = models.BooleanField(default=True)
    sms_enabled = models.BooleanField(default=False)
    forward_number = models.CharField(max_length=16, blank=True)
    carrier_sid = models.CharField(max_length=34, blank=True)
    texts_to = models.CharField(max_length=300, blank=True, default="", db_default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    released_at = models.DateTimeField(null=True)

    objects = PhoneNumberQuerySet.as_manager()

    class Meta:
        ordering = ["name", "number"]
        constraints = [
            # A number that was given back may be bought again, by anybody.
            models.UniqueConstraint(
                fields=["number"], condition=models.Q(released_at=None), name="number_in_use_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}".strip()

    @property
    def hears_texts(self) -> bool:
        """Whether a text to this number reaches us, so that a STOP is an opt-out."""
        return self.texts_to == callback_url("message")
