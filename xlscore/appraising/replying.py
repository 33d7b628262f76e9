"""The reply form (phiếu phản hồi): a unit's own scorecard with one round's appraisal beside it.

Every row of the annex is printed, locked, as the unit filled it; only the contested rows take a reply and
added evidence. Which rows those are is known from the ledger when the form is issued, and not any more
when it comes back: so each such row carries a sealed key in a hidden column (see `keyed`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from xlscore.answers import Answers
from xlscore.appraising.claims import Claim, Decision
from xlscore.appraising.merging import RowAppraisal, UnitAppraisal
from xlscore.form import HEADING_ROW, SUBMIT_INPUT
from xlscore.form.longtexts import LongTexts
from xlscore.keyed import RowKey
from xlscore.layout import (
    COMPLETE,
    NOT_APPLICABLE,
    NOTHING,
    REPLY_COLUMNS,
    Amount,
    Calculation,
    Cell,
    Column,
    Entry,
    Layout,
    Row,
    RowKind,
    Said,
    Slot,
    Text,
)
from xlscore.methods.base import Method, Value, vi_number
from xlscore.numbers import quantise
from xlscore.rubric import Channel, Node
from xlscore.scoring import Scores, not_applicable_leaves, score_leaf, totals

REPLY_WANTED = "Cần phản hồi"
"""Printed in the notes of a contested row."""

UNDECIDED = "Chưa kết luận"
_HEAD = (Column.CODE, Column.TITLE, Column.MAXIMUM)
_FILLED = frozenset({RowKind.LEAF, RowKind.SUBMIT})
_LETTERS = {spec.column: chr(ord("A") + place) for place, spec in enumerate(REPLY_COLUMNS)}
_ROOM = {spec.column: int(spec.width * 17) for spec in REPLY_COLUMNS}
"""Letters that a column surely has room for in the tallest row."""


class Contest(StrEnum):
    """Why a row is open for a reply: another score, or a question that has to be answered."""

    ADJUSTED = "adjusted"
    QUERIED = "queried"


@dataclass(frozen=True)
class Replying:
    """What a reply form is made from.

    Attributes:
        whole: the layout of the unit's whole scorecard.
        answers, scores: of the submission that counts.
        agencies: titles by code.
        decimals: the campaign's `leaf_decimals`.
    """

    whole: Layout
    answers: Answers
    scores: Scores
    appraisal: UnitAppraisal
    round: int
    agencies: Mapping[str, str]
    decimals: int = 12


def contested(appraisal: UnitAppraisal, layout: Layout, round_: int) -> dict[str, Contest]:
    """Return the rows that an agency's word of that round adjusts or queries, in printed order.

    Two agencies that contradict each other are among them: one of the two does not accept. A row that
    only appraisers score is among them where it is given less than its maximum and the unit has another
    row to reply to: a first score contradicts nobody, and is no reason to ask for a reply by itself.
    """
    found, own = {}, False
    for node, row in appraisal.rows.items():
        words = row.in_round(round_)
        if any(word.decision is Decision.QUERY for word in words):
            found[node], own = Contest.QUERIED, True
            continue
        given = [word for word in words if word.decision is Decision.ADJUST]
        leaf = layout.rubric.by_id[node]
        if leaf.channel is not Channel.APPRAISER or node in appraisal.left_out:
            own = own or bool(given)
        else:
            given = [word for word in given if _is_below(leaf, layout.methods[node], word)]
        if given:
            found[node] = Contest.ADJUSTED
    return found if own else {}


def _is_below(leaf: Node, method: Method, word: Claim) -> bool:
    """Whether a word gives a row less than its maximum."""
    points = word.points
    if points is None:
        points = score_leaf(leaf, method, word.values, 12).points
    return points is None or points < leaf.max


def reply_key(unit: str, node: str, contest: Contest) -> RowKey:
    """Return the key by which a row proves that it was open for a reply."""
    return RowKey("reply", unit, node, facts=(contest.value,))


def reply_layout(replying: Replying, keys: Mapping[str, str] | None = None) -> Layout:
    """Return the layout of a reply form; `keys` are the sealed keys of its contested rows, by node."""
    return _Builder(replying, keys or {}).build()


def reading_layout(whole: Layout) -> Layout:
    """Return the layout by which any reply form of a unit is read: every row might be open."""
    rows = []
    for row in whole.rows:
        cells: dict[Column, Cell] = {
            column: row.cells[column] for column in _HEAD & row.cells.keys()
        }
        if row.kind is RowKind.LEAF:
            cells |= _entries(row.node)
        elif row.kind is RowKind.SUBMIT:
            cells = _submit_cells()
        rows.append(Row(row.number, row.key, row.kind, cells, row.node, row.depth))
    return Layout(
        whole.rubric, whole.methods, REPLY_COLUMNS, tuple(rows), HEADING_ROW, None,
        (SUBMIT_INPUT.choices,), filled=_FILLED,
    )  # fmt: skip


class _Builder:
    def __init__(self, replying: Replying, keys: Mapping[str, str]) -> None:
        self.case, self.keys = replying, keys
        self.open = contested(replying.appraisal, replying.whole, replying.round)
        self.texts = LongTexts(replying.whole.annex)
        self.left_out = not_applicable_leaves(
            replying.whole.rubric, replying.answers.not_applicable
        )
        self.totals = totals(replying.whole.rubric, replying.scores)

    def build(self) -> Layout:
        whole = self.case.whole
        kept = [row for row in whole.rows if self._is_printed(row)]
        rows = tuple(
            Row(number, row.key, row.kind, self._cells(row, number), row.node, row.depth)
            for number, row in enumerate(kept, HEADING_ROW + 1)
        )
        last = HEADING_ROW + len(rows)
        return Layout(
            whole.rubric,
            whole.methods,
            REPLY_COLUMNS,
            rows,
            HEADING_ROW,
            Calculation(progress_formula(len(self.open), last), "progress"),
            (SUBMIT_INPUT.choices,),
            annex=tuple(self.texts.annex),
            filled=_FILLED,
        )

    def _is_printed(self, row: Row) -> bool:
        """Leave out what says nothing here: the rule of a row that nobody contests, unasked cells."""
        if row.kind is RowKind.GUIDANCE:
            return row.node in self.open
        if row.kind is RowKind.APPLICABILITY:
            return row.node in self.case.answers.not_applicable
        return True

    def _cells(self, row: Row, number: int) -> Mapping[Column, Cell]:
        if row.kind is RowKind.SUBMIT:
            return _submit_cells()
        if row.kind is RowKind.TOTAL:
            return {**row.cells, Column.SCORE: Amount(self._total(row.key))}
        cells: dict[Column, Cell] = {}
        for column, cell in row.cells.items():
            if column in _LETTERS and (shown := self._locked(row, column, cell)) is not None:
                cells[column] = shown
        if row.kind is RowKind.LEAF:
            cells |= self._appraised(row.node)
            if row.node in self.open:
                cells |= self._opened(row.node, number)
        return cells

    def _locked(self, row: Row, column: Column, cell: Cell) -> Cell | None:
        """Return what the unit's own form shows in a cell, as a text or a number."""
        if column is Column.MISSING:
            return None
        if isinstance(cell, Text | Amount):
            return cell
        if column is Column.SCORE:
            score = self.case.scores[row.node]
            if score.points is not None:
                return Amount(score.points)
            return Text(NOTHING if score.applicable == 0 else "")
        said = self._answer(cell) if isinstance(cell, Entry) else None
        if said is None:
            return None
        if isinstance(said, Decimal):
            return Amount(said)
        return self.texts.printed(said, _ROOM[column], Said)

    def _answer(self, entry: Entry) -> Value | None:
        answers = self.case.answers
        match entry.slot:
            case Slot.EVIDENCE:
                return answers.evidence.get(entry.node)
            case Slot.EXPLANATION:
                return answers.explanation.get(entry.node)
            case Slot.APPLICABILITY:
                return NOT_APPLICABLE
        return answers.values.get(entry.node, {}).get(entry.slot)

    def _total(self, key: str) -> Decimal:
        points, applicable = self.totals.points, self.totals.applicable
        if key == f"{RowKind.TOTAL}:total":
            return points
        if key == f"{RowKind.TOTAL}:applicable":
            return applicable
        return quantise(Fraction(points) / Fraction(applicable) * 100, 12) if applicable else points

    # --- the appraisers' words ---------------------------------------------------------------------

    def _appraised(self, node: str) -> dict[Column, Cell]:
        row = self.case.appraisal.rows.get(node)
        words = self._words(row) if row is not None else ()
        if not words:
            return {}
        cells: dict[Column, Cell] = {Column.APPRAISED: self._points(node, words)}
        if lines := [line for word in words if (line := self._line(word, len(words) > 1))]:
            cells[Column.REASON] = self.texts.printed("\n".join(lines), _ROOM[Column.REASON], Said)
        return cells

    def _words(self, row: RowAppraisal) -> Sequence[Claim]:
        """Return the words of this round that settle it, or the one that counts where it has none."""
        if row.node in self.open:
            return row.in_round(self.case.round)
        return (row.decided,) if row.decided is not None else ()

    def _points(self, node: str, words: Sequence[Claim]) -> Cell:
        given = dict.fromkeys(self._score(node, word) for word in words)
        if any(word.decision is Decision.QUERY for word in words):
            return Said(UNDECIDED)
        if len(given) > 1:
            return Said(" hoặc ".join(NOTHING if p is None else vi_number(p) for p in given))
        only = next(iter(given))
        return Text(NOTHING) if only is None else Amount(only)

    def _score(self, node: str, word: Claim) -> Decimal | None:
        """Return the points that a word gives; None where it agrees that the row does not apply."""
        if word.points is not None:
            return word.points
        if word.decision is Decision.ACCEPT:
            return self.case.scores[node].points
        whole = self.case.whole
        values = {**self.case.answers.values.get(node, {}), **word.values}
        leaf = whole.rubric.by_id[node]
        return score_leaf(leaf, whole.methods[node], values, self.case.decimals).points

    def _line(self, word: Claim, several: bool) -> str:  # noqa: FBT001
        by = self.case.agencies.get(word.agency, word.agency)
        said = {
            Decision.ACCEPT: "công nhận" if several else "",
            Decision.ADJUST: "điều chỉnh",
            Decision.QUERY: "yêu cầu giải trình",
        }[word.decision]
        parts = [*self._given(word, several), word.reason]
        text = ". ".join(part.rstrip(". ") for part in parts if part)
        if not said and not text:
            return ""
        return f"{by} {said}: {text}" if said and text else f"{by}: {said or text}"

    def _given(self, word: Claim, several: bool) -> Iterable[str]:  # noqa: FBT001
        """Yield what was given in place of the unit's figures, or beside another agency's score."""
        if word.values:
            leaf = self.case.whole.rubric.by_id[word.node]
            labels = {i.key: i.label for i in self.case.whole.methods[leaf.id].inputs(leaf.max)}
            figures = (
                " ".join(
                    filter(None, (labels.get(key, ""), v if isinstance(v, str) else vi_number(v)))
                )
                for key, v in word.values.items()
            )
            yield f"số liệu {'; '.join(figures)}"
        elif several and word.points is not None:
            yield f"{vi_number(word.points)} điểm"

    # --- what the unit fills -------------------------------------------------------------------------

    def _opened(self, node: str, number: int) -> dict[Column, Cell]:
        reply, added = (f"{_LETTERS[c]}{number}" for c in (Column.REPLY, Column.ADDED))
        blank = f"IF(LEN({reply})+LEN({added})=0,1,0)"
        return {
            **_entries(node),
            Column.NOTE: Text(REPLY_WANTED),
            Column.OPEN: Text(self.keys.get(node, "")),
            Column.MISSING: Calculation(blank, "missing", node),
        }


def progress_formula(count: int, last: int) -> str:
    """Return the sentence that says how many of `count` contested rows are still without a reply."""
    column = _LETTERS[Column.MISSING]
    missing = f"SUM({column}{HEADING_ROW + 1}:{column}{last})"
    return (
        f'IF({missing}=0,"{progress_words(count, 0)}",'
        f'"Còn "&{missing}&"/{count} nội dung chưa phản hồi.")'
    )


def progress_words(count: int, missing: int) -> str:
    """Return what that sentence says."""
    if missing:
        return f"Còn {missing}/{count} nội dung chưa phản hồi."
    return f"Đã phản hồi đủ {count} nội dung."


def _entries(node: str) -> dict[Column, Cell]:
    return {Column.REPLY: Entry(node, Slot.REPLY), Column.ADDED: Entry(node, Slot.ADDED)}


def _submit_cells() -> dict[Column, Cell]:
    asked = f"Trạng thái phiếu (khi phản hồi xong, chọn “{COMPLETE}”)"
    return {Column.TITLE: Text(asked), Column.FIGURE: Entry("", Slot.SUBMIT, SUBMIT_INPUT)}
