"""What the letters say of a ranking, in the words of an office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from xlscore.ranking import RankedRow, Results
from xlscore.summaries import (
    MOST,
    Change,
    GroupSummary,
    figure,
    percent,
    signed,
    state_lines,
    summarise,
)


def state_words(results: Results) -> str:
    """Say how far the work is, one matter a line."""
    return "\n".join(f"- {line}" for line in state_lines(results))


_IN_FULL, _MOST_LINES = 3, 15
"""So many groups are told in full, so many in a line each: the body is a summary, the workbook has all."""


def group_words(results: Results) -> str:
    """Say what the groups come to: in full where there are few, in a line each where there are many."""
    decimals = results.campaign.settings.policies.display_decimals
    groups = summarise(results)
    if len(groups) <= _IN_FULL:
        return "\n\n".join("\n".join(_group(one, decimals)) for one in groups)
    lines = [_group_line(one, decimals) for one in groups[:_MOST_LINES]]
    if left := len(groups) - len(lines):
        lines.append(f"- Còn {left} nhóm khác: xem tệp kèm theo thư.")
    changes = sorted((c for one in groups for c in one.changes), key=lambda c: c.by, reverse=True)
    rises = [change for change in changes if change.by > 0][:MOST]
    falls = [change for change in reversed(changes) if change.by < 0][:MOST]
    return "\n".join([*lines, *_changed(rises, falls, decimals)])


def _group_line(summary: GroupSummary, decimals: int) -> str:
    if summary.mean is None:
        return f"- {_counted(summary)}: chưa có đơn vị nào có kết quả."
    said = [f"trung bình {percent(summary.mean, decimals)}"]
    said.append(f"dẫn đầu {_row(summary.assessed[0], decimals)}")
    if len(summary.assessed) > 1:
        said.append(f"cuối nhóm {_row(summary.assessed[-1], decimals)}")
    bands = ", ".join(f"{name} {n}" for name, n in summary.bands.items() if n)
    return (
        f"- {_counted(summary)}: {'; '.join([*said, *([f'xếp loại {bands}'] if bands else [])])}."
    )


def _counted(summary: GroupSummary) -> str:
    missing = f", chưa có kết quả: {summary.missing}" if summary.missing else ""
    return f"{summary.group.title} ({summary.units} đơn vị{missing})"


def _group(summary: GroupSummary, decimals: int) -> Iterator[str]:
    yield _counted(summary)
    if summary.mean is None:
        yield "- Chưa có đơn vị nào có kết quả."
        return
    yield f"- Trung bình: {percent(summary.mean, decimals)}"
    yield f"- Cao nhất: {_rows(summary.top, decimals)}"
    if summary.bottom:
        yield f"- Thấp nhất: {_rows(summary.bottom, decimals)}"
    if any(summary.bands.values()):
        yield f"- Xếp loại: {'; '.join(f'{name} {n}' for name, n in summary.bands.items())}"
    yield from _changed(summary.rises, summary.falls, decimals)


def _changed(rises: Sequence[Change], falls: Sequence[Change], decimals: int) -> Iterator[str]:
    if rises:
        yield f"- Tăng nhiều nhất so với năm trước: {_changes(rises, decimals)}"
    if falls:
        yield f"- Giảm nhiều nhất so với năm trước: {_changes(falls, decimals)}"


def _rows(rows: Iterable[RankedRow], decimals: int) -> str:
    return "; ".join(
        f"{f'hạng {row.rank} ' if row.rank else ''}{_row(row, decimals)}" for row in rows
    )


def _row(row: RankedRow, decimals: int) -> str:
    return f"{row.result.unit.name} {percent(row.result.index, decimals)}"


def _changes(changes: Iterable[Change], decimals: int) -> str:
    return "; ".join(
        f"{change.row.result.unit.name} {signed(change.by, decimals)} điểm %" for change in changes
    )


def unit_words(row: RankedRow, decimals: int) -> str:
    """Say a unit's own result: index, points, band; ranks are published by decision, not here."""
    result = row.result
    points = (
        f"{figure(result.totals.achieved, decimals)}/{figure(result.totals.applicable, decimals)}"
    )
    lines = [f"- Chỉ số: {percent(result.index or 0, decimals)}", f"- Điểm đạt được: {points}"]
    return "\n".join([*lines, *([f"- Xếp loại: {row.band}"] if row.band else [])])


def moment_words(moment: datetime) -> str:
    """Say a moment as offices write it."""
    return f"{moment:%H giờ %M ngày %d/%m/%Y}"
