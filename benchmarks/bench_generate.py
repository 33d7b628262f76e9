"""Issue 1,000 scorecards by stamping a template, against rendering each: one run, as a ratio.

The renders are extrapolated from a few; both write the workbook's bytes, none of them to disk.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from xlscore.form import scorecard_layout
from xlscore.plugins import load
from xlscore.rubric_file import read_rubric
from xlscore.workbooks.scorecard.render import Head, render_scorecard
from xlscore.workbooks.scorecard.stamp import Template

CARDS, RENDERS, ROUNDS = 1000, 40, 5
RUBRIC = Path(__file__).parents[1] / "rubrics" / "vinh-long-2023" / "so.yaml"


def main(path: Path = RUBRIC) -> None:
    """Measure and print."""
    methods = load().methods()
    rubric = read_rubric(path, methods).rubric
    if rubric is None:
        sys.exit(f"{path} is no rubric")
    layout = scorecard_layout(rubric, methods)
    head = _head(rubric.title)
    template = Template(layout, head)
    template.stamp(head)
    stamped, rendered = [], []
    # Interleaved: what the machine does besides, it does to both.
    for start in range(ROUNDS):
        stamped.append(_seconds(template.stamp, head, start, CARDS // ROUNDS))
        rendered.append(
            _seconds(lambda one: render_scorecard(layout, one), head, start, RENDERS // ROUNDS)
        )
    stamp, render = statistics.median(stamped), statistics.median(rendered)
    size = len(template.stamp(head))
    print(f"form of {len(layout.rows)} rows, {size:,} bytes")
    print(f"stamp  {stamp * 1000:8.2f} ms a card, {stamp * CARDS:7.1f} s for {CARDS:,}")
    print(f"render {render * 1000:8.2f} ms a card, {render * CARDS:7.1f} s (extrapolated)")
    print(f"stamping is {render / stamp:.0f} times as fast")


def _head(title: str) -> Head:
    return Head(
        authority="Ủy ban nhân dân tỉnh",
        office="Sở Nội vụ",
        place="Vĩnh Long",
        title="PHIẾU TỰ CHẤM ĐIỂM",
        subtitle=title,
        legal_basis="",
        unit_name="",
        unit_code="",
        serial=0,
        role_title="",
        signatory="GIÁM ĐỐC",
        year=2023,
        deadline="",
        token="",
    )


def _seconds(make: Callable[[Head], bytes], head: Head, start: int, count: int) -> float:
    """Return the time of one card, over `count` different units."""
    heads = [
        replace(
            head,
            unit_name=f"Sở thứ {n}",
            unit_code=f"so-{n}",
            serial=n,
            token=f"XLS1.k1.{n:0120}.x",
        )
        for n in range(start * count, (start + 1) * count)
    ]
    begin = time.perf_counter()
    for one in heads:
        make(one)
    return (time.perf_counter() - begin) / count


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
