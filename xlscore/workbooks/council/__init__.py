"""The council's book (sổ hội đồng): the differences it decides on, and the minutes of its meeting."""

from xlscore.workbooks.council.book import render_council
from xlscore.workbooks.council.contents import CouncilBook, CouncilRow, Figure, UnitPart
from xlscore.workbooks.council.fill import Word, fill_council
from xlscore.workbooks.council.reading import read_council

__all__ = [
    "CouncilBook",
    "CouncilRow",
    "Figure",
    "UnitPart",
    "Word",
    "fill_council",
    "read_council",
    "render_council",
]
