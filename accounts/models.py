"""Organizations, their locations, the people in them, long work and the log of what was done."""

from datetime import timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.timezone import now

from accounts.fields import CodeField


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who signs in by e-mail; without a password they must reset it first."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person; signs in by e-mail and belongs to locations through Member."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[misc,assignment]

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Organization(models.Model):
    """The legal business. Do-not-call entries and revocations hold for all of it."""

    code = CodeField()
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=now, editable=False)

    def __str__(self) -> str:
        return self.name


class KycStatus(models.TextChoices):
    NOT_STARTED = "not_started", "Not started"
    INCOMPLETE = "incomplete", "Incomplete"
    INSTANT_PASSED = "instant_passed", "Passed the instant checks"
    PROVIDER_REVIEW = "provider_review", "With the provider for review"
    COMPLETED = "completed", "Completed"
    REJECTED = "rejected", "Rejected"
    REVALIDATION_REQUIRED = "revalidation_required", "Needs to be validated again"


class LocationQuerySet(models.QuerySet["Location"]):
    def visible_to(self, user: Any) -> Self:
        """The locations of which the user is a member; none for a stranger."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(members__user=user)


class Location(models.Model):
    """A sub-account: one place of business with its country, clock, hours and outbound switch.

    hours: {"mon": [["09:00", "17:00"]], ...} in the location's zone; a day left out is closed; {} means always open.
    """

    code = CodeField()
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="locations")
    name = models.CharField(max_length=120)
    country = models.CharField(
        max_length=2, help_text="ISO 3166 code; calls go to numbers of this country only"
    )
    timezone = models.CharField(max_length=64)
    hours = models.JSONField(default=dict, blank=True)
    outbound_enabled = models.BooleanField(default=False)
    kyc_status = models.CharField(max_length=24, choices=KycStatus.choices, default=KycStatus.NOT_STARTED)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="location_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Role(models.TextChoices):
    """What a member may do; each role may all that the ones below it may."""

    OWNER = "owner", "Owner"
    MANAGER = "manager", "Manager"
    STAFF = "staff", "Staff"
    VIEWER = "viewer", "Viewer"

    @property
    def rank(self) -> int:
        return {"viewer": 0, "staff": 1, "manager": 2, "owner": 3}[self.value]


class Member(models.Model):
    """A user's role in one location."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="members")
    role = models.CharField(max_length=8, choices=Role.choices)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "location"], name="member_once_per_location")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}) in {self.location}"

    def may(self, role: Role) -> bool:
        """Whether this member may do what needs at least `role`."""
        return Role(self.role).rank >= role.rank


WAITS_LONG = timedelta(seconds=20)


class JobState(models.TextChoices):
    WAITING = "waiting", "Waiting for a worker"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELED = "canceled", "Canceled"


class Job(models.Model):
    """Long work that a person can leave and come back to: progress, rate, time left, cancel, result file.

    Driven by accounts.jobs. done and total count the unit named in `unit` (rows, contacts, calls).
    """

    code = CodeField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=20, default="rows")
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    parameters = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    result_file = models.FileField(upload_to="jobs/%Y/%m/", blank=True)
    error = models.TextField(blank=True)
    cancel_requested = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["location", "-created_at"], name="job_by_location"),
            models.Index(
                fields=["created_at"], name="job_open", condition=models.Q(state__in=("waiting", "running"))
            ),
            models.Index(fields=["ended_at"], name="job_with_file", condition=~models.Q(result_file="")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def waits_long(self) -> bool:
        """Whether no worker took it for so long that a person should hear of it."""
        return self.state == JobState.WAITING and now() - self.created_at > WAITS_LONG

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELED)

    @property
    def is_being_written(self) -> bool:
        """Whether the rows of a file are all read, and being written in a transaction, of which nothing shows."""
        return self.state == JobState.RUNNING and self.unit == "rows" and self.done == self.total

    @property
    def came_to_nothing(self) -> bool:
        """Whether it failed or was canceled: nothing of what it did was kept."""
        return self.state in (JobState.FAILED, JobState.CANCELED)


class LogEntry(models.Model):
    """One thing that was done, append-only: who, what, to what, when. accounts.log knows the sentences."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="log")
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_code = models.CharField(max_length=12, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["location", "-at"], name="log_by_location"),
            models.Index(fields=["subject_type", "subject_code", "-at"], name="log_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_code}".strip()
