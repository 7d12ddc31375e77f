"""What a finished call led to, without a model. See `voiceagents.understanding.followup`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers

from compliance.jsonlines import JsonLinesCommand, UnreadableLineError, instant, list_at, object_at, text_at
from voiceagents.understanding.dates import When
from voiceagents.understanding.followup import CallStatus, Turn, detect_followup


class Command(JsonLinesCommand):
    help = (
        "Reads a transcript, its call status and its end a line; answers follow-up, when, whom and outcome."
    )

    def answer(self, line: dict[str, Any]) -> Mapping[str, Any]:
        reference = object_at(line, "reference")
        status = text_at(line, "call_status")
        if status not in get_args(CallStatus):
            raise UnreadableLineError(
                f"call_status {status[:40]!r} is not known. Write one of: {', '.join(get_args(CallStatus))}."
            )
        region = text_at(line, "default_region").upper()
        if region not in phonenumbers.SUPPORTED_REGIONS:
            raise UnreadableLineError(
                f'default_region {region[:40]!r} is no country. Write two letters, as in "US".'
            )
        found = detect_followup(
            [_turn(each, number) for number, each in enumerate(list_at(line, "transcript"))],
            status,  # type: ignore[arg-type]
            instant(reference.get("at"), "reference.at"),
            _zone(text_at(reference, "timezone", "reference.")),
            str(line.get("language") or "en"),
            region,
        )
        return {
            "follow_up": found.follow_up,
            "kind": found.kind,
            "when": _when(found.when),
            "confidence": found.confidence,
            "reason": found.reason,
            "alternative_number": found.alternative_number,
            "alternative_name": found.alternative_name,
            "alternative_role": found.alternative_role,
            "blacklist": {"add": found.blacklist, "risk": found.blacklist_risk},
            "outcome": found.outcome,
        }


def _turn(value: Any, number: int) -> Turn:
    where = f"transcript[{number}]."
    if not isinstance(value, dict):
        raise UnreadableLineError(
            f'transcript[{number}] is not an object. Write {{"speaker": "contact", "text": "..."}}.'
        )
    speaker = text_at(value, "speaker", where)
    if speaker not in ("agent", "contact"):
        raise UnreadableLineError(
            f'{where}speaker {speaker[:40]!r} is not known. Write "agent" or "contact".'
        )
    return Turn(speaker, text_at(value, "text", where))  # type: ignore[arg-type]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnreadableLineError(
            f'reference.timezone {name[:60]!r} is no IANA time zone. Write one such as "America/Denver".'
        ) from error


def _when(when: When | None) -> dict[str, str] | None:
    if when is None:
        return None
    if when.end is None:
        return {"type": "exact", "at": _minute(when.start)}
    return {"type": "window", "start": _minute(when.start), "end": _minute(when.end)}


def _minute(at: datetime) -> str:
    return at.replace(second=0, microsecond=0).isoformat()
