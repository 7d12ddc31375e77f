"""Addresses that the carrier calls; each carries the token of what it is about."""

from django.urls import path, re_path

from telephony.webhooks import callback

app_name = "telephony"
urlpatterns = [
    re_path(
        r"^(?P<kind>answer|status|amd|recording|action|transfer|review)/(?P<token>[0-9a-f]{40})$",
        callback,
        name="callback",
    ),
    path("message", callback, {"kind": "message", "token": ""}, name="message"),
]
