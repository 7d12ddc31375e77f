from typing import Any

from compliance.jsonlines import JsonLinesCommand, instant, needed, text_at, written
from compliance.windows import next_open
from compliance.zones import place_of


class Command(JsonLinesCommand):
    help = (
        "May a number be called at an instant, by the 08:00-20:00 rule alone? One JSON object a line on "
        'standard input: {"number": "+13035550142", "at": "2026-03-02T15:30:00Z"}'
    )

    def answer(self, line: dict[str, Any]) -> dict[str, Any]:
        number = text_at(line, "number")
        at = instant(needed(line, "at"), "at")
        zones = place_of(number).zones
        opens = next_open(zones, at)
        return {"allowed": opens == at, "next_allowed": written(opens), "zones": list(zones)}
