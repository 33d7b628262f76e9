"""The council's part: the differences decided, a few otherwise than proposed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from xlscore.appraising import Decision, OpenRow
from xlscore.demo.stage import Stage
from xlscore.exporting.council import export_council
from xlscore.proceedings import Proceedings
from xlscore.workbooks.council.columns import Column
from xlscore.workbooks.council.fill import Word, addresses, fill_council
from xlscore.workbooks.council.reading import own_step

_OTHERWISE = 3
"""So many rows are decided by a word of their own; the others as proposed."""

Row = tuple[str, str]


@dataclass(frozen=True)
class Council:
    """Rows put before the council, and its own words where it did not decide as proposed."""

    rows: int
    words: dict[Row, Word]


def decide(stage: Stage) -> Council:
    """Export the council's book, have it filled and sent."""
    state = stage.state()
    books = {
        path.name: path.read_bytes() for path in export_council(stage.workspace, state).written
    }
    campaign, count = stage.workspace.campaign, 0
    said: dict[Row, Word] = {}
    for name, data in books.items():
        places = [place[:2] for place in addresses(data) if place[2] == Column.COUNCIL]
        rows = [row for row in places if row[0] in campaign.units]
        words = _words(state, rows)
        stage.send(name, fill_council(data, words, agreed=True))
        count, said = count + len(rows), said | words
    return Council(count, said)


def _words(state: Proceedings, rows: Iterable[Row]) -> dict[Row, Word]:
    """Say something on the rows that are still queried, and on a few that units replied to."""
    given: dict[Row, Word] = {}
    for unit, node in rows:
        appraisal, submission = state.appraisals[unit], state.standings[unit].submission
        own = submission.scores[node].points if submission else None
        row, replied = appraisal.rows[node], (1, node) in appraisal.replies
        adjusted = row.decided is not None and row.decided.decision is Decision.ADJUST
        if row.open is OpenRow.QUERIED:
            given[unit, node] = _half(state, unit, node)
        elif adjusted and replied and own is not None and len(given) < _OTHERWISE:
            remark = "Hội đồng thống nhất với giải trình của đơn vị, giữ điểm tự chấm"
            given[unit, node] = Word(own, remark)
    return given


def _half(state: Proceedings, unit: str, node: str) -> Word:
    layout = state.workspace.layout(state.workspace.campaign.units[unit])
    leaf = layout.rubric.by_id[node]
    step = own_step(layout, leaf) or Decimal("0.01")
    points = (leaf.max / 2 / step).to_integral_value(ROUND_DOWN) * step
    return Word(points, "Hội đồng tính một nửa số điểm: tài liệu chứng minh được một phần")
