"""The TwiML reader, and the verbs as the product sees them."""

from __future__ import annotations

import json

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from sandbox.interpreter import Interpreter
from sandbox.twiml import SIZE_LIMIT, TwimlError, Verb, parse

NAMES = st.sampled_from(
    ["Say", "Gather", "Dial", "Number", "Connect", "ConversationRelay", "Record", "Pause", "x"]
)
TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_garbage_is_refused_and_never_crashes(document):
    refusals = []
    try:
        assert all(isinstance(verb, Verb) for verb in parse(document))
    except TwimlError as error:
        refusals.append(error.code)
    assert set(refusals) <= {11750, 12100}


@st.composite
def documents(draw, depth=3):
    from xml.sax.saxutils import escape, quoteattr

    name = draw(NAMES)
    attributes = draw(
        st.dictionaries(st.sampled_from(["loop", "length", "timeout", "url"]), TEXTS, max_size=3)
    )
    inside = draw(TEXTS.map(escape))
    if depth:
        inside += "".join(draw(st.lists(documents(depth=depth - 1), max_size=3)))
    return f"<{name} {' '.join(f'{k}={quoteattr(v)}' for k, v in attributes.items())}>{inside}</{name}>"


@given(st.lists(documents(), max_size=5))
def test_any_well_formed_document_gives_verbs_with_bounded_numbers(elements):
    for verb in parse(f"<Response>{''.join(elements)}</Response>"):
        assert hasattr(Interpreter, f"_{verb.name.lower()}")
        assert 0 <= verb.number("length", 1, 0, 10) <= 10


def test_text_joins_across_ssml_and_drops_comments():
    assert (
        parse("<Response><Say>Hello <!-- no --><break/>you<p>all</p></Say></Response>")[0].text
        == "Hello you all"
    )


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "", "x", "1e999"])
def test_a_number_that_is_none_stays_within_bounds(value):
    assert 0 <= Verb("Pause", {"length": value}).number("length", 1, 0, 60) <= 60


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Response><Say>&b;</Say></Response>',
        '<!DOCTYPE r SYSTEM "file:///etc/passwd"><Response/>',
        "<Response><Say>&undefined;</Say></Response>",
        "<Answer/>",
        "",
    ],
)
def test_it_refuses_what_twilio_could_not_parse(document):
    with pytest.raises(TwimlError) as caught:
        parse(document)
    assert caught.value.code == 12100


def test_it_refuses_a_document_over_64_kilobytes():
    with pytest.raises(TwimlError) as caught:
        parse(f"<Response><Say>{'a' * SIZE_LIMIT}</Say></Response>")
    assert caught.value.code == 11750


def test_gather_takes_speech_and_resolves_a_relative_action(dial, product):
    product.documents["/voice"] = (
        '<Response><Gather input="speech" action="../heard"><Say>What is your name, please?</Say></Gather></Response>'
    )
    dial("00")
    assert "Maria Lopez" in product.wait_request("/heard").form["SpeechResult"]


def test_gather_takes_keys(dial, product):
    product.documents["/voice"] = (
        '<Response><Gather numDigits="1" action="/keys"><Say>Press 9 to opt out.</Say></Gather></Response>'
    )
    dial("98")
    assert product.wait_request("/keys").form["Digits"] == "9"


def test_gather_without_input_falls_through_to_the_next_verb(dial, product):
    product.documents["/voice"] = '<Response><Gather action="/keys"/><Redirect>/next</Redirect></Response>'
    dial("85")
    product.wait_request("/next")
    assert not [request for request in product.requests if request.path == "/keys"]


def test_words_spoken_before_hanging_up_are_delivered(dial, product):
    product.documents["/voice"] = (
        '<Response><Gather input="speech" action="/voice"><Say>Hello. Any interest?</Say></Gather></Response>'
    )
    dial("28")
    product.wait_request("/voice", SpeechResult="No, really, I'm not interested. Goodbye.")
    product.wait(lambda: "completed" in product.statuses())


def test_record_gives_a_recording_that_can_be_played(dial, product, carrier):
    product.documents["/voice"] = (
        "<Response><Say>What is this about?</Say>"
        '<Record action="/recorded" recordingStatusCallback="/recording"/></Response>'
    )
    dial("00")
    recorded = product.wait_request("/recorded").form
    assert int(recorded["RecordingDuration"]) >= 1
    callback = product.wait_request("/recording", RecordingStatus="completed").form
    assert callback["RecordingSid"] == recorded["RecordingSid"]
    assert callback["RecordingSource"] == "RecordVerb"


def test_dial_connects_a_colleague_and_the_call_goes_on(dial, product, carrier):
    product.documents["/voice"] = (
        '<Response><Dial action="/dialled"><Number statusCallback="/child" '
        'statusCallbackEvent="initiated ringing answered completed">+13035550123</Number></Dial></Response>'
    )
    product.documents["/dialled"] = "<Response><Redirect>/after</Redirect></Response>"
    call = dial("00")
    dialled = product.wait_request("/dialled").form
    assert (dialled["DialCallStatus"], dialled["DialBridged"]) == ("completed", "true")
    assert int(dialled["DialCallDuration"]) >= 15
    product.wait_request("/after")
    child = carrier.client().calls(dialled["DialCallSid"]).fetch()
    assert (child.parent_call_sid, child.direction, child.status) == (call.sid, "outbound-dial", "completed")
    assert product.wait_request("/child", CallStatus="completed").form["ParentCallSid"] == call.sid


@pytest.mark.parametrize(("ending", "status"), [("65", "no-answer"), ("77", "busy"), ("99", "failed")])
def test_dial_says_why_nobody_was_reached(ending, status, dial, product):
    product.documents["/voice"] = (
        f'<Response><Dial action="/dialled" timeout="5">+130355502{ending}</Dial></Response>'
    )
    dial("00")
    assert product.wait_request("/dialled").form["DialCallStatus"] == status


def test_the_first_of_two_phones_to_answer_is_connected(dial, product, carrier):
    product.documents["/voice"] = (
        '<Response><Dial action="/dialled"><Number>+13035550165</Number><Number>+13035550223</Number></Dial></Response>'
    )
    dial("00")
    answered = product.wait_request("/dialled").form["DialCallSid"]
    legs = {call.sid: call for call in carrier.client().calls.list() if call.direction == "outbound-dial"}
    assert legs.pop(answered).to == "+13035550223"
    assert [call.status for call in legs.values()] == ["canceled"]


def test_dial_refuses_a_caller_id_that_is_not_ours(dial, product, carrier):
    product.documents["/voice"] = (
        '<Response><Dial action="/dialled" callerId="+13035550777">+13035550123</Dial></Response>'
    )
    dial("00")
    assert product.wait_request("/dialled").form["DialCallStatus"] == "failed"
    assert carrier.log("alert")[0]["code"] == 13214


def test_start_recording_posts_its_callback_and_the_sound_is_as_long(dial, product, carrier):
    product.documents["/voice"] = (
        f'<Response><Start><Recording recordingStatusCallback="{product.url("/recording")}"/></Start>'
        '<Pause length="7"/></Response>'
    )
    call = dial("00")
    form = product.wait_request("/recording").form
    assert (form["RecordingStatus"], form["CallSid"], form["RecordingChannels"]) == (
        "completed",
        call.sid,
        "2",
    )
    import io
    import wave

    host, _, path = form["RecordingUrl"].removeprefix("https://").partition("/")
    url = f"{carrier.base}/{host.partition('.')[0]}/{path}.wav"
    answer = carrier.client().http_client.session.get(url, auth=(call.account_sid, "sandbox-auth-token"))
    with wave.open(io.BytesIO(answer.content)) as sound:
        assert sound.getnchannels() == 2
        assert sound.getnframes() / sound.getframerate() == int(form["RecordingDuration"])
    assert any(answer.content[44:])


def test_a_broken_document_goes_to_the_fallback(dial, product, carrier):
    product.documents["/voice"] = "<Response><Say>Hello"
    product.documents["/fallback"] = "<Response><Redirect>/saved</Redirect></Response>"
    dial("00", fallback_url=product.url("/fallback"))
    assert product.wait_request("/fallback").form["ErrorCode"] == "12100"
    product.wait_request("/saved")


@pytest.mark.parametrize(
    ("answer", "code"),
    [(502, 11200), (lambda form: web.Response(text="{}", content_type="application/json"), 12300)],
)
def test_a_voice_url_that_fails_ends_the_call_and_is_alerted(answer, code, dial, product, carrier):
    product.documents["/voice"] = answer
    dial("00")
    product.wait(lambda: "completed" in product.statuses())
    assert [alert["code"] for alert in carrier.log("alert")] == [code]


def test_an_endless_redirect_ends(dial, product, carrier):
    product.documents["/voice"] = "<Response><Redirect>/voice</Redirect></Response>"
    dial("00")
    product.wait(lambda: "completed" in product.statuses())
    assert "redirect loop" in json.dumps(carrier.log("alert"))


def test_inline_twiml_runs(dial, product):
    dial("00", twiml=f"<Response><Redirect>{product.url('/next')}</Redirect></Response>")
    product.wait_request("/next")
