"""Rows 3 to 7: events that come doubled, at once, in any order, late, or before our own commit, at the running web."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from django.db import connection
from django.utils.timezone import now
from twilio.request_validator import RequestValidator

from compliance.models import LocationDay, NumberDay
from dialer.models import Attempt, Call, CallEvent, Origin
from dialer.placing import tick
from dialer.results import analyse
from dialer.states import RANK, State
from telephony.addresses import callback_url
from telephony.models import CarrierEvent
from tests.faults.conftest import Theatre, scaled

ORDERS = scaled(12, 400)
Delivery = tuple[str, dict[str, str]]
_client = httpx.Client(timeout=30)


def events_of(attempt: Attempt, began: datetime) -> list[Delivery]:
    """What the carrier says of a call that a machine took, recorded, in its true order."""
    common = {"AccountSid": attempt.account.account_sid, "CallSid": "CA" + attempt.token[:32]}

    def status(word: str, sequence: int, **more: str) -> Delivery:
        at = format_datetime(began + timedelta(seconds=sequence))
        return "status", {
            **common,
            "CallStatus": word,
            "SequenceNumber": str(sequence),
            "Timestamp": at,
            **more,
        }

    recording = {"RecordingSid": "RE" + attempt.token[:32], "RecordingDuration": "17"}
    return [
        status("initiated", 0),
        status("ringing", 1),
        status("in-progress", 2),
        ("amd", {**common, "AnsweredBy": "machine_start", "MachineDetectionDuration": "2100"}),
        status("completed", 3, CallDuration="18", SipResponseCode="200"),
        ("recording", {**common, **recording, "RecordingStatus": "completed"}),
        ("action", {**common, "SessionId": "VX" + attempt.token[:32], "SessionStatus": "completed"}),
    ]


def deliver(attempt: Attempt, delivery: Delivery) -> int:
    kind, fields = delivery
    url = callback_url(kind, attempt.token)  # type: ignore[arg-type]
    signature = RequestValidator(attempt.account.auth_token).compute_signature(url, fields)
    return _client.post(url, data=fields, headers={"X-Twilio-Signature": signature}).status_code


def at_once(attempt: Attempt, deliveries: Sequence[Delivery]) -> list[int]:
    answers: list[int] = []
    together([lambda each=each: answers.append(deliver(attempt, each)) for each in deliveries])
    return answers


def together(what: Sequence[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=each) for each in what]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def rows(attempt: Attempt) -> dict[str, Any]:
    """Everything about the call that events may change, without what names it."""
    call = Call.objects.values(
        "state", "disposition", "failure_code", "failure_detail", "answered_by", "recording_seconds", "answered_at",
        "ended_at", "talk_seconds", "reasons", "held",
    ).get(pk=attempt.call_id)  # fmt: skip
    dial = Attempt.objects.values(
        "state", "carrier_status", "answered_by", "error_code", "error_message", "ended_at"
    ).get(pk=attempt.pk)
    kept = CarrierEvent.objects.filter(token=attempt.token, known=True).count()
    return {
        "call": call,
        "dial": dial,
        "kept": kept,
        "dials": Attempt.objects.filter(call=attempt.call_id).count(),
    }


@pytest.fixture(scope="module")
def attempts(theatre: Theatre) -> list[Attempt]:
    """Dials that were reserved and never sent: the events below are all that is heard of them."""
    theatre.scenery.make(ORDERS + 3, 1)
    made = 0
    while orders := tick().orders:
        made += len(orders)
    assert made == ORDERS + 3
    return list(Attempt.objects.select_related("account", "call").order_by("pk"))


@pytest.fixture(scope="module")
def began() -> datetime:
    return now().replace(microsecond=0)


@pytest.fixture(scope="module")
def expected(attempts: list[Attempt], began: datetime) -> dict[str, Any]:
    """The end when each event comes once, in order."""
    for delivery in events_of(attempts[0], began):
        assert deliver(attempts[0], delivery) in (200, 204)
    found = rows(attempts[0])
    assert (found["call"]["state"], found["kept"]) == ("voicemail", 7)
    return found


def test_doubled_events_in_any_order_and_at_once_end_the_same(
    attempts: list[Attempt], began: datetime, expected: dict[str, Any]
) -> None:
    chance = random.Random(3)
    for attempt in attempts[1 : ORDERS + 1]:
        deliveries = [each for each in events_of(attempt, began) for _ in range(chance.randint(1, 5))]
        chance.shuffle(deliveries)
        while deliveries:
            count = chance.randint(1, 8)
            part, deliveries = deliveries[:count], deliveries[count:]
            assert set(at_once(attempt, part)) <= {200, 204}
        assert rows(attempt) == expected


def test_what_follows_from_doubled_events_happens_once(
    attempts: list[Attempt], expected: dict[str, Any]
) -> None:
    """The analysis of each call is asked for by three tasks at once, as a doubled event or a doubled task would."""
    calls = [attempt.call_id for attempt in attempts[: ORDERS + 1]]
    assert not Call.objects.filter(parent__in=calls).exists()

    def analyse_all(order: list[int]) -> None:
        for call_id in order:
            analyse(call_id)
        connection.close()

    together([lambda: analyse_all(calls), lambda: analyse_all(calls), lambda: analyse_all(calls[::-1])])

    assert not Call.objects.filter(pk__in=calls, analysed_at=None).exists()
    followed = Counter(Call.objects.filter(parent__in=calls).values_list("parent", "origin"))
    assert followed == {(call_id, Origin.RETRY): 1 for call_id in calls}
    for attempt in attempts[: ORDERS + 1]:
        assert NumberDay.objects.filter(attempt_token=attempt.token).count() == 1
    assert set(LocationDay.objects.values_list("dialled", flat=True)) == {1}
    moves = Counter(CallEvent.objects.filter(call__in=calls).values_list("call", "to_state"))
    assert set(moves.values()) == {1}


def test_no_state_ever_went_back(attempts: list[Attempt], expected: dict[str, Any]) -> None:
    for call_id in Call.objects.values_list("pk", flat=True):
        ranks = [RANK[State(move.to_state)] for move in CallEvent.objects.filter(call=call_id).order_by("pk")]
        assert ranks == sorted(ranks)


def test_events_that_come_before_our_own_answer_adopt_the_dial(
    attempts: list[Attempt], began: datetime
) -> None:
    attempt = attempts[ORDERS + 1]
    assert (attempt.sid, attempt.state) == (None, "reserved")

    assert deliver(attempt, events_of(attempt, began)[0]) == 204

    attempt.refresh_from_db()
    assert (attempt.sid, attempt.state) == ("CA" + attempt.token[:32], "accepted")


def test_every_event_that_was_answered_is_kept(theatre: Theatre, attempts: list[Attempt]) -> None:
    assert [breach for breach in theatre.breaches() if breach.rule in ("events kept", "states forward")] == []
