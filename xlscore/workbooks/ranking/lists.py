"""The sheets behind the ranking: every score with its reasons, and findings."""

from __future__ import annotations

from collections.abc import Sequence

from xlscore.campaign import Campaign
from xlscore.catalogue import Severity
from xlscore.findings import message
from xlscore.ranking import Note, Results, UnitResult
from xlscore.remarks import Notes
from xlscore.rubric import Node
from xlscore.text import cut_to_cell
from xlscore.workbooks.heights import column_pixels, row_height
from xlscore.workbooks.ranking.book import Book
from xlscore.workbooks.ranking.cells import Cell, Live
from xlscore.workbooks.ranking.tables import (
    FIRST_ROW,
    TableColumn,
    finish_table,
    table_sheet,
    write_table,
)
from xlscore.workbooks.ranking.tiersheets import TierSheets

SEVERITY_WORDS = {Severity.ERROR: "Lỗi", Severity.WARNING: "Cảnh báo", Severity.NOTE: "Ghi nhận"}
FINDINGS = "Phát hiện"
_MAX_ROWS = 1_000_000
_TITLE_WIDTH = 62.0


# --- every score -------------------------------------------------------


def detail_parts(tier: TierSheets) -> list[Sequence[UnitResult]]:
    """Return the units of a tier as they are parted among sheets, which hold a million rows each."""
    leaves = tier.rubric.leaves
    per_sheet = max(1, _MAX_ROWS // max(len(leaves), 1))
    starts = range(0, len(tier.results), per_sheet)
    return [tier.results[start : start + per_sheet] for start in starts]


def write_details(book: Book, campaign: Campaign, tier: TierSheets, names: Sequence[str]) -> None:
    """Write all leaf rows of all units of a tier, filterable, on sheets of these names."""
    for name, part in zip(names, detail_parts(tier), strict=True):
        _write_part(book, campaign, tier, (name, part))


def _detail_columns(book: Book, *, appraised: bool) -> list[TableColumn]:
    points = [
        ("Điểm tối đa", 9),
        ("Tự chấm", 9),
        ("Thẩm định", 9),
        ("Đạt được", 9),
        ("Chênh lệch", 9),
    ]
    return [
        TableColumn("Mã", 10, wrap=False),
        TableColumn("Đơn vị", 34, wrap=False),
        TableColumn("STT", 8, wrap=False),
        TableColumn("Tiêu chí / Tiêu chí thành phần", _TITLE_WIDTH),
        *[
            TableColumn(heading, width, book.number)
            for heading, width in points
            if appraised or heading != "Thẩm định"
        ],
        TableColumn("Ghi chú", 60, wrap=False),
    ]


def _write_part(
    book: Book, campaign: Campaign, tier: TierSheets, part: tuple[str, Sequence[UnitResult]]
) -> None:
    name, results = part
    appraised = any(result.appraised for result in results)
    columns = _detail_columns(book, appraised=appraised)
    said = "Từng nội dung của từng đơn vị; chênh lệch = đạt được − tự chấm. Dùng bộ lọc để chọn."
    title = f"TỰ CHẤM – ĐẠT ĐƯỢC – {tier.title.upper()}"
    sheet, looks = table_sheet(book, name, title, said, columns)
    own, achieved = ("F", "H") if appraised else ("F", "G")
    difference = f'IF(COUNT({own}#,{achieved}#)=2,{achieved}#-{own}#,"")'.split("#")
    heights = {leaf.id: _height(leaf.title) for leaf in tier.rubric.leaves}
    row = FIRST_ROW
    for result in results:
        notes = Notes(campaign, result)
        for leaf in tier.rubric.leaves:
            formula = str(row + 1).join(difference)
            if heights[leaf.id] > 0:
                sheet.raw.set_row(row, heights[leaf.id])
            remark = _remark(notes, result, leaf)
            sheet.row(row, _detail(result, leaf, formula, remark, appraised=appraised), looks)
            row += 1
    finish_table(sheet, len(columns), row - FIRST_ROW)


def _height(title: str) -> float:
    """Return the height of a row whose title takes several lines, 0 where one is enough."""
    height = row_height([(title, column_pixels(_TITLE_WIDTH), 11, False)])
    return height if height > row_height([]) else 0


def _detail(
    result: UnitResult, leaf: Node, formula: str, remark: str, *, appraised: bool
) -> list[Cell]:
    own = result.own.get(leaf.id) if result.own else None
    score = result.achieved.get(leaf.id)
    self_points = own.points if own else None
    reached = score.points if score and result.assessed else None
    known = self_points is not None and reached is not None
    value = float(reached - self_points) if known else ""  # type: ignore[operator]
    given = [result.appraised.get(leaf.id)] if appraised else []
    return [
        result.unit.code,
        result.unit.name,
        leaf.code,
        leaf.title,
        score.applicable if score and score.applicable else leaf.max,
        self_points,
        *given,
        reached,
        Live(formula, value),
        remark,
    ]


def _remark(notes: Notes, result: UnitResult, leaf: Node) -> str:
    """Return what the result sheet says beside the row, on one line."""
    if not result.assessed:
        return "Chưa có phiếu được tính"
    if leaf.id not in result.achieved:  # left out for this unit
        return "Không áp dụng"
    said = notes.of(leaf)
    if not said and _differs(result, leaf):
        said = "Tính lại theo quy định của kỳ đánh giá"
    return cut_to_cell(said.replace("\n", "; "))


def _differs(result: UnitResult, leaf: Node) -> bool:
    """Whether the unit gave itself other points than it got."""
    own = result.own.get(leaf.id) if result.own else None
    points = result.achieved[leaf.id].points
    return own is not None and own.points is not None and points not in {None, own.points}


# --- findings -------------------------------------------------------


def write_findings(book: Book, results: Results) -> None:
    """Write the findings that were left, errors first."""
    columns = [
        TableColumn("Mã đơn vị", 11),
        TableColumn("Đơn vị", 30),
        TableColumn("Mức độ", 11),
        TableColumn("Mã phát hiện", 10),
        TableColumn("Vị trí", 32),
        TableColumn("Nội dung", 90),
    ]
    order = list(SEVERITY_WORDS)
    notes = sorted(results.notes, key=lambda n: (order.index(n.finding.severity), n.unit))
    said = (
        f"{len(notes)} phát hiện còn lại trong các phiếu." if notes else "Không có phát hiện nào."
    )
    rows = (_finding_row(results, note) for note in notes)
    write_table(book, FINDINGS, "PHÁT HIỆN KHI KIỂM TRA PHIẾU", said, columns, rows)


def _finding_row(results: Results, note: Note) -> list[Cell]:
    unit, found = results.campaign.units.get(note.unit), note.finding
    cell = f"{found.sheet}!{found.cell}" if found.sheet and found.cell else found.cell
    place = ", ".join(part for part in (found.file, cell) if part)
    said = message(found.at(sheet="", cell="", file=""), results.campaign.settings.language)
    name = unit.name if unit else ""
    return [note.unit, name, SEVERITY_WORDS[found.severity], found.code, place, said]
