"""The carrier's callbacks through the front door: any order, any number of times, forged or late, one end."""

from itertools import permutations
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.database import is_postgresql
from dialer.models import Attempt, AttemptState, Call
from dialer.placing import tick
from dialer.states import ENDED, RANK, State
from telephony.models import CarrierEvent
from tests.dialer.carrier import machine_fields, post, status_fields
from tests.dialer.conftest import NOON
from tests.factories import CallFactory, CarrierAccountFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def attempt() -> Attempt:
    CallFactory()
    tick()
    return Attempt.objects.select_related("account", "call").get()


def deliver(attempt: Attempt, kind: str, fields: dict[str, str]) -> int:
    return post(kind, attempt.token, attempt.account.auth_token, fields)


def story(attempt: Attempt, *, machine: bool = False) -> list[tuple[str, dict[str, str]]]:
    return [
        ("status", status_fields(attempt, "ringing", 1, NOON)),
        ("status", status_fields(attempt, "in-progress", 2, NOON)),
        ("status", status_fields(attempt, "completed", 3, NOON, CallDuration="31")),
        ("amd", machine_fields(attempt, "machine_start" if machine else "human")),
    ]


def end(call: Call) -> dict[str, object]:
    call.refresh_from_db()
    names = (
        "state",
        "disposition",
        "answered_by",
        "answered_at",
        "ended_at",
        "talk_seconds",
        "failure_code",
        "failure_detail",
    )
    return {name: getattr(call, name) for name in names}


@pytest.mark.parametrize("machine", [False, True])
@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_every_order_of_the_events_ends_the_same(attempt, order, machine):
    events = story(attempt, machine=machine)
    ranks = [RANK[State.CALLING]]
    for index in order:
        assert deliver(attempt, *events[index]) == 204
        state = State(Call.objects.get().state)
        if ranks[-1] >= RANK[State.COMPLETED]:
            assert state in ENDED
        ranks.append(RANK[state])

    assert ranks == sorted(ranks)
    assert end(attempt.call) == {
        "state": "voicemail" if machine else "completed",
        "disposition": "voicemail" if machine else "connected",
        "answered_by": "machine_start" if machine else "human",
        "answered_at": NOON.replace(second=2),
        "ended_at": NOON.replace(second=3),
        "talk_seconds": 31,
        "failure_code": "",
        "failure_detail": "",
    }


def test_a_doubled_event_changes_nothing_and_is_counted(attempt):
    for kind, fields in story(attempt):
        for _ in range(3):
            assert deliver(attempt, kind, fields) == 204

    assert CarrierEvent.objects.count() == 4
    assert set(CarrierEvent.objects.values_list("deliveries", flat=True)) == {3}
    assert attempt.call.events.count() == 3


def test_a_late_machine_verdict_still_leads_to_the_retry(attempt):
    from dialer.results import analyse

    for kind, fields in story(attempt, machine=True)[:3]:
        deliver(attempt, kind, fields)
    analyse(attempt.call_id)
    assert not Call.objects.filter(parent=attempt.call).exists()

    deliver(attempt, "amd", machine_fields(attempt, "machine_start"))
    analyse(attempt.call_id)

    assert Call.objects.get(parent=attempt.call).origin == "retry"


def test_a_callback_costs_five_statements_and_a_late_one_fewer(attempt):
    """Hundreds come in a second: each statement more is felt."""
    tokens = attempt.account.auth_token
    post("status", attempt.token, tokens, status_fields(attempt, "queued", 0, NOON))

    def statements(status: str, sequence: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            deliver(attempt, "status", status_fields(attempt, status, sequence, NOON))
        # A prepared statement has no text of its own to show.
        return sum("SAVEPOINT" not in (query["sql"] or "") for query in queries)

    assert statements("in-progress", 3) == 5
    assert statements("ringing", 2) == 2
    assert statements("ringing", 2) == 1


def test_an_event_that_comes_before_the_carriers_answer_adopts_the_dial(attempt):
    deliver(attempt, "status", status_fields(attempt, "initiated", 0, NOON))

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.ACCEPTED
    assert attempt.sid == "CA" + attempt.token[:32]


@pytest.mark.parametrize(
    ("status", "state", "disposition"),
    [
        ("busy", "busy", "no_answer"),
        ("no-answer", "no_answer", "no_answer"),
        ("failed", "failed", "failed"),
        ("canceled", "canceled", "canceled"),
    ],
)
def test_each_end_has_its_state_and_disposition(attempt, status, state, disposition):
    deliver(attempt, "status", status_fields(attempt, status, 2, NOON, SipResponseCode="404"))

    call = Call.objects.get()
    assert (call.state, call.disposition) == (state, disposition)
    assert call.failure_code == ("404" if status == "failed" else "")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda fields, attempt: {"signature": ""},
        lambda fields, attempt: {"signature": "bm90IHRoZSBzaWduYXR1cmU="},
        lambda fields, attempt: {"auth_token": "wrong"},
        lambda fields, attempt: {"fields": {**fields, "AccountSid": "AC" + "9" * 32}},
    ],
)
def test_a_forged_event_costs_no_query_and_changes_nothing(attempt, spoil):
    fields = status_fields(attempt, "completed", 3, NOON)
    post(
        "status", attempt.token, attempt.account.auth_token, fields, signature=""
    )  # Reads the accounts once.
    given = {"auth_token": attempt.account.auth_token, "fields": fields, **spoil(fields, attempt)}

    with CaptureQueriesContext(connection) as queries:
        code = post("status", attempt.token, **given)

    assert code == 403
    assert len(queries) == 0
    assert not CarrierEvent.objects.exists()


def test_another_accounts_valid_signature_opens_nothing(attempt):
    stranger = CarrierAccountFactory()
    fields = {**status_fields(attempt, "completed", 3, NOON), "AccountSid": stranger.account_sid}

    assert post("status", attempt.token, stranger.auth_token, fields) == 403
    assert not CarrierEvent.objects.exists()
    assert Call.objects.get().state == "calling"


def test_another_accounts_equal_event_does_not_pass_for_ours(attempt):
    """It names our call at a token of its own and comes first; ours is no repetition of it."""
    stranger = CarrierAccountFactory()
    fields = status_fields(attempt, "completed", 3, NOON)
    theirs = {**fields, "AccountSid": stranger.account_sid}

    assert post("status", "0" * 40, stranger.auth_token, theirs) == 204
    assert post("status", "0" * 40, attempt.account.auth_token, fields) == 204
    assert deliver(attempt, "status", fields) == 204

    assert Call.objects.get().state == "completed"
    assert list(CarrierEvent.objects.order_by("pk").values_list("known", "deliveries")) == [
        (False, 1),
        (False, 1),
        (True, 1),
    ]


def test_a_signature_for_another_address_is_refused(attempt):
    from twilio.request_validator import RequestValidator

    from telephony.addresses import callback_url

    fields = status_fields(attempt, "completed", 3, NOON)
    replayed = RequestValidator(attempt.account.auth_token).compute_signature(
        callback_url("amd", attempt.token), fields
    )

    assert post("status", attempt.token, attempt.account.auth_token, fields, signature=replayed) == 403


def test_an_unknown_token_is_kept_and_answered(attempt):
    token = "0" * 40

    assert (
        post("status", token, attempt.account.auth_token, status_fields(attempt, "completed", 1, NOON)) == 204
    )

    assert CarrierEvent.objects.get().known is False


def test_a_large_body_is_refused_unread(client):
    response = client.post(
        "/voice/status/" + "0" * 40, data=b"x" * 70_000, content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 413


def test_a_recording_is_noted(attempt):
    fields = {
        "AccountSid": attempt.account.account_sid,
        "CallSid": "CA" + attempt.token[:32],
        "RecordingSid": "RE" + "1" * 32,
        "RecordingStatus": "completed",
        "RecordingDuration": "31",
    }

    assert deliver(attempt, "recording", fields) == 204

    call = Call.objects.get()
    assert (call.recording_sid, call.recording_seconds) == ("RE" + "1" * 32, 31)


@pytest.mark.django_db(transaction=True)
def test_a_callback_that_meets_a_migration_is_not_lost(noon):
    """A migration holds the calls and then wants the dials, which the callback holds: PostgreSQL breaks one off."""
    if not is_postgresql():
        return  # SQLite locks the whole file: nobody holds a part of it and waits for another.
    CallFactory()
    tick()
    attempt = Attempt.objects.select_related("account", "call").get()
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'dialer_call'::regclass"
    answers: list[int] = []

    def call_back() -> None:
        try:
            answers.append(deliver(attempt, "status", status_fields(attempt, "in-progress", 1, NOON)))
        finally:
            connection.close()

    with transaction.atomic(), connection.cursor() as migration:
        migration.execute("SET LOCAL lock_timeout = 0")
        migration.execute("LOCK TABLE dialer_call IN ACCESS EXCLUSIVE MODE")
        callback = Thread(target=call_back)
        callback.start()
        found = 0
        while not found:
            migration.execute(waits)
            (found,) = migration.fetchone()
        migration.execute("LOCK TABLE dialer_attempt IN ACCESS EXCLUSIVE MODE")
    callback.join()
    assert answers == [204]
    attempt.call.refresh_from_db()
    assert attempt.call.state == State.IN_PROGRESS
