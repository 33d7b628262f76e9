from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from xlscore.located import parse_yaml
from xlscore.plugins import build
from xlscore.rubric import Channel, Combine, Node, Rubric, settle
from xlscore.rubric_file import parse_rubric

METHODS = build([]).methods()

HEADER = """\
id: thu
title: Bộ tiêu chí thử
year: 2026
tier: xa
scale: {scale}
nodes:
"""

TWO_KINDS = """\
  - id: d1
    code: "1"
    title: Lĩnh vực một
    max: 6
    nodes:
      - {id: d1.1, code: 1.10, title: Chung, max: 3.10, method: {kind: points}}
      - id: d1.2
        code: 1.2
        title: Phường
        max: 2.9
        applies_when: {kind: phường}
        method: {kind: points}
  - id: d2
    code: "2"
    title: Lĩnh vực hai
    max: 4
    combine: best
    nodes:
      - id: d2.1
        code: 2.1
        title: Đặc khu
        max: 4
        applies_when: {kind: [đặc khu]}
        method: {kind: points}
      - {id: d2.2, code: 2.2, title: Chung, max: 1, method: {kind: points}}
"""


def rubric(nodes: str = TWO_KINDS, scale: str = "10") -> Rubric:
    text = HEADER.format(scale=scale) + nodes
    read = parse_rubric(parse_yaml(text, Path("thu.yaml")), METHODS)
    assert [f.code for f in read.findings] == []
    assert read.rubric is not None
    return read.rubric


def test_a_maximum_is_the_decimal_that_is_written() -> None:
    leaf = rubric().by_id["d1.1"]
    assert leaf.max.as_tuple() == Decimal("3.10").as_tuple()
    tenths = "\n".join(
        f"  - {{id: d{i}, code: '{i}', title: t, max: 0.1, method: {{kind: points}}}}"
        for i in range(3)
    )
    three = rubric(tenths, scale="0.3")
    assert sum(node.max for node in three.domains) == Decimal("0.3")


def test_a_printed_code_keeps_its_last_zero() -> None:
    assert rubric().by_id["d1.1"].code == "1.10"


def test_text_is_composed() -> None:
    node = Node.model_validate({"id": "a", "code": "1", "title": "Li\u0303nh", "max": "1"})
    assert node.title == "L\u0129nh"


@pytest.mark.parametrize("typed", ["0,5", "1e1", "NaN", "", "1.000.000", "½"])
def test_a_maximum_in_any_other_notation_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="max"):
        Node.model_validate({"id": "a", "code": "1", "title": "t", "max": typed})


@pytest.mark.parametrize(
    ("kind", "leaves", "maxima"),
    [
        ("xã", ["d1.1", "d2.2"], {"d1": "3.10", "d2": "1"}),
        ("phường", ["d1.1", "d1.2", "d2.2"], {"d1": "6", "d2": "1"}),
        ("đặc khu", ["d1.1", "d2.1", "d2.2"], {"d1": "3.10", "d2": "4"}),
    ],
)
def test_rows_of_other_kinds_of_unit_leave_the_maxima(
    kind: str, leaves: list[str], maxima: dict[str, str]
) -> None:
    own = rubric().for_unit({"kind": kind})
    assert [leaf.id for leaf in own.leaves] == leaves
    assert {node.id: node.max for node in own.domains} == {
        node_id: Decimal(maximum) for node_id, maximum in maxima.items()
    }


def test_pruning_forgets_what_was_computed_for_the_whole_rubric() -> None:
    whole = rubric()
    before = (len(whole.leaves), len(whole.by_id), len(whole.parents), whole.digest)
    own = whole.for_unit({"kind": "xã"})
    assert before[:3] == (4, 6, 6)
    assert (len(own.leaves), len(own.by_id), len(own.parents)) == (2, 4, 4)
    assert own.digest != whole.digest
    assert own.form_digest != whole.form_digest


def test_nodes_left_out_by_waiver_take_their_points_with_them() -> None:
    own = rubric().for_unit({"kind": "phường"}, frozenset({"d1.1", "d2"}))
    assert [(node.id, node.max) for node in own.walk()] == [
        ("d1", Decimal("2.9")),
        ("d1.2", Decimal("2.9")),
    ]


def test_a_group_without_rows_is_gone() -> None:
    own = rubric().for_unit({"kind": "xã"}, frozenset({"d1.1"}))
    assert [node.id for node in own.domains] == ["d2"]


def test_a_cap_stays_when_rows_of_a_bonus_group_go() -> None:
    part = {
        "code": "A1",
        "title": "t",
        "max": "4",
        "channel": "bonus",
        "method": {"kind": "points"},
    }
    group = Node.model_validate(
        {
            "id": "a",
            "code": "A",
            "title": "Điểm cộng",
            "max": "5",
            "channel": "bonus",
            "nodes": [{**part, "id": "a1"}, {**part, "id": "a2", "applies_when": {"kind": "xã"}}],
        }
    )
    whole = rubric().model_copy(update={"nodes": (group,)})
    assert whole.domains == ()
    assert [node.max for node in whole.for_unit({}).nodes] == [Decimal(5)]


def test_values_by_attribute_are_settled_wherever_they_stand() -> None:
    by_kind = {"by": "kind", "cases": {"phường": "95"}, "default": "80"}
    spec = {"floor": by_kind, "bands": [{"at_least": by_kind, "points": "1"}]}
    assert settle(spec, {"kind": "phường"}) == {
        "floor": "95",
        "bands": [{"at_least": "95", "points": "1"}],
    }
    assert settle(spec, {})["floor"] == "80"


def test_ancestors_come_nearest_first() -> None:
    nested = rubric()
    assert nested.ancestors("d1.1") == ("d1",)
    assert nested.ancestors("d1") == ()


def changed(node_id: str, **update: object) -> Rubric:
    def change(node: Node) -> Node:
        nodes = tuple(change(child) for child in node.nodes)
        own = update if node.id == node_id else {}
        return node.model_copy(update={"nodes": nodes, **own})

    whole = rubric()
    fields = {name: getattr(whole, name) for name in Rubric.model_fields}
    return Rubric(**{**fields, "nodes": tuple(change(node) for node in whole.nodes)})


@pytest.mark.parametrize(
    "update",
    [
        {"title": "Sửa câu chữ"},
        {"code": "9.9"},
        {"evidence": ("Báo cáo",)},
        {"note": "Ghi chú"},
        {"lead": "SNV"},
        {"max": Decimal("3.1")},
    ],
)
def test_a_wording_fix_changes_the_digest_of_the_rubric_but_not_of_its_forms(
    update: dict[str, object],
) -> None:
    mended = changed("d1.1", **update)
    assert mended.form_digest == rubric().form_digest
    assert mended.digest != rubric().digest


@pytest.mark.parametrize(
    "update",
    [
        {"id": "d1.9"},
        {"max": Decimal(3)},
        {"method": {"kind": "points", "step": "0.5"}},
        {"channel": Channel.APPRAISER},
        {"combine": Combine.BEST},
        {"may_be_not_applicable": "không phát sinh"},
        {"role": ("van-phong",)},
    ],
)
def test_what_a_form_depends_on_changes_its_digest(update: dict[str, object]) -> None:
    assert changed("d1.1", **update).form_digest != rubric().form_digest


def test_channel_lead_and_role_come_from_the_nearest_ancestor_that_states_them() -> None:
    nodes = """\
  - id: d1
    code: "1"
    title: Lĩnh vực
    max: 3
    channel: survey
    lead: SNV
    role: [van-phong]
    nodes:
      - id: d1.1
        code: "1.1"
        title: Tiêu chí
        max: 3
        lead: STC
        nodes:
          - {id: a, code: a, title: t, max: 1, method: {kind: survey}}
          - {id: b, code: b, title: t, max: 1, channel: self, role: ke-toan, method: {kind: points}}
          - {id: c, code: c, title: t, max: 1, lead: SNV, method: {kind: survey}}
"""
    people = "agencies: {SNV: S, STC: T}\nroles: {van-phong: V, ke-toan: K}\n"
    text = people + HEADER.format(scale="3") + nodes
    read = parse_rubric(parse_yaml(text, Path("thu.yaml")), METHODS)
    assert read.findings == ()
    assert read.rubric is not None
    assert [(n.id, n.channel.value, n.lead, n.role) for n in read.rubric.leaves] == [
        ("a", "survey", "STC", ("van-phong",)),
        ("b", "self", "STC", ("ke-toan",)),
        ("c", "survey", "SNV", ("van-phong",)),
    ]


def test_a_plain_empty_value_is_none_whatever_parser_reads_it() -> None:
    read = parse_yaml("a:\nb: ~\nc: null\nd: ''\ne: '~'\nf: 1.10\n", Path("thu.yaml")).data
    assert read == {"a": None, "b": None, "c": None, "d": "", "e": "~", "f": "1.10"}
