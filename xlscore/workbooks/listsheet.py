"""A list that goes along with an annex form, in front of it or behind: what is to be done, where.

Marked copies list their findings so, reply forms the contested rows: title, unit, what to do, then a
table with links into the form, printed on as many pages as it takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xlsxwriter.format import Format

from xlscore.workbooks.annexsheet import PADDING
from xlscore.workbooks.heights import MAX_ROW_HEIGHT, column_pixels, row_height
from xlscore.workbooks.pen import Book, WritingError
from xlscore.workbooks.scorecard.head import Head, unit_texts
from xlscore.workbooks.scorecard.looks import FAINT, HEADING, THIN
from xlscore.workbooks.scorecard.surroundings import unit_line

SIZE = 12.0
"""Of the letters in the table."""


class ListSheet:
    """One list under way.

    Args:
        columns: heading and width of each.
    """

    def __init__(self, book: Book, name: str, columns: Sequence[tuple[str, int]]) -> None:
        self.pen, self._book, self._columns = book.sheet(name), book, columns
        self.widths = [column_pixels(width) for _, width in columns]

    def begin(self, title: str, head: Head, to_do: str, answers: str = "") -> int:
        """Write title, unit, what to do and the headings; return the line of the first row.

        Args:
            answers: which file this one answers, if it answers any.
        """
        centred = self._book.look(bold=True, align="center")
        paragraphs = [
            (title, self._book.look(font_size=14, bold=True, align="center"), 14.0),
            (unit_line(head, unit_texts(head)), centred, SIZE),
            (f"Trả lời: {answers}" if answers else "", centred, SIZE),
            (to_do, self._book.look(align="left", valign="top"), SIZE),
        ]
        told = [paragraph for paragraph in paragraphs if paragraph[0]]
        for line, (text, look, size) in enumerate(told):
            self.across(line, text, look, size)
        self._headings(len(told))
        self._page(len(told))
        return len(told) + 1

    def across(self, line: int, text: str, look: Format, size: float = SIZE) -> None:
        """Write a paragraph over all columns."""
        self.pen.merge(line, (0, len(self._columns) - 1), text, look)
        height = row_height([(text, sum(self.widths), size, look.bold)])
        self.pen.height(line, min(height + 2 * PADDING, MAX_ROW_HEIGHT))

    def link(self, place: tuple[int, int], sheet: str, address: str, text: str) -> None:
        """Write a link to a cell of the form; programs show it on one line only."""
        look = self.look(align="center", font_color="#0563C1", underline=1)
        target = f"internal:'{sheet}'!{address}"
        if self.pen.sheet.write_url(*place, target, look, text):
            raise WritingError(f"write_url {target}")

    def fit(self, line: int, texts: Iterable[str], bold: Sequence[int] = ()) -> None:
        """Make a row as high as its texts need, one to a column; those in `bold` are wider."""
        cells = [
            (text, width, SIZE, column in bold)
            for column, (text, width) in enumerate(zip(texts, self.widths, strict=False))
        ]
        self.pen.height(line, min(row_height(cells) + PADDING, MAX_ROW_HEIGHT))

    def look(self, **more: object) -> Format:
        """Return the look of a cell of the table."""
        return self._book.look(border=THIN, border_color=FAINT, **more)

    def _headings(self, line: int) -> None:
        look = self.look(bold=True, align="center", bg_color=HEADING)
        for column, (heading, width) in enumerate(self._columns):
            self.pen.sheet.set_column(column, column, width)
            self.pen.text(line, column, heading, look)
        self.pen.height(line, 36)

    def _page(self, headings: int) -> None:
        sheet = self.pen.sheet
        sheet.freeze_panes(headings + 1, 0)
        sheet.repeat_rows(headings)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=1.18, right=0.59, top=0.79, bottom=0.79)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_header('&C&"Times New Roman,Regular"&13&P', {"margin": 0.39})
