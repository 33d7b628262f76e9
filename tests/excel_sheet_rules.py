"""The rules of `excel_rules` for what stands on a sheet: cells, formulas, rules, pages, charts."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from tests.excel_package import (
    Area,
    Package,
    Said,
    area,
    each,
    local,
    overlaps,
    rule,
    text_of,
)

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROWS = f"{_MAIN}sheetData/{_MAIN}row"
_CELLS = f"{_ROWS}/{_MAIN}c"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ERRORS = {"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"}
_TITLES, _TEXTS = ("promptTitle", "errorTitle"), (("prompt", 255), ("error", 225))


# --- cells ------------------------------------------------------


@rule
def cells_are_in_order(package: Package) -> Said:
    """E 18.3.1.73: rows and cells ascend, once each; styles are there (“Removed Records: Cell…”)."""
    styles = package.count("{*}cellXfs")
    for sheet in package.sheets:
        row_before = 0
        for row in sheet.root.iterfind(_ROWS):
            number, column_before = int(row.get("r", "0")), 0
            if not row_before < number <= 1_048_576:
                yield sheet.part, f"row {number} after row {row_before}"
            if float(row.get("ht", "0")) > 409.5 or int(row.get("outlineLevel", "0")) > 7:
                yield sheet.part, f"row {number} is too high or too deep"
            for cell in row:
                ref = cell.get("r", "")
                line, column, *_ = area(ref)
                if line != number or column <= column_before or int(cell.get("s", "0")) >= styles:
                    yield sheet.part, f"{ref} in row {number}, style {cell.get('s')}"
                column_before = column
            row_before = number


@rule
def values_are_of_their_type(package: Package) -> Said:
    """E 18.18.11 and Limits: numbers are finite, shared strings there, texts of 32,767 characters."""
    shared = len(package.root("xl/sharedStrings.xml").findall("{*}si"))
    for sheet, cell in each(package, _CELLS):
        kind, value = cell.get("t", "n"), cell.find(f"{_MAIN}v")
        text = text_of(value)
        match kind:
            case "s":
                good = text.isdecimal() and int(text) < shared
            case "n":
                good = not text or _is_finite(text)
            case "b":
                good = text in ("0", "1")
            case "e":
                good = text in _ERRORS
            case _:
                good = kind in ("str", "inlineStr")
        if not good:
            yield sheet.part, f"{cell.get('r')} of type {kind}: {text!r}"
        if kind in ("str", "inlineStr"):
            yield from ((sheet.part, what) for what in _wrong_text("".join(cell.itertext())))
    for one in package.root("xl/sharedStrings.xml"):
        said = "".join(text_of(part) for part in one.iter() if local(part) == "t")
        yield from (("xl/sharedStrings.xml", what) for what in _wrong_text(said))


def _is_finite(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and "_" not in text and text == text.strip()
    except ValueError:
        return False


def _wrong_text(text: str) -> Iterator[str]:
    if len(text.encode("utf-16-le")) // 2 > 32_767:
        yield f"a text of {len(text)} characters"
    if _CONTROL.search(re.sub("_x[0-9A-F]{4}_", "", text)):
        yield f"a control character in {text[:40]!r}"


@rule
def formulas_are_read(package: Package) -> Said:
    """Limits; [MS-XLSX] 2.2.2: English, with commas, known functions, no range where one value is."""
    for sheet, cell in each(package, _CELLS):
        formula = cell.find(f"{_MAIN}f")
        if formula is not None:
            single = formula.get("t", "normal") != "array"
            said = package.said(cell.get("r", ""), text_of(formula), single=single)
            yield from ((sheet.part, what) for what in said)


# --- ranges -----------------------------------------------------


@rule
def merges_lie_apart(package: Package) -> Said:
    """Merged ranges of more than a cell, apart from each other (“Merge cells from …”)."""
    for sheet in package.sheets:
        found = [one.get("ref", "") for one in sheet.root.iterfind("{*}mergeCells/{*}mergeCell")]
        areas = [(ref, area(ref)) for ref in found]
        for ref, (top, left, bottom, right) in areas:
            if (top, left) == (bottom, right):
                yield sheet.part, f"{ref} is one cell"
        yield from ((sheet.part, what) for what in overlaps(areas))


@rule
def filters_are_named(package: Package) -> Said:
    """A sheet's filter is the range of its hidden name _FilterDatabase (“AutoFilter from …”)."""
    named = {
        int(one.get("localSheetId", "-1")): text_of(one).rpartition("!")[2].replace("$", "")
        for one in package.workbook.iterfind("{*}definedNames/{*}definedName")
        if one.get("name") == "_xlnm._FilterDatabase"
    }
    for number, sheet in enumerate(package.sheets):
        found = sheet.root.find("{*}autoFilter")
        ref = None if found is None else found.get("ref", "")
        if ref != named.get(number):
            yield sheet.part, f"filter {ref}, named {named.get(number)}"
        if ref:
            _, left, _, right = area(ref)
            for one in sheet.root.iterfind("{*}autoFilter/{*}filterColumn"):
                if int(one.get("colId", "0")) > right - left:
                    yield sheet.part, f"filtered column {one.get('colId')} of {ref}"


@rule
def validations_are_valid(package: Package) -> Said:
    """Limits and OI 2.1.749: lengths of titles, texts, lists; no cell has two (“Data validation”)."""
    for sheet in package.sheets:
        areas: list[tuple[str, Area]] = []
        found = sheet.root.findall("{*}dataValidations/{*}dataValidation")
        for one in found:
            sqref = one.get("sqref", "")
            areas += [(ref, area(ref)) for ref in sqref.split()]
            for key, most in (*((title, 32) for title in _TITLES), *_TEXTS):
                if len(one.get(key, "")) > most:
                    yield sheet.part, f"{key} at {sqref[:20]}: {len(one.get(key, ''))} characters"
            for formula in (text_of(one.find(f"{{*}}formula{n}")) for n in (1, 2)):
                if len(formula) > (257 if formula.startswith('"') else 255):
                    yield sheet.part, f"rule at {sqref[:20]}: {len(formula)} characters"
                if formula:
                    said = package.said(sqref[:20], formula, single=one.get("type") != "list")
                    yield from ((sheet.part, what) for what in said)
        yield from ((sheet.part, what) for what in overlaps(areas))
        holder = sheet.root.find("{*}dataValidations")
        if holder is not None and (len(found) != int(holder.get("count", "0")) or not found):
            yield sheet.part, f"{len(found)} validations, declared {holder.get('count')}"


@rule
def conditions_are_valid(package: Package) -> Said:
    """E 18.3.1.10: looks are there, priorities unique, formulas read, bars' extensions paired."""
    looks = package.count("{*}dxfs")
    for sheet in package.sheets:
        seen = Counter[str]()
        ids = Counter[str]()
        for group in sheet.root.iterfind("{*}conditionalFormatting"):
            for ref in group.get("sqref", "").split():
                area(ref)
            for one in group.iterfind("{*}cfRule"):
                seen[one.get("priority", "")] += 1
                if int(one.get("dxfId", "-1")) >= looks:
                    yield sheet.part, f"look {one.get('dxfId')}"
                for formula in one.iterfind("{*}formula"):
                    said = package.said(group.get("sqref", "")[:20], text_of(formula))
                    yield from ((sheet.part, what) for what in said)
        for one in sheet.root.iter():
            if local(one) == "id":
                ids[text_of(one)] += 1
            elif local(one) == "cfRule" and one.get("id"):
                ids[one.get("id", "")] -= 1
        yield from ((sheet.part, f"priority {p} {n} times") for p, n in seen.items() if n > 1)
        yield from ((sheet.part, f"{one} is not paired") for one, n in ids.items() if n)


# --- view and page ----------------------------------------------


@rule
def panes_are_split_where_they_say(package: Package) -> Said:
    """E 18.3.1.66: a pane has a split, and the active one lies behind it (“View from …”)."""
    for sheet, view in each(package, "{*}sheetViews/{*}sheetView"):
        pane = view.find("{*}pane")
        wanted = {"topLeft"}
        if pane is not None:
            across, down = (float(pane.get(key, "0")) > 0 for key in ("xSplit", "ySplit"))
            right, bottom = ("Right" if across else "Left"), ("bottom" if down else "top")
            wanted = {f"{bottom}{right}", *(["topRight"] if across else []),
                      *(["bottomLeft"] if down else [])}  # fmt: skip
            if not (across or down) or pane.get("activePane") != f"{bottom}{right}":
                yield sheet.part, f"pane {pane.attrib}"
        for one in view.iterfind("{*}selection"):
            if one.get("pane", "topLeft") not in wanted:
                yield sheet.part, f"selection in {one.get('pane')}"


@rule
def pages_are_in_limits(package: Package) -> Said:
    """Limits: columns of 255 characters, headers of 255, 1,026 breaks; sizes of a font below 410."""
    for sheet in package.sheets:
        last = 0
        for one in sheet.root.iterfind("{*}cols/{*}col"):
            first, end = int(one.get("min", "0")), int(one.get("max", "0"))
            if not last < first <= end <= 16_384 or float(one.get("width", "0")) > 255:
                yield sheet.part, f"column {one.attrib}"
            last = end
        for one in sheet.root.iterfind("{*}headerFooter/*"):
            sizes = re.findall(r"&(\d+)", text_of(one).replace("&&", ""))
            if len(text_of(one)) > 255 or any(int(size) > 409 for size in sizes):
                yield (
                    sheet.part,
                    f"{local(one)} {text_of(one)[:60]!r}, {len(text_of(one))} characters",
                )
        for kind in ("rowBreaks", "colBreaks"):
            if len(sheet.root.findall(f"{{*}}{kind}/{{*}}brk")) > 1_026:
                yield sheet.part, f"too many {kind}"
        for one in sheet.root.iterfind("{*}sheetProtection"):
            if not re.fullmatch("[0-9A-F]{1,4}|", one.get("password", "")):
                yield sheet.part, f"protection {one.attrib}"
