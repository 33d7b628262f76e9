"""The rows of a rubric that take figures of a survey or a published index, and how these are read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from xlscore.methods import Registry, method_of
from xlscore.methods.base import Source
from xlscore.numbers import NumberText, from_excel, understand
from xlscore.rubric import Rubric, settle
from xlscore.table import TableRow

_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class SurveyLeaf:
    """A survey leaf: its id, the highest figure it takes, how many years old that may be."""

    node: str
    highest: Decimal | None
    fallback: int


def survey_value(row: TableRow, highest: Decimal | None) -> Decimal | None:
    """Return a row's figure: 83,333 is no thousand where none may be, and a real number is itself."""
    return table_number(row, "value", highest).value


def table_number(row: TableRow, heading: str, highest: Decimal | None) -> NumberText:
    """Return what stands under a heading of a table, read as a number that is at most `highest`."""
    typed = row.values.get(heading, "")
    if heading in row.numbers:
        return NumberText(value=from_excel(typed))
    below = highest is not None and highest < _THOUSAND
    return understand(typed, below_thousand=below)


def survey_leaves(rubric: Rubric, methods: Registry) -> dict[str, SurveyLeaf]:
    """Return the survey leaves by id, and by printed code where that is unique."""
    found: dict[str, SurveyLeaf] = {}
    codes: dict[str, list[SurveyLeaf]] = {}
    for leaf in rubric.leaves:
        # Values by unit attribute are settled by their default: which inputs there are is the same.
        settled = leaf.model_copy(update={"method": settle(leaf.method, {})})
        method = method_of(settled, methods)
        for item in method.inputs(leaf.max):
            if item.source is Source.SURVEY:
                fallback = int(getattr(method, "fallback", 0))
                found[leaf.id] = SurveyLeaf(leaf.id, item.maximum, fallback)
                codes.setdefault(leaf.code, []).append(found[leaf.id])
    return {code: leaves[0] for code, leaves in codes.items() if len(leaves) == 1} | found
