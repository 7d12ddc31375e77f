"""Opt-in forms: their wording in versions, what the scanner says of it, and what follows when it stops being valid.

A form collects valid consent while it is in use and the newest scan of its current version is valid: by its wording,
and because the business that it says will call is this one. Consent recorded before stays as it was recorded: the
ledger keeps the scan of that moment with each entry.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_q.tasks import async_task

from accounts import log
from accounts.models import Location, Member, Role
from compliance import findings, scanner, sellers
from compliance.ledger import Wording, hash_of
from compliance.models import FormScan, KycProfile, ScanCause
from contacts.models import OptInForm, OptInVersion

log.register("opt_in.written", "wrote version {number} of the opt-in form {form}: {result}")
log.register("opt_in.turned_invalid", "the opt-in form {form} stopped collecting valid consent: {missing}")
log.register("opt_in.valid_again", "the opt-in form {form} collects valid consent again")
log.register("opt_in.retired", "took the opt-in form {form} out of use")

# A daily scan that comes a little early still finds its forms due.
SCAN_EVERY = timedelta(hours=20)


def publish(
    form: OptInForm,
    *,
    text: str,
    seller: str,
    place: str,
    language: str,
    control: str,
    prechecked: bool = False,
    required: bool = False,
    actor: Any = None,
) -> FormScan:
    """Save the form with this wording as its current version, and scan it. A form out of use is in use again.

    The same wording and setting again makes no new version. Raises scanner.TextTooLongError; nothing is kept then.
    """
    said = {
        "text": text, "seller": seller, "place": place, "language": language, "control": control,
        "prechecked": prechecked, "required": required,
    }  # fmt: skip
    with transaction.atomic():
        if form.pk is not None:
            held = OptInForm.objects.select_for_update(of=("self",)).select_related("current").get(pk=form.pk)
            form.current, form.valid, form.invalid_since = held.current, held.valid, held.invalid_since
        form.save()
        before = form.current
        if before is None or any(getattr(before, name) != value for name, value in said.items()):
            form.current = OptInVersion.objects.create(
                form=form,
                number=before.number + 1 if before else 1,
                text_hash=hash_of(text),
                created_by=actor if getattr(actor, "pk", None) else None,
                **said,  # type: ignore[arg-type]
            )
        scan = _scan(form, ScanCause.EDIT)
        assert form.current is not None
        log.record(
            form.location,
            "opt_in.written",
            actor=actor,
            subject=form,
            form=form.name,
            number=form.current.number,
            result="valid consent" if scan.valid else f"not valid, {shortcomings(scan)}",
        )
    return scan


def rescan(form: OptInForm, cause: ScanCause) -> FormScan | None:
    """Scan the form's current wording again; None when it is out of use."""
    with transaction.atomic():
        held = (
            OptInForm.objects.select_for_update(of=("self",))
            .select_related("location__organization", "current")
            .get(pk=form.pk)
        )
        if held.retired_at is not None or held.current is None:
            return None
        return _scan(held, cause)


def rescan_all(location: Location, cause: ScanCause) -> list[FormScan]:
    """Scan the current wording of every form of the location that is in use."""
    forms = OptInForm.objects.filter(location=location, retired_at=None).order_by("pk")
    return [scan for form in forms if (scan := rescan(form, cause)) is not None]


def rescan_due() -> int:
    """Scan every form that was not scanned for SCAN_EVERY or by another version of the scanner; how many were."""
    fresh = FormScan.objects.filter(
        version=OuterRef("current"), scanner=scanner.VERSION, at__gt=timezone.now() - SCAN_EVERY
    )
    due = OptInForm.objects.filter(~Exists(fresh), retired_at=None, current__isnull=False)
    keys = list(due.order_by("pk").values_list("pk", flat=True))
    return sum(rescan(OptInForm(pk=key), ScanCause.DAILY) is not None for key in keys)


def retire(form: OptInForm, *, actor: Any) -> None:
    """Take the form out of use: it collects no consent and is scanned no more. What it collected stays."""
    with transaction.atomic():
        taken = OptInForm.objects.filter(pk=form.pk, retired_at=None).update(
            retired_at=timezone.now(), valid=False, invalid_since=None
        )
        if taken:
            log.record(form.location, "opt_in.retired", actor=actor, subject=form, form=form.name)


def wording_of(form: OptInForm) -> Wording:
    """The form's current wording with its newest scan: what consent recorded now rests on."""
    return wording_under(form.current_id)


def in_force(
    versions: Sequence[OptInVersion], at: datetime, until: datetime | None = None
) -> OptInVersion | None:
    """Of `versions`, oldest first, the one that was shown at `at`; where there was none yet, the first one before
    `until` (of all, where it is None). What was written later is no proof of what a person agreed to before."""
    shown = [version for version in versions if version.created_at <= at]
    if shown:
        return shown[-1]
    return next((version for version in versions if until is None or version.created_at < until), None)


def wordings_on(form: OptInForm, days: Iterable[date]) -> dict[date, Wording]:
    """What the form said on each of these days of its location; days before its first version are left out.

    Of a day on which the wording changed, what it said when the day began: at which hour a person agreed is not known.
    """
    versions = list(form.versions.defer("text").order_by("created_at", "pk"))
    zone = form.location.zone
    found: dict[date, OptInVersion] = {}
    for day in set(days):
        start, end = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
        if version := in_force(versions, start, end):
            found[day] = version
    wordings = {version.pk: wording_under(version.pk) for version in set(found.values())}
    return {day: wordings[version.pk] for day, version in found.items()}


def wording_under(version_id: int | None) -> Wording:
    """A version of a form with its newest scan, which is the last one from when it was current."""
    scan = (
        FormScan.objects.filter(version=version_id)
        .select_related("version__form")
        .order_by("-at", "-pk")
        .first()
    )
    assert scan is not None, "a version is written together with its scan"
    return Wording(scan.version, scan)


def collects(location: Location) -> bool:
    """Whether one form of the location collects valid consent; without one nothing dials."""
    return OptInForm.objects.filter(location=location, valid=True).exists()


def warnings(location: Location) -> dict[str, Any]:
    """What the pages warn of (templates/compliance/_form_alerts.html), at most two queries."""
    return {
        "alerts": alerts(location),
        "none_valid": location.outbound_enabled and not collects(location),
    }


def alerts(location: Location) -> list[OptInForm]:
    """The forms that stopped collecting valid consent and were not mended yet."""
    return list(
        OptInForm.objects.filter(location=location, invalid_since__isnull=False).order_by("name")[:20]
    )


def names_of(location: Location) -> list[str]:
    """The names under which people agree to calls of this location: those its business attested, and its own."""
    stated = KycProfile.objects.filter(location=location).values_list("legal_name", "trade_names").first()
    legal_name, trade_names = stated or ("", "")
    names = [legal_name, *trade_names.splitlines(), location.organization.name, location.name]
    return list(dict.fromkeys(each.strip() for each in names if each.strip()))


def other_name(name: str, location: Location) -> str:
    """Why a call of the location may not open with this name, in words; empty when it is one of names_of.

    47 CFR 64.1200(b)(1): the name under which the business is registered is said at the beginning.
    """
    names = names_of(location)
    if not name.strip() or sellers.same_business(name, names):
        return ""
    return (
        f"Calls say the name of your own business: {', '.join(names)}. If you trade under this name too, an owner adds "
        "it under Compliance, Enable outbound calls, in the details of the business."
    )


def look_at(version: OptInVersion, location: Location) -> scanner.ConsentScan:
    """What the scanner says of this wording now, and whether it names another business than the location's.

    Raises scanner.TextTooLongError.
    """
    found = scanner.scan(
        version.text,
        control=version.control,  # type: ignore[arg-type]
        prechecked=version.prechecked,
        required=version.required,
        seller=version.seller,
    )
    if not version.seller.strip() or sellers.same_business(version.seller, names_of(location)):
        return found
    return replace(found, valid=False, other_findings=(findings.OTHER_SELLER, *found.other_findings))


def _scan(form: OptInForm, cause: ScanCause) -> FormScan:
    """Scan the current version of a form whose row is held, and keep what follows for the form."""
    version = form.current
    assert version is not None
    found = look_at(version, form.location)
    scan = FormScan.objects.create(
        location=form.location,
        version=version,
        cause=cause,
        scanner=scanner.VERSION,
        valid=found.valid,
        missing_required=list(found.missing_required),
        missing_recommended=list(found.missing_recommended),
        other_findings=list(found.other_findings),
    )
    turned, mended = form.valid and not found.valid, found.valid and form.invalid_since is not None
    form.valid = found.valid
    form.invalid_since = None if found.valid else form.invalid_since or (timezone.now() if turned else None)
    form.retired_at = None
    form.save(update_fields=["current", "valid", "invalid_since", "retired_at"])
    if turned:
        missing = shortcomings(scan)
        log.record(form.location, "opt_in.turned_invalid", subject=form, form=form.name, missing=missing)
        transaction.on_commit(lambda: async_task("compliance.tasks.mail_form_alert", scan.pk))
    elif mended:
        log.record(form.location, "opt_in.valid_again", subject=form, form=form.name)
    return scan


def shortcomings(scan: FormScan) -> str:
    """What makes the wording invalid, for one line."""
    return findings.in_a_line(scan.missing_required, scan.other_findings)


def mail_alert(scan: FormScan) -> None:
    """Tell the location's managers and owners that a form stopped collecting valid consent."""
    form = scan.version.form
    people = Member.objects.filter(
        location=form.location, role__in=(Role.MANAGER, Role.OWNER), user__is_active=True
    ).values_list("user__email", flat=True)
    path = reverse("compliance:form", args=[form.location.code, form.code])
    words = {
        "form": form,
        "missing": shortcomings(scan),
        "still_valid": collects(form.location),
        "url": settings.PUBLIC_URL + path,
    }
    body = render_to_string("compliance/form_alert.txt", words)
    for address in people:
        send_mail(f"{form.location}: an opt-in form is no longer valid", body, None, [address])
