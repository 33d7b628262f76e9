"""Which column of a survey book a table from elsewhere means: by id, printed number, title; not guessed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from xlscore.findings import Finding, finding
from xlscore.table import heading_key
from xlscore.workbooks.surveys.plan import Criterion, SurveyColumn, SurveyPlan

_NEAREST = 3
_LIKE_A_NUMBER = re.compile(r"[0-9]+\.[0-9]*[1-9]0+")
"""A printed number such as `1.10`, which Excel turns into `1.1`."""


class ColumnNames:
    """The names by which the columns of a book may be called."""

    def __init__(self, plan: SurveyPlan) -> None:
        self._plan = plan
        self._columns: dict[str, set[str]] = {}
        self._shown: dict[str, str] = {}
        for criterion in plan.criteria:
            for column in criterion.columns:
                for name in _names(criterion, column):
                    self._add(name, column)

    def column(self, name: str, place: str) -> SurveyColumn | Finding:
        """Return the column that a heading, or criterion, group and option together, mean."""
        keys = self._columns.get(heading_key(name), set())
        if len(keys) == 1:
            return self._plan.columns[next(iter(keys))]
        if keys:
            choices = ", ".join(self._said(key) for key in sorted(keys)[: 2 * _NEAREST])
            params = {"choices": choices}
            return finding("table-criterion-ambiguous", entered=name, file=place, params=params)
        near = difflib.get_close_matches(heading_key(name), self._columns, n=_NEAREST, cutoff=0.4)
        params = {"choices": ", ".join(f"“{self._shown[key]}”" for key in near) or "–"}
        return finding("table-criterion-unknown", entered=name, file=place, params=params)

    def _add(self, name: str, column: SurveyColumn) -> None:
        self._shown.setdefault(heading_key(name), name)
        self._columns.setdefault(heading_key(name), set()).add(column.key)

    def _said(self, key: str) -> str:
        column = self._plan.columns[key]
        return " ".join(filter(None, (column.node, column.group, column.option)))


def _names(criterion: Criterion, column: SurveyColumn) -> Iterator[str]:
    leaf = criterion.leaf
    said = [leaf.id, leaf.code, leaf.title, f"{leaf.code} {leaf.title}"]
    if _LIKE_A_NUMBER.fullmatch(leaf.code):
        said.append(leaf.code.rstrip("0"))
    groups = {column.group, criterion.titles.get(column.group, "")}
    for name in said:
        for group in groups if column.group else {""}:
            yield " ".join(filter(None, (name, group, column.option)))
        if criterion.has_mean:  # so that a criterion alone is ambiguous, and not unknown
            yield name
