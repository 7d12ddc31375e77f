"""The launch forecast: what would become of every contact of a campaign that was launched now.

The same facts, rules and queue as the drain's (dialer.placing), on a virtual clock (dialer.virtual_clock).
What waits in the location already goes before and takes its slots. Not foretold: retries and follow-ups, calls that
other locations place over the same carrier account, calls that somebody adds later, and paused campaigns.
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from json import dumps
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Sum
from django.utils import timezone

from accounts import jobs
from accounts.database import insert_rows
from accounts.models import Job
from compliance import facts as fact_gathering
from compliance import ledger, opt_in
from compliance.models import ConsentEntry, DoNotCallEntry
from compliance.rules import ContactFacts, Facts
from contacts.models import Contact
from dialer.campaigns import audience
from dialer.context import schedules_of
from dialer.models import Call, Campaign, CampaignState, Forecast, ForecastContact, Pace
from dialer.numbers import resolve_number
from dialer.placing import SPACING, account_gap, decide_dial
from dialer.virtual_clock import Account, Result, VirtualQueue
from voiceagents.models import Agent

FORECAST = "launch_forecast"
# Contacts whose facts are asked for together, and fates that are written together.
GATHERED, WRITTEN = 500, 2_000
# The carrier account of a campaign that has no number yet: it holds nobody up.
NO_ACCOUNT = 0
_COLUMNS = ("forecast_id", "contact_id", "result", "at", "reasons")


def start(campaign: Campaign, actor: Any) -> Job | None:
    """Begin a forecast in the background. None when one is being made, or the campaign was launched already."""
    with transaction.atomic():
        drafts = Campaign.objects.select_for_update(no_key=True).filter(
            pk=campaign.pk, state=CampaignState.DRAFT
        )
        if drafts.values("pk").first() is None:
            return None
        running = job_of(campaign)
        if running is not None and jobs.is_alive(running):
            return None
        return jobs.start(
            campaign.location,
            FORECAST,
            f"Forecast of {campaign.name}",
            created_by=actor,
            unit="contacts",
            campaign=campaign.code,
        )


def job_of(campaign: Campaign) -> Job | None:
    """The newest job that makes a forecast of the campaign."""
    return (
        Job.objects.filter(
            location_id=campaign.location_id, kind=FORECAST, parameters__campaign=campaign.code
        )
        .order_by("-pk")
        .first()
    )


def newest(campaign: Campaign) -> Forecast | None:
    """The forecast that was made last, complete."""
    return (
        Forecast.objects.filter(campaign=campaign, made_at__isnull=False)
        .select_related("campaign", "created_by")
        .order_by("-pk")
        .first()
    )


@jobs.work(FORECAST)
def make(progress: jobs.Progress) -> dict[str, Any]:
    """Make the forecast of a campaign and keep it in place of the one before.

    It is written in batches, so that no transaction lasts; until the last is there the forecast counts as not made.
    """
    campaign = (
        Campaign.objects.select_related(
            "location", "agent__phone_number", "test_agent__phone_number", "phone_number"
        )
        .filter(location=progress.job.location, code=progress.job.parameters["campaign"])
        .first()
    )
    if campaign is None:
        raise jobs.JobError("The campaign was deleted, so there is nothing to forecast.")
    if campaign.state != CampaignState.DRAFT:
        raise jobs.JobError("The campaign was launched meanwhile: its page shows what really happens.")
    Forecast.objects.filter(campaign=campaign, made_at=None).delete()
    forecast = Forecast.objects.create(campaign=campaign, created_by=progress.job.created_by)
    try:
        _Making(campaign, forecast, progress).run()
    except BaseException:
        forecast.delete()
        raise
    return {"forecast": forecast.code}


class _Making:
    """One forecast under way: facts into the queue, then the queue's fates into rows and counts."""

    def __init__(self, campaign: Campaign, forecast: Forecast, progress: jobs.Progress) -> None:
        self.campaign, self.forecast, self.progress = campaign, forecast, progress
        self.location, self.now = campaign.location, timezone.now()
        self.basis = basis(campaign)
        self.contacts = array("q")
        self.shared = _shared_numbers(campaign)
        self.accounts: dict[int, Account] = {NO_ACCOUNT: Account(self.now, timedelta())}
        pace = Pace.objects.filter(location=self.location).values_list("next_slot_at", flat=True).first()
        self.queue = VirtualQueue(
            zone=self.location.timezone,
            at=self.now,
            slot_at=pace or self.now,
            spacing=SPACING,
            decide=decide_dial,
            accounts=self.accounts,
        )
        self.knows_dials = False

    def run(self) -> None:
        chosen = audience(self.campaign)
        total = chosen.count()
        self.progress.advance(0, total)
        others = self._add_others()
        for done in self._add_audience(chosen):
            # Half of the work is to read, half to let the virtual clock run.
            self.progress.advance(min(done // 2, total), total)
        self._foretell(others, len(self.contacts))

    def _add_others(self) -> int:
        """What waits in the location already, in the order in which it is called; how many that is."""
        waiting = Call.objects.for_location(self.location).waiting().filter(held=False)
        waiting = waiting.exclude(campaign=self.campaign)
        agents: dict[int, Agent] = {}
        campaigns: dict[int | None, Campaign | None] = {None: None}
        added = 0
        columns = ("pk", "contact_id", "campaign_id", "agent_id", "due_at", "phone")
        for rows in _chunks(waiting, columns):
            agents |= Agent.objects.select_related("phone_number").in_bulk(
                {row[3] for row in rows} - agents.keys()
            )
            campaigns |= Campaign.objects.select_related("phone_number").in_bulk(
                {row[2] for row in rows if row[2]} - campaigns.keys()
            )
            asks = [
                fact_gathering.Ask(pk, contact, schedules_of(campaigns[campaign], agents[agent]))
                for pk, contact, campaign, agent, _, _ in rows
            ]
            found = {row[0]: row for row in rows}
            for pk, facts, changes in self._gathered(asks):
                _, _, campaign_id, agent_id, due, phone = found[pk]
                campaign = campaigns[campaign_id]
                account = self._account(campaign, agents[agent_id])
                if account == NO_ACCOUNT:
                    continue  # Without a number of ours it fails and takes no slot.
                added += 1
                self.queue.add(
                    facts,
                    due=due,
                    account=account,
                    ends_at=campaign.ends_at if campaign else None,
                    changes=changes,
                    shared_phone=phone if phone in self.shared else "",
                    counted=False,
                )
        return added

    def _add_audience(self, chosen: QuerySet[Contact]) -> Iterator[int]:
        """The calls that the launch would make; yields how many contacts were read."""
        campaign = self.campaign
        due = max(self.now, campaign.starts_at or self.now)
        agents = {False: campaign.agent, True: campaign.test_agent or campaign.agent}
        schedules = {test: schedules_of(campaign, agent) for test, agent in agents.items()}
        accounts = {test: self._account(campaign, agent) for test, agent in agents.items()}
        for rows in _chunks(chosen, ("pk", "is_test", "phone")):
            found = {pk: (is_test, phone) for pk, is_test, phone in rows}
            asks = [fact_gathering.Ask(pk, pk, schedules[is_test]) for pk, is_test, _ in rows]
            for pk, facts, changes in self._gathered(asks):
                is_test, phone = found[pk]
                self.contacts.append(pk)
                self.queue.add(
                    facts,
                    due=due,
                    account=accounts[is_test],
                    ends_at=campaign.ends_at,
                    changes=changes,
                    shared_phone=phone if phone in self.shared else "",
                )
            yield len(self.contacts)

    def _gathered(
        self, asks: list[fact_gathering.Ask]
    ) -> Iterator[tuple[int, Facts, tuple[tuple[datetime, ContactFacts], ...]]]:
        """(key, facts, what the facts about the person become, and when) of each ask whose contact is there."""
        found = fact_gathering.gather(asks, self.now)
        later = ledger.expiring([ask.contact_id for ask in asks], self.now)
        for ask in asks:
            facts = found.get(ask.key)
            if facts is None:
                continue
            if not self.knows_dials:
                self.knows_dials = True
                self.queue.dialled_before(facts.location.attempts)
            changes = tuple(
                (instant, fact_gathering.with_standing(facts.contact, standing))
                for instant, standing in later.get(ask.contact_id, ())
            )
            yield ask.key, facts, changes

    def _account(self, campaign: Campaign | None, agent: Agent) -> int:
        number = resolve_number(campaign, agent)
        if number is None:
            return NO_ACCOUNT
        if number.account_id not in self.accounts:
            account = number.account
            self.accounts[account.pk] = Account(account.next_slot_at, account_gap(account, self.now))
        return number.account_id

    def _foretell(self, others: int, total: int) -> None:
        zone = self.location.zone
        called: Counter[tuple[Any, int]] = Counter()
        before: Counter[tuple[Any, int]] = Counter()
        results: Counter[str] = Counter()
        refused: Counter[str] = Counter()
        starts: list[datetime] = []
        rows: list[tuple[Any, ...]] = []
        as_json: dict[tuple[str, ...], str] = {}
        for fate in self.queue.run():
            if fate.result is Result.CALLED:
                local = fate.at.astimezone(zone)
                (called if fate.position >= others else before)[local.date(), local.hour] += 1
            if fate.position < others:
                continue
            results[fate.result] += 1
            if fate.result is Result.CALLED:
                starts = [starts[0] if starts else fate.at, fate.at]
            elif fate.result is Result.REFUSED:
                refused.update(fate.reasons)
            if fate.reasons not in as_json:
                as_json[fate.reasons] = dumps(fate.reasons)
            contact = self.contacts[fate.position - others]
            rows.append((self.forecast.pk, contact, fate.result.value, fate.at, as_json[fate.reasons]))
            if len(rows) == WRITTEN:
                _write(rows)
                rows.clear()
                self.progress.advance(total // 2 + (sum(results.values()) + 1) // 2, total)
        _write(rows)
        hours = called.keys() | self.queue.put_off.keys()
        if called:
            hours |= {hour for hour in before if hour <= max(called)}
        summary = {
            "contacts": total,
            "others": others,
            "results": dict(results),
            "refused": dict(refused),
            "waited": dict(self.queue.waited),
            "put_off": sum(self.queue.put_off.values()),
            "first": starts[0].isoformat() if starts else None,
            "last": starts[1].isoformat() if starts else None,
            "hours": [
                [day.isoformat(), hour, called[day, hour], before[day, hour], self.queue.put_off[day, hour]]
                for day, hour in sorted(hours)
            ],
        }
        self.progress.advance(total, total)
        with transaction.atomic():
            Forecast.objects.filter(campaign=self.campaign).exclude(pk=self.forecast.pk).delete()
            Forecast.objects.filter(pk=self.forecast.pk).update(
                made_at=self.now, basis=self.basis, summary=summary, zone=self.location.timezone
            )


def _write(rows: list[tuple[Any, ...]]) -> None:
    """Keep the fates of those contacts that were not deleted meanwhile."""
    with transaction.atomic():
        there = set(
            Contact.objects.select_for_update(no_key=True)
            .filter(pk__in=[row[1] for row in rows])
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        insert_rows(ForecastContact._meta.db_table, _COLUMNS, [row for row in rows if row[1] in there])


def _chunks(rows: QuerySet[Any], columns: tuple[str, ...]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows by primary key, GATHERED at a time, each time a query of its own."""
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk").values_list(*columns)[:GATHERED]):
        yield found
        last = found[-1][0]


def _shared_numbers(campaign: Campaign) -> set[str]:
    """Numbers to which more than one call of the location would wait after the launch."""
    waiting = (
        Call.objects.for_location(campaign.location).waiting().filter(held=False).exclude(campaign=campaign)
    )
    twice = (
        waiting.values("phone")
        .annotate(calls=Count("pk"))
        .filter(calls__gt=1)
        .values_list("phone", flat=True)
    )
    asked = waiting.filter(phone=OuterRef("phone"))
    return {*twice.order_by(), *audience(campaign).filter(Exists(asked)).values_list("phone", flat=True)}


def basis(campaign: Campaign) -> dict[str, Any]:
    """What a forecast rests on, short enough to be compared: the campaign, its audience, consent, the location."""
    location = campaign.location
    counted = audience(campaign).aggregate(count=Count("pk"), sum=Sum("pk"), newest=Max("updated_at"))
    consent = ConsentEntry.objects.filter(location=location).aggregate(newest=Max("recorded_at"))["newest"]
    entries = DoNotCallEntry.objects.filter(organization=location.organization_id)
    listed = entries.aggregate(newest=Max("added_at"), removed=Count("removed_at"))
    return {
        "audience": [counted["count"], int(counted["sum"] or 0), _iso(counted["newest"])],
        "consent": [_iso(consent), _iso(listed["newest"]), listed["removed"]],
        "campaign": [
            campaign.schedule,
            _iso(campaign.starts_at),
            _iso(campaign.ends_at),
            *([agent.pk, agent.schedule] for agent in (campaign.agent, campaign.test_agent) if agent),
        ],
        "location": [
            location.country,
            location.timezone,
            location.outbound_enabled,
            location.kyc_status,
            opt_in.collects(location),
        ],
    }


CHANGED = {
    "audience": "the audience, or details of its contacts",
    "consent": "consent records or the do-not-call list",
    "campaign": "the campaign's or its agent's hours, its start or its end",
    "location": "whether this location may call",
}


def changed_since(forecast: Forecast, campaign: Campaign) -> list[str]:
    """What of a forecast's basis is different now, in words."""
    now = basis(campaign)
    return [words for key, words in CHANGED.items() if now[key] != forecast.basis.get(key)]


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
