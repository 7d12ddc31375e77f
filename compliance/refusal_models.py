"""Offers that people declined in a call; compliance.models has them, too, where Django looks for models."""

from django.db import models

from accounts.models import Organization


class Refusal(models.Model):
    """The person at `phone` (E.164) declined an offer of the organization; refused_at: when last.

    No opt-out: it stops calls for as long as a rule pack asks, and is kept where one does.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="refusals", db_index=False
    )
    phone = models.CharField(max_length=16)
    refused_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "phone"], name="refusal_of_a_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.phone} at {self.refused_at:%Y-%m-%d %H:%M}"
