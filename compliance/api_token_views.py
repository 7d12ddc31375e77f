"""Settings, API: the tokens by which other systems of the business record opt-outs and consent."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.access import LocationRequest, scoped
from accounts.models import Role
from compliance import api_tokens
from compliance.models import ApiToken

SHOWN = 100


class TokenForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="Which system will use it, such as “Website” or “Practice software”.",
    )
    may_grant = forms.BooleanField(
        required=False,
        label="May record consent",
        help_text="Off: opt-outs only, which is all that an unsubscribe page needs.",
    )


@never_cache
@scoped(Role.MANAGER, write=Role.MANAGER)
def token_list(request: LocationRequest) -> HttpResponse:
    """The location's tokens, and making one: the page that answers is the only one that ever shows it."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "address": f"{settings.PUBLIC_URL}/api/v1/"}
    if request.method == "POST" and form.is_valid():
        context["made"], context["secret"] = api_tokens.make(
            request.location, **form.cleaned_data, actor=request.user
        )
        context["form"] = TokenForm()
    tokens = ApiToken.objects.filter(location=request.location).select_related("created_by", "revoked_by")
    context["tokens"] = tokens.order_by("-pk")[:SHOWN]
    return render(request, "compliance/api_tokens.html", context, status=422 if form.errors else 200)


@require_POST
@scoped(Role.MANAGER, write=Role.MANAGER)
def token_revoke(request: LocationRequest, code: str) -> HttpResponse:
    """Let nobody in with a token any more."""
    token = get_object_or_404(
        ApiToken.objects.select_related("location"), location=request.location, code=code
    )
    if api_tokens.revoke(token, actor=request.user):
        messages.success(request, f"Revoked “{token}”. Requests with it are refused.")
    else:
        messages.info(request, f"“{token}” was revoked already.")
    return redirect("compliance:api_tokens", request.location.code)
