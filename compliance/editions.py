"""Editions of the rules: the very files that decide, known by a digest that every decision carries.

An edition is kept in the database when it first runs, so that an audit archive can bring along, for every
decision, the source, packs, holidays and clocks it was made with, however often Parley was upgraded since.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from compliance.models import RulesEdition
from compliance.rules import ENGINE

HOUSE = Path(__file__).parent.parent
SOURCES = (
    "compliance/__init__.py",
    "compliance/places.py",
    "compliance/windows.py",
    "compliance/schedules.py",
    "compliance/rules.py",
    "compliance/stored_facts.py",
    "compliance/packs/__init__.py",
    "compliance/packs/calendars.py",
    "compliance/packs/applying.py",
    "compliance/packs/area_codes.toml",
    "compliance/packs/states.toml",
    "compliance/packs/calendars.json",
)
PACKS = "compliance/packs/rules"
TZ = "tz/"
# A zip's oldest date: the same files make the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Edition:
    """files: path → SHA-256 of what decides, clocks under tz/. versions: of the packages the data are from.

    digest: over all that.
    """

    digest: str
    files: dict[str, str]
    versions: dict[str, str]

    def manifest(self) -> dict[str, Any]:
        """What the digest is taken over."""
        return {"engine": ENGINE, "files": self.files, "versions": self.versions}


@cache
def current() -> Edition:
    """The edition that this process runs; read when the process starts, before anybody can put newer files there."""
    paths = [*SOURCES, *sorted(f"{PACKS}/{path.name}" for path in (HOUSE / PACKS).glob("*.toml"))]
    paths += [TZ + name for name in sorted(resources.files("tzdata").joinpath("zones").read_text().split())]
    files = {path: hashlib.sha256(_read(path)).hexdigest() for path in paths}
    versions = {name: metadata.version(name) for name in ("holidays", "tzdata")}
    edition = Edition("", files, versions)
    written = json.dumps(edition.manifest(), sort_keys=True, separators=(",", ":"))
    return Edition(hashlib.sha256(written.encode()).hexdigest(), files, versions)


def keep() -> Edition:
    """The current edition, kept in the database from now on at the latest."""
    edition = current()
    if not RulesEdition.objects.filter(pk=edition.digest).exists():
        # Two processes that start at once keep the same edition; the database refuses the second.
        with suppress(IntegrityError), transaction.atomic():
            RulesEdition.objects.create(digest=edition.digest, engine=ENGINE, content=content_of(edition))
    return edition


def content_of(edition: Edition) -> bytes:
    """The zip: edition.json, which is what the digest is taken over, and the files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _contents(edition):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _contents(edition: Edition) -> Iterator[tuple[str, bytes]]:
    yield "edition.json", json.dumps(edition.manifest(), sort_keys=True, separators=(",", ":")).encode()
    for path in edition.files:
        yield path, _read(path)


def _read(path: str) -> bytes:
    """A file of the house, or under tz/ one of the tzdata package."""
    if path.startswith(TZ):
        return resources.files("tzdata").joinpath("zoneinfo", path.removeprefix(TZ)).read_bytes()
    return (HOUSE / path).read_bytes()
