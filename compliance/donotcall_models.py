"""Lists of numbers for the do-not-call list; compliance.models has them, too, where Django looks for models."""

from django.db import models
from django.utils import timezone

from accounts.fields import CodeField
from accounts.models import Job, Location, Organization, User


class DoNotCallImport(models.Model):
    """A file of numbers that the organization does not call, and what became of its rows.

    sheet: how the file is read (contacts.reading.Sheet). mapping: our field to the position of its column. options:
    compliance.donotcall_rows.Options. counts: the report, once the numbers are on the list. refused_file: the rows that
    are not, as CSV with their reasons.
    """

    code = CodeField()
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    file = models.FileField(upload_to="do-not-call/%Y/%m/")
    file_name = models.CharField(max_length=255)
    sheet = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="do_not_call_import")
    counts = models.JSONField(default=dict)
    refused_file = models.FileField(upload_to="do-not-call/%Y/%m/", blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-created_at", "-id"], name="do_not_call_import_newest")
        ]

    def __str__(self) -> str:
        return self.file_name
