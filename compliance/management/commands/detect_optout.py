"""Does an utterance or a message ask us to stop? See `compliance.optout`."""

from collections.abc import Mapping
from typing import Any

from compliance.jsonlines import JsonLinesCommand, UnreadableLineError, text_at
from compliance.optout import detect_optout


class Command(JsonLinesCommand):
    help = 'Reads {"channel", "language", "text"} a line; answers stop_calling, kind and blacklist_risk.'

    def answer(self, line: dict[str, Any]) -> Mapping[str, Any]:
        text = text_at(line, "text")
        channel = text_at(line, "channel")
        if channel not in ("sms", "voice"):
            raise UnreadableLineError(f'channel {channel[:40]!r} is not known. Write "sms" or "voice".')
        found = detect_optout(text, channel, str(line.get("language") or "en"))
        return {
            "stop_calling": found.stop_calling,
            "kind": found.kind,
            "blacklist_risk": found.blacklist_risk,
        }
