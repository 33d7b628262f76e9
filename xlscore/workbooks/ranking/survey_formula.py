"""The survey part of a total as a live formula: what `xlscore.ranking.parts` adds up, over a row's cells.

Of a best-of group only the best part counts. Where its parts mix channels, the formula follows the one
that is best in that very row, the first of equal ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlscore.ranking.parts import is_surveyed
from xlscore.rubric import Combine, Node
from xlscore.workbooks.quicksheet import letters

_SAME = 12
"""Decimals to which two parts count as equal: all that a leaf may have, and none of a double's noise."""


def survey_formula(domains: Sequence[Node], columns: Mapping[str, int]) -> str:
    """Return the formula of the survey part of these domains; `#` stands for the row.

    Args:
        columns: the 0-based column of every node.
    """
    return _sum([term for node in domains for term in _terms(node, columns)])


def _terms(node: Node, columns: Mapping[str, int]) -> Iterator[int | str]:
    """Yield what makes up a node's survey part: columns to add, and formulas."""
    surveyed = {is_surveyed(leaf) for leaf in node.leaves()}
    if surveyed == {True}:
        yield columns[node.id]
    elif surveyed == {True, False}:
        if node.combine is Combine.BEST:
            yield _of_the_best(node, columns)
        else:
            for child in node.nodes:
                yield from _terms(child, columns)


def _of_the_best(node: Node, columns: Mapping[str, int]) -> str:
    best = f"ROUND(MAX({_cells([columns[child.id] for child in node.nodes])}),{_SAME})"
    *others, last = node.nodes
    formula = _sum(list(_terms(last, columns)))
    for child in reversed(others):
        own = f"ROUND(SUM({letters(columns[child.id])}#),{_SAME})"
        formula = f"IF({own}={best},{_sum(list(_terms(child, columns)))},{formula})"
    return formula


def _sum(terms: Sequence[int | str]) -> str:
    cells = _cells([term for term in terms if isinstance(term, int)])
    formulas = [term for term in terms if isinstance(term, str)]
    return f"SUM({','.join(filter(None, (cells, *formulas)))})" if terms else "0"


def _cells(columns: Sequence[int]) -> str:
    """Return references to cells of the row, neighbours as ranges."""
    runs: list[list[int]] = []
    for column in columns:
        if runs and runs[-1][-1] == column - 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    return ",".join(
        f"{letters(run[0])}#" + (f":{letters(run[-1])}#" if len(run) > 1 else "") for run in runs
    )
