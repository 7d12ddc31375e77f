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
from voiceagents.models import Agent
from voiceagents.templating import is_certain


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
    greeting: str
    number: Number | None


class CallingCampaign(NamedTuple):
    ends_at: datetime | None
    schedule: WeeklyHours | None
    template: str
    number: Number | None


_OF_NUMBER = ", ".join(f"n.{name}" for name in Number._fields)


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

    def certainly_speakable(self, candidate: Candidate) -> bool:
        """Whether the words of its agent and campaign can be rendered for anybody."""
        campaign = self.campaign(candidate)
        return is_certain(self.agents[candidate.agent_id].greeting) and (
            campaign is None or is_certain(campaign.template)
        )

    def schedules(self, candidate: Candidate) -> tuple[WeeklyHours, ...]:
        campaign, agent = self.campaign(candidate), self.agents[candidate.agent_id]
        hours = (campaign.schedule if campaign else None, agent.schedule)
        return tuple(each for each in hours if each is not None)


def _agents(ids: Collection[int]) -> dict[int, CallingAgent]:
    rows = fetched(
        f"SELECT a.id, a.location_id, {_as_text('a.schedule')}, a.greeting, {_OF_NUMBER} FROM voiceagents_agent a "
        f"LEFT JOIN phone_numbers_phonenumber n ON n.id = a.phone_number_id WHERE {among('a.id', 'bigint')}",
        [listed(ids)],
    )
    return {
        pk: CallingAgent(location_id, _schedule(schedule), greeting, _number(number))
        for pk, location_id, schedule, greeting, *number in rows
    }


def _campaigns(ids: Collection[int]) -> dict[int, CallingCampaign]:
    if not ids:
        return {}
    rows = fetched(
        f"SELECT c.id, c.ends_at, {_as_text('c.schedule')}, t.body, {_OF_NUMBER} FROM dialer_campaign c "
        "LEFT JOIN voiceagents_prompttemplate t ON t.id = c.prompt_template_id "
        f"LEFT JOIN phone_numbers_phonenumber n ON n.id = c.phone_number_id WHERE {among('c.id', 'bigint')}",
        [listed(ids)],
    )
    return {
        pk: CallingCampaign(
            instant(ends_at),
            _schedule(schedule),
            template or "",
            _number(number),
        )
        for pk, ends_at, schedule, template, *number in rows
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


def _number(row: Sequence[Any]) -> Number | None:
    return Number._make(row) if row[0] is not None else None
