"""Merge what appraisers said by row, never by file: what holds, what is open, who contradicts whom.

Nothing is overwritten. In a round an agency's later word on a row replaces its earlier one. Agencies are
not ordered: two different words on one row in one round are a conflict, whichever came first.

The cell that accepts everything left (“các dòng còn lại”) speaks of rows that nobody spoke of. So its word
counts only where, on the row's present inputs, nobody has said anything of the row itself, in any round:
neither a decision nor a query. It never beats a word of an earlier round, however late that one arrives,
and settles neither a conflict nor a query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from xlscore.answers import Answers
from xlscore.appraising.basis import appraised_leaves, row_basis
from xlscore.appraising.claims import Claim, Decision, Reply
from xlscore.findings import Finding, finding
from xlscore.form import is_asked
from xlscore.layout import Layout
from xlscore.methods.base import Value, vi_number
from xlscore.numbers import plain
from xlscore.rubric import Channel, Node
from xlscore.scoring import not_applicable_leaves


class OpenRow(StrEnum):
    """Why appraisers still have to look at a row.

    `untouched`: nobody has yet; `queried`: the unit was asked to explain; `conflict`: two agencies say
    different things; `reopened`: it was appraised, and the unit has changed its inputs since.
    """

    UNTOUCHED = "untouched"
    QUERIED = "queried"
    CONFLICT = "conflict"
    REOPENED = "reopened"


@dataclass(frozen=True)
class RowAppraisal:
    """One row of one unit.

    Attributes:
        words: each agency's word of each round that holds, by round, then agency; the council's last.
            Those of the cell that accepts everything left are among them even where they do not count.
        decided: the word that counts, or None: the self score stands, or nothing, as the policy says.
        open: why the row is still open; a row may be decided and yet be open again.
        conflict: the two words that contradict each other in the last round that has any.
        outdated: words on inputs that the unit has changed since, ordered likewise.
    """

    node: str
    basis: str
    words: tuple[Claim, ...] = ()
    decided: Claim | None = None
    open: OpenRow | None = OpenRow.UNTOUCHED
    conflict: tuple[Claim, Claim] | None = None
    outdated: tuple[Claim, ...] = ()

    @property
    def council(self) -> Claim | None:
        """The council's word, if it has spoken."""
        return next((word for word in reversed(self.words) if word.council), None)

    @property
    def spoken(self) -> bool:
        """Whether anybody has said anything of the row itself, on its present inputs."""
        return any(not word.rest for word in self.words)

    @property
    def heard(self) -> tuple[Claim, ...]:
        """The agencies' words that count, by round, then agency."""
        return _heard([word for word in self.words if not word.council])

    def in_round(self, number: int) -> tuple[Claim, ...]:
        """Return the agencies' words of one round that count."""
        return tuple(word for word in self.heard if word.round == number)


@dataclass(frozen=True)
class UnitAppraisal:
    """What appraisal made of one unit's submission.

    Attributes:
        rows: by leaf id, in printed order; every leaf that appraisers look at.
        replies: the unit's latest reply by round and leaf id.
        left_out: leaves that the unit says do not apply.
        optional: leaves that the unit left blank and need not fill: extra points, and the other cases
            of a best-of group. Nobody has to appraise them.
    """

    unit: str
    rows: Mapping[str, RowAppraisal]
    replies: Mapping[tuple[int, str], Reply] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()

    @cached_property
    def decisions(self) -> Mapping[str, Claim]:
        """The words that count, by leaf id."""
        return {node: row.decided for node, row in self.rows.items() if row.decided is not None}

    @property
    def begun(self) -> bool:
        """Whether anything was appraised."""
        return any(row.words or row.outdated for row in self.rows.values())

    @cached_property
    def open(self) -> Mapping[str, OpenRow]:
        """The rows that appraisers still have to look at, by leaf id."""
        return {
            node: row.open
            for node, row in self.rows.items()
            if row.open is not None and (node not in self.optional or row.words)
        }

    @property
    def points(self) -> dict[str, Decimal]:
        """Scores given by points, by leaf id."""
        return {n: c.points for n, c in self.decisions.items() if c.points is not None}

    @property
    def reentered(self) -> dict[str, Mapping[str, Value]]:
        """Figures entered in place of the unit's, by leaf id."""
        return {n: c.values for n, c in self.decisions.items() if c.values}

    @property
    def confirmed(self) -> frozenset[str]:
        """Leaves whose self score, or “Không áp dụng”, is accepted."""
        return frozenset(n for n, c in self.decisions.items() if c.decision is Decision.ACCEPT)

    @property
    def excluded(self) -> frozenset[str]:
        """Leaves of which the council says that they do not apply: for good, whatever the unit says."""
        return frozenset(
            n
            for n, c in self.decisions.items()
            if c.council and c.decision is Decision.ACCEPT and c.points is None and not c.values
        )

    @cached_property
    def refused(self) -> frozenset[str]:
        """Leaves whose “Không áp dụng” is refused."""
        changed = {n for n, c in self.decisions.items() if c.decision is Decision.ADJUST}
        return frozenset(changed & self.left_out)

    def findings(self, layout: Layout) -> tuple[Finding, ...]:
        """Return contradictions between agencies, and rows that the unit's newer version reopens."""
        return tuple(_findings(self, layout))


def appraise(
    unit: str,
    layout: Layout,
    answers: Answers,
    claims: Iterable[Claim],
    replies: Iterable[Reply] = (),
) -> UnitAppraisal:
    """Merge everything that was said about one unit's submission.

    Args:
        answers: the submission that counts now.
        claims: of every round and agency, in any order; the council's too.
        replies: of every round, in any order.
    """
    by_node: dict[str, list[Claim]] = {}
    for claim in sorted(claims, key=lambda c: c.arrival):
        by_node.setdefault(claim.node, []).append(claim)
    left_out = not_applicable_leaves(layout.rubric, answers.not_applicable)
    rows: dict[str, RowAppraisal] = {}
    for leaf in _looked_at(layout, answers, by_node):
        said, basis = by_node.get(leaf.id, []), row_basis(layout, answers, leaf.id)
        if leaf.channel is Channel.APPRAISER and leaf.id not in left_out:
            said = [claim for claim in said if not _accepts_nothing(claim, basis)]
        rows[leaf.id] = _row(leaf.id, basis, said)
    latest = {(r.round, r.node): r for r in sorted(replies, key=lambda r: r.arrival)}
    optional = frozenset(n for n in rows if n not in left_out and _is_optional(layout, answers, n))
    return UnitAppraisal(unit, rows, latest, left_out & rows.keys(), optional)


def _looked_at(
    layout: Layout, answers: Answers, said: Mapping[str, Sequence[Claim]]
) -> Iterable[Node]:
    """Return the leaves that appraisers look at, and those on which the council has spoken.

    It may have spoken on a survey row that the unit left out then: its word is final all the same.
    """
    appraised = {leaf.id for leaf in appraised_leaves(layout, answers)}
    spoken = {node for node, claims in said.items() if any(claim.council for claim in claims)}
    return (leaf for leaf in layout.rubric.leaves if leaf.id in appraised | spoken)


def _accepts_nothing(claim: Claim, basis: str) -> bool:
    """Whether a word accepts what the unit gives on a row where units give nothing.

    On another version of the row there was “Không áp dụng” to accept: the council's word on that stays.
    """
    return claim.decision is Decision.ACCEPT and claim.basis == basis


def _is_optional(layout: Layout, answers: Answers, node: str) -> bool:
    leaf = layout.rubric.by_id[node]
    if answers.values.get(node) or leaf.channel is Channel.APPRAISER:
        return False
    return not is_asked(leaf, layout.rubric, layout.methods, answers.values)


def _row(node: str, basis: str, claims: Sequence[Claim]) -> RowAppraisal:
    # The council's word is final: what a unit changes after it changes nothing.
    council = _standing(claim for claim in claims if claim.council)
    live = _standing(claim for claim in claims if not claim.council and claim.basis == basis)
    outdated = _standing(claim for claim in claims if not claim.council and claim.basis != basis)
    decided: Claim | None = None
    open_: OpenRow | None = OpenRow.UNTOUCHED
    conflict: tuple[Claim, Claim] | None = None
    heard = _heard(live)
    for _, said in groupby(heard, key=lambda claim: claim.round):
        chosen, open_, conflict = _settle(tuple(said))
        decided = chosen or decided
    if outdated and outdated[-1].round > (heard[-1].round if heard else 0):
        open_ = OpenRow.REOPENED
    if council:
        chosen, open_, conflict = _settle(council)
        decided = chosen or decided
    return RowAppraisal(node, basis, (*live, *council), decided, open_, conflict, outdated)


def _standing(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return each agency's word of each round, by round, then code; `claims` come in ledger order.

    The council is one voice, whoever hands its book in.
    """
    found: dict[tuple[int, str], Claim] = {}
    for claim in claims:
        who = (0, "") if claim.council else (claim.round, claim.agency)
        before = found.get(who)
        if before is None or before.rest or not claim.rest:
            found[who] = claim
    return tuple(found[who] for who in sorted(found))


def _heard(words: Sequence[Claim]) -> tuple[Claim, ...]:
    """Leave out words that accept everything left, if anybody spoke of the row itself in any round."""
    return tuple(word for word in words if not word.rest) or tuple(words)


def _settle(
    heard: Sequence[Claim],
) -> tuple[Claim | None, OpenRow | None, tuple[Claim, Claim] | None]:
    """Return what a round decides on a row, why it leaves it open, and who contradicts whom."""
    if any(word.decision is Decision.QUERY for word in heard):
        return None, OpenRow.QUERIED, None
    first = heard[0]
    other = next((word for word in heard if word.said != first.said), None)
    if other is not None:
        return None, OpenRow.CONFLICT, (first, other)
    return first, None, None


def _findings(appraisal: UnitAppraisal, layout: Layout) -> Iterable[Finding]:
    for node, row in appraisal.rows.items():
        code = layout.rubric.by_id[node].code
        if row.conflict is not None:
            first, second = row.conflict
            params = {
                "unit": appraisal.unit,
                **_shown("first", first), "first_by": first.agency, "first_place": first.source,
                **_shown("second", second), "second_by": second.agency,
                "second_place": second.source,
            }  # fmt: skip
            yield finding("appraisal-conflict", row=code, node=node, params=params)
        if appraisal.open.get(node) is OpenRow.REOPENED:
            last = row.outdated[-1]
            params = {
                "unit": appraisal.unit, "agency": last.agency, "round": str(last.round),
                **_shown("said", last), "place": last.source,
            }  # fmt: skip
            yield finding("appraisal-reopened", row=code, node=node, params=params)
        council = row.council
        if council is not None and council.basis != row.basis:
            params = {"unit": appraisal.unit, **_shown("said", council)}
            yield finding("council-stands", row=code, node=node, params=params)


_WORDS = {
    Decision.ACCEPT: ("Công nhận", "accepted"),
    Decision.ADJUST: ("Điều chỉnh", "adjusted to"),
    Decision.QUERY: ("Yêu cầu giải trình", "asked to explain"),
}


def _shown(name: str, claim: Claim) -> dict[str, str]:
    """Return what a claim says as the parameter `name` of a finding, in both languages."""
    given = [*claim.values.values()] if claim.points is None else [claim.points]
    figures = "; ".join(v if isinstance(v, str) else plain(v) for v in given)
    spelt = "; ".join(v if isinstance(v, str) else vi_number(v) for v in given)
    vietnamese, english = _WORDS[claim.decision]
    return {name: f"{vietnamese} {spelt}".strip(), f"{name}_en": f"{english} {figures}".strip()}
