import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts import reading
from contacts.cells import guard, unguard

NASTY = st.text(st.sampled_from("=+-@\t\r\n\0,;|\"' a1＝＋"), max_size=12)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1", "＝1", "a,=1", 'x"=1', " =1"]
)
def test_a_cell_that_would_be_a_formula_begins_with_an_apostrophe(cell):
    assert guard(cell) != cell
    assert unguard(guard(cell)) == cell


@pytest.mark.parametrize("cell", ["", "Ana", "a-b", "p0@example.com", "+13035550111", "12 - 3"])
def test_plain_cells_and_numbers_stay_readable(cell):
    assert guard(cell) == cell


@given(st.one_of(NASTY, st.text()))
def test_unguarding_restores_what_was(cell):
    assert unguard(guard(cell)) == cell


@given(NASTY)
def test_no_way_of_splitting_finds_a_formula(cell):
    for part in re.split(r"[,;|\"\t\r\n\0]", guard(cell)):
        assert not re.match(r" *[=+\-@＝＋]", part) or re.fullmatch(r"\+[1-9][0-9]{6,14}", cell)


@given(
    st.lists(
        NASTY.filter(lambda cell: cell.strip() == cell and "\0" not in cell and cell), min_size=1, max_size=4
    )
)
def test_an_exported_row_is_imported_as_it_was(row):
    file = io.StringIO()
    csv.writer(file).writerows([["Header"] * 4, [guard(cell) for cell in row]])
    source = io.BytesIO(file.getvalue().encode("utf-8-sig"))
    sheet = reading.examine(source, delimiter=",", has_header=True)
    assert [found.cells for found in reading.rows(source, sheet)] == [row]
