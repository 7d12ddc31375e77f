"""The contacts of a location: list, one contact, bulk actions."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import log
from accounts.access import LocationRequest, scoped
from accounts.checking import checked
from accounts.models import Role
from accounts.paging import keyset_page
from contacts import bulk, statuses
from contacts.filters import ContactFilter, with_consent
from contacts.forms import ContactForm
from contacts.models import Contact
from contacts.rows import LONGEST_TAG

log.register("contact.added", "added the contact {name}")
log.register("contact.changed", "changed the contact {name}")
log.register("contact.deleted", "deleted the contact {name}")


def contact_of(request: LocationRequest, code: str) -> Contact:
    """The location's contact with that code; 404 for strangers' and unknown ones."""
    return get_object_or_404(
        Contact.objects.for_location(request.location).select_related("location"), code=code
    )


@scoped()
def contact_list(request: LocationRequest) -> HttpResponseBase:
    """All contacts, newest first, filtered by the address."""
    filters = ContactFilter(request.GET, location=request.location)
    contacts = filters.apply()
    page = keyset_page(contacts.prefetch_related("tags"), request.GET, by="created_at")
    agreed = set(
        with_consent(Contact.objects.filter(pk__in=[contact.pk for contact in page.rows])).values_list(
            "pk", flat=True
        )
    )
    for contact in page.rows:
        contact.badges = badges(contact, contact.pk in agreed)
    context = {
        "page": page,
        "filters": filters,
        "filtered": bool(filters.chosen),
        "total": contacts.count(),
        "actions": bulk.ACTIONS,
    }
    return render(request, "contacts/_rows.html" if request.htmx else "contacts/list.html", context)


def badges(contact: Contact, agreed: bool) -> list[statuses.Status]:
    """What is to be known before a call: consent, or why there is none to be made."""
    shown = [statuses.CONSENT if agreed else statuses.NO_CONSENT]
    if contact.dnd_voice:
        shown.insert(0, statuses.DO_NOT_CALL)
    if contact.is_test:
        shown.append(statuses.TEST)
    return shown


@scoped()
def contact_detail(request: LocationRequest, code: str) -> HttpResponseBase:
    """One contact, in the drawer or as a page; consent and calls load from the rooms that know them."""
    contact = contact_of(request, code)
    agreed = with_consent(Contact.objects.filter(pk=contact.pk)).exists()
    context = {
        "contact": contact,
        "badges": badges(contact, agreed),
        "tags": contact.tags.all(),
        # A template would look for a field named "items" first.
        "own_fields": list(contact.fields.items()),
    }
    return render(request, "contacts/detail.html", context)


@scoped(Role.STAFF)
def contact_add(request: LocationRequest) -> HttpResponseBase:
    """A new contact, entered by hand."""
    form = ContactForm(request.POST or None, location=request.location)
    if (field := checked(request, form)) is not None:
        return field
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            contact = form.save()
            log.record(
                request.location, "contact.added", actor=request.user, subject=contact, name=str(contact)
            )
        messages.success(request, f"{contact} was added. Record their consent before they can be called.")
        return redirect("contacts:contact", request.location.code, contact.code)
    return render(request, "contacts/form.html", {"form": form}, status=422 if form.errors else 200)


@scoped(Role.STAFF)
def contact_edit(request: LocationRequest, code: str) -> HttpResponseBase:
    """Change what is known of a contact."""
    contact = contact_of(request, code)
    form = ContactForm(request.POST or None, instance=contact, location=request.location)
    if (field := checked(request, form)) is not None:
        return field
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            contact = form.save()
            log.record(
                request.location, "contact.changed", actor=request.user, subject=contact, name=str(contact)
            )
        messages.success(request, f"{contact} was saved.")
        return redirect("contacts:contact", request.location.code, contact.code)
    context = {"form": form, "contact": Contact.objects.get(pk=contact.pk)}
    return render(request, "contacts/form.html", context, status=422 if form.errors else 200)


@require_POST
@scoped(Role.STAFF)
def contact_delete(request: LocationRequest, code: str) -> HttpResponseBase:
    """Delete a contact that was never called; one with calls stays, because its calls are records to be kept."""
    contact = contact_of(request, code)
    if contact.calls.exists():
        messages.error(
            request,
            f"{contact} was not deleted: there are calls, and their records must be kept for five years. "
            "Opt the person out instead, and no call is made any more.",
        )
        return redirect("contacts:contact", request.location.code, contact.code)
    with transaction.atomic():
        log.record(
            request.location, "contact.deleted", actor=request.user, subject=contact, name=str(contact)
        )
        contact.delete()
    messages.success(request, f"{contact} was deleted. What the consent ledger holds of the number stays.")
    return redirect("contacts:list", request.location.code)


@require_POST
@scoped(Role.STAFF)
def contact_bulk(request: LocationRequest) -> HttpResponseBase:
    """Ask about a bulk action, then do it: either to the ticked contacts or to all that the filters show."""
    key = request.POST.get("action", "")
    action = bulk.ACTIONS.get(key)
    back = redirect("contacts:list", request.location.code)
    if request.GET:
        back["Location"] += f"?{request.GET.urlencode()}"
    if action is None:
        return back
    everything = request.POST.get("scope") == "all"
    codes = request.POST.getlist("contact")
    if everything:
        contacts = ContactFilter(request.GET, location=request.location).apply()
    else:
        contacts = Contact.objects.for_location(request.location).filter(code__in=codes[:1000])
    count = contacts.count()
    if not count:
        messages.warning(
            request, "Nothing was changed: tick the contacts first, or choose all that are listed."
        )
        return back
    problem = ""
    detail = " ".join(request.POST.get("detail", "").split())
    if count > bulk.MOST:
        messages.error(
            request, f"Nothing was changed: {count:,} contacts are too many at once. Narrow the filters."
        )
        return back
    if request.POST.get("confirmed"):
        problem = _detail_problem(key, detail)
        if not problem:
            changed = bulk.apply(
                action=key, location=request.location, contacts=contacts, detail=detail, actor=request.user
            )
            same = f"; {count - changed:,} stayed as they were" if count > changed else ""
            messages.success(request, f"{action.label}: {changed:,} of {count:,} contacts changed{same}.")
            return back
    context: dict[str, Any] = {
        "action": action,
        "key": key,
        "sentence": action.sentence.format(count=f"{count:,} contact{'s' if count > 1 else ''}"),
        "codes": [] if everything else codes,
        "everything": everything,
        "detail": detail,
        "problem": problem,
        "count": count,
    }
    return render(request, "contacts/bulk.html", context, status=422 if problem else 200)


def _detail_problem(key: str, detail: str) -> str:
    if key in ("tag", "untag") and not 0 < len(detail) <= LONGEST_TAG:
        return f"Write the tag, in at most {LONGEST_TAG} characters."
    if key == "do_not_call" and len(detail) < 10:
        return "Say in at least 10 characters why; it goes into the consent ledger."
    return ""
