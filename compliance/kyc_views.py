"""Compliance, Enable outbound calls: the checklist with the switch, and the know-your-customer check."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import LocationRequest, scoped
from accounts.checking import field_asked_about
from accounts.models import KycStatus, Role
from compliance import enabling, opt_in, provider, verification
from compliance.kyc_forms import SECTIONS, AttestationForm, KycForm
from compliance.models import KycProfile


@scoped()
def enable(request: LocationRequest) -> HttpResponse:
    """The checklist: what passed, what is missing, where to mend it; and the switch."""
    checks = enabling.checks(request.location)
    context = {
        "checks": checks,
        "ready": not any(check.passed is False for check in checks),
        "refused": enabling.refuses(request.location),
        "status": KycStatus(request.location.kyc_status),
        "alerts": opt_in.alerts(request.location),
    }
    return render(request, "compliance/enable.html", context)


@scoped(write=Role.OWNER)
def kyc(request: LocationRequest) -> HttpResponse:
    """The business's details, what is wrong with them, the attestation, and the switch."""
    profile = KycProfile.objects.filter(location=request.location).first()
    profile = profile or KycProfile(location=request.location)
    profile.location = request.location
    form = KycForm(request.POST if request.method == "POST" else None, instance=profile)
    if (bound := field_asked_about(request, form)) is not None:
        found = verification.problems(form.instance)
        problems = [problem for problem in found if problem.field == bound.name]
        context = {"bound": bound, "problems": problems, "may_change": True}
        return render(request, "compliance/_kyc_detail.html", context)
    if request.method == "POST" and form.is_valid():
        form.instance.location = request.location
        status = verification.save(form.save(commit=False), actor=request.user)
        if status in (KycStatus.INCOMPLETE, KycStatus.REVALIDATION_REQUIRED, KycStatus.REJECTED):
            messages.warning(request, f"Saved. {status.label}: see below what is left to do.")
        else:
            messages.success(request, f"Saved. {status.label}.")
        return redirect("compliance:kyc", request.location.code)
    may_change = request.member.may(Role.OWNER)
    for field in form.fields.values():
        field.disabled = not may_change
    found = verification.problems(profile) if profile.pk else []
    sections = [
        (title, [(form[name], [problem for problem in found if problem.field == name]) for name in names])
        for title, names in SECTIONS
    ]
    status = KycStatus(request.location.kyc_status)
    context = {
        "form": form,
        "sections": sections,
        "profile": profile if profile.pk else None,
        "status": status,
        "blocking": [problem for problem in found if problem.blocks],
        "may_attest": may_change
        and profile.pk
        and status in verification.ATTESTED_FROM
        and not any(problem.blocks for problem in found),
        "attestation_form": AttestationForm(),
        "may_change": may_change,
        "review": provider.newest(request.location),
        "verified": provider.verified(request.location),
        "goes_to_provider": provider.is_needed() or provider.was_rejected(request.location),
    }
    return render(request, "compliance/kyc.html", context, status=422 if form.errors else 200)


@require_POST
@scoped(write=Role.OWNER)
def kyc_attest(request: LocationRequest) -> HttpResponse:
    """Complete the check by the owner's word."""
    form = AttestationForm(request.POST)
    form.is_valid()
    try:
        verification.attest(request.location, form.ticked(), actor=request.user)
    except verification.NotPossible as error:
        messages.error(request, str(error))
    else:
        if request.location.kyc_status == KycStatus.PROVIDER_REVIEW:
            messages.success(request, "Attested. The details are being sent to the provider for review.")
        else:
            messages.success(request, "The check is completed. Outbound calls can be switched on.")
    return redirect("compliance:kyc", request.location.code)


@require_POST
@scoped(write=Role.OWNER)
def kyc_send(request: LocationRequest) -> HttpResponse:
    """Have the provider verify a business whose check is completed."""
    try:
        verification.send(request.location, actor=request.user)
    except verification.NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The details are being sent. Calls go on meanwhile.")
    return redirect("compliance:kyc", request.location.code)


@require_POST
@scoped(write=Role.MANAGER)
def outbound(request: LocationRequest) -> HttpResponse:
    """Enable Outbound Calls: run the check, scan the forms, and switch on when all passed; or switch off."""
    if request.POST.get("on") != "1":
        verification.switch_outbound(request.location, False, actor=request.user)
        messages.success(
            request, "Outbound calls are off. Waiting calls are refused until they are on again."
        )
    elif enabling.enable(request.location, actor=request.user):
        messages.success(request, "Outbound calls are on. Every rule still holds for each of them.")
    else:
        messages.warning(request, "Outbound calls are not on yet. What is missing is marked below.")
    return redirect("compliance:enable", request.location.code)
