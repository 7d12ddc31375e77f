"""What an archive says of itself switches no check off: its format, its period, and which dials were refused."""

import json
from collections import deque
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from compliance import audit, editions, ledger, seals
from compliance.models import Book, Decision
from dialer import records
from dialer.models import Attempt
from dialer.placing import tick
from dialer.seats import Settled
from dialer.settling import settle_all
from telephony import client
from tests.compliance import decided
from tests.compliance.archived import HOUR, on_line, on_lines, sealed_archive, tampered, verify
from tests.compliance.decided import TEN, consenting
from tests.factories import CallFactory, LocationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def location():
    with time_machine.travel(TEN - timedelta(days=1)):
        return LocationFactory(name="Denver")


@pytest.fixture
def archive(location, tmp_path):
    return sealed_archive(location, tmp_path)


def claiming(archive: Path, **claims: object) -> Path:
    return tampered(
        archive, "manifest.json", lambda content: json.dumps({**json.loads(content), **claims}).encode()
    )


def kept(archive: Path) -> Path:
    """Under a name that the next forgery does not take."""
    return archive.replace(archive.with_name("forged.zip"))


def test_an_archive_cannot_claim_an_older_format_than_its_engine_wrote(archive):
    for claimed in (1, 2, 3):
        code, lines, said = verify(claiming(archive, format=claimed))
        assert code == 1
        (named,) = [line for line in lines if line.startswith("manifest.json: it says format")]
        assert named.endswith("engine 9, which made its decisions, writes format 4 or newer"), said
    for unknown in (0, 5, "4"):
        code, _, said = verify(claiming(archive, format=unknown))
        assert code == 2
        assert f"Its format {unknown} is none that this program knows" in said


def test_a_decision_names_the_engine_of_its_rules(archive, location):
    older = on_line(0, lambda row: row.update(engine="8"))
    _, _, said = verify(tampered(archive, f"locations/{location.code}/decisions.jsonl", older))
    assert "engine: it says 8, and its rules are of 9" in said


def test_an_archive_of_an_older_engine_may_be_of_its_format(location, tmp_path, monkeypatch):
    """Made before dials were sealed; it says what that leaves open."""
    for module in (editions, records, decided):
        monkeypatch.setattr(module, "ENGINE", "8")
    monkeypatch.setattr(editions, "current", editions.current.__wrapped__)
    older = editions.current()
    monkeypatch.setattr(editions, "current", lambda: older)
    archive = sealed_archive(location, tmp_path)
    assert set(Decision.objects.values_list("engine", flat=True)) == {"8"}
    for claimed in (3, 2, 1):
        code, _, said = verify(claiming(archive, format=claimed))
        assert code == 0, said
        assert "Rows under hourly seals: consent, decisions." in said
        assert "that no dial was changed, dropped or put in: it was made before" in said.splitlines()[-1]


def test_what_is_sealed_beside_the_period_is_named(archive, location):
    first, second = TEN - HOUR * 24, TEN - HOUR * 17
    moved = claiming(archive, period={"start": first.isoformat(), "end": second.isoformat()})
    code, lines, said = verify(moved)
    assert code == 1
    for book, count in (("decisions", 3), ("dials", 1)):
        where = f"locations/{location.code}/{book}.jsonl: seal "
        named = [line for line in lines if line.startswith(where) and "nor next to it" in line]
        assert len(named) == count, said
    assert f"of the period from {first.isoformat()} to {second.isoformat()}" in said
    assert "In that period: 0 decisions, 0 rows of dials; in the hours next to it: 8 and 6." in said


def test_sealed_dials_are_checked_whatever_the_period(archive, location):
    """The end cut to an hour that one seal more is next to: both seals of dials may be there, and all dials are due."""
    base, cut = f"locations/{location.code}", TEN + HOUR / 2
    period = {"start": (TEN - HOUR * 24).isoformat(), "end": cut.isoformat()}
    forged = kept(claiming(archive, period=period))
    for name in ("attempts", "calls"):
        forged = kept(tampered(forged, f"{base}/{name}.jsonl", lambda content: b""))
    _, lines, said = verify(forged)
    told = [line for line in lines if line.endswith("attempts.jsonl does not say what became of it")]
    unused = [line for line in lines if line.endswith("it allows one, and the archive has none for it")]
    assert (len(told), len(unused)) == (6, 6), said


def test_an_honest_archive_of_any_hours_has_no_deviation(archive, location, tmp_path):
    """Whether the hours before and behind it hold decisions, dials, or nothing."""
    path = tmp_path / "hours.zip"
    for first, last in ((-1, 0), (0, 1), (1, 2), (3, 5)):
        with time_machine.travel(TEN + 26 * HOUR), path.open("wb") as file:
            audit.export(file, location.organization, [location], TEN + first * HOUR, TEN + last * HOUR)
        code, _, said = verify(path)
        assert code == 0, said


def attempts(location) -> str:
    return f"locations/{location.code}/attempts.jsonl"


def calls(location) -> str:
    return f"locations/{location.code}/calls.jsonl"


REFUSED = {"state": "refused", "error_code": "21211", "settled_at": "2026-03-03T17:00:01.000000Z"}


def test_a_refused_dial_is_one_that_the_carrier_did_not_take(archive, location):
    unrecorded, taken = "and not when and with which code", "has what only a dial that the carrier took has: "
    for changes, named in (
        ({"state": "refused"}, unrecorded),
        ({**REFUSED, "settled_at": None}, unrecorded),
        ({**REFUSED, "sid": "CA0"}, taken + "sid"),
        (
            {**REFUSED, "answered_by": "human", "carrier_status": "busy"},
            taken + "carrier_status, answered_by",
        ),
    ):
        forged = tampered(archive, attempts(location), on_line(0, lambda row, of=changes: row.update(of)))
        code, lines, said = verify(forged)
        assert code == 1
        assert sum(named in line for line in lines) == 1, said


def test_a_refused_dial_did_not_ring_by_its_call_either(archive, location):
    forged = kept(tampered(archive, attempts(location), on_line(0, lambda row: row.update(REFUSED))))
    for changes in (
        {"talk_seconds": 50},
        {"answered_at": "2026-03-03T17:00:09.000000Z"},
        {"state": "no_answer", "disposition": "no_answer"},
    ):
        change = on_line(0, lambda row, of=changes: row.update(of))
        code, lines, said = verify(tampered(forged, calls(location), change))
        assert code == 1
        assert sum("and its call was connected or rang" in line for line in lines) == 1, said


def test_calls_are_held_against_dials_and_decisions(archive, location):
    other, none = (
        "calls: its dial was to another number or from",
        "calls: attempts.jsonl has no dial of it from then",
    )
    for changes, named in (
        ({"phone": "+13035550100"}, other),
        ({"from_number": "+13035550100"}, other),
        ({"id": 10**6}, none),
        ({"started_at": "2026-03-03T17:00:01.000000Z"}, none),
        ({"started_at": None}, "calls: it was neither dialled nor refused"),
        (
            {"disposition": "rejected", "ended_at": "2026-03-03T17:00:01Z"},
            "no decision in the archive refuses it",
        ),
    ):
        change = on_line(0, lambda row, of=changes: row.update(of))
        code, lines, said = verify(tampered(archive, calls(location), change))
        assert code == 1
        assert sum(named in line for line in lines) == 1, said
    _, lines, said = verify(tampered(archive, calls(location), on_lines(lambda lines: lines.pop(0))))
    assert sum("calls.jsonl has no call that was dialled then" in line for line in lines) == 1, said


def test_refused_dials_and_rejected_calls_that_are_honest_do_not_deviate(location, tmp_path):
    """One that the carrier refused for good, one that was dialled anew in another hour, one that a rule rejected."""
    first, second, third = consenting(location, 3)
    answers = [
        client.Refused("21211", "No such number"),
        client.NotNow("Busy"),
        client.Placed("CA" + "1" * 32),
    ]
    with time_machine.travel(TEN, tick=False) as clock:
        agent = CallFactory(location=location, contact=first).agent
        CallFactory(location=location, contact=second, agent=agent)
        for answer in answers:
            ((_, order),) = tick().orders
            settle_all(deque([Settled(order.token, answer, TEN)]))
            clock.shift(timedelta(minutes=25))
        given = {"organization": location.organization, "phone": third.phone, "location": location}
        ledger.opt_out(**given, source="staff", evidence="Said no")
        clock.shift(timedelta(minutes=10))
        CallFactory(location=location, contact=third, agent=agent)
        assert tick().orders == []
    assert sorted(Attempt.objects.values_list("state", flat=True)) == ["accepted", "refused", "refused"]
    path = tmp_path / "honest.zip"
    with time_machine.travel(TEN + 24 * HOUR):
        for book in Book.values:
            seals.seal_up_to(book, 2**62, TEN + 24 * HOUR)
        for first_hour, last_hour in ((0, 1), (1, 2), (0, 23)):
            with path.open("wb") as file:
                hours = (TEN + first_hour * HOUR, TEN + last_hour * HOUR)
                audit.export(file, location.organization, [location], *hours)
            code, _, said = verify(path)
            assert code == 0, said
