"""Render an appraisal workbook: the input sheet, its views, instructions, lists, identity."""

from __future__ import annotations

from collections.abc import Sequence

from xlscore.identity import KeyRing
from xlscore.workbooks.appraisal.columns import HEADING_LINE
from xlscore.workbooks.appraisal.guide import write_guide
from xlscore.workbooks.appraisal.model import Head, Line
from xlscore.workbooks.appraisal.sheet import InputSheet
from xlscore.workbooks.appraisal.views import write_views
from xlscore.workbooks.carrier import finish, protect, put_lists, put_token, sheet_part
from xlscore.workbooks.members import write_members
from xlscore.workbooks.pen import Book, strict

INPUT_PART = sheet_part(1)


def render_appraisal(
    head: Head,
    lines: Sequence[Line],
    signed: str,
    serial: int,
    ring: KeyRing,
    password: str = "",
) -> bytes:
    """Return the workbook of one agency and round.

    Args:
        lines: at least one, sorted by tier, domain, criterion and unit (see `exporting.appraisal`).
        signed: the signed token; serial: its number, by which the row keys are sealed.
        password: of the sheet protection.

    Raises:
        WritingError: something could not be written.
        Warning: XlsxWriter left something out.
    """
    book = Book(
        title=f"Thẩm định lần {head.round}", subject=head.agency_title, author=head.office,
        company=head.authority,
    )  # fmt: skip
    with strict():
        form = InputSheet(book, head, lines, serial, ring)
        form.write()
        sheets = [form.pen, *write_views(form)]
        others = [write_guide(book, head), put_lists(book, form.lists), put_token(book, signed)]
        protect(sheets, password, filters=True)
        protect(others, password)
        form.pen.sheet.activate()
        data = book.close()
    bands = {band.row for band in form.bands}
    growing = {row for row in range(HEADING_LINE + 1, form.last + 1) if row not in bands}
    return write_members(finish(data, {INPUT_PART: growing}))
