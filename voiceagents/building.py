"""Keeping an agent: saving what is typed as it is typed, and putting one away."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import log, uses
from voiceagents.forms import AgentForm
from voiceagents.models import Agent

log.register("agent.created", "made the agent {name}")
log.register("agent.changed", "changed the {fields} of the agent {name}")
log.register("agent.archived", "archived the agent {name}")


class NotPossible(Exception):  # noqa: N818 (a refusal, not a fault)
    """Nothing was changed; the message says why and what to do."""


def create(form: AgentForm, *, actor: object) -> Agent:
    """Keep a new agent from a valid form."""
    with transaction.atomic():
        agent: Agent = form.save()
        log.record(agent.location, "agent.created", actor=actor, subject=agent, name=agent.name)
    return agent


def save(form: AgentForm, *, version: str, actor: object) -> datetime:
    """Write the changed fields that are valid, leave the others, and return the row's new version.

    version: updated_at (ISO) of the row that the form was made from. Raises NotPossible when somebody else saved it
    since: their words would be lost.
    """
    agent = form.instance
    fields = form.keepable()
    with transaction.atomic():
        held = Agent.objects.select_for_update().only("updated_at").get(pk=agent.pk)
        if held.updated_at.isoformat() != version:
            raise NotPossible(
                "Somebody else changed this agent while you did. Yours is still on this page, and not saved: open the "
                "agent in a second tab, and bring both together."
            )
        if fields:
            agent.save(update_fields=[*fields, "updated_at"])
            labels = sorted({_label(form, name) for name in fields})
            log.record(
                agent.location,
                "agent.changed",
                actor=actor,
                subject=agent,
                name=agent.name,
                fields=", ".join(labels),
            )
            return agent.updated_at
        return held.updated_at


def _label(form: AgentForm, name: str) -> str:
    return str(form.fields[name].label or name).lower() if name in form.fields else name


def archive(agent: Agent, *, actor: object) -> None:
    """Put the agent away: its calls stay, nothing new can choose it. Raises NotPossible while something uses it."""
    if users := uses.of(agent):
        raise NotPossible(
            f"{agent.name} is used by {', '.join(users)}. Finish, cancel or change these first; nothing was archived."
        )
    with transaction.atomic():
        if Agent.objects.filter(pk=agent.pk, archived_at=None).update(archived_at=timezone.now()):
            log.record(agent.location, "agent.archived", actor=actor, subject=agent, name=agent.name)
