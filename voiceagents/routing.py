"""Addresses of the conversation sockets."""

from django.urls import URLPattern, re_path

from voiceagents.relay import RelayConsumer

websocket_urlpatterns: list[URLPattern] = [
    re_path(r"^voice/relay/(?P<token>[0-9a-f]{40})$", RelayConsumer.as_asgi()),  # type: ignore[arg-type]
]
