"""A rubric that uses every scorecard method with every option, and answers to it at its edges."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

from xlscore.layout import NOT_APPLICABLE, Entry, Layout, Slot
from xlscore.methods.base import InputKind
from xlscore.rubric import Rubric
from xlscore.workbooks.scorecard.fill import Typed
from xlscore.workbooks.scorecard.render import Head

BLANK_HEAD = Head(
    authority="Ủy ban nhân dân tỉnh Mẫu",
    office="Sở Nội vụ",
    place="Mẫu",
    title="PHIẾU TỰ CHẤM ĐIỂM CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM 2026",
    subtitle="Bộ tiêu chí thử",
    legal_basis="Kèm theo Quyết định số 1/QĐ-UBND",
    unit_name="Sở Thử nghiệm",
    unit_code="so-tn",
    serial=7,
    role_title="",
    signatory="Giám đốc",
    year=2026,
    deadline="17 giờ 00 ngày 15/12/2026",
    token="XLS1-BLANK",
)


def every_method() -> Rubric:
    """Return the rubric."""
    nodes = [_levels(), _ratios(), _figures(), _formulas(), _groups(), *_extras()]
    head = {"id": "moi-cach-cham", "title": "Mọi cách chấm", "year": "2026", "tier": "so"}
    return Rubric.model_validate({**head, "nodes": nodes})


def _leaf(
    node_id: str, maximum: str, kind: str, /, more: Any = None, **method: Any
) -> dict[str, Any]:
    title = f"Tiêu chí {node_id} ({kind})"
    named = {"id": node_id, "code": node_id, "title": title, "max": maximum}
    return {**named, "method": {"kind": kind, **method}, **(more or {})}


def _group(node_id: str, maximum: str, *nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    named = {"id": node_id, "code": node_id, "title": f"Nhóm {node_id}", "max": maximum}
    return {**named, "nodes": list(nodes), **more}


def _labelled(*points: str) -> list[dict[str, str]]:
    return [{"label": f"Mức {n} <&> “{p}”", "points": p} for n, p in enumerate(points, 1)]


def _levels() -> dict[str, Any]:
    may = {"may_be_not_applicable": "không có đơn vị trực thuộc"}
    return _group(
        "1",
        "7.4",
        _leaf("1.1", "1", "points", step="0.25", more={"evidence": ["Kế hoạch"]}),
        _leaf("1.2", "1.4", "points", more=may),
        _leaf("1.3", "1", "levels", levels=_labelled("1", "0.5", "0")),
        _leaf("1.4", "0.7", "levels", by="percent", levels=_labelled("100", "33.3", "0"), more=may),
        _leaf("1.5", "1.3", "checklist", items=_labelled("0.4", "0.4", "0.5")),
        _leaf(
            "1.6", "2", "checklist", by="percent", items=_labelled("50", "12.5", "37.5"), more=may
        ),
    )


def _ratios() -> dict[str, Any]:
    of = {"numerator": "Số hồ sơ đúng hạn", "denominator": "Tổng số hồ sơ"}
    bands = [{"at_least": "95.5", "points": "2"}, {"above": "70", "points": "1"}]
    closed = [{"at_most": "30", "points": "0"}, {"above": "60", "below": "90", "points": "50"}]
    may = {"may_be_not_applicable": "không phát sinh"}
    return _group(
        "2",
        "22.7",
        _leaf("2.1", "2", "bands", **of, bands=bands, **{"else": "0.25"}),
        _leaf(
            "2.2", "3", "bands", **of, bands=closed, by="percent", if_zero="zero", **{"else": "100"}
        ),
        _leaf("2.3", "1", "bands", **of, bands=_whole_bands(), if_zero="not-applicable", more=may),
        _leaf("2.4", "2", "bands", numerator="Tỷ lệ", bands=bands, may_exceed="true"),
        _leaf("2.5", "3", "proportional", **of),
        _leaf("2.6", "1.1", "proportional", **of, floor="80", if_zero="zero"),
        _leaf("2.7", "0.7", "proportional", **of, full_from="95", if_zero="not-applicable"),
        _leaf(
            "2.8", "2.3", "proportional", **of, floor="66.6", full_from="97.3", may_exceed="true"
        ),
        _leaf("2.9", "3.3", "proportional", numerator="Tỷ lệ", floor="50"),
        _leaf("2.10", "4.3", "proportional", **of, whole="false", more=may),
    )


def _whole_bands() -> list[dict[str, str]]:
    return [
        {"at_least": "100", "points": "1"},
        {"at_least": "99.9", "below": "100", "points": "0.7"},
        {"above": "0", "at_most": "33.33", "points": "0.1"},
    ]


def _figures() -> dict[str, Any]:
    may = {"may_be_not_applicable": "không được giao"}
    return _group(
        "3",
        "9.5",
        _leaf("3.1", "2", "count", unit="quy chế", points_each="0.3"),
        _leaf("3.2", "2", "count", unit="sáng kiến", points_each="0.45", cap="1.5"),
        _leaf("3.3", "2", "deduction", unit="vụ vi phạm", points_each="0.3"),
        _leaf("3.4", "2", "deduction", unit="báo cáo chậm", points_each="0.35", cap="1.1"),
        _leaf("3.5", "1.5", "deduction", unit="lỗi", points_each="0.4", floor="0.2", more=may),
    )


def _formulas() -> dict[str, Any]:
    counts = [{"id": n, "label": f"Số {n}"} for n in ("som", "dung", "tre")]
    free = [{"id": n, "label": f"Lượng {n}", "whole": "false", "minimum": "-5"} for n in ("a", "b")]
    tree = (
        "if(a > b and not b < 0, min(abs(a - b), max), if(a == 0 or b / 3 >= 1, max / 3, "
        "max(0, -a + b * 0.1, a / 7)))"
    )
    return _group(
        "4",
        "9.5",
        _leaf(
            "4.1",
            "2.5",
            "formula",
            variables=counts,
            branches=[
                {"when": "som + dung + tre == 0", "score": "max"},
                {"when": "tre / (som + dung + tre) > 0.5 or som == 1", "score": "0"},
                {"score": "(dung + som + 0.5 * tre) / (som + dung + tre) * max"},
            ],
        ),
        _leaf("4.2", "3", "formula", variables=free, branches=[{"score": tree}]),
        _leaf("4.3", "2", "formula", variables=counts, branches=[{"score": "som / dung * max"}]),
        _leaf(
            "4.4",
            "2",
            "formula",
            variables=free,
            branches=[
                {"when": "0 < a <= b < 4 and a / b >= 0.3", "score": "a / b * max"},
                {"when": "a != b and not (a < -1 or b < -1)", "score": "if(a - b < 0, 1 / 3, 0.7)"},
                {"score": "abs(a) / (a + 0.1 - b - 0.1)"},
            ],
        ),
    )


def _groups() -> dict[str, Any]:
    may = "không được giao nhiệm vụ này"
    survey = {"channel": "survey"}
    best = _group(
        "5.1",
        "2",
        _leaf("5.1.1", "2", "levels", levels=_labelled("2", "1.3", "0")),
        _leaf(
            "5.1.2",
            "1.6",
            "count",
            unit="giải",
            points_each="0.4",
            more={"may_be_not_applicable": may},
        ),
        _leaf("5.1.3", "1", "points", more={"may_be_not_applicable": may}),
        combine="best",
        may_be_not_applicable=may,
    )
    nested = _group(
        "5.2",
        "3",
        _group(
            "5.2.1",
            "2",
            _leaf("5.2.1.1", "1", "points", step="0.1"),
            _leaf("5.2.1.2", "1", "points", more={"may_be_not_applicable": may}),
            may_be_not_applicable=may,
        ),
        _leaf("5.2.2", "1", "survey", more=survey),
        may_be_not_applicable=may,
    )
    appraised = {"channel": "appraiser"}
    return _group(
        "5",
        "8",
        best,
        nested,
        _group("5.3", "2", _leaf("5.3.1", "2", "survey", more=survey)),
        _leaf("5.4", "1", "points", more=appraised),
    )


def _extras() -> list[dict[str, Any]]:
    bonus, penalty = {"channel": "bonus"}, {"channel": "penalty"}
    return [
        _leaf("6", "5", "points"),
        _group(
            "C",
            "2",
            _leaf("C1", "2", "count", unit="sáng kiến", points_each="0.7", more=bonus),
            _leaf("C2", "1", "points", step="0.5", more=bonus),
            **bonus,
        ),
        _leaf("T", "3", "count", unit="lần bị phê bình", points_each="0.5", cap="3", more=penalty),
    ]


def random_answers(layout: Layout, dice: Random) -> dict[tuple[str, str], Typed]:
    """Return answers as typed: some leaves open or half filled, figures on and near edges."""
    filled = dice.choice((0.3, 0.8, 1.0, 1.0))
    typed: dict[tuple[str, str], Typed] = {}
    for (node, slot), (_, _, entry) in layout.entries.items():
        if slot == Slot.APPLICABILITY:
            if dice.random() < 0.2:
                typed[node, slot] = NOT_APPLICABLE
        elif entry.input and slot != Slot.SUBMIT and dice.random() < filled:
            typed[node, slot] = _answer(entry, dice)
    return typed


def _ratio(numerator: str, denominator: str) -> dict[tuple[str, str], Typed]:
    figures = {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}
    return {("2.5", slot): value for slot, value in figures.items()}


EDGE_CARDS: tuple[dict[tuple[str, str], Typed], ...] = (
    # Scores of exactly 0.145, 1.005 and 2.675, none of which a double holds.
    _ratio("29", "600"),
    _ratio("201", "600"),
    _ratio("535", "600"),
    # A divisor of exactly 0 that is 9e-17 in doubles; figures exactly on a closed and an open end.
    {("4.4", "a"): Decimal("-1.5"), ("4.4", "b"): Decimal("-1.5")},
    {("2.1", "numerator"): Decimal(191), ("2.1", "denominator"): Decimal(200)},
    {("2.1", "numerator"): Decimal(7), ("2.1", "denominator"): Decimal(10)},
    # Points typed on a row that then does not apply: they count nowhere.
    {("1.2", "points"): Decimal("1.333"), ("1.2", Slot.APPLICABILITY): NOT_APPLICABLE},
    {("5.1.3", "points"): Decimal(1), ("5.1.3", Slot.APPLICABILITY): NOT_APPLICABLE},
)
"""Cards that random answers would seldom hit."""

_EDGES: Mapping[bool, tuple[str, ...]] = {
    True: (
        "0",
        "0",
        "1",
        "2",
        "3",
        "4",
        "7",
        "9",
        "10",
        "19",
        "20",
        "21",
        "191",
        "200",
        "1000",
        "999",
    ),
    False: (
        "0",
        "0.1",
        "0.2",
        "0.3",
        "1",
        "1.5",
        "2.675",
        "3",
        "0.005",
        "33.3",
        "70",
        "95.5",
        "100",
    ),
}


def _answer(entry: Entry, dice: Random) -> Typed:
    item = entry.input
    assert item is not None
    if item.kind is InputKind.CHOICE:
        return dice.choice(item.choices)
    low, high = item.minimum or Decimal(0), item.maximum
    if item.step:
        steps = int(((high or Decimal(10)) - low) / item.step)
        return low + item.step * dice.randint(0, steps)
    value = Decimal(dice.choice(_EDGES[item.whole]))
    if not item.whole and dice.random() < 0.5:
        value = Decimal(dice.randint(int(low) * 1000, int(high or 20) * 1000)).scaleb(-3)
    if item.whole and dice.random() < 0.5:
        value = Decimal(dice.randint(0, 50))
    return value if high is None else min(value, high)
