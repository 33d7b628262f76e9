"""One unit's line of the ranking page, and what unfolds below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from xlscore.charts import Series, line_chart, radar_chart
from xlscore.numbers import Exact
from xlscore.ranking import RankedRow, Results, UnitResult, parts
from xlscore.ranking_words import remarks
from xlscore.rubric import Node
from xlscore.summaries import figure, percent, signed

_AXES = 3
"""Fewer domains make no radar."""


@dataclass(frozen=True, slots=True)
class DomainView:
    """One domain of one unit: its number and title, the component index, how long its bar is (percent)."""

    code: str
    title: str
    index: str
    share: str


@dataclass(frozen=True, slots=True)
class UnitView:
    """One unit as the page shows it; every figure is a text already.

    Attributes:
        assessed: whether it has a result at all.
        open: whether something of it still waits for a figure or a word.
        figures: what the score is made of, label and value.
        charts: pictures (SVG).
        notes: sentences below the figures.
    """

    rank: str
    name: str
    index: str
    share: str
    band: str
    change: str
    rising: bool
    assessed: bool
    open: bool
    figures: tuple[tuple[str, str], ...]
    domains: tuple[DomainView, ...]
    charts: tuple[str, ...]
    notes: tuple[str, ...]


class UnitsShown:
    """How units are shown: with or without what is not for the public.

    Args:
        drawn: how many units of a group, from the first on, have pictures of their own.
        named: whether the titles of the domains stand at every unit, or once per tier.
    """

    def __init__(self, results: Results, *, public: bool, drawn: int, named: bool) -> None:
        self._results, self._public = results, public
        self._drawn, self._named = drawn, named
        self._open = {result.unit.code for result, _ in results.waiting}
        self.decimals = results.campaign.settings.policies.display_decimals

    def views(self, rows: Sequence[RankedRow]) -> tuple[UnitView, ...]:
        """Return the units of one table, in its order."""
        means = domain_means([row.result for row in rows if row.result.assessed])
        return tuple(
            self._view(row, means if place < self._drawn else None)
            for place, row in enumerate(rows)
        )

    def _view(self, row: RankedRow, means: Mapping[str, Fraction] | None) -> UnitView:
        result = row.result
        by = self._results.change(result)
        sent = result.assessed
        return UnitView(
            str(row.rank or "–"),
            result.unit.name,
            figure(result.index, self.decimals),
            bar_share(result.index),
            row.band,
            "" if by is None else signed(by, self.decimals),
            by is not None and by > 0,
            sent,
            result.unit.code in self._open,
            tuple(self._figures(result)) if sent else (),
            tuple(self._domains(result)) if sent else (),
            tuple(self._charts(result, means)) if sent and means is not None else (),
            tuple(self._notes(result)),
        )

    def _figures(self, result: UnitResult) -> Iterator[tuple[str, str]]:
        of, total = parts(result), result.totals
        if of.own is not None:
            yield "Tự chấm", self._points(of.own)
        yield "Thẩm định", self._points(of.appraised)
        yield "Điều tra XHH", self._points(of.survey)
        if of.bonus:
            yield "Điểm thưởng", f"+{self._points(of.bonus)}"
        if of.penalty:
            yield "Điểm trừ", f"−{self._points(of.penalty)}"
        yield "Đạt được", self._points(total.achieved)
        yield "Tối đa áp dụng", self._points(total.applicable)

    def _points(self, value: Exact) -> str:
        return figure(value, self.decimals)

    def _domains(self, result: UnitResult) -> Iterator[DomainView]:
        for node in result.rubric.domains:
            index = result.node_index(node.id)
            yield DomainView(
                node.code,
                node.title if self._named else "",
                "không áp dụng" if index is None else figure(index, self.decimals),
                "0" if index is None else bar_share(index),
            )

    def _charts(self, result: UnitResult, means: Mapping[str, Fraction]) -> Iterator[str]:
        domains = result.rubric.domains
        if len(domains) >= _AXES:
            own = Series(result.unit.name, [result.node_index(node.id) for node in domains])
            mean = Series("Trung bình nhóm", [means.get(node.id) for node in domains])
            yield radar_chart(
                f"Chỉ số thành phần của {result.unit.name}",
                f"{_spelt(domains, own)}. Nét đứt: trung bình nhóm.",
                [f"LV {node.code}" for node in domains],
                [own, mean],
            )
        yield from self._trend(result)

    def _trend(self, result: UnitResult) -> Iterator[str]:
        past = sorted(self._results.years.all_of(result.unit.code), key=lambda one: one.year)
        known = [one for one in past if one.index is not None]
        if not known:
            return
        values: list[Exact | None] = [*(one.index for one in known), result.index]
        years = [*(str(one.year) for one in known), str(self._results.campaign.settings.year)]
        shown = zip(years, values, strict=True)
        said = "; ".join(f"năm {y}: {percent(v or 0, self.decimals)}" for y, v in shown)
        yield line_chart(
            f"Chỉ số qua các năm của {result.unit.name}",
            said,
            years,
            [Series("Chỉ số (%)", values)],
            decimals=self.decimals,
        )

    def _notes(self, result: UnitResult) -> Iterator[str]:
        past = self._results.before(result.unit)
        if past is not None and past.index is not None:
            rank = f", hạng {past.rank}" if past.rank else ""
            merged = f" (trung bình {past.named} đơn vị trước hợp nhất)" if past.merged else ""
            yield f"Năm {past.year}: {percent(past.index, self.decimals)}{rank}{merged}."
        elif past is not None and past.merged:
            yield (
                f"Năm {past.year}: không so sánh, vì thiếu chỉ số của {', '.join(past.lacking)} trong "
                f"{past.named} đơn vị trước hợp nhất."
            )
        if (
            result.assessed
            and not self._public
            and (said := remarks(self._results.campaign, result))
        ):
            yield f"{said}."


def bar_share(index: Exact) -> str:
    """Return how long the bar of an index is, in percent of the full length."""
    return f"{min(max(float(index), 0), 100):.0f}"


def domain_means(results: Sequence[UnitResult]) -> dict[str, Fraction]:
    """Return the mean component index by domain id, over the units to which it applies."""
    found: dict[str, list[Fraction]] = {}
    for result in results:
        for node in result.rubric.domains:
            index = result.node_index(node.id)
            if index is not None:
                found.setdefault(node.id, []).append(index)
    return {node: sum(values, Fraction(0)) / len(values) for node, values in found.items()}


def _spelt(domains: Sequence[Node], own: Series) -> str:
    return "; ".join(
        f"{node.code}. {node.title}: {'không áp dụng' if v is None else percent(v, 1)}"
        for node, v in zip(domains, own.values, strict=True)
    )
