"""One input cell: understood, or refused by name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xlscore.entries import BLANK, Reading, read_entry
from xlscore.layout import Entry
from xlscore.methods.base import Input, InputKind, Value
from xlscore.workbooks.package import Cell, Kind, NumberFormat

POINTS = Entry("n", "points", Input("points", maximum=Decimal(10)))
PERCENT = Entry("n", "percent", Input("percent", maximum=Decimal(100), percent=True))
WIDE = Entry("n", "x", Input("x", minimum=Decimal(-5), maximum=None))
LEVEL = Entry(
    "n", "level", Input("level", kind=InputKind.CHOICE, choices=("Kịp thời", "Mức 2", "3"))
)
TEXT = Entry("n", "@evidence")


def cell(
    kind: Kind, value: str = "", formula: str | None = None, shown: NumberFormat = "general"
) -> Cell:
    return Cell(9, 6, kind, value, formula, shown)


def names(reading: Reading) -> list[str]:
    return [found.name for found in reading.findings]


@pytest.mark.parametrize(
    ("entry", "given", "value", "said"),
    [
        (POINTS, cell("number", "0.5"), Decimal("0.5"), []),
        (POINTS, cell("number", "0.30000000000000004"), Decimal("0.3"), []),
        (POINTS, cell("text", "0,5"), Decimal("0.5"), ["number-as-text"]),
        (POINTS, cell("text", " 0.5\u00a0"), Decimal("0.5"), ["number-as-text"]),
        (POINTS, cell("text", "\uff10,5"), Decimal("0.5"), ["number-as-text"]),
        (PERCENT, cell("number", "85"), Decimal(85), []),
        (PERCENT, cell("text", "85 %"), Decimal(85), ["percent-understood"]),
        (PERCENT, cell("number", "0.85", None, "percent"), Decimal(85), ["percent-understood"]),
        (PERCENT, cell("number", "0.855", None, "percent"), Decimal("85.5"), ["percent-understood"]),
        (WIDE, cell("text", "\u20135"), Decimal(-5), ["number-as-text"]),
        (POINTS, cell("number", "3", "1+2"), Decimal(3), ["formula-counted"]),
        (POINTS, cell("number", "3", ""), Decimal(3), ["formula-counted"]),
        (POINTS, cell("text", "3", '"3"'), Decimal(3), ["formula-counted", "number-as-text"]),
        (LEVEL, cell("text", "Kịp thời"), "Kịp thời", []),
        (LEVEL, cell("text", " KỊP  THỜI "), "Kịp thời", []),
        (LEVEL, cell("text", "Ki\u0323p thơ\u0300i"), "Kịp thời", []),
        (LEVEL, cell("number", "3"), "3", []),
        (TEXT, cell("text", "KH số 1"), "KH số 1", []),
        (TEXT, cell("number", "12"), "12", []),
        (TEXT, cell("date", "46143"), "01/05/2026", []),
        (TEXT, cell("date", "0.3125"), "07:30", []),
        (TEXT, cell("date", "1E+99"), "1E+99", []),
        (TEXT, cell("boolean", "TRUE"), "TRUE", []),
        (TEXT, cell("text", "KH 1", '"KH "&1'), "KH 1", ["formula-counted"]),
    ],
)  # fmt: skip
def test_an_entry_is_understood(entry: Entry, given: Cell, value: Value, said: list[str]) -> None:
    reading = read_entry(entry, given)
    assert reading.value == value
    assert names(reading) == said


@pytest.mark.parametrize(
    ("entry", "given", "name", "entered"),
    [
        (POINTS, cell("number", "11"), "over-maximum", "11"),
        (POINTS, cell("number", "1E+300"), "over-maximum", "1" + "0" * 300),
        (POINTS, cell("number", "-1"), "negative", "-1"),
        (WIDE, cell("number", "-6"), "below-minimum", "-6"),
        (POINTS, cell("number", "1E+999"), "not-a-number", "1E+999"),
        (POINTS, cell("text", "1.000"), "ambiguous-thousands", "1.000"),
        (POINTS, cell("text", "1/2"), "date-in-cell", "1/2"),
        (POINTS, cell("date", "46143"), "date-in-cell", "01/05/2026"),
        (POINTS, cell("date", "0.0625"), "date-in-cell", "01:30"),
        (POINTS, cell("boolean", "FALSE", "FALSE()"), "boolean-in-cell", "FALSE"),
        (POINTS, cell("error", "#DIV/0!", "1/0"), "excel-error", "#DIV/0!"),
        (POINTS, cell("text", "50%"), "percent-in-points", "50%"),
        (POINTS, cell("number", "0.5", None, "percent"), "percent-in-points", "50%"),
        (POINTS, cell("blank", "", "F1"), "formula-without-value", "=F1"),
        (POINTS, cell("number", "1", "Sheet2!A1"), "external-formula", "=Sheet2!A1"),
        (POINTS, cell("number", "1", "'Phiếu'!A1"), "external-formula", "='Phiếu'!A1"),
        (POINTS, cell("number", "1", "Bảng1[Cột]"), "external-formula", "=Bảng1[Cột]"),
        (POINTS, cell("number", "1", "tổng"), "external-formula", "=tổng"),
        (POINTS, cell("number", "1", "offset (A1,1,1)"), "external-formula", "=offset (A1,1,1)"),
        (LEVEL, cell("text", "Mức 9"), "unknown-level", "Mức 9"),
        (LEVEL, cell("boolean", "TRUE"), "unknown-level", "TRUE"),
        (LEVEL, cell("date", "46143"), "unknown-level", "01/05/2026"),
        (LEVEL, cell("error", "#N/A"), "excel-error", "#N/A"),
        (TEXT, cell("error", "#NAME?", "-A1"), "excel-error", "#NAME?"),
    ],
)
def test_an_entry_is_refused_by_name(entry: Entry, given: Cell, name: str, entered: str) -> None:
    reading = read_entry(entry, given)
    assert reading.value is None
    assert names(reading) == [name]
    assert reading.findings[0].entered == entered


@pytest.mark.parametrize(
    "formula",
    ["E9*2", "$E$9+F10", "SUM(E9:E12,F$9)", "SUM($E:E)", "IF(E9>1,TRUE,FALSE)", "LOG10(100)",
     "_xlfn.CONCAT(A1,B2)", 'IF(E9="Tốt!",1,0)', "1E-13*2", "Mẫu!A1", "'Mẫu'!A1"],
)  # fmt: skip
def test_a_formula_within_the_sheet_counts(formula: str) -> None:
    assert read_entry(POINTS, cell("number", "1", formula), "Mẫu").value == 1


@pytest.mark.parametrize("given", [None, cell("text"), cell("text", " \u00a0\u200b")])
@pytest.mark.parametrize("entry", [POINTS, LEVEL, TEXT])
def test_nothing_visible_is_nothing_entered(entry: Entry, given: Cell | None) -> None:
    assert read_entry(entry, given) == BLANK


def test_off_step_names_the_neighbours() -> None:
    entry = Entry("n", "points", Input("points", maximum=Decimal(2), step=Decimal("0.25")))
    found = read_entry(entry, cell("number", "0.3")).findings[0]
    assert found.params == {"step": "0.25", "example": "0.25; 0.5"}
