"""What officers type into input cells."""

from __future__ import annotations

from decimal import Decimal

from tests.campaigns import number, text
from tests.spoiled import VALID, Place, error, typed
from xlscore.findings import Status
from xlscore.layout import NOT_APPLICABLE, Slot
from xlscore.workbooks.scorecard.fill import CellContent

POINTS, COUNT, PERCENT = ("n1.1", "points"), ("n1.4", "count"), ("n2.1", "percent")
LEVEL, SUBMIT = ("n1.2", "level"), ("", Slot.SUBMIT)
DRAFT = Status.DRAFT
DATE = CellContent("date", "46143")


def _stale(name: str, cell: str, row: str) -> tuple[Place, ...]:
    """What is understood in Python only leaves the form's own total behind."""
    return ((name, cell, row), ("total-differs", "F42", ""))


TYPED = (
    typed("over the maximum", {POINTS: Decimal("2.25")}, error("over-maximum")),
    typed("negative", {POINTS: Decimal(-1)}, error("negative")),
    typed("negative with a dash", {POINTS: "–1"}, error("negative")),
    typed("off the step", {POINTS: Decimal("0.3")}, error("off-step")),
    typed(
        "below the minimum",
        {("n1.5", "points"): Decimal("0.25")},
        error("below-minimum", "F20", "1.5"),
    ),
    typed("not whole", {COUNT: Decimal("1.5")}, error("not-whole", "E18", "1.4")),
    typed("words for a number", {POINTS: "đạt"}, error("not-a-number")),
    typed("a power of ten as text", {POINTS: "1e0"}, error("not-a-number")),
    typed("two numbers", {POINTS: "1 5"}, error("not-a-number")),
    typed("a number with a superscript", {POINTS: "1²"}, error("not-a-number")),
    typed("thousands or a decimal", {COUNT: "1.000"}, error("ambiguous-thousands", "E18", "1.4")),
    typed("thousands, the English way", {COUNT: "1,000"}, error("ambiguous-thousands", "E18", "1.4")),
    typed("a date made of 1.5", {POINTS: DATE}, error("date-in-cell")),
    typed("a date as text", {POINTS: "1/2"}, error("date-in-cell")),
    typed("a time of day", {POINTS: CellContent("date", "0.0625")}, error("date-in-cell")),
    typed("a boolean", {POINTS: CellContent("boolean", "TRUE")}, error("boolean-in-cell")),
    typed(
        "a boolean as LibreOffice writes it",
        {POINTS: CellContent("boolean", "TRUE", "TRUE()")},
        error("boolean-in-cell"),
    ),
    typed("an Excel error", {POINTS: CellContent("error", "#N/A")}, error("excel-error")),
    typed(
        "an Excel error for a level",
        {LEVEL: CellContent("error", "#NAME?", "-Chậm")},
        error("excel-error", "E11", "1.2"),
    ),
    typed(
        "an Excel error for evidence",
        {("n1.1", Slot.EVIDENCE): CellContent("error", "#VALUE!", "-1+A1")},
        error("excel-error", "G9", "1.1"),
    ),
    typed("an error picked", {LEVEL: CellContent("error", "#REF!")}, error("excel-error", "E11", "1.2")),
    typed("a formula's result", {POINTS: number("1", "0.5+0.5")}, error("formula-counted"), status=VALID),
    typed(
        "a formula on the same sheet",
        {POINTS: number("1", "'Phiếu chấm điểm'!D9/2")},
        error("formula-counted"),
        status=VALID,
    ),
    typed("no result", {POINTS: CellContent("blank", formula="1/2")}, error("formula-without-value")),
    typed("an empty result", {POINTS: text("", '""')}, error("formula-without-value")),
    typed("another sheet", {POINTS: number("1", "'Hướng dẫn'!A1")}, error("external-formula")),
    typed("another file", {POINTS: number("1", "[1]Sheet1!A1")}, error("external-formula")),
    typed("a defined name", {POINTS: number("1", "Tong_diem*2")}, error("external-formula")),
    typed("an address made up", {POINTS: number("1", 'INDIRECT("A1")')}, error("external-formula")),
    typed("unknown level", {LEVEL: "kịp thời quá"}, error("unknown-level", "E11", "1.2")),
    typed("a number for a level", {LEVEL: Decimal(1)}, error("unknown-level", "E11", "1.2")),
    typed(
        "a boolean for a level",
        {LEVEL: CellContent("boolean", "TRUE")},
        error("unknown-level", "E11", "1.2"),
    ),
    typed(
        "more done than there was",
        {("n1.3", "numerator"): Decimal(3)},
        error("numerator-above-denominator", "E16", "1.3"),
    ),
    typed("no evidence", {("n1.1", Slot.EVIDENCE): None}, error("missing-evidence", "G9", "1.1")),
    typed("no points", {POINTS: None}, error("missing-entry")),
    typed("only blanks", {POINTS: "  "}, error("missing-entry")),
    typed("no level", {LEVEL: None}, error("missing-entry", "E11", "1.2")),
    typed(
        "no denominator",
        {("n1.3", "denominator"): None},
        error("missing-entry", "E17", "1.3"),
    ),
    typed(
        "divided by zero",
        {("n2.2.1", "tong"): Decimal(0)},
        error("undefined-formula", "E29", "2.2.1"),
    ),
    typed(
        "figures that contradict",
        {("n2.2.1", "dat"): Decimal(13), ("n2.2.1", "tong"): Decimal(20)},
        error("figures-contradict", "E29", "2.2.1"),
    ),
    typed(
        "a score beyond the maximum",
        {("n2.2.1", "dat"): Decimal(9)},
        error("score-out-of-range", "E29", "2.2.1"),
    ),
    typed(
        "left out without a reason",
        {("n2.2", Slot.APPLICABILITY): NOT_APPLICABLE, **dict.fromkeys(
            [("n2.2.1", "tong"), ("n2.2.1", "dat"), ("n2.2.2", "item1"), ("n2.2.2", "item2")]
        )},
        error("not-applicable-unexplained", "E26", "2.2"),
    ),
    typed(
        "left out and filled in",
        {
            ("n1.3", Slot.APPLICABILITY): NOT_APPLICABLE,
            ("n1.3", Slot.EXPLANATION): "Không phát sinh",
        },
        error("entry-not-applicable", "E16", "1.3"),
        status=VALID,
    ),
    typed("a number as text", {POINTS: "0,5"}, *_stale("number-as-text", "F9", "1.1"), status=VALID),
    typed(
        "a share formatted as percent",
        {PERCENT: CellContent("percent", "0.95")},
        *_stale("percent-understood", "E23", "2.1"),
        status=VALID,
    ),
    typed("percent as text", {PERCENT: "95 %"}, *_stale("percent-understood", "E23", "2.1"), status=VALID),
    typed("percent of points", {POINTS: "50%"}, error("percent-in-points")),
    typed("percent format on points", {POINTS: CellContent("percent", "0.5")}, error("percent-in-points")),
    typed("not ticked", {SUBMIT: None}, ("draft-unticked", "", ""), status=DRAFT),
    typed(
        "not ticked, with blanks and an error",
        {SUBMIT: "Đang thực hiện", LEVEL: None, POINTS: Decimal(7)},
        error("over-maximum"),
        ("draft", "", ""),
        status=DRAFT,
    ),
    typed(
        "another state",
        {SUBMIT: "xong"},
        ("unknown-state", "E45", ""),
        ("draft-unticked", "", ""),
        status=DRAFT,
    ),
    typed(
        "more than Excel can hold",
        {("n1.1", Slot.EVIDENCE): "x" * 33_000},
        error("text-too-long", "G9", "1.1"),
        status=VALID,
    ),
)  # fmt: skip
