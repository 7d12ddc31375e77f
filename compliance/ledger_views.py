"""The consent ledger: its pages, one entry whole, and the CSV export."""

from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access import LocationRequest, scoped
from accounts.models import Role
from accounts.paging import keyset_page, newest_chunks
from accounts.streams import streamed_csv
from compliance import findings
from compliance.models import ConsentEntry
from contacts.cells import guard
from contacts.models import Contact

HEADINGS = (
    "Entry", "What", "Number", "Contact", "Captured at", "Recorded at", "Expires at", "Source", "Purpose", "Channel",
    "Seller", "Evidence", "Text shown", "SHA-256 of the text", "Form", "Version", "Valid by the scan", "Scanned at",
    "Scanner", "Web address", "IP address", "User agent", "Recorded by",
)  # fmt: skip


@scoped()
def consent_ledger(request: LocationRequest) -> HttpResponseBase:
    """Every consent and opt-out of the location, as it was recorded, newest first."""
    entries = ConsentEntry.objects.filter(location=request.location).select_related("contact", "actor")
    page = keyset_page(entries, request.GET, by="recorded_at")
    template = "compliance/_ledger.html" if request.htmx else "compliance/ledger.html"
    return render(request, template, {"page": page})


@scoped()
def consent_entry(request: LocationRequest, code: str) -> HttpResponseBase:
    """One entry with all that was kept; also one of another location about the number of a contact of this one."""
    here = Contact.objects.for_location(request.location).filter(phone=OuterRef("phone"))
    entries = ConsentEntry.objects.filter(
        Q(location=request.location) | Q(Exists(here), organization=request.location.organization)
    )
    entry = get_object_or_404(
        entries.select_related("actor", "contact", "location", "scan", "form_version__form"), code=code
    )
    scan = entry.scan
    context = {
        "entry": entry,
        "is_ours": entry.location_id == request.location.pk,
        "shortcomings": findings.in_a_line(scan.missing_required, scan.other_findings) if scan else "",
    }
    return render(request, "compliance/consent_entry.html", context)


@scoped(Role.MANAGER)
def consent_export(request: LocationRequest) -> HttpResponseBase:
    """The ledger of the location whole, newest first, as CSV that no spreadsheet runs."""
    entries = ConsentEntry.objects.filter(location=request.location).select_related(
        "actor", "contact", "scan", "form_version__form"
    )
    return streamed_csv(request, f"consent-{timezone.now():%Y-%m-%d}.csv", _export(entries))


def _export(entries: QuerySet[ConsentEntry]) -> Iterator[Iterable[Iterable[str]]]:
    yield [HEADINGS]
    for rows in newest_chunks(entries):
        yield map(_cells, rows)


def _cells(entry: ConsentEntry) -> list[str]:
    version, scan = entry.form_version, entry.scan
    valid = "" if entry.scan_valid is None else "yes" if entry.scan_valid else "no"
    cells = (
        entry.code, entry.get_kind_display(), entry.phone, str(entry.contact or ""),
        entry.captured_at.isoformat(), entry.recorded_at.isoformat(),
        entry.expires_at.isoformat() if entry.expires_at else "", entry.get_source_display(), entry.purpose,
        entry.channel, entry.seller, entry.evidence, entry.shown, entry.text_hash,
        version.form.name if version else "", str(version.number) if version else "", valid,
        scan.at.isoformat() if scan else "", scan.scanner if scan else "", entry.url, entry.ip or "",
        entry.user_agent, str(entry.actor or ""),
    )  # fmt: skip
    return [guard(cell) for cell in cells]
