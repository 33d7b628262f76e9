"""A survey's figure as an Excel formula over its cells, blank while nobody answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from xlscore.methods.base import Method, excel
from xlscore.methods.consolidated import Survey


def mean_formula(method: Method, cells: Mapping[tuple[str, str], str]) -> str:
    """Return the formula, without `=`, of the figure from cells by (group, option).

    `SUM(cell)` is 0 where a text stands; Gnumeric has an error for `N` of a blank cell.
    """
    if not isinstance(method, Survey):
        raise TypeError(method.kind)
    groups: dict[str, dict[str, str]] = {}
    for (group, option), cell in cells.items():
        groups.setdefault(group, {})[option] = cell
    tops, bottoms = [], []
    for group, options in groups.items():
        weight = method.groups[group].weight if group in method.groups else Decimal(1)
        top, bottom = _counted(method, options) if "" not in options else _given(options[""])
        tops.append(_times(top, weight))
        bottoms.append(_times(bottom, weight))
    top, bottom = "+".join(tops), "+".join(bottoms)
    return f'IF({bottom}=0,"",({top})/({bottom}))'


def _given(cell: str) -> tuple[str, str]:
    """Return a group's percent, and whether it answered, from the cell of its percent."""
    return f"SUM({cell})", f"ISNUMBER({cell})"


def _counted(method: Survey, cells: Mapping[str, str]) -> tuple[str, str]:
    """Return a group's percent, and whether it answered, from the cells of its answers."""
    total = f"SUM({_listed(cells.values())})"
    weighed = "+".join(_times(f"SUM({cell})", method.options[o]) for o, cell in cells.items())
    return f"IF({total}>0,({weighed})/{total},0)", f"({total}>0)"


def _times(term: str, weight: Decimal) -> str:
    return f"{term}*{excel(weight)}"


def _listed(cells: Iterable[str]) -> str:
    return ",".join(cells)
