"""Forged callbacks: refused, counted, nothing changed, and no query spent on them."""

from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from twilio.request_validator import RequestValidator

from accounts.fields import new_token
from telephony.addresses import Callback, callback_url
from telephony.models import CarrierAccount
from telephony.signatures import REFUSED, credentials_of, forget_accounts
from tests.factories import CarrierAccountFactory
from tests.security.worlds import everything

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
TOKEN = new_token()


@pytest.fixture
def account() -> CarrierAccount:
    """An account whose credentials the process has read already, as it has after its first callback."""
    account = CarrierAccountFactory()
    forget_accounts()
    assert credentials_of(account.account_sid)
    yield account
    forget_accounts()


def fields(account: CarrierAccount, **more: str) -> dict[str, str]:
    return {
        "AccountSid": account.account_sid, "CallSid": "CA" + "1" * 32, "CallStatus": "completed",
        "SequenceNumber": "3", **more,
    }  # fmt: skip


def signature(auth_token: str, sent: dict[str, Any], kind: str = "status", token: str = TOKEN) -> str:
    return RequestValidator(auth_token).compute_signature(callback_url(kind, token), sent)


def post(
    body: str | bytes, signed: str | None, *, path: str | None = None, content_type: str = FORM, **more: Any
):
    headers = {} if signed is None else {"X-Twilio-Signature": signed}
    return Client(raise_request_exception=False).post(
        path or f"/voice/status/{TOKEN}", data=body, content_type=content_type, headers=headers, **more
    )


def refusals() -> float:
    return sum(
        sample.value for metric in REFUSED.collect() for sample in metric.samples if "total" in sample.name
    )


@pytest.fixture
def forged(account, django_assert_num_queries):
    """Send what a forger sends: it must be refused, counted once, cost no query and change nothing."""

    def send(body: str | bytes, signed: str | None, status: int = 403, **how: Any) -> None:
        before, counted = everything(), refusals()
        with django_assert_num_queries(0):
            answer = post(body, signed, **how)
        assert answer.status_code == status
        assert answer.content == b""
        assert refusals() == counted + 1
        assert everything() == before

    return send


def test_the_same_request_signed_rightly_is_taken(account):
    sent = fields(account)
    assert post(urlencode(sent), signature(account.auth_token, sent)).status_code == 204


def test_callbacks_pass_by_what_is_there_for_people(account, client):
    """Neither sessions nor the headers for browsers; everything else under the same prefix has them."""
    sent = fields(account)
    answer = post(urlencode(sent), signature(account.auth_token, sent))
    assert "Content-Security-Policy" not in answer.headers
    for path in ("/voice/", "/voice/status/short", f"/voice/status/{TOKEN}/more", "/account/login/"):
        assert "Content-Security-Policy" in client.get(path).headers


def test_an_unsigned_request_is_refused(account, forged):
    forged(urlencode(fields(account)), None)
    forged(urlencode(fields(account)), "")


@pytest.mark.parametrize("kind", [kind for kind in get_args(Callback) if kind != "message"])
def test_no_kind_of_callback_is_taken_without_its_own_signature(account, forged, kind):
    sent = fields(account, Status="twilio-approved", RecordingSid="RE" + "1" * 32, AnsweredBy="human")
    path = f"/voice/{kind}/{TOKEN}"
    forged(urlencode(sent), None, path=path)
    forged(urlencode(sent), signature("f" * 32, sent, kind), path=path)
    forged(urlencode({**sent, "Status": "x"}), signature(account.auth_token, sent, kind), path=path)
    for other in {*get_args(Callback)} - {kind}:
        forged(urlencode(sent), signature(account.auth_token, sent, other), path=path)


@pytest.mark.parametrize("signed", ["=", "a" * 28, "A" * 10_000, "é" * 28, "=?utf-8?q?x?="])
def test_a_signature_that_is_none_is_refused(account, forged, signed):
    forged(urlencode(fields(account)), signed)


def test_another_key_is_refused(account, forged):
    sent = fields(account)
    forged(urlencode(sent), signature("f" * 32, sent))


def test_another_account_cannot_sign_for_this_one(account, forged):
    other = CarrierAccountFactory()
    forget_accounts()
    assert credentials_of(other.account_sid)
    sent = fields(account)
    forged(urlencode(sent), signature(other.auth_token, sent))


def test_an_account_that_is_not_ours_is_refused(account, forged):
    for sid in ("AC" + "f" * 32, "", "\x00", account.account_sid.lower()):
        sent = fields(account, AccountSid=sid)
        forged(urlencode(sent), signature(account.auth_token, sent))


def test_a_request_replayed_to_another_address_is_refused(account, forged):
    sent = fields(account)
    signed = signature(account.auth_token, sent)
    forged(urlencode(sent), signed, path=f"/voice/status/{new_token()}")
    forged(urlencode(sent), signed, path=f"/voice/recording/{TOKEN}")
    forged(urlencode(sent), signed, path=f"/voice/status/{TOKEN}?x=1")


@pytest.mark.parametrize(
    "host", ["https://other.example", "http://127.0.0.1:1", "https://testserver.evil.example"]
)
def test_a_request_signed_for_another_host_is_refused_whatever_host_it_claims(account, forged, host):
    """Another installation of the same account, or a thief's: only the address that we gave counts."""
    sent = fields(account)
    signed = RequestValidator(account.auth_token).compute_signature(f"{host}/voice/status/{TOKEN}", sent)
    claimed = host.partition("://")[2]
    forged(urlencode(sent), signed)
    forged(urlencode(sent), signed, HTTP_HOST=claimed, HTTP_X_FORWARDED_HOST=claimed)
    forged(
        urlencode(sent),
        signed,
        HTTP_X_FORWARDED_PROTO="https",
        HTTP_X_ORIGINAL_URL=f"{host}/voice/status/{TOKEN}",
    )


def test_a_query_that_was_signed_along_is_refused(account, forged):
    """We never give an address with a query, so that one is not ours however it is signed."""
    sent = fields(account)
    signed = RequestValidator(account.auth_token).compute_signature(
        callback_url("status", TOKEN) + "?x=1", sent
    )
    forged(urlencode(sent), signed, path=f"/voice/status/{TOKEN}?x=1")


def test_an_altered_body_is_refused(account, forged):
    sent = fields(account)
    signed = signature(account.auth_token, sent)
    for altered in (
        {**sent, "CallStatus": "busy"}, {**sent, "Extra": "1"}, {"AccountSid": sent["AccountSid"]},
        {**sent, "CallStatus": "completed "}, {**sent, "callstatus": "completed"},
    ):  # fmt: skip
        forged(urlencode(altered), signed)


def test_a_field_sent_twice_is_refused(account, forged):
    """The view would read the last of the two, so both must be signed."""
    sent = fields(account)
    signed = signature(account.auth_token, sent)
    forged(urlencode(sent) + "&CallStatus=busy", signed)
    forged("CallStatus=busy&" + urlencode(sent), signed)
    forged(urlencode(sent) + "&AccountSid=" + account.account_sid + "x", signed)


@pytest.mark.parametrize(
    "content_type", ["application/json", "multipart/form-data; boundary=x", "text/plain", "", "text/xml"]
)
def test_other_content_types_are_refused(account, forged, content_type):
    sent = fields(account)
    forged(urlencode(sent), signature(account.auth_token, sent), 415, content_type=content_type)


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options", "trace"])
def test_only_post_is_taken(account, method, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = getattr(Client(), method)(f"/voice/status/{TOKEN}")
    assert answer.status_code == 405


@pytest.mark.parametrize("size", [64 * 1024 + 1, 10_000_000])
def test_a_large_body_is_refused(account, forged, size):
    forged(b"AccountSid=" + b"x" * (size - 11), "a" * 28, 413)


def test_a_thousand_fields_too_many_are_refused(account, forged):
    forged("&".join(f"a{i}=1" for i in range(2_000)), "a" * 28, 400)


def test_bytes_that_are_no_text_are_refused_or_kept_as_they_can_be(account, forged):
    forged(b"AccountSid=" + account.account_sid.encode() + b"&x=%ff%fe%00&\xff=1", "a" * 28)


def test_a_forged_text_opts_nobody_out_and_costs_nothing(account, forged):
    text = {
        "AccountSid": account.account_sid, "MessageSid": "SM" + "1" * 32, "From": "+13035550142",
        "To": "+13035550150", "Body": "STOP",
    }  # fmt: skip
    other = CarrierAccountFactory()
    forget_accounts()
    assert credentials_of(other.account_sid)
    url = callback_url("message")
    signed = RequestValidator(account.auth_token).compute_signature(url, text)
    foreign = RequestValidator(other.auth_token).compute_signature(url, text)
    for body, wrong in ((text, ""), (text, foreign), ({**text, "From": "+13035550143"}, signed)):
        forged(urlencode(body), wrong, path="/voice/message")
    forged(urlencode(text), signed, path="/voice/message?x=1")
    forged(urlencode(text), signed, path=f"/voice/status/{TOKEN}")
    assert post(urlencode(text), signed, path="/voice/message").status_code == 200


def test_another_accounts_signed_event_about_our_call_changes_nothing(account):
    """A rightful account of another business names the token of our call."""
    from dialer.models import Attempt
    from dialer.placing import tick
    from tests.factories import CallFactory

    with time_machine.travel(datetime(2026, 3, 3, 19, 0, tzinfo=UTC), tick=False):
        CallFactory()
        tick()
    attempt = Attempt.objects.get()
    forget_accounts()
    sent = fields(account)
    before = everything()
    answer = post(
        urlencode(sent),
        signature(account.auth_token, sent, token=attempt.token),
        path=f"/voice/status/{attempt.token}",
    )
    assert answer.status_code == 403
    assert everything() == before
