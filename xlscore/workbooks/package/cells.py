"""The rows and cells of a sheet, in one pass: each with its address, type, formula and format.

Rows or cells that repeat or go backwards, references that contradict their row, and elements in
unexpected places are refused: two programs could read them differently.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from xlscore.workbooks.package.extras import Extras
from xlscore.workbooks.package.styles import Formats
from xlscore.workbooks.package.text import StringReader, bounded_marks, clean, joined
from xlscore.workbooks.package.values import (
    LAST_COLUMN,
    LAST_ROW,
    Cell,
    Kind,
    NumberFormat,
    PackageError,
    PackageFault,
    cell_address,
    column_letters,
    parse_address,
)
from xlscore.workbooks.package.xml import Attributes, local_name

# xsd:double as spreadsheets write it: no NaN, no INF, and an exponent that a double can have.
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,20})?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_MAX_NUMBER = 400
MAX_FORMULA = 8_192
"""Letters that Excel lets a formula have."""
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_INDEX = re.compile(r"[0-9]{1,7}")
_TRUTH = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
_ON = frozenset({"1", "true", "on"})
_COLUMNS = {column_letters(number): number for number in range(1, 703)}
_new_tuple = tuple.__new__
_XML_SPACE = " \t\r\n"


LOW = 6.0
"""Below so many points a row shows nothing that can be read."""


@dataclass(slots=True)
class SheetContent:
    """What one sheet part holds.

    Attributes:
        hidden_rows: also those too low to be seen; hidden_columns: first and last of each run, also of
            those too narrow to be seen.
        inline: cells whose text stands in the cell itself, not among the workbook's shared strings.
        shared: index of the shared formula, by its cells; merges: references of the merged ranges.
    """

    protected: bool = False
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    inline: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    shared: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    extras: Extras = field(default_factory=Extras)


class CellReader:
    """The rows and cells of `sheetData`. Written for speed: it sees every cell of every return."""

    __slots__ = (
        "_attributes", "_c", "_cells", "_chunks", "_column", "_content", "_cut", "_data", "_f",
        "_formats", "_formula", "_give_back", "_is", "_parent", "_parents", "_parser", "_prefix", "_row",
        "_row_tag", "_row_text", "_strings", "_texts", "_v", "_value",
    )  # fmt: skip

    def __init__(
        self,
        parser: expat.XMLParserType,
        prefix: str,
        content: SheetContent,
        strings: Mapping[str, str],
        formats: Formats,
    ) -> None:
        names = [prefix + name for name in ("sheetData", "row", "c", "v", "f", "is")]
        self._data, self._row_tag, self._c, self._v, self._f, self._is = names
        self._parents = dict(zip(names[1:], (*names[:2], *names[2:3] * 3), strict=True))
        self._parser, self._prefix = parser, prefix
        self._content, self._cells = content, content.cells
        self._strings, self._formats = strings, formats
        self._chunks: list[str] = []
        self._row, self._row_text, self._cut, self._column = 0, "", 0, 0
        self._attributes: Attributes = {}
        self._value: str | None = None
        self._formula: str | None = None
        self._texts: StringReader | None = None

    def take_over(self, give_back: Callable[[], None]) -> None:
        """Take the parser's events until `sheetData` ends, then call `give_back`."""
        self._give_back = give_back
        self._parent = self._data
        self._listen()
        self._parser.CharacterDataHandler = self._chunks.append

    def _listen(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: Attributes) -> None:
        # The parent is checked once for all: only the five elements in their places get further.
        if self._parents.get(name) != self._parent:
            raise self._fault(f"unexpected element {local_name(name)}")
        if name == self._c:
            reference = attributes.get("r")
            if reference is None:
                column = self._column + 1
            elif reference[self._cut :] == self._row_text:
                column = _COLUMNS.get(reference[: self._cut]) or self._far_column(reference)
            else:
                column = self._far_column(reference)
            if not self._column < column <= LAST_COLUMN:
                raise self._fault("cells repeated or out of order", reference or "")
            self._column = column
            self._attributes = attributes
            self._value = self._formula = self._texts = None
        elif name == self._row_tag:
            self._start_row(attributes)
        elif name == self._is:
            self._start_inline(attributes)
        elif (self._value if name == self._v else self._formula) is not None:
            raise self._fault("two values in a cell")
        else:
            self._chunks.clear()
            if attributes.get("t") == "shared":
                self._content.shared[self._row, self._column] = attributes.get("si", "")
        self._parent = name

    def _end(self, name: str) -> None:
        self._parent = self._parents.get(name, "")
        if name == self._c:
            if self._value is not None or self._formula is not None or self._texts is not None:
                self._keep()
        elif name == self._v:
            chunks = self._chunks
            self._value = chunks[0] if len(chunks) == 1 else joined(chunks)
        elif name == self._f:
            self._formula = self._bounded_formula()
        elif name == self._data:
            self._give_back()

    def _bounded_formula(self) -> str:
        if sum(map(len, self._chunks)) > MAX_FORMULA:
            details = {"what": "formula length", "limit": str(MAX_FORMULA)}
            raise self._at_cell(PackageError(PackageFault.BOMB, **details))
        return bounded_marks("".join(self._chunks))

    def _start_row(self, attributes: Attributes) -> None:
        text = attributes.get("r")
        if text is None:
            row = self._row + 1
        elif _ROW.fullmatch(text):
            row = int(text)
        else:
            raise PackageError(PackageFault.DAMAGED, what="row number", value=text[:20])
        self._column = 0
        if row > LAST_ROW:
            raise PackageError(PackageFault.DAMAGED, what="row number", value=str(row))
        if row <= self._row:
            what = "rows repeated or out of order"
            raise PackageError(PackageFault.AMBIGUOUS, what=what, value=str(row))
        self._row, self._row_text = row, str(row)
        self._cut = -len(self._row_text)
        if attributes.get("hidden") in _ON or is_below(attributes.get("ht"), LOW):
            self._content.hidden_rows.add(row)

    def _far_column(self, reference: str) -> int:
        """The column of a reference that the short way does not know."""
        try:
            row, column = parse_address(reference)
        except ValueError:
            what = "cell reference"
            raise PackageError(PackageFault.DAMAGED, what=what, value=reference[:20]) from None
        if row != self._row:
            raise self._fault("a cell stands in another row", reference)
        return column

    def _start_inline(self, attributes: Attributes) -> None:
        if self._texts is not None or self._attributes.get("t") != "inlineStr":
            raise self._fault("inline text in a cell of another type")
        self._texts = StringReader(self._prefix, "is", "c", self._chunks)
        self._texts.start(self._is, attributes)
        self._parser.StartElementHandler = self._texts.start
        self._parser.EndElementHandler = self._end_inline

    def _end_inline(self, name: str) -> None:
        if self._texts is not None:
            self._texts.end(name)
        if name == self._is:
            self._listen()
            self._parent = self._c

    def _keep(self) -> None:
        attributes = self._attributes
        kind: Kind
        number_format = self._formats.get(attributes.get("s")) or self._odd_style()
        code = attributes.get("t", "n")
        value = self._value
        if code == "s" and value:
            kind, text = "text", self._strings.get(value) or self._odd_index(value)
        elif code == "n" and value and _PLAIN_NUMBER.fullmatch(value):
            kind, text = "date" if number_format == "date" else "number", value
        else:
            kind, text = self._interpret(code, number_format)
        if self._formula is None and not text:
            return
        row, column = place = self._row, self._column
        # What Cell(...) does, without its keyword handling.
        fields = (row, column, kind, text, self._formula, number_format)
        self._cells[place] = _new_tuple(Cell, fields)

    def _interpret(self, code: str, number_format: NumberFormat) -> tuple[Kind, str]:
        """Kind and text of the cells that are neither shared strings nor plain numbers."""
        if code == "inlineStr":
            return self._inline()
        if code == "str" and self._value is not None:
            if self._formula is None:
                self._content.inline.append((self._row, self._column))
            return "text", clean(self._value)
        bare = (self._value or "").strip(_XML_SPACE)
        kind: Kind
        if not bare:
            kind, text = "blank", ""
        elif code == "n" and _is_number(bare):
            kind, text = "date" if number_format == "date" else "number", bare
        elif code == "b" and bare in _TRUTH:
            kind, text = "boolean", _TRUTH[bare]
        elif code in ("n", "b", "e"):
            # A number or a truth value that is none is what the cell shows: an error.
            kind, text = "error", clean(bare)
        elif code == "s":
            kind, text = "text", self._strings.get(bare) or self._odd_index(bare)
        elif code == "d":
            kind, text = "date", clean(bare)
        else:
            raise self._damage("cell type", code)
        return kind, text

    def _inline(self) -> tuple[Kind, str]:
        if self._value is not None:
            raise self._fault("two values in a cell")
        if self._texts is None:
            return "blank", ""
        self._content.inline.append((self._row, self._column))
        return "text", self._texts.texts[-1]

    def _odd_style(self) -> NumberFormat:
        """A workbook without styles has no formats; an index beyond its styles is damage."""
        if not self._formats:
            return "general"
        style = self._attributes.get("s", "").strip(_XML_SPACE)
        known = self._formats.get(str(int(style))) if _INDEX.fullmatch(style) else None
        if known is None:
            raise self._damage("style index", style)
        return known

    def _odd_index(self, value: str) -> str:
        """The string of an index that is written unusually, or is that of an empty string."""
        bare = value.strip(_XML_SPACE)
        text = self._strings.get(str(int(bare))) if _INDEX.fullmatch(bare) else None
        if text is None:
            raise self._damage("shared string index", bare)
        return text

    def _damage(self, what: str, value: str) -> PackageError:
        return self._at_cell(PackageError(PackageFault.DAMAGED, what=what, value=value[:20]))

    def _fault(self, what: str, value: str = "") -> PackageError:
        details = {"value": value[:20]} if value else {}
        return self._at_cell(PackageError(PackageFault.AMBIGUOUS, what=what, **details))

    def _at_cell(self, error: PackageError) -> PackageError:
        if self._row and 0 < self._column <= LAST_COLUMN:
            error.cell = cell_address(self._row, self._column)
        return error


def is_below(text: str | None, least: float) -> bool:
    """Whether a height or a width is given and less than that."""
    return text is not None and _is_number(text) and float(text) < least


def _is_number(text: str) -> bool:
    if len(text) > _MAX_NUMBER or not _NUMBER.fullmatch(text):
        return False
    return math.isfinite(float(text))
