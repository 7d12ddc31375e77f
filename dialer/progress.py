"""How far a campaign is, what is in flight, what the pace allows: figures of its page and of the header's strip."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from accounts.models import Location
from compliance.models import LocationDay
from compliance.rules import LOCATION_DAILY_LIMIT
from compliance.words import Words, words_of
from dialer import baton
from dialer.models import Call, CallQuerySet, Campaign, Pace
from dialer.states import LIVE, WAITING, Disposition, Look, State, look_of
from telephony.models import CarrierAccount
from voiceagents.models import Turn

# Calls in flight that a page shows with their words; the rest are counted.
SHOWN = 12
TURNS_SHOWN = 4


@dataclass
class Progress:
    """Counts of a campaign's calls: by look, and those waiting, in flight and over."""

    looks: Counter[Look] = field(default_factory=Counter)
    waiting: int = 0
    live: int = 0
    canceled: int = 0

    @property
    def total(self) -> int:
        return sum(self.looks.values())

    @property
    def over(self) -> int:
        return self.total - self.waiting - self.live

    @property
    def percent(self) -> int:
        return 100 * self.over // self.total if self.total else 0

    @property
    def connected(self) -> int:
        return self.looks[Look.DONE]

    @property
    def refused(self) -> int:
        return self.looks[Look.REFUSED]

    @property
    def segments(self) -> list[tuple[str, float, float, int]]:
        """(look, where it starts, how wide it is, count) of each part of the progress bar, in per cent."""
        order = [
            Look.DONE, Look.VOICEMAIL, Look.NO_ANSWER, Look.FAILED, Look.REFUSED, Look.TALKING, Look.WAITING,
            Look.PLANNED, Look.CANCELED,
        ]  # fmt: skip
        parts, at = [], 0.0
        for look in order:
            if count := self.looks[look]:
                width = 100 * count / self.total
                parts.append((look.value, round(at, 3), round(width, 3), count))
                at += width
        return parts


def of_campaigns(campaigns: Iterable[Campaign]) -> dict[int, Progress]:
    """The progress of each campaign by primary key, in one query whatever their number."""
    found = {campaign.pk: Progress() for campaign in campaigns}
    rows = (
        Call.objects.counted()
        .filter(campaign__in=list(found))
        .values_list("campaign_id", "state", "disposition")
        .annotate(count=Count("*"))
        .order_by()
    )
    for campaign, state, disposition, count in rows:
        progress = found[campaign]
        progress.looks[look_of(State(state), disposition)] += count
        if state in WAITING:
            progress.waiting += count
        elif state in LIVE:
            progress.live += count
        elif state == State.CANCELED:
            progress.canceled += count
    return found


def in_flight(calls: CallQuerySet) -> list[Call]:
    """The newest calls in flight with their last turns in `last_turns`; two queries."""
    shown = list(
        calls.live().select_related("contact", "agent", "conversation").order_by("-started_at", "-pk")[:SHOWN]
    )
    turns: dict[int, list[Turn]] = {}
    ids = [call.conversation_id for call in shown if call.conversation_id]
    if ids:
        for turn in Turn.objects.filter(conversation_id__in=ids).order_by("conversation_id", "position"):
            turns.setdefault(turn.conversation_id, []).append(turn)
    for call in shown:
        call.last_turns = turns.get(call.conversation_id or 0, [])[-TURNS_SHOWN:]  # type: ignore[attr-defined]
    return shown


@dataclass(frozen=True, slots=True)
class PaceNow:
    """What the pace of a location allows. next_in: seconds to the next possible start; used: calls of its own today."""

    next_in: int
    used: int
    limit: int
    hold: str
    halted: CarrierAccount | None


HOLDS = {
    "location_daily_limit": "Today's 1,000 calls are used; the rest go out tomorrow.",
    "outside_hours": "Nobody who waits may be called at this hour.",
    "account_halted": "The carrier account is halted.",
    "number_refused": "The carrier refuses our number, so nobody is called. Look at it under Phone numbers.",
}


def pace_of(location: Location, now: datetime) -> PaceNow:
    """Three queries: the pace row, today's count, a halted carrier account of the organization."""
    pace = Pace.objects.filter(location=location).first()
    used = (
        LocationDay.objects.filter(location=location, local_date=now.astimezone(location.zone).date())
        .values_list("dialled", flat=True)
        .first()
    )
    halted = CarrierAccount.objects.filter(
        phone_numbers__location=location, phone_numbers__released_at=None, halted_at__isnull=False
    ).first()
    reason = pace.hold_reason if pace else ""
    wait = max((pace.next_slot_at - now).total_seconds(), 0) if pace else 0
    return PaceNow(
        next_in=round(wait),
        used=used or 0,
        limit=LOCATION_DAILY_LIMIT,
        hold=HOLDS.get(reason) or (words_of(reason).explanation if reason else ""),
        halted=halted,
    )


@dataclass(frozen=True, slots=True)
class Why:
    code: str
    words: Words
    count: int


def refusals(calls: QuerySet[Call]) -> list[Why]:
    """Why calls were refused by a rule, most frequent first; a call with two reasons counts for both."""
    return _reasons(calls.filter(disposition=Disposition.REJECTED))


def delays(calls: CallQuerySet) -> list[Why]:
    """Why calls that wait were put off, most frequent first."""
    return _reasons(calls.waiting())


def _reasons(calls: QuerySet[Call]) -> list[Why]:
    counts: Counter[str] = Counter()
    for reasons, count in calls.values_list("reasons").annotate(count=Count("*")).order_by():
        for code in reasons or ():
            counts[code] += count
    return [Why(code, words_of(code), count) for code, count in counts.most_common()]


def next_due(campaign: Campaign) -> datetime | None:
    """The earliest instant at which a waiting call of the campaign is due."""
    return Call.objects.filter(campaign=campaign, held=False).waiting().aggregate(at=Min("due_at"))["at"]


def stopped(calls: CallQuerySet, now: datetime) -> bool:
    """Whether some of the calls are long due while no drain lives to dial them."""
    return baton.is_lost() and calls.waiting().filter(held=False, due_at__lte=now - baton.LOST).exists()


@dataclass(frozen=True, slots=True)
class Strip:
    """The header's live strip: calls in flight, calls due now, the next planned instant, a halted account.

    stopped: calls are long due, and no drain lives to dial them.
    """

    live: int
    due: int
    paused: int
    halted: bool
    stopped: bool
    next_at: datetime | None


def strip_of(location: Location) -> Strip:
    """Four bounded queries, each on its index, and two more while calls are due; the queue is counted to 1,000."""
    now = timezone.now()
    calls = Call.objects.filter(location=location)
    waiting = calls.waiting().filter(held=False)
    due = waiting.filter(due_at__lte=now).order_by()[: LOCATION_DAILY_LIMIT + 1].count()
    next_at = None
    if not due:
        next_at = (
            waiting.filter(due_at__lte=now + timedelta(days=7))
            .order_by("due_at")
            .values_list("due_at", flat=True)
            .first()
        )
    return Strip(
        live=calls.live().count(),
        due=due,
        paused=Campaign.objects.filter(location=location, state="paused").count(),
        halted=CarrierAccount.objects.filter(
            phone_numbers__location=location, phone_numbers__released_at=None, halted_at__isnull=False
        ).exists(),
        stopped=bool(due) and stopped(calls, now),
        next_at=next_at,
    )
