"""A sheet: what stands around its cells, and the cells.

Whatever two programs could read differently is refused, a second `sheetData` for one. Nothing is taken
from `<dimension>`, counts or spans, which need not be true.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from xlscore.workbooks.package.cells import LOW, CellReader, SheetContent, is_below
from xlscore.workbooks.package.styles import Formats
from xlscore.workbooks.package.values import PackageError, PackageFault
from xlscore.workbooks.package.xml import (
    MAX_DEPTH,
    Attributes,
    TagBudget,
    new_parser,
    root_prefix,
    run,
)

_RANGE_END = re.compile(r"[0-9]{1,7}")
_ON = frozenset({"1", "true", "on"})
_NARROW = 2.0
"""Below so many characters a column shows nothing that can be read."""


def read_sheet(
    data: bytes,
    member: str,
    budget: TagBudget,
    strings: Mapping[str, str],
    formats: Formats,
    content: SheetContent | None = None,
) -> SheetContent:
    """Read a worksheet part; the PackageError names the cell where the fault lies in one.

    `strings` and `formats` go by index as cells write it; a workbook without styles has no
    `formats`. What is read goes into `content`, which may make something else of its cells than keep them.
    """
    parser = new_parser(data)
    outline = _Outline(parser, content or SheetContent(), strings, formats)
    run(parser, data, member, budget)
    if not outline.has_data:
        raise PackageError(PackageFault.DAMAGED, what="no sheetData", member=member)
    return outline.content


class _Outline:
    """The elements of a worksheet around its cells."""

    def __init__(
        self,
        parser: expat.XMLParserType,
        content: SheetContent,
        strings: Mapping[str, str],
        formats: Formats,
    ) -> None:
        self.content = content
        self.has_data = False
        self._parser = parser
        self._lookups = (strings, formats)
        self._depth = 0
        parser.StartElementHandler = self._start_root

    def _start_root(self, name: str, attributes: Attributes) -> None:
        prefix = root_prefix(name, attributes, "worksheet")
        self._data = f"{prefix}sheetData"
        self._protection = f"{prefix}sheetProtection"
        self._column = f"{prefix}col"
        self._merge = f"{prefix}mergeCell"
        self._defaults = f"{prefix}sheetFormatPr"
        self._cells = CellReader(self._parser, prefix, self.content, *self._lookups)
        self._resume()

    def _resume(self) -> None:
        self._depth = 1
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self.content.extras.characters

    def _start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if name.endswith("sheetData"):
            if self.has_data or self._depth != 2 or name != self._data:
                raise PackageError(PackageFault.AMBIGUOUS, what="more than one sheetData")
            self.has_data = True
            self._cells.take_over(self._resume)
        elif name == self._protection and self._depth == 2:
            self.content.protected = attributes.get("sheet") in _ON
        elif name == self._column and self._depth == 3:
            if attributes.get("hidden") in _ON or is_below(attributes.get("width"), _NARROW):
                self.content.hidden_columns.append(_span(attributes))
        elif name == self._defaults and self._depth == 2:
            self.content.extras.hides_by_default = (
                attributes.get("zeroHeight") in _ON
                or is_below(attributes.get("defaultRowHeight"), LOW)
                or is_below(attributes.get("defaultColWidth"), _NARROW)
            )
        elif name == self._merge and self._depth == 3:
            self.content.merges.append(attributes.get("ref", ""))
        elif self._depth > MAX_DEPTH:
            raise PackageError(PackageFault.BOMB, what="depth", limit=str(MAX_DEPTH))
        else:
            self.content.extras.start(name, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.content.extras.end(name)


def _span(attributes: Attributes) -> tuple[int, int]:
    first, last = attributes.get("min", ""), attributes.get("max", "")
    if not (_RANGE_END.fullmatch(first) and _RANGE_END.fullmatch(last)):
        raise PackageError(PackageFault.DAMAGED, what="column range", value=f"{first}:{last}"[:40])
    return int(first), int(last)
