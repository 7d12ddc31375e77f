"""The life of a call: who answers, which statuses come, in which order."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("ending", "statuses"),
    [
        ("00", ["initiated", "ringing", "in-progress", "completed"]),
        ("42", ["initiated", "ringing", "in-progress", "completed"]),
        ("65", ["initiated", "ringing", "no-answer"]),
        ("77", ["initiated", "ringing", "busy"]),
        ("82", ["initiated", "ringing", "in-progress", "completed"]),
        ("99", ["initiated", "failed"]),
    ],
)
def test_each_way_of_answering_has_its_statuses(ending, statuses, dial, product):
    product.documents["/voice"] = "<Response><Say>Hello.</Say></Response>"
    call = dial(ending)
    assert call.status == "queued"
    product.wait(lambda: product.statuses() == statuses)
    assert all(request.valid for request in product.requests)


def test_a_whole_conversation_over_the_relay(dial, product, carrier):
    product.documents["/voice"] = product.relay('events="speaker-events tokens-played"')
    call = dial("00")
    ended = product.wait_request("/ended")
    product.wait(lambda: "completed" in product.statuses())
    prompts = product.sockets[0].prompts
    assert any("Tuesday" in prompt for prompt in prompts), prompts
    assert any("Maria Lopez" in prompt for prompt in prompts), prompts
    assert any("303 555 0123" in prompt for prompt in prompts), prompts
    assert ended.form["SessionStatus"] == "ended"
    assert ended.form["HandoffData"] == '{"reason": "done"}'
    assert product.sockets[0].valid
    assert carrier.client().calls(call.sid).fetch().status == "completed"
