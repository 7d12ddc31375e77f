"""Compliance, Emergencies: what stops calls now or will, declaring one, ending one before its time."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access import LocationRequest, scoped
from accounts.forms import LocalDateTimeField
from accounts.models import Location, Role
from accounts.statuses import Status
from compliance import emergencies
from compliance.list_forms import EndingForm
from compliance.models import Emergency
from compliance.packs.applying import state_names
from compliance.places import domestic

LONGEST = timedelta(days=60)
SHORTEST_REASON = 10
OVER_SHOWN = 50


class EmergencyForm(forms.Form):
    """Who is not called, until when, and why. On the location's clock."""

    where = forms.ChoiceField(label="Who is not called")
    starts_at = LocalDateTimeField(label="From", required=False, help_text="Empty: from now on")
    ends_at = LocalDateTimeField(
        label="Until",
        help_text="Calls wait until then, and go out by the rules after it; it can be ended sooner",
    )
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        min_length=SHORTEST_REASON,
        help_text="For example “State of emergency, Executive Order 7 of 2 March”",
        error_messages={
            "min_length": f"Say why in at least {SHORTEST_REASON} characters; nothing was declared."
        },
    )

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", f"Everybody that {location} would call")]
        if domestic("US", location.country):
            choices += [(state, f"People in {name}") for state, name in sorted(state_names().items())]
        where = self.fields["where"]
        assert isinstance(where, forms.ChoiceField)
        where.choices = choices
        where.required = False
        for name in ("starts_at", "ends_at"):
            self.fields[name].location = location  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        now = timezone.now()
        starts: datetime = data.get("starts_at") or now
        ends: datetime | None = data.get("ends_at")
        if ends and ends <= now:
            self.add_error("ends_at", "The end has passed already. Choose a later one.")
        elif ends and ends <= starts:
            self.add_error("ends_at", "The end must come after the start.")
        elif ends and ends - starts > LONGEST:
            self.add_error(
                "ends_at",
                f"At most {LONGEST.days} days at once. To stop for good, switch outbound calls off.",
            )
        data["starts_at"] = starts
        return data


def of_business(request: LocationRequest) -> Any:
    """The emergencies that concern this location: its own, and those of a state."""
    all_of_them = Emergency.objects.filter(organization=request.location.organization)
    return all_of_them.filter(location=None) | all_of_them.filter(location=request.location)


def _standing(emergency: Emergency, now: datetime) -> Status:
    if emergency.lifted_at:
        return Status("lifted", "Ended before its time", "circle-check", "grey")
    if emergency.ends_at <= now:
        return Status("over", "Over", "circle-check", "grey")
    if emergency.starts_at > now:
        return Status("coming", "To come", "clock", "blue")
    return Status("lasts", "Calls are stopped", "alert-triangle", "red")


@scoped(write=Role.MANAGER)
def emergency_list(request: LocationRequest) -> HttpResponseBase:
    """Those that last or are to come, those that are over, and the form for one more."""
    form = EmergencyForm(request.POST or None, location=request.location)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        emergencies.declare(
            location=request.location,
            state=data["where"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            reason=data["reason"].strip(),
            actor=request.user,
        )
        messages.success(request, "Declared. No call that it concerns is started while it lasts.")
        return redirect("compliance:emergencies", request.location.code)
    now = timezone.now()
    found = of_business(request).select_related("created_by", "lifted_by", "location")
    not_over = found.filter(lifted_at=None, ends_at__gt=now).order_by("ends_at", "pk")
    over = found.exclude(pk__in=not_over.values("pk")).order_by("-ends_at", "-pk")[:OVER_SHOWN]
    names = state_names()
    lasting = list(not_over)
    state_wide = next((each for each in lasting if each.state), None)
    context = {
        "lasting": [(each, _standing(each, now), names.get(each.state, "")) for each in lasting],
        "may_lift_of_states": state_wide is not None and emergencies.may_lift(request.member, state_wide),
        "over": [(each, _standing(each, now), names.get(each.state, "")) for each in over],
        "form": form,
    }
    return render(request, "compliance/emergencies.html", context, status=422 if form.errors else 200)


@scoped(Role.MANAGER)
def emergency_lift(request: LocationRequest, code: str) -> HttpResponseBase:
    """End one before its time, saying why: the page says first what that means."""
    emergency = get_object_or_404(of_business(request).select_related("location"), code=code)
    if not emergencies.may_lift(request.member, emergency):
        raise PermissionDenied("An owner ends it, or who is a manager of every location of the organization.")
    form = EndingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if emergencies.lift(emergency, reason=reason, location=request.location, actor=request.user):
            messages.success(
                request, "Ended. Calls that waited for it come up again, as the rules allow them."
            )
        else:
            messages.info(request, "It was over already.")
        return redirect("compliance:emergencies", request.location.code)
    context = {
        "emergency": emergency,
        "state": state_names().get(emergency.state, ""),
        "form": form,
    }
    return render(request, "compliance/emergency_lift.html", context, status=422 if form.errors else 200)
