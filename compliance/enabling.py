"""Enable outbound calls: what a location needs before it may call, as one checklist, and the switch at its end."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from accounts.models import KycStatus, Location, User
from compliance import findings, opt_in, provider, verification
from compliance.kyc_forms import name_of
from compliance.models import FormScan, KycProfile, ProviderReview, ReviewState, ScanCause
from contacts.models import OptInForm


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was found, and where it is mended."""

    words: str
    url: str
    passed: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the checklist. passed: None when it does not stand in the way either way. by: who says so."""

    key: str
    title: str
    passed: bool | None
    words: str
    url: str
    button: str
    by: str
    points: tuple[Point, ...] = ()


def enable(location: Location, *, actor: User) -> bool:
    """Run the know-your-customer check and scan every form in use; switch outbound calls on when all of it passed."""
    verification.run(location)
    opt_in.rescan_all(location, ScanCause.ENABLE)
    if any(check.passed is False for check in checks(location)):
        return False
    verification.switch_outbound(location, True, actor=actor)
    return True


def refuses(location: Location) -> bool:
    """Whether every call is refused, switched on or not."""
    return location.kyc_status != KycStatus.COMPLETED or not opt_in.collects(location)


def checks(location: Location) -> list[Check]:
    """The checklist as it stands now, in a fixed number of queries; every part says who vouches for it."""
    profile = KycProfile.objects.filter(location=location).select_related("attested_by").first()
    if profile is not None:
        profile.location = location
    return [
        _details(location, profile),
        _word(location, profile),
        _provider(location),
        _forms(location),
    ]


def _business_url(location: Location) -> str:
    return reverse("compliance:kyc", args=[location.code])


def _details(location: Location, profile: KycProfile | None) -> Check:
    url = _business_url(location)
    if profile is None:
        return Check(
            "details", "Who the business is", False, "Nothing is filled in yet.", url, "Fill in the details",
            "Checked on this machine",
        )  # fmt: skip
    found = verification.problems(profile)
    blocking = [problem for problem in found if problem.blocks]
    points = tuple(
        Point(f"{name_of(problem.field)}: {problem.words}", f"{url}#id_{problem.field}", not problem.blocks)
        for problem in found
    )
    if location.kyc_status == KycStatus.REJECTED:
        words = "The provider rejected the business. Mend the details and attest them; they are sent again."
    elif blocking:
        words = f"{len(blocking)} of the details {'needs' if len(blocking) == 1 else 'need'} another look."
    else:
        words = (
            "The details hold together: formats, check digits, contradictions. Nobody was asked about them."
        )
    passed = not blocking and location.kyc_status != KycStatus.REJECTED
    return Check(
        "details",
        "Who the business is",
        passed,
        words,
        url,
        "Look at the details",
        "Checked on this machine",
        points,
    )


def _word(location: Location, profile: KycProfile | None) -> Check:
    url = f"{_business_url(location)}#attestation"
    waits = location.kyc_status in verification.ATTESTED_FROM
    if profile is not None and profile.attested_at is not None and not waits:
        who = str(profile.attested_by or "An owner")
        return Check(
            "word",
            "An owner's word for it",
            True,
            f"{who} attested the details.",
            url,
            "",
            "Attested by an owner",
        )
    words = (
        "A legal detail changed since; an owner attests the details again."
        if location.kyc_status == KycStatus.REVALIDATION_REQUIRED
        else "An owner ticks the statements under the details."
    )
    return Check("word", "An owner's word for it", False, words, url, "Attest", "Attested by an owner")


def _provider(location: Location) -> Check:
    review = provider.newest(location)
    approved = provider.verified(location)
    url = f"{_business_url(location)}#provider"
    title = "The provider's verification"
    needed = (
        provider.is_needed()
        or provider.was_rejected(location)
        or location.kyc_status == KycStatus.PROVIDER_REVIEW
    )
    if approved is not None:
        carrier = approved.account.get_carrier_display()
        return Check(
            "provider", title, True, f"Verified by {carrier}: it approved these details.", url, "", carrier
        )
    said, by = _standing(review)
    if not needed and location.kyc_status == KycStatus.COMPLETED:
        said = f"{said} Completed means checked on this machine and attested, not verified by Twilio.".strip()
    elif not needed:
        said = f"{said} Not asked for here: the checks on this machine and an owner's word complete the check.".strip()
    return Check("provider", title, False if needed else None, said, url, "", by)


def _standing(review: ProviderReview | None) -> tuple[str, str]:
    if review is None:
        return "", "Nobody yet"
    carrier = review.account.get_carrier_display()
    words = {
        ReviewState.PREPARING: f"The details are being sent to {carrier}.",
        ReviewState.SUBMITTED: f"In review at {carrier}, which takes days as a rule.",
        ReviewState.REJECTED: f"{carrier} rejected the business: {review.reason}",
        ReviewState.REFUSED: f"{carrier} did not take the details: {review.reason}",
        ReviewState.SUPERSEDED: f"The details that were sent to {carrier} changed since.",
        ReviewState.APPROVED: f"{carrier} approved earlier details, which changed since.",
    }
    return words[ReviewState(review.state)], carrier


def _forms(location: Location) -> Check:
    url, title = reverse("compliance:forms", args=[location.code]), "Wording with which people agree"
    newest = FormScan.objects.filter(version=OuterRef("current")).order_by("-at", "-pk")
    in_use = OptInForm.objects.filter(location=location, retired_at=None)
    forms = list(in_use.annotate(newest_scan=Subquery(newest.values("pk")[:1])).order_by("name")[:50])
    by = "Scanned on this machine"
    if not forms:
        new = reverse("compliance:form_new", args=[location.code])
        return Check("forms", title, False, "No opt-in form is written here yet.", new, "Add a form", by)
    scans = FormScan.objects.in_bulk([form.newest_scan for form in forms])
    points = tuple(
        Point(
            f"{form}: {_found(scans[form.newest_scan])}",
            reverse("compliance:form", args=[location.code, form.code]),
            form.valid,
        )
        for form in forms
    )
    valid = sum(form.valid for form in forms)
    words = f"{valid} of {len(forms)} found to be valid consent to AI marketing calls; one is needed."
    return Check("forms", title, valid > 0, words, url, "Look at the forms", by, points)


def _found(scan: FormScan) -> str:
    if scan.valid:
        return "valid consent."
    words = f"{findings.in_a_line(scan.missing_required, scan.other_findings)}."
    if findings.OTHER_SELLER in scan.other_findings:
        words += " Name yours in the form, or add that name to the business's details if it is yours."
    return words
