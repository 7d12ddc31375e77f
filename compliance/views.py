"""The do-not-call list, and a contact's consent."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import log
from accounts.access import LocationRequest, scoped
from accounts.models import Role
from accounts.paging import keyset_page, newest_chunks
from accounts.streams import streamed_csv
from compliance import donotcall, ledger, opt_in, public_links
from compliance.forms import AddNumberForm, ConsentForm, OptOutForm, RemoveNumberForm
from compliance.list_views import warned_lists
from compliance.models import ConsentEntry, ConsentSource, DoNotCallEntry
from contacts.cells import guard
from contacts.models import Contact
from contacts.rows import NotANumberError, read_phone

SHOWN = {"": "On the list", "removed": "Taken off", "all": "All"}


def entries_of(request: LocationRequest) -> Any:
    """The do-not-call entries of the location's organization."""
    return DoNotCallEntry.objects.filter(organization=request.location.organization)


def _filtered(request: LocationRequest) -> Any:
    entries = entries_of(request)
    if request.GET.get("show") == "removed":
        entries = entries.exclude(removed_at=None)
    elif request.GET.get("show") != "all":
        entries = entries.active()
    words = request.GET.get("q", "").strip()
    if words:
        digits = "".join(c for c in words if c.isdigit())
        found = Q(reason__icontains=words)
        if len(digits) >= 3:
            found |= Q(phone__contains=digits)
            with contextlib.suppress(NotANumberError):
                # Written whole, in whatever way, it is found: "020 7946 0018" has other digits than +442079460018.
                found |= Q(phone=read_phone(words, request.location.country)[0])
        entries = entries.filter(found)
    return entries


@scoped()
def do_not_call(request: LocationRequest) -> HttpResponseBase:
    """Numbers that nobody in the organization may call, newest first."""
    entries = _filtered(request).select_related("added_by", "removed_by")
    context = {
        "page": keyset_page(entries, request.GET, by="added_at"),
        "total": entries.count(),
        "shown": SHOWN,
        "show": request.GET.get("show", ""),
        "q": request.GET.get("q", ""),
        "warned": warned_lists(request),
        **opt_in.warnings(request.location),
    }
    template = "compliance/_do_not_call.html" if request.htmx else "compliance/do_not_call.html"
    return render(request, template, context)


@scoped(Role.STAFF)
def do_not_call_add(request: LocationRequest) -> HttpResponseBase:
    """Put a number on the list: an opt-out of its person, in force at once."""
    form = AddNumberForm(request.POST or None, location=request.location)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        added = ledger.opt_out(
            organization=request.location.organization,
            phone=data["phone"],
            location=request.location,
            source=ConsentSource.STAFF,
            evidence=data["reason"],
            risk=data["risk"],
            reason=data["reason"],
            actor=request.user,
        )
        if added:
            messages.success(
                request, f"{data['phone']} will not be called any more; waiting calls to it are canceled."
            )
        else:
            messages.info(request, f"{data['phone']} was on the list already.")
        return redirect("compliance:home", request.location.code)
    return render(request, "compliance/add_number.html", {"form": form}, status=422 if form.errors else 200)


@scoped(write=Role.MANAGER)
def do_not_call_entry(request: LocationRequest, code: str) -> HttpResponseBase:
    """One entry and the history of its number; a manager may take it off, saying why."""
    entry = get_object_or_404(entries_of(request).select_related("added_by", "removed_by"), code=code)
    form = RemoveNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        removed = donotcall.remove(
            entry=entry, location=request.location, reason=form.cleaned_data["reason"], actor=request.user
        )
        if removed:
            messages.success(
                request,
                f"{entry.phone} is off the list. It is called only with consent later than its opt-out, "
                "on a form that is written here.",
            )
        else:
            messages.info(request, f"{entry.phone} had been taken off the list before.")
        return redirect("compliance:home", request.location.code)
    events = ConsentEntry.objects.filter(organization=entry.organization, phone=entry.phone)
    context = {
        "entry": entry,
        "form": form,
        "others": entries_of(request)
        .filter(phone=entry.phone)
        .exclude(pk=entry.pk)
        .order_by("-added_at")[:50],
        "events": events.select_related("actor", "location", "form_version__form__location").order_by(
            "-recorded_at"
        )[:50],
        "contacts": Contact.objects.for_location(request.location).filter(phone=entry.phone),
    }
    return render(request, "compliance/entry.html", context, status=422 if form.errors else 200)


@scoped()
def do_not_call_export(request: LocationRequest) -> HttpResponseBase:
    """The list as shown, newest first, as CSV that no spreadsheet runs."""
    entries = _filtered(request).select_related("added_by", "removed_by")
    return streamed_csv(request, f"do-not-call-{timezone.now():%Y-%m-%d}.csv", _export(entries))


def _export(entries: Any) -> Iterator[Iterable[Iterable[str]]]:
    yield [
        [
            "Number",
            "Risk",
            "Reason",
            "Source",
            "Added",
            "Added by",
            "Taken off",
            "Taken off by",
            "Why taken off",
        ]
    ]
    for rows in newest_chunks(entries):
        yield map(_cells, rows)


def _cells(entry: DoNotCallEntry) -> list[str]:
    cells = (
        entry.phone, entry.get_risk_display(), entry.reason, entry.get_source_display(),
        entry.added_at.isoformat(timespec="seconds"), str(entry.added_by or ""),
        entry.removed_at.isoformat(timespec="seconds") if entry.removed_at else "", str(entry.removed_by or ""),
        entry.removal_reason,
    )  # fmt: skip
    return [guard(cell) for cell in cells]


def _contact(request: LocationRequest, code: str) -> Contact:
    return get_object_or_404(
        Contact.objects.for_location(request.location).select_related("location"), code=code
    )


def _consent(
    request: LocationRequest,
    contact: Contact,
    *,
    consent_form: ConsentForm | None = None,
    opt_out_form: OptOutForm | None = None,
) -> HttpResponseBase:
    """A contact's consent: what stands, its timeline, and what can be recorded."""
    now = timezone.now()
    wrong = bool(consent_form or opt_out_form)
    entries = ConsentEntry.objects.filter(
        Q(contact=contact) | Q(organization=request.location.organization, phone=contact.phone)
    )
    context = {
        "contact": contact,
        "standing": ledger.standing([contact.pk], now).get(contact.pk, ledger.NOTHING),
        "listed": entries_of(request).active().filter(phone=contact.phone).first(),
        "entries": entries.select_related("actor", "form_version__form__location").order_by(
            "-captured_at", "-pk"
        )[:100],
        "consent_form": consent_form
        or ConsentForm(location=request.location, contact=contact, prefix="consent"),
        "opt_out_form": opt_out_form or OptOutForm(prefix="out"),
        "wrong": "consent" if consent_form else "opt_out" if opt_out_form else "",
        "public_link": public_links.link(request.location.organization, contact.phone),
    }
    template = "compliance/_contact_consent.html" if request.htmx else "compliance/contact_consent.html"
    return render(request, template, context, status=422 if wrong else 200)


@scoped()
def contact_consent(request: LocationRequest, code: str) -> HttpResponseBase:
    return _consent(request, _contact(request, code))


@require_POST
@scoped(Role.STAFF)
def contact_grant(request: LocationRequest, code: str) -> HttpResponseBase:
    """Staff record that the person agreed, with the proof."""
    contact = _contact(request, code)
    form = ConsentForm(request.POST, location=request.location, contact=contact, prefix="consent")
    if not form.is_valid():
        return _consent(request, contact, consent_form=form)
    named = form.cleaned_data["form"]
    with transaction.atomic():
        entry = ledger.grant(
            contact=contact,
            source=form.cleaned_data.get("source", ConsentSource.STAFF),
            url=form.cleaned_data.get("url", ""),
            captured_at=form.cleaned_data["captured_at"],
            expires_at=form.cleaned_data["expires_at"],
            evidence=form.cleaned_data["evidence"],
            purpose=form.cleaned_data["purpose"],
            seller=form.cleaned_data["seller"],
            wording=form.cleaned_data.get("wording"),
            actor=request.user,
        )
        if form.cleaned_data["vouched"] and named is None:
            log.record(
                request.location, "consent.vouched", actor=request.user, subject=contact, phone=contact.phone
            )
    if not entry.is_marketing:
        return _after(
            request,
            contact,
            "The consent to information was recorded. It does not allow calls: every call of an agent counts as "
            "marketing.",
        )
    if entry.scan_valid is False:
        return _after(
            request,
            contact,
            f"The consent was recorded. It does not allow calls: the wording of {named} on that day was not valid "
            "consent.",
        )
    standing = ledger.standing([contact.pk], timezone.now()).get(contact.pk, ledger.NOTHING)
    if named is None and standing.opted_out_at is not None:
        return _after(
            request,
            contact,
            "The consent was recorded. It does not lift the opt-out: that takes consent on a form written here.",
        )
    return _after(request, contact, "The consent was recorded.")


@require_POST
@scoped(Role.STAFF)
def contact_opt_out(request: LocationRequest, code: str) -> HttpResponseBase:
    """The person does not want to be called: in force at once, for the whole organization."""
    contact = _contact(request, code)
    form = OptOutForm(request.POST, prefix="out")
    if not form.is_valid():
        return _consent(request, contact, opt_out_form=form)
    ledger.opt_out(
        organization=request.location.organization,
        phone=contact.phone,
        location=request.location,
        source=ConsentSource.STAFF,
        evidence=form.cleaned_data["reason"],
        risk=form.cleaned_data["risk"],
        actor=request.user,
    )
    return _after(
        request, contact, "The number will not be called any more; waiting calls to it are canceled."
    )


def _after(request: LocationRequest, contact: Contact, said: str) -> HttpResponseBase:
    if request.htmx:
        contact.refresh_from_db()
        return _consent(request, contact)
    messages.success(request, said)
    return redirect("contacts:contact", request.location.code, contact.code)
