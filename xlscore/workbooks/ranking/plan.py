"""Which sheets a ranking workbook has, under which names: each may refer to the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlscore.ranking import GroupRanking, RankedRow, Results, UnitResult
from xlscore.workbooks.ranking.absent import ABSENT
from xlscore.workbooks.ranking.analysis import Analysis, contents, plan_analyses
from xlscore.workbooks.ranking.book import Book
from xlscore.workbooks.ranking.contents import CONTENTS
from xlscore.workbooks.ranking.lists import FINDINGS, detail_parts
from xlscore.workbooks.ranking.method import METHOD
from xlscore.workbooks.ranking.overview import GROUPS, MANY, OVERVIEW
from xlscore.workbooks.ranking.plates import charted
from xlscore.workbooks.ranking.plugin_parts import ExtraColumn
from xlscore.workbooks.ranking.provenance import PROVENANCE
from xlscore.workbooks.ranking.scope import Scope
from xlscore.workbooks.ranking.standings import Standing
from xlscore.workbooks.ranking.tiersheets import TierSheets

_FIXED = (OVERVIEW, GROUPS, CONTENTS, FINDINGS, ABSENT, METHOD, PROVENANCE)


@dataclass(frozen=True)
class Plan:
    """The sheets with their names.

    Attributes:
        across: rankings of whole tiers, beside their groups.
        details: names of the sheets with every score, by tier; none in what is published or printed.
    """

    results: Results
    scope: Scope
    groups: Sequence[Standing]
    across: Sequence[Standing]
    unranked: Standing | None
    tiers: Mapping[str, TierSheets]
    analyses: Sequence[Analysis]
    details: Mapping[str, Sequence[str]]

    @property
    def standings(self) -> Iterator[Standing]:
        """Yield every ranking sheet in order."""
        yield from self.groups
        yield from self.across
        if self.unranked:
            yield self.unranked

    def contents(self, added: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Yield all sheets in order with what is on each; `added` are those of plugins."""
        if len(self.groups) > MANY:
            yield GROUPS, "tổng hợp theo từng nhóm xếp hạng"
        for standing in self.groups:
            yield standing.name, f"bảng xếp hạng: {standing.called}"
            yield from _charts(standing)
        for standing in self.across:
            yield standing.name, "xếp hạng chung cả cấp, không chia nhóm"
            yield from _charts(standing)
        if self.unranked:
            yield self.unranked.name, "đơn vị được đánh giá nhưng không xếp hạng"
        for tier in self.tiers.values():
            yield tier.points, f"{tier.title}: điểm đạt được, từng tiêu chí × từng đơn vị"
            yield tier.maxima, f"{tier.title}: điểm tối đa áp dụng của từng đơn vị"
        yield from contents(self.analyses)
        for code, names in self.details.items():
            title = self.tiers[code].title
            yield names[0], f"{title}: tự chấm, đạt được, chênh lệch và lý do của từng nội dung"
        if self.scope is Scope.FULL:
            yield FINDINGS, "những điều cần xem lại trong các phiếu"
        yield ABSENT, "đơn vị trễ hạn, chưa có phiếu hợp lệ, không xếp hạng"
        yield from added
        yield METHOD, "quy định về điểm, xếp hạng, bằng điểm, xếp loại, làm tròn"
        yield PROVENANCE, "bộ tiêu chí, sổ theo dõi, phiếu, phiên bản công cụ"


def _charts(standing: Standing) -> Iterator[tuple[str, str]]:
    if standing.charts:
        yield standing.charts, f"biểu đồ: {standing.called}"


def plan(book: Book, results: Results, extras: Sequence[ExtraColumn], scope: Scope) -> Plan:
    """Reserve the names of all sheets."""
    for fixed in _FIXED:
        book.name(fixed)
    names = [book.name(f"XH {group.title}") for group in results.groups]
    wider = [book.name(f"XH {group.title}") for group in results.across]
    unranked = book.name("Không xếp hạng") if results.unranked else ""
    tiers = _tiers(book, results)
    remarked = scope is not Scope.PUBLIC

    def standing(
        name: str, group: GroupRanking, *, ranked: bool = True, across: bool = False
    ) -> Standing:
        used = {row.result.unit.tier: tiers[row.result.unit.tier] for row in group.rows}
        said = ("XẾP HẠNG CHUNG: " if across else "XẾP HẠNG: ") if ranked else ""
        made = Standing(
            results, name, f"{said}{group.title.upper()}", group.rows, used, book.number, ranked,
            extras, across, remarked, group.title,
        )  # fmt: skip
        return charted(book, made)

    groups = [standing(n, group) for n, group in zip(names, results.groups, strict=True)]
    across = [
        standing(n, group, across=True) for n, group in zip(wider, results.across, strict=True)
    ]
    listed = _unranked(results.unranked)
    details = {}
    if scope is Scope.FULL:
        details = {
            tier: [book.name(f"Tự chấm-Đạt – {sheets.title}") for _ in detail_parts(sheets)]
            for tier, sheets in tiers.items()
        }
    last = standing(unranked, listed, ranked=False) if unranked else None
    analyses = plan_analyses(book, results, tiers, [*groups, *([last] if last else [])])
    return Plan(results, scope, groups, across, last, tiers, analyses, details)


def _unranked(rows: tuple[RankedRow, ...]) -> GroupRanking:
    return GroupRanking("", "Đơn vị được đánh giá, không xếp hạng", "", rows)


def _tiers(book: Book, results: Results) -> dict[str, TierSheets]:
    listed: dict[str, dict[str, UnitResult]] = {}
    for row in results.rows:
        listed.setdefault(row.result.unit.tier, {})[row.result.unit.code] = row.result
    found = {}
    order = {code: place for place, code in enumerate(results.campaign.units)}
    for tier, settings in results.campaign.settings.tiers.items():
        units = sorted(listed.get(tier, {}).values(), key=lambda r: order[r.unit.code])
        if units:
            title = settings.title
            names = [book.name(f"{kind} – {title}") for kind in ("Điểm", "Điểm tối đa", "Chỉ số")]
            found[tier] = TierSheets(
                tier, title, results.campaign.rubrics[tier], tuple(units), *names
            )
    return found
