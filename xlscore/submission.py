"""A unit's submission: one card or several role cards, merged row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from xlscore.answers import Answers
from xlscore.checking import CheckedCard
from xlscore.findings import Finding, finding
from xlscore.form import card_inputs, is_asked, is_complete
from xlscore.layout import NOT_APPLICABLE, Layout, Slot
from xlscore.methods.base import Value
from xlscore.numbers import plain
from xlscore.rubric import Node, Rubric
from xlscore.scoring import Scores, not_applicable_leaves, score_card


@dataclass(frozen=True)
class Card:
    """One accepted card of a unit.

    Attributes:
        file: name of the returned file, for messages.
        role: filler's role, or empty for the whole unit.
    """

    file: str
    role: str
    sheet: str
    layout: Layout
    checked: CheckedCard


@dataclass(frozen=True)
class Submission:
    """What a unit has submitted, as far as it counts.

    Attributes:
        unit: unit code.
        version: number of the latest arrival that counts.
        received: when the last needed card was first seen whole.
        outstanding: roles whose card is not in yet; empty when the submission is complete.
        findings: conflicts between cards, and what each card left behind as notes and warnings.
        files, hashes: names and SHA-256 of the returned files that count.
    """

    unit: str
    answers: Answers
    scores: Scores
    received: datetime
    version: int = 1
    outstanding: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every needed card is in."""
        return not self.outstanding


@dataclass(frozen=True)
class _Filled:
    """One row as one card fills it.

    Attributes:
        left_out: id of the node, the leaf or one above it, that is answered "Không áp dụng"; or empty.
    """

    card: Card
    node: Node
    values: Mapping[str, Value]
    left_out: str

    @property
    def given(self) -> bool:
        return bool(self.values) or bool(self.left_out)

    @property
    def said(self) -> tuple[tuple[tuple[str, Value], ...], bool]:
        """What the row says, for comparison; what is left out has no other values."""
        return () if self.left_out else tuple(sorted(self.values.items())), bool(self.left_out)

    def shown(self) -> str:
        if self.left_out:
            return NOT_APPLICABLE
        texts = (v if isinstance(v, str) else plain(v) for v in self.values.values())
        return "; ".join(texts)

    def place(self) -> str:
        """Return file, sheet and cell of what was filled."""
        node = self.left_out or self.node.id
        slot = Slot.APPLICABILITY if self.left_out else next(iter(self.values))
        address = self.card.checked.places.get((node, slot), "")
        return f"{self.card.file}, {self.card.sheet}!{address}"


@dataclass
class _Merged:
    values: dict[str, Mapping[str, Value]] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    evidence: dict[str, str] = field(default_factory=dict)
    explanation: dict[str, str] = field(default_factory=dict)
    conflicts: list[Finding] = field(default_factory=list)


def merge_cards(
    whole: Layout, cards: Sequence[Card], decimals: int
) -> tuple[Answers, Scores, tuple[Finding, ...]]:
    """Merge the cards of one unit by row, never by file.

    Returns:
        The merged answers, their scores, and a `role-conflict` for every row that two cards fill
        differently; such a row counts from neither.
    """
    if len(cards) == 1:
        only = cards[0].checked
        return only.answers, score_card(whole.rubric, whole.methods, only.answers, decimals), ()
    merged = _Merged()
    for leaf in whole.rubric.leaves:
        _merge_leaf(whole.rubric, leaf, cards, merged)
    _merge_left_out(whole.rubric, cards, merged)
    for node in whole.rubric.walk():
        _join_texts(node, cards, merged)
    answers = Answers(
        merged.values,
        frozenset(merged.left_out),
        merged.evidence,
        merged.explanation,
        complete=all(card.checked.answers.complete for card in cards),
    )
    scores = score_card(whole.rubric, whole.methods, answers, decimals)
    return answers, scores, tuple(merged.conflicts)


def omissions(whole: Layout, answers: Answers) -> tuple[Finding, ...]:
    """Return a `missing-entry` for every row that no card has filled, once all cards are in."""
    rubric, methods = whole.rubric, whole.methods
    left_out = not_applicable_leaves(rubric, answers.not_applicable)
    return tuple(
        finding("missing-entry", row=leaf.code, node=leaf.id, params={"what": leaf.title})
        for leaf in rubric.leaves
        if leaf.id not in left_out
        and not is_complete(leaf, methods[leaf.id], answers.values.get(leaf.id, {}))
        and is_asked(leaf, rubric, methods, answers.values)
    )


def _merge_leaf(rubric: Rubric, leaf: Node, cards: Iterable[Card], merged: _Merged) -> None:
    filled = [row for card in cards if (row := _filled(rubric, leaf, card)).given]
    if len({row.said for row in filled}) > 1:
        first = filled[0]
        second = next(row for row in filled if row.said != first.said)
        params = {
            "first": first.shown(),
            "first_place": first.place(),
            "second": second.shown(),
            "second_place": second.place(),
        }
        merged.conflicts.append(
            finding("role-conflict", row=leaf.code, node=leaf.id, params=params)
        )
    elif filled and not filled[0].left_out:
        merged.values[leaf.id] = filled[0].values


def _filled(rubric: Rubric, leaf: Node, card: Card) -> _Filled:
    answers = card.checked.answers
    above = (leaf.id, *rubric.ancestors(leaf.id))
    left_out = next((node for node in above if node in answers.not_applicable), "")
    return _Filled(card, leaf, answers.values.get(leaf.id, {}), left_out)


def _merge_left_out(rubric: Rubric, cards: Iterable[Card], merged: _Merged) -> None:
    """Leave out what a card answers "Không áp dụng", unless another card contradicts it below."""
    disputed = {found.node for found in merged.conflicts}
    for card in cards:
        for node in card.checked.answers.not_applicable:
            below = rubric.by_id[node].leaves() if node in rubric.by_id else ()
            if not any(leaf.id in disputed for leaf in below):
                merged.left_out.add(node)


def _join_texts(node: Node, cards: Iterable[Card], merged: _Merged) -> None:
    for card in cards:
        answers = card.checked.answers
        _join(merged.evidence, node.id, answers.evidence.get(node.id, ""))
        _join(merged.explanation, node.id, answers.explanation.get(node.id, ""))


def _join(texts: dict[str, str], node: str, text: str) -> None:
    if text.strip() and text not in texts.get(node, ""):
        texts[node] = f"{texts[node]}\n{text}" if node in texts else text


def roles_of(layout: Layout) -> tuple[str, ...]:
    """Return the roles that have at least one row to fill on this rubric, in declared order."""
    used = {
        role
        for leaf in layout.rubric.leaves
        if card_inputs(leaf, layout.methods[leaf.id])
        for role in leaf.role
    }
    return tuple(role for role in layout.rubric.roles if role in used)
