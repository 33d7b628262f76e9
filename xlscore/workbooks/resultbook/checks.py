"""What the province checks of a book: whose units, by which rubric, points within maxima, right sums."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from xlscore.campaign import Campaign, Unit
from xlscore.findings import Finding, finding
from xlscore.layout import Layout
from xlscore.numbers import plain, quantise
from xlscore.ranking import DECISIVE_DECIMALS, HUNDRED
from xlscore.reported import Reported, ResultBook
from xlscore.rubric import Node
from xlscore.scoring import Open, Score, add_up, totals
from xlscore.settings import Policies
from xlscore.workbooks.kinds import Office


def check_book(book: ResultBook, parent: Unit, office: Office) -> Iterator[Finding]:
    """Yield everything for which the book is refused."""
    campaign = office.campaign
    wanted = campaign.reporting(parent.code)
    for code in book.units:
        if code not in wanted:
            yield finding("book-stranger", entered=code, params={"parent": parent.name})
    for code, unit in wanted.items():
        if code not in book.units:
            params = {"parent": parent.name, "unit": unit.name, "code": parent.code}
            yield finding("book-lacks-unit", params=params)
        elif (told := book.units[code]) is not None:
            yield from _check_unit(campaign, unit, told, office.layout(unit), parent)


def _check_unit(
    campaign: Campaign, unit: Unit, told: Reported, layout: Layout, parent: Unit
) -> Iterator[Finding]:
    base = {"unit": unit.name, "parent": parent.name, "code": parent.code}
    if not told.digest or not told.follows(layout.rubric):
        yield finding("book-old-rubric", params=base)
        return
    if what := _wrong_rows(told, layout):
        params = {**base, "what": ", ".join(what)}
        yield finding("book-rows", params=params)
        return
    before = False
    for leaf in layout.rubric.leaves:
        for found in _check_row(told, leaf, layout, base):
            before = True
            yield found
    if not before:  # of wrong points no right sum can come
        yield from _check_sums(told, layout, campaign.settings.policies, base)


def _wrong_rows(told: Reported, layout: Layout) -> list[str]:
    """Return what is too few or too many: each leaf stands once, and nothing else does."""
    leaves = {leaf.id for leaf in layout.rubric.leaves}
    wrong = (told.achieved.keys() ^ leaves) | (told.own.keys() ^ leaves)
    wrong |= {*told.pending, *told.unsettled, *told.fallbacks, *told.words, *told.figures} - leaves
    wrong |= {
        n for n, s in told.achieved.items() if s.open is Open.ELSEWHERE and n not in told.pending
    }
    return sorted(wrong)


def _check_row(
    told: Reported, leaf: Node, layout: Layout, base: dict[str, str]
) -> Iterator[Finding]:
    low, high = layout.methods[leaf.id].score_range(leaf.max)
    # The appraisers give any score up to the maximum, whatever a unit can reach by the method.
    for score, least, what, what_en in (
        (told.own[leaf.id], low, "điểm tự chấm", "the self score"),
        (told.achieved[leaf.id], min(low, Decimal(0)), "điểm đạt được", "the achieved score"),
    ):
        given = {**base, "what": what, "what_en": what_en}
        place = {"row": leaf.code, "node": leaf.id}
        if score.points is not None and not least <= score.points <= max(high, leaf.max):
            params = {**given, "minimum": plain(least), "maximum": plain(max(high, leaf.max))}
            yield finding("book-points", entered=plain(score.points), params=params, **place)
        if not _may_apply(score, leaf):
            params = {**given, "minimum": "0", "maximum": plain(leaf.max),
                      "what": "điểm tối đa áp dụng", "what_en": "the applicable maximum"}  # fmt: skip
            yield finding("book-points", entered=plain(score.applicable), params=params, **place)


def _may_apply(score: Score, leaf: Node) -> bool:
    if score.open is Open.NOT_APPLICABLE:
        return score.applicable == 0
    return 0 <= score.applicable <= leaf.max


def _check_sums(
    told: Reported, layout: Layout, policies: Policies, base: dict[str, str]
) -> Iterator[Finding]:
    rubric, sums = layout.rubric, told.sums
    own = totals(rubric, add_up(rubric, told.own))
    found = totals(rubric, add_up(rubric, told.achieved))
    index = Fraction(found.achieved) / Fraction(found.applicable) * 100 if found.applicable else 0
    if not policies.index_may_pass_100:
        index = min(Fraction(index), HUNDRED)
    for said, is_, what, what_en in (
        (sums.own, own.points, "tổng điểm tự chấm", "the self total"),
        (sums.achieved, found.achieved, "tổng điểm đạt được", "the achieved total"),
        (sums.applicable, found.applicable, "điểm tối đa áp dụng", "the applicable maximum"),
        (sums.index, quantise(index, DECISIVE_DECIMALS), "chỉ số", "the index"),
    ):
        if said != is_:
            params = {**base, "what": what, "what_en": what_en, "expected": plain(is_)}
            yield finding("book-sums", entered=plain(said), params=params)
