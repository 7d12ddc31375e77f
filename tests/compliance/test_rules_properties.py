"""What must hold of the rules for any facts whatever."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from compliance import rules
from compliance.rules import ContactFacts, EmergencyFact, Facts, LocationFacts, decide, decide_throughout
from compliance.schedules import DAYS, parse_schedule
from compliance.zones import place_of
from tests.compliance.test_windows import ODD_ZONES, any_instant, schedules

PLACE = place_of("+13035550142")
HOUR = timedelta(hours=1)


@st.composite
def histories(draw, now: datetime):
    """Dials around `now`, most of them before it."""
    away = st.integers(-40 * 3600, 3600).map(lambda seconds: now + timedelta(seconds=seconds))
    location = draw(st.lists(st.tuples(away, st.sampled_from([1, 7, 500, 1000])), max_size=4))
    number = draw(st.lists(st.integers(-30 * 86400, 3600), max_size=15))
    last = draw(st.none() | st.integers(-8, 2).map(lambda seconds: now + timedelta(seconds=seconds)))
    return tuple(location), tuple(now + timedelta(seconds=seconds) for seconds in number), last


@st.composite
def emergencies(draw, now: datetime):
    """Mostly none; else around `now`, some over and some to come."""
    spans = draw(st.just([]) | st.lists(st.tuples(st.integers(-99, 99), st.integers(1, 99)), max_size=2))
    return tuple(
        EmergencyFact("", now + start * HOUR, now + (start + length) * HOUR, "Flood")
        for start, length in spans
    )


@st.composite
def lawful_facts(draw):
    """Facts of which only the clock and the history can forbid a call, and an instant."""
    now = draw(any_instant)
    location_attempts, number_attempts, last = draw(histories(now))
    zones = tuple(sorted(draw(st.lists(st.sampled_from(ODD_ZONES), min_size=1, max_size=2, unique=True))))
    schedule = draw(st.none() | schedules)
    location = LocationFacts(
        "US", draw(st.sampled_from(ODD_ZONES)), True, "completed",
        () if schedule is None else (parse_schedule(schedule),), location_attempts, last,
    )  # fmt: skip
    contact = ContactFacts(replace(PLACE, zones=zones), True, False)
    return Facts(location, contact, number_attempts, emergencies=draw(emergencies(now))), now


@given(lawful_facts())
def test_what_is_allowed_is_between_8_and_20_on_every_clock(case):
    facts, now = case
    verdict = decide(facts, now)
    at = now if verdict.decision == "allow" else verdict.until
    if at is not None:
        assert all(8 <= at.astimezone(ZoneInfo(zone)).hour < 20 for zone in facts.contact.place.zones)


@given(lawful_facts(), st.timedeltas(timedelta(0), 30 * HOUR), st.booleans())
def test_what_holds_throughout_holds_at_both_ends(case, within, opted_in):
    facts, at = case
    facts = replace(facts, contact=replace(facts.contact, opt_in_documented=opted_in))
    first, last = decide(facts, at), decide(facts, at + within)
    assert decide_throughout(facts, at, within) == (last if first.decision == "allow" else first)


@given(lawful_facts(), st.timedeltas(timedelta(0), 999 * HOUR))
def test_a_rule_that_looks_at_no_clock_says_the_same_at_any_instant(case, later):
    facts, at = case
    for rule in rules.RULES:
        if not rule.by_the_clock:
            assert rule.check(facts, at, facts.packs) == rule.check(facts, at + later, facts.packs)


@given(lawful_facts())
def test_an_allowed_call_breaks_no_count(case):
    facts, at = case
    verdict = decide(facts, at)
    now = verdict.until if verdict.decision == "defer" else at
    assume(verdict.decision != "reject")
    location, zone = facts.location, ZoneInfo(facts.location.timezone)
    today = now.astimezone(zone).date()
    assert sum(count for at, count in location.attempts if at.astimezone(zone).date() == today) < 1000
    starts = [at for at, _ in location.attempts] + (
        [location.last_attempt_at] if location.last_attempt_at else []
    )
    assert all(now - start >= timedelta(seconds=6) for start in starts)
    assert sum(now - 336 * HOUR < at for at in facts.number_attempts) < 14
    for name in facts.contact.place.zones:
        clock = ZoneInfo(name)
        assert all(
            at.astimezone(clock).date() != now.astimezone(clock).date() for at in facts.number_attempts
        )


@given(lawful_facts())
def test_a_deferred_call_is_allowed_at_its_instant_with_the_same_facts(case):
    facts, now = case
    verdict = decide(facts, now)
    assume(verdict.decision == "defer")
    assert verdict.until > now
    assert decide(facts, verdict.until).decision == "allow"


@given(lawful_facts(), st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=20))
def test_nothing_earlier_than_the_deferral_is_allowed(case, samples):
    facts, now = case
    verdict = decide(facts, now)
    assume(verdict.decision == "defer")
    wait = verdict.until - now
    earlier = [now + wait * sample for sample in samples]
    earlier += [verdict.until - timedelta(microseconds=1), verdict.until - timedelta(seconds=1)]
    minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    while minute < verdict.until and len(earlier) < 300:
        earlier.append(minute)
        minute += timedelta(minutes=7)
    for at in earlier:
        if now <= at < verdict.until:
            assert decide(facts, at).decision != "allow"


night_clocks = (
    st.sampled_from(["00:00", "03:30", "06:15", "08:00"]),
    st.sampled_from(["20:00", "22:45", "24:00"]),
)


@settings(max_examples=25)
@given(lawful_facts(), st.dictionaries(st.sampled_from(DAYS), st.tuples(*night_clocks)))
def test_a_schedule_of_nights_only_has_no_slot(case, nights):
    facts, now = case
    days = {
        day: [span for span in (["00:00", morning], [evening, "24:00"]) if span[0] != span[1]]
        for day, (morning, evening) in nights.items()
    }
    schedule = parse_schedule({"tz": "contact", "days": days})
    facts = replace(facts, location=replace(facts.location, schedules=(schedule,)))
    verdict = decide(facts, now)
    assert verdict.decision == "reject"
    assert "no_available_slot" in verdict.reasons
    for hours in range(0, 24 * 2, 7):
        assert decide(facts, now + hours * HOUR).decision == "reject"


@given(lawful_facts(), st.randoms(use_true_random=False))
def test_the_order_of_the_rules_means_nothing(case, chance: random.Random):
    facts, now = case
    verdict = decide(facts, now)
    table = rules.RULES
    try:
        rules.RULES = tuple(chance.sample(table, len(table)))
        shuffled = decide(facts, now)
    finally:
        rules.RULES = table
    assert (shuffled.decision, shuffled.until) == (verdict.decision, verdict.until)
    assert set(shuffled.reasons) == set(verdict.reasons)


@given(lawful_facts(), schedules)
def test_a_schedule_never_allows_more(case, schedule):
    facts, now = case
    without = replace(facts, location=replace(facts.location, schedules=()))
    narrowed = replace(facts, location=replace(facts.location, schedules=(parse_schedule(schedule),)))
    before, after = decide(without, now), decide(narrowed, now)
    if after.decision == "allow":
        assert before.decision == "allow"
    if before.decision == "defer" and after.decision == "defer":
        assert after.until >= before.until
    assert set(before.reasons) <= set(after.reasons)


@given(lawful_facts(), any_instant, st.integers(1, 99))
def test_one_more_emergency_never_allows_more(case, start, hours):
    facts, now = case
    more = EmergencyFact("CO", start, start + hours * HOUR, "Flood")
    verdict = decide(replace(facts, emergencies=(*facts.emergencies, more)), now)
    assert verdict.decision != "allow" or not start <= now < start + hours * HOUR
    if verdict.decision == "allow":
        assert decide(facts, now).decision == "allow"


@given(lawful_facts(), any_instant)
def test_one_more_dial_never_allows_more(case, dialled_at):
    facts, now = case
    more = replace(facts, number_attempts=(*facts.number_attempts, dialled_at))
    if decide(more, now).decision == "allow":
        assert decide(facts, now).decision == "allow"


@given(
    lawful_facts(),
    st.fixed_dictionaries({
        "outbound_enabled": st.booleans(), "kyc_status": st.sampled_from(rules.KYC_STATUSES),
        "opt_in_documented": st.booleans(), "dnd_voice": st.booleans(),
        "opted_out": st.booleans(), "blacklist_risk": st.sampled_from([None, "high", "medium", "low"]),
    }),
)  # fmt: skip
def test_no_clock_or_history_lifts_a_rejection(case, switches):
    facts, now = case
    expected = {
        code
        for code, fails in {
            "location_not_enabled": not switches["outbound_enabled"],
            "kyc_incomplete": switches["kyc_status"] != "completed",
            "no_opt_in": not switches["opt_in_documented"],
            "dnd_voice": switches["dnd_voice"],
            "opted_out": switches["opted_out"],
            "blacklisted": switches["blacklist_risk"] is not None,
        }.items()
        if fails
    }
    location = replace(
        facts.location, outbound_enabled=switches["outbound_enabled"], kyc_status=switches["kyc_status"]
    )
    contact = replace(
        facts.contact, opt_in_documented=switches["opt_in_documented"], dnd_voice=switches["dnd_voice"],
        opted_out_at=now if switches["opted_out"] else None, blacklist_risk=switches["blacklist_risk"],
    )  # fmt: skip
    verdict = decide(replace(facts, location=location, contact=contact), now)
    assert set(verdict.reasons) == expected | set(decide(facts, now).reasons)
    if expected:
        assert verdict.decision == "reject"
