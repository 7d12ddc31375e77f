from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from compliance import rules
from compliance.rules import ContactFacts, Facts, LocationFacts, RulePack, decide
from compliance.schedules import parse_schedule
from compliance.zones import place_of

SECOND = timedelta(seconds=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


NOON = utc("2026-03-02T12:00:00-07:00")
LOCATION = LocationFacts("US", "America/Denver", True, "completed")
CONTACT = ContactFacts(place_of("+13035550142"), True, False)
LAWFUL = Facts(LOCATION, CONTACT)


def with_location(**changes) -> Facts:
    return replace(LAWFUL, location=replace(LOCATION, **changes))


def with_contact(**changes) -> Facts:
    return replace(LAWFUL, contact=replace(CONTACT, **changes))


def schedule(zone: str, **days) -> object:
    return parse_schedule({"tz": zone, "days": days})


def test_it_allows_what_no_rule_forbids():
    assert decide(LAWFUL, NOON) == rules.Verdict("allow", None, (), {})


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (with_location(outbound_enabled=False), "location_not_enabled"),
        *(
            (with_location(kyc_status=status), "kyc_incomplete")
            for status in rules.KYC_STATUSES
            if status != "completed"
        ),
        (with_contact(opt_in_documented=False), "no_opt_in"),
        (with_contact(opted_out_at=NOON - timedelta(days=900)), "opted_out"),
        (with_contact(opted_out_at=NOON + timedelta(days=1)), "opted_out"),
        (with_contact(dnd_voice=True), "dnd_voice"),
        *((with_contact(blacklist_risk=risk), "blacklisted") for risk in ("high", "medium", "low")),
        (with_contact(place=place_of("+15551234567")), "invalid_number"),
        (with_contact(place=place_of("+18005550123")), "number_type_not_callable"),
        (with_contact(place=place_of("+14165550123")), "not_domestic"),
        (with_contact(place=place_of("+18763221234")), "not_domestic"),
        (replace(LAWFUL, number_attempts=(NOON - timedelta(hours=30),) * 14), "number_14_in_14_days"),
    ],
)
def test_it_rejects_for_exactly_the_rule_that_fails(facts, reason):
    verdict = decide(facts, NOON)
    assert (verdict.decision, verdict.until, verdict.reasons) == ("reject", None, (reason,))
    assert set(verdict.evidence) == {reason}


@pytest.mark.parametrize(
    ("number", "country"),
    [("+17875550123", "US"), ("+13035550142", "PR"), ("+447781123456", "GB"), ("+262692123456", "FR")],
)
def test_territories_are_domestic(number, country):
    facts = Facts(replace(LOCATION, country=country), replace(CONTACT, place=place_of(number)))
    assert "not_domestic" not in decide(facts, NOON).reasons


def test_it_reports_every_rule_that_fails():
    facts = Facts(
        LocationFacts(
            "ES", "Europe/Madrid", False, "rejected", (schedule("contact", tue=[["09:00", "10:00"]]),),
            ((NOON, 1000),), NOON,
        ),
        ContactFacts(place_of("+13035550142"), False, True, NOON, "high"),
        (NOON,) * 14,
    )  # fmt: skip
    night = utc("2026-03-02T21:00:00-07:00")
    verdict = decide(facts, night)
    assert verdict.decision == "reject"
    assert verdict.until is None
    assert set(verdict.reasons) == {
        "location_not_enabled", "kyc_incomplete", "no_opt_in", "opted_out", "dnd_voice", "blacklisted",
        "not_domestic", "outside_hours", "schedule_closed", "number_once_per_day", "number_14_in_14_days",
    }  # fmt: skip


def test_a_rejection_comes_before_any_deferral():
    verdict = decide(with_contact(dnd_voice=True), utc("2026-03-02T03:00:00-07:00"))
    assert verdict.decision == "reject"
    assert set(verdict.reasons) == {"dnd_voice", "outside_hours"}


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-03-02T07:59:59.999999-07:00", "2026-03-02T08:00:00-07:00"),
        ("2026-03-02T20:00:00-07:00", "2026-03-03T08:00:00-07:00"),
        ("2026-03-07T23:00:00-07:00", "2026-03-08T08:00:00-06:00"),
        ("2026-10-31T23:00:00-06:00", "2026-11-01T08:00:00-07:00"),
    ],
)
def test_it_defers_to_the_next_opening(at, until):
    verdict = decide(LAWFUL, utc(at))
    assert (verdict.decision, verdict.until, verdict.reasons) == ("defer", utc(until), ("outside_hours",))


@pytest.mark.parametrize("at", ["2026-03-02T08:00:00-07:00", "2026-03-02T19:59:59.999999-07:00"])
def test_it_allows_up_to_the_edges_of_the_day(at):
    assert decide(LAWFUL, utc(at)).decision == "allow"


@pytest.mark.parametrize("facts", [
    with_location(last_attempt_at=NOON),
    with_location(attempts=((NOON, 1),)),
    with_location(attempts=((NOON, 1),), last_attempt_at=NOON - timedelta(hours=1)),
    with_location(attempts=((NOON - timedelta(hours=1), 5),), last_attempt_at=NOON),
])  # fmt: skip
def test_starts_are_six_seconds_apart(facts):
    early = decide(facts, NOON + timedelta(seconds=5, microseconds=999_999))
    assert (early.decision, early.until, early.reasons) == ("defer", NOON + 6 * SECOND, ("rate_spacing",))
    assert decide(facts, NOON + 6 * SECOND).decision == "allow"


def test_no_dials_at_an_instant_are_no_start():
    assert decide(with_location(attempts=((NOON, 0),)), NOON).decision == "allow"


def test_a_clock_that_stepped_back_does_not_bring_starts_closer():
    verdict = decide(with_location(last_attempt_at=NOON + timedelta(hours=1)), NOON)
    assert verdict.until == NOON + timedelta(hours=1) + 6 * SECOND


def test_spacing_that_runs_past_the_close_waits_for_the_morning():
    last = utc("2026-03-02T19:59:57-07:00")
    verdict = decide(with_location(last_attempt_at=last), last + 2 * SECOND)
    assert verdict.reasons == ("rate_spacing",)
    assert verdict.until == utc("2026-03-03T08:00:00-07:00")


def test_it_allows_the_1000th_call_of_a_location_day():
    facts = with_location(
        attempts=((utc("2026-03-02T08:00:00-07:00"), 600), (utc("2026-03-02T09:00:00-07:00"), 399))
    )
    assert decide(facts, NOON).decision == "allow"


def test_it_defers_the_1001st_call_to_the_next_day():
    facts = with_location(
        attempts=((utc("2026-03-02T08:00:00-07:00"), 600), (utc("2026-03-02T09:00:00-07:00"), 400))
    )
    verdict = decide(facts, NOON)
    assert (verdict.decision, verdict.reasons) == ("defer", ("location_daily_limit",))
    assert verdict.until == utc("2026-03-03T08:00:00-07:00")


def test_a_location_day_begins_at_its_own_midnight():
    facts = with_location(attempts=((utc("2026-03-01T23:59:59-07:00"), 1000),))
    assert decide(facts, NOON).decision == "allow"
    facts = with_location(attempts=((utc("2026-03-02T00:00:00-07:00"), 1000),))
    assert decide(facts, NOON).reasons == ("location_daily_limit",)
    facts = with_location(attempts=((utc("2026-03-03T00:00:00-07:00"), 1000),))
    assert "location_daily_limit" not in decide(facts, NOON).reasons


def test_overflow_goes_on_the_same_evening_where_the_contact_is_far_west():
    facts = Facts(
        LocationFacts(
            "US", "America/New_York", True, "completed", (), ((utc("2026-03-02T10:00:00-05:00"), 1000),)
        ),
        replace(CONTACT, place=place_of("+18085550123")),
    )
    verdict = decide(facts, utc("2026-03-02T18:00:00-05:00"))
    assert verdict.until == utc("2026-03-03T00:00:00-05:00") == utc("2026-03-02T19:00:00-10:00")


def test_a_day_full_ahead_of_now_is_skipped_too():
    facts = with_location(
        attempts=((utc("2026-03-02T09:00:00-07:00"), 1000), (utc("2026-03-03T09:00:00-07:00"), 1000))
    )
    # The later starts also hold the spacing, hence past the day they are in.
    assert decide(facts, NOON).until == utc("2026-03-04T08:00:00-07:00")


@pytest.mark.parametrize(
    ("dialled", "at", "until"),
    [
        ("2026-03-02T08:00:00-07:00", "2026-03-02T19:00:00-07:00", "2026-03-03T08:00:00-07:00"),
        ("2026-03-02T19:59:59-07:00", "2026-03-03T08:00:00-07:00", None),
        ("2026-03-02T00:00:00-07:00", "2026-03-02T08:00:00-07:00", "2026-03-03T08:00:00-07:00"),
        ("2026-03-01T23:59:59-07:00", "2026-03-02T08:00:00-07:00", None),
        ("2026-03-03T00:00:00-07:00", "2026-03-02T19:00:00-07:00", None),
    ],
)
def test_a_number_is_dialled_once_on_its_own_calendar_day(dialled, at, until):
    verdict = decide(replace(LAWFUL, number_attempts=(utc(dialled),)), utc(at))
    if until is None:
        assert verdict.decision == "allow"
    else:
        assert (verdict.until, verdict.reasons) == (utc(until), ("number_once_per_day",))


def test_a_day_counts_in_any_zone_the_person_may_be_in():
    place = place_of("+18505551234")  # Eastern and Central
    facts = Facts(LOCATION, replace(CONTACT, place=place), (utc("2026-03-02T23:30:00-06:00"),))
    # Still 2 March in Chicago, 3 March in New York: the next day is free in both only on the 4th.
    verdict = decide(facts, utc("2026-03-03T12:00:00-06:00"))
    assert verdict.reasons == ("number_once_per_day",)
    assert verdict.until == utc("2026-03-04T08:00:00-06:00")


def test_the_15th_dial_in_336_hours_is_rejected():
    oldest = NOON - timedelta(hours=336)
    dials = tuple(NOON - timedelta(days=day) for day in range(1, 14))
    assert len(dials) == 13
    assert decide(replace(LAWFUL, number_attempts=(*dials, oldest)), NOON).decision == "allow"
    verdict = decide(replace(LAWFUL, number_attempts=(*dials, oldest + timedelta(microseconds=1))), NOON)
    assert (verdict.decision, verdict.reasons) == ("reject", ("number_14_in_14_days",))


def test_a_schedule_narrows_the_hours():
    facts = with_location(schedules=(schedule("contact", mon=[["13:00", "15:00"]]),))
    verdict = decide(facts, NOON)
    assert (verdict.until, verdict.reasons) == (utc("2026-03-02T13:00:00-07:00"), ("schedule_closed",))
    assert decide(facts, utc("2026-03-02T14:59:59-07:00")).decision == "allow"
    assert decide(facts, utc("2026-03-02T15:00:00-07:00")).until == utc("2026-03-09T13:00:00-06:00")


def test_a_schedule_never_widens_the_hours():
    facts = with_location(schedules=(schedule("contact", mon=[["00:00", "24:00"]]),))
    verdict = decide(facts, utc("2026-03-02T07:00:00-07:00"))
    assert (verdict.until, verdict.reasons) == (utc("2026-03-02T08:00:00-07:00"), ("outside_hours",))
    assert decide(facts, utc("2026-03-02T21:00:00-07:00")).until == utc("2026-03-09T08:00:00-06:00")


def test_a_schedule_of_another_zone_is_met_with_the_contact_s_hours():
    facts = with_location(schedules=(schedule("Europe/Madrid", tue=[["09:00", "17:00"]]),))
    verdict = decide(facts, NOON)
    assert verdict.until == utc("2026-03-03T08:00:00-07:00") == utc("2026-03-03T16:00:00+01:00")


@pytest.mark.parametrize(
    "closed", [schedule("contact"), schedule("contact", mon=[["05:00", "08:00"], ["20:00", "24:00"]])]
)
def test_a_schedule_without_a_lawful_hour_is_rejected(closed):
    verdict = decide(with_location(schedules=(closed,)), NOON)
    assert verdict.decision == "reject"
    assert verdict.until is None
    assert set(verdict.reasons) == {"schedule_closed", "no_available_slot"}


def test_zones_that_share_no_hour_are_rejected():
    place = replace(CONTACT.place, zones=("Etc/GMT+6", "Etc/GMT-6"))
    verdict = decide(with_contact(place=place), NOON)
    assert set(verdict.reasons) == {"outside_hours", "no_available_slot"}


def test_a_holiday_closes_the_day():
    open_days = {"mon": [["09:00", "18:00"]], "tue": [["09:00", "18:00"]]}
    closed = parse_schedule({"tz": "contact", "days": open_days, "holidays": ["2026-03-02"]})
    assert decide(with_location(schedules=(closed,)), NOON).until == utc("2026-03-03T09:00:00-07:00")


def test_a_closed_schedule_of_a_fixed_zone_is_reported_whatever_the_number_is():
    facts = Facts(
        replace(LOCATION, schedules=(schedule("America/Denver", tue=[["09:00", "18:00"]]),)),
        replace(CONTACT, place=place_of("+18005550123")),
    )
    assert set(decide(facts, NOON).reasons) == {"number_type_not_callable", "schedule_closed"}


def test_a_pack_narrows_the_legal_hours():
    pack = RulePack("US-CT", schedule("contact", mon=[["13:00", "20:00"]]))
    verdict = decide(LAWFUL, NOON, [pack])
    assert (verdict.until, verdict.reasons) == (utc("2026-03-02T13:00:00-07:00"), ("outside_hours",))
    assert decide(LAWFUL, utc("2026-03-02T07:00:00-07:00"), [pack]).until == utc("2026-03-02T13:00:00-07:00")
    never = RulePack("never", schedule("contact"))
    assert set(decide(LAWFUL, NOON, [never]).reasons) == {"outside_hours", "no_available_slot"}


def test_the_evidence_says_what_each_rule_saw():
    verdict = decide(with_location(attempts=((NOON - timedelta(minutes=1), 1000),)), NOON)
    assert verdict.evidence["location_daily_limit"] == {
        "dialled": 1000, "limit": 1000, "holds_from": "2026-03-03T07:00:00+00:00",
    }  # fmt: skip


def test_it_takes_an_instant_with_any_offset():
    assert decide(LAWFUL, datetime.fromisoformat("2026-03-03T04:30:00+09:00")).decision == "allow"
    late = decide(LAWFUL, datetime.fromisoformat("2026-03-02T12:30:00+09:00"))
    assert late.until == utc("2026-03-02T08:00:00-07:00")
    assert late.until.tzinfo is UTC
