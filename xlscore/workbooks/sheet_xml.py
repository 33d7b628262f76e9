"""Edit single cells of a sheet that XlsxWriter wrote here, on its XML; the rest stays as it is.

Only for our own workbooks: their XML has one known form. A returned file is never edited.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from xml.sax.saxutils import escape

from xlscore.numbers import plain
from xlscore.workbooks.package.values import parse_address
from xlscore.workbooks.scorecard.cached import Shown

_PIECE = re.compile(
    r'<row r="(?P<row>[0-9]+)"[^>]*>'
    r'|<c r="(?P<cell>[A-Z]+[0-9]+)"(?: s="(?P<style>[0-9]+)")?[^>]*?'
    r"(?:/>|>(?P<formula><f>[^<]*</f>)?.*?</c>)",
    re.DOTALL,
)
_HEIGHT = re.compile(r' ht="([0-9.]+)"')
_XFS = re.compile(r'<cellXfs count="([0-9]+)">(.*?)</cellXfs>', re.DOTALL)
_XF = re.compile(r"<xf [^>]*/>|<xf [^>]*>.*?</xf>", re.DOTALL)
_END = "</sheetData>"
_NUMBER_FORMATS = {"date": 14, "percent": 9}
"""Ids of Excel's own formats: a day, a whole percent."""

Kind = Literal["number", "text", "boolean", "error", "date", "percent", "blank"]


@dataclass(frozen=True, slots=True)
class CellContent:
    """What to put into a cell.

    Attributes:
        kind: `date` and `percent` are numbers that bring their number format along.
        value: number, date serial or share (`0.85`) in plain digits; text; `TRUE`/`FALSE`; or an
            error's name.
        formula: without `=`; `value` is then the cached value, of which `blank` has none.
    """

    kind: Kind
    value: str = ""
    formula: str | None = None


@dataclass(frozen=True, slots=True)
class _Anatomy:
    """A sheet taken apart: text between and at rows and cells, and where each of them is."""

    pieces: tuple[str, ...]
    cells: Mapping[str, tuple[int, str, str]]
    rows: Mapping[int, int]


class SheetEditor:
    """A sheet's XML and the workbook's styles under edit."""

    def __init__(self, sheet: str, styles: str) -> None:
        body, end, self._tail = sheet.partition(_END)
        self._anatomy = _taken_apart(body)
        self._pieces = [*self._anatomy.pieces, end]
        self._styles = Styles(styles)

    def put(self, address: str, content: CellContent) -> None:
        """Replace a cell, or add it where the sheet has none."""
        place, style, _ = self._anatomy.cells.get(address, (None, "0", ""))
        cell = _cell(address, self._styles.style(style or "0", content.kind), content)
        if place is None:
            self._insert(address, cell)
        else:
            self._pieces[place] = cell

    def show(self, address: str, shown: Shown | None) -> None:
        """Give the formula that stands in a cell another cached value, or none.

        Raises:
            KeyError: there is no such cell.
        """
        place, style, formula = self._anatomy.cells[address]
        self._pieces[place] = _formula_cell(address, style, formula, shown)

    def grow(self, row: int, height: float) -> None:
        """Make a row at least `height` points tall."""
        place = self._anatomy.rows[row]
        tag = self._pieces[place]
        found = _HEIGHT.search(tag)
        if found and float(found[1]) < height:
            self._pieces[place] = tag.replace(found[0], f' ht="{height:g}"')

    def sheet(self) -> str:
        """Return the sheet as it is now."""
        return "".join(self._pieces) + self._tail

    def styles(self) -> str:
        """Return the style sheet as it is now."""
        return self._styles.xml()

    def _insert(self, address: str, cell: str) -> None:
        row, column = parse_address(address)
        if row not in self._anatomy.rows:
            later = sorted(self._anatomy.rows)
            place = bisect_left(later, row)
            before = (
                self._anatomy.rows[later[place]] if place < len(later) else len(self._pieces) - 1
            )
            self._pieces[before] = f'<row r="{row}">{cell}</row>{self._pieces[before]}'
            return
        start = self._anatomy.rows[row]
        if self._pieces[start].endswith("/>"):
            self._pieces[start] = f"{self._pieces[start][:-2]}>{cell}</row>"
            return
        places = ((*parse_address(a), p) for a, (p, _, _) in self._anatomy.cells.items())
        earlier = [place for r, c, place in places if r == row and c < column]
        self._pieces[max(earlier, default=start)] += cell


@lru_cache(maxsize=8)  # all cards stamped from one template have the same body
def _taken_apart(body: str) -> _Anatomy:
    pieces, cells, rows, end = [], {}, {}, 0
    for found in _PIECE.finditer(body):
        pieces += [body[end : found.start()], found[0]]
        end = found.end()
        if found["row"]:
            rows[int(found["row"])] = len(pieces) - 1
        else:
            cells[found["cell"]] = len(pieces) - 1, found["style"] or "", found["formula"] or ""
    return _Anatomy((*pieces, body[end:]), cells, rows)


def _cell(address: str, style: str, content: CellContent) -> str:
    start = f'<c r="{address}" s="{style}"'
    formula = "" if content.formula is None else f"<f>{escape(content.formula)}</f>"
    value = escape(content.value)
    match content.kind:
        case "blank":
            return f"{start}>{formula}</c>" if formula else f"{start}/>"
        case "text" if formula:
            return f'{start} t="str">{formula}<v>{value}</v></c>'
        case "text":
            return f'{start} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
        case "boolean":
            return f'{start} t="b">{formula}<v>{int(value == "TRUE")}</v></c>'
        case "error":
            return f'{start} t="e">{formula}<v>{value}</v></c>'
    return f"{start}>{formula}<v>{value}</v></c>"


def _formula_cell(address: str, style: str, formula: str, shown: Shown | None) -> str:
    start = f'<c r="{address}"' + (f' s="{style}"' if style else "")
    if shown is None:
        return f"{start}>{formula}</c>"
    if isinstance(shown, str):
        return f'{start} t="str">{formula}<v>{escape(shown)}</v></c>'
    return f"{start}>{formula}<v>{plain(shown)}</v></c>"


class Styles:
    """The style sheet, with further cell formats appended as they are asked for."""

    def __init__(self, xml: str) -> None:
        self._xml, self._known = xml, dict[tuple[str, str], str]()
        self._added: list[str] = []

    def style(self, style: str, kind: str) -> str:
        """Return the style `style` with the number format that `kind` brings along."""
        if kind not in _NUMBER_FORMATS:
            return style
        if (style, kind) not in self._known:
            count, formats = self._formats()
            base = _XF.findall(formats)[int(style)]
            made = re.sub(
                r'numFmtId="[0-9]+"', f'numFmtId="{_NUMBER_FORMATS[kind]}"', base, count=1
            )
            if "applyNumberFormat" not in made:
                made = made.replace("<xf ", '<xf applyNumberFormat="1" ', 1)
            self._known[style, kind] = str(count + len(self._added))
            self._added.append(made)
        return self._known[style, kind]

    def xml(self) -> str:
        """Return the style sheet as it is now."""
        if not self._added:
            return self._xml
        count, formats = self._formats()
        start = f'<cellXfs count="{count + len(self._added)}">'
        return _XFS.sub(lambda _: f"{start}{formats}{''.join(self._added)}</cellXfs>", self._xml)

    def _formats(self) -> tuple[int, str]:
        found = _XFS.search(self._xml)
        if found is None:
            raise ValueError("no cell formats")
        return int(found[1]), found[2]
