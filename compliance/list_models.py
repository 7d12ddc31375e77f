"""External do-not-call lists and their numbers; compliance.models has them, too, where Django looks for models."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import CodeField
from accounts.immutable import AppendOnlyQuerySet
from accounts.models import Job, Organization, User


class ListKind(models.TextChoices):
    NATIONAL = "national", "National do-not-call register"
    STATE = "state", "State do-not-call register"
    LITIGATOR = "litigator", "Known litigators"
    REASSIGNED = "reassigned", "Reassigned numbers"


class ExternalListQuerySet(models.QuerySet["ExternalList"]):
    def active(self) -> Self:
        return self.filter(deleted_at=None)


class ExternalList(models.Model):
    """A do-not-call list that somebody else keeps, for all locations of the organization.

    country (ISO 3166) says whose numbers it speaks of; state, "FL", narrows that for a state's register. edition: the
    one in force; None until the first one is loaded whole, and calls are refused meanwhile (list_numbers.look_up).
    deleted_at: since when it is not kept up any more (compliance.list_ending).
    """

    code = CodeField()
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="external_lists")
    kind = models.CharField(max_length=10, choices=ListKind.choices)
    country = models.CharField(max_length=2)
    state = models.CharField(max_length=2, blank=True)
    name = models.CharField(max_length=120)
    edition = models.ForeignKey("ListEdition", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    deleted_at = models.DateTimeField(null=True)

    objects = ExternalListQuerySet.as_manager()
    # Whether its first load is under way, where list_loading.with_first_load asked for it.
    awaits_first_load = False

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], condition=Q(deleted_at=None), name="external_list_name_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=ListKind.values), name="external_list_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="state") ^ Q(state=""), name="external_list_state_of_a_state"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_account_number(self) -> bool:
        """Whether its source gives those who get it an account number: the registry of the US does."""
        return self.kind == ListKind.NATIONAL and self.country == "US"


class ListEventKind(models.TextChoices):
    ENDED = "ended", "Not kept up any more"
    RESUMED = "resumed", "Kept up again"
    SAME = "same", "The same numbers under a newer date"


class ListEvent(models.Model):
    """Why an external list was ended, taken up again or given a newer date without other numbers: when and by whom.

    Append-only (compliance.append_only).
    """

    list = models.ForeignKey(ExternalList, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=7, choices=ListEventKind.choices)
    reason = models.CharField(max_length=500)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="list_event_says_why")]

    def __str__(self) -> str:
        return f"{self.list}: {self.get_kind_display()}"


class ListChange(models.TextChoices):
    WHOLE = "whole", "The whole list"
    ADD = "add", "Numbers to add to it"
    REMOVE = "remove", "Numbers to take off it"


class ListEdition(models.Model):
    """One load of an external list, kept as the record of what was in force when.

    as_of: the day it was got from its source. account_number: under which, where its source gives sellers one (the
    national registry of the US, a SAN). base: the edition that additions or removals were applied to. has_numbers: rows
    of ListBlock may be there; they are deleted once the edition is not in force any more.
    """

    code = CodeField()
    list = models.ForeignKey(ExternalList, on_delete=models.CASCADE, related_name="editions")
    change = models.CharField(max_length=6, choices=ListChange.choices, default=ListChange.WHOLE)
    base = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    source = models.CharField(max_length=200, blank=True)
    account_number = models.CharField(max_length=40, blank=True, default="", db_default="")
    as_of = models.DateField()
    file = models.FileField(upload_to="lists/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=255)
    layout = models.JSONField(default=dict)
    count = models.PositiveBigIntegerField(default=0)
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="list_edition")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    loaded_at = models.DateTimeField(null=True)
    has_numbers = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["list", "-created_at"], name="list_edition_newest"),
            models.Index(fields=["id"], condition=Q(has_numbers=True), name="list_edition_with_numbers"),
        ]

    def __str__(self) -> str:
        return f"{self.list} of {self.as_of}"


class ListBlock(models.Model):
    """Numbers of an edition of an external list that follow each other: E.164 without the plus, ascending.

    numbers: 8 bytes each, little-endian. Ten million are an ordinary list: a row for each would take ten times the room
    and the time. edition_id is no foreign key, because look-ups meet it by index only, and a load writes nothing else.
    """

    pk = models.CompositePrimaryKey("edition_id", "first")
    edition_id = models.IntegerField()
    first = models.BigIntegerField()
    numbers = models.BinaryField()

    def __str__(self) -> str:
        return f"+{self.first} and those after it"
