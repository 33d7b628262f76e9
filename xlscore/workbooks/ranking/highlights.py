"""What stands out: the first and the last units of each group, the biggest changes against last year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xlscore.ranking import Results
from xlscore.summaries import MOST, Change
from xlscore.workbooks.ranking.book import GROUP_FILL, HEADING_FILL, LINE, signed
from xlscore.workbooks.ranking.cells import Live
from xlscore.workbooks.ranking.grouptable import GroupRow, entry
from xlscore.workbooks.ranking.pagegrid import PageGrid, Span, placed

_BORDER: dict[str, Any] = {"border": 1, "border_color": LINE}
_HEAD: dict[str, Any] = {**_BORDER, "bold": True, "bg_color": HEADING_FILL, "align": "center"}
_PART: dict[str, Any] = {
    **_BORDER,
    "italic": True,
    "bg_color": GROUP_FILL,
    "indent": 1,
    "font_size": 10,
}
_NAME: dict[str, Any] = {**_BORDER, "text_wrap": True, "indent": 1}
_MID: dict[str, Any] = {**_BORDER, "align": "center"}


_FIRST, _LAST = "Các đơn vị dẫn đầu", "Các đơn vị cuối nhóm"


# --- first and last units -------------------------------------------------------


def write_panels(grid: PageGrid, row: int, groups: Sequence[GroupRow]) -> int:
    """Write the first and the last units of a few groups side by side; return the row behind."""
    wanted: list[tuple[GroupRow, Sequence[str]]] = [(group, (_FIRST, _LAST)) for group in groups]
    if len(groups) == 1 and groups[0].summary.bottom:
        wanted = [(groups[0], (_FIRST,)), (groups[0], (_LAST,))]
    each = grid.columns // len(wanted)
    panels = [
        list(_panel(grid, (place * each, each), group, parts))
        for place, (group, parts) in enumerate(wanted)
    ]
    for lines in zip(*_filled(panels), strict=True):
        grid.put(row, [span for line in lines for span in line])
        row += 1
    return row


def _filled(panels: Sequence[list[list[Span]]]) -> Iterator[list[list[Span]]]:
    longest = max(len(panel) for panel in panels)
    for panel in panels:
        yield [*panel, *[[] for _ in range(longest - len(panel))]]


def _panel(
    grid: PageGrid, place: tuple[int, int], group: GroupRow, parts: Sequence[str]
) -> Iterator[list[Span]]:
    summary, (start, width) = group.summary, place
    inner = width - 1 if start + width < grid.columns else grid.columns - start
    end = start + inner - 1
    places = {
        _FIRST: range(len(summary.top)),
        _LAST: range(-1, -len(summary.bottom) - 1, -1),
    }
    yield [Span(start, end, summary.group.title, {**_HEAD, "text_wrap": True}, high=True)]
    for title in parts:
        if places[title]:
            yield [Span(start, end, title, _PART)]
        for at in places[title]:
            yield _unit(grid, start, inner, group, at)


def _unit(grid: PageGrid, start: int, width: int, group: GroupRow, place: int) -> list[Span]:
    banded = bool(group.summary.assessed[place].band)
    spans = [1, width - 3 - 2 * banded, 2, *[2] * banded]
    rank, name, index, *band = placed(spans, start)
    found = [
        Span(*rank, entry(group, place, "rank"), {**_MID, "bold": True}),
        Span(*name, entry(group, place, "name"), _NAME, high=True),
        Span(*index, entry(group, place, "index"), {**_MID, "num_format": grid.book.number}),
    ]
    if banded:
        found.append(Span(*band[0], entry(group, place, "band"), {**_MID, "shrink": True}))
    return found


# --- changes against last year -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupChange:
    """A unit's change against last year, with the group whose sheet shows it."""

    group: GroupRow
    change: Change


def change_lines(
    grid: PageGrid, results: Results, groups: Sequence[GroupRow], start: int, end: int
) -> Iterator[list[Span]]:
    """Yield the rows with the biggest rises and falls; nothing where no change is known."""
    changes = [GroupChange(g, change) for g in groups for change in g.summary.changes]
    if not changes:
        return
    changes.sort(key=lambda found: found.change.by, reverse=True)
    rises = [found for found in changes if found.change.by > 0][:MOST]
    falls = [found for found in reversed(changes) if found.change.by < 0][:MOST]
    last = results.campaign.settings.year - 1
    yield [Span(start, end, f"So với năm {last} (điểm %)", _HEAD)]
    for title, found in (("Tăng nhiều nhất", rises), ("Giảm nhiều nhất", falls)):
        if found:
            yield [Span(start, end, title, _PART)]
        for one in found:
            yield _change(grid, one, start, end)


def _change(grid: PageGrid, found: GroupChange, start: int, end: int) -> list[Span]:
    unit, sheet = found.change.row.result.unit, found.group.standing
    quoted = unit.code.replace('"', '""')
    by = f'INDEX({sheet.block("change")},MATCH("{quoted}",{sheet.block("code")},0))'
    number = grid.book.number
    look = {**_MID, "bold": True, "num_format": signed(number)}
    return [
        Span(start, end - 3, unit.name, _NAME, high=True),
        Span(end - 2, end, Live(by, float(found.change.by)), look),
    ]
