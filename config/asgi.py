"""ASGI entry: pages and webhooks by Django, conversation sockets by Channels."""

import os
import sys

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402  (models are needed, so Django first)

from accounts.garbage import collect_seldom  # noqa: E402
from compliance.optout import detect_optout  # noqa: E402
from config.bodies import Bodies  # noqa: E402
from voiceagents.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter({"http": Bodies(http), "websocket": URLRouter(websocket_urlpatterns)})

# Whoever speaks first to this process does not wait until it has read how people say no.
detect_optout("What are your opening hours?")
# The collector's pauses are heard in calls.
collect_seldom()
# So are those of threads that work for pages and the database: they hand the interpreter back within half a
# millisecond, where Python's default is five, a thread and an answer's token.
sys.setswitchinterval(0.0005)
