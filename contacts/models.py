"""Contacts, their tags, and imports."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.fields import CodeField, new_token
from accounts.immutable import AppendOnlyQuerySet
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
    known zone, which adds to those of the number; so does state, of the person's address: its letters ("TX") where it
    has some, else the words of a list. fields holds custom values by column name.
    """

    code = CodeField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="contacts", db_index=False)
    phone = models.CharField(max_length=16)
    region = models.CharField(max_length=3, blank=True)
    number_kind = models.CharField(max_length=20, blank=True)
    zones = models.CharField(max_length=600, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=60, blank=True, default="", db_default="")
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
            # Ascending, so that a list is written at its end; it is read backwards.
            models.Index(fields=["location", "created_at", "id"], name="contact_by_arrival"),
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


class OptInForm(models.Model):
    """A form on which people agree to be called: a page, a paper, our own hosted page. Its wording is in versions.

    valid: its current version's newest scan found valid consent, and the form is in use (compliance.opt_in keeps it
    so); without a valid form nothing of the location dials. invalid_since: when it stopped being valid, until it is
    mended. public_code names the hosted page.
    """

    code = CodeField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="opt_in_forms")
    name = models.CharField(max_length=120)
    current = models.OneToOneField(
        "OptInVersion", null=True, on_delete=models.RESTRICT, related_name="current_of", editable=False
    )
    public_code = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    valid = models.BooleanField(default=False, editable=False)
    invalid_since = models.DateTimeField(null=True, editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "name"], name="opt_in_form_name_once"),
            models.CheckConstraint(
                condition=Q(valid=False) | Q(retired_at=None, current__isnull=False, invalid_since=None),
                name="opt_in_form_valid_only_in_use",
            ),
        ]
        indexes = [models.Index(fields=["location"], condition=Q(valid=True), name="opt_in_form_valid")]

    def __str__(self) -> str:
        return self.name


class OptInLanguage(models.TextChoices):
    ENGLISH = "en", "English"
    SPANISH = "es", "Spanish"


class OptInControl(models.TextChoices):
    CHECKBOX = "checkbox", "Ticks a box"
    BUTTON = "button", "Presses a button"
    TYPED_NAME = "typed_name", "Types or signs their name"
    NONE = "none", "Nothing"


class OptInVersion(models.Model):
    """What a form says and how it is agreed to, exactly, from one edit to the next. Written once: opt-ins rest on it.

    text_hash: SHA-256 of the text in UTF-8, hexadecimal. place: the address of the page, or words for where the form
    is. prechecked and required: how the control is set.
    """

    LONGEST = 200_000  # characters, what the consent scanner reads

    form = models.ForeignKey(OptInForm, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    seller = models.CharField(max_length=120)
    place = models.CharField(max_length=500)
    language = models.CharField(max_length=2, choices=OptInLanguage.choices, default=OptInLanguage.ENGLISH)
    control = models.CharField(max_length=10, choices=OptInControl.choices, default=OptInControl.CHECKBOX)
    prechecked = models.BooleanField(default=False)
    required = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now, editable=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="opt_in_version_once")]

    def __str__(self) -> str:
        return f"{self.form}, version {self.number}"
