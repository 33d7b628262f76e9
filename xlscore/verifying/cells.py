"""Differences between two workbooks as findings: many of one kind on one sheet make one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby

from xlscore.findings import Finding, finding
from xlscore.reasons import Words
from xlscore.verifying.words import setting_named, told_of
from xlscore.workbooks.dump import Change, Difference, Dump

_NAMES = {
    Change.VALUE: "value-changed",
    Change.FORMULA: "formula-changed",
    Change.CACHED: "cached-changed",
    Change.TYPE: "type-changed",
    Change.FORMAT: "look-changed",
    Change.ADDED: "cell-added",
    Change.GONE: "cell-gone",
    Change.SHEET_GONE: "sheet-gone",
    Change.SHEET_ADDED: "sheet-added",
    Change.SHEET_RENAMED: "sheet-renamed",
    Change.SHEET_HIDDEN: "sheet-hidden",
    Change.SHEET_SHOWN: "sheet-shown",
    Change.SHEET_ORDER: "sheet-order",
    Change.ROWS_HIDDEN: "rows-hidden",
    Change.COLUMNS_HIDDEN: "columns-hidden",
    Change.MERGED: "cells-merged",
    Change.OBJECT_ADDED: "object-added",
    Change.OBJECT_GONE: "object-gone",
    Change.PART: "part-changed",
    Change.PROPERTY: "property-changed",
    Change.SETTING: "setting-changed",
}
_GROUPED_FROM = 12
"""So many differences of one kind on one sheet are told one by one; more are told together."""
_NAMED = 12


def as_findings(differences: Iterable[Difference], name: str = "") -> Iterator[Finding]:
    """Yield findings for differences; under one name of the catalogue where one is given."""

    def key(one: Difference) -> tuple[str, Change]:
        return one.sheet, one.change

    order = list(Change)
    ordered = sorted(differences, key=lambda one: (one.sheet, order.index(one.change)))
    for (_sheet, change), found in groupby(ordered, key=key):
        group = list(found)
        if len(group) < _GROUPED_FROM:
            yield from (_finding(name or _NAMES[change], one, ()) for one in group)
        else:
            yield _finding(name or _NAMES[change], group[0], group[1:])


def _finding(name: str, one: Difference, others: Sequence[Difference]) -> Finding:
    cells = ", ".join(other.cell for other in others[:_NAMED])
    cells += ", …" if len(others) > _NAMED else ""
    count = len(others)
    frozen, found, place = told_of(one, one.frozen), told_of(one, one.found), _place(one)
    params = {
        "frozen": frozen[0],
        "frozen_en": frozen[1],
        "found": found[0],
        "found_en": found[1],
        "place": place[0],
        "place_en": place[1],
        "more": f" Và {count} ô khác trên trang này: {cells}." if others else "",
        "more_en": f" And {count} further cells of this sheet: {cells}." if others else "",
    }
    entered = one.sheet if one.change is not Change.SETTING else setting_named(one.sheet)
    return finding(name, sheet=one.sheet, cell=one.cell, entered=entered, params=params)


def _place(one: Difference) -> Words:
    if not one.sheet:
        return "cả sổ", "the workbook"
    return f"trang “{one.sheet}”", f"the sheet “{one.sheet}”"


def outside_of_cells(frozen: Dump, found: Dump, told: AbstractSet[str]) -> Iterator[Difference]:
    """Yield what is different in a file that no program has saved again: its parts are the same bytes.

    A part whose cells or objects differ is told by those already; what is left are conditional formats,
    validations, styles, layout.

    Args:
        told: sheets and properties of which differences are told already.
    """
    if saved_again(frozen, found):
        return
    facts = frozen.properties.keys()
    for part in sorted(frozen.parts.keys() | found.parts.keys()):
        sheet = frozen.sheet_of.get(part, "") or found.sheet_of.get(part, "")
        same = frozen.parts.get(part) == found.parts.get(part)
        spoken = sheet in told if sheet else part == _FACTS and not told.isdisjoint(facts)
        if not same and not spoken:
            yield Difference(Change.PART, part, "", "", part)


_FACTS = "docprops/custom.xml"


def saved_again(frozen: Dump, found: Dump) -> bool:
    """Whether a spreadsheet program has saved the file: every part is new, and texts are kept as it does.

    We write every text into its cell. Excel, LibreOffice, Gnumeric and the like keep a text that several
    cells have once for all (shared strings). Where texts still repeat in the cells, the bytes were changed
    by hand or by a library: then every part has to be as it was.
    """
    return is_all_new(frozen, found) and not (frozen.repeats and found.repeats)


def is_all_new(frozen: Dump, found: Dump) -> bool:
    """Whether neither a sheet nor a shared part is as it was.

    One part that is still the same bytes means that somebody changed the others by hand.
    """
    written = {part for part in frozen.sheet_of if part.startswith(_SHEETS) and _RELS not in part}
    written |= {"xl/workbook.xml", "xl/styles.xml", "docprops/app.xml"}
    return all(frozen.parts.get(part) != found.parts.get(part) for part in written)


_SHEETS, _RELS = "xl/worksheets/", "/_rels/"


def properties(frozen: Dump, found: Dump) -> Iterator[Difference]:
    """Yield the facts about itself that a file tells otherwise than when it was frozen."""
    for name, told in frozen.properties.items():
        said = found.properties.get(name, "")
        if said != told:
            yield Difference(Change.PROPERTY, name, "", told, said)
