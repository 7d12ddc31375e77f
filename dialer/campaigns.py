"""The life of a campaign: launched, loaded, paused, resumed, canceled, finished.

Every change is one conditional UPDATE on the campaign's state, and its count decides: a double click or two people at
once change it once. What follows for the campaign's calls is done in batches, each in a transaction that locks the
campaign's row and looks at its state again, so that a pause and a resume that overlap end as the last one says.
`finish_done`, run every minute, finishes whatever a killed process left half-done.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import jobs, log
from accounts.models import Job, JobState, KycStatus
from compliance import opt_in
from contacts.models import Contact
from dialer import baton, transitions
from dialer.audiences import chosen
from dialer.loading import make_calls
from dialer.models import Call, Campaign, CampaignState
from dialer.numbers import MISSING_PHONE_NUMBER, resolve_number
from dialer.states import WAITING, Disposition, State

logger = structlog.get_logger(__name__)

BATCH = 2000
LOAD = "campaign_load"

log.register("campaign.created", "made the campaign {name}")
log.register("campaign.edited", "changed the campaign {name}")
log.register("campaign.launched", "launched the campaign {name}")
log.register("campaign.paused", "paused the campaign {name}")
log.register("campaign.resumed", "resumed the campaign {name}")
log.register("campaign.canceled", "canceled the campaign {name}; {canceled} planned calls will not be made")
log.register("campaign.finished", "the campaign {name} finished")


class NotLaunched(Exception):  # noqa: N818 (what a person still has to do, not a fault)
    """Why a campaign cannot be launched yet. `problems`: (code, sentence that names what to do) of each."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(sentence for _, sentence in problems))
        self.problems = problems


def audience(campaign: Campaign) -> QuerySet[Contact]:
    """The contacts that the campaign is to call, as its filters choose them now."""
    return chosen(campaign.location, campaign.audience)


def problems(campaign: Campaign, now: datetime) -> list[tuple[str, str]]:
    """What stands between the campaign and its launch: a code and a sentence that says what to do, for each."""
    location, agent = campaign.location, campaign.agent
    found: list[tuple[str, str]] = []
    if agent.archived_at is not None:
        found.append(("agent_archived", f"The agent {agent} is archived. Choose another one."))
    if not agent.goals.strip() and not (campaign.prompt_template and campaign.prompt_template.body.strip()):
        found.append(
            (
                "agent_without_prompt",
                f"The agent {agent} does not know what to say: write its goals, or choose a prompt template.",
            )
        )
    if trouble := opt_in.other_name(agent.business_name, location):
        found.append(("other_business", f"The agent {agent} calls itself “{agent.business_name}”. {trouble}"))
    if not audience(campaign).exists():
        found.append(
            (
                "nobody_to_call",
                "Nobody is chosen: no contact fits the audience. Change it, or import contacts.",
            )
        )
    if not location.outbound_enabled:
        found.append(
            (
                "location_not_enabled",
                "Outbound calls are switched off for this location. An owner or manager can switch them on under "
                "Compliance, Enable outbound calls.",
            )
        )
    if not opt_in.collects(location):
        found.append(
            (
                "no_valid_opt_in_form",
                "No opt-in form of this location has valid consent wording. Write or mend one under Compliance, "
                "Opt-in forms.",
            )
        )
    if location.kyc_status != KycStatus.COMPLETED:
        found.append(
            ("kyc_incomplete", "The check of the business is not completed. Complete it under Compliance.")
        )
    number = resolve_number(campaign, agent)
    if number is None:
        found.append(
            (
                MISSING_PHONE_NUMBER,
                f"No phone number: neither the campaign nor the agent {agent} has one. Choose one on either.",
            )
        )
    elif not number.carrier_sid:
        found.append(
            (
                "number_not_confirmed",
                f"The carrier has not confirmed {number.number} yet. Open it under Phone numbers and ask it now.",
            )
        )
    elif number.account.halted_at is not None:
        found.append(
            (
                "account_halted",
                f"The carrier account {number.account} is halted: {number.account.halt_reason or 'no reason given'} "
                "Mend it and resume the account under Settings.",
            )
        )
    if campaign.ends_at is not None and campaign.ends_at <= now:
        found.append(("already_over", "The campaign's end has passed. Choose a later one."))
    return found


def launch(campaign: Campaign, actor: Any) -> Job | None:
    """Start the campaign: a background job makes its calls, and the first of them may go out while it still works.

    None when it was launched already. Raises NotLaunched, with nothing changed, while something is missing.
    """
    now = timezone.now()
    if found := problems(campaign, now):
        raise NotLaunched(found)
    with transaction.atomic():
        if not _change(campaign, (CampaignState.DRAFT,), CampaignState.LAUNCHING, launched_at=now):
            return None
        log.record(campaign.location, "campaign.launched", actor=actor, subject=campaign, name=campaign.name)
        return _start_loading(campaign, actor)


def _start_loading(campaign: Campaign, actor: Any) -> Job:
    return jobs.start(
        campaign.location,
        LOAD,
        f"Making the calls of {campaign.name}",
        created_by=actor,
        unit="contacts",
        campaign=campaign.code,
    )


def _change(campaign: Campaign, old: tuple[CampaignState, ...], new: CampaignState, **fields: Any) -> bool:
    """Move the campaign from one of the states `old` to `new`; False when it was in none of them."""
    changed = Campaign.objects.filter(pk=campaign.pk, state__in=old).update(state=new, **fields)
    campaign.refresh_from_db(fields=["state", *fields])
    return bool(changed)


@jobs.work(LOAD)
def load(progress: jobs.Progress) -> dict[str, Any]:
    """Make one call for each contact of the audience, in batches; a repeated run makes only those that are missing."""
    campaign = (
        Campaign.objects.select_related("location", "agent", "test_agent")
        .filter(location=progress.job.location, code=progress.job.parameters["campaign"])
        .get()
    )
    done, last = 0, 0
    try:
        progress.advance(0, audience(campaign).count())
        while made := _load_batch(campaign, last):
            last = made[-1]
            done += len(made)
            progress.advance(done, max(done, progress.job.total or 0))
    except jobs.Canceled:
        cancel(campaign, progress.job.created_by)
        raise
    if _change(campaign, (CampaignState.LAUNCHING,), CampaignState.RUNNING):
        finish_if_done(campaign)
        baton.wake()
    return {"calls": done}


def _load_batch(campaign: Campaign, after: int) -> list[int]:
    """Make the calls of the next contacts by primary key, and return these contacts.

    None at the end of the audience, or when the campaign is loading no more.
    """
    with transaction.atomic():
        if not _locked(campaign, CampaignState.LAUNCHING):
            return []
        found = audience(campaign).filter(pk__gt=after).order_by("pk")
        contacts = list(found.values_list("pk", "phone", "is_test")[:BATCH])
        if contacts:
            make_calls(campaign, contacts)
        return [contact for contact, _, _ in contacts]


def _locked(campaign: Campaign, *states: CampaignState) -> bool:
    """Lock the campaign's row for this transaction; whether it is (still) in one of the states."""
    return (
        Campaign.objects.select_for_update(no_key=True)
        .filter(pk=campaign.pk, state__in=states)
        .values("pk")
        .first()
        is not None
    )


def _in_batches(campaign: Campaign, states: tuple[CampaignState, ...], step: Callable[[], int]) -> int:
    """Run `step` in transactions of its own until it finds nothing more or the campaign left the states."""
    total = 0
    while True:
        with transaction.atomic():
            if not _locked(campaign, *states):
                return total
            count = step()
        total += count
        if not count:
            return total


def _waiting(campaign: Campaign) -> QuerySet[Call]:
    return Call.objects.filter(campaign=campaign).waiting()


def _set_held(campaign: Campaign, held: bool) -> Callable[[], int]:
    def step() -> int:
        batch = list(_waiting(campaign).filter(held=not held).values_list("pk", flat=True)[:BATCH])
        return Call.objects.filter(pk__in=batch).waiting().update(held=held) if batch else 0

    return step


def pause(campaign: Campaign, actor: Any) -> bool:
    """Hold every call that waits; those in flight go on to their end. False when it was not running."""
    with transaction.atomic():
        if not _change(campaign, (CampaignState.RUNNING,), CampaignState.PAUSED):
            return False
        log.record(campaign.location, "campaign.paused", actor=actor, subject=campaign, name=campaign.name)
    _in_batches(campaign, (CampaignState.PAUSED,), _set_held(campaign, True))
    return True


def resume(campaign: Campaign, actor: Any) -> bool:
    """Let the held calls go out again, at the pace of the location. False when it was not paused."""
    with transaction.atomic():
        if not _change(campaign, (CampaignState.PAUSED,), CampaignState.RUNNING):
            return False
        log.record(campaign.location, "campaign.resumed", actor=actor, subject=campaign, name=campaign.name)
    _in_batches(campaign, (CampaignState.RUNNING,), _set_held(campaign, False))
    baton.wake()
    return True


def cancel(campaign: Campaign, actor: Any) -> bool:
    """End the campaign: calls that wait are canceled, those in flight go on to their end. False when it was over."""
    over = (CampaignState.LAUNCHING, CampaignState.RUNNING, CampaignState.PAUSED)
    planned = _waiting(campaign).count()
    with transaction.atomic():
        if not _change(campaign, over, CampaignState.CANCELED, finished_at=timezone.now()):
            return False
        log.record(
            campaign.location,
            "campaign.canceled",
            actor=actor,
            subject=campaign,
            name=campaign.name,
            canceled=planned,
        )
    _cancel_waiting(
        campaign, CampaignState.CANCELED, f"Campaign canceled by {actor}" if actor else "Campaign canceled"
    )
    return True


def _cancel_waiting(campaign: Campaign, state: CampaignState, cause: str) -> int:
    def step() -> int:
        batch = list(_waiting(campaign).values_list("pk", flat=True)[:BATCH])
        if not batch:
            return 0
        now = timezone.now()
        moved = transitions.move(
            batch,
            to=State.CANCELED,
            cause=cause,
            at=now,
            from_states=WAITING,
            disposition=Disposition.CANCELED.value,
            ended_at=now,
        )
        return len(moved)

    return _in_batches(campaign, (state,), step)


def finish_if_done(campaign: Campaign) -> bool:
    """Finish the campaign when none of its calls waits or is in flight; past its end, what waits is canceled first."""
    active = (CampaignState.RUNNING, CampaignState.PAUSED)
    now = timezone.now()
    if campaign.ends_at is not None and campaign.ends_at <= now:
        for state in active:
            _cancel_waiting(campaign, state, "The campaign ended before this call could be made")
    elif campaign.state == CampaignState.PAUSED:
        return False
    calls = Call.objects.filter(campaign=campaign)
    if calls.waiting().exists() or calls.live().exists():
        return False
    with transaction.atomic():
        if not _change(campaign, active, CampaignState.FINISHED, finished_at=now):
            return False
        log.record(campaign.location, "campaign.finished", subject=campaign, name=campaign.name)
    return True


def finish_done() -> None:
    """Every minute: finish what is done, complete what a killed process left half-done. Safe to run twice at once."""
    _reload_lost()
    for campaign in Campaign.objects.select_related("location").filter(
        state__in=(CampaignState.RUNNING, CampaignState.PAUSED)
    ):
        if campaign.state == CampaignState.PAUSED:
            _in_batches(campaign, (CampaignState.PAUSED,), _set_held(campaign, True))
        else:
            _in_batches(campaign, (CampaignState.RUNNING,), _set_held(campaign, False))
        finish_if_done(campaign)
    canceled_lately = timezone.now() - timedelta(days=1)
    for campaign in Campaign.objects.filter(state=CampaignState.CANCELED, finished_at__gte=canceled_lately):
        _cancel_waiting(campaign, CampaignState.CANCELED, "Campaign canceled")


def loading_job(campaign: Campaign) -> Job | None:
    """The newest job that makes the campaign's calls."""
    return (
        Job.objects.filter(location_id=campaign.location_id, kind=LOAD, parameters__campaign=campaign.code)
        .order_by("-pk")
        .first()
    )


def _reload_lost() -> None:
    """Start loading again where the job failed or its worker died; calls that exist are not made twice.

    A job that a person canceled takes its campaign along.
    """
    for campaign in Campaign.objects.select_related("location").filter(state=CampaignState.LAUNCHING):
        job = loading_job(campaign)
        if job is not None and jobs.is_alive(job):
            continue
        if job is not None and job.state == JobState.CANCELED:
            cancel(campaign, job.created_by)
            continue
        with transaction.atomic():
            if not _locked(campaign, CampaignState.LAUNCHING):
                continue
            if job is not None and not job.is_over:
                closed = Job.objects.filter(pk=job.pk, state__in=(JobState.WAITING, JobState.RUNNING)).update(
                    state=JobState.FAILED,
                    error="The worker that made the calls was lost. Another one goes on where it stopped.",
                    ended_at=timezone.now(),
                )
                if not closed:
                    continue
            logger.warning("campaign_load_restarted", campaign=campaign.code)
            _start_loading(campaign, job.created_by if job else None)
