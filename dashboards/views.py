"""Pages of figures."""

from typing import Any, cast

from chartjs.views.lines import BaseLineChartView
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from accounts.access import LocationRequest, scoped
from accounts.formatting import duration
from accounts.models import Location
from compliance import opt_in, seal_checks
from compliance.list_views import warned_lists
from dashboards.figures import Days, Figures, figures
from dashboards.forms import RANGES, RangeForm
from dialer.filters import local_today
from dialer.models import Campaign, CampaignState
from dialer.progress import of_campaigns, strip_of
from dialer.states import Disposition

# Each disposition in the colour of its status; the key is one of static/js/charts.js, told apart when colour-blind.
SERIES = {
    Disposition.CONNECTED.value: ("Connected", "green"),
    Disposition.VOICEMAIL.value: ("Voicemail", "purple"),
    Disposition.NO_ANSWER.value: ("No answer", "amber"),
    Disposition.FAILED.value: ("Failed", "red"),
}


UNDER_WAY = (CampaignState.LAUNCHING, CampaignState.RUNNING, CampaignState.PAUSED)


def _log_url(location: Location, days: Days, test: bool, **chosen: str) -> str:
    query = {"since": str(days.first), "until": str(days.last), "kind": "test" if test else "live", **chosen}
    return f"{reverse('dialer:calls', args=[location.code])}?{urlencode(query)}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} % of attempted" if whole else ""


def _tiles(location: Location, found: Figures, days: Days, test: bool) -> list[dict[str, Any]]:
    """label, figure, icon, colour, note and the address of the log with the same calls, for each tile."""

    def tile(
        label: str, figure: object, result: str, icon: str, colour: str = "", note: str = ""
    ) -> dict[str, Any]:
        url = _log_url(location, days, test, result=result)
        return {"label": label, "figure": figure, "icon": icon, "colour": colour, "note": note, "url": url}

    whole = found.attempted
    average = found.average_talk_seconds
    reasons = ", ".join(f"{words.title.lower()} {count:,}" for _, words, count in found.reasons[:2])
    return [
        tile("Attempted", f"{whole:,}", "attempted", "phone-outgoing", "blue"),
        tile(
            "Connected",
            f"{found.connected:,}",
            "connected",
            "circle-check",
            "green",
            _share(found.connected, whole),
        ),
        tile(
            "Voicemail",
            f"{found.voicemail:,}",
            "voicemail",
            "record-mail",
            "purple",
            _share(found.voicemail, whole),
        ),
        tile(
            "No answer",
            f"{found.no_answer:,}",
            "no_answer",
            "phone-x",
            "amber",
            _share(found.no_answer, whole),
        ),
        tile("Failed", f"{found.failed:,}", "failed", "alert-circle", "red", _share(found.failed, whole)),
        tile(
            "Refused by a rule",
            f"{found.refused:,}",
            "rejected",
            "shield-x",
            "orange",
            reasons or "cost nothing",
        ),
        tile("Talk time", duration(found.talk_seconds), "connected", "clock"),
        tile("Average talk time", None if average is None else duration(average), "connected", "clock"),
    ]


@scoped()
def home(request: LocationRequest) -> HttpResponseBase:
    return redirect("dashboards:outbound", request.location.code)


@scoped()
def outbound(request: LocationRequest) -> HttpResponse:
    """Tiles, calls by day, reasons of refusals; live or test calls of a range of the location's days."""
    form = RangeForm(request.GET, location=request.location)
    form.is_valid()
    days = form.days()
    found = figures(request.location, days, test=form.test)
    context = {
        "form": form,
        "days": days,
        "ranges": RANGES,
        "range": form.chosen_range,
        "test": form.test,
        "tiles": _tiles(request.location, found, days, form.test),
        "found": found,
        "reasons": [
            (words, count, _log_url(request.location, days, form.test, result="rejected", reason=code))
            for code, words, count in found.reasons
        ],
    }
    template = "dashboards/_outbound.html" if request.htmx else "dashboards/outbound.html"  # type: ignore[attr-defined]
    return render(request, template, context)


class CallsByDay(BaseLineChartView):
    """The chart's numbers as JSON; a day to come is null, which is drawn as a gap and not as zero."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The base class would put the view object itself, named by its address in memory, into the JSON.
        request = cast(LocationRequest, self.request)
        form = RangeForm(request.GET, location=request.location)
        form.is_valid()
        self.days = figures(request.location, form.days(), test=form.test).days
        self.today = form.today
        return {"labels": self.get_labels(), "datasets": self.get_datasets()}

    def get_labels(self) -> list[str]:
        return [f"{day.date:%a} {day.date.day} {day.date:%b}" for day in self.days]

    def get_providers(self) -> list[str]:
        return [label for label, _ in SERIES.values()]

    def get_data(self) -> list[list[int | None]]:
        return [
            [day.counts[disposition] if day.date <= self.today else None for day in self.days]
            for disposition in SERIES
        ]

    def get_datasets(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "status": colour, "data": data}
            for (label, colour), data in zip(SERIES.values(), self.get_data(), strict=True)
        ]


calls_by_day = scoped()(CallsByDay.as_view())


@scoped()
def today(request: LocationRequest) -> HttpResponse:
    """Today's board, a part of Home."""
    day = local_today(request.location)
    days = Days(day, day)
    found = figures(request.location, days, test=False)
    running = list(
        Campaign.objects.filter(location=request.location, state__in=UNDER_WAY).order_by("-launched_at")[:10]
    )
    progresses = of_campaigns(running)
    context = {
        "tiles": _tiles(request.location, found, days, False),
        "strip": strip_of(request.location),
        "campaigns": [(campaign, progresses[campaign.pk]) for campaign in running],
        "has_draft": Campaign.objects.filter(location=request.location, state=CampaignState.DRAFT).exists(),
        **opt_in.warnings(request.location),
        "warned": warned_lists(request),
        "deviating": seal_checks.deviating(request.location),
    }
    return render(request, "dashboards/_today.html", context)
