"""Coverage-guided fuzzing of what reads strangers' bytes: `python -m tests.fuzz TARGET [libFuzzer options]`.

`make fuzz` runs each target for a minute. An input that raises anything but the refusal it may raise ends the run and
is written to a file `crash-…`, which the same command takes as an argument to show it again. The suite itself fuzzes
the same places with hypothesis (tests/security/test_fuzz.py), which knows their grammar; this knows their branches.
"""

import asyncio
import contextlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from unittest.mock import MagicMock

import atheris

# What is looked at from inside: only what is loaded under this gets its branches counted.
with atheris.instrument_imports(
    include=["contacts", "sandbox", "voiceagents", "telephony", "liquid", "config"],
    enable_loader_override=False,
):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()

    from django.core.exceptions import SuspiciousOperation
    from django.http import HttpRequest
    from django.utils.timezone import now

    from contacts import reading
    from sandbox import frames, twiml
    from telephony import signatures
    from voiceagents import talk, templating
    from voiceagents.brains import State
    from voiceagents.brains.guided import GuidedBrain

ROWS = 50
BRIEF = {
    "agent": {"name": "Ava", "business_name": "Bright Smile", "abilities": ["hang_up", "book"], "questions": []},
    "contact": {"first_name": "Noah", "language": "en"},
    "zone": "UTC", "seller": "Bright Smile LLC", "record": True, "context": "", "purpose": "", "is_test": False,
}  # fmt: skip


def csv(data: bytes) -> None:
    """An uploaded list, looked at and then read."""
    file = io.BytesIO(data)
    with contextlib.suppress(reading.UnreadableError):
        sheet = reading.examine(file)
        json.dumps(sheet.to_json())
        for row in islice(reading.rows(file, sheet), ROWS):
            assert all("\x00" not in cell for cell in row.cells)


def document(data: bytes) -> None:
    """TwiML as the sandbox carrier interprets it."""
    with contextlib.suppress(twiml.TwimlError):
        twiml.parse(data)


def frames_of_the_product(data: bytes) -> None:
    """Frames that the sandbox carrier gets."""
    for line in data.decode(errors="replace").split("\n"):
        with contextlib.suppress(frames.BadFrameError):
            frames.read(line)


def frames_of_the_carrier(data: bytes) -> None:
    """Frames that a conversation gets, one a line, after its setup; whatever they are, it leaves no task behind."""

    async def conversation() -> None:
        async def nothing(*words: object) -> None:
            pass

        state = State(brief=BRIEF, language="en", now=now)
        held = talk.Talk(
            1, state=state, brain=GuidedBrain(seed="1"), record=MagicMock(), send=nothing, opt_out=nothing
        )
        held.frame({"type": "setup", "sessionId": "VX1"})
        for line in data.decode(errors="replace").split("\n"):
            with contextlib.suppress(talk.BadFrameError, ValueError, RecursionError):
                frame = json.loads(line)
                if isinstance(frame, dict):
                    held.frame(frame)
                    await asyncio.sleep(0)
        held.close(hung_up=True)
        await held.gone()

    asyncio.run(conversation())


def form(data: bytes) -> None:
    """The body of a callback, up to its signature: no database is asked before that."""
    request = HttpRequest()
    request.method = "POST"
    request.META = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(data))}
    request.content_type, request.content_params = "application/x-www-form-urlencoded", {}
    request._stream = io.BytesIO(data)
    request._read_started = False
    with contextlib.suppress(SuspiciousOperation):
        fields = request.POST
        assert not signatures.verify("https://calls.example.com/voice/status/t", fields, "x", "f" * 32)


def template(data: bytes) -> None:
    """A prompt's Liquid."""
    with contextlib.suppress(templating.TemplateError):
        made = templating.render(
            data.decode(errors="replace"), {"contact": {"first_name": "Ann"}, "list": [{"a": 1}]}
        )
        assert len(made) <= templating.OUTPUT_LIMIT


# Each with a few inputs of the right kind to begin from.
TARGETS: dict[str, tuple[Callable[[bytes], None], list[bytes]]] = {
    "csv": (csv, [b'Phone;Name\n+13035550142;"Ann ""A"""\n', "\ufeffPhone,Name\r\n1,é\r\n".encode("utf-16")]),
    "twiml": (
        document,
        [
            b'<Response><Dial timeout="5" action="/a">+13035550142</Dial><Say language="es">a&amp;b</Say></Response>',
            b'<?xml version="1.0"?><Response><Connect action="/a"><ConversationRelay url="wss://a/b"><Parameter '
            b'name="a" value="b"/></ConversationRelay></Connect><!-- c --><Gather numDigits="1"/></Response>',
        ],
    ),
    "product-frames": (
        frames_of_the_product,
        [
            b'{"type":"text","token":"Hi","last":true,"lang":"es"}\n{"type":"end","handoffData":"{}"}',
            b'{"type":"play","source":"https://a/b.mp3","loop":1}\n{"type":"sendDigits","digits":"1w#"}',
        ],
    ),
    "carrier-frames": (
        frames_of_the_carrier,
        [
            b'{"type":"prompt","voicePrompt":"Yes, Friday at three","lang":"en-US","last":true}',
            b'{"type":"interrupt","utteranceUntilInterrupt":"Hello","durationUntilInterruptMs":9}\n'
            b'{"type":"dtmf","digit":"5"}\n{"type":"error","description":"x"}\n{"type":"info","name":"tokensPlayed"}',
        ],
    ),
    "form": (form, [b"AccountSid=AC1&CallSid=CA1&CallStatus=completed&SequenceNumber=3&To=%2B1303"]),
    "template": (
        template,
        [
            b"{% for a in list %}{{ a.a | plus: 1 }}{% else %}x{% endfor %}",
            b"{% if contact.first_name == 'Ann' %}{{ contact.first_name | upcase | replace: 'A', 'b' }}{% endif %}",
            b"{% assign x = (1..9) | join: ',' %}{% case x %}{% when 1 %}{% endcase %}{{ 'now' | date: '%Y' }}",
        ],
    ),
}


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"Which one? {', '.join(TARGETS)}")
    name = sys.argv.pop(1)
    target, seeds = TARGETS[name]
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds):
            Path(folder, f"{number}").write_bytes(seed)
        again = [each for each in sys.argv[1:] if not each.startswith("-")]
        atheris.Setup([*sys.argv, *([] if again else [folder])], target)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
