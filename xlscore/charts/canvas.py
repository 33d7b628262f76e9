"""What every chart is drawn with: marks, texts that fit, one picture (SVG) that needs nothing else.

Coordinates are pixels of a phone's width; the picture grows with the page. Names and values stand at the
marks themselves, and shades differ by pattern as well as by colour, so that a black-and-white copy says
the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape

from xlscore.text import showable

WIDTH = 360
INK, QUIET, LINE, SHADE = "#1c2430", "#444e5c", "#c3cbd6", "#1d4e89"
SIZE, SMALL = 12.0, 11.5
_FONT = "'Times New Roman','Liberation Serif',Tinos,Times,serif"
_LEADING = 1.28
_NARROW, _WIDE = set("ijlt.,;:!|'()[] "), set("mwMW%@—…")
_PATTERNS = (
    "",
    '<path d="M-1 5 5-1M2 8 8 2" stroke="#1d4e89" stroke-width="1.6"/>',
    '<circle cx="3" cy="3" r="1.2" fill="#1d4e89"/>',
    '<path d="M0 3H6" stroke="#1d4e89" stroke-width="1"/>',
)
_GROUNDS = (SHADE, "#dfe9f5", "#eef3f9", "#f5f8fb")
_LOOKS = {
    "": "",
    "bold": ' font-weight="700"',
    "quiet": f' fill="{QUIET}"',
    "value": ' font-weight="700" paint-order="stroke" stroke="#fff" stroke-width="3"',
}
"""How a text stands out; a value has a halo, since lines may cross it."""

SHADES = len(_PATTERNS) + 1
"""So many shades there are: solid, hatched, dotted, lined, empty."""


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is in Times, in pixels; rather too much than too little."""
    return sum(_em(char) for char in text) * size


def _em(char: str) -> float:
    if char in _NARROW:
        return 0.3
    if char in _WIDE or ord(char) > 0x2E00:  # noqa: PLR2004  scripts with full-width characters
        return 1.0
    return 0.72 if char.isupper() else 0.5


def wrapped(text: str, width: float, size: float, most: int = 2) -> list[str]:
    """Break a text into lines of at most `width` pixels; what goes beyond `most` lines ends in `…`."""
    lines = [""]
    for word in showable(text).split():
        for piece in _pieces(word, width, size):
            longer = f"{lines[-1]} {piece}".lstrip()
            if text_width(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(piece)
    lines = [line for line in lines if line] or [""]
    if len(lines) > most:
        lines = lines[:most]
        lines[-1] = f"{lines[-1].rstrip(' ,;.')}…"
    return lines


def _pieces(word: str, width: float, size: float) -> list[str]:
    """Break a word that no line takes."""
    pieces = [""]
    for char in word:
        if pieces[-1] and text_width(pieces[-1] + char, size) > width:
            pieces.append("")
        pieces[-1] += char
    return pieces


def at(value: float) -> str:
    """Spell a coordinate."""
    return f"{value:.1f}".removesuffix(".0").replace("-0", "0" if value > -0.05 else "-0")  # noqa: PLR2004


class Canvas:
    """A picture in the making; `y` is how far down it is drawn.

    Args:
        title: what the picture is called where it cannot be seen.
        description: what it shows, in a sentence.
    """

    def __init__(self, title: str, description: str) -> None:
        self._title, self._description = title, description
        self._parts: list[str] = []
        self._patterns: set[int] = set()
        self.y = 0.0

    def text(
        self,
        x: float,
        y: float,
        said: str,
        *,
        size: float = SIZE,
        anchor: str = "start",
        look: str = "",
    ) -> None:
        """Write a line of text; `y` is its base line, `look` one of `_LOOKS`."""
        shown = _LOOKS[look]
        shown += f' font-size="{at(size)}"' if size != SIZE else ""
        shown += f' text-anchor="{anchor}"' if anchor != "start" else ""
        self._parts.append(f'<text x="{at(x)}" y="{at(y)}"{shown}>{escape(showable(said))}</text>')

    def block(
        self, x: float, lines: Sequence[str], *, size: float = SIZE, anchor: str = "start"
    ) -> None:
        """Write lines from `y` on and go down by their height."""
        for line in lines:
            self.y += size * _LEADING
            self.text(x, self.y - size * 0.34, line, size=size, anchor=anchor)

    def box(
        self, x: float, y: float, width: float, height: float, shade: int, stroke: str = SHADE
    ) -> None:
        """Draw a box in one of the shades, 0 the darkest."""
        self._parts.append(
            f'<rect x="{at(x)}" y="{at(y)}" width="{at(max(width, 0))}" height="{at(height)}"'
            f' fill="{self._fill(shade)}" stroke="{stroke}" stroke-width=".8"/>'
        )

    def line(
        self, points: Sequence[tuple[float, float]], *, dash: str = "", width: float = 1,
        colour: str = LINE, closed: bool = False, fill: str = "none", behind: bool = False,
    ) -> None:  # fmt: skip
        """Draw a line through points, `behind` everything that is drawn already."""
        way = "L".join(f"{at(x)} {at(y)}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        inside = fill if fill == "none" else f'{fill}" fill-opacity=".16'
        self._parts.insert(
            0 if behind else len(self._parts),
            f'<path d="M{way}{"Z" if closed else ""}" fill="{inside}" stroke="{colour}"'
            f' stroke-width="{at(width)}"{dashes}/>',
        )

    def mark(self, x: float, y: float, kind: int, size: float = 3.2) -> None:
        """Draw a marker: disc, square, triangle, diamond, ring."""
        a, b, c = at(x), at(y), at(size)
        double = at(2 * size)
        shapes = (
            f'<circle cx="{a}" cy="{b}" r="{c}" fill="{SHADE}"/>',
            f'<path d="M{at(x - size)} {at(y - size)}h{double}v{double}h-{double}Z" fill="{INK}"/>',
            f'<path d="M{a} {at(y - size)}l{c} {double}h-{double}Z" fill="#b45309"/>',
            f'<path d="M{a} {at(y - size)}l{c} {c}-{c} {c}-{c}-{c}Z" fill="#fff" stroke="{INK}"/>',
            f'<circle cx="{a}" cy="{b}" r="{c}" fill="#fff" stroke="{SHADE}"/>',
        )
        self._parts.append(shapes[kind % len(shapes)])

    def _fill(self, shade: int) -> str:
        if shade % SHADES == len(_PATTERNS):
            return "#fff"
        if not _PATTERNS[shade % SHADES]:
            return SHADE
        self._patterns.add(shade % SHADES)
        return f"url(#@{shade % SHADES})"

    def svg(self) -> str:
        """Return the picture, as high as it was drawn."""
        body = "".join(self._parts)
        # Ids are the page's: two pictures must not share one, the same picture may.
        seed = f"{self._title}\n{self._description}\n{body}"
        own = "c" + hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:10]
        patterns = "".join(
            f'<pattern id="{own}-{n}" width="6" height="6" patternUnits="userSpaceOnUse">'
            f'<rect width="6" height="6" fill="{_GROUNDS[n]}"/>{_PATTERNS[n]}</pattern>'
            for n in sorted(self._patterns)
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {at(self.y)}"'
            f' aria-labelledby="{own}-t {own}-d" font-family="{_FONT}" font-size="{at(SIZE)}"'
            f' fill="{INK}"><title id="{own}-t">{escape(showable(self._title))}</title>'
            f'<desc id="{own}-d">{escape(showable(self._description))}</desc>'
            + (f"<defs>{patterns}</defs>" if patterns else "")
            + body.replace("url(#@", f"url(#{own}-")
            + "</svg>"
        )
