"""Compliance, Opt-in forms: their wording, what the scanner says of it, and their versions."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import LocationRequest, scoped
from accounts.models import Role
from accounts.paging import keyset_page
from compliance import findings, hosted, opt_in
from compliance.models import FormScan
from compliance.opt_in_forms import WordingForm
from contacts.models import OptInForm, OptInVersion


def form_of(request: LocationRequest, code: str) -> OptInForm:
    forms = OptInForm.objects.filter(location=request.location).select_related(
        "current", "location__organization"
    )
    return get_object_or_404(forms, code=code)


def _shown(scan: FormScan | None, seller: str) -> list[findings.Shown]:
    if scan is None:
        return []
    return findings.in_words(
        scan.missing_required, scan.missing_recommended, scan.other_findings, seller=seller
    )


@scoped()
def form_list(request: LocationRequest) -> HttpResponse:
    """Every opt-in form of the location, and whether it collects valid consent."""
    forms = OptInForm.objects.filter(location=request.location).select_related("current")
    context = {
        "page": keyset_page(forms, request.GET, by="created_at", size=30),
        **opt_in.warnings(request.location),
    }
    return render(request, "compliance/forms.html", context)


@scoped(Role.MANAGER)
def form_new(request: LocationRequest) -> HttpResponse:
    return _edit(request, OptInForm(location=request.location))


@scoped(Role.MANAGER)
def form_edit(request: LocationRequest, code: str) -> HttpResponse:
    return _edit(request, form_of(request, code))


def _edit(request: LocationRequest, form: OptInForm) -> HttpResponse:
    """Write a form's wording; the page it leads to says at once what the scanner found."""
    typed = WordingForm(request.POST or None, location=request.location, form=form if form.pk else None)
    if request.method == "POST" and typed.is_valid():
        form.name = typed.cleaned_data["name"]
        scan = opt_in.publish(form, actor=request.user, **typed.wording())
        if scan.valid:
            messages.success(request, "Saved. The wording is valid consent.")
        else:
            messages.warning(request, "Saved. The wording is not valid consent yet; see what it needs.")
        return redirect("compliance:form", request.location.code, form.code)
    context = {"form": typed, "opt_in_form": form if form.pk else None}
    return render(request, "compliance/form_edit.html", context, status=422 if typed.errors else 200)


@require_POST
@scoped(Role.MANAGER)
def form_look(request: LocationRequest) -> HttpResponse:
    """What the scanner says of the wording as it is typed; nothing is saved."""
    typed = WordingForm(request.POST, location=request.location)
    typed.is_valid()
    context: dict[str, Any] = {"problems": typed.errors.get("text", [])}
    if not context["problems"]:
        said = {name: typed.cleaned_data.get(name, "") for name in ("text", "seller", "language", "control")}
        flags = {name: bool(typed.cleaned_data.get(name)) for name in ("prechecked", "required")}
        found = opt_in.look_at(OptInVersion(**said, **flags), request.location)
        context |= {
            "valid": found.valid,
            "findings": findings.in_words(
                found.missing_required, found.missing_recommended, found.other_findings, seller=said["seller"]
            ),
        }
    return render(request, "compliance/_scan.html", context)


@scoped()
def form_detail(request: LocationRequest, code: str) -> HttpResponse:
    """A form: its current wording, what the newest scan found, how to mend it, and its earlier versions."""
    form = form_of(request, code)
    assert form.current is not None
    scan = opt_in.wording_of(form).scan
    context = {
        "opt_in_form": form,
        "version": form.current,
        "scan": scan,
        "valid": scan.valid,
        "findings": _shown(scan, form.current.seller),
        "hosted": hosted.address(form) if hosted.is_open(form) else "",
        "versions": form.versions.select_related("created_by").order_by("-number")[:50],
    }
    return render(request, "compliance/form.html", context)


@scoped()
def form_version(request: LocationRequest, code: str, number: int) -> HttpResponse:
    """One version as it was, with what the scans said of it."""
    form = form_of(request, code)
    version = get_object_or_404(form.versions.select_related("created_by"), number=number)
    scans = list(version.scans.order_by("-at", "-pk")[:50])
    newest = scans[0] if scans else None
    context = {
        "opt_in_form": form,
        "version": version,
        "scans": scans,
        "valid": newest is not None and newest.valid,
        "findings": _shown(newest, version.seller),
    }
    return render(request, "compliance/form_version.html", context)


@require_POST
@scoped(Role.MANAGER, write=Role.MANAGER)
def form_retire(request: LocationRequest, code: str) -> HttpResponse:
    """Take a form out of use."""
    form = form_of(request, code)
    opt_in.retire(form, actor=request.user)
    messages.success(
        request, f"{form} is out of use. Consent that it collected stays; an edit puts it to use again."
    )
    return redirect("compliance:forms", request.location.code)
