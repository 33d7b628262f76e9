"""What earlier years know of the units of a tier, and where it stands on the sheet of years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby

from xlscore.ranking import Results, UnitResult
from xlscore.rubric import Node
from xlscore.workbooks.quicksheet import letters
from xlscore.workbooks.ranking.cells import Cell, Live
from xlscore.workbooks.ranking.components import Components, mean
from xlscore.workbooks.ranking.pastcolumns import lacking
from xlscore.years import Past

GROUP_ROW, HEADING_ROW, MEAN_ROW, FIRST_ROW = 2, 3, 4, 5
"""0-based rows of the headings, of the mean below them, and of the first unit."""


@dataclass(frozen=True)
class YearTable:
    """The years of one tier.

    Attributes:
        name: of the sheet.
        earlier: the earlier years that know any unit of the tier, oldest first.
    """

    name: str
    results: Results
    components: Components
    earlier: tuple[int, ...]

    @property
    def this(self) -> int:
        """The campaign's own year."""
        return self.results.campaign.settings.year

    @property
    def years(self) -> tuple[int, ...]:
        """All years, oldest first, this one last."""
        return (*self.earlier, self.this)

    @property
    def units(self) -> tuple[UnitResult, ...]:
        """The units, one row each."""
        return self.components.tier.results

    @property
    def last_row(self) -> int:
        """0-based row of the last unit."""
        return FIRST_ROW + len(self.units) - 1

    @cached_property
    def compared(self) -> tuple[Node, ...]:
        """The domains that were there last year; none without last year."""
        pasts = [past for r in self.units if (past := self.results.before(r.unit))]
        return tuple(
            node
            for node in self.components.domains
            if any(past.domain(node.id) is not None for past in pasts)
        )

    @cached_property
    def places(self) -> Mapping[str, int]:
        """0-based column by key."""
        keys = ["code", "name", *[f"index {year}" for year in self.years], "trend"]
        keys += [f"rank {year}" for year in self.years]
        if self.this - 1 in self.earlier:
            keys += ["change", "rise"]
        keys += [f"change {node.id}" for node in self.compared]
        keys += ["lineage", *[f"before {node.id}" for node in self.compared]]
        keys += ["gap", "home", "place", "group"]
        return {key: place for place, key in enumerate(keys)}

    def block(self, key: str) -> str:
        """Return the range of a column, for formulas on other sheets (with a blank row behind)."""
        quoted = self.name.replace("'", "''")
        return f"'{quoted}'!{self.own_block(key)}"

    def own_block(self, key: str) -> str:
        """Return the range of a column, for formulas on the sheet itself."""
        letter = letters(self.places[key])
        return f"${letter}${FIRST_ROW + 1}:${letter}${self.last_row + 2}"

    # --- figures -------------------------------------------------------

    def past(self, result: UnitResult, year: int) -> Past | None:
        """Return what an earlier year says of a unit."""
        return self.results.years.past(result.unit.code, year)

    def index(self, result: UnitResult, year: int) -> Fraction | Decimal | None:
        """Return a unit's index of any of the years."""
        if year == self.this:
            return result.index if result.assessed else None
        past = self.past(result, year)
        return past.index if past else None

    def rank(self, result: UnitResult, year: int) -> int | None:
        """Return a unit's rank of any of the years."""
        if year == self.this:
            return self.components.homes[result.unit.code].row.rank
        past = self.past(result, year)
        return past.rank if past else None

    def mean(self, key: str) -> Live:
        """Return the mean of a column of indices or changes, blank where nobody has a figure."""
        block = self.own_block(key)
        return Live(f'IF(COUNT({block})=0,"",AVERAGE({block}))', mean(self.known(key), ""))

    def known(self, key: str, among: Sequence[UnitResult] | None = None) -> list[Fraction]:
        """Return the figures of a column, as far as units have one."""
        kind, _, of = key.partition(" ")
        units = among or self.units
        found: Iterator[Fraction | Decimal | None]
        if kind == "index":
            found = (self.index(r, int(of)) for r in units)
        elif key == "change":
            found = (self.results.change(r) for r in units)
        elif kind == "change":
            found = (self._changed(r, of) for r in units)
        else:
            found = (self._before(r, of) for r in units)
        return [Fraction(one) for one in found if one is not None]

    @property
    def indices(self) -> list[Fraction]:
        """All indices of all years."""
        return [one for year in self.years for one in self.known(f"index {year}")]

    # --- a unit's row -------------------------------------------------------

    def row(self, result: UnitResult, number: str) -> Iterator[Cell]:
        """Yield the cells of a unit's row, whose 1-based number is `number`."""
        home = self.components.homes[result.unit.code]
        yield result.unit.code
        yield result.unit.name
        yield from (self.index(result, year) for year in self.earlier)
        yield self._today(result, number)
        yield None
        yield from (self.rank(result, year) for year in self.earlier)
        yield self._today_rank(result, number)
        if self.this - 1 in self.earlier:
            yield self._difference("index", number, (self.this, self.this - 1), result)
            yield self._difference("rank", number, (self.this - 1, self.this), result)
        yield from (self._change(result, node, number) for node in self.compared)
        yield self.lineage(result)
        yield from (self._before(result, node.id) for node in self.compared)
        yield None
        yield Live(f"MATCH($A{number},{home.sheet.block('code')},0)", home.place)
        place = self.components.tier.place(result)
        yield Live(f"MATCH($A{number},{self.components.block('code')},0)", place)
        yield self.components.groups[result.unit.code]

    def lineage(self, result: UnitResult) -> str:
        """Say what a unit was in earlier years, where it was not simply itself."""
        return lineage(result, self.results.years.all_of(result.unit.code))

    def at(self, key: str, number: str) -> str:
        """Return the reference to a column's cell on a row."""
        return f"${letters(self.places[key])}{number}"

    def _today(self, result: UnitResult, number: str) -> Cell:
        if not result.assessed:
            return None
        sheet = self.components.homes[result.unit.code].sheet
        formula = f"INDEX({sheet.block('index')},{self.at('home', number)})"
        return Live(formula, float(result.index))

    def _today_rank(self, result: UnitResult, number: str) -> Cell:
        rank = self.rank(result, self.this)
        if rank is None:
            return None
        sheet = self.components.homes[result.unit.code].sheet
        return Live(f"INDEX({sheet.block('rank')},{self.at('home', number)})", rank)

    def _difference(
        self, kind: str, number: str, years: tuple[int, int], result: UnitResult
    ) -> Live:
        """Return one year's figure less another's, blank where either is not known."""
        figure = self.index if kind == "index" else self.rank
        of, less = (figure(result, year) for year in years)
        a, b = (self.at(f"{kind} {year}", number) for year in years)
        value = "" if of is None or less is None else float(Fraction(of) - Fraction(less))
        return Live(f'IF(COUNT({a},{b})=2,{a}-{b},"")', value)

    def _change(self, result: UnitResult, node: Node, number: str) -> Live:
        today = f"INDEX({self.components.block(f'node {node.id}')},{self.at('place', number)})"
        before = self.at(f"before {node.id}", number)
        by = self._changed(result, node.id)
        formula = f'IF(COUNT({today},{before})=2,{today}-{before},"")'
        return Live(formula, "" if by is None else float(by))

    def _changed(self, result: UnitResult, node: str) -> Fraction | None:
        today = result.node_index(node) if result.assessed else None
        before = self._before(result, node)
        return None if today is None or before is None else today - Fraction(before)

    def _before(self, result: UnitResult, node: str) -> Decimal | None:
        past = self.results.before(result.unit)
        return past.domain(node) if past else None


def years_of(results: Results, components: Components) -> tuple[int, ...]:
    """Return the earlier years that know the index of any unit of a tier, oldest first."""
    codes = [r.unit.code for r in components.tier.results]
    found = {
        past.year for code in codes for past in results.years.all_of(code) if past.index is not None
    }
    return tuple(sorted(year for year in found if year < results.campaign.settings.year))


def lineage(result: UnitResult, pasts: tuple[Past, ...]) -> str:
    """Say what a unit was in earlier years, where it was not simply itself; equal years together."""
    said = [(past.year, _was(result, past)) for past in reversed(pasts)]
    parts = []
    for words, years in groupby(said, key=lambda pair: pair[1]):
        if words:
            first, *rest = [year for year, _ in years]
            span = f"{first}–{rest[-1]}" if rest else f"{first}"
            parts.append(f"Năm {span}: {words}")
    return "; ".join(parts)


def _was(result: UnitResult, past: Past) -> str:
    names = ", ".join(unit.name for unit in past.units)
    if past.merged:
        return lacking(past) or f"trung bình của {names}"
    if past.shared:
        return f"tách từ {names}"
    return "" if names.casefold() == result.unit.name.casefold() else f"trước là {names}"
