"""The filters of the call log: one form for the page, the tiles that link to it, and the CSV."""

from datetime import date, datetime, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.forms import DayField
from accounts.models import Location
from compliance.words import REASONS
from contacts.models import Contact
from dialer.audiences import matching
from dialer.models import Call, Campaign, Outcome
from dialer.states import LIVE, WAITING, Disposition, State
from voiceagents.models import Agent

RESULTS = {
    "attempted": "Attempted: all that were dialled",
    "waiting": "Waiting or scheduled",
    "live": "In flight",
    "connected": "Connected",
    "voicemail": "Voicemail",
    "no_answer": "No answer",
    "failed": "Failed",
    "rejected": "Refused by a rule",
    "canceled": "Canceled",
}

_RESULT_FILTERS: dict[str, Q] = {
    "attempted": Q(started_at__isnull=False),
    "waiting": Q(state__in=[state.value for state in WAITING]),
    "live": Q(state__in=[state.value for state in LIVE]),
    **{value: Q(disposition=value) for value in Disposition},
}


def with_result(calls: QuerySet[Call], result: str) -> QuerySet[Call]:
    """The calls of one of RESULTS."""
    return calls.filter(_RESULT_FILTERS[result])


def day_starts(location: Location, day: date) -> datetime:
    """The instant at which a day begins on the location's clock."""
    return datetime(day.year, day.month, day.day, tzinfo=location.zone)


def between(calls: QuerySet[Call], since: datetime | None, until: datetime | None) -> QuerySet[Call]:
    """Calls whose instant lies in [since, until): when it was dialled, else when it ended, else when it is due."""
    span: dict[str, datetime] = {}
    if since is not None:
        span["__gte"] = since
    if until is not None:
        span["__lt"] = until
    if not span:
        return calls

    def of(column: str) -> Q:
        return Q(**{f"{column}{suffix}": value for suffix, value in span.items()})

    return calls.filter(
        of("started_at")
        | (Q(started_at=None) & of("ended_at"))
        | (Q(started_at=None, ended_at=None) & of("due_at"))
    )


class DayFilter(django_filters.DateFilter):
    field_class = DayField


class CallFilter(django_filters.FilterSet):
    """What the log shows. Build it with `location`; the choices are that location's own."""

    search = django_filters.CharFilter(
        label="Name or number", method="filter_search", widget=forms.TextInput(attrs={"type": "search"})
    )
    result = django_filters.ChoiceFilter(
        label="Status", choices=list(RESULTS.items()), method="filter_result", empty_label="All"
    )
    campaign = django_filters.ModelChoiceFilter(
        queryset=Campaign.objects.none(), to_field_name="code", empty_label="All", label="Campaign"
    )
    agent = django_filters.ModelChoiceFilter(
        queryset=Agent.objects.none(), to_field_name="code", empty_label="All", label="Agent"
    )
    kind = django_filters.ChoiceFilter(
        label="Call type",
        choices=[("live", "Live calls"), ("test", "Test calls")],
        method="filter_kind",
        empty_label="Live and test",
    )
    outcome = django_filters.ChoiceFilter(label="Outcome", choices=Outcome.choices, empty_label="All")
    reason = django_filters.ChoiceFilter(
        label="Reason",
        choices=[(code, words.title) for code, words in REASONS.items()],
        method="filter_reason",
        empty_label="All",
    )
    since = DayFilter(label="From", method="filter_days")
    until = DayFilter(label="To", method="filter_days")

    class Meta:
        model = Call
        fields: list[str] = []

    def __init__(self, data: Any, *, location: Location, queryset: QuerySet[Call] | None = None) -> None:
        self.location = location
        super().__init__(data, queryset=Call.objects.for_location(location) if queryset is None else queryset)
        self.filters["campaign"].queryset = Campaign.objects.filter(location=location).order_by("-created_at")
        self.filters["agent"].queryset = Agent.objects.filter(location=location)

    def filter_search(self, calls: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        found = Contact.objects.filter(matching(value), location=self.location, pk=OuterRef("contact_id"))
        return calls.filter(Exists(found))

    def filter_result(self, calls: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        return with_result(calls, value)

    def filter_kind(self, calls: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        return calls.filter(is_test=value == "test")

    def filter_reason(self, calls: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        # A JSON list of codes, none of which is a part of another within quotes; SQLite has no "contains" for JSON.
        return calls.filter(reasons__icontains=f'"{value}"')

    def filter_days(self, calls: QuerySet[Call], name: str, value: date) -> QuerySet[Call]:
        """Both days together, once: whichever of the two filters comes first applies the span."""
        chosen = self.form.cleaned_data
        if name == "until" and chosen.get("since"):
            return calls
        since, until = chosen.get("since"), chosen.get("until")
        return between(
            calls,
            day_starts(self.location, since) if since else None,
            day_starts(self.location, until + timedelta(days=1)) if until else None,
        )


def is_waiting(call: Call) -> bool:
    return State(call.state) in WAITING


def is_live(call: Call) -> bool:
    return State(call.state) in LIVE


def local_today(location: Location) -> date:
    return timezone.now().astimezone(location.zone).date()
