"""On ordinary workbooks the reader and calamine, a reader in Rust, agree cell by cell."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from xlscore.workbooks.package import Cell, parse_package

EPOCH = datetime.fromisoformat("1899-12-30")

# Calamine drops what is no text in XML, and spreadsheets hold neither CR nor lone surrogates.
TEXTS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x1FFFF, exclude_categories=("Cs", "Cn", "Cc")),
    min_size=1,
    max_size=40,
)
NUMBERS = st.one_of(
    st.integers(-(10**9), 10**9),
    # XlsxWriter rounds to 16 digits, which takes the largest doubles beyond all doubles.
    st.floats(-1e300, 1e300, allow_subnormal=False),
)
DAYS = st.datetimes(datetime.fromisoformat("1901-01-01"), datetime.fromisoformat("2099-12-31")).map(
    lambda moment: moment.replace(microsecond=0)
)
VALUES = st.one_of(TEXTS, NUMBERS, st.booleans(), DAYS)
PLACES = st.tuples(st.integers(0, 40), st.integers(0, 30))
SHEETS = st.dictionaries(PLACES, VALUES, max_size=30)

Value = str | int | float | bool | datetime


def _written(cells: dict[tuple[int, int], Value], inline: bool) -> bytes:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    if inline:
        book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
    for (row, column), value in sorted(cells.items()):
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value, day)
        elif isinstance(value, str):
            sheet.write_string(row, column, value)
        else:
            sheet.write_number(row, column, value)
    book.close()
    return buffer.getvalue()


def _same(cell: Cell | None, theirs: object) -> bool:
    """Whether calamine's value is what our cell says."""
    if cell is None:
        return theirs == ""
    if cell.kind == "boolean":
        return theirs is (cell.value == "TRUE")
    if cell.kind == "date":
        moment = EPOCH + timedelta(days=float(cell.value))
        return isinstance(theirs, date | time | timedelta) and _close(moment, theirs)
    if cell.kind == "number":
        return isinstance(theirs, float) and theirs == float(cell.value)
    return isinstance(theirs, str) and unicodedata.normalize("NFC", theirs) == cell.value


def _close(moment: datetime, theirs: date | time | timedelta) -> bool:
    if isinstance(theirs, datetime):
        return abs(moment - theirs) < timedelta(seconds=1)
    return isinstance(theirs, date) and moment.date() == theirs


def _disagreements(data: bytes) -> Sequence[tuple[Cell | None, object]]:
    (sheet,) = parse_package(data).sheets
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    theirs = {
        (row, column): value
        for row, values in enumerate(rows, 1)
        for column, value in enumerate(values, 1)
    }
    return [
        (sheet.cells.get(place), theirs.get(place, ""))
        for place in theirs.keys() | sheet.cells.keys()
        if not _same(sheet.cells.get(place), theirs.get(place, ""))
    ]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cells=SHEETS, inline=st.booleans())
def test_the_reader_and_calamine_agree(cells: dict[tuple[int, int], Value], inline: bool) -> None:
    assert _disagreements(_written(cells, inline)) == []


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cells=SHEETS)
def test_every_written_cell_is_listed_with_its_kind(cells: dict[tuple[int, int], Value]) -> None:
    (sheet,) = parse_package(_written(cells, inline=False)).sheets
    kinds = {(row - 1, column - 1): cell.kind for (row, column), cell in sheet.cells.items()}
    assert kinds == {place: _kind(value) for place, value in cells.items()}


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, datetime):
        return "date"
    return "text" if isinstance(value, str) else "number"
