"""The looks of the input sheet's cells: printed, a figure's row, or typed into."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format

from xlscore.workbooks.pen import Book
from xlscore.workbooks.scorecard.looks import DOTTED, FAINT, SCORE_FORMAT, THIN, YELLOW

SIZE = 11
_CENTRED = frozenset({
    "code", "unit", "max", "declared", "self", "choice", "figure", "score", "result", "state",
})  # fmt: skip
_REPEATED = frozenset({"code", "unit", "name", "state"})
"""What a figure's row repeats of the row above, so that a filter keeps the two together."""


class Looks:
    """Makes each look once."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Format] = {}

    def of(self, key: str, kind: str) -> Format:
        """Return the look of a column's cells: `row` and `figure` are printed, `input` typed into."""
        if (key, kind) not in self._made:
            self._made[key, kind] = self._book.look(**_look(key, kind))
        return self._made[key, kind]


def _look(key: str, kind: str) -> dict[str, Any]:
    typed = kind == "input"
    look: dict[str, Any] = {
        "font_size": SIZE,
        "border": DOTTED if typed else THIN,
        "border_color": FAINT,
        "align": "center" if key in _CENTRED else "left",
    }
    if typed:
        look |= {"locked": False, "bg_color": YELLOW}
    if kind == "figure":
        look |= {"italic": True, "indent": 1 if key == "title" else 0}
        look |= {"font_color": FAINT} if key in _REPEATED else {}
    if key in {"self", "score", "result"}:
        look |= {"num_format": SCORE_FORMAT, "bold": key == "result"}
    if key == "reason" and typed:
        # As text: a document's `12/3` must not turn into a date.
        look |= {"num_format": "@", "valign": "top"}
    return look
