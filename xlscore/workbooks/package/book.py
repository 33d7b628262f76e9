"""What the workbook part and the document properties say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from xlscore.workbooks.package.parts import Relationship, require
from xlscore.workbooks.package.text import bounded_marks, clean
from xlscore.workbooks.package.values import PackageError, PackageFault, SheetState
from xlscore.workbooks.package.xml import Attributes, Element, TagBudget, elements
from xlscore.workbooks.package.zip import Container

MAX_SHEETS = 512
_STATES: Mapping[str, SheetState] = {
    "visible": "visible",
    "hidden": "hidden",
    "veryHidden": "veryHidden",
}
_TRUE = frozenset({"1", "true", "on"})
# Sheets of other kinds have no cells: charts, and the dialogs and macro sheets of Excel 4 and 5.
_CELL_SHEET = "worksheet"
_OTHER_SHEETS = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
_MACRO_KINDS = frozenset({"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"})
_DEFINED_NAME = "workbook/definedNames/definedName"
_PRINT_AREA = "_xlnm.Print_Area"
_LISTS = frozenset({"sheets", "definedNames", "workbookPr"})


class SheetEntry(NamedTuple):
    """A sheet as the workbook part lists it; `part` is None for a sheet without cells."""

    name: str
    state: SheetState
    part: str | None


@dataclass(frozen=True, slots=True)
class Book:
    """What the workbook part and its relationships say; `print_areas` name their sheets themselves.

    Attributes:
        sheet_names: names that hold on one sheet: its place in the list, the name, what it stands for.
        shown_precision: whether programs calculate with figures as they are shown.
    """

    sheets: tuple[SheetEntry, ...]
    defined_names: Mapping[str, str]
    date_1904: bool
    has_macros: bool
    has_external_links: bool
    print_areas: tuple[str, ...]
    sheet_names: tuple[tuple[str, str, str], ...] = ()
    shown_precision: bool = False


def read_book(
    container: Container, part: str, links: Mapping[str, Relationship], budget: TagBudget
) -> Book:
    """Read the workbook part; every sheet it lists must be there exactly once."""
    found = elements(container.read(part), part, budget)
    if not found or found[-1].path != "workbook":
        raise PackageError(PackageFault.DAMAGED, what="root element", member=part)
    _check_places(found, part)
    settings = [item.attributes for item in found if item.path == "workbook/workbookPr"]
    listed = [item.attributes for item in found if item.path == "workbook/sheets/sheet"]
    kinds = {link.kind for link in links.values()}
    names = container.names()
    calculating = [item.attributes for item in found if item.path == "workbook/calcPr"]
    return Book(
        sheets=_sheets(listed, links, container),
        defined_names=_names(item for item in found if item.path == _DEFINED_NAME),
        date_1904=any(item.get("date1904") in _TRUE for item in settings),
        has_macros=bool(kinds & _MACRO_KINDS)
        or any(name.endswith("vbaproject.bin") for name in names),
        has_external_links="externalLink" in kinds
        or any("/externallinks/" in name for name in names),
        print_areas=tuple(
            item.text
            for item in found
            if item.path == _DEFINED_NAME and item.attributes.get("name") == _PRINT_AREA
        ),
        sheet_names=tuple(
            (item.attributes["localSheetId"], item.attributes.get("name", ""), item.text)
            for item in found
            if item.path == _DEFINED_NAME and "localSheetId" in item.attributes
        ),
        shown_precision=any(item.get("fullPrecision", "1") not in _TRUE for item in calculating),
    )


def _check_places(found: Iterable[Element], part: str) -> None:
    """Each list stands once, and right under the root: not in an alternative for some programs."""
    seen: set[str] = set()
    for path, _, _ in found:
        name = path.rpartition("/")[2].rpartition(":")[2]
        if name in _LISTS:
            if name in seen or path != f"workbook/{name}":
                raise PackageError(
                    PackageFault.AMBIGUOUS, what=f"more than one {name}", member=part
                )
            seen.add(name)


def _sheets(
    listed: list[Attributes], links: Mapping[str, Relationship], container: Container
) -> tuple[SheetEntry, ...]:
    if not listed:
        raise PackageError(PackageFault.MISSING_PART, what="no sheets")
    if len(listed) > MAX_SHEETS:
        raise PackageError(PackageFault.BOMB, what="sheets", limit=str(MAX_SHEETS))
    sheets = tuple(_sheet(attributes, links, container) for attributes in listed)
    for what, keys in (
        ("two sheets with one name", [sheet.name.casefold() for sheet in sheets]),
        ("two sheets with one part", [sheet.part.lower() for sheet in sheets if sheet.part]),
    ):
        if len(set(keys)) != len(keys):
            raise PackageError(PackageFault.AMBIGUOUS, what=what)
    return sheets


def _sheet(
    attributes: Attributes, links: Mapping[str, Relationship], container: Container
) -> SheetEntry:
    name = clean(attributes.get("name", ""))
    try:
        return _located(name, attributes, links.get(attributes.get("r:id", "")), container)
    except PackageError as error:
        error.sheet = name
        raise


def _located(
    name: str, attributes: Attributes, link: Relationship | None, container: Container
) -> SheetEntry:
    if link is None:
        raise PackageError(PackageFault.MISSING_PART, what="sheet without a part")
    state = _STATES.get(attributes.get("state", "visible"))
    if state is None or link.kind not in {_CELL_SHEET, *_OTHER_SHEETS}:
        raise PackageError(PackageFault.DAMAGED, what="kind of sheet", value=link.kind[:40])
    part = require(link, container)
    return SheetEntry(name, state, part if link.kind == _CELL_SHEET else None)


def _names(found: Iterable[Element]) -> dict[str, str]:
    """Names of the whole workbook; a name given twice must mean the same."""
    names: dict[str, str] = {}
    for _, attributes, text in found:
        if "localSheetId" not in attributes:
            _add(names, attributes.get("name", ""), bounded_marks(text), "two defined names")
    return names


def read_properties(data: bytes, member: str, budget: TagBudget) -> dict[str, str]:
    """The custom document properties: their values as text, whatever their types."""
    properties: dict[str, str] = {}
    value = ""
    for path, attributes, text in elements(data, member, budget):
        if path.startswith("cp:Properties/cp:property/vt:"):
            value = text
        elif path == "cp:Properties/cp:property":
            _add(properties, attributes.get("name", ""), clean(value), "two custom properties")
            value = ""
    return properties


def read_application(data: bytes, member: str, budget: TagBudget) -> str:
    """The program that says it saved the workbook, "" where it does not say."""
    for path, _, text in elements(data, member, budget):
        if path == "ep:Properties/ep:Application":
            return clean(text)
    return ""


def _add(table: dict[str, str], name: str, text: str, what: str) -> None:
    if table.setdefault(clean(name), text) != text:
        raise PackageError(PackageFault.AMBIGUOUS, what=f"{what} called {name[:40]}")
