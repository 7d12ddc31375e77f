"""A business at Twilio's Trust Hub: the secondary customer profile, its parts, its evaluation and its review.

Nothing Twilio creates here is idempotent, so every create looks first for what carries its name: pass the same names
again and nothing is made twice. All functions block, and raise CarrierRefused or CarrierUnavailable.

UNVERIFIED against a real account, and kept in this module: the values of `business_industry`; that a company number
of the United Kingdom is a `CN` and a Spanish tax number is `Other`; that a sole proprietor and a public body have no
business type; the shape of `errors` on a rejected profile; the policies' SIDs; the fields of a status callback.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from telephony.addresses import callback_url
from telephony.client import CarrierRefused, asking, client_of
from telephony.models import CarrierAccount

SECONDARY_POLICY = "RNdfbf3fae0e1107f8aded0e7cead80bf5"
PRIMARY_POLICY = "RN6433641899984f951173ef1738c3bdd0"
_BUSINESS_TYPES = {
    "llc": "Limited Liability Corporation",
    "corporation": "Corporation",
    "partnership": "Partnership",
    "non_profit": "Non-profit Corporation",
}
_REGISTERS = {"ein": "EIN", "bn": "CBN", "company_number": "CN", "acn": "ACN", "vat": "VAT"}
_REGIONS = {
    "US": "USA_AND_CANADA",
    "CA": "USA_AND_CANADA",
    "AU": "ASIA",
    "BR": "LATIN_AMERICA",
    "MX": "LATIN_AMERICA",
}
_INDUSTRIES = {
    "health": "HEALTHCARE", "dent": "HEALTHCARE", "medic": "HEALTHCARE", "insur": "INSURANCE", "bank": "BANKING",
    "financ": "FINANCIAL", "legal": "LEGAL", "law": "LEGAL", "real estate": "REAL_ESTATE", "retail": "RETAIL",
    "educat": "EDUCATION", "restaurant": "RESTAURANT", "construct": "CONSTRUCTION", "travel": "TRAVEL",
    "auto": "AUTOMOTIVE", "consult": "CONSULTING", "tech": "TECHNOLOGY", "software": "TECHNOLOGY",
}  # fmt: skip
_POSITIONS = {
    "director": "Director", "manager": "GM", "president": "VP", "ceo": "CEO", "chief executive": "CEO", "cfo": "CFO",
    "chief financial": "CFO", "counsel": "General Counsel",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """An authorized representative; phone in E.164."""

    name: str
    title: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Business:
    """What a profile says, in Parley's words (compliance.models.KycProfile). Countries are ISO 3166; operates_in is
    Twilio's word for a part of the world, or empty where it was never asked for."""

    legal_name: str
    business_type: str
    industry: str
    registration_type: str
    registration_number: str
    website: str
    operates_in: str
    street: str
    city: str
    region: str
    postal_code: str
    country: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """How a profile stands: open until approved or rejected; `status` is Twilio's own word, `reason` why not."""

    status: str
    reason: str = ""

    @property
    def approved(self) -> bool:
        return self.status == "twilio-approved"

    @property
    def rejected(self) -> bool:
        return self.status == "twilio-rejected"


def kind_of(business_type: str) -> str:
    """Twilio's word for the kind of business. Raises CarrierRefused where its business profile has none."""
    if business_type not in _BUSINESS_TYPES:
        raise CarrierRefused("Twilio's business profile has no kind for sole proprietors and public bodies.")
    return _BUSINESS_TYPES[business_type]


def primary_profile(account: CarrierAccount) -> str:
    """The SID of the account's approved primary profile, which only Twilio's console can make."""
    with asking():
        found = client_of(account).trusthub.v1.customer_profiles.list(
            policy_sid=PRIMARY_POLICY, status="twilio-approved", limit=1
        )
    if not found:
        raise CarrierRefused(
            "The Twilio account has no approved primary customer profile. Make it in Twilio's console first."
        )
    return str(found[0].sid)


def make_profile(account: CarrierAccount, name: str, email: str, token: str) -> str:
    """The SID of the draft profile with this name, made if it is not there; its callbacks come under `token`."""
    profiles = client_of(account).trusthub.v1.customer_profiles
    return _once(
        lambda: profiles.list(friendly_name=name, limit=1),
        lambda: profiles.create(
            friendly_name=name,
            email=email,
            policy_sid=SECONDARY_POLICY,
            status_callback=callback_url("review", token),
        ),
        name,
    )


def make_address(account: CarrierAccount, name: str, business: Business) -> str:
    addresses = client_of(account).addresses
    return _once(
        lambda: addresses.list(friendly_name=name, limit=1),
        lambda: addresses.create(
            customer_name=business.legal_name,
            street=business.street,
            city=business.city,
            region=business.region or business.city,
            postal_code=business.postal_code,
            iso_country=business.country,
            friendly_name=name,
        ),
        name,
    )


def make_business(account: CarrierAccount, name: str, business: Business) -> str:
    attributes = {
        "business_name": business.legal_name,
        "business_identity": "direct_customer",
        "business_type": kind_of(business.business_type),
        "business_industry": _closest(_INDUSTRIES, business.industry, "CONSUMER"),
        "business_registration_identifier": _REGISTERS.get(business.registration_type, "Other"),
        "business_registration_number": business.registration_number,
        "business_regions_of_operation": business.operates_in or _REGIONS.get(business.country, "EUROPE"),
        "website_url": business.website,
    }
    return _end_user(account, name, "customer_profile_business_information", attributes)


def make_person(account: CarrierAccount, name: str, person: Person, which: int) -> str:
    """The representative's record; `which` is 1 or 2."""
    first, _, last = person.name.rpartition(" ")
    attributes = {
        "first_name": first or person.name,
        "last_name": last,
        "email": person.email,
        "phone_number": person.phone,
        "business_title": person.title,
        "job_position": _closest(_POSITIONS, person.title, "Other"),
    }
    return _end_user(account, name, f"authorized_representative_{which}", attributes)


def make_address_document(account: CarrierAccount, name: str, address_sid: str) -> str:
    documents = client_of(account).trusthub.v1.supporting_documents
    return _once(
        lambda: [each for each in documents.list(page_size=1000, limit=5000) if each.friendly_name == name],
        lambda: documents.create(
            friendly_name=name, type="customer_profile_address", attributes={"address_sids": address_sid}
        ),
        name,
    )


def assign(account: CarrierAccount, profile_sid: str, object_sids: Iterable[str]) -> None:
    """Put the parts into the profile; those that are in it already are passed by."""
    with asking():
        assignments = (
            client_of(account).trusthub.v1.customer_profiles(profile_sid).customer_profiles_entity_assignments
        )
        present = {each.object_sid for each in assignments.list(page_size=100, limit=100)}
        for sid in object_sids:
            if sid not in present:
                assignments.create(object_sid=sid)


def evaluate(account: CarrierAccount, profile_sid: str) -> list[tuple[str, str]]:
    """(field, what is wrong) of everything that the policy misses, as Twilio says it; empty when it is compliant."""
    with asking():
        profile = client_of(account).trusthub.v1.customer_profiles(profile_sid)
        found: Any = profile.customer_profiles_evaluations.create(policy_sid=SECONDARY_POLICY)
    if found.status == "compliant":
        return []
    wrong = [
        (str(each.get("object_field", "")), str(each.get("failure_reason", "")))
        for result in found.results or []
        for each in result.get("invalid") or []
    ]
    return wrong or [("", "Twilio named no reason.")]


def submit(account: CarrierAccount, profile_sid: str) -> None:
    with asking():
        client_of(account).trusthub.v1.customer_profiles(profile_sid).update(status="pending-review")


def review(account: CarrierAccount, profile_sid: str) -> Review:
    with asking():
        found: Any = client_of(account).trusthub.v1.customer_profiles(profile_sid).fetch()
    return Review(str(found.status), "; ".join(_messages(found.errors)))


def _messages(errors: Any) -> list[str]:
    """Every `message` or `failure_reason` in what came as errors, however deep."""
    if isinstance(errors, dict):
        own = [str(errors[key]) for key in ("message", "failure_reason") if isinstance(errors.get(key), str)]
        return own or [text for value in errors.values() for text in _messages(value)]
    if isinstance(errors, list):
        return [text for each in errors for text in _messages(each)]
    return []


def _end_user(account: CarrierAccount, name: str, kind: str, attributes: dict[str, str]) -> str:
    users = client_of(account).trusthub.v1.end_users
    return _once(
        lambda: [each for each in users.list(page_size=1000, limit=5000) if each.friendly_name == name],
        lambda: users.create(friendly_name=name, type=kind, attributes=attributes),
        name,
    )


def _once(look: Callable[[], list[Any]], make: Callable[[], Any], name: str) -> str:
    with asking():
        found = [each for each in look() if each.friendly_name == name]
        return str((found[0] if found else make()).sid)


def _closest(table: dict[str, str], words: str, otherwise: str) -> str:
    return next((value for word, value in table.items() if word in words.casefold()), otherwise)
