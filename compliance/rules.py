"""The mandatory calling rules: facts and an instant in, a verdict out. No Django, no clock, no look-ups.

Each rule is one small function in RULES. A rule that rejects says why the call may not be made at all; a
rule that defers says from when on it holds. Rules do not know of each other, so their order means nothing.
Readings of the guides: rejections come before any deferral; a deferral ends at the earliest instant at
which every rule holds if nothing else is dialled. Dials dated after `now` (a clock that stepped back) count
as dialled: a rule is rather kept twice than broken once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from compliance.packs import RulePack
from compliance.places import INVALID_NUMBER, TYPE_NOT_CALLABLE, NumberPlace, domestic
from compliance.windows import CALLING_HOURS, CONTACT, HORIZON, WeeklyHours, local_day, next_open, open_at

# Version of the rules and of what facts they rest on; stored with every decision.
ENGINE = "9"

SPACING = timedelta(seconds=6)
LOCATION_DAILY_LIMIT = 1000
NUMBER_LIMIT = 14
NUMBER_PERIOD = timedelta(hours=336)
FURTHEST_AHEAD = timedelta(hours=14)
# 47 CFR 64.1200(c)(2)(i)(D): the version of the registry that was checked is at most 31 days old.
LIST_AGE = timedelta(days=31)
LIST_KINDS = ("national", "state", "litigator", "reassigned")

KYC_STATUSES = (
    "not_started", "incomplete", "instant_passed", "provider_review", "completed", "rejected",
    "revalidation_required",
)  # fmt: skip

NO_AVAILABLE_SLOT = "no_available_slot"


@dataclass(frozen=True, slots=True)
class LocationFacts:
    """country: ISO 3166. timezone: IANA name. schedules: each narrows the hours.

    attempts: dials of this location as (instant, how many); at least those of its current local day,
    grouped as the caller likes within that day. last_attempt_at: the start of its newest dial.
    """

    country: str
    timezone: str
    outbound_enabled: bool
    kyc_status: str
    schedules: tuple[WeeklyHours, ...] = ()
    attempts: tuple[tuple[datetime, int], ...] = ()
    last_attempt_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListFact:
    """What an external do-not-call list says of the number. kind: national, state, litigator or reassigned.

    as_of: the date its source gives it; None for a list that is to be checked and that nobody loaded. listed:
    whether the number is on it.
    """

    kind: str
    name: str
    as_of: date | None
    listed: bool


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """place: what the number tells (compliance.zones.place_of, or stored).

    opted_out_at: an opt-out in force, or None. blacklist_risk: of an active do-not-call entry, or None.
    lists: the external lists that concern the number. refused_at: when the person last declined in a call, where a pack
    asks for a pause after that.
    """

    place: NumberPlace
    opt_in_documented: bool
    dnd_voice: bool
    opted_out_at: datetime | None = None
    blacklist_risk: str | None = None
    lists: tuple[ListFact, ...] = ()
    refused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EmergencyFact:
    """A stop of calls that a person declared, from starts_at until ends_at (exclusive), which this call is under.

    where: the US state whose people are not called, "LA"; empty when the location does not call at all.
    """

    where: str
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision rests on.

    number_attempts: dials to this number by anyone, 336 hours back, further where a pack's cap looks further.
    packs: the packs of the country and the states in which the call may be answered (packs.applying).
    emergencies: those that concern this call and are not over, coming ones too.
    """

    location: LocationFacts
    contact: ContactFacts
    number_attempts: tuple[datetime, ...] = ()
    packs: tuple[RulePack, ...] = ()
    emergencies: tuple[EmergencyFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failing rule saw, in plain JSON values; of one that defers, when it will hold (None: never)."""

    evidence: dict[str, Any]
    holds_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """decision: allow, defer or reject. until: of a deferral, in UTC. reasons: codes of all rules that fail.

    evidence: per failing rule, what it saw.
    """

    decision: Literal["allow", "defer", "reject"]
    until: datetime | None = None
    reasons: tuple[str, ...] = ()
    evidence: Mapping[str, dict[str, Any]] = field(default_factory=dict)


Check = Callable[[Facts, datetime, Sequence[RulePack]], Failure | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """by_the_clock: whether it may say something else at another instant."""

    code: str
    kind: Literal["reject", "defer"]
    check: Check
    by_the_clock: bool = True


def location_not_enabled(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    return None if facts.location.outbound_enabled is True else Failure({"outbound_enabled": False})


def kyc_incomplete(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    status = facts.location.kyc_status
    return None if status == "completed" else Failure({"kyc_status": status})


def no_opt_in(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    return None if facts.contact.opt_in_documented is True else Failure({"opt_in_documented": False})


def opted_out(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    when = facts.contact.opted_out_at
    return None if when is None else Failure({"opted_out_at": when.isoformat()})


def dnd_voice(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    return None if facts.contact.dnd_voice is False else Failure({"dnd_voice": True})


def blacklisted(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    risk = facts.contact.blacklist_risk
    return None if risk is None else Failure({"risk": risk})


def on_public_list(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    """Registers yield to the person's own permission to this business (47 CFR 64.1200(c)(2)(ii))."""
    if facts.contact.opt_in_documented is True:
        return None
    return _listed(facts, ("national", "state"))


def known_litigator(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    return _listed(facts, ("litigator",))


def reassigned_number(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    """Consent was given by whoever had the number before."""
    return _listed(facts, ("reassigned",))


def _listed(facts: Facts, kinds: tuple[str, ...]) -> Failure | None:
    for each in facts.contact.lists:
        if each.listed and each.kind in kinds:
            return Failure(
                {"list": each.name, "kind": each.kind, "as_of": each.as_of and each.as_of.isoformat()}
            )
    return None


def list_age(packs: Sequence[RulePack], at: datetime) -> timedelta:
    """How old a do-not-call list may be at `at`: as the strictest of the packs has it, LIST_AGE at most."""
    return min([LIST_AGE, *(pack.list_age for pack in packs if pack.list_age and _in_force(pack, at))])


def list_out_of_date(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    """Every call by an AI counts as marketing, so every call needs the lists of its business to be fresh."""
    if not facts.contact.lists:
        return None
    age = list_age(packs, at)
    for each in facts.contact.lists:
        # By the date of the clock that is furthest ahead on Earth: a day too early rather than an hour too late.
        if each.as_of is not None and (at + FURTHEST_AHEAD).date() > each.as_of + age:
            return Failure({"list": each.name, "as_of": each.as_of.isoformat(), "days": age.days})
    return None


def list_not_loaded(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    """A list that a business set up and never loaded is older than any: not checking it is itself a violation."""
    for each in facts.contact.lists:
        if each.as_of is None:
            return Failure({"list": each.name})
    return None


def invalid_number(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    place = facts.contact.place
    return Failure({"phone": place.e164}) if place.problem == INVALID_NUMBER else None


def number_type_not_callable(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    place = facts.contact.place
    return (
        Failure({"kind": place.kind, "region": place.region}) if place.problem == TYPE_NOT_CALLABLE else None
    )


def not_domestic(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    region, country = facts.contact.place.region, facts.location.country
    if region is None or domestic(region, country):
        return None  # An invalid number has no country to be foreign to; it has its own rule.
    return Failure({"region": region, "country": country})


def number_14_in_14_days(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    if len(facts.number_attempts) < NUMBER_LIMIT:
        return None
    since = at - NUMBER_PERIOD
    dialled = sum(attempt > since for attempt in facts.number_attempts)
    return Failure({"dialled": dialled, "limit": NUMBER_LIMIT}) if dialled >= NUMBER_LIMIT else None


def outside_hours(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    zones = facts.contact.place.zones
    if not zones:
        return None  # A number without a zone is rejected for what it is.
    opens = _all_open(zones, at, (CALLING_HOURS, *(pack.hours for pack in packs)))
    if opens == at:
        return None
    # Named are the packs without which the call could be made earlier: at `at`, or when the product's own hours begin.
    ours = next_open(zones, at) or at
    closed = [pack.name for pack in packs if not open_at(zones, ours, pack.hours)]
    return Failure({"zones": list(zones), "packs": closed}, opens)


def _in_force(pack: RulePack, at: datetime) -> bool:
    # By the date of the clock that is furthest ahead on Earth: a day too early rather than an hour too late.
    return not pack.effective_from or (at + FURTHEST_AHEAD).date() >= pack.effective_from


def pack_call_limit(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    if not facts.number_attempts:
        return None
    holds_from, seen = at, None
    for pack in packs:
        if not _in_force(pack, at):
            continue
        for cap in pack.caps:
            dialled = sorted(attempt for attempt in facts.number_attempts if attempt > at - cap.period)
            if len(dialled) >= cap.calls:
                free = dialled[-cap.calls].astimezone(UTC) + cap.period
                if free > holds_from:
                    hours = cap.period // timedelta(hours=1)
                    holds_from = free
                    seen = {"pack": pack.name, "dialled": len(dialled), "limit": cap.calls, "hours": hours}
    return None if seen is None else Failure(seen, holds_from)


def declined_lately(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    """After a refusal whole days pass, on every clock that the person may have, before the next call."""
    refused_at = facts.contact.refused_at
    if refused_at is None:
        return None
    holds_from, seen = at, None
    for pack in packs:
        if pack.refusal_pause and _in_force(pack, at):
            for zone in facts.contact.place.zones:
                free = local_day(zone, refused_at + pack.refusal_pause)[1]
                if free > holds_from:
                    holds_from = free
                    seen = {
                        "pack": pack.name,
                        "refused_at": refused_at.isoformat(),
                        "days": pack.refusal_pause.days,
                    }
    return None if seen is None else Failure(seen, holds_from)


def emergency(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    """States ban sales calls while an emergency lasts (New York GBL 399-z, Louisiana); a person says when it does."""
    lasting = [each for each in facts.emergencies if each.starts_at <= at < each.ends_at]
    if not lasting:
        return None
    longest = max(lasting, key=lambda each: each.ends_at)
    seen = {"where": longest.where, "reason": longest.reason, "starts_at": longest.starts_at.isoformat()}
    return Failure(seen, longest.ends_at.astimezone(UTC))


def schedule_closed(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    zones = facts.contact.place.zones
    schedules = [each for each in facts.location.schedules if zones or each.zone != CONTACT]
    if not schedules:
        return None
    opens = _all_open(zones, at, schedules)
    return None if opens == at else Failure({"zones": [each.zone for each in schedules]}, opens)


def rate_spacing(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    location = facts.location
    newest = location.last_attempt_at
    for dialled_at, count in location.attempts:
        if count and (newest is None or dialled_at > newest):
            newest = dialled_at
    if newest is None:
        return None
    free = newest.astimezone(UTC) + SPACING
    return None if at >= free else Failure({"last_attempt_at": newest.isoformat()}, free)


def location_daily_limit(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    if not facts.location.attempts:
        return None
    start, end = local_day(facts.location.timezone, at)
    dialled = sum(count for dialled_at, count in facts.location.attempts if start <= dialled_at < end)
    if dialled < LOCATION_DAILY_LIMIT:
        return None
    return Failure({"dialled": dialled, "limit": LOCATION_DAILY_LIMIT}, end)


def number_once_per_day(facts: Facts, at: datetime, packs: Sequence[RulePack]) -> Failure | None:
    if not facts.number_attempts:
        return None
    holds_from, seen = at, None
    for zone in facts.contact.place.zones:
        start, end = local_day(zone, at)
        if end > holds_from:
            for dialled_at in facts.number_attempts:
                if start <= dialled_at < end:
                    holds_from, seen = end, {"dialled_at": dialled_at.isoformat(), "zone": zone}
                    break
    return None if seen is None else Failure(seen, holds_from)


RULES: tuple[Rule, ...] = (
    Rule("location_not_enabled", "reject", location_not_enabled, by_the_clock=False),
    Rule("kyc_incomplete", "reject", kyc_incomplete, by_the_clock=False),
    Rule("no_opt_in", "reject", no_opt_in, by_the_clock=False),
    Rule("opted_out", "reject", opted_out, by_the_clock=False),
    Rule("dnd_voice", "reject", dnd_voice, by_the_clock=False),
    Rule("blacklisted", "reject", blacklisted, by_the_clock=False),
    Rule("on_public_list", "reject", on_public_list, by_the_clock=False),
    Rule("known_litigator", "reject", known_litigator, by_the_clock=False),
    Rule("reassigned_number", "reject", reassigned_number, by_the_clock=False),
    Rule("list_out_of_date", "reject", list_out_of_date),
    Rule("list_not_loaded", "reject", list_not_loaded, by_the_clock=False),
    Rule("invalid_number", "reject", invalid_number, by_the_clock=False),
    Rule("number_type_not_callable", "reject", number_type_not_callable, by_the_clock=False),
    Rule("not_domestic", "reject", not_domestic, by_the_clock=False),
    Rule("number_14_in_14_days", "reject", number_14_in_14_days),
    Rule("outside_hours", "defer", outside_hours),
    Rule("emergency", "defer", emergency),
    Rule("pack_call_limit", "defer", pack_call_limit),
    Rule("declined_lately", "defer", declined_lately),
    Rule("schedule_closed", "defer", schedule_closed),
    Rule("rate_spacing", "defer", rate_spacing),
    Rule("location_daily_limit", "defer", location_daily_limit),
    Rule("number_once_per_day", "defer", number_once_per_day),
)


def decide(facts: Facts, now: datetime, packs: Sequence[RulePack] = ()) -> Verdict:
    """May this call be dialled at `now` (aware)? packs: asked about beside those of the facts.

    Rejects when any rule of that kind fails, or when the hours that must hold together never do
    (no_available_slot). Else defers when any rule fails, until the earliest instant at which all hold; else
    allows.
    """
    now = now.astimezone(UTC)
    packs = (*facts.packs, *packs)
    failures: dict[str, Failure] = {}
    rejected = late = False
    for rule in RULES:
        failure = rule.check(facts, now, packs)
        if failure is not None:
            failures[rule.code] = failure
            if rule.kind == "reject":
                rejected = True
            else:
                late = True
    if not failures:
        return ALLOWED
    until = _earliest(facts, now, packs) if late else None
    if late and until is None:
        rejected = True
        failures[NO_AVAILABLE_SLOT] = Failure({"searched_days": HORIZON.days})
    evidence = {code: _evidence(failure) for code, failure in failures.items()}
    if rejected:
        return Verdict("reject", None, tuple(failures), evidence)
    return Verdict("defer", until, tuple(failures), evidence)


ALLOWED = Verdict("allow")
_BY_THE_CLOCK = tuple(rule.check for rule in RULES if rule.by_the_clock)


def decide_throughout(facts: Facts, at: datetime, within: timedelta) -> Verdict:
    """The verdict for a dial that leaves at `at`, or up to `within` later: the rules must hold all that time."""
    verdict = decide(facts, at)
    if verdict.decision != "allow" or not within:
        return verdict
    later = at.astimezone(UTC) + within
    # Rules that look at no clock say the same again.
    for check in _BY_THE_CLOCK:
        if check(facts, later, facts.packs) is not None:
            return decide(facts, later)
    return verdict


def findings(facts: Facts, at: datetime) -> list[tuple[str, Failure | None]]:
    """What every single rule says at `at`: its code, and what it saw when it fails."""
    at = at.astimezone(UTC)
    return [(rule.code, rule.check(facts, at, facts.packs)) for rule in RULES]


def _evidence(failure: Failure) -> dict[str, Any]:
    if failure.holds_from is None:
        return failure.evidence
    return {**failure.evidence, "holds_from": failure.holds_from.isoformat()}


def _earliest(facts: Facts, now: datetime, packs: Sequence[RulePack]) -> datetime | None:
    """The earliest instant from `now` on at which every deferring rule holds; None when not within HORIZON.

    Each rule moves the instant to the earliest it could itself accept. No instant before that can satisfy
    all, so the first one that no rule moves any more is the answer.
    """
    at, moved = now, True
    while moved:
        moved = False
        for rule in RULES:
            if rule.kind == "defer" and (failure := rule.check(facts, at, packs)) is not None:
                if failure.holds_from is None or failure.holds_from > now + HORIZON:
                    return None
                at, moved = failure.holds_from, True
    return at


def _all_open(zones: tuple[str, ...], at: datetime, all_hours: Sequence[WeeklyHours]) -> datetime | None:
    """The earliest instant from `at` on at which all of `all_hours` hold."""
    start, moved = at, True
    while moved:
        moved = False
        for hours in all_hours:
            opens = next_open(zones, start, hours)
            if opens is None or opens > at + HORIZON:
                return None
            if opens > start:
                start, moved = opens, True
    return start
