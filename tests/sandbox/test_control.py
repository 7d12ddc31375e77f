"""The control API: faults, the witness, inbound calls, restart, and who may talk to the carrier at all."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.error

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from sandbox.faults import Faults
from tests.sandbox.conftest import OURS, ROOT, SID, TOKEN, Carrier

DOCUMENT = "<Response><Pause length='2'/></Response>"


def create(carrier, product, *, timeout=10, ending="00"):
    return carrier.client(timeout=timeout).calls.create(
        to=f"+130355501{ending}", from_=OURS, twiml=DOCUMENT, status_callback=product.url("/status"),
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "placed"),
    [
        ({"kind": "rest_timeout"}, True),
        ({"kind": "rest_reset"}, True),
        ({"kind": "rest_5xx", "when": "after"}, True),
        ({"kind": "rest_lost"}, False),
        ({"kind": "rest_reset", "when": "before"}, False),
        ({"kind": "rest_5xx", "status": 500}, False),
        ({"kind": "rest_429"}, False),
        ({"kind": "rest_401"}, False),
        ({"kind": "rest_suspended"}, False),
        ({"kind": "rest_funds"}, False),
    ],
)
def test_a_failed_create_rings_exactly_when_it_was_accepted(fault, placed, carrier, product):
    carrier.fault(**fault, count=1)
    with pytest.raises((TwilioRestException, requests.RequestException)):
        create(carrier, product, timeout=1)
    entry = carrier.log("create")[0]
    assert (entry["sid"] is not None) == placed
    create(carrier, product)  # The fault was for one request.
    product.wait(lambda: product.statuses().count("completed") == 1 + placed)
    assert len(carrier.log("ring")) == 1 + placed


def test_too_many_requests_may_say_when_to_come_back(carrier):
    carrier.fault("rest_429", retry_after=7, operation="*")
    answer = requests.get(f"{carrier.base}/api/2010-04-01/Accounts/{SID}.json", auth=(SID, TOKEN), timeout=5)
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (429, 20429, "7")


def test_a_fault_strikes_only_whom_it_names(carrier, product):
    carrier.fault("rest_401", account="AC0*")
    carrier.fault("rest_429", to="+4477*")
    assert create(carrier, product).status == "queued"


def test_a_probable_fault_strikes_the_same_requests_again():
    def strikes(seed):
        faults = Faults(seed)
        faults.add({"kind": "rest_429", "probability": 0.3})
        return [faults.rest("calls.create", SID, f"+1303555{n:04d}") is not None for n in range(1000)]

    assert strikes("a") == strikes("a") != strikes("b")
    assert 240 < sum(strikes("a")) < 360


def test_a_fault_that_counts_ends_when_its_count_is_used_up():
    faults = Faults("a")
    faults.add({"kind": "rest_429", "count": 2})
    assert [bool(faults.rest("calls.create", SID, "+13035550100")) for _ in range(4)] == [
        True,
        True,
        False,
        False,
    ]


def test_callbacks_overtake_each_other_now_and_then_without_any_fault(carrier, product):
    for _ in range(40):
        create(carrier, product, ending="77")
    product.wait(lambda: product.statuses().count("busy") == 40)
    product.wait(lambda: product.statuses().count("initiated") == 40)
    arrived = {}
    for request in product.requests:
        arrived.setdefault(request.form["CallSid"], []).append(int(request.form["SequenceNumber"]))
    assert {tuple(sorted(order)) for order in arrived.values()} == {(0, 1, 2)}
    assert 0 < sum(order != [0, 1, 2] for order in arrived.values()) < 20


@pytest.mark.parametrize(
    ("fault", "counts"),
    [
        ({"kind": "callback_lost", "event": "ringing"}, {"ringing": 0, "completed": 1}),
        (
            {"kind": "callback_doubled", "event": "in-progress", "times": 3},
            {"in-progress": 3, "completed": 1},
        ),
        ({"kind": "callback_late", "event": "initiated", "seconds": 1}, {"initiated": 1, "completed": 1}),
        ({"kind": "callback_reordered", "event": "ringing"}, {"ringing": 1, "completed": 1}),
    ],
)
def test_callbacks_are_lost_doubled_late_or_reordered(fault, counts, carrier, product):
    carrier.fault(**fault)
    create(carrier, product)
    wanted = sum(counts.values()) + 4 - len(counts) if fault["kind"] != "callback_lost" else 3
    if fault["kind"] in ("callback_late", "callback_reordered"):
        wanted = 4
    if fault["kind"] == "callback_doubled":
        wanted = 6
    product.wait(lambda: len(product.statuses()) == wanted)
    statuses = product.statuses()
    assert {status: statuses.count(status) for status in counts} == counts
    arrived = [request.form["CallStatus"] for request in product.requests if request.path == "/status"]
    if fault["kind"] == "callback_late":
        assert arrived[-1] == "initiated"
    if fault["kind"] == "callback_reordered":
        assert arrived.index("ringing") > 0


def test_a_stuck_call_says_so_and_never_rings_once_canceled(carrier, product):
    carrier.fault("queue_stuck", seconds=600)
    call = create(carrier, product)
    assert call.queue_time == "600000"
    assert carrier.client().calls(call.sid).fetch().status == "queued"
    carrier.client().calls(call.sid).update(status="canceled")
    product.wait_request("/status", CallStatus="canceled")
    assert carrier.log("ring") == []


def test_a_callback_is_retried_as_its_url_asks(carrier, product):
    answers = iter([500, 500, 204])
    product.documents["/status"] = lambda form: next(answers)
    carrier.client().calls.create(
        to="+13035550177", from_=OURS, twiml=DOCUMENT, status_callback=product.url("/status?a=1#rc=3&rp=5xx")
    )
    product.wait(lambda: len(product.requests) == 3)
    assert all(request.valid for request in product.requests)
    carrier.wait_for_log(lambda _: [e["status"] for e in carrier.log("delivery")] == [500, 500, 204])


def test_the_witness_pages_by_offset_and_is_the_file_itself(carrier, product):
    create(carrier, product, ending="77")
    product.wait_request("/status", CallStatus="busy")
    everything = carrier.log()
    offset, seen = 0, []
    while page := carrier.control("GET", f"log?offset={offset}&limit=2"):
        if not page["entries"]:
            break
        seen += page["entries"]
        offset = page["next_offset"]
    assert seen[: len(everything)] == everything
    kinds = [entry["kind"] for entry in everything]
    assert kinds.index("create") < kinds.index("ring")
    ring = next(entry for entry in everything if entry["kind"] == "ring")
    assert {"at", "mono", "sid", "to", "account"} <= set(ring)
    assert len((carrier.data / "log.jsonl").read_text().splitlines()) >= len(everything)


def test_a_person_calls_one_of_our_numbers(carrier, product):
    carrier.control(
        "POST",
        "numbers",
        number=OURS,
        VoiceUrl=product.url("/inbound"),
        StatusCallback=product.url("/status"),
    )
    product.documents["/inbound"] = product.relay()
    call = carrier.control("POST", "inbound", **{"from": "+13035550100", "to": OURS})
    first = product.wait_request("/inbound").form
    assert (first["Direction"], first["CallStatus"], first["CallSid"]) == ("inbound", "ringing", call["sid"])
    assert first["StirVerstat"].startswith("TN-Validation")
    done = product.wait_request("/status").form
    assert (done["CallStatus"], done["SequenceNumber"]) == ("completed", "0")
    assert "SipResponseCode" not in done
    assert "Maria Lopez" in " ".join(product.sockets[0].prompts)


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "failed")])
def test_an_inbound_call_can_be_rejected(reason, status, carrier, product):
    carrier.control(
        "POST",
        "numbers",
        number=OURS,
        VoiceUrl=product.url("/inbound"),
        StatusCallback=product.url("/status"),
    )
    product.documents["/inbound"] = f'<Response><Reject reason="{reason}"/></Response>'
    carrier.control("POST", "inbound", **{"from": "+13035550100", "to": OURS})
    assert product.wait_request("/status").form["CallStatus"] == status


def test_a_number_can_be_given_another_persona(carrier, product):
    carrier.control("PUT", "numbers/+13035550100/persona", persona="line_busy")
    create(carrier, product)
    product.wait_request("/status", CallStatus="busy")
    carrier.control("PUT", "numbers/+13035550100/persona", persona=None)
    assert carrier.control("GET", "personas")["numbers"] == {}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "faults", {"kind": "earthquake"}),
        ("POST", "faults", {"kind": "rest_429", "colour": "red"}),
        ("POST", "faults", {"kind": "rest_429", "count": 0}),
        ("POST", "numbers", {"number": "12"}),
        ("POST", "speed", {"speed": 0}),
        ("POST", "accounts", {"cps": -1}),
        ("POST", "inbound", {"from": "+13035550100", "to": "+13035550000"}),
        ("PUT", "numbers/+13035550100/persona", {"persona": "ghost"}),
    ],
)
def test_a_wrong_order_is_refused_with_a_reason(method, path, body, carrier):
    with pytest.raises(urllib.error.HTTPError) as caught:
        carrier.control(method, path, **body)
    assert caught.value.code == 400
    assert b"error" in caught.value.read()


def test_only_this_machine_by_its_own_name_and_only_json_may_give_orders(carrier):
    assert requests.get(carrier.base + "/", headers={"Host": "evil.example"}, timeout=5).status_code == 403
    form = requests.post(carrier.base + "/control/reset", data={"a": 1}, timeout=5)
    assert form.status_code == 415


def test_the_page_shows_calls_and_escapes_everything(carrier, product):
    call = create(carrier, product)
    page = requests.get(carrier.base + "/", timeout=5)
    assert call.sid in page.text
    assert "Busy: &quot;call me Friday at 3&quot;" not in page.text
    create(carrier, product, ending="15")
    assert "Busy: &quot;call me Friday at 3&quot;" in requests.get(carrier.base + "/", timeout=5).text


def test_after_a_kill_records_stand_and_live_calls_end_failed(tmp_path, product):
    carrier = Carrier(tmp_path, speed=1, seed="killed")
    carrier.control("POST", "accounts", sid=SID, cps=0)
    carrier.control("POST", "numbers", number=OURS)
    call = create(carrier, product, ending="65")
    product.wait_request("/status", CallStatus="ringing", CallSid=call.sid)
    carrier.kill()
    carrier.speed = 40
    carrier.start()
    try:
        assert product.wait_request("/status", CallStatus="failed").form["CallSid"] == call.sid
        assert carrier.client().calls(call.sid).fetch().status == "failed"
        assert [e["sid"] for e in carrier.log("ring")] == [call.sid]
        assert create(carrier, product).sid != call.sid
    finally:
        assert carrier.stop() == 0


def test_the_same_seed_gives_the_same_run(tmp_path, product):
    runs = []
    for folder in ("one", "two"):
        carrier = Carrier(tmp_path / folder, seed="again")
        carrier.control("POST", "numbers", number=OURS)
        runs.append(create(carrier, product).sid)
        carrier.stop()
    assert runs[0] == runs[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--host", "0.0.0.0"], "loopback only"), (["--speed", "fast"], "SANDBOX_SPEED must be a number")],
)
def test_it_does_not_start_where_or_how_it_must_not(arguments, words):
    result = subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert result.returncode == 1
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_in_use_is_said_in_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = subprocess.run(
            [sys.executable, "-m", "sandbox", "--port", port],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert result.returncode == 1
    assert result.stderr.startswith(f"Port {port} is in use")
    assert result.stderr.count("\n") == 1
