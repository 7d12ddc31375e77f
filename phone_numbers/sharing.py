"""QR codes that open a visitor's dialer, or a text message, with one of our numbers in it."""

import io
from typing import Literal

import segno

Way = Literal["call", "text"]
QUIET_ZONE = 4  # modules, as the standard wants around a code


def uri(number: str, way: Way) -> str:
    """What the code says: `tel:+13035550150` (RFC 3966) or `sms:+13035550150` (RFC 5724)."""
    return f"{'tel' if way == 'call' else 'sms'}:{number}"


def svg(number: str, way: Way) -> bytes:
    """The code as a picture of any size."""
    out = io.BytesIO()
    segno.make(uri(number, way), error="m").save(
        out, kind="svg", border=QUIET_ZONE, scale=8, dark="#000", light="#fff"
    )
    return out.getvalue()


def png(number: str, way: Way) -> bytes:
    """The code as a picture of some 500 pixels, for flyers and signs."""
    out = io.BytesIO()
    segno.make(uri(number, way), error="m").save(out, kind="png", border=QUIET_ZONE, scale=16)
    return out.getvalue()
