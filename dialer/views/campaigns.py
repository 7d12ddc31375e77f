"""Pages of campaigns."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import log
from accounts.access import LocationRequest, scoped
from accounts.checking import checked
from accounts.models import Location, Role
from accounts.streams import events
from dialer import audiences, calls, campaigns, progress
from dialer.forms import CampaignForm, TestCallForm
from dialer.models import Call, Campaign, CampaignState
from dialer.numbers import resolve_number
from dialer.paging import page_of
from dialer.views import forecasts
from telephony import accounts
from telephony.models import CarrierAccount
from voiceagents.models import Agent

log.register("account.resumed", "resumed the carrier account {name}")

PAGE = 50
# A number of each country's range kept for fiction, whose ending books a time in the sandbox (sandbox/README.md).
NOBODY = {"US": "(303) 555-0112", "GB": "020 7946 0312", "AU": "02 5550 9912", "CA": "(416) 555-0112"}
OVER = (CampaignState.FINISHED, CampaignState.CANCELED)


def _campaign(location: Location, code: str) -> Campaign:
    found = get_object_or_404(
        Campaign.objects.select_related(
            "agent__phone_number__account", "test_agent", "prompt_template", "phone_number__account"
        ),
        location=location,
        code=code,
    )
    found.location = location
    return found


@scoped()
def campaign_list(request: LocationRequest) -> HttpResponse:
    found = Campaign.objects.filter(location=request.location).select_related("agent")
    page = page_of(found, request.GET, PAGE, location=request.location)
    progresses = progress.of_campaigns(page.rows)
    for campaign in page.rows:
        campaign.progress = progresses[campaign.pk]
    context = {"page": page, "has_agent": Agent.objects.for_location(request.location).exists()}
    template = "dialer/_campaigns.html" if request.htmx else "dialer/campaigns.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@scoped(write=Role.STAFF)
def campaign_new(request: LocationRequest) -> HttpResponse:
    return _edit(request, Campaign(location=request.location))


@scoped(write=Role.STAFF)
def campaign_edit(request: LocationRequest, code: str) -> HttpResponse:
    campaign = _campaign(request.location, code)
    if campaign.state != CampaignState.DRAFT:
        messages.info(
            request, "A campaign that was launched is not changed any more. Cancel it and make a new one."
        )
        return redirect("dialer:campaign", request.location.code, campaign.code)
    return _edit(request, campaign)


def _edit(request: LocationRequest, campaign: Campaign) -> HttpResponse:
    if request.method == "POST":
        form = CampaignForm(request.POST, instance=campaign, location=request.location)
        if (field := checked(request, form)) is not None:
            return field
        if form.is_valid() and _save(request, form):
            messages.success(request, f"Saved {form.instance.name}. Nobody is called before it is launched.")
            return redirect("dialer:campaign", request.location.code, form.instance.code)
    else:
        if not request.member.may(Role.STAFF):
            raise PermissionDenied("This needs the role staff.")
        form = CampaignForm(instance=campaign, location=request.location)
    audience = form.audience() if form.is_bound else campaign.audience
    context = {
        "form": form,
        "campaign": campaign if campaign.pk else None,
        "reach": audiences.reach(request.location, audience, timezone.now()),
        "has_agent": Agent.objects.for_location(request.location).exists(),
    }
    return render(request, "dialer/campaign_form.html", context, status=422 if form.errors else 200)


def _save(request: LocationRequest, form: CampaignForm) -> bool:
    """Write the draft; False, with an error on the form, when somebody launched it meanwhile."""
    new = form.instance.pk is None
    with transaction.atomic():
        if new:
            form.instance.created_by = cast(Any, request.user)
        elif (
            not Campaign.objects.select_for_update(no_key=True)
            .filter(pk=form.instance.pk, state=CampaignState.DRAFT)
            .values("pk")
            .first()
        ):
            form.add_error(None, "Somebody launched this campaign while you changed it; it runs as it was.")
            return False
        saved = form.save()
        action = "campaign.created" if new else "campaign.edited"
        log.record(request.location, action, actor=request.user, subject=saved, name=saved.name)
    return True


@scoped(write=Role.STAFF)
def audience_count(request: LocationRequest) -> HttpResponse:
    """How many contacts the audience on the form chooses, while it is being filled in."""
    form = CampaignForm(request.POST or request.GET, location=request.location)
    form.is_valid()
    reach = audiences.reach(request.location, form.audience(), timezone.now())
    return render(request, "dialer/_reach.html", {"reach": reach})


@scoped()
def campaign(request: LocationRequest, code: str) -> HttpResponse:
    found = _campaign(request.location, code)
    context = {
        "campaign": found,
        "is_over": found.state in OVER,
        "test_form": TestCallForm(location=request.location),
        **_now(found),
        **forecasts.shown(found),
    }
    if found.state == CampaignState.DRAFT:
        now = timezone.now()
        context["problems"] = campaigns.problems(found, now)
        context["number"] = resolve_number(found, found.agent)
        context["reach"] = audiences.reach(request.location, found.audience, now)
    else:
        context["planned"] = Call.objects.filter(campaign=found).waiting().count()
    return render(request, "dialer/campaign.html", context)


def _now(found: Campaign) -> dict[str, Any]:
    """What the live part of the page shows."""
    own = Call.objects.filter(campaign=found)
    running = found.state in (CampaignState.LAUNCHING, CampaignState.RUNNING, CampaignState.PAUSED)
    counted = progress.of_campaigns([found])[found.pk]
    now = timezone.now()
    context: dict[str, Any] = {"campaign": found, "progress": counted, "running": running, "now": now}
    if counted.total:
        context["refusals"] = progress.refusals(own)
    if running:
        context["flying"] = progress.in_flight(own)
        context["pace"] = progress.pace_of(found.location, now)
        context["next_due"] = progress.next_due(found)
        context["stopped"] = progress.stopped(own, now)
        context["delays"] = progress.delays(own) if counted.waiting else []
    if found.state == CampaignState.LAUNCHING:
        context["job"] = campaigns.loading_job(found)
    return context


def _live_html(request: LocationRequest, code: str) -> str:
    found = _campaign(request.location, code)
    return render_to_string("dialer/_campaign_now.html", _now(found), cast(HttpRequest, request))


@scoped()
def campaign_now(request: LocationRequest, code: str) -> HttpResponse:
    return HttpResponse(_live_html(request, code))


@scoped()
def campaign_events(request: LocationRequest, code: str) -> HttpResponseBase:
    _campaign(request.location, code)
    return events(request, "now", lambda: _live_html(request, code))


@scoped()
def campaign_actions(request: LocationRequest, code: str) -> HttpResponse:
    """The buttons for the campaign's state; 204 while it is still the one that the page shows."""
    found = _campaign(request.location, code)
    if request.GET.get("state") == found.state:
        return HttpResponse(status=204)
    context = {"campaign": found, "planned": Call.objects.filter(campaign=found).waiting().count()}
    return render(request, "dialer/_campaign_actions.html", context)


@require_POST
@scoped(write=Role.MANAGER)
def launch(request: LocationRequest, code: str) -> HttpResponse:
    found = _campaign(request.location, code)
    try:
        job = campaigns.launch(found, request.user)
    except campaigns.NotLaunched as refused:
        for _, sentence in refused.problems:
            messages.error(request, f"Not launched. {sentence}")
    else:
        if job is not None:
            messages.success(request, f"Launched {found.name}. Its calls go out one every 6 seconds.")
        else:
            messages.info(request, f"{found.name} was launched already.")
    return redirect("dialer:campaign", request.location.code, code)


@require_POST
@scoped(write=Role.MANAGER)
def pause(request: LocationRequest, code: str) -> HttpResponse:
    found = _campaign(request.location, code)
    if campaigns.pause(found, request.user):
        messages.success(
            request, f"Paused {found.name}. Calls in flight go on to their end; no other starts."
        )
    else:
        messages.info(request, f"{found.name} is not running, so there was nothing to pause.")
    return redirect("dialer:campaign", request.location.code, code)


@require_POST
@scoped(write=Role.MANAGER)
def resume(request: LocationRequest, code: str) -> HttpResponse:
    found = _campaign(request.location, code)
    if campaigns.resume(found, request.user):
        messages.success(request, f"Resumed {found.name}.")
    else:
        messages.info(request, f"{found.name} is not paused, so there was nothing to resume.")
    return redirect("dialer:campaign", request.location.code, code)


@require_POST
@scoped(write=Role.MANAGER)
def cancel(request: LocationRequest, code: str) -> HttpResponse:
    found = _campaign(request.location, code)
    if campaigns.cancel(found, request.user):
        messages.success(
            request, f"Canceled {found.name}. Calls in flight go on to their end; no other is made."
        )
    else:
        messages.info(request, f"{found.name} was over or not launched, so there was nothing to cancel.")
    return redirect("dialer:campaign", request.location.code, code)


@require_POST
@scoped(write=Role.MANAGER)
def account_resume(request: LocationRequest, code: str) -> HttpResponse:
    """Let a halted carrier account place calls again, after a person mended what halted it."""
    account = get_object_or_404(CarrierAccount, organization=request.location.organization, code=code)
    accounts.resume(account)
    log.record(request.location, "account.resumed", actor=request.user, subject=account, name=account.name)
    messages.success(request, f"Resumed the carrier account {account.name}. Calls go out again.")
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "frame/messages.html", {"oob": True})
    return redirect("dialer:campaigns", request.location.code)


@require_POST
@scoped(write=Role.MANAGER)
def delete_draft(request: LocationRequest, code: str) -> HttpResponse:
    found = _campaign(request.location, code)
    try:
        deleted, _ = Campaign.objects.filter(pk=found.pk, state=CampaignState.DRAFT, calls=None).delete()
    except IntegrityError:
        deleted = 0
    if not deleted:
        messages.error(request, "Only a draft without calls can be deleted; what was called stays on record.")
        return redirect("dialer:campaign", request.location.code, code)
    messages.success(request, f"Deleted the draft {found.name}.")
    return redirect("dialer:campaigns", request.location.code)


@scoped(write=Role.STAFF)
def test_call(request: LocationRequest, code: str) -> HttpResponse:
    found = _campaign(request.location, code)
    back = reverse("dialer:campaign", args=[request.location.code, found.code])
    return ask_test_call(request, found, str(found), back)


@scoped(write=Role.STAFF)
def test_agent(request: LocationRequest, agent_code: str) -> HttpResponse:
    agent = get_object_or_404(
        Agent.objects.for_location(request.location).select_related("phone_number__account"), code=agent_code
    )
    agent.location = request.location
    back = reverse("voiceagents:agent", args=[request.location.code, agent.code])
    return ask_test_call(request, agent, str(agent), back)


for _view in (test_call, test_agent):
    _view.__test__ = False  # type: ignore[attr-defined]  # Views, not tests that pytest should collect.


def ask_test_call(request: LocationRequest, target: Campaign | Agent, name: str, back: str) -> HttpResponse:
    """The form for a test call, and the call; then the call's page, where it can be watched."""
    form = TestCallForm(request.POST or None, location=request.location)
    if request.method == "POST" and form.is_valid():
        try:
            call = calls.test_call(target, form.cleaned_data["phone"], request.user)
        except calls.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("dialer:call", request.location.code, call.code)
    context = {"form": form, "name": name, "back": back, "nobody": NOBODY.get(str(request.location.country))}
    return render(request, "dialer/test_call.html", context, status=422 if form.errors else 200)
