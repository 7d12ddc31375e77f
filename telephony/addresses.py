"""The addresses that the carrier is given. They are signed as given, so they are built here and nowhere else."""

from typing import Literal

from django.conf import settings

Callback = Literal["answer", "status", "amd", "recording", "action", "transfer", "review"]


def callback_url(kind: Callback, token: str) -> str:
    """The absolute address of one callback of the attempt (of the review of a business) with this token."""
    return f"{settings.PUBLIC_URL}/voice/{kind}/{token}"


def relay_url(token: str) -> str:
    """The address of the attempt's conversation socket (ws only where the public address itself is http)."""
    scheme, rest = settings.PUBLIC_URL.split("://", 1)
    return f"{'wss' if scheme == 'https' else 'ws'}://{rest}/voice/relay/{token}"
