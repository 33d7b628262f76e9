"""Read a returned book of results: its sealed content counts, what its cells show is only compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlscore.campaign import Unit
from xlscore.findings import Finding, finding, has_errors
from xlscore.identity import KeyRing, Token
from xlscore.numbers import from_excel, plain
from xlscore.reported import ResultBook, book_to_json, sealing_keys
from xlscore.text import folded
from xlscore.workbooks.kinds import Book, Office
from xlscore.workbooks.package import Cell, Package, cell_address
from xlscore.workbooks.resultbook.checks import check_book
from xlscore.workbooks.resultbook.content import ContentError, find_content
from xlscore.workbooks.resultbook.pages import (
    DETAIL_COLUMNS,
    DETAILS,
    DETAILS_FIRST,
    SUMMARY,
    SUMMARY_COLUMNS,
    SUMMARY_FIRST,
    Column,
    Shown,
    Subject,
    detail_rows,
    summary_rows,
)

_NEAR = Decimal("1e-9")


def read_result_book(package: Package, token: Token, office: Office) -> Book | Finding:
    """Return what a district reports, or the finding that refuses the file.

    A book counts as a whole or not at all: half a district cannot be ranked.
    """
    parent = office.campaign.units[token.unit]
    ring = sealing_keys(office.existing_keys() or KeyRing("", {}), token.unit, token.serial)
    said = {"parent": parent.name, "serial": f"{token.serial:05d}", "code": parent.code}
    try:
        book = find_content(package, ring)
    except ContentError as error:
        return finding(error.name, params=said)
    told = (book.campaign, book.parent, book.serial)
    expected = (token.campaign, token.unit, token.serial)
    if told != expected:
        params = {**said, "expected": _named(*expected)}
        return finding("book-contradicts", entered=_named(*told), params=params)
    findings = list(check_book(book, parent, office))
    if has_errors(findings):
        return Book(SUMMARY, {}, tuple(findings), refused=True)
    findings += _shown_otherwise(package, book, parent, office)
    if book.provisional:
        waiting = sum(len({*u.pending, *u.unsettled}) for u in book.units.values() if u)
        findings.append(finding("book-provisional", params={**said, "count": str(waiting)}))
    return Book(SUMMARY, book_to_json(book), tuple(findings))


def _named(campaign: str, parent: str, serial: int) -> str:
    return f"{campaign}/{parent}, {serial:05d}"


# --- what the sheets show ---------------------------------------------------------------------------


def _shown_otherwise(
    package: Package, book: ResultBook, parent: Unit, office: Office
) -> Iterator[Finding]:
    """Yield the visible cells that say something else than the sealed content."""
    units = (office.campaign.units[code] for code in book.units)
    subjects = [Subject(u.code, u.name, office.campaign.rubric(u)) for u in units]
    for name, columns, first, rows in (
        (SUMMARY, SUMMARY_COLUMNS, SUMMARY_FIRST, summary_rows(book, subjects)),
        (DETAILS, DETAIL_COLUMNS, DETAILS_FIRST, detail_rows(book, subjects)),
    ):
        sheet = next((s for s in package.sheets if s.name == name), None)
        if sheet is None:
            params = {"parent": parent.name, "expected": f"“{name}”"}
            yield finding("book-shown", params=params)
            continue
        for number, row in enumerate(rows, start=first + 1):
            cells = [sheet.cells.get((number, place + 1)) for place in range(len(columns))]
            for place in _differing(columns, row, cells):
                params = {"parent": parent.name, "expected": _said(row[place])}
                address, cell = cell_address(number, place + 1), cells[place]
                entered = cell.value if cell else ""
                yield finding(
                    "book-shown", sheet=name, cell=address, entered=entered, params=params
                )


def _differing(
    columns: Sequence[Column], row: Sequence[Shown], cells: Sequence[Cell | None]
) -> Iterator[int]:
    for place, (column, shown, cell) in enumerate(zip(columns, row, cells, strict=True)):
        if not column.wording and not _same(shown, cell):
            yield place


def _same(shown: Shown, cell: Cell | None) -> bool:
    value = cell.value if cell else ""
    if shown is None or isinstance(shown, str):
        return folded(shown or "") == folded(value)
    try:
        return abs(from_excel(value) - shown) <= _NEAR
    except ValueError:
        return False


def _said(shown: Shown) -> str:
    if shown is None or shown == "":
        return "–"
    return shown if isinstance(shown, str) else plain(Decimal(shown))
