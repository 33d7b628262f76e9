"""What is written quickly is what XlsxWriter would have written."""

from __future__ import annotations

from io import BytesIO

import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from xlscore.workbooks.members import read_members
from xlscore.workbooks.package import column_letters
from xlscore.workbooks.quicksheet import QuickSheet, letters

TEXTS = [
    "Điểm",
    " trước",
    "sau ",
    "a&b",
    "<b>",
    "dòng\r\nhai",
    "_x0041_",
    "a\x01b",
    "<r><t>x</t></r>",
]
VALUES = [
    0,
    0.1,
    1 / 3,
    -2.5,
    1e300,
    "",
    "Chưa tính được",
    "a<b & c>d",
    "#N/A",
    "#khác",
    True,
    False,
]


def written(kind: type[Worksheet], *, constant_memory: bool) -> str:
    """Return the XML of a sheet with every kind of cell, with a look and without."""
    file = BytesIO()
    book = Workbook(file, {"constant_memory": constant_memory, "in_memory": not constant_memory})
    sheet = book.add_worksheet("Phiếu", kind)
    sheet.set_column(1, 1, 20, book.add_format({"italic": True}))
    for row, look in enumerate([None, book.add_format({"bold": True})]):
        for column, text in enumerate(TEXTS):
            sheet.write_string(3 * row, column, text, look)
        for column, value in enumerate(VALUES):
            sheet.write_formula(3 * row + 1, column, f'=IF(A1<>"a&b",B{row + 1},"")', look, value)
        sheet.write_number(3 * row + 2, 0, 0.1, look)
        sheet.write_number(3 * row + 2, 1, 12345678901234567, look)
        sheet.write_blank(3 * row + 2, 2, None, look)
        sheet.write_boolean(3 * row + 2, 30, True, look)
    sheet.write_rich_string(9, 0, "<", book.add_format({"bold": True}), "r>")
    book.close()
    members = {m.name: m.content.decode() for m in read_members(file.getvalue())}
    return members["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize("constant_memory", [False, True])
def test_a_quick_sheet_is_the_same_bytes(constant_memory: bool) -> None:
    quick = written(QuickSheet, constant_memory=constant_memory)
    assert quick == written(Worksheet, constant_memory=constant_memory)
    assert 't="str"' in quick
    assert ("inlineStr" in quick) == constant_memory


def test_columns_have_the_letters_that_excel_gives_them() -> None:
    places = range(16_384)
    assert [letters(place) for place in places] == [column_letters(place + 1) for place in places]
