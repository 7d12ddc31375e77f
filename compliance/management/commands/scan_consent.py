"""Is this the wording of a valid consent to AI calls? See `compliance.scanner`."""

from collections.abc import Mapping
from typing import Any

from compliance.jsonlines import JsonLinesCommand, UnreadableLineError, object_at, text_at, truth_at
from compliance.scanner import Control, scan

CONTROLS: dict[str, Control] = {
    "checkbox": "checkbox",
    "button": "button",
    "typed_name": "typed_name",
    "none": "none",
}
LANGUAGES = ("en", "es")


class Command(JsonLinesCommand):
    help = 'Reads {"text", "context"} a line; answers valid, missing_required, missing_recommended, other_findings.'

    def answer(self, line: dict[str, Any]) -> Mapping[str, Any]:
        text = text_at(line, "text")
        context = object_at(line, "context")
        control = text_at(context, "control", "context.")
        if control not in CONTROLS:
            raise UnreadableLineError(
                f"context.control {control[:40]!r} is not known. Write checkbox, button, typed_name or none."
            )
        language = text_at(context, "language", "context.")
        if language not in LANGUAGES:
            raise UnreadableLineError(f'context.language {language[:40]!r} is not known. Write "en" or "es".')
        found = scan(
            text,
            control=CONTROLS[control],
            prechecked=truth_at(context, "prechecked", "context."),
            required=truth_at(context, "required", "context."),
        )
        return {
            "valid": found.valid,
            "missing_required": found.missing_required,
            "missing_recommended": found.missing_recommended,
            "other_findings": found.other_findings,
        }
