"""The import of a list: read and checked row by row, then written in one transaction.

1. Every row is read, checked and set aside in a temporary file; refused ones go to the file of refusals. Nothing of
   the database has changed: progress is seen, a cancel or a kill leaves no trace.
2. One transaction merges what was set aside, in batches. It is all there or not at all; running again ends the same.
Consent and do-not-disturb reach compliance by the signal contacts_imported, inside that transaction.
"""

import csv
import io
import json
import pickle
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import IO, Any, NamedTuple

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils import timezone

from accounts.database import among, fetched, insert_rows, json_of, listed, next_ids
from accounts.fields import new_code
from accounts.jobs import Canceled, JobError, Progress, work
from accounts.models import Job, Location
from contacts import reading, sellers, storing, values
from contacts.cells import guard
from contacts.models import Contact, ContactImport, OptInForm, OptInVersion, Tag
from contacts.rows import ContactRow, Options, Refusal, RowReader
from contacts.signals import contacts_imported

BATCH = 5_000  # rows that are merged at once
EXAMPLES = 20  # rows named in the report for each remark
SELLERS = 10  # names that the report gives


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """What one row says about consent: either when it was given and where the proof is, or (dnd) that the person is not
    to be called. Of a file all consents are told before the first dnd, so that the order of its rows means nothing."""

    contact_id: int
    phone: str
    number: int
    consented_at: datetime | None
    evidence: str
    dnd: bool
    purpose: str = ""
    seller: str = ""


class Preview(NamedTuple):
    """What would become of one row: outcome is create, merge or refuse; words say why or what is left out."""

    number: int
    outcome: str
    words: str
    row: ContactRow | None
    cells: list[str]


def reader_for(contact_import: ContactImport) -> RowReader:
    """The reader of an import's rows, by its mapping and options."""
    location = contact_import.location
    return RowReader(
        mapping=contact_import.mapping,
        width=len(contact_import.sheet["headers"]),
        options=Options(**contact_import.options),
        country=location.country,
        zone=location.zone,
        today=timezone.now().astimezone(location.zone).date(),
        own_names=(names := sellers.names_of(location)),
        other_seller=lru_cache(maxsize=4096)(lambda name: not sellers.same_business(name, names)),
        form_since=first_day(location, contact_import.options.get("form", "")),
    )


def first_day(location: Location, form: str) -> date | None:
    """The day, in the location's zone, on which the opt-in form of this code was first written."""
    if not form:
        return None
    first = OptInVersion.objects.filter(form__location=location, form__code=form).aggregate(Min("created_at"))
    at = first["created_at__min"]
    return at.astimezone(location.zone).date() if at else None


def preview(contact_import: ContactImport) -> list[Preview]:
    """What would happen to the first rows of the file, as far as it was sampled."""
    reader = reader_for(contact_import)
    sheet = reading.Sheet.from_json(contact_import.sheet)
    read = [(cells, reader.read(reading.Row(number, cells))) for number, cells in sheet.samples]
    phones = {row.phone for _, row in read if isinstance(row, ContactRow)}
    known = set(
        Contact.objects.for_location(contact_import.location)
        .filter(phone__in=phones)
        .values_list("phone", flat=True)
    )
    shown = []
    for cells, row in read:
        if isinstance(row, Refusal):
            shown.append(Preview(row.number, "refuse", row.reason, None, cells))
            continue
        outcome = "merge" if row.phone in known else "create"
        known.add(row.phone)
        shown.append(Preview(row.number, outcome, ". ".join(row.remarks), row, cells))
    return shown


@work("contact_import")
def import_contacts(progress: Progress) -> dict[str, Any]:
    """The job: parameters name the import by its code. Its result is the report's counts."""
    contact_import = ContactImport.objects.select_related("location__organization", "created_by").get(
        code=progress.job.parameters["import"], location=progress.job.location
    )
    with (
        contact_import.file.open("rb") as source,
        tempfile.TemporaryFile() as aside,
        tempfile.TemporaryFile() as refused,
    ):
        try:
            counts, dnd = _read_all(contact_import, source, aside, refused, progress)
        except reading.UnreadableError as error:
            raise JobError(str(error)) from error
        aside.seek(0)
        with transaction.atomic():
            storing.lock_lists(contact_import.location.organization_id)
            merged = Merge(contact_import)
            merged.lock(dnd)
            while batch := _next_batch(aside):
                merged.store(batch)
                if Job.objects.filter(pk=progress.job.pk, cancel_requested=True).exists():
                    raise Canceled
            merged.tell_dnd()
            contact_import.counts = counts | merged.counts()
            if counts["invalid_rows"]:
                refused.seek(0)
                contact_import.refused_file.save(
                    f"refused-{contact_import.code}.csv", File(refused), save=False
                )
            contact_import.save(update_fields=["counts", "refused_file"])
    return contact_import.counts


def _read_all(
    contact_import: ContactImport, source: IO[bytes], aside: IO[bytes], refused: IO[bytes], progress: Progress
) -> tuple[dict[str, Any], set[str]]:
    """Set every good row aside and write every refused one with its reason; the counts of both, and the dnd."""
    sheet = reading.Sheet.from_json(contact_import.sheet)
    reader = reader_for(contact_import)
    total = reading.estimate_rows(source, sheet)
    progress.advance(0, total)
    text = io.TextIOWrapper(refused, encoding="utf-8-sig", newline="", write_through=True)
    report = csv.writer(text)
    report.writerow(["Row", "Reason", *map(guard, sheet.headers)])
    remarks: dict[str, dict[str, Any]] = {}
    reasons: Counter[str] = Counter()
    named: Counter[str] = Counter()
    good: list[ContactRow] = []
    dnd: set[str] = set()
    seen = invalid = 0
    for record in reading.rows(source, sheet):
        seen += 1
        row = reader.read(record)
        if isinstance(row, Refusal):
            invalid += 1
            reasons[row.kind] += 1
            report.writerow([row.number, guard(row.reason), *map(guard, record.cells)])
        else:
            for remark in row.remarks:
                entry = remarks.setdefault(remark, {"rows": 0, "examples": []})
                entry["rows"] += 1
                if len(entry["examples"]) < EXAMPLES:
                    entry["examples"].append(row.number)
            if row.seller:
                named[row.seller] += 1
            good.append(row)
            if row.dnd:
                dnd.add(row.phone)
            if len(good) >= BATCH:
                _set_aside(good, aside)
                good = []
        if seen % 500 == 0:
            progress.advance(seen, total and max(seen, total))
    if good:
        _set_aside(good, aside)
    if not seen:
        raise JobError("The file has a header but no rows under it. Nothing was changed.")
    text.detach()
    progress.advance(seen, seen)
    counts = {
        "rows": seen,
        "invalid_rows": invalid,
        "remarks": remarks,
        "reasons": dict(reasons.most_common(20)),
        "sellers": dict(named.most_common(SELLERS)),
    }
    return counts, dnd


def _set_aside(batch: list[ContactRow], aside: IO[bytes]) -> None:
    # As plain tuples: a named one is pickled by calling its class, several times the work.
    pickle.dump([tuple(row) for row in batch], aside, pickle.HIGHEST_PROTOCOL)


def _next_batch(aside: IO[bytes]) -> list[ContactRow]:
    try:
        return [tuple.__new__(ContactRow, row) for row in pickle.load(aside)]
    except EOFError:
        return []


class _Contact(NamedTuple):
    """The part of a stored contact that an import may add to."""

    id: int
    phone: str
    first_name: str
    last_name: str
    email: str
    language: str
    state: str
    timezone: str
    notes: str
    fields: dict[str, Any]
    dnd_voice: bool


_KEPT = ("first_name", "last_name", "email", "language", "state", "timezone", "notes", "fields", "dnd_voice")
_COLUMNS = (
    "code", "location_id", "phone", "region", "number_kind", "zones", "timezone", "first_name", "last_name", "email",
    "language", "state", "fields", "is_test", "dnd_voice", "dnd_sms", "notes", "created_at", "updated_at",
)  # fmt: skip

# What is known of a number after its rows so far, as bits: a list of millions of them must fit in memory.
_DOMESTIC, _CALLABLE, _CONSENTED, _DND, _CREATED, _CHANGED, _INFORMED = (1 << n for n in range(7))


def _merged(kept: tuple[Any, ...], row: ContactRow) -> tuple[Any, ...]:
    """`kept` (as _KEPT) with what the row adds: nothing that is set changes; a name is taken whole or not at all."""
    first, last, email, language, state, zone, notes, fields, dnd = kept
    if not first and not last:
        first, last = row.first_name, row.last_name
    if row.fields and not row.fields.keys() <= fields.keys():
        fields = {**row.fields, **fields}
    return (
        first, last, email or row.email, language or row.language, state or row.state, zone or row.timezone,
        notes or row.notes, fields, dnd or row.dnd,
    )  # fmt: skip


class Merge:
    """The writing half of an import, batch by batch, inside one transaction."""

    def __init__(self, contact_import: ContactImport) -> None:
        self.contact_import = contact_import
        self.location: Location = contact_import.location
        self.now = timezone.now()
        self.rows = self.created = 0
        self.phones: dict[str, int] = {}
        self.dnd: dict[int, ImportedRow] = {}
        self.tag_ids = {tag.name: tag.pk for tag in Tag.objects.filter(location=self.location)}
        self.form = self._form(contact_import.options.get("form", ""))

    def _form(self, code: str) -> OptInForm | None:
        """The opt-in form on which the list's people agreed."""
        if not code:
            return None
        form = OptInForm.objects.filter(location=self.location, code=code, retired_at=None).first()
        if form is None:
            raise JobError(
                "The opt-in form that was named for this list is no longer in use. Choose again. Nothing was changed."
            )
        return form

    def lock(self, phones: set[str]) -> None:
        """Lock every contact of the organization with one of the numbers, before any other row.

        An opt-out locks them by number, in the order of their keys. One that came between the merging of this
        location's contact and the blocking of another's with the same number would wait for us, and we for it.
        """
        wanted = sorted(phones)
        for start in range(0, len(wanted), storing.BATCH):
            list(
                Contact.objects.filter(
                    location__organization=self.location.organization_id,
                    phone__in=wanted[start : start + storing.BATCH],
                )
                .select_for_update(of=("self",), no_key=True)
                .order_by("pk")
                .only("pk")
            )

    def store(self, batch: list[ContactRow]) -> None:
        """Create the contacts that are new, add to those that are known, unite tags, tell compliance."""
        by_phone: dict[str, list[ContactRow]] = {}
        for row in batch:
            by_phone.setdefault(row.phone, []).append(row)
        before, ids = self._create_missing(by_phone)
        self._add_to(by_phone, before)
        self._tag(by_phone, ids, before)
        self._note(by_phone, before)
        self._tell(
            [
                ImportedRow(
                    ids[row.phone],
                    row.phone,
                    row.number,
                    row.consented_at,
                    row.evidence,
                    False,
                    row.purpose,
                    row.seller,
                )
                for row in batch
                if row.consented_at is not None
            ]
        )
        for row in batch:
            if row.dnd:
                contact = ids[row.phone]
                self.dnd.setdefault(contact, ImportedRow(contact, row.phone, row.number, None, "", True))
        self.rows += len(batch)

    def tell_dnd(self) -> None:
        """Tell compliance who is not to be called: last, so that it outweighs every consent of the file."""
        rows = list(self.dnd.values())
        for start in range(0, len(rows), storing.BATCH):
            self._tell(rows[start : start + storing.BATCH])

    def _tell(self, rows: list[ImportedRow]) -> None:
        if rows:
            contacts_imported.send(
                sender=ContactImport,
                location=self.location,
                actor=self.contact_import.created_by,
                source=self.contact_import.file_name,
                rows=rows,
                form=self.form,
                at=self.now,
            )

    def counts(self) -> dict[str, int]:
        """The report: created + merged + refused are the rows of the file."""

        def having(*bits: int, without: int = 0) -> int:
            wanted = sum(bits)
            return sum(1 for seen in self.phones.values() if seen & wanted == wanted and not seen & without)

        contacts = len(self.phones)
        return {
            "contacts": contacts,
            "duplicate_rows": self.rows - contacts,
            "created": self.created,
            "merged": self.rows - self.created,
            "changed": having(_CHANGED),
            "domestic": having(_DOMESTIC),
            "foreign": contacts - having(_DOMESTIC),
            "consented": having(_CONSENTED),
            "informed": having(_INFORMED, without=_CONSENTED),
            "dnd": having(_DND),
            # Consent under wording that is not valid makes nobody callable.
            "callable": having(_DOMESTIC, _CALLABLE, _CONSENTED, without=_DND)
            if self.form is None or self.form.valid
            else 0,
        }

    def _known(self, phones: Any) -> dict[str, _Contact]:
        found = fetched(
            f"SELECT {', '.join(_Contact._fields)} FROM contacts_contact "
            f"WHERE location_id = %s AND {among('phone', 'text')}",
            [self.location.pk, listed(phones)],
        )
        return {
            phone: _Contact._make(
                (pk, phone, *texts, fields if isinstance(fields, dict) else json.loads(fields), bool(dnd))
            )
            for pk, phone, *texts, fields, dnd in found
        }

    def _create_missing(
        self, by_phone: dict[str, list[ContactRow]]
    ) -> tuple[dict[str, _Contact], dict[str, int]]:
        """Create the contacts that are new; those that were known before, and the primary key of every number."""
        known = self._known(by_phone)
        while True:
            fresh = {phone: rows for phone, rows in by_phone.items() if phone not in known}
            ids = dict(zip(fresh, next_ids(Contact._meta.db_table, len(fresh)), strict=True))
            try:
                with transaction.atomic():
                    insert_rows(
                        Contact._meta.db_table,
                        ("id", *_COLUMNS),
                        ((ids[phone], *self._new(phone, rows)) for phone, rows in fresh.items()),
                    )
                break
            except IntegrityError:
                # Somebody added one of these numbers by hand since the look.
                before, known = known, self._known(by_phone)
                if len(known) == len(before):
                    raise
        self.created += len(fresh)
        return known, {phone: contact.id for phone, contact in known.items()} | ids

    def _new(self, phone: str, rows: list[ContactRow]) -> tuple[Any, ...]:
        place = rows[0]
        kept: tuple[Any, ...] = (
            place.first_name, place.last_name, place.email, place.language, place.state, place.timezone, place.notes,
            place.fields, place.dnd,
        )  # fmt: skip
        for row in rows[1:]:
            kept = _merged(kept, row)
        first, last, email, language, state, zone, notes, fields, dnd = kept
        return (
            new_code(), self.location.pk, phone, place.region, place.kind, place.zones, zone, first, last, email,
            language, state, json_of(fields), False, dnd, False, notes, self.now, self.now,
        )  # fmt: skip

    def _add_to(self, by_phone: dict[str, list[ContactRow]], known: dict[str, _Contact]) -> None:
        changed = []
        for phone, contact in known.items():
            before = tuple(contact[2:])
            kept = before
            for row in by_phone[phone]:
                kept = _merged(kept, row)
            if kept != before:
                self._mark(phone, _CHANGED)
                changed.append((*kept[:-2], json_of(kept[-2]), kept[-1], self.now, contact.id))
        if changed:
            storing.update(Contact, (*_KEPT, "updated_at"), changed)

    def _tag(
        self, by_phone: dict[str, list[ContactRow]], ids: dict[str, int], known: dict[str, _Contact]
    ) -> None:
        wanted = [(phone, tag) for phone, rows in by_phone.items() for row in rows for tag in row.tags]
        if not wanted:
            return
        missing = dict.fromkeys(tag for _, tag in wanted if tag not in self.tag_ids)
        if missing:
            Tag.objects.bulk_create(
                [Tag(location=self.location, name=name) for name in missing], ignore_conflicts=True
            )
            self.tag_ids = {tag.name: tag.pk for tag in Tag.objects.filter(location=self.location)}
        through = Contact.tags.through
        pairs = {(ids[phone], self.tag_ids[tag]): phone for phone, tag in wanted}
        added = {pair: phone for pair, phone in pairs.items() if phone in known}
        if added:
            having = fetched(
                f"SELECT contact_id, tag_id FROM {through._meta.db_table} WHERE {among('contact_id', 'bigint')}",
                [listed([contact.id for contact in known.values()])],
            )
            for pair in having:
                added.pop(pair, None)
            for phone in added.values():
                self._mark(phone, _CHANGED)
            insert_rows(through._meta.db_table, ("contact_id", "tag_id"), added, pass_by=True)
        # Nobody else sees the contacts that are new, so that nobody can have tagged them.
        insert_rows(
            through._meta.db_table,
            ("contact_id", "tag_id"),
            (pair for pair, phone in pairs.items() if phone not in known),
        )

    def _note(self, by_phone: dict[str, list[ContactRow]], known: dict[str, _Contact]) -> None:
        for phone, rows in by_phone.items():
            bits = _DOMESTIC * rows[0].domestic | _CALLABLE * rows[0].place_callable
            if phone not in known:
                bits |= _CREATED
            for row in rows:
                if row.consented_at is not None:
                    bits |= _INFORMED if row.purpose == values.INFORMATIONAL else _CONSENTED
                bits |= _DND * row.dnd
            self._mark(phone, bits)

    def _mark(self, phone: str, bits: int) -> None:
        """Set bits of a number; what an import created is not also changed by it."""
        seen = self.phones.get(phone, 0)
        if seen & _CREATED:
            bits &= ~_CHANGED
        self.phones[phone] = seen | bits
