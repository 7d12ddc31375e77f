"""Pages of the launch forecast."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from chartjs.views.lines import BaseLineChartView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify

from accounts import jobs
from accounts.access import LocationRequest, scoped
from accounts.models import Location, Role
from accounts.streams import streamed_csv
from compliance.words import words_of
from contacts.cells import guard
from dialer import forecasts
from dialer.models import Campaign, CampaignState, Forecast, ForecastContact
from dialer.progress import Why
from dialer.virtual_clock import Result

PAGE, CHUNK = 50, 2_000
# A longer launch is drawn by days; up to this many days by hours.
DAYS_BY_HOUR = 3
# Days of the table on the page; the CSV has them all.
DAYS_SHOWN = 62

WORDS = {
    Result.CALLED: "Called",
    Result.REFUSED: "Refused by a rule",
    Result.UNREACHED: "Not reached before the end",
}


def _campaign(location: Location, code: str) -> Campaign:
    found = get_object_or_404(
        Campaign.objects.select_related("agent", "test_agent"), location=location, code=code
    )
    found.location = location
    return found


def _made(location: Location, code: str) -> Forecast:
    """The newest forecast of the campaign; 404 before there is one."""
    found = forecasts.newest(_campaign(location, code))
    if found is None:
        raise Http404("No forecast was made")
    return found


def shown(campaign: Campaign) -> dict[str, Any]:
    """What the campaign's page and the forecast's own say of the newest forecast."""
    job, found = forecasts.job_of(campaign), forecasts.newest(campaign)
    context: dict[str, Any] = {
        "forecast": found,
        "forecast_job": job
        if job is not None and (found is None or job.result.get("forecast") != found.code)
        else None,
        "forecast_running": job is not None and jobs.is_alive(job),
    }
    if found is not None:
        results = found.summary["results"]
        context |= {
            "called": results.get(Result.CALLED, 0),
            "refused": results.get(Result.REFUSED, 0),
            "unreached": results.get(Result.UNREACHED, 0),
            "first": _instant(found.summary["first"]),
            "last": _instant(found.summary["last"]),
        }
        if campaign.state == CampaignState.DRAFT:
            context["changed"] = forecasts.changed_since(found, campaign)
    return context


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


@scoped(write=Role.STAFF)
def forecast(request: LocationRequest, code: str) -> HttpResponse:
    """The forecast of a campaign; a POST makes a new one in the background."""
    found = _campaign(request.location, code)
    if request.method == "POST":
        if forecasts.start(found, request.user) is None:
            messages.info(
                request,
                "A forecast is being made already."
                if found.state == CampaignState.DRAFT
                else "The campaign was launched: its page shows what really happens.",
            )
        return redirect("dialer:campaign_forecast", request.location.code, code)
    context = {"campaign": found, **shown(found)}
    if made := context["forecast"]:
        days = _days(made)
        context |= {
            "days": days[:DAYS_SHOWN],
            "more_days": max(0, len(days) - DAYS_SHOWN),
            "hours": sorted({hour for day in days for hour in (*day["hours"], *day["put_off_in"])}),
            "refusals": _whys(made.summary["refused"]),
            "delays": _whys(made.summary["waited"]),
        }
        for day in context["days"]:
            day["cells"] = [
                (day["hours"].get(hour), day["put_off_in"].get(hour)) for hour in context["hours"]
            ]
    template = "dialer/_forecast.html" if request.htmx else "dialer/forecast.html"
    return render(request, template, context)


def _whys(counts: dict[str, int]) -> list[Why]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [Why(code, words_of(code), count) for code, count in ordered]


def _days(made: Forecast) -> list[dict[str, Any]]:
    """The calendar by days on which anything happens: date, calls and delays by hour, the sums of both, other calls."""
    days = []
    for written, rows in groupby(made.summary["hours"], key=lambda row: row[0]):
        hours = list(rows)
        called = {hour: calls for _, hour, calls, _, _ in hours if calls}
        put_off = {hour: times for _, hour, _, _, times in hours if times}
        days.append(
            {
                "date": date.fromisoformat(written),
                "hours": called,
                "put_off_in": put_off,
                "called": sum(called.values()),
                "before": sum(row[3] for row in hours),
                "put_off": sum(put_off.values()),
            }
        )
    return days


class Calendar(BaseLineChartView):
    """The chart's numbers as JSON: calls and delays by day, or by hour where the launch takes few days."""

    made: Forecast | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The base class would put the view object itself, named by its address in memory, into the JSON.
        made = self.made
        assert made is not None
        self.bars: dict[str, list[int]] = {}
        by_hour = len(_days(made)) <= DAYS_BY_HOUR
        for written, hour, *counts in made.summary["hours"]:
            day = date.fromisoformat(written)
            label = f"{day:%a} {day.day} {day:%b}" + (f" {hour:02}:00" if by_hour else "")
            bar = self.bars.setdefault(label, [0, 0, 0])
            for n, count in enumerate(counts):
                bar[n] += count
        return {"labels": self.get_labels(), "datasets": self.get_datasets()}

    def get_labels(self) -> list[str]:
        return list(self.bars)

    def get_providers(self) -> list[str]:
        return ["This campaign", "Calls that wait already", "Put off in that time"]

    def get_data(self) -> list[list[int]]:
        return [[bar[n] for bar in self.bars.values()] for n in range(3)]

    def get_datasets(self) -> list[dict[str, Any]]:
        """Delays are no calls: they stand beside them, not on top of them."""
        return [
            {"label": label, "data": data, "stack": "put off" if n == 2 else "calls"}
            for n, (label, data) in enumerate(zip(self.get_providers(), self.get_data(), strict=True))
            if n == 0 or any(data)
        ]


@scoped()
def forecast_chart(request: LocationRequest, code: str) -> HttpResponseBase:
    return Calendar.as_view(made=_made(request.location, code))(request)


@scoped()
def forecast_calendar(request: LocationRequest, code: str) -> HttpResponseBase:
    """The calendar as CSV: a row for each hour of the location's clock in which anything happens."""
    made = _made(request.location, code)
    rows = [["Date", "Hour", "Calls", "Other calls that wait already", "Put off"]]
    rows += [[day, f"{hour:02}:00", *counts] for day, hour, *counts in made.summary["hours"]]
    return _csv(request, made, "calendar", iter([rows]))


@scoped()
def forecast_contacts(request: LocationRequest, code: str) -> HttpResponse:
    """Who is called when, and who is not and why; ?result= and ?reason= choose."""
    made = _made(request.location, code)
    result, reason, found = _chosen(request, made)
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        found = found.filter(pk__gt=int(after))
    rows = list(found.select_related("contact").order_by("pk")[: PAGE + 1])
    for row in rows:
        row.why = [words_of(each) for each in row.reasons]  # type: ignore[attr-defined]
    context = {
        "campaign": made.campaign,
        "forecast": made,
        "rows": rows[:PAGE],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "result": result,
        "reason": reason,
        "reason_words": words_of(reason) if reason else None,
        "results": [(each.value, words) for each, words in WORDS.items()],
    }
    template = "dialer/_forecast_contacts.html" if request.htmx else "dialer/forecast_contacts.html"
    return render(request, template, context)


def _chosen(request: HttpRequest, made: Forecast) -> tuple[str, str, Any]:
    result, reason = request.GET.get("result", ""), request.GET.get("reason", "")
    found = ForecastContact.objects.filter(forecast=made)
    if result in WORDS:
        found = found.filter(result=result)
    else:
        result = ""
    if reason in made.summary["refused"] or reason in made.summary["waited"]:
        # A JSON list of codes, none of which is a part of another within quotes.
        found = found.filter(reasons__icontains=f'"{reason}"')
    else:
        reason = ""
    return result, reason, found


@scoped()
def forecast_contacts_csv(request: LocationRequest, code: str) -> HttpResponseBase:
    made = _made(request.location, code)
    _, _, found = _chosen(request, made)
    return _csv(request, made, "contacts", _contact_rows(request.location, found))


def _contact_rows(location: Location, found: Any) -> Iterator[list[list[Any]]]:
    yield [["First name", "Last name", "Number", "Forecast", "When", "Reasons", "Reason codes"]]
    last = 0
    columns = (
        "pk", "contact__first_name", "contact__last_name", "contact__phone", "result", "at", "reasons",
    )  # fmt: skip
    while rows := list(found.filter(pk__gt=last).order_by("pk").values_list(*columns)[:CHUNK]):
        last = rows[-1][0]
        yield [
            [
                guard(first),
                guard(family),
                guard(phone),
                WORDS[Result(result)],
                at.astimezone(location.zone).isoformat(sep=" ", timespec="seconds")
                if result == Result.CALLED
                else "",
                "; ".join(words_of(reason).title for reason in reasons),
                " ".join(reasons),
            ]
            for _, first, family, phone, result, at, reasons in rows
        ]


def _csv(
    request: LocationRequest, made: Forecast, what: str, chunks: Iterator[list[list[Any]]]
) -> HttpResponseBase:
    name = f"forecast-{slugify(made.campaign.name) or made.campaign.code}-{what}.csv"
    return streamed_csv(request, name, chunks)
