"""A row of an internal do-not-call list into opt-outs, or a refusal that says why. No database here."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from compliance.donotcall_numbers import numbers_in
from contacts import mapping, values
from contacts.reading import Row
from contacts.rows import NotANumberError, Refusal

LONGEST_REASON = 500
# Field -> its words for people.
FIELDS = {"phone": "Phone number", "reason": "Reason", "risk": "Risk", "date": "Day of the opt-out"}
_HEADERS = {
    "date": (
        "opt out date", "opted out on", "opted out at", "date added", "added on", "added", "date of request",
        "requested on", "fecha de baja", "fecha", "date",
    ),
    "risk": ("risk", "risk level", "riesgo", "nivel de riesgo", "severity"),
    "reason": ("reason", "why", "motivo", "razon", "causa", "comment", "comments", "note", "notes", "notas", "remarks"),
    "phone": (*mapping.PHONE_HEADERS, "number", "numero"),
}  # fmt: skip
_RISKS = {
    word: risk
    for risk, words in {
        "high": "high alto alta h 3 severe legal", "medium": "medium med medio media m 2 moderate",
        "low": "low bajo baja l 1",
    }.items()
    for word in words.split()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """What holds for rows that do not say it themselves. reason: empty where every row has one of its own."""

    reason: str = ""
    risk: str = "high"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class ListedRow(NamedTuple):
    """at: the start of the day that the row names, in the location's zone; None where it names none that can be read.

    remarks: what was left out, in words.
    """

    number: int
    phone: str
    reason: str
    risk: str
    at: datetime | None
    remarks: tuple[str, ...]


def guess(headers: list[str], samples: list[list[str]], has_header: bool) -> dict[str, int]:
    """Which column is what: {"phone": 0, "reason": 2}. A list of one column holds numbers."""
    found = mapping.by_header(headers, _HEADERS) if has_header else {}
    if "phone" not in found:
        position = mapping.phone_column(samples, len(headers), set(found.values()))
        if position is None and len(headers) == 1:
            position = 0
        if position is not None:
            found["phone"] = position
    return found


def problems(columns: dict[str, int]) -> list[str]:
    return [] if "phone" in columns else ["Choose the column that holds the phone number."]


class ListReader:
    """Reads the rows of one list. country: of numbers without a country code; today: for days that have not come."""

    def __init__(
        self,
        *,
        columns: dict[str, int],
        width: int,
        options: Options,
        country: str,
        zone: ZoneInfo,
        today: date,
    ) -> None:
        self.columns, self.width, self.options = columns, width, options
        self.country, self.zone, self.today = country, zone, today

    def read(self, row: Row) -> list[ListedRow] | Refusal:
        """Each number of the row, mostly one, with what the row says."""

        def cell(field: str) -> str:
            position = self.columns.get(field, self.width)
            return row.cells[position] if position < len(row.cells) else ""

        if len(row.cells) > self.width:
            return Refusal(
                row.number,
                f"The row has {len(row.cells)} cells, more than the {self.width} columns: probably a separator inside "
                "a cell that is not in quotation marks",
            )
        try:
            phones, whole = numbers_in(cell("phone"), self.country)
        except NotANumberError as error:
            return Refusal(row.number, str(error))
        reason = cell("reason") or self.options.reason
        if len(reason) > LONGEST_REASON:
            return Refusal(
                row.number, f"The reason has {len(reason):,} characters; at most {LONGEST_REASON} can be kept"
            )
        remarks = []
        if not whole:
            remarks.append("Part of the cell with the number cannot be read as one and was left out")
        risk = self.options.risk
        if written := cell("risk"):
            known = _RISKS.get(mapping.fold(written))
            if known is None:
                remarks.append("The risk is none of high, medium and low, so it counts as high")
            risk = known or "high"
        at = None
        if written := cell("date"):
            day = values.date_in(written, self.country)
            if day is None or day > self.today:
                # A later opt-out outweighs more: the stricter reading of a day that nobody can read.
                remarks.append("The day cannot be read or has not come, so the day of the import counts")
            else:
                at = datetime.combine(day, time(), self.zone).astimezone(UTC)
        return [ListedRow(row.number, phone, reason, risk, at, tuple(remarks)) for phone in phones]
