"""Export appraisal workbooks: which rows go to which agency, with everything that was said before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby, pairwise

from xlscore.appraising import Claim, Decision, Reply, RowAppraisal, UnitAppraisal, agency_of
from xlscore.campaign import Campaign, Unit
from xlscore.identity import APPRAISAL, Token
from xlscore.issuing import Issued, Order, Progress, issue_orders, lay_aside_others
from xlscore.layout import Layout
from xlscore.letter_texts import deadline_words
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

    Where an agency's rows take another number of parts than before, earlier parts go into `cu/`.

    Args:
        agencies: only theirs; all that have rows where empty.
        everything: give the coordinator every row, whatever its state.
        force: write again even the files that hold the book in force.

    Raises:
        TokenError, OSError, LedgerError, KeysError: see `issuing.issue_orders`.
    """
    rows = AppraisedRows(state, round_, everything=everything)
    by_agency = {
        agency: list(_orders(rows, agency, round_))
        for agency in rows.agencies
        if not agencies or agency in agencies
    }
    orders = [order for own in by_agency.values() for order in own]
    issued = issue_orders(
        workspace, APPRAISAL, round_, orders, progress, force=force, now=state.now
    )
    for agency, own in by_agency.items():
        lay_aside_others(own, agency, workspace.campaign.agencies)
    return issued


class AppraisedRows:
    """The rows that each agency appraises in a round.

    Round 1 takes every row that appraisers look at, a later one those that are open or that the unit
    replied to after the round before. Which rows those are is kept, what they show is made anew for one
    agency at a time: that of a whole country would fill the memory.
    """

    def __init__(self, state: Proceedings, round_: int, *, everything: bool = False) -> None:
        """Share out the rows.

        Args:
            everything: give the coordinator every row, whatever its state.
        """
        self.workspace, self._round = state.workspace, round_
        campaign = state.workspace.campaign
        self._sources: dict[str, _Source] = {}
        shares: dict[str, list[_Row]] = {code: [] for code in campaign.agencies}
        leader = campaign.settings.appraisal.leader
        for unit in campaign.active.values():
            standing, appraisal = state.standings.get(unit.code), state.appraisals.get(unit.code)
            if standing is None or standing.submission is None or appraisal is None:
                continue
            layout = self.workspace.layout(unit)
            source = _Source(campaign, unit, layout, standing.submission, appraisal)
            self._sources[unit.code] = source
            for node in appraisal.rows:
                asked = round_ == 1 or _asked(appraisal, node, round_)
                agency = agency_of(campaign, unit, node, round_)
                if everything and (agency != leader or not asked):
                    shares[leader].append((unit.tier, node, unit.code))
                if asked:
                    shares[agency].append((unit.tier, node, unit.code))
        order = _order(campaign)
        self._shares = {a: sorted(rows, key=order) for a, rows in shares.items() if rows}
        self._latest: tuple[str, Sequence[Line]] = ("", ())

    @property
    def agencies(self) -> tuple[str, ...]:
        """The codes of the agencies that have rows, in the campaign's order."""
        return tuple(self._shares)

    def lines(self, agency: str) -> Sequence[Line]:
        """Return the rows of one agency, sorted as its book shows them; the latest are remembered."""
        if self._latest[0] != agency:
            self._latest = ("", ())  # let go of them before the next are made
            lines = [
                self._sources[unit].line(node, self._round)
                for _, node, unit in self._shares[agency]
            ]
            self._latest = (agency, _without_blank_round(lines, self._round))
        return self._latest[1]


def _asked(appraisal: UnitAppraisal, node: str, round_: int) -> bool:
    return node in appraisal.open or (round_ - 1, node) in appraisal.replies


_Row = tuple[str, str, str]
"""Tier, leaf id and unit code."""


def _order(campaign: Campaign) -> Callable[[_Row], tuple[int, int, int]]:
    tiers = {tier: place for place, tier in enumerate(campaign.settings.tiers)}
    units = {code: place for place, code in enumerate(campaign.units)}
    leaves = {
        (tier, leaf.id): place
        for tier, rubric in campaign.rubrics.items()
        for place, leaf in enumerate(rubric.leaves)
    }
    return lambda row: (tiers[row[0]], leaves[row[0], row[1]], units[row[2]])


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
            spoken=row.spoken,
            optional=node in self.appraisal.optional,
        )
        if row.decided is None:
            return line
        asked, result = row.open is not None, self._result(leaf, line, row.decided)
        return replace(line, decided=True, asked=asked, result=result)

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


def _orders(rows: AppraisedRows, agency: str, round_: int) -> Iterator[Order]:
    workspace, lines = rows.workspace, rows.lines(agency)
    folder = workspace.templates / FOLDER / f"lan-{round_}"
    parts = _parted(lines)
    for number, part in enumerate(parts, 1):
        alone = len(parts) == 1
        shown = lines[part.start : part.stop]
        head = _head(
            workspace.campaign, agency, round_, shown, "" if alone else f"{number}/{len(parts)}"
        )
        name = agency if alone else f"{agency}-{number}"
        role = "" if alone else f"p{number}"
        digest = _digest(workspace.campaign, head, shown)
        yield Order(agency, digest, folder / f"{name}.xlsx", _Maker(rows, head, part), role)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Writes one book, given its token; `part` are the places of its lines among the agency's."""

    rows: AppraisedRows
    head: Head
    part: range

    def __call__(self, token: Token, signed: str) -> bytes:
        keys, lines = self.rows.workspace.keys, self.rows.lines(self.head.agency)
        shown = lines[self.part.start : self.part.stop]
        return render_appraisal(
            self.head, shown, signed, token.serial, keys.ring, keys.sheet_password
        )


def _without_blank_round(lines: Sequence[Line], round_: int) -> Sequence[Line]:
    """Leave out the column of the round itself while nothing was said in it."""
    if any(line.earlier[round_ - 1] for line in lines):
        return lines
    return [replace(line, earlier=line.earlier[: round_ - 1]) for line in lines]


def _parted(lines: Sequence[Line]) -> list[range]:
    """Return the places of the lines in parts of at most `MOST_ROWS` rows.

    A criterion stays whole where it can.
    """
    starts = [0]
    used = place = 0
    for _, group in groupby(lines, key=lambda line: (line.tier, line.leaf.id)):
        criterion = list(group)
        rows = criterion[0].rows
        if used and used + rows * len(criterion) > MOST_ROWS:
            starts.append(place)
            used = 0
        for _ in criterion:
            if used + rows > MOST_ROWS:
                starts.append(place)
                used = 0
            place += 1
            used += rows
    return [range(start, stop) for start, stop in pairwise([*starts, place])]


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
    due = campaign.due(APPRAISAL, round_)
    return deadline_words(due.astimezone(campaign.zone)) if due else ""


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
    return [line.unit, line.leaf.id, line.basis, shown, line.idle, line.covered, result, *texts]
