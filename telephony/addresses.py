"""The addresses that the carrier is given. They are signed as given, so they are built here and nowhere else."""

from typing import Literal

from django.conf import settings

Callback = Literal["answer", "status", "amd", "recording", "action", "transfer", "review", "message"]


def callback_url(kind: Callback, token: str = "") -> str:
    """The absolute address of one callback of the attempt (of the review of a business) with this token.

    Text messages to all our numbers come to one address, which has no token.
    """
    return f"{settings.PUBLIC_URL}/voice/{kind}" + (f"/{token}" if token else "")


def relay_url(token: str) -> str:
    """The address of the attempt's conversation socket (ws only where the public address itself is http)."""
    scheme, rest = settings.PUBLIC_URL.split("://", 1)
    return f"{'wss' if scheme == 'https' else 'ws'}://{rest}/voice/relay/{token}"
