"""Type into an exported appraisal workbook as a spreadsheet program would: for demos and tests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from xlscore.keyed import BOOK_MARK
from xlscore.layout import COMPLETE
from xlscore.workbooks.appraisal.model import FIGURE, REST, REST_ROW, ROW, STATE_ROW
from xlscore.workbooks.members import read_members, replace_members
from xlscore.workbooks.package import Sheet, cell_address, parse_package
from xlscore.workbooks.scorecard.typed import Typed, content_of
from xlscore.workbooks.sheet_xml import SheetEditor

_STYLES_PART = "xl/styles.xml"
_SHEETS = re.compile(r"xl/worksheets/sheet[0-9]+\.xml")
_CACHED = re.compile(
    r'(<c r="\w+"(?: s="\d+")?)(?: t="str")?>(<f>[^<]*</f>)<v>[^<]*</v></c>', re.DOTALL
)


@dataclass(frozen=True)
class Answer:
    """What an appraiser types on one row; what is None is left blank.

    Attributes:
        figures: figures entered anew, by input key.
    """

    choice: Typed | None = None
    score: Typed | None = None
    reason: Typed | None = None
    figures: Mapping[str, Typed] = field(default_factory=dict)


def fill_appraisal(
    data: bytes,
    answers: Mapping[tuple[str, str], Answer],
    *,
    rest: bool = False,
    state: str = COMPLETE,
    places: Places | None = None,
) -> bytes:
    """Return the exported book `data` with answers typed into it, by unit code and node id.

    Formulas keep no cached values: a program calculates them when it opens the book, and the reader
    looks at input cells alone.

    Args:
        rest: whether everything left is accepted.
        state: what the cell that says whether the book is finished says.
        places: the book's cells, where they are known already.

    Raises:
        KeyError: the book has no such row or figure.
    """
    places = places or Places(data)
    typed: dict[str, Typed] = {places.state: state}
    if rest:
        typed[places.rest] = REST
    for (unit, node), answer in answers.items():
        entries = {"choice": answer.choice, "score": answer.score, "reason": answer.reason}
        typed |= {
            places.at(unit, node, column): said
            for column, said in entries.items()
            if said is not None
        }
        typed |= {places.figure(unit, node, key): said for key, said in answer.figures.items()}
    return put_cells(data, typed)


def put_cells(data: bytes, typed: Mapping[str, Typed]) -> bytes:
    """Return the book with cells of the input sheet replaced, locked ones too, by A1 address."""
    parts = {m.name: m for m in read_members(data)}
    first = "xl/worksheets/sheet1.xml"
    editor = SheetEditor(parts[first].content.decode(), parts[_STYLES_PART].content.decode())
    for address, said in typed.items():
        editor.put(address, content_of(said))
    changed = {first: editor.sheet(), _STYLES_PART: editor.styles()}
    for name, member in parts.items():
        if _SHEETS.fullmatch(name):
            changed[name] = _CACHED.sub(r"\1>\2</c>", changed.get(name) or member.content.decode())
    return replace_members(data, {name: xml.encode() for name, xml in changed.items()})


class Places:
    """Where the input cells of a book are, by unit code and node id."""

    def __init__(self, data: bytes) -> None:
        self._sheet = _marked(data)
        top, left = next(p for p, cell in self._sheet.cells.items() if cell.value == BOOK_MARK)
        self._columns = {
            c.value: column for (row, column), c in self._sheet.cells.items() if row == top
        }
        self._rows: dict[tuple[str, ...], int] = {}
        for (row, column), cell in self._sheet.cells.items():
            if column == left and row != top:
                self._rows[tuple(cell.value.split("|")[:4])] = row

    @property
    def name(self) -> str:
        """Name of the input sheet."""
        return self._sheet.name

    @property
    def rest(self) -> str:
        """Address of the cell that accepts everything left."""
        return self._address((REST_ROW, "", "", ""), "choice")

    @property
    def state(self) -> str:
        """Address of the cell that says whether the book is finished."""
        return self._address((STATE_ROW, "", "", ""), "choice")

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Unit code and node id of every row, from above."""
        return [(unit, node) for kind, unit, node, _ in self._rows if kind == ROW]

    def at(self, unit: str, node: str, column: str) -> str:
        """Return the address where a row crosses a column."""
        return self._address((ROW, unit, node, ""), column)

    def figure(self, unit: str, node: str, key: str) -> str:
        """Return the address where a figure is entered anew: on a row of its own, or the row itself."""
        below = (FIGURE, unit, node, key)
        return self._address(below if below in self._rows else (ROW, unit, node, ""), "figure")

    def _address(self, row: tuple[str, ...], column: str) -> str:
        return cell_address(self._rows[row], self._columns[column])


def _marked(data: bytes) -> Sheet:
    sheets = parse_package(data).sheets
    return next(s for s in sheets if any(c.value == BOOK_MARK for c in s.cells.values()))


__all__ = ["Answer", "Places", "fill_appraisal", "put_cells"]
