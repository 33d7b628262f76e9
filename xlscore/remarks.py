"""What is said beside each row of a result: who decided and why, where a figure comes from, what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xlscore.appraising import Claim, Decision, OpenRow
from xlscore.campaign import Campaign
from xlscore.form import card_inputs
from xlscore.layout import BEST_CASE, NOT_APPLICABLE
from xlscore.methods.base import Input, Source, Value, vi_number
from xlscore.methods.consolidated import Quantity
from xlscore.numbers import quantise
from xlscore.ranking import UnitResult
from xlscore.rubric import Channel, Combine, Node
from xlscore.scoring import NotApplicablePolicy, Open

NOT_APPLICABLE_WORDS = {
    NotApplicablePolicy.LEAVE_OUT: "không tính vào điểm tối đa áp dụng của đơn vị",
    NotApplicablePolicy.FULL_POINTS: "tính đủ điểm tối đa",
    NotApplicablePolicy.ZERO: "tính 0 điểm",
}
WAITING_WORDS = {
    Channel.SURVEY: "chờ kết quả điều tra",
    Channel.APPRAISER: "chờ kết quả thẩm định",
}
_OPEN: Mapping[OpenRow, str] = {
    OpenRow.UNTOUCHED: "Chưa thẩm định",
    OpenRow.QUERIED: "Chờ đơn vị giải trình",
    OpenRow.CONFLICT: "Các cơ quan thẩm định chưa thống nhất",
    OpenRow.REOPENED: "Đơn vị đã đổi số liệu sau thẩm định, chờ thẩm định lại",
}


def waiting(node: Node) -> str:
    """Say what a leaf without a score waits for."""
    return WAITING_WORDS.get(node.channel, "chờ số liệu hệ thống")


class Notes:
    """The remarks on one unit's result."""

    def __init__(self, campaign: Campaign, result: UnitResult) -> None:
        self._campaign, self._result, self._layout = campaign, result, result.layout
        said = result.appraisal
        self._begun = said is not None and said.begun
        answers = result.submission.answers if result.submission else None
        self._answered = answers.not_applicable if answers else frozenset[str]()
        self._explained: Mapping[str, str] = answers.explanation if answers else {}

    def of(self, node: Node) -> str:
        """Return everything worth saying about a row, a line each."""
        if not node.is_leaf:
            return node.note or (BEST_CASE if node.combine is Combine.BEST else "")
        parts = (
            *self._left_out(node), *self._figures(node), *self._decided(node), *self._open(node)
        )  # fmt: skip
        return "\n".join(f"{part[0].upper()}{part[1:]}" for part in parts if part)

    # --- the appraisers' word ---------------------------------------------------------------------

    def _decided(self, leaf: Node) -> Iterator[str]:
        if self._result.reported is not None:
            word = self._result.reported.words.get(leaf.id)
            if word is not None and word.reason:
                yield f"{word.by}: {word.reason}"
            return
        claim = self._result.appraisal.decisions.get(leaf.id) if self._result.appraisal else None
        if claim is None:
            return
        given = self._confirmed(leaf, claim)
        said = [*self._changed(leaf, given), given.reason.rstrip(". ")]
        text = ". ".join(part for part in said if part)
        if text:
            yield f"{self._by(given)}: {text}"
            if given is not claim:
                yield f"{self._by(claim)} thống nhất"
        elif claim.decision is Decision.ADJUST and not self._is_score_given(leaf):
            yield f"{self._by(claim)} điều chỉnh"

    def _confirmed(self, leaf: Node, claim: Claim) -> Claim:
        """Return the appraiser's word that the council left as proposed: there the reason is given."""
        said = self._result.appraisal
        if said is None or not (claim.council and claim.rest) or claim.reason:
            return claim
        adjusted = (w for w in said.rows[leaf.id].words if not w.council)
        same = [
            w
            for w in adjusted
            if w.decision is Decision.ADJUST and (w.values or w.points == claim.points)
        ]
        return same[-1] if same and claim.decision is Decision.ADJUST else claim

    def _is_score_given(self, leaf: Node) -> bool:
        """Whether only appraisers score this row, so that a score of theirs changes nothing."""
        return not card_inputs(leaf, self._layout.methods[leaf.id])

    def _by(self, claim: Claim) -> str:
        settings = self._campaign.settings.appraisal
        if claim.council:
            return settings.council.title
        agency = self._campaign.agencies.get(claim.agency)
        title = agency.title if agency else claim.agency
        several = len(settings.rounds) > 1 and claim.round <= len(settings.rounds)
        return f"{title} ({settings.round_title(claim.round)})" if several else title

    def _changed(self, leaf: Node, claim: Claim) -> Iterator[str]:
        refused = self._result.appraisal.refused if self._result.appraisal else frozenset()
        if leaf.id in refused:
            yield f"không công nhận “{NOT_APPLICABLE}”"
        if claim.values:
            labels = {i.key: i.label for i in self._layout.methods[leaf.id].inputs(leaf.max)}
            order = [*labels, *(key for key in claim.values if key not in labels)]
            figures = (
                f"{labels.get(key, '')} {_said(claim.values[key])}".strip()
                for key in order
                if key in claim.values
            )
            yield f"số liệu {'; '.join(figures)}"

    def _open(self, leaf: Node) -> Iterator[str]:
        """Yield why a row may still change."""
        said = self._result.appraisal
        if leaf.id in self._result.pending:
            supplied = {item.key for item in self._layout.supplied.get(leaf.id, ())}
            after = Quantity.SELF_APPRAISED_GAP.value in supplied
            yield "chỉ tính sau khi thẩm định xong" if after else waiting(leaf)
        elif said is not None and self._begun and leaf.id in said.open:
            yield _OPEN[said.open[leaf.id]]
        elif self._result.reported is not None and leaf.id in self._result.reported.unsettled:
            yield "chưa thẩm định xong"
        own = self._result.own
        blank = own is not None and own[leaf.id].open is Open.MISSING
        if blank and not leaf.is_extra and not (said and leaf.id in said.decisions):
            yield "đơn vị không nhập số liệu"

    # --- what the score follows from --------------------------------------------------------------

    def _left_out(self, leaf: Node) -> Iterator[str]:
        above = (leaf.id, *self._result.rubric.ancestors(leaf.id))
        answered = next((node for node in above if node in self._answered), "")
        refused = self._result.appraisal.refused if self._result.appraisal else frozenset()
        policy = self._result.policies.not_applicable
        if answered and leaf.id not in refused:
            reason = self._explained.get(answered, "")
            yield f"Không áp dụng: {reason}" if reason else "Không áp dụng"
            if policy is not NotApplicablePolicy.LEAVE_OUT and not leaf.is_extra:
                yield NOT_APPLICABLE_WORDS[policy]
        elif self._result.achieved[leaf.id].open is Open.NOT_APPLICABLE and not answered:
            yield "Không phát sinh, không tính vào điểm tối đa áp dụng"

    def _figures(self, leaf: Node) -> Iterator[str]:
        given = self._result.figures.get(leaf.id, {})
        for item in self._layout.supplied.get(leaf.id, ()):
            value = given.get(item.key)
            if isinstance(value, Decimal):
                yield self._figure(leaf, item, value)

    def _figure(self, leaf: Node, item: Input, value: Decimal) -> str:
        shown = vi_number(quantise(value, max(2, self._result.policies.display_decimals)))
        match item.source:
            case Source.SURVEY:
                year = self._result.fallbacks.get(leaf.id)
                older = f" (số liệu năm {year}, chưa có số liệu mới)" if year else ""
                named = f"Kết quả điều tra {shown}%" if item.percent else f"Chỉ số công bố {shown}"
                return named + older
            case Source.PEERS:
                return f"đơn vị cao nhất đạt {shown}"
        if item.key == Quantity.DAYS_LATE:
            return "nộp đúng hạn" if value == 0 else f"trễ hạn {shown} ngày"
        return _DERIVED.get(item.key, "{}").format(shown)


_DERIVED: Mapping[str, str] = {
    Quantity.EVIDENCE_COVERAGE: "{}% tiêu chí có tài liệu kiểm chứng",
    Quantity.SELF_APPRAISED_GAP: "chênh lệch {} điểm giữa tự đánh giá và thẩm định",
}


def _said(value: Value) -> str:
    return value if isinstance(value, str) else vi_number(value)
