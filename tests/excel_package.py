"""A workbook or document as rules look at it: its parts, read once, and ranges of cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from xml.etree import ElementTree as ET

from tests.excel_formulas import formula_faults

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+)$")


class Sheet(NamedTuple):
    """A worksheet: its name, its part and that part's root."""

    name: str
    part: str
    root: ET.Element


Area = tuple[int, int, int, int]
Said = Iterator[tuple[str, str]]
"""Where (a part) and what is wrong there."""

Rule = Callable[["Package"], Said]
RULES: list[Rule] = []


def rule(check: Rule) -> Rule:
    """Keep a rule; it yields where and what."""
    RULES.append(check)
    return check


class Package:
    """The parts of a file, read once."""

    def __init__(self, file: Path | bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file) as opened:
            self.members = opened.namelist()
            self.parts = {name: opened.read(name) for name in self.members}
        self._roots: dict[str, ET.Element] = {}

    def root(self, part: str) -> ET.Element:
        """Return a part's root; an empty one where there is none."""
        if part not in self._roots:
            given = self.parts.get(part, b"<none/>")
            self._roots[part] = ET.fromstring(given)  # noqa: S314  our own files
        return self._roots[part]

    def roots(self, folder: str) -> Iterator[tuple[str, ET.Element]]:
        """Yield the XML parts directly in a folder."""
        for part in self.parts:
            if part.rpartition("/")[0] == folder and part.endswith(".xml"):
                yield part, self.root(part)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part leads to, by id: the part's name (or address), kind."""
        home = PurePosixPath(part).parent
        root = self.root(
            str(home / "_rels" / f"{PurePosixPath(part).name}.rels").removeprefix("./")
        )
        found = {}
        for one in root:
            target = one.get("Target", "")
            if one.get("TargetMode") != "External":
                path = target if target.startswith("/") else str(home / target)
                target = _resolved(path)
            found[one.get("Id", "")] = target, one.get("Type", "").rpartition("/")[2]
        return found

    @cached_property
    def workbook(self) -> ET.Element:
        """The workbook; an empty element in a document."""
        return self.root("xl/workbook.xml")

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The worksheets in their order."""
        leads = self.relations("xl/workbook.xml")
        found = []
        for one in self.workbook.iterfind("{*}sheets/{*}sheet"):
            part = leads.get(one.get(f"{RELATION}id", ""), ("", ""))[0]
            found.append(Sheet(one.get("name", ""), part, self.root(part)))
        return found

    @cached_property
    def sheet_names(self) -> set[str]:
        """The sheets' names as they are compared."""
        return {sheet.name.casefold() for sheet in self.sheets}

    @cached_property
    def names(self) -> set[str]:
        """The defined names as they are compared."""
        found = self.workbook.iterfind("{*}definedNames/{*}definedName")
        return {one.get("name", "").casefold() for one in found}

    def said(self, where: str, formula: str, *, single: bool = True) -> Iterator[str]:
        """Yield what Excel would refuse in a formula."""
        for what in formula_faults(formula, self.sheet_names, self.names, single=single):
            yield f"{where}: {what}: {formula[:80]}"

    def count(self, path: str) -> int:
        """Return how many children an element of the style sheet has."""
        found = self.root("xl/styles.xml").find(path)
        return 0 if found is None else len(found)


def each(package: Package, path: str) -> Iterator[tuple[Sheet, ET.Element]]:
    """Yield the elements at a path of every sheet."""
    for sheet in package.sheets:
        for found in sheet.root.iterfind(path):
            yield sheet, found


def _resolved(path: str) -> str:
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def text_of(element: ET.Element | None) -> str:
    """Return an element's text; none has none."""
    return "" if element is None else element.text or ""


def local(element: ET.Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def area(ref: str) -> Area:
    """Return the rows and columns (first row, first column, last row, last column) of a range.

    Raises:
        ValueError: it is none.
    """
    first, _, last = ref.partition(":")
    ends = [_CELL.match(end) for end in (first, last or first)]
    if not ends[0] or not ends[1]:
        raise ValueError(f"no range: {ref!r}")
    (top, left), (bottom, right) = (_numbers(*end.groups()) for end in ends if end)
    if not (1 <= top <= bottom <= 1_048_576 and 1 <= left <= right <= 16_384):
        raise ValueError(f"no range of a sheet: {ref!r}")
    return top, left, bottom, right


def _numbers(letters: str, digits: str) -> tuple[int, int]:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits), column


def overlaps(areas: Iterable[tuple[str, Area]]) -> Iterator[str]:
    """Yield the pairs of ranges that share a cell; quick where most lie apart."""
    open_: list[tuple[str, Area]] = []
    for ref, (top, left, bottom, right) in sorted(areas, key=lambda given: given[1]):
        open_ = [one for one in open_ if one[1][2] >= top]
        for other, (_, first, _, last) in open_:
            if first <= right and left <= last:
                yield f"{other} and {ref} overlap"
        open_.append((ref, (top, left, bottom, right)))
