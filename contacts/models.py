"""Contacts, their tags, and imports."""

from typing import Self

from django.db import models
from django.utils.timezone import now

from accounts.fields import CodeField
from accounts.models import Job, Location, User


class Tag(models.Model):
    """A word put on contacts; campaigns choose their audience by it."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["location", "name"], name="tag_once_per_location")]

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(models.QuerySet["Contact"]):
    def for_location(self, location: Location) -> Self:
        return self.filter(location=location)

    def tagged_any(self, names: list[str]) -> Self:
        return self.filter(tags__name__in=names).distinct()


class Contact(models.Model):
    """A person with one E.164 number in a location.

    region, number_kind and zones are what compliance.zones says of the number, stored so that a dial need not parse it:
    zones is a comma-separated list of IANA names, the window must hold in all of them. timezone is the person's own
    known zone, which adds to those of the number. fields holds custom values by column name.
    """

    code = CodeField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="contacts")
    phone = models.CharField(max_length=16)
    region = models.CharField(max_length=3, blank=True)
    number_kind = models.CharField(max_length=20, blank=True)
    zones = models.CharField(max_length=600, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=8, blank=True)
    fields = models.JSONField(default=dict, blank=True)
    tags = models.ManyToManyField(Tag, related_name="contacts", blank=True)
    is_test = models.BooleanField(default=False, help_text="Called by the test agent, and in no figure")
    dnd_voice = models.BooleanField("do not call", default=False)
    dnd_sms = models.BooleanField("do not text", default=False)
    notes = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "phone"], name="contact_number_once_per_location")
        ]
        indexes = [
            models.Index(fields=["phone"], name="contact_by_phone"),
            models.Index(fields=["location", "last_name", "first_name", "id"], name="contact_by_name"),
            models.Index(fields=["location", "-created_at", "-id"], name="contact_by_newest"),
        ]

    def __str__(self) -> str:
        return self.name or self.phone

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def zone_names(self) -> list[str]:
        return [name for name in self.zones.split(",") if name]


class ContactImport(models.Model):
    """One uploaded list: the file, how its columns map, and what became of every row.

    mapping: {"phone": 2, "first_name": 0, ...} from our field to the column's position; custom fields as
    "fields.<name>". Rows in = created + merged + refused. The job row carries progress; refused rows with their reasons
    are in refused_file.
    """

    code = CodeField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="imports")
    file = models.FileField(upload_to="imports/%Y/%m/")
    file_name = models.CharField(max_length=255)
    sheet = models.JSONField(
        default=dict, help_text="What reading found: encoding, delimiter, columns, sample rows"
    )
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="contact_import")
    counts = models.JSONField(default=dict)
    refused_file = models.FileField(upload_to="imports/%Y/%m/", blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["location", "-created_at"], name="import_by_location")]

    def __str__(self) -> str:
        return self.file_name
