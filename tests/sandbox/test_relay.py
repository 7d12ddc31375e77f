"""ConversationRelay: the socket, barge-in, keys, bad frames, and how each session ends."""

from __future__ import annotations

import json

import pytest


def frames(socket, kind):
    return [frame for frame in socket.frames if frame["type"] == kind]


async def only_setup(socket, frame):
    """An agent that leaves everything to the welcome greeting."""


def test_setup_carries_parameters_and_a_valid_signature(dial, product):
    product.documents["/voice"] = product.relay(inside='<Parameter name="token" value="a&amp;b"/>')
    call = dial("00")
    socket = product.wait(lambda: product.sockets and product.sockets[0].frames and product.sockets[0])
    setup = socket.frames[0]
    assert socket.valid
    assert setup["type"] == "setup"
    assert setup["sessionId"].startswith("VX")
    assert (setup["callSid"], setup["to"], setup["direction"]) == (call.sid, call.to, "outbound-api")
    assert (setup["customParameters"], setup["callStatus"]) == ({"token": "a&b"}, "RINGING")


def test_a_barge_in_tells_what_was_heard_and_purges_the_rest(dial, product, carrier):
    carrier.control("POST", "speed", speed=8)
    greeting = "Good morning, this is a rather long greeting that goes on and on, " * 4
    product.agent = only_setup
    product.documents["/voice"] = product.relay(
        f'events="speaker-events tokens-played" welcomeGreeting="{greeting}"'
    )
    dial("94")
    product.wait(lambda: product.sockets and product.sockets[0].prompts)
    socket = product.sockets[0]
    interrupt = frames(socket, "interrupt")[0]
    heard = interrupt["utteranceUntilInterrupt"]
    assert greeting.startswith(heard)
    assert 60 <= len(heard) < len(greeting)
    assert 3000 < interrupt["durationUntilInterruptMs"] < 20000
    played = "".join(f["value"] for f in frames(socket, "info") if f["name"] == "tokensPlayed")
    assert played == heard
    order = [(f["type"], f.get("name"), f.get("value")) for f in socket.frames]
    cut = order.index(("interrupt", None, None))
    assert ("info", "clientSpeaking", "on") in order[:cut]
    assert ("info", "agentSpeaking", "off") in order[cut:]


def test_what_may_not_be_interrupted_is_heard_to_the_end(dial, product):
    product.agent = only_setup
    product.documents["/voice"] = product.relay(
        f'welcomeGreetingInterruptible="none" welcomeGreeting="{"Please listen to all of this. " * 6}"'
    )
    dial("94")
    product.wait(lambda: product.sockets and product.sockets[0].prompts)
    assert frames(product.sockets[0], "interrupt") == []


def test_keys_come_one_a_frame_and_only_when_asked_for(dial, product):
    product.documents["/voice"] = product.relay('dtmfDetection="true"')
    dial("98")
    assert product.wait(lambda: product.sockets and frames(product.sockets[0], "dtmf"))[0]["digit"] == "9"
    product.wait_request("/ended")


def test_ten_bad_frames_in_a_row_close_the_socket(dial, product):
    bad = ["no json", "[]", '{"type":"text"}', '{"type":"play"}', '{"type":"sendDigits","digits":"x"}', '{"type":"?"}',
           '{"type":"language"}', '{"type":"end","handoffData":{}}', '{"type":"text","token":1}', "{}"]  # fmt: skip

    async def agent(socket, frame):
        if frame["type"] == "setup":
            for text in bad:
                await socket.ws.send_str(text)

    product.agent = agent
    product.documents["/voice"] = product.relay()
    dial("00")
    form = product.wait_request("/ended").form
    assert (form["SessionStatus"], form["ErrorCode"], form["CallStatus"]) == (
        "failed",
        "64105",
        "in-progress",
    )
    errors = frames(product.sockets[0], "error")
    assert len(errors) == 10
    assert "64107" in errors[0]["description"]
    assert product.wait(lambda: product.sockets[0].close_code) == 1007


def test_a_good_frame_between_bad_ones_keeps_the_socket(dial, product):
    async def agent(socket, frame):
        if frame["type"] == "setup":
            for _ in range(3):
                for _ in range(9):
                    await socket.ws.send_str("bad")
                await socket.ws.send_json({"type": "text", "token": "Hi. ", "last": False})
            await socket.ws.send_json({"type": "end"})

    product.agent = agent
    product.documents["/voice"] = product.relay()
    dial("00")
    form = product.wait_request("/ended").form
    assert form["SessionStatus"] == "ended"
    assert "HandoffData" not in form


def test_a_socket_dropped_by_the_product_fails_the_session_and_the_call_goes_on(dial, product):
    async def agent(socket, frame):
        socket.ws._req.transport.abort()

    product.agent = agent
    product.documents["/voice"] = product.relay()
    product.documents["/ended"] = "<Response><Redirect>/after</Redirect></Response>"
    dial("00")
    form = product.wait_request("/ended").form
    assert (form["SessionStatus"], form["ErrorCode"]) == ("failed", "64105")
    assert form["ErrorMessage"] == "Websocket ended"
    product.wait_request("/after", CallStatus="in-progress")


def test_the_person_hanging_up_completes_session_then_call(dial, product):
    product.documents["/voice"] = product.relay('welcomeGreeting="Hello."')
    product.agent = only_setup
    dial("82")
    form = product.wait_request("/ended").form
    assert (form["SessionStatus"], form["CallStatus"]) == ("completed", "completed")
    product.wait_request("/status", CallStatus="completed")
    paths = [r.path for r in product.requests if r.path == "/ended" or r.form["CallStatus"] == "completed"]
    assert paths == ["/ended", "/status"]
    assert product.wait(lambda: product.sockets[0].close_code) == 1000


def test_completing_by_rest_ends_the_session_as_completed(dial, product, carrier):
    product.documents["/voice"] = product.relay()
    product.agent = only_setup
    call = dial("85")
    product.wait(lambda: product.sockets)
    assert carrier.client().calls(call.sid).update(status="completed").status == "completed"
    assert product.wait_request("/ended").form["SessionStatus"] == "completed"
    product.wait(lambda: product.statuses()[-1:] == ["completed"])


def test_redirecting_by_rest_leaves_the_relay_without_its_action(dial, product, carrier):
    product.documents["/voice"] = product.relay()
    product.documents["/elsewhere"] = "<Response><Redirect>/arrived</Redirect></Response>"
    product.agent = only_setup
    call = dial("85")
    product.wait(lambda: product.sockets)
    carrier.client().calls(call.sid).update(url=product.url("/elsewhere"), method="POST")
    product.wait_request("/arrived")
    product.wait(lambda: "completed" in product.statuses())
    assert not [request for request in product.requests if request.path == "/ended"]


def test_a_second_session_has_a_new_id_and_the_greeting_again(dial, product):
    async def agent(socket, frame):
        await socket.ws.send_json({"type": "end"})

    product.agent = agent
    product.documents["/voice"] = product.relay()
    answers = iter([product.relay(), ""])
    product.documents["/ended"] = lambda form: next(answers, "")
    dial("00")
    product.wait(lambda: "completed" in product.statuses())
    first, second = (socket.frames[0] for socket in product.sockets)
    assert first["sessionId"] != second["sessionId"]
    assert (first["callSid"], second["callStatus"]) == (second["callSid"], "IN_PROGRESS")


def test_without_an_action_the_next_verb_runs(dial, product):
    async def agent(socket, frame):
        await socket.ws.send_json({"type": "end"})

    product.agent = agent
    product.documents["/voice"] = product.relay(action="").replace(
        "</Response>", "<Redirect>/after</Redirect></Response>"
    )
    dial("00")
    product.wait_request("/after")


@pytest.mark.parametrize(
    ("url", "code"),
    [("ws://127.0.0.1:1/relay", 64102), ("https://a.b/relay", 64101), ("ws://example.com/", 64101)],
)
def test_a_socket_that_cannot_be_opened_fails_the_call(url, code, dial, product, carrier):
    product.documents["/voice"] = f'<Response><Connect><ConversationRelay url="{url}"/></Connect></Response>'
    dial("00")
    product.wait(lambda: product.statuses()[-1:] == ["failed"])
    assert [alert["code"] for alert in carrier.log("alert")] == [code]


def test_tokens_are_heard_together_and_partial_prompts_grow(dial, product):
    async def agent(socket, frame):
        if frame["type"] == "setup":
            for token in ["Which", " day", " and", " time", " suit", " you", "?"]:
                await socket.ws.send_json({"type": "text", "token": token, "last": False})
            await socket.ws.send_json({"type": "text", "token": "", "last": True})

    product.agent = agent
    product.documents["/voice"] = product.relay('partialPrompts="true"')
    dial("00")
    product.wait(lambda: product.sockets and product.sockets[0].prompts)
    socket = product.sockets[0]
    assert socket.prompts[0].startswith("Tuesday at 10")
    partials = [f["voicePrompt"] for f in frames(socket, "prompt") if not f["last"]]
    assert partials
    assert all(socket.prompts[0].startswith(partial) for partial in partials)


def test_a_mailbox_greets_and_then_records_what_is_said(dial, product, carrier):
    product.agent = only_setup
    product.documents["/voice"] = product.relay()
    dial("42")
    product.wait_request("/ended")
    assert product.sockets[0].prompts == [
        "Hi, you've reached the voicemail of Chris Miller. I can't take your call right now. "
        "Please leave a message after the tone and I'll call you back."
    ]


def test_the_carrier_notes_each_session_with_what_was_said(dial, product, carrier):
    product.documents["/voice"] = product.relay()
    call = dial("28")
    product.wait_request("/ended")
    session = carrier.log("relay")[0]
    assert (session["sid"], session["status"]) == (call.sid, "completed")
    assert ["caller", "No thanks, I'm not interested."] in session["transcript"]
    assert session["transcript"][0][0] == "agent"


@pytest.mark.parametrize("fault", ["relay_drop", "relay_half_open"])
def test_a_broken_socket_leaves_the_call_to_its_end(fault, dial, product, carrier):
    carrier.fault(fault, frames=2)
    product.documents["/voice"] = product.relay()
    dial("00")
    status = product.wait_request("/ended").form["SessionStatus"]
    assert status == ("failed" if fault == "relay_drop" else "completed")
    product.wait(lambda: "completed" in product.statuses())
    assert carrier.log("relay")[0]["frames_in"] == 2
    if fault == "relay_half_open":
        assert product.sockets[0].close_code is None
    assert json.dumps(carrier.log("fault")).count(fault) == 1
