"""The columns of the input sheet, and where its rows stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlscore.methods.base import Input, Place
from xlscore.workbooks.appraisal.model import Line
from xlscore.workbooks.package import column_letters

REST_LINE, STATE_LINE, HEADING_LINE = 6, 7, 8
"""Rows (from 1) of the two cells above the table, and of the headings."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A column: its key, heading and width in characters; hidden ones are for formulas."""

    key: str
    heading: str = ""
    width: float = 0
    hidden: bool = False


_BEFORE = (
    Spec("key", width=4, hidden=True),
    Spec("code", "STT", 6.5),
    Spec("unit", "Mã đơn vị", 8),
    Spec("name", "Đơn vị", 16),
    Spec("title", "Tiêu chí thành phần / Số liệu", 28),
    Spec("max", "Điểm tối đa", 6.5),
    Spec("declared", "Số liệu, mức đơn vị khai", 15),
    Spec("self", "Điểm tự chấm", 8),
    Spec("evidence", "Tài liệu kiểm chứng", 22),
    Spec("explanation", "Giải trình", 20),
)
_AFTER = (
    Spec("choice", "Lựa chọn", 12),
    Spec("figure", "Số liệu thẩm định", 13),
    Spec("score", "Điểm thẩm định", 8),
    Spec("reason", "Lý do / nội dung cần giải trình", 24),
    Spec("result", "Điểm sau thẩm định", 8),
    Spec("state", "Tình trạng", 12),
    Spec("effective", width=9, hidden=True),
    Spec("order", width=9, hidden=True),
    Spec("weight", width=9, hidden=True),
    Spec("domain", width=9, hidden=True),
)
_EARLIER_WIDTH = 22

NEEDED: Mapping[str, str] = {
    spec.key: spec.heading
    for spec in (*_BEFORE, *_AFTER)
    if spec.key in {"unit", "code", "title", "max", "choice", "figure", "score", "reason"}
}
"""The columns that a returned book must have, with their headings."""


@dataclass(frozen=True)
class Columns:
    """The columns of one book; `earlier` are the headings of the rounds before."""

    earlier: tuple[str, ...]

    @cached_property
    def specs(self) -> tuple[Spec, ...]:
        """All columns in order."""
        said = (Spec(f"r{n}", title, _EARLIER_WIDTH) for n, title in enumerate(self.earlier, 1))
        return (*_BEFORE, *said, *_AFTER)

    @cached_property
    def at(self) -> Mapping[str, int]:
        """Number (from 0) of each column."""
        return {spec.key: place for place, spec in enumerate(self.specs)}

    @cached_property
    def letters(self) -> Mapping[str, str]:
        """Letters of each column."""
        return {key: column_letters(place + 1) for key, place in self.at.items()}

    @property
    def last(self) -> int:
        """Number of the last visible column."""
        return self.at["state"]

    def cell(self, key: str, row: int) -> str:
        """Return the address where a column crosses a row (from 1)."""
        return f"{self.letters[key]}{row}"

    def absolute(self, key: str, row: int) -> str:
        """Return the same as an absolute address."""
        return f"${self.letters[key]}${row}"

    def whole(self, key: str, last: int, sheet: str = "") -> str:
        """Return the absolute range of a column from the first row of the table to `last`."""
        letter = self.letters[key]
        where = f"'{sheet}'!" if sheet else ""
        return f"{where}${letter}${HEADING_LINE + 1}:${letter}${last}"


@dataclass(frozen=True, slots=True)
class Placed:
    """A line in the sheet: its row (from 1), and the row of each of its figures by key."""

    line: Line
    row: int
    figures: tuple[tuple[Input, int], ...]

    @property
    def last(self) -> int:
        """The last row that belongs to the line."""
        return max((row for _, row in self.figures), default=self.row)


@dataclass(frozen=True, slots=True)
class Band:
    """A row that parts the table: the title of a domain, or a criterion with its yardstick."""

    row: int
    text: str
    domain: bool


def arranged(
    lines: Sequence[Line], domains: Mapping[tuple[str, str], str]
) -> tuple[tuple[Placed, ...], tuple[Band, ...]]:
    """Return where lines, sorted by domain, criterion and unit, stand: one band before each criterion."""
    placed: list[Placed] = []
    bands: list[Band] = []
    row = HEADING_LINE + 1
    above: tuple[str, str] | None = None
    criterion: tuple[str, str] | None = None
    for line in lines:
        if (line.tier, line.domain) != above:
            above = line.tier, line.domain
            if line.leaf.id != line.domain:
                bands.append(Band(row, domains[above], domain=True))
                row += 1
        if (line.tier, line.leaf.id) != criterion:
            criterion = line.tier, line.leaf.id
            bands.append(Band(row, yardstick(line), domain=False))
            row += 1
        placed.append(_placed(line, row))
        row = placed[-1].last + 1
    return tuple(placed), tuple(bands)


def _placed(line: Line, row: int) -> Placed:
    below, figures = row, []
    for item in line.figures:
        if item.place is Place.OWN:
            figures.append((item, row))
        else:
            below += 1
            figures.append((item, below))
    return Placed(line, row, tuple(figures))


def yardstick(line: Line) -> str:
    """Return a criterion's title and how it is scored, as the band before its rows says it."""
    said = "; ".join(line.method.guidance(line.leaf.max)).rstrip(".:")
    head = f"{line.leaf.code}. {line.leaf.title}"
    return f"{head}\nCách chấm: {said}." if said else head
