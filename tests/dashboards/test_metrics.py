"""What /metrics tells: this process, and the installation as the database knows it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from django.utils.timezone import now
from django_q.models import OrmQ

from accounts.database import is_postgresql
from dashboards import installation
from dialer import baton, drain
from dialer.models import Attempt, AttemptState, Baton, Call
from dialer.placing import Moment, tick
from dialer.seats import Seats
from dialer.tally import Tally
from telephony.client import Placed
from tests.factories import CallFactory, CarrierAccountFactory, ContactFactory

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=ZoneInfo("America/Denver")).astimezone(UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON):
        yield


def figures(client: Client, **headers: str) -> dict[str, float]:
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 200
    lines = response.content.decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


@pytest.mark.django_db
def test_an_installation_where_nothing_happened_yet_counts_nothing(client):
    OrmQ.objects.all().delete()
    found = figures(client)
    assert found["parley_database_up"] == 1
    assert found["parley_decisions_total"] == found["parley_dials_total"] == found["parley_seats_busy"] == 0
    assert found['parley_dials_open{state="unknown"}'] == found["parley_accounts_halted"] == 0
    assert found['parley_task_wait_seconds{cluster="dialer"}'] == 0
    assert "parley_drain_beat_age_seconds" not in found
    assert "process_start_time_seconds" in found
    assert ("parley_transaction_age_seconds" in found) == is_postgresql()


@pytest.mark.django_db(transaction=True)
def test_what_a_drain_did_is_told_by_a_process_that_is_no_drain(client, monkeypatch):
    first = CallFactory()
    CallFactory(contact=ContactFactory(consent=False))
    monkeypatch.setattr("dialer.drain.Clocks.moment", lambda clocks: Moment())
    monkeypatch.setattr(drain, "Seats", lambda size: Seats(size, lambda order: Placed("CA" + "1" * 32)))

    drain.run(budget_seconds=1.5)

    found = figures(client)
    assert (found["parley_decisions_total"], found["parley_dials_total"]) == (2, 1)
    assert found["parley_seats_busy"] == 0
    assert 0 <= found["parley_drain_beat_age_seconds"] < 60
    assert found['parley_dials_open{state="accepted"}'] == 1
    assert Attempt.objects.get().call == first


@pytest.mark.django_db
def test_two_drains_add_up_and_a_failed_write_loses_nothing(client, monkeypatch):
    baton.take()
    CallFactory()
    done = tick()
    one, other = Tally(), Tally()
    one.add(done)
    other.add(done)
    with monkeypatch.context() as patch:
        patch.setattr(Baton.objects, "filter", lambda **_: (_ for _ in ()).throw(DatabaseError("away")))
        with pytest.raises(DatabaseError):
            one.write(3)
    one.write(3)
    one.write(3)
    other.write(5)
    found = figures(client)
    assert (found["parley_decisions_total"], found["parley_dials_total"]) == (2, 2)
    assert found["parley_seats_busy"] == 5
    assert not one.is_unwritten(3)
    assert one.is_unwritten(0)


@pytest.mark.django_db
def test_what_an_operator_is_to_be_woken_for_shows(client):
    CarrierAccountFactory(halted_at=now())
    CarrierAccountFactory()
    OrmQ.objects.all().delete()
    OrmQ.objects.create(key="dialer", payload="", lock=now() - timedelta(seconds=100))
    OrmQ.objects.create(key="dialer", payload="", lock=now() + timedelta(seconds=100))
    long_ago = now() - timedelta(minutes=6)
    for ended_at in (long_ago, now()):
        CallFactory(state="completed", started_at=long_ago, ended_at=ended_at)
    CallFactory()
    tick()
    Attempt.objects.update(state=AttemptState.UNKNOWN)

    found = figures(client)

    assert found["parley_accounts_halted"] == 1
    assert 100 <= found['parley_task_wait_seconds{cluster="dialer"}'] < 160
    assert found['parley_task_wait_seconds{cluster="parley"}'] == 0
    assert found["parley_calls_not_analysed"] == 1
    assert found['parley_dials_open{state="unknown"}'] == 1
    assert Call.objects.count() == 3


@pytest.mark.django_db
def test_a_database_that_does_not_answer_leaves_the_figures_of_the_process(client, monkeypatch):
    def away() -> None:
        raise DatabaseError("the server closed the connection")

    monkeypatch.setattr(installation, "drains", away)
    found = figures(client)
    assert found["parley_database_up"] == 0
    assert "parley_decisions_total" not in found
    assert "process_start_time_seconds" in found


@pytest.mark.django_db
def test_a_scrape_asks_few_questions_however_many_calls_there_are(client, django_assert_num_queries):
    for _ in range(3):
        CallFactory()
    tick()
    with django_assert_num_queries(6 if is_postgresql() else 5):
        figures(client)


def test_only_this_machine_or_the_bearer_of_the_token_may_ask(client, settings):
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403
    settings.METRICS_TOKEN = "a-long-one"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 403
