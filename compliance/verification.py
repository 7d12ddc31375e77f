"""Moving a location through the know-your-customer check, and switching its outbound calls.

not_started → incomplete ⇄ instant_passed by the checks on this machine; the owner's attestation → completed, or
→ provider_review where the provider has to agree (KYC_NEEDS_PROVIDER, or it said no before) → completed | rejected by
the provider's answer (compliance.provider). completed or provider_review → revalidation_required when a legal detail
or a name it trades under changes, and on by attesting again; rejected → provider_review by attesting mended details.
Nothing here overrules a provider. Every step holds the location's row, so that two owners at once see one order of
things.
"""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from accounts import log
from accounts.models import KycStatus, Location, User
from compliance import kyc, opt_in, provider
from compliance.models import KycProfile, ScanCause

log.register("kyc.saved", "saved the business's details: {status}")
log.register("kyc.attested", "attested the business's details")
log.register("outbound.enabled", "switched outbound calls on")
log.register("outbound.disabled", "switched outbound calls off")


class NotPossible(Exception):  # noqa: N818 (a refusal, not a fault)
    """Nothing was changed; the message says why and what to do."""


def problems(profile: KycProfile) -> list[kyc.Problem]:
    """What compliance.kyc finds, and whether the same registration was rejected elsewhere."""
    details = {field: getattr(profile, field) for field in (*kyc.REQUIRED, "region")}
    own_numbers = profile.location.phone_numbers.filter(released_at=None).values_list("number", flat=True)
    found = kyc.check(details, country=profile.location.country, own_numbers=list(own_numbers))
    twins = KycProfile.objects.filter(
        registration_country=profile.registration_country,
        registration_type=profile.registration_type,
        registration_number=profile.registration_number,
        location__kyc_status=KycStatus.REJECTED,
    ).exclude(pk=profile.pk)
    if profile.registration_number and twins.exists():
        found.append(
            kyc.Problem(
                "registration_number", "A business with this registration was rejected. Write to support."
            )
        )
    return found


def save(profile: KycProfile, *, actor: User) -> KycStatus:
    """Keep the details, whatever they lack, and move the location's status accordingly."""
    with transaction.atomic():
        location = Location.objects.select_for_update().get(pk=profile.location_id)
        before = KycProfile.objects.filter(location=location).first()
        changed = {
            field
            for field in KycProfile.ATTESTED
            if before is None or getattr(before, field) != getattr(profile, field)
        }
        if changed:
            profile.attestations, profile.attested_by, profile.attested_at = [], None, None
        profile.pk = before.pk if before else None
        profile.save()
        profile.location = location
        if changed.intersection(KycProfile.LEGAL):
            provider.supersede(location)
        blocked = any(problem.blocks for problem in problems(profile))
        status = _next(KycStatus(location.kyc_status), bool(changed) and before is not None, blocked)
        if status != location.kyc_status:
            location.kyc_status = status
            location.save(update_fields=["kyc_status"])
        log.record(location, "kyc.saved", actor=actor, status=status.label.lower(), kyc_status=status)
    if changed.intersection(("legal_name", "trade_names")):
        opt_in.rescan_all(location, ScanCause.DETAILS)
    return status


def _next(status: KycStatus, changed: bool, blocked: bool) -> KycStatus:
    if status == KycStatus.REJECTED:
        return status
    if status in (KycStatus.COMPLETED, KycStatus.PROVIDER_REVIEW, KycStatus.REVALIDATION_REQUIRED):
        return KycStatus.REVALIDATION_REQUIRED if changed else status
    return KycStatus.INCOMPLETE if blocked else KycStatus.INSTANT_PASSED


def run(location: Location) -> list[kyc.Problem]:
    """Run the checks on this machine again, on the details as they are, and move the status where it rests on them."""
    with transaction.atomic():
        held = Location.objects.select_for_update().get(pk=location.pk)
        profile = KycProfile.objects.filter(location=held).first()
        if profile is None:
            return []
        profile.location = held
        found = problems(profile)
        status = _next(KycStatus(held.kyc_status), False, any(problem.blocks for problem in found))
        if status != held.kyc_status:
            held.kyc_status = status
            held.save(update_fields=["kyc_status"])
    location.refresh_from_db(fields=["kyc_status"])
    return found


ATTESTED_FROM = (KycStatus.INSTANT_PASSED, KycStatus.REVALIDATION_REQUIRED, KycStatus.REJECTED)


def attest(location: Location, statements: Collection[str], *, actor: User) -> None:
    """Give the owner's word, which completes the check or sends it to the provider. Raises NotPossible while anything
    is missing."""
    if missing := [kyc.STATEMENTS[key] for key in kyc.STATEMENTS if key not in statements]:
        raise NotPossible(f"Tick every statement; one is missing: {missing[0]}")
    with transaction.atomic():
        held = Location.objects.select_for_update().get(pk=location.pk)
        profile = KycProfile.objects.filter(location=held).first()
        if held.kyc_status not in ATTESTED_FROM or profile is None:
            raise NotPossible("The details have to pass the check first.")
        profile.location = held
        if any(problem.blocks for problem in problems(profile)):
            raise NotPossible(
                "The details have to pass the check first. What is wrong is marked beside the fields."
            )
        profile.attestations = [kyc.STATEMENTS[key] for key in kyc.STATEMENTS]
        profile.attested_by, profile.attested_at = actor, timezone.now()
        profile.save(update_fields=["attestations", "attested_by", "attested_at", "updated_at"])
        if provider.was_rejected(held) or (provider.is_needed() and not provider.verified(held)):
            _send(held, profile, actor)
            held.kyc_status = KycStatus.PROVIDER_REVIEW
        else:
            held.kyc_status = KycStatus.COMPLETED
        held.save(update_fields=["kyc_status"])
        log.record(held, "kyc.attested", actor=actor, kyc_status=held.kyc_status)
    location.refresh_from_db(fields=["kyc_status"])


def send(location: Location, *, actor: User) -> None:
    """Have the provider verify a business whose check is completed already. Raises NotPossible."""
    with transaction.atomic():
        held = Location.objects.select_for_update().get(pk=location.pk)
        profile = KycProfile.objects.filter(location=held).first()
        if held.kyc_status != KycStatus.COMPLETED or profile is None:
            raise NotPossible("The check has to be completed first.")
        if provider.verified(held):
            raise NotPossible("The provider has verified these details already.")
        _send(held, profile, actor)


def _send(location: Location, profile: KycProfile, actor: User) -> None:
    try:
        provider.send(location, profile, actor=actor)
    except provider.CannotSend as error:
        raise NotPossible(str(error)) from None


def switch_outbound(location: Location, on: bool, *, actor: User) -> bool:
    """Switch the location's outbound calls; returns whether that changed anything.

    On needs a completed check and a form whose wording is valid consent.
    """
    with transaction.atomic():
        held = Location.objects.select_for_update().get(pk=location.pk)
        if on and held.kyc_status != KycStatus.COMPLETED:
            raise NotPossible("The business has to be checked first: complete its details and attest them.")
        if on and not opt_in.collects(held):
            raise NotPossible("No opt-in form has valid consent wording. Write one, or mend what is missing.")
        if held.outbound_enabled == on:
            return False
        held.outbound_enabled = on
        held.save(update_fields=["outbound_enabled"])
        log.record(held, "outbound.enabled" if on else "outbound.disabled", actor=actor)
    location.refresh_from_db(fields=["outbound_enabled"])
    return True
