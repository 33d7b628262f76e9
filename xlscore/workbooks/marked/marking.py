"""From findings to highlighted cells with their messages, and to remarks in the column of notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from xlscore.findings import Finding, Severity, message
from xlscore.layout import RowKind
from xlscore.workbooks.marked.places import Item
from xlscore.workbooks.scorecard.cached import Place
from xlscore.workbooks.scorecard.filling import Mark

LEVELS: Mapping[Severity, str] = {
    Severity.ERROR: "Lỗi",
    Severity.WARNING: "Cảnh báo",
    Severity.NOTE: "Ghi chú",
}
REMARK = re.compile(r"(Lỗi|Cảnh báo) [A-Z]\d{3} \(mục \d+\): .*|(Và )\d+ mục khác, xem danh sách\.")
"""A line that `remarks` wrote: when the copy comes back, nobody typed it."""

_REMARKED = 3
_LONGEST_REMARK = 110
_SENTENCE = re.compile(r"(?:[^“.]|“[^”]*”|\.(?!\s))*\.")


def said(found: Finding) -> str:
    """Return a finding's message and remedy without its place in the returned file."""
    return message(found.at(sheet="", cell="", row="", file=""), "vi")


def marks(items: Iterable[Item]) -> dict[Place, Mark]:
    """Return the highlighted cells: one mark each, as grave as the gravest finding there."""
    by_place: dict[Place, list[Item]] = {}
    for item in items:
        for spot in item.spots:
            if spot.row and item.severity is not Severity.NOTE:
                by_place.setdefault((spot.row.key, spot.column), []).append(item)
    return {place: _mark(found) for place, found in by_place.items()}


def _mark(items: Sequence[Item]) -> Mark:
    order = sorted(items, key=lambda item: item.severity is not Severity.ERROR)
    first = order[0]
    title = f"{LEVELS[first.severity]} {first.finding.code}"
    if order[1:]:
        title += f" và {len(order) - 1} mục khác"
    return Mark(first.severity, title, " ".join(said(item.finding) for item in order))


def remarks(items: Iterable[Item]) -> dict[str, str]:
    """Return what the column of notes says, by row key: code, number on the list, what is wrong."""
    by_row: dict[str, list[Item]] = {}
    for item in items:
        row = item.spots[0].row if item.spots else None
        # Guidance runs over all columns: it has no room for a note.
        if row and item.severity is not Severity.NOTE and row.kind is not RowKind.GUIDANCE:
            by_row.setdefault(row.key, []).append(item)
    return {key: "\n".join(_lines(found)) for key, found in by_row.items()}


def _lines(items: Sequence[Item]) -> list[str]:
    lines = [
        f"{LEVELS[i.severity]} {i.finding.code} (mục {i.number}): {_short(i.finding)}"
        for i in items[:_REMARKED]
    ]
    more = len(items) - _REMARKED
    return [*lines, f"Và {more} mục khác, xem danh sách."] if more > 0 else lines


def _short(found: Finding) -> str:
    """Return the first sentence of what is said, on one line."""
    whole = " ".join(said(found).split())
    sentence = _SENTENCE.match(whole)
    short = sentence[0] if sentence else whole
    if len(short) <= _LONGEST_REMARK:
        return short
    return short[: _LONGEST_REMARK - 1].rsplit(" ", 1)[0] + "…"
