"""Seals over what was decided and consented; compliance.models has them, too, where Django looks for models."""

from django.db import models
from django.db.models import Q

from accounts.models import Location


class Book(models.TextChoices):
    """What is sealed, each in a chain of its own."""

    DECISIONS = "decisions", "Decisions"
    CONSENT = "consent", "Consent entries"
    DIALS = "dials", "Dials"


class Seal(models.Model):
    """A seal over an hour of a location's rows: those with after_id < id <= last_id, in order of id.

    Ranges join without a gap, so a row that is changed, dropped or put in later shows. root: of the hash tree over the
    rows (RFC 6962). leaves: per row its id (8 bytes) and its hash (32), which name the row that differs. previous: the
    hash of the seal before, hash: of this one. purged_at: when the rows were deleted by the retention command.
    """

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="seals")
    book = models.CharField(max_length=9, choices=Book.choices)
    sequence = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    after_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    leaves = models.BinaryField()
    made_at = models.DateTimeField()
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Two that seal at once write the same seal; the second finds it there.
            models.UniqueConstraint(fields=["location", "book", "sequence"], name="seal_once"),
            models.CheckConstraint(
                condition=Q(last_id__gt=models.F("after_id"), count__gt=0), name="seal_of_rows"
            ),
        ]
        indexes = [models.Index(fields=["location", "book", "last_id"], name="seal_by_range")]

    def __str__(self) -> str:
        return f"{self.book} {self.sequence} of {self.location_id}"


class SealBound(models.Model):
    """Up to where a book may be sealed once every transaction that was writing then is over.

    transaction: PostgreSQL's next transaction number when last_id was read; None on SQLite, where one writes at a time.
    """

    book = models.CharField(max_length=9, primary_key=True, choices=Book.choices)
    hour = models.DateTimeField()
    last_id = models.BigIntegerField()
    transaction = models.BigIntegerField(null=True)
    is_done = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.book} to {self.last_id}"


class Part(models.TextChoices):
    """Which seals of a book a round compares."""

    NEW = "new", "New seals"
    ALL = "all", "All seals"


class SealCheck(models.Model):
    """One round of comparing a location's book with its seals (compliance.seal_checks).

    part: the new ones behind the newest that was seen to fit, or all from the first on. until: number of the newest
    seal when it began, where it ends. turns: how many slices it had.
    sequence, head and last_id: number, hash and last row of the seal that it got to; rows: how many it compared.
    deviations: how many rows and seals are not as they were sealed; found: [row id, cause] of the first of them.
    ended_at: None while it is under way.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+", db_index=False)
    book = models.CharField(max_length=16, choices=Book.choices)
    part = models.CharField(max_length=3, choices=Part.choices, default=Part.ALL, db_default=Part.ALL)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # A round of the release before, which has none, ends with the newest seal.
    until = models.PositiveIntegerField(db_default=2**31 - 1)
    turns = models.PositiveIntegerField(default=0, db_default=0)
    sequence = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)
    last_id = models.BigIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    deviations = models.PositiveBigIntegerField(default=0)
    found = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["location", "book", "part"],
                condition=Q(ended_at=None),
                name="seal_check_one_of_a_part",
            )
        ]
        indexes = [
            models.Index(fields=["location", "book", "-begun_at"], name="seal_check_newest"),
            models.Index(fields=["part", "turns", "id"], condition=Q(ended_at=None), name="seal_check_turns"),
        ]

    def __str__(self) -> str:
        return f"{self.book} of {self.location_id} to seal {self.sequence}"
