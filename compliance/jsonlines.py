"""Commands that read one JSON object a line and answer one JSON object a line, in the same order.

A command subclasses JsonLinesCommand and turns one object into its answer; the readers below take facts out
of the object and say, in words, what is missing or wrong.
"""

import json
import sys
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, Any

from django.core.management.base import BaseCommand

from compliance.places import zone_named

# Longer than any honest transcript; a line without an end must not fill the memory.
MAX_LINE_BYTES = 8 * 1024 * 1024
FIRST_YEAR, LAST_YEAR = 1970, 2200


class UnreadableLineError(ValueError):
    """The line cannot be answered. The message says what is wrong and how to mend it."""


class JsonLinesCommand(BaseCommand):
    """Answers every line of standard input; one that cannot be read gets an error and makes the exit code 1.

    Touches no database, so no check of one runs before it. `stdin` may be passed as a binary stream.
    """

    requires_system_checks: list[str] = []
    stealth_options = ("stdin",)

    def answer(self, line: dict[str, Any]) -> Mapping[str, Any]:
        """The answer to one object. Raises ValueError in words when it cannot be read."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        all_read = True
        answer: Mapping[str, Any]
        for text in _lines(options.get("stdin") or sys.stdin.buffer):
            try:
                answer = self.answer(_object(text))
            except ValueError as error:
                all_read = False
                answer = {"error": str(error)}
            except Exception as error:
                # A defect of ours: the other lines still get their answers.
                all_read = False
                traceback.print_exc(file=self.stderr)
                answer = {
                    "error": "This line met a defect in the program and was not answered "
                    f"({type(error).__name__}: {error}). Report it, with the line."
                }
            self.stdout.write(json.dumps(answer))
            self.stdout.flush()
        if not all_read:
            sys.exit(1)


def _lines(stream: IO[bytes]) -> Iterator[bytes | None]:
    """The lines of the stream; None for one that is too long. Empty lines at the very end are no lines."""
    empty = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        if not line.strip():
            empty += 1
            continue
        yield from [b""] * empty
        empty = 0
        if len(line) <= MAX_LINE_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE_BYTES)
        yield None


def _object(line: bytes | None) -> dict[str, Any]:
    if line is None:
        raise UnreadableLineError(
            f"The line is longer than {MAX_LINE_BYTES:,} bytes. Split it into several lines."
        )
    try:
        text = line.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise UnreadableLineError(
            f"The line is not UTF-8 text (byte {error.start + 1}). Save the input as UTF-8."
        ) from error
    if not text:
        raise UnreadableLineError(
            "The line is empty. Write one JSON object a line, without empty lines between them."
        )
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise UnreadableLineError(
            f"The line is not JSON: {error.msg} at character {error.pos + 1}. Write one JSON object a line."
        ) from error
    except RecursionError as error:
        raise UnreadableLineError(
            "The line is nested too deeply to be read. Write one flat JSON object a line."
        ) from error
    if not isinstance(value, dict):
        raise UnreadableLineError(
            f"The line is {_kind(value)}, not an object. Write one JSON object a line: {{...}}."
        )
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UnreadableLineError(f"{twice!r} is given twice in one object. Keep the one that is meant.")
    return read


def _constant(name: str) -> Any:
    raise UnreadableLineError(f"{name} is not JSON. Write a number, or null for a value that is not known.")


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "an object",
    }
    return kinds[type(value)]


def needed(line: Mapping[str, Any], key: str, where: str = "") -> Any:
    """The value of a key that must be there. `where` is the path before it, for the message ("location.")."""
    if key not in line:
        raise UnreadableLineError(f"{where}{key} is missing. Add it; nothing is assumed for a fact left out.")
    return line[key]


def object_at(line: Mapping[str, Any], key: str, where: str = "") -> dict[str, Any]:
    value = needed(line, key, where)
    if not isinstance(value, dict):
        raise UnreadableLineError(f"{where}{key} is {_kind(value)}, not an object. Write it as {{...}}.")
    return value


def list_at(line: Mapping[str, Any], key: str, where: str = "") -> list[Any]:
    value = needed(line, key, where)
    if not isinstance(value, list):
        raise UnreadableLineError(f"{where}{key} is {_kind(value)}, not a list. Write it as [...].")
    return value


def text_at(line: Mapping[str, Any], key: str, where: str = "") -> str:
    value = needed(line, key, where)
    if not isinstance(value, str):
        raise UnreadableLineError(f'{where}{key} is {_kind(value)}, not text. Write it in quotes: "...".')
    return value


def zone_at(line: Mapping[str, Any], key: str, where: str = "") -> str:
    """The name of an IANA time zone."""
    name = text_at(line, key, where)
    try:
        zone_named(name)
    except ValueError as error:
        raise UnreadableLineError(f"{where}{key}: {error}") from error
    return name


def truth_at(line: Mapping[str, Any], key: str, where: str = "") -> bool:
    value = needed(line, key, where)
    if not isinstance(value, bool):
        raise UnreadableLineError(f"{where}{key} is {_kind(value)}. Write true or false, without quotes.")
    return value


def count_of(value: Any, name: str, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        shown = value if type(value) in (int, float) else _kind(value)
        raise UnreadableLineError(f"{name} is {shown}. Write a whole number from 0 to {most:,}.")
    return value


def instant(value: Any, name: str) -> datetime:
    """An ISO 8601 instant with an offset, as UTC."""
    if not isinstance(value, str):
        raise UnreadableLineError(f'{name} is {_kind(value)}, not an instant. Write "2026-03-02T15:30:00Z".')
    try:
        read = datetime.fromisoformat(value.strip().upper())
    except ValueError as error:
        raise UnreadableLineError(
            f'{name} {value[:40]!r} is not an instant. Write "2026-03-02T15:30:00Z".'
        ) from error
    if read.tzinfo is None:
        raise UnreadableLineError(
            f'{name} {value!r} has no offset, so it names no instant. Add "Z" for UTC, or "-07:00".'
        )
    if not FIRST_YEAR <= read.year < LAST_YEAR:
        raise UnreadableLineError(
            f"{name} {value!r} is outside the years {FIRST_YEAR} to {LAST_YEAR}. Correct the year."
        )
    return read.astimezone(UTC)


def written(at: datetime | None) -> str | None:
    """An instant as the answers write it: UTC with Z, microseconds only when there are any."""
    return None if at is None else at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
