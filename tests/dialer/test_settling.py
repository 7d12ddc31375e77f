"""What becomes of a dial when the carrier refuses, is silent, or cannot be reached."""

from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from compliance.models import LocationDay, NumberDay
from dialer.callbacks import UNKNOWN_OUTCOME
from dialer.models import Attempt, AttemptState, Call, Pace
from dialer.placing import FASTER_AFTER, IN_FLIGHT, SPACING, STRAY, account_gap, tick
from dialer.reconcile import (
    ABSENT_AFTER,
    ASK_ACCEPTED_EVERY,
    ASKED_LONGEST,
    QUESTIONS,
    SENDING,
    ask_about_open,
    settle_answers,
)
from dialer.seats import Answered, Settled
from dialer.settling import settle_all
from telephony.accounts import resume
from telephony.client import CarrierCall, CarrierUnavailable, NotNow, Placed, Placing, Refused, Unclear
from tests.dialer.carrier import post, status_fields
from tests.dialer.conftest import NOON
from tests.factories import CallFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def attempt() -> Attempt:
    CallFactory()
    tick()
    return Attempt.objects.select_related("account", "call").get()


class Questions:
    """Seats that keep the questions instead of asking the carrier. `questions` of them have no answer yet."""

    def __init__(self, questions: int = 0) -> None:
        self.asked: list[object] = []
        self.questions = questions

    def ask(self, key: object, question: object) -> None:
        self.asked.append(key)


def settled(attempt: Attempt, placing: Placing) -> Settled:
    return Settled(attempt.token, placing, now())


def the_call() -> Call:
    return Call.objects.get()


def carrier_call(attempt: Attempt, status: str) -> CarrierCall:
    return CarrierCall(
        sid="CA" + "7" * 32,
        status=status,
        to=attempt.phone,
        from_number=attempt.from_number,
        answered_by="human" if status == "completed" else "",
        created_at=NOON,
        started_at=NOON + timedelta(seconds=4),
        ended_at=NOON + timedelta(seconds=40),
        duration=36,
    )


def test_an_accepted_dial_keeps_its_sid(attempt):
    settle_all(deque([settled(attempt, Placed("CA" + "7" * 32))]))

    attempt.refresh_from_db()
    assert (attempt.state, attempt.sid) == (AttemptState.ACCEPTED, "CA" + "7" * 32)


def test_many_accepted_dials_are_written_together():
    def queries(count: int) -> int:
        for _ in range(count):
            CallFactory()
        orders = [order for _, order in tick().orders]
        pending = deque(Settled(order.token, Placed(f"CA{order.token[:32]}"), now()) for order in orders)
        with CaptureQueriesContext(connection) as context:
            settle_all(pending)
        assert not pending
        for order in orders:
            attempt = Attempt.objects.get(token=order.token)
            assert (attempt.state, attempt.sid) == (AttemptState.ACCEPTED, f"CA{order.token[:32]}")
            assert Pace.objects.get(location=order.location_id).next_slot_at == NOON + SPACING
        return len(context)

    assert queries(1) == queries(9)


def test_a_dial_given_up_before_its_answer_came_is_taken_back_among_others(attempt):
    settle_all(deque([settled(attempt, Unclear("Nobody knows."))]))
    CallFactory()
    (_, order) = tick().orders[0]

    settle_all(
        deque(
            [
                Settled(order.token, Placed("CA" + "8" * 32), now()),
                settled(attempt, Placed("CA" + "7" * 32)),
                Settled("no such token", Placed("CA" + "9" * 32), now()),
            ]
        )
    )

    assert [each.state for each in Call.objects.all()] == ["calling", "calling"]
    assert set(Attempt.objects.values_list("state", "sid")) == {
        (AttemptState.ACCEPTED, "CA" + "7" * 32),
        (AttemptState.ACCEPTED, "CA" + "8" * 32),
    }


def test_a_refusal_fails_the_call_in_words_and_gives_the_number_back(attempt):
    settle_all(deque([settled(attempt, Refused("21211", "The number is not valid."))]))

    call = the_call()
    assert (call.state, call.failure_code, call.failure_detail) == (
        "failed",
        "21211",
        "The number is not valid.",
    )
    assert not NumberDay.objects.exists()
    assert LocationDay.objects.get().dialled == 0


def test_a_number_of_ours_that_the_carrier_refuses_burns_no_contact(attempt, noon):
    settle_all(deque([settled(attempt, Refused("21210", "The source number is not owned."))]))

    assert the_call().state == "queued"
    assert Pace.objects.get().hold_reason == "number_refused"
    noon.shift(timedelta(seconds=30))
    assert tick().orders == []
    noon.shift(timedelta(seconds=31))
    assert len(tick().orders) == 1


def test_bad_credentials_halt_the_account_and_lose_no_call(attempt, noon, django_capture_on_commit_callbacks):
    settle_all(deque([settled(attempt, Refused("20003", "Authenticate", halts=True))]))

    attempt.account.refresh_from_db()
    assert "20003" in attempt.account.halt_reason
    assert the_call().state == "queued"
    noon.shift(timedelta(seconds=10))
    assert tick().orders == []
    assert Pace.objects.get().hold_reason == "account_halted"

    with django_capture_on_commit_callbacks(execute=True):
        resume(attempt.account)
    assert len(tick().orders) == 1


def test_a_crowded_carrier_gets_the_call_again_later(attempt, noon):
    settle_all(deque([settled(attempt, NotNow("The carrier asks for fewer requests.", 3.0))]))

    assert the_call().state == "queued"
    assert not NumberDay.objects.exists()
    noon.shift(timedelta(seconds=16))
    assert [order.to for _, order in tick().orders] == [attempt.phone]


def test_a_crowded_carrier_halves_the_pace_and_has_it_back(attempt, noon):
    account = attempt.account
    before = account_gap(account, now())
    gaps = []
    for pause in (0, 1, 10, 10):  # The second is of the same burst.
        noon.shift(timedelta(seconds=pause))
        Attempt.objects.filter(pk=attempt.pk).update(state=AttemptState.RESERVED)
        settle_all(deque([settled(attempt, NotNow("The carrier asks for fewer requests.", too_many=True))]))
        account.refresh_from_db()
        gaps.append(account_gap(account, now()) / before)
    assert gaps == [2, 2, 4, 8]
    assert [account_gap(account, now() + FASTER_AFTER * n) / before for n in (1, 2, 3, 4)] == [4, 2, 1, 1]


def test_a_carrier_that_cannot_be_reached_halves_no_pace(attempt, noon):
    settle_all(deque([settled(attempt, NotNow("The carrier cannot be reached."))]))
    attempt.account.refresh_from_db()
    assert attempt.account.slowed == 0


def test_an_unclear_answer_is_never_dialled_again(attempt, noon):
    settle_all(deque([settled(attempt, Unclear("The connection broke."))]))

    assert the_call().state == "unknown"
    assert NumberDay.objects.exists()
    for _ in range(3):
        noon.shift(timedelta(minutes=10))
        assert tick().orders == []


def test_a_callback_knows_better_than_a_broken_connection(attempt):
    post("status", attempt.token, attempt.account.auth_token, status_fields(attempt, "ringing", 1, NOON))

    settle_all(deque([settled(attempt, Unclear("The connection broke."))]))

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.ACCEPTED
    assert the_call().state == "calling"


def test_a_dial_whose_drain_died_is_asked_about(attempt, noon):
    noon.shift(SENDING + timedelta(seconds=10))
    questions = Questions()

    ask_about_open(questions)
    noon.shift(timedelta(seconds=9))
    ask_about_open(questions)

    assert questions.asked == [attempt.pk, attempt.pk]
    assert the_call().state == "unknown"


def test_all_dials_of_a_drain_that_died_are_unknown_at_the_next_look(noon, django_assert_max_num_queries):
    for _ in range(QUESTIONS + 8):
        CallFactory()
    assert len(tick().orders) == QUESTIONS + 8
    noon.shift(SENDING + timedelta(seconds=1))
    questions, crowded = Questions(), Questions(QUESTIONS)

    with django_assert_max_num_queries(15 + QUESTIONS):
        ask_about_open(questions)
    ask_about_open(crowded)

    assert set(Attempt.objects.values_list("state", flat=True)) == {AttemptState.UNKNOWN}
    assert set(Call.objects.values_list("state", flat=True)) == {"unknown"}
    assert len(questions.asked) == QUESTIONS, "the other seats are for dials"
    assert crowded.asked == []


def test_a_lost_answer_is_adopted_when_the_carrier_knows_the_call(attempt):
    settle_all(deque([settled(attempt, Unclear("The connection broke."))]))

    settle_answers(Questions(), [Answered(attempt.pk, [carrier_call(attempt, "completed")])])

    call = the_call()
    assert (call.state, call.disposition, call.talk_seconds) == ("completed", "connected", 36)
    assert Attempt.objects.get().sid == "CA" + "7" * 32


def test_a_dial_the_carrier_never_had_ends_without_being_repeated(attempt, noon):
    settle_all(deque([settled(attempt, Unclear("The connection broke."))]))
    settle_answers(Questions(), [Answered(attempt.pk, [])])
    assert the_call().state == "unknown"

    noon.shift(ABSENT_AFTER)
    settle_answers(Questions(), [Answered(attempt.pk, [])])

    call = the_call()
    assert (call.state, call.failure_code) == ("failed", UNKNOWN_OUTCOME)
    assert NumberDay.objects.exists()


def test_a_callback_that_comes_while_the_carrier_is_asked_names_the_call(attempt, noon):
    """Its own SID is not one that another dial has taken: the call is there, and is not given up."""
    settle_all(deque([settled(attempt, Unclear("The connection broke."))]))
    noon.shift(ABSENT_AFTER)
    post("status", attempt.token, attempt.account.auth_token, status_fields(attempt, "ringing", 1, NOON))
    Call.objects.update(state="unknown")
    Attempt.objects.update(state=AttemptState.UNKNOWN)

    settle_answers(Questions(), [Answered(attempt.pk, [])])
    assert the_call().state == "unknown"

    known = carrier_call(attempt, "busy")
    known = replace(known, sid=Attempt.objects.get().sid, started_at=None, duration=0)
    settle_answers(Questions(), [Answered(attempt.pk, [known])])
    assert (the_call().state, the_call().failure_code) == ("busy", "")


def test_a_callback_that_comes_after_giving_up_still_tells_what_happened(attempt, noon):
    settle_all(deque([settled(attempt, Unclear("The connection broke."))]))
    noon.shift(ABSENT_AFTER)
    settle_answers(Questions(), [Answered(attempt.pk, [])])

    fields = status_fields(attempt, "completed", 3, NOON, CallDuration="20")
    post("status", attempt.token, attempt.account.auth_token, fields)

    call = the_call()
    assert (call.state, call.disposition, call.failure_code) == ("completed", "connected", "")


def test_no_answer_from_the_carrier_changes_nothing(attempt):
    settle_all(deque([settled(attempt, Unclear("The connection broke."))]))

    settle_answers(Questions(), [Answered(attempt.pk, CarrierUnavailable("down"))])

    assert the_call().state == "unknown"


def test_a_dial_that_the_carrier_never_answers_for_is_asked_about_ever_more_seldom(attempt, noon):
    noon.shift(SENDING + timedelta(seconds=1))
    questions = Questions()
    asked_after = []
    for second in range(0, 4 * 3600, 8):
        noon.shift(timedelta(seconds=8))
        before = len(questions.asked)
        ask_about_open(questions)
        if len(questions.asked) > before:
            asked_after.append(second)

    gaps = [b - a for a, b in pairwise(asked_after)]
    assert gaps == sorted(gaps)
    assert (gaps[0], gaps[-1]) == (16, 904)
    assert len(asked_after) < 100


@pytest.mark.parametrize("answered", [False, True])
def test_a_dial_that_the_carrier_never_answers_for_is_over_after_a_day(attempt, answered, noon):
    settle_all(deque([settled(attempt, Placed("CA" + attempt.token[:32]))]))
    if answered:
        post(
            "status",
            attempt.token,
            attempt.account.auth_token,
            status_fields(attempt, "in-progress", 2, now()),
        )
    noon.shift(ASKED_LONGEST - timedelta(seconds=1))
    settle_answers(Questions(), [Answered(attempt.pk, CarrierUnavailable("HTTP 401"))])
    assert the_call().ended_at is None

    noon.shift(timedelta(seconds=1))
    settle_answers(Questions(), [Answered(attempt.pk, CarrierUnavailable("HTTP 401"))])

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.ENDED
    assert the_call().state == ("completed" if answered else "failed")
    assert the_call().failure_code == ("" if answered else UNKNOWN_OUTCOME)
    assert NumberDay.objects.exists()


def test_dials_that_nobody_knows_leave_questions_for_those_that_were_accepted(noon):
    for _ in range(QUESTIONS + 4):
        CallFactory()
    tick()
    accepted = Attempt.objects.latest("pk")
    settle_all(deque([settled(accepted, Placed("CA" + "7" * 32))]))
    noon.shift(ASK_ACCEPTED_EVERY + timedelta(seconds=1))
    questions = Questions()

    ask_about_open(questions)

    assert len(questions.asked) == QUESTIONS
    assert accepted.pk in questions.asked


def test_a_call_stuck_in_the_carriers_queue_is_taken_back(attempt, noon):
    settle_all(deque([settled(attempt, Placed("CA" + "7" * 32, 400_000))]))
    noon.shift(timedelta(minutes=2))
    questions = Questions()

    settle_answers(questions, [Answered(attempt.pk, carrier_call(attempt, "queued"))])

    assert questions.asked == [None]


def test_a_queued_call_is_taken_back_when_the_hours_end_where_the_person_lives(noon):
    noon.move_to(datetime(2026, 3, 3, 19, 57, tzinfo=ZoneInfo("America/New_York")))
    CallFactory(contact__fields={"State": "New York"})
    tick()
    attempt = Attempt.objects.select_related("account", "call").get()
    settle_all(deque([settled(attempt, Placed("CA" + "7" * 32))]))
    questions = Questions()

    settle_answers(questions, [Answered(attempt.pk, carrier_call(attempt, "queued"))])
    assert questions.asked == []
    noon.shift(timedelta(minutes=1))
    settle_answers(questions, [Answered(attempt.pk, carrier_call(attempt, "queued"))])

    assert questions.asked == [None]


def test_the_next_slot_opens_six_seconds_after_the_answer(attempt, noon):
    noon.shift(timedelta(seconds=1.5))

    settle_all(deque([settled(attempt, Placed("CA" + "7" * 32))]))

    assert Pace.objects.get().next_slot_at == NOON + timedelta(seconds=1.5) + SPACING


def test_a_dial_without_an_answer_may_reach_the_carrier_after_we_gave_it_up(attempt, noon):
    noon.shift(timedelta(seconds=10))

    settle_all(deque([settled(attempt, Unclear("No answer."))]))

    assert Pace.objects.get().next_slot_at == NOON + timedelta(seconds=10) + STRAY + SPACING


def test_a_location_starts_nothing_while_a_dial_may_still_reach_the_carrier(attempt, noon):
    CallFactory(location=attempt.location)
    noon.shift(timedelta(seconds=15))

    assert tick().orders == []
    noon.move_to(NOON + IN_FLIGHT)
    assert len(tick().orders) == 1
