"""WSGI entry: pages and webhooks only, for installations that keep the sockets in processes of their own."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_wsgi_application()

from granian.utils.proxies import wrap_wsgi_with_proxy_headers  # noqa: E402

from accounts.garbage import collect_seldom  # noqa: E402
from config.bodies import declared_only  # noqa: E402  (models are needed, so Django first)

# The visitor's address comes from the proxies named in FORWARDED_ALLOW_IPS, as uvicorn believes them too.
application = wrap_wsgi_with_proxy_headers(
    declared_only(pages), trusted_hosts=os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
)

collect_seldom()
