"""The page at /: recent calls and their state, for a person who looks."""

from __future__ import annotations

from html import escape

from sandbox.carrier import Carrier
from sandbox.clock import rfc2822

CALLS_SHOWN = 100
HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<title>Sandbox carrier</title><style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c2733 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .6rem }
th { border-bottom: 2px solid #ccd5de } td { border-bottom: 1px solid #e5eaef } .quiet { color: #5b6875 }
code { font-size: .85em }
</style></head><body><h1>Sandbox carrier</h1>"""


def render(carrier: Carrier) -> str:
    calls = list(carrier.store.calls.values())
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{cell}</td>"
            for cell in (
                escape(rfc2822(call.created) or ""),
                escape(call.from_),
                escape(call.to),
                f"<strong>{escape(call.status)}</strong>",
                "" if call.duration is None else f"{call.duration} s",
                escape(
                    carrier.cast.personas[call.persona].title if call.persona in carrier.cast.personas else ""
                ),
                f"<code>{escape(call.sid)}</code>",
            )
        )
        + "</tr>"
        for call in reversed(calls[-CALLS_SHOWN:])
    )
    live = sum(1 for call in calls if not call.is_over)
    heads = "".join(
        f"<th scope='col'>{name}</th>"
        for name in ("Asked for", "From", "To", "State", "Length", "Who", "Call")
    )
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    empty = "" if rows else "<p>No calls yet. They appear here as the product places them.</p>"
    return (
        f"{HEAD}<p class='quiet'>A phone network in a box: no call leaves this machine. "
        f"{len(calls)} calls, {live} live, {len(carrier.faults.active)} faults active, "
        f"speed {carrier.clock.speed:g}.</p>{table}{empty}</body></html>"
    )
