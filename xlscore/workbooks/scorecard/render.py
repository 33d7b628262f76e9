"""Render a scorecard (phiếu tự chấm điểm) as a locked workbook with live formulas.

One visible sheet to fill, one of instructions; hidden, the lists of choices and the identity.
What it shares with all issued workbooks is in `carrier`.
"""

from __future__ import annotations

from collections.abc import Callable

from xlscore.layout import Layout, RowKind
from xlscore.workbooks.carrier import finish, protect, put_lists, put_token, sheet_part
from xlscore.workbooks.members import Member, write_members
from xlscore.workbooks.pen import Book, Pen, strict
from xlscore.workbooks.scorecard.filling import Filling
from xlscore.workbooks.scorecard.guide import write_annex, write_guide
from xlscore.workbooks.scorecard.head import Head, UnitTexts, unit_texts
from xlscore.workbooks.scorecard.sheet import FormSheet, Lines, unit_lines

FORM_PART = sheet_part(1)

Opening = Callable[[Book], Pen]
"""Writes a further sheet that stands behind the form, and on which the workbook opens."""


def render_scorecard(
    layout: Layout,
    head: Head,
    password: str = "",
    filling: Filling | None = None,
    opening: Opening | None = None,
) -> bytes:
    """Return the workbook of one scorecard; an empty `password` protects without one.

    Args:
        layout: the form.
        head: what its letterhead says.
        password: of the sheet protection.
        filling: what it holds already; None leaves it blank.
        opening: a further sheet.

    Raises:
        WritingError: something could not be written.
        Warning: XlsxWriter left something out.
    """
    unit = unit_texts(head)
    lines = unit_lines(layout, head, unit)
    form = FormSheet(_book(head), layout, head, unit, filling or Filling())
    return write_members(_members(form, lines, password, opening))


def render_members(
    layout: Layout, head: Head, unit: UnitTexts, lines: Lines, password: str
) -> list[Member]:
    """Return the parts of the blank workbook with `unit`'s texts in it, laid out for `lines`."""
    return _members(FormSheet(_book(head), layout, head, unit, Filling()), lines, password)


def _book(head: Head) -> Book:
    return Book(title=head.title, subject=head.subtitle, author=head.office, company=head.authority)


def _members(
    form: FormSheet, lines: Lines, password: str, opening: Opening | None = None
) -> list[Member]:
    with strict():
        data = _render(form, lines, password, opening)
    return _finish(data, form.layout)


def _render(form: FormSheet, lines: Lines, password: str, opening: Opening | None) -> bytes:
    book, layout, unit = form.book, form.layout, form.unit
    form.write(lines)
    sheets = [form.pen, *([opening(book)] if opening else []), write_guide(book, form.head)]
    if layout.annex:
        sheets.append(write_annex(book, layout))
    sheets += [put_lists(book, layout.lists), put_token(book, unit.token)]
    protect(sheets, password)
    sheets[1 if opening else 0].sheet.activate()
    return book.close()


def _finish(data: bytes, layout: Layout) -> list[Member]:
    # A merged cell is never fitted: without a fixed height, guidance would shrink to a line.
    grows = {row.number for row in layout.rows if row.kind is not RowKind.GUIDANCE}
    return finish(data, {FORM_PART: grows})


__all__ = ["Head", "render_scorecard"]
