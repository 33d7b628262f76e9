from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from xlscore.catalogue import BY_CODE
from xlscore.findings import Finding, message
from xlscore.located import parse_yaml
from xlscore.methods import method_of
from xlscore.plugins import build
from xlscore.rubric import Channel, Node
from xlscore.rubric_file import RubricFile, parse_rubric, read_rubric

METHODS = build([]).methods()
RUBRICS = Path(__file__).parents[1] / "rubrics"
SHIPPED = sorted(RUBRICS.glob("*/*.yaml"))

HEADER = "id: thu\ntitle: Thử\nyear: 2026\ntier: xa\n"
LEAF = "  - {id: d1, code: '1', title: t, max: 2, method: {kind: points}}\n"


def parse(text: str) -> RubricFile:
    return parse_rubric(parse_yaml(text, Path("thu.yaml")), METHODS)


def facts(read: RubricFile) -> list[tuple[str, str, str]]:
    return [(f.name, f.node, f.file) for f in read.findings]


def marked(text: str) -> str:
    """The place of the line that ends in `# HERE`."""
    (line,) = (n for n, said in enumerate(text.splitlines(), 1) if said.endswith("# HERE"))
    return f"thu.yaml:{line}"


def check_sole(text: str, name: str, node: str = "d1") -> Finding:
    read = parse(text)
    assert facts(read) == [(name, node, marked(text))]
    (found,) = read.findings
    assert "…" not in re.sub("[“”{[]…", "", message(found, "vi") + message(found, "en"))
    return found


def leaf(method: str, fields: str = "max: 2") -> str:
    """A rubric of one leaf, its method written over several lines."""
    return (
        f"{HEADER}scale: 2\nnodes:\n  - id: d1\n    code: '1'\n    title: t\n    {fields}\n{method}"
    )


# --- the file ---------------------------------------------------------------------------------


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    read = read_rubric(tmp_path / "khong-co.yaml", METHODS)
    assert facts(read) == [("rubric-unreadable", "", "khong-co.yaml")]
    assert (read.rubric, read.located.data) == (None, None)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id: a\ntitle: [1, 2\nyear: 1\n", 3),
        ("id: a\ntitle: b\nid: c\n", 3),
        ("id: &a b\ntitle: *a\n", 1),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int
) -> None:
    path = tmp_path / "so.yaml"
    path.write_text(text, encoding="utf-8")
    read = read_rubric(path, METHODS)
    assert facts(read) == [("rubric-syntax", "", f"so.yaml:{line}")]
    assert read.rubric is None


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "chữ\n"])
def test_a_document_without_fields_is_refused(text: str) -> None:
    assert facts(parse(text)) == [("rubric-field", "", "thu.yaml:1")]


def test_a_rubric_without_nodes_is_empty() -> None:
    text = HEADER + "nodes: []  # HERE"
    assert check_sole(text, "empty-rubric", "").code == "R021"


# --- fields -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "name", "what", "entered"),
    [
        ("max: 0,5", "max", "phải là số, viết như 0.25", "0,5"),
        ("maxx: 2", "maxx", "không có trường này", "2"),
        ("max: [1]", "max", "phải là số, viết như 0.25", "[…]"),
        ("channel: tu-cham", "channel", "phải là một trong: ", "tu-cham"),
        ("counts: [hai]", "counts[1]", "phải là số nguyên", "hai"),
        ("applies_when: xã", "applies_when", "phải gồm các cặp", "xã"),
        ("method: điểm", "method", "phải gồm các cặp", "điểm"),
        ("nodes: chuỗi", "nodes", "phải là danh sách", "chuỗi"),
        ("title: {a: b}", "title", "phải là văn bản", "{…}"),
    ],
)
def test_a_field_that_does_not_fit_is_named_with_what_is_wanted(
    fields: str, name: str, what: str, entered: str
) -> None:
    given = {"max": "max: 2", "title": "title: t", "method": "method: {kind: points}"}
    given.pop(name, None)
    others = "".join(f"\n    {line}" for line in given.values())
    text = f"{HEADER}scale: 2\nnodes:\n  - id: d1\n    code: '1'{others}\n    {fields}  # HERE\n"
    read = parse(text)
    found = read.findings[0]
    assert (found.code, found.file) == ("R003", marked(text))
    assert found.params["field"] == name
    assert found.params["what"].startswith(what)
    assert found.entered == entered
    assert len(read.findings) == 1
    assert read.rubric is None


def test_missing_fields_are_named_at_the_node() -> None:
    text = HEADER + "scale: 2\nnodes:\n  - id: d1  # HERE\n    method: {kind: points}\n"
    read = parse(text)
    assert facts(read) == [("rubric-field", "d1", marked(text))] * 3
    assert [f.params["field"] for f in read.findings] == ["code", "title", "max"]


@pytest.mark.parametrize(
    "bad", ["id: 'có dấu'", "id: ''", "id: -a", "year: 'hai nghìn'", "scale: x"]
)
def test_a_bad_header_field_is_refused(bad: str) -> None:
    field = bad.split(":", maxsplit=1)[0]
    header = "".join(f"{line}\n" for line in HEADER.splitlines() if not line.startswith(field))
    scale = "" if field == "scale" else "scale: 2\n"
    text = f"{bad}  # HERE\n{header}{scale}nodes:\n{LEAF}"
    assert check_sole(text, "rubric-field", "").params["field"] == field


def test_a_field_without_a_value_counts_as_absent() -> None:
    text = leaf("    method: {kind: points}\n    note:\n    lead: ~\n    nodes:\n")
    assert parse(text).findings == ()


# --- identity, points, counts -----------------------------------------------------------------


def test_an_id_that_stands_twice_is_refused_at_the_second_place() -> None:
    text = f"""{HEADER}scale: 4
nodes:
  - {{id: d1, code: '1', title: t, max: 2, method: {{kind: points}}}}
  - id: d1  # HERE
    code: '2'
    title: t
    max: 2
    method: {{kind: points}}
"""
    found = check_sole(text, "duplicate-id")
    assert (found.code, found.entered, found.params) == ("R004", "d1", {"first": "7"})


CODES = (
    HEADER
    + """\
scale: 4
nodes:
  - {id: a, code: 1.1, title: t, max: 2, method: {kind: points}, applies_when: {kind: %s}}
  - id: b
    code: 1.1  # HERE
    title: t
    max: 2
    applies_when: {kind: [xã, đặc khu]}
    method: {kind: points}
"""
)


def test_a_code_that_stands_twice_is_only_a_warning() -> None:
    found = check_sole(CODES % "[xã, phường]", "duplicate-code", "b")
    assert (found.code, found.severity.value, found.params) == ("R005", "warning", {"first": "7"})


def test_alternatives_may_share_a_code_and_are_not_added_up() -> None:
    text = (CODES % "phường").replace("scale: 4", "scale: 2")
    assert facts(parse(text)) == []


def group(maximum: str, parts: tuple[str, ...], more: str = "") -> str:
    nodes = "".join(
        f"      - {{id: d1.{n}, code: 1.{n}, title: t, max: {part}, method: {{kind: points}}}}\n"
        for n, part in enumerate(parts, 1)
    )
    return (
        f"{HEADER}scale: {maximum}\nnodes:\n  - id: d1\n    code: '1'\n    title: t\n"
        f"    max: {maximum}  # HERE\n{more}    nodes:\n{nodes}"
    )


def test_a_domain_of_20_whose_parts_give_19_is_refused() -> None:
    found = check_sole(group("20", ("10", "5.5", "3.5")), "sum-differs")
    assert (found.code, found.entered, found.params) == ("R006", "20", {"computed": "19"})


def test_the_best_part_sets_the_maximum_of_a_best_of_group() -> None:
    found = check_sole(group("5", ("2", "3"), "    combine: best\n"), "best-differs")
    assert (found.code, found.params) == ("R007", {"computed": "3"})
    assert facts(parse(group("3", ("2", "3"), "    combine: best\n"))) == []


def bonus(cap: str, *parts: str, at: str = "# HERE") -> str:
    nodes = "".join(
        f"      - {{id: b{n}, code: b{n}, title: t, max: {part}, method: {{kind: points}}}}\n"
        for n, part in enumerate(parts)
    )
    return (
        f"{HEADER}scale: 2\nnodes:\n{LEAF}  - id: b\n    code: B\n    title: Điểm cộng\n"
        f"    channel: bonus\n    max: {cap}  {at}\n    nodes:\n{nodes}"
    )


def test_the_parts_of_a_bonus_group_may_exceed_its_cap_but_must_reach_it() -> None:
    assert facts(parse(bonus("5", "4", "2"))) == []
    found = check_sole(bonus("5", "2", "2"), "maximum-unreachable", "b")
    assert (found.code, found.params) == ("R016", {"computed": "4"})


def test_bonus_nodes_stand_outside_scale_counts_and_totals() -> None:
    declared = "declared: {counts: [1], totals: {self: 2, survey: 0}}\n"
    assert facts(parse(declared + bonus("5", "4", "2"))) == []


def test_declared_counts_are_compared_depth_by_depth() -> None:
    base = group("2", ("1", "1"))
    text = base.replace("# HERE", "") + "declared: {counts: [1, 3]}  # HERE\n"
    found = check_sole(text, "count-differs", "")
    assert (found.code, found.entered) == ("R008", "3")
    assert found.params == {"depth": "2", "computed": "2"}
    assert facts(parse(base + "declared: {counts: [1, 2]}\n")) == []
    deeper = base.replace("# HERE", "") + "declared: {counts: [1]}  # HERE\n"
    assert check_sole(deeper, "count-differs", "").params == {"depth": "2", "computed": "2"}


def test_declared_counts_below_a_node_name_the_node_and_the_depth_in_the_rubric() -> None:
    text = group("2", ("1", "1"), "    counts: [3]  # HERE\n").replace("2  # HERE", "2")
    found = check_sole(text, "count-differs")
    assert (found.entered, found.params) == ("3", {"depth": "2", "computed": "2"})


@pytest.mark.parametrize(
    ("channel", "method", "part"),
    [
        ("self", "points", "self"),
        ("derived", "index", "self"),
        ("appraiser", "points", "self"),
        ("survey", "survey", "survey"),
    ],
)
def test_declared_totals_count_each_channel_in_its_part(
    channel: str, method: str, part: str
) -> None:
    other = {"self": "survey", "survey": "self"}[part]
    text = leaf(f"    channel: {channel}\n    method: {{kind: {method}}}\n")
    declared = f"declared:\n  totals:\n    {other}: 0\n    {part}: %s  # HERE\n"
    assert facts(parse(text + declared % "2.0")) == []
    found = check_sole(text + declared % "1", "declared-total-differs", "")
    assert (found.code, found.entered) == ("R009", "1")
    assert found.params == {"part": part, "computed": "2"}


def test_only_the_best_of_a_best_of_group_counts_towards_a_declared_total() -> None:
    text = group("3", ("2", "3"), "    combine: best\n") + "declared: {totals: {self: 3}}\n"
    assert facts(parse(text)) == []


def test_an_unknown_part_of_the_declared_totals_is_refused() -> None:
    text = leaf("    method: {kind: points}\n") + "declared: {totals: {diem: 2}}  # HERE\n"
    assert check_sole(text, "rubric-field", "").params["what"] == "chỉ có self, survey"


def test_domains_that_miss_the_scale_are_refused() -> None:
    text = f"{HEADER}scale: 100  # HERE\nnodes:\n{LEAF}"
    found = check_sole(text, "scale-differs", "")
    assert (found.code, found.entered, found.params) == ("R010", "100", {"computed": "2"})


@pytest.mark.parametrize("maximum", ["0", "-1"])
def test_a_maximum_must_be_positive(maximum: str) -> None:
    text = leaf("    method: {kind: points}\n", f"max: {maximum}  # HERE")
    text = text.replace("scale: 2", f"scale: {maximum}")
    assert check_sole(text, "part-not-positive").code == "R023"


# --- methods ----------------------------------------------------------------------------------


def test_a_leaf_needs_a_method() -> None:
    text = (
        f"{HEADER}scale: 2\nnodes:\n  - id: d1  # HERE\n    code: '1'\n    title: t\n    max: 2\n"
    )
    assert check_sole(text, "no-method").code == "R011"


def test_a_group_has_no_method() -> None:
    text = group("2", ("2",), "    method: {kind: points}  # HERE\n").replace("2  # HERE", "2")
    assert check_sole(text, "method-on-group").code == "R012"


MISPLACED = """\
nodes:
  - {id: d1, code: '1', title: t, max: 2, method: {kind: points}}
  - id: d2
    code: '2'
    title: t
    max: 3
    channel: OUTER
    nodes:
      - {id: d3, code: '3', title: t, max: 3, method: {kind: points},
         channel: INNER}  # HERE
"""


@pytest.mark.parametrize(
    ("outer", "inner", "scale"),
    [("bonus", "penalty", 2), ("bonus", "self", 2), ("penalty", "self", 2), ("self", "penalty", 5)],
)
def test_extra_points_stand_in_a_top_group_of_their_own(outer: str, inner: str, scale: int) -> None:
    text = f"{HEADER}scale: {scale}\n" + MISPLACED.replace("OUTER", outer).replace("INNER", inner)
    found = check_sole(text, "misplaced-extra", "d3")
    assert (found.code, found.entered, found.params) == ("R025", inner, {"outer": outer})


@pytest.mark.parametrize("method", ["kind: điểm  # HERE", "step: 0.5"])
def test_an_unknown_method_is_refused_with_the_known_ones(method: str) -> None:
    here = "" if "# HERE" in method else "  # HERE"
    found = check_sole(leaf(f"    method:{here}\n      {method}\n"), "unknown-method")
    assert found.code == "R013"
    assert found.params["choices"].split(", ") == sorted(METHODS)


def test_a_method_outside_its_channel_is_refused() -> None:
    text = leaf("    method: {kind: survey}\n    channel: self  # HERE\n")
    found = check_sole(text, "channel-mismatch")
    assert (found.code, found.entered, found.params) == ("R019", "self", {"method": "survey"})


@pytest.mark.parametrize(
    ("lines", "name", "field", "entered"),
    [
        ("kind: points\n      step: nửa  # HERE", "method-field", "step", "nửa"),
        ("kind: points\n      step: 0.3  # HERE", "method-field", "step", "0.3"),
        ("kind: points\n      stepp: 1  # HERE", "method-field", "stepp", "1"),
        ("kind: levels\n      levels: []  # HERE", "method-field", "levels", "[…]"),
        (
            (
                "kind: levels\n      levels:\n        - {label: a, points: 2}\n"
                "        - {label: b}  # HERE"
            ),
            "method-field",
            "levels[2].points",
            "",
        ),
        (
            (
                "kind: bands\n      numerator: a\n      bands:\n"
                "        - {at_least: 1, above: 2, points: 2}  # HERE"
            ),
            "method-field",
            "bands[1]",
            "{…}",
        ),
        (
            (
                "kind: formula\n      variables: [{id: a, label: A}]\n"
                "      branches: [{score: '2'}, {score: a}]"
            ),
            "method-field",
            "method",
            "{…}",
        ),
        (
            "kind: proportional\n      numerator: a\n      floor: 80%  # HERE",
            "method-field",
            "floor",
            "80%",
        ),
        ("kind: proportional\n      floor: 80", "method-field", "numerator", ""),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    lines: str, name: str, field: str, entered: str
) -> None:
    here = "" if "# HERE" in lines else "  # HERE"
    found = check_sole(leaf(f"    method:{here}\n      {lines}\n"), name)
    assert found.code == "R014"
    assert (found.params["field"], found.entered) == (field, entered)


@pytest.mark.parametrize(
    ("lines", "name", "code"),
    [
        ("kind: levels\n      levels: [{label: a, points: 3}]", "level-above-maximum", "R015"),
        ("kind: levels\n      levels: [{label: a, points: 1}]", "maximum-unreachable", "R016"),
        (
            (
                "kind: bands\n      numerator: a\n      bands:\n"
                "        - {at_least: 50, points: 2}\n"
                "        - {at_least: 60, points: 1}\n      else: 0"
            ),
            "unreachable-band",
            "R017",
        ),
        (
            (
                "kind: bands\n      numerator: a\n      bands:\n"
                "        - {at_least: 105, points: 2}\n"
                "      else: 2"
            ),
            "unreachable-band",
            "R017",
        ),
        (
            "kind: formula\n      variables: [{id: a, label: A}]\n      branches: [{score: a + b}]",
            "bad-formula",
            "R018",
        ),
        (
            "kind: levels\n      levels: [{label: a, points: 2}, {label: A, points: 0}]",
            "bad-label",
            "R022",
        ),
    ],
)
def test_what_a_method_finds_wrong_with_itself_is_reported(
    lines: str, name: str, code: str
) -> None:
    text = leaf(f"    method:  # HERE\n      {lines}\n")
    assert check_sole(text, name).code == code


def test_bands_above_100_percent_are_reached_where_the_ratio_may_exceed() -> None:
    method = """\
    method:
      kind: bands
      numerator: Số thu
      denominator: Dự toán
      may_exceed: true
      bands: [{at_least: 105, points: 2}, {at_least: 100, points: 1}]
      else: 0
"""
    read = parse(leaf(method))
    assert facts(read) == []
    assert read.rubric is not None
    built = method_of(read.rubric.leaves[0], METHODS)
    for revenue, points in ((105, 2), (104, 1), (99, 0)):
        values = {"numerator": Decimal(revenue), "denominator": Decimal(100)}
        assert built.evaluate(values, Decimal(2)).score == points


BY_KIND = """\
    method:
      kind: bands
      numerator: a
      bands:
        - at_least: {by: kind, cases: {phường: 90, đặc khu: 70}%s}  # HERE
          points: 2
        - {at_least: 80, points: 1}
      else: 0
"""


def test_values_by_attribute_are_checked_in_every_case() -> None:
    text = leaf((BY_KIND % ", default: 85").replace("  # HERE", "")).replace(
        "method:", "method:  # HERE"
    )
    found = check_sole(text, "unreachable-band")  # only in an island commune: 80 is above 70
    assert found.entered == "từ 80 trở lên"
    assert facts(parse(text.replace("đặc khu: 70", "đặc khu: 81"))) == []


def test_a_case_that_does_not_fit_is_reported_once() -> None:
    text = leaf((BY_KIND % ", default: cao").replace("70", "81"))
    found = check_sole(text, "method-field")
    assert (found.params["field"], found.entered) == ("bands[1].at_least", "cao")


def test_values_by_attribute_need_a_default() -> None:
    found = check_sole(leaf((BY_KIND % "").replace("70", "81")), "method-field")
    assert found.params["what"].startswith("cần “default”")


# --- people -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "name", "code"),
    [("role: ke-toan", "unknown-role", "R020"), ("lead: SNV", "unknown-agency", "R024")],
)
def test_undeclared_people_are_reported_once_where_they_are_stated(
    field: str, name: str, code: str
) -> None:
    text = group("2", ("1", "1"), f"    {field}  # HERE\n").replace("2  # HERE", "2")
    found = check_sole(text, name)
    assert (found.code, found.entered) == (code, field.split(": ")[1])


# --- everything at once -----------------------------------------------------------------------

BROKEN = """\
id: thu
title: Thử
year: hai nghìn
tier: xa
scale: 90
declared:
  counts: [3, 1]
  totals: {self: 1}
nodes:
  - id: d1
    code: "1"
    title: Lĩnh vực
    max: 7
    role: nobody
    nodes:
      - {id: d1.1, code: 1.1, title: t, max: 2, method: {kind: nope}}
      - {id: d1.1, code: 1.1, title: t, max: 0, method: {kind: survey}}
      - {id: d1.3, code: 1.3, title: t, max: 1}
  - id: d2
    code: "2"
    title: Lĩnh vực
    max: 3
    nodes:
      - id: d 2.1
        code: "2.1"
        title: t
        max: 3
        method: {kind: points, step: x}
      - một chuỗi
      - id: d2.3
        code: "2.3"
        title: t
        max: 0,5
        method: {kind: nope}
      - id: d2.4
        code: "2.4"
        title: t
        max: 1
        channel: selff
        method: {kind: points, step: x}
"""


def test_every_defect_of_a_broken_file_is_reported_at_once_and_none_that_only_follows() -> None:
    read = parse(BROKEN)
    assert read.rubric is None
    assert [(f.code, f.node, int(f.file.removeprefix("thu.yaml:"))) for f in read.findings] == [
        ("R003", "", 3),
        ("R006", "d1", 13),
        ("R020", "d1", 14),
        ("R013", "d1.1", 16),
        ("R004", "d1.1", 17),
        ("R005", "d1.1", 17),
        ("R023", "d1.1", 17),
        ("R019", "d1.1", 17),
        ("R011", "d1.3", 18),
        ("R003", "d 2.1", 24),
        ("R014", "", 28),
        ("R003", "", 29),
        ("R003", "d2.3", 33),
        ("R003", "d2.4", 39),
        ("R014", "d2.4", 40),
    ]


def test_checking_twice_says_the_same() -> None:
    assert facts(parse(BROKEN)) == facts(parse(BROKEN))


# --- the rubrics that are shipped -------------------------------------------------------------


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_shipped_rubric_is_clean_and_every_row_has_its_method(path: Path) -> None:
    read = read_rubric(path, METHODS)
    assert [message(f, "vi") for f in read.findings] == []
    assert read.rubric is not None
    for kind in ("sở", "ban", "xã", "phường", "đặc khu"):
        leaves = read.rubric.for_unit({"kind": kind}).leaves
        assert [d for leaf in leaves for d in method_of(leaf, METHODS).defects(leaf.max)] == []
    assert read.rubric.tier == path.stem
    said = path.read_text(encoding="utf-8")
    assert "PHỤC DỰNG" in said
    assert "RECONSTRUCTED" in said
    assert "hục dựng" in read.rubric.provenance.content


def below(node: Node) -> tuple[int, int]:
    return len(node.nodes), sum(len(child.nodes) for child in node.nodes)


def points(nodes: Iterator[Node], *channels: Channel) -> Decimal:
    return sum((node.max for node in nodes if node.channel in channels), Decimal(0))


@pytest.mark.parametrize(
    ("tier", "per_domain", "total", "split", "surveyed"),
    [
        (
            "so",
            [(8, 10), (4, 11), (5, 15), (3, 12), (6, 18), (3, 14), (3, 14), (2, 5)],
            (8, 34, 99),
            (66, 34),
            "2 4 5 6 7 8",
        ),
        (
            "huyen",
            [(9, 12), (4, 11), (5, 16), (3, 11), (6, 18), (3, 14), (4, 17), (4, 9)],
            (8, 38, 108),
            (66, 34),
            "2 4 5 6 7 8",
        ),
        (
            "xa",
            [(9, 11), (3, 7), (5, 15), (3, 2), (5, 11), (3, 10), (3, 14), (4, 9)],
            (8, 35, 79),
            (79, 21),
            "5 6 7 8",
        ),
    ],
)
def test_the_vinh_long_rubrics_have_the_structure_of_decision_1877(
    tier: str,
    per_domain: list[tuple[int, int]],
    total: tuple[int, int, int],
    split: tuple[int, int],
    surveyed: str,
) -> None:
    rubric = read_rubric(RUBRICS / "vinh-long-2023" / f"{tier}.yaml", METHODS).rubric
    assert rubric is not None
    assert [below(domain) for domain in rubric.domains] == per_domain
    criteria, parts = (sum(column) for column in zip(*per_domain, strict=True))
    assert (len(per_domain), criteria, parts) == total == rubric.declared.counts
    own = points(iter(rubric.leaves), Channel.SELF, Channel.DERIVED, Channel.APPRAISER)
    assert [own, points(iter(rubric.leaves), Channel.SURVEY)] == [Decimal(part) for part in split]
    by_survey = [d.code for d in rubric.domains if points(d.leaves(), Channel.SURVEY)]
    assert by_survey == surveyed.split()
    last = rubric.domains[-1]
    assert [n.code for n in last.nodes if points(n.leaves(), Channel.SURVEY)] == ["8.1"]


def test_the_two_tier_rubrics_use_what_the_other_example_does_not() -> None:
    rubrics = [
        read_rubric(RUBRICS / "hai-cap-2026" / f"{tier}.yaml", METHODS).rubric
        for tier in ("so", "xa")
    ]
    for rubric in rubrics:
        assert rubric is not None
        kinds = {str((leaf.method or {})["kind"]) for leaf in rubric.leaves}
        assert kinds == set(METHODS)
        assert {leaf.channel for leaf in rubric.leaves} == set(Channel)
        assert 30 <= len(rubric.leaves) <= 40


@pytest.mark.parametrize("kind", ["xã", "phường", "đặc khu"])
def test_every_kind_of_commune_is_scored_out_of_100(kind: str) -> None:
    rubric = read_rubric(RUBRICS / "hai-cap-2026" / "xa.yaml", METHODS).rubric
    assert rubric is not None
    own = rubric.for_unit({"kind": kind})
    assert sum(domain.max for domain in own.domains) == 100
    for node in own.leaves:
        assert list(method_of(node, METHODS).defects(node.max)) == []


def test_every_code_of_the_rubric_family_is_exercised_here() -> None:
    said = Path(__file__).read_text(encoding="utf-8")
    family = [entry for code, entry in BY_CODE.items() if re.fullmatch(r"R0[0-2]\d", code)]
    assert [e.name for e in family if f'"{e.name}"' not in said] == []


@pytest.mark.parametrize("score", ["if(a > 2, 2, a)", "if (a > 2, 2, a)", "2 + if   (a>1,0,-1)"])
def test_a_condition_may_have_a_space_before_its_bracket(score: str) -> None:
    method = "{kind: formula, variables: [{id: a, label: A}], branches: [{score: '%s'}]}"
    text = leaf(f"    method: {method % score}\n")
    assert "bad-formula" not in {f.name for f in parse(text).findings}


def test_what_is_wanted_of_a_field_is_said_in_each_language() -> None:
    text = HEADER.replace("2026", "nay") + f"scale: 2\nnodes:\n{LEAF}"
    (found,) = parse(text).findings
    assert "phải là số nguyên" in message(found, "vi")
    assert "must be a whole number" in message(found, "en")
