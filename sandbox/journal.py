"""Append-only JSON lines on disk: one whole line a write, so that a kill loses nothing already answered for."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import orjson


class Journal:
    """A JSONL file kept open for appending. Every line reaches the operating system before ``append`` returns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._cut_torn_line()
        self._file = path.open("ab", buffering=0)

    def _cut_torn_line(self) -> None:
        """A machine that lost power may leave half a line; the next append must not be glued to it."""
        if not self.path.exists():
            return
        with self.path.open("rb+") as file:
            data = file.read()
            if data and not data.endswith(b"\n"):
                file.truncate(data.rfind(b"\n") + 1)

    def append(self, entry: dict[str, Any]) -> None:
        self._file.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.path.read_bytes().splitlines() if line.strip()]

    def page(self, offset: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """Up to ``limit`` entries from byte ``offset``, and the offset to go on from."""
        entries: list[dict[str, Any]] = []
        with self.path.open("rb") as file:
            file.seek(offset)
            for line in file:
                if len(entries) >= limit or not line.endswith(b"\n"):
                    break
                entries.append(json.loads(line))
                offset += len(line)
        return entries, offset

    def replace(self, entries: list[dict[str, Any]]) -> None:
        """Write the file anew, all or nothing."""
        self._file.close()
        write_atomically(
            self.path, "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
        )
        self._file = self.path.open("ab", buffering=0)

    def close(self) -> None:
        self._file.close()


class Witness(Journal):
    """The carrier's own log: what it was asked, whose phone rang when, what it told the product.

    Tests and audits compare the product's records with it. ``at`` is epoch seconds with microseconds,
    ``mono`` the machine's monotonic clock, by which distances are measured.
    """

    def note(self, kind: str, **fields: Any) -> None:
        self.append({"kind": kind, "at": round(time.time(), 6), "mono": round(time.monotonic(), 6), **fields})


def write_atomically(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(path.suffix + ".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
