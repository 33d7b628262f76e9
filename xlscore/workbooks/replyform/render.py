"""Render a reply form as a locked workbook: the form, the list of contested rows, the annex, the identity."""

from __future__ import annotations

from xlscore.layout import Layout, RowKind
from xlscore.workbooks.annexsheet import unit_lines
from xlscore.workbooks.carrier import finish, protect, put_lists, put_token, sheet_part
from xlscore.workbooks.members import write_members
from xlscore.workbooks.pen import Book, strict
from xlscore.workbooks.replyform.listsheet import ContestedList
from xlscore.workbooks.replyform.sheet import ReplySheet
from xlscore.workbooks.scorecard.guide import write_annex
from xlscore.workbooks.scorecard.head import Head, unit_texts

FORM_PART, LIST_PART = sheet_part(1), sheet_part(2)


def render_reply(layout: Layout, head: Head, password: str = "") -> bytes:
    """Return the workbook of one reply form; it opens on the list of what is contested.

    Raises:
        WritingError: something could not be written.
        Warning: XlsxWriter left something out.
    """
    with strict():
        data = _render(layout, head, password)
    grows = {row.number for row in layout.rows if row.kind is not RowKind.GUIDANCE}
    return write_members(finish(data, {FORM_PART: grows}))


def _render(layout: Layout, head: Head, password: str) -> bytes:
    unit = unit_texts(head)
    book = Book(title=head.title, subject=head.subtitle, author=head.office, company=head.authority)
    form = ReplySheet(book, layout, head, unit)
    form.write(unit_lines(layout, form.parting, unit.upper_name, form.around.unit))
    sheets = [form.pen, ContestedList(layout, head).write(book)]
    if layout.annex:
        sheets.append(write_annex(book, layout))
    sheets[1].sheet.activate()
    sheets += [put_lists(book, layout.lists), put_token(book, unit.token)]
    protect(sheets, password)
    return book.close()
