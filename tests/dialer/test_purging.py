"""Retention deletes old decisions and nothing else, and what stays can be checked as before."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from compliance import seal_checks, seals
from compliance.models import Book, ConsentEntry, Decision, Seal
from dialer.models import Attempt, Call
from dialer.placing import tick
from tests.compliance.decided import TEN, consenting, decided
from tests.factories import CallFactory, LocationFactory

pytestmark = pytest.mark.django_db
LATER = datetime(2032, 1, 1, tzinfo=UTC)


@pytest.fixture
def location():
    with time_machine.travel(TEN - timedelta(days=1)):
        location = LocationFactory()
    dialled, later = consenting(location, 2)
    with time_machine.travel(TEN, tick=False):
        CallFactory(location=location, contact=dialled)
        assert len(tick().orders) == 1
    decided(later, TEN + timedelta(days=300))
    for book in (Book.DECISIONS, Book.DIALS):
        seals.seal_up_to(book, 2**62, LATER)
    return location


def purge(**options: object) -> str:
    out = io.StringIO()
    call_command("purge_decisions", stdout=out, **options)
    return out.getvalue()


def test_old_decisions_go_and_the_chain_still_holds(location):
    with time_machine.travel(LATER):
        assert "1 decisions would be deleted" in purge(before=(TEN + timedelta(days=30)).date())
        assert Decision.objects.count() == 2
        assert "1 decisions deleted" in purge(before=(TEN + timedelta(days=30)).date(), yes=True)
        assert "0 decisions deleted" in purge(before=(TEN + timedelta(days=30)).date(), yes=True)
    assert Decision.objects.get().decided_at == TEN + timedelta(days=300)
    assert (Attempt.objects.count(), Call.objects.count()) == (0, 1)
    assert ConsentEntry.objects.count() == 2
    assert Seal.objects.filter(purged_at=None).count() == 1
    chain, deviations = seal_checks.check(Book.DECISIONS, location)
    assert list(deviations) == []
    assert chain.seals == 2
    chain, deviations = seal_checks.check(Book.DIALS, location)
    assert (list(deviations), chain.seals) == ([], 1)


def test_nothing_goes_before_it_is_five_years_old(location):
    with time_machine.travel(TEN + timedelta(days=365)), pytest.raises(CommandError, match="five years"):
        purge(before=(TEN + timedelta(days=30)).date(), yes=True)
    assert Decision.objects.count() == 2


def test_the_database_still_refuses_to_delete_the_others(location):
    with time_machine.travel(LATER):
        purge(before=(TEN + timedelta(days=30)).date(), yes=True)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM compliance_decision")
