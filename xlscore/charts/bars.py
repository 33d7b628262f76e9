"""Bars: one per unit, and the parts of a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlscore.charts.canvas import LINE, SHADES, SMALL, WIDTH, Canvas, text_width, wrapped
from xlscore.numbers import Exact
from xlscore.summaries import count, figure

_BAR, _GAP = 11.0, 7.0
_FULL = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its value, the shade of its band (0 the best), what stands behind the value."""

    label: str
    value: Exact
    shade: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A value from which something holds: the lower end of a band."""

    label: str
    value: Exact


@dataclass(frozen=True, slots=True)
class Stack:
    """One whole and its parts, in numbers of units."""

    label: str
    counts: Sequence[int]


def bar_chart(
    title: str,
    description: str,
    bars: Sequence[Bar],
    *,
    limits: Sequence[Limit] = (),
    decimals: int = 2,
) -> str:
    """Return horizontal bars from 0 to 100 (or the highest value), each with its name above it."""
    canvas = Canvas(title, description)
    end = max([_FULL, *(float(bar.value) for bar in bars)])
    said = [_beside(bar, decimals) for bar in bars]
    room = WIDTH - 6 - max((text_width(text, SMALL) for text in said), default=0)
    shown = [limit for limit in limits if 0 < float(limit.value) < end]
    _limit_names(canvas, shown, room / end)
    top = canvas.y
    for bar, text in zip(bars, said, strict=True):
        canvas.block(0, wrapped(bar.label, WIDTH, SMALL), size=SMALL)
        length = max(float(bar.value), 0) / end * room
        canvas.box(0, canvas.y, length, _BAR, bar.shade)
        canvas.text(length + 4, canvas.y + _BAR - 2, text, size=SMALL, look="bold")
        canvas.y += _BAR + _GAP
    for limit in shown:
        x = float(limit.value) / end * room
        canvas.line([(x, top), (x, canvas.y - _GAP)], dash="2 3", colour="#8b96a5", behind=True)
    return canvas.svg()


def _beside(bar: Bar, decimals: int) -> str:
    value = figure(bar.value, decimals)
    return f"{value} · {bar.note}" if bar.note else value


def _limit_names(canvas: Canvas, limits: Sequence[Limit], scale: float) -> None:
    """Write the names over their lines, those that would touch one row lower."""
    ends = [-1.0, -1.0]
    rows = []
    for limit in sorted(limits, key=lambda one: one.value):
        x = float(limit.value) * scale
        label = wrapped(limit.label, WIDTH / 3, SMALL, 1)[0]
        half = text_width(label, SMALL) / 2
        middle = min(max(x, half), WIDTH - half)
        row = 0 if middle - half > ends[0] else 1
        ends[row] = middle + half + 4
        rows.append((row, middle, label))
    for row, middle, label in rows:
        base = canvas.y + SMALL + row * SMALL * 1.2
        canvas.text(middle, base, label, size=SMALL, anchor="middle", look="quiet")
    if rows:
        canvas.y += (1 + max(row for row, _, _ in rows)) * SMALL * 1.2 + 4


def stacked_chart(
    title: str, description: str, stacks: Sequence[Stack], names: Sequence[str]
) -> str:
    """Return one bar of full width per whole, its parts side by side, and what the shades mean."""
    canvas = Canvas(title, description)
    _legend(canvas, names)
    for stack in stacks:
        total = sum(stack.counts)
        canvas.block(0, wrapped(f"{stack.label} ({count(total)} đơn vị)", WIDTH, SMALL), size=SMALL)
        x, height = 0.4, 2 * _BAR
        for shade, number in enumerate(stack.counts):
            width = (WIDTH - 0.8) * number / total if total else 0
            if number:
                canvas.box(x, canvas.y, width, height, shade)
                _inside(canvas, x + width / 2, width, count(number))
            x += width
        canvas.y += height + _GAP
    return canvas.svg()


def _inside(canvas: Canvas, middle: float, width: float, said: str) -> None:
    """Write a number upon its part, on white ground, if there is room."""
    room = text_width(said, SMALL) + 4
    if width > room + 1:
        canvas.box(middle - room / 2, canvas.y + 4.5, room, 2 * _BAR - 9, SHADES - 1, "none")
        canvas.text(middle, canvas.y + _BAR + 3.6, said, size=SMALL, anchor="middle", look="bold")


def _legend(canvas: Canvas, names: Sequence[str]) -> None:
    x = 0.4
    for shade, name in enumerate(names):
        shown = wrapped(name, WIDTH - 20, SMALL, 1)[0]
        width = 15 + text_width(shown, SMALL) + 12
        if x > 1 and x + width > WIDTH + 12:
            x = 0.4
            canvas.y += SMALL * 1.5
        canvas.box(x, canvas.y + 1, 11, 9, shade)
        canvas.text(x + 15, canvas.y + 9, shown, size=SMALL)
        x += width
    canvas.y += SMALL * 1.5 + 4


def column_chart(
    title: str, description: str, columns: Sequence[tuple[str, int]], *, below: str = ""
) -> str:
    """Return upright bars of numbers of units: how many lie in each part of a scale."""
    canvas = Canvas(title, description)
    most, height = max([1, *(number for _, number in columns)]), 96.0
    step = WIDTH / max(len(columns), 1)
    base = SMALL * 1.3 + height
    for place, (label, number) in enumerate(columns):
        middle, tall = (place + 0.5) * step, height * number / most
        if number:
            canvas.box(middle - step * 0.4, base - tall, step * 0.8, tall, 1)
            canvas.text(
                middle, base - tall - 3, count(number), size=SMALL, anchor="middle", look="bold"
            )
        canvas.text(middle, base + SMALL * 1.2, label, size=10, anchor="middle", look="quiet")
    canvas.line([(0, base), (WIDTH, base)], colour=LINE)
    canvas.y = base + SMALL * 1.8
    if below:
        canvas.block(WIDTH / 2, [below], size=SMALL, anchor="middle")
    return canvas.svg()
