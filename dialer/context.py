"""What a tick knows beside its calls: their agents, campaigns, numbers and carrier accounts, in three queries.

Rows are read as tuples, as they are at this moment; models of some hundred agents a tick cost more than the rules.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from json import dumps, loads
from typing import Any, NamedTuple

from accounts.database import among, fetched, instant, is_postgresql, listed
from compliance.schedules import parse_schedule
from compliance.windows import WeeklyHours
from dialer.claim import Candidate
from dialer.models import Campaign
from dialer.numbers import first_usable
from telephony.models import CarrierAccount
from voiceagents.briefs import Speaker
from voiceagents.models import Agent, PromptTemplate


class Number(NamedTuple):
    """A number of ours that a call may go out from. free: it was not given back."""

    location_id: int
    account_id: int
    number: str
    brand_name: str
    forward_number: str
    voice_enabled: bool
    released_at: datetime | None


class CallingAgent(NamedTuple):
    location_id: int
    schedule: WeeklyHours | None
    speaker: Speaker
    number: Number | None


class CallingCampaign(NamedTuple):
    name: str
    ends_at: datetime | None
    schedule: WeeklyHours | None
    prompt_template: PromptTemplate | None
    number: Number | None


_OF_NUMBER = ", ".join(f"n.{name}" for name in Number._fields)
_JSON_OF_AGENT = ("questions", "abilities")


class Context:
    """The agents, campaigns, numbers and accounts of a batch; accounts stay locked until the transaction ends."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.campaigns = _campaigns({each.campaign_id for each in candidates if each.campaign_id})
        self.agents = _agents({each.agent_id for each in candidates})
        numbers = [self.number(each) for each in candidates]
        self.accounts = {
            account.pk: account
            # Not FOR UPDATE: every callback refers to its account, and must not wait for a tick.
            for account in CarrierAccount.objects.select_for_update(no_key=True)
            .filter(pk__in={number.account_id for number in numbers if number})
            .order_by("pk")
        }

    def campaign(self, candidate: Candidate) -> CallingCampaign | None:
        return self.campaigns.get(candidate.campaign_id) if candidate.campaign_id else None

    def number(self, candidate: Candidate) -> Number | None:
        campaign, agent = self.campaign(candidate), self.agents[candidate.agent_id]
        return first_usable((campaign.number if campaign else None, agent.number), agent.location_id)

    def schedules(self, candidate: Candidate) -> tuple[WeeklyHours, ...]:
        campaign, agent = self.campaign(candidate), self.agents[candidate.agent_id]
        hours = (campaign.schedule if campaign else None, agent.schedule)
        return tuple(each for each in hours if each is not None)


def _agents(ids: Collection[int]) -> dict[int, CallingAgent]:
    columns = ", ".join(
        _as_text(f"a.{name}") if name in _JSON_OF_AGENT else f"a.{name}" for name in Speaker._fields
    )
    rows = fetched(
        f"SELECT a.id, a.location_id, {_as_text('a.schedule')}, {_OF_NUMBER}, {columns} FROM voiceagents_agent a "
        f"LEFT JOIN phone_numbers_phonenumber n ON n.id = a.phone_number_id WHERE {among('a.id', 'bigint')}",
        [listed(ids)],
    )
    first = 3 + len(Number._fields)
    return {
        row[0]: CallingAgent(row[1], _schedule(row[2]), _speaker(row[first:]), _number(row[3:first]))
        for row in rows
    }


def _campaigns(ids: Collection[int]) -> dict[int, CallingCampaign]:
    if not ids:
        return {}
    rows = fetched(
        f"SELECT c.id, c.name, c.ends_at, {_as_text('c.schedule')}, t.body, {_OF_NUMBER} FROM dialer_campaign c "
        "LEFT JOIN voiceagents_prompttemplate t ON t.id = c.prompt_template_id "
        f"LEFT JOIN phone_numbers_phonenumber n ON n.id = c.phone_number_id WHERE {among('c.id', 'bigint')}",
        [listed(ids)],
    )
    return {
        pk: CallingCampaign(
            name,
            instant(ends_at),
            _schedule(schedule),
            None if body is None else PromptTemplate(body=body),
            _number(number),
        )
        for pk, name, ends_at, schedule, body, *number in rows
    }


def _as_text(column: str) -> str:
    """JSON as the text that is stored: what it says is read once (below), not with every tick."""
    return f"{column}::text" if is_postgresql() else column


def schedules_of(campaign: Campaign | None, agent: Agent) -> tuple[WeeklyHours, ...]:
    """The schedules that narrow the hours of a call: the campaign's and the agent's, where they have one."""
    written = (campaign.schedule if campaign else None, agent.schedule)
    hours = (_schedule(dumps(schedule, sort_keys=True)) for schedule in written)
    return tuple(each for each in hours if each is not None)


@lru_cache(maxsize=4096)
def _schedule(written: str) -> WeeklyHours | None:
    schedule = loads(written)
    return parse_schedule(schedule) if schedule else None


@lru_cache(maxsize=4096)
def _speaker(row: tuple[Any, ...]) -> Speaker:
    values = dict(zip(Speaker._fields, row, strict=True))
    values |= {name: loads(values[name]) for name in _JSON_OF_AGENT}
    return Speaker(**{**values, "record_calls": bool(values["record_calls"])})


def _number(row: Sequence[Any]) -> Number | None:
    return Number._make(row) if row[0] is not None else None
