"""Every address of the product. Pages of a location live under /l/<its code>/."""

from django.urls import include, path

from compliance.hosted import agree
from dashboards.health import healthz, metrics

handler500 = "accounts.views.server_error"
LOCATION = "l/<slug:location_code>/"

urlpatterns = [
    path("", include("accounts.urls")),
    path("account/", include("allauth.urls")),
    path("agree/<slug:public_code>", agree, name="agree"),
    path("api/v1/", include("compliance.api_urls")),
    path("o/", include("dialer.public_urls")),
    path("voice/", include("telephony.urls")),
    path(LOCATION + "contacts/", include("contacts.urls")),
    path(LOCATION + "compliance/", include("compliance.urls")),
    path(LOCATION + "numbers/", include("phone_numbers.urls")),
    path(LOCATION + "agents/", include("voiceagents.urls")),
    path(LOCATION, include("dialer.urls")),
    path(LOCATION + "dashboards/", include("dashboards.urls")),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
]
