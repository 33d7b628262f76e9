"""What an appraisal rests on: the rows that are appraised, and the inputs that a unit gave for each."""

from __future__ import annotations

import hashlib
import json

from xlscore.answers import Answers
from xlscore.form import card_inputs
from xlscore.layout import Layout
from xlscore.numbers import plain
from xlscore.rubric import Channel, Node
from xlscore.scoring import not_applicable_leaves


def appraised_leaves(layout: Layout, answers: Answers) -> tuple[Node, ...]:
    """Return the leaves that appraisers look at, in printed order.

    Those that the unit answers, those that only appraisers fill, and whatever the unit says does not
    apply: a survey row below such a criterion leaves the denominator only if they agree.
    """
    left_out = not_applicable_leaves(layout.rubric, answers.not_applicable)
    return tuple(
        leaf
        for leaf in layout.rubric.leaves
        if leaf.id in left_out
        or leaf.channel is Channel.APPRAISER
        or card_inputs(leaf, layout.methods[leaf.id])
    )


def row_basis(layout: Layout, answers: Answers, leaf: str) -> str:
    """Return 8 hex digits over a row's inputs and rule: another value reopens what was appraised.

    Evidence and explanation are no inputs: more of them changes nothing that was decided.
    """
    node = layout.rubric.by_id[leaf]
    above = {leaf, *layout.rubric.ancestors(leaf)}
    left_out = not above.isdisjoint(answers.not_applicable)
    values = {} if left_out else answers.values.get(leaf, {})
    said = sorted((key, v if isinstance(v, str) else plain(v)) for key, v in values.items())
    facts = [said, left_out, plain(node.max), node.method]
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2s(text.encode(), digest_size=4).hexdigest()
