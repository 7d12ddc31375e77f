"""Addresses that the carrier calls; each carries the token of what it is about."""

from django.urls import re_path

from telephony.webhooks import callback

app_name = "telephony"
urlpatterns = [
    re_path(
        r"^(?P<kind>answer|status|amd|recording|action|transfer|review)/(?P<token>[0-9a-f]{40})$",
        callback,
        name="callback",
    )
]
