"""Objects for tests, as a careful business would have set them up: everything in order unless a test says otherwise."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import factory
from django.utils.timezone import now

from accounts.models import KycStatus, Location, Member, Organization, Role, User
from compliance import scanner
from compliance.ledger import hash_of
from compliance.models import ConsentEntry, ConsentKind, ConsentSource, FormScan, ScanCause
from contacts.models import Contact, OptInForm, OptInVersion
from dialer.models import Call, Campaign, Origin
from phone_numbers.models import PhoneNumber
from telephony.models import Carrier, CarrierAccount
from voiceagents.models import Agent


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    name = "Bright Smile Dental"  # whom VALID_WORDING names


VALID_WORDING = (
    "By checking this box, I agree to receive marketing calls from Bright Smile Dental at the phone number I provided, "
    "made with an artificial or prerecorded voice, including AI-generated voices. Consent is not a condition of "
    "purchase."
)


def with_valid_forms(locations: Iterable[Location]) -> None:
    """Give each location an opt-in form whose wording is valid consent, in few statements."""
    forms = OptInForm.objects.bulk_create(OptInForm(location=each, name="Website form") for each in locations)
    versions = OptInVersion.objects.bulk_create(
        OptInVersion(
            form=form,
            number=1,
            text=VALID_WORDING,
            text_hash=hash_of(VALID_WORDING),
            seller="Bright Smile Dental",
            place="https://brightsmile.example/book",
        )
        for form in forms
    )
    FormScan.objects.bulk_create(
        FormScan(
            location=version.form.location,
            version=version,
            cause=ScanCause.EDIT,
            scanner=scanner.VERSION,
            valid=True,
        )
        for version in versions
    )
    for form, version in zip(forms, versions, strict=True):
        form.current, form.valid = version, True
    OptInForm.objects.bulk_update(forms, ["current", "valid"], batch_size=500)


class LocationFactory(factory.django.DjangoModelFactory):
    """A location that may call; form=False leaves out the opt-in form it needs for that."""

    class Meta:
        model = Location
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Denver {n}")
    country = "US"
    timezone = "America/Denver"
    outbound_enabled = True
    kyc_status = KycStatus.COMPLETED

    @factory.post_generation
    def form(obj: Location, create: bool, extracted: Any, **kwargs: Any) -> None:  # noqa: N805
        if create and extracted is not False:
            with_valid_forms([obj])


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    password = factory.django.Password("correct-horse-battery")


class MemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Member

    user = factory.SubFactory(UserFactory)
    location = factory.SubFactory(LocationFactory)
    role = Role.OWNER


class CarrierAccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CarrierAccount

    organization = factory.SubFactory(OrganizationFactory)
    name = "Sandbox"
    carrier = Carrier.SANDBOX
    account_sid = factory.Sequence(lambda n: f"AC{n:032x}")
    auth_token = factory.Sequence(lambda n: f"{n:032x}")
    calls_per_second = 50


class PhoneNumberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PhoneNumber

    location = factory.SubFactory(LocationFactory)
    account = factory.SubFactory(
        CarrierAccountFactory, organization=factory.SelfAttribute("..location.organization")
    )
    number = factory.Sequence(lambda n: f"+1303555{n % 10000:04d}")
    name = "Front desk"
    carrier_sid = factory.Sequence(lambda n: f"PN{n:032x}")


class AgentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agent

    location = factory.SubFactory(LocationFactory)
    name = factory.Sequence(lambda n: f"Ava {n}")
    business_name = "Bright Smile Dental"
    goals = "Invite patients to book their six-month check-up."
    business_details = "Hours: Monday to Friday, nine to five.\nAddress: 12 Main Street, Denver."
    abilities = ["hang_up", "book", "message", "collect", "callback"]
    phone_number = factory.SubFactory(PhoneNumberFactory, location=factory.SelfAttribute("..location"))


class ContactFactory(factory.django.DjangoModelFactory):
    """A contact in Denver with documented consent; consent=False leaves the ledger empty."""

    class Meta:
        model = Contact
        skip_postgeneration_save = True

    location = factory.SubFactory(LocationFactory)
    phone = factory.Sequence(lambda n: f"+1303{2000000 + n:07d}")
    region = "US"
    number_kind = "geographic"
    zones = "America/Denver"
    first_name = "Noah"
    last_name = factory.Sequence(lambda n: f"Brown {n}")

    @factory.post_generation
    def consent(obj: Contact, create: bool, extracted: Any, **kwargs: Any) -> None:  # noqa: N805
        if create and extracted is not False:
            ConsentEntry.objects.create(
                organization=obj.location.organization,
                location=obj.location,
                contact=obj,
                phone=obj.phone,
                kind=ConsentKind.GRANTED,
                source=ConsentSource.FORM,
                evidence="Website form",
                captured_at=now() - timedelta(days=30),
            )


class CampaignFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Campaign

    location = factory.SubFactory(LocationFactory)
    name = factory.Sequence(lambda n: f"Recall {n}")
    agent = factory.SubFactory(AgentFactory, location=factory.SelfAttribute("..location"))


class CallFactory(factory.django.DjangoModelFactory):
    """A call that is due now."""

    class Meta:
        model = Call

    location = factory.SubFactory(LocationFactory)
    contact = factory.SubFactory(ContactFactory, location=factory.SelfAttribute("..location"))
    agent = factory.SubFactory(AgentFactory, location=factory.SelfAttribute("..location"))
    phone = factory.SelfAttribute("contact.phone")
    origin = Origin.PERSON
    state = "queued"
