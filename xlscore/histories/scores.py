"""How a row's final score follows: whose word comes before whose, by which rule, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from xlscore.answers import Answers
from xlscore.appraising import Claim, Decision, UnitAppraisal, row_basis
from xlscore.form import card_inputs
from xlscore.histories.record import Facts, Record
from xlscore.histories.verdicts import Verdict, judge
from xlscore.methods.base import Value
from xlscore.ranking import UnitResult
from xlscore.reported import Reported
from xlscore.rubric import Channel, Combine, Node, Rubric
from xlscore.scoring import Known, Open, Score, consolidate, not_applicable_leaves


class Who(StrEnum):
    """Whose word a step of the chain is.

    `unappraised`: by the campaign's rule a row that nobody has appraised counts nothing; `others`: figures
    of a survey, of the system or of peers; `nobody`: the figures are not there yet; `above`: the unit
    above appraised it and reported so.
    """

    COUNCIL = "council"
    ROUND = "round"
    UNAPPRAISED = "unappraised"
    SELF = "self"
    OTHERS = "others"
    NOBODY = "nobody"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the chain; the first one decides.

    Attributes:
        points: what the row gets by it; None where it does not apply, or no score follows from it.
        agency, round, arrival: of an appraiser's word.
        left_out: whether it says that the row does not apply.
        declared: the unit's own figures, where they give points only beside those of others.
    """

    who: Who
    points: Decimal | None
    agency: str = ""
    round: int = 0
    arrival: int = 0
    left_out: bool = False
    declared: tuple[Facts, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """A node above the row, with what it reaches."""

    node: Node
    score: Score


@dataclass(frozen=True, slots=True)
class Final:
    """The final score of a row.

    Attributes:
        rule: the scoring guidance that the form prints.
        values: the inputs that the rule was applied to; None where points were given directly.
        sums: the nodes above, nearest first.
        open: why appraisers still have to look at the row, or empty.
        pending: whether survey or appraisal are still awaited.
    """

    score: Score
    chain: tuple[Step, ...]
    rule: tuple[str, ...]
    values: Mapping[str, Value] | None
    sums: tuple[Sum, ...]
    open: str = ""
    pending: bool = False


def final(record: Record, leaf: Node) -> Final | None:
    """Return how the row's score follows now; None where the unit has no return that counts."""
    result = record.result
    if result is None or not result.assessed or leaf.id not in result.achieved:
        return None
    said = result.appraisal
    told = result.reported
    direct = bool(said and leaf.id in said.points)
    direct |= told is not None and not result.is_figured_here(leaf.id)
    above = (result.rubric.by_id[node] for node in result.rubric.ancestors(leaf.id))
    layout = record.workspace.layout(record.unit)
    return Final(
        result.achieved[leaf.id],
        tuple(_chain(record, result, leaf)),
        layout.methods[leaf.id].guidance(leaf.max),
        None if direct else _values(result, leaf),
        tuple(Sum(node, result.achieved[node.id]) for node in above),
        said.open[leaf.id].value if said and leaf.id in said.open else "",
        leaf.id in result.pending or (told is not None and leaf.id in told.unsettled),
    )


def given(record: Record, leaf: Node, claim: Claim) -> Score | None:
    """Return what a row gets by one word, on the figures that it was said of.

    None where it gives nothing, as a query does, and where nobody can tell any more what it gave.
    """
    result = record.result
    if claim.decision is Decision.QUERY or result is None:
        return None
    answers = _said_of(record, result, leaf, claim)
    unknown = answers is None or _is_compared(record, result, leaf, claim, answers)
    if unknown and claim.points is None:
        return None
    answers = answers or Answers()
    left_out = leaf.id in answers.not_applicable
    adjusted, row = claim.decision is Decision.ADJUST, frozenset({leaf.id})
    directly = claim.points is not None or claim.values
    known = Known(
        answers,
        result.figures,
        {} if claim.points is None else {leaf.id: claim.points},
        {leaf.id: claim.values} if claim.values else {},
        frozenset() if adjusted else row,
        row if adjusted and left_out else frozenset(),
        appraisal_done=True,
        excluded=row if claim.council and not adjusted and not directly else frozenset(),
    )
    return _consolidated(record, result, leaf, known)


def _said_of(record: Record, result: UnitResult, leaf: Node, claim: Claim) -> Answers | None:
    """Return the unit's answer on a row that a word is about: of the version it was issued on.

    The council's word holds whatever the unit has changed since, so it is about what counts now.
    """
    layout = record.workspace.layout(record.unit)
    now = result.submission.answers if result.submission else None
    if now and (claim.council or claim.basis == row_basis(layout, now, leaf.id)):
        return _answer(layout.rubric, now, leaf)
    read = (card.answers for card in record.cards.values())
    then = next((a for a in read if claim.basis == row_basis(layout, a, leaf.id)), None)
    return _answer(layout.rubric, then, leaf) if then else None


def _is_compared(
    record: Record, result: UnitResult, leaf: Node, claim: Claim, answers: Answers
) -> bool:
    """Whether what a word's figures gave depends on figures of others that are not on record.

    Only those are that serve now; they were found with the figures that decide, and with no others.
    """
    if leaf.id not in record.workspace.layout(record.unit).supplied:
        return False
    if claim.decision is Decision.ACCEPT and leaf.id in answers.not_applicable:
        return False
    decided = result.appraisal.decisions.get(leaf.id) if result.appraisal else None
    return decided is None or (decided.basis, decided.said) != (claim.basis, claim.said)


def _answer(rubric: Rubric, answers: Answers, leaf: Node) -> Answers:
    left_out = not_applicable_leaves(rubric, answers.not_applicable) & {leaf.id}
    return Answers({leaf.id: answers.values.get(leaf.id, {})}, left_out)


def _consolidated(record: Record, result: UnitResult, leaf: Node, known: Known) -> Score:
    layout, policy = record.workspace.layout(record.unit), result.policies.scoring
    return consolidate(layout.rubric, layout.methods, known, policy)[leaf.id]


def _chain(record: Record, result: UnitResult, leaf: Node) -> Iterator[Step]:
    """Yield the words on a row that decide or did decide before, the one that counts first."""
    said = result.appraisal
    for word in _deciding(said, leaf):
        score = given(record, leaf, word)
        who = Who.COUNCIL if word.council else Who.ROUND
        points = score.points if score else None
        yield Step(who, points, word.agency, word.round, word.arrival, is_left_out(score))
    if result.reported is not None:
        yield from _reported(record, result, result.reported, leaf)
        return
    if said is not None and leaf.id not in said.decisions:
        untouched = _consolidated(record, result, leaf, _untouched(result))
        if result.achieved[leaf.id].points != untouched.points:
            yield Step(Who.UNAPPRAISED, result.achieved[leaf.id].points)
    yield from _first(record, result, leaf)


def _reported(record: Record, result: UnitResult, told: Reported, leaf: Node) -> Iterator[Step]:
    """Yield what the unit above reported, before it the figure of this campaign that replaces it."""
    reported = told.achieved[leaf.id].points
    if not result.is_figured_here(leaf.id):
        yield Step(Who.ABOVE, reported, record.unit.parent)
        yield from _first(record, result, leaf)
        return
    yield from _first(record, result, leaf)
    if reported is not None:
        yield Step(Who.ABOVE, reported, record.unit.parent)


def _untouched(result: UnitResult) -> Known:
    """Return what is known without any appraisal."""
    return Known(result.submission.answers if result.submission else None, result.figures)


def _deciding(said: UnitAppraisal | None, leaf: Node) -> list[Claim]:
    row = said.rows.get(leaf.id) if said else None
    if row is None:
        return []
    told = {Verdict.COUNTS, Verdict.OVERRULED}
    rounds: dict[tuple[bool, int], Claim] = {}
    for word in row.words:
        if judge(row, word).verdict in told:
            rounds.setdefault((word.council, 0 if word.council else word.round), word)
    return [rounds[key] for key in sorted(rounds, reverse=True)]


def _first(record: Record, result: UnitResult, leaf: Node) -> Iterator[Step]:
    """Yield the step that the chain starts from: the self score, others' figures, or nothing yet."""
    layout = record.workspace.layout(record.unit)
    own = result.own[leaf.id] if result.own else None
    if leaf.channel is Channel.APPRAISER:
        if not _deciding(result.appraisal, leaf):
            yield Step(Who.NOBODY, None)
    elif own is not None and own.open is not Open.ELSEWHERE:
        yield Step(Who.SELF, own.points, left_out=is_left_out(own))
    else:
        score = _consolidated(record, result, leaf, _untouched(result))
        who = Who.NOBODY if score.open is Open.ELSEWHERE else Who.OTHERS
        if who is Who.OTHERS and card_inputs(leaf, layout.methods[leaf.id]):
            yield _compared(record, result, leaf, score)
        else:
            yield Step(who, score.points)


def _compared(record: Record, result: UnitResult, leaf: Node, score: Score) -> Step:
    """Return the step of the unit's own figure that is compared with others'.

    It gives points only as long as it decides: the best of the tier, once figures were entered in its
    place, is another than the one it would have been compared with.
    """
    reached = result.achieved[leaf.id].points
    decides = reached == score.points and not _deciding(result.appraisal, leaf)
    declared = result.submission.answers.values.get(leaf.id, {}) if result.submission else {}
    points = score.points if decides else None
    return Step(Who.SELF, points, declared=tuple(record.figures(leaf, declared)))


def _values(result: UnitResult, leaf: Node) -> Mapping[str, Value]:
    answers = result.submission.answers.values if result.submission else {}
    reentered = result.appraisal.reentered if result.appraisal else {}
    return {
        **answers.get(leaf.id, {}),
        **reentered.get(leaf.id, {}),
        **result.figures.get(leaf.id, {}),
    }


def is_left_out(score: Score | None) -> bool:
    """Whether a score says that a row does not apply."""
    return score is not None and score.open is Open.NOT_APPLICABLE


def is_best(node: Node) -> bool:
    """Whether only the best part of a node counts."""
    return node.combine is Combine.BEST
