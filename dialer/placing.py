"""One tick of the drain: claim, gather facts, decide, reserve and record in one transaction; dial after it.

What happens if it dies: before the commit nothing happened at all. After the commit the attempt stands as reserved and
its number counts as called; whether a phone rang is found out by callback or by asking the carrier (dialer.reconcile),
and the dial is never repeated.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.utils.timezone import now as clock

from accounts.database import by_index, pipelined
from accounts.fields import new_token
from compliance import facts as fact_gathering
from compliance.rules import Facts, Verdict, decide_throughout
from dialer import briefing
from dialer.briefing import Dialled
from dialer.claim import Candidate, claim
from dialer.context import Context
from dialer.models import Call
from dialer.records import SEND_WITHIN, Allowed, Decided, TakenError, Work, Writing
from dialer.seats import SPACING_SECONDS, STRAY_SECONDS
from telephony.client import TIMEOUT_SECONDS, Order
from telephony.models import CarrierAccount

# Slots are claimed this long before they open, so that the dial itself leaves on time.
LOOK_AHEAD = timedelta(milliseconds=250)
# Between two starts of a location, from the answer to the first one, which is later than its arrival at the carrier.
SPACING = timedelta(seconds=SPACING_SECONDS)
STRAY = timedelta(seconds=STRAY_SECONDS)
# Until the answer is written down the location starts nothing: the dial may reach the carrier as late as this.
IN_FLIGHT = SEND_WITHIN + timedelta(seconds=TIMEOUT_SECONDS) + SPACING
MOST_CALLS_EACH = 32
# So many calls are decided while PostgreSQL writes down those before them: what is the first and the last has nothing
# beside it.
PORTION = 100
TAKEN_RECHECK = timedelta(minutes=5)
HALTED_RECHECK = timedelta(seconds=60)
# An account that was asked for fewer requests is twice as fast again after each so long a time without being asked.
FASTER_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant on both clocks: what is decided at it holds, whatever the clock is set to meanwhile."""

    now: datetime = field(default_factory=clock)
    monotonic: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class Tick:
    """What a tick did. orders: dials to be made, each at its instant. moment: when it was decided.

    left_more: whether another tick at once would find more: locations that it did not get to, or whose call was refused
    and whose slot is open for the next.
    """

    orders: list[tuple[datetime, Order]] = field(default_factory=list)
    decided: int = 0
    moment: Moment = field(default_factory=Moment)
    left_more: bool = False

    def dials(self) -> Iterator[tuple[float, Order]]:
        """The orders with their instants on the monotonic clock: a clock set since moves none of them."""
        for at, order in self.orders:
            yield self.moment.monotonic + (at - self.moment.now).total_seconds(), order


def tick(moment: Moment | None = None, *, locations: int = 1000, calls_each: int = 8) -> Tick:
    """Decide what is due at the moment, or now, and reserve what is allowed.

    The returned orders are committed and must be sent once.
    """
    taken: set[int] = set()
    while True:
        try:
            with transaction.atomic():
                # A number that another location took in this very moment: its call is decided anew, with that dial
                # among its facts.
                Call.objects.waiting().filter(pk__in=taken).update(due_at=clock() + TAKEN_RECHECK)
                return _tick(moment or Moment(), locations, calls_each)
        except TakenError as error:
            taken = error.keys


def _tick(moment: Moment, locations: int, calls_each: int) -> Tick:
    done, now = Tick(moment=moment), moment.now
    horizon = now + LOOK_AHEAD
    by_index()
    candidates = claim(now, horizon, locations=locations, calls_each=calls_each)
    if not candidates:
        return done
    numbers_taken: set[str] = set()
    with pipelined():
        context = Context(candidates)
        asks = [
            fact_gathering.Ask(candidate.id, candidate.contact_id, context.schedules(candidate))
            for candidate in candidates
        ]
        found = fact_gathering.gather(asks, horizon)
        claimed = len({candidate.location_id for candidate in candidates})
        writing, done.left_more = Writing(claimed, now), claimed >= locations
        # While PostgreSQL writes one portion, the next is decided here.
        for portion in _portions(candidates):
            work = _decide_all(portion, found, context, numbers_taken, now, horizon)
            _refuse_unspeakable(work, context)
            writing.write(work)
            done.orders += [_order(allowed, context) for allowed in work.allowed]
            done.decided += len(work.decided)
            done.left_more |= len(work.decided) > len(work.allowed) or bool(
                work.ended or work.without_number or work.unspeakable
            )
        writing.finish(context.accounts.values())
    return done


def _portions(candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """A hundred candidates at a time; a location's stay together."""
    portion: list[Candidate] = []
    for _, of_location in groupby(candidates, attrgetter("location_id")):
        portion += of_location
        if len(portion) >= PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def calls_each_after(done: Tick, calls_each: int) -> int:
    """How many calls of each location the next tick looks at: as many as it took to fill a slot this time.

    Facts gathered for a call behind the one that takes the slot are wasted; too few cost a tick more after a refusal.
    """
    if not done.orders:
        return min(2 * calls_each, MOST_CALLS_EACH) if done.decided else 1
    return min(-(-done.decided // len(done.orders)), MOST_CALLS_EACH)


def account_gap(account: CarrierAccount, at: datetime) -> timedelta:
    """Between two starts of a carrier account: twice as much for each time that its pace stands halved."""
    return timedelta(seconds=float(2 ** halvings(account, at) / account.calls_per_second))


def halvings(account: CarrierAccount, at: datetime) -> int:
    """How often the account's pace is halved at an instant; each is given back after FASTER_AFTER."""
    if account.slowed_at is None:
        return 0
    return max(0, account.slowed - int((at - account.slowed_at) / FASTER_AFTER))


def _decide_all(
    candidates: Sequence[Candidate],
    found: dict[int, Facts],
    context: Context,
    numbers_taken: set[str],
    now: datetime,
    horizon: datetime,
) -> Work:
    """Go through each location's calls until one takes the slot; rejected and deferred ones cost no slot."""
    work = Work()
    for candidate in candidates:
        if candidate.location_id in work.slots or candidate.id not in found:
            continue
        campaign, number = context.campaign(candidate), context.number(candidate)
        if campaign is not None and campaign.ends_at is not None and campaign.ends_at <= now:
            work.ended.append(candidate)
            continue
        if number is None:
            work.without_number.append(candidate)
            continue
        account = context.accounts[number.account_id]
        at = max(now, candidate.slot_at, account.next_slot_at)
        if account.halted_at is not None:
            work.slots[candidate.location_id] = (now + HALTED_RECHECK, "account_halted")
            continue
        if at > horizon or candidate.phone in numbers_taken:
            continue
        facts = found[candidate.id]
        verdict = decide_dial(facts, at)
        if verdict.decision == "defer" and set(verdict.reasons) <= {"rate_spacing"}:
            assert verdict.until is not None
            work.slots[candidate.location_id] = (verdict.until, "")
            continue
        work.decided.append(Decided(candidate, verdict, at, facts))
        if verdict.decision == "reject":
            work.rejected.append((candidate, verdict))
        elif verdict.decision == "defer":
            work.deferred.append((candidate, verdict))
            if "location_daily_limit" in verdict.reasons:
                # Everybody else in the queue would hear the same until the location's midnight.
                until = datetime.fromisoformat(verdict.evidence["location_daily_limit"]["holds_from"])
                work.slots[candidate.location_id] = (until, "location_daily_limit")
        else:
            numbers_taken.add(candidate.phone)
            account.next_slot_at = at + account_gap(account, at)
            work.slots[candidate.location_id] = (at + IN_FLIGHT, "")
            work.allowed.append(Allowed(candidate, at, facts, number, new_token()))
    return work


def decide_dial(facts: Facts, at: datetime) -> Verdict:
    """The verdict for a dial that leaves at `at`, or up to SEND_WITHIN later: the rules must hold all that time."""
    return decide_throughout(facts, at, SEND_WITHIN)


def _refuse_unspeakable(work: Work, context: Context) -> None:
    """A template that cannot be rendered fails its call: nothing is reserved, and nothing was decided about a dial."""
    doubtful = {
        allowed.candidate.id: Dialled(
            allowed.number,
            context.accounts[allowed.number.account_id].account_sid,
            allowed.facts.contact.place.zones[0],
        )
        for allowed in work.allowed
        if not context.certainly_speakable(allowed.candidate)
    }
    if not doubtful:
        return
    faults, allowed_all = briefing.faults(doubtful), work.allowed
    work.allowed = []
    work.decided = [each for each in work.decided if each.candidate.id not in faults]
    for allowed in allowed_all:
        candidate = allowed.candidate
        if candidate.id in faults:
            work.unspeakable.append((candidate, faults[candidate.id]))
            # Nothing is dialled, so the slot is still the location's.
            work.slots[candidate.location_id] = (allowed.at, "")
        else:
            work.allowed.append(allowed)


def _order(allowed: Allowed, context: Context) -> tuple[datetime, Order]:
    return (
        allowed.at,
        Order(
            account=context.accounts[allowed.number.account_id],
            location_id=allowed.candidate.location_id,
            token=allowed.token,
            to=allowed.candidate.phone,
            from_number=allowed.number.number,
        ),
    )
