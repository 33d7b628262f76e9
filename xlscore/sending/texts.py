"""What the letters say of a ranking, in the words of an office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from xlscore.ranking import RankedRow, Results
from xlscore.summaries import Change, GroupSummary, figure, percent, signed, state_lines, summarise


def state_words(results: Results) -> str:
    """Say how far the work is, one matter a line."""
    return "\n".join(f"- {line}" for line in state_lines(results))


def group_words(results: Results) -> str:
    """Say what each group comes to: best, last, mean, bands, biggest changes."""
    decimals = results.campaign.settings.policies.display_decimals
    return "\n\n".join("\n".join(_group(one, decimals)) for one in summarise(results))


def _group(summary: GroupSummary, decimals: int) -> Iterator[str]:
    missing = f", chưa có kết quả: {summary.missing}" if summary.missing else ""
    yield f"{summary.group.title} ({summary.units} đơn vị{missing})"
    if summary.mean is None:
        yield "- Chưa có đơn vị nào có kết quả."
        return
    yield f"- Trung bình: {percent(summary.mean, decimals)}"
    yield f"- Cao nhất: {_rows(summary.top, decimals)}"
    if summary.bottom:
        yield f"- Thấp nhất: {_rows(summary.bottom, decimals)}"
    if any(summary.bands.values()):
        yield f"- Xếp loại: {'; '.join(f'{name} {n}' for name, n in summary.bands.items())}"
    if summary.rises:
        yield f"- Tăng nhiều nhất so với năm trước: {_changes(summary.rises, decimals)}"
    if summary.falls:
        yield f"- Giảm nhiều nhất so với năm trước: {_changes(summary.falls, decimals)}"


def _rows(rows: Iterable[RankedRow], decimals: int) -> str:
    return "; ".join(
        f"{f'hạng {row.rank} ' if row.rank else ''}{row.result.unit.name}"
        f" {percent(row.result.index or 0, decimals)}"
        for row in rows
    )


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
