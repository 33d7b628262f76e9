"""Row heights for wrapped text, computed from the widths of its letters.

A row that is written without a height is fitted by Excel when the file is opened, but not by
LibreOffice, which draws the lines over one another. So each row gets a height that does for both:

* Excel lays text out on the screen in whole pixels per letter, LibreOffice and every printer in
  exact widths. The wider of the two counts, word by word.
* Excel's line is taller than LibreOffice's (15.75 against 12.7 points at a size of 12): Excel's
  counts.
* Excel's columns are narrower than LibreOffice's: Excel's count.

Widths are in pixels at 96 dpi, heights in points.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from xlscore.workbooks.font_widths import ADVANCES, UNITS_PER_EM

MAX_ROW_HEIGHT = 409.5
"""The tallest row that Excel can show. `row_height` may ask for more: part the text then."""

DEFAULT_ROW_HEIGHT = 15.0
"""The height of an empty row (Calibri 11, Excel's standard font)."""

_PIXELS_PER_POINT = 96 / 72
_DIGIT_PIXELS = 7  # the widest digit of the standard font
_CELL_PADDING = 5  # two pixels left, two right, one for the grid line
# Excel fits a line of Times New Roman 10, 11, 12, 13, 14 to 12.75, 15, 15.75, 16.5, 18.75 points,
# and n lines to n times that.
_LINE_SPACING = 1.31

# Where a line may end: behind spaces (Unicode line breaking, UAX #14). But a space does not part a
# word from the mark that closes or divides (`a / b`, `a :`), nor an opening bracket from what
# follows, nor a quotation mark from an opening bracket.
_BREAKS = re.compile(
    r"""(?<=[ \t]) (?<![(\[{][ ]) (?! (?<=["'“”‘’«»][ ]) [(\[{] ) (?=[^ \t)\]}!?:;,./])""",
    re.VERBOSE,
)
# Where a word wider than its cell is parted, before it is broken by letters. Programs differ
# in where else they break at a hyphen or a slash; not to break there is never a line too few.
_SEAMS = re.compile(r"(?<=[/?&=-])")
_NEW_LINES = re.compile(r"\r\n|\r|\n")


def column_pixels(chars: float) -> int:
    """Return the width in pixels of a column that is `chars` characters wide.

    Excel's rule for a standard font whose digits are 7 pixels wide.
    """
    if chars < 1:
        return int(chars * (_DIGIT_PIXELS + _CELL_PADDING) + 0.5)
    return int(chars * _DIGIT_PIXELS + 0.5) + _CELL_PADDING


@lru_cache(maxsize=65_536)  # titles and names recur on every unit's row
def text_lines(
    text: str, width_px: float, size_pt: float, *, bold: bool = False, italic: bool = False
) -> int:
    """Return how many lines `text` takes in a wrapped cell of Times New Roman, at least 1.

    Args:
        text: line feeds are honoured.
        width_px: width of the cell (of all its columns, if merged), with its padding.
        size_pt: size of the font in points.
        bold: whether the font is bold.
        italic: whether the font is italic.
    """
    room = width_px - _CELL_PADDING
    font = (size_pt, bold, italic)
    return sum(_paragraph_lines(part, room, font) for part in _NEW_LINES.split(text))


def row_height(cells: Iterable[tuple[str, float, float, bool]]) -> float:
    """Return the height in points that a row needs for its cells: (text, width_px, size_pt, bold).

    The result is a whole number of pixels, at least `DEFAULT_ROW_HEIGHT` (LibreOffice makes no row
    lower than its empty cells), and may exceed `MAX_ROW_HEIGHT`.
    """
    heights = [
        text_lines(text, width_px, size_pt, bold=bold) * line_height(size_pt)
        for text, width_px, size_pt, bold in cells
    ]
    return max([DEFAULT_ROW_HEIGHT, *heights])


def line_height(size_pt: float) -> float:
    """Return the height in points of one line of Times New Roman, a whole number of pixels."""
    return math.ceil(size_pt * _LINE_SPACING * _PIXELS_PER_POINT) / _PIXELS_PER_POINT


def _paragraph_lines(paragraph: str, room: float, font: tuple[float, bool, bool]) -> int:
    lines, used = 1, 0.0
    for word in _BREAKS.split(paragraph):
        width = _width(word.rstrip(" \t"), *font)  # spaces may hang over the edge
        if used and used + width > room:
            lines, used = lines + 1, 0.0
        if width > room:
            further, used = _broken_word(word, room, font)
            lines += further
        else:
            used += _width(word, *font)
    return lines


def _broken_word(word: str, room: float, font: tuple[float, bool, bool]) -> tuple[int, float]:
    """Lay out a word wider than a line: further lines that it takes, width used of the last one."""
    further, used = 0, 0.0
    for part in _SEAMS.split(word):
        wide = _width(part.rstrip(" \t"), *font) > room
        if wide and used:
            further, used = further + 1, 0.0
        for piece in part if wide else [part]:
            width = _width(piece, *font)
            if used and used + width > room:
                further, used = further + 1, 0.0
            used += width
    return further, used


@lru_cache(maxsize=16_384)  # syllables recur: most of a rubric is found here
def _width(word: str, size_pt: float, bold: bool, italic: bool) -> float:  # noqa: FBT001 (cache key)
    advances = ADVANCES[bold, italic]
    units = [advances[c] if c in advances else _unlisted(c, advances) for c in word]
    size = size_pt * _PIXELS_PER_POINT
    pixels = round(size)
    on_screen = sum((unit * pixels + UNITS_PER_EM // 2) // UNITS_PER_EM for unit in units)
    return max(on_screen, sum(units) * size / UNITS_PER_EM)


def _unlisted(letter: str, advances: dict[str, int]) -> int:
    """Return the width of a letter outside the table: a whole em where nothing better is known."""
    if unicodedata.category(letter) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    parts = unicodedata.decomposition(letter).split()
    if not parts or parts[0].startswith("<"):
        return UNITS_PER_EM
    base = chr(int(parts[0], 16))
    return advances[base] if base in advances else _unlisted(base, advances)
