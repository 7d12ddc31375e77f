"""The life of a campaign, from its checks to its end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import jobs
from accounts.models import Job, JobState, KycStatus, LogEntry
from contacts.models import Contact, Tag
from dialer import campaigns
from dialer.audiences import reach
from dialer.models import Call, CallEvent, Campaign, CampaignState
from dialer.numbers import resolve_number
from dialer.states import State
from tests.factories import (
    AgentFactory,
    CampaignFactory,
    ContactFactory,
    PhoneNumberFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    campaign = CampaignFactory()
    ContactFactory.create_batch(3, location=campaign.location)
    return campaign


def launched(campaign: Campaign, actor=None) -> Campaign:
    job = campaigns.launch(campaign, actor)
    assert job is not None
    jobs.run(job.pk)
    campaign.refresh_from_db()
    return campaign


def codes(campaign: Campaign) -> set[str]:
    return {code for code, _ in campaigns.problems(campaign, timezone.now())}


def test_the_campaigns_number_goes_before_the_agents(campaign):
    own = PhoneNumberFactory(location=campaign.location)
    assert resolve_number(campaign, campaign.agent) == campaign.agent.phone_number
    campaign.phone_number = own
    assert resolve_number(campaign, campaign.agent) == own


def test_there_is_no_default_number_of_the_location(campaign):
    PhoneNumberFactory(location=campaign.location)
    agent = AgentFactory(location=campaign.location, phone_number=None)
    assert resolve_number(None, agent) is None


def test_a_released_number_does_not_count(campaign):
    number = campaign.agent.phone_number
    number.released_at = timezone.now()
    assert resolve_number(campaign, campaign.agent) is None


def test_an_audience_is_chosen_by_tags_language_and_words(campaign):
    location = campaign.location
    vip, cold = (Tag.objects.create(location=location, name=name) for name in ("vip", "cold"))
    ann = ContactFactory(location=location, first_name="Ann", language="es-MX")
    bob = ContactFactory(location=location, first_name="Bob")
    ann.tags.add(vip)
    bob.tags.add(vip, cold)
    for audience, expected in (
        ({"tags_any": ["vip", "cold"]}, {ann, bob}),
        ({"tags_any": ["vip"], "tags_none": ["cold"]}, {ann}),
        ({"language": "es"}, {ann}),
        ({"search": "bob"}, {bob}),
        ({"search": ann.phone}, {ann}),
        ({"tags_any": ["of another location"]}, set()),
    ):
        campaign.audience = audience
        assert set(campaigns.audience(campaign)) == expected, audience


def test_it_counts_whom_the_rules_let_be_called(campaign):
    location = campaign.location
    ContactFactory(location=location, consent=False)
    ContactFactory(location=location, dnd_voice=True)
    ContactFactory(location=location, region="ES", phone="+34612345678", zones="Europe/Madrid")
    found = reach(location, {}, timezone.now())
    assert (found.contacts, found.callable) == (6, 3)


def test_it_launches_and_makes_one_call_for_each_contact(campaign):
    actor = UserFactory()
    launched(campaign, actor)
    assert campaign.state == CampaignState.RUNNING
    calls = list(Call.objects.filter(campaign=campaign))
    assert {call.contact_id for call in calls} == set(Contact.objects.values_list("pk", flat=True))
    assert {call.state for call in calls} == {State.QUEUED}
    assert all(call.phone == call.contact.phone and call.agent == campaign.agent for call in calls)
    assert CallEvent.objects.filter(call__campaign=campaign).count() == 3
    entry = LogEntry.objects.get(action="campaign.launched")
    assert (entry.actor, entry.subject_code) == (actor, campaign.code)


def test_a_second_launch_changes_nothing(campaign):
    same = Campaign.objects.select_related("location", "agent").get(pk=campaign.pk)
    launched(campaign)
    assert campaigns.launch(same, None) is None
    assert Job.objects.filter(kind=campaigns.LOAD).count() == 1
    assert Call.objects.count() == 3


def test_loading_twice_makes_each_call_once(campaign):
    launched(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.LAUNCHING)
    ContactFactory(location=campaign.location)
    again = campaigns._start_loading(campaign, None)
    jobs.run(again.pk)
    assert Call.objects.filter(campaign=campaign).count() == 4


def test_contacts_marked_as_test_are_called_by_the_test_agent_and_count_nowhere(campaign):
    marked = ContactFactory(location=campaign.location, is_test=True)
    campaign.test_agent = AgentFactory(location=campaign.location)
    campaign.save()
    launched(campaign)
    call = Call.objects.get(contact=marked)
    assert (call.agent, call.is_test) == (campaign.test_agent, True)
    assert Call.objects.counted().count() == 3


def test_without_a_test_agent_the_production_agent_calls_test_contacts(campaign):
    marked = ContactFactory(location=campaign.location, is_test=True)
    launched(campaign)
    assert Call.objects.get(contact=marked).agent == campaign.agent


def test_a_start_in_the_future_schedules_the_calls(campaign):
    campaign.starts_at = timezone.now() + timedelta(days=2)
    campaign.save()
    launched(campaign)
    assert set(Call.objects.values_list("state", "due_at")) == {("scheduled", campaign.starts_at)}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda c: setattr(c.agent, "business_name", "Internal Revenue Service"), "other_business"),
        (lambda c: setattr(c.agent, "goals", " "), "agent_without_prompt"),
        (lambda c: setattr(c, "audience", {"tags_any": ["nobody"]}), "nobody_to_call"),
        (lambda c: setattr(c.location, "outbound_enabled", False), "location_not_enabled"),
        (lambda c: setattr(c.location, "kyc_status", KycStatus.PROVIDER_REVIEW), "kyc_incomplete"),
        (lambda c: setattr(c.agent, "phone_number", None), "MISSING_PHONE_NUMBER"),
        (lambda c: setattr(c.agent.phone_number.account, "halted_at", timezone.now()), "account_halted"),
        (lambda c: setattr(c, "ends_at", timezone.now() - timedelta(minutes=1)), "already_over"),
        (lambda c: setattr(c.agent, "archived_at", timezone.now()), "agent_archived"),
    ],
)
def test_what_is_missing_stops_the_launch_with_nothing_changed(campaign, spoil, code):
    assert codes(campaign) == set()
    spoil(campaign)
    with pytest.raises(campaigns.NotLaunched) as refused:
        campaigns.launch(campaign, None)
    assert [found for found, _ in refused.value.problems] == [code]
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DRAFT
    assert not Job.objects.exists()


def test_pausing_holds_what_waits_and_resuming_releases_it(campaign):
    launched(campaign)
    flying = Call.objects.first()
    Call.objects.filter(pk=flying.pk).update(state=State.CALLING)
    assert campaigns.pause(campaign, None)
    assert set(Call.objects.waiting().values_list("held", flat=True)) == {True}
    flying.refresh_from_db()
    assert (flying.state, flying.held) == (State.CALLING, False)
    assert not campaigns.pause(campaign, None)
    assert campaigns.resume(campaign, None)
    assert set(Call.objects.values_list("held", flat=True)) == {False}
    assert not campaigns.resume(campaign, None)


def test_canceling_ends_what_waits_and_leaves_what_flies(campaign):
    launched(campaign)
    flying = Call.objects.first()
    Call.objects.filter(pk=flying.pk).update(state=State.IN_PROGRESS)
    assert campaigns.cancel(campaign, None)
    assert not campaigns.cancel(campaign, None)
    flying.refresh_from_db()
    assert flying.state == State.IN_PROGRESS
    rest = Call.objects.exclude(pk=flying.pk)
    assert set(rest.values_list("state", "disposition")) == {("canceled", "canceled")}
    assert all(call.ended_at and call.events.last().to_state == "canceled" for call in rest)
    assert LogEntry.objects.get(action="campaign.canceled").data["canceled"] == 2


def test_a_campaign_canceled_while_it_loads_makes_no_more_calls(campaign):
    job = campaigns.launch(campaign, None)
    campaigns.cancel(campaign, None)
    jobs.run(job.pk)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CANCELED
    assert not Call.objects.exists()


def test_canceling_the_loading_job_cancels_the_campaign(campaign):
    job = campaigns.launch(campaign, None)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    jobs.run(job.pk)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CANCELED
    assert not Call.objects.waiting().exists()


def test_canceling_the_job_before_a_worker_took_it_cancels_the_campaign(campaign):
    jobs.cancel(campaigns.launch(campaign, None))
    campaigns.finish_done()
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CANCELED


def test_it_finishes_when_no_call_waits_or_flies(campaign):
    launched(campaign)
    campaigns.finish_done()
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.RUNNING
    Call.objects.update(state=State.COMPLETED, disposition="connected")
    campaigns.finish_done()
    campaigns.finish_done()
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.FINISHED
    assert campaign.finished_at is not None
    assert LogEntry.objects.filter(action="campaign.finished").count() == 1


@pytest.mark.parametrize("state", [CampaignState.RUNNING, CampaignState.PAUSED])
def test_past_its_end_the_rest_is_canceled(campaign, state):
    launched(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(ends_at=timezone.now() - timedelta(seconds=1), state=state)
    campaigns.finish_done()
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.FINISHED
    assert set(Call.objects.values_list("state", flat=True)) == {State.CANCELED}
    assert CallEvent.objects.filter(to_state="canceled").first().cause.startswith("The campaign ended")


def test_a_pause_that_was_cut_short_is_completed_within_a_minute(campaign):
    launched(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.PAUSED)
    campaigns.finish_done()
    assert set(Call.objects.values_list("held", flat=True)) == {True}


def test_loading_goes_on_when_its_worker_was_lost(campaign):
    job = campaigns.launch(campaign, None)
    long_ago = timezone.now() - timedelta(minutes=10)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, beat_at=long_ago)
    campaigns.finish_done()
    campaigns.finish_done()
    lost, second = Job.objects.filter(kind=campaigns.LOAD).order_by("pk")
    assert lost.state == JobState.FAILED
    jobs.run(second.pk)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.RUNNING
    assert Call.objects.count() == 3


def test_ten_thousand_contacts_are_loaded_in_few_queries(django_assert_max_num_queries):
    campaign = CampaignFactory()
    Contact.objects.bulk_create(
        Contact(location=campaign.location, phone=f"+1303{n:07d}", region="US", zones="America/Denver")
        for n in range(2_000_000, 2_010_000)
    )
    job = campaigns.launch(campaign, None)
    with django_assert_max_num_queries(100):
        jobs.run(job.pk)
    assert Call.objects.filter(campaign=campaign).count() == 10_000
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result) == (JobState.DONE, 10_000, 10_000, {"calls": 10_000})
