"""One row of a list into a contact's values, or a refusal that says why in words. No database here."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers

from contacts import places, values
from contacts.mapping import CUSTOM, FIELDS
from contacts.reading import Row

LONGEST = {
    "first_name": 120,
    "last_name": 120,
    "email": 254,
    "notes": 10_000,
    "consent_source": 1_000,
    "consent_seller": 120,
    "state": 60,
}
LONGEST_TAG = 80
LONGEST_FIELD = 2_000

# A row whose consent is not documented: of no day, evidence, purpose and seller.
_NONE = (None, "", "", "")

# The plain ways to write a North American number; everything else goes through the library.
_NORTH_AMERICAN = re.compile(
    r"(?:tel:)?(\+?1)?[-. ]{0,2}\(?([2-9][0-9]{2})\)?[-. ]{0,2}([2-9][0-9]{2})[-. ]?([0-9]{4})"
)
_NORTH_AMERICA = frozenset(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1])
_SCIENTIFIC = re.compile(r"[0-9]+[.,]?[0-9]*e\+?[0-9]+", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")


@dataclass(frozen=True, slots=True)
class Options:
    """What the person said about the whole list.

    consent: "column" takes it from the mapped column, "everyone" for each row, "nobody" records none. evidence: where
    the proof is kept, e.g. "Signed intake forms of 2026"; without it no consent is recorded. consent_date: ISO, for
    rows that have none. form: the code of the opt-in form on which they agreed; vouched: where it is none of ours, that
    the person vouched for its wording. tags: put on every contact.
    """

    consent: str = "column"
    evidence: str = ""
    consent_date: str = ""
    form: str = ""
    vouched: bool = False
    tags: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class ContactRow(NamedTuple):
    """What a row says. consented_at: the start of the day it names, in the location's zone, so that an opt-out of that
    day stands. purpose, seller: what that consent is for and whom it names, blank where the list does not say. remarks:
    what was left out, in words. place_callable and domestic: what the number itself allows."""

    number: int
    phone: str
    region: str
    kind: str
    zones: str
    place_callable: bool
    domestic: bool
    first_name: str
    last_name: str
    email: str
    language: str
    state: str
    timezone: str
    notes: str
    tags: tuple[str, ...]
    fields: dict[str, str]
    consented_at: datetime | None
    evidence: str
    purpose: str
    seller: str
    dnd: bool
    remarks: tuple[str, ...]


class Refusal(NamedTuple):
    """A row that is not imported, and why."""

    number: int
    reason: str

    @property
    def kind(self) -> str:
        """The reason without the cell it quotes, so that equal ones are counted together."""
        if self.reason.startswith("“"):
            return f"What stands there {self.reason.rpartition('” ')[2]}"
        return self.reason


class _NoConsentOfOurs(Exception):  # noqa: N818 (a row's refusal, not a fault)
    """A row documents consent that cannot be kept as it is; the text says why, for the person whose list it is."""


class NotANumberError(ValueError):
    """A cell is no phone number; the text says why, for the person whose list it is."""


def read_phone(text: str, country: str) -> tuple[str, places.Place]:
    """E.164 and place of the number in a cell, however a spreadsheet wrote it. Raises NotANumberError."""
    shown = values.visible(text)
    match = _NORTH_AMERICAN.fullmatch(shown)
    if match and (match[1] == "+1" or country in _NORTH_AMERICA):
        e164 = f"+1{match[2]}{match[3]}{match[4]}"
        place = places.place_of_north_american(e164)
        if place.region is not None:
            return e164, place
    elif not shown:
        raise NotANumberError("No phone number")
    elif _SCIENTIFIC.fullmatch(shown):
        raise NotANumberError(
            f"The spreadsheet shortened the phone number to {shown}, so its digits are lost: "
            "format the column as text and export again"
        )
    place = places.place_of(shown, country)
    if place.region is None:
        raise NotANumberError(_why_not(shown, country))
    return place.e164, place


def _why_not(shown: str, country: str) -> str:
    said = f"“{shown[:40]}{'…' if len(shown) > 40 else ''}”"
    if not any(c.isdigit() for c in shown):
        return f"{said} is not a phone number"
    try:
        possible = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(shown, country))
    except phonenumbers.NumberParseException as error:
        if error.error_type != phonenumbers.NumberParseException.TOO_LONG:
            return f"{said} is not a phone number"
        possible = phonenumbers.ValidationResult.TOO_LONG
    match possible:
        case phonenumbers.ValidationResult.TOO_SHORT:
            return f"{said} is too short for a phone number"
        case phonenumbers.ValidationResult.TOO_LONG:
            if re.search(r"\d.*([/;,&]|\b[a-z]{1,3}\b).*\d", shown, re.IGNORECASE):
                return f"{said} looks like more than one phone number"
            return f"{said} is too long for a phone number"
        case phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            return f"{said} lacks its area code"
    return f"{said} is not a number that exists"


class RowReader:
    """Reads the rows of one list.

    today: the location's date, for dates of consent that have not come yet. own_names: of the business; other_seller
    says whether a name is none of them. form_since: the day on which the form that the list names was first written.
    """

    def __init__(
        self,
        *,
        mapping: dict[str, int],
        width: int,
        options: Options,
        country: str,
        zone: ZoneInfo,
        today: date,
        own_names: Sequence[str] = (),
        other_seller: Callable[[str], bool] = lambda name: False,
        form_since: date | None = None,
    ) -> None:
        self.mapping = mapping
        self.width = width
        self.options = options
        self.country = country
        self.zone = zone
        self.today = today
        self.own_names = own_names
        self.other_seller = other_seller
        self.form_since = form_since
        self.custom = [
            (name.removeprefix(CUSTOM), n) for name, n in mapping.items() if name.startswith(CUSTOM)
        ]
        self.default_date = date.fromisoformat(options.consent_date) if options.consent_date else None
        self._midnights: dict[date, datetime] = {}
        # Rows are padded to one cell more than the list has columns: what is not mapped reads that blank one.
        self.positions = {name: mapping.get(name, width) for name in FIELDS}

    def read(self, row: Row) -> ContactRow | Refusal:
        """The row's values; nothing that cannot be a contact becomes one."""
        cells = row.cells
        if len(cells) > self.width:
            return Refusal(
                row.number,
                f"The row has {len(cells)} cells, more than the {self.width} columns: probably a separator inside a "
                "cell that is not in quotation marks",
            )

        cells = cells + [""] * (self.width + 1 - len(cells))
        at = self.positions
        try:
            phone, place = read_phone(cells[at["phone"]], self.country)
        except NotANumberError as error:
            return Refusal(row.number, str(error))
        remarks: list[str] = []
        first_name, last_name = _text(cells[at["first_name"]]), _text(cells[at["last_name"]])
        if "name" in self.mapping and not (first_name or last_name):
            first_name, last_name = split_name(_text(cells[at["name"]]))
        email = values.visible(cells[at["email"]])
        if email and not _EMAIL.fullmatch(email):
            remarks.append("The e-mail address is not one and was left out")
            email = ""
        notes = _text(cells[at["notes"]])
        language = values.language(cells[at["language"]])
        if language is None:
            remarks.append("The language is not known and was left out")
            language = ""
        custom = {name: _text(cells[n]) for name, n in self.custom if cells[n]}
        postal_code = values.visible(cells[at["postal_code"]])
        if postal_code:
            custom[FIELDS["postal_code"]] = postal_code
        state = self._state(values.visible(cells[at["state"]]), postal_code, remarks)
        timezone = values.visible(cells[at["timezone"]])
        if timezone and timezone not in available_timezones():
            remarks.append("The time zone is not known (write America/Denver) and was left out")
            timezone = ""
        tags = values.tags(cells[at["tags"]])
        if self.options.tags:
            tags = tuple(dict.fromkeys((*tags, *self.options.tags)))
        for name, text in (
            ("first_name", first_name),
            ("last_name", last_name),
            ("email", email),
            ("notes", notes),
        ):
            if len(text) > LONGEST[name]:
                return Refusal(
                    row.number,
                    f"The {name.replace('_', ' ')} has {len(text):,} characters; at most {LONGEST[name]:,} can be kept",
                )
        if any(len(tag) > LONGEST_TAG for tag in tags):
            return Refusal(row.number, f"A tag is longer than {LONGEST_TAG} characters")
        if any(len(text) > LONGEST_FIELD for text in custom.values()):
            return Refusal(row.number, f"A cell is longer than {LONGEST_FIELD:,} characters")
        try:
            consented_at, evidence, purpose, seller = self._consent(cells, remarks)
        except _NoConsentOfOurs as error:
            return Refusal(row.number, str(error))
        dnd = values.truth(cells[at["dnd"]])
        if dnd is None:
            remarks.append("“Do not call” holds a word that is not known, so this contact is not called")
            dnd = True
        return ContactRow(
            row.number,
            phone,
            place.region or "",
            place.kind,
            ",".join(place.zones),
            place.callable,
            places.domestic(place.region, self.country),
            first_name,
            last_name,
            email,
            language,
            state,
            timezone,
            notes,
            tags,
            custom,
            consented_at,
            evidence,
            purpose,
            seller,
            dnd,
            tuple(remarks),
        )

    def _state(self, written: str, postal_code: str, remarks: list[str]) -> str:
        """The state of the address: as it is written, or that of the ZIP code where nothing is."""
        state = places.state_of(written, self.country) if written else None
        of_code = places.state_of_postal_code(postal_code, self.country) if postal_code else None
        if written and state is None:
            remarks.append("The state is not known (write TX or Texas); it was kept, and adds no rules")
        elif state and of_code and state != of_code:
            remarks.append("The ZIP code is of another state than the one beside it; the state was taken")
        return (state or of_code or written)[: LONGEST["state"]]

    def _consent(self, cells: list[str], remarks: list[str]) -> tuple[datetime | None, str, str, str]:
        """When the person agreed, where the proof is, for which purpose and to whose calls.

        None when the list documents no consent for this row. Raises _NoConsentOfOurs.
        """
        options, at = self.options, self.positions
        if options.consent == "nobody" or (options.consent == "column" and "consent" not in self.mapping):
            return _NONE
        if options.consent == "column":
            agreed = values.truth(cells[at["consent"]])
            if agreed is None:
                remarks.append("The consent holds a word that is not known, so no consent was recorded")
            if not agreed:
                return _NONE
        if not options.evidence:
            return _NONE
        written = cells[at["consent_date"]]
        day = values.date_in(written, self.country) if written else self.default_date
        # What says another year is a slip; and the beginning of the calendar is no instant on every clock.
        if day is None or day.year < 1900:
            remarks.append(
                "The date of consent cannot be read, so no consent was recorded"
                if written
                else "The consent has no date, so no consent was recorded"
            )
            return _NONE
        if day > self.today:
            remarks.append("The date of consent is in the future, so no consent was recorded")
            return _NONE
        if self.form_since is not None and day < self.form_since:
            raise _NoConsentOfOurs(
                f"“{written[:40] or day}” is before the form was first written here, {self.form_since}, so nobody can "
                f"have agreed on it: mend the column {FIELDS['consent_date']}, or import such rows without the form"
            )
        source = _text(cells[at["consent_source"]])[: LONGEST["consent_source"]]
        evidence = f"{source} · {options.evidence}" if source else options.evidence
        return self._midnight(day), evidence, self._purpose(cells), self._seller(cells)

    def _purpose(self, cells: list[str]) -> str:
        written = cells[self.positions["consent_purpose"]]
        purpose = values.purpose(written)
        if purpose is None:
            raise _NoConsentOfOurs(
                f"“{written[:40]}” is no purpose of consent: the column {FIELDS['consent_purpose']} may hold marketing "
                "or informational, or stay blank"
            )
        return purpose

    def _seller(self, cells: list[str]) -> str:
        seller = _text(cells[self.positions["consent_seller"]])
        if seller and (len(seller) > LONGEST["consent_seller"] or self.other_seller(seller)):
            raise _NoConsentOfOurs(
                f"“{seller[:40]}” is another business, and consent to its calls allows none of yours: the column "
                f"{FIELDS['consent_seller']} may hold {', '.join(self.own_names)}, or stay blank"
            )
        return seller

    def _midnight(self, day: date) -> datetime:
        if day not in self._midnights:
            self._midnights[day] = datetime.combine(day, time(), self.zone)
        return self._midnights[day]


def split_name(name: str) -> tuple[str, str]:
    """ "Ana María López" into first and last name; "López, Ana" is read the other way round."""
    if "," in name:
        last, _, first = name.partition(",")
        return first.strip(), last.strip()
    first, _, last = name.rpartition(" ")
    return (first, last) if first else (last, "")


def _text(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
