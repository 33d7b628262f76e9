"""Scores how punctually a unit sends its periodic reports (chấp hành chế độ báo cáo): an example plugin.

A scoring method, a check of returned scorecards, a column and a sheet of the ranking workbook.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from pydantic import Field

from xlscore import hookimpl
from xlscore.findings import Finding, finding
from xlscore.methods.base import Cells, Formula, Input, Method, Outcome, Place, Values, excel
from xlscore.numbers import plain
from xlscore.ranking import Results, UnitResult
from xlscore.rubric import Points, Text

__version__ = "1.0"
FIGURES = {"on_time": "đúng hạn", "late": "trễ hạn", "missing": "không gửi"}
MOST = 366  # one a day is the most that any rule asks for


class Punctuality(Method):
    """`{kind: punctuality, what: báo cáo, late_percent: 50}`: a late report counts half, a missing one 0."""

    kind: ClassVar[str] = "punctuality"
    title: ClassVar[str] = "Theo số báo cáo đúng hạn"
    what: Text = "báo cáo"
    late_percent: Points = Field(default=Decimal(50), ge=0, le=100)

    def inputs(self, maximum: Decimal) -> tuple[Input, ...]:
        return tuple(
            Input(key, f"Số {self.what} {words}", place=Place.BELOW, whole=True)
            for key, words in FIGURES.items()
        )

    def evaluate(self, values: Values, maximum: Decimal) -> Outcome:
        on_time, late, missing = (Fraction(values[key]) for key in FIGURES)
        due, top = on_time + late + missing, Fraction(maximum)
        counted = on_time + late * Fraction(self.late_percent) / 100
        return Outcome(counted * top / due if due else top, top)

    def formula(self, cells: Cells, maximum: Decimal) -> Formula:
        on_time, late, missing = (cells.inputs[key] for key in FIGURES)
        due, top = f"({on_time}+{late}+{missing})", cells.maximum
        counted = f"({on_time}+{late}*{excel(self.late_percent)}/100)"
        return Formula(f"IF({due}=0,{top},{counted}*{top}/{due})", top)

    def guidance(self, maximum: Decimal) -> tuple[str, ...]:
        share = excel(self.late_percent)
        return (f"Mỗi {self.what} trễ hạn tính bằng {share}% một {self.what} đúng hạn.",)


@hookimpl
def xlscore_scoring_methods() -> list[type[Method]]:
    """Offer the method to rubrics."""
    return [Punctuality]


@hookimpl
def xlscore_check(submission: Any, layout: Any) -> Iterator[Finding]:
    """Warn of a number of reports that nobody is asked for: most likely a slip of the finger."""
    for node, method in layout.methods.items():
        figures = submission.answers.values.get(node, {})
        if isinstance(method, Punctuality) and sum(figures.values()) > MOST:
            yield finding(
                "plugin-finding",
                row=layout.rubric.by_id[node].code,
                node=node,
                cell=submission.places[node, "on_time"],
                entered=plain(sum(figures.values())),
                params={
                    "text": f"Tổng số {method.what} trong năm là {plain(sum(figures.values()))}.",
                    "remedy": "Kiểm tra lại ba số liệu của tiêu chí.",
                },
            )


def reports(result: UnitResult) -> dict[str, Decimal] | None:
    """Return how many reports a unit sent on time, late and not at all; None for a missing unit."""
    if result.submission is None:
        return None
    answers = result.submission.answers.values
    methods = ((leaf.id, leaf.method or {}) for leaf in result.rubric.leaves)
    given = [answers.get(leaf, {}) for leaf, m in methods if m["kind"] == Punctuality.kind]
    return {key: sum((Decimal(g.get(key, 0)) for g in given), Decimal(0)) for key in FIGURES}


class LateReports:
    """A column of the ranking sheets: reports that came late or never."""

    title = "Số báo cáo trễ, thiếu"

    def value(self, result: UnitResult) -> Decimal | None:
        """Return the cell of one unit; None is blank."""
        counted = reports(result)
        return None if counted is None else counted["late"] + counted["missing"]


@hookimpl
def xlscore_ranking_columns(results: Results) -> list[LateReports]:
    """Add the column."""
    return [LateReports()]


@hookimpl
def xlscore_ranking_sheets(book: Any, results: Results) -> None:
    """Add a sheet with the figures of every unit that sent a scorecard."""
    counted = ((row.result.unit, reports(row.result)) for row in results.rows)
    rows = [[unit.code, unit.name, *found.values()] for unit, found in counted if found]
    book.add_table_sheet("Báo cáo đúng hạn", ["Mã", "Đơn vị", *FIGURES.values()], rows)
