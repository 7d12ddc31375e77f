"""Settings, Carrier: the organization's accounts at the phone network."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import log
from accounts.access import LocationRequest, scoped
from accounts.models import Location, Role
from phone_numbers.forms import ConnectForm, PaceForm, TokenForm
from telephony import accounts
from telephony.client import CarrierUnavailable
from telephony.models import Carrier, CarrierAccount

log.register("carrier.connected", "connected the carrier account {name}")
log.register("carrier.pace_changed", "set the carrier account {name} to {pace} calls a second")
log.register("carrier.token_rotated", "replaced the auth token of the carrier account {name}")
log.register("carrier.resumed", "resumed the carrier account {name}")


@scoped(Role.MANAGER, write=Role.OWNER)
def carrier(request: LocationRequest) -> HttpResponse:
    """The accounts, and connecting one at Twilio."""
    form = ConnectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            account = accounts.connect(request.location.organization, **form.cleaned_data)
        except accounts.AlreadyConnected as error:
            form.add_error("account_sid", str(error))
        except CarrierUnavailable as error:
            form.add_error(None, f"{error} Nothing was saved.")
        else:
            log.record(
                request.location, "carrier.connected", actor=request.user, subject=account, name=account.name
            )
            messages.success(request, f"Connected {account.name}. Now buy a number there, or take one over.")
            return redirect("phone_numbers:carrier", request.location.code)
    return _page(request, connect_form=form)


@require_POST
@scoped(Role.MANAGER, write=Role.OWNER)
def carrier_pace(request: LocationRequest, code: str) -> HttpResponse:
    """How many calls a second the account may start."""
    account = _account(request.location, code)
    form = PaceForm(request.POST, instance=account, prefix=code)
    if not form.is_valid():
        return _page(request, pace_form=form)
    with transaction.atomic():
        form.save()
        log.record(
            request.location,
            "carrier.pace_changed",
            actor=request.user,
            subject=account,
            name=account.name,
            pace=f"{account.calls_per_second:f}",
        )
    messages.success(request, "Saved.")
    return redirect("phone_numbers:carrier", request.location.code)


@require_POST
@scoped(Role.MANAGER, write=Role.OWNER)
def carrier_token(request: LocationRequest, code: str) -> HttpResponse:
    """Replace the auth token, once the carrier took the new one."""
    account = _account(request.location, code)
    form = TokenForm(request.POST, prefix=code)
    if form.is_valid():
        try:
            accounts.rotate_token(account, form.cleaned_data["auth_token"])
        except CarrierUnavailable as error:
            form.add_error("auth_token", f"{error} The old token is still in use.")
        else:
            log.record(
                request.location,
                "carrier.token_rotated",
                actor=request.user,
                subject=account,
                name=account.name,
            )
            messages.success(request, f"The auth token of {account.name} was replaced.")
            return redirect("phone_numbers:carrier", request.location.code)
    return _page(request, token_form=form)


@require_POST
@scoped(write=Role.MANAGER)
def carrier_resume(request: LocationRequest, code: str) -> HttpResponse:
    """Let a halted account place calls again, after a person mended what halted it."""
    account = _account(request.location, code)
    if accounts.resume(account):
        log.record(
            request.location, "carrier.resumed", actor=request.user, subject=account, name=account.name
        )
        messages.success(request, f"Resumed {account.name}. Calls go out again.")
    else:
        messages.info(request, f"{account.name} was not halted, so there was nothing to resume.")
    return redirect("phone_numbers:carrier", request.location.code)


def _account(location: Location, code: str) -> CarrierAccount:
    return get_object_or_404(CarrierAccount, organization=location.organization, code=code)


def _page(request: LocationRequest, **bound: Any) -> HttpResponse:
    """The page with every account's forms; a form among `bound` keeps what was typed and shows its errors."""
    rows = []
    for account in CarrierAccount.objects.filter(organization=request.location.organization).order_by("pk"):
        pace = PaceForm(instance=account, prefix=account.code)
        token = TokenForm(prefix=account.code)
        for name, form in bound.items():
            if form.prefix == account.code:
                pace, token = (form, token) if name == "pace_form" else (pace, form)
        rows.append({"account": account, "pace_form": pace, "token_form": token})
    return render(
        request,
        "phone_numbers/carrier.html",
        {
            "rows": rows,
            "connect_form": bound.get("connect_form") or ConnectForm(),
            "real": any(row["account"].carrier == Carrier.TWILIO for row in rows),  # type: ignore[attr-defined]
            "public_url": settings.PUBLIC_URL,
            "address_problem": accounts.public_address_problem(settings.PUBLIC_URL),
        },
        status=422 if any(form.errors for form in bound.values()) else 200,
    )
