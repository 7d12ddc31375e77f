"""The codes by which called people find their public page; compliance.models has them, too, where Django looks."""

from django.db import models
from django.utils import timezone

from accounts.fields import CodeField
from accounts.models import Organization


class SpokenCode(models.Model):
    """What an agent dictates to somebody who asks for their page: random, of one number, and used for nothing else."""

    code = CodeField()
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    phone = models.CharField(max_length=16)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "phone"], name="spoken_code_of_a_number")
        ]

    def __str__(self) -> str:
        return self.code
