"""Export appraisal workbooks: which rows go to which agency, with everything that was said before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from xlscore.appraising import Claim, Decision, Reply, RowAppraisal, UnitAppraisal, agency_of
from xlscore.campaign import Campaign, Unit
from xlscore.deadlines import WorkingDays
from xlscore.identity import APPRAISAL, Token
from xlscore.issuing import Issued, Order, Progress, issue_orders
from xlscore.layout import Layout
from xlscore.methods.base import Value, vi_number
from xlscore.numbers import plain
from xlscore.proceedings import Proceedings
from xlscore.rubric import Node
from xlscore.scoring import score_leaf
from xlscore.submission import Submission
from xlscore.workbooks.appraisal import Head, Line, render_appraisal
from xlscore.workbooks.appraisal.model import ACCEPT, ADJUST, QUERY
from xlscore.workspace import Workspace

FOLDER = "tham-dinh"
MOST_ROWS = 4000
"""A workbook with more rows is parted: the reader takes 16 MB of XML, a person less."""


def export_appraisal(
    workspace: Workspace,
    state: Proceedings,
    round_: int,
    agencies: Collection[str] = (),
    progress: Progress | None = None,
    *,
    everything: bool = False,
    force: bool = False,
) -> Issued:
    """Write the appraisal workbooks of a round into `templates/tham-dinh/lan-<n>/`.

    Args:
        agencies: only theirs; all that have rows where empty.
        everything: give the coordinator every row, whatever its state.
        force: write again even the files that hold the book in force.

    Raises:
        TokenError, OSError, LedgerError, KeysError: see `issuing.issue_orders`.
    """
    orders = [
        order
        for agency, lines in appraisal_lines(state, round_, everything=everything).items()
        if lines and (not agencies or agency in agencies)
        for order in _orders(workspace, agency, round_, lines)
    ]
    return issue_orders(workspace, APPRAISAL, round_, orders, progress, force=force)


def appraisal_lines(
    state: Proceedings, round_: int, *, everything: bool = False
) -> Mapping[str, Sequence[Line]]:
    """Return the rows that each agency appraises in a round, by agency, sorted as its book shows them.

    Round 1 takes every row that appraisers look at, a later one those that are open or that the unit
    replied to after the round before.
    """
    campaign = state.workspace.campaign
    found: dict[str, list[Line]] = {code: [] for code in campaign.agencies}
    leader = campaign.settings.appraisal.leader
    for unit in campaign.active.values():
        standing, appraisal = state.standings.get(unit.code), state.appraisals.get(unit.code)
        if standing is None or standing.submission is None or appraisal is None:
            continue
        source = _Source(
            campaign, unit, state.workspace.layout(unit), standing.submission, appraisal
        )
        for node in appraisal.rows:
            asked = round_ == 1 or _asked(appraisal, node, round_)
            agency = agency_of(campaign, unit, node, round_)
            if everything and (agency != leader or not asked):
                found[leader].append(source.line(node, round_))
            if asked:
                found[agency].append(source.line(node, round_))
    order = _order(campaign)
    return {agency: sorted(lines, key=order) for agency, lines in found.items()}


def _asked(appraisal: UnitAppraisal, node: str, round_: int) -> bool:
    return node in appraisal.open or (round_ - 1, node) in appraisal.replies


def _order(campaign: Campaign) -> Callable[[Line], tuple[int, int, int]]:
    tiers = {tier: place for place, tier in enumerate(campaign.settings.tiers)}
    units = {code: place for place, code in enumerate(campaign.units)}
    leaves = {
        (tier, leaf.id): place
        for tier, rubric in campaign.rubrics.items()
        for place, leaf in enumerate(rubric.leaves)
    }
    return lambda line: (tiers[line.tier], leaves[line.tier, line.leaf.id], units[line.unit])


class _Source:
    """Makes the lines of one unit."""

    def __init__(
        self,
        campaign: Campaign,
        unit: Unit,
        layout: Layout,
        submission: Submission,
        appraisal: UnitAppraisal,
    ) -> None:
        self.campaign, self.unit, self.layout = campaign, unit, layout
        self.answers, self.scores, self.appraisal = submission.answers, submission.scores, appraisal
        self.decimals = campaign.settings.policies.leaf_decimals

    def line(self, node: str, round_: int) -> Line:
        """Return one row as it goes out."""
        rubric, row = self.layout.rubric, self.appraisal.rows[node]
        leaf, left_out = rubric.by_id[node], node in self.appraisal.left_out
        score = self.scores[node]
        line = Line(
            unit=self.unit.code,
            unit_name=self.unit.name,
            tier=self.unit.tier,
            domain=(node, *rubric.ancestors(node))[-1],
            leaf=leaf,
            method=self.layout.methods[node],
            basis=row.basis,
            self_score=None if left_out else score.points,
            left_out=left_out,
            declared={} if left_out else self.answers.values.get(node, {}),
            evidence=self.answers.evidence.get(node, ""),
            explanation=self._explanation(node),
            earlier=tuple(self._said(row, n) for n in range(1, round_ + 1)),
            optional=node in self.appraisal.optional,
        )
        if row.decided is None:
            return line
        return replace(line, decided=True, result=self._result(leaf, line, row.decided))

    def _explanation(self, node: str) -> str:
        above = (node, *self.layout.rubric.ancestors(node))
        texts = (self.answers.explanation.get(one, "") for one in above)
        return "\n".join(dict.fromkeys(text for text in texts if text))

    def _result(self, leaf: Node, line: Line, claim: Claim) -> Decimal | None:
        if claim.points is not None:
            return claim.points
        if claim.decision is Decision.ACCEPT:
            return line.self_score
        method = self.layout.methods[leaf.id]
        return score_leaf(leaf, method, {**line.declared, **claim.values}, self.decimals).points

    def _said(self, row: RowAppraisal, number: int) -> str:
        words = [_worded(word) for word in row.in_round(number)]
        words += [
            f"{_worded(word)} (theo số liệu trước khi đơn vị sửa)"
            for word in row.outdated
            if word.round == number
        ]
        reply = self.appraisal.replies.get((number, row.node))
        words += [_replied(reply)] if reply else []
        return "\n".join(words)


_WORDS = {Decision.ACCEPT: ACCEPT, Decision.ADJUST: ADJUST, Decision.QUERY: QUERY}


def _worded(claim: Claim) -> str:
    figures = "; ".join(_spelt(value) for value in claim.values.values())
    given = figures if claim.points is None else vi_number(claim.points)
    said = " ".join(filter(None, (_WORDS[claim.decision], given)))
    return f"{claim.agency}: {said}" + (f" – {claim.reason}" if claim.reason else "")


def _spelt(value: Value) -> str:
    return value if isinstance(value, str) else vi_number(value)


def _replied(reply: Reply) -> str:
    added = f"; bổ sung tài liệu: {reply.evidence}" if reply.evidence else ""
    return f"Đơn vị phản hồi: {reply.text}{added}"


# --- books --------------------------------------------------------------------------------------


def _orders(
    workspace: Workspace, agency: str, round_: int, lines: Sequence[Line]
) -> Iterator[Order]:
    folder = workspace.templates / FOLDER / f"lan-{round_}"
    lines = _without_blank_round(lines, round_)
    parts = _parted(lines)
    for number, part in enumerate(parts, 1):
        alone = len(parts) == 1
        head = _head(
            workspace.campaign, agency, round_, part, "" if alone else f"{number}/{len(parts)}"
        )
        name = agency if alone else f"{agency}-{number}"
        role = "" if alone else f"p{number}"
        make = _Maker(workspace, head, part)
        yield Order(
            agency, _digest(workspace.campaign, head, part), folder / f"{name}.xlsx", make, role
        )


class _Maker:
    """Writes one book, given its token."""

    def __init__(self, workspace: Workspace, head: Head, lines: Sequence[Line]) -> None:
        self.workspace, self.head, self.lines = workspace, head, lines

    def __call__(self, token: Token, signed: str) -> bytes:
        keys = self.workspace.keys
        return render_appraisal(
            self.head, self.lines, signed, token.serial, keys.ring, keys.sheet_password
        )


def _without_blank_round(lines: Sequence[Line], round_: int) -> Sequence[Line]:
    """Leave out the column of the round itself while nothing was said in it."""
    if any(line.earlier[round_ - 1] for line in lines):
        return lines
    return [replace(line, earlier=line.earlier[: round_ - 1]) for line in lines]


def _parted(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines in parts of at most `MOST_ROWS`; a criterion stays whole where it can."""
    parts: list[list[Line]] = [[]]
    used = 0
    for _, group in groupby(lines, key=lambda line: (line.tier, line.leaf.id)):
        criterion = list(group)
        rows = criterion[0].rows
        if parts[-1] and used + rows * len(criterion) > MOST_ROWS:
            parts.append([])
            used = 0
        for line in criterion:
            if used + rows > MOST_ROWS:
                parts.append([])
                used = 0
            parts[-1].append(line)
            used += rows
    return parts


def _head(campaign: Campaign, agency: str, round_: int, lines: Sequence[Line], part: str) -> Head:
    settings = campaign.settings
    several = len({line.tier for line in lines}) > 1
    titles = {}
    for tier, domain in dict.fromkeys((line.tier, line.domain) for line in lines):
        node = campaign.rubrics[tier].by_id[domain]
        group = f" ({settings.tiers[tier].title})" if several else ""
        titles[tier, domain] = f"{node.code}. {node.title}{group}"
    columns = len(lines[0].earlier)
    return Head(
        authority=settings.authority.name,
        place=settings.authority.place,
        office=settings.authority.office,
        year=settings.year,
        campaign=settings.title,
        agency=agency,
        agency_title=campaign.agencies[agency].title,
        round=round_,
        round_title=settings.appraisal.round_title(round_),
        earlier=tuple(settings.appraisal.round_title(n) for n in range(1, columns + 1)),
        domains=titles,
        units=tuple(campaign.units),
        deadline=_deadline(campaign, round_),
        part=part,
        decimals=settings.policies.leaf_decimals,
    )


def _deadline(campaign: Campaign, round_: int) -> str:
    given = campaign.settings.appraisal.rounds[round_ - 1].deadline
    if given is None:
        return ""
    moment: datetime = given.moment(campaign.calendar) if isinstance(given, WorkingDays) else given
    return f"{moment:%d/%m/%Y}"


def _digest(campaign: Campaign, head: Head, lines: Sequence[Line]) -> str:
    """Return a hash over everything that a book shows."""
    tiers = dict.fromkeys(line.tier for line in lines)
    rubrics = [campaign.rubrics[tier].digest for tier in tiers]
    facts = [
        [head.agency_title, head.round_title, head.deadline, head.part, head.office, *head.earlier],
        rubrics,
        [_facts(line) for line in lines],
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def _facts(line: Line) -> list[object]:
    texts = (line.unit_name, line.evidence, line.explanation, *line.earlier)
    result = "" if line.result is None else plain(line.result)
    shown = line.shown if isinstance(line.shown, str) else plain(line.shown)
    return [line.unit, line.leaf.id, line.basis, shown, line.idle, result, *texts]
