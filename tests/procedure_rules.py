"""The results of the whole procedure, computed by hand from what was typed: nothing of xlscore is used.

Every rule of a row is written out once more, in exact fractions, from the decision's wording; so are who
appraises what, which word counts, what is left out, and how units are ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction as F
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
    Row,
    Rows,
    Typed,
    Values,
    Word,
)

Given = Mapping[str, Typed | F]
Rule = Callable[[Given], F | None]
"""The points of a row from its figures; None: the figures say that nothing happened (không phát sinh)."""

# --- how a row is scored ----------------------------------------------------------------------------


def num(value: Typed | F) -> F:
    return F(value) if isinstance(value, Decimal) else F(str(value))


def direct(given: Given) -> F:
    return num(given["points"])


def chosen(**points: str) -> Rule:
    return lambda given: F(points[str(given["level"]).replace(" ", "_")])


def share(given: Given) -> F | None:
    whole = num(given["denominator"])
    return num(given["numerator"]) / whole if whole else None


def spent(given: Given) -> F | None:
    """Below half nothing, from 95 % on everything, else in proportion; of 2 points."""
    part = share(given)
    if part is None or part < F(1, 2):
        return None if part is None else F(0)
    return F(2) if part >= F(95, 100) else part * 2


def met(given: Given) -> F:
    return sum((F(p) for key, p in (("item1", "0.4"), ("item2", "0.6")) if given[key] == "Đạt"), F(0))


def online(given: Given) -> F:
    percent = num(given["percent"])
    return F(2) if percent >= 90 else F(1) if percent >= 70 else F(0)


def beside_best(given: Given) -> F:
    best = num(given["best"])
    return num(given["value"]) / best * 2 if best else F(0)


@dataclass(frozen=True, slots=True)
class Rubric:
    """One row: its maximum, its rule, the figures that it needs, and who gives them.

    `by`: the unit itself, appraisers only, or others (surveys, the system); `extra`: bonus or penalty.
    """

    top: F
    rule: Rule
    needs: tuple[str, ...]
    by: str = "unit"
    extra: str = ""
    on_card: bool = True


def own(top: int, rule: Rule, *needs: str, extra: str = "") -> Rubric:
    return Rubric(F(top), rule, needs, extra=extra)


def others(top: int, rule: Rule, *needs: str) -> Rubric:
    return Rubric(F(top), rule, needs, by="others", on_card=False)


def some(points: str, top: int) -> Rule:
    return lambda given: min(num(given["count"]) * F(points), F(top))


def at_most(key: str, *bands: tuple[str, str]) -> Rule:
    return lambda given: next((F(p) for end, p in bands if num(given[key]) <= F(end)), F(0))


def at_least(key: str, *bands: tuple[str, str]) -> Rule:
    return lambda given: next((F(p) for end, p in bands if num(given[key]) >= F(end)), F(0))


def percent_of(top: int) -> Rule:
    return lambda given: num(given["value"]) * top / 100


ROWS: Mapping[str, Mapping[str, Rubric]] = {
    "so": {
        "n1.1": own(2, direct, "points"),
        "n1.2": own(1, chosen(Kịp_thời="1", Chậm="0.5", Không="0"), "level"),
        "n1.3": own(3, lambda g: None if (s := share(g)) is None else s * 3, "numerator", "denominator"),
        "n1.4": own(2, some("0.5", 2), "count"),
        "n1.5": own(2, lambda g: max(2 - num(g["count"]) * F("0.4"), F(0)), "count"),
        "n2.1": own(2, online, "percent"),
        "n2.2": own(2, lambda g: num(g["dat"]) / num(g["tong"]) * 2, "tong", "dat"),
        "n2.3": own(1, met, "item1", "item2"),
        "n2.4": own(3, chosen(Tốt="3", Khá="1.5", Yếu="0"), "level"),
        "n2.5.1": own(2, direct, "points"),
        "n2.5.2": own(1, some("0.5", 1), "count"),
        "n3.1": own(4, direct, "points"),
        "n3.2": own(2, spent, "numerator", "denominator"),
        "n4.1": others(3, percent_of(3), "value"),
        "n4.2": others(2, percent_of(2), "value"),
        "n4.3": Rubric(F(2), direct, ("points",), by="appraiser", on_card=False),
        "n4.4": others(1, at_most("days", ("0", "1"), ("2", "0.5")), "days"),
        "n4.5": others(1, at_least("coverage", ("100", "1"), ("50", "0.5")), "coverage"),
        "n4.6": others(1, at_most("gap", ("0.5", "1"), ("4", "0.5")), "gap"),
        "n4.7": Rubric(F(2), beside_best, ("value", "best"), on_card=False),
        "nC": own(1, direct, "points", extra="bonus"),
        "nP": own(2, some("0.5", 2), "count", extra="penalty"),
    },
    "xa": {
        "n1.1": own(4, direct, "points"),
        "n1.2": own(4, lambda g: None if (s := share(g)) is None else s * 4, "numerator", "denominator"),
        "n1.3": own(2, chosen(Tốt="2", Khá="1", Yếu="0"), "level"),
        "n2.1": others(3, percent_of(3), "value"),
        "n2.2": Rubric(F(1), direct, ("points",), by="appraiser", on_card=False),
        "n2.3": others(1, at_most("days", ("0", "1")), "days"),
        "nC": own(1, direct, "points", extra="bonus"),
    },
}  # fmt: skip
BEST_OF: Mapping[str, tuple[str, ...]] = {"n2.5": ("n2.5.1", "n2.5.2")}
BANDS = {
    "so": (("Tốt", 80), ("Khá", 65), ("Trung bình", 50), ("Yếu", 0)),
    "xa": (("Đạt", 70), ("Chưa đạt", 0)),
}


def rounded(value: F, decimals: int = 12) -> F:
    """Round half up, as every row is once."""
    unit = 10**decimals
    return F((value * unit + F(1, 2)).__floor__(), unit)


def tier(unit: str) -> str:
    return UNITS[unit][1]


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
    rounds = (decision([s for s in said if s[0] == number]) for number in (2, 1))
    return next((word for word in rounds if word is not None), None)


def decision(said: Iterable[Said]) -> Word | None:
    """Return what one round decides: nothing, where somebody asks or two agencies differ."""
    latest: dict[str, tuple[Word, bool]] = {}
    for _, agency, word, rest in said:
        if agency not in latest or latest[agency][1] or not rest:
            latest[agency] = word, rest
    weighed = [w for w, rest in latest.values() if not rest] or [w for w, _ in latest.values()]
    if not weighed or any(word.choice == QUERY for word in weighed):
        return None
    first = weighed[0]
    return first if all(same(first, word) for word in weighed) else None


def same(one: Word, other: Word) -> bool:
    return (one.choice, one.score, one.figures) == (other.choice, other.score, other.figures)


def begun(unit: str) -> bool:
    return any(said_of(unit, node) for node in ROWS[tier(unit)])


# --- what a row reaches -----------------------------------------------------------------------------

Score = tuple[F | None, F]
"""Points, None while there are none, and the applicable maximum."""


@dataclass
class Reckoning:
    """The results of all units; `zero`: rows that nobody appraised count nothing."""

    zero: bool = False

    def leaf(self, unit: str, node: str, gap: F | None = None) -> Score:
        """Return what a row reaches; `gap` once it is known."""
        row = ROWS[tier(unit)][node]
        if unit == MISSING:
            return F(0), row.top
        word = final_word(unit, node)
        if word and word.score:
            return rounded(F(word.score)), row.top
        if row.by == "appraiser":
            return None, F(0)
        typed = card(unit).get(node, {})
        refused = word is not None and word.choice == ADJUST
        if typed == NA and not refused:
            return self._left_out(unit, node)
        declared: Given = {} if typed == NA else typed
        given: Given = {**declared, **(word.figures if word else {}), **self._supplied(unit, node, gap)}
        if any(key not in given for key in row.needs):
            return self._blank(unit, node)
        points = row.rule(given)
        if points is None:
            return self._left_out(unit, node)
        if self._counts_nothing(unit, node) and row.by == "unit" and row.extra != "penalty":
            return F(0), row.top
        return rounded(points), row.top

    def _counts_nothing(self, unit: str, node: str) -> bool:
        return self.zero and begun(unit) and final_word(unit, node) is None

    def _left_out(self, unit: str, node: str) -> Score:
        row = ROWS[tier(unit)][node]
        nothing = self._counts_nothing(unit, node) and not row.extra
        return (F(0), row.top) if nothing else (None, F(0))

    def _blank(self, unit: str, node: str) -> Score:
        row = ROWS[tier(unit)][node]
        if row.by == "others":
            return None, F(0)
        return (None, row.top) if row.extra else (F(0), row.top)

    def _supplied(self, unit: str, node: str, gap: F | None) -> Given:
        """Return what neither the unit nor appraisers give."""
        derived = {"n4.4": ("days", days_late(unit)), "n4.5": ("coverage", coverage(unit))}
        if tier(unit) == "xa":
            derived = {"n2.3": ("days", days_late(unit))}
        if node in derived:
            key, value = derived[node]
            return {key: value}
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

    def _gap(self, unit: str) -> F | None:
        """Return |self total − appraised total| of what the unit scores itself, once all is decided."""
        nodes = ROWS[tier(unit)]
        asked = [n for n, r in nodes.items() if r.by == "appraiser" or (r.by == "unit" and n in card(unit))]
        if any(final_word(unit, node) is None for node in asked):
            return None
        compared = [n for n, r in nodes.items() if r.on_card and not r.extra and self._compared(unit, n)]
        ours = added({n: (self_score(unit, n), F(0)) for n in compared})[0]
        theirs = added({n: self.leaf(unit, n) for n in compared})[0]
        return abs(ours - theirs)

    def _compared(self, unit: str, node: str) -> bool:
        """Whether a row counts in the appraised total: left out with the appraisers' consent, it does not."""
        word = final_word(unit, node)
        return card(unit).get(node) != NA or (word is not None and word.choice == ADJUST)

    def totals(self, unit: str) -> tuple[F, F, F, F]:
        """Return points, applicable maximum, bonus and penalty."""
        leaves, nodes = self.leaves(unit), ROWS[tier(unit)]
        points, applicable = added({n: s for n, s in leaves.items() if not nodes[n].extra})
        extra = {
            kind: sum((s[0] or F(0) for n, s in leaves.items() if nodes[n].extra == kind), F(0))
            for kind in ("bonus", "penalty")
        }
        return points, applicable, extra["bonus"], extra["penalty"]

    def achieved(self, unit: str) -> F:
        points, _, bonus, penalty = self.totals(unit)
        return max(points + bonus - penalty, F(0))

    def index(self, unit: str) -> F:
        applicable = self.totals(unit)[1]
        return min(self.achieved(unit) / applicable * 100, F(100)) if applicable else F(0)

    def rank(self, unit: str) -> int:
        """Return the rank among the units of the tier, who sent nothing last; equals share it."""
        peers = [code for code in UNITS if tier(code) == tier(unit)]
        merit = {code: (rounded(self.index(code), 9), code != MISSING) for code in peers}
        return 1 + sum(merit[code] > merit[unit] for code in peers)

    def band(self, unit: str) -> str:
        index = rounded(self.index(unit), 9)
        return next(name for name, floor in BANDS[tier(unit)] if index >= floor)


def added(leaves: Mapping[str, Score]) -> tuple[F, F]:
    """Return sums of points and maxima; of the cases of a best-of group only the best counts."""
    points = applicable = F(0)
    cases = {case: group for group, of in BEST_OF.items() for case in of}
    best: dict[str, list[Score]] = {}
    for node, score in leaves.items():
        if node in cases:
            best.setdefault(cases[node], []).append(score)
        else:
            points, applicable = points + (score[0] or 0), applicable + score[1]
    for scores in best.values():
        points += max(score[0] or F(0) for score in scores)
        applicable += max(score[1] for score in scores)
    return points, applicable


# --- what the unit's own card says, and what others supply ---------------------------------------------


def self_score(unit: str, node: str) -> F | None:
    """Return what the unit gives itself."""
    row, typed = ROWS[tier(unit)][node], card(unit).get(node, {})
    if typed == NA or not row.on_card or any(key not in typed for key in row.needs):
        return None
    points = row.rule(typed)
    return None if points is None else rounded(points)


def days_late(unit: str) -> F:
    """Return the days after the deadline, begun days counting."""
    sent = {LATE: LATE_SENT, RESUBMITTING: CHANGED_SENT}.get(unit, FIRST_SENT)
    return F(max(ceil((sent - DEADLINE).total_seconds() / 86_400), 0))


def coverage(unit: str) -> F:
    """Return the percent of the claimed rows that ask for evidence and have it."""
    claimed = [n for n in PROVEN[tier(unit)] if (self_score(unit, n) or 0) > 0]
    proven = [n for n in claimed if (unit, n) not in EXPLAINED]
    return F(len(proven) * 100, len(claimed)) if claimed else F(100)


def services(unit: str) -> F:
    word = final_word(unit, "n4.7")
    value: Values = {**card(unit)["n4.7"], **(word.figures if word else {})}
    return num(value["value"])


WEIGHTS = {"A": F(100), "B": F(60), "C": F(20), "D": F(0)}
GROUPS = {"hdnd": F(2), "dan": F(1)}


def surveyed(unit: str, node: str) -> F | None:
    """Return the percent or index of a row from others: this year's, else last year's."""
    if tier(unit) == "xa":
        return num(PERCENTS[unit]) if node == "n2.1" and unit in PERCENTS else None
    if node == "n4.2":
        value = INDEX_2026.get(unit, INDEX_2025.get(unit))
        return None if value is None else num(value)
    if node != "n4.1":
        return None
    means = {
        group: sum((WEIGHTS[o] * n for o, n in answers.items()), F(0)) / sum(answers.values())
        for group, answers in ANSWERS[unit].items()
    }
    weighed = sum((GROUPS[group] * mean for group, mean in means.items()), F(0))
    return weighed / sum(GROUPS[group] for group in means)


__all__: list[str] = ["Reckoning", "Row", "rounded"]
