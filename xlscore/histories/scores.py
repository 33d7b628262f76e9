"""How a row's final score follows: whose word comes before whose, by which rule, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from xlscore.appraising import Claim, Decision, UnitAppraisal
from xlscore.form import card_inputs
from xlscore.histories.record import Record
from xlscore.histories.verdicts import Verdict, judge
from xlscore.methods.base import Value
from xlscore.ranking import UnitResult
from xlscore.reported import Reported
from xlscore.rubric import Channel, Combine, Node
from xlscore.scoring import Known, Open, Score, consolidate


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
        points: what the row gets by it; None where it does not apply, or nothing was given.
        agency, round, arrival: of an appraiser's word.
    """

    who: Who
    points: Decimal | None
    agency: str = ""
    round: int = 0
    arrival: int = 0


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
    """Return what a row gets by one word; None where it gives nothing, as a query does."""
    result = record.result
    if claim.decision is Decision.QUERY or result is None or result.submission is None:
        return None
    left_out = bool(result.appraisal and leaf.id in result.appraisal.left_out)
    adjusted = claim.decision is Decision.ADJUST
    known = Known(
        result.submission.answers,
        result.figures,
        {} if claim.points is None else {leaf.id: claim.points},
        {leaf.id: claim.values} if claim.values else {},
        frozenset() if adjusted else frozenset({leaf.id}),
        frozenset({leaf.id}) if adjusted and left_out else frozenset(),
        appraisal_done=True,
    )
    return _consolidated(record, result, leaf, known)


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
        yield Step(who, points, word.agency, word.round, word.arrival)
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
        yield Step(Who.SELF, own.points)
    else:
        score = _consolidated(record, result, leaf, _untouched(result))
        who = Who.NOBODY if score.open is Open.ELSEWHERE else Who.OTHERS
        if who is Who.OTHERS and card_inputs(leaf, layout.methods[leaf.id]):
            who = Who.SELF  # the unit's own figure, compared with others'
        yield Step(who, score.points)


def _values(result: UnitResult, leaf: Node) -> Mapping[str, Value]:
    answers = result.submission.answers.values if result.submission else {}
    reentered = result.appraisal.reentered if result.appraisal else {}
    return {
        **answers.get(leaf.id, {}),
        **reentered.get(leaf.id, {}),
        **result.figures.get(leaf.id, {}),
    }


def is_best(node: Node) -> bool:
    """Whether only the best part of a node counts."""
    return node.combine is Combine.BEST
