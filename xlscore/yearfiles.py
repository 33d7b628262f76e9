"""One year's results as plain data, so that later years can be compared with them.

What an edition freezes, and what a later campaign reads back. Decimals are texts; nothing is guessed: a
file that is not exactly of this shape is refused with every place that is wrong.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationError

from xlscore.numbers import exact, plain, quantise
from xlscore.ranking import DECISIVE_DECIMALS, RankedRow, Results
from xlscore.rubric import Frozen
from xlscore.text import folded
from xlscore.validation import FieldProblem, problems
from xlscore.years import Year, YearUnit

FORMAT = "xlscore-year"
VERSION = 1


class YearFileError(Exception):
    """Data that is no year's results; `problems` say where and why."""

    def __init__(self, found: tuple[FieldProblem, ...]) -> None:
        super().__init__("; ".join(f"{problem.loc}: {problem.words[1]}" for problem in found))
        self.problems = found


def _spelled(value: Any) -> Decimal:
    if not isinstance(value, str):  # a bare JSON number has been through a binary float
        raise ValueError("phải là số ghi trong dấu nháy", "must be a number in quotes")  # noqa: TRY004  the model reports no other
    return exact(value)


def _one_line(text: str) -> str:
    if any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} for sign in text):
        raise ValueError("có ký tự điều khiển", "it holds a control character")
    return text


_Figure = Annotated[Decimal, BeforeValidator(_spelled)]
_Index = Annotated[_Figure, Field(ge=0, le=200)]  # percent: beyond any bonus
_Line = Annotated[str, AfterValidator(_one_line)]
_Year = Annotated[int, Field(ge=1900, le=9999)]


class _Unit(Frozen):
    model_config = ConfigDict(strict=True)

    code: Annotated[_Line, Field(min_length=1)]
    name: _Line
    group: _Line
    index: _Index | None
    rank: Annotated[int, Field(ge=1, le=100_000)] | None
    band: _Line
    domains: dict[str, _Figure]
    scores: dict[str, _Figure]
    maxima: dict[str, _Figure]


class _File(Frozen):
    model_config = ConfigDict(strict=True)

    format: Literal["xlscore-year"]
    version: Literal[1]
    year: _Year
    source: _Line
    final: bool
    units: list[_Unit]


def results_to_year(results: Results) -> Year:
    """Return what a ranking found, as a later year compares with it.

    Indices keep the decimals that decide ranks. Rows that do not count for a unit have no score.
    """
    settings = results.campaign.settings
    units = {unit.code: unit for unit in _units(results)}
    stage = f"lần ban hành {results.edition}" if results.edition else "dự thảo"
    source = folded(f"{settings.title}, {stage}")
    return Year(settings.year, units, source, final=not results.provisional)


def _units(results: Results) -> Iterator[YearUnit]:
    for group in results.groups:
        # A title may go over two lines where it is printed; a year file's lines are refused then.
        yield from (_unit(row, folded(group.title)) for row in group.rows)
    yield from (_unit(row, "") for row in results.unranked)
    listed = {row.result.unit.code for row in results.rows}
    for missing in results.missing:
        if missing.unit.code not in listed:
            yield YearUnit(missing.unit.code, folded(missing.unit.name))


def _unit(row: RankedRow, group: str) -> YearUnit:
    result = row.result
    name, band = folded(result.unit.name), folded(row.band)
    named = YearUnit(result.unit.code, name, group, rank=row.rank, band=band)
    if not result.assessed:  # its 0 is no measure of what it did
        return named
    nodes = ((node.id, result.node_index(node.id)) for node in result.rubric.domains)
    reached = {leaf.id: result.achieved[leaf.id] for leaf in result.rubric.leaves
               if leaf.id in result.achieved}  # fmt: skip
    return YearUnit(
        named.code,
        named.name,
        group,
        _percent(result.index),
        row.rank,
        named.band,
        {node: _percent(index) for node, index in nodes if index is not None},
        {leaf: score.points for leaf, score in reached.items() if score.points is not None},
        {leaf: score.applicable for leaf, score in reached.items() if score.points is not None},
    )


def _percent(index: Fraction) -> Decimal:
    return quantise(index, DECISIVE_DECIMALS)


def year_to_json(year: Year) -> dict[str, Any]:
    """Return the shape of a year's results (see `docs/json.md`)."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "year": year.year,
        "source": year.source,
        "final": year.final,
        "units": [_unit_to_json(unit) for unit in year.units.values()],
    }


def _unit_to_json(unit: YearUnit) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "group": unit.group,
        "index": None if unit.index is None else plain(unit.index),
        "rank": unit.rank,
        "band": unit.band,
        "domains": _figures(unit.domains),
        "scores": _figures(unit.scores),
        "maxima": _figures(unit.maxima),
    }


def _figures(figures: Mapping[str, Decimal]) -> dict[str, str]:
    return {key: plain(value) for key, value in figures.items()}


def year_from_json(data: Any) -> Year:
    """Read what `year_to_json` wrote.

    Raises:
        YearFileError: another shape, another version, a bare number, a unit that stands twice.
    """
    try:
        read = _File.model_validate(data)
    except ValidationError as error:
        raise YearFileError(tuple(problems(error))) from error
    units: dict[str, YearUnit] = {}
    for place, one in enumerate(read.units):
        if one.code in units:
            words = "đơn vị ghi hai lần", "the unit stands twice"
            raise YearFileError((FieldProblem(("units", place, "code"), words, one.code),))
        units[one.code] = YearUnit(**dict(one))
    return Year(read.year, units, read.source, read.final)
