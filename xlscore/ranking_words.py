"""The campaign's rules in words, and what must be known beside a rank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlscore.campaign import Campaign
from xlscore.methods.base import vi_number
from xlscore.ranking import DECISIVE_DECIMALS, Results, UnitResult
from xlscore.remarks import NOT_APPLICABLE_WORDS
from xlscore.rubric import Channel
from xlscore.scoring import Pending, Unappraised
from xlscore.settings import EvidencePolicy, Grade, MissingUnits, Policies, Ties

MISSING_WORDS = {
    MissingUnits.RANK_LAST: (
        "xếp cuối nhóm với 0 điểm và xếp loại theo điểm đó; không tính vào trung bình của nhóm"
    ),
    MissingUnits.LIST_ONLY: "chỉ liệt kê, không xếp hạng",
}
UNAPPRAISED_WORDS = {
    Unappraised.SELF: "giữ điểm tự chấm",
    Unappraised.ZERO: "tính 0 điểm sau khi đã thẩm định",
}
PENDING_WORDS = {
    Pending.LEAVE_OUT: "tạm để ngoài điểm tối đa; kết quả là tạm tính",
    Pending.ZERO: "tạm cho 0 điểm; kết quả là tạm tính",
}
EVIDENCE_WORDS = {
    EvidencePolicy.REQUIRED: "bắt buộc có tài liệu kiểm chứng hoặc giải trình",
    EvidencePolicy.WARN: "thiếu tài liệu kiểm chứng thì nhắc",
    EvidencePolicy.OFF: "không kiểm tra tài liệu kiểm chứng",
}
_MAXIMUM_WORDS = (
    "tổng điểm tối đa của những nội dung có áp dụng với từng đơn vị; nội dung được để ngoài thì không tính "
    "vào mẫu số, nên các đơn vị có thể có điểm tối đa khác nhau"
)
_CHANGE_WORDS = (
    "số điểm phần trăm mà chỉ số tăng hoặc giảm; đơn vị hợp nhất so với trung bình của các đơn vị cũ (thiếu "
    "chỉ số của một đơn vị cũ thì không so sánh), đơn vị chia tách so với đơn vị cũ"
)
TIES_WORDS = {
    Ties.SHARED: "cùng hạng, hạng kế tiếp bỏ qua số đơn vị bằng nhau (1, 2, 2, 4)",
    Ties.DENSE: "cùng hạng, hạng kế tiếp liền sau (1, 2, 2, 3)",
    Ties.ORDERED: "xếp liên tiếp theo thứ tự trong danh sách đơn vị (1, 2, 3, 4)",
}


def rules(results: Results) -> Iterator[tuple[str, str]]:
    """Yield the rules that hold in the campaign: label, and what holds."""
    campaign = results.campaign
    policies = campaign.settings.policies
    yield "Điểm đạt được", _points_words(campaign)
    yield "Điểm tối đa áp dụng", _MAXIMUM_WORDS
    yield "Chỉ số (%)", _index_words(policies)
    yield "Xếp hạng", "theo chỉ số, từ cao xuống thấp, trong từng nhóm xếp hạng"
    yield "Bằng điểm", _tie_words(campaign)
    yield "Làm tròn", _rounding_words(policies)
    for tier in campaign.settings.tiers.values():
        if tier.bands:
            yield f"Xếp loại – {tier.title}", bands_words(tier.bands)
    yield "Đơn vị chưa có phiếu được tính", MISSING_WORDS[policies.missing_unit]
    yield "Nội dung không áp dụng", NOT_APPLICABLE_WORDS[policies.not_applicable]
    yield "Nội dung chưa có kết quả", PENDING_WORDS[policies.pending]
    yield "Nội dung chưa thẩm định", UNAPPRAISED_WORDS[policies.unappraised]
    yield "Tài liệu kiểm chứng", EVIDENCE_WORDS[policies.evidence]
    if results.years.years:
        yield "So với năm trước", _CHANGE_WORDS


def bands_words(bands: Sequence[Grade]) -> str:
    """Return from where on each band is, best first: `I từ 90%, II từ 80%, III dưới 80%`."""
    *upper, lowest = bands
    said = [f"{band.name} từ {vi_number(band.at_least)}%" for band in upper]
    above = f" dưới {vi_number(upper[-1].at_least)}%" if upper and not lowest.at_least else ""
    return ", ".join([*said, lowest.name + (above or f" từ {vi_number(lowest.at_least)}%")])


def _points_words(campaign: Campaign) -> str:
    channels = {leaf.channel for r in campaign.rubrics.values() for leaf in r.leaves}
    said = "điểm thẩm định"
    known = (
        (Channel.SURVEY, " + điểm điều tra xã hội học"),
        (Channel.BONUS, " + điểm cộng"),
        (Channel.PENALTY, " − điểm trừ"),
    )
    for channel, words in known:
        said += words if channel in channels else ""
    return f"{said}; không dưới 0. Điểm thẩm định gồm mọi nội dung không do điều tra xã hội học"


def _rounding_words(policies: Policies) -> str:
    return (
        f"điểm từng dòng giữ {policies.leaf_decimals} chữ số thập phân, nửa làm tròn lên; tổng điểm và "
        f"chỉ số không làm tròn. Khi so sánh chỉ số để xếp hạng, xếp loại: {DECISIVE_DECIMALS} chữ số thập "
        f"phân. Chỉ khi hiển thị mới làm tròn đến {policies.display_decimals} chữ số, nên hai đơn vị hiện "
        f"cùng chỉ số vẫn có thể khác hạng"
    )


def _index_words(policies: Policies) -> str:
    limit = "có thể vượt 100%" if policies.index_may_pass_100 else "không vượt 100%"
    return f"điểm đạt được ÷ điểm tối đa áp dụng của từng đơn vị × 100%; {limit}"


def _tie_words(campaign: Campaign) -> str:
    policies = campaign.settings.policies
    said = TIES_WORDS[policies.ties]
    if not policies.tie_breakers:
        return said
    nodes: Mapping[str, str] = {
        node.id: f"{node.code} {node.title}" for r in campaign.rubrics.values() for node in r.walk()
    }
    named = "; ".join(f"“{nodes.get(b, b)}”" for b in policies.tie_breakers)
    return f"lần lượt so chỉ số thành phần {named}; nếu vẫn bằng: {said}"


def _lacking(campaign: Campaign, result: UnitResult) -> str:
    if not campaign.tier(result.unit).reported_by_parent:
        return "Chưa có phiếu được tính"
    parent = campaign.units.get(result.unit.parent)
    return f"Chưa có kết quả của {parent.name if parent else 'cấp trên'}"


def remarks(campaign: Campaign, result: UnitResult) -> str:
    """Return what must be known beside a unit's rank."""
    said = []
    if not result.assessed:
        said.append(_lacking(campaign, result))
    if result.pending:
        said.append(f"Tạm tính: chờ {len(result.pending)} nội dung")
    if result.reported and result.reported.unsettled:
        said.append(f"Cấp trên chưa thẩm định xong {len(result.reported.unsettled)} nội dung")
    if result.fallbacks:
        years = ", ".join(str(year) for year in sorted(set(result.fallbacks.values())))
        said.append(f"{len(result.fallbacks)} nội dung theo số liệu năm {years}")
    if result.days_late:
        said.append(f"Trễ hạn {result.days_late} ngày")
    waivers = (w for w in campaign.settings.waivers if w.unit == result.unit.code)
    said += [f"Miễn trừ: {w.reason} ({w.by})" for w in waivers]
    return "; ".join(said)
