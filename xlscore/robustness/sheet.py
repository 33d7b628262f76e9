"""The sheet “Độ vững của thứ hạng” of one ranking group."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from xlscore.numbers import quantise
from xlscore.robustness.analysis import Robustness, UnitRobustness
from xlscore.robustness.material import Part
from xlscore.robustness.wording import (
    between,
    called,
    furthest,
    gap,
    method,
    ranks,
    sentence,
    summary,
)

MOST_DRAWN = 200
"""Units of a group up to which their intervals are drawn: nobody reads a picture of more."""

_WIDTHS = (8, 34, 10, 10, 10, 11, 10, 10, 10, 14, 58)
_UNITS = (
    "Hạng", "Đơn vị", "Chỉ số (%)", "Hạng 5%", "Hạng giữa", "Hạng trung bình", "Hạng 95%",
    "Tốt nhất khi bỏ một tiêu chí", "Kém nhất khi bỏ một tiêu chí", "Nhạy nhất với", "Nhận xét",
)  # fmt: skip
_CRITERIA = (
    "STT", "Nội dung bỏ thử", "Đổi hạng trung bình", "Đổi hạng nhiều nhất", "Số đơn vị đổi hạng",
    "Số đơn vị đổi xếp loại", "Đổi nhiều nhất",
)  # fmt: skip
_GAPS = ("Hạng", "Hai đơn vị liền kề", "Chênh lệch (điểm %)", "Sai lệch thẩm định", "Kết luận")

_DRAWN = ("Khoảng hạng 5–95% và hạng giữa của từng đơn vị", 1, 3, 4, 6)

Row = list[str | Decimal | int | None]


def write(book: Any, found: Robustness) -> None:
    """Add the sheet of a group to the ranking workbook (`RankingBook`)."""
    title = found.group.title
    sheet = book.add_sheet(f"Độ vững – {title}", f"Độ vững của thứ hạng: {title}", _WIDTHS)
    sheet.text(*summary(found))
    if found.units:
        sheet.text("Từng đơn vị", heading=True)
        drawn = _DRAWN if len(found.units) <= MOST_DRAWN else None
        sheet.table(_UNITS, [_unit(found, unit) for unit in found.units], {2: 2, 5: 1}, drawn)
    if found.neighbours:
        sheet.text("Các hạng liền kề", heading=True)
        sheet.table(_GAPS, _gaps(found), {2: 4, 3: 4})
    if found.left_out:
        sheet.text("Bỏ từng lĩnh vực, từng tiêu chí", heading=True)
        sheet.table(_CRITERIA, _criteria(found), {2: 1})
    sheet.text("Cách tính", heading=True)
    sheet.text(*method(found))


def interval(found: Robustness, code: str) -> str | int | None:
    """Return the interval of ranks of a unit as it stands in the ranking sheets; None for one not tried."""
    unit = found.by_code.get(code)
    if unit is None:
        return None
    low, high = unit.spread.low, unit.spread.high
    return low if low == high else between(low, high)


def _unit(found: Robustness, unit: UnitRobustness) -> Row:
    spread, result = unit.spread, unit.row.result
    moved = called(unit.moved_by) if unit.moved_by else "–"
    return [
        unit.nominal, result.unit.name, quantise(result.index, 9), spread.low, spread.median,
        quantise(spread.mean, 3), spread.high, unit.best, unit.worst, moved, sentence(found, unit),
    ]  # fmt: skip


def _criteria(found: Robustness) -> list[Row]:
    return [
        [
            trial.part.label, _titled(trial.part), quantise(trial.mean_shift, 3), trial.most,
            sum(shift > 0 for shift in trial.shifts), trial.rebanded, furthest(found, trial),
        ]
        for trial in found.left_out
    ]  # fmt: skip


def _titled(part: Part) -> str:
    return f"Cả lĩnh vực: {part.node.title}" if part.domain else part.node.title


def _gaps(found: Robustness) -> list[Row]:
    rows: list[Row] = []
    for pair in found.neighbours:
        names = f"{pair.upper.result.unit.name} – {pair.lower.result.unit.name}"
        error = quantise(Fraction(pair.error), 9)
        which = between(*ranks(found, pair))
        rows.append([which, names, quantise(pair.gap, 9), error, gap(found, pair)])
    return rows
