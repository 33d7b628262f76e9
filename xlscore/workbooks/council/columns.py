"""The columns of the sheet of differences, and what its input cells take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from xlscore.layout import COMPLETE, IN_PROGRESS, Entry
from xlscore.methods.base import Input, InputKind

DIFFERENCES, MINUTES = "Chênh lệch", "Biên bản"
AGREED, NOT_AGREED = "Thống nhất", "Chưa thống nhất"

REST_INPUT = Input("rest", kind=InputKind.CHOICE, choices=(AGREED, NOT_AGREED), required=False)
STATE_INPUT = Input("state", kind=InputKind.CHOICE, choices=(IN_PROGRESS, COMPLETE), required=False)
LISTS = (REST_INPUT.choices, STATE_INPUT.choices)


class Column(StrEnum):
    """Column keys in printed order, one for each round between `own` and `reply`."""

    UNIT = "unit"
    CODE = "code"
    TITLE = "title"
    MAXIMUM = "max"
    OWN = "own"
    REPLY = "reply"
    WHY = "why"
    PROPOSAL = "proposal"
    COUNCIL = "council"
    REMARK = "remark"
    CONCLUSION = "conclusion"
    DIFFERENCE = "difference"
    POINTS = "points"
    APPLICABLE = "applicable"
    TOTAL = "total"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Spec:
    """Key, heading and width (in Excel's characters) of a column; hidden where it has no heading."""

    key: str
    heading: str = ""
    width: float = 9

    @property
    def hidden(self) -> bool:
        """Whether only formulas see it."""
        return not self.heading


_BEFORE = (
    Spec(Column.UNIT, "Đơn vị", 17),
    Spec(Column.CODE, "STT", 7),
    Spec(Column.TITLE, "Tiêu chí/Tiêu chí thành phần", 34),
    Spec(Column.MAXIMUM, "Điểm tối đa", 8),
    Spec(Column.OWN, "Điểm tự chấm", 9),
)
_AFTER = (
    Spec(Column.REPLY, "Ý kiến phản hồi của đơn vị", 28),
    Spec(Column.WHY, "Lý do trình hội đồng", 15),
    Spec(Column.PROPOSAL, "Điểm đề xuất", 9),
    Spec(Column.COUNCIL, "Điểm hội đồng", 10),
    Spec(Column.REMARK, "Ý kiến của hội đồng", 28),
    Spec(Column.CONCLUSION, "Kết luận", 9),
    Spec(Column.DIFFERENCE),
    Spec(Column.POINTS),
    Spec(Column.APPLICABLE),
    Spec(Column.TOTAL),
    Spec(Column.WHOLE),
)
_ROUND_WIDTH = 32

SEEN = (
    Column.UNIT, Column.CODE, Column.TITLE, Column.MAXIMUM, Column.OWN, Column.PROPOSAL,
)  # fmt: skip
"""The columns by which a row is known again, in the order of `facts.seen`."""

NEEDED: Mapping[str, str] = {
    spec.key: spec.heading
    for spec in (*_BEFORE, *_AFTER)
    if spec.key in {*SEEN, Column.COUNCIL, Column.REMARK}
}
"""Without these columns nothing can be read."""


def columns(rounds: Sequence[str]) -> tuple[Spec, ...]:
    """Return the visible and hidden columns behind the row keys."""
    middle = (Spec(f"round-{n}", title, _ROUND_WIDTH) for n, title in enumerate(rounds, 1))
    return (*_BEFORE, *middle, *_AFTER)


def score_entry(node: str, maximum: Decimal, step: Decimal | None) -> Entry:
    """Return what the council's score cell takes."""
    return Entry(node, "points", Input("points", "Điểm hội đồng", maximum=maximum, step=step))


def remark_entry(node: str) -> Entry:
    """Return what the council's remark cell takes."""
    return Entry(node, "remark")
