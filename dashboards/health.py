"""What supervisors and monitors ask."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.utils.timezone import now
from django_prometheus.exports import ExportToDjangoView
from django_q.models import OrmQ
from prometheus_client import generate_latest

from accounts import transactions
from dashboards.installation import INSTALLATION
from dialer import baton
from dialer.claim import anything_due


def healthz(request: HttpRequest) -> JsonResponse:
    """200 while everything moves; 503 naming the part that does not, and why, so that just that is restarted.

    `warnings` name what no restart mends. Anybody may ask, so they say no more than that it is so.
    """
    at = now()
    parts = {}
    if baton.is_lost() and anything_due(at - baton.LOST, at - baton.LOST):
        age = baton.age()
        parts["dialer"] = "calls are due, but no drain has shown life " + (
            "yet" if age is None else f"for {age.total_seconds():.0f} s"
        )
    # A waiting task's lock is the instant it was queued; a taken one's lies in the future.
    waiting = (
        OrmQ.objects.filter(key=settings.Q_CLUSTER["name"], lock__lt=at - baton.LOST).order_by("lock").first()
    )
    if waiting is not None:
        parts["worker"] = f"a task waits since {waiting.lock:%H:%M:%S} UTC"
    warnings = {}
    found = transactions.oldest()
    if found is not None and found.age > transactions.OLD:
        minutes = found.age.total_seconds() // 60
        warnings["database"] = f"a transaction has been open for {minutes:.0f} minutes"
    return JsonResponse(
        {"status": "stale" if parts else "ok", "parts": parts, "warnings": warnings},
        status=503 if parts else 200,
    )


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures of this process and of the installation, for whoever has METRICS_TOKEN as a bearer.

    Without a token, for this machine only.
    """
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not constant_time_compare(given, settings.METRICS_TOKEN):
            raise PermissionDenied
    elif request.META.get("REMOTE_ADDR") not in ("127.0.0.1", "::1") or "X-Forwarded-For" in request.headers:
        raise PermissionDenied
    response = ExportToDjangoView(request)
    response.content += generate_latest(INSTALLATION)
    return response
