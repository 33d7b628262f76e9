"""Type replies into an issued reply form as a spreadsheet program would: for demos and tests."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xlscore.appraising.replying import progress_words, reading_layout
from xlscore.findings import Finding, message
from xlscore.layout import COMPLETE, Column, Layout, Slot
from xlscore.workbooks.formsheet import FormSheet, find_form, text_of
from xlscore.workbooks.members import read_members, replace_members
from xlscore.workbooks.package import cell_address, parse_address, parse_package
from xlscore.workbooks.replyform.listsheet import ANSWERED, DONE, STATE_COLUMN
from xlscore.workbooks.replyform.render import FORM_PART, LIST_PART
from xlscore.workbooks.replyform.sheet import LIST_SHEET
from xlscore.workbooks.scorecard.typed import Typed, content_of
from xlscore.workbooks.sheet_xml import SheetEditor

_STYLES_PART = "xl/styles.xml"
_PROGRESS_ROW = 6


def fill_reply(
    data: bytes, whole: Layout, typed: Mapping[tuple[str, str], Typed], *, complete: bool = True
) -> bytes:
    """Return the issued reply form `data` with replies typed into it, locked cells too.

    Args:
        whole: the layout of the unit's whole scorecard.
        typed: by node id and `Slot.REPLY` or `Slot.ADDED`.
        complete: whether the state cell is set.

    Raises:
        ValueError: this is no reply form of that scorecard.
    """
    form = find_form(parse_package(data), reading_layout(whole))
    if isinstance(form, Finding):
        raise ValueError(message(form, "en"))  # noqa: TRY004  the file is wrong, not a type
    parts = {m.name: m.content.decode() for m in read_members(data)
             if m.name in {FORM_PART, LIST_PART, _STYLES_PART}}  # fmt: skip
    editor = SheetEditor(parts[FORM_PART], parts[_STYLES_PART])
    said_all: dict[tuple[str, str], Typed] = dict(typed)
    if complete:
        said_all["", Slot.SUBMIT] = COMPLETE
    for place, said in said_all.items():
        row, column, _ = form.layout.entries[place]
        editor.put(form.address(row.key, column), content_of(said))
    answered = _show(editor, form, {node for node, _ in typed})
    listed = SheetEditor(parts[LIST_PART], parts[_STYLES_PART])
    state_row, state_column, _ = form.layout.entries["", Slot.SUBMIT]
    for address in _listed(data, answered):
        listed.show(address, ANSWERED)
    for address in _listed(
        data, {form.address(state_row.key, state_column)} if complete else set()
    ):
        listed.show(address, DONE)
    changed = {FORM_PART: editor.sheet(), _STYLES_PART: editor.styles(), LIST_PART: listed.sheet()}
    return replace_members(data, {name: text.encode() for name, text in changed.items()})


def _show(editor: SheetEditor, form: FormSheet, typed: set[str]) -> set[str]:
    """Give the form's formulas their new cached values; return the addresses that are answered."""
    open_ = [row for row in form.layout.rows if text_of(form.cell(row.key, Column.OPEN))]
    answered = set()
    for row in open_:
        if row.node in typed:
            editor.show(form.address(row.key, Column.MISSING), Decimal(0))
            answered.add(form.address(row.key, Column.REPLY))
    column = form.address(open_[0].key, Column.EVIDENCE) if open_ else ""
    if column:
        place = cell_address(_PROGRESS_ROW, parse_address(column)[1])
        editor.show(place, progress_words(len(open_), len(open_) - len(answered)))
    return answered


def _listed(data: bytes, answered: set[str]) -> list[str]:
    sheet = next(sheet for sheet in parse_package(data).sheets if sheet.name == LIST_SHEET)
    links = {f"Ô {address}" for address in answered}
    return [
        cell_address(row, STATE_COLUMN + 1)
        for (row, _), cell in sheet.cells.items()
        if cell.value in links
    ]
