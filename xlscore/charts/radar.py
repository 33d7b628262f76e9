"""A unit's component indices around a centre (biểu đồ mạng nhện)."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

from xlscore.charts.canvas import INK, SHADE, SMALL, WIDTH, Canvas, text_width, wrapped
from xlscore.charts.lines import Series
from xlscore.summaries import figure

_RADIUS = 92.0
_RINGS = (25, 50, 75, 100)
_FEWEST = 3
_LOOKS = ((SHADE, "", SHADE), (INK, "4 3", "none"))


def radar_chart(
    title: str,
    description: str,
    axes: Sequence[str],
    series: Sequence[Series],
    *,
    decimals: int = 0,
) -> str:
    """Return a radar from 0 to 100 percent; an axis without a value is drawn, and no line reaches it.

    Args:
        axes: short names, from the top clockwise.
        series: one or two; the values of the first are written at the axes.

    Raises:
        ValueError: fewer than three axes, more than two series, or values that are not one per axis.
    """
    fits = all(len(one.values) == len(axes) for one in series)
    if len(axes) < _FEWEST or not 0 < len(series) <= len(_LOOKS) or not fits:
        raise ValueError(title)
    canvas = Canvas(title, description)
    centre = (WIDTH / 2, _RADIUS + 30)

    def spot(axis: int, share: float) -> tuple[float, float]:
        angle = 2 * pi * axis / len(axes)
        far = _RADIUS * min(max(share, 0), 100) / 100
        return centre[0] + far * sin(angle), centre[1] - far * cos(angle)

    for ring in _RINGS:
        canvas.line([spot(axis, ring) for axis in range(len(axes))], closed=True, width=0.8)
    for axis in range(len(axes)):
        canvas.line([centre, spot(axis, 100)], width=0.8)
    for number, one in reversed(list(enumerate(series))):
        colour, dash, fill = _LOOKS[number]
        spots = [spot(a, float(v)) for a, v in enumerate(one.values) if v is not None]
        if spots:
            canvas.line(spots, closed=True, width=1.8, colour=colour, dash=dash, fill=fill)
        for found in spots:
            canvas.mark(*found, number, 2.6)
    for axis, (name, value) in enumerate(zip(axes, series[0].values, strict=True)):
        said = "–" if value is None else figure(value, decimals)
        _label(canvas, spot(axis, 100), centre, f"{wrapped(name, WIDTH / 5, SMALL, 1)[0]}: {said}")
    canvas.y = centre[1] + _RADIUS + 26
    if len(series) > 1:
        _names(canvas, series)
    return canvas.svg()


def _label(
    canvas: Canvas, end: tuple[float, float], centre: tuple[float, float], said: str
) -> None:
    """Write a name beyond the end of its axis."""
    x = end[0] + (end[0] - centre[0]) * 0.09
    y = end[1] + (end[1] - centre[1]) * 0.12 + 4
    side = end[0] - centre[0]
    anchor = "middle" if abs(side) < 1 else "start" if side > 0 else "end"
    width = text_width(said, SMALL)
    if anchor == "start":
        x = min(x, WIDTH - width)
    elif anchor == "end":
        x = max(x, width)
    canvas.text(x, y, said, size=SMALL, anchor=anchor, look="bold")


def _names(canvas: Canvas, series: Sequence[Series]) -> None:
    for number, one in enumerate(series):
        colour, dash, _ = _LOOKS[number]
        canvas.line([(60, canvas.y + 8), (86, canvas.y + 8)], width=1.8, colour=colour, dash=dash)
        canvas.mark(73, canvas.y + 8, number, 2.6)
        canvas.block(92, wrapped(one.name, WIDTH - 110, SMALL, 1), size=SMALL)
