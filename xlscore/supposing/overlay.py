"""Lay supposed scores over what appraisers said: as a last word that nobody has given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from xlscore.appraising import Claim, Decision, RowAppraisal, UnitAppraisal, appraise
from xlscore.campaign import Campaign
from xlscore.layout import Layout
from xlscore.numbers import quantise
from xlscore.ranking import LayoutOf
from xlscore.reported import Reported
from xlscore.scoring import Score, ScoringPolicy, not_applicable_score
from xlscore.submission import Submission
from xlscore.supposing.supposition import Supposition
from xlscore.supposing.weights import DECIMALS, Weights


@dataclass(frozen=True)
class Overlay:
    """What is supposed of one unit's rows.

    Attributes:
        points: by leaf id, on the campaign's scale.
        absent: leaves that are not to apply.
    """

    points: Mapping[str, Decimal]
    absent: frozenset[str]

    @property
    def nodes(self) -> Iterable[str]:
        """All leaves of which something is supposed."""
        return (*self.points, *sorted(self.absent))

    def appraisal(
        self, said: UnitAppraisal | None, submission: Submission, layout: Layout
    ) -> UnitAppraisal:
        """Return what appraisers said, with the supposed words as the last ones.

        The words themselves stay as they are: whether appraisal has begun does not change.
        """
        code = submission.unit
        said = said or appraise(code, layout, submission.answers, ())
        rows = dict(said.rows)
        for node in self.nodes:
            row = rows.get(node) or RowAppraisal(node, "")
            rows[node] = replace(row, decided=self._word(code, node), open=None, conflict=None)
        return replace(said, rows=rows)

    def _word(self, unit: str, node: str) -> Claim:
        points = self.points.get(node)
        decision = Decision.ACCEPT if points is None else Decision.ADJUST
        return Claim("", 0, unit, node, decision, "", points, council=True)

    def reported(self, told: Reported, layout: Layout, policy: ScoringPolicy) -> Reported:
        """Return what the unit above found, with the supposed scores in place of its own."""
        leaves = layout.rubric.by_id
        supposed = {node: Score(points, leaves[node].max) for node, points in self.points.items()}
        supposed |= {node: not_applicable_score(leaves[node], policy) for node in self.absent}
        return replace(
            told,
            achieved={**told.achieved, **supposed},
            pending=tuple(node for node in told.pending if node not in supposed),
            unsettled=tuple(node for node in told.unsettled if node not in supposed),
            fallbacks={n: year for n, year in told.fallbacks.items() if n not in supposed},
        )


def overlays(
    supposition: Supposition, campaign: Campaign, layout_of: LayoutOf
) -> dict[str, Overlay]:
    """Return what is supposed of rows, by unit code; `layout_of` gives cards on the campaign's scale."""
    found = {}
    codes = [*(s.unit for s in supposition.scores), *(a.unit for a in supposition.absences)]
    for code in dict.fromkeys(codes):
        unit = campaign.units[code]
        nodes = layout_of(unit).rubric.by_id
        tier = supposition.weights.get(unit.tier, Weights())
        points = {
            one.node: _on_own_scale(one.points, tier.factors.get(one.node, Fraction(1)))
            for one in supposition.scores
            if one.unit == code
        }
        absent = frozenset(
            leaf.id
            for one in supposition.absences
            if one.unit == code
            for leaf in nodes[one.node].leaves()
        )
        found[code] = Overlay(points, absent)
    return found


def _on_own_scale(points: Decimal, factor: Fraction) -> Decimal:
    if factor in {0, 1}:
        return points
    return quantise(Fraction(points) / factor, DECIMALS)
