"""Hundreds of calls in English and Spanish, and what each must lead to: the tables followups_*.txt.

A line starting with @ sets the scene for those below it: language, country, end of the call in its zone, call status.
Every other line is `what was said => what it leads to`. What was said is one request ("tomorrow at 3", asked for by
the contact) or turns `a:` (agent) and `c:` (contact) parted by " / ". What it leads to is any of:

    none | retry                  nothing to schedule; the one retry after 48 hours
    03-05T16:00 | +24h | +7d      an exact time (with its offset when one is written), or that long after the call
    03-05T09:00..12:00 | 2-3d     a window; two to three days later
    03-05                         that day, whatever the hour; `03-05>` that day or one of the next sixty
    03-05T17:00+ | 03-05<12:00    from that time on; a window that ends then
    03-05pm | 03-05eve | 03-05first    a window in the afternoon, in the evening; from eight or nine
    any | null                    a follow-up at some time; one without a time, too far away to schedule
    high medium low, an outcome, num= name= role= risk=    ("-" for none, "_" for a space)
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from voiceagents.understanding.followup import Confidence, FollowUp, Outcome, Turn, detect_followup

pytestmark = pytest.mark.once

ASKED = {"en": "Call me {}", "es": "Llámeme {}"}
UTC = ZoneInfo("UTC")


def calls(name):
    """(what was said, what it leads to, reference, what was concluded) of every line of the table."""
    for line in (Path(__file__).parent / name).read_text("utf-8").splitlines():
        if line.startswith("@"):
            _, language, region, at, zone_name, status = line.split()
            zone = ZoneInfo(zone_name)
            reference = datetime.fromisoformat(at).replace(tzinfo=zone)
            continue
        said, expected = line.split("=> ")
        found = detect_followup(turns(said.strip(), language), status, reference, zone, language, region)
        yield said, expected.split(), reference, found


def turns(said, language):
    if not re.match(r"[ac]:|$", said):
        said = "c:" + ASKED[language].format(said)
    return [
        Turn("agent" if turn[0] == "a" else "contact", turn[2:].strip()) for turn in said.split(" / ") if turn
    ]


def leads_to(token: str, found: FollowUp, reference: datetime) -> bool:
    if token in get_args(Confidence):
        return found.confidence == token
    if token in get_args(Outcome):
        return found.outcome == token
    if "=" in token:
        return holds(found, *token.split("="))
    if token == "none":
        return (found.follow_up, found.kind, found.when) == (False, None, None)
    if token == "retry":
        unreached = (found.kind, found.confidence, found.outcome) == ("retry", "low", "busy_voicemail")
        return unreached and after(found, reference, 48)
    if found.kind != "followup" or not found.follow_up:
        return False
    if found.when is None or token in ("any", "null"):
        return token == "any" or (token == "null" and found.when is None)
    if token == "+24h":
        return after(found, reference, 24)
    start, end = found.when.start, found.when.end
    if token == "+7d":  # a week keeps the time of day across a clock change
        return end is None and start == reference + timedelta(days=7)
    if token == "2-3d":
        return end is not None and ((start.date() - reference.date()).days, (end - start).days) == (2, 1)
    return is_at(token, start, end, reference)


def holds(found, key, value):
    wanted = None if value == "-" else value.replace("_", " ")
    if key == "risk":
        return (found.blacklist_risk, found.blacklist) == (wanted, wanted is not None)
    return {
        "num": found.alternative_number, "name": found.alternative_name, "role": found.alternative_role
    }[key] in (wanted, wanted and wanted.lower())  # fmt: skip


def after(found, reference, hours):
    elapsed = found.when.start.astimezone(UTC) - reference.astimezone(UTC)
    return found.when.end is None and elapsed == timedelta(hours=hours)


def is_at(token, start, end, reference):
    day, rest = token[:5], token[5:]
    if rest == ">":
        return f"{start:%m-%d}" >= day and start - reference < timedelta(days=60)
    if f"{start:%m-%d}" != day:
        return False
    if rest == "":
        return True
    if rest.startswith("<"):
        return end is not None and f"{end:%m-%d}<{end:%H:%M}" == token
    if rest == "first":
        return start.hour in (8, 9) and start.minute == 0 and (end is None or end.hour <= 12)
    if rest in ("pm", "eve"):
        first, last = (range(12, 17), range(16, 22)) if rest == "pm" else (range(17, 21), range(19, 23))
        return start.hour in first and end is not None and end.hour in last
    if rest.endswith("+"):
        return f"T{start:%H:%M}+" == rest
    if ".." in rest:
        return end is not None and f"T{start:%H:%M}..{end:%H:%M}" == rest and end.date() == start.date()
    said = start.isoformat()
    return end is None and rest in (said[10:16], said[10:16] + said[19:])


@pytest.mark.parametrize("table", ["followups_english.txt", "followups_spanish.txt"])
def test_every_call_leads_to_what_the_table_says(table):
    wrong = []
    for said, expected, reference, found in calls(table):
        if missed := [token for token in expected if not leads_to(token, found, reference)]:
            when = found.when and f"{found.when.start.isoformat()} {found.when.end or ''}"
            wrong.append(f"{said}: not {' '.join(missed)} but {when}, {found}")
    assert not wrong, "\n".join(wrong)
