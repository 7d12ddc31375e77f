"""Home of a location, its settings, its members, its long work."""

import sys
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template import loader
from django.views import defaults
from django.views.decorators.http import require_POST

from accounts import checklist, invitations, jobs, log, members
from accounts.access import LocationRequest, scoped
from accounts.checking import checked
from accounts.files import is_full, no_room
from accounts.forms import InviteForm, LocationForm, OrganizationForm, RoleForm, zone_choices
from accounts.models import Location, Member, Role
from accounts.paging import keyset_page
from accounts.streams import file_download

log.register("location.changed", "changed the location's {fields}")
log.register("location.added", "added the location {name}")
log.register("organization.renamed", "renamed the organization from {old} to {name}")


@login_required
def start(request: HttpRequest) -> HttpResponseBase:
    """/ leads to the person's first location."""
    location = Location.objects.visible_to(request.user).first()
    if location is None:
        return render(request, "accounts/no_location.html")
    return redirect("accounts:home", location.code)


@scoped()
def home(request: LocationRequest) -> HttpResponseBase:
    """The checklist until the first real call was made, then today's board."""
    standings = checklist.standings(request.location)
    return render(
        request,
        "accounts/home.html",
        {
            "standings": standings,
            "over": checklist.is_over(standings),
            "done": sum(standing.done for standing in standings),
        },
    )


@scoped(write=Role.MANAGER)
def location_settings(request: LocationRequest) -> HttpResponseBase:
    """Name, country, clock and hours of the location."""
    form = LocationForm(_posted(request), instance=request.location)
    if (field := checked(request, form)) is not None:
        return field
    if request.method == "POST" and form.is_valid():
        if form.changed_data:
            with transaction.atomic():
                form.save()
                labels = ", ".join((form.fields[name].label or name).lower() for name in form.changed_data)
                log.record(request.location, "location.changed", actor=request.user, fields=labels)
        messages.success(request, "Saved.")
        return redirect("accounts:settings", request.location.code)
    return _form_page(request, "accounts/settings.html", form, role=Role.MANAGER)


@login_required
def time_zones(request: HttpRequest) -> HttpResponse:
    """The time-zone field for the chosen country, swapped in by the location form."""
    country = request.GET.get("country", "")
    form = LocationForm(initial={"country": country}) if zone_choices(country) else LocationForm()
    return render(request, "accounts/time_zone_field.html", {"form": form})


@scoped(write=Role.OWNER)
def organization(request: LocationRequest) -> HttpResponseBase:
    """The legal business and its locations."""
    business = request.location.organization
    old = business.name
    form = OrganizationForm(_posted(request), instance=business)
    if (field := checked(request, form)) is not None:
        return field
    if request.method == "POST" and form.is_valid():
        if form.has_changed():
            with transaction.atomic():
                form.save()
                log.record(
                    request.location, "organization.renamed", actor=request.user, old=old, name=business.name
                )
        messages.success(request, "Saved.")
        return redirect("accounts:organization", request.location.code)
    places = Location.objects.visible_to(request.user).filter(organization=business)
    return _form_page(request, "accounts/organization.html", form, role=Role.OWNER, places=places)


@scoped(Role.OWNER, write=Role.OWNER)
def add_location(request: LocationRequest) -> HttpResponseBase:
    """A new location of the same organization, owned by who adds it."""
    here = request.location
    new = Location(organization=here.organization, country=here.country, timezone=here.timezone)
    form = LocationForm(_posted(request), instance=new)
    if (field := checked(request, form)) is not None:
        return field
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            place = form.save()
            Member.objects.create(user=request.user, location=place, role=Role.OWNER)
            log.record(place, "location.added", actor=request.user, name=place.name)
        messages.success(
            request, f"{place.name} was added. Nothing is called from it until its checklist is done."
        )
        return redirect("accounts:home", place.code)
    return _form_page(request, "accounts/add_location.html", form, role=Role.OWNER)


@scoped(write=Role.MANAGER)
def members_page(request: LocationRequest) -> HttpResponseBase:
    """Who belongs to the location; inviting."""
    form = InviteForm(_posted(request), highest=Role(request.member.role))
    if request.method == "POST" and form.is_valid():
        try:
            member, _ = members.invite(
                request.location,
                form.cleaned_data["email"],
                Role(form.cleaned_data["role"]),
                by=request.member,
            )
        except members.MemberError as exc:
            form.add_error("email", str(exc))
        else:
            _mail_invitation(request, member)
            return redirect("accounts:members", request.location.code)
    people = request.location.members.select_related("user").order_by("user__email")
    return _form_page(request, "accounts/members.html", form, role=Role.MANAGER, people=people)


@require_POST
@scoped(write=Role.MANAGER)
def change_role(request: LocationRequest, member_id: int) -> HttpResponseBase:
    """Give a member another role."""
    member = _member(request, member_id)
    form = RoleForm(request.POST, highest=Role(request.member.role))
    try:
        if not form.is_valid():
            raise members.MemberError("That role cannot be given by you. Ask an owner.")
        members.change_role(member, Role(form.cleaned_data["role"]), by=request.member)
    except members.MemberError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(
            request, f"{member.user.email} is now {Role(form.cleaned_data['role']).label.lower()}."
        )
    return redirect("accounts:members", request.location.code)


@require_POST
@scoped(write=Role.MANAGER)
def invite_again(request: LocationRequest, member_id: int) -> HttpResponseBase:
    """Send the invitation once more, with a fresh link."""
    _mail_invitation(request, _member(request, member_id))
    return redirect("accounts:members", request.location.code)


@require_POST
@scoped(write=Role.MANAGER)
def remove_member(request: LocationRequest, member_id: int) -> HttpResponseBase:
    """End a membership."""
    member = _member(request, member_id)
    try:
        members.remove(member, by=request.member)
    except members.MemberError as exc:
        messages.error(request, str(exc))
        return redirect("accounts:members", request.location.code)
    if member.user_id == request.user.pk:
        messages.success(request, f"You left {request.location}.")
        return redirect("accounts:start")
    messages.success(request, f"{member.user.email} was removed. What they did stays in the history.")
    return redirect("accounts:members", request.location.code)


@scoped()
def history(request: LocationRequest) -> HttpResponseBase:
    """What was done in the location, by whom, newest first."""
    page = keyset_page(request.location.log.select_related("actor"), request.GET, by="at")
    entries = [(entry, log.sentence(entry)) for entry in page.rows]
    template = "accounts/history_rows.html" if request.htmx else "accounts/history.html"
    return render(request, template, {"entries": entries, "page": page})


@scoped()
def jobs_page(request: LocationRequest) -> HttpResponseBase:
    """Imports, exports and other long work of the location, newest first."""
    page = keyset_page(request.location.jobs.all(), request.GET, by="created_at", size=20)
    template = "accounts/job_rows.html" if request.htmx else "accounts/jobs.html"
    return render(request, template, {"page": page})


@scoped()
def job_row(request: LocationRequest, job_code: str) -> HttpResponseBase:
    """One job: the row alone for htmx, which asks again while it runs; the page without it."""
    job = get_object_or_404(request.location.jobs, code=job_code)
    template = "accounts/job_row.html" if request.htmx else "accounts/job.html"
    return render(request, template, {"job": job})


@require_POST
@scoped(write=Role.STAFF)
def cancel_job(request: LocationRequest, job_code: str) -> HttpResponseBase:
    """Ask the work to stop."""
    job = get_object_or_404(request.location.jobs, code=job_code)
    jobs.cancel(job)
    if request.htmx:
        job.refresh_from_db()
        return render(request, "accounts/job_row.html", {"job": job})
    return redirect("accounts:job", request.location.code, job.code)


@scoped()
def job_file(request: LocationRequest, job_code: str) -> HttpResponseBase:
    """The file the work made."""
    job = get_object_or_404(request.location.jobs, code=job_code)
    if not job.result_file:
        raise Http404("This job made no file")
    if not request.member.may(jobs.file_role(job.kind)):
        raise PermissionDenied(f"This file is for the role {jobs.file_role(job.kind)}.")
    name = str(job.result_file.name).rsplit("/", 1)[-1]
    return file_download(request, job.result_file, name=name, content_type="application/octet-stream")


def _posted(request: HttpRequest) -> Any:
    """What was sent, even when it is empty; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def _member(request: LocationRequest, member_id: int) -> Member:
    return get_object_or_404(request.location.members.select_related("user", "location"), pk=member_id)


def _mail_invitation(request: LocationRequest, member: Member) -> None:
    try:
        invitations.send(member, request)
    except OSError:
        messages.warning(
            request,
            f"{member.user.email} is a member now, but the mail could not be sent. "
            "Check the mail settings (EMAIL_URL), then press “Invite again”.",
        )
    else:
        messages.success(request, f"{member.user.email} was invited by mail.")


def _form_page(
    request: LocationRequest, template: str, form: Any, *, role: Role, **context: Any
) -> HttpResponse:
    """A page around one form: read-only for a member below `role`, 422 when what was sent needs another look."""
    may_change = request.member.may(role)
    if not may_change:
        for field in form.fields.values():
            field.disabled = True
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, "may_change": may_change, **context}, status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an error that no view caught; of a file that found no room it says that."""
    error = sys.exc_info()[1]
    if isinstance(error, OSError) and is_full(error):
        page = loader.get_template("507.html").render({"text": no_room(error, request.path)})
        return HttpResponse(page, status=507)
    return defaults.server_error(request)
