"""Why? of a call and of a contact, in the drawer or as a page."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.access import LocationRequest, scoped
from contacts.models import Contact
from dialer import why
from dialer.models import Call


@scoped()
def call(request: LocationRequest, code: str) -> HttpResponse:
    """Why this call was made, waits, or was not made."""
    found = get_object_or_404(
        Call.objects.select_related("contact", "campaign", "agent"), location=request.location, code=code
    )
    context = {"call": found, "contact": found.contact, "answer": why.of_call(request.location, found)}
    return render(request, "dialer/why.html", context)


@scoped()
def contact(request: LocationRequest, contact_code: str) -> HttpResponse:
    """Whether the contact may be called, when, and on what consent."""
    found = get_object_or_404(Contact, location=request.location, code=contact_code)
    context = {"contact": found, "answer": why.of_contact(request.location, found)}
    return render(request, "dialer/why.html", context)
