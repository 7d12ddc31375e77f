"""The audit archive: everything a stranger needs to check what was decided, in one zip. Memory stays flat.

What rooms above know (calls, dials) they register as a chapter. compliance.verify_audit, a copy of which lies in the
archive, says what is checked.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Location, LogEntry, Organization
from compliance import editions, seals, verify_audit
from compliance.models import (
    Book,
    ConsentEntry,
    ConsentKind,
    DoNotCallEntry,
    Emergency,
    ExternalList,
    FormScan,
    ListEdition,
    ListEvent,
    RulesEdition,
    Seal,
)
from contacts.models import OptInVersion

FORMAT = 4
CHUNK = 2_000
UNDER_WAY = timedelta(minutes=1)
# Rows as dictionaries of plain values, of a location from an instant to another.
Chapter = Callable[[Location, datetime, datetime], Iterable[dict[str, Any]]]
CHAPTERS: dict[str, Chapter] = {}
EDITION = b'"edition":"'
# Acts in the log of what was done that decide whether a location calls at all, and what its clock is.
TOLD = (
    Q(action__startswith="kyc.") | Q(action__startswith="outbound.") | Q(action__startswith="location.")
    | Q(action__startswith="do_not_call.") | Q(action="organization.renamed")
)  # fmt: skip

README = """This is an audit archive of {organization}: what was decided about every call from {start} to {end}.

    python verify_audit.py ARCHIVE.zip

checks it; Python 3.11 or newer is all that is needed. Take verify_audit.py from a source you trust rather than from
this archive, and give it --rules FOLDER, an unpacked release of Parley: the rules in here must then be that release's.

Files, for each location: decisions.jsonl, each line the bytes that were sealed: the facts, the verdict, its reasons and
what failing rules saw; consent.jsonl, the consent ledger from its beginning; dials.jsonl, what never changes of a dial,
under the id of the decision that allowed it; .seals.jsonl and .leaves, their seals;
forms.jsonl, the wordings that people agreed to, with what the scanner said of each and when;
attempts.jsonl and calls.jsonl, the dials with the carrier's ids, from two weeks before, and what became of the calls;
schedules.jsonl, the hours of its agents and campaigns as they stood when the archive was made.
For the organization: do_not_call.jsonl; other_revocations.jsonl, opt-outs that other locations recorded;
external_lists.jsonl, the registers and lists of others with their editions, and why one was ended; history.jsonl, who
switched calls on and off, checked the business, or changed a location or a name, and when; and emergencies.jsonl, when
a person stopped the calls of a location or into a state.
editions/ holds the rules as they were when they decided, with rule packs, holidays and time zones.
"""


def register(name: str, chapter: Chapter) -> None:
    """Add a file of a room above to every location's part of the archive."""
    CHAPTERS[name] = chapter


@dataclass(slots=True)
class _Archive:
    """A zip under way; every file is hashed as it is written."""

    zip: zipfile.ZipFile
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, name: str, pieces: Iterable[bytes]) -> int:
        digest, size, count = hashlib.sha256(), 0, 0
        info = zipfile.ZipInfo(name, timezone.now().timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        with self.zip.open(info, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
                count += 1
        self.files[name] = {"sha256": digest.hexdigest(), "bytes": size}
        return count

    def put_rows(self, name: str, rows: Iterable[bytes]) -> int:
        written = self.put(name, (row + b"\n" for row in rows))
        self.files[name]["rows"] = written
        return written


@dataclass(slots=True)
class _Tally:
    """Counts decisions on their way into the archive, and the editions of the rules that they name."""

    progress: Callable[[int], None]
    done: int = 0
    editions: set[str] = field(default_factory=set)

    def watch(self, rows: Iterable[bytes]) -> Iterator[bytes]:
        for content in rows:
            # Read where it stands, without taking the whole line apart.
            start = content.find(EDITION) + len(EDITION)
            self.editions.add(content[start : start + 64].decode())
            self.done += 1
            if self.done % CHUNK == 0:
                self.progress(self.done)
            yield content


def export(
    target: IO[bytes],
    organization: Organization,
    locations: list[Location],
    start: datetime,
    end: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> dict[str, Any]:
    """Write the archive of the locations (of one organization) for [start, end), whole hours; returns its manifest.

    It ends a minute ago at the latest: what is dialled while it is written would be in one of its files and not in
    another.

    progress is told how many decisions are written.
    """
    editions.keep()
    end = min(end, timezone.now() - UNDER_WAY)
    tally, places = _Tally(progress), []
    known = _known_to(locations, start, end)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        archive = _Archive(file)
        source = Path(verify_audit.__file__).read_bytes()
        archive.put("verify_audit.py", [source])
        text = README.format(organization=organization.name, start=start.isoformat(), end=end.isoformat())
        archive.put("README.txt", [text.encode()])
        for location in locations:
            base, heads = f"locations/{location.code}", {}
            for book in Book.values:
                sealed, tail = reach(book, location, start, known if book == Book.CONSENT else end)
                rows = _rows(book, location, sealed, tail)
                archive.put_rows(
                    f"{base}/{book}.jsonl", tally.watch(rows) if book == Book.DECISIONS else rows
                )
                archive.put_rows(f"{base}/{book}.seals.jsonl", map(_line, _written(sealed)))
                archive.put(f"{base}/{book}.leaves", _leaves(sealed))
                newest = sealed.order_by("-sequence").values_list("hash", flat=True).first()
                heads[book] = newest or ""
            archive.put_rows(f"{base}/forms.jsonl", map(_line, _forms(location, known)))
            for name, chapter in CHAPTERS.items():
                archive.put_rows(f"{base}/{name}.jsonl", map(_line, chapter(location, start, end)))
            places.append(
                {
                    "id": location.pk,
                    "code": location.code,
                    "name": location.name,
                    "country": location.country,
                    "timezone": location.timezone,
                    "heads": heads,
                }
            )
        archive.put_rows("do_not_call.jsonl", map(_line, _do_not_call(organization, known)))
        archive.put_rows("other_revocations.jsonl", map(_line, _revocations(organization, locations, known)))
        archive.put_rows("external_lists.jsonl", map(_line, _external_lists(organization, known)))
        archive.put_rows("history.jsonl", map(_line, _history(organization, locations)))
        archive.put_rows("emergencies.jsonl", map(_line, _emergencies(organization, known)))
        for edition in (
            RulesEdition.objects.filter(pk__in=tally.editions).order_by("pk").iterator(chunk_size=1)
        ):
            archive.put(f"editions/{edition.digest}.zip", [bytes(edition.content)])
        manifest = {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "organization": {"code": organization.code, "name": organization.name},
            "period": {"start": start.isoformat(), "end": end.isoformat()},
            "locations": places,
            "files": archive.files,
        }
        file.writestr("manifest.json", json.dumps(manifest, indent=1, sort_keys=True))
    progress(tally.done)
    return manifest


def fingerprint(path_or_file: Any) -> str:
    """The SHA-256 of an archive's manifest, which names all other files by theirs."""
    with zipfile.ZipFile(path_or_file) as archive:
        return hashlib.sha256(archive.read("manifest.json")).hexdigest()


def _line(row: dict[str, Any]) -> bytes:
    return verify_audit.canonical(row)


def _known_to(locations: list[Location], start: datetime, end: datetime) -> datetime:
    """Until when the archive has to tell of consent and lists: the decisions right behind the end knew later ones."""
    behind = [reach(Book.DECISIONS, each, start, end)[0].last() for each in locations]
    return max([end, *(seal.ends_at for seal in behind if seal)])


def reach(
    book: str, location: Location, start: datetime, end: datetime
) -> tuple[QuerySet[Seal], tuple[int, datetime, datetime] | None]:
    """The seals of the period, and from where on rows that no seal covers yet belong to it; None for none.

    Decisions and dials: whole hours, the seal before them, so that none at the beginning can be left out unseen, and
    the seal behind them, where a row that came late would be. Consent: from the beginning.
    """
    every = seals.seals_of(book, location.pk)
    newest = every.last()
    if newest is None:
        return every, (0, _beginning(book, start), end)
    inside = every if book == Book.CONSENT else every.filter(ends_at__gt=start)
    first, last = inside.first(), every.filter(starts_at__lt=end).last()
    before = first.sequence - 1 if first else newest.sequence
    behind = last.sequence + 1 if last else 1
    tail = (newest.last_id, _beginning(book, start), end) if newest.sequence <= behind else None
    return every.filter(sequence__gte=before, sequence__lte=behind), tail


def _beginning(book: str, start: datetime) -> datetime:
    return datetime.min.replace(tzinfo=start.tzinfo) if book == Book.CONSENT else start


def _rows(
    book: str, location: Location, sealed: QuerySet[Seal], tail: tuple[int, datetime, datetime] | None
) -> Iterator[bytes]:
    for after_id, last_id in sealed.filter(purged_at=None).values_list("after_id", "last_id"):
        for _, _, content in seals.rows_of(book, location.pk, after_id, last_id):
            yield content
    if tail is not None:
        after_id, start, end = tail
        for _, at, content in seals.rows_of(book, location.pk, after_id, 2**62):
            if start <= at < end:
                yield content


def _written(sealed: QuerySet[Seal]) -> Iterator[dict[str, Any]]:
    return map(seals.written, sealed.defer("leaves").iterator(chunk_size=CHUNK))


def _leaves(sealed: QuerySet[Seal]) -> Iterator[bytes]:
    for leaves in sealed.values_list("leaves", flat=True).iterator(chunk_size=1):
        yield bytes(leaves)


def _do_not_call(organization: Organization, end: datetime) -> Iterator[dict[str, Any]]:
    entries = DoNotCallEntry.objects.filter(organization=organization, added_at__lt=end)
    names = ("id", "phone", "risk", "reason", "source", "added_at", "removed_at", "removal_reason")
    return keyset(entries, names)


def _revocations(
    organization: Organization, locations: list[Location], end: datetime
) -> Iterator[dict[str, Any]]:
    """Opt-outs hold for the whole organization: those of its other locations, without their evidence."""
    entries = ConsentEntry.objects.filter(
        ~Q(location__in=locations), organization=organization, kind=ConsentKind.REVOKED, recorded_at__lt=end
    )
    return keyset(entries, ("id", "phone", "kind", "source", "channel", "captured_at", "recorded_at"))


def _external_lists(organization: Organization, end: datetime) -> Iterator[dict[str, Any]]:
    """The lists of others with their loads and their history, without their numbers: which was in force when."""
    lists = ExternalList.objects.filter(organization=organization, created_at__lt=end)
    for each in keyset(lists, ("id", "kind", "country", "state", "name", "created_at", "deleted_at")):
        editions_of = ListEdition.objects.filter(list=each["id"], loaded_at__lt=end).order_by(
            "loaded_at", "pk"
        )
        failed = ListEdition.objects.filter(list=each["id"], loaded_at=None, job__ended_at__lt=end)
        events = ListEvent.objects.filter(list=each["id"], at__lt=end).order_by("at", "pk")
        yield {
            **each,
            "editions": list(
                editions_of.values(
                    "id", "change", "as_of", "account_number", "source", "file_name", "count", "loaded_at"
                )
            ),
            "failed": sorted(failed.values_list("job__ended_at", flat=True)),
            "events": list(events.values("kind", "reason", "at")),
        }


def _history(organization: Organization, locations: list[Location]) -> Iterator[dict[str, Any]]:
    """What was done to these locations' switch, business and settings, until now: the manifest names them as they are.

    The organization's names and its do-not-call list, whichever of its locations they were changed from.
    """
    done = LogEntry.objects.filter(TOLD, location__organization=organization)
    everywhere = Q(action="organization.renamed") | Q(action__startswith="do_not_call.")
    done = done.filter(Q(location__in=locations) | everywhere)
    return keyset(done, ("id", "location_id", "at", "action", "actor__email", "subject_code", "data"))


def _emergencies(organization: Organization, end: datetime) -> Iterator[dict[str, Any]]:
    declared = Emergency.objects.filter(organization=organization, created_at__lt=end)
    names = (
        "id", "location_id", "state", "starts_at", "ends_at", "reason", "created_at", "created_by__email", "lifted_at",
        "lifted_by__email",
    )  # fmt: skip
    return keyset(declared, names)


def _forms(location: Location, end: datetime) -> Iterator[dict[str, Any]]:
    """Every version of the location's opt-in forms, with its scans."""
    versions = OptInVersion.objects.filter(form__location=location, created_at__lt=end)
    names = (
        "id", "form__code", "form__name", "number", "text", "text_hash", "seller", "place", "language", "control",
        "prechecked", "required", "created_at",
    )  # fmt: skip
    for each in keyset(versions, names):
        scans = FormScan.objects.filter(version=each["id"], at__lt=end).order_by("pk")
        found = (
            "id",
            "at",
            "cause",
            "scanner",
            "valid",
            "missing_required",
            "missing_recommended",
            "other_findings",
        )
        yield {**each, "scans": list(scans.values(*found))}


def keyset(rows: QuerySet[Any], names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Rows in order of id as dictionaries, in chunks that hold no snapshot open. names: the id first."""
    after = 0
    while chunk := list(rows.filter(pk__gt=after).order_by("pk").values_list(*names)[:CHUNK]):
        for row in chunk:
            yield dict(zip(names, row, strict=True))
        after = chunk[-1][0]
