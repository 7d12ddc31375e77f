"""Callers as data: each persona is a TOML file here; this module reads and checks them.

A persona answers (or not) in its way, and reacts to what the agent says: its own steps first, then the answers
common to its language, filled with its facts, then its fallback. ``endings.toml`` says which persona picks up a
number, by the last two digits of the number.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
ANSWERS = ("human", "machine", "busy", "no-answer", "failed")
VERDICTS = (
    "human",
    "machine_start",
    "machine_end_beep",
    "machine_end_silence",
    "machine_end_other",
    "fax",
    "unknown",
)


class PersonaError(ValueError):
    """A persona file that cannot be used; the message names the file and what to mend."""


@dataclass(frozen=True, slots=True)
class Step:
    """One reaction. Used when ``when`` is found in what the agent said, at most ``times`` times a call."""

    when: re.Pattern[str] | None
    say: tuple[str, ...]  # in turn, the last one again and again
    digits: str = ""  # keys pressed after saying it
    delay: float = 0.4  # seconds of thought before
    times: int = 99
    hang_up: bool = False
    interrupt: int = 0  # speak up after hearing so many characters, without waiting for the agent to finish
    after: str = ""  # only once the step with this name was used
    name: str = ""


@dataclass(frozen=True, slots=True)
class Persona:
    name: str
    title: str
    language: str
    answer: str  # one of ANSWERS
    rings: float  # seconds of ringing before it answers, is busy or fails
    verdict: str  # what answering machine detection concludes
    greeting: str  # spoken by the callee on pick-up: mailbox greeting, call screening
    patience: float  # seconds of silence before it asks who is there
    hang_up_after: float  # seconds after the answer; 0 means it stays
    talk_seconds: float  # how long it talks when a call is transferred to it
    facts: Mapping[str, str]
    steps: tuple[Step, ...]
    common: tuple[Step, ...]
    listening: re.Pattern[str] | None  # said by the agent, this asks for patience, not for an answer
    fallback: Step
    silence: Step


@dataclass(frozen=True, slots=True)
class Cast:
    personas: Mapping[str, Persona]
    endings: Mapping[str, str] = field(default_factory=dict)

    def for_number(self, number: str) -> Persona:
        digits = "".join(c for c in number if c.isdigit())[-2:].rjust(2, "0")
        return self.personas[self.endings[digits]]


def load(folder: Path = FOLDER) -> Cast:
    """Read every persona of ``folder``; PersonaError when one is wrong."""
    common = _read(folder / "common.toml")
    personas = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem not in ("common", "endings"):
            personas[path.stem] = _persona(path, common)
    endings: dict[str, str] = {}
    for name, numbers in _read(folder / "endings.toml").items():
        if name not in personas:
            raise PersonaError(f"endings.toml: there is no persona {name}")
        for ending in _expand(numbers):
            if ending in endings:
                raise PersonaError(f"endings.toml: {ending} belongs to both {endings[ending]} and {name}")
            endings[ending] = name
    if missing := [f"{n:02d}" for n in range(100) if f"{n:02d}" not in endings]:
        raise PersonaError(f"endings.toml: no persona for {', '.join(missing)}")
    return Cast(personas, endings)


def _expand(numbers: Any) -> list[str]:
    """``"00-14"`` or ``"98"`` as two-digit endings."""
    first, _, last = str(numbers).partition("-")
    if not (re.fullmatch(r"\d\d", first) and re.fullmatch(r"\d\d", last or first)):
        raise PersonaError(f"endings.toml: {numbers!r} is neither an ending like 98 nor a range like 00-14")
    return [f"{n:02d}" for n in range(int(first), int(last or first) + 1)]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as exc:
        raise PersonaError(f"{path.name}: {exc}") from exc


def _persona(path: Path, common: dict[str, Any]) -> Persona:
    data = _read(path)
    where = path.name
    known = {
        "title", "language", "answer", "rings", "verdict", "greeting", "patience", "hang_up_after", "talk_seconds",
        "facts", "step", "fallback", "silence",
    }  # fmt: skip
    if unknown := set(data) - known:
        raise PersonaError(f"{where}: unknown keys {', '.join(sorted(unknown))}")
    answer = data.get("answer", "human")
    if answer not in ANSWERS:
        raise PersonaError(f"{where}: answer must be one of {', '.join(ANSWERS)}")
    verdict = data.get("verdict", "machine_end_beep" if answer == "machine" else "human")
    if verdict not in VERDICTS:
        raise PersonaError(f"{where}: verdict must be one of {', '.join(VERDICTS)}")
    language = data.get("language", "en-US")
    shared = common.get(language.partition("-")[0])
    if shared is None:
        raise PersonaError(f"{where}: common.toml has nothing for the language {language}")
    facts = {str(key): str(value) for key, value in data.get("facts", {}).items()}
    own = tuple(_step(row, facts, where) for row in data.get("step", []))
    talks = answer == "human"
    return Persona(
        name=path.stem,
        title=str(data.get("title", path.stem)),
        language=language,
        answer=answer,
        rings=float(data.get("rings", 5.0)),
        verdict=verdict,
        greeting=str(data.get("greeting", "")),
        patience=float(data.get("patience", 10.0)),
        hang_up_after=float(data.get("hang_up_after", 0.0)),
        talk_seconds=float(data.get("talk_seconds", 20.0)),
        facts=facts,
        steps=own,
        common=tuple(
            _step(row, facts, "common.toml")
            for row in shared["step"]
            if talks and _facts_of(row) <= set(facts)
        ),
        listening=_pattern(shared.get("listening"), "common.toml"),
        fallback=_step(data.get("fallback", shared["fallback"]), facts, where),
        silence=_step(data.get("silence", shared["silence"]), facts, where),
    )


def _texts(row: dict[str, Any]) -> list[str]:
    say = row.get("say", [])
    return [say] if isinstance(say, str) else list(say)


def _facts_of(row: dict[str, Any]) -> set[str]:
    return {name for text in _texts(row) for _, name, _, _ in string.Formatter().parse(text) if name}


def _pattern(text: str | None, where: str) -> re.Pattern[str] | None:
    if not text:
        return None
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as exc:
        raise PersonaError(f"{where}: {text!r} is not a regular expression: {exc}") from exc


def _step(row: dict[str, Any], facts: Mapping[str, str], where: str) -> Step:
    known = {"when", "say", "digits", "delay", "times", "hang_up", "interrupt", "after", "name"}
    if unknown := set(row) - known:
        raise PersonaError(f"{where}: unknown keys in a step: {', '.join(sorted(unknown))}")
    if missing := _facts_of(row) - set(facts):
        raise PersonaError(
            f"{where}: a step speaks of {', '.join(sorted(missing))}, which is not among the facts"
        )
    digits = str(row.get("digits", ""))
    if not re.fullmatch(r"[0-9*#]*", digits):
        raise PersonaError(f"{where}: digits must be out of 0-9 * #")
    return Step(
        when=_pattern(row.get("when"), where),
        say=tuple(text.format_map(facts) for text in _texts(row)),
        digits=digits,
        delay=float(row.get("delay", 0.4)),
        times=int(row.get("times", 99)),
        hang_up=bool(row.get("hang_up", False)),
        interrupt=int(row.get("interrupt", 0)),
        after=str(row.get("after", "")),
        name=str(row.get("name", "")),
    )
