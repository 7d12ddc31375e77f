"""Texts to the sandbox's numbers: delivered signed, answered, stopped, and sent by a person in a browser."""

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.sandbox.conftest import OURS

PERSON = "+13035550142"


@pytest.fixture
def texted(carrier, product):
    carrier.control("POST", "numbers", number=OURS, SmsUrl=product.url("/text"))

    def text(body: str, **more: str) -> dict:
        return carrier.control("POST", "texts", **{"from": PERSON, "to": OURS, "body": body, **more})

    return text


def replies(carrier) -> list[str]:
    return [
        text.body for text in carrier.client().messages.list(to=PERSON) if text.direction == "outbound-reply"
    ]


def answered(carrier, product, sid: str) -> None:
    product.wait_request("/text", MessageSid=sid)
    carrier.wait_for_log(lambda entry: entry["kind"] == "delivery" and entry.get("sid") == sid)


def test_a_text_is_posted_signed_and_its_answer_sent(carrier, product, texted):
    product.documents["/text"] = "<Response><Message>Noted &amp; done</Message></Response>"
    sent = texted("take me off")
    assert sent["direction"] == "inbound"
    came = product.wait_request("/text", MessageSid=sent["sid"])
    assert came.valid
    assert {came.form["From"], came.form["To"], came.form["Body"]} == {PERSON, OURS, "take me off"}
    assert "OptOutType" not in came.form
    product.documents["/text"] = "<Response/>"
    answered(carrier, product, texted("bye")["sid"])
    assert replies(carrier) == ["Noted & done"]


def test_stop_is_answered_by_the_carrier_and_blocks_texts_until_start(carrier, product, texted):
    product.documents["/text"] = "<Response><Message>Ours</Message></Response>"
    answered(carrier, product, texted("Stop")["sid"])
    carrier.wait_for_log(lambda entry: entry["kind"] == "alert" and entry["code"] == 21610)
    assert ["unsubscribed" in body for body in replies(carrier)] == [True]
    with pytest.raises(TwilioRestException, match="unsubscribed"):
        carrier.client().messages.create(to=PERSON, from_=OURS, body="Hello")
    texted("START")
    assert carrier.client().messages.create(to=PERSON, from_=OURS, body="Hello").sid


def test_advanced_opt_out_names_what_it_took(product, texted):
    sent = texted("arretez", opt_out_type="STOP")
    assert product.wait_request("/text", MessageSid=sent["sid"]).form["OptOutType"] == "STOP"


def test_a_number_without_an_address_says_so_in_the_log(carrier):
    carrier.control("POST", "numbers", number=OURS, SmsUrl="")
    carrier.control("POST", "texts", **{"from": PERSON, "to": OURS, "body": "Hello"})
    assert "no SmsUrl" in carrier.wait_for_log(lambda entry: entry["kind"] == "alert")["message"]


def test_a_person_texts_from_the_page_and_no_other_page_may(carrier, product, texted):
    page = requests.get(f"{carrier.base}/text", timeout=5).text
    assert OURS in page
    form = {"from": "303 555 0142", "to": OURS, "body": "STOP"}
    origin = {"Origin": carrier.base}
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert requests.post(f"{carrier.base}/text", data=form, headers=headers, timeout=5).status_code == 403
    assert not product.requests
    wrong = requests.post(f"{carrier.base}/text", data={**form, "from": "<b>"}, headers=origin, timeout=5)
    assert wrong.status_code == 422
    assert "<b>" not in wrong.text
    assert (
        requests.post(f"{carrier.base}/text", data=form, headers=origin, timeout=5).url == f"{carrier.base}/"
    )
    assert product.wait_request("/text").form["From"] == PERSON
    assert "STOP" in requests.get(carrier.base, timeout=5).text


@pytest.mark.parametrize(
    "body",
    [{"to": PERSON}, {"from": "x"}, {"body": None}, {"body": "x" * 1601}, {"opt_out_type": "NO"}],
)
def test_a_text_that_cannot_be_is_refused(carrier, body):
    sent = requests.post(
        f"{carrier.base}/control/texts", json={"from": PERSON, "to": OURS, "body": "Hello", **body}, timeout=5
    )
    assert sent.status_code == 400
    assert sent.json()["error"]
