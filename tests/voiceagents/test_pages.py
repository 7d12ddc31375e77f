"""Agents, prompt templates and models: who may do what, what a mistake leaves behind, what saves itself."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Location, Role
from compliance.models import KycProfile
from dialer.models import CampaignState
from tests.factories import (
    AgentFactory,
    CampaignFactory,
    LocationFactory,
    MemberFactory,
    PhoneNumberFactory,
)
from tests.voiceagents.model_stub import ModelStub, says
from voiceagents.models import Agent, ModelEndpoint, PromptTemplate

pytestmark = pytest.mark.django_db


@pytest.fixture
def location() -> Location:
    return LocationFactory.create(name="Denver")


@pytest.fixture
def agent(location: Location) -> Agent:
    return AgentFactory.create(location=location, name="Ava", greeting="Hi {{ contact.first_name }}.")


def signed_in(location: Location, role: Role = Role.OWNER) -> Client:
    client = Client()
    client.force_login(MemberFactory.create(location=location, role=role).user)
    return client


def url(name: str, location: Location, *arguments: object) -> str:
    return reverse(f"voiceagents:{name}", args=[location.code, *arguments])


def typed(agent: Agent | None = None, **changes: object) -> dict:
    """What the builder's form sends."""
    data = {
        "name": agent.name if agent else "Bea",
        "business_name": "Bright Smile Dental",
        "goals": "Book check-ups.",
        "business_details": "Parking: Free.",
        "personality": "",
        "greeting": agent.greeting if agent else "",
        "language": "en-US",
        "voice": "",
        "brain": "guided",
        "endpoint": "",
        "abilities": ["hang_up", "message"],
        "questions-field": ["", ""],
        "questions-ask": ["", ""],
        "phone_number": agent.phone_number.code if agent and agent.phone_number else "",
        "transfer_number": "",
        "record_calls": "on",
        "schedule_zone": "",
        "hours-always": "on",
        "holidays": "",
    }
    if agent:
        data["version"] = agent.updated_at.isoformat()
    return {**data, **changes}


def an_endpoint(location: Location, **fields: str) -> ModelEndpoint:
    return ModelEndpoint.objects.create(
        **{
            "location": location,
            "name": "House model",
            "base_url": "https://models.example.com/v1",
            "api_key": "sk-secret-1234",
            "model": "small",
            **fields,
        }
    )


def a_template(location: Location, body: str = "Call {{ contact.first_name }}.") -> PromptTemplate:
    return PromptTemplate.objects.create(location=location, name="Recall", body=body)


def pages(location: Location, agent: Agent) -> dict[str, tuple[str, Role, Role]]:
    """Every address of the app: who reads it, and who writes there."""
    template, endpoint = a_template(location).code, an_endpoint(location).code
    nobody = None
    return {
        "list": (url("list", location), Role.VIEWER, nobody),
        "new": (url("new", location), Role.MANAGER, Role.MANAGER),
        "look": (url("look", location), nobody, Role.MANAGER),
        "agent": (url("agent", location, agent.code), Role.VIEWER, Role.MANAGER),
        "autosave": (url("autosave", location, agent.code), nobody, Role.MANAGER),
        "archive": (url("archive", location, agent.code), nobody, Role.MANAGER),
        "templates": (url("templates", location), Role.VIEWER, nobody),
        "template_new": (url("template_new", location), Role.STAFF, Role.STAFF),
        "template_look": (url("template_look", location), nobody, Role.STAFF),
        "template": (url("template", location, template), Role.VIEWER, Role.STAFF),
        "template_delete": (url("template_delete", location, template), nobody, Role.STAFF),
        "endpoints": (url("endpoints", location), Role.VIEWER, nobody),
        "endpoint_new": (url("endpoint_new", location), Role.MANAGER, Role.MANAGER),
        "endpoint": (url("endpoint", location, endpoint), Role.MANAGER, Role.MANAGER),
        "endpoint_try": (url("endpoint_try", location, endpoint), nobody, Role.MANAGER),
        "endpoint_delete": (url("endpoint_delete", location, endpoint), nobody, Role.MANAGER),
    }


def test_every_address_of_the_app_is_in_the_table_of_roles(location, agent):
    from voiceagents.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == set(pages(location, agent))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_and_changes_what_it_may(location, agent, role):
    client = signed_in(location, role)
    for name, (address, reader, writer) in pages(location, agent).items():
        if reader is not None:
            assert client.get(address).status_code == (200 if role.rank >= reader.rank else 403), name
        if writer is not None and role.rank < writer.rank:
            assert client.post(address, {}).status_code == 403, name


def test_a_stranger_finds_nothing_there(location, agent):
    stranger = signed_in(LocationFactory.create())
    for address, reader, _ in pages(location, agent).values():
        response = stranger.get(address) if reader else stranger.post(address, {})
        assert response.status_code == 404


def test_a_manager_makes_an_agent(location):
    number = PhoneNumberFactory.create(location=location)
    data = typed(
        phone_number=number.code,
        transfer_number="(303) 555-0177",
        **{
            "questions-field": ["E-mail", "Shoe size", ""],
            "questions-ask": ["What is your e-mail?", "What size do you wear?", ""],
        },
    )
    response = signed_in(location, Role.MANAGER).post(url("new", location), data)
    agent = Agent.objects.get(location=location)
    assert response.url == url("agent", location, agent.code)
    assert agent.transfer_number == "+13035550177"
    assert agent.phone_number == number
    assert agent.abilities == ["hang_up", "message"]
    assert agent.questions == [
        {"field": "email", "ask": "What is your e-mail?"},
        {"field": "fields.shoe size", "ask": "What size do you wear?"},
    ]
    assert agent.schedule == {}
    assert location.log.get().action == "agent.created"


def test_a_schedule_is_kept_as_the_rules_read_it(location, agent):
    data = typed(
        agent,
        schedule_zone="contact",
        holidays="2026-12-25",
        **{"hours-mon-0-from": "10:00", "hours-mon-0-to": "16:00"},
    )
    del data["hours-always"]
    signed_in(location).post(url("agent", location, agent.code), data)
    agent.refresh_from_db()
    assert agent.schedule == {
        "tz": "contact",
        "days": {"mon": [["10:00", "16:00"]]},
        "holidays": ["2026-12-25"],
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"transfer_number": "12"}, "No telephone has this number"),
        ({"transfer_number": "+19005550123"}, "premium-rate"),
        ({"greeting": "Hi {% if %}"}, "Line 1"),
        ({"greeting": "Just kidding, I am a real person."}, "denies what every call has to say before it"),
        (
            {"business_name": "Internal Revenue Service"},
            "Calls say the name of your own business: Bright Smile",
        ),
        ({"brain": "prompt"}, "A prompt agent needs a model"),
        ({"voice": "Google:es-US-Neural2-A"}, "does not speak English"),
        ({"questions-field": [""], "questions-ask": ["How are you?"]}, "Say where the answer to"),
        ({"questions-field": ["E-mail"], "questions-ask": [""]}, "Write the words in which"),
        ({"questions-field": ["E-mail", "email"], "questions-ask": ["a?", "b?"]}, "asked for twice"),
        ({"schedule_zone": "contact", "holidays": "Christmas"}, "is not a date"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(location, changes, words):
    data = typed(goals="Something long that nobody wants to type again.", **changes)
    response = signed_in(location).post(url("new", location), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "Something long that nobody wants to type again." in page
    assert not Agent.objects.filter(location=location).exists()


def test_a_name_that_the_business_attested_may_be_said(location):
    KycProfile.objects.create(
        location=location, legal_name="BSD Holding LLC", trade_names="Smile Now\nKids' Teeth"
    )
    for name, said in (("Anna", "Smile Now"), ("Bob", "Kids’ Teeth"), ("Cleo", "BSD Holding")):
        response = signed_in(location).post(url("new", location), typed(name=name, business_name=said))
        assert response.status_code == 302, said


def test_the_number_or_model_of_another_location_cannot_be_chosen(location):
    elsewhere = LocationFactory.create(organization=location.organization)
    data = typed(
        phone_number=PhoneNumberFactory.create(location=elsewhere).code,
        brain="prompt",
        endpoint=an_endpoint(elsewhere).code,
    )
    response = signed_in(location).post(url("new", location), data)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"phone_number", "endpoint"}


def test_a_call_cannot_be_transferred_to_one_of_our_own_numbers(location, agent):
    data = typed(agent, transfer_number=agent.phone_number.number)
    response = signed_in(location).post(url("agent", location, agent.code), data)
    assert "a number of your own agents" in response.content.decode()


def test_autosave_keeps_what_is_valid_and_marks_what_is_not(location, agent):
    data = typed(agent, goals="New goals.", transfer_number="nonsense")
    response = signed_in(location).post(url("autosave", location, agent.code), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert re.search(r"Saved\s+\d\d:\d\d", page)
    problem = page[page.index('id="problem-transfer_number"') :]
    assert "No telephone has this number" in problem[:400]
    agent.refresh_from_db()
    assert (agent.goals, agent.transfer_number) == ("New goals.", "")


def test_one_autosave_follows_another_by_the_version_it_was_given(location, agent):
    client = signed_in(location)
    first = client.post(url("autosave", location, agent.code), typed(agent, goals="One."))
    version = re.search(r'id="version" value="([^"]+)"', first.content.decode()).group(1)
    second = client.post(url("autosave", location, agent.code), typed(agent, goals="Two.", version=version))
    assert (first.status_code, second.status_code) == (200, 200)
    agent.refresh_from_db()
    assert agent.goals == "Two."


def test_autosave_never_overwrites_what_somebody_else_saved_meanwhile(location, agent):
    stale = typed(agent, goals="Mine.")
    signed_in(location).post(url("autosave", location, agent.code), typed(agent, goals="Theirs."))
    response = signed_in(location).post(url("autosave", location, agent.code), stale)
    assert response.status_code == 422
    assert "Somebody else changed this agent" in response.content.decode()
    agent.refresh_from_db()
    assert agent.goals == "Theirs."


def test_autosave_does_not_switch_to_a_brain_that_has_no_model(location, agent):
    signed_in(location).post(url("autosave", location, agent.code), typed(agent, brain="prompt"))
    agent.refresh_from_db()
    assert agent.brain == "guided"


def test_the_preview_speaks_the_fixed_opening_and_then_the_greeting(location, agent):
    page = signed_in(location).post(
        url("autosave", location, agent.code), typed(agent, greeting="Good day, {{ contact.first_name }}.")
    )
    heard = page.content.decode()
    assert "I am an AI voice assistant" in heard
    assert "stop calling" in heard
    assert heard.index("AI voice assistant") < heard.index("Good day, Maria.")


def test_looking_at_a_new_agents_opening_saves_nothing(location):
    response = signed_in(location).post(url("look", location), typed(greeting="Good day."))
    assert "Good day." in response.content.decode()
    assert not Agent.objects.filter(location=location).exists()


def test_an_agent_that_lacks_something_says_what_to_do(location):
    agent = AgentFactory.create(location=location, goals="", phone_number=None, abilities=["transfer"])
    page = signed_in(location, Role.VIEWER).get(url("agent", location, agent.code)).content.decode()
    assert "does not know what to say: write its goals" in page
    assert "no phone number" in page
    assert "may transfer calls, but to nobody" in page
    assert "3 things missing" in signed_in(location).get(url("list", location)).content.decode()


def test_an_agent_of_a_running_campaign_is_not_archived(location, agent):
    campaign = CampaignFactory.create(location=location, agent=agent, state=CampaignState.RUNNING)
    client = signed_in(location)
    page = client.post(url("archive", location, agent.code), follow=True).content.decode()
    assert f"is used by the campaign {campaign.name} (running)" in page
    agent.refresh_from_db()
    assert agent.archived_at is None
    campaign.state = CampaignState.FINISHED
    campaign.save()
    client.post(url("archive", location, agent.code))
    agent.refresh_from_db()
    assert agent.archived_at is not None
    assert client.get(url("agent", location, agent.code)).status_code == 404


def test_a_viewer_is_shown_no_button_that_changes_an_agent(location, agent):
    page = signed_in(location, Role.VIEWER).get(url("agent", location, agent.code)).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert "<button" not in main
    assert "hx-post" not in main


def test_a_faulty_template_names_its_line_and_is_not_saved(location):
    body = "Call {{ contact.first_name }}.\n{% if contact_type == 'new' %}\nWelcome."
    response = signed_in(location, Role.STAFF).post(
        url("template_new", location), {"name": "Recall", "body": body}
    )
    assert response.status_code == 422
    assert re.search(r"Line \d", response.content.decode())
    assert not PromptTemplate.objects.exists()


def test_a_template_is_shown_rendered_for_a_sample_contact(location, agent):
    client = signed_in(location, Role.STAFF)
    response = client.post(
        url("template_look", location), {"body": "Ask {{ contact.first_name }} ({{ contact_type }})."}
    )
    assert "Ask Maria (first)." in response.content.decode()


def test_a_template_is_rendered_even_when_the_agents_own_greeting_is_faulty(location, agent):
    Agent.objects.filter(pk=agent.pk).update(greeting="{% if %}")
    response = signed_in(location).post(url("template_look", location), {"body": "Fine."})
    assert "Fine." in response.content.decode()


def test_a_template_that_a_campaign_names_is_not_deleted(location, agent):
    template = a_template(location)
    campaign = CampaignFactory.create(location=location, agent=agent, prompt_template=template)
    client = signed_in(location)
    page = client.post(url("template_delete", location, template.code), follow=True).content.decode()
    assert f"the campaign {campaign.name}" in page
    campaign.delete()
    client.post(url("template_delete", location, template.code))
    assert not PromptTemplate.objects.exists()


def test_a_models_key_is_never_shown_and_stays_when_it_is_left_empty(location):
    endpoint = an_endpoint(location)
    client = signed_in(location)
    page = client.get(url("endpoint", location, endpoint.code)).content.decode()
    assert "sk-secret" not in page
    assert "…1234" in page
    data = {"name": "Renamed", "base_url": endpoint.base_url, "model": "large", "api_key": ""}
    assert client.post(url("endpoint", location, endpoint.code), data).status_code == 302
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.model, endpoint.api_key) == ("Renamed", "large", "sk-secret-1234")


def test_a_kept_key_is_not_sent_to_another_service(location):
    endpoint = an_endpoint(location)
    data = {"name": "M", "base_url": "https://evil.example.net/v1", "model": "small", "api_key": ""}
    response = signed_in(location).post(url("endpoint", location, endpoint.code), data)
    assert response.status_code == 422
    assert "Type the key for it" in response.content.decode()
    endpoint.refresh_from_db()
    assert endpoint.base_url == "https://models.example.com/v1"


@pytest.mark.parametrize(
    "address", ["http://models.example.com/v1", "https://127.0.0.1/v1", "file:///etc/passwd"]
)
def test_a_models_address_may_not_lead_inside(location, address):
    data = {"name": "M", "base_url": address, "model": "small", "api_key": ""}
    response = signed_in(location).post(url("endpoint_new", location), data)
    assert response.status_code == 422
    assert not ModelEndpoint.objects.exists()


def test_a_model_is_asked_for_one_word(location, monkeypatch):
    monkeypatch.setattr(settings, "MODEL_HOSTS_ALLOWED", ["127.0.0.1"])
    stub = ModelStub()
    stub.replies = [says("rea", "dy")]
    stub.start()
    try:
        endpoint = an_endpoint(location, base_url=stub.url)
        response = signed_in(location).post(
            url("endpoint_try", location, endpoint.code), headers={"HX-Request": "true"}
        )
    finally:
        stub.stop()
    assert "It answered “ready”" in response.content.decode()
    assert stub.headers[0]["Authorization"] == "Bearer sk-secret-1234"


def test_a_model_that_is_not_there_is_named_so(location, monkeypatch):
    monkeypatch.setattr(settings, "MODEL_HOSTS_ALLOWED", ["127.0.0.1"])
    endpoint = an_endpoint(location, base_url="http://127.0.0.1:9/v1")
    response = signed_in(location).post(
        url("endpoint_try", location, endpoint.code), headers={"HX-Request": "true"}
    )
    assert "It cannot be used" in response.content.decode()


def test_a_model_that_an_agent_speaks_with_is_not_removed(location, agent):
    endpoint = an_endpoint(location)
    Agent.objects.filter(pk=agent.pk).update(endpoint=endpoint)
    client = signed_in(location)
    page = client.post(url("endpoint_delete", location, endpoint.code), follow=True).content.decode()
    assert "is used by the agent Ava" in page
    assert ModelEndpoint.objects.exists()
