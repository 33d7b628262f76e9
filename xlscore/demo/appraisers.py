"""The agencies' part: their books exported, filled and sent, round by round."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from xlscore.appraising import OpenRow
from xlscore.demo.opinions import first_opinion, lower, refusal, second_opinion
from xlscore.demo.stage import Stage
from xlscore.exporting.appraisal import AppraisedRows, export_appraisal
from xlscore.proceedings import Proceedings
from xlscore.workbooks.appraisal.fill import Answer, Places, fill_appraisal
from xlscore.workbooks.appraisal.model import ADJUST, Line
from xlscore.workspace import open_workspace

Row = tuple[str, str]
Answers = Mapping[Row, Answer]
Lines = Mapping[str, Sequence[Line]]

_ONE_IN = 7
"""The agencies look more closely at one unit in so many."""

_RULES = "\n  assignments:"


@dataclass(frozen=True)
class Round:
    """What the agencies did in a round.

    Attributes:
        books: exported workbooks; rows: they hold; answered: rows that somebody answered by hand.
        overlap: the row that was given to a second agency, with both agencies, if one was.
        refused: the row of which an agency did not accept that it does not apply.
    """

    books: tuple[Path, ...]
    rows: int
    answered: int
    overlap: tuple[Row, str, str] | None = None
    refused: Row | None = None


def first_round(stage: Stage) -> Round:
    """Export the books of round 1, have them filled and sent.

    One row is given to a second agency after the books went out, so that two agencies say different
    things; one book is filled by two officers, each in a copy of their own.
    """
    state = stage.state()
    lines = _lines(state, 1)
    written = _export(stage, state, 1)
    line, second = _overlap(state, lines)
    _give(stage, line, second)
    _export(stage, stage.state(), 1, (second,))
    leader = stage.workspace.campaign.settings.appraisal.leader
    row = (line.unit, line.leaf.id)
    left_out = next((found for found in _each(lines) if found.left_out), None)
    answers = _first_answers(state, lines)
    if left_out is not None:
        answers[left_out.unit, left_out.leaf.id] = refusal(left_out)
    said = {
        leader: {**answers, row: _less(line, "0.8")},
        second: {**answers, row: _less(line, "0.5")},
    }
    whole = {path.stem for path in written} - {leader, second}
    shared = _shared(lines, answers, whole)
    for done, path in enumerate(written, 1):
        _send(stage, path, said.get(_agency(path), answers), 1, shared=_agency(path) == shared)
        stage.step("appraise", done, len(written))
    refused = (left_out.unit, left_out.leaf.id) if left_out else None
    rows = sum(map(len, lines.values())) + 1
    return Round(written, rows, len(answers) + 2, (row, leader, second), refused)


def later_round(stage: Stage, number: int) -> Round:
    """Export the books of a later round, have them filled and sent; one row is left to the council."""
    state = stage.state()
    lines = _lines(state, number)
    written = _export(stage, state, number)
    answers: dict[Row, Answer] = {}
    insisted = False
    for line in _each(lines):
        appraisal = state.appraisals[line.unit]
        row, replied = appraisal.rows[line.leaf.id], (number - 1, line.leaf.id) in appraisal.replies
        insists = replied and row.open is OpenRow.QUERIED and not insisted
        insisted = insisted or insists
        answers[line.unit, line.leaf.id] = second_opinion(
            line, row, replied=replied, insists=insists
        )
    for done, path in enumerate(written, 1):
        _send(stage, path, answers, number)
        stage.step("appraise", done, len(written))
    return Round(written, len(answers), len(answers))


def _lines(state: Proceedings, number: int) -> Lines:
    """Return the rows that each agency appraises, as its book shows them."""
    rows = AppraisedRows(state, number)
    return {agency: rows.lines(agency) for agency in rows.agencies}


def _export(
    stage: Stage, state: Proceedings, number: int, agencies: Collection[str] = ()
) -> tuple[Path, ...]:
    issued = export_appraisal(
        stage.workspace,
        state,
        number,
        agencies,
        lambda done, total: stage.step("export", done, total),
    )
    return issued.written


def _first_answers(state: Proceedings, lines: Lines) -> dict[Row, Answer]:
    doubted = {code for place, code in enumerate(state.appraisals) if place % _ONE_IN == 1}
    return {
        (line.unit, line.leaf.id): answer
        for line in _each(lines)
        if (answer := first_opinion(line, doubted=line.unit in doubted)) is not None
    }


def _overlap(state: Proceedings, lines: Lines) -> tuple[Line, str]:
    """Return a row of the coordinator's, and the agency with the fewest rows, which gets it as well."""
    settings = state.workspace.campaign.settings.appraisal
    others = [agency for agency, own in lines.items() if own and agency != settings.leader]
    second = min(others, key=lambda agency: len(lines[agency]))
    line = next(
        line
        for line in lines[settings.leader]
        if line.unit not in settings.agencies
        and line.covered
        and None is not lower(line, Decimal("0.5")) != lower(line, Decimal("0.8"))
    )
    return line, second


def _give(stage: Stage, line: Line, agency: str) -> None:
    """Give a row to another agency in campaign.yaml, as an operator would."""
    path = stage.workspace.root / "campaign.yaml"
    rule = f"{{agency: {agency}, units: [{line.unit}], rows: [{line.leaf.id}]}}"
    before, rules, after = path.read_text(encoding="utf-8").partition(_RULES)
    comment, newline, rest = after.partition("\n")
    added = f"    - {rule}  # giao thêm sau khi xuất sổ thẩm định lần 1\n"
    text = f"{before}{rules}{comment}{newline}{added}{rest}"
    path.write_text(text, encoding="utf-8", newline="\n")
    stage.workspace = open_workspace(stage.workspace.root, stage.workspace.plugins)


def _less(line: Line, share: str) -> Answer:
    return Answer(ADJUST, lower(line, Decimal(share)), "Kết quả kê khai chưa đạt mức tối đa")


def _shared(lines: Lines, answers: Answers, whole: Collection[str]) -> str:
    """Return the agency whose book two officers share: one of those in a single book."""
    for agency, own in lines.items():
        answered = sum((line.unit, line.leaf.id) in answers for line in own)
        if agency in whole and answered > 1:
            return agency
    return ""


def _send(stage: Stage, path: Path, answers: Answers, number: int, *, shared: bool = False) -> None:
    """Fill a book and send it; in two copies where two officers share it."""
    data = path.read_bytes()
    places = Places(data)
    own = {row: answers[row] for row in places.rows if row in answers}
    half = list(own)[: len(own) // 2] if shared else []
    name = f"tham-dinh-lan-{number}-{path.stem}"
    if half:
        first = {row: own.pop(row) for row in half}
        stage.send(f"{name} (người thứ nhất).xlsx", fill_appraisal(data, first, places=places))
    stage.send(f"{name}.xlsx", fill_appraisal(data, own, rest=True, places=places))


def _agency(path: Path) -> str:
    """Return whose book a file is: a part's name has its number behind the agency's code."""
    return path.stem.rpartition("-")[0] or path.stem if path.stem[-1].isdigit() else path.stem


def _each(lines: Lines) -> Iterator[Line]:
    for own in lines.values():
        yield from own
