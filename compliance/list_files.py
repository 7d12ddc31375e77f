"""The files of external lists: found out how they are made, then read number by number. No database here.

Registers give their lists as one number a line, as area code and local number in two columns, or as a table with a
column for it; with a header or without, in any encoding, alone or in a zip. The whole file counts or none of it: the
first row that is no number ends the reading, by name.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import IO, Any, cast

import phonenumbers

from accounts.files import is_full
from compliance.donotcall_numbers import FRACTION, with_plus
from contacts import mapping, reading, values
from contacts.reading import Source, UnreadableError

MAX_UNPACKED = 2_000_000_000  # bytes; a register of every American line has three
_PUNCTUATION = str.maketrans("", "", " ().-/\u00a0\u2011")
_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"no", "n", "false", "0", "no data", "no_data", "nodata"})


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read a list. columns: the one with the number, or those with area code and local number.

    answer: of reassigned-number answers the column that says yes, no or no data; None where every row counts.
    """

    sheet: dict[str, Any]
    columns: tuple[int, ...]
    answer: int | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Layout":
        return cls(data["sheet"], tuple(data["columns"]), data["answer"])


@contextmanager
def unpacked(file: Source) -> Iterator[Source]:
    """The file itself, or the one file in it when it is a zip; on disk, and no larger than it says. UnreadableError."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04" or _is_workbook(file):
        file.seek(0)
        yield file
        return
    with tempfile.TemporaryFile() as aside:
        try:
            archive = zipfile.ZipFile(cast(IO[bytes], file))
            inside = [part for part in archive.infolist() if not part.is_dir()]
            if len(inside) != 1:
                raise UnreadableError(
                    f"The zip holds {len(inside)} files; it has to hold the list alone. Unpack it and upload the list."
                )
            if inside[0].file_size > MAX_UNPACKED:
                raise UnreadableError(
                    f"The zip unpacks to {inside[0].file_size / 1e6:,.0f} MB; at most {MAX_UNPACKED / 1e6:,.0f} MB "
                    "can be read. Split the list."
                )
            # zipfile stops at the size the archive names and checks the sum over what it read.
            with archive.open(inside[0]) as part:
                shutil.copyfileobj(part, aside, 1 << 20)
        except UnreadableError:
            raise
        except Exception as error:  # a damaged archive raises whatever it made zipfile or zlib raise
            if isinstance(error, OSError) and is_full(error):
                raise
            raise UnreadableError(
                "The zip is damaged, cut off or protected by a password. Download it again, or unpack it first."
            ) from error
        yield cast(Source, aside)


def _is_workbook(file: Source) -> bool:
    try:
        return "[Content_Types].xml" in zipfile.ZipFile(cast(IO[bytes], file)).namelist()
    except zipfile.BadZipFile:
        return False


def examine(file: Source, *, country: str, answers: bool) -> Layout:
    """How `file` is made; `answers`: it may have a column of yes and no. Raises UnreadableError."""
    sheet = reading.examine(file)
    samples = [cells for _, cells in sheet.samples]
    columns: tuple[int, ...] = _split_number(sheet.headers, samples)
    if not columns:
        guessed = mapping.guess(sheet.headers, samples, sheet.has_header).get("phone")
        if guessed is None and len(sheet.headers) == 1:
            guessed = 0
        if guessed is None:
            raise UnreadableError(
                "No column holds phone numbers. Name it “Phone” in the first row, or leave nothing but the numbers."
            )
        columns = (guessed,)
    answer = _answer_column(sheet.headers, samples, columns) if answers else None
    read = number_reader(country)
    if not any(read(_joined(cells, columns)) for cells in samples):
        raise UnreadableError(
            f"No row of the beginning holds a phone number of {country}, such as “{samples[0][columns[0]][:40]}” "
            "in the first. Choose the list's country, or check the file."
            if columns[0] < len(samples[0])
            else f"No row of the beginning holds a phone number of {country}. Check the file."
        )
    return Layout(sheet.to_json() | {"samples": []}, columns, answer)


def _split_number(headers: list[str], samples: list[list[str]]) -> tuple[int, ...]:
    """The columns of area code and local number, as the American register writes them: 303,5550142. None: ()."""
    for left in range(min(len(headers) - 1, 5)):
        split = sum(
            len(cells[left]) == 3 and cells[left].isdecimal() and len(cells[left + 1].replace("-", "")) == 7
            for cells in samples
            if len(cells) > left + 1
        )
        if 2 * split > len(samples):
            return left, left + 1
    return ()


def _answer_column(headers: list[str], samples: list[list[str]], taken: tuple[int, ...]) -> int | None:
    for position in range(len(headers)):
        cells = [row[position].casefold() for row in samples if position < len(row) and row[position]]
        if position not in taken and cells and all(cell in _YES | _NO for cell in cells):
            return position
    return None


def _joined(cells: list[str], columns: tuple[int, ...]) -> str:
    return "".join([cells[n] for n in columns if n < len(cells)])


def rows(file: Source, layout: Layout, country: str) -> Iterator[int | None]:
    """The number of each row (E.164 without the plus), None for a row whose answer is no. Raises UnreadableError."""
    sheet = reading.Sheet.from_json(layout.sheet)
    read, columns, answer = number_reader(country), layout.columns, layout.answer
    single = columns[0] if len(columns) == 1 else None
    for row in reading.rows(file, sheet):
        cells = row.cells
        if single is None:
            text = _joined(cells, columns)
        else:
            text = cells[single] if single < len(cells) else ""
        number = read(text)
        if number is None:
            raise UnreadableError(
                f"Row {row.number} holds “{text[:40]}” where a phone number of {country} should be, as if the file "
                "were cut off or damaged. Nothing was loaded, and the edition in force stays. Get the file again."
            )
        if answer is not None:
            said = cells[answer].casefold() if answer < len(cells) else ""
            if said not in _YES:
                if said not in _NO:
                    raise UnreadableError(
                        f"Row {row.number} answers “{said[:40]}”, which is neither yes, no nor no data. Nothing was "
                        "loaded, and the edition in force stays. Correct that row."
                    )
                number = None
                yield None
                continue
        yield number


def number_reader(country: str) -> Callable[[str], int | None]:
    """What turns a cell into the number it means in `country` (ISO 3166), or None when it can be none.

    More lenient than contacts.rows.read_phone: a register may list numbers of area codes that no library knows yet, and
    a number too many on a list harms nobody.
    """
    code, lengths, trunk = _plan(country)

    def read(text: str) -> int | None:
        if text.endswith(".0") and (fraction := FRACTION.fullmatch(text.strip())):
            text = fraction[1]
        bare = text.translate(_PUNCTUATION)
        # isascii: other scripts have digits, too, which the library reads.
        if bare.isdecimal() and bare.isascii():
            # One that begins like the country's own code may have it already: which of both, the library knows.
            if len(bare) in lengths and bare[0] not in "01" and not bare.startswith(code):
                return int(code + bare)
            if bare[0] == trunk and len(bare) - 1 in lengths and bare[1] not in "01":
                return int(code + bare[1:])
        elif bare[:1] == "+" and bare[1:].isdecimal() and bare.isascii() and bare.startswith(code, 1):
            national = bare[1 + len(code) :]
            if len(national) in lengths and national[0] not in "01":
                return int(bare[1:])
        return _by_the_library(text, country)

    return read


@lru_cache(maxsize=64)
def _plan(country: str) -> tuple[str, frozenset[int], str]:
    """Country code, lengths of national numbers, and the digit dialled before one within the country ("" for none)."""
    data = phonenumbers.PhoneMetadata.metadata_for_region(country, None)
    if data is None:
        return "", frozenset(), ""
    # Where a rule rewrites what follows the prefix, only the library knows it.
    trunk = "" if data.national_prefix_transform_rule else data.national_prefix or ""
    possible = data.general_desc.possible_length if data.general_desc else ()
    lengths = frozenset(n for n in possible if n >= 8)
    return str(data.country_code), lengths, trunk if trunk in ("0", "1") else ""


def _by_the_library(text: str, country: str) -> int | None:
    shown = values.visible(text)
    if not shown or len(shown) > 40:
        return None
    for written in (shown, with_plus(shown)):
        try:
            number = phonenumbers.parse(written, country)
        except phonenumbers.NumberParseException:
            continue
        if not number.extension and phonenumbers.is_possible_number(number):
            return int(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:])
    return None
