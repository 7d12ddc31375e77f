"""Compliance, Proof: the seals, the audit archive, the replay, and the rule packs with their age."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import jobs, log
from accounts.access import LocationRequest, scoped
from accounts.models import Job, Location, Role
from compliance import editions, seal_checks
from compliance.packs import MARKS, RULE_PACKS
from compliance.proof_forms import ExportForm, ReplayForm
from compliance.proof_jobs import CHECK, EXPORT, REPLAY

log.register("audit.export_started", "asked for an audit archive from {first} to {last}")
log.register("audit.replay_started", "replayed the decisions from {first} to {last}")
log.register("audit.check_started", "asked for a check of the seals")

JOBS_SHOWN = 10


def _page(
    request: LocationRequest, export_form: ExportForm | None = None, replay_form: ReplayForm | None = None
) -> HttpResponse:
    location = request.location
    today = timezone.now().astimezone(location.zone).date()
    packs: list[dict[str, Any]] = [
        {
            "name": name,
            "origin": pack.origin,
            "mark": MARKS[pack.origin.mark],
            "age": (today - pack.origin.checked_on).days,
            "from": pack.effective_from,
        }
        for name, pack in sorted(RULE_PACKS.items())
        if pack.origin
    ]
    context: dict[str, Any] = {
        **_live(location),
        "export_form": export_form or ExportForm(location=location, prefix="export"),
        "replay_form": replay_form or ReplayForm(location=location, prefix="replay"),
        "packs": packs,
        "compared": max(pack["age"] for pack in packs),
        "quoting": sum(bool(pack["origin"].quote) for pack in packs),
    }
    wrong = export_form is not None or replay_form is not None
    return render(request, "compliance/proof.html", context, status=422 if wrong else 200)


def _live(location: Location) -> dict[str, Any]:
    """What changes while one looks: the newest jobs, whether one of them runs, the seals and how they were checked."""
    made = list(
        Job.objects.filter(location=location, kind__in=(EXPORT, REPLAY, CHECK)).order_by("-created_at")[
            :JOBS_SHOWN
        ]
    )
    return {
        "jobs": made,
        "running": any(not job.is_over for job in made),
        "books": seal_checks.standing(location),
        "edition": editions.current().digest,
    }


@scoped()
def proof(request: LocationRequest) -> HttpResponse:
    if request.htmx:
        return render(request, "compliance/_proof_live.html", _live(request.location))
    return _page(request)


@require_POST
@scoped(Role.MANAGER, write=Role.MANAGER)
def export(request: LocationRequest) -> HttpResponse:
    """Start the job that writes an audit archive."""
    form = ExportForm(request.POST, location=request.location, prefix="export")
    if not form.is_valid():
        return _page(request, export_form=form)
    data = form.cleaned_data
    return _start(request, EXPORT, "Audit archive", "audit.export_started", data, whole=data["whole"])


@require_POST
@scoped(Role.MANAGER, write=Role.MANAGER)
def replay(request: LocationRequest) -> HttpResponse:
    """Start the job that decides again what was decided."""
    form = ReplayForm(request.POST, request.FILES, location=request.location, prefix="replay")
    if not form.is_valid():
        return _page(request, replay_form=form)
    data = form.cleaned_data
    named = f" with {', '.join(data['pack'])}" if data["pack"] else ""
    return _start(request, REPLAY, f"Replay{named}", "audit.replay_started", data, packs=data["pack"])


@require_POST
@scoped(Role.MANAGER, write=Role.MANAGER)
def check(request: LocationRequest) -> HttpResponse:
    """Start the job that compares every sealed row with its seal."""
    location = request.location
    if any(
        jobs.is_alive(job)
        for job in Job.objects.filter(location=location, kind=CHECK).order_by("-created_at")[:1]
    ):
        messages.info(request, "The seals are being checked already: see below.")
    else:
        jobs.start(location, CHECK, "Check of the seals", created_by=request.user)
        log.record(location, "audit.check_started", actor=request.user)
        messages.success(request, "Check of the seals: it is under way. You can leave this page.")
    return redirect("compliance:proof", location.code)


def _start(
    request: LocationRequest, kind: str, title: str, action: str, data: dict[str, Any], **parameters: Any
) -> HttpResponse:
    first, last = str(data["first"]), str(data["last"])
    jobs.start(
        request.location,
        kind,
        f"{title}, {first} to {last}",
        created_by=request.user,
        unit="decisions",
        start=data["start"].isoformat(),
        end=data["end"].isoformat(),
        **parameters,
    )
    log.record(request.location, action, actor=request.user, first=first, last=last)
    messages.success(request, f"{title}: it is being made. You can leave this page.")
    return redirect("compliance:proof", request.location.code)
