"""The REST API through the official SDK: answers, errors, pages, magic numbers, numbers on sale, the queue."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException

OURS = "+13035550199"
DOCUMENT = "<Response><Pause length='60'/></Response>"


def refusal(act):
    with pytest.raises(TwilioRestException) as caught:
        act()
    return caught.value


@pytest.mark.parametrize(
    ("to", "from_", "code"),
    [
        ("+13035550142", "+13035550777", 21210),
        ("+13035550142", "+15005550001", 21212),
        ("+13035550142", "nobody", 21212),
        ("+15005550001", "+15005550006", 21217),
        ("+15005550002", "+15005550006", 21214),
        ("+15005550003", "+15005550006", 21215),
        ("+15005550004", "+15005550006", 21216),
        ("not a number", OURS, 21211),
        ("+1303555", OURS, 21217),
        ("", OURS, 21201),
        ("+13035550142", "", 21213),
    ],
)
def test_a_call_is_refused_with_twilios_code(to, from_, code, carrier):
    error = refusal(lambda: carrier.client().calls.create(to=to, from_=from_, twiml=DOCUMENT))
    assert (error.code, error.status) == (code, 400)
    assert carrier.log("create")[0]["answer"] == 400
    assert carrier.log("create")[0]["sid"] is None
    assert carrier.log("ring") == []


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({}, 21205),
        ({"url": "ftp://127.0.0.1/"}, 21205),
        ({"url": "http://example.com/"}, 21205),
        ({"url": "https://under_score.example.com/"}, 21205),
        ({"twiml": "x" * 4001}, 20001),
        ({"twiml": DOCUMENT, "timeout": 601}, 20001),
        ({"twiml": DOCUMENT, "machine_detection": "Maybe"}, 20001),
        ({"twiml": DOCUMENT, "status_callback_event": ["answred"]}, 20001),
    ],
)
def test_a_wrong_parameter_is_refused(parameters, code, carrier):
    assert (
        refusal(lambda: carrier.client().calls.create(to="+13035550142", from_=OURS, **parameters)).code
        == code
    )


def test_a_wrong_token_and_a_strange_account_get_20003(carrier):
    for client in (carrier.client(token="wrong"), carrier.client(sid="AC" + "0" * 32)):
        error = refusal(
            lambda client=client: client.calls.create(to="+13035550142", from_=OURS, twiml=DOCUMENT)
        )
        assert (error.code, error.status) == (20003, 401)
    with pytest.raises(TwilioException):
        carrier.client(token="wrong").calls.list()


def test_what_does_not_exist_is_a_twilio_shaped_404(carrier):
    assert refusal(lambda: carrier.client().calls("CA" + "0" * 32).fetch()).code == 20404
    for path in ("/trusthub/v1/Nothing", "/messaging/v1/Services", "/api/2010-04-01/Nothing"):
        answer = requests.get(carrier.base + path, timeout=5)
        assert (answer.status_code, answer.json()["code"]) == (404, 20404)


def test_calls_are_listed_newest_first_over_pages_and_filtered(carrier):
    client = carrier.client()
    made = [
        client.calls.create(to=f"+130355502{n:02d}", from_=OURS, twiml=DOCUMENT).sid for n in range(65, 75)
    ]
    assert [call.sid for call in client.calls.list(page_size=3)] == made[::-1]
    now = datetime.now(UTC)
    mine = client.calls.list(to="+13035550267", from_=OURS, start_time_after=now - timedelta(minutes=1))
    assert [call.sid for call in mine] == [made[2]]
    assert client.calls.list(to="+13035550267", start_time_after=now + timedelta(minutes=1)) == []
    assert client.calls.list(to="+13035550267", start_time_before=now - timedelta(minutes=1)) == []
    assert client.calls.list(status="completed") == []


def test_pages_do_not_shift_when_new_calls_come(carrier):
    client = carrier.client()
    made = [client.calls.create(to="+13035550165", from_=OURS, twiml=DOCUMENT).sid for _ in range(4)]
    first = client.calls.page(page_size=2)
    client.calls.create(to="+13035550165", from_=OURS, twiml=DOCUMENT)
    assert [call.sid for call in first] + [call.sid for call in first.next_page()] == made[::-1]


def test_a_queued_call_waits_for_its_second_and_can_be_canceled(carrier, product):
    carrier.control("POST", "accounts", sid="AC" + "5a" * 16, cps=0.5)
    carrier.control("POST", "speed", speed=1)
    client = carrier.client()
    calls = [
        client.calls.create(
            to="+13035550165", from_=OURS, twiml=DOCUMENT, status_callback=product.url("/status"),
            status_callback_event=["completed"],
        )
        for _ in range(3)
    ]  # fmt: skip
    assert int(calls[0].queue_time) == 0
    assert 3000 <= int(calls[2].queue_time) <= 4000
    assert client.calls(calls[2].sid).update(status="canceled").status == "canceled"
    assert product.wait_request("/status").form["CallStatus"] == "canceled"
    assert calls[2].sid not in {ring["sid"] for ring in carrier.log("ring")}


def test_calls_start_no_faster_than_the_account_may(carrier):
    carrier.control("POST", "accounts", sid="AC" + "5a" * 16, cps=1)
    client = carrier.client()
    for _ in range(6):
        client.calls.create(to="+13035550165", from_=OURS, twiml=DOCUMENT)
    carrier.wait_for_log(lambda _: len(carrier.log("ring")) == 6)
    starts = [ring["mono"] * carrier.speed for ring in carrier.log("ring")]
    # The sixth cannot have started before five whole seconds of human time, whatever the jitter of single timers.
    assert starts[5] - starts[0] > 4


def test_acting_on_a_call_that_is_over_gets_21220(carrier, dial, product):
    call = dial("82", twiml=DOCUMENT)
    product.wait(lambda: "completed" in product.statuses())
    error = refusal(lambda: carrier.client().calls(call.sid).update(status="completed"))
    assert error.code == 21220


def test_numbers_are_searched_bought_changed_and_released(carrier):
    client = carrier.client()
    offers = client.available_phone_numbers("US").local.list(area_code="415", limit=3)
    assert [offer.phone_number for offer in offers] == ["+14155550100", "+14155550101", "+14155550102"]
    number = client.incoming_phone_numbers.create(
        phone_number="+14155550100", voice_url="http://127.0.0.1:9/v"
    )
    assert (
        client.available_phone_numbers("US").local.list(area_code="415", limit=1)[0].phone_number
        == "+14155550101"
    )
    again = refusal(lambda: client.incoming_phone_numbers.create(phone_number="+14155550100"))
    assert again.code == 21422
    assert (
        client.incoming_phone_numbers(number.sid).update(friendly_name="Desk").voice_url
        == "http://127.0.0.1:9/v"
    )
    assert [n.sid for n in client.incoming_phone_numbers.list(friendly_name="Desk")] == [number.sid]
    assert client.incoming_phone_numbers(number.sid).delete()
    assert refusal(lambda: client.incoming_phone_numbers(number.sid).fetch()).code == 20404


@pytest.mark.parametrize(
    ("country", "kind", "pattern"),
    [("CA", "local", r"\+1(416|514|604|902)55501\d\d"), ("GB", "local", r"\+442079460\d{3}"),
     ("GB", "mobile", r"\+447700900\d{3}"), ("AU", "local", r"\+6125550\d{4}")],
)  # fmt: skip
def test_numbers_on_sale_come_from_ranges_kept_for_fiction(country, kind, pattern, carrier):
    offers = getattr(carrier.client().available_phone_numbers(country), kind).list(limit=20)
    assert len(offers) == 20
    assert all(re.fullmatch(pattern, offer.phone_number) for offer in offers)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"phone_number": "+15005550000"}, 21422),
        ({"phone_number": "+15005550001"}, 21421),
        ({"area_code": "533"}, 21452),
        ({"phone_number": "+13035559999"}, 21422),
    ],
)
def test_numbers_that_cannot_be_bought(fields, code, carrier):
    assert refusal(lambda: carrier.client().incoming_phone_numbers.create(**fields)).code == code


@pytest.mark.parametrize(
    ("to", "from_", "code"),
    [("+13035550142", "+15005550007", 21606), ("+15005550001", "+15005550006", 21211),
     ("+15005550004", "+15005550006", 21610), ("+13035550142", "+13035550777", 21606)],
)  # fmt: skip
def test_a_message_is_refused_with_twilios_code(to, from_, code, carrier):
    assert refusal(lambda: carrier.client().messages.create(to=to, from_=from_, body="Hi")).code == code


def test_a_message_is_delivered_with_callbacks(carrier, product):
    message = carrier.client().messages.create(
        to="+13035550142", from_=OURS, body="Hi", status_callback=product.url("/sms")
    )
    assert message.status == "queued"
    assert product.wait_request("/sms", MessageStatus="delivered").form["MessageSid"] == message.sid
    assert carrier.client().messages(message.sid).fetch().status == "delivered"


def test_a_call_recorded_from_the_start_can_be_fetched_and_deleted(carrier, dial, product):
    product.documents["/voice"] = "<Response><Pause length='4'/></Response>"
    call = dial("00", record=True, recording_status_callback=product.url("/recording"))
    done = product.wait_request("/status", CallStatus="completed").form
    recording = carrier.client().recordings(done["RecordingSid"]).fetch()
    assert (recording.call_sid, recording.source, recording.duration) == (
        call.sid,
        "OutboundAPI",
        done["CallDuration"],
    )
    assert product.wait_request("/recording").form["RecordingSid"] == recording.sid
    mp3 = f"{carrier.base}/api/2010-04-01/Accounts/{call.account_sid}/Recordings/{recording.sid}.mp3"
    assert requests.get(mp3, auth=(call.account_sid, "sandbox-auth-token"), timeout=5).json()["code"] == 20404
    assert carrier.client().recordings(recording.sid).delete()
    assert refusal(lambda: carrier.client().recordings(recording.sid).fetch()).code == 20404


@pytest.mark.parametrize(
    ("ending", "mode", "verdict"),
    [("00", "Enable", "human"), ("42", "Enable", "machine_start"), ("42", "DetectMessageEnd", "machine_end_beep"),
     ("60", "Enable", "unknown")],
)  # fmt: skip
def test_machine_detection_holds_the_document_until_its_verdict(
    ending, mode, verdict, carrier, dial, product
):
    call = dial(ending, machine_detection=mode)
    assert product.wait_request("/voice").form["AnsweredBy"] == verdict
    assert carrier.client().calls(call.sid).fetch().answered_by == verdict


def test_asynchronous_detection_reports_beside_the_call(dial, product):
    product.documents["/voice"] = DOCUMENT
    call = dial(
        "42",
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=product.url("/amd"),
    )
    form = product.wait_request("/amd").form
    assert set(form) == {"CallSid", "AccountSid", "AnsweredBy", "MachineDetectionDuration"}
    assert (form["CallSid"], form["AnsweredBy"]) == (call.sid, "machine_end_beep")
    assert "AnsweredBy" not in product.wait_request("/voice").form


def test_send_digits_turns_detection_off(dial, product):
    product.documents["/voice"] = DOCUMENT
    dial("42", machine_detection="Enable", send_digits="1")
    assert "AnsweredBy" not in product.wait_request("/voice").form


def test_the_time_limit_ends_a_call(dial, product):
    product.documents["/voice"] = DOCUMENT
    dial("00", time_limit=5)
    form = product.wait_request("/status", CallStatus="completed").form
    assert form["CallDuration"] == "5"
    assert (form["Duration"], form["SipResponseCode"], form["CallbackSource"]) == (
        "1",
        "200",
        "call-progress-events",
    )
