"""Random bytes and forms at the doors that strangers reach: refused or taken, never a fault."""

import contextlib
import io
import json
from typing import get_args
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from accounts.fields import new_token
from contacts import reading
from contacts.cells import guard, unguard
from sandbox.twiml import TwimlError, parse
from telephony.addresses import Callback, callback_url
from telephony.models import CarrierAccount
from telephony.signatures import forget_accounts
from tests.factories import CarrierAccountFactory
from tests.security.test_stored_text import starts_a_formula

TOKEN = new_token()
KINDS = [kind for kind in get_args(Callback) if kind != "message"]
FIELDS = st.sampled_from([
    "CallSid", "CallStatus", "SequenceNumber", "Timestamp", "CallDuration", "AnsweredBy", "RecordingSid",
    "RecordingStatus", "RecordingDuration", "SessionId", "HandoffData", "SessionStatus", "SipResponseCode",
    "DialCallSid", "DialCallStatus", "ErrorCode", "From", "To",
])  # fmt: skip
TEXT = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["completed", "ringing", "human", "-1", "9" * 30, "{", "[]", "null", "²", "\x00"]),
)
csv_bytes = st.one_of(
    st.binary(max_size=600),
    st.text(alphabet="+0123456789,;\t\"'\r\n\x00Phoneé日\ufeff =@-", max_size=400).map(
        lambda t: t.encode("utf-8", "replace")
    ),
    st.text(max_size=200).map(lambda t: t.encode("utf-16", "surrogatepass")),
)


@given(csv_bytes)
@settings(max_examples=200)
def test_any_bytes_are_read_as_a_list_or_refused_with_words(content):
    try:
        sheet = reading.examine(io.BytesIO(content))
    except reading.UnreadableError:
        return
    json.dumps(sheet.to_json())


@given(st.text(alphabet=st.sampled_from("=+-@＝＋\t\r\n\x00,;|\"' a1"), max_size=30))
@settings(max_examples=500)
def test_any_cell_is_inert_and_comes_back_as_it_was(cell):
    assert not starts_a_formula(guard(cell))
    assert unguard(guard(cell)) == cell


@pytest.fixture
def account(db) -> CarrierAccount:
    forget_accounts()
    account = CarrierAccountFactory()
    yield account
    forget_accounts()


@given(
    kind=st.sampled_from(KINDS),
    form=st.dictionaries(FIELDS | st.text(min_size=1, max_size=10), TEXT, max_size=8),
    signed=st.booleans(),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_form_at_the_webhooks_is_answered(account, kind, form, signed):
    """Signed rightly: kept, whatever it says. Signed wrongly: refused. Never a 500, which the carrier would repeat."""
    sent = {**form, "AccountSid": account.account_sid}
    body = urlencode(sent, errors="replace")
    given_signature = RequestValidator(account.auth_token if signed else "f" * 32).compute_signature(
        callback_url(kind, TOKEN), sent
    )
    answer = Client().post(
        f"/voice/{kind}/{TOKEN}",
        data=body,
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": given_signature},
    )
    assert answer.status_code in ({200, 204, 403} if signed else {403})


@given(st.binary(max_size=300))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_at_the_webhooks_are_refused(account, body):
    answer = Client().post(
        f"/voice/status/{TOKEN}", data=body, content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": "x"},
    )  # fmt: skip
    assert answer.status_code in (400, 403, 413)


KEYS = st.sampled_from([
    "now", "location", "contact", "number_attempts", "phone", "country", "timezone", "text", "turns", "transcript",
    "speaker", "zone", "today", "at", "kyc_status", "outbound_enabled", "dnd_voice", "consent",
    "last_attempt_at", "hours",
])  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(
        ["+13035550142", "US", "America/Denver", "2026-11-21T12:00:00Z", "0001-01-01T00:00:00+14:00", "caller"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=8), inner, max_size=5),
    max_leaves=10,
)  # fmt: skip
LINES = st.lists(
    JSON.map(json.dumps).map(str.encode) | st.binary(min_size=1, max_size=40), min_size=1, max_size=20
)


@pytest.mark.parametrize("command", ["decide", "call_window", "detect_optout", "detect_followup"])
def test_any_line_of_a_command_gets_one_answer_in_words(command):
    @given(LINES)
    @settings(max_examples=40)
    def each(lines):
        sent = [line for line in (line.replace(b"\n", b" ") for line in lines) if line.strip()]
        out, complaints = io.StringIO(), io.StringIO()
        with contextlib.suppress(SystemExit):
            call_command(command, stdin=io.BytesIO(b"\n".join(sent)), stdout=out, stderr=complaints)
        answers = [json.loads(line) for line in out.getvalue().splitlines()]
        assert len(answers) == len(sent)
        assert complaints.getvalue() == ""

    each()


@given(
    st.binary(max_size=300)
    | st.text(alphabet=st.sampled_from('<>/"=& abSayDialGatherResponse!?[]%;#\x00é'), max_size=200).map(
        lambda text: "<Response>" + text + "</Response>"
    )
)
@settings(max_examples=300)
def test_any_document_is_twiml_or_an_error(document):
    with contextlib.suppress(TwimlError):
        assert isinstance(parse(document), list)


def test_a_document_that_would_grow_or_reach_out_is_refused():
    bomb = "<!DOCTYPE r [" + "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9)) + "]>"
    for head in (
        bomb,
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r SYSTEM "http://127.0.0.1/">',
    ):
        with pytest.raises(TwimlError):
            parse(head + "<Response><Say>&a9;&x;</Say></Response>")
