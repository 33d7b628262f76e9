"""Lines over years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

from xlscore.charts.canvas import INK, SHADE, SMALL, WIDTH, Canvas, text_width, wrapped
from xlscore.numbers import Exact
from xlscore.summaries import figure

_HEIGHT = 120.0
_COLOURS = (SHADE, INK, "#b45309", "#5b6675", "#7a3b8f")
_DASHES = ("", "5 3", "1.5 2.5", "8 3 2 3", "3 2")
_LAST = 5
"""So many lines can be told apart."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name and a value per place; None where nothing is known."""

    name: str
    values: Sequence[Exact | None]


def line_chart(
    title: str,
    description: str,
    places: Sequence[str],
    series: Sequence[Series],
    *,
    decimals: int = 2,
    ranks: bool = False,
) -> str:
    """Return lines through named places (years).

    Args:
        series: at most five, which differ by colour, dashes and marker.
        ranks: whether the values are ranks, the first of which stands at the top.

    Raises:
        ValueError: more than five series, or one with another number of values than there are places.
    """
    if len(series) > _LAST or any(len(one.values) != len(places) for one in series):
        raise ValueError(title)
    canvas = Canvas(title, description)
    if len(series) > 1:
        _names(canvas, series)
    known = [float(value) for one in series for value in one.values if value is not None]
    low, high = _ends(known, ranks=ranks)
    top, left = canvas.y + 16, 22.0
    step = (WIDTH - 2 * left) / max(len(places) - 1, 1)

    def spot(place: int, value: float) -> tuple[float, float]:
        share = (value - low) / (high - low)
        middle = WIDTH / 2 if len(places) == 1 else left + place * step
        return middle, top + _HEIGHT * (share if ranks else 1 - share)

    for place, name in enumerate(places):
        x = spot(place, low)[0]
        canvas.line([(x, top - 6), (x, top + _HEIGHT + 6)])
        canvas.text(x, top + _HEIGHT + 20, name, size=SMALL, anchor="middle", look="quiet")
    for number, one in enumerate(series):
        spots = [None if v is None else spot(p, float(v)) for p, v in enumerate(one.values)]
        for part in _unbroken(spots):
            canvas.line(part, width=1.8, colour=_COLOURS[number], dash=_DASHES[number])
        for value, found in zip(one.values, spots, strict=True):
            if found is not None and value is not None:
                canvas.mark(*found, number)
                _value(canvas, found, figure(value, decimals), number)
    canvas.y = top + _HEIGHT + 26
    return canvas.svg()


def _ends(known: Sequence[float], *, ranks: bool) -> tuple[float, float]:
    """Return the ends of the scale; indices in steps of five, never less than ten points."""
    if not known:
        return 0.0, 1.0
    if ranks:
        return 1.0, max(*known, 2.0)
    low, high = floor(min(known) / 5) * 5.0, ceil(max(known) / 5) * 5.0
    return (low, high) if high - low >= 10 else (low - 5, high + 5)  # noqa: PLR2004


def _unbroken(spots: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """Yield runs of neighbours: a line never bridges a place of which nothing is known."""
    run: list[tuple[float, float]] = []
    for spot in [*spots, None]:
        if spot is not None:
            run.append(spot)
        elif run:
            if len(run) > 1:
                yield run
            run = []


def _value(canvas: Canvas, spot: tuple[float, float], said: str, number: int) -> None:
    """Write a value at its mark: of every second line below it."""
    x, y = spot
    half = text_width(said, SMALL) / 2
    middle = min(max(x, half), WIDTH - half)
    canvas.text(
        middle, y + (13 if number % 2 else -6), said, size=SMALL, anchor="middle", look="bold"
    )


def _names(canvas: Canvas, series: Sequence[Series]) -> None:
    for number, one in enumerate(series):
        canvas.line(
            [(0, canvas.y + 8), (26, canvas.y + 8)],
            width=1.8,
            colour=_COLOURS[number],
            dash=_DASHES[number],
        )
        canvas.mark(13, canvas.y + 8, number)
        canvas.block(32, wrapped(one.name, WIDTH - 32, SMALL, 1), size=SMALL)
