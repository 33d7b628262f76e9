"""Render the council's book: differences to decide on, minutes to print, instructions; all locked."""

from __future__ import annotations

from xlscore.identity import KeyRing, Token
from xlscore.workbooks.carrier import finish, protect, put_lists, put_token, sheet_part
from xlscore.workbooks.council.columns import LISTS
from xlscore.workbooks.council.contents import CouncilBook
from xlscore.workbooks.council.differences import HEADING_ROW, Differences
from xlscore.workbooks.council.guide import write_guide
from xlscore.workbooks.council.minutes import Minutes
from xlscore.workbooks.members import write_members
from xlscore.workbooks.pen import Book, strict


def render_council(
    content: CouncilBook, token: Token, signed: str, ring: KeyRing, password: str = ""
) -> bytes:
    """Return the workbook; an empty `password` protects without one.

    Args:
        token: the book's identity, and `signed` the same as text.
        ring: seals the row keys.

    Raises:
        WritingError: something could not be written.
        Warning: XlsxWriter left something out.
    """
    with strict():
        book = Book(title=f"Sổ {content.council}", subject=content.title, company=content.authority)
        differences = Differences(book, content, token, ring)
        differences.write()
        minutes = Minutes(book, content, differences)
        minutes.write()
        pens = [differences.pen, minutes.pen, write_guide(book)]
        pens += [put_lists(book, LISTS), put_token(book, signed)]
        protect(pens, password, filters=True)
        differences.pen.sheet.activate()
        data = book.close()
    last = minutes.last
    growing = set(range(1, last + 1)) - minutes.fixed
    rows = range(HEADING_ROW, differences.last + 1)
    return write_members(finish(data, {sheet_part(1): rows, sheet_part(2): growing}))
