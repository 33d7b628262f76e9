"""Ranking tables in a Word document: headings repeat on every page, no row is split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from xlscore.ranking import RankedRow, Results, parts
from xlscore.summaries import GroupSummary, count, figure, signed
from xlscore.text import showable

_NAME_LEAST, _WIDTH = 34.0, 165.0
_TWIPS = 56.7
_SIZE = 23
"""Half points."""

_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: heading, width in millimetres, how its cells are aligned."""

    heading: str
    width: float
    align: str = "center"


@dataclass(frozen=True, slots=True)
class RankingTable:
    """A table of texts; every row has a text per column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


def ranking_table(results: Results, rows: Sequence[RankedRow]) -> RankingTable:
    """Return the table of a group; bonus and penalty, and last year, only where there are any."""
    extras = any(r.result.totals.bonus or r.result.totals.penalty for r in rows)
    changes = any(results.change(r.result) is not None for r in rows)
    columns = tuple(_columns(extras=extras, changes=changes))
    open_ = {result.unit.code for result, _ in results.waiting}
    return RankingTable(
        columns,
        tuple(
            tuple(
                _cells(results, r, extras=extras, changes=changes, star=r.result.unit.code in open_)
            )
            for r in rows
        ),
    )


def overview_table(summaries: Sequence[GroupSummary], decimals: int) -> RankingTable:
    """Return the groups at a glance."""
    columns = (
        Column("TT", 10),
        Column("Nhóm xếp hạng", 41, "left"),
        Column("Số đơn vị", 14),
        Column("Trung bình (%)", 16),
        Column("Cao nhất (%)", 42, "left"),
        Column("Thấp nhất (%)", 42, "left"),
    )
    rows = [
        (str(number), s.group.title, count(s.units), *_extremes(s, decimals))
        for number, s in enumerate(summaries, 1)
    ]
    return RankingTable(columns, tuple(rows))


def _extremes(summary: GroupSummary, decimals: int) -> tuple[str, str, str]:
    if summary.mean is None:
        return "–", "–", "–"
    first, last = summary.assessed[0], summary.assessed[-1]
    best = [row for row in summary.assessed if row.rank == first.rank]
    worst = [row for row in summary.assessed if row.rank == last.rank]
    return figure(summary.mean, decimals), _at(best, decimals), _at(worst, decimals)


def _at(rows: Sequence[RankedRow], decimals: int) -> str:
    """Name the units at one end, with their index."""
    names = "; ".join(row.result.unit.name for row in rows)
    return f"{names}: {figure(rows[0].result.index, decimals)}"


def _columns(*, extras: bool, changes: bool) -> Iterator[Column]:
    figures = [Column("Thẩm định", 15), Column("Điều tra XHH", 15)]
    figures += [Column("Cộng, trừ", 14)] if extras else []
    figures += [Column("Đạt được", 15), Column("Tối đa áp dụng", 15), Column("Chỉ số (%)", 16)]
    figures += [Column("Xếp loại", 15)]
    figures += [Column("So năm trước", 16)] if changes else []
    left = _WIDTH - 13 - sum(column.width for column in figures)
    yield Column("Hạng", 13)
    yield Column("Đơn vị", max(left, _NAME_LEAST), "left")
    yield from figures


def _cells(
    results: Results, row: RankedRow, *, extras: bool, changes: bool, star: bool
) -> Iterator[str]:
    result, decimals = row.result, results.campaign.settings.policies.display_decimals
    of, total = parts(result), result.totals
    by = results.change(result)
    yield str(row.rank or "–")
    if not result.assessed:
        yield f"{result.unit.name} (chưa có kết quả)"
        yield from ["–"] * (4 + extras)
        yield figure(result.index, decimals)
        yield row.band or "–"
        yield from ["–"] * changes
        return
    yield result.unit.name
    yield figure(of.appraised, decimals)
    yield figure(of.survey, decimals)
    if extras:
        difference = Fraction(of.bonus) - Fraction(of.penalty)
        yield signed(difference, decimals) if difference else "–"
    yield figure(total.achieved, decimals)
    yield figure(total.applicable, decimals)
    yield figure(result.index, decimals) + ("*" if star else "")
    yield row.band or "–"
    if changes:
        yield "–" if by is None else signed(by, decimals)


# --- as WordprocessingML --------------------------------------------------------------------------


def table_xml(table: RankingTable) -> Any:
    """Return the table as an element; built as text, since 3,300 rows would take python-docx minutes."""
    grid = "".join(f'<w:gridCol w:w="{_twips(column.width)}"/>' for column in table.columns)
    head = _row(table.columns, [column.heading for column in table.columns], head=True)
    body = "".join(_row(table.columns, row) for row in table.rows)
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>' for side in _SIDES)
    total = _twips(sum(column.width for column in table.columns))
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{total}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        '<w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )


def _row(columns: Sequence[Column], texts: Sequence[str], *, head: bool = False) -> str:
    repeats = "<w:tblHeader/>" if head else ""
    cells = "".join(
        _cell(column, text, head=head) for column, text in zip(columns, texts, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeats}</w:trPr>{cells}</w:tr>"


def _cell(column: Column, text: str, *, head: bool) -> str:
    align = "center" if head else column.align
    bold = "<w:b/>" if head else ""
    ground = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>' if head else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(column.width)}" w:type="dxa"/>{ground}'
        f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:spacing w:before="30" w:after="30"'
        f' w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/><w:jc w:val="{align}"/></w:pPr>'
        f'<w:r><w:rPr>{bold}<w:sz w:val="{_SIZE}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(showable(text))}</w:t></w:r></w:p></w:tc>'
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * _TWIPS)
