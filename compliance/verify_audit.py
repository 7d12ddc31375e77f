"""Checks an audit archive of Parley: `python verify_audit.py archive.zip`.

Needs Python 3.11 or newer and nothing else: no database, no Django, no package. It says of every row what is not as it
should be, and exits with 1 when anything is not, with 2 when the archive cannot be read.

1. The manifest names every file with its SHA-256.
2. The seals follow each other, and every sealed row is the one that was sealed: none changed, dropped or put in. Only
   rows of the last hours before the archive was made may have no seal yet.
3. Every verdict is derived again, by the rules, the packs and the clocks of its time, which the archive brings along.
   With --rules FOLDER (a Parley that you trust) the rules and packs must be the files of that folder, and no others are
   run. Without it the archive's own programs are run: only do that with an archive whose maker you trust.
4. What a decision took for consent, opt-out and do-not-call agrees with the ledger and the list, and the external lists
   and emergencies that it knew are those that were in force. Where the history says whether calls were switched on and
   the business checked, the decision took it so; country and time zone are those that the decisions knew.
   Each entry of the do-not-call list came with a revocation in a ledger, and went as the history says.
5. What a consent entry says of the wording it was given under is what the archive has of that wording and its scan.
6. Every dial has its own allowing decision and every allowing decision its dial, the one that was sealed; it is among
   the dials that later decisions knew of, and none of a location started less than 6 seconds after the one before, or
   is beyond the 1,000th of its local day. A dial that the carrier is said to have refused never rang by its call
   either, and calls and dials tell the same.
7. The archive is of a format that whoever made its decisions wrote, and holds the seals of its period, the one before
   and the one behind, and no others. Their rows are checked whatever the period.

Seals: a hash tree (RFC 6962, 2.1: SHA-256, leaves under 0x00, nodes under 0x01) over canonical rows, in a chain.
Parley itself makes its seals with the functions of this file.
"""

import argparse
import contextlib
import hashlib
import importlib
import io
import json
import sqlite3
import sys
import tempfile
import zipfile
import zlib
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

# For so long rows are kept: 16 CFR 310.5, five years.
RETENTION = timedelta(days=5 * 366)
# A leaf as a seal keeps it: the row's id, and the hash of its bytes.
ID_BYTES, HASH_BYTES = 8, 32
LEAF_BYTES = ID_BYTES + HASH_BYTES
SEALED_FIELDS = (
    "location", "book", "sequence", "starts_at", "ends_at", "after_id", "last_id", "count", "root", "previous",
    "made_at",
)  # fmt: skip


def canonical(fields: Mapping[str, Any]) -> bytes:
    """The bytes of a row: JSON with sorted keys and no spaces, instants in UTC with microseconds.

    What is empty is left out, so that a column added later changes no older row's bytes.
    """
    kept = {key: value for key, value in fields.items() if value is not None and value not in ("", [], {})}
    return _CANONICAL.encode(kept).encode()


def instant(at: datetime) -> str:
    """An instant as rows and seals have it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no canonical form")


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_plain)


def leaf(row: bytes) -> bytes:
    """The hash of a row's canonical bytes."""
    return hashlib.sha256(b"\x00" + row).digest()


def root(leaves: Iterable[bytes]) -> str:
    """The root, in hex, of the tree over leaf hashes in their order. Memory: one hash a level."""
    peaks: list[tuple[int, bytes]] = []
    for each in leaves:
        size, node = 1, each
        while peaks and peaks[-1][0] == size:
            node = hashlib.sha256(b"\x01" + peaks.pop()[1] + node).digest()
            size *= 2
        peaks.append((size, node))
    if not peaks:
        return hashlib.sha256().hexdigest()
    node = peaks.pop()[1]
    while peaks:
        node = hashlib.sha256(b"\x01" + peaks.pop()[1] + node).digest()
    return node.hex()


def seal_hash(seal: Mapping[str, Any]) -> str:
    """The hash that stands for a seal and that the next one names as `previous`."""
    return hashlib.sha256(canonical({field: seal[field] for field in SEALED_FIELDS})).hexdigest()


def split(leaves: bytes) -> Iterator[tuple[int, bytes]]:
    """The ids and hashes of a seal's leaves."""
    for start in range(0, len(leaves) - len(leaves) % LEAF_BYTES, LEAF_BYTES):
        middle = start + ID_BYTES
        yield int.from_bytes(leaves[start:middle], "big"), leaves[middle : start + LEAF_BYTES]


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that is not as it was sealed or decided. where: a file or table; row: its number, 0 for none."""

    where: str
    row: int
    cause: str

    def __str__(self) -> str:
        return f"{self.where}{f', row {self.row}' if self.row else ''}: {self.cause}"


@dataclass(slots=True)
class Chain:
    """Checks seals, in order, and their rows. head: hash of the newest seal seen. unsealed: rows behind it.

    location, book: whose seals they have to be. since: an instant before which seals may be left out of the beginning
    of the chain; None when they may not.
    """

    where: str
    location: int
    book: str
    since: datetime | None = None
    head: str = ""
    sequence: int = 0
    seals: int = 0
    rows: int = 0
    unsealed: int = 0
    last_id: int = 0

    def check(
        self, seals: Iterable[tuple[Mapping[str, Any], bytes]], rows: Iterable[tuple[int, bytes]]
    ) -> Iterator[Deviation]:
        """Every deviation, row by row. seals: with their leaves. rows: id and canonical bytes, in order of id.

        Memory: the leaves of one seal.
        """
        coming = iter(rows)
        waiting = next(coming, None)
        newest = 0
        for seal, leaves in seals:
            yield from self._check_seal(seal, leaves)
            expected = dict(split(leaves))
            name = _name(seal)
            while waiting is not None and waiting[0] <= seal["last_id"]:
                row_id, content = waiting
                self.rows += 1
                if row_id <= newest:
                    yield Deviation(self.where, row_id, "out of order: rows stand in the order of their ids")
                newest = max(newest, row_id)
                was = expected.pop(row_id, None)
                if was is None:
                    yield Deviation(self.where, row_id, f"inserted: it was not there when {name} was made")
                elif was != leaf(content):
                    yield Deviation(self.where, row_id, f"changed after {name} was made")
                waiting = next(coming, None)
            if not seal.get("purged_at"):
                for row_id in expected:
                    yield Deviation(self.where, row_id, f"dropped: it was there when {name} was made")
        while waiting is not None:
            self.unsealed += 1
            if waiting[0] <= newest:
                yield Deviation(self.where, waiting[0], "out of order: rows stand in the order of their ids")
            newest = max(newest, waiting[0])
            waiting = next(coming, None)

    def _check_seal(self, seal: Mapping[str, Any], leaves: bytes) -> Iterator[Deviation]:
        name = _name(seal)
        if seal_hash(seal) != seal["hash"]:
            yield Deviation(self.where, 0, f"{name} was changed: its hash is not that of what it says")
        if (seal["location"], seal["book"]) != (self.location, self.book):
            yield Deviation(self.where, 0, f"{name} belongs to another location or book")
        if self.seals and (seal["sequence"] != self.sequence + 1 or seal["previous"] != self.head):
            yield Deviation(self.where, 0, f"{name} does not follow seal {self.sequence}: a seal is missing")
        if self.seals and seal["after_id"] != self.last_id:
            yield Deviation(self.where, 0, f"{name} begins after row {seal['after_id']}, not {self.last_id}")
        if not self.seals and seal["sequence"] == 1 and (seal["previous"] or seal["after_id"]):
            yield Deviation(self.where, 0, f"{name} is the first one, yet names one before it")
        starts_late = self.since is None or datetime.fromisoformat(seal["ends_at"]) > self.since
        if not self.seals and seal["sequence"] != 1 and starts_late:
            yield Deviation(self.where, 0, f"{name} is the first one here: those before it are missing")
        purged = seal.get("purged_at")
        if purged and datetime.fromisoformat(purged) - datetime.fromisoformat(seal["ends_at"]) < RETENTION:
            yield Deviation(self.where, 0, f"{name}: its rows were purged before they were five years old")
        if len(leaves) != seal["count"] * LEAF_BYTES or root(h for _, h in split(leaves)) != seal["root"]:
            yield Deviation(self.where, 0, f"{name}: its list of rows is not the one it was made over")
        self.seals += 1
        self.head, self.sequence, self.last_id = seal["hash"], seal["sequence"], seal["last_id"]


def _name(seal: Mapping[str, Any]) -> str:
    return f"seal {seal['sequence']} ({str(seal['starts_at'])[:13]}h)"


SPACING = timedelta(seconds=6)
LOCATION_DAILY_LIMIT = 1000
NUMBER_PERIOD = timedelta(hours=336)
# An entry counts when its transaction commits, a little after the instant it carries; a list's entries commit together
# when the whole list is read. A decision made meanwhile may or may not have known it.
COMMITS_WITHIN = {"import": timedelta(minutes=15)}
COMMITS_WITHIN_ELSE = timedelta(seconds=10)
# What one transaction wrote into two tables carries instants no further apart than this.
TOGETHER = timedelta(minutes=1)
LOOKS_AHEAD = timedelta(seconds=1)
VOICE = ("voice", "all")
MARKETING = "marketing"
# A row's seal is made in the minutes after its hour; a transaction that stays open keeps it waiting.
SEALED_WITHIN = timedelta(hours=2)
INSTANTS = {"decisions": "decided_at", "consent": "recorded_at", "dials": "slot_at"}
# What is sealed of a dial, beside its ids: what was written before anything was sent, and never changes.
DIAL_FIELDS = ("call_id", "token", "phone", "from_number", "slot_at", "local_date", "created_at")
# Kinds of lists whose last edition is checked after their end, too.
STAY_BLOCKED = ("litigator", "reassigned")
# So long a list that was just added may wait for its first load; and since which engine one without an edition is told.
FIRST_LOAD = timedelta(hours=1)
TELLS_OF_UNLOADED = 9
# The least format that an installation wrote archives in whose rules were of an engine, by engine, newest first.
FORMATS = {9: 4, 1: 1}
NEWEST_FORMAT = max(FORMATS.values())
# What a call says that rang nowhere: it was under way when it was written down, or failed.
NOTHING_RANG = {"calling", "unknown", "failed"}
# A rejected call ends at the instant of the tick, its decision is of the slot, which may be a little later.
UNDER_WAY = timedelta(minutes=1)
# An edition is about 2 MB, most of it time zones.
EDITION_BYTES = 64 << 20
# What a value that is not what it should be makes Python or SQLite raise.
WRONG_VALUES = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    sqlite3.Error,
)


@dataclass(frozen=True, slots=True)
class ExternalList:
    """A list of others. spans: the date of each edition, since when it was in force, and until when, None for still.

    kept: whether it was kept up, since when; an ended one speaks of the numbers on it alone. due: since when decisions
    have to know it, with an edition or without.
    """

    kind: str
    country: str
    name: str
    spans: list[tuple[str, datetime, datetime | None]]
    kept: list[tuple[bool, datetime]]
    due: datetime

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "ExternalList":
        loads = [
            (each["as_of"], datetime.fromisoformat(each["loaded_at"])) for each in row.get("editions", [])
        ]
        changes = [
            (each["kind"] == "resumed", datetime.fromisoformat(each["at"]))
            for each in row.get("events", [])
            if each["kind"] in ("ended", "resumed")
        ]
        ends = [at for kept, at in changes if not kept and row["kind"] not in STAY_BLOCKED]
        if row.get("deleted_at") and not changes:
            # Ended before there was a history of that: its numbers went, whatever its kind.
            ends = [datetime.fromisoformat(row["deleted_at"])]
            changes = [(False, ends[0])]
        spans = []
        for as_of, since in loads:
            over = [at for at in (*(at for _, at in loads), *ends) if at > since]
            spans.append((as_of, since, min(over, default=None)))
        over = [datetime.fromisoformat(at) for at in row.get("failed", [])]
        due = min([datetime.fromisoformat(row["created_at"]) + FIRST_LOAD, *over, *(at for _, at in loads)])
        return cls(row["kind"], row["country"], row["name"], spans, changes, due)

    def dates(self, start: datetime, end: datetime) -> set[str]:
        """The dates of the editions that were in force at some instant of [start, end]."""
        return {as_of for as_of, since, until in self.spans if since <= end and (not until or until >= start)}

    def lacks_one(self, start: datetime, end: datetime) -> bool:
        """Whether no single edition was in force all through [start, end]."""
        return not any(since <= start and (not until or until > end) for _, since, until in self.spans)

    def was_due(self, start: datetime, end: datetime) -> bool:
        """Whether every decision of [start, end] must have known it, with an edition or without."""
        return self.due <= start and self.was_kept(start, end) == {True}

    def was_kept(self, start: datetime, end: datetime) -> set[bool]:
        """Whether it was kept up, at each instant of [start, end]."""
        before = [kept for kept, at in self.kept if at <= start]
        return {before[-1] if before else True, *(kept for kept, at in self.kept if start < at <= end)}

    def in_force_throughout(self, start: datetime, end: datetime) -> bool:
        """Whether every decision of [start, end] must have known it, if it concerns the number."""
        return (
            any(since <= start for _, since, _ in self.spans)
            and not any(until and start <= until <= end for _, _, until in self.spans)
            and bool(self.dates(start, end))
            and self.was_kept(start, end) == {True}
        )


@dataclass(slots=True)
class Told:
    """What the history says of one thing in the course of time: whether calls were on, or how the check stood."""

    moves: list[tuple[datetime, Any]] = field(default_factory=list)

    def at(self, start: datetime, end: datetime) -> set[Any]:
        """All that it was at some instant of [start, end]; empty where the history does not reach back so far."""
        before = [value for at, value in self.moves if at <= start]
        inside = {value for at, value in self.moves if start < at <= end}
        return {before[-1], *inside} if before else set()


class UnreadableError(Exception):
    """The archive cannot be checked at all."""


class Edition:
    """The rules as they were when they decided, unpacked from the archive; load() takes them in beside any others.

    is_whole: whether it holds the files that its digest names, and no others.
    """

    def __init__(self, digest: str, content: bytes, folder: Path) -> None:
        self.digest, self.folder = digest, folder / digest
        with zipfile.ZipFile(io.BytesIO(content)) as inner:
            if sum(each.file_size for each in inner.infolist()) > EDITION_BYTES:
                raise ValueError("it unpacks to more than any edition of the rules has")
            inner.extractall(self.folder)
            names = inner.namelist()
        manifest = (self.folder / "edition.json").read_bytes()
        self.files: dict[str, str] = json.loads(manifest)["files"]
        self.engine: str = json.loads(manifest)["engine"]
        self.is_whole = (
            hashlib.sha256(manifest).hexdigest() == digest
            and sorted(names) == sorted(["edition.json", *self.files])
            and all(
                hashlib.sha256((self.folder / path).read_bytes()).hexdigest() == expected
                for path, expected in self.files.items()
            )
        )

    def load(self) -> None:
        """Import its rules and packs, which runs them."""
        self.set_clocks()  # Packs name zones when they are read.
        with self.in_use():
            self.facts_of: Callable[..., Any] = importlib.import_module("compliance.stored_facts").facts_of
            self.decide: Callable[..., Any] = importlib.import_module("compliance.rules").decide_throughout
            self.packs = importlib.import_module("compliance.packs").RULE_PACKS
            self.packs_for: Callable[..., Any] = importlib.import_module(
                "compliance.packs.applying"
            ).packs_for
            self.domestic: Callable[..., Any] = importlib.import_module("compliance.places").domestic

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """While its modules are imported: those of another edition, or of Parley itself, are out of the way."""
        aside = _taken_out()
        sys.path.insert(0, str(self.folder))
        try:
            yield
        finally:
            sys.path.remove(str(self.folder))
            _taken_out()
            sys.modules.update(aside)

    def set_clocks(self) -> None:
        """Use the time zone files of this edition."""
        zoneinfo.reset_tzpath(to=[str(self.folder / "tz")])
        zoneinfo.ZoneInfo.clear_cache()

    def is_that_of(self, folder: Path) -> bool:
        """Whether the rules, packs and holidays are the folder's files, none left out, and nothing else but clocks."""
        inside = {path for path in self.files if not path.startswith("tz/")}
        packs = folder / "compliance" / "packs"
        wanted = {
            path.relative_to(folder).as_posix()
            for path in packs.rglob("*")
            if path.suffix in (".py", ".toml", ".json")
        }
        return wanted <= inside and all(
            path.startswith("compliance/")
            and (folder / path).is_file()
            and (folder / path).read_bytes() == (self.folder / path).read_bytes()
            for path in inside
        )


def _taken_out() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == "compliance" or name.startswith("compliance.")]
    return {name: sys.modules.pop(name) for name in names}


@dataclass(slots=True)
class Audit:
    """One archive under check. Memory: one seal's list of rows; the rest is looked up in a temporary file."""

    archive: zipfile.ZipFile
    folder: Path
    trusted: list[Path]
    manifest: dict[str, Any] = field(default_factory=dict)
    editions: dict[str, Edition] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    decided: Counter = field(default_factory=Counter)
    heads: dict[str, str] = field(default_factory=dict)
    newest: dict[str, str] = field(default_factory=dict)
    unsealed: int = 0
    settings: dict[int, set[tuple[str, str]]] = field(default_factory=dict)
    found: Any = None
    lists: list[ExternalList] = field(default_factory=list)
    # Version of a form → the SHA-256 of its text; scan → its version, and whether that was valid.
    wordings: dict[int, str] = field(default_factory=dict)
    scans: dict[int, tuple[int, bool]] = field(default_factory=dict)
    # Of each location: whether calls were switched on, and how the check of the business stood.
    switched: dict[int, Told] = field(default_factory=dict)
    checked: dict[int, Told] = field(default_factory=dict)
    # Locations whose settings were changed, and the organization's names as they were changed.
    resettled: set[int] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    emergencies: list[dict[str, Any]] = field(default_factory=list)
    untold: int = 0
    # The newest engine that decided something, and per book how many rows are in the period, and how many beside it.
    engine: int = 0
    inside: Counter = field(default_factory=Counter)
    beside: Counter = field(default_factory=Counter)
    _clocks: str = ""

    def deviations(self) -> Iterator[Deviation]:
        self.found = sqlite3.connect("")
        self.found.executescript(
            "CREATE TABLE consent (place INT, phone, kind, source, captured, recorded, expires);"
            "CREATE INDEX c ON consent (phone);"
            "CREATE TABLE listed (phone, risk, added, removed, id INT, source, reason);"
            "CREATE INDEX l ON listed (phone);"
            "CREATE TABLE taken_off (phone, at, reason); CREATE INDEX o ON taken_off (phone);"
            "CREATE TABLE dialled (place INT, id INT, phone, at, refused INT, seen INT, PRIMARY KEY (place, id));"
            "CREATE INDEX d ON dialled (phone); CREATE INDEX t ON dialled (place, at);"
            "CREATE TABLE sealed (place INT, id INT, at, leaf); CREATE INDEX s ON sealed (place, id);"
            "CREATE TABLE allowed (id INTEGER PRIMARY KEY, place INT, phone, at);"
            "CREATE TABLE rejected (place INT, call INT, phone); CREATE INDEX r ON rejected (place, call);"
            "CREATE TABLE covered (place INT, book, after INT, last INT);"
            "CREATE INDEX v ON covered (place, book, last);"
            "CREATE TABLE told (place INT, call INT, slot, phone, own); CREATE INDEX w ON told (place, call);"
            "CREATE TABLE called (place INT, id INT, started, rang INT, PRIMARY KEY (place, id));"
        )
        if self.manifest["format"] not in range(1, NEWEST_FORMAT + 1):
            raise UnreadableError(f"Its format {self.manifest['format']} is none that this program knows.")
        yield from self._check_manifest()
        yield from self._load_editions()
        self._read("do_not_call.jsonl", self._keep_listed)
        self._read("other_revocations.jsonl", self._keep_consent)
        if self.manifest["format"] < 2:
            self.notes.append("it was made before archives held the external lists: they are believed")
        else:
            self._read("external_lists.jsonl", lambda row: self.lists.append(ExternalList.of(row)))
        if self.manifest["format"] < 3:
            self.notes.append(
                "it was made before archives held the history of the switch, and emergencies: believed"
            )
        else:
            self._read("history.jsonl", self._keep_history)
            self._read("emergencies.jsonl", self.emergencies.append)
            yield from self._check_names()
        for place in self.manifest["locations"]:

            def keep(attempt: dict[str, Any], place: int = place["id"]) -> None:
                row = (
                    place,
                    attempt["id"],
                    attempt["phone"],
                    attempt["slot_at"],
                    attempt["state"] == "refused",
                )
                # A dial may be told twice; the first word counts.
                self.found.execute("INSERT OR IGNORE INTO dialled VALUES (?, ?, ?, ?, ?, 0)", row)

            self._read(f"locations/{place['code']}/attempts.jsonl", keep)
            self._read(f"locations/{place['code']}/forms.jsonl", self._keep_wording)
        for place in self.manifest["locations"]:
            yield from self._check_book(place, "consent", self._of_entry)
        if self.manifest["format"] >= 4:
            yield from self._check_list()
        for place in self.manifest["locations"]:
            yield from self._check_book(place, "decisions", self._of_decision)
            if self.manifest["format"] >= 4:
                yield from self._check_book(place, "dials", self._of_dial)
            if self.manifest["format"] >= 4:
                self._read(f"locations/{place['code']}/calls.jsonl", partial(self._keep_call, place["id"]))
            yield from self._check_attempts(place)
            if self.manifest["format"] >= 4:
                yield from self._check_calls(place)
            yield from self._check_settings(place)
        least = next((least for engine, least in FORMATS.items() if self.engine >= engine), 1)
        if self.manifest["format"] < least:
            yield Deviation(
                "manifest.json",
                0,
                f"it says format {self.manifest['format']}, and whoever has engine {self.engine}, which made its "
                f"decisions, writes format {least} or newer",
            )
        if self.untold:
            self.notes.append(
                f"{self.untold:,} decisions are older than what the history says of the switch or of the check of the "
                "business: what they took for that is believed"
            )

    def _period(self) -> tuple[datetime, datetime]:
        period = self.manifest["period"]
        return datetime.fromisoformat(period["start"]), datetime.fromisoformat(period["end"])

    def _check_manifest(self) -> Iterator[Deviation]:
        listed = self.manifest["files"]
        present = {name for name in self.archive.namelist() if name != "manifest.json"}
        for name, times in Counter(self.archive.namelist()).items():
            if times > 1:
                yield Deviation(
                    name, 0, f"it stands {times} times in the archive, and each reader may take another"
                )
        for name in sorted(set(listed) - present):
            yield Deviation(name, 0, "missing: the manifest names it")
        for name in sorted(present - set(listed)):
            yield Deviation(name, 0, "the manifest does not name it")
        for name in sorted(present & set(listed)):
            digest = hashlib.sha256()
            try:
                with self.archive.open(name) as file:
                    while piece := file.read(1 << 20):
                        digest.update(piece)
            except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
                raise UnreadableError(f"{name} is damaged ({error}). Ask for the archive again.") from error
            if digest.hexdigest() != listed[name]["sha256"]:
                yield Deviation(name, 0, "changed: its SHA-256 is not the one in the manifest")

    def _load_editions(self) -> Iterator[Deviation]:
        for name in self.archive.namelist():
            if name.startswith("editions/"):
                digest = name.removeprefix("editions/").removesuffix(".zip")
                try:
                    edition = Edition(digest, self.archive.read(name), self.folder)
                except (zipfile.BadZipFile, zlib.error, EOFError, OSError, *WRONG_VALUES) as error:
                    yield Deviation(name, 0, f"the rules in it cannot be read: {error}")
                    continue
                trusted = not self.trusted or any(edition.is_that_of(folder) for folder in self.trusted)
                if not edition.is_whole:
                    yield Deviation(name, 0, "changed: its files are not those that its digest names")
                if not trusted:
                    yield Deviation(name, 0, "its rules are not those of a folder given with --rules")
                if not (edition.is_whole and trusted):
                    continue  # Programs of a stranger are not run.
                try:
                    edition.load()
                except Exception as error:
                    yield Deviation(name, 0, f"the rules in it cannot be loaded: {error}")
                else:
                    self.editions[digest] = edition

    def _lines(self, name: str) -> Iterator[tuple[bytes, dict[str, Any]]]:
        """A file's lines as they are, and what they say. Raises UnreadableError."""
        if name not in self.archive.namelist():
            return
        with self.archive.open(name) as file:
            for number, line in enumerate(file, start=1):
                try:
                    row = json.loads(line, parse_constant=_no_number)
                except (ValueError, RecursionError) as error:
                    raise UnreadableError(f"{name}, line {number} cannot be read: {error}.") from error
                if not isinstance(row, dict):
                    raise UnreadableError(f"{name}, line {number} cannot be read: it is not an object.")
                yield line.rstrip(b"\n"), row

    def _read(self, name: str, keep: Callable[[dict[str, Any]], None]) -> None:
        """Keep what every line of a file says. Raises UnreadableError."""
        for number, (_, row) in enumerate(self._lines(name), start=1):
            try:
                keep(row)
            except WRONG_VALUES as error:
                raise UnreadableError(
                    f"{name}, line {number} cannot be read: {type(error).__name__} {error}."
                ) from error

    def _check_book(
        self, place: dict[str, Any], book: str, judge: Callable[[dict[str, Any]], Iterator[str]]
    ) -> Iterator[Deviation]:
        """The rows of a book against their seals, and each row by itself."""
        base = f"locations/{place['code']}/{book}"
        # Consent is there from its beginning; of the others, the newest seal before the period and those after it.
        since = None if book == "consent" else self._period()[0]
        chain = Chain(f"{base}.jsonl", place["id"], book, since)
        yield from self._check_reach(chain)
        aside: list[Deviation] = []
        start, end = self._period()
        made_at = datetime.fromisoformat(self.manifest["made_at"])
        sealed_to = max((seal["last_id"] for _, seal in self._lines(f"{base}.seals.jsonl")), default=0)

        def rows() -> Iterator[tuple[int, bytes]]:
            for number, (line, row) in enumerate(self._lines(f"{base}.jsonl"), start=1):
                row_id = row.get("id")
                if type(row_id) is not int or not 0 <= row_id < 1 << 63:
                    aside.append(
                        Deviation(chain.where, 0, f"line {number}: {row_id!r} is not the id of a row")
                    )
                    continue
                if row.get("location_id") != place["id"]:
                    aside.append(Deviation(chain.where, row_id, "it belongs to another location"))
                try:
                    at = datetime.fromisoformat(row[INSTANTS[book]])
                    (self.inside if start <= at < end else self.beside)[book] += 1
                    if at > made_at:
                        aside.append(Deviation(chain.where, row_id, "it is younger than the archive"))
                    elif row_id > sealed_to and at + timedelta(hours=1) + SEALED_WITHIN <= made_at:
                        aside.append(
                            Deviation(chain.where, row_id, "no seal covers it, and its hour is long over")
                        )
                    aside.extend(Deviation(chain.where, row_id, why) for why in judge(row))
                except WRONG_VALUES as error:
                    why = f"it cannot be read: {type(error).__name__} {error}"
                    aside.append(Deviation(chain.where, row_id, why))
                yield row_id, line

        for deviation in chain.check(self._seals(base), rows()):
            yield deviation
            yield from aside
            aside.clear()
        yield from aside
        head = place["heads"].get(book, "")
        if chain.head != head:
            yield Deviation(chain.where, 0, "its newest seal is not the one that the manifest names")
        self.heads[chain.where] = f"seal {chain.sequence} {chain.head}" if chain.seals else "no seal"
        self.newest[chain.where] = chain.head
        self.unsealed += chain.unsealed
        if chain.unsealed:
            self.notes.append(f"{chain.where}: {chain.unsealed:,} rows at the end are not sealed yet")

    def _check_reach(self, chain: Chain) -> Iterator[Deviation]:
        """Whether the book's seals are those of the period, the one before it and the one behind; not of consent.

        Keeps between which ids every row of the book has to be there.
        """
        if chain.since is None:
            return
        seals = [seal for _, seal in self._lines(chain.where.replace(".jsonl", ".seals.jsonl"))]
        start, end = self._period()
        ended = [seal["sequence"] for seal in seals if datetime.fromisoformat(seal["ends_at"]) > start]
        begun = [seal["sequence"] for seal in seals if datetime.fromisoformat(seal["starts_at"]) < end]
        # From one seal to the next hours may go back: a row that came late is in the seal after its hour's.
        first = min(ended) - 1 if ended else max((seal["sequence"] for seal in seals), default=0)
        last = max(begun) + 1 if begun else 1
        for seal in seals:
            if not first <= seal["sequence"] <= last:
                yield Deviation(
                    chain.where,
                    0,
                    f"{_name(seal)}, over {seal['count']:,} rows, is neither of the period that the manifest names "
                    "nor next to it",
                )
            if not seal.get("purged_at"):
                self.found.execute(
                    "INSERT INTO covered VALUES (?, ?, ?, ?)",
                    (chain.location, chain.book, seal["after_id"], seal["last_id"]),
                )

    def _has_to_be_there(self, place: int, book: str, key: int) -> bool:
        """Whether a row with this id would have been under one of the seals of the book."""
        return bool(
            self.found.execute(
                "SELECT 1 FROM covered WHERE place = ? AND book = ? AND last >= ? AND after < ? LIMIT 1",
                (place, book, key, key),
            ).fetchone()
        )

    def _seals(self, base: str) -> Iterator[tuple[dict[str, Any], bytes]]:
        if f"{base}.leaves" not in self.archive.namelist():
            return
        late, last = 0, ""
        with self.archive.open(f"{base}.leaves") as leaves:
            for _, seal in self._lines(f"{base}.seals.jsonl"):
                made = datetime.fromisoformat(seal["made_at"])
                if made - datetime.fromisoformat(seal["ends_at"]) > SEALED_WITHIN:
                    late, last = late + 1, seal["made_at"]
                if seal.get("purged_at"):
                    self.notes.append(
                        f"{base}: the rows of seal {seal['sequence']} were purged at {seal['purged_at']}"
                    )
                yield {"previous": "", **seal}, leaves.read(seal["count"] * LEAF_BYTES)
        if late:
            self.notes.append(
                f"{base}: {late:,} seals were made long after their hours, the last of them at {last}: "
                "what was done to their rows before they were made is not proven"
            )

    def _keep_listed(self, entry: dict[str, Any]) -> None:
        self.found.execute(
            "INSERT INTO listed VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                entry["phone"], entry["risk"], entry["added_at"], entry.get("removed_at"), entry["id"],
                entry.get("source"), entry.get("removal_reason", ""),
            ),
        )  # fmt: skip

    def _check_list(self) -> Iterator[Deviation]:
        """The do-not-call list, entry by entry: each came with a revocation, and went as the history says."""
        where, end = "do_not_call.jsonl", self._period()[1]
        for key, phone, source, added, removed, reason in self.found.execute(
            "SELECT id, phone, source, added, removed, reason FROM listed ORDER BY id"
        ):
            if datetime.fromisoformat(added) >= end - TOGETHER:
                continue  # Its revocation may stand behind the end.
            said = self.found.execute(
                "SELECT recorded FROM consent WHERE phone = ? AND kind = 'revoked' AND source = ?",
                (phone, source),
            )
            if not any(_together(added, recorded) for (recorded,) in said):
                yield Deviation(where, key, "do not call: no revocation in a ledger brought it onto the list")
            went = self.found.execute(
                "SELECT at FROM taken_off WHERE phone = ? AND reason = ?", (phone, reason)
            )
            if removed and not any(_together(removed, at) for (at,) in went):
                yield Deviation(where, key, "do not call: by the history nobody took it off the list")
        entries = "SELECT added, removed FROM listed WHERE phone = ?"
        for phone, recorded in self.found.execute(
            "SELECT phone, recorded FROM consent WHERE kind = 'revoked' ORDER BY recorded"
        ):
            at = datetime.fromisoformat(recorded)
            if at < end - TOGETHER and not any(
                datetime.fromisoformat(added) <= at + TOGETHER
                and (not removed or datetime.fromisoformat(removed) >= at - TOGETHER)
                for added, removed in self.found.execute(entries, (phone,))
            ):
                yield Deviation(
                    where, 0, f"do not call: {phone} was revoked at {recorded}, and the list has no entry"
                )
        for phone, at in self.found.execute("SELECT phone, at FROM taken_off ORDER BY at"):
            if datetime.fromisoformat(at) < end and not any(
                removed and _together(removed, at) for _, removed in self.found.execute(entries, (phone,))
            ):
                yield Deviation(where, 0, f"do not call: {phone} was taken off at {at}, and no entry says so")

    def _keep_history(self, row: dict[str, Any]) -> None:
        place, at = row["location_id"], datetime.fromisoformat(row["at"])
        said = row.get("data", {})
        if row["action"] in ("outbound.enabled", "outbound.disabled"):
            on = row["action"] == "outbound.enabled"
            self.switched.setdefault(place, Told()).moves.append((at, on))
        elif "kyc_status" in said:
            self.checked.setdefault(place, Told()).moves.append((at, said["kyc_status"] == "completed"))
        elif row["action"] == "do_not_call.removed":
            self.found.execute(
                "INSERT INTO taken_off VALUES (?, ?, ?)", (said["phone"], row["at"], said.get("reason", ""))
            )
        elif row["action"] == "location.changed":
            self.resettled.add(place)
        elif row["action"] == "organization.renamed":
            self.names.append(said["name"])

    def _check_names(self) -> Iterator[Deviation]:
        name = self.manifest["organization"]["name"]
        if self.names and name != self.names[-1]:
            yield Deviation(
                "manifest.json", 0, f"the organization is {name} here, and {self.names[-1]} in its history"
            )

    def _check_settings(self, place: dict[str, Any]) -> Iterator[Deviation]:
        """Whether country and time zone are those that the decisions knew, or were changed since by somebody."""
        seen = self.settings.get(place["id"], set())
        if not seen or (place["country"], place["timezone"]) in seen:
            return
        told = ", ".join(" on ".join(each) for each in sorted(seen))
        said = f"{place['name']} is {place['country']} on {place['timezone']}, its decisions knew {told}"
        if self.manifest["format"] < 3 or place["id"] in self.resettled:
            self.notes.append(said)
        else:
            yield Deviation("manifest.json", 0, f"{said}, and the history has no change of that")

    def _keep_wording(self, version: dict[str, Any]) -> None:
        self.wordings[version["id"]] = _sha256(version.get("text", ""))
        for scan in version.get("scans", ()):
            self.scans[scan["id"]] = version["id"], scan["valid"]

    def _of_entry(self, row: dict[str, Any]) -> Iterator[str]:
        """Keep a consent entry for the decisions; what is wrong with the wording it names."""
        self._keep_consent({**row, "place": row["location_id"]})
        if row.get("text") and _sha256(row["text"]) != row.get("text_hash"):
            yield "wording: its hash is not that of the text it has"
        version = row.get("form_version_id")
        if version is None or self.manifest["format"] < 2:
            return
        if version not in self.wordings:
            yield "wording: the version of the form that it names is not in the archive"
        elif self.wordings[version] != row.get("text_hash"):
            yield "wording: its hash is not that of the form's text in the archive"
        if self.scans.get(row.get("scan_id", 0)) != (version, row.get("scan_valid")):
            yield "wording: the scan that it names is not in the archive, or says otherwise"

    def _keep_consent(self, row: dict[str, Any]) -> None:
        # A form whose wording was not valid consent gives none, and consent to information none to marketing.
        if row["channel"] in VOICE and (
            row["kind"] == "revoked" or (row.get("scan_valid") is not False and row["purpose"] == MARKETING)
        ):
            self.found.execute(
                "INSERT INTO consent VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    row.get("place"), row["phone"], row["kind"], row["source"], row["captured_at"],
                    row["recorded_at"], row.get("expires_at"),
                ),
            )  # fmt: skip

    def _of_decision(self, row: dict[str, Any]) -> Iterator[str]:
        """What is wrong with a decision: its verdict, its packs, what it took for consent, the dials it knew of."""
        self.decided[row["decision"]] += 1
        self.engine = max(self.engine, int(row["engine"]))
        if row["decision"] == "reject":
            self.found.execute(
                "INSERT INTO rejected VALUES (?, ?, ?)", (row["location_id"], row["call_id"], row["phone"])
            )
        edition = self.editions.get(row.get("edition", ""))
        if edition is None:
            yield "not verifiable: the rules that decided it are not in the archive"
            return
        if row["engine"] != edition.engine:
            yield f"engine: it says {row['engine']}, and its rules are of {edition.engine}"
        if self._clocks != edition.digest:
            edition.set_clocks()
            self._clocks = edition.digest
        at, facts = datetime.fromisoformat(row["decided_at"]), row["facts"]
        try:
            read = edition.facts_of(facts, edition.packs)
            within = timedelta(milliseconds=facts["within_ms"])
            verdict = edition.decide(read, at, within)
            needed = edition.packs_for(read.location.country, read.contact.place)
            known = self.settings.setdefault(row["location_id"], set())
            known.add((read.location.country, read.location.timezone))
        except WRONG_VALUES as error:
            yield f"its facts cannot be read: {type(error).__name__} {error}"
            return
        until = row.get("until")
        said = (row["decision"], until and datetime.fromisoformat(until), row.get("reasons", []))
        if said != (verdict.decision, verdict.until, list(verdict.reasons)):
            yield (
                f"verdict: it says {_said(*said)}, "
                f"the rules say {_said(verdict.decision, verdict.until, list(verdict.reasons))}"
            )
        elif row.get("evidence", {}) != json.loads(json.dumps(dict(verdict.evidence))):
            yield "evidence: it is not what the rules found"
        if missing := {pack.name for pack in needed} - set(facts["rule_packs"]):
            yield f"packs: {', '.join(sorted(missing))} should have been applied"
        if facts["contact"]["phone"] != row["phone"]:
            yield f"its facts are about {facts['contact']['phone']}, not {row['phone']}"
        yield from self._of_consent(row, at, facts["contact"])
        yield from self._of_list(row, at, facts["contact"]["blacklist_risk"])
        if self.manifest["format"] >= 2:
            yield from self._of_external_lists(at, facts, edition, int(row["engine"]) >= TELLS_OF_UNLOADED)
        if self.manifest["format"] >= 3:
            yield from self._of_location(row["location_id"], at, facts["location"])
            yield from self._of_emergencies(row["location_id"], at, facts.get("emergencies", []))
        yield from self._of_dials(row, at, facts["number_attempts"])
        if row["decision"] == "allow":
            self.found.execute(
                "INSERT OR REPLACE INTO allowed VALUES (?, ?, ?, ?)",
                (row["id"], row["location_id"], row["phone"], row["decided_at"]),
            )

    def _of_consent(self, row: dict[str, Any], at: datetime, contact: dict[str, Any]) -> Iterator[str]:
        """Whether the ledger, as it could be known then, bears out what the decision took for consent."""
        entries = self.found.execute(
            "SELECT kind, source, captured, recorded, expires FROM consent "
            "WHERE phone = ? AND (kind = 'revoked' OR place = ?) ORDER BY recorded",
            (row["phone"], row["location_id"]),
        ).fetchall()
        given: list[tuple[datetime, bool]] = []
        taken: list[tuple[datetime, bool]] = []
        for kind, source, captured, recorded, expires in entries:
            since, known = datetime.fromisoformat(captured), datetime.fromisoformat(recorded)
            if max(since, known) > at + LOOKS_AHEAD:
                continue
            if expires and datetime.fromisoformat(expires) <= at:
                continue
            slack = COMMITS_WITHIN.get(source, COMMITS_WITHIN_ELSE)
            certain = known <= at - slack and since <= at - LOOKS_AHEAD
            (taken if kind == "revoked" else given).append((since, certain))
        if contact["opt_in_documented"] and not given:
            yield "consent: it takes consent for given, and the ledger has none"
        newest = max((since for since, _ in given), default=None)
        if contact["opted_out_at"] is None:
            if any(certain and (newest is None or since >= newest) for since, certain in taken):
                yield "consent: it knows of no opt-out, and the ledger has one in force"
        elif datetime.fromisoformat(contact["opted_out_at"]) not in {since for since, _ in taken}:
            yield "consent: the opt-out that it names is not in the ledger"

    def _of_list(self, row: dict[str, Any], at: datetime, risk: str | None) -> Iterator[str]:
        entries = self.found.execute(
            "SELECT risk, added, removed FROM listed WHERE phone = ?", (row["phone"],)
        ).fetchall()
        if risk is None:
            for _, added, removed in entries:
                if datetime.fromisoformat(added) <= at - COMMITS_WITHIN_ELSE and (
                    not removed or datetime.fromisoformat(removed) > at + LOOKS_AHEAD
                ):
                    yield "do not call: the number was on the list, and the decision did not know it"
        elif not any(
            risk == each and datetime.fromisoformat(added) <= at + LOOKS_AHEAD for each, added, _ in entries
        ):
            yield f"do not call: it names an entry of risk {risk}, and the list has none"

    def _of_external_lists(
        self, at: datetime, facts: dict[str, Any], edition: Edition, tells: bool
    ) -> Iterator[str]:
        """Whether the lists that it knew were in force, and those in force known; not which numbers are on them.

        tells: whether its rules knew lists without an edition.
        """
        start, end = at - COMMITS_WITHIN_ELSE, at + LOOKS_AHEAD
        known = facts["contact"]["lists"]
        for each in known:
            if not any(
                (one.kind, one.name) == (each["kind"], each["name"])
                and (
                    one.lacks_one(start, end)
                    if each["as_of"] is None
                    else each["as_of"] in one.dates(start, end)
                )
                and (each["listed"] or True in one.was_kept(start, end))
                for one in self.lists
            ):
                of = f"of {each['as_of']}" if each["as_of"] else "without an edition"
                yield f"lists: {each['name']} {of}, which it names, was not in force"
        names = {(each["kind"], each["name"]) for each in known}
        region = facts["contact"]["region"]
        for one in self.lists:
            # Which states a register of a state concerns is not in the archive.
            if one.kind == "state" or region is None or not edition.domestic(region, one.country):
                continue
            due = one.was_due if tells else one.in_force_throughout
            if (one.kind, one.name) not in names and due(start, end):
                yield f"lists: {one.name} was in force, and the decision did not know it"

    def _of_location(self, place: int, at: datetime, facts: dict[str, Any]) -> Iterator[str]:
        """Whether the switch and the check of the business stood as it took them, where the history reaches back."""
        start, end = at - COMMITS_WITHIN_ELSE, at + LOOKS_AHEAD
        switched = self.switched.get(place, Told()).at(start, end)
        checked = self.checked.get(place, Told()).at(start, end)
        self.untold += not (switched and checked)
        # A location counts as off, too, while none of its forms is valid consent.
        if facts["outbound_enabled"] and switched == {False}:
            yield "switch: it takes outbound calls for switched on, and the history has them off"
        if checked and (facts["kyc_status"] == "completed") not in checked:
            yield f"business: it takes its check for {facts['kyc_status']}, and the history says otherwise"

    def _of_emergencies(self, place: int, at: datetime, known: list[dict[str, Any]]) -> Iterator[str]:
        """Whether those that it knew were declared, and its location's known; which states are whose is believed."""
        start, end = at - COMMITS_WITHIN_ELSE, at + LOOKS_AHEAD
        told = {(each["where"], *_both(each), each["reason"]) for each in known}
        declared = set()
        for one in self.emergencies:
            since, lifted = datetime.fromisoformat(one["created_at"]), one.get("lifted_at")
            until = datetime.fromisoformat(lifted or one["ends_at"])
            said = (one.get("state", ""), *_both(one), one["reason"])
            if since <= end and until >= start:
                declared.add(said)
            if one.get("location_id") == place and since <= start and until > end and said not in told:
                yield f"emergencies: one was declared until {one['ends_at']}, and the decision did not know it"
        for where, _, ends, _ in sorted(told - declared):
            named = f"{where and f'in {where} '}until {instant(ends)}"
            yield f"emergencies: the one {named}, which it names, was not in force"

    def _of_dials(self, row: dict[str, Any], at: datetime, known: list[str]) -> Iterator[str]:
        told = {datetime.fromisoformat(each) for each in known}
        for (dialled,) in self.found.execute(
            "SELECT at FROM dialled WHERE phone = ? AND NOT refused", (row["phone"],)
        ):
            when = datetime.fromisoformat(dialled)
            if at - NUMBER_PERIOD < when < at - LOOKS_AHEAD and when not in told:
                yield f"dials: the number was called at {dialled}, and the decision did not know it"

    def _of_dial(self, row: dict[str, Any]) -> Iterator[str]:
        """Keep a dial for what the archive says became of it."""
        self.found.execute(
            "INSERT INTO sealed VALUES (?, ?, ?, ?)",
            (row["location_id"], row["id"], row["slot_at"], leaf(canonical(row))),
        )
        yield from ()

    def _of_attempt(self, place: int, attempt: dict[str, Any], is_due: bool) -> Iterator[str]:
        """Whether it is the dial that stands in the sealed book. is_due: whether it has to stand there."""
        key = (place, attempt["decision_id"])
        ids = {"id": key[1], "location_id": place, "attempt_id": attempt["id"]}
        dial = leaf(canonical({**ids, **{name: attempt.get(name) for name in DIAL_FIELDS}}))
        taken = self.found.execute("SELECT leaf FROM sealed WHERE place = ? AND id = ?", key).fetchall()
        self.found.execute("DELETE FROM sealed WHERE place = ? AND id = ?", key)
        if not taken and is_due:
            yield "dials: it is not in the book of dials"
        elif taken and taken != [(dial,)]:
            yield "dials: it is not the one in the book of dials"

    def _keep_call(self, place: int, call: dict[str, Any]) -> None:
        rang = call.get("answered_at") or call.get("talk_seconds") or call["state"] not in NOTHING_RANG
        row = (place, call["id"], call.get("started_at"), bool(rang))
        self.found.execute("INSERT OR IGNORE INTO called VALUES (?, ?, ?, ?)", row)

    def _of_call(self, place: int, attempt: dict[str, Any]) -> Iterator[str]:
        """Whether its call tells the same of it, and how it was refused if it was. Keeps it for the calls."""
        slot, start, end = datetime.fromisoformat(attempt["slot_at"]), *self._period()
        self.found.execute(
            "INSERT INTO told VALUES (?, ?, ?, ?, ?)",
            (place, attempt.get("call_id"), attempt["slot_at"], attempt["phone"], attempt.get("from_number")),
        )
        call = self.found.execute(
            "SELECT rang FROM called WHERE place = ? AND id = ? AND started = ?",
            (place, attempt.get("call_id"), attempt["slot_at"]),
        ).fetchone()
        if attempt["state"] != "refused":
            # The call of a refused one waits again, or was dialled anew.
            if call is None and start - NUMBER_PERIOD <= slot < end:
                yield "calls: calls.jsonl has no call that was dialled then"
            return
        if signs := [name for name in ("sid", "carrier_status", "answered_by") if attempt.get(name)]:
            yield f"refused: it says so, and has what only a dial that the carrier took has: {', '.join(signs)}"
        if not (attempt.get("error_code") and attempt.get("settled_at")):
            yield "refused: it says so, and not when and with which code the carrier refused it"
        if call == (True,):
            yield "refused: it says so, and its call was connected or rang"

    def _check_calls(self, place: dict[str, Any]) -> Iterator[Deviation]:
        """Whether every call that was dialled has its dial, to the same number from the same one, or its refusal."""
        where = f"locations/{place['code']}/calls.jsonl"
        start, end = self._period()
        made_at = datetime.fromisoformat(self.manifest["made_at"])

        def wrong(call: dict[str, Any]) -> str | None:
            key = (place["id"], call["id"])
            if call.get("disposition") == "rejected":
                at = datetime.fromisoformat(call["ended_at"])
                said = self.found.execute(
                    "SELECT phone FROM rejected WHERE place = ? AND call = ?", key
                ).fetchall()
                due = start <= at < end - UNDER_WAY and at > made_at - RETENTION
                if (call["phone"],) not in said and (said or due):
                    return "calls: no decision in the archive refuses it"
            elif call.get("started_at"):
                dials = self.found.execute(
                    "SELECT phone, own FROM told WHERE place = ? AND call = ? AND slot = ?",
                    (*key, call["started_at"]),
                ).fetchall()
                at = datetime.fromisoformat(call["started_at"])
                # Decisions are purged with their dials; calls are not.
                if not dials and at > made_at - RETENTION:
                    return "calls: attempts.jsonl has no dial of it from then"
                if dials and (call["phone"], call.get("from_number")) not in dials:
                    return "calls: its dial was to another number or from another one"
            else:
                return "calls: it was neither dialled nor refused"
            return None

        found: list[Deviation] = []

        def check(call: dict[str, Any]) -> None:
            if why := wrong(call):
                found.append(Deviation(where, call["id"], why))

        self._read(where, check)
        yield from found

    def _check_attempts(self, place: dict[str, Any]) -> Iterator[Deviation]:
        where = f"locations/{place['code']}/attempts.jsonl"
        start, end = self._period()
        # Since dials are sealed, archives tell of all whose seals they hold, beside the period too.
        tells_all = self.manifest["format"] >= 4
        lacking: list[Deviation] = []

        def check(attempt: dict[str, Any]) -> None:
            key, slot = attempt["decision_id"], datetime.fromisoformat(attempt["slot_at"])
            if slot < start and not tells_all:
                return
            told = self.found.execute(
                "UPDATE dialled SET seen = 1 WHERE place = ? AND id = ? AND NOT seen",
                (place["id"], attempt["id"]),
            )
            if not told.rowcount:
                return
            within = start <= slot < end
            taken = self.found.execute(
                "DELETE FROM allowed WHERE id = ? AND place = ? AND phone = ? AND at = ?",
                (key, place["id"], attempt["phone"], attempt["slot_at"]),
            )
            if not taken.rowcount and (within or self._has_to_be_there(place["id"], "decisions", key)):
                lacking.append(Deviation(where, attempt["id"], "no decision in the archive allows this dial"))
            if tells_all:
                is_due = within or self._has_to_be_there(place["id"], "dials", key)
                said = (
                    *self._of_attempt(place["id"], attempt, is_due),
                    *self._of_call(place["id"], attempt),
                )
                lacking.extend(Deviation(where, attempt["id"], why) for why in said)

        self._read(where, check)
        yield from lacking
        those = "place = ?" if tells_all else "place = ? AND at >= ? AND at < ?"
        which = (place["id"],) if tells_all else (place["id"], instant(start), instant(end))
        for (decision_id,) in self.found.execute(
            f"SELECT id FROM sealed WHERE {those} ORDER BY id", which
        ).fetchall():
            dials = f"locations/{place['code']}/dials.jsonl"
            yield Deviation(dials, decision_id, "dials: attempts.jsonl does not say what became of it")
        # The allowing decision and its dial were written together, and neither is deleted without the other.
        unused = self.found.execute(f"SELECT id FROM allowed WHERE {those} ORDER BY id", which)
        for (decision_id,) in unused.fetchall():
            decisions = f"locations/{place['code']}/decisions.jsonl"
            yield Deviation(decisions, decision_id, "dials: it allows one, and the archive has none for it")
        previous, today, dialled = None, None, 0
        zone, seen = place["timezone"], self.settings.get(place["id"], set())
        if seen and (place["country"], zone) not in seen:
            zone = min(seen)[1]
        # Without rules there are no clocks either, and that was said.
        clock = zoneinfo.ZoneInfo(zone) if self._clocks else UTC
        for (slot,) in self.found.execute(
            "SELECT at FROM dialled WHERE place = ? AND NOT refused ORDER BY at", (place["id"],)
        ):
            at = datetime.fromisoformat(slot)
            if previous is not None and at - previous < SPACING:
                yield Deviation(
                    where, 0, f"the dial of {slot} began less than 6 seconds after the one before"
                )
            day = at.astimezone(clock).date()
            dialled = dialled + 1 if day == today else 1
            if dialled > LOCATION_DAILY_LIMIT:
                yield Deviation(where, 0, f"the dial of {slot} was number {dialled:,} of its day")
            previous, today = at, day


def _together(one: str, other: str) -> bool:
    return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) <= TOGETHER


def _both(each: Mapping[str, Any]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(each["starts_at"]), datetime.fromisoformat(each["ends_at"])


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _said(decision: str, until: datetime | None, reasons: list[str]) -> str:
    return (
        decision
        + (f" until {instant(until)}" if until else "")
        + (f" ({', '.join(reasons)})" if reasons else "")
    )


def _unproven(audit: Audit, noted: list[str], trusted: list[Path], is_known: bool) -> str:
    """The last word on an archive without deviations: what it does not prove by itself."""
    left = []
    if audit.unsealed:
        left.append(f"the {audit.unsealed:,} rows that no seal covers yet")
    if ends := [where for where, head in sorted(audit.newest.items()) if head not in noted]:
        more = f" and {len(ends) - 2:,} more" if len(ends) > 2 else ""
        left.append(
            f"that no newest seals are missing with their rows (--head) in {', '.join(ends[:2])}{more}"
        )
    if audit.manifest["format"] < 4:
        left.append("that no dial was changed, dropped or put in: it was made before dials were sealed")
    if not is_known:
        left.append("that what stands in no seal is as it was when the archive was made (--manifest)")
    if not trusted:
        left.append("that the rules are those of Parley (--rules)")
    if not left:
        return "Everything is in order."
    return f"No deviation was found. Not proven: {'; '.join(left)}."


def _believed(manifest: dict[str, Any]) -> list[str]:
    """The kinds of rows of an archive that stand in no seal."""
    kinds = {
        name.rsplit("/", 1)[-1].removesuffix(".jsonl")
        for name in manifest["files"]
        if name.endswith(".jsonl") and not name.endswith(".seals.jsonl")
    }
    return sorted(kind.replace("_", " ") for kind in kinds - _sealed(manifest))


def _sealed(manifest: dict[str, Any]) -> set[str]:
    return set(INSTANTS) if manifest["format"] >= 4 else {"decisions", "consent"}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks an audit archive of Parley.")
    parser.add_argument("archive", type=Path)
    parser.add_argument(
        "--rules",
        type=Path,
        action="append",
        default=[],
        metavar="FOLDER",
        help="a Parley that you trust: the archive's rules must be its files; may be repeated",
    )
    parser.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="HASH",
        help="the hash of a seal that you noted earlier and that must be in the archive",
    )
    parser.add_argument(
        "--manifest",
        metavar="HASH",
        help="the fingerprint that was noted when the archive was made: every file and name in it hangs on that",
    )
    options = parser.parse_args(arguments)
    count = 0
    try:
        with zipfile.ZipFile(options.archive) as archive, tempfile.TemporaryDirectory() as folder:
            written = archive.read("manifest.json")
            audit = Audit(archive, Path(folder), options.rules, json.loads(written))
            for deviation in audit.deviations():
                count += 1
                print(deviation)
            seals = {
                seal["hash"]
                for name in archive.namelist() if name.endswith(".seals.jsonl")
                for _, seal in audit._lines(name)
            }  # fmt: skip
            for head in options.head:
                if head not in seals:
                    count += 1
                    print(f"The seal {head} is not in the archive.")
    except Exception as error:  # Whatever a stranger's file makes of this program, it proves nothing.
        print(f"The archive cannot be read to its end: {type(error).__name__} {error}", file=sys.stderr)
        print("It is cut, damaged or no audit archive. Nothing is proven. Ask for it again.", file=sys.stderr)
        return 2
    fingerprint = hashlib.sha256(written).hexdigest()
    if options.manifest and options.manifest != fingerprint:
        count += 1
        print(
            f"This is not the archive that was made with the manifest {options.manifest}: it is {fingerprint}."
        )
    for note in audit.notes:
        print(f"Note: {note}")
    if not options.rules:
        print(
            "Note: the rules were taken from the archive, and run; with --rules only those of a release you trust are"
        )
    if not options.head:
        print(
            "Note: seals that were all made anew, or left out at the end, cannot be told from honest ones without "
            "--head, a seal noted elsewhere when it was made"
        )
    for name, head in sorted(audit.heads.items()):
        print(f"{name}: {head}")
    print(f"Rows under hourly seals: {', '.join(sorted(_sealed(audit.manifest)))}.")
    believed = ", ".join(_believed(audit.manifest))
    print(
        f"On the archive's own word, as of {audit.manifest['made_at']}: {believed}, and the names of the organization "
        "and its locations. All of that hangs on the fingerprint of the manifest."
    )
    print(f"Manifest {fingerprint}")
    verdicts = (
        ", ".join(f"{number:,} {verdict}" for verdict, number in sorted(audit.decided.items())) or "none"
    )
    period = audit.manifest["period"]
    print(f"The archive says it is of the period from {period['start']} to {period['end']}.")
    print(
        f"In that period: {audit.inside['decisions']:,} decisions, {audit.inside['dials']:,} rows of dials; "
        f"in the hours next to it: {audit.beside['decisions']:,} and {audit.beside['dials']:,}."
    )
    print(f"Decisions derived again: {verdicts}.")
    print(
        f"{count:,} deviation{'s' * (count != 1)}."
        if count
        else _unproven(audit, options.head, options.rules, bool(options.manifest))
    )
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
