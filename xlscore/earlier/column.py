"""Last year's achieved points beside each row of a scorecard: to be read, never to be read back.

The column stands behind all others, so that every address, key and formula is the same with it and
without it; it is no part of what a form's digest covers, and a return is read as if it were not there.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from xlscore.campaign import Campaign, Unit
from xlscore.layout import (
    NOTHING,
    Amount,
    Cell,
    Column,
    ColumnSpec,
    Layout,
    Row,
    RowKind,
    Said,
    Text,
)
from xlscore.methods.base import vi_number
from xlscore.numbers import quantise
from xlscore.years import Past, Years, YearUnit

_WIDTH = 10


def shows_last_year(campaign: Campaign) -> bool:
    """Whether any tier's scorecards show last year's points."""
    return any(tier.show_last_year for tier in campaign.settings.tiers.values())


def with_last_year(layout: Layout, campaign: Campaign, unit: Unit, years: Years) -> Layout:
    """Return the unit's layout with last year's points, where its tier asks for them and they are known.

    Rows are found by id; a row that is new, or a unit that is, has “–”. A unit that was several has none,
    and the heading says why. Where a row could reach another number of points then, it says so.
    """
    year = campaign.settings.year - 1
    if not campaign.tier(unit).show_last_year or all(one.year != year for one in years.years):
        return layout
    past = years.past(unit.code, year)
    spec = ColumnSpec(Column.BEFORE, _heading(year, past), _WIDTH, needed=False)
    decimals = campaign.settings.policies.display_decimals
    rows = tuple(_row(row, layout, past, decimals) for row in layout.rows)
    return replace(layout, columns=(*layout.columns, spec), rows=rows)


def frame(layout: Layout) -> Layout:
    """Return what such layouts of one heading have in common: the column without anybody's points."""
    rows = (
        replace(row, cells={**row.cells, Column.BEFORE: Amount(Decimal(0))})
        if Column.BEFORE in row.cells
        else row
        for row in layout.rows
    )
    return replace(layout, rows=tuple(rows))


def points_shown(layout: Layout) -> dict[str, Decimal | str]:
    """Return what stands in the column, by address."""
    shown = {
        layout.address(row, Column.BEFORE): row.cells[Column.BEFORE]
        for row in layout.rows
        if Column.BEFORE in row.cells
    }
    return {
        place: cell.value if isinstance(cell, Amount) else cell.text
        for place, cell in shown.items()
        if isinstance(cell, Amount | Text)
    }


def _heading(year: int, past: Past | None) -> str:
    heading = f"Điểm đạt năm {year}"
    if past is not None and past.merged:
        return f"{heading} (hợp nhất từ {past.named} đơn vị: không có)"
    return f"{heading} (đơn vị trước khi chia tách)" if past and past.shared else heading


def _row(row: Row, layout: Layout, past: Past | None, decimals: int) -> Row:
    if row.kind is not RowKind.LEAF or (past and past.merged):
        return row
    maximum = layout.rubric.by_id[row.node].max
    shown = _points(past.units[0], row.node, maximum, decimals) if past else Said(NOTHING)
    return replace(row, cells={**row.cells, Column.BEFORE: shown})


def _points(then: YearUnit, leaf: str, maximum: Decimal, decimals: int) -> Cell:
    reached, could = then.scores.get(leaf), then.maxima.get(leaf)
    if reached is None or could == 0:  # it did not apply, or nobody looked
        return Said(NOTHING)
    if could is None or could == maximum:
        return Amount(reached)
    return Said(f"{vi_number(quantise(reached, decimals))} / {vi_number(could)}")
