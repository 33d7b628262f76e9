"""A rubric workbook, typed and linted: every unreadable cell and every defect at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xlscore.findings import Finding, finding, has_errors
from xlscore.located import Located
from xlscore.methods import Registry
from xlscore.rubric_file import RubricFile, parse_rubric
from xlscore.workbooks.rubric_book.columns import INFORMATION, method_titles, same_words
from xlscore.workbooks.rubric_book.grid import NotAWorkbookError, read_grids
from xlscore.workbooks.rubric_book.read_criteria import read_criteria
from xlscore.workbooks.rubric_book.read_information import read_information
from xlscore.workbooks.rubric_book.under_way import LocatedCells, Reading


def import_rubric(path: Path, methods: Registry) -> RubricFile:
    """Read, type and lint a rubric workbook; whatever is wrong with it is a finding with its cell.

    Returns:
        What `read_rubric` returns for YAML; the rubric is None when any cell could not be read.
    """
    try:
        sheets = read_grids(path)
    except NotAWorkbookError as error:
        params = {"what": error.args[0], "what_en": error.args[-1]}
        found = finding("rubric-unreadable", params=params, file=path.name)
        return RubricFile(None, (found,), Located(path, None, {}))
    titles = method_titles(methods)
    kinds = {same_words(kind): kind for kind in methods}
    kinds |= {same_words(title): kind for kind, title in titles.items()}
    under_way = Reading(path, kinds)
    data = {**read_information(under_way, sheets), **read_criteria(under_way, sheets)}
    located = LocatedCells(path, data, {}, under_way.cells)
    if any(not found.cell and found.name != "sheet-part-ignored" for found in under_way.findings):
        return RubricFile(
            None, tuple(under_way.findings), located
        )  # a sheet or a column is missing
    return _checked(under_way, located, methods)


def _checked(under_way: Reading, located: Located, methods: Registry) -> RubricFile:
    read = parse_rubric(located, methods)
    parsed = [_in_cell(found, methods) for found in read.findings]
    new = [found for found in parsed if (found.sheet, found.cell) not in under_way.doubtful]
    findings = tuple(sorted([*under_way.findings, *new], key=_order))
    whole = None if has_errors(under_way.findings) else read.rubric
    return RubricFile(whole, findings, located)


def _in_cell(found: Finding, methods: Registry) -> Finding:
    """Return a finding about plain data in the words of the workbook: cells, methods' titles."""
    name, sheet, cell = found.file.split("!")
    params = dict(found.params)
    if "first" in params:
        params["first"] = params["first"].rpartition("!")[2]
    if found.name == "unknown-method":
        params["choices"] = ", ".join(method_titles(methods).values())
    return replace(found, file=f"{name}!{cell}", sheet=sheet, cell=cell, params=params)


def _order(found: Finding) -> tuple[bool, int, int, str]:
    digits = "".join(filter(str.isdecimal, found.cell))
    letters = found.cell.rstrip("0123456789")
    return found.sheet == INFORMATION, int(digits or 0), len(letters), letters
