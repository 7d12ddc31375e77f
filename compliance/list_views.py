"""External do-not-call lists: how old they are, loading editions, ending a list."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access import LocationRequest, scoped
from accounts.files import no_room
from accounts.models import Location, Role
from accounts.statuses import Status
from compliance import list_ending, list_loading
from compliance.list_forms import MAX_LIST, EditionForm, EndingForm, ListForm
from compliance.models import ExternalList
from compliance.rules import FURTHEST_AHEAD
from contacts.reading import UnreadableError

EDITIONS_SHOWN = 30
ENDED_SHOWN = 50


def today() -> date:
    """The date that the rule goes by: that of the clock furthest ahead on Earth."""
    return (timezone.now() + FURTHEST_AHEAD).date()


def warned_lists(request: LocationRequest) -> list[tuple[ExternalList, Status]]:
    """The lists that stop calls, or soon will, with their badges."""
    found = list_loading.warnings(request.location.organization_id, today())
    return [(each, freshness(each, request.location)) for each in found]


def lists_of(request: LocationRequest) -> Any:
    """The lists of the business, those that were ended among them."""
    lists = ExternalList.objects.filter(organization=request.location.organization)
    return list_loading.with_first_load(lists).select_related("edition", "organization")


def freshness(of: ExternalList, location: Location) -> Status:
    """How long the list may still be used at the location, as a badge."""
    if of.deleted_at is not None:
        return Status("ended", "Not kept up any more", "circle-check", "grey")
    if of.awaits_first_load:
        return Status("loading", "Being loaded: not checked yet", "loader-2", "amber")
    if of.edition is None:
        return Status("not_loaded", "Never loaded: calls are refused", "alert-triangle", "red")
    last = list_loading.last_day(of.edition.as_of, of.country, location.zone)
    left = (last - timezone.now().astimezone(location.zone).date()).days
    if left < 0:
        return Status("too_old", "Too old: calls are refused", "alert-triangle", "red")
    words = f"{left} day{'' if left == 1 else 's'} left" if left else "Last day today"
    if left < list_loading.WARN_BEFORE.days:
        return Status("ageing", words, "alert-triangle", "amber")
    return Status("fresh", words, "check", "green")


@scoped()
def external_lists(request: LocationRequest) -> HttpResponseBase:
    """Every list that is checked before a call, with its age; then those that were ended."""
    ended = lists_of(request).exclude(deleted_at=None).order_by("-deleted_at", "-pk")[:ENDED_SHOWN]
    context = {
        "lists": [
            (each, freshness(each, request.location))
            for each in lists_of(request).active().order_by("kind", "name")
        ],
        "ended": ended,
    }
    return render(request, "compliance/external_lists.html", context)


@scoped(Role.MANAGER)
def external_list_add(request: LocationRequest) -> HttpResponseBase:
    """A list to be checked from now on; it is checked once its first load is over."""
    form = ListForm(request.POST or None, request.FILES or None, location=request.location)
    if request.method == "POST" and _load(request, form):
        return redirect("compliance:external_list", request.location.code, form.external_list.code)
    context = {"form": form, "max_bytes": MAX_LIST}
    return render(request, "compliance/external_list_add.html", context, status=422 if form.errors else 200)


@scoped(write=Role.MANAGER)
def external_list(request: LocationRequest, code: str) -> HttpResponseBase:
    """One list: the edition in force, its loads and its history, and the form for the next edition."""
    found = lists_of(request)
    of = get_object_or_404(found.active() if request.method == "POST" else found, code=code)
    form = EditionForm(
        request.POST or None, request.FILES or None, location=request.location, external_list=of
    )
    if request.method == "POST" and _load(request, form):
        return redirect("compliance:external_list", request.location.code, of.code)
    editions = list(
        of.editions.select_related("job", "created_by").order_by("-created_at", "-pk")[:EDITIONS_SHOWN]
    )
    context = {
        "external_list": of,
        "freshness": freshness(of, request.location),
        "last_day": of.edition and list_loading.last_day(of.edition.as_of, of.country, request.location.zone),
        "editions": editions,
        "events": of.events.select_related("actor").order_by("-at", "-pk"),
        "running": [each.job for each in editions if each.job is not None and not each.job.is_over],
        "form": form,
        "max_bytes": MAX_LIST,
    }
    template = "compliance/_external_list.html" if request.htmx else "compliance/external_list.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _load(request: LocationRequest, form: EditionForm) -> bool:
    """Start the load that a form asks for; what keeps it from that is said on the form."""
    if not form.is_valid():
        return False
    try:
        list_loading.start(
            edition=form.edition(request.user),
            file=form.cleaned_data["file"],
            location=request.location,
            actor=request.user,
            why_same=form.cleaned_data.get("why_same", ""),
        )
    except UnreadableError as error:
        form.add_error("file", str(error))
        return False
    except OSError as error:
        form.add_error("file", no_room(error, request.path))
        return False
    except IntegrityError:
        form.add_error(
            None, "A list with this name was added meanwhile. Nothing was kept; look at the lists."
        )
        return False
    return True


@scoped(Role.OWNER)
def external_list_end(request: LocationRequest, code: str) -> HttpResponseBase:
    """End a list, saying why: the page says first what that means for its numbers."""
    of = get_object_or_404(lists_of(request).active(), code=code)
    form = EndingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if list_ending.end(of, reason=reason, location=request.location, actor=request.user):
            messages.success(request, f"{of.name} is not kept up any more. Why stands in its history.")
        return redirect("compliance:external_list", request.location.code, of.code)
    context = {"external_list": of, "stays_blocked": list_ending.stays_blocked(of), "form": form}
    return render(request, "compliance/external_list_end.html", context, status=422 if form.errors else 200)


@scoped(Role.MANAGER)
def external_list_resume(request: LocationRequest, code: str) -> HttpResponseBase:
    """Keep a list up again that was ended."""
    of = get_object_or_404(lists_of(request).exclude(deleted_at=None), code=code)
    form = EndingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if list_ending.resume(of, reason=reason, location=request.location, actor=request.user):
            messages.success(request, f"{of.name} is kept up again. Load its newest edition now.")
            return redirect("compliance:external_list", request.location.code, of.code)
        form.add_error(None, "It is kept up already, or another list has its name. Nothing was changed.")
    context = {"external_list": of, "form": form}
    return render(
        request, "compliance/external_list_resume.html", context, status=422 if form.errors else 200
    )
