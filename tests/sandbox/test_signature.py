"""The signature against vectors computed with Twilio's own library."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from sandbox.signature import sign

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
BODY = '{"property": "value", "boolean": true}'


@pytest.mark.parametrize(
    ("url", "form", "expected"),
    [
        (URL, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL.replace(".com", ".com:443"), FORM, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (URL, [], "zYQTYrRWXE7LtzbG4PfP7/bkkGo="),
        (f"{URL}&bodySHA256={hashlib.sha256(BODY.encode()).hexdigest()}", [], "a9nBmqA0ju/hNViExpshrM61xv4="),
        ("wss://mycompany.com/relay", [], "bueH7sLBnC+oqtcUZf4hX9Jxrmo="),
        (URL, [("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "a")], "TQyznOS6Od0cpzxzGU0qRoz1ErM="),
        (URL, [("MediaUrl", "a"), ("MediaUrl", "b")], "TQyznOS6Od0cpzxzGU0qRoz1ErM="),
    ],
)
def test_it_signs_as_twilio_does(url, form, expected):
    assert sign("12345", url, form) == expected


def test_the_fragment_is_not_signed():
    assert sign("12345", URL + "#rc=3&rp=all", FORM) == sign("12345", URL, FORM)


@given(st.dictionaries(st.text(min_size=1), st.lists(st.text(), min_size=1, max_size=3), max_size=5))
def test_the_official_validator_accepts_any_form(form):
    pairs = [(key, value) for key, values in form.items() for value in values]
    assert RequestValidator("12345").compute_signature(URL, MultiDict(pairs)) == sign("12345", URL, pairs)
