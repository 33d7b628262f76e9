"""The results of the whole procedure, computed by hand from what was typed: nothing of xlscore is used.

Every rule of a row is written out once more, in exact fractions, from the decision's wording; so are who
appraises what, which word counts, what is left out, and how units are ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from tests.procedure_inputs import (
    ACCEPT,
    ADJUST,
    ANSWERS,
    BOOKS,
    CARDS,
    CHANGED,
    CHANGED_SENT,
    COUNCIL,
    DEADLINE,
    EXPLAINED,
    FIRST_SENT,
    INDEX_2025,
    INDEX_2026,
    LATE,
    LATE_SENT,
    MISSING,
    NA,
    PERCENTS,
    PROVEN,
    QUERY,
    RESUBMITTING,
    UNITS,
    Rows,
    Values,
    Word,
)
from tests.procedure_rows import BANDS, BEST_OF, ROWS, Criterion, Given, num, rounded, tier

# --- which word counts ------------------------------------------------------------------------------


def card(unit: str, round_: int = 2) -> Rows:
    """Return the card on which a round was exported."""
    changed = CHANGED if unit == RESUBMITTING and round_ == 2 else {}
    return {**CARDS[unit], **changed}


def appraiser(unit: str, node: str) -> str:
    """Return who appraises a row in round 1."""
    if unit == "STC":
        return "SNV"  # nobody appraises itself
    if tier(unit) == "so":
        return "STTTT" if node.startswith("n2") else "STC" if node.startswith("n3") else "SNV"
    return "STTTT" if node == "n1.3" else "SNV"


Said = tuple[int, str, Word, bool]
"""Round, agency, word, and whether it comes from the cell that accepts everything left."""


def said_of(unit: str, node: str) -> list[Said]:
    """Return everything that counts as said on a row, as it arrived."""
    found: list[Said] = []
    for book in BOOKS:
        if book.voided or not book.finished:
            continue
        if card(unit, book.round).get(node) != card(unit).get(node):
            continue  # the unit has changed the row since
        if word := book.words.get((unit, node)):
            found.append((book.round, book.agency, word, False))
        elif book.rest and appraiser(unit, node) == book.agency and node in card(unit):
            found.append((book.round, book.agency, Word(ACCEPT), True))
    return found


def final_word(unit: str, node: str) -> Word | None:
    """Return the word that counts: the council's, else that of the latest round that decides."""
    if (unit, node) in COUNCIL:
        score, remark = COUNCIL[unit, node]
        return Word(ADJUST, score, remark)
    said = said_of(unit, node)
    # Whoever accepts the rest means the rows of which nobody has spoken, in whatever round.
    said = [s for s in said if not s[3]] or said
    rounds = (decision([s for s in said if s[0] == number]) for number in (2, 1))
    return next((word for word in rounds if word is not None), None)


def decision(said: Iterable[Said]) -> Word | None:
    """Return what one round decides: nothing, where somebody asks or two agencies differ."""
    latest = {agency: word for _, agency, word, _ in said}
    weighed = list(latest.values())
    if not weighed or any(word.choice == QUERY for word in weighed):
        return None
    first = weighed[0]
    return first if all(same(first, word) for word in weighed) else None


def same(one: Word, other: Word) -> bool:
    return (one.choice, one.score, one.figures) == (other.choice, other.score, other.figures)


def begun(unit: str) -> bool:
    return any(said_of(unit, node) for node in ROWS[tier(unit)])


# --- what a row reaches -----------------------------------------------------------------------------

Score = tuple[Fraction | None, Fraction]
"""Points, None while there are none, and the applicable maximum."""


@dataclass
class Reckoning:
    """The results of all units, under policies as `campaign.yaml` names them.

    Attributes:
        unappraised: what a row without a word counts: `self` or `zero`.
        not_applicable: what a row that does not apply counts: `leave_out`, `full_points` or `zero`.
        pending: what a row that is not known yet does: `leave_out` or `zero`.
    """

    unappraised: str = "self"
    not_applicable: str = "leave_out"
    pending: str = "leave_out"

    def leaf(self, unit: str, node: str, gap: Fraction | None = None) -> Score:
        """Return what a row reaches; `gap` once it is known."""
        row = ROWS[tier(unit)][node]
        if unit == MISSING:
            return Fraction(0), row.top
        word = final_word(unit, node)
        if word and word.score:
            return rounded(Fraction(word.score)), row.top
        if row.by == "appraiser":
            return self._unknown(row)
        typed = card(unit).get(node, {})
        refused = word is not None and word.choice == ADJUST
        if typed == NA and not refused:
            return self._left_out(unit, node)
        declared: Given = {} if typed == NA else typed
        given: Given = {
            **declared,
            **(word.figures if word else {}),
            **self._supplied(unit, node, gap),
        }
        if any(key not in given for key in row.needs):
            return self._blank(unit, node)
        points = row.rule(given)
        if points is None:
            return self._left_out(unit, node)
        if self._counts_nothing(unit, node) and row.by == "unit" and row.extra != "penalty":
            return Fraction(0), row.top
        return rounded(points), row.top

    def _counts_nothing(self, unit: str, node: str) -> bool:
        return self.unappraised == "zero" and begun(unit) and final_word(unit, node) is None

    def _left_out(self, unit: str, node: str) -> Score:
        row = ROWS[tier(unit)][node]
        if row.extra:
            return None, Fraction(0)
        if self._counts_nothing(unit, node) or self.not_applicable == "zero":
            return Fraction(0), row.top
        return (row.top, row.top) if self.not_applicable == "full_points" else (None, Fraction(0))

    def _unknown(self, row: Criterion) -> Score:
        return (Fraction(0), row.top) if self.pending == "zero" else (None, Fraction(0))

    def _blank(self, unit: str, node: str) -> Score:
        row = ROWS[tier(unit)][node]
        if row.by == "others":
            return self._unknown(row)
        nothing = row.extra == "bonus" and self._counts_nothing(unit, node)
        return (None, row.top) if row.extra and not nothing else (Fraction(0), row.top)

    def _supplied(self, unit: str, node: str, gap: Fraction | None) -> Given:
        """Return what neither the unit nor appraisers give."""
        derived = {"n4.4": ("days", days_late(unit)), "n4.5": ("coverage", coverage(unit))}
        if tier(unit) == "xa":
            derived = {"n2.3": ("days", days_late(unit))}
        if node in derived:
            return dict([derived[node]])
        if (tier(unit), node) == ("so", "n4.6"):
            return {} if gap is None else {"gap": gap}
        if (tier(unit), node) == ("so", "n4.7"):
            return {"best": max(services(code) for code in CARDS if tier(code) == "so")}
        value = surveyed(unit, node)
        return {} if value is None else {"value": value}

    def leaves(self, unit: str) -> dict[str, Score]:
        """Return every row of a unit."""
        nodes = ROWS[tier(unit)]
        gap = self._gap(unit) if "n4.6" in nodes and unit != MISSING else None
        return {node: self.leaf(unit, node, gap) for node in nodes}

    def _gap(self, unit: str) -> Fraction | None:
        """Return |self total − appraised total| of what the unit scores itself, once all is decided."""
        nodes = ROWS[tier(unit)]
        asked = [
            n
            for n, r in nodes.items()
            if r.by == "appraiser" or (r.by == "unit" and n in card(unit))
        ]
        if any(final_word(unit, node) is None for node in asked):
            return None
        compared = [
            n for n, r in nodes.items() if r.on_card and not r.extra and self._compared(unit, n)
        ]
        ours = added({n: (self_score(unit, n), Fraction(0)) for n in compared})[0]
        theirs = added({n: self.leaf(unit, n) for n in compared})[0]
        return abs(ours - theirs)

    def _compared(self, unit: str, node: str) -> bool:
        """Whether a row counts in the appraised total: left out with the appraisers' consent, it does not."""
        word = final_word(unit, node)
        return card(unit).get(node) != NA or (word is not None and word.choice == ADJUST)

    def totals(self, unit: str) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """Return points, applicable maximum, bonus and penalty."""
        leaves, nodes = self.leaves(unit), ROWS[tier(unit)]
        points, applicable = added({n: s for n, s in leaves.items() if not nodes[n].extra})
        extra = {
            kind: sum(
                (s[0] or Fraction(0) for n, s in leaves.items() if nodes[n].extra == kind),
                Fraction(0),
            )
            for kind in ("bonus", "penalty")
        }
        return points, applicable, extra["bonus"], extra["penalty"]

    def achieved(self, unit: str) -> Fraction:
        points, _, bonus, penalty = self.totals(unit)
        return max(points + bonus - penalty, Fraction(0))

    def index(self, unit: str) -> Fraction:
        applicable = self.totals(unit)[1]
        return (
            min(self.achieved(unit) / applicable * 100, Fraction(100))
            if applicable
            else Fraction(0)
        )

    def rank(self, unit: str) -> int:
        """Return the rank among the units of the tier, who sent nothing last; equals share it."""
        peers = [code for code in UNITS if tier(code) == tier(unit)]
        merit = {code: (rounded(self.index(code), 9), code != MISSING) for code in peers}
        return 1 + sum(merit[code] > merit[unit] for code in peers)

    def band(self, unit: str) -> str:
        index = rounded(self.index(unit), 9)
        return next(name for name, floor in BANDS[tier(unit)] if index >= floor)


def added(leaves: Mapping[str, Score]) -> tuple[Fraction, Fraction]:
    """Return sums of points and maxima; of the cases of a best-of group only the best counts."""
    points = applicable = Fraction(0)
    cases = {case: group for group, of in BEST_OF.items() for case in of}
    best: dict[str, list[Score]] = {}
    for node, (reached, top) in leaves.items():
        if node in cases:
            best.setdefault(cases[node], []).append((reached, top))
        else:
            points, applicable = points + (reached or 0), applicable + top
    for scores in best.values():
        points += max(score[0] or Fraction(0) for score in scores)
        applicable += max(score[1] for score in scores)
    return points, applicable


# --- what the unit's own card says, and what others supply ---------------------------------------------


def self_score(unit: str, node: str) -> Fraction | None:
    """Return what the unit gives itself."""
    row, typed = ROWS[tier(unit)][node], card(unit).get(node, {})
    if typed == NA or not row.on_card or any(key not in typed for key in row.needs):
        return None
    points = row.rule(typed)
    return None if points is None else rounded(points)


def days_late(unit: str) -> Fraction:
    """Return the days after the deadline, begun days counting."""
    sent = {LATE: LATE_SENT, RESUBMITTING: CHANGED_SENT}.get(unit, FIRST_SENT)
    return Fraction(max(ceil((sent - DEADLINE).total_seconds() / 86_400), 0))


def coverage(unit: str) -> Fraction:
    """Return the percent of the claimed rows that ask for evidence and have it."""
    claimed = [n for n in PROVEN[tier(unit)] if (self_score(unit, n) or 0) > 0]
    proven = [n for n in claimed if (unit, n) not in EXPLAINED]
    return Fraction(len(proven) * 100, len(claimed)) if claimed else Fraction(100)


def services(unit: str) -> Fraction:
    word = final_word(unit, "n4.7")
    value: Values = {**card(unit)["n4.7"], **(word.figures if word else {})}
    return num(value["value"])


WEIGHTS = {"A": Fraction(100), "B": Fraction(60), "C": Fraction(20), "D": Fraction(0)}
GROUPS = {"hdnd": Fraction(2), "dan": Fraction(1)}


def surveyed(unit: str, node: str) -> Fraction | None:
    """Return the percent or index of a row from others: this year's, else last year's."""
    if tier(unit) == "xa":
        return num(PERCENTS[unit]) if node == "n2.1" and unit in PERCENTS else None
    if node == "n4.2":
        value = INDEX_2026.get(unit, INDEX_2025.get(unit))
        return None if value is None else num(value)
    if node != "n4.1":
        return None
    means = {
        group: sum((WEIGHTS[o] * n for o, n in answers.items()), Fraction(0))
        / sum(answers.values())
        for group, answers in ANSWERS[unit].items()
    }
    weighed = sum((GROUPS[group] * mean for group, mean in means.items()), Fraction(0))
    return weighed / sum(GROUPS[group] for group in means)
