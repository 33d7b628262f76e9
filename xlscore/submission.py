"""A unit's submission: one card or several role cards, merged row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from xlscore.answers import Answers
from xlscore.checking import CheckedCard
from xlscore.findings import Finding, finding
from xlscore.form import card_inputs
from xlscore.layout import Layout
from xlscore.methods.base import Value
from xlscore.numbers import plain
from xlscore.rubric import Node
from xlscore.scoring import Scores, score_card


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
    """One row as one card fills it: inputs, evidence, explanation, applicability."""

    card: Card
    values: Mapping[str, Value]
    left_out: bool
    evidence: str
    explanation: str

    @property
    def given(self) -> bool:
        return bool(self.values) or self.left_out

    def shown(self) -> str:
        if self.left_out:
            return "Không áp dụng"
        texts = (v if isinstance(v, str) else plain(v) for v in self.values.values())
        return "; ".join(texts)

    def place(self, node: str) -> str:
        keys = [key for key in self.card.checked.places if key[0] == node]
        slots = [k for k in keys if k[1] in self.values] or keys
        address = self.card.checked.places[slots[0]] if slots else ""
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
    for node in whole.rubric.walk():
        if node.is_leaf or node.may_be_not_applicable:
            _merge_row(node, cards, merged)
    answers = Answers(
        merged.values,
        frozenset(merged.left_out),
        merged.evidence,
        merged.explanation,
        complete=all(card.checked.answers.complete for card in cards),
    )
    scores = score_card(whole.rubric, whole.methods, answers, decimals)
    return answers, scores, tuple(merged.conflicts)


def _merge_row(node: Node, cards: Iterable[Card], merged: _Merged) -> None:
    filled = [row for card in cards if (row := _filled(node, card)).given]
    distinct = {(tuple(sorted(row.values.items())), row.left_out) for row in filled}
    if len(distinct) > 1:
        first, second = _two_different(filled)
        params = {
            "first": first.shown(),
            "first_place": first.place(node.id),
            "second": second.shown(),
            "second_place": second.place(node.id),
        }
        merged.conflicts.append(
            finding("role-conflict", row=node.code, node=node.id, params=params)
        )
        return
    for row in filled:
        if row.left_out:
            merged.left_out.add(node.id)
        if row.values:
            merged.values[node.id] = row.values
    for card in cards:
        said = _filled(node, card)
        _join(merged.evidence, node.id, said.evidence)
        _join(merged.explanation, node.id, said.explanation)


def _filled(node: Node, card: Card) -> _Filled:
    answers = card.checked.answers
    return _Filled(
        card,
        answers.values.get(node.id, {}),
        node.id in answers.not_applicable,
        answers.evidence.get(node.id, ""),
        answers.explanation.get(node.id, ""),
    )


def _two_different(filled: Sequence[_Filled]) -> tuple[_Filled, _Filled]:
    first = filled[0]
    return first, next(r for r in filled if (r.values, r.left_out) != (first.values, first.left_out))


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
