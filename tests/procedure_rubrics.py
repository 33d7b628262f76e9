"""The rubrics of the whole procedure: every way of scoring, every channel; who appraises what."""

from __future__ import annotations

from tests.campaigns import Data, group, leaf, levels
from tests.procedure_inputs import BY_ROLE
from tests.procedure_rows import BANDS

TITLES = {"so": "Các sở", "xa": "Các xã, phường"}
_SURVEY, _DERIVED = {"channel": "survey"}, {"channel": "derived"}


def departments() -> Data:
    """Return the rubric of the departments: every way of scoring, every channel."""
    rest: Data = {"else": "0"}
    proof = {"evidence": ["Kế hoạch"]}
    office = [
        leaf("1.1", "2", "points", proof, step="0.25"),
        leaf(
            "1.2", "1", "levels", levels=levels(("Kịp thời", "1"), ("Chậm", "0.5"), ("Không", "0"))
        ),
        leaf(
            "1.3",
            "3",
            "proportional",
            {"may_be_not_applicable": "không phát sinh"},
            numerator="Hồ sơ đúng hạn",
            denominator="Tổng hồ sơ",
            if_zero="not-applicable",
        ),
        leaf("1.4", "2", "count", unit="sáng kiến", points_each="0.5"),
        leaf("1.5", "2", "deduction", unit="lỗi", points_each="0.4"),
    ]
    variables = [{"id": v, "label": f"Số {v}"} for v in ("tong", "dat")]
    cases = [
        leaf("2.5.1", "2", "points"),
        leaf("2.5.2", "1", "count", unit="giải", points_each="0.5"),
    ]
    online = [
        leaf(
            "2.1",
            "2",
            "bands",
            proof,
            numerator="Tỷ lệ trực tuyến",
            bands=[{"at_least": "90", "points": "2"}, {"at_least": "70", "points": "1"}],
            **rest,
        ),
        leaf("2.2", "2", "formula", variables=variables, branches=[{"score": "dat / tong * max"}]),
        leaf("2.3", "1", "checklist", items=levels(("Có kế hoạch", "0.4"), ("Có báo cáo", "0.6"))),
        leaf(
            "2.4",
            "3",
            "levels",
            by="percent",
            levels=levels(("Tốt", "100"), ("Khá", "50"), ("Yếu", "0")),
        ),
        group("2.5", "2", cases, combine="best"),
    ]
    spending = [
        leaf("3.1", "4", "points", proof),
        leaf(
            "3.2",
            "2",
            "proportional",
            {"may_be_not_applicable": "không được giao"},
            numerator="Đã giải ngân",
            denominator="Được giao",
            floor="50",
            full_from="95",
        ),
    ]
    options = {"A": "100", "B": "60", "C": "20", "D": "0"}
    groups = {"hdnd": {"title": "Đại biểu HĐND", "weight": "2"}, "dan": {"title": "Người dân"}}
    late = [{"at_most": "0", "points": "1"}, {"at_most": "2", "points": "0.5"}]
    proven = [{"at_least": "100", "points": "1"}, {"at_least": "50", "points": "0.5"}]
    near = [{"at_most": "0.6", "points": "1"}, {"at_most": "1.8", "points": "0.5"}]
    others = [
        leaf("4.1", "3", "survey", _SURVEY, options=options, groups=groups),
        leaf("4.2", "2", "index", _SURVEY, fallback="1"),
        leaf("4.3", "2", "points", {"channel": "appraiser"}, step="0.5"),
        leaf("4.4", "1", "derived", _DERIVED, quantity="days_late", bands=late, **rest),
        leaf("4.5", "1", "derived", _DERIVED, quantity="evidence_coverage", bands=proven, **rest),
        leaf("4.6", "1", "derived", _DERIVED, quantity="self_appraised_gap", bands=near, **rest),
        leaf("4.7", "2", "peer", label="Số dịch vụ công trực tuyến"),
    ]
    office_role, expert_role = ({"role": [role]} for role in BY_ROLE["SGD"])
    nodes = [
        group("1", "10", office, **office_role),
        group("2", "10", online, **expert_role),
        group("3", "6", spending),
        group("4", "12", others),
        leaf("C", "1", "points", {"channel": "bonus"}, step="0.5"),
        leaf("P", "2", "count", {"channel": "penalty"}, unit="lần bị phê bình", points_each="0.5"),
    ]
    roles = {"van-phong": "Văn phòng", "chuyen-mon": "Phòng chuyên môn"}
    return {**_head("so", "38"), "roles": roles, "nodes": nodes}  # fmt: skip


def communes() -> Data:
    """Return the shorter rubric of the communes; its row 1.3 names its own appraiser."""
    may = {"may_be_not_applicable": "không phát sinh hồ sơ"}
    graded = levels(("Tốt", "2"), ("Khá", "1"), ("Yếu", "0"))
    own = [
        leaf("1.1", "4", "points", {"evidence": ["Kế hoạch"]}, step="0.5"),
        leaf("1.2", "4", "proportional", may, numerator="Đúng hạn", denominator="Tổng số"),
        leaf("1.3", "2", "levels", {"lead": "STTTT"}, levels=graded),
    ]
    late: Data = {"bands": [{"at_most": "0", "points": "1"}], "else": "0"}
    others = [
        leaf("2.1", "3", "survey", _SURVEY),
        leaf("2.2", "1", "points", {"channel": "appraiser"}),
        leaf("2.3", "1", "derived", _DERIVED, quantity="days_late", **late),
    ]
    bonus = leaf("C", "1", "points", {"channel": "bonus"})
    nodes = [group("1", "10", own), group("2", "5", others), bonus]
    return {**_head("xa", "15"), "nodes": nodes}


def _head(tier: str, scale: str) -> Data:
    return {
        "id": f"bo-{tier}", "title": f"Bộ tiêu chí {TITLES[tier]}", "year": "2026", "tier": tier,
        "scale": scale,
    }  # fmt: skip


APPRAISAL: Data = {
    "agencies": {
        "SNV": {"title": "Sở Nội vụ"},
        "STTTT": {"title": "Sở Thông tin và Truyền thông"},
        "STC": {"title": "Sở Tài chính"},
    },
    "coordinator": "SNV",
    "assignments": [
        {"agency": "SNV", "units": ["STC"]},
        {"agency": "STTTT", "tiers": ["so"], "rows": ["n2"]},
        {"agency": "STC", "rows": ["n3"]},
    ],
    "rounds": [{"title": "Thẩm định lần 1"}, {"title": "Lần 2", "agencies": ["SNV", "STTTT"]}],
}


def tiers() -> Data:
    return {
        tier: {
            "title": title,
            "rubric": f"rubrics/{tier}.yaml",
            "deadline": "2026-12-15T17:00",
            "bands": [{"name": name, "at_least": str(floor)} for name, floor in BANDS[tier]],
        }
        for tier, title in TITLES.items()
    }
