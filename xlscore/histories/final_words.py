"""How a final score follows, in words and figures, in the language in use."""

from __future__ import annotations

from collections.abc import Iterator

from xlscore.histories.lines import given, number, points
from xlscore.histories.row_words import figures_words, round_words
from xlscore.histories.rows import Story
from xlscore.histories.scores import Final, Step, Sum, Who, is_best
from xlscore.histories.working import working
from xlscore.i18n import _
from xlscore.numbers import plain, quantise
from xlscore.rubric import Node

_HEAD = 16
"""So many digits of the ledger's head are shown: what receipts show too."""

_INDEX_DECIMALS = 9


def final_words(story: Story) -> list[str]:
    """Say how the score follows: whose word, by which rule, of which maximum, and where it goes."""
    if story.score is None:
        return [_("Nothing that counts was submitted: the row has no score.")]
    if story.final is None:
        return [*_of_group(story), *_whole(story), basis_words(story)]
    final = story.final
    said = [_reached(story, final), *_by_rule(story, final), *_applicable(story, final)]
    said += [_sum(s) for s in final.sums]
    return [*said, *_whole(story), basis_words(story)]


def basis_words(story: Story) -> str:
    """Say what is told rests on, and how it is checked."""
    return _("Basis: ledger head {head}; check with: xlscore ledger check", head=story.head[:_HEAD])


def _reached(story: Story, final: Final) -> str:
    chain = " > ".join(_step(story, step) for step in final.chain)
    return _("Achieved score = {points}: {chain}", points=_points(story, final), chain=chain)


def _points(story: Story, final: Final) -> str:
    reached = final.score.points
    if reached is None:
        return _("pending") if final.pending else _("does not apply")
    return points(reached, _decimals(story))


def _step(story: Story, step: Step) -> str:
    gives = given(step.points, _decimals(story), left_out=step.left_out)
    match step.who:
        case Who.COUNCIL:
            title = story.workspace.campaign.settings.appraisal.council.title
            return f"{title} {gives}"
        case Who.ROUND:
            who = f"{round_words(story, step.round)} ({step.agency})"
            return f"{who} {gives}"
        case Who.UNAPPRAISED:
            return _("not appraised {points}", points=gives)
        case Who.SELF if step.points is None and step.declared:
            return _("declared {figures}", figures=figures_words(step.declared))
        case Who.SELF:
            return _("self {points}", points=gives)
        case Who.ABOVE:
            return _("reported by {unit} {points}", unit=step.agency, points=gives)
        case Who.OTHERS:
            return _("figures of others {points}", points=gives)
    return _("no figures yet")


def _by_rule(story: Story, final: Final) -> Iterator[str]:
    if final.rule:
        yield _("Rule: {rule}", rule="; ".join(line.rstrip(".:") for line in final.rule))
    layout = story.workspace.layout(story.unit)
    node = story.node
    if final.values is None:
        yield _("The score was given directly, not computed from figures.")
    elif put_in := working(layout.methods[node.id], final.values, node.max, final.score.points):
        yield _("With the figures: {working}", working=put_in)


def _applicable(story: Story, final: Final) -> Iterator[str]:
    maximum = points(story.node.max, _decimals(story))
    applicable = points(final.score.applicable, _decimals(story))
    if final.score.applicable == 0 and not final.pending:
        yield _("Maximum {maximum}; the row leaves the denominator.", maximum=maximum)
    else:
        yield _(
            "Maximum {maximum}; applicable {applicable}.", maximum=maximum, applicable=applicable
        )
    if final.pending:
        yield _("Survey or appraisal are still awaited: the score is provisional.")
    if final.open:
        yield {
            "untouched": _("Nobody has appraised the row yet."),
            "queried": _("The unit was asked to explain; the row is open."),
            "conflict": _("Two agencies contradict each other; the row is open."),
            "reopened": _("The unit has changed its figures since it was appraised; the row is open."),
        }[final.open]  # fmt: skip


def _of_group(story: Story) -> Iterator[str]:
    score = story.score
    if score is None:
        return
    decimals = _decimals(story)
    achieved, applicable = points(score.points, decimals), points(score.applicable, decimals)
    if is_best(story.node):
        yield _("Of the parts the best counts: {points} of {applicable}.", points=achieved,
                applicable=applicable)  # fmt: skip
    else:
        yield _(
            "Sum of the parts: {points} of {applicable}.", points=achieved, applicable=applicable
        )
    if story.node.is_extra:
        yield _("At most {maximum} are counted.", maximum=points(story.node.max, decimals))


def _sum(part: Sum) -> str:
    values = {
        "row": f"{part.node.code} {part.node.title}",
        "points": points(part.score.points),
        "applicable": points(part.score.applicable),
    }
    if is_best(part.node):
        return _(
            "It goes into {row}, where the best part counts: {points} of {applicable}.", **values
        )
    return _("It goes into the sum of {row}: {points} of {applicable}.", **values)


def _whole(story: Story) -> Iterator[str]:
    if story.totals is None or story.index is None:
        return
    yield _("The unit as a whole: {points} of {applicable}, index {index}%.",
            points=points(story.totals.achieved), applicable=points(story.totals.applicable),
            index=number(plain(quantise(story.index, _INDEX_DECIMALS))))  # fmt: skip


def _decimals(story: Story) -> int:
    return story.workspace.campaign.settings.policies.display_decimals


def row_title(node: Node) -> str:
    """Return printed number and title of a row."""
    return f"{node.code} – {node.title}"
