"""Reading an uploaded list: whatever a spreadsheet writes, row by row, in flat memory. No Django here.

`examine` looks at the beginning of a file and says how to read it; a person may correct that. `rows` then streams.
A file that cannot be read as a whole raises UnreadableError, whose text is for the person who uploaded it.
"""

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import IO, Any, Protocol, cast

import charset_normalizer
import openpyxl

from contacts.cells import unguard

MAX_LINE = 1_000_000  # characters; one line of a list has hundreds
MAX_COLUMNS = 500
MAX_ROWS = 1_048_576  # what a sheet can hold
MAX_UNPACKED = 400_000_000  # bytes of XML in a workbook
MAX_SHARED_STRINGS = 40_000_000  # bytes: the one part that must be held in memory
SAMPLE_ROWS = 200
MAX_BLANK = 200_000  # rows and cells with nothing in them, among which samples are sought
DELIMITERS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar"}

# What spreadsheets write beside Unicode; offered for correction, and all that detection may choose from.
ENCODINGS = {
    "utf-8-sig": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "utf-16-le": "Unicode (UTF-16, little-endian)",
    "utf-16-be": "Unicode (UTF-16, big-endian)",
    "cp1252": "Western European (Windows)",
    "mac_roman": "Western European (Mac)",
    "cp1250": "Central European (Windows)",
    "cp1251": "Cyrillic (Windows)",
    "cp1253": "Greek (Windows)",
    "cp1254": "Turkish (Windows)",
    "cp1255": "Hebrew (Windows)",
    "cp1256": "Arabic (Windows)",
    "cp1257": "Baltic (Windows)",
    "cp932": "Japanese (Shift JIS)",
    "gb18030": "Chinese (simplified)",
    "big5": "Chinese (traditional)",
    "cp949": "Korean",
}
_LEGACY = [name for name in ENCODINGS if not name.startswith("utf")]
_NEARLY_WESTERN = ("cp1250", "cp1254", "cp1257")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES = (
    (b"\xd0\xcf\x11\xe0", "an old or protected Excel workbook. Save it as .xlsx or CSV without a password"),
    (b"%PDF", "a PDF. Export the list as CSV or .xlsx"),
    (b"\x1f\x8b", "a compressed file. Unpack it first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"Rar!", "a compressed file. Unpack it first"),
    (b"7z\xbc\xaf", "a compressed file. Unpack it first"),
)  # fmt: skip
TELLING = 50_000  # bytes that an encoding is guessed from
_END = "\x00end of the list\x00"
_DATA_LIKE = re.compile(r"^[\s+\-().\d/:,]*\d[\s+\-().\d/:,]*$|@.+\.|^https?:", re.IGNORECASE)


class Source(Protocol):
    """A binary file that can be read and read again: an open file, an upload, a stored file."""

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, /) -> int: ...


class UnreadableError(Exception):
    """The file is no list that can be read; the text says what is wrong and what to do."""


@dataclass(slots=True)
class Sheet:
    """How to read a file. kind: "csv" or "xlsx". headers: one name a column, unique. skip: lines before the header.

    samples: the first data rows as [row number, cells]; truncated to what a page can show.
    """

    kind: str
    headers: list[str]
    has_header: bool
    encoding: str = ""
    delimiter: str = ""
    name: str = ""
    skip: int = 0
    samples: list[tuple[int, list[str]]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Sheet":
        return cls(**{**data, "samples": [(number, cells) for number, cells in data["samples"]]})


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank. number: as the spreadsheet numbers it, from 1, the header included."""

    number: int
    cells: list[str]


def examine(
    file: Source, *, encoding: str = "", delimiter: str = "", has_header: bool | None = None
) -> Sheet:
    """How to read `file` (binary, seekable), with its first rows; what is given is taken instead of guessed.

    Raises UnreadableError.
    """
    file.seek(0)
    start = file.read(8)
    if not start:
        raise UnreadableError("The file is empty.")
    for magic, what in _OTHER_FILES:
        if start.startswith(magic):
            raise UnreadableError(f"This is {what}.")
    if start.startswith(b"PK"):
        sheet = Sheet("xlsx", [], False, name=_first_sheet(file))
    else:
        encoding = encoding or detect_encoding(file)
        beginning = _beginning(file, encoding)
        skip, told = _told_delimiter(beginning)
        delimiter = delimiter or told or guess_delimiter(beginning[skip:])
        sheet = Sheet("csv", [], False, encoding=encoding, delimiter=delimiter, skip=skip)
    first = [row for _, row in zip(range(SAMPLE_ROWS + 1), _records(file, sheet, MAX_BLANK), strict=False)]
    if not first:
        raise UnreadableError(
            "The file has no rows with anything in them, or only after very many blank ones. Take those out."
        )
    sheet.has_header = looks_like_header(first[0].cells) if has_header is None else has_header
    width = max(len(row.cells) for row in first)
    names = first[0].cells if sheet.has_header else []
    sheet.headers = unique_headers(names, width if not names else max(len(names), 1))
    sheet.samples = [(row.number, row.cells) for row in first[1 if sheet.has_header else 0 :]][:SAMPLE_ROWS]
    if not sheet.samples:
        raise UnreadableError(
            "The file has a header but no rows under it, or only after very many blank ones. Take those out."
        )
    return sheet


def rows(file: Source, sheet: Sheet) -> Iterator[Row]:
    """Every data row of the file that is not blank, the header left out. Raises UnreadableError, possibly late."""
    records = _records(file, sheet)
    if sheet.has_header:
        next(records, None)
    yield from records


def estimate_rows(file: Source, sheet: Sheet) -> int | None:
    """About how many rows there are, for a progress bar; None for a workbook, which would have to be unpacked twice."""
    if sheet.kind != "csv":
        return None
    file.seek(0)
    feeds = returns = 0
    while chunk := file.read(1 << 20):
        feeds += chunk.count(b"\n")
        returns += chunk.count(b"\r")
    return max(feeds or returns, 1)


def unique_headers(names: list[str], width: int) -> list[str]:
    """One name for each of `width` columns: blank ones become "Column 3", repeated ones "Phone (2)"."""
    headers: list[str] = []
    seen: Counter[str] = Counter()
    for position in range(width):
        name = (names[position] if position < len(names) else "")[:80] or f"Column {position + 1}"
        seen[name.casefold()] += 1
        times = seen[name.casefold()]
        headers.append(name if times == 1 else f"{name} ({times})")
    return headers


def looks_like_header(cells: list[str]) -> bool:
    """Whether the first row names columns: it has words and nothing that looks like a number, date or address."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and not any(_DATA_LIKE.search(cell) for cell in filled)


def detect_encoding(file: Source) -> str:
    """The Python name of the file's encoding, by its mark, else by what decodes and reads like language."""
    file.seek(0)
    start = file.read(64 * 1024)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if len(start) >= 4 and max(even, odd) > len(start) // 5:
        if min(even, odd) > len(start) // 10:
            raise UnreadableError(
                "This is not a list but some other kind of file. Export the list as CSV or .xlsx."
            )
        return "utf-16-le" if odd > even else "utf-16-be"
    if sum(byte < 32 and byte not in b"\t\n\r\x00\x0b\x0c\x1a\x1b" for byte in start) > len(start) // 50 + 2:
        raise UnreadableError(
            "This is not a list but some other kind of file. Export the list as CSV or .xlsx."
        )
    if _decodes(file, "utf-8"):
        return "utf-8-sig"
    guess = _guess_of_mixed(file)
    for name in [guess, "cp1252", "mac_roman"]:
        if _decodes(file, name):
            return name
    raise UnreadableError(
        "The text encoding of this file is not known. Save it as CSV UTF-8 or .xlsx and upload that."
    )


def _guess_of_mixed(file: Source) -> str:
    """The likely encoding of a file that is not UTF-8. Raises UnreadableError where some of its lines are."""
    first: dict[bool, int] = {}
    times: Counter[bool] = Counter()
    # What tells encodings apart are the bytes beyond ASCII, so the lines that have some are what detection sees.
    telling = bytearray()
    for number, line in enumerate(_raw_lines(file), start=1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            unicode = True
        except UnicodeDecodeError:
            unicode = False
            if len(telling) < TELLING:
                telling += line[:TELLING]
        first.setdefault(unicode, number)
        times[unicode] += 1
    guess = _guess(bytes(telling))
    # A line with few letters of an Asian or Cyrillic encoding may read as UTF-8 by chance; Western ones do not.
    if len(first) == 2 and (
        times[True] >= 2 * times[False] or guess in ("cp1252", "mac_roman", *_NEARLY_WESTERN)
    ):
        rarer = times[True] < times[False]
        raise UnreadableError(
            f"Line {first[rarer]:,} is written in another encoding than line {first[not rarer]:,}: one is UTF-8, the "
            "other is not. Nothing was imported. Correct the line, or save the list again as CSV UTF-8 or .xlsx."
        )
    return guess


def _guess(telling: bytes) -> str:
    """The encoding whose text reads most like language, of bytes that are not UTF-8."""
    found = charset_normalizer.from_bytes(telling, cp_isolation=_LEGACY, threshold=0.6)
    best = found.best()
    # Western and Central European text differ in a few letters only; Western is what it is when nothing speaks against.
    western = next((match for match in found if match.encoding == "cp1252"), None)
    if best is None or (western and best.encoding in _NEARLY_WESTERN and western.chaos <= best.chaos):
        return "cp1252"
    return best.encoding


def _raw_lines(file: Source) -> Iterator[bytes]:
    """The lines of a file as they are; it ends at one that is too long for a list."""
    file.seek(0)
    rest = b""
    while len(rest) <= MAX_LINE and (chunk := file.read(1 << 20)):
        # A line feed is one byte in every encoding that gets here.
        *lines, rest = (rest + chunk).splitlines(keepends=True)
        yield from lines
    yield rest


def _decodes(file: Source, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(1 << 20):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _beginning(file: Source, encoding: str) -> list[str]:
    lines, characters = [], 0
    for line in _lines(file, encoding):
        lines.append(line)
        characters += len(line)
        if len(lines) >= SAMPLE_ROWS or characters > MAX_LINE:
            break
    return lines


def _told_delimiter(lines: list[str]) -> tuple[int, str]:
    """Excel writes `sep=;` as the first line; (lines to skip, the delimiter it names)."""
    told = re.fullmatch(r'"?sep=(.)"?\s*', lines[0]) if lines else None
    return (1, told[1]) if told and told[1] in DELIMITERS else (0, "")


def guess_delimiter(lines: list[str]) -> str:
    """The delimiter that splits the most lines into the same number of cells, and into more than one."""
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
        except csv.Error:
            continue
        if not widths:
            continue
        width, times = Counter(widths).most_common(1)[0]
        score = times / len(widths) * (1 - 1 / width) if width > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _lines(file: Source, encoding: str) -> Iterator[str]:
    """Lines with their own endings, none longer than MAX_LINE."""
    file.seek(0)
    text = io.TextIOWrapper(io.BufferedReader(_Unclosed(file)), encoding=encoding, newline="")
    number = 0
    try:
        while line := text.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise UnreadableError(
                    f"Line {number} is longer than {MAX_LINE:,} characters, which no list has. "
                    "Nothing was imported. Export the list again as CSV or .xlsx."
                )
            yield line
    except UnicodeError:
        # The decoder reads ahead: what it stumbled over lies behind the last line that came out of it.
        at = _first_undecodable(file, encoding) or number + 1
        raise UnreadableError(
            f"Line {at:,} cannot be read as {ENCODINGS.get(encoding, encoding)}: it is written in another encoding, or "
            "damaged. Nothing was imported. Correct that line, or save the list again as CSV UTF-8 or .xlsx."
        ) from None


def _first_undecodable(file: Source, encoding: str) -> int | None:
    """The number of the first line that is none in an encoding; None where its line ends are not bytes of their own."""
    if encoding.startswith("utf-16") or encoding == "utf-32":
        return None
    for number, line in enumerate(_raw_lines(file), start=1):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            return number
    return None


class _Unclosed(io.RawIOBase):
    """A file that a text wrapper may drop without closing what it wraps."""

    def __init__(self, file: Source) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _records(file: Source, sheet: Sheet, most_blank: int | None = None) -> Iterator[Row]:
    """Rows that have something in them, header included, cells stripped, trailing blank cells gone.

    most_blank: the number of rows and cells with nothing in them after which it ends.
    """
    blank = 0
    for number, raw in _csv_records(file, sheet) if sheet.kind == "csv" else _workbook_records(file, sheet):
        cells = [cell.strip() for cell in raw]
        together = "".join(cells)
        # After stripping: what the guard kept from being a formula may begin with a tab.
        if "'" in together:
            cells = [unguard(cell) for cell in cells]
        if "\0" in together:
            cells = [cell.replace("\0", "") for cell in cells]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            blank += 1 + len(raw)
            if most_blank is not None and blank > most_blank:
                return
            continue
        if len(cells) > MAX_COLUMNS:
            raise UnreadableError(
                f"Row {number} has {len(cells):,} columns; at most {MAX_COLUMNS} can be read. Nothing was imported. "
                "Remove the columns that are not needed."
            )
        yield Row(number, cells)


def _csv_records(file: Source, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    def lines() -> Iterator[str]:
        for number, line in enumerate(_lines(file, sheet.encoding)):
            if number >= sheet.skip:
                yield line
        # A record of its own, unless a quote is still open: then it is swallowed, as rows before it were.
        yield _END

    reader = csv.reader(lines(), delimiter=sheet.delimiter)
    number = sheet.skip
    try:
        for cells in reader:
            number += 1
            if cells and cells[-1].endswith(_END):
                if cells == [_END]:
                    return
                raise UnreadableError(
                    f"A quotation mark opened in row {number} is never closed, so the rows after it cannot be told "
                    "apart. Nothing was imported. Close or remove it and upload the file again."
                )
            yield number, cells
    except csv.Error:
        raise UnreadableError(
            f"Row {number + 1} has a cell of more than {csv.field_size_limit():,} characters, probably because a "
            "quotation mark is never closed. Nothing was imported. Correct that row and upload the file again."
        ) from None


def _checked_workbook(file: Source) -> Any:
    """The workbook opened for streaming, once its unpacked size is known to be bearable."""
    file.seek(0)
    try:
        parts = zipfile.ZipFile(cast(IO[bytes], file)).infolist()
        unpacked = sum(part.file_size for part in parts)
        shared = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
        if unpacked > MAX_UNPACKED or shared > MAX_SHARED_STRINGS or len(parts) > 2000:
            raise UnreadableError(
                f"This workbook unpacks to {unpacked / 1e6:,.0f} MB, which is too much. Nothing was imported. "
                "Save the list alone as CSV and upload that."
            )
        file.seek(0)
        return openpyxl.load_workbook(cast(IO[bytes], file), read_only=True, data_only=True, keep_links=False)
    except UnreadableError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part made it raise
        raise UnreadableError(
            "This workbook is damaged or not an Excel file. Nothing was imported. Save it again as .xlsx or CSV."
        ) from error


def _first_sheet(file: Source) -> str:
    book = _checked_workbook(file)
    for sheet in book.worksheets:
        if getattr(sheet, "sheet_state", "visible") == "visible":
            return sheet.title
    raise UnreadableError("This workbook has no visible sheet with cells.")


def _workbook_records(file: Source, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    book = _checked_workbook(file)
    number = 0
    try:
        source = book[sheet.name]
        source.reset_dimensions()  # what a file says of its own size may be wrong, and would cut it off
        for cells in _plain_rows(source.iter_rows(values_only=True)):
            number += 1
            if number > MAX_ROWS:
                raise UnreadableError(
                    f"The sheet has more than {MAX_ROWS:,} rows. Nothing was imported. Split it."
                )
            yield number, cells
    except UnreadableError:
        raise
    except Exception as error:
        raise UnreadableError(
            f"The workbook is damaged after row {number}. Nothing was imported. Save it again as .xlsx or CSV."
        ) from error
    finally:
        book.close()


def _plain_rows(source: Iterable[tuple[Any, ...]]) -> Iterator[list[str]]:
    for values in source:
        yield [value if type(value) is str else cell_text(value) for value in values]


def cell_text(value: Any) -> str:
    """A workbook's cell as the text a person would type: whole numbers without a point, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("\0", "")
