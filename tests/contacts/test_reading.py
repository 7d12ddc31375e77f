"""Poisoned files: refused as a whole or imported row by row with reasons, never half."""

import csv
import io
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts import mapping, reading

PLAIN = "Name,Phone,Note\nZoë Ærø,303-555-0111,“ok” €5\nŁukasz,303-555-0122,\n"


def read(content: bytes, **how) -> tuple[reading.Sheet, list[reading.Row]]:
    file = io.BytesIO(content)
    sheet = reading.examine(file, **how)
    return sheet, list(reading.rows(file, sheet))


def cells(content: bytes, **how) -> list[list[str]]:
    return [row.cells for row in read(content, **how)[1]]


def workbook(rows: list[list]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_any_unicode_is_read_with_and_without_its_mark(encoding):
    assert cells(PLAIN.encode(encoding)) == [
        ["Zoë Ærø", "303-555-0111", "“ok” €5"],
        ["Łukasz", "303-555-0122"],
    ]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1252", "Zoë Müller, Siobhán O’Brien, José Núñez, François Lefèvre"),
        ("cp1251", "Александра Иванова, Дмитрий Кузнецов, Екатерина"),
        ("cp932", "山田太郎、佐藤花子、鈴木一郎、高橋美咲"),
        ("gb18030", "王小明，李晓红，张伟，刘洋，陈静，杨帆"),
    ],
)
def test_older_encodings_of_spreadsheets_are_recognised(encoding, name):
    text = "".join(f'"{name}";303-555-01{n:02}\r\n' for n in range(40))
    assert cells(f"Name;Phone\r\n{text}".encode(encoding))[0][0] == name


def test_a_line_of_another_encoding_than_the_others_is_named():
    lines = [f"Zoë Müller {n},303-555-01{n:02}\n".encode() for n in range(20)]
    lines[7] = "José,303-555-0107\n".encode("cp1252")
    with pytest.raises(reading.UnreadableError, match="Line 9 is written in another encoding"):
        read(b"Name,Phone\n" + b"".join(lines))


@pytest.mark.parametrize(
    ("lines", "rarer", "other"),
    [
        (["café".encode("cp1252"), "café olé".encode()], 2, 3),
        (["café olé".encode(), "café".encode("cp1252")], 3, 2),
        (["José".encode("cp1252")] * 3 + ["Siobhán".encode()], 5, 2),
        (["José".encode("mac_roman"), "Zoë".encode("mac_roman"), "Siobhán O’Brien".encode()], 4, 2),
    ],
    ids=["one each", "the other way round", "one in UTF-8", "of a Mac"],
)
def test_lines_of_two_encodings_are_named_however_many_there_are(lines, rarer, other):
    said = f"Line {rarer} is written in another encoding than line {other}: one is UTF-8, the other is not"
    with pytest.raises(reading.UnreadableError, match=said):
        read(b"Name,Phone\n" + b"".join(line + b",303-555-0111\n" for line in lines))


def test_a_line_of_another_encoding_is_named_behind_megabytes_of_others():
    content = b"Name,Phone\n" + "Zoë,303-555-0111\n".encode() * 70_000 + "José,1\n".encode("cp1252")
    with pytest.raises(
        reading.UnreadableError, match="Line 70,002 is written in another encoding than line 2:"
    ):
        read(content)


def test_a_line_that_is_not_as_the_mark_of_the_file_says_is_named():
    content = b"\xef\xbb\xbfName,Phone\n" + "Zoë,303-555-0111\n".encode() + "José,1\n".encode("cp1252")
    with pytest.raises(reading.UnreadableError, match=r"Line 3 cannot be read as Unicode \(UTF-8\)"):
        read(content)


def test_a_short_name_that_could_be_utf8_by_chance_makes_no_file_mixed():
    name, by_chance = "王小明，李晓红，张伟，刘洋", "专"
    assert len(by_chance.encode("gb18030").decode("utf-8")) == 1
    text = f"{name},1\n" * 9 + f"{by_chance},1\n"
    assert cells(f"Name,Phone\n{text}".encode("gb18030"))[0][0] == name


@pytest.mark.parametrize("delimiter", list(reading.DELIMITERS))
def test_any_delimiter_is_recognised(delimiter):
    text = 'Name,Phone\n"a, b; c|d\te",303-555-0111\n"x",303-555-0122\n'
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(csv.reader(io.StringIO(text)))
    sheet, rows = read(file.getvalue().encode())
    assert sheet.delimiter == delimiter
    assert rows[0].cells == ["a, b; c|d\te", "303-555-0111"]


def test_excels_own_word_on_the_delimiter_is_heard():
    sheet, rows = read(b"sep=;\nName;Phone\nAna, B;303-555-0111\n")
    assert (sheet.delimiter, sheet.headers) == (";", ["Name", "Phone"])
    assert [(row.number, row.cells) for row in rows] == [(3, ["Ana, B", "303-555-0111"])]


def test_mixed_line_ends_and_quoted_ones_make_no_rows_of_their_own():
    content = b'Name,Phone\r\n"two\nlines",1\rb,2\nc,3\r\n\r\n,,\nd,4'
    assert [(row.number, row.cells) for row in read(content)[1]] == [
        (2, ["two\nlines", "1"]), (3, ["b", "2"]), (4, ["c", "3"]), (7, ["d", "4"]),
    ]  # fmt: skip


def test_headers_are_told_from_data_and_made_unique():
    sheet, _ = read(b"Phone,,phone,Name\n1,2,3,4\n")
    assert sheet.headers == ["Phone", "Column 2", "phone (2)", "Name"]
    sheet, rows = read(b"Ana,303-555-0111\nBen,303-555-0122\n")
    assert (sheet.has_header, sheet.headers, len(rows)) == (False, ["Column 1", "Column 2"], 2)


def test_nul_bytes_disappear():
    assert cells(b"Name,Phone\nA\x00na,303\x00-555-0111\n") == [["Ana", "303-555-0111"]]


def test_two_hundred_columns_are_read():
    content = ",".join(f"c{n}" for n in range(200)) + "\n" + ",".join(str(n) for n in range(200)) + "\n"
    assert len(cells(content.encode())[0]) == 200


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n \n,,\n", "no rows"),
        (b"Name,Phone\n", "no rows under it"),
        (b"%PDF-1.4 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Save it as .xlsx"),
        (bytes(range(256)) * 200, "some other kind of file"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (b"Name,Phone\n" + b'"open,303-555-0111\nb,2\n' * 1, "never closed"),
        (b'Name,Phone\nAna,1\n"open,' + b"x,2\n" * 60_000, "never closed"),
        (b"Name,Phone\n" + b",".join([b"1"] * 501), "columns"),
    ],
)
def test_what_is_no_list_is_refused_in_words(content, words):
    with pytest.raises(reading.UnreadableError, match=words):
        read(content)


def test_a_line_of_100_mb_is_refused_without_being_held():
    class Endless(io.BytesIO):
        """A header and then 100 MB without a line end, made as it is read."""

        def __init__(self) -> None:
            super().__init__()
            self.at = 0

        def seek(self, at: int, whence: int = 0) -> int:
            self.at = at
            return at

        def read(self, size: int | None = -1) -> bytes:
            head = b"Name,Phone\n"
            data = (
                (head[self.at :] + b"x" * (1 << 20))[: size or 0]
                if self.at < len(head)
                else b"x" * (size or 0)
            )
            data = data[: max(0, 100_000_000 - self.at)]
            self.at += len(data)
            return data

    tracemalloc.start()
    with pytest.raises(reading.UnreadableError, match="longer than"):
        reading.examine(Endless())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


@pytest.mark.parametrize(
    "blank",
    [b"\n", b" \r\n", b",,,\n", b"," * 100_000 + b"\n"],
    ids=["nothing", "a blank", "cells", "many cells"],
)
@pytest.mark.parametrize(
    ("head", "words"), [(b"", "no rows with anything"), (b"Name,Phone\n", "no rows under it")]
)
def test_a_file_of_blank_lines_is_given_up_without_reading_them_all(head, blank, words):
    class Counted(io.BytesIO):
        """How many bytes were read since its encoding is known, which is a look at the whole."""

        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            self.taken += len(data)
            return data

    file = Counted(head + blank * (20_000_000 // len(blank)))
    with pytest.raises(reading.UnreadableError, match=words):
        reading.examine(file, encoding="utf-8")
    assert file.taken < 4_000_000


def test_blank_lines_after_the_samples_lose_no_row():
    found = read(b"Name,Phone\nAna,1\n" + b"\n" * 300_000 + b"Ben,2\n")
    assert found[0].samples == [(2, ["Ana", "1"])]
    assert [row.cells for row in found[1]] == [["Ana", "1"], ["Ben", "2"]]


def test_a_workbook_is_read_as_a_person_sees_it():
    content = workbook([
        ["Name", "Phone", "Consent", "Date", "Note"],
        ["Ana", 3035550111, True, date(2026, 2, 8), 1.5],
        [None, None, None, None, None],
        ["Ben", 3035550122.0, False, datetime(2026, 2, 8, 10, 30), None],  # noqa: DTZ001
    ])  # fmt: skip
    assert [(row.number, row.cells) for row in read(content)[1]] == [
        (2, ["Ana", "3035550111", "TRUE", "2026-02-08", "1.5"]),
        (4, ["Ben", "3035550122", "FALSE", "2026-02-08T10:30:00"]),
    ]


def rezipped(changes: dict[str, bytes]) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(workbook([["Name", "Phone"], ["Ana", "303-555-0111"]])))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, changes.get(name, source.read(name)))
        for name in changes.keys() - set(source.namelist()):
            target.writestr(name, changes[name])
    return file.getvalue()


def test_a_zip_bomb_is_refused_by_its_size_before_it_is_unpacked():
    content = rezipped({"xl/sharedStrings.xml": b" " * (reading.MAX_SHARED_STRINGS + 1)})
    assert len(content) < 1_000_000
    tracemalloc.start()
    with pytest.raises(reading.UnreadableError, match="too much"):
        read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_entities_in_a_workbook_are_not_expanded():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    with pytest.raises(reading.UnreadableError, match="damaged"):
        read(rezipped({"xl/worksheets/sheet1.xml": bomb}))


def test_columns_are_guessed_in_english_and_spanish_and_without_a_header():
    english = mapping.guess(
        ["First Name", "Last Name", "Mobile", "E-mail", "OK to call?", "Consent date", "Consent source",
         "Do not disturb", "Tags", "Language", "Member no"], [],
    )  # fmt: skip
    assert english == {
        "first_name": 0, "last_name": 1, "phone": 2, "email": 3, "consent": 4, "consent_date": 5,
        "consent_source": 6, "dnd": 7, "tags": 8, "language": 9, "fields.Member no": 10,
    }  # fmt: skip
    spanish = mapping.guess(
        ["Nombre", "Apellidos", "Teléfono móvil", "Correo electrónico", "No llamar", "Idioma"], []
    )
    assert spanish == {"first_name": 0, "last_name": 1, "phone": 2, "email": 3, "dnd": 4, "language": 5}
    bare = [["Ana", "2026-02-08", "ana@example.com", "(303) 555-0111"]] * 3
    assert mapping.guess(["Column 1", "Column 2", "Column 3", "Column 4"], bare, False) == {
        "phone": 3,
        "email": 2,
    }


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(content):
    with suppress(reading.UnreadableError):
        read(content)


@given(
    st.lists(
        st.lists(
            st.text(
                st.characters(codec="utf-8", exclude_categories=["Cc"], include_characters="\n\t"),
                max_size=20,
            ),
            min_size=1,
            max_size=5,
        ),
        min_size=1,
    )
)
def test_what_a_spreadsheet_writes_is_read_back(rows):
    file = io.StringIO()
    csv.writer(file).writerows([["Header"] * 5, *rows])
    wanted = []
    for row in rows:
        stripped = [reading.unguard(cell.strip()).replace("\0", "") for cell in row]
        while stripped and not stripped[-1]:
            stripped.pop()
        if stripped:
            wanted.append(stripped)
    try:
        found = cells(file.getvalue().encode(), delimiter=",", has_header=True)
    except reading.UnreadableError:
        assert not wanted
    else:
        assert found == wanted
