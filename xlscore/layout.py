"""Which row and column of a form holds what: the contract between writer and reader.

A layout is a list of rows, each a few cells under named columns. The writer turns it into a sheet, the
reader finds every cell again by crossing a row key (hidden first column) with a column key (hidden
first row), wherever insertions and moves have put them. No spreadsheet library is known here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from xlscore.methods.base import Input, Method, Source
from xlscore.numbers import plain
from xlscore.rubric import Rubric
from xlscore.text import folded

KEY_MARK = "xlscore:form"
"""Text of the cell where the key row and the key column meet; exactly one sheet has it."""

NOT_APPLICABLE, APPLICABLE = "Không áp dụng", "Áp dụng"
COMPLETE, IN_PROGRESS = "ĐÃ HOÀN THÀNH", "Đang thực hiện"
NOTHING = "–"
UNCOMPUTED = "Chưa tính được"
"""What a score shows whose figures are there but have no score (a division by zero)."""

BEST_CASE = "Chỉ tính mục có điểm cao nhất; chỉ cần nhập một mục"
BY_SYSTEM, BY_SURVEY, BY_APPRAISER = "Hệ thống tính", "Điều tra XHH", "Thẩm định"


class Column(StrEnum):
    """Column keys of all phases; `key`, `applicable`, `missing` and `open` are hidden.

    `open` vouches for the rows that a reply form opens (see `appraising.replying`); `before`, last year's
    points, is only shown.
    """

    KEY = "key"
    CODE = "code"
    TITLE = "title"
    MAXIMUM = "max"
    FIGURE = "figure"
    SCORE = "score"
    EVIDENCE = "evidence"
    EXPLANATION = "explanation"
    APPRAISED = "appraised"
    REASON = "reason"
    REPLY = "reply"
    ADDED = "added"
    SURVEY = "survey"
    ACHIEVED = "achieved"
    INDEX = "index"
    NOTE = "note"
    APPLICABLE = "applicable"
    MISSING = "missing"
    OPEN = "open"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """Heading and width (in Excel's characters) of a column; the heading of a hidden column is not printed.

    Attributes:
        needed: whether a form that comes back without it is refused.
    """

    column: Column
    heading: str = ""
    width: float = 0
    hidden: bool = False
    needed: bool = True


_KEY = ColumnSpec(Column.KEY, width=4, hidden=True, needed=False)
_APPLICABLE = ColumnSpec(Column.APPLICABLE, width=9, hidden=True, needed=False)
_MISSING = ColumnSpec(Column.MISSING, width=9, hidden=True, needed=False)

SCORECARD_COLUMNS: tuple[ColumnSpec, ...] = (
    _KEY,
    ColumnSpec(Column.CODE, "STT", 7),
    ColumnSpec(Column.TITLE, "Lĩnh vực/Tiêu chí/Tiêu chí thành phần", 50),
    ColumnSpec(Column.MAXIMUM, "Điểm tối đa", 8),
    ColumnSpec(Column.FIGURE, "Số liệu / Mức đạt", 17),
    ColumnSpec(Column.SCORE, "Điểm tự đánh giá", 10),
    ColumnSpec(Column.EVIDENCE, "Tài liệu kiểm chứng", 30),
    ColumnSpec(Column.EXPLANATION, "Giải trình", 25),
    ColumnSpec(Column.NOTE, "Ghi chú", 13, needed=False),
    _APPLICABLE,
    _MISSING,
)
"""The columns of the self-assessment phase; a later phase is another such table."""

REPLY_COLUMNS: tuple[ColumnSpec, ...] = (
    _KEY,
    ColumnSpec(Column.CODE, "STT", 7),
    ColumnSpec(Column.TITLE, "Lĩnh vực/Tiêu chí/Tiêu chí thành phần", 36),
    ColumnSpec(Column.MAXIMUM, "Điểm tối đa", 7),
    ColumnSpec(Column.FIGURE, "Số liệu / Mức đạt", 14),
    ColumnSpec(Column.SCORE, "Điểm tự đánh giá", 9, needed=False),
    ColumnSpec(Column.EVIDENCE, "Tài liệu kiểm chứng", 20, needed=False),
    ColumnSpec(Column.EXPLANATION, "Giải trình", 18, needed=False),
    ColumnSpec(Column.APPRAISED, "Điểm thẩm định", 10, needed=False),
    ColumnSpec(Column.REASON, "Lý do thẩm định", 28, needed=False),
    ColumnSpec(Column.REPLY, "Ý kiến phản hồi của đơn vị", 30),
    ColumnSpec(Column.ADDED, "Tài liệu bổ sung", 22),
    ColumnSpec(Column.NOTE, "Ghi chú", 10, needed=False),
    ColumnSpec(Column.OPEN, "mã dòng mở (cột ẩn)", 9, hidden=True),
    _MISSING,
)
"""The columns of a unit's reply (phản hồi) to one round of appraisal."""

RESULT_COLUMNS: tuple[ColumnSpec, ...] = (
    _KEY,
    ColumnSpec(Column.CODE, "STT", 7),
    ColumnSpec(Column.TITLE, "Lĩnh vực/Tiêu chí/Tiêu chí thành phần", 50),
    ColumnSpec(Column.MAXIMUM, "Điểm tối đa", 8),
    ColumnSpec(Column.SCORE, "Điểm tự đánh giá", 9),
    ColumnSpec(Column.APPRAISED, "Điểm thẩm định", 9),
    ColumnSpec(Column.SURVEY, "Điểm điều tra XHH", 9),
    ColumnSpec(Column.ACHIEVED, "Điểm đạt được", 9),
    ColumnSpec(Column.INDEX, "Chỉ số (%)", 9),
    ColumnSpec(Column.NOTE, "Lý do, ghi chú", 46),
    _APPLICABLE,
)
"""The columns of a unit's result sheet (phiếu kết quả); it never comes back."""


class RowKind(StrEnum):
    """What a row is; the value is also the prefix of its key."""

    DOMAIN = "d"
    GROUP = "g"
    LEAF = "s"
    APPLICABILITY = "a"
    INPUT = "i"
    GUIDANCE = "h"
    TOTAL = "t"
    SUBMIT = "x"


FILLED = frozenset({RowKind.LEAF, RowKind.INPUT, RowKind.APPLICABILITY, RowKind.SUBMIT})
"""Rows of a scorecard whose values count: moving one refuses it. Other rows are only reported."""


class Slot(StrEnum):
    """What an unlocked cell takes, besides a method's inputs (whose slot is the input's key)."""

    APPLICABILITY = "@applicability"
    EVIDENCE = "@evidence"
    EXPLANATION = "@explanation"
    SUBMIT = "@submit"
    REPLY = "@reply"
    ADDED = "@added"


@dataclass(frozen=True, slots=True)
class Text:
    """A printed text in a locked cell."""

    text: str


@dataclass(frozen=True, slots=True)
class Said(Text):
    """A text that a person wrote, or a word about the row: printed in plain small letters."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed number in a locked cell."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Calculation:
    """A live formula in a locked cell; `what` says which computed figure it shows.

    Attributes:
        formula: Excel expression without `=`.
        what: `score`, `applicable`, `missing`, `total`, `total-applicable`, `index` or `progress`.
        node: the node it belongs to, or empty for totals.
    """

    formula: str
    what: str
    node: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An input cell: where a person types.

    Attributes:
        node: id of the node.
        slot: an input's key, or one of `Slot`.
        input: range, step, choices; None for free text.
        unlocked: False on another role's rows.
    """

    node: str
    slot: str
    input: Input | None = None
    unlocked: bool = True


Cell = Text | Amount | Calculation | Entry


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a form.

    Attributes:
        number: 1-based row as issued.
        key: text of the hidden key cell, without the fingerprint.
        node: id of the node it belongs to.
        depth: depth of the node (1 for domains).
    """

    number: int
    key: str
    kind: RowKind
    cells: Mapping[Column, Cell]
    node: str = ""
    depth: int = 0

    @property
    def signed_key(self) -> str:
        """The key with a fingerprint of what is printed, so that a sorted row is recognised."""
        return f"{self.key}:{fingerprint(self.printed)}"

    @property
    def printed(self) -> tuple[str, str, str]:
        """Printed code, title and maximum as texts."""
        return (
            _printed(self.cells.get(Column.CODE)),
            _printed(self.cells.get(Column.TITLE)),
            _printed(self.cells.get(Column.MAXIMUM)),
        )


@dataclass(frozen=True)
class Layout:
    """A whole form.

    Attributes:
        rubric: the rubric as it applies to the unit (see `Rubric.for_unit`).
        methods: the method of every leaf, by node id.
        columns: the columns in order; their letters follow.
        rows: body, totals and submit row, in order, numbered as issued.
        heading_row: 1-based row of the column headings.
        progress: the line that says how much is still open, at `progress_address`; None where nothing
            is filled.
        lists: every distinct list of choices, as the hidden sheet of lists holds them.
        role: the filler's role, or empty for the whole card.
        owned: ids of the leaves that this card's filler may answer.
        asked: ids of the leaves that this filler alone must answer: a row that several roles share,
            or that belongs to nobody in particular, is asked for when the cards are merged.
        annex: full texts that are too long for a cell, as the annex sheet numbers them.
        filled: the kinds of rows that a return is read from.
    """

    rubric: Rubric
    methods: Mapping[str, Method]
    columns: tuple[ColumnSpec, ...]
    rows: tuple[Row, ...]
    heading_row: int
    progress: Calculation | None
    lists: tuple[tuple[str, ...], ...]
    role: str = ""
    owned: frozenset[str] = field(default_factory=frozenset)
    asked: frozenset[str] = field(default_factory=frozenset)
    annex: tuple[str, ...] = ()
    filled: frozenset[RowKind] = FILLED

    @cached_property
    def by_key(self) -> Mapping[str, Row]:
        """Rows by key (without fingerprint)."""
        return {row.key: row for row in self.rows}

    @cached_property
    def entries(self) -> Mapping[tuple[str, str], tuple[Row, Column, Entry]]:
        """Every input cell by node id and slot."""
        return {
            (cell.node, cell.slot): (row, column, cell)
            for row in self.rows
            for column, cell in row.cells.items()
            if isinstance(cell, Entry)
        }

    @cached_property
    def supplied(self) -> Mapping[str, tuple[Input, ...]]:
        """The inputs that others than the unit supply (survey, system, peers), by leaf id."""
        found = {
            leaf.id: tuple(
                item
                for item in self.methods[leaf.id].inputs(leaf.max)
                if item.source is not Source.SCORECARD
            )
            for leaf in self.rubric.leaves
        }
        return {node: inputs for node, inputs in found.items() if inputs}

    @cached_property
    def calculations(self) -> tuple[tuple[Row, Column, Calculation], ...]:
        """Every formula cell of the body, in order."""
        return tuple(
            (row, column, cell)
            for row in self.rows
            for column, cell in row.cells.items()
            if isinstance(cell, Calculation)
        )

    @cached_property
    def letters(self) -> Mapping[Column, str]:
        """Column letters as issued."""
        return {spec.column: chr(ord("A") + place) for place, spec in enumerate(self.columns)}

    @property
    def progress_address(self) -> str:
        """A1 address of the progress line, just above the headings."""
        return self.address(self.heading_row - 1, Column.EVIDENCE)

    def address(self, row: Row | int, column: Column) -> str:
        """Return the A1 address as issued."""
        number = row.number if isinstance(row, Row) else row
        return f"{self.letters[column]}{number}"


def fingerprint(printed: Iterable[str]) -> str:
    """Return 8 hex digits over what is printed on a row, as a reader sees it."""
    text = "\x1f".join(folded(part) for part in printed)
    return hashlib.blake2s(text.encode(), digest_size=4).hexdigest()


def _printed(cell: Cell | None) -> str:
    match cell:
        case Text(text):
            return text
        case Amount(value):
            return plain(value)
    return ""
