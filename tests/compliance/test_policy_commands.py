import io
import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from compliance import jsonlines
from compliance.packs import RULE_PACKS, RulePack
from compliance.schedules import parse_schedule

ROOT = Path(__file__).resolve().parents[2]

WINDOW = {"number": "+13035550142", "at": "2026-03-02T15:30:00Z"}
FORECAST = {
    "queued_at": "2026-03-02T16:00:00Z", "calls": 3,
    "location_timezone": "America/Denver", "contact_zone": "America/Denver",
}  # fmt: skip
DIAL: dict[str, Any] = {
    "now": "2026-03-02T15:30:00Z",
    "location": {
        "id": "loc-9", "country": "US", "timezone": "America/Denver", "outbound_enabled": True,
        "kyc_status": "completed", "schedule": None,
        "attempts": [{"at": "2026-03-02T15:00:00Z", "count": 12}], "last_attempt_at": "2026-03-02T15:29:50Z",
    },
    "contact": {
        "phone": "+13035550142", "opt_in_documented": True, "opt_in_source": "form", "dnd_voice": False,
        "dnd_sms": False, "opted_out_at": None, "blacklist_risk": None,
    },
    "number_attempts": ["2026-02-27T18:00:00Z"],
}  # fmt: skip
ALLOW: dict[str, Any] = {"decision": "allow", "until": None, "reasons": []}


def answers(command: str, lines: bytes) -> tuple[list[dict], int]:
    """What the command writes for these lines, and its exit code."""
    out = io.StringIO()
    code = 0
    try:
        call_command(command, stdin=io.BytesIO(lines), stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], code


def answer(command: str, line: dict) -> dict:
    [only], code = answers(command, json.dumps(line).encode() + b"\n")
    assert code == (1 if "error" in only else 0)
    return only


def changed(**changes: Any) -> dict:
    """DIAL with keys changed; `location__country=...` reaches inside."""
    line = deepcopy(DIAL)
    for path, value in changes.items():
        *holders, key = path.split("__")
        target = line
        for holder in holders:
            target = target[holder]
        target[key] = value
    return line


def without(path: str) -> dict:
    line = deepcopy(DIAL)
    *holders, key = path.split(".")
    target = line
    for holder in holders:
        target = target[holder]
    del target[key]
    return line


@pytest.mark.parametrize(
    ("command", "line", "expected"),
    [
        (
            "call_window",
            WINDOW,
            {"allowed": True, "next_allowed": "2026-03-02T15:30:00Z", "zones": ["America/Denver"]},
        ),
        ("decide", DIAL, ALLOW),
        (
            "forecast_starts",
            FORECAST,
            {"starts": ["2026-03-02T16:00:00Z", "2026-03-02T16:00:06Z", "2026-03-02T16:00:12Z"]},
        ),
    ],
)
def test_each_command_answers_in_a_process_of_its_own_and_goes_on_after_a_bad_line(command, line, expected):
    good = json.dumps(line)
    ran = subprocess.run(
        [sys.executable, "manage.py", command],
        input=f"{good}\nnot json\n{good}\n".encode(), capture_output=True, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    first, error, last = (json.loads(text) for text in ran.stdout.splitlines())
    assert first == last == expected
    assert "not JSON" in error["error"]
    assert ran.returncode == 1


def test_a_command_without_lines_ends_well():
    assert answers("decide", b"") == ([], 0)


def test_it_answers_before_the_next_line_is_written():
    process = subprocess.Popen(
        [sys.executable, "manage.py", "call_window"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    with process:
        for _ in range(2):
            process.stdin.write(json.dumps(WINDOW).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["allowed"] is True
        process.stdin.close()
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"not json", "not JSON"),
        (b"[]", "a list"),
        (b"42", "a number"),
        (b"true", "true or false"),
        (b"null", "null"),
        (b'"text"', "text"),
        (b'{"number": NaN}', "NaN"),
        (b'{"number": "+13035550142", "number": "+1"}', "twice"),
        (b'{"number": "+13035550142", "at": -Infinity}', "-Infinity"),
        (b"\xff\xfe{}", "UTF-8"),
        (b"[" * 200_000, "nested"),
        (b'{"number": "' + b"1" * jsonlines.MAX_LINE_BYTES + b'"}', "longer than"),
        (b'{"at": ' + b"1" * 5000 + b"}", "4300"),
        (b"{}", "number is missing"),
        (b'{"number": "+13035550142"}', "at is missing"),
        (b'{"number": 13035550142, "at": "2026-03-02T15:30:00Z"}', "not text"),
        (b'{"number": null, "at": "2026-03-02T15:30:00Z"}', "not text"),
        (b'{"number": "+13035550142", "at": "2026-03-02T15:30:00"}', "no offset"),
        (b'{"number": "+13035550142", "at": "2026-03-02"}', "no offset"),
        (b'{"number": "+13035550142", "at": "yesterday"}', "not an instant"),
        (b'{"number": "+13035550142", "at": "2026-02-30T10:00:00Z"}', "not an instant"),
        (b'{"number": "+13035550142", "at": 1772465400}', "not an instant"),
        (b'{"number": "+13035550142", "at": "0001-01-01T00:00:00+14:00"}', "years"),
        (b'{"number": "+13035550142", "at": "9999-12-31T23:59:59-14:00"}', "years"),
    ],
)
def test_a_line_that_cannot_be_read_says_why_and_the_next_is_answered(line, words):
    [error, good], code = answers("call_window", line + b"\n" + json.dumps(WINDOW).encode())
    assert list(error) == ["error"]
    assert words in error["error"]
    assert good["allowed"] is True
    assert code == 1


def test_an_empty_line_between_others_is_an_error_and_those_at_the_end_are_none():
    good = json.dumps(WINDOW).encode()
    found, code = answers("call_window", good + b"\n\n" + good + b"\n\n \n")
    assert ["error" in line for line in found] == [False, True, False]
    assert code == 1
    assert answers("call_window", good + b"\n\n\n")[1] == 0


def test_a_byte_order_mark_is_not_part_of_the_line():
    found, code = answers("call_window", b"\xef\xbb\xbf" + json.dumps(WINDOW).encode())
    assert found[0]["allowed"] is True
    assert code == 0


def test_a_defect_is_answered_as_an_error_and_shown(monkeypatch, capsys):
    def broken(*args: object) -> None:
        raise KeyError("zones")

    monkeypatch.setattr("compliance.management.commands.call_window.place_of", broken)
    [error], code = answers("call_window", json.dumps(WINDOW).encode())
    assert "defect" in error["error"]
    assert "KeyError" in capsys.readouterr().err
    assert code == 1


@pytest.mark.parametrize(
    ("number", "at", "allowed", "next_allowed", "zones"),
    [
        ("+13035550142", "2026-03-02T08:29:59.5-07:00", True, "2026-03-02T15:29:59.500000Z", ["America/Denver"]),
        ("+13035550142", "2026-03-02T20:00:00-07:00", False, "2026-03-03T15:00:00Z", ["America/Denver"]),
        ("+13035550142", "2026-03-02t15:30z", True, "2026-03-02T15:30:00Z", ["America/Denver"]),
        ("+16045551234", "2026-12-01T14:59:59Z", False, "2026-12-01T15:00:00Z", ["America/Vancouver"]),
        (
            "+18505551234", "2026-03-02T13:30:00Z", False, "2026-03-02T14:00:00Z",
            ["America/Chicago", "America/New_York"],
        ),
        ("+18005550123", "2026-03-02T18:00:00Z", False, None, []),
        ("+15005550006", "2026-03-02T18:00:00Z", False, None, []),
        ("+15551234567", "2026-03-02T18:00:00Z", False, None, []),
        ("+80012345678", "2026-03-02T18:00:00Z", False, None, []),
        ("3035550142", "2026-03-02T18:00:00Z", False, None, []),
        ("", "2026-03-02T18:00:00Z", False, None, []),
    ],
)  # fmt: skip
def test_call_window(number, at, allowed, next_allowed, zones):
    found = answer("call_window", {"number": number, "at": at, "unknown": {"key": 1}})
    assert found == {"allowed": allowed, "next_allowed": next_allowed, "zones": zones}


@pytest.mark.parametrize(
    ("line", "decision", "until", "reasons"),
    [
        (changed(now="2026-03-03T03:00:00Z"), "defer", "2026-03-03T15:00:00Z", {"outside_hours"}),
        (changed(now="2026-03-02T15:29:55.999Z"), "defer", "2026-03-02T15:29:56Z", {"rate_spacing"}),
        (changed(now="2026-03-02T15:29:56Z"), "allow", None, set()),
        (
            changed(location__attempts=[{"at": "2026-03-02T15:00:00Z", "count": 1000}]),
            "defer", "2026-03-03T15:00:00Z", {"location_daily_limit"},
        ),
        (
            changed(location__attempts=["2026-03-02T15:00:00Z"] * 1000),
            "defer", "2026-03-03T15:00:00Z", {"location_daily_limit"},
        ),
        (changed(location__attempts=["2026-03-02T15:00:00Z"] * 999), "allow", None, set()),
        (changed(number_attempts=["2026-03-02T15:00:00Z"]), "defer", "2026-03-03T15:00:00Z", {"number_once_per_day"}),
        (
            changed(number_attempts=[{"at": "2026-02-27T18:00:00Z", "count": 14}]),
            "reject", None, {"number_14_in_14_days"},
        ),
        (changed(location__outbound_enabled=False), "reject", None, {"location_not_enabled"}),
        (changed(location__kyc_status="revalidation_required"), "reject", None, {"kyc_incomplete"}),
        (changed(location__country="CA"), "reject", None, {"not_domestic"}),
        (changed(location__country="pr"), "allow", None, set()),
        (changed(contact__phone="(303) 555-0142"), "allow", None, set()),
        (changed(contact__phone="555-0142"), "reject", None, {"invalid_number"}),
        (changed(contact__phone="+18005550142"), "reject", None, {"number_type_not_callable"}),
        (changed(contact__phone="+80012345678"), "reject", None, {"number_type_not_callable", "not_domestic"}),
        (changed(contact__opt_in_documented=False), "reject", None, {"no_opt_in"}),
        (changed(contact__opted_out_at="2025-03-02T15:30:00Z"), "reject", None, {"opted_out"}),
        (changed(contact__dnd_voice=True), "reject", None, {"dnd_voice"}),
        (changed(contact__dnd_sms=True), "allow", None, set()),
        (changed(contact__blacklist_risk="low"), "reject", None, {"blacklisted"}),
        (
            changed(now="2026-03-02T06:00:00Z", contact__dnd_voice=True, location__last_attempt_at=None,
                    location__attempts=[]),
            "reject", None, {"dnd_voice", "outside_hours"},
        ),
        (
            changed(location__schedule={"tz": "contact", "days": {"mon": [["10:00", "12:00"]]}}),
            "defer", "2026-03-02T17:00:00Z", {"schedule_closed"},
        ),
        (
            changed(location__schedule={"tz": "contact", "days": {"mon": [["21:00", "24:00"]]}}),
            "reject", None, {"schedule_closed", "no_available_slot"},
        ),
        (changed(rule_packs=[]), "allow", None, set()),
        (changed(rule_packs=None), "allow", None, set()),
        (changed(unknown=1, location__unknown=[], contact__unknown={}), "allow", None, set()),
        (without("location.schedule"), "allow", None, set()),
        (without("location.id"), "allow", None, set()),
        (without("location.last_attempt_at"), "allow", None, set()),
        (without("contact.opt_in_source"), "allow", None, set()),
        (without("contact.dnd_sms"), "allow", None, set()),
    ],
)  # fmt: skip
def test_decide(line, decision, until, reasons):
    found = answer("decide", line)
    assert (found["decision"], found["until"], set(found["reasons"])) == (decision, until, reasons)
    assert len(found["reasons"]) == len(reasons)


@pytest.mark.parametrize("path", [
    "now", "location", "contact", "number_attempts", "location.country", "location.timezone",
    "location.outbound_enabled", "location.kyc_status", "location.attempts", "contact.phone",
    "contact.opt_in_documented", "contact.dnd_voice", "contact.opted_out_at", "contact.blacklist_risk",
])  # fmt: skip
def test_a_fact_left_out_is_named_and_never_assumed(path):
    assert f"{path} is missing" in answer("decide", without(path))["error"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (changed(location=[]), "location is a list"),
        (changed(contact="+13035550142"), "contact is text"),
        (changed(location__country="USA"), "location.country"),
        (changed(location__country=1), "location.country"),
        (changed(location__timezone="Mountain"), "location.timezone: 'Mountain'"),
        (changed(location__outbound_enabled="true"), "location.outbound_enabled"),
        (changed(location__outbound_enabled=1), "location.outbound_enabled"),
        (changed(location__kyc_status="done"), "instant_passed"),
        (changed(location__schedule={"tz": "contact"}), '"days"'),
        (changed(location__schedule=[]), "location.schedule: "),
        (changed(location__schedule={"tz": "Mountain", "days": {}}), "location.schedule: 'Mountain'"),
        (
            changed(location__schedule={"tz": "UTC", "days": {}, "holidays": [7]}),
            "location.schedule: The holiday 7",
        ),
        (changed(location__attempts={}), "location.attempts"),
        (changed(location__attempts=[7]), "location.attempts, entry 1"),
        (changed(location__attempts=[{"at": "2026-03-02T15:00:00Z", "count": True}]), "count"),
        (changed(location__attempts=[{"at": "2026-03-02T15:00:00Z", "count": -1}]), "count"),
        (changed(location__attempts=[{"at": "2026-03-02T15:00:00Z", "count": 1.5}]), "count"),
        (changed(location__attempts=[{"count": 5}]), "at is missing"),
        (changed(location__last_attempt_at="2026-03-02T15:00:00"), "no offset"),
        (changed(contact__phone=13035550142), "contact.phone"),
        (changed(contact__opt_in_documented=None), "contact.opt_in_documented"),
        (changed(contact__dnd_voice=0), "contact.dnd_voice"),
        (changed(contact__opted_out_at=False), "contact.opted_out_at"),
        (changed(contact__blacklist_risk=""), "contact.blacklist_risk"),
        (changed(contact__blacklist_risk=True), "contact.blacklist_risk"),
        (changed(number_attempts=["2026-03-02"]), "number_attempts, entry 1"),
        (changed(rule_packs=["US-XX"]), "US-XX"),
        (changed(rule_packs=[7]), "there is no pack 7"),
        (changed(rule_packs="US-TX"), "rule_packs"),
    ],
)
def test_decide_says_which_fact_cannot_be_read(line, words):
    assert words in answer("decide", line)["error"]


def test_a_named_pack_narrows_and_an_unknown_one_names_the_known(monkeypatch):
    hours = parse_schedule({"tz": "contact", "days": {"mon": [["10:00", "18:00"]]}})
    monkeypatch.setitem(RULE_PACKS, "US-XX", RulePack("US-XX", hours))
    found = answer("decide", changed(rule_packs=["US-XX"]))
    assert found == {"decision": "defer", "until": "2026-03-02T17:00:00Z", "reasons": ["outside_hours"]}
    assert "US-XX" in answer("decide", changed(rule_packs=["US-YY"]))["error"]


@pytest.mark.parametrize(
    ("changes", "starts"),
    [
        ({"calls": 0}, []),
        ({"calls": 1, "queued_at": "2026-03-02T16:00:00.25Z"}, ["2026-03-02T16:00:00.250000Z"]),
        ({"calls": 2, "queued_at": "2026-03-03T02:59:55Z"}, ["2026-03-03T02:59:55Z", "2026-03-03T15:00:00Z"]),
        ({"calls": 1, "queued_at": "2026-03-08T05:00:00Z"}, ["2026-03-08T14:00:00Z"]),
    ],
)
def test_forecast_starts(changes, starts):
    assert answer("forecast_starts", {**FORECAST, **changes}) == {"starts": starts}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"calls": True}, "calls"),
        ({"calls": -1}, "calls"),
        ({"calls": 2.0}, "calls"),
        ({"calls": "3"}, "calls"),
        ({"calls": 10**9}, "1,000,000"),
        ({"queued_at": "2026-03-02T16:00:00"}, "no offset"),
        ({"location_timezone": "Denver"}, "location_timezone: 'Denver'"),
        ({"contact_zone": None}, "contact_zone"),
        ({"contact_zone": "Etc/Unknown"}, "contact_zone: 'Etc/Unknown'"),
    ],
)
def test_forecast_starts_says_what_cannot_be_read(changes, words):
    assert words in answer("forecast_starts", {**FORECAST, **changes})["error"]
