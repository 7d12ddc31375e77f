"""The know-your-customer check: what is found wrong offline, how a location moves through it, who may do what."""

from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import KycStatus, Location, Role
from compliance import kyc, kyc_postal, verification
from compliance.kyc_zip import STATES, zip_fits
from compliance.models import KycProfile
from tests.factories import LocationFactory, MemberFactory, PhoneNumberFactory, UserFactory

GOOD = {
    "legal_name": "Bright Smile Dental LLC",
    "business_type": "llc",
    "owners": "Elena Rivera",
    "industry": "Dentistry",
    "website": "https://www.brightsmile.example",
    "privacy_url": "https://www.brightsmile.example/privacy",
    "terms_url": "https://www.brightsmile.example/terms",
    "operates_in": "USA_AND_CANADA",
    "registration_country": "US",
    "registration_type": "ein",
    "registration_number": "84-1937265",
    "street": "12 Main Street",
    "city": "Denver",
    "region": "CO",
    "postal_code": "80202",
    "country": "US",
    "first_name": "Elena Rivera",
    "first_title": "Owner",
    "first_email": "elena@brightsmile.example",
    "first_phone": "+13035550142",
    "second_name": "Sam Chen",
    "second_title": "Practice manager",
    "second_email": "sam@brightsmile.example",
    "second_phone": "(303) 555-0143",
    "use_case": "We call patients of our own practice, who signed our intake form, about their check-ups.",
}


def fields_of(changes: dict[str, str], **where: Any) -> set[str]:
    return {problem.field for problem in kyc.check({**GOOD, **changes}, **{"country": "US", **where})}


def test_details_that_hold_together_have_no_problem():
    assert kyc.check(GOOD, country="US") == []


@pytest.mark.parametrize("field", list(kyc.REQUIRED))
def test_every_required_field_is_missed(field):
    found = kyc.check({**GOOD, field: " "}, country="US")
    assert [(problem.field, problem.blocks) for problem in found if problem.blocks] == [(field, True)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"legal_name": "asdf"}, "legal_name"),
        ({"legal_name": "Bright Smile Dental"}, "legal_name"),
        ({"business_type": "corporation"}, "business_type"),
        ({"registration_number": "12-345678"}, "registration_number"),
        ({"registration_number": "12-3456789"}, "registration_number"),
        ({"registration_number": "41-6666666"}, "registration_number"),
        ({"registration_type": "acn"}, "registration_type"),
        (
            {"registration_country": "AU", "registration_type": "acn", "registration_number": "004085617"},
            "registration_number",
        ),
        (
            {"registration_country": "ES", "registration_type": "nif", "registration_number": "A13585626"},
            "registration_number",
        ),
        (
            {"registration_country": "AU", "registration_type": "abn", "registration_number": "51824753557"},
            "registration_number",
        ),
        (
            {
                "registration_country": "NZ",
                "registration_type": "other",
                "registration_number": "99999999999",
            },
            "registration_number",
        ),
        ({"street": "P.O. Box 12"}, "street"),
        ({"region": ""}, "region"),
        ({"region": "Colorado"}, "region"),
        ({"postal_code": "90210"}, "postal_code"),
        ({"postal_code": "8020"}, "postal_code"),
        ({"website": "http://brightsmile.example"}, "website"),
        ({"website": "https://10.0.0.7"}, "website"),
        ({"first_email": "elena"}, "first_email"),
        ({"first_name": "Elena"}, "first_name"),
        ({"second_name": "ELENA RIVERA"}, "second_name"),
        ({"second_email": "Elena@brightsmile.example"}, "second_email"),
        ({"first_phone": "12"}, "first_phone"),
        ({"first_phone": "+18005550142"}, "first_phone"),
        ({"first_phone": "+442079460950"}, "first_phone"),
        ({"use_case": "Calling people."}, "use_case"),
        ({"industry": "x"}, "industry"),
        ({"first_title": "?!"}, "first_title"),
        ({"second_phone": "303 555 0142"}, "second_phone"),
        ({"privacy_url": "brightsmile.example/privacy"}, "privacy_url"),
        ({"terms_url": "http://brightsmile.example/terms"}, "terms_url"),
        ({"legal_name": "Clínica Sonrisa S.L.", "business_type": "sole_proprietor"}, "business_type"),
        (
            {"registration_country": "ES", "registration_type": "vat", "registration_number": "DE136695976"},
            "registration_number",
        ),
        (
            {"registration_country": "GR", "registration_type": "vat", "registration_number": "EL094259217"},
            "registration_number",
        ),
        (
            {"registration_country": "US", "registration_type": "vat", "registration_number": "DE136695976"},
            "registration_type",
        ),
        ({"country": "ES", "region": "", "postal_code": "99999999"}, "postal_code"),
        ({"country": "ES", "region": "", "postal_code": "53001"}, "postal_code"),
        ({"country": "CA", "region": "ON", "postal_code": "K1A 0D"}, "postal_code"),
        ({"country": "DE", "region": "", "postal_code": "00115"}, "postal_code"),
    ],
)
def test_what_contradicts_itself_blocks(changes, field):
    found = kyc.check({**GOOD, **changes}, country="US")
    assert field in {problem.field for problem in found if problem.blocks}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"registration_number": "07-1937265"}, "registration_number"),
        ({"first_email": "elena@gmail.com"}, "first_email"),
        ({"first_email": "elena@elsewhere.example"}, "first_email"),
        ({"legal_name": "Bright Smile Dental", "business_type": "corporation"}, "legal_name"),
        ({"legal_name": "Jo Sa", "business_type": "sole_proprietor"}, "business_type"),
    ],
)
def test_what_is_only_doubtful_warns_and_does_not_block(changes, field):
    found = kyc.check({**GOOD, **changes}, country="US")
    assert [(problem.field, problem.blocks) for problem in found] == [(field, False)]


@pytest.mark.parametrize(
    ("kind", "country", "number"),
    [
        ("acn", "AU", "004 085 616"),
        ("bn", "CA", "12302 6635"),
        ("company_number", "GB", "03977902"),
        ("company_number", "GB", "SC123456"),
        ("nif", "ES", "A13 585 625"),
        ("vat", "DE", "DE136695976"),
        ("vat", "GR", "EL 094259216"),
        ("vat", "ES", "ESA13585625"),
        ("other", "BR", "NIRE 35300"),
        ("abn", "AU", "51 824 753 556"),
        ("siren", "FR", "552 008 443"),
        ("hrb", "DE", "Aachen HRA 11223"),
        ("rfc", "MX", "GODE 561231 GR8"),
    ],
)
def test_numbers_of_other_registers_are_taken_when_they_can_exist(kind, country, number):
    changes = {"registration_type": kind, "registration_country": country, "registration_number": number}
    assert "registration_number" not in fields_of(changes)
    assert "registration_type" not in fields_of(changes)


@pytest.mark.parametrize("country", list(kyc_postal._PATTERNS))
def test_a_countrys_example_is_one_of_its_postal_codes(country):
    example = kyc_postal.misfit(country, "?")
    assert example is not None
    assert "postal_code" not in fields_of({"country": country, "region": "", "postal_code": example.lower()})


def test_nothing_is_said_of_codes_of_a_country_that_nothing_is_known_of():
    assert "postal_code" not in fields_of({"country": "AE", "region": "", "postal_code": "00000"})


def test_a_representative_is_not_reached_on_a_number_that_agents_call_from():
    assert fields_of({}, own_numbers=["+13035550143"]) == {"second_phone"}


def test_a_suite_beside_a_po_box_is_a_place():
    assert fields_of({"street": "12 Main Street, PO Box 7"}) == set()


def test_only_the_prefixes_that_cross_a_state_line_are_in_two_states():
    states_of = Counter(prefix for state in STATES.values() for prefix in state)
    # Fishers Island, Alta, Samoa beside Hawaii, the Marianas beside Guam.
    assert {prefix for prefix, count in states_of.items() if count > 1} == {63, 834, 967, 969}
    assert len(STATES) == 50 + 1 + 5


def test_a_zip_code_is_looked_up_by_state():
    assert zip_fits("co", "80202") is True
    assert zip_fits("CO", "10001") is False
    assert zip_fits("XX", "10001") is None


@pytest.fixture
def location(db: None) -> Location:
    return LocationFactory.create(kyc_status=KycStatus.NOT_STARTED, outbound_enabled=False)


def signed_in(location: Location, role: Role = Role.OWNER) -> Client:
    client = Client()
    client.force_login(MemberFactory.create(location=location, role=role).user)
    return client


def url(location: Location, name: str = "kyc") -> str:
    return reverse(f"compliance:{name}", args=[location.code])


def status_of(location: Location) -> str:
    location.refresh_from_db()
    return location.kyc_status


ALL = dict.fromkeys(kyc.STATEMENTS, "on")


def test_an_owner_goes_the_whole_way_from_nothing_to_calls(location):
    client = signed_in(location)
    client.post(url(location), {**GOOD, "website": ""})
    assert status_of(location) == KycStatus.INCOMPLETE
    page = client.get(url(location)).content.decode()
    assert "Write the website." in page
    assert "Complete the check" not in page
    client.post(url(location), GOOD)
    assert status_of(location) == KycStatus.INSTANT_PASSED
    client.post(url(location, "kyc_attest"), ALL)
    assert status_of(location) == KycStatus.COMPLETED
    page = client.get(url(location)).content.decode()
    assert "Checked offline on this machine; not verified by a provider" in page
    client.post(url(location, "outbound"), {"on": "1"})
    location.refresh_from_db()
    assert location.outbound_enabled is True
    assert list(location.log.order_by("pk").values_list("action", flat=True)) == [
        "kyc.saved", "kyc.saved", "kyc.attested", "outbound.enabled",
    ]  # fmt: skip


def test_a_draft_keeps_whatever_was_typed(location):
    signed_in(location).post(url(location), {"legal_name": "Half a na", "use_case": "x"})
    profile = KycProfile.objects.get(location=location)
    assert (profile.legal_name, profile.use_case) == ("Half a na", "x")
    assert status_of(location) == KycStatus.INCOMPLETE


def test_a_detail_is_checked_as_soon_as_it_is_written_and_nothing_is_kept(location):
    owner = signed_in(location)
    wrong = owner.post(
        url(location) + "?check=registration_number", {**GOOD, "registration_number": "00-0000000"}
    )
    assert b"late-problem" in wrong.content
    assert b'id="detail-registration_number"' in wrong.content
    assert b"legal_name" not in wrong.content
    right = owner.post(url(location) + "?check=registration_number", GOOD)
    assert b"late-problem" not in right.content
    assert owner.post(url(location) + "?check=location", GOOD).status_code == 404
    assert not KycProfile.objects.exists()
    viewer = signed_in(location, Role.VIEWER)
    assert viewer.post(url(location) + "?check=registration_number", GOOD).status_code == 403


def completed(location: Location) -> KycProfile:
    owner = UserFactory.create()
    profile = KycProfile(location=location, **GOOD)
    verification.save(profile, actor=owner)
    verification.attest(location, list(kyc.STATEMENTS), actor=owner)
    return profile


@pytest.mark.parametrize("field", KycProfile.ATTESTED)
def test_a_changed_legal_detail_needs_a_new_attestation(location, field):
    profile = completed(location)
    profile.refresh_from_db()
    setattr(profile, field, "changed"[: KycProfile._meta.get_field(field).max_length])
    verification.save(profile, actor=UserFactory.create())
    assert status_of(location) == KycStatus.REVALIDATION_REQUIRED
    profile.refresh_from_db()
    assert (profile.attestations, profile.attested_at) == ([], None)


def test_revalidation_ends_with_a_new_attestation_and_not_with_saving_again(location):
    completed(location)
    client = signed_in(location)
    client.post(url(location), {**GOOD, "street": "14 Main Street"})
    client.post(url(location), {**GOOD, "street": "14 Main Street"})
    assert status_of(location) == KycStatus.REVALIDATION_REQUIRED
    client.post(url(location, "kyc_attest"), ALL)
    assert status_of(location) == KycStatus.COMPLETED


@pytest.mark.parametrize(
    "changes",
    [
        {"website": "https://brightsmile.example/home"},
        {"use_case": "We call patients of our own practice who signed our intake form, about offers."},
        {"first_phone": "+13035550144", "first_email": "rivera@brightsmile.example", "first_title": "CEO"},
        {"second_phone": "+13035550144", "second_email": "chen@brightsmile.example", "second_title": "COO"},
    ],
)
def test_what_is_no_legal_detail_needs_no_revalidation(location, changes):
    completed(location)
    signed_in(location).post(url(location), {**GOOD, **changes})
    assert status_of(location) == KycStatus.COMPLETED
    assert KycProfile.objects.get().attested_at is not None
    assert not verification.problems(KycProfile.objects.get())


@pytest.mark.parametrize("left_out", list(kyc.STATEMENTS))
def test_every_statement_has_to_be_ticked(location, left_out):
    client = signed_in(location)
    client.post(url(location), GOOD)
    ticked = {key: "on" for key in kyc.STATEMENTS if key != left_out}
    page = client.post(url(location, "kyc_attest"), ticked, follow=True).content.decode()
    assert "Tick every statement" in page
    assert status_of(location) == KycStatus.INSTANT_PASSED


def test_attesting_before_the_details_pass_changes_nothing(location):
    client = signed_in(location)
    client.post(url(location, "kyc_attest"), ALL)
    assert status_of(location) == KycStatus.NOT_STARTED
    client.post(url(location), {**GOOD, "street": ""})
    client.post(url(location, "kyc_attest"), ALL)
    assert status_of(location) == KycStatus.INCOMPLETE


def test_an_attestation_is_refused_when_the_number_began_to_call_since(location):
    client = signed_in(location)
    client.post(url(location), GOOD)
    PhoneNumberFactory.create(location=location, number="+13035550142")
    client.post(url(location, "kyc_attest"), ALL)
    assert status_of(location) == KycStatus.INSTANT_PASSED


@pytest.mark.parametrize("status", [KycStatus.REJECTED, KycStatus.PROVIDER_REVIEW])
def test_a_providers_word_is_not_overruled(location, status):
    Location.objects.filter(pk=location.pk).update(kyc_status=status)
    client = signed_in(location)
    client.post(url(location), GOOD)
    client.post(url(location, "kyc_attest"), ALL)
    assert status_of(location) == status


def test_a_registration_that_was_rejected_elsewhere_is_not_taken_again(location):
    rejected = LocationFactory.create(kyc_status=KycStatus.REJECTED)
    KycProfile.objects.create(location=rejected, **GOOD)
    signed_in(location).post(url(location), GOOD)
    assert status_of(location) == KycStatus.INCOMPLETE


def test_calls_are_not_switched_on_before_the_check_is_completed(location):
    page = signed_in(location).post(url(location, "outbound"), {"on": "1"}, follow=True).content.decode()
    location.refresh_from_db()
    assert location.outbound_enabled is False
    assert "Outbound calls are not on yet" in page
    assert "Nothing is filled in yet." in page


def test_calls_can_always_be_switched_off(location):
    Location.objects.filter(pk=location.pk).update(outbound_enabled=True)
    signed_in(location, Role.MANAGER).post(url(location, "outbound"), {"on": "0"})
    location.refresh_from_db()
    assert location.outbound_enabled is False


@pytest.mark.parametrize("role", list(Role))
def test_who_may_do_what(location, role):
    client = signed_in(location, role)
    assert client.get(url(location)).status_code == 200
    for name, lowest in (("kyc", Role.OWNER), ("kyc_attest", Role.OWNER), ("outbound", Role.MANAGER)):
        allowed = role.rank >= lowest.rank
        assert client.post(url(location, name), {}).status_code == (302 if allowed else 403)


@pytest.mark.parametrize("name", ["kyc", "kyc_attest", "outbound"])
def test_a_stranger_finds_nothing_there(location, name):
    stranger = signed_in(LocationFactory.create())
    assert stranger.post(url(location, name), GOOD).status_code == 404
    assert not KycProfile.objects.exists()
