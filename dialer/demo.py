"""The demo organization: a dental group with places in four time zones, so that one may call whenever it is started.

Everything goes the way a person would take: lists are imported, numbers bought at the sandbox carrier, rules untouched.
All numbers are from ranges kept for fiction (demo/*.csv).
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django_q.tasks import async_task

from accounts import jobs
from accounts.models import Job, Location, Member, Organization, Role, User
from compliance import kyc, opt_in, verification
from compliance.models import KycProfile
from contacts import mapping, reading
from contacts.models import ContactImport, OptInForm
from contacts.rows import Options
from dialer.models import Campaign
from phone_numbers.models import PhoneNumber
from telephony.models import Carrier, CarrierAccount
from voiceagents.models import Ability, Agent, PromptTemplate

LISTS = Path(settings.BASE_DIR) / "demo"


@dataclass(frozen=True, slots=True)
class Place:
    """One location. address: street, city, region, postal code; staff: the numbers of its two representatives."""

    name: str
    country: str
    zone: str
    number: str
    address: tuple[str, str, str, str]
    registration: tuple[str, str]
    staff: tuple[str, str]
    language: str


PLACES = (
    Place(
        "Denver", "US", "America/Denver", "+13035550150", ("12 Main Street", "Denver", "CO", "80202"),
        ("ein", "84-2719305"), ("+13035550170", "+13035550171"), "en-US",
    ),
    Place(
        "London", "GB", "Europe/London", "+442079460950", ("4 Harley Mews", "London", "", "W1G 9QF"),
        ("company_number", "08209948"), ("+442079460970", "+442079460971"), "en-GB",
    ),
    Place(
        "Sydney", "AU", "Australia/Sydney", "+61255509950", ("88 George Street", "Sydney", "NSW", "2000"),
        ("acn", "004085616"), ("+61255509970", "+61255509971"), "en-AU",
    ),
    Place(
        "Guam", "US", "Pacific/Guam", "+18085550150", ("5 Marine Drive", "Hagatna", "GU", "96910"),
        ("ein", "84-2719305"), ("+16715550170", "+16715550171"), "en-US",
    ),
)  # fmt: skip

WORDING = (
    "☐ By checking this box, I agree to receive marketing phone calls from Bright Smile Dental at the phone number I "
    "provided, placed with an autodialer and made with an artificial or prerecorded voice, including AI-generated "
    "voices. Consent is not a condition of purchase. Calls may be recorded. To opt out, say “stop calling” on any "
    "call. See our Terms and Privacy Policy."
)
DETAILS = """Hours: Monday to Friday, nine in the morning to five in the afternoon.
Address: {address}.
Price: A check-up with cleaning is ninety dollars; most insurances pay it in full.
Insurance: We take all the common dental insurances.
Parking: There is free parking behind the house.
Doctor: You will see Doctor Rivera or Doctor Chen.
Duration: A check-up takes about forty minutes.
Emergency: For pain or swelling call our front desk, and we will see you the same day."""

PROMPT = """Call {{ contact.first_name | default: "the patient" }} about the six-month check-up that is due.
{% if contact_type == "returning" %}You have spoken before: {{ call.context }}{% endif %}
Offer a morning or an afternoon in the coming two weeks, and thank them whatever they decide."""


def password() -> str:
    """The demo's password, made once and kept in var/, so that no two installations share it."""
    path = settings.VAR_DIR / "demo_password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(f"parley-{secrets.token_hex(4)}")
    return path.read_text().strip()


def create() -> Organization:
    """The demo organization, made if it is not there; what a person changed since stays."""
    organization = Organization.objects.filter(locations__is_demo=True).first()
    if organization is not None:
        # A number that the carrier did not confirm last time is asked for again.
        waiting = PhoneNumber.objects.filter(
            location__organization=organization, carrier_sid="", released_at=None
        )
        for number_id in waiting.values_list("pk", flat=True):
            async_task("phone_numbers.tasks.provision", number_id)
        # Without a form nothing dials, and an older demo has none.
        for location in organization.locations.filter(opt_in_forms=None):
            _write_form(location, None)
    else:
        with transaction.atomic():
            organization = _organization()
        for place, location in zip(PLACES, organization.locations.order_by("pk"), strict=True):
            _import_list(location, place)
    return organization


def _organization() -> Organization:
    organization = Organization.objects.create(name="Bright Smile Dental")
    account = CarrierAccount.objects.create(
        organization=organization,
        name="Sandbox carrier",
        carrier=Carrier.SANDBOX,
        account_sid=settings.SANDBOX_ACCOUNT_SID,
        auth_token=settings.SANDBOX_AUTH_TOKEN,
    )
    users = {
        role: User.objects.create_user(
            f"{role.value}@example.com", password(), first_name=f"Demo {role.value}"
        )
        for role in Role
    }
    for place in PLACES:
        location = Location.objects.create(
            organization=organization,
            name=place.name,
            country=place.country,
            timezone=place.zone,
            hours={day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
            is_demo=True,
        )
        _introduce(location, place, users[Role.OWNER])
        Member.objects.bulk_create(
            Member(user=user, location=location, role=role) for role, user in users.items()
        )
        number = PhoneNumber.objects.create(
            location=location,
            account=account,
            number=place.number,
            name="Front desk",
            brand_name="Bright Smile Dental",
        )
        agent = Agent.objects.create(
            location=location,
            name="Ava",
            business_name="Bright Smile Dental",
            goals="Book a time for the six-month check-up that is due.",
            business_details=DETAILS.format(address=", ".join(place.address[:2])),
            personality="Warm, brief and patient.",
            greeting=(
                "Hello{% if contact.first_name != '' %} {{ contact.first_name }}{% endif %}, "
                "I am calling because your six-month check-up is due."
            ),
            questions=[{"field": "email", "ask": "Which e-mail address may we send the confirmation to?"}],
            abilities=[Ability.HANG_UP, Ability.BOOK, Ability.MESSAGE, Ability.COLLECT, Ability.CALLBACK],
            language=place.language,
            phone_number=number,
        )
        template = PromptTemplate.objects.create(location=location, name="Six-month recall", body=PROMPT)
        Campaign.objects.create(
            location=location,
            name="Six-month recall",
            agent=agent,
            prompt_template=template,
            audience={"tags_any": ["recall"]},
            created_by=users[Role.OWNER],
        )
        async_task("phone_numbers.tasks.provision", number.pk)
    return organization


def _introduce(location: Location, place: Place, owner: User) -> None:
    """Say who the business is, attest it, and switch outbound calls on, as the page Enable outbound calls does."""
    street, city, region, postal_code = place.address
    profile = KycProfile(
        location=location,
        legal_name="Bright Smile Dental LLC",
        business_type="llc",
        owners="Ana Rivera",
        industry="Health care",
        website="https://brightsmile.example",
        privacy_url="https://brightsmile.example/privacy",
        terms_url="https://brightsmile.example/terms",
        operates_in={"US": "USA_AND_CANADA", "GB": "EUROPE"}.get(place.country, "ASIA"),
        registration_country=place.country,
        registration_type=place.registration[0],
        registration_number=place.registration[1],
        street=street,
        city=city,
        region=region,
        postal_code=postal_code,
        country=place.country,
        first_name="Ana Rivera",
        first_title="Director",
        first_email="ana@brightsmile.example",
        first_phone=place.staff[0],
        second_name="Tom Chen",
        second_title="Practice manager",
        second_email="tom@brightsmile.example",
        second_phone=place.staff[1],
        use_case="Inviting patients whose six-month check-up is due to book a time.",
    )
    verification.save(profile, actor=owner)
    verification.attest(location, list(kyc.STATEMENTS), actor=owner)
    _write_form(location, owner)
    verification.switch_outbound(location, True, actor=owner)


def _write_form(location: Location, owner: User | None) -> None:
    opt_in.publish(
        OptInForm(location=location, name="Website booking form"),
        text=WORDING,
        seller="Bright Smile Dental",
        place="https://brightsmile.example/book",
        language="en",
        control="checkbox",
        actor=owner,
    )


def _import_list(location: Location, place: Place) -> None:
    path = LISTS / f"{place.name.lower()}.csv"
    contact_import = ContactImport(location=location, file_name=path.name)
    contact_import.file.save(path.name, ContentFile(path.read_bytes()), save=False)
    with contact_import.file.open("rb") as file:
        sheet = reading.examine(file)
    contact_import.sheet = sheet.to_json()
    contact_import.mapping = mapping.guess(
        sheet.headers, [cells for _, cells in sheet.samples], sheet.has_header
    )
    contact_import.options = Options(evidence="Signed intake forms, kept at the practice").to_json()
    contact_import.save()
    job = Job.objects.create(
        location=location,
        kind="contact_import",
        title=f"Import {path.name}",
        parameters={"import": contact_import.code},
    )
    contact_import.job = job
    contact_import.save(update_fields=["job"])
    jobs.run(job.pk)
