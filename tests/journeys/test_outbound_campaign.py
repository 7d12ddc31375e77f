"""The main job from end to end over HTTP: list, campaign, calls at the carrier, conversations, results, CSV.

One organization lives through it in order; every test looks at one part of what happened.
"""

import csv
import io
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Location, Organization
from dialer.models import Attempt, Call, Origin
from dialer.states import ENDED
from tests.journeys import places
from tests.journeys.surfer import Surfer
from tests.stack import Stack

CALLED = (
    places.BOOKS, places.VOICEMAIL, places.FRIDAY, places.OPTS_OUT, places.NO_ANSWER, places.BUSY_LINE,
)  # fmt: skip
REFUSED = (places.NO_CONSENT, places.DO_NOT_DISTURB)


AGENT: dict[str, str | list[str]] = {
    "name": "Ava",
    "business_name": "Bright Smile Dental",
    "goals": "Invite patients whose six-month check-up is due to book a time.",
    "business_details": "Hours: Monday to Friday, nine to five.\nAddress: 12 Main Street.",
    "greeting": "Hello {{ contact.first_name }}, I am calling because your six-month check-up is due.",
    "abilities": ["hang_up", "book", "message", "callback"],
}


@dataclass
class Journey:
    """What the tests look at. home: the location's address, relative to the product."""

    stack: Stack
    surfer: Surfer
    place: places.Place
    location: Location
    home: str
    mapping: dict[str, list[str]]
    report: str
    refused_rows: str
    campaign: str
    seen_live: list[str]

    def phone(self, ending: int) -> str:
        return self.place.e164.format(ending)

    def call(self, ending: int, **found: object) -> Call:
        return Call.objects.get(phone=self.phone(ending), **{"origin": Origin.CAMPAIGN, **found})

    def open(self, path: str, **query: object) -> str:
        return self.surfer.open(self.home + path, **query).text


def wait_until(done: Callable[[], bool], what: str, within: float) -> None:
    deadline = time.monotonic() + within
    while not done():
        if time.monotonic() > deadline:
            pytest.fail(f"Not within {within:g} s: {what}", pytrace=False)
        time.sleep(0.25)


@pytest.fixture(scope="module")
def journey(live_stack: Stack) -> Journey:
    place = places.place_now()
    user, location = places.organization_in(place)
    surfer, home = Surfer(live_stack.url), f"/l/{location.code}/"

    surfer.open("/")
    surfer.press("Sign in", login=user.email, password=places.PASSWORD)
    assert surfer.address.endswith(home)

    surfer.open(home + "contacts/imports/new/")
    surfer.press(
        "Upload and look at it",
        files={"file": ("recall.csv", places.contact_list(place), "text/csv")},
    )
    mapping = next(form for form in surfer.page.forms if "column-0" in form.values).values
    surfer.press("Import this list", evidence=places.EVIDENCE, vouched="on")
    wait_until(lambda: "Rows in the file" in surfer.open(surfer.address).text, "the import's report", 120)
    report = surfer.page.text
    refused_rows = surfer.download(surfer.address.replace("/report/", "/refused/")).text

    places.carrier_account(live_stack, location.organization)
    surfer.open(home + "numbers/add/")
    surfer.press("Search")
    offer = next(
        words for form in surfer.page.forms for _, _, words in form.buttons if words.startswith("Buy +")
    )
    surfer.press(offer)
    assert "Bought" in surfer.page.text
    number = location.phone_numbers.get()
    surfer.open(home + "agents/new/")
    surfer.press("Make the agent", **AGENT, phone_number=number.code)
    agent = location.agents.get()

    # Somebody promised this person another call; they will ask never to be called again before it is due.
    surfer.open(home + f"contacts/?search={place.e164.format(places.OPTS_OUT)[-6:]}")
    promised = place.local(timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT12:00")
    contact = location.contacts.get(phone=place.e164.format(places.OPTS_OUT))
    surfer.open(home + f"calls/to/{contact.code}/")
    surfer.press("Place the call", agent=agent.code, due_at=promised, purpose="As promised")

    surfer.open(home + "campaigns/new/")
    surfer.press("Save the draft", name="Six-month recall", agent=agent.code, tags_any=["recall"])
    campaign = surfer.address
    surfer.follow("Test call")
    surfer.press("Call me", phone=place.number.format(places.STAFF), consent="on")
    surfer.open(campaign)
    surfer.press("Launch")

    seen_live: list[str] = []
    left = Call.objects.filter(location=location, started_at=None, state__in=["created", "queued"])
    analysed = Call.objects.filter(location=location, started_at__isnull=False, analysed_at__isnull=False)

    def is_over() -> bool:
        seen_live.append(surfer.open(campaign + "now").text)
        return analysed.count() == len(CALLED) + 1 and not left.exists()

    wait_until(is_over, "every call made and concluded", 400)
    return Journey(
        live_stack, surfer, place, location, home, mapping, report, refused_rows, campaign, seen_live
    )


def test_it_recognises_the_columns_of_the_list(journey: Journey) -> None:
    chosen = [journey.mapping[f"column-{i}"][0] for i in range(8)]
    assert chosen == ["first_name", "last_name", "phone", "email", "consent", "consent_date", "dnd", "tags"]


def test_it_reports_what_became_of_every_row(journey: Journey) -> None:
    for figure in ("Rows in the file 11", "New contacts 8", "Rows merged 1", "Rows left out 2"):
        assert figure in journey.report
    assert "Do not call 1" in journey.report


def test_it_gives_refused_rows_back_with_their_reasons(journey: Journey) -> None:
    rows = list(csv.reader(io.StringIO(journey.refused_rows.removeprefix("\ufeff"))))
    assert len(rows) == 3
    assert "No phone number" in rows[1]
    assert {rows[1][0], rows[2][0]} == {"11", "12"}, "the rows are named as the spreadsheet numbers them"


def test_it_merges_a_number_that_came_twice(journey: Journey) -> None:
    contact = journey.location.contacts.get(phone=journey.phone(places.BOOKS))
    assert str(contact) == "Noah Brown"
    assert {tag.name for tag in contact.tags.all()} == {"recall", "vip"}


def test_it_shows_the_conversation_while_it_is_spoken(journey: Journey) -> None:
    assert any("AI" in text and "Hang up" in text for text in journey.seen_live)


def test_it_books_a_meeting(journey: Journey) -> None:
    call = journey.call(places.BOOKS)
    assert (call.disposition, call.outcome) == ("connected", "meeting_scheduled")
    text = journey.open(f"calls/{call.code}/")
    assert "Meeting scheduled" in text
    assert "Allowed" in text
    assert "10 in the morning" in text, "the transcript"


def test_it_opens_every_conversation_lawfully(journey: Journey) -> None:
    sessions = places.witnessed(journey.stack, "relay")
    assert len(sessions) >= 4
    for call in Call.objects.filter(disposition="connected"):
        first = call.conversation.turns.filter(speaker="agent").order_by("position").first()
        assert first is not None
        assert "Bright Smile Dental" in first.text
        assert "AI" in first.text


def test_it_recognises_voicemail(journey: Journey) -> None:
    call = journey.call(places.VOICEMAIL)
    assert (call.state, call.disposition) == ("voicemail", "voicemail")
    retry = call.children.get()
    assert retry.origin == Origin.RETRY
    assert retry.due_at > timezone.now()


def test_it_calls_again_on_friday_at_three_on_their_clock(journey: Journey) -> None:
    call = journey.call(places.FRIDAY)
    assert (call.disposition, call.outcome) == ("connected", "busy")
    follow_up = call.children.get()
    due = follow_up.due_at.astimezone(ZoneInfo(journey.place.zone))
    assert (follow_up.origin, follow_up.state, due.weekday(), due.hour, due.minute) == (
        Origin.FOLLOW_UP, "scheduled", 4, 15, 0,
    )  # fmt: skip
    scheduled = journey.open("calls/scheduled/")
    assert f"Fri {due:%H:%M}" in scheduled or "15:00" in scheduled, scheduled


def test_an_opt_out_cancels_what_was_planned_and_lists_the_number(journey: Journey) -> None:
    call = journey.call(places.OPTS_OUT)
    assert call.disposition == "connected"
    planned = journey.call(places.OPTS_OUT, origin=Origin.PERSON)
    assert planned.state == "canceled"
    assert planned.started_at is None
    contact = journey.location.contacts.get(phone=call.phone)
    assert contact.dnd_voice
    listed = journey.surfer.download(journey.home + "compliance/do-not-call/export/").text
    assert call.phone in listed
    assert "Opted out" in journey.open(f"compliance/consent/of/{contact.code}/")


def test_it_says_why_a_contact_without_consent_was_not_called(journey: Journey) -> None:
    call = journey.call(places.NO_CONSENT)
    assert (call.disposition, call.reasons, call.started_at) == ("rejected", ["no_opt_in"], None)
    assert "No documented consent" in journey.open(f"calls/of/{call.contact.code}")
    assert "Not called, and why" in journey.surfer.open(journey.campaign).text


def test_it_refuses_a_contact_who_does_not_want_calls(journey: Journey) -> None:
    call = journey.call(places.DO_NOT_DISTURB)
    assert call.disposition == "rejected"
    assert "dnd_voice" in call.reasons


def test_the_carrier_rang_nobody_twice_and_nobody_we_do_not_know(journey: Journey) -> None:
    rings = Counter(entry["to"] for entry in places.witnessed(journey.stack, "ring"))
    expected = {journey.phone(ending) for ending in (*CALLED, places.STAFF)}
    assert set(rings) <= expected
    assert set(rings.values()) == {1}
    created = places.witnessed(journey.stack, "create")
    assert Counter(entry["to"] for entry in created) == Counter(expected)
    sids = {entry["sid"] for entry in created}
    assert sids == set(Attempt.objects.values_list("sid", flat=True))


def test_the_carrier_saw_six_seconds_between_any_two_starts(journey: Journey) -> None:
    starts = sorted(entry["mono"] for entry in places.witnessed(journey.stack, "create"))
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert len(gaps) == len(CALLED)
    assert min(gaps) >= 6.0, gaps


def test_every_callback_was_taken(journey: Journey) -> None:
    deliveries = places.witnessed(journey.stack, "delivery")
    assert deliveries
    assert [entry for entry in deliveries if entry["status"] not in (200, 204)] == []
    assert places.witnessed(journey.stack, "alert") == []


def test_the_dashboard_counts_live_calls_and_test_calls_apart(journey: Journey) -> None:
    live = journey.open("dashboards/outbound/", range="today")
    for figure in ("Attempted 6", "Voicemail 1", "No answer 2", "Failed 0"):
        assert figure in live
    assert "Connected 3" in live
    test = journey.open("dashboards/outbound/", range="today", kind="test")
    assert "Attempted 1" in test


def test_the_csv_holds_the_live_calls_as_the_page_shows_them(journey: Journey) -> None:
    answer = journey.surfer.download(journey.home + "calls/export.csv", kind="live", transcripts="1")
    rows = {
        (row["Number"], row["Asked by"]): row
        for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    }
    assert not any(row["Type"] == "Test" for row in rows.values())
    booked = rows[journey.phone(places.BOOKS), "Campaign"]
    assert (booked["Status"], booked["Outcome"], booked["First name"]) == (
        "Connected", "Meeting scheduled", "Noah",
    )  # fmt: skip
    assert "10 in the morning" in booked["Transcript"]
    refused = rows[journey.phone(places.NO_CONSENT), "Campaign"]
    assert (refused["Status"], refused["Reason codes"], refused["Started"]) == (
        "Refused by a rule", "no_opt_in", "",
    )  # fmt: skip


def test_every_call_is_over_or_planned(journey: Journey) -> None:
    loose = Call.objects.filter(location=journey.location).exclude(state__in=[*ENDED, "scheduled"])
    assert list(loose.values_list("phone", "state")) == []


def test_the_test_and_the_product_see_the_same_database(journey: Journey) -> None:
    before = Organization.objects.count()
    journey.stack.manage(
        "shell",
        "-c",
        "from accounts.models import Organization as O; O.objects.create(name='From the product')",
    )
    assert Organization.objects.count() == before + 1
