"""The provider's step of the know-your-customer check: the business sent to Twilio's Trust Hub, its answer taken in.

Twilio says by a signed callback that something changed; what changed, it is asked. Callbacks may get lost, so it is
asked from time to time anyway. Each look at a review is claimed by moving due_at ahead, so a doubled task finds nothing
due. No transaction is open while Twilio is asked. What was made there is stored step by step, and every create looks
first for what carries its name: a look that was cut off is taken up where it was. If it dies before a step's SID is
stored, the next look finds the record by its name; if it dies between the submission and its row, the status says that
it was submitted.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from accounts import log
from accounts.models import KycStatus, Location
from compliance.models import KycProfile, ProviderReview, ReviewState
from compliance.zones import place_of
from telephony import hooks, trusthub
from telephony.client import CarrierRefused, CarrierUnavailable
from telephony.events import mark_unknown
from telephony.models import CarrierAccount, CarrierEvent, EventKind

log.register("kyc.sent", "sent the business's details to {carrier} for review")
log.register("kyc.approved", "{carrier} approved the business")
log.register("kyc.rejected", "{carrier} rejected the business: {reason}")
log.register("kyc.not_taken", "{carrier} did not take the business's details: {reason}")

CLAIM = timedelta(minutes=5)
FIRST_LOOK, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
AT_ONCE = 20
REMEMBERED = 200  # newest reviews of an account that a callback may be about


class CannotSend(Exception):  # noqa: N818 (a refusal, not a fault)
    """Nothing was sent; the message says why and what to do."""


def is_needed() -> bool:
    """Whether this deployment completes no check without the provider's approval."""
    return bool(settings.KYC_NEEDS_PROVIDER)


def account_of(location: Location) -> CarrierAccount | None:
    """The carrier account that a review goes to: the organization's first that is not halted."""
    accounts = CarrierAccount.objects.filter(organization=location.organization_id, halted_at=None)
    return accounts.order_by("pk").first()


def newest(location: Location) -> ProviderReview | None:
    return location.provider_reviews.select_related("account").order_by("-created_at", "-pk").first()


def legal_hash(profile: KycProfile) -> str:
    """One value for the legal details as they are."""
    said = [str(getattr(profile, field)) for field in KycProfile.LEGAL]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def was_rejected(location: Location) -> bool:
    """Whether the provider's last word on this location was no: then only its yes completes the check again."""
    answered = location.provider_reviews.filter(state__in=(ReviewState.APPROVED, ReviewState.REJECTED))
    last = answered.order_by("-ended_at", "-pk").values_list("state", flat=True).first()
    return last == ReviewState.REJECTED or location.kyc_status == KycStatus.REJECTED


def verified(location: Location) -> ProviderReview | None:
    """The provider's approval of the legal details as they are now, if there is one."""
    profile = KycProfile.objects.filter(location=location).first()
    if profile is None:
        return None
    return (
        location.provider_reviews.filter(state=ReviewState.APPROVED, legal_hash=legal_hash(profile))
        .select_related("account")
        .order_by("-ended_at")
        .first()
    )


def send(location: Location, profile: KycProfile, *, actor: Any) -> ProviderReview:
    """Begin a review of the details as they are, inside the caller's transaction, which holds the location's row.

    Raises CannotSend.
    """
    account = account_of(location)
    if account is None:
        raise CannotSend("Connect a carrier account first, under Phone numbers: the details are sent to it.")
    if location.provider_reviews.filter(state__in=ReviewState.open()).exists():
        raise CannotSend("The details are with the provider already.")
    try:
        trusthub.kind_of(profile.business_type)
    except CarrierRefused as error:
        raise CannotSend(str(error)) from None
    review = ProviderReview.objects.create(
        location=location, account=account, legal_hash=legal_hash(profile), created_by=actor
    )
    log.record(location, "kyc.sent", actor=actor, subject=review, carrier=account.get_carrier_display())
    transaction.on_commit(lambda: async_task("compliance.tasks.look_at_review", review.pk))
    return review


def supersede(location: Location) -> None:
    """The legal details changed: what is under way is about details that are no longer said."""
    location.provider_reviews.filter(state__in=ReviewState.open()).update(
        state=ReviewState.SUPERSEDED, ended_at=timezone.now()
    )


def token_of(review: ProviderReview) -> str:
    """What names the review in the address of its callbacks."""
    return hashlib.sha1(f"review {review.code}".encode(), usedforsecurity=False).hexdigest()


@hooks.handles(EventKind.REVIEW)
def something_changed(event: CarrierEvent) -> None:
    """The provider says that a review moved on: it is looked at now. A review that is over stays as it is."""
    candidates = ProviderReview.objects.filter(account_id=event.account_id).order_by("-pk")[:REMEMBERED]
    review = next((each for each in candidates if token_of(each) == event.token), None)
    if review is None:
        mark_unknown(event)
        return
    moved = ProviderReview.objects.filter(pk=review.pk, state=ReviewState.SUBMITTED).update(
        due_at=timezone.now(), looks=0
    )
    if moved:
        transaction.on_commit(lambda: async_task("compliance.tasks.look_at_review", review.pk))


def look_at_due() -> None:
    """Look at every review whose time has come, at most AT_ONCE of them; the rest come a minute later."""
    due = ProviderReview.objects.filter(state__in=ReviewState.open(), due_at__lte=timezone.now())
    for key in list(due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]):
        look_at(key)


def look_at(review_id: int) -> None:
    """Take the review one step further, as far as the provider lets it.

    1. Claim it. 2. While it is being prepared: make what is missing, evaluate, submit. 3. Otherwise ask how it stands.
    """
    now = timezone.now()
    claimed = ProviderReview.objects.filter(
        pk=review_id, state__in=ReviewState.open(), due_at__lte=now
    ).update(due_at=now + CLAIM)
    if not claimed:
        return
    review = ProviderReview.objects.select_related("location", "account").get(pk=review_id)
    try:
        if review.state == ReviewState.PREPARING:
            _prepare(review)
        else:
            _ask(review)
    except CarrierRefused as error:
        _end(review, ReviewState.REFUSED, reason=str(error))
    except CarrierUnavailable as error:
        _later(review, trouble=str(error))


def _prepare(review: ProviderReview) -> None:
    profile = KycProfile.objects.get(location=review.location)
    if legal_hash(profile) != review.legal_hash:
        _end(review, ReviewState.SUPERSEDED)
        return
    account, business = review.account, _business(profile, review.location.country)

    def step(name: str, make: Any) -> str:
        if name not in review.sids:
            review.sids[name] = make(f"Parley {review.code} {name}")
            ProviderReview.objects.filter(pk=review.pk).update(sids=review.sids)
        sid: str = review.sids[name]
        return sid

    primary = step("primary", lambda name: trusthub.primary_profile(account))
    sid = step(
        "profile",
        lambda name: trusthub.make_profile(account, name, business.people[0].email, token_of(review)),
    )
    address = step("address", lambda name: trusthub.make_address(account, name, business))
    parts = [
        step("business", lambda name: trusthub.make_business(account, name, business)),
        step("first", lambda name: trusthub.make_person(account, name, business.people[0], 1)),
        step("second", lambda name: trusthub.make_person(account, name, business.people[1], 2)),
        step("document", lambda name: trusthub.make_address_document(account, name, address)),
        primary,
    ]
    trusthub.assign(account, sid, parts)
    # After a look that was cut off it may have been submitted already.
    if trusthub.review(account, sid).status == "draft":
        if wrong := trusthub.evaluate(account, sid):
            _end(
                review,
                ReviewState.REFUSED,
                findings=[list(each) for each in wrong],
                reason="Its check found gaps.",
            )
            return
        trusthub.submit(account, sid)
    ProviderReview.objects.filter(pk=review.pk, state=ReviewState.PREPARING).update(
        state=ReviewState.SUBMITTED,
        submitted_at=timezone.now(),
        status="pending-review",
        looks=0,
        trouble="",
        due_at=timezone.now() + FIRST_LOOK,
    )


def _ask(review: ProviderReview) -> None:
    answer = trusthub.review(review.account, review.sids["profile"])
    if answer.approved:
        _end(review, ReviewState.APPROVED, status=answer.status)
    elif answer.rejected:
        _end(review, ReviewState.REJECTED, status=answer.status, reason=answer.reason or "No reason given.")
    else:
        _later(review, status=answer.status)


def _later(review: ProviderReview, **changes: Any) -> None:
    """Look again: after a minute, then after twice as long each time, up to an hour."""
    wait = min(FIRST_LOOK * 2 ** min(review.looks, 10), LONGEST_WAIT)
    ProviderReview.objects.filter(pk=review.pk).update(
        due_at=timezone.now() + wait, looks=review.looks + 1, **{"trouble": "", **changes}
    )


def _end(review: ProviderReview, state: ReviewState, **changes: Any) -> None:
    """Keep the answer, and move the location's status where the answer is about its details as they are."""
    with transaction.atomic():
        location = Location.objects.select_for_update().get(pk=review.location_id)
        ended = ProviderReview.objects.filter(pk=review.pk, state__in=ReviewState.open()).update(
            state=state, ended_at=timezone.now(), trouble="", **changes
        )
        if not ended or state == ReviewState.SUPERSEDED:
            return
        profile = KycProfile.objects.filter(location=location).first()
        current = profile is not None and legal_hash(profile) == review.legal_hash
        status = _status_after(location, state) if current else location.kyc_status
        if status != location.kyc_status:
            location.kyc_status = status
            location.save(update_fields=["kyc_status"])
        action = {
            ReviewState.APPROVED: "kyc.approved",
            ReviewState.REJECTED: "kyc.rejected",
            ReviewState.REFUSED: "kyc.not_taken",
        }[state]
        log.record(
            location,
            action,
            subject=review,
            carrier=review.account.get_carrier_display(),
            reason=changes.get("reason", ""),
            kyc_status=status,
        )


def _status_after(location: Location, state: ReviewState) -> KycStatus:
    """A rejection counts always; an approval completes what waited for it; a refusal to look gives it back."""
    status = KycStatus(location.kyc_status)
    if state == ReviewState.REJECTED and status in (KycStatus.PROVIDER_REVIEW, KycStatus.COMPLETED):
        return KycStatus.REJECTED
    if status != KycStatus.PROVIDER_REVIEW:
        return status
    if state == ReviewState.APPROVED:
        return KycStatus.COMPLETED
    return KycStatus.REJECTED if was_rejected(location) else KycStatus.INSTANT_PASSED


def _business(profile: KycProfile, country: str) -> trusthub.Business:
    return trusthub.Business(
        legal_name=profile.legal_name,
        business_type=profile.business_type,
        industry=profile.industry,
        registration_type=profile.registration_type,
        registration_number=profile.registration_number,
        website=profile.website,
        operates_in=profile.operates_in,
        street=profile.street,
        city=profile.city,
        region=profile.region,
        postal_code=profile.postal_code,
        country=profile.country,
        people=tuple(
            trusthub.Person(
                name=getattr(profile, f"{who}_name"),
                title=getattr(profile, f"{who}_title"),
                email=getattr(profile, f"{who}_email"),
                phone=place_of(getattr(profile, f"{who}_phone"), country).e164,
            )
            for who in ("first", "second")
        ),
    )
