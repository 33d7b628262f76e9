"""The sealed content of a book of results: JSON on a very-hidden sheet, in pieces that a cell can hold.

One seal over the whole instead of one per row: a book is right or wrong as a whole, rows cannot be left
out, and what is read does not depend on where the visible cells have been moved to.
"""

from __future__ import annotations

import json
from typing import Any

from xlscore.identity import KeyRing, is_sealed, seal
from xlscore.reported import ResultBook, book_from_json, book_to_json
from xlscore.workbooks.package import Package
from xlscore.workbooks.pen import Book, Pen

CONTENT_SHEET = "xlscore_ket_qua"
MARK = "xlscore:results:1"
_PIECE = 30_000
"""Characters, all ASCII: a cell holds 32,767."""

_SEAL_DIGITS = 64
_MOST_PIECES = 2_000


class ContentError(Exception):
    """Content that cannot be used; `name` is that of the finding."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def content_text(book: ResultBook) -> str:
    """Return the book as text: only ASCII, so that no program changes a letter of it."""
    return json.dumps(book_to_json(book), sort_keys=True, separators=(",", ":"))


def put_content(book: Book, text: str, ring: KeyRing) -> Pen:
    """Write the content with its seal on a very-hidden sheet."""
    pen = book.sheet(CONTENT_SHEET)
    pen.text(0, 0, MARK)
    pen.text(1, 0, seal(text, ring, _SEAL_DIGITS))
    for place, start in enumerate(range(0, len(text), _PIECE), start=2):
        # Framed: what stands between may begin or end with a space.
        pen.text(place, 0, f"[{text[start : start + _PIECE]}]")
    pen.sheet.very_hidden()
    return pen


def find_content(package: Package, ring: KeyRing) -> ResultBook:
    """Return the content of a book, once its seal is proven.

    Raises:
        ContentError: there is none, it is damaged, or its seal does not hold.
    """
    sheets = [s for s in package.sheets if (c := s.cells.get((1, 1))) and c.value == MARK]
    if len(sheets) != 1:
        raise ContentError("book-damaged")
    cells = sheets[0].cells
    mac, pieces = cells.get((2, 1)), []
    for row in range(3, _MOST_PIECES):
        cell = cells.get((row, 1))
        if cell is None:
            break
        if not (cell.value.startswith("[") and cell.value.endswith("]")):
            raise ContentError("book-damaged")
        pieces.append(cell.value[1:-1])
    text = "".join(pieces)
    if mac is None or not is_sealed(text, mac.value, ring, _SEAL_DIGITS):
        raise ContentError("book-seal")
    try:
        data: Any = json.loads(text)
        return book_from_json(data)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise ContentError("book-damaged") from error
