"""Two dumps compared: every cell that differs, by its address; sheets, hidden parts, charts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from xlscore.workbooks.dump.looks import look
from xlscore.workbooks.dump.margins import TITLES
from xlscore.workbooks.dump.model import Dump, DumpCell, Place, SheetDump
from xlscore.workbooks.package import cell_address, column_letters, parse_address

_NO_FORMAT = frozenset({"#0", "General"})
_SAME_SHEET = 0.5
"""Share of cells that a sheet under another name has to say alike."""


class Change(StrEnum):
    """What is different."""

    VALUE = "value"
    FORMULA = "formula"
    CACHED = "cached"
    TYPE = "type"
    FORMAT = "format"
    ADDED = "added"
    GONE = "gone"
    SHEET_GONE = "sheet-gone"
    SHEET_ADDED = "sheet-added"
    SHEET_RENAMED = "sheet-renamed"
    SHEET_HIDDEN = "sheet-hidden"
    SHEET_SHOWN = "sheet-shown"
    SHEET_ORDER = "sheet-order"
    ROWS_HIDDEN = "rows-hidden"
    COLUMNS_HIDDEN = "columns-hidden"
    MERGED = "merged"
    OBJECT_ADDED = "object-added"
    OBJECT_GONE = "object-gone"
    PART = "part"
    PROPERTY = "property"
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: what the first says (`frozen`) and what the second does (`found`)."""

    change: Change
    sheet: str
    cell: str = ""
    frozen: str = ""
    found: str = ""


def compare(frozen: Dump, found: Dump) -> Iterator[Difference]:
    """Yield where a workbook is not what it was when it was frozen."""
    ours, theirs = frozen.by_name, found.by_name
    renamed = dict(_renamed(frozen, found))
    for name, sheet in ours.items():
        other = theirs.get(renamed.get(name, name))
        if other is None:
            yield Difference(Change.SHEET_GONE, name)
            continue
        if other.name != name:
            yield Difference(Change.SHEET_RENAMED, other.name, "", name, other.name)
        yield from _compare_sheets(sheet, _as_before(other, renamed))
    for name in theirs:
        if name not in ours and name not in renamed.values():
            yield Difference(Change.SHEET_ADDED, name)
    kept = [name for name in theirs if name in ours]
    wanted = [name for name in ours if name in theirs]
    if kept != wanted:
        yield Difference(Change.SHEET_ORDER, "", "", ", ".join(wanted), ", ".join(kept))
    for name in sorted(frozen.settings.keys() | found.settings.keys()):
        told, said = frozen.settings.get(name, ""), found.settings.get(name, "")
        if told != said:
            yield Difference(Change.SETTING, name, "", told, said)


def _renamed(frozen: Dump, found: Dump) -> Iterator[tuple[str, str]]:
    """Yield sheets that stand under another name: the missing one whose values are most alike."""
    ours, theirs = frozen.by_name, found.by_name
    strange = [sheet for name, sheet in theirs.items() if name not in ours]
    for name, sheet in ours.items():
        if name in theirs or not strange:
            continue
        likest = max(strange, key=lambda other: _likeness(sheet, other))
        if _likeness(sheet, likest) > _SAME_SHEET:
            strange.remove(likest)
            yield name, likest.name


def _as_before(sheet: SheetDump, renamed: Mapping[str, str]) -> SheetDump:
    """Return a sheet whose formulas and charts name others as before: Excel renames those with them."""
    if not renamed:
        return sheet
    return replace(
        sheet,
        cells={place: c._replace(formula=_by_old_names(c.formula, renamed)) if c.formula else c
               for place, c in sheet.cells.items()},
        objects=tuple(sorted(_by_old_names(told, renamed) for told in sheet.objects)),
    )  # fmt: skip


def _by_old_names(text: str, renamed: Mapping[str, str]) -> str:
    for old, new in renamed.items():
        text = text.replace(f"'{new}'!", f"'{old}'!")
    return text


def _likeness(one: SheetDump, other: SheetDump) -> float:
    """Return the share of cells that say the same."""
    same = sum(
        place in other.cells and other.cells[place].value == cell.value
        for place, cell in one.cells.items()
    )
    return same / max(len(one.cells), len(other.cells), 1)


def _compare_sheets(frozen: SheetDump, found: SheetDump) -> Iterator[Difference]:
    name = found.name
    if frozen.state != found.state:
        change = Change.SHEET_SHOWN if found.state == "visible" else Change.SHEET_HIDDEN
        yield Difference(change, name, "", frozen.state, found.state)
    for place in sorted(frozen.cells.keys() | found.cells.keys()):
        ours, theirs = frozen.cells.get(place), found.cells.get(place)
        if ours != theirs:
            yield from _compare_cells(name, place, frozen.cells, theirs)
    if rows := sorted(found.hidden_rows - frozen.hidden_rows):
        yield Difference(Change.ROWS_HIDDEN, name, f"A{rows[0]}", "", ", ".join(map(str, rows)))
    if columns := sorted(found.hidden_columns - frozen.hidden_columns):
        told = ", ".join(map(column_letters, columns))
        yield Difference(Change.COLUMNS_HIDDEN, name, f"{column_letters(columns[0])}1", "", told)
    for top, bottom in sorted(found.merges - frozen.merges):
        if told := ", ".join(_covered(frozen, top, bottom)):
            yield Difference(Change.MERGED, name, cell_address(*top), "", told)
    yield from _compare_objects(frozen, found)


def _covered(sheet: SheetDump, top: Place, bottom: Place) -> Iterator[str]:
    """Yield the cells that say something and that a merged range leaves unseen: all but its first."""
    for place, cell in sorted(sheet.cells.items()):
        inside = top[0] <= place[0] <= bottom[0] and top[1] <= place[1] <= bottom[1]
        if inside and place != top and cell.value:
            yield cell_address(*place)


def _compare_cells(
    sheet: str, place: Place, cells: Mapping[Place, DumpCell], found: DumpCell | None
) -> Iterator[Difference]:
    frozen, address = cells.get(place), cell_address(*place)
    if frozen is None or found is None:
        there = found or frozen
        if there is None or (not there.value and not there.formula):
            return
        change = Change.ADDED if frozen is None else Change.GONE
        yield Difference(change, sheet, address, _told(frozen), _told(found))
        return
    if frozen.formula != found.formula:
        yield Difference(Change.FORMULA, sheet, address, _formula(frozen), _formula(found))
    elif frozen.value != found.value and not _same_value(frozen, found):
        change = Change.CACHED if frozen.formula else Change.VALUE
        yield Difference(change, sheet, address, frozen.value, found.value)
    elif frozen.kind != found.kind and found.value:
        told = f"{frozen.value} ({frozen.kind})", f"{found.value} ({found.kind})"
        yield Difference(Change.TYPE, sheet, address, *told)
    if frozen.format != found.format and frozen.value == found.value:
        ours, theirs = (
            look(frozen.kind, frozen.value, frozen.format),
            look(found.kind, found.value, found.format),
        )
        if ours != theirs and not _taken_over(frozen, found, cells):
            yield Difference(Change.FORMAT, sheet, address, ours, theirs)


def _taken_over(frozen: DumpCell, found: DumpCell, cells: Mapping[Place, DumpCell]) -> bool:
    """Whether a formula without a format of its own got that of the one cell that it shows.

    LibreOffice does that when it saves.
    """
    if frozen.format not in _NO_FORMAT:
        return False
    try:
        shown = cells.get(parse_address(frozen.formula.replace("$", "")))
    except ValueError:
        return False
    looks = [look(found.kind, found.value, one.format) for one in (found, shown) if one]
    return len(looks) == 2 and looks[0] == looks[1]  # noqa: PLR2004


_LAST_DIGITS = 1e-13
"""How far two programs may differ in what they compute from the same numbers, relatively."""


def _same_value(frozen: DumpCell, found: DumpCell) -> bool:
    """Whether what a formula shows is the same, but for how a program adds up; no value is no claim."""
    if not frozen.formula:
        return False
    if found.kind == "blank":
        return True
    if frozen.kind != "number" or found.kind != "number":
        return False
    return math.isclose(
        float(frozen.value), float(found.value), rel_tol=_LAST_DIGITS, abs_tol=1e-12
    )


def _told(cell: DumpCell | None) -> str:
    return "" if cell is None else cell.value or _formula(cell)


def _formula(cell: DumpCell) -> str:
    return f"={cell.formula}" if cell.formula else cell.value


def _compare_objects(frozen: SheetDump, found: SheetDump) -> Iterator[Difference]:
    ours, theirs = [*frozen.objects, *frozen.margins], [*found.objects, *found.margins]
    if not any(told.startswith(TITLES) for told in theirs):  # Gnumeric loses them
        ours = [told for told in ours if not told.startswith(TITLES)]
    for told in list(ours):
        if told in theirs:
            theirs.remove(told)
            ours.remove(told)
    for told in ours:
        yield Difference(Change.OBJECT_GONE, found.name, "", told, "")
    for told in theirs:
        yield Difference(Change.OBJECT_ADDED, found.name, "", "", told)
