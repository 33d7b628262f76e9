"""Render a scorecard (phiếu tự chấm điểm) as a locked workbook with live formulas.

One visible sheet to fill, one of instructions; hidden, the lists of choices and the identity.
XlsxWriter renders, `_finish` then adds the few things that it cannot write.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from xlscore.form import LIST_SHEET, list_range
from xlscore.identity import DEFINED_NAME, META_SHEET, PROPERTY
from xlscore.layout import Layout, RowKind
from xlscore.workbooks.members import Member, deflate, read_members, write_members
from xlscore.workbooks.pen import Book, Pen, strict
from xlscore.workbooks.scorecard.filling import Filling
from xlscore.workbooks.scorecard.guide import write_annex, write_guide
from xlscore.workbooks.scorecard.head import Head, UnitTexts, unit_texts
from xlscore.workbooks.scorecard.inputs import list_name
from xlscore.workbooks.scorecard.sheet import FormSheet, Lines, unit_lines

FORM_PART, WORKBOOK_PART = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
_OPTIONS = {"format_rows": True, "format_columns": True}

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
    sheets += [_lists(book, layout), _meta(book, unit)]
    for pen in sheets:
        pen.sheet.protect(password, _OPTIONS)
    sheets[1 if opening else 0].sheet.activate()
    book.workbook.set_custom_property(PROPERTY, unit.token)
    book.define(DEFINED_NAME, f'="{unit.token}"')
    return book.close()


def _lists(book: Book, layout: Layout) -> Pen:
    pen = book.sheet(LIST_SHEET)
    for place, choices in enumerate(layout.lists):
        for row, choice in enumerate(choices):
            pen.text(row, place, choice)
        book.define(list_name(place), f"={list_range(place, len(choices))}")
    pen.sheet.hide()
    return pen


def _meta(book: Book, unit: UnitTexts) -> Pen:
    pen = book.sheet(META_SHEET)
    pen.text(0, 0, unit.token)
    pen.sheet.very_hidden()
    return pen


def _finish(data: bytes, layout: Layout) -> list[Member]:
    members = []
    for member in read_members(data):
        if member.name == FORM_PART:
            sheet = _finish_sheet(member.content.decode(), layout)
            members.append(deflate(member.name, sheet.encode()))
        elif member.name == WORKBOOK_PART:
            members.append(deflate(member.name, _finish_workbook(member.content.decode()).encode()))
        else:
            members.append(member)
    return members


def _finish_sheet(xml: str, layout: Layout) -> str:
    """Let rows grow, say that an open score is an empty text, number pages from the second on.

    An error that somebody typed is a constant, not the formula by which XlsxWriter writes it.
    """
    grows = {str(row.number) for row in layout.rows if row.kind is not RowKind.GUIDANCE}

    def growing(tag: re.Match[str]) -> str:
        return tag[0].replace(' customHeight="1"', "") if tag[1] in grows else tag[0]

    # A merged cell is never fitted: without a fixed height, guidance would shrink to a line.
    xml = re.sub(r'<row r="([0-9]+)"[^>]*>', growing, xml)
    xml = re.sub(r'(<c r="\w+"(?: s="\d+")?)(><f>[^<]*</f><v></v>)', r'\1 t="str"\2', xml)
    xml = re.sub(r'( t="e">)<f>[^<]*</f>', r"\1", xml)
    xml = xml.replace("<headerFooter>", '<headerFooter differentFirst="1">')
    footer = re.compile("<oddFooter>(.*?)</oddFooter>")
    return footer.sub(r"\g<0><firstFooter>\1</firstFooter>", xml)


def _finish_workbook(xml: str) -> str:
    """Lock the order of the sheets, hide the name that carries the token."""
    xml = re.sub(
        r"(<workbookPr[^>]*/>)", r'\1<workbookProtection lockStructure="1"/>', xml, count=1
    )
    return xml.replace(f'name="{DEFINED_NAME}"', f'name="{DEFINED_NAME}" hidden="1"')


__all__ = ["Head", "render_scorecard"]
