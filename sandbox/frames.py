"""ConversationRelay frames from the product: read, checked, named. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

# Since 2026-10-28 Twilio also takes these; their JSON is not documented, so the sandbox accepts and ignores them.
DYNAMIC = frozenset({"config", "hints"})


class BadFrameError(ValueError):
    """Twilio would answer with an ``error`` frame and count it."""


@dataclass(frozen=True, slots=True)
class Frame:
    type: str
    data: dict[str, Any]


def read(raw: str | bytes) -> Frame:
    if isinstance(raw, bytes):
        raise BadFrameError("binary frame")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as exc:
        raise BadFrameError("not JSON") from exc
    if not isinstance(data, dict):
        raise BadFrameError("not a JSON object")
    kind = data.get("type")
    check = _CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None and kind not in DYNAMIC:
        raise BadFrameError("unknown type")
    if check and not check(data):
        raise BadFrameError(f"wrong fields for {kind}")
    return Frame(str(kind), data)


def _flags(data: dict[str, Any], *names: str) -> bool:
    return all(isinstance(data.get(name, False), bool) for name in names)


def _text(data: dict[str, Any]) -> bool:
    return (
        isinstance(data.get("token"), str)
        and _flags(data, "last", "interruptible", "preemptible")
        and isinstance(data.get("lang", ""), str)
    )


def _play(data: dict[str, Any]) -> bool:
    loop = data.get("loop", 1)
    return (
        isinstance(data.get("source"), str)
        and bool(data["source"])
        and isinstance(loop, int)
        and not isinstance(loop, bool)
        and 0 <= loop <= 1000
        and _flags(data, "preemptible", "interruptible")
    )


def _digits(data: dict[str, Any]) -> bool:
    return isinstance(data.get("digits"), str) and re.fullmatch(r"[0-9w#*]+", data["digits"]) is not None


def _language(data: dict[str, Any]) -> bool:
    given = [data[name] for name in ("ttsLanguage", "transcriptionLanguage") if name in data]
    return bool(given) and all(isinstance(value, str) and value for value in given)


def _end(data: dict[str, Any]) -> bool:
    return data.get("handoffData") is None or isinstance(data["handoffData"], str)


_CHECKS = {"text": _text, "play": _play, "sendDigits": _digits, "language": _language, "end": _end}
