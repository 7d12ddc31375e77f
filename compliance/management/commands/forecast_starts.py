from typing import Any

from compliance.forecast import forecast_starts
from compliance.jsonlines import JsonLinesCommand, count_of, instant, needed, written, zone_at

# At 1,000 calls a day this is nearly three years ahead, and its answer one line of some 20 MB.
MOST_CALLS = 1_000_000


class Command(JsonLinesCommand):
    help = (
        "When would a batch of calls to different numbers start, all other checks passing? One JSON object "
        'a line on standard input: {"queued_at": "2026-03-02T16:00:00Z", "calls": 3, '
        '"location_timezone": "America/Denver", "contact_zone": "America/Denver"}'
    )

    def answer(self, line: dict[str, Any]) -> dict[str, Any]:
        queued_at = instant(needed(line, "queued_at"), "queued_at")
        calls = count_of(needed(line, "calls"), "calls", MOST_CALLS)
        location_zone, contact_zone = zone_at(line, "location_timezone"), zone_at(line, "contact_zone")
        starts = forecast_starts(queued_at, calls, location_zone, (contact_zone,))
        return {"starts": [written(start) for start in starts]}
