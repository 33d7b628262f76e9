"""The header of a rubric as labelled values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlscore.numbers import plain
from xlscore.rubric import Rubric
from xlscore.workbooks.rubric_book.columns import SCALARS
from xlscore.workbooks.rubric_book.nodes import read_counts

NUMBERS = frozenset({"year", "scale", "declared.totals.self", "declared.totals.survey"})
"""Fields whose cell is a number."""


def header_values(rubric: Rubric) -> dict[str, str]:
    """Return the text of every row of the information sheet by its field."""
    totals = rubric.declared.totals
    values = {
        "year": str(rubric.year),
        "scale": plain(rubric.scale),
        "declared.counts": "; ".join(map(str, rubric.declared.counts)),
        "provenance.structure": rubric.provenance.structure,
        "provenance.content": rubric.provenance.content,
        **{f"declared.totals.{part}": plain(points) for part, points in totals.items()},
    }
    return {name: values.get(name) or str(getattr(rubric, name, "")) for name in SCALARS}


def header_data(
    values: Mapping[str, str], people: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Return the header of a rubric as plain data; blank values are left out.

    Raises:
        UnreadableError: the declared counts are not whole numbers.
    """
    data: dict[str, Any] = {}
    for name in SCALARS:
        if values.get(name):
            *above, last = name.split(".")
            inner = data
            for part in above:
                inner = inner.setdefault(part, {})
            inner[last] = read_counts(values[name]) if last == "counts" else values[name]
    return {**data, **{name: dict(given) for name, given in people.items() if given}}
