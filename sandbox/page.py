"""The pages for a person: / with recent calls and texts and their state, /text to text one of our numbers."""

from __future__ import annotations

from html import escape

from sandbox.carrier import Carrier
from sandbox.clock import rfc2822

CALLS_SHOWN = 100
TEXTS_SHOWN = 20
_HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8">{refresh}
<meta name="viewport" content="width=device-width"><title>Sandbox carrier</title><style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c2733 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .6rem }
th { border-bottom: 2px solid #ccd5de } td { border-bottom: 1px solid #e5eaef } .quiet { color: #5b6875 }
code { font-size: .85em } label { display: block; margin: .8rem 0 }
input, select, textarea { font: inherit; display: block; width: 100%; max-width: 30rem; padding: .35rem;
box-sizing: border-box }
button { font: inherit; padding: .4rem 1rem }
.scroll { overflow-x: auto }
</style></head><body><h1>Sandbox carrier</h1>"""
HEAD = _HEAD.replace("{refresh}", '<meta http-equiv="refresh" content="3">')
STILL = _HEAD.replace("{refresh}", "")


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
        "<a href='/text'>Send a text</a> to one of its numbers, as a person would. "
        f"{len(calls)} calls, {live} live, {len(carrier.faults.active)} faults active, "
        f"speed {carrier.clock.speed:g}.</p><div class='scroll'>{table}{empty}</div>{_texts(carrier)}</body></html>"
    )


def _texts(carrier: Carrier) -> str:
    texts = list(carrier.store.messages.values())[-TEXTS_SHOWN:]
    if not texts:
        return ""
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(cell)}</td>"
            for cell in (rfc2822(text.created) or "", text.from_, text.to, text.body, text.status)
        )
        + "</tr>"
        for text in reversed(texts)
    )
    heads = "".join(f"<th scope='col'>{name}</th>" for name in ("Sent", "From", "To", "Text", "State"))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<h2>Texts</h2><div class='scroll'>{table}</div>"


def render_text_form(carrier: Carrier, wrong: str = "", typed: dict[str, str] | None = None) -> str:
    """The form by which a person texts one of the numbers; `wrong` says what to mend of what was typed."""
    typed = typed or {"from": "+13035550142", "body": "STOP"}
    numbers = "".join(
        f"<option{' selected' if number == typed.get('to') else ''}>{escape(number)}</option>"
        for number in sorted(carrier.store.numbers)
    )
    if not numbers:
        return (
            f"{STILL}<p>There is no number to text yet. The product buys the first one as it starts.</p>"
            "<p><a href='/'>Back</a></p></body></html>"
        )
    said = f"<p role='alert'><strong>{escape(wrong)}</strong></p>" if wrong else ""
    return (
        f"{STILL}<h2>Text one of the numbers</h2><p class='quiet'>As a person with a phone would. What comes back is "
        f"listed on <a href='/'>the first page</a>.</p>{said}<form method='post' action='/text'>"
        f"<label>From<input name='from' inputmode='tel' value='{escape(typed.get('from', ''))}'></label>"
        f"<label>To<select name='to'>{numbers}</select></label>"
        f"<label>Text<textarea name='body' rows='3'>{escape(typed.get('body', ''))}</textarea></label>"
        "<button>Send</button></form></body></html>"
    )
