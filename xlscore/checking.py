"""Check one card whose cells have been found: from raw cells to answers, scores and all findings.

Everything is collected in one go; the same problem is said once, and the consequences of a blank or a
refused cell are not reported again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from xlscore.answers import Answers
from xlscore.entries import RawCell, Reading, read_entry
from xlscore.findings import Finding, Severity, finding
from xlscore.form import card_inputs, is_asked
from xlscore.layout import COMPLETE, NOT_APPLICABLE, Entry, Layout, Slot
from xlscore.methods.base import Method, Problem, Value
from xlscore.numbers import plain, quantise
from xlscore.rubric import Node
from xlscore.scoring import Open, Scores, not_applicable_leaves, score_card
from xlscore.settings import EvidencePolicy, Policies
from xlscore.text import EXCEL_TEXT_LIMIT


@dataclass(frozen=True, slots=True)
class FoundCell:
    """An input cell as found in the returned file: its content, and where it stands there."""

    cell: RawCell | None
    address: str


@dataclass(frozen=True)
class CheckedCard:
    """One card, checked.

    Attributes:
        answers: what was understood.
        scores: the card's own scores, recomputed.
        findings: every problem, with its cell.
        places: A1 address of every input by (node, slot), for messages across files.
        refused: ids of the nodes that an error refuses.
    """

    answers: Answers
    scores: Scores
    findings: tuple[Finding, ...]
    places: Mapping[tuple[str, str], str]
    refused: frozenset[str]


@dataclass
class _Desk:
    """What is gathered while one card is read."""

    layout: Layout
    sheet: str
    cells: Mapping[tuple[str, str], FoundCell]
    findings: list[Finding] = field(default_factory=list)
    readings: dict[tuple[str, str], Reading] = field(default_factory=dict)

    def add(self, found: Finding, node: str, slot: str) -> None:
        """Put a finding at the cell of (node, slot)."""
        where = self.cells.get((node, slot))
        code = self.layout.rubric.by_id[node].code if node else ""
        self.findings.append(
            found.at(sheet=self.sheet, cell=where.address if where else "", row=code, node=node)
        )

    def problem(self, problem: Problem, node: str) -> None:
        made = finding(problem.name, entered=problem.entered, params=problem.params)
        self.add(made, node, problem.key)

    def text(self, node: str, slot: str) -> str:
        reading = self.readings.get((node, slot))
        return str(reading.value) if reading and reading.value is not None else ""


def check_card(
    layout: Layout,
    sheet: str,
    cells: Mapping[tuple[str, str], FoundCell],
    policies: Policies,
    mismatched: frozenset[str] = frozenset(),
) -> CheckedCard:
    """Check the input cells of one card.

    Args:
        layout: the form as issued.
        sheet: name of the sheet in the returned file, for messages.
        cells: the input cells found, by node id and slot.
        policies: the campaign's settings.
        mismatched: nodes whose row was refused already (moved, pasted over, deleted), and the leaves
            below them.
    """
    desk = _Desk(layout, sheet, cells)
    _read_all(desk, mismatched)
    answers = _answers(desk)
    left_out = not_applicable_leaves(layout.rubric, answers.not_applicable)
    for leaf in layout.rubric.leaves:
        if leaf.id in left_out:
            _check_left_out(desk, leaf)
        elif leaf.id in layout.owned and leaf.id not in mismatched:
            _check_leaf(desk, leaf, answers)
    _check_applicability(desk, answers)
    scores = score_card(layout.rubric, layout.methods, answers, policies.leaf_decimals)
    _check_scores(desk, answers, scores, policies, mismatched)
    places = {key: found.address for key, found in cells.items()}
    refused = mismatched | {f.node for f in desk.findings if f.severity is Severity.ERROR}
    return CheckedCard(answers, scores, tuple(desk.findings), places, refused - {""})


def _read_all(desk: _Desk, mismatched: frozenset[str]) -> None:
    for (node, slot), (_, _, entry) in desk.layout.entries.items():
        found = desk.cells.get((node, slot))
        if node in mismatched or found is None:
            continue
        reading = read_entry(entry, found.cell, desk.sheet)
        if not entry.unlocked:
            if reading.value is not None or reading.findings:
                desk.add(finding("not-your-row", entered=reading.shown), node, slot)
            continue
        desk.readings[node, slot] = reading
        for said in reading.findings:
            # A state that is not on the list is another problem than a level that is not.
            named = "unknown-state" if slot == Slot.SUBMIT else said.name
            desk.add(
                said if named == said.name else finding(named, entered=said.entered), node, slot
            )
        _check_length(desk, entry, reading)


def _check_length(desk: _Desk, entry: Entry, reading: Reading) -> None:
    if len(reading.shown) > EXCEL_TEXT_LIMIT:
        params = {"length": str(len(reading.shown)), "limit": str(EXCEL_TEXT_LIMIT)}
        desk.add(finding("text-too-long", params=params), entry.node, entry.slot)


def _answers(desk: _Desk) -> Answers:
    values: dict[str, dict[str, Value]] = {}
    texts: dict[str, dict[str, str]] = {Slot.EVIDENCE: {}, Slot.EXPLANATION: {}}
    left_out = set()
    for (node, slot), reading in desk.readings.items():
        if reading.value is None:
            continue
        if slot in texts:
            texts[slot][node] = str(reading.value)
        elif slot == Slot.APPLICABILITY:
            if reading.value == NOT_APPLICABLE:
                left_out.add(node)
        elif slot != Slot.SUBMIT:
            values.setdefault(node, {})[slot] = reading.value
    state = desk.text("", Slot.SUBMIT)
    return Answers(
        values,
        frozenset(left_out),
        texts[Slot.EVIDENCE],
        texts[Slot.EXPLANATION],
        complete=state == COMPLETE,
    )


def _check_leaf(desk: _Desk, leaf: Node, answers: Answers) -> None:
    method = desk.layout.methods[leaf.id]
    values = answers.values.get(leaf.id, {})
    layout = desk.layout
    asked = leaf.id in layout.asked and is_asked(
        leaf, layout.rubric, layout.methods, answers.values
    )
    for item in card_inputs(leaf, method):
        reading = desk.readings.get((leaf.id, item.key))
        refused = reading is not None and any(
            f.severity is Severity.ERROR for f in reading.findings
        )
        if item.required and item.key not in values and not refused and (asked or values):
            params = {"what": item.label or _heading(desk.layout, leaf.id, item.key)}
            desk.add(finding("missing-entry", params=params), leaf.id, item.key)
    for problem in method.contradictions(values, leaf.max):
        desk.problem(problem, leaf.id)


def _heading(layout: Layout, node: str, slot: str) -> str:
    """Return the printed heading over an input cell that has no label of its own."""
    _, column, _ = layout.entries[node, slot]
    return next(spec.heading for spec in layout.columns if spec.column is column)


def _check_left_out(desk: _Desk, leaf: Node) -> None:
    for item in card_inputs(leaf, desk.layout.methods[leaf.id]):
        reading = desk.readings.get((leaf.id, item.key))
        if reading and reading.value is not None:
            desk.add(finding("entry-not-applicable", entered=reading.shown), leaf.id, item.key)
            return


def _check_applicability(desk: _Desk, answers: Answers) -> None:
    for node_id in sorted(answers.not_applicable):
        if not answers.explanation.get(node_id, "").strip():
            condition = desk.layout.rubric.by_id[node_id].may_be_not_applicable
            made = finding("not-applicable-unexplained", params={"condition": condition})
            desk.add(made, node_id, Slot.APPLICABILITY)


def _check_scores(
    desk: _Desk,
    answers: Answers,
    scores: Scores,
    policies: Policies,
    mismatched: frozenset[str],
) -> None:
    bad = {f.node for f in desk.findings if f.severity is Severity.ERROR} | mismatched
    for leaf in desk.layout.rubric.leaves:
        if leaf.id in bad or leaf.id not in desk.layout.owned:
            continue
        score, method = scores[leaf.id], desk.layout.methods[leaf.id]
        if score.open is Open.UNDEFINED:
            desk.add(finding("undefined-formula"), leaf.id, _first_slot(leaf, method))
        if score.points is None:
            continue
        low, high = method.score_range(leaf.max)
        if not low <= score.points <= high:
            params = {"minimum": plain(low), "maximum": plain(high)}
            made = finding("score-out-of-range", entered=plain(score.points), params=params)
            desk.add(made, leaf.id, _first_slot(leaf, method))
        elif _lacks_evidence(leaf, score.points, answers, policies):
            warned = policies.evidence is EvidencePolicy.WARN
            # What was entered in the marked cell is nothing; the points are only said.
            said = {"points": plain(quantise(score.points, policies.display_decimals))}
            made = finding("evidence-advised" if warned else "missing-evidence", params=said)
            desk.add(made, leaf.id, Slot.EVIDENCE)


def _first_slot(leaf: Node, method: Method) -> str:
    return card_inputs(leaf, method)[0].key


def _lacks_evidence(leaf: Node, points: Decimal, answers: Answers, policies: Policies) -> bool:
    """Whether a claimed score stands alone: evidence, or a full explanation instead, proves it."""
    if not leaf.evidence or points <= 0 or policies.evidence is EvidencePolicy.OFF:
        return False
    given = answers.evidence.get(leaf.id, "") + answers.explanation.get(leaf.id, "")
    return not given.strip()


def evidence_coverage(layout: Layout, answers: Answers, scores: Scores) -> Decimal:
    """Return the percent (0–100) of the claimed rows that need evidence and have it; 100 where none does."""
    proven, claimed = evidence_counts(layout, answers, scores)
    return Decimal(proven) * 100 / Decimal(claimed) if claimed else Decimal(100)


def evidence_counts(layout: Layout, answers: Answers, scores: Scores) -> tuple[int, int]:
    """Return how many claimed rows that need evidence have it, and how many there are."""
    claimed = [
        leaf.id
        for leaf in layout.rubric.leaves
        if leaf.evidence and (scores[leaf.id].points or 0) > 0
    ]
    return sum(1 for node in claimed if answers.evidence.get(node, "").strip()), len(claimed)


def waive(
    findings: Iterable[Finding], reasons: Mapping[tuple[str, str], str]
) -> tuple[Finding, ...]:
    """Mark the findings that a waiver covers; `reasons` by code and node id (or nothing: all rows).

    A finding that names no node, as plugins make them, is covered by its printed row.
    """
    marked = []
    for found in findings:
        place = found.node or found.row
        reason = reasons.get((found.code, place)) or reasons.get((found.code, ""))
        marked.append(found.at(waived=reason) if reason else found)
    return tuple(marked)
