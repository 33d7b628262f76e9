"""What a form holds that does not go out blank: what was typed, marked cells, remarks on rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from xlscore.findings import Severity
from xlscore.layout import Column, ColumnSpec, Layout, Row, Text
from xlscore.workbooks.scorecard.cached import Place
from xlscore.workbooks.sheet_xml import CellContent

_REMARK_WIDTH = 26


@dataclass(frozen=True, slots=True)
class Mark:
    """A highlighted cell: how grave it is, and what its input message says."""

    severity: Severity
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Remark(Text):
    """A text in the column of notes (Ghi chú) on what is to be mended in a row."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands in a form that goes out filled.

    Attributes:
        typed: contents of input cells, by node id and slot; `number`, `text`, `boolean` or `error`.
        marks: highlighted cells, by row key and column.
        remarks: texts below the printed notes, by row key.
        decimals: the campaign's `leaf_decimals`, for the cached values of the formulas.
    """

    typed: Mapping[tuple[str, str], CellContent] = field(default_factory=dict)
    marks: Mapping[Place, Mark] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    decimals: int = 12

    def columns(self, layout: Layout) -> tuple[ColumnSpec, ...]:
        """Return the form's columns; notes with remarks in them are wider."""
        if not self.remarks:
            return layout.columns
        return tuple(
            replace(spec, width=_REMARK_WIDTH) if spec.column is Column.NOTE else spec
            for spec in layout.columns
        )

    def remarked(self, row: Row) -> Row:
        """Return the row with its remark in the column of notes."""
        if row.key not in self.remarks:
            return row
        printed = row.cells.get(Column.NOTE)
        note = f"{printed.text}\n" if isinstance(printed, Text) else ""
        remark = Remark(note + self.remarks[row.key])
        return replace(row, cells={**row.cells, Column.NOTE: remark})
