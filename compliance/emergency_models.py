"""Emergencies that a person declares; compliance.models has them, too, where Django looks for models."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.fields import CodeField
from accounts.models import Location, Organization, User


class Emergency(models.Model):
    """From starts_at until ends_at nobody is called: by `location` at all, or by any location in `state` ("LA").

    It only narrows. lifted_at: when a person ended it before its time; the row stays.
    """

    code = CodeField()
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="emergencies", db_index=False
    )
    location = models.ForeignKey(Location, null=True, on_delete=models.CASCADE, related_name="emergencies")
    state = models.CharField(max_length=2, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "emergencies"
        constraints = [
            models.CheckConstraint(
                condition=Q(location__isnull=True) ^ Q(state=""), name="emergency_of_a_location_or_a_state"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="emergency_ends_after_its_start"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="emergency_says_why"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "ends_at"], condition=Q(lifted_at=None), name="emergency_not_over"
            )
        ]

    def __str__(self) -> str:
        return f"{self.state or self.location} until {self.ends_at:%Y-%m-%d %H:%M}"
