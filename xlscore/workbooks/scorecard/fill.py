"""Type into an issued scorecard as a spreadsheet program would: for demos and tests."""

from __future__ import annotations

from collections.abc import Mapping

from xlscore.layout import Layout
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height
from xlscore.workbooks.members import read_members, replace_members
from xlscore.workbooks.scorecard.cached import PROGRESS, calculated
from xlscore.workbooks.scorecard.looks import entry_size
from xlscore.workbooks.scorecard.render import FORM_PART
from xlscore.workbooks.scorecard.sheet import PADDING
from xlscore.workbooks.scorecard.typed import Typed, content_of, understood
from xlscore.workbooks.sheet_xml import CellContent, SheetEditor

_STYLES_PART = "xl/styles.xml"


def put(data: bytes, contents: Mapping[str, CellContent]) -> bytes:
    """Return the workbook with cells of the form sheet replaced, locked ones too, by A1 address.

    Other formulas keep the cached values they have.
    """
    editor = _open(data)
    for address, content in contents.items():
        editor.put(address, content)
    return _save(data, editor)


def fill(
    data: bytes,
    layout: Layout,
    typed: Mapping[tuple[str, str], Typed],
    *,
    decimals: int = 12,
    cached: bool = True,
) -> bytes:
    """Return the issued scorecard `data` with values typed into its input cells.

    Args:
        data: a workbook that `layout` was rendered to.
        layout: the form.
        typed: by node id and slot (an input's key, or one of `Slot`).
        decimals: the campaign's `leaf_decimals`.
        cached: False leaves formulas without cached values, as some programs write them.
    """
    editor = _open(data)
    for key, said in typed.items():
        row, column, _ = layout.entries[key]
        editor.put(layout.address(row, column), content_of(said))
    for number, height in _heights(layout, typed).items():
        editor.grow(number, height)
    shown = calculated(layout, understood(layout, typed), decimals)
    for row, column, _ in layout.calculations:
        editor.show(layout.address(row, column), shown[row.key, column] if cached else None)
    editor.show(layout.progress_address, shown[PROGRESS] if cached else None)
    return _save(data, editor)


def _open(data: bytes) -> SheetEditor:
    parts = {m.name: m for m in read_members(data)}
    return SheetEditor(parts[FORM_PART].content.decode(), parts[_STYLES_PART].content.decode())


def _save(data: bytes, editor: SheetEditor) -> bytes:
    parts = {FORM_PART: editor.sheet().encode(), _STYLES_PART: editor.styles().encode()}
    return replace_members(data, parts)


def _heights(layout: Layout, typed: Mapping[tuple[str, str], Typed]) -> Mapping[int, float]:
    """Return the heights of the rows into which texts were typed, as a program fits them."""
    widths = {spec.column: column_pixels(spec.width) for spec in layout.columns}
    texts: dict[int, list[tuple[str, float, float, bool]]] = {}
    for key, said in typed.items():
        if isinstance(said, str):
            row, column, entry = layout.entries[key]
            texts.setdefault(row.number, []).append(
                (said, widths[column], entry_size(entry), False)
            )
    return {
        number: min(row_height(cells) + PADDING, MAX_ROW_HEIGHT) for number, cells in texts.items()
    }


__all__ = ["CellContent", "Typed", "content_of", "fill", "put", "understood"]
