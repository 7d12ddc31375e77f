"""The virtual queue against a simulation that asks the rules for every call at every slot."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance import rules
from compliance.packs import RULE_PACKS
from compliance.rules import ContactFacts, Facts, LocationFacts
from compliance.schedules import parse_schedule
from compliance.zones import place_of
from dialer.placing import SPACING, decide_dial
from dialer.virtual_clock import Account, Fate, Result, VirtualQueue

DENVER = "America/Denver"
ZONES = [
    (DENVER,),
    ("America/New_York",),
    ("Pacific/Honolulu",),
    (DENVER, "America/Los_Angeles"),
    ("Asia/Kolkata",),
]
SCHEDULES = [
    (),
    (parse_schedule({"tz": "contact", "days": {"mon": [["09:00", "09:01"]], "wed": [["12:00", "13:00"]]}}),),
    (parse_schedule({"tz": DENVER, "days": {"tue": [["10:00", "10:00:15"]], "thu": [["08:00", "20:00"]]}}),),
    (parse_schedule({"tz": "contact", "days": {}}),),
]  # fmt: skip
PACKS = [(), (RULE_PACKS["us-fl"],), (RULE_PACKS["us-tx"], RULE_PACKS["us"])]
LOCATION = LocationFacts("US", DENVER, True, "completed")


@dataclass
class Planned:
    facts: Facts
    due: datetime
    account: int
    ends_at: datetime | None
    changes: tuple
    phone: str
    waited: frozenset = frozenset()


def asked_one_by_one(calls, at, slot, accounts, dialled) -> tuple[list[Fate], Counter, Counter]:
    """The same as VirtualQueue, without groups, lines or anything else clever."""
    waiting = dict(enumerate(calls))
    starts: list[tuple[str, datetime]] = []
    fates, waited = [], Counter()
    put_off: Counter = Counter()
    while waiting:
        at = max(at, slot, min(call.due for call in waiting.values()))
        before = (len(waiting), slot, sorted(call.due for call in waiting.values()))
        for position, call in sorted(waiting.items(), key=lambda item: (item[1].due, item[0])):
            if call.due > at:
                continue
            if call.ends_at is not None and call.ends_at <= at:
                fates.append(Fate(position, Result.UNREACHED, call.ends_at, tuple(sorted(call.waited))))
                del waiting[position]
                continue
            if accounts[call.account].free_at > at:
                continue
            contact = [call.facts.contact, *(changed for instant, changed in call.changes if instant <= at)][
                -1
            ]
            attempts = (*dialled, *((instant, 1) for _, instant in starts))
            newest = max((instant for instant, _ in attempts), default=None)
            facts = replace(
                call.facts,
                contact=contact,
                location=replace(call.facts.location, attempts=attempts, last_attempt_at=newest),
                number_attempts=(
                    *call.facts.number_attempts,
                    *(instant for phone, instant in starts if phone == call.phone),
                ),
            )
            verdict = decide_dial(facts, at)
            if verdict.decision == "reject":
                fates.append(Fate(position, Result.REFUSED, at, verdict.reasons))
                del waiting[position]
            elif verdict.decision == "allow":
                fates.append(Fate(position, Result.CALLED, at, tuple(sorted(call.waited))))
                starts.append((call.phone, at))
                del waiting[position]
                slot = at + SPACING
                accounts[call.account].free_at = at + accounts[call.account].gap
                break
            elif set(verdict.reasons) <= {"rate_spacing"}:
                slot = verdict.until
                break
            else:
                local = at.astimezone(ZoneInfo(DENVER))
                put_off[local.date(), local.hour] += 1
                waited.update(set(verdict.reasons) - call.waited)
                call.waited |= set(verdict.reasons)
                call.due = verdict.until
                if "location_daily_limit" in verdict.reasons:
                    slot = datetime.fromisoformat(verdict.evidence["location_daily_limit"]["holds_from"])
                    break
        if waiting and before == (len(waiting), slot, sorted(call.due for call in waiting.values())):
            free = [each.free_at for each in accounts.values() if each.free_at > at]
            at = min([*free, *(call.due for call in waiting.values() if call.due > at)])
    return fates, put_off, waited


seconds = st.integers(-20 * 86400, 3 * 86400).map(lambda n: timedelta(seconds=n))
instants = st.integers(1_772_300_000, 1_774_900_000).map(lambda n: datetime.fromtimestamp(n, UTC))


@st.composite
def planned(draw, at):
    phone = f"+1303555{draw(st.integers(100, 108)):04}"
    place = replace(place_of("+13035550142"), e164=phone, zones=draw(st.sampled_from(ZONES)))
    place = draw(st.sampled_from([place, place, place, place_of("+18005550142"), place_of("+1303")]))
    contact = ContactFacts(place, draw(st.sampled_from([True, True, True, False])), False)
    history = draw(
        st.lists(st.integers(1, 16 * 86400), max_size=3) | st.just([n * 3600 for n in range(1, 14)])
    )
    changes = ()
    if draw(st.integers(0, 4)) == 0:
        changes = ((at + abs(draw(seconds)), replace(contact, opt_in_documented=False)),)
    return Planned(
        Facts(
            replace(LOCATION, schedules=draw(st.sampled_from(SCHEDULES))),
            contact,
            tuple(at - timedelta(seconds=n) for n in sorted(history, reverse=True)),
            draw(st.sampled_from(PACKS)),
        ),
        max(at, at + draw(seconds)),
        draw(st.integers(0, 1)),
        draw(st.none() | seconds.map(lambda n: at + abs(n))),
        changes,
        phone,
    )


@settings(max_examples=100)
@given(st.data(), instants, st.integers(1, 6))
def test_it_foretells_what_asking_for_every_call_at_every_slot_finds(data, at, limit):
    calls = data.draw(st.lists(planned(at), max_size=14))
    dialled = tuple(
        (at - timedelta(seconds=n), 1) for n in data.draw(st.lists(st.integers(0, 90_000), max_size=4))
    )
    slot = at + data.draw(seconds)
    gaps = [timedelta(seconds=n) for n in data.draw(st.tuples(st.integers(0, 3), st.integers(5, 60)))]
    accounts = {n: Account(at, gap) for n, gap in enumerate(gaps)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "LOCATION_DAILY_LIMIT", limit)
        queue = VirtualQueue(
            zone=DENVER, at=at, slot_at=slot, spacing=SPACING, decide=decide_dial,
            accounts={n: replace(account) for n, account in accounts.items()},
        )  # fmt: skip
        queue.dialled_before(dialled)
        numbers = Counter(call.phone for call in calls)
        for call in calls:
            queue.add(
                call.facts, due=call.due, account=call.account, ends_at=call.ends_at, changes=call.changes,
                shared_phone=call.phone if numbers[call.phone] > 1 else "",
            )  # fmt: skip
        found = sorted(queue.run())
        fates, put_off, waited = asked_one_by_one(calls, at, slot, accounts, dialled)
    assert found == sorted(fates)
    assert queue.put_off == put_off
    assert queue.waited == waited
