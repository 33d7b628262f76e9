"""Late, missing and unranked units in one place (Trễ hạn, chưa nộp, không xếp hạng)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from xlscore.catalogue import Severity
from xlscore.ranking import Results, UnitResult, days_late, group_of
from xlscore.summaries import count
from xlscore.workbooks.ranking.book import Book
from xlscore.workbooks.ranking.cells import Cell
from xlscore.workbooks.ranking.scope import Scope
from xlscore.workbooks.ranking.tables import TableColumn, write_table

ABSENT = "Trễ, chưa nộp, không xếp hạng"
_WHEN = "%d/%m/%Y %H:%M"


def write_absent(book: Book, results: Results, generated: datetime | None, scope: Scope) -> None:
    """Write the units that are late, missing or not ranked; addresses only inside the office."""
    columns = [
        TableColumn("STT", 6, align="center"),
        TableColumn("Mã", 11),
        TableColumn("Đơn vị", 36),
        TableColumn("Cấp, nhóm xếp hạng", 32),
        TableColumn("Tình trạng", 22),
        TableColumn("Hạn nộp", 16.5, align="center"),
        TableColumn("Ngày nộp", 16.5, align="center"),
        TableColumn("Số ngày trễ", 8, align="center"),
        TableColumn("Còn thiếu", 44),
        TableColumn("Thư điện tử", 28),
    ]
    inside = scope is Scope.FULL
    columns = columns if inside else columns[:-1]
    found = list(_listed(results))
    missing, late = len(results.missing), sum(r.days_late > 0 for r in found)
    said = (
        f"Chưa có phiếu hợp lệ, đầy đủ: {missing} đơn vị; trễ hạn: {late}; "
        f"đánh giá nhưng không xếp hạng: {len(results.unranked)}."
    )
    title = "ĐƠN VỊ TRỄ HẠN, CHƯA NỘP, KHÔNG XẾP HẠNG"
    rows = (
        _row(results, result, number, generated)[: len(columns)]
        for number, result in enumerate(found, start=1)
    )
    write_table(book, ABSENT, title, said, columns, rows)


def _listed(results: Results) -> Iterator[UnitResult]:
    """Yield the units: missing ones first, then late ones, then those that are only not ranked."""
    yield from results.missing
    assessed = [row.result for row in results.rows if row.result.assessed]
    yield from sorted((r for r in assessed if r.days_late), key=lambda r: -r.days_late)
    yield from (r for r in assessed if not r.unit.ranked and not r.days_late)


def _row(
    results: Results, result: UnitResult, number: int, generated: datetime | None
) -> list[Cell]:
    campaign, unit = results.campaign, result.unit
    deadline = campaign.deadline(unit)
    received = result.submission.received.astimezone(campaign.zone) if result.submission else None
    late = result.days_late
    if not result.assessed and generated is not None:
        late = days_late(generated, deadline)
    return [
        number,
        unit.code,
        unit.name,
        _group(results, result),
        _state(result),
        f"{deadline:{_WHEN}}",
        f"{received:{_WHEN}}" if received else "",
        late or None,
        "; ".join(_lacking(results, result)),
        unit.email,
    ]


def _group(results: Results, result: UnitResult) -> str:
    campaign, unit = results.campaign, result.unit
    group, parent = campaign.settings.groups.get(group_of(unit)), campaign.units.get(unit.parent)
    said = group.title if group else campaign.tier(unit).title
    return f"{said} (thuộc {parent.name})" if parent else said


def _state(result: UnitResult) -> str:
    said = []
    if not result.assessed:
        said.append("Chưa có phiếu được tính")
    if result.days_late:
        said.append("Nộp trễ hạn")
    if not result.unit.ranked:
        said.append("Không xếp hạng")
    return "; ".join(said)


def _lacking(results: Results, result: UnitResult) -> Iterator[str]:
    """Yield what is missing before the result is final."""
    if not result.assessed:
        if results.campaign.tier(result.unit).reported_by_parent:
            yield "Kết quả của đơn vị cấp trên"
            return
        found = [note.finding for note in results.notes if note.unit == result.unit.code]
        errors = sum(one.severity is Severity.ERROR for one in found)
        yield f"Phiếu đã gửi còn {errors} lỗi" if errors else "Phiếu hợp lệ, đầy đủ"
        return
    waits = sum(unit.unit.code == result.unit.code for unit, _ in results.waiting)
    if waits:
        yield f"Chờ kết quả {count(waits)} nội dung"
