"""Rule packs: what the files say, which of them hold for a number, and that they only ever narrow."""

import io
import json
import random
import re
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import dateutil.easter as church
import holidays
import pytest
import pytz
from django.core.management import call_command
from hypothesis import assume, given
from hypothesis import strategies as st
from phonenumbers.phonemetadata import PhoneMetadata

from compliance import facts as fact_gathering
from compliance import refusals
from compliance.management.commands.decide import read_packs
from compliance.models import NumberDay, Refusal
from compliance.packs import RULE_PACKS, PackHours, calendars, load, parse_pack
from compliance.packs.applying import AREA_CODES, STATES, clocks_of, packs_for, state_names, with_known_state
from compliance.rules import ContactFacts, Facts, LocationFacts, decide
from compliance.stored_facts import as_json, facts_of
from compliance.words import REASONS
from compliance.zones import place_of
from tests import factories
from tests.compliance import second_opinion
from tests.compliance.second_opinion import zones_of_state
from tests.compliance.test_rules_properties import lawful_facts
from tests.compliance.test_windows import any_instant

FILE = {
    "title": "Nowhere", "law": "An act", "source": "A book", "paraphrase": "Nine to five.", "mark": "S",
    "checked_on": date(2026, 11, 20), "effective_from": date(2026, 1, 1),
    "hours": {"mon-sun": [["09:00", "17:00"]]},
}  # fmt: skip
HOUR = timedelta(hours=1)
WITHOUT_A_QUOTE = {"au", "us-il", "us-la", "us-mn", "us-tx"}

some_packs = st.lists(st.sampled_from(sorted(RULE_PACKS)), max_size=4).map(
    lambda names: tuple(RULE_PACKS[name] for name in names)
)


def facts_for(phone: str, country: str = "US", attempts: tuple[datetime, ...] = ()) -> Facts:
    place = place_of(phone)
    location = LocationFacts(country, place.zones[0], True, "completed")
    return Facts(location, ContactFacts(place, True, False), attempts, packs_for(country, place))


def local(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("phone", "country", "at", "until"),
    [
        ("+18605550142", "US", "2026-11-24T08:59:59", "2026-11-24T09:00"),  # Connecticut
        ("+15125550142", "US", "2026-11-24T08:30", "2026-11-24T09:00"),  # Texas
        ("+15125550142", "US", "2026-11-22T09:00", "2026-11-22T12:00"),  # Texas on a Sunday
        ("+16055550142", "US", "2026-11-28T10:00", "2026-11-30T09:00"),  # South Dakota over a weekend
        ("+15045550142", "US", "2026-02-17T12:00", "2026-02-18T08:00"),  # Louisiana at Mardi Gras
        ("+15045550142", "US", "2026-11-27T12:00", "2026-11-28T08:00"),  # and on Acadian Day
        ("+18015550142", "US", "2026-07-24T12:00", "2026-07-25T08:00"),  # Utah on Pioneer Day
        ("+14025550142", "US", "2026-12-25T08:30", "2026-12-25T13:00"),  # Nebraska at Christmas
        ("+12155550142", "US", "2027-03-26T12:00", "2027-03-27T09:00"),  # Pennsylvania on Good Friday
        ("+12155550142", "US", "2026-10-24T19:00", "2026-10-26T09:00"),  # and on a Saturday evening
        ("+12075550142", "US", "2026-11-25T08:59:59", "2026-11-25T09:00"),  # Maine
        ("+12075550142", "US", "2026-11-27T17:00", "2026-11-30T09:00"),  # Maine over a weekend
        ("+14015550142", "US", "2026-11-28T17:00", "2026-11-30T09:00"),  # Rhode Island on a Saturday
        ("+14165550142", "CA", "2026-11-28T18:00", "2026-11-29T10:00"),
        ("+34912345678", "ES", "2026-12-05T12:00", "2026-12-09T09:00"),  # 7 and 8 December are holidays
        ("+33142345678", "FR", "2026-11-24T13:00", "2026-11-24T14:00"),
        ("+61255509950", "AU", "2026-11-28T17:00", "2026-11-30T09:00"),
        ("+61255509950", "AU", "2027-01-26T12:00", "2027-01-27T09:00"),
    ],
)
def test_a_call_waits_for_the_hours_of_its_state_or_country(phone, country, at, until):
    facts = facts_for(phone, country)
    zone = facts.contact.place.zones[-1]
    place = replace(facts.contact.place, zones=(zone,))
    facts = replace(facts, contact=replace(facts.contact, place=place))
    verdict = decide(facts, local(zone, at))
    assert (verdict.decision, verdict.reasons) == ("defer", ("outside_hours",))
    assert verdict.until == local(zone, until)
    assert verdict.evidence["outside_hours"]["packs"] == [facts.packs[-1].name]


@pytest.mark.parametrize(
    ("phone", "at", "named"),
    [
        ("+13035550142", "2026-11-24T22:00", []),  # Colorado: 8 to 21, which the product narrows itself
        ("+13055550142", "2026-11-24T07:00", []),  # Florida keeps the product's hours
        ("+15125550142", "2026-11-24T22:00", ["us-tx"]),  # Texas opens an hour after us
        ("+14015550142", "2026-11-28T18:30", ["us-ri"]),
        ("+14015550142", "2026-11-28T22:00", ["us-ri"]),  # not on a Sunday either
        ("+14025550142", "2026-11-24T21:30", []),  # Nebraska on a weekday
    ],
)
def test_only_packs_that_put_a_call_off_beyond_our_own_hours_are_named(phone, at, named):
    facts = facts_for(phone)
    zone = facts.contact.place.zones[0]
    place = replace(facts.contact.place, zones=(zone,))
    verdict = decide(replace(facts, contact=replace(facts.contact, place=place)), local(zone, at))
    assert verdict.evidence["outside_hours"]["packs"] == named


def test_mississippi_counts_central_time_even_for_a_person_elsewhere():
    facts = facts_for("+16015550142")
    denver = replace(facts.contact.place, zones=("America/Denver",))
    facts = replace(facts, contact=replace(facts.contact, place=denver))
    assert decide(facts, local("America/Denver", "2026-11-24T18:59")).decision == "allow"
    assert decide(facts, local("America/Denver", "2026-11-24T19:00")).until == local(
        "America/Denver", "2026-11-25T08:00"
    )


def test_a_new_year_observed_in_december_is_closed():
    assert RULE_PACKS["us-la"].hours.on(date(2027, 12, 31)) == ()


def test_a_pack_has_no_effect_before_the_local_date_it_is_applied_from():
    pack = parse_pack(
        "us-xx", {**FILE, "effective_from": date(2026, 12, 1), "caps": [{"calls": 1, "hours": 48}]}
    )
    facts = replace(facts_for("+13035550142"), packs=(pack,))
    zone = "America/Denver"
    assert decide(facts, local(zone, "2026-11-30T19:00")).decision == "allow"
    assert decide(facts, local(zone, "2026-12-01T08:00")).until == local(zone, "2026-12-01T09:00")
    dialled = replace(facts, number_attempts=(local(zone, "2026-11-27T19:00"),))
    assert decide(dialled, local(zone, "2026-11-28T19:00")).decision == "allow"


def test_pennsylvania_closes_its_sundays_from_the_90th_day_after_the_act_of_2026():
    facts = facts_for("+12155550142")
    assert decide(facts, local("America/New_York", "2026-10-11T12:00")).decision == "allow"
    assert decide(facts, local("America/New_York", "2026-10-17T19:59")).decision == "allow"
    closed = decide(facts, local("America/New_York", "2026-10-18T12:00"))
    assert closed.until == local("America/New_York", "2026-10-19T09:00")


def test_the_fifth_call_to_france_in_30_days_waits_for_the_first_to_be_30_days_ago():
    paris, now = "Europe/Paris", local("Europe/Paris", "2026-11-24T15:00")
    dials = tuple(now - timedelta(days=days) for days in (31, 29, 20, 10, 1))
    assert decide(facts_for("+33142345678", "FR", dials[:4]), now).decision == "allow"
    verdict = decide(facts_for("+33142345678", "FR", dials), now)
    assert (verdict.decision, verdict.reasons) == ("defer", ("pack_call_limit",))
    assert verdict.until == local(paris, "2026-11-25T15:00")
    assert verdict.evidence["pack_call_limit"]["limit"] == 4
    assert "pack_call_limit" in REASONS


@pytest.mark.django_db
def test_whoever_declined_in_france_is_left_in_peace_for_60_whole_days():
    paris = factories.LocationFactory(country="FR", timezone="Europe/Paris")
    contact = factories.ContactFactory(
        location=paris, phone="+33142345678", region="FR", zones="Europe/Paris"
    )
    sister = factories.ContactFactory(
        location=factories.LocationFactory(
            country="FR", timezone="Europe/Paris", organization=paris.organization
        ),
        phone=contact.phone, region="FR", zones="Europe/Paris",
    )  # fmt: skip
    elsewhere = factories.ContactFactory(
        location=factories.LocationFactory(country="FR", timezone="Europe/Paris"),
        phone=contact.phone, region="FR", zones="Europe/Paris",
    )  # fmt: skip
    declined = local("Europe/Paris", "2027-01-04T15:00")
    refusals.note(paris, contact.phone, declined)
    refusals.note(paris, contact.phone, declined - timedelta(days=9))
    asks = [fact_gathering.Ask(each.pk, each.pk) for each in (contact, sister, elsewhere)]
    found = fact_gathering.gather(asks, declined + timedelta(days=1))
    for each in (contact, sister):
        facts = found[each.pk]
        assert facts_of(as_json(facts), RULE_PACKS) == facts
        verdict = decide(facts, local("Europe/Paris", "2027-01-05T11:00"))
        assert (verdict.decision, verdict.reasons) == ("defer", ("declined_lately",))
        # The 5th of March is the 60th day after it, and a Friday.
        assert verdict.until == local("Europe/Paris", "2027-03-08T10:00")
        assert decide(facts, local("Europe/Paris", "2027-03-05T19:59")).decision == "defer"
    assert decide(found[elsewhere.pk], local("Europe/Paris", "2027-01-05T11:00")).decision == "allow"


@pytest.mark.django_db
def test_where_no_law_asks_for_a_pause_a_refusal_is_not_kept():
    contact = factories.ContactFactory()
    refusals.note(contact.location, contact.phone, datetime(2027, 1, 4, tzinfo=UTC))
    assert not Refusal.objects.exists()


@given(lawful_facts(), some_packs, some_packs)
def test_adding_a_pack_never_allows_more(case, some, more):
    facts, now = case
    before = decide(replace(facts, packs=some), now)
    after = decide(replace(facts, packs=(*some, *more)), now)
    assert set(before.reasons) <= set(after.reasons)
    if after.decision == "allow":
        assert before.decision == "allow"
    if before.decision == "reject":
        assert after.decision == "reject"
    if before.decision == after.decision == "defer":
        assert after.until >= before.until


@given(lawful_facts(), some_packs, st.randoms(use_true_random=False))
def test_the_order_of_packs_means_nothing_nor_by_which_way_they_come(case, some, chance: random.Random):
    facts, now = case
    shuffled = tuple(chance.sample(some, len(some)))
    verdict = decide(replace(facts, packs=some), now)
    for other in (decide(replace(facts, packs=shuffled), now), decide(facts, now, shuffled)):
        assert (other.decision, other.until, set(other.reasons)) == (
            verdict.decision, verdict.until, set(verdict.reasons),
        )  # fmt: skip


@given(lawful_facts(), some_packs, st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=20))
def test_a_deferral_by_packs_ends_at_the_earliest_instant(case, some, samples):
    facts, now = case
    facts = replace(facts, packs=some)
    verdict = decide(facts, now)
    assume(verdict.decision == "defer")
    assert decide(facts, verdict.until).decision == "allow"
    wait = verdict.until - now
    for at in [now + wait * sample for sample in samples] + [verdict.until - timedelta(microseconds=1)]:
        if now <= at < verdict.until:
            assert decide(facts, at).decision != "allow"


def test_every_file_has_hours_it_keeps_and_calendars_that_exist():
    assert {name for name in RULE_PACKS if "-" not in name} == {"us", "ca", "gb", "es", "fr", "de", "au"}
    known = holidays.list_supported_countries(include_aliases=False)
    for pack in RULE_PACKS.values():
        assert isinstance(pack.hours, PackHours)
        assert any(pack.hours.days)
        assert pack.origin.checked_on >= date(2026, 11, 20)
        for calendar in pack.hours.calendars:
            country, _, region = calendar.partition("-")
            assert region in ("", "*", *known[country]), pack.name
        for year in (2026, 2027, 2028):
            for day in range(365):
                pack.hours.on(date(year, 1, 1) + timedelta(days=day))


def test_every_area_code_of_the_united_states_is_of_one_state():
    written = tomllib.loads(AREA_CODES.read_text(encoding="utf-8"))
    codes = [str(code) for state in written.values() for code in state]
    assert len(codes) == len(set(codes))
    assert len(written) == 51
    pattern = PhoneMetadata.metadata_for_region("US").fixed_line.national_number_pattern
    # Whatever the library takes for a number of the United States is known here.
    found = {
        f"{area}" for area in range(200, 1000)
        if any(re.fullmatch(pattern, f"{area}{rest}") for rest in ("2002345", "5552345", "7892345"))
    }  # fmt: skip
    assert found <= set(codes)


@pytest.mark.parametrize(
    ("phone", "country", "state", "names"),
    [
        ("+13035550142", "US", "", ["us"]),
        ("+15125550142", "US", "", ["us", "us-tx"]),
        ("+13035550142", "US", "TX", ["us", "us-tx"]),
        ("+15125550142", "US", " louisiana ", ["us", "us-la", "us-tx"]),
        ("+15125550142", "US", "Colorado", ["us", "us-tx"]),
        ("+15125550142", "US", "Atlantis", ["us", "us-tx"]),
        ("+16715550142", "US", "", ["us"]),
        ("+16715550142", "GU", "", ["us"]),
        ("+442079460950", "GB", "TX", ["gb"]),
        ("+441481256789", "GG", "", ["gb"]),
        ("+14165550142", "CA", "CA", ["ca"]),
        ("+390612345678", "IT", "", []),
    ],
)
def test_which_packs_hold_for_a_number(phone, country, state, names):
    assert [pack.name for pack in packs_for(country, place_of(phone), state)] == names


def test_an_area_code_newer_than_the_data_may_be_in_any_state():
    place = replace(place_of("+13035550142"), e164="+12225550142")
    found = {pack.name for pack in packs_for("US", place)}
    assert found == {name for name in RULE_PACKS if name.startswith("us")}
    facts = replace(facts_for("+13035550142"), packs=packs_for("US", place))
    assert decide(facts, local("America/Denver", "2026-11-24T12:00")).decision == "allow"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mark": "X"}, "mark is V or S"),
        ({"law": ""}, "law needs a text"),
        ({"law": "two\nlines"}, "one line"),
        ({"paraphrase": "x" * 161}, "at most 160"),
        ({"quote": "x" * 161}, "at most 160"),
        ({"quote": "Nine\nto five"}, "one line"),
        ({"language": "English"}, "two letters"),
        ({"checked_on": "2026-11-20"}, "without quotes"),
        ({"effective_from": datetime(2026, 1, 1, tzinfo=UTC)}, "without quotes"),
        ({"colour": "red"}, "no key 'colour'"),
        ({"hours": {}}, "does not say mon"),
        ({"hours": {"mon-sun": [["09:00", "17:00"]], "sat": []}}, "sat twice"),
        ({"hours": {"sun-mon": []}}, "no day 'sun-mon'"),
        ({"hours": {"mon-sun": [["17:00", "09:00"]]}}, "ends before it begins"),
        ({"hours": {"mon-sun": [["09:00", "17:00"]], "holiday": []}}, "names any"),
        ({"hours": 9}, "[hours] is missing"),
        ({"tz": "America/Gotham"}, "not a time zone"),
        ({"holidays": ["Texas"]}, "no calendar"),
        ({"holidays": "US"}, "is a list"),
        ({"also": ["02-30"]}, "every year"),
        ({"also": ["02-29"]}, "every year"),
        ({"also": ["fry from 11-23"]}, "not a day of the year"),
        ({"caps": [{"calls": 0, "hours": 24}]}, "above 0"),
        ({"caps": [{"calls": 3}]}, "calls and hours"),
        ({"list_days": 0}, "list_days is a whole number"),
        ({"list_days": "28"}, "list_days is a whole number"),
        ({"consent_days": 1.5}, "consent_days is a whole number"),
    ],
)
def test_a_file_that_cannot_be_understood_says_what_to_mend(changes, words):
    with pytest.raises(ValueError, match=r".") as error:
        parse_pack("us-xx", {**FILE, **changes})
    assert words in str(error.value)


def test_a_file_says_its_rule_in_the_acts_words_in_ours_or_in_both():
    neither = {key: value for key, value in FILE.items() if key != "paraphrase"}
    with pytest.raises(ValueError, match="a quote or a paraphrase"):
        parse_pack("us-xx", neither)
    quoting = parse_pack("us-xx", {**neither, "quote": "De nueve a cinco", "language": "es"}).origin
    assert (quoting.quote, quoting.paraphrase, quoting.language) == ("De nueve a cinco", "", "es")
    both = parse_pack("us-xx", {**FILE, "quote": "between nine and five"}).origin
    assert (both.quote, both.paraphrase, both.language) == ("between nine and five", "Nine to five.", "en")


def test_every_pack_quotes_its_act_but_those_whose_wording_was_not_to_be_had():
    without = {name for name, pack in RULE_PACKS.items() if not pack.origin.quote}
    assert without == WITHOUT_A_QUOTE
    for name, pack in RULE_PACKS.items():
        quote = pack.origin.quote
        assert pack.origin.paraphrase, name
        # Consecutive words of the act: nothing left out, nothing put around them.
        assert quote == quote.strip(" “”\"'"), name
        assert "…" not in quote, name
        assert "..." not in quote, name
        assert pack.origin.language == {"de": "de", "es": "es", "fr": "fr"}.get(name, "en")


def test_the_loader_names_the_file_and_refuses_an_empty_folder(tmp_path):
    with pytest.raises(ValueError, match="no rule packs"):
        load(tmp_path)
    (tmp_path / "us-tx.toml").write_text("title = ", encoding="utf-8")
    with pytest.raises(ValueError, match=r"rule pack us-tx\.toml cannot be used"):
        load(tmp_path)
    (tmp_path / "us-tx.toml").rename(tmp_path / "Texas.toml")
    with pytest.raises(ValueError, match=r"Texas\.toml"):
        load(tmp_path)


def test_the_command_lists_each_pack_with_its_source_and_age(time_machine):
    time_machine.move_to("2026-12-20T12:00:00Z")
    out = io.StringIO()
    call_command("rule_packs", "--json", stdout=out)
    rows = {row["name"]: row for row in json.loads(out.getvalue())}
    assert rows.keys() == RULE_PACKS.keys()
    assert rows["us-tx"]["age_days"] == 30
    assert rows["us-tx"]["days"]["sun"] == [["12:00", "21:00"]]
    assert rows["fr"]["caps"] == [{"calls": 4, "hours": 720}]
    assert rows["us-la"]["holidays"] == ["US", "US-LA", "fri from 11-23"]
    out = io.StringIO()
    call_command("rule_packs", stdout=out)
    assert all(pack.origin.source in out.getvalue() for pack in RULE_PACKS.values())
    assert all(pack.origin.paraphrase in out.getvalue() for pack in RULE_PACKS.values())
    assert f"“{rows['es']['quote']}”" in out.getvalue()
    assert (rows["us-tx"]["quote"], rows["es"]["language"]) == (None, "es")
    quoting = len(RULE_PACKS) - len(WITHOUT_A_QUOTE)
    assert f"{quoting} of {len(RULE_PACKS)} packs quote their act. In our words alone: au, " in out.getvalue()


def addresses() -> list[tuple[str, str, str, frozenset[str]]]:
    """Country, letters, name and clocks of every state that the product knows."""
    written = tomllib.loads(STATES.read_text(encoding="utf-8"))
    return [
        (country, letters, row["name"], frozenset(row["zones"]))
        for country, rows in written.items()
        for letters, row in rows.items()
    ]


def test_a_state_has_every_clock_that_the_library_knows_in_it():
    def told(zones: frozenset[str]) -> set[tuple[timedelta | None, ...]]:
        """What the clocks of the zones say in the middle of each month."""
        months = [datetime(2027, month, 15, tzinfo=UTC) for month in range(1, 13)]
        return {tuple(at.astimezone(ZoneInfo(zone)).utcoffset() for at in months) for zone in zones}

    american = [(letters, name, zones) for country, letters, name, zones in addresses() if country == "US"]
    assert len(american) == 56
    assert set(state_names()) < {letters for letters, _, _ in american}
    for letters, name, zones in american:
        assert told(zones_of_state(letters, name)) == told(zones), name
    for country, _, name, zones in addresses():
        assert zones <= available_timezones()
        if country != "US":
            # No clock of another country, but for towns that keep one which is no more than a name for theirs.
            assert told(zones) <= told(frozenset(pytz.country_timezones[country])), name


@pytest.mark.parametrize(
    ("country", "state", "zones"),
    [
        ("US", "CA", {"America/Los_Angeles"}),
        ("US", " california ", {"America/Los_Angeles"}),
        ("US", "hi", {"Pacific/Honolulu"}),
        ("US", "Texas", {"America/Chicago", "America/Denver"}),
        ("US", "GU", {"Pacific/Guam"}),
        ("PR", "TN", {"America/Chicago", "America/New_York"}),
        ("CA", "Québec", {"America/Halifax", "America/Puerto_Rico", "America/Toronto"}),
        ("CA", "CA", set()),
        ("AU", "WA", {"Australia/Eucla", "Australia/Perth"}),
        ("ES", "Las Palmas", {"Atlantic/Canary"}),
        ("GB", "TX", set()),
        ("US", "", set()),
        ("US", "Atlantis", set()),
    ],
)
def test_a_known_state_has_its_clocks(country, state, zones):
    assert clocks_of(country, state) == zones


@given(
    st.sampled_from(addresses()),
    any_instant,
    st.sampled_from(["+12125550142", "+18085550142", "+17875550123"]),
)
def test_what_is_allowed_is_between_8_and_20_everywhere_in_the_known_state(address, now, phone):
    country, letters, name, zones = address
    number = place_of({"CA": "+14165550142", "AU": "+61412345678", "ES": "+34912345678"}.get(country, phone))
    for written in (letters, name.upper()):
        place = with_known_state(country, number, written)
        assert set(place.zones) == {*number.zones, *zones}
        location = LocationFacts(country, number.zones[0], True, "completed")
        facts = Facts(location, ContactFacts(place, True, False), packs=packs_for(country, place, written))
        verdict = decide(facts, now)
        at = now if verdict.decision == "allow" else verdict.until
        if at is not None:
            assert all(8 <= at.astimezone(ZoneInfo(zone)).hour < 20 for zone in place.zones)


def test_a_known_state_makes_no_number_callable():
    assert with_known_state("US", place_of("+18005550123"), "CA").zones == ()


@pytest.mark.django_db
def test_a_state_in_the_address_is_a_clock_of_every_decision_as_the_second_opinion_has_it():
    """For every state and territory, around both ends of the window, on facts from the database."""
    denver = factories.LocationFactory(country="US", timezone="America/Denver")
    people = {}
    for n, (country, letters, name, _) in enumerate(addresses()):
        if country == "US":
            phone, zone = [("+12125550142", "America/New_York"), ("+18085550142", "Pacific/Honolulu")][n % 2]
            phone = f"{phone[:-4]}{n:04}"
            contact = factories.ContactFactory(
                location=denver, phone=phone, region="US", zones="" if n % 3 else zone,
                fields={"State": letters if n % 5 else name},
            )  # fmt: skip
            people[contact.pk] = phone, letters, name
    noon = datetime(2027, 3, 2, 18, tzinfo=UTC)
    found = fact_gathering.gather([fact_gathering.Ask(pk, pk) for pk in people], noon)
    for pk, (phone, letters, name) in people.items():
        facts, zones = found[pk], zones_of_state(letters, name)
        assert zones
        written = as_json(facts)
        assert facts_of(written, RULE_PACKS) == facts
        ask = {
            "location": {
                "country": "US", "timezone": "America/Denver", "outbound_enabled": True, "kyc_status": "completed",
                "schedule": None, "attempts": [], "last_attempt_at": None,
            },
            "contact": {
                "phone": phone, "opt_in_documented": True, "dnd_voice": False, "opted_out_at": None,
                "blacklist_risk": None, "state": (letters, name),
            },
            "number_attempts": [],
        }  # fmt: skip
        for zone in zones:
            for hour in ("07:59:59", "08:00", "19:59:59", "20:00"):
                at = datetime.fromisoformat(f"2027-03-02T{hour}").replace(tzinfo=ZoneInfo(zone))
                verdict = decide(facts, at)
                if verdict.decision == "allow":
                    assert all(8 <= at.astimezone(ZoneInfo(each)).hour < 20 for each in zones)
                alone = decide(replace(facts, packs=()), at)
                expected = second_opinion.decide({**ask, "now": at.isoformat()}, datetime.fromisoformat)
                assert (alone.decision, alone.until, set(alone.reasons)) == expected, (phone, name, at)


@pytest.mark.django_db
def test_gathered_facts_carry_the_packs_and_the_dials_their_caps_look_back_on():
    now = datetime(2026, 11, 24, 14, tzinfo=UTC)
    paris = factories.LocationFactory(country="FR", timezone="Europe/Paris")
    contact = factories.ContactFactory(
        location=paris, phone="+33142345678", region="FR", zones="Europe/Paris"
    )
    long_ago = now - timedelta(days=29)
    NumberDay.objects.create(
        phone=contact.phone,
        local_date=long_ago.date(),
        dialled_at=long_ago,
        location=paris,
        attempt_token="t",
    )
    denver = factories.LocationFactory(country="US", timezone="America/Denver")
    texan = factories.ContactFactory(
        location=denver, phone="+13035550142", region="US", zones="America/Denver", fields={"State": "Texas"}
    )
    asks = [fact_gathering.Ask(1, contact.pk), fact_gathering.Ask(2, texan.pk)]
    found = fact_gathering.gather(asks, now)
    assert [pack.name for pack in found[1].packs] == ["fr"]
    assert found[1].number_attempts == (long_ago,)
    assert [pack.name for pack in found[2].packs] == ["us", "us-tx"]
    written = as_json(found[2])
    assert written["rule_packs"] == ["us", "us-tx"]
    assert tuple(read_packs(written)) == found[2].packs


def test_the_computed_holidays_are_those_of_the_package():
    """When this fails, run `python -m compliance.packs.calendars` and read what changed."""
    assert calendars.COMPUTED.read_text() == calendars.computed_anew()
    assert calendars.days_of("US-PA", 2050) == calendars.compute("US-PA", 2050)


def test_easter_is_the_one_of_the_church():
    assert all(calendars.easter(year) == church.easter(year) for year in range(1900, 2200))


@pytest.mark.django_db
def test_clocks_stored_with_a_contact_are_completed_by_what_is_known_of_its_area_code():
    contact = factories.ContactFactory(
        phone="+16895551234", zones="America/Chicago", number_kind="fixed_line_or_mobile"
    )
    half_past_eight_there = datetime(2026, 12, 3, 1, 30, tzinfo=UTC)
    found = fact_gathering.gather([fact_gathering.Ask(1, contact.pk)], half_past_eight_there)[1]
    assert found.contact.place.zones == ("America/Chicago", "America/New_York")
