"""Locations with one row of everything, so that every address has something to name, ours and foreign."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.models import Job, JobState, Location, Member, Role, User
from compliance import api_tokens
from compliance.models import DoNotCallEntry, DoNotCallImport, Emergency, ExternalList
from contacts.models import ContactImport, Tag
from dialer.models import Forecast, ForecastContact
from telephony.models import CarrierAccount
from tests.contacts.lists import upload
from tests.factories import (
    AgentFactory,
    CallFactory,
    CampaignFactory,
    CarrierAccountFactory,
    ContactFactory,
    LocationFactory,
    OrganizationFactory,
    PhoneNumberFactory,
)
from voiceagents.models import Conversation, ModelEndpoint, PromptTemplate, Turn

# Objects that belong to the business, not to one of its locations.
OF_THE_BUSINESS = ("account", "entry", "list", "ended_list", "numbers")


@dataclass
class World:
    """A location and what is in it: `things` by kind, `people` by role."""

    location: Location
    people: dict[Role, Member] = field(default_factory=dict)
    things: dict[str, object] = field(default_factory=dict)

    def name_of(self, kind: str) -> str:
        """What an address names the thing by."""
        thing = self.things[kind]
        return str(thing.pk) if isinstance(thing, Member) else thing.code

    def client(self, role: Role) -> Client:
        """A browser in which the member with that role is signed in."""
        client = Client()
        client.force_login(self.people[role].user)
        return client


@dataclass
class Two:
    ours: World
    sister: World
    stranger: World


def person(location: Location, role: Role) -> Member:
    """A member who cannot sign in by password, which spares the hashing of one."""
    user = User(email=f"{role.value}@{location.code}.example.com")
    user.set_unusable_password()
    user.save()
    return Member.objects.create(user=user, location=location, role=role)


def furnished(location: Location, account: CarrierAccount) -> World:
    """One row of every kind that an address or a form can name."""
    world = World(location, {role: person(location, role) for role in Role})
    number = PhoneNumberFactory(location=location, account=account)
    endpoint = ModelEndpoint.objects.create(
        location=location, name="Model", base_url="https://127.0.0.1/v1", model="m", api_key="sk-secret"
    )
    template = PromptTemplate.objects.create(location=location, name="Recall", body="Say hello.")
    agent = AgentFactory(location=location, phone_number=number, endpoint=endpoint)
    contact = ContactFactory(location=location, language="en")
    tag = Tag.objects.create(location=location, name=f"tag-of-{location.code}")
    contact.tags.add(tag)
    conversation = Conversation.objects.create(
        location=location, agent=agent, contact=contact, token=f"{location.pk:040x}"
    )
    Turn.objects.create(
        conversation=conversation, position=1, speaker="contact", text="Hello", at=timezone.now()
    )
    campaign = CampaignFactory(location=location, agent=agent, prompt_template=template)
    call = CallFactory(
        location=location, contact=contact, agent=agent, campaign=campaign, origin="campaign",
        conversation=conversation,
    )  # fmt: skip
    forecast = Forecast.objects.create(
        campaign=campaign,
        made_at=timezone.now(),
        zone=location.timezone,
        summary={
            "contacts": 1, "others": 0, "results": {"called": 1}, "refused": {}, "waited": {}, "put_off": 0,
            "first": "2026-03-03T18:00:00+00:00", "last": "2026-03-03T18:00:00+00:00",
            "hours": [["2026-03-03", 11, 1, 0, 0]],
        },
    )  # fmt: skip
    ForecastContact.objects.create(forecast=forecast, contact=contact, result="called", at=timezone.now())
    job = Job.objects.create(location=location, kind="test", title="Work", state=JobState.DONE)
    job.result_file.save("result.csv", ContentFile(b"a,b\n"))
    loaded = upload(location, b"Phone,Consent\n303-555-0111,yes\n")
    reported = upload(location, b"Phone\n303-555-0112\n")
    reported.job = job
    reported.refused_file.save("refused.csv", ContentFile(b"a,b\n"), save=False)
    ContactImport.save(reported)
    numbers = DoNotCallImport(
        organization=location.organization,
        location=location,
        file_name="numbers.csv",
        counts={"rows": 1, "added": 1, "refused": 1, "duplicates": 0, "numbers": 1},
        job=Job.objects.create(
            location=location, kind="do_not_call_import", title="List", state=JobState.DONE
        ),
    )
    numbers.file.save("numbers.csv", ContentFile(b"Phone\n"), save=False)
    numbers.refused_file.save("refused.csv", ContentFile(b"a,b\n"))
    world.things = {
        "number": number, "endpoint": endpoint, "template": template, "agent": agent, "contact": contact, "tag": tag,
        "campaign": campaign, "call": call, "job": job, "import": loaded, "report": reported, "account": account,
        "member": world.people[Role.STAFF],
        "consent": contact.consent_entries.get(),
        "form": location.opt_in_forms.get(),
        "api_access": api_tokens.make(
            location, name="Website", may_grant=True, actor=world.people[Role.OWNER].user
        )[0],
        "entry": DoNotCallEntry.objects.create(
            organization=location.organization, phone=f"+1303{location.pk:07d}", reason="Asked for it", source="staff"
        ),
        "numbers": numbers,
        "emergency": Emergency.objects.create(
            organization=location.organization, location=location, reason="Flood",
            starts_at=timezone.now() + timedelta(days=1), ends_at=timezone.now() + timedelta(days=2),
        ),
        "list": ExternalList.objects.create(
            organization=location.organization, kind="national", country="US", name=f"Registry {location.pk}"
        ),
        "ended_list": ExternalList.objects.create(
            organization=location.organization, kind="litigator", country="US", name=f"Ended {location.pk}",
            deleted_at=timezone.now(),
        ),
    }  # fmt: skip
    return world


def two_businesses() -> Two:
    ours, theirs = OrganizationFactory(), OrganizationFactory()
    account = CarrierAccountFactory(organization=ours)
    return Two(
        furnished(LocationFactory(organization=ours), account),
        furnished(LocationFactory(organization=ours), account),
        furnished(LocationFactory(organization=theirs), CarrierAccountFactory(organization=theirs)),
    )


def everything() -> dict[str, list[tuple]]:
    """All rows of the product's tables, to say that nothing was changed."""
    from django.apps import apps

    product = ("accounts", "contacts", "compliance", "telephony", "phone_numbers", "voiceagents", "dialer")
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=repr)
        for label in product
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model is not User
    }
