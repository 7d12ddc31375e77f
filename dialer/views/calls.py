"""Pages of calls: the log, one call, what is scheduled, why a contact was not called."""

import itertools
from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import LocationRequest, scoped
from accounts.models import Location, Role
from accounts.streams import events, streamed
from compliance import public_links
from compliance.models import Decision, DecisionKind
from compliance.words import words_of
from contacts.models import Contact
from dialer import calls, export, progress
from dialer.filters import CallFilter, is_live, is_waiting
from dialer.forms import PlaceCallForm, RescheduleForm
from dialer.models import Attempt, Call
from dialer.paging import page_of
from dialer.states import State
from dialer.words import failure_words
from telephony import client
from voiceagents.models import Agent, Speaker

PAGE = 50
# What follows a call (who answered, outcome, follow-up) is still coming in for so long.
SETTLES_IN = timedelta(minutes=2)
RECORDING_LIMIT = 20 * 1024 * 1024


@scoped()
def call_log(request: LocationRequest) -> HttpResponse:
    chosen = CallFilter(request.GET or None, location=request.location)
    rows = chosen.qs if chosen.form.is_valid() or not chosen.is_bound else chosen.queryset.none()
    rows = rows.select_related("contact", "campaign", "agent", "conversation")
    page = page_of(rows, request.GET, PAGE, location=request.location)
    context = {"page": page, "filter": chosen}
    template = "dialer/_calls.html" if request.htmx else "dialer/calls.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@scoped()
def call_export(request: LocationRequest) -> HttpResponseBase:
    """The log as filtered, as CSV; ?transcripts=1 adds what was said."""
    chosen = CallFilter(request.GET or None, location=request.location)
    if chosen.is_bound and not chosen.form.is_valid():
        raise Http404("No such filter")
    pieces = export.lines(request.location, chosen.qs, bool(request.GET.get("transcripts")))
    today = timezone.now().astimezone(request.location.zone).date()
    return streamed(
        request,
        pieces,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="calls-{today}.csv"'},
    )


def _call(location: Location, code: str) -> Call:
    found = get_object_or_404(
        Call.objects.select_related("contact", "campaign", "agent", "conversation", "parent", "requested_by"),
        location=location,
        code=code,
    )
    found.location = location
    return found


@scoped()
def call(request: LocationRequest, code: str) -> HttpResponse:
    return _call_page(request, _call(request.location, code), "dialer/call.html")


def _call_page(
    request: LocationRequest,
    found: Call,
    template: str,
    form: RescheduleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    settled = found.ended_at is not None and found.ended_at < timezone.now() - SETTLES_IN
    context = {
        "call": found,
        "move_form": form or RescheduleForm(location=request.location, initial={"due_at": found.due_at}),
        "watch": not settled and not (is_waiting(found) and found.due_at > timezone.now() + SETTLES_IN),
        **_facts(found),
    }
    return render(request, template, context, status=status)


def _facts(found: Call) -> dict[str, Any]:
    """All that the page says about a call, in a fixed number of queries."""
    decisions = list(Decision.objects.filter(call_id=found.pk).order_by("-decided_at", "-pk")[:10])
    conversation = found.conversation
    return {
        "call": found,
        "events": found.events.all(),
        "decisions": [
            {
                "at": decision.decided_at,
                "kind": DecisionKind(decision.decision),
                "until": decision.until,
                "reasons": [(code, words_of(code)) for code in decision.reasons],
            }
            for decision in decisions
        ],
        "reasons": [(code, words_of(code)) for code in found.reasons],
        "failure": failure_words(found.failure_code) if _failed(found) else None,
        "turns": list(conversation.turns.exclude(speaker=Speaker.SYSTEM)) if conversation else [],
        "follow_ups": list(found.children.select_related("contact")),
        "is_waiting": is_waiting(found),
        "is_live": is_live(found),
        "public_link": public_links.link(found.location.organization, found.phone),
    }


def _failed(found: Call) -> bool:
    return bool(found.failure_code) or (found.state == State.FAILED and not found.reasons)


def _live_html(request: LocationRequest, code: str) -> str:
    found = _call(request.location, code)
    return render_to_string("dialer/_call_now.html", _facts(found), cast(HttpRequest, request))


@scoped()
def call_now(request: LocationRequest, code: str) -> HttpResponse:
    return HttpResponse(_live_html(request, code))


@scoped()
def call_events(request: LocationRequest, code: str) -> HttpResponseBase:
    _call(request.location, code)
    return events(request, "now", lambda: _live_html(request, code))


@scoped()
def recording(request: LocationRequest, code: str) -> HttpResponseBase:
    """The sound of the call, fetched from the carrier with the account's credentials, which no browser ever sees."""
    found = _call(request.location, code)
    attempt = (
        Attempt.objects.filter(call=found, sid__isnull=False)
        .select_related("account")
        .order_by("-pk")
        .first()
    )
    if not found.recording_sid or attempt is None:
        raise Http404("This call has no recording.")
    try:
        content_type, chunks = client.recording_audio(attempt.account, found.recording_sid)
    except client.CarrierUnavailable as error:
        return HttpResponse(str(error), status=502, content_type="text/plain; charset=utf-8")
    return _with_ranges(request, content_type, chunks)


def _with_ranges(request: LocationRequest, content_type: str, chunks: Any) -> HttpResponseBase:
    """The file, or the one range of it that a player asks for to seek; a larger file is streamed whole."""
    sound = bytearray()
    for chunk in chunks:
        sound += chunk
        if len(sound) > RECORDING_LIMIT:
            whole = itertools.chain([bytes(sound)], chunks)
            return streamed(cast(HttpRequest, request), whole, content_type=content_type)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600",
        "X-Content-Type-Options": "nosniff",
    }
    span = _range(request.headers.get("Range", ""), len(sound))
    if span is None:
        return HttpResponse(bytes(sound), content_type=content_type, headers=headers)
    start, end = span
    if start >= end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(sound)}"})
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(sound)}"
    return HttpResponse(bytes(sound[start:end]), status=206, content_type=content_type, headers=headers)


def _range(header: str, size: int) -> tuple[int, int] | None:
    """[start, end) of a single range of bytes; None when none is asked for that we serve (RFC 9110, 14.2)."""
    unit, _, spans = header.partition("=")
    first, dash, last = spans.partition("-")
    if unit.strip() != "bytes" or not dash or "," in spans:
        return None
    try:
        if first:
            return int(first), min(int(last) + 1, size) if last else size
        return max(size - int(last), 0), size
    except ValueError:
        return None


@require_POST
@scoped(write=Role.STAFF)
def call_cancel(request: LocationRequest, code: str) -> HttpResponse:
    found = _call(request.location, code)
    if calls.cancel_call(found, request.user):
        messages.success(request, "Canceled. This call will not be made.")
    else:
        messages.info(request, "Too late to cancel: the call is being dialled or is over.")
    return _after(request, found)


@require_POST
@scoped(write=Role.STAFF)
def call_hang_up(request: LocationRequest, code: str) -> HttpResponse:
    found = _call(request.location, code)
    try:
        if calls.hang_up(found, request.user):
            messages.success(request, "The carrier was asked to hang up. The call ends in a moment.")
        else:
            messages.info(request, "The call was over already.")
    except calls.NotPossible as refused:
        messages.error(request, str(refused))
    return _after(request, found)


@require_POST
@scoped(write=Role.STAFF)
def call_move(request: LocationRequest, code: str) -> HttpResponse:
    found = _call(request.location, code)
    form = RescheduleForm(request.POST, location=request.location)
    if form.is_valid():
        try:
            if calls.reschedule(found, form.cleaned_data["due_at"], request.user):
                messages.success(request, "Moved to the new time.")
            else:
                messages.info(request, "Too late to move it: the call is being dialled or is over.")
            return _after(request, found)
        except calls.NotPossible as refused:
            form.add_error("due_at", str(refused))
    template = "dialer/_call.html" if request.htmx else "dialer/call.html"  # type: ignore[attr-defined]
    return _call_page(request, found, template, form, status=422)


def _after(request: LocationRequest, found: Call) -> HttpResponse:
    """The call again: its part of the page for htmx, with what was done; else its page."""
    if request.htmx:  # type: ignore[attr-defined]
        return _call_page(request, _call(request.location, found.code), "dialer/_call.html")
    return redirect("dialer:call", request.location.code, found.code)


@scoped(write=Role.STAFF)
def place(request: LocationRequest, contact_code: str) -> HttpResponse:
    """Ask for one call to one contact."""
    contact = get_object_or_404(Contact, location=request.location, code=contact_code)
    if not request.member.may(Role.STAFF):
        raise PermissionDenied("This needs the role staff.")
    form = PlaceCallForm(request.POST or None, location=request.location)
    if request.method == "POST" and form.is_valid():
        try:
            placed = calls.place_call(
                request.location, contact, requested_by=request.user, **form.cleaned_data
            )
        except calls.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("dialer:call", request.location.code, placed.code)
    status = 422 if form.errors else 200
    return render(request, "dialer/place_call.html", {"form": form, "contact": contact}, status=status)


@scoped()
def contact_calls(request: LocationRequest, contact_code: str) -> HttpResponse:
    """A contact's calls, why they were refused or wait, when the next one is planned: a part of the contact's page."""
    contact = get_object_or_404(Contact, location=request.location, code=contact_code)
    own = Call.objects.filter(contact=contact)
    found = list(own.select_related("campaign", "agent").order_by("-pk")[:20])
    for one in found:
        one.reason_words = [(code, words_of(code)) for code in one.reasons]  # type: ignore[attr-defined]
        one.failure = failure_words(one.failure_code) if _failed(one) else None  # type: ignore[attr-defined]
    context = {
        "contact": contact,
        "calls": found,
        "next_call": own.waiting().filter(held=False).order_by("due_at").first(),
    }
    return render(request, "dialer/_contact_calls.html", context)


@scoped()
def scheduled(request: LocationRequest) -> HttpResponse:
    """Calls planned for an instant, the next first, those of campaigns that only wait for their turn left out;
    with ?agent=, one agent's."""
    agent = Agent.objects.filter(location=request.location, code=request.GET.get("agent", "")).first()
    rows = (
        Call.objects.filter(location=request.location, state=State.SCHEDULED)
        .waiting()
        .select_related("contact", "campaign", "agent", "parent")
        .order_by("due_at", "pk")
    )
    if agent is not None:
        rows = rows.filter(agent=agent)
    anchor = Call.objects.filter(location=request.location, code=request.GET.get("after", "")).first()
    if anchor is not None:
        rows = rows.filter(due_at__gte=anchor.due_at).exclude(due_at=anchor.due_at, pk__lte=anchor.pk)
    found = list(rows[: PAGE + 1])
    context = {
        "calls": found[:PAGE],
        "agent": agent,
        "later": found[PAGE - 1].code if len(found) > PAGE else None,
        "is_first": anchor is None,
    }
    template = "dialer/_scheduled.html" if request.htmx else "dialer/scheduled.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@scoped()
def strip(request: LocationRequest) -> HttpResponse:
    return render(request, "dialer/_strip.html", {"strip": progress.strip_of(request.location)})
