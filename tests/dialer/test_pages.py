"""Pages of campaigns and calls: who may what, what they show, what they cost."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Location, Role
from compliance import ledger
from compliance.ledger import opt_out
from compliance.models import ConsentEntry, ConsentSource, Decision
from contacts import bulk
from contacts.cells import unguard
from contacts.models import Contact, Tag
from dialer import baton
from dialer import calls as single_calls
from dialer.models import Call, CallEvent, Campaign, CampaignState, Origin
from dialer.states import State
from tests.factories import (
    AgentFactory,
    CallFactory,
    CampaignFactory,
    ContactFactory,
    LocationFactory,
    MemberFactory,
    UserFactory,
)
from voiceagents.models import Agent, Conversation, Turn

pytestmark = pytest.mark.django_db


@pytest.fixture
def location() -> Location:
    return LocationFactory()


def client_of(location: Location, role: Role) -> Client:
    client = Client()
    client.force_login(MemberFactory(location=location, role=role).user)
    return client


@pytest.fixture
def staff(location) -> Client:
    return client_of(location, Role.STAFF)


@pytest.fixture
def manager(location) -> Client:
    return client_of(location, Role.MANAGER)


def told(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def every_url(location: Location) -> list[tuple[str, str, Role | None]]:
    """(method, address, lowest role that may) of every route of the dialer and the dashboards."""
    campaign = CampaignFactory(location=location)
    call = CallFactory(location=location)

    def at(name: str, *arguments: str) -> str:
        return reverse(name, args=[location.code, *arguments])

    reads = [
        at("dialer:strip"), at("dialer:calls"), at("dialer:calls_export"), at("dialer:scheduled"),
        at("dialer:contact_calls", call.contact.code), at("dialer:call", call.code), at("dialer:call_now", call.code),
        at("dialer:campaigns"), at("dialer:campaign", campaign.code), at("dialer:campaign_now", campaign.code),
        at("dialer:campaign_actions", campaign.code),
        at("dashboards:outbound"), at("dashboards:calls_by_day"), at("dashboards:today"),
    ]  # fmt: skip
    staff = [
        at("dialer:call_cancel", call.code), at("dialer:call_hang_up", call.code), at("dialer:call_move", call.code),
        at("dialer:place_call", call.contact.code), at("dialer:test_agent", campaign.agent.code),
        at("dialer:test_call", campaign.code), at("dialer:campaign_new"), at("dialer:campaign_edit", campaign.code),
        at("dialer:audience_count"),
    ]  # fmt: skip
    manager = [
        at(f"dialer:campaign_{verb}", campaign.code)
        for verb in ("launch", "pause", "resume", "cancel", "delete")
    ] + [at("dialer:account_resume", campaign.agent.phone_number.account.code)]
    return (
        [("get", url, Role.VIEWER) for url in reads]
        + [("post", url, Role.STAFF) for url in staff]
        + [("post", url, Role.MANAGER) for url in manager]
    )


def test_a_stranger_finds_nothing(location):
    stranger = client_of(LocationFactory(), Role.OWNER)
    for method, url, _ in every_url(location):
        assert getattr(stranger, method)(url).status_code == 404, url


def test_nothing_of_another_location_is_reached_through_ones_own(location, manager):
    other = LocationFactory(organization=location.organization)
    for method, url, _ in every_url(other):
        moved = url.replace(other.code, location.code)
        response = getattr(manager, method)(moved)
        if any(code in moved for code in Call.objects.values_list("code", flat=True)) or any(
            model.objects.filter(location=other, code__in=moved.split("/")).exists()
            for model in (Campaign, Agent, Contact)
        ):
            assert response.status_code == 404, url


@pytest.mark.parametrize("role", [Role.VIEWER, Role.STAFF, Role.MANAGER])
def test_each_role_may_what_it_may_and_no_more(location, role):
    client = client_of(location, role)
    for method, url, lowest in every_url(location):
        status = getattr(client, method)(url).status_code
        if role.rank < lowest.rank:
            assert status == 403, (role, url)
        else:
            assert status in (200, 204, 302, 422), (role, url, status)


def test_a_viewer_is_offered_nothing_that_changes(location):
    campaign = CampaignFactory(location=location)
    call = CallFactory(location=location)
    viewer = client_of(location, Role.VIEWER)
    for name, code in (("dialer:campaign", campaign.code), ("dialer:call", call.code)):
        page = viewer.get(reverse(name, args=[location.code, code])).content.decode()
        main = page.split("<main", 1)[1].split("</main>", 1)[0]
        assert 'method="post"' not in main


def form_data(agent: Agent, **changes: object) -> dict[str, object]:
    return {"name": "Autumn recall", "agent": agent.code, "hours-always": "on", **changes}


def test_a_campaign_is_made_with_audience_hours_start_and_end(location, staff):
    agent = AgentFactory(location=location)
    Tag.objects.create(location=location, name="vip")
    response = staff.post(
        reverse("dialer:campaign_new", args=[location.code]),
        {
            "name": "Autumn recall",
            "agent": agent.code,
            "tags_any": ["vip"],
            "search": " ann ",
            "schedule_zone": "contact",
            "hours-mon-0-from": "09:00",
            "hours-mon-0-to": "12:00",
            "hours-mon-1-from": "13:00",
            "hours-mon-1-to": "00:00",
            "holidays": "2026-12-25, 2027-01-01",
            "starts_at": "2027-03-01T09:00",
            "ends_at": "2027-03-05T17:30",
        },
    )
    campaign = Campaign.objects.get()
    assert response.url == reverse("dialer:campaign", args=[location.code, campaign.code])
    assert campaign.audience == {"tags_any": ["vip"], "search": "ann"}
    assert campaign.schedule == {
        "tz": "contact",
        "days": {"mon": [["09:00", "12:00"], ["13:00", "24:00"]]},
        "holidays": ["2026-12-25", "2027-01-01"],
    }
    # Nine o'clock in Denver, which is seven hours behind UTC in winter.
    assert campaign.starts_at.isoformat() == "2027-03-01T16:00:00+00:00"
    page = staff.get(reverse("dialer:campaign_edit", args=[location.code, campaign.code])).content.decode()
    assert 'value="2027-03-01T09:00"' in page
    assert 'value="13:00"' in page


def test_without_hours_of_its_own_only_the_law_limits_a_campaign(location, staff):
    staff.post(
        reverse("dialer:campaign_new", args=[location.code]), form_data(AgentFactory(location=location))
    )
    assert Campaign.objects.get().schedule == {}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"ends_at": "2020-01-01T09:00"}, "The end has passed already"),
        (
            {"starts_at": "2027-03-02T09:00", "ends_at": "2027-03-01T09:00"},
            "The end must come after the start",
        ),
        ({"holidays": "Christmas"}, "is not a date"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(location, staff, wrong, words):
    data = form_data(AgentFactory(location=location), search="kept words", **wrong)
    response = staff.post(reverse("dialer:campaign_new", args=[location.code]), data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "kept words" in response.content.decode()
    assert not Campaign.objects.exists()


def test_an_agent_of_another_location_cannot_be_chosen(location, staff):
    response = staff.post(reverse("dialer:campaign_new", args=[location.code]), form_data(AgentFactory()))
    assert response.status_code == 422
    assert not Campaign.objects.exists()


def test_a_field_is_checked_as_soon_as_it_changes(location, staff):
    url = reverse("dialer:campaign_new", args=[location.code])
    response = staff.post(f"{url}?check=ends_at", {"ends_at": "2020-01-01T09:00"})
    assert "The end has passed already" in response.content.decode()
    assert 'id="field-ends_at"' in response.content.decode()
    assert staff.post(f"{url}?check=code", form_data(AgentFactory(location=location))).status_code == 404
    assert not Campaign.objects.exists()


def test_the_form_counts_whom_the_audience_reaches(location, staff):
    ContactFactory.create_batch(3, location=location)
    ContactFactory(location=location, consent=False)
    page = staff.post(reverse("dialer:audience_count", args=[location.code]), {"search": "noah"})
    words = " ".join(page.content.decode().split())
    assert "<strong>4</strong> contacts, <strong>3</strong> of them may be called" in words


def test_launching_twice_makes_one_job_and_says_so(location, manager):
    campaign = CampaignFactory(location=location)
    ContactFactory(location=location)
    url = reverse("dialer:campaign_launch", args=[location.code, campaign.code])
    assert "Launched" in told(manager.post(url))
    assert "launched already" in told(manager.post(url))
    assert location.jobs.count() == 1


def test_a_refused_launch_says_what_to_do(location, manager):
    campaign = CampaignFactory(location=location, agent=AgentFactory(location=location, phone_number=None))
    url = reverse("dialer:campaign_launch", args=[location.code, campaign.code])
    words = told(manager.post(url))
    assert "Nobody is chosen" in words
    assert "No phone number" in words
    page = manager.get(reverse("dialer:campaign", args=[location.code, campaign.code])).content.decode()
    assert "MISSING_PHONE_NUMBER" in page


def test_a_running_campaign_is_not_edited(location, staff):
    campaign = CampaignFactory(location=location, state=CampaignState.RUNNING)
    url = reverse("dialer:campaign_edit", args=[location.code, campaign.code])
    assert staff.post(url, form_data(campaign.agent, name="Changed")).status_code == 302
    campaign.refresh_from_db()
    assert campaign.name != "Changed"


def talking(location: Location, campaign: Campaign | None = None) -> Call:
    contact = ContactFactory(location=location)
    conversation = Conversation.objects.create(
        location=location, contact=contact, token=f"t{contact.pk}", started_at=timezone.now()
    )
    Turn.objects.create(
        conversation=conversation, position=0, speaker="agent", text="Good morning!", at=timezone.now()
    )
    Turn.objects.create(
        conversation=conversation,
        position=1,
        speaker="contact",
        text="Who is this?",
        interrupted=True,
        at=timezone.now(),
    )
    return CallFactory(
        location=location,
        contact=contact,
        campaign=campaign,
        origin=Origin.CAMPAIGN if campaign else Origin.PERSON,
        state=State.IN_PROGRESS,
        conversation=conversation,
        started_at=timezone.now(),
    )


def test_a_running_campaign_shows_what_is_being_said_and_why_not(location, staff):
    campaign = CampaignFactory(location=location, state=CampaignState.RUNNING)
    talking(location, campaign)
    CallFactory(
        location=location,
        campaign=campaign,
        origin=Origin.CAMPAIGN,
        state=State.FAILED,
        disposition="rejected",
        reasons=["no_opt_in", "dnd_voice"],
        ended_at=timezone.now(),
    )
    page = staff.get(reverse("dialer:campaign_now", args=[location.code, campaign.code])).content.decode()
    for words in (
        "Good morning!",
        "interrupted",
        "no documented consent",
        "do not disturb",
        "One call every 6 seconds",
    ):
        assert words in page


def test_the_campaign_page_costs_the_same_with_more_calls(location, staff, django_assert_max_num_queries):
    campaign = CampaignFactory(location=location, state=CampaignState.RUNNING)
    for _ in range(8):
        talking(location, campaign)
    with django_assert_max_num_queries(22):
        staff.get(reverse("dialer:campaign", args=[location.code, campaign.code]))


def test_the_log_costs_the_same_with_more_calls(location, staff, django_assert_max_num_queries):
    campaign = CampaignFactory(location=location)
    for _ in range(12):
        talking(location, campaign)
    with django_assert_max_num_queries(12):
        response = staff.get(reverse("dialer:calls", args=[location.code]))
    assert response.content.decode().count("<tr data-row>") == 12


def test_the_log_pages_by_key_and_keeps_its_place_when_calls_arrive(location, staff):
    calls = CallFactory.create_batch(120, location=location)
    url = reverse("dialer:calls", args=[location.code])
    first = staff.get(url).context["page"]
    CallFactory.create_batch(5, location=location)
    second = staff.get(url, {"after": first.older}).context["page"]
    third = staff.get(url, {"after": second.older}).context["page"]
    seen = [call.pk for page in (first, second, third) for call in page.rows]
    assert seen == [call.pk for call in reversed(calls)]
    assert third.older is None
    back = staff.get(url, {"before": second.newer}).context["page"]
    assert [call.pk for call in back.rows] == [call.pk for call in first.rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"result": "connected"}, {"connected"}),
        ({"result": "rejected"}, {"refused"}),
        ({"result": "attempted"}, {"connected"}),
        ({"result": "waiting"}, {"waiting", "test"}),
        ({"kind": "test"}, {"test"}),
        ({"reason": "no_opt_in"}, {"refused"}),
        ({"outcome": "meeting_scheduled"}, {"connected"}),
        ({"search": "Zoe"}, {"connected"}),
        ({"since": "2026-11-10", "until": "2026-11-10"}, {"connected"}),
        ({"since": "2026-11-11", "kind": "live"}, {"refused", "waiting"}),
    ],
)
def test_the_log_filters(location, staff, query, expected):
    # Ten in the evening in Denver is the next day in UTC.
    evening = datetime(2026, 11, 11, 5, 0, tzinfo=UTC)
    zoe = ContactFactory(location=location, first_name="Zoe")
    calls = {
        "connected": CallFactory(
            location=location, contact=zoe, state=State.COMPLETED, disposition="connected",
            outcome="meeting_scheduled", started_at=evening, ended_at=evening,
        ),
        "refused": CallFactory(
            location=location, state=State.FAILED, disposition="rejected", reasons=["no_opt_in"],
            ended_at=timezone.now(),
        ),
        "waiting": CallFactory(location=location),
        "test": CallFactory(location=location, is_test=True),
    }  # fmt: skip
    page = staff.get(reverse("dialer:calls", args=[location.code]), query).context["page"]
    assert {call.pk for call in page.rows} == {calls[name].pk for name in expected}


def test_a_filter_that_makes_no_sense_is_told(location, staff):
    CallFactory(location=location)
    page = staff.get(reverse("dialer:calls", args=[location.code]), {"since": "yesterday"}).content.decode()
    assert "Enter a valid date" in page


def test_a_calls_page_shows_everything_about_it(location, staff):
    call = talking(location)
    CallEvent.objects.create(
        call=call, at=timezone.now(), from_state="queued", to_state="calling", cause="Allowed by the rules"
    )
    Decision.objects.create(
        location=location, call_id=call.pk, contact_id=call.contact_id, phone=call.phone, decision="defer",
        reasons=["outside_hours"], until=timezone.now(), decided_at=timezone.now(), facts={}, engine="1",
    )  # fmt: skip
    follow_up = CallFactory(
        location=location, contact=call.contact, parent=call, origin=Origin.FOLLOW_UP, purpose="Asked for Friday",
        confidence="high", state=State.SCHEDULED, due_at=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    url = reverse("dialer:call", args=[location.code, call.code])
    page = staff.get(url).content.decode()
    for words in (
        "Who is this?",
        "Allowed by the rules",
        "Outside calling hours",
        "Asked for Friday",
        "High confidence",
    ):
        assert words in page
    assert "Hang up" in page
    drawer = staff.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "drawer-title" in drawer
    assert "<html" not in drawer
    waiting = staff.get(reverse("dialer:call", args=[location.code, follow_up.code])).content.decode()
    assert "Cancel the call" in waiting
    assert call.code in waiting


def test_what_people_and_carriers_write_is_text_on_every_page(location, staff):
    nasty = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    call = talking(location, CampaignFactory(location=location, name=nasty, state=CampaignState.RUNNING))
    Contact.objects.filter(pk=call.contact_id).update(first_name=nasty)
    Agent.objects.update(name=nasty[:80])
    Call.objects.update(
        purpose=nasty, summary=nasty, failure_detail=nasty, failure_code="<b>9", answered_by="<i>"
    )
    Turn.objects.update(text=nasty)
    CallEvent.objects.create(
        call=call, at=timezone.now(), from_state="queued", to_state="calling", cause=nasty
    )
    for method, url, _ in every_url(location):
        if method == "get" and "export" not in url and ".json" not in url:
            page = staff.get(url).content.decode()
            assert "<script>alert" not in page, url
            assert "<img src=x" not in page, url
    for name in ("dialer:call", "dialer:call_now"):
        page = staff.get(reverse(name, args=[location.code, call.code])).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_canceling_a_waiting_call(location, staff):
    call = CallFactory(location=location)
    url = reverse("dialer:call_cancel", args=[location.code, call.code])
    page = staff.post(url, headers={"HX-Request": "true"}).content.decode()
    assert "This call will not be made" in page
    call.refresh_from_db()
    assert (call.state, call.disposition) == (State.CANCELED, "canceled")
    assert "Too late" in told(staff.post(url))


def test_moving_a_waiting_call_to_another_time_on_the_locations_clock(location, staff):
    call = CallFactory(location=location)
    url = reverse("dialer:call_move", args=[location.code, call.code])
    assert staff.post(url, {"due_at": "2020-01-01T09:00"}).status_code == 422
    staff.post(url, {"due_at": "2030-07-01T09:00"})
    call.refresh_from_db()
    assert call.state == State.SCHEDULED
    assert call.due_at.isoformat() == "2030-07-01T15:00:00+00:00"
    assert call.events.get().cause.startswith("Moved to")


def test_placing_a_call_twice_by_a_double_click_places_one(location, staff):
    contact = ContactFactory(location=location)
    agent = AgentFactory(location=location)
    url = reverse("dialer:place_call", args=[location.code, contact.code])
    for _ in range(2):
        assert staff.post(url, {"agent": agent.code, "purpose": "Asked by e-mail"}).status_code == 302
    call = Call.objects.get()
    assert (call.phone, call.purpose, call.state) == (contact.phone, "Asked by e-mail", State.QUEUED)


def test_an_agent_without_a_number_places_no_call(location, staff):
    agent = AgentFactory(location=location, phone_number=None)
    contact = ContactFactory(location=location)
    url = reverse("dialer:place_call", args=[location.code, contact.code])
    response = staff.post(url, {"agent": agent.code})
    assert response.status_code == 422
    assert "No phone number" in response.content.decode()
    assert not Call.objects.exists()


OWN_PHONE = "(303) 555-0142"


def test_a_test_call_records_the_consent_and_counts_nowhere(location, staff):
    campaign = CampaignFactory(location=location, test_agent=AgentFactory(location=location))
    url = reverse("dialer:test_call", args=[location.code, campaign.code])
    assert staff.post(url, {"phone": OWN_PHONE}).status_code == 422
    assert not Call.objects.exists()
    for _ in range(2):
        assert staff.post(url, {"phone": OWN_PHONE, "consent": "on"}).status_code == 302
    call = Call.objects.get()
    assert (call.is_test, call.agent, call.campaign, call.phone) == (
        True,
        campaign.test_agent,
        campaign,
        "+13035550142",
    )
    assert call.contact.is_test
    entry = ConsentEntry.objects.get()
    assert entry.source == ConsentSource.STAFF
    assert "confirmed that it is their own" in entry.evidence


def test_consent_to_a_test_call_allows_tests_only_and_ends(location, staff):
    url = reverse("dialer:test_agent", args=[location.code, AgentFactory(location=location).code])
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        staff.post(url, {"phone": OWN_PHONE, "consent": "on"})
    contact = Call.objects.get().contact
    edit = reverse("contacts:edit", args=[location.code, contact.code])
    typed = {"phone": contact.phone, "first_name": "Victim", "last_name": "One"}
    with time_machine.travel(start + timedelta(days=1), tick=False):
        assert ledger.with_consent(Contact.objects.all(), timezone.now()).exists()
        refused = staff.post(edit, typed)
        assert refused.status_code == 422
        assert "to test calls only" in refused.content.decode()
        bulk.apply(
            action="not_test",
            location=location,
            contacts=Contact.objects.all(),
            detail="",
            actor=UserFactory(),
        )
        assert Contact.objects.get().is_test
        assert staff.post(edit, {**typed, "is_test": "on"}).status_code == 302
    with time_machine.travel(start + single_calls.TEST_LASTS, tick=False):
        assert staff.post(edit, typed).status_code == 302
        assert not Contact.objects.get().is_test
        assert not ledger.with_consent(Contact.objects.all(), timezone.now()).exists()
        assert not ledger.standing([contact.pk], timezone.now())


def test_a_contact_with_consent_of_its_own_is_unmarked_as_test(location, staff):
    contact = ContactFactory(location=location, is_test=True)
    edit = reverse("contacts:edit", args=[location.code, contact.code])
    assert staff.post(edit, {"phone": contact.phone, "first_name": "Ana"}).status_code == 302
    contact.refresh_from_db()
    assert not contact.is_test


def test_nobody_has_many_numbers_of_their_own(location, staff):
    url = reverse("dialer:test_agent", args=[location.code, AgentFactory(location=location).code])
    start = timezone.now()

    def ask(digits: int, minutes: int) -> str:
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            answer = staff.post(url, {"phone": f"(303) 555-01{digits}", "consent": "on"})
        return answer.content.decode() if answer.status_code == 422 else ""

    assert ask(42, 0) == ""
    assert "another number of your own a moment ago" in ask(43, 4)
    assert ask(42, 4) == "", "the same number again needs no other consent"
    assert ask(43, 5) == ""
    assert ask(44, 10) == ""
    assert "more are not taken" in ask(45, 60)
    assert ConsentEntry.objects.count() == 3
    assert not Contact.objects.filter(phone="+13035550145").exists()
    assert ask(45, 60 * 48 + 1) == ""


def test_a_test_call_is_no_way_around_an_opt_out(location, staff):
    agent = AgentFactory(location=location)
    opt_out(
        organization=location.organization, phone="+13035550142", location=location, source=ConsentSource.SPOKEN,
        evidence="Said on a call",
    )  # fmt: skip
    url = reverse("dialer:test_agent", args=[location.code, agent.code])
    response = staff.post(url, {"phone": OWN_PHONE, "consent": "on"})
    assert "has opted out" in response.content.decode()
    assert not Call.objects.exists()


def test_a_contact_who_is_nobody_of_ours_is_not_test_called(location, staff):
    contact = ContactFactory(location=location, phone="+13035550142")
    url = reverse("dialer:test_agent", args=[location.code, AgentFactory(location=location).code])
    response = staff.post(url, {"phone": contact.phone, "consent": "on"})
    assert "Mark that contact as test first" in response.content.decode()


def test_hanging_up_a_call_that_nobody_dialled_is_harmless(location, staff):
    call = talking(location)
    assert "over already" in told(staff.post(reverse("dialer:call_hang_up", args=[location.code, call.code])))
    assert single_calls.hang_up_attempt(10**9) is False


def test_a_contact_finds_why_it_was_not_called_and_when_it_will_be(location, staff):
    contact = ContactFactory(location=location)
    CallFactory(
        location=location,
        contact=contact,
        state=State.FAILED,
        disposition="rejected",
        reasons=["kyc_incomplete"],
    )
    CallFactory(
        location=location,
        contact=contact,
        state=State.FAILED,
        disposition="failed",
        failure_code="MISSING_PHONE_NUMBER",
    )
    CallFactory(
        location=location,
        contact=contact,
        state=State.SCHEDULED,
        due_at=timezone.now() + timedelta(hours=5),
        purpose="Asked to",
    )
    page = staff.get(reverse("dialer:contact_calls", args=[location.code, contact.code])).content.decode()
    for words in ("Business check not completed", "No phone number", "Next call planned", "Asked to"):
        assert words in page


def test_scheduled_calls_come_in_the_order_of_their_instants_held_ones_too(location, staff):
    now = timezone.now()
    later = CallFactory(location=location, state=State.SCHEDULED, due_at=now + timedelta(days=2))
    sooner = CallFactory(location=location, state=State.SCHEDULED, due_at=now + timedelta(days=1))
    held = CallFactory(location=location, state=State.SCHEDULED, due_at=now, held=True)
    CallFactory(location=location)
    url = reverse("dialer:scheduled", args=[location.code])
    assert staff.get(url).context["calls"] == [held, sooner, later]
    assert staff.get(url, {"after": sooner.code}).context["calls"] == [later]


def test_the_strip_says_what_is_in_flight_and_due(location, staff):
    talking(location)
    CallFactory.create_batch(2, location=location)
    page = staff.get(reverse("dialer:strip", args=[location.code])).content.decode()
    assert "<strong>1</strong> in flight" in page
    assert "<strong>2</strong> in the queue" in page


def test_a_dialer_that_is_stopped_is_said_where_people_wait_for_calls(location, staff):
    campaign = CampaignFactory(location=location, state=CampaignState.RUNNING)
    call = CallFactory(location=location, campaign=campaign, due_at=timezone.now())

    def pages() -> tuple[bool, bool]:
        strip = staff.get(reverse("dialer:strip", args=[location.code])).content.decode()
        now = staff.get(reverse("dialer:campaign_now", args=[location.code, campaign.code])).content.decode()
        return "The dialer is stopped" in strip, "The dialer of Parley is stopped" in now

    assert pages() == (False, False)
    Call.objects.filter(pk=call.pk).update(due_at=timezone.now() - timedelta(minutes=5))
    assert pages() == (True, True)
    baton.duty(baton.take())
    assert pages() == (False, False)


def read(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_viewer_exports_the_log_as_filtered(location):
    viewer = client_of(location, Role.VIEWER)
    call = talking(location, CampaignFactory(location=location, name="Recall"))
    Call.objects.filter(pk=call.pk).update(
        state=State.COMPLETED, disposition="connected", ended_at=call.started_at, talk_seconds=42
    )
    CallFactory(location=location, state=State.FAILED, disposition="rejected", reasons=["no_opt_in"])
    url = reverse("dialer:calls_export", args=[location.code])
    refused, connected = read(viewer.get(url))
    assert (connected["Status"], connected["Campaign"], connected["Number"], connected["Duration (s)"]) == (
        "Connected", "Recall", call.phone, "42",
    )  # fmt: skip
    assert (refused["Status"], refused["Reasons"], refused["Reason codes"]) == (
        "Refused by a rule", "No documented consent", "no_opt_in",
    )  # fmt: skip
    assert [row["Status"] for row in read(viewer.get(url, {"result": "connected"}))] == ["Connected"]
    (with_words,) = read(viewer.get(url, {"result": "connected", "transcripts": "1"}))
    assert with_words["Transcript"] == "Agent: Good morning!\nContact: Who is this?"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_no_exported_cell_runs_as_a_formula(location, staff, start):
    call = talking(location)
    formula = f'{start}cmd|"/c calc"!A1'
    Contact.objects.filter(pk=call.contact_id).update(first_name=formula, last_name=f"a,{formula}")
    Call.objects.update(summary=formula)
    Turn.objects.update(text=formula)
    (row,) = read(staff.get(reverse("dialer:calls_export", args=[location.code]), {"transcripts": "1"}))
    for heading in ("First name", "Summary"):
        assert row[heading].startswith("'")
        assert unguard(row[heading]) == formula
    for cell in row.values():
        assert not cell.startswith(("=", "@", "-", "\t", "\r"))


def test_the_export_goes_out_in_pieces(location, staff, monkeypatch):
    monkeypatch.setattr("dialer.export.CHUNK", 2)
    monkeypatch.setattr("dialer.export.PIECE", 1)
    CallFactory.create_batch(5, location=location)
    response = staff.get(reverse("dialer:calls_export", args=[location.code]))
    pieces = list(response.streaming_content)
    assert len(pieces) == 4
    codes = [row["Call"] for row in csv.DictReader(io.StringIO(b"".join(pieces).decode("utf-8-sig")))]
    assert codes == list(Call.objects.order_by("-pk").values_list("code", flat=True))
