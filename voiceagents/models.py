"""Agents, the templates and models they speak with, and the conversations they had."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from accounts.fields import CodeField, EncryptedTextField, WholeField
from accounts.models import Location
from contacts.models import Contact
from phone_numbers.models import PhoneNumber


class ModelEndpoint(models.Model):
    """An OpenAI-compatible chat model that a location's agents may speak with."""

    code = CodeField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="model_endpoints")
    name = models.CharField(max_length=80)
    base_url = models.CharField(max_length=300)
    api_key = EncryptedTextField(blank=True)
    model = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


class Brain(models.TextChoices):
    GUIDED = "guided", "Guided: no model needed"
    PROMPT = "prompt", "Prompt: speaks with a language model"


class Ability(models.TextChoices):
    HANG_UP = "hang_up", "End the call politely"
    TRANSFER = "transfer", "Transfer to a person"
    BOOK = "book", "Book an appointment"
    MESSAGE = "message", "Take a message"
    COLLECT = "collect", "Collect and save contact details"
    CALLBACK = "callback", "Agree on a time to call back"


class AgentQuerySet(models.QuerySet["Agent"]):
    def for_location(self, location: Location) -> Self:
        return self.filter(location=location, archived_at=None)


class Agent(models.Model):
    """An AI that speaks on the phone for a location.

    business_details: lines "question or topic: answer" and free sentences, from which the guided brain answers.
    questions: what to ask for, [{"field": "email", "ask": "What is your e-mail?"}, ...]; field is a contact field or
    "fields.<name>". abilities: values of Ability. schedule: as the `decide` command takes it, or {} for none.
    """

    code = CodeField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="agents")
    name = models.CharField(max_length=80)
    brain = models.CharField(max_length=8, choices=Brain.choices, default=Brain.GUIDED)
    endpoint = models.ForeignKey(
        ModelEndpoint, null=True, blank=True, on_delete=models.PROTECT, related_name="agents"
    )
    business_name = models.CharField(max_length=120)
    goals = models.TextField(blank=True)
    business_details = models.TextField(blank=True)
    personality = models.TextField(blank=True)
    greeting = models.TextField(blank=True)
    questions = models.JSONField(default=list, blank=True)
    abilities = models.JSONField(default=list, blank=True)
    voice = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=8, default="en-US")
    schedule = models.JSONField(default=dict, blank=True)
    phone_number = models.ForeignKey(
        PhoneNumber, null=True, blank=True, on_delete=models.SET_NULL, related_name="agents"
    )
    transfer_number = models.CharField(max_length=16, blank=True)
    record_calls = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = AgentQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["location", "name"], name="agent_by_location")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.brain == Brain.PROMPT and self.endpoint_id is None:
            raise ValidationError(
                {"endpoint": "A prompt agent needs a model to speak with. Choose one, or use guided."}
            )


class PromptTemplate(models.Model):
    """A Liquid template of what an agent should say and do, rendered with contact, business and call data."""

    code = CodeField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="prompt_templates")
    name = models.CharField(max_length=120)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["location", "name"], name="prompt_template_name_once")]

    def __str__(self) -> str:
        return self.name


class ConversationEnd(models.TextChoices):
    AGENT_ENDED = "agent_ended", "The agent ended it"
    CONTACT_ENDED = "contact_ended", "The contact hung up"
    OPTED_OUT = "opted_out", "The contact opted out"
    TRANSFERRED = "transferred", "Transferred"
    DROPPED = "dropped", "The connection dropped"


class Conversation(models.Model):
    """One talk over any channel. For a call, `token` is the attempt's token and the way the socket finds it.

    brief: everything the brain needs, frozen when somebody picks up: {"agent": {...}, "contact": {...},
    "prompt": text, "context": summary of earlier calls, "zone": IANA name, "seller": name, "record": bool, ...}.
    results: what the conversation led to: {"fields": {...}, "booking": {...}, "message": {...}, "callback": {...},
    "referral": {...}, "transfer": {...}, "not_interested": words, "opt_out": {...}}, and "memory", with which a brain
    goes on after a dropped line. reconnects: how often that happened.

    The database does not check location, agent and contact once more: its call, which is locked while it is made, has
    the same ones.
    """

    code = CodeField()
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, related_name="conversations", db_index=False, db_constraint=False
    )
    agent = models.ForeignKey(
        Agent, null=True, on_delete=models.SET_NULL, related_name="conversations", db_constraint=False
    )
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="conversations", db_constraint=False
    )
    channel = models.CharField(max_length=8, default="voice")
    token = WholeField(max_length=40, unique=True)
    brief = models.JSONField(default=dict)
    session_id = models.CharField(max_length=40, blank=True)
    brain = models.CharField(max_length=8, choices=Brain.choices, default=Brain.GUIDED)
    fell_back = models.BooleanField(
        default=False, help_text="The model failed and the guided brain took over"
    )
    results = models.JSONField(default=dict)
    reconnects = models.PositiveSmallIntegerField(default=0)
    ended_by = models.CharField(max_length=16, choices=ConversationEnd.choices, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.code


class Speaker(models.TextChoices):
    AGENT = "agent", "Agent"
    CONTACT = "contact", "Contact"
    SYSTEM = "system", "System"


class Turn(models.Model):
    """One thing said. For the agent, text is what was heard: an interrupted answer is cut there."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="turns")
    position = models.PositiveIntegerField()
    speaker = models.CharField(max_length=8, choices=Speaker.choices)
    text = models.TextField()
    interrupted = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "position"], name="turn_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.text[:40]}"
