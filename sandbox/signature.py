"""``X-Twilio-Signature`` as Twilio computes it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

Params = list[tuple[str, str]]


def sign(token: str, url: str, params: Iterable[tuple[str, str]] = ()) -> str:
    """Sign ``url`` with the form fields of a POST (none for GET and for a WebSocket upgrade).

    The fragment of the URL is never sent and never signed. Keys are sorted by code point; the values of a
    repeated key are de-duplicated and sorted, each appended with its key.
    """
    values: dict[str, set[str]] = {}
    for key, value in params:
        values.setdefault(key, set()).add(value)
    text = url.partition("#")[0] + "".join(
        key + value for key in sorted(values) for value in sorted(values[key])
    )
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
