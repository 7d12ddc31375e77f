"""Who may tell us of consent and opt-outs from outside; compliance.models has them, too, where Django looks."""

from django.db import models
from django.utils import timezone

from accounts.fields import CodeField, WholeField
from accounts.models import Location, User


class ApiToken(models.Model):
    """A bearer token of a location, for another system of the business. The token itself is shown once, to its maker.

    digest: SHA-256 of the token, hexadecimal; it is random enough to need no more. ending: its last characters, by
    which people tell tokens apart. may_grant: it may record consent; without it, opt-outs only.
    """

    code = CodeField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = WholeField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)
    may_grant = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name


class ApiAnswer(models.Model):
    """What a request with an idempotency key was answered, so that the same request again does nothing more.

    digest: SHA-256 of path and body, so that another request under the same key is noticed.
    """

    by = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="api_answer_once")]
        indexes = [models.Index(fields=["at"], name="api_answer_oldest")]

    def __str__(self) -> str:
        return self.key
