"""How the sheets of an appraisal workbook are printed."""

from __future__ import annotations

from xlscore.workbooks.appraisal.model import Head
from xlscore.workbooks.pen import Pen


def page(pen: Pen, head: Head, serial: int) -> None:
    """Set up a sheet for A4, landscape, its pages numbered."""
    sheet = pen.sheet
    sheet.set_landscape()
    sheet.set_paper(9)
    # A working paper that is bound on its left.
    sheet.set_margins(left=0.79, right=0.39, top=0.71, bottom=0.59)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    font = '&"Times New Roman,Regular"'
    sheet.set_header(f"&C{font}&13&P", {"margin": 0.39})
    whose = f"{head.agency} – lần {head.round} – Số sổ: {serial:05d}".replace("&", "&&")
    # The size before the font: an agency's code may begin with a digit.
    sheet.set_footer(f"&L&10{font}{whose}", {"margin": 0.3})
    sheet.hide_gridlines(2)
    sheet.set_zoom(85)
