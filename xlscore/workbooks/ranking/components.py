"""Component indices (chỉ số thành phần) of a tier: a heat map, domains first, criteria folded behind.

Every figure is a live formula. The sheet also knows, in hidden columns, where each of its units stands
on the sheets of points, of maxima and of its ranking group: other sheets ask it, and it may be sorted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from xlscore.campaign import Campaign
from xlscore.layout import NOTHING
from xlscore.ranking import RankedRow, UnitResult, group_of
from xlscore.rubric import Node
from xlscore.workbooks.quicksheet import letters
from xlscore.workbooks.ranking.cells import Cell, Live, clean
from xlscore.workbooks.ranking.standings import Standing
from xlscore.workbooks.ranking.tiersheets import TierSheets, component

TITLE_ROW, MAXIMUM_ROW, MEAN_ROW, HIGHEST_ROW, LOWEST_ROW, HEADING_ROW, FIRST_ROW = range(2, 9)
"""0-based rows of the headings, with figures about all units between them, and of the first unit."""

CRITERION_DEPTH = 2
UNRANKED = "Không xếp hạng"
"""The group of units that are assessed but not ranked."""

_UNIT_KEYS = ("code", "name", "group", "rank", "index")
_HELPERS = ("own", "max", "home", "label", "band")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a unit is ranked: the sheet, its place there (1-based), its line."""

    sheet: Standing
    place: int
    row: RankedRow


@dataclass(frozen=True)
class Components:
    """What stands where on the sheet of component indices of one tier.

    Attributes:
        homes: where each unit is ranked, by code.
    """

    campaign: Campaign
    tier: TierSheets
    homes: Mapping[str, Home]

    @cached_property
    def domains(self) -> tuple[Node, ...]:
        """The domains of the tier."""
        return self.tier.rubric.domains

    @cached_property
    def criteria(self) -> tuple[Node, ...]:
        """The nodes right below the domains: bonus and penalty have no index."""
        below = (node for domain in self.domains for node in domain.walk())
        return tuple(n for n in below if self.tier.depths[n.id] == CRITERION_DEPTH)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """0-based column by key: unit columns, node ids, a gap, helpers."""
        nodes = [f"node {node.id}" for node in (*self.domains, *self.criteria)]
        keys = [*_UNIT_KEYS, *nodes, "gap", *_HELPERS]
        return {key: place for place, key in enumerate(keys)}

    @property
    def last_row(self) -> int:
        """0-based row of the last unit."""
        return FIRST_ROW + len(self.tier.results) - 1

    @property
    def last_column(self) -> int:
        """0-based column of the last helper."""
        return len(self.places) - 1

    @cached_property
    def groups(self) -> Mapping[str, str]:
        """The title of each unit's ranking group."""
        return {r.unit.code: self._group(r) for r in self.tier.results}

    def _group(self, result: UnitResult) -> str:
        if not result.unit.ranked:
            return UNRANKED
        named = self.campaign.settings.groups.get(group_of(result.unit))
        return named.title if named else self.tier.title

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """By code, what a unit is chosen by: its name, with its code where names repeat."""
        names = Counter(clean(r.unit.name).casefold() for r in self.tier.results)
        return {
            r.unit.code: clean(r.unit.name)
            if names[clean(r.unit.name).casefold()] == 1
            else f"{clean(r.unit.name)} ({clean(r.unit.code)})"
            for r in self.tier.results
        }

    # --- references -------------------------------------------------------

    def block(self, key: str) -> str:
        """Return the range of a column, for formulas on other sheets (with a blank row behind)."""
        quoted = self.tier.indices.replace("'", "''")
        return f"'{quoted}'!{self.own_block(key)}"

    def own_block(self, key: str) -> str:
        """Return the range of a column, for formulas on the sheet itself."""
        letter = letters(self.places[key])
        return f"${letter}${FIRST_ROW + 1}:${letter}${self.last_row + 2}"

    def listed(self, key: str) -> str:
        """Return the range of a column without the blank row: what a list offers."""
        letter, quoted = letters(self.places[key]), self.tier.indices.replace("'", "''")
        return f"'{quoted}'!${letter}${FIRST_ROW + 1}:${letter}${self.last_row + 1}"

    # --- a unit's row -------------------------------------------------------

    def row(self, result: UnitResult, number: str) -> Iterator[Cell]:
        """Yield the cells of a unit's row, whose 1-based number is `number`."""
        code, home = result.unit.code, self.homes[result.unit.code]
        yield code
        yield result.unit.name
        yield self.groups[code]
        yield self._rank(home, number)
        yield self._index(home, number)
        for node, formula in zip((*self.domains, *self.criteria), self._node_formulas, strict=True):
            index = self.index(result, node)
            yield Live(number.join(formula), index) if result.assessed else NOTHING
        yield None
        place = self.tier.place(result)
        yield Live(self.tier.position(self.tier.points, f"$A{number}"), place)
        yield Live(self.tier.position(self.tier.maxima, f"$A{number}"), place)
        yield Live(f"MATCH($A{number},{home.sheet.block('code')},0)", home.place)
        label = self.labels[code]
        named = (
            f"$B{number}" if label == clean(result.unit.name) else f'$B{number}&" ("&$A{number}&")"'
        )
        yield Live(named, label)
        banded = bool(self.campaign.tier(result.unit).bands)
        yield self._fetched(home, "band", number, home.row.band) if banded else None

    def index(self, result: UnitResult, node: Node) -> float | str:
        """Return a component index as its cell holds it."""
        index = result.node_index(node.id) if result.assessed else None
        return NOTHING if index is None else float(index)

    def _rank(self, home: Home, number: str) -> Cell:
        if home.row.rank is None:
            return NOTHING
        return self._fetched(home, "rank", number, home.row.rank)

    def _index(self, home: Home, number: str) -> Cell:
        if not home.row.result.assessed:
            return NOTHING
        return self._fetched(home, "index", number, float(home.row.result.index))

    def _fetched(self, home: Home, key: str, number: str, value: float | str) -> Live:
        at = f"${letters(self.places['home'])}{number}"
        return Live(f"INDEX({home.sheet.block(key)},{at})", value)

    @cached_property
    def _node_formulas(self) -> list[list[str]]:
        own, maximum = (f"${letters(self.places[key])}#" for key in ("own", "max"))
        return [
            component(self.tier, self.tier.columns[node.id], own, maximum, f'"{NOTHING}"').split(
                "#"
            )
            for node in (*self.domains, *self.criteria)
        ]

    # --- about all units -------------------------------------------------------

    def compared(self, result: UnitResult) -> Sequence[UnitResult]:
        """Return the units that one is compared with: its group, or all where it is not ranked."""
        group = self.groups[result.unit.code]
        if group == UNRANKED:
            return self.tier.results
        return [r for r in self.tier.results if self.groups[r.unit.code] == group]

    def known(self, key: str, among: Sequence[UnitResult] | None = None) -> Sequence[Fraction]:
        """Return the figures of a column (`index`, or of a node), as far as units have one."""
        if among is None:
            if key not in self._all_known:
                self._all_known[key] = self.known(key, self.tier.results)
            return self._all_known[key]
        assessed = [r for r in among if r.assessed]
        if key == "index":
            return [r.index for r in assessed]
        found = (r.node_index(key.removeprefix("node ")) for r in assessed)
        return [index for index in found if index is not None]

    @cached_property
    def _all_known(self) -> dict[str, Sequence[Fraction]]:
        """The figures of all units by column, each gathered once."""
        return {}

    def over_all(self, function: str, key: str) -> Live:
        """Return AVERAGE, MAX or MIN of a column, a dash where nobody has a figure."""
        block = self.own_block(key)
        return Live(
            f'IF(COUNT({block})=0,"{NOTHING}",{function}({block}))',
            _FOLDED[function](self.known(key)),
        )


def mean_of_group(groups: str, group: str, block: str, nothing: str) -> str:
    """Return the formula of the mean of a column over one group; texts and blanks do not count.

    Args:
        groups, block: ranges of the units' groups and figures.
        group: the cell with the group's title.
        nothing: what the formula gives where nobody has a figure.
    """
    # Compared, not AVERAGEIF: it takes * and ? in a title for wildcards.
    same = f"{groups}={group}"
    # Every text is above every number; Gnumeric has no ISNUMBER over a range.
    counted = f'SUMPRODUCT(({same})*({block}<1E+9)*({block}<>""))'
    return f"IF({counted}=0,{nothing},SUMPRODUCT(1*({same}),{block})/{counted})"


def mean(figures: Sequence[Fraction], nothing: str = NOTHING) -> float | str:
    """Return the mean as a cell holds it."""
    return float(sum(figures, Fraction(0)) / len(figures)) if figures else nothing


def _highest(figures: Sequence[Fraction]) -> float | str:
    return float(max(figures)) if figures else NOTHING


def _lowest(figures: Sequence[Fraction]) -> float | str:
    return float(min(figures)) if figures else NOTHING


_FOLDED: Mapping[str, Callable[[Sequence[Fraction]], float | str]] = {
    "AVERAGE": mean,
    "MAX": _highest,
    "MIN": _lowest,
}
