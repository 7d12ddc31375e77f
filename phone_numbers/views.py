"""Pages of our phone numbers."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import log, uses
from accounts.access import LocationRequest, scoped
from accounts.models import Location, Role
from phone_numbers import buying, sharing
from phone_numbers.forms import NumberForm, OrderForm, SearchForm
from phone_numbers.models import PhoneNumber
from telephony import client
from telephony.client import CarrierUnavailable
from telephony.models import CarrierAccount

log.register("number.changed", "changed the {fields} of the phone number {number}")


@scoped()
def number_list(request: LocationRequest) -> HttpResponse:
    """The location's numbers."""
    numbers = PhoneNumber.objects.for_location(request.location).select_related("account")
    rows = [(number, uses.of(number)) for number in numbers]
    return render(
        request,
        "phone_numbers/list.html",
        {"rows": rows, "has_account": _accounts(request.location).exists()},
    )


@scoped(write=Role.MANAGER)
def number_detail(request: LocationRequest, code: str) -> HttpResponse:
    """One number: its settings, who uses it, its QR codes, giving it back."""
    number = _number(request.location, code)
    shown = str(number)
    form = NumberForm(request.POST if request.method == "POST" else None, instance=number)
    if request.method == "POST" and form.is_valid():
        if form.changed_data:
            with transaction.atomic():
                form.save()
                fields = ", ".join(str(form.fields[name].label or name).lower() for name in form.changed_data)
                log.record(
                    request.location,
                    "number.changed",
                    actor=request.user,
                    subject=number,
                    number=number.number,
                    fields=fields,
                )
        messages.success(request, "Saved.")
        return redirect("phone_numbers:detail", request.location.code, number.code)
    may_change = request.member.may(Role.MANAGER)
    for field in form.fields.values():
        field.disabled = not may_change
    return render(
        request,
        "phone_numbers/detail.html",
        {"number": number, "shown": shown, "form": form, "may_change": may_change, "users": uses.of(number)},
        status=422 if form.errors else 200,
    )


@require_POST
@scoped(write=Role.MANAGER)
def number_register(request: LocationRequest, code: str) -> HttpResponse:
    """Ask the carrier again whether it owns a number that it never confirmed, buy it if not; send us its texts."""
    number = _number(request.location, code)
    try:
        number.carrier_sid = buying.provision(number.pk, patience=0)
    except CarrierUnavailable as error:
        messages.error(request, f"{error} {number.number} is still not confirmed.")
    else:
        try:
            buying.hear_texts(number)
        except CarrierUnavailable as error:
            messages.error(request, f"{error} Texts to {number.number} still do not reach us.")
        else:
            messages.success(request, f"The carrier confirmed {number.number}, and sends its texts here.")
    return redirect("phone_numbers:detail", request.location.code, number.code)


@require_POST
@scoped(write=Role.MANAGER)
def number_release(request: LocationRequest, code: str) -> HttpResponse:
    """Give a number back to the carrier. The number must be typed: it may be gone for good."""
    number = _number(request.location, code)
    if request.POST.get("typed", "").strip() != number.number:
        messages.error(request, f"Nothing was released. Type {number.number} to confirm.")
        return redirect("phone_numbers:detail", request.location.code, number.code)
    try:
        buying.release(number, actor=request.user)
    except (buying.NotPossible, CarrierUnavailable) as error:
        messages.error(request, str(error))
        return redirect("phone_numbers:detail", request.location.code, number.code)
    messages.success(request, f"Released {number.number}. Its calls stay in the log.")
    return redirect("phone_numbers:list", request.location.code)


@scoped()
def number_qr(request: LocationRequest, code: str, way: sharing.Way, kind: str) -> HttpResponse:
    """The QR code of a number; with ?download as a file."""
    number = _number(request.location, code)
    picture, content_type = (
        (sharing.svg(number.number, way), "image/svg+xml")
        if kind == "svg"
        else (sharing.png(number.number, way), "image/png")
    )
    response = HttpResponse(picture, content_type=content_type)
    if "download" in request.GET:
        file_name = f"{way}-{number.number.removeprefix('+')}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


@scoped(Role.MANAGER, write=Role.MANAGER)
def number_add(request: LocationRequest) -> HttpResponse:
    """Find a number on sale at the carrier."""
    searched = "kind" in request.GET
    form = SearchForm(request.GET if searched else None, location=request.location)
    context: dict[str, Any] = {"form": form, "has_account": _accounts(request.location).exists()}
    if searched and form.is_valid():
        data = dict(form.cleaned_data)
        context["account"] = account = data.pop("account")
        try:
            context["found"] = client.available_numbers(account, **data)
        except CarrierUnavailable as error:
            context["failure"] = str(error)
    template = "phone_numbers/_found.html" if request.htmx else "phone_numbers/add.html"
    return render(request, template, context)


@require_POST
@scoped(Role.MANAGER, write=Role.MANAGER)
def number_buy(request: LocationRequest) -> HttpResponse:
    """Buy one number."""
    form = OrderForm(request.POST, location=request.location)
    if not form.is_valid():
        raise Http404("No such number or account")
    data = form.cleaned_data
    try:
        number = buying.buy(
            request.location, data["account"], data["number"], name=data["name"], actor=request.user
        )
    except buying.NotPossible as error:
        messages.error(request, str(error))
        return redirect("phone_numbers:add", request.location.code)
    messages.success(request, f"Bought {number.number}. Give it a name, and choose it for an agent.")
    return redirect("phone_numbers:detail", request.location.code, number.code)


@scoped(Role.MANAGER, write=Role.MANAGER)
def number_import(request: LocationRequest) -> HttpResponse:
    """Numbers that the carrier account owns already and no location uses; taking one over."""
    if request.method == "POST":
        return _take_over(request)
    accounts = _accounts(request.location)
    account = (
        accounts.filter(code=request.GET["account"]).first() if "account" in request.GET else accounts.first()
    )
    if "account" in request.GET and account is None:
        raise Http404("No such account")
    context: dict[str, Any] = {
        "accounts": accounts,
        "account": account,
    }
    if account is not None:
        try:
            context["found"] = buying.importable(request.location, account)
        except CarrierUnavailable as error:
            context["failure"] = str(error)
    return render(request, "phone_numbers/import.html", context)


def _take_over(request: LocationRequest) -> HttpResponse:
    form = OrderForm(request.POST, location=request.location)
    if not form.is_valid():
        raise Http404("No such number or account")
    try:
        number = buying.take_over(
            request.location, form.cleaned_data["account"], form.cleaned_data["number"], actor=request.user
        )
    except (buying.NotPossible, CarrierUnavailable) as error:
        messages.error(request, str(error))
        return redirect("phone_numbers:import", request.location.code)
    messages.success(request, f"{number.number} is yours here now. Choose it for an agent.")
    return redirect("phone_numbers:detail", request.location.code, number.code)


def _number(location: Location, code: str) -> PhoneNumber:
    number = get_object_or_404(
        PhoneNumber.objects.for_location(location).select_related("account", "location"), code=code
    )
    number.location = location
    return number


def _accounts(location: Location) -> Any:
    return CarrierAccount.objects.filter(organization=location.organization).order_by("pk")
