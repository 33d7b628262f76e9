"""Charts (biểu đồ) as pictures in the page itself: inline SVG made from plain values.

They have no script, load nothing, say what they are (`role="img"`, title, description), and are legible
in black and white: values and names stand at the marks, shades differ by pattern.
"""

from xlscore.charts.bars import Bar, Limit, Stack, bar_chart, column_chart, stacked_chart
from xlscore.charts.canvas import SHADES
from xlscore.charts.lines import Series, line_chart
from xlscore.charts.radar import radar_chart

__all__ = [
    "SHADES",
    "Bar",
    "Limit",
    "Series",
    "Stack",
    "bar_chart",
    "column_chart",
    "line_chart",
    "radar_chart",
    "stacked_chart",
]
