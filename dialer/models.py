"""Campaigns, calls and their attempts, and the rows that pace them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import CodeField, WholeField, new_token
from accounts.models import Location, User
from compliance.models import Decision
from contacts.models import Contact
from dialer.states import LIVE, WAITING, Look, State, look_of
from dialer.virtual_clock import Result
from phone_numbers.models import PhoneNumber
from telephony.models import CarrierAccount
from voiceagents.models import Agent, Conversation, PromptTemplate


class CampaignState(models.TextChoices):
    DRAFT = "draft", "Draft"
    LAUNCHING = "launching", "Loading contacts"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    FINISHED = "finished", "Finished"
    CANCELED = "canceled", "Canceled"


class Campaign(models.Model):
    """A list of contacts to be called by an agent.

    audience: {"tags_any": [...], "tags_none": [...], "language": "es", "search": "..."}, empty keys left out.
    schedule: as the `decide` command takes it, or {}; it narrows the agent's. Contacts marked as test are called by
    test_agent, or by agent when there is none. phone_number goes before the agent's.
    """

    code = CodeField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="campaigns")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="campaigns")
    test_agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    prompt_template = models.ForeignKey(
        PromptTemplate, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns"
    )
    phone_number = models.ForeignKey(
        PhoneNumber, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns"
    )
    audience = models.JSONField(default=dict, blank=True)
    schedule = models.JSONField(default=dict, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    launched_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["location", "-created_at"], name="campaign_by_location")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gt=models.F("starts_at")),
                name="campaign_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Origin(models.TextChoices):
    CAMPAIGN = "campaign", "Campaign"
    PERSON = "person", "Placed by a person"
    FOLLOW_UP = "follow_up", "Follow-up"
    RETRY = "retry", "Automatic retry"
    WORKFLOW = "workflow", "Workflow"
    API = "api", "API"


class Confidence(models.TextChoices):
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class Outcome(models.TextChoices):
    MEETING_SCHEDULED = "meeting_scheduled", "Meeting scheduled"
    BUSY = "busy", "Busy: call again"
    BUSY_VOICEMAIL = "busy_voicemail", "Busy or voicemail"
    NOT_INTERESTED = "not_interested", "Not interested"
    OTHER = "other", "Other"


def in_states(states: tuple[State, ...]) -> Q:
    return Q(state__in=[state.value for state in states])


class CallQuerySet(models.QuerySet["Call"]):
    def for_location(self, location: Location) -> Self:
        return self.filter(location=location)

    def waiting(self) -> Self:
        return self.filter(in_states(WAITING))

    def live(self) -> Self:
        return self.filter(in_states(LIVE))

    def counted(self) -> Self:
        """Calls that figures count: no test calls."""
        return self.filter(is_test=False)


class Call(models.Model):
    """One intention to speak with one contact. dialer.states says how its state moves; every move is a CallEvent.

    due_at: when the drain may take it. held: its campaign is paused, so the drain passes it by. reasons: why a rule
    refused or put it off, latest first decision. failure_code: a carrier error ("21211") or one of our own words
    (MISSING_PHONE_NUMBER). context: what earlier calls led to, told to the agent. started_at: when it was dialled.
    """

    STATES = [(state.value, state.value.replace("_", " ").capitalize()) for state in State]

    code = CodeField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="calls", db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="calls", db_index=False)
    campaign = models.ForeignKey(
        Campaign, null=True, on_delete=models.SET_NULL, related_name="calls", db_index=False
    )
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="calls", db_index=False)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="children", db_index=False
    )
    phone = models.CharField(max_length=16)
    from_number = models.CharField(max_length=16, blank=True)
    direction = models.CharField(max_length=8, default="outbound")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    is_test = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=STATES, default="created")
    held = models.BooleanField(default=False)
    disposition = models.CharField(max_length=10, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    reasons = models.JSONField(default=list)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_detail = models.TextField(blank=True)
    purpose = models.TextField(blank=True, help_text="Why this call is to be made, in words")
    confidence = models.CharField(max_length=6, choices=Confidence.choices, blank=True)
    context = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    answered_by = models.CharField(max_length=24, blank=True)
    recording_sid = models.CharField(max_length=34, blank=True)
    recording_seconds = models.PositiveIntegerField(null=True)
    conversation = models.OneToOneField(
        Conversation, null=True, on_delete=models.SET_NULL, related_name="call", db_constraint=False
    )
    requested_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    talk_seconds = models.PositiveIntegerField(default=0)
    analysed_at = models.DateTimeField(null=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        # Every dial rewrites the row and every index it is in: none that another one begins like, and partial ones
        # that a call leaves once.
        indexes = [
            # The drain's index: one range scan per location, whatever waits elsewhere.
            models.Index(
                fields=["location", "due_at", "id"],
                condition=Q(state__in=["created", "scheduled", "queued"], held=False),
                name="call_due",
            ),
            models.Index(
                fields=["phone"],
                condition=Q(state__in=["created", "scheduled", "queued"]),
                name="call_waiting_by_phone",
            ),
            models.Index(
                fields=["location", "state"],
                condition=Q(state__in=["calling", "unknown", "in_progress"]),
                name="call_live",
            ),
            models.Index(fields=["location", "-id"], name="call_log"),
            models.Index(fields=["location", "started_at"], name="call_by_start"),
            # What the rules refused was never dialled; the dashboard counts it by its end.
            models.Index(
                fields=["location", "ended_at"], condition=Q(disposition="rejected"), name="call_refused"
            ),
            models.Index(fields=["campaign", "state", "disposition"], name="call_by_campaign"),
            models.Index(fields=["contact", "-id"], name="call_by_contact"),
            models.Index(
                fields=["agent"],
                condition=Q(state__in=["created", "scheduled", "queued"]),
                name="call_waiting_by_agent",
            ),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="call_by_parent"),
            models.Index(
                fields=["requested_by"], condition=Q(requested_by__isnull=False), name="call_by_requester"
            ),
            models.Index(
                fields=["ended_at"],
                condition=Q(analysed_at=None, ended_at__isnull=False, started_at__isnull=False),
                name="call_to_analyse",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "contact"],
                condition=Q(origin="campaign"),
                name="call_once_per_campaign_contact",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="call_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phone} ({self.state})"

    @property
    def look(self) -> Look:
        return look_of(State(self.state), self.disposition)


class CallEvent(models.Model):
    """One change of a call's state, with its cause in words."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField()
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    cause = models.CharField(max_length=300)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["call", "at", "id"], name="call_event_timeline")]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class AttemptState(models.TextChoices):
    RESERVED = "reserved", "Reserved, about to be sent"
    ACCEPTED = "accepted", "Accepted by the carrier"
    REFUSED = "refused", "Refused by the carrier, nothing rang"
    UNKNOWN = "unknown", "No answer from the carrier"
    ENDED = "ended", "Over"


class Attempt(models.Model):
    """One dial of a call. It is written, with its allow decision and its reservation, before anything is sent.

    token goes into every callback URL: whoever brings it proves the dial. slot_at: the instant it was allowed for.
    carrier_status and sequence: the furthest the carrier reported. location is the call's, and account is locked while
    the row is written: the database does not check these two once more.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="attempts")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(
        CarrierAccount, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    token = WholeField(max_length=40, unique=True, default=new_token)
    phone = models.CharField(max_length=16)
    from_number = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=AttemptState.choices, default=AttemptState.RESERVED)
    slot_at = models.DateTimeField()
    local_date = models.DateField(help_text="The location's calendar day it was counted on")
    sid = WholeField(max_length=34, null=True, unique=True)
    carrier_status = models.CharField(max_length=12, blank=True)
    answered_by = models.CharField(max_length=24, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call"], condition=~Q(state="refused"), name="attempt_once_per_call"
            ),
            models.CheckConstraint(condition=Q(state__in=AttemptState.values), name="attempt_state_known"),
        ]
        indexes = [
            # What reconciliation looks at: dials without an end.
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["reserved", "accepted", "unknown"]),
                name="attempt_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phone} ({self.state})"


class Pace(models.Model):
    """When a location may start its next call; claimed under a row lock, so starts are 6 s apart whoever drains.

    next_slot_at has no index: it changes with every dial, a row a location is read faster than an index full of dead
    entries, and without one PostgreSQL changes the row in its page.
    """

    location = models.OneToOneField(Location, primary_key=True, on_delete=models.CASCADE, related_name="pace")
    next_slot_at = models.DateTimeField(default=timezone.now)
    hold_reason = models.CharField(max_length=40, blank=True)
    last_slot_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.location_id} at {self.next_slot_at}"


class Baton(models.Model):
    """Which drain is the newest, and when it last showed life. Economy only: two drains at once are safe.

    decided, dialled: what all drains ever did; seats_busy: of the drain that wrote last. All three for /metrics.
    """

    name = models.CharField(max_length=20, primary_key=True)
    epoch = models.BigIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    # With defaults in the database: a drain of the version before takes the baton without knowing them.
    decided = models.BigIntegerField(default=0, db_default=0)
    dialled = models.BigIntegerField(default=0, db_default=0)
    seats_busy = models.PositiveIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.epoch}"


class Forecast(models.Model):
    """What would become of every contact of a campaign if it were launched at made_at; the newest one is kept.

    made_at: None while it is being made. zone: of the location, whose clock the hours are on. basis: what it rests on
    (dialer.forecasts.basis). summary: {"contacts", "others", "results": {result: n}, "refused": {reason: n}, "waited":
    {reason: n}, "put_off": n, "first", "last": instants, "hours": [[date, hour, calls, other calls, put off], ...]}.
    """

    code = CodeField()
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="forecasts")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=64, blank=True)
    basis = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"Forecast of {self.campaign}"


class ForecastContact(models.Model):
    """The fate of one contact in a forecast. result and at: as dialer.virtual_clock.Fate has them.

    reasons: of a refused contact why; of any other what would put its call off first.
    """

    forecast = models.ForeignKey(Forecast, on_delete=models.CASCADE, related_name="fates")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    result = models.CharField(max_length=9, choices=[(result.value, result.name) for result in Result])
    at = models.DateTimeField()
    reasons = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["forecast", "contact"], name="forecast_contact_once"),
            models.CheckConstraint(
                condition=Q(result__in=[result.value for result in Result]), name="forecast_result_known"
            ),
        ]
        indexes = [models.Index(fields=["forecast", "result", "id"], name="forecast_by_result")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.result}"
