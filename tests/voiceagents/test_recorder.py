"""The writer behind the conversations: order, repetition, a database that is away."""

from typing import Any

import pytest
from django.db import OperationalError, connections
from django.utils.timezone import now

from tests.voiceagents.conftest import make_conversation
from voiceagents import conversations
from voiceagents import recorder as module
from voiceagents.models import Conversation
from voiceagents.recorder import Recorder
from voiceagents.signals import conversation_ended

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def writer() -> Recorder:
    return Recorder()


@pytest.fixture(autouse=True)
def no_connection_left() -> Any:
    yield
    connections.close_all()


def test_a_growing_turn_is_one_row_with_its_last_text(writer: Recorder) -> None:
    conversation = make_conversation()
    for text in ("Hel", "Hello", "Hello there"):
        writer.turn(conversation.pk, 0, "agent", text, False, now())
    writer.turn(conversation.pk, 1, "contact", "Hi", False, now())
    assert writer.settle()
    writer.turn(conversation.pk, 0, "agent", "Hello", True, now())
    assert writer.settle()
    assert list(conversation.turns.values_list("text", "interrupted")) == [("Hello", True), ("Hi", False)]


def test_what_was_said_survives_a_database_that_is_away(
    writer: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = make_conversation()
    write, failures = module._write, iter([OperationalError("the database is restarting")] * 3)

    def flaky(spoken: list) -> None:
        if failure := next(failures, None):
            raise failure
        write(spoken)

    monkeypatch.setattr(module, "_write", flaky)
    writer.turn(conversation.pk, 0, "agent", "Hello", False, now())
    writer.ended(conversation.pk, "agent_ended", now())
    assert writer.settle()
    conversation.refresh_from_db()
    assert conversation.turns.count() == 1
    assert conversation.ended_by == "agent_ended"


def test_a_deleted_conversation_does_not_take_others_with_it(writer: Recorder) -> None:
    gone, kept = make_conversation(), make_conversation()
    Conversation.objects.filter(pk=gone.pk).delete()
    writer.turn(gone.pk, 0, "agent", "Hello", False, now())
    writer.turn(kept.pk, 0, "agent", "Hello", False, now())
    writer.results(gone.pk, {"a": 1})
    assert writer.settle()
    assert kept.turns.count() == 1


def test_ending_happens_once_and_is_told_once() -> None:
    conversation = make_conversation()
    told: list[str] = []

    def listen(sender: Any, conversation: Conversation, **kwargs: Any) -> None:
        told.append(conversation.ended_by)

    def breaks(sender: Any, **kwargs: Any) -> None:
        raise RuntimeError("a receiver of somebody else")

    conversation_ended.connect(breaks)
    conversation_ended.connect(listen)
    try:
        assert conversations.end(conversation.pk, "contact_ended", now())
        assert not conversations.end(conversation.pk, "dropped", now())
    finally:
        conversation_ended.disconnect(listen)
        conversation_ended.disconnect(breaks)
    assert told == ["contact_ended"]
