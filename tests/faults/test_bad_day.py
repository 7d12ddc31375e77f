"""Rows 1 to 4, 7, 11, 12 and 18 at once, on SQLite: drains die, the carrier fails, events come doubled, late or never.

And people opt out while they are dialled. What each fault does by itself on PostgreSQL, the other modules show.
"""

from collections import Counter

import pytest
from django.db.models import Q

from compliance import ledger
from compliance.models import ConsentEntry, ConsentKind, ConsentSource
from dialer.models import Attempt, Call
from tests.faults.conftest import Theatre, scaled
from tests.faults.evidence import carrier_log
from tests.stack import Databases

LOCATIONS, CALLS_EACH = scaled(20, 60), scaled(3, 40)
DEATHS = scaled(4, 100)
OPT_OUTS = scaled(8, 200)


@pytest.fixture(scope="module")
def databases(sqlite_databases: Databases) -> Databases:
    return sqlite_databases


@pytest.fixture(scope="module")
def deaths(theatre: Theatre) -> Counter[str]:
    """The whole day; how often a drain died, by where."""
    scene = theatre.scenery.make(LOCATIONS, CALLS_EACH)
    theatre.scenery.bad_day(scene)
    theatre.scenery.spread_slots()
    waiting = scene.calls.filter(state="queued")
    with theatre.drains("--width", "2", "--chance", "0.3", "--kill-every", "6", "--seed", "2") as deaths:
        for call in scene.calls.order_by("-pk")[:OPT_OUTS]:
            before = Attempt.objects.count()
            theatre.wait(
                lambda before=before: Attempt.objects.count() > before or not waiting.exists(), "another dial"
            )
            ledger.opt_out(
                organization=scene.account.organization,
                phone=call.phone,
                location=call.location,
                source=ConsentSource.WEB,
                evidence="Said on the page",
            )
        theatre.wait(lambda: deaths().total() >= DEATHS or not waiting.exists(), "enough deaths")
        counted = deaths()
    with theatre.drains("--width", "1"):
        theatre.settle()
    return counted


def test_no_breach_on_a_bad_day(theatre: Theatre, deaths: Counter[str]) -> None:
    assert theatre.breaches() == []


def test_it_was_a_bad_day(theatre: Theatre, deaths: Counter[str]) -> None:
    assert deaths.total() >= DEATHS
    met = Counter(entry["fault"] for entry in carrier_log(theatre.stack) if entry.get("fault"))
    print("deaths:", dict(deaths), "faults:", dict(met))
    assert len(met) >= 4


def test_whoever_opted_out_is_not_planned_any_more(theatre: Theatre, deaths: Counter[str]) -> None:
    gone = ConsentEntry.objects.filter(kind=ConsentKind.REVOKED).values("phone")
    assert Call.objects.filter(phone__in=gone).count() == OPT_OUTS
    assert not Call.objects.filter(
        Q(phone__in=gone) & Q(state__in=("created", "scheduled", "queued"))
    ).exists()


def test_every_number_was_dialled_or_says_why_not(theatre: Theatre, deaths: Counter[str]) -> None:
    assert theatre.undialled(Call.objects.exclude(state="canceled")) == set()
