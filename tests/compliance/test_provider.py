"""The provider's review: the details at Trust Hub, by the SDK and the sandbox carrier, and what its answer does."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from twilio.request_validator import RequestValidator

from accounts.models import KycStatus, Location, Role
from compliance import kyc, provider, verification
from compliance.models import KycProfile, ProviderReview, ReviewState
from telephony import client as telephony_client
from telephony import signatures
from telephony.addresses import callback_url
from telephony.models import CarrierAccount, CarrierEvent
from tests.compliance.test_kyc import GOOD
from tests.factories import CarrierAccountFactory, LocationFactory, MemberFactory, UserFactory
from tests.sandbox.conftest import SID, TOKEN, Carrier

pytestmark = pytest.mark.django_db
# Its ending has the sandbox carrier reject it.
REJECTED = {**GOOD, "registration_number": "84-1937000"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    carrier = Carrier(tmp_path_factory.mktemp("trusthub"), speed=5000)
    yield carrier
    carrier.stop()


@pytest.fixture(autouse=True)
def at_the_sandbox(sandbox: Carrier, settings: Any) -> Iterator[None]:
    settings.SANDBOX_URL = sandbox.base
    telephony_client._client.cache_clear()
    sandbox_reset(sandbox)
    yield
    telephony_client._client.cache_clear()


def sandbox_reset(sandbox: Carrier) -> None:
    requests.post(f"{sandbox.base}/control/reset", json={}, timeout=10).raise_for_status()


@pytest.fixture
def location() -> Location:
    location = LocationFactory.create(kyc_status=KycStatus.NOT_STARTED, outbound_enabled=False)
    CarrierAccountFactory.create(organization=location.organization, account_sid=SID, auth_token=TOKEN)
    return location


@pytest.fixture
def needed(settings: Any) -> None:
    settings.KYC_NEEDS_PROVIDER = True


def attested(location: Location, details: dict[str, str] = GOOD) -> KycStatus:
    owner = UserFactory.create()
    profile = KycProfile.objects.filter(location=location).first() or KycProfile(location=location)
    for field, value in details.items():
        setattr(profile, field, value)
    verification.save(profile, actor=owner)
    verification.attest(location, list(kyc.STATEMENTS), actor=owner)
    return status_of(location)


def status_of(location: Location) -> KycStatus:
    location.refresh_from_db()
    return KycStatus(location.kyc_status)


def look(times: int = 1) -> ProviderReview:
    """Look at the newest review as the task does, without the wait between."""
    for _ in range(times):
        ProviderReview.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        provider.look_at_due()
    return ProviderReview.objects.latest("pk")


def until_over() -> ProviderReview:
    for _ in range(50):
        if (review := look()).is_over:
            return review
    pytest.fail(f"The review never ended: {review.state}, {review.trouble}", pytrace=False)


def profiles(sandbox: Carrier) -> list[dict[str, str]]:
    return requests.get(f"{sandbox.base}/control/profiles", timeout=10).json()["profiles"]


def test_without_the_provider_an_owners_word_completes_the_check(location):
    assert attested(location) == KycStatus.COMPLETED
    assert not ProviderReview.objects.exists()


def test_where_it_is_needed_only_the_providers_approval_completes_the_check(location, needed, sandbox):
    assert attested(location) == KycStatus.PROVIDER_REVIEW
    review = look()
    assert review.state == ReviewState.SUBMITTED
    assert status_of(location) == KycStatus.PROVIDER_REVIEW
    review = until_over()
    assert (review.state, review.status) == (ReviewState.APPROVED, "twilio-approved")
    assert status_of(location) == KycStatus.COMPLETED
    assert provider.verified(location) == review
    assert sum(each["name"] == f"Parley {review.code} profile" for each in profiles(sandbox)) == 1


def test_a_rejection_keeps_its_reason_and_stays_until_the_provider_says_yes(location, needed, settings):
    attested(location, REJECTED)
    review = until_over()
    assert (review.state, review.reason) == (
        ReviewState.REJECTED, "The business registration number could not be verified",
    )  # fmt: skip
    assert status_of(location) == KycStatus.REJECTED
    # Switching the setting off does not make the provider's no a yes.
    settings.KYC_NEEDS_PROVIDER = False
    assert attested(location, GOOD) == KycStatus.PROVIDER_REVIEW
    until_over()
    assert status_of(location) == KycStatus.COMPLETED


def test_a_refusal_after_a_rejection_is_no_way_around_it(location, needed, settings, sandbox):
    attested(location, REJECTED)
    until_over()
    settings.KYC_NEEDS_PROVIDER = False
    attested(location, GOOD)
    CarrierAccount.objects.update(auth_token="wrong")
    assert look().state == ReviewState.REFUSED
    assert status_of(location) == KycStatus.REJECTED


def test_a_completed_business_can_be_verified_while_its_calls_go_on(location):
    attested(location)
    verification.send(location, actor=UserFactory.create())
    look()
    assert status_of(location) == KycStatus.COMPLETED
    until_over()
    assert status_of(location) == KycStatus.COMPLETED
    assert provider.verified(location) is not None
    with pytest.raises(verification.NotPossible, match="verified these details already"):
        verification.send(location, actor=UserFactory.create())


def test_a_rejection_stops_a_completed_business(location):
    attested(location, REJECTED)
    assert status_of(location) == KycStatus.COMPLETED
    verification.send(location, actor=UserFactory.create())
    until_over()
    assert status_of(location) == KycStatus.REJECTED


def test_changed_legal_details_take_the_review_back(location, needed):
    attested(location)
    look()
    profile = KycProfile.objects.get()
    profile.street = "14 Main Street"
    verification.save(profile, actor=UserFactory.create())
    assert ProviderReview.objects.get().state == ReviewState.SUPERSEDED
    assert status_of(location) == KycStatus.REVALIDATION_REQUIRED
    assert look().state == ReviewState.SUPERSEDED
    assert attested(location, {**GOOD, "street": "14 Main Street"}) == KycStatus.PROVIDER_REVIEW
    until_over()
    assert status_of(location) == KycStatus.COMPLETED


def test_a_new_trade_name_is_attested_and_not_reviewed_again(location, needed):
    attested(location)
    until_over()
    profile = KycProfile.objects.get()
    profile.trade_names = "Smile & Co"
    verification.save(profile, actor=UserFactory.create())
    assert status_of(location) == KycStatus.REVALIDATION_REQUIRED
    verification.attest(location, list(kyc.STATEMENTS), actor=UserFactory.create())
    assert status_of(location) == KycStatus.COMPLETED
    assert ProviderReview.objects.count() == 1


def test_an_approval_outlives_the_hash_that_held_phones_and_positions(location, needed):
    attested(location)
    until_over()
    migration = import_module("compliance.migrations.0019_hash_of_legal_details")
    migration.hash_as_before(apps, None)
    assert provider.verified(location) is None
    migration.hash_again(apps, None)
    assert provider.verified(location) == ProviderReview.objects.get()


def test_an_approval_of_other_details_completes_nothing(location, needed):
    attested(location)
    look()
    KycProfile.objects.update(street="14 Main Street")
    until_over()
    assert status_of(location) == KycStatus.PROVIDER_REVIEW
    assert provider.verified(location) is None


def test_a_look_that_was_cut_off_makes_nothing_twice(location, needed, sandbox, monkeypatch):
    attested(location)

    def cut(*args: Any) -> str:
        raise telephony_client.CarrierUnavailable("The carrier cannot be reached.")

    with monkeypatch.context() as patch:
        patch.setattr(provider.trusthub, "make_person", cut)
        review = look()
    assert review.trouble == "The carrier cannot be reached."
    # The step's SID was lost as well: it is found again by its name.
    ProviderReview.objects.update(sids={})
    review = look()
    assert review.state == ReviewState.SUBMITTED
    assert sum(each["name"].startswith("Parley") for each in profiles(sandbox)) == 1


def test_a_doubled_task_finds_nothing_due(location, needed, monkeypatch):
    attested(location)
    seen: list[int] = []
    monkeypatch.setattr(provider, "_prepare", lambda review: seen.append(review.pk))
    review = ProviderReview.objects.get()
    provider.look_at(review.pk)
    provider.look_at(review.pk)
    assert seen == [review.pk]


def test_it_asks_less_and_less_often(location, needed, sandbox):
    attested(location)
    review = look()
    for each in profiles(sandbox):
        if each["name"].startswith("Parley"):
            requests.put(
                f"{sandbox.base}/control/profiles/{each['sid']}", json={"status": "in-review"}, timeout=10
            ).raise_for_status()
    waits = []
    for _ in range(8):
        before = timezone.now()
        review = look()
        waits.append(round((review.due_at - before).total_seconds() / 60))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert review.status == "in-review"


def test_what_the_policy_misses_is_named(location, needed, monkeypatch):
    attested(location)
    monkeypatch.setitem(provider.trusthub._REGISTERS, "ein", "NUMBER")
    review = look()
    assert review.state == ReviewState.REFUSED
    assert review.findings == [
        ["business_registration_identifier", "business_registration_identifier is not a valid value"]
    ]
    assert status_of(location) == KycStatus.INSTANT_PASSED


def test_without_an_account_nothing_is_sent_and_nothing_attested(location, needed):
    CarrierAccount.objects.all().delete()
    with pytest.raises(verification.NotPossible, match="Connect a carrier account first"):
        attested(location)
    assert status_of(location) == KycStatus.INSTANT_PASSED
    assert KycProfile.objects.get().attested_at is None


def test_a_sole_proprietor_hears_that_the_provider_has_no_kind_for_them(location, needed):
    details = {**GOOD, "business_type": "sole_proprietor", "legal_name": "Elena Rivera"}
    with pytest.raises(verification.NotPossible, match="no kind for sole proprietors"):
        attested(location, details)


def test_the_pages_tell_completed_from_verified(location):
    attested(location)
    client = Client()
    client.force_login(MemberFactory.create(location=location, role=Role.OWNER).user)

    def page(name: str) -> str:
        return client.get(reverse(f"compliance:{name}", args=[location.code])).content.decode()

    assert "not verified by a provider" in page("kyc")
    assert "not verified by Twilio" in page("enable")
    client.post(reverse("compliance:kyc_send", args=[location.code]))
    assert "Have it verified" not in page("kyc")
    until_over()
    assert "and verified by Sandbox carrier" in page("kyc")
    assert "Verified by Sandbox carrier: it approved these details." in page("enable")


def test_enabling_while_the_provider_looks_says_so_and_switches_nothing(location, needed, settings):
    attested(location)
    settings.KYC_NEEDS_PROVIDER = False
    client = Client()
    client.force_login(MemberFactory.create(location=location, role=Role.OWNER).user)
    page = client.post(reverse("compliance:outbound", args=[location.code]), {"on": "1"}, follow=True)
    assert "Outbound calls are not on yet" in page.content.decode()
    location.refresh_from_db()
    assert location.outbound_enabled is False


def callback(review: ProviderReview, signed_for: str = "", **body: str) -> int:
    """Post a status callback of the review, signed as Twilio signs; its answer's status."""
    url = callback_url("review", provider.token_of(review))
    form = {"AccountSid": SID, "Status": "twilio-approved", **body}
    signature = RequestValidator(TOKEN).compute_signature(signed_for or url, form)
    content = urlencode(form)
    answer = Client().post(
        urlsplit(url).path, content, content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )  # fmt: skip
    return answer.status_code


def test_a_signed_callback_has_the_review_looked_at_at_once(
    location, needed, django_capture_on_commit_callbacks
):
    signatures.forget_accounts()
    attested(location)
    review = look()
    later = timezone.now() + timedelta(hours=1)
    ProviderReview.objects.update(due_at=later)
    assert callback(review, signed_for="https://elsewhere.example.com/") == 403
    assert callback(review, AccountSid="AC" + "0" * 32) == 403
    assert ProviderReview.objects.get().due_at == later
    with django_capture_on_commit_callbacks() as tasks:
        assert callback(review) == 204
    assert ProviderReview.objects.get().due_at <= timezone.now()
    assert len(tasks) == 1
    # What it says is only a hint: approved is what the provider answers when it is asked.
    assert ProviderReview.objects.get().state == ReviewState.SUBMITTED
    assert until_over().state == ReviewState.APPROVED
    assert callback(review, Status="twilio-rejected") == 204
    assert ProviderReview.objects.get().state == ReviewState.APPROVED


def test_a_callback_about_no_review_of_ours_is_kept_and_answered(location):
    signatures.forget_accounts()
    assert callback(ProviderReview(code="nobodys")) == 204
    assert CarrierEvent.objects.filter(known=False, kind="review").count() == 1


def test_the_sandbox_posts_how_a_review_ended(location, needed, sandbox):
    attested(location)
    review = look()
    until_over()

    url = callback_url("review", provider.token_of(review))
    sandbox.wait_for_log(lambda entry: entry.get("url") == url and entry.get("event") == "twilio-approved")
