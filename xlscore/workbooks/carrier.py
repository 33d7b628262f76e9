"""What every issued workbook shares: the token it carries, lists of choices, protection, last touches.

The token stands in a custom property, a hidden defined name and a very-hidden sheet (see `identity`).
XlsxWriter renders; `finish` then adds the few things that it cannot write.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from xlscore.form import LIST_SHEET, list_range
from xlscore.identity import DEFINED_NAME, META_SHEET, PROPERTY
from xlscore.workbooks.members import Member, deflate, read_members
from xlscore.workbooks.pen import Book, Pen

WORKBOOK_PART = "xl/workbook.xml"
_OPTIONS = {"format_rows": True, "format_columns": True}
_FILTER = {"autofilter": True}

Growing = Collection[int] | None
"""Numbers of the rows (from 1) whose height a program may fit to what is typed; None for all."""


def sheet_part(place: int) -> str:
    """Return the name of the package part of the `place`-th (from 1) sheet."""
    return f"xl/worksheets/sheet{place}.xml"


def list_name(place: int) -> str:
    """Return the defined name of the `place`-th (0-based) list of choices."""
    return f"dm_{place + 1}"


def put_lists(book: Book, lists: Iterable[Sequence[str]]) -> Pen:
    """Write lists of choices on a hidden sheet, each a column under a defined name (`list_name`)."""
    pen = book.sheet(LIST_SHEET)
    for place, choices in enumerate(lists):
        for row, choice in enumerate(choices):
            pen.text(row, place, choice)
        book.define(list_name(place), f"={list_range(place, len(choices))}")
    pen.sheet.hide()
    return pen


def put_token(book: Book, token: str) -> Pen:
    """Put the signed token into its three places; the very-hidden sheet stands where this is called."""
    pen = book.sheet(META_SHEET)
    pen.text(0, 0, token)
    pen.sheet.very_hidden()
    book.workbook.set_custom_property(PROPERTY, token)
    book.define(DEFINED_NAME, f'="{token}"')
    return pen


def protect(pens: Iterable[Pen], password: str, *, filters: bool = False) -> None:
    """Lock sheets: rows and columns may be resized and, with `filters`, an AutoFilter be used.

    Excel sorts locked cells for nobody, whatever is allowed: sorted views have to be made.
    """
    for pen in pens:
        pen.sheet.protect(password, _OPTIONS | _FILTER if filters else _OPTIONS)


def finish(data: bytes, sheets: Mapping[str, Growing]) -> list[Member]:
    """Return the parts of a workbook that XlsxWriter wrote, with what it cannot write added.

    The structure of the workbook is locked and the name with the token hidden; in each of `sheets`
    (by part, see `sheet_part`) rows grow, open results are empty texts, pages count from the second.
    """
    members = []
    for member in read_members(data):
        if member.name in sheets:
            sheet = _finish_sheet(member.content.decode(), sheets[member.name])
            members.append(deflate(member.name, sheet.encode()))
        elif member.name == WORKBOOK_PART:
            members.append(deflate(member.name, _finish_workbook(member.content.decode()).encode()))
        else:
            members.append(member)
    return members


def _finish_sheet(xml: str, growing: Growing) -> str:
    """Let rows grow, say that an open score is an empty text, number pages from the second on.

    An error that somebody typed is a constant, not the formula by which XlsxWriter writes it.
    """
    grows = None if growing is None else {str(number) for number in growing}

    def fitted(tag: re.Match[str]) -> str:
        free = grows is None or tag[1] in grows
        return tag[0].replace(' customHeight="1"', "") if free else tag[0]

    xml = re.sub(r'<row r="([0-9]+)"[^>]*>', fitted, xml)
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
