"""Which of the returned input cells are taken over, and as what content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from xlscore.entries import read_entry
from xlscore.layout import Entry, Layout, Slot
from xlscore.methods.base import InputKind
from xlscore.numbers import from_excel, plain, trim
from xlscore.text import EXCEL_TEXT_LIMIT
from xlscore.workbooks.formsheet import FormSheet
from xlscore.workbooks.marked.leftbehind import LeftBehind, quoted
from xlscore.workbooks.package import Cell
from xlscore.workbooks.sheet_xml import CellContent, Kind

_DISTRUSTED = {"row-mismatch", "row-twice"}
_DAY_OR_TIME = re.compile(r"\d\d/\d\d/\d{4}|\d\d:\d\d")
_AMBIGUOUS = re.compile(r"(?<![,\d])[1-9]\d{0,2},\d{3}%")
"""A percent with three decimals, which a reader could take for thousands."""


@dataclass
class Carried:
    """What is taken over, by node id and slot; and what was typed into input cells but is not."""

    typed: dict[tuple[str, str], CellContent] = field(default_factory=dict)
    left: list[LeftBehind] = field(default_factory=list)


def distrusted(form: FormSheet) -> frozenset[str]:
    """Return the nodes whose cells may be another's: rows of theirs were moved, pasted over or doubled.

    Then all their rows are in doubt: rows of figures often say the same under different criteria.
    """
    return frozenset(f.node for f in form.findings if f.name in _DISTRUSTED)


def carry(form: FormSheet, layout: Layout) -> Carried:
    """Sort what was typed into input cells into what is taken over and what is not.

    The submit cell is never taken over: whoever mends the copy ticks it again.
    """
    carried, doubted = Carried(), distrusted(form)
    for (node, slot), (row, column, entry) in layout.entries.items():
        cell = form.cell(row.key, column)
        if cell is None or slot == Slot.SUBMIT or not (cell.value or cell.formula is not None):
            continue
        if not entry.unlocked:
            words = ("ô thuộc phần của người khác", "a cell of another officer's")
            carried.left.append(_left(form, cell, *words))
        elif node in doubted:
            words = (
                "đã nhập ở hàng không còn khớp với mã hàng",
                "typed in a row that no longer agrees with its key",
            )
            carried.left.append(_left(form, cell, *words))
        else:
            carried.left.extend(_changed(form, cell))
            content = _content(form, entry, cell)
            if content.kind != "blank":
                carried.typed[node, slot] = content
    return carried


def _left(form: FormSheet, cell: Cell, vi: str, en: str) -> LeftBehind:
    said = quoted(cell.value or f"={cell.formula}")
    return LeftBehind(form.name, cell.address, f"{vi}: {said}", f"{en}: {said}")


def _changed(form: FormSheet, cell: Cell) -> Iterator[LeftBehind]:
    """Yield what is taken over otherwise than it stood there: formulas, over-long texts."""
    if cell.formula is not None:
        said = quoted(f"={cell.formula}")
        vi = f"công thức {said}: chỉ chép giá trị" if cell.value else f"công thức {said}"
        en = f"the formula {said}: only its value is copied" if cell.value else f"formula {said}"
        yield LeftBehind(form.name, cell.address, vi, en)
    if len(_cut(cell.value)) < len(cell.value):
        vi = f"phần văn bản vượt quá {EXCEL_TEXT_LIMIT} ký tự"
        yield LeftBehind(
            form.name, cell.address, vi, f"the text beyond {EXCEL_TEXT_LIMIT} characters"
        )


def _content(form: FormSheet, entry: Entry, cell: Cell) -> CellContent:
    """Return the content to write: as typed, a formula as the value that it shows.

    Dates and percents become texts that say the same. Their number format would stay with the cell,
    and turn the right number, once it is typed, into a date or a percent again.
    """
    is_number = entry.input is not None and entry.input.kind is InputKind.NUMBER
    if cell.kind == "date":
        shown = read_entry(entry, cell._replace(formula=None), form.name).shown
        return CellContent("text", _day(shown))
    if cell.kind == "number" and not _is_sayable(cell.value):
        return CellContent("text", cell.value)
    if cell.kind == "number" and cell.format == "percent" and is_number:
        return CellContent("text", _percent(cell.value))
    if cell.kind == "text":
        return CellContent("text" if cell.value else "blank", _cut(cell.value))
    kinds: dict[str, Kind] = {"number": "number", "boolean": "boolean", "error": "error"}
    return CellContent(kinds.get(cell.kind, "blank"), cell.value)


def _is_sayable(stored: str) -> bool:
    """Whether a stored number is one for the reader too, which leaves out the ends of the doubles."""
    try:
        from_excel(stored)
    except ValueError:
        return False
    return True


def _day(shown: str) -> str:
    """Keep a day beyond the calendar, which shows its bare number, from being read as a number."""
    return shown if _DAY_OR_TIME.fullmatch(shown) else f"ngày {shown}"


def _percent(share: str) -> str:
    said = f"{plain(trim(from_excel(share) * 100))}%".replace(".", ",")
    return f"{said[:-1]}0%" if _AMBIGUOUS.fullmatch(said.lstrip("-")) else said


def _cut(text: str) -> str:
    """Shorten to what Excel allows in a cell, counted as it does: in UTF-16 units."""
    raw = text[:EXCEL_TEXT_LIMIT].encode("utf-16-le")[: 2 * EXCEL_TEXT_LIMIT]
    return raw.decode("utf-16-le", "ignore")
