"""Which gaps between neighbours are smaller than what appraisers disagree by.

Two words on one row, on the same inputs, are xᵢ = truth + eᵢ with independent errors of variance σ²m²
(m: the row's maximum), so E(x₁ − x₂)² = 2σ²m²: the root mean square s of (x₁ − x₂)/m estimates σ√2.
The index of a unit is 100·Σx/A with one such error in every appraised row that counts, so its
standard error is u = 100·(s/√2)·√Σm²/A; that of a gap between two units is √(u₁² + u₂²).
A gap below it says nothing about merit.

What s is taken over are second looks: words that follow each other on a row (of two agencies in a round, of
a later round after an earlier one, of the council after the last), and appraised rows that a later round of
the unit left as they stood, which differ by nothing. Over the rows that were quarrelled about alone s would
be far too large, since those are the harder ones. Queries and words on inputs that the unit has changed
since do not count; a blanket acceptance does where it was the first word on a row. The looks are of the
whole campaign: a group alone has few.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise

from xlscore.appraising import Claim, Decision, RowAppraisal
from xlscore.ranking import GroupRanking, RankedRow, UnitResult, counting_leaves
from xlscore.scoring import score_leaf

LEAST_PAIRS = 10
"""Below so many pairs no figure is given."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How far appraisers are apart on the same row, as a share of its maximum.

    Attributes:
        pairs: number of pairs of words; different: how many of them differ.
        left: number of rows that a later round left as they stood.
        share: root mean square of the differences; None where there are too few pairs.
    """

    pairs: int
    different: int
    left: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two units that follow each other, with different indices; `gap` and `error` in percentage points."""

    upper: RankedRow
    lower: RankedRow
    gap: Fraction
    error: float

    @property
    def told_apart(self) -> bool:
        """Whether the gap is at least as large as the appraisers' disagreement."""
        return float(self.gap) >= self.error


def disagreement(results: Iterable[UnitResult]) -> Disagreement:
    """Estimate the disagreement from every row that appraisers looked at more than once."""
    found: list[Fraction] = []
    left = 0
    for result in results:
        for differences, stood in _looks(result):
            found += differences
            left += stood
    share = None
    if len(found) >= LEAST_PAIRS:
        share = math.sqrt(sum(d * d for d in found) / (len(found) + left))
    return Disagreement(len(found), sum(d != 0 for d in found), left, share)


def _looks(result: UnitResult) -> Iterator[tuple[list[Fraction], bool]]:
    """Yield, row by row, the differences between its words, and whether a later round let it stand."""
    said = result.appraisal
    rows = said.rows.values() if said else ()
    last = max((w.round for row in rows for w in row.words if not w.council), default=0)
    for row in rows:
        node = result.rubric.by_id.get(row.node)
        if node is None or node.max == 0:
            continue
        words = list(_words(row))
        if len(words) <= 1 and all(word.round >= last for word in words):
            continue  # nothing to hold against it
        scored = [(word, _points(result, row.node, word)) for word in words]
        known = [(word, points) for word, points in scored if points is not None]
        pairs = pairwise(points for _, points in known)
        rounds = [word.round for word, _ in known if not word.council]
        stood = bool(rounds) and rounds[-1] < last
        yield [Fraction(b - a) / Fraction(node.max) for a, b in pairs], stood


def _words(row: RowAppraisal) -> Iterator[Claim]:
    """Yield the words that score a row on its present inputs, in order of the rounds.

    Accepting everything left says something of a row only if nobody had spoken of it.
    """
    spoken = False
    for _, said in groupby((w for w in row.words if not w.council), key=lambda w: w.round):
        words = tuple(said)
        own = [word for word in words if not word.rest]
        for word in own if own or spoken else words[:1]:
            if word.decision is not Decision.QUERY:
                yield word
        spoken = True
    council = row.council
    if council is not None and council.basis == row.basis:
        yield council


def _points(result: UnitResult, node: str, word: Claim) -> Decimal | None:
    """Return the points that a word gives; None where it says that the row does not apply."""
    if word.points is not None:
        return word.points
    said = result.appraisal
    if result.submission is None or (said and node in said.left_out and not word.values):
        return None
    values = {
        **result.submission.answers.values.get(node, {}),
        **word.values,
        **result.figures.get(node, {}),
    }
    leaf, method = result.rubric.by_id[node], result.layout.methods[node]
    return score_leaf(leaf, method, values, result.policies.leaf_decimals).points


def neighbours(group: GroupRanking, found: Disagreement) -> tuple[Neighbours, ...]:
    """Return the consecutive units whose gap can be judged; none where no figure is known.

    Units whose result came from above are left out: their appraisers' words are not known here. So are
    two of which no row is appraised yet.
    """
    if found.share is None:
        return ()
    rows = [row for row in group.rows if row.result.assessed]
    judged = []
    for upper, lower in pairwise(rows):
        gap = upper.result.index - lower.result.index
        if gap == 0 or upper.result.appraisal is None or lower.result.appraisal is None:
            continue
        error = math.hypot(*(standard_error(row.result, found.share) for row in (upper, lower)))
        if error == 0:
            continue  # nothing of either is appraised yet, or nobody ever disagreed
        judged.append(Neighbours(upper, lower, gap, error))
    return tuple(judged)


def standard_error(result: UnitResult, share: float) -> float:
    """Return the standard error of a unit's index, in points of it, that its appraised rows bring."""
    if result.totals.applicable == 0:
        return 0.0
    nodes = (*result.rubric.domains, *(n for n in result.rubric.nodes if n.is_extra))
    squares = sum(
        float(leaf.max) ** 2
        for node in nodes
        for leaf in counting_leaves(result, node)
        if result.appraised.get(leaf.id) is not None
    )
    return 100 * share / math.sqrt(2) * math.sqrt(squares) / float(result.totals.applicable)
