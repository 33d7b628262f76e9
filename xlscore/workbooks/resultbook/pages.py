"""What a book of results shows: tables that the writer prints and the reader compares, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlscore.layout import NOTHING
from xlscore.reported import Reported, ResultBook
from xlscore.rubric import Channel, Node, Rubric
from xlscore.scoring import Open, add_up, totals

SUMMARY, DETAILS = "Kết quả", "Chi tiết"
SUMMARY_FIRST, DETAILS_FIRST = 9, 4
"""0-based rows of the first unit, and of the first row of details."""

Shown = str | Decimal | int | None
_OPEN_WORDS = {
    Open.MISSING: "chưa có số liệu",
    Open.UNDEFINED: "số liệu không tính được điểm",
    Open.NOT_APPLICABLE: "không áp dụng",
    Open.ELSEWHERE: "chưa có kết quả",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: heading, width in characters, alignment, whether it holds points.

    Attributes:
        wording: a text that either campaign may have worded anew, so that it proves nothing.
    """

    heading: str
    width: float
    align: str = "center"
    points: bool = False
    bold: bool = False
    wording: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """A unit of the book, as the reader's and the writer's campaign both know it."""

    code: str
    name: str
    rubric: Rubric


SUMMARY_COLUMNS = (
    Column("Hạng", 6.5, bold=True),
    Column("Mã", 12, "left"),
    Column("Đơn vị", 32, "left", bold=True, wording=True),
    Column("Điểm tự chấm", 10, points=True),
    Column("Điểm đạt được", 10, points=True, bold=True),
    Column("Điểm tối đa áp dụng", 10, points=True),
    Column("Chỉ số (%)", 10, points=True, bold=True),
    Column("Xếp loại", 11, bold=True),
    Column("Ghi chú", 28, "left"),
)
DETAIL_COLUMNS = (
    Column("Mã", 12, "left"),
    Column("Đơn vị", 24, "left", wording=True),
    Column("STT", 8, wording=True),
    Column("Tiêu chí / Tiêu chí thành phần", 46, "left", wording=True),
    Column("Điểm tối đa", 8, points=True),
    Column("Tự chấm", 8, points=True),
    Column("Đạt được", 8, points=True, bold=True),
    Column("Tối đa áp dụng", 8, points=True),
    Column("Ghi chú", 16, "left"),
    Column("Người quyết định", 16, "left"),
    Column("Lý do", 34, "left"),
)


def summary_rows(book: ResultBook, subjects: Sequence[Subject]) -> Iterator[tuple[Shown, ...]]:
    """Yield the line of every unit, by rank, then by code."""
    last = len(subjects) + 1

    def place(subject: Subject) -> int:
        told = book.units.get(subject.code)
        return (told.sums.rank or last) if told else last + 1

    for subject in sorted(subjects, key=lambda s: (place(s), s.code)):
        told = book.units.get(subject.code)
        if told is None:
            yield (None, subject.code, subject.name, *[None] * 5, "Chưa có phiếu được tính")
        else:
            s = told.sums
            yield (
                s.rank, subject.code, subject.name, s.own, s.achieved, s.applicable, s.index,
                s.band, _remark(subject, told),
            )  # fmt: skip


def _remark(subject: Subject, told: Reported) -> str:
    said = [] if told.sums.rank else ["Không xếp hạng"]
    found = totals(subject.rubric, add_up(subject.rubric, told.achieved))
    if any(n.channel is Channel.BONUS for n in subject.rubric.nodes) and found.bonus:
        said.append(f"Điểm cộng {_number(found.bonus)}")
    if found.penalty:
        said.append(f"Điểm trừ {_number(found.penalty)}")
    if told.pending:
        said.append(f"Tạm tính: chờ {len(told.pending)} nội dung")
    if told.unsettled:
        said.append(f"Chưa thẩm định xong {len(told.unsettled)} nội dung")
    if told.days_late:
        said.append(f"Trễ hạn {told.days_late} ngày")
    return "; ".join(said)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def detail_rows(book: ResultBook, subjects: Sequence[Subject]) -> Iterator[tuple[Shown, ...]]:
    """Yield the rows of every unit's rubric, by code."""
    for subject in sorted(subjects, key=lambda s: s.code):
        told = book.units.get(subject.code)
        if told is not None:
            yield from (_detail(subject, told, leaf) for leaf in subject.rubric.leaves)


def _detail(subject: Subject, told: Reported, leaf: Node) -> tuple[Shown, ...]:
    own, reached, word = told.own.get(leaf.id), told.achieved[leaf.id], told.words.get(leaf.id)
    return (
        subject.code,
        subject.name,
        leaf.code,
        leaf.title,
        leaf.max,
        own.points if own else None,
        NOTHING if reached.open is Open.NOT_APPLICABLE else reached.points,
        reached.applicable,
        _note(leaf, told),
        word.by if word else "",
        word.reason if word else "",
    )


def _note(leaf: Node, told: Reported) -> str:
    open_ = told.achieved[leaf.id].open
    if open_ is not None:
        return _OPEN_WORDS[open_]
    if leaf.id in told.pending:
        return _OPEN_WORDS[Open.ELSEWHERE]
    if leaf.id in told.fallbacks:
        return f"số liệu năm {told.fallbacks[leaf.id]}"
    extra: Mapping[Channel, str] = {Channel.BONUS: "điểm cộng", Channel.PENALTY: "điểm trừ"}
    return extra.get(leaf.channel, "")
