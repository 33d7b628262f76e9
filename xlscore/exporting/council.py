"""Issue the council's book: what it has to decide on, gathered from the state of the procedure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from xlscore.appraising import Claim, Decision, OpenRow, RowAppraisal, UnitAppraisal
from xlscore.identity import COUNCIL, Token
from xlscore.issuing import Issued, Order, Progress, issue_orders, lay_aside_others
from xlscore.layout import NOT_APPLICABLE, Layout
from xlscore.methods.base import Source, vi_number
from xlscore.methods.consolidated import Quantity
from xlscore.proceedings import Proceedings
from xlscore.ranking import UnitResult
from xlscore.rubric import Channel, Node
from xlscore.scoring import ZERO, NotApplicablePolicy, Open, Score, Unappraised, totals
from xlscore.workbooks.council import CouncilBook, CouncilRow, Figure, UnitPart, render_council
from xlscore.workbooks.council.reading import own_step
from xlscore.workspace import Workspace

_WHY: Mapping[OpenRow, str] = {
    OpenRow.UNTOUCHED: "Chưa thẩm định",
    OpenRow.QUERIED: "Chưa giải trình xong",
    OpenRow.CONFLICT: "Các cơ quan chấm khác nhau",
    OpenRow.REOPENED: "Đơn vị đổi số liệu sau thẩm định",
}
MOST_ROWS = 5000
"""A book with more rows is parted: the reader takes 16 MB of XML, and a meeting less."""

_STEM = "hoi-dong"
_SPOKEN, _REFUSED, _DIFFERS = (
    "Hội đồng đã kết luận",
    "Không công nhận “Không áp dụng”",
    "Đề xuất khác tự chấm",
)


def export_council(
    workspace: Workspace,
    state: Proceedings,
    progress: Progress | None = None,
    *,
    every: bool = False,
    force: bool = False,
) -> Issued:
    """Write the council's book into `hoi-dong/`, for the coordinator; nothing where nothing is to decide.

    Where it takes another number of parts than before, earlier parts go into `cu/`.

    Args:
        every: put every row that appraisers look at before the council, not only those in dispute.

    Raises:
        TokenError, OSError, LedgerError, KeysError: see `issuing.issue`.
    """
    parts = _parted(council_book(state, every=every))
    orders = [
        _order(workspace, part, number, parted=len(parts) > 1)
        for number, part in enumerate(parts, 1)
    ]
    issued = issue_orders(workspace, COUNCIL, 1, orders, progress, force=force, now=state.now)
    if orders:
        lay_aside_others(orders, _STEM)
    return issued


def _parted(whole: CouncilBook) -> list[CouncilBook]:
    """Return the book in parts of at most `MOST_ROWS`, as far as units can be kept whole."""
    parts: list[list[UnitPart]] = []
    used = 0
    for unit in whole.units:
        if not parts or used + len(unit.rows) > MOST_ROWS:
            parts.append([])
            used = 0
        parts[-1].append(unit)
        used += len(unit.rows)
    return [replace(whole, units=tuple(units)) for units in parts]


def _order(workspace: Workspace, content: CouncilBook, number: int, *, parted: bool) -> Order:
    keys = workspace.keys

    def make(token: Token, signed: str) -> bytes:
        return render_council(content, token, signed, keys.ring, keys.sheet_password)

    name = f"{_STEM}-{number}" if parted else _STEM
    path = workspace.templates / "hoi-dong" / f"{name}.xlsx"
    leader = workspace.campaign.settings.appraisal.leader
    return Order(leader, content.digest, path, make, f"p{number}" if parted else "")


def council_book(state: Proceedings, *, every: bool = False) -> CouncilBook:
    """Return what the council's book shows of this moment: only units with something to decide."""
    campaign = state.workspace.campaign
    settings = campaign.settings
    # What is proposed is what would hold without the council.
    before = replace(state, recorded=tuple(a for a in state.recorded if a.kind != COUNCIL))
    proposed = _results(before) if len(before.recorded) < len(state.recorded) else _results(state)
    now, appraisals = _results(state), state.appraisals
    units = (
        _Unit(state, now[code], proposed[code], appraisals[code]).part(every=every)
        for code in campaign.active
        if code in now
    )
    parts = tuple(unit for unit in units if unit.rows)
    appraisal = settings.appraisal
    return CouncilBook(
        settings.authority.name,
        settings.authority.place,
        settings.title,
        settings.year,
        appraisal.council.title,
        appraisal.council.signatory,
        tuple(appraisal.round_title(n) for n in range(1, len(appraisal.rounds) + 1)),
        parts,
        any(_is_computed_later(state.workspace.layout(now[part.code].unit)) for part in parts),
        settings.policies.display_decimals,
    )


def _results(state: Proceedings) -> dict[str, UnitResult]:
    """Return the results of the units that have submitted, by code."""
    rows = (row.result for row in state.results.rows)
    return {r.unit.code: r for r in rows if r.submission is not None}


def _is_computed_later(layout: Layout) -> bool:
    """Whether rows follow from the scores of others, and so from what the council decides."""
    inputs = (item for items in layout.supplied.values() for item in items)
    return any(i.source is Source.PEERS or i.key == Quantity.SELF_APPRAISED_GAP for i in inputs)


@dataclass(frozen=True)
class _Unit:
    """One unit as it is now, and as it would be without the council."""

    state: Proceedings
    now: UnitResult
    before: UnitResult
    said: UnitAppraisal

    def part(self, *, every: bool) -> UnitPart:
        """Return the unit's rows, and what its totals follow from."""
        now, before = self.now, self.before
        rows = [row for node in self.said.rows if (row := self._row(node)).why or every]
        own = totals(now.rubric, now.own or {})
        achieved = {**before.achieved, **{row.node: row.score for row in rows}}
        most = None if now.policies.index_may_pass_100 else Decimal(100)
        return UnitPart(now.unit.code, now.unit.name, now.rubric, achieved, own, tuple(rows), most)

    def _row(self, node: str) -> CouncilRow:
        said, leaf = self.said.rows[node], self.now.rubric.by_id[node]
        layout = self.state.workspace.layout(self.now.unit)
        own, word = self._own(node), said.council
        given = word is not None and word.points is not None
        # A word of the council that is no score is not typed again: it is what is proposed.
        result = self.now if word is not None and not given else self.before
        proposal = _proposal(result, node)
        shown = word if word and given and not (word.rest and word.points == proposal) else None
        row = CouncilRow(
            self.now.unit.code,
            self.now.unit.name,
            node,
            leaf.code,
            leaf.title,
            leaf.max,
            said.basis,
            own,
            proposal,
            result.achieved[node],
            _left_out(result, leaf),
            own_step(layout, leaf),
            self._rounds(said, layout),
            self._reply(node),
            word=shown.points if shown and shown.points is not None else "",
            remark=word.reason if word else "",
            spoken=word is not None,
        )
        return replace(row, why=self._why(row))

    def _own(self, node: str) -> Figure:
        own = self.now.own or {}
        score = own.get(node, Score(None, ZERO))
        if score.open is Open.NOT_APPLICABLE or node in self.said.left_out:
            return NOT_APPLICABLE
        return "" if score.points is None else score.points

    def _why(self, row: CouncilRow) -> str:
        before = self.before.appraisal
        if row.spoken:
            return _SPOKEN
        reason = before.open.get(row.node) if before else None
        if reason in {OpenRow.CONFLICT, OpenRow.QUERIED, OpenRow.REOPENED}:
            return _WHY[reason]
        if row.own == NOT_APPLICABLE and row.proposal != NOT_APPLICABLE:
            return _REFUSED
        if reason is not None:
            return _WHY[reason]
        if row.own == "" and self.now.rubric.by_id[row.node].channel is Channel.APPRAISER:
            return ""  # a first score differs from nothing
        return _DIFFERS if row.proposal != row.own else ""

    def _rounds(self, said: RowAppraisal, layout: Layout) -> tuple[str, ...]:
        rounds = range(1, len(self.state.workspace.campaign.settings.appraisal.rounds) + 1)
        old = [claim for claim in said.outdated if not claim.council]
        return tuple(
            "\n".join(
                [
                    *(self._shown(c, layout) for c in said.in_round(n)),
                    *(f"{self._shown(c, layout)} (theo số liệu cũ)" for c in old if c.round == n),
                ]
            )
            for n in rounds
        )

    def _shown(self, claim: Claim, layout: Layout) -> str:
        """Say one agency's word: who, what, why."""
        agency = self.state.workspace.campaign.agencies.get(claim.agency)
        words = _decided(claim, layout)
        reason = f" Lý do: {claim.reason}" if claim.reason else ""
        return f"{agency.title if agency else claim.agency}: {words}.{reason}"

    def _reply(self, node: str) -> str:
        found = []
        for (number, about), reply in sorted(self.said.replies.items()):
            if about == node:
                more = f" Tài liệu bổ sung: {reply.evidence}" if reply.evidence else ""
                found.append(f"Sau lần {number}: {reply.text}{more}")
        return "\n".join(found)


def _decided(claim: Claim, layout: Layout) -> str:
    if claim.decision is Decision.QUERY:
        return "yêu cầu giải trình"
    if claim.points is not None:
        return f"{vi_number(claim.points)} điểm"
    if not claim.values:
        return "công nhận"
    node = layout.rubric.by_id[claim.node]
    figures = (
        f"{item.label or item.key}: {value if isinstance(value, str) else vi_number(value)}"
        for item in layout.methods[node.id].inputs(node.max)
        if (value := claim.values.get(item.key)) is not None
    )
    return f"tính lại theo số liệu {'; '.join(figures)}"


def _proposal(result: UnitResult, node: str) -> Figure:
    """Return what holds for a row: a score, “Không áp dụng”, or nothing while it is unknown."""
    score = result.achieved[node]
    if score.open is Open.NOT_APPLICABLE or _stays_left_out(result, node):
        return NOT_APPLICABLE
    return "" if score.points is None else score.points


def _stays_left_out(result: UnitResult, node: str) -> bool:
    """Whether what the unit leaves out is left out, though the policy gives it points."""
    said, own = result.appraisal, (result.own or {}).get(node)
    if said is None:
        return False
    asked = node in said.left_out or (own is not None and own.open is Open.NOT_APPLICABLE)
    decided = said.decisions.get(node)
    if decided is not None:
        return asked and decided.decision is Decision.ACCEPT and decided.points is None
    return asked and not (said.begun and result.policies.unappraised is Unappraised.ZERO)


def _left_out(result: UnitResult, leaf: Node) -> Score:
    """Return what “Không áp dụng” counts on a row."""
    policy = result.policies.not_applicable
    if leaf.is_extra or policy is NotApplicablePolicy.LEAVE_OUT:
        return Score(None, ZERO, Open.NOT_APPLICABLE)
    full = policy is NotApplicablePolicy.FULL_POINTS
    return Score(leaf.max if full else ZERO, leaf.max)
