"""Prometheus figures of the whole installation, read from the database at each scrape: every process answers the same.

Each is one indexed query over rows that are few however many calls were ever made.
"""

from collections.abc import Iterator
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min, QuerySet
from django.utils.timezone import now
from django_q.models import OrmQ
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from accounts.database import is_postgresql
from accounts.transactions import oldest
from dialer import baton
from dialer.models import Attempt, AttemptState, Baton, Call
from telephony.models import CarrierAccount

log = structlog.get_logger(__name__)
OPEN = (AttemptState.RESERVED, AttemptState.ACCEPTED, AttemptState.UNKNOWN)
# What follows a call takes seconds; what took longer is behind.
BEHIND = timedelta(minutes=5)


class Installation(Collector):
    """All figures, or `parley_database_up 0` alone when the database does not answer."""

    def collect(self) -> Iterator[Metric]:
        try:
            figures = [*drains(), *dials(), *calls(), *tasks(), *transactions()]
        except DatabaseError as error:
            log.warning("figures_not_read", error=str(error))
            figures = []
        yield GaugeMetricFamily("parley_database_up", "1 when the database answered", bool(figures))
        yield from figures


def drains() -> Iterator[Metric]:
    row = Baton.objects.filter(name=baton.NAME).first() or Baton()
    yield CounterMetricFamily("parley_decisions", "Decisions recorded by all drains", row.decided)
    yield CounterMetricFamily("parley_dials", "Dials handed to the carrier by all drains", row.dialled)
    yield GaugeMetricFamily("parley_seats_busy", "Requests under way in the working drain", row.seats_busy)
    if row.beat_at is not None:
        age = (now() - row.beat_at).total_seconds()
        yield GaugeMetricFamily("parley_drain_beat_age_seconds", "Since a drain last showed life", age)


def dials() -> Iterator[Metric]:
    counted = Attempt.objects.filter(state__in=OPEN).values_list("state").annotate(Count("pk"))
    found = {**dict.fromkeys(OPEN, 0), **dict(counted.order_by())}
    family = GaugeMetricFamily("parley_dials_open", "Dials that did not come to their end", labels=["state"])
    for state, count in found.items():
        family.add_metric([str(state)], count)
    yield family
    halted = CarrierAccount.objects.exclude(halted_at=None).count()
    yield GaugeMetricFamily("parley_accounts_halted", "Carrier accounts that wait for a person", halted)


def calls() -> Iterator[Metric]:
    # The conditions of the partial index call_to_analyse, word for word.
    behind = Call.objects.filter(
        analysed_at=None, ended_at__isnull=False, started_at__isnull=False, ended_at__lt=now() - BEHIND
    )
    yield GaugeMetricFamily(
        "parley_calls_not_analysed", "Calls that ended five minutes ago, without what follows", behind.count()
    )


def tasks() -> Iterator[Metric]:
    """A waiting task's lock is the instant it was queued; a taken one's lies in the future."""
    family = GaugeMetricFamily(
        "parley_task_wait_seconds", "Age of the oldest waiting task", labels=["cluster"]
    )
    waiting: QuerySet = OrmQ.objects.filter(lock__lt=(at := now())).order_by()
    oldest = dict(waiting.values_list("key").annotate(Min("lock")))
    for cluster in (settings.Q_CLUSTER["name"], *settings.Q_CLUSTER.get("ALT_CLUSTERS", ())):
        since = oldest.get(cluster)
        family.add_metric([cluster], (at - since).total_seconds() if since else 0)
    yield family


def transactions() -> Iterator[Metric]:
    """An old transaction keeps dead rows alive, over which the drain slows down."""
    if not is_postgresql():
        return
    found = oldest()
    age = found.age.total_seconds() if found else 0
    yield GaugeMetricFamily("parley_transaction_age_seconds", "Age of the oldest open transaction", age)


INSTALLATION = CollectorRegistry(auto_describe=False)
INSTALLATION.register(Installation())
