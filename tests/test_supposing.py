"""What if: other rules, weights and scores, told by hand; and the record stays as it is."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from tests.appraised import ACCEPT, Card
from tests.campaigns import assert_readable
from tests.office import needs_libreoffice, recalculate_with_libreoffice
from tests.small_campaign import (
    METHODS,
    Returned,
    group,
    leaf,
    points,
    random_results,
    ranked,
    rubric,
)
from tests.test_docs_examples import examples, same_shape, shape
from tests.under_appraisal import UnderAppraisal
from xlscore.answers import Answers
from xlscore.campaign import Campaign, Unit
from xlscore.cli import cli
from xlscore.cli import what_if as command
from xlscore.form import scorecard_layout
from xlscore.i18n import use
from xlscore.ledger import LedgerError
from xlscore.ranking import Results, rank_campaign
from xlscore.reported import Reported, Sums
from xlscore.scoring import Score, score_card
from xlscore.submission import Submission
from xlscore.supposing import Basis, Comparison, Scenario, compare, read_supposition
from xlscore.supposing.jsons import comparison_to_json
from xlscore.testing import example
from xlscore.what_if import comparison_path, what_if
from xlscore.workbooks.comparison import write_comparison
from xlscore.workspace import open_workspace

RUBRIC = rubric([
    group("d1", "10", [leaf("a", "4"), leaf("b", "6")]),
    leaf("d2", "10"),
    group("d3", "4", [leaf("x", "4"), leaf("y", "2")], combine="best"),
    group("cong", "2", [leaf("c1", "2", channel="bonus")], channel="bonus"),
])  # fmt: skip
SENT = {
    "U": points(a="4", b="3", d2="5", x="1", y="2", c1="1"),  # 14 + 1 of 24
    "V": points(a="2", b="6", d2="4", x="3", y="0", c1="0"),  # 15 of 24
    "W": points(a="1", b="1", d2="8", x="4", y="0", c1="0"),  # 14 of 24
}
UNITS = [Unit(code=code, name=f"Đơn vị {code}", tier="so") for code in "UVWZ"]
Data = dict[str, Any]


def basis_of(results: Results) -> Basis:
    """Return what a ranking was made of, as its rows have it."""
    found = {row.result.unit.code: row.result for row in results.rows}
    found |= {result.unit.code: result for result in results.missing}
    return Basis(
        results,
        {code: one.submission for code, one in found.items() if one.submission},
        lambda unit: found[unit.code].layout,
        {code: one.appraisal for code, one in found.items() if one.appraisal},
    )


def ranking(**given: Any) -> Results:
    returned = {code: Returned(values) for code, values in SENT.items()}
    return ranked(RUBRIC, returned, UNITS[: given.pop("units", 3)], **given)


def read(path: Path, results: Results, data: Data) -> Comparison:
    path.write_text(json.dumps(data, ensure_ascii=False, default=str), encoding="utf-8")
    file = read_supposition(path, results)
    assert [f for f in file.findings if f.code != "W014"] == []
    return compare(basis_of(results), file.suppositions)


@pytest.fixture
def supposed(tmp_path: Path) -> Any:
    def of(data: Data, results: Results | None = None) -> Scenario:
        return read(tmp_path / "gd.yaml", results or ranking(), data).scenarios[0]

    return of


def after(scenario: Scenario) -> dict[str, tuple[int | None, Fraction, str]]:
    rows = scenario.results.groups[0].rows
    return {row.result.unit.code: (row.rank, row.result.index, row.band) for row in rows}


def indices(scenario: Scenario) -> dict[str, Fraction]:
    return {code: index / 100 for code, (_, index, _) in after(scenario).items()}


def ranks(scenario: Scenario) -> dict[str, int | None]:
    return {code: rank for code, (rank, _, _) in after(scenario).items()}


# --- rules ----------------------------------------------------------------------------------------


def test_other_bands_change_bands_alone(supposed: Any) -> None:
    bands = [{"name": "Tốt", "at_least": "62.5"}, {"name": "Khá", "at_least": "0"}]
    scenario = supposed({"tiers": {"so": {"bands": bands}}})
    assert {code: band for code, (_, _, band) in after(scenario).items()} == {
        "U": "Tốt", "V": "Tốt", "W": "Khá",
    }  # fmt: skip
    assert [move.moves for move in scenario.groups[0].moves] == [False] * 3
    assert all(move.changes_band for move in scenario.groups[0].moves)
    assert scenario.rows == ()


@pytest.mark.parametrize(("ties", "told"), [("dense", (1, 1, 2)), ("ordered", (1, 2, 3))])
def test_another_rule_for_ties_changes_ranks(
    ties: str, told: tuple[int, ...], supposed: Any
) -> None:
    scenario = supposed({"policies": {"ties": ties}})
    assert tuple(ranks(scenario).values()) == told
    assert [move.rank_before for move in scenario.groups[0].moves] == [1, 1, 3]


def test_tie_breakers_are_found_by_id(supposed: Any) -> None:
    assert ranks(supposed({"policies": {"tie_breakers": ["d1"]}})) == {"V": 1, "U": 2, "W": 3}


def test_units_without_a_return_may_only_be_listed(supposed: Any) -> None:
    scenario = supposed({"policies": {"missing_unit": "list_only"}}, ranking(units=4))
    last = scenario.groups[0].moves[-1]
    assert (last.unit.code, last.rank_before, last.after, last.moves) == ("Z", 4, None, True)


def test_rows_that_nobody_appraised_may_count_nothing(supposed: Any) -> None:
    results = ranking(appraised=lambda code, layout, answers: (
        (card := Card(layout, answers, code)).appraise(card.claim("a", ACCEPT))))  # fmt: skip
    scenario = supposed({"policies": {"unappraised": "zero"}}, results)
    told = {"U": Fraction(4, 24), "V": Fraction(2, 24), "W": Fraction(1, 24)}
    assert indices(scenario) == told
    assert {(row.unit.code, row.node) for row in scenario.rows if row.unit.code == "W"} == {
        ("W", "b"), ("W", "d2"), ("W", "x"),
    }  # fmt: skip


# --- weights --------------------------------------------------------------------------------------

WEIGHTS: Mapping[str, tuple[Data, tuple[str, str, str]]] = {
    "a leaf": ({"d2": "20"}, ("20/34", "19/34", "22/34")),
    "a group": ({"d1": "20"}, ("22/34", "23/34", "16/34")),
    "a group and one of its leaves": ({"d1": "20", "a": "2"}, ("19/34", "26/34", "15.5/34")),
    "a leaf whose group follows": ({"a": "8"}, ("19/28", "17/28", "15/28")),
    "a case of a best-of group": ({"x": "8"}, ("15/28", "18/28", "18/28")),
    "a best-of group": ({"d3": "8"}, ("17/28", "18/28", "18/28")),
    "a bonus": ({"cong": "4"}, ("16/24", "15/24", "14/24")),
    "a row that is gone": ({"d2": "0"}, ("10/14", "11/14", "6/14")),
}


@pytest.mark.parametrize("case", WEIGHTS)
def test_points_follow_another_weight_and_the_share_reached_stays(case: str, supposed: Any) -> None:
    weights, told = WEIGHTS[case]
    scenario = supposed({"weights": {"so": weights}})
    shares = [Fraction(part.split("/")[0]) / Fraction(part.split("/")[1]) for part in told]
    assert indices(scenario) == dict(zip("UVW", shares, strict=True))
    assert scenario.rows == ()


def test_parts_that_exclude_each_other_scale_for_each_kind_of_unit(tmp_path: Path) -> None:
    parts = [leaf("p", "2"), leaf("q", "4", applies_when={"kind": "a"}),
             leaf("r", "4", applies_when={"kind": "b"})]  # fmt: skip
    whole = rubric([group("g", "6", parts), leaf("h", "4")])
    units = [Unit(code=k, name=k, tier="so", attributes={"kind": k}) for k in ("a", "b", "c")]
    sent = {"a": points(p="1", q="4", h="1"), "b": points(p="2", r="1", h="1"),
            "c": points(p="2", h="1")}  # fmt: skip
    results = ranked(whole, {code: Returned(values) for code, values in sent.items()}, units)
    data = {"weights": {"so": {"g": "9", "p": "1"}}}  # q and r become 8
    scenario = read(tmp_path / "gd.yaml", results, data).scenarios[0]
    assert indices(scenario) == {"a": Fraction(95, 130), "b": Fraction(4, 13), "c": Fraction(2, 5)}
    maxima = {
        row.result.unit.code: row.result.rubric.by_id["g"].max for row in scenario.results.rows
    }
    assert maxima == {"a": Decimal(9), "b": Decimal(9), "c": Decimal(1)}


def test_an_endless_fraction_decides_no_tie(supposed: Any) -> None:
    scenario = supposed(
        {"weights": {"so": {"d1": "3.33", "d2": "3.33", "d3": "1.332", "cong": "0.666"}}}
    )
    assert ranks(scenario) == {"U": 1, "V": 1, "W": 3}


# --- scores ---------------------------------------------------------------------------------------


def test_a_changed_score_counts_and_is_listed_with_its_reason(supposed: Any) -> None:
    scenario = supposed({"scores": [{"unit": "U", "row": "d2", "points": "10", "reason": "Thử"}]})
    assert indices(scenario)["U"] == Fraction(20, 24)
    (row,) = scenario.rows
    assert (row.unit.code, row.node, row.before.points, row.after.points, row.reason) == (
        "U", "d2", Decimal(5), Decimal(10), "Thử",
    )  # fmt: skip


def test_a_changed_score_stands_on_the_supposed_scale(supposed: Any) -> None:
    scores = [{"unit": "U", "row": "d2", "points": "20"}]
    scenario = supposed({"weights": {"so": {"d2": "20"}}, "scores": scores})
    assert indices(scenario)["U"] == Fraction(30, 34)


def test_a_row_of_no_weight_may_be_given_its_nothing(supposed: Any) -> None:
    scores = [{"unit": "U", "row": "d2", "points": "0", "reason": "x"}]
    scenario = supposed({"weights": {"so": {"d2": "0"}}, "scores": scores})
    assert indices(scenario) == {"U": Fraction(10, 14), "V": Fraction(11, 14), "W": Fraction(6, 14)}


def test_a_row_may_be_supposed_not_to_apply(supposed: Any) -> None:
    scenario = supposed({"not_applicable": [{"unit": "V", "row": "d1"}, {"unit": "U", "row": "b"}]})
    assert indices(scenario) == {"V": Fraction(7, 14), "U": Fraction(12, 18), "W": Fraction(14, 24)}


def test_a_changed_score_does_not_begin_appraisal(supposed: Any) -> None:
    data: Data = {"policies": {"unappraised": "zero"}}
    data |= {"scores": [{"unit": "U", "row": "d2", "points": "6"}]}
    assert indices(supposed(data))["U"] == Fraction(16, 24)


def from_above() -> Results:
    """Return a ranking of two units whose results the unit above reported."""
    base = ranking().campaign
    tier = base.settings.tiers["so"].model_copy(update={"reported_by_parent": True})
    settings = base.settings.model_copy(update={"tiers": {"so": tier}})
    campaign = Campaign(settings, base.units, base.rubrics)
    layout = scorecard_layout(RUBRIC.for_unit({}), METHODS)
    told = {}
    for code in "UV":
        scores = {
            n: Score(Decimal(str(v["points"])), RUBRIC.by_id[n].max) for n, v in SENT[code].items()
        }
        own = {leaf_.id: scores[leaf_.id] for leaf_ in RUBRIC.leaves}
        sums = Sums(Decimal(0), Decimal(0), Decimal(24), Decimal(0))
        told[code] = Reported(code, "", own, own, sums, pending=("x",), unsettled=("x",))
    return rank_campaign(campaign, {}, lambda _: layout, reported=told)


def test_scores_that_come_from_above_may_be_supposed_too(tmp_path: Path) -> None:
    results = from_above()
    basis = replace(
        basis_of(results), reported={r.result.unit.code: r.result.reported for r in results.rows
                                     if r.result.reported}
    )  # fmt: skip
    (tmp_path / "gd.yaml").write_text(
        "weights: {so: {d2: 20}}\n"
        "scores: [{unit: U, row: d2, points: 20}, {unit: V, row: x, points: 4}]\n"
        "not_applicable: [{unit: V, row: d1}]\n",
        encoding="utf-8",
    )
    file = read_supposition(tmp_path / "gd.yaml", results)
    (scenario,) = compare(basis, file.suppositions).scenarios
    found = {row.result.unit.code: row.result for row in scenario.results.rows}
    told = {code: found[code].index / 100 for code in "UV"}
    assert told == {"U": Fraction(30, 34), "V": Fraction(12, 24)}
    assert (found["U"].pending, found["V"].pending) == (("x",), ())
    (tmp_path / "gd.yaml").write_text("policies: {unappraised: zero}", encoding="utf-8")
    warned = read_supposition(tmp_path / "gd.yaml", results)
    assert [f.code for f in warned.findings] == ["W016"]
    assert warned.suppositions


# --- properties -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_an_empty_supposition_changes_nothing(seed: int, tmp_path: Path) -> None:
    results = random_results(seed)
    scenario = read(tmp_path / "gd.yaml", results, {}).scenarios[0]
    for group_ in scenario.groups:
        assert not group_.changes
        for move in group_.moves:
            assert move.before is not None
            assert move.after is not None
            assert move.after.result.achieved == move.before.result.achieved
    assert scenario.rows == ()
    assert scenario.results.missing == results.missing


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("factor", ["0.3", "7"])
def test_one_factor_for_all_weights_changes_no_rank(seed: int, factor: str, tmp_path: Path) -> None:
    results = random_results(seed)
    weights = {
        tier: {node.id: str(node.max * Decimal(factor)) for node in whole.nodes}
        for tier, whole in results.campaign.rubrics.items()
    }
    scenario = read(tmp_path / "gd.yaml", results, {"weights": weights}).scenarios[0]
    for group_ in scenario.groups:
        assert not any(move.moves or move.changes_band for move in group_.moves)
        for move in group_.moves:
            assert abs(move.index or Fraction(0)) < Fraction(1, 10**9)


# --- what cannot be supposed ----------------------------------------------------------------------

WRONG = """title: Sai đủ kiểu
policies:
  tiess: dense
  ties: chung
  tie_breakers: [d9]
tiers:
  sở: {bands: []}
  so:
    bands:
      - {name: A, at_least: 50}
      - {name: B, at_least: 80}
weights:
  so:
    d1: 10
    a: 3
    b: 6
    zz: 1
scores:
  - {unit: UU, row: a, points: 1}
  - {unit: Z, row: a, points: 1}
  - {unit: U, row: a9, points: 1}
  - {unit: U, row: d1, points: 1}
  - {unit: U, row: d2, points: 10.5}
not_applicable:
  - {unit: U, row: d2}
"""


def codes(tmp_path: Path, text: str, results: Results) -> list[str]:
    path = tmp_path / "gd.yaml"
    path.write_text(text, encoding="utf-8")
    file = read_supposition(path, results)
    for found in file.findings:
        assert_readable(found)
    told = [f"{found.code} {found.file} {found.entered}".strip() for found in file.findings]
    assert not file.suppositions or all(code.startswith(("W014", "W015", "W017")) for code in told)
    return told


def test_everything_that_is_wrong_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    assert codes(tmp_path, WRONG, ranking(units=4)) == [
        "W004 gd.yaml:3 tiess",
        "W004 gd.yaml:5 d9",
        "W003 gd.yaml:4 chung",
        "W004 gd.yaml:7 sở",
        "W008 gd.yaml:11 B: 80",
        "W004 gd.yaml:17 zz",
        "W007 gd.yaml:14 d1",
        "W004 gd.yaml:19 UU",
        "W009 gd.yaml:20 Z",
        "W004 gd.yaml:21 a9",
        "W011 gd.yaml:22 d1",
        "W012 gd.yaml:25 d2",
    ]


def test_points_are_held_against_the_supposed_maximum(tmp_path: Path) -> None:
    score = "scores: [{unit: U, row: d2, points: 11}]\n"
    assert codes(tmp_path, score, ranking()) == ["W006 gd.yaml:1 11"]
    assert codes(tmp_path, score + "weights: {so: {d2: 12}}", ranking()) == []
    assert codes(tmp_path, score + "weights: {so: {d1: 5, a: 6}}", ranking()) == [
        "W007 gd.yaml:2 d1"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", ["W002 gd.yaml:2"]),
        ("so: 1\ntitle: x\ntitle: y", ["W002 gd.yaml:3"]),
        ("weights: {so: {d2: '1,5'}}", ["W003 gd.yaml:1 1,5"]),
        ("scores:\n  - {unit: U, row: d2, points: 0,5}", ["W003 gd.yaml:2 …,5"]),
        ("weight: {}", ["W003 gd.yaml:1 {…}"]),
        ("scores:\n  - {unit: U, row: d2, points: 1/2}", ["W003 gd.yaml:2 1/2"]),
        ("weights: {so: {d2: -1}}", ["W003 gd.yaml:1 -1"]),
        ("weights: {so: {cong: 1, c1: 2}}", ["W007 gd.yaml:1 cong"]),
        ("weights: {so: {d3: 8, x: 3}}", ["W007 gd.yaml:1 d3"]),
        ("policies: {tie_breakers: [d9]}", ["W004 gd.yaml:1 d9"]),
        ("scenarios: [{title: a}]\nweights: {so: {d2: 1}}", ["W013 gd.yaml:2 weights"]),
        ("", ["W014 gd.yaml:1 gd"]),
        ("policies: {evidence: off}", ["W015 gd.yaml:1 evidence"]),
        ("weights: {so: {d1: 0, d2: 0, d3: 0}}", ["W017 gd.yaml:1 so"]),
        ("weights: {so: {d1: 0, d2: 0}}", []),
    ],
)
def test_what_a_file_says_wrong_is_told(text: str, told: list[str], tmp_path: Path) -> None:
    assert codes(tmp_path, text, ranking()) == told


def test_a_printed_number_will_do_where_only_one_row_has_it(tmp_path: Path) -> None:
    twins = rubric([leaf("m", "2", code="1"), leaf("n", "2", code="1"), leaf("o", "1", code="2")])
    results = ranked(twins, {"U": Returned(points(m="1", n="1", o="1"))})
    text = "scores:\n  - {unit: U, row: '2', points: 0}\n  - {unit: U, row: '1', points: 0}\n"
    assert codes(tmp_path, text, results) == ["W005 gd.yaml:3 1"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = read_supposition(tmp_path / "nothing.yaml", ranking())
    assert [found.code for found in file.findings] == ["W001"]


# --- the record, the workbook, the command --------------------------------------------------------


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> UnderAppraisal:
    office = UnderAppraisal(tmp_path_factory.mktemp("whatif"))
    office.submit("STP")
    office.submit("STC", {("n1.1", "points"): Decimal("0.5")})
    office.workspace.reports.mkdir(exist_ok=True)
    (office.workspace.reports / "xep-hang-thu-2026.xlsx").write_bytes(b"a ranking")
    return office


SCENARIOS = """scenarios:
  - title: Tăng trọng số
    weights: {so: {'3': 8, n1.1: 4}}
    scores: [{unit: STC, row: n1.1, points: 4, reason: "=1+1"}]
  - policies: {missing_unit: list_only}
"""


def contents(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_nothing_but_the_comparison_is_written(office: UnderAppraisal, tmp_path: Path) -> None:
    file = tmp_path / "Tăng trọng số (lần 2).yaml"
    file.write_text(SCENARIOS, encoding="utf-8")
    root = office.workspace.root
    before = contents(root)
    made = what_if(office.workspace, file, datetime(2026, 12, 20, tzinfo=UTC))
    assert made.path == office.workspace.reports / "gia-dinh-thu-2026-tang-trong-so-lan-2.xlsx"
    later = contents(root)
    assert later.pop(str(made.path.relative_to(root)))
    assert later == before
    assert comparison_path(office.workspace, Path("xep-hang.yaml")).name.startswith("gia-dinh-")


def test_a_folder_that_takes_no_file_is_told_as_such(
    office: UnderAppraisal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "gd.tmp")

    (tmp_path / "gd.yaml").write_text(SCENARIOS, encoding="utf-8")
    monkeypatch.setattr("xlsxwriter.workbook.ZipFile", refused)
    with pytest.raises(PermissionError) as told:
        what_if(office.workspace, tmp_path / "gd.yaml", datetime(2026, 12, 20, tzinfo=UTC))
    assert str(told.value.filename).endswith("gia-dinh-thu-2026-gd.xlsx")


def test_a_file_with_errors_writes_nothing(office: UnderAppraisal, tmp_path: Path) -> None:
    file = tmp_path / "sai.yaml"
    file.write_text("weights: {so: {n9: 1}}", encoding="utf-8")
    before = contents(office.workspace.root)
    made = what_if(office.workspace, file)
    assert ([f.code for f in made.findings], made.path) == (["W004"], None)
    assert contents(office.workspace.root) == before


def test_the_command_tells_what_would_move_and_ends_with_0_or_2(
    office: UnderAppraisal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gd.yaml").write_text(SCENARIOS, encoding="utf-8")
    workspace = open_workspace(office.workspace.root)
    with pytest.raises(SystemExit) as ended:
        command.run(workspace, tmp_path / "gd.yaml", as_json=True)
    assert ended.value.code == 0
    told = json.loads(capsys.readouterr().out)
    (documented,) = examples("json.md", "json what if")
    assert same_shape(shape(json.loads(documented)), shape(told))
    with pytest.raises(SystemExit) as ended:
        command.run(workspace, tmp_path / "gd.yaml", as_json=False)
    assert ended.value.code == 0
    assert "Tăng trọng số" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        command.run(workspace, tmp_path / "none.yaml", as_json=False)
    assert ended.value.code == 2
    assert "W001" in capsys.readouterr().err


def test_rank_takes_a_what_if_file(office: UnderAppraisal, tmp_path: Path) -> None:
    (tmp_path / "gd.yaml").write_text(SCENARIOS, encoding="utf-8")
    root = office.workspace.root
    call = ["rank", "-C", str(root), "--what-if", str(tmp_path / "gd.yaml"), "--json"]
    told = CliRunner().invoke(cli, call)
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["supposed"] is True


def test_a_record_that_was_altered_is_no_ground_to_suppose_on(
    office: UnderAppraisal, tmp_path: Path
) -> None:
    written = shutil.ignore_patterns("gia-dinh-*")  # by the tests before
    shutil.copytree(office.workspace.root, tmp_path / "kỳ", ignore=written)
    workspace = open_workspace(tmp_path / "kỳ")
    with closing(sqlite3.connect(workspace.ledger_path)) as db:
        db.execute("DROP TRIGGER events_keep")
        db.execute("UPDATE events SET actor = 'ai đó' WHERE seq = 1")
        db.commit()
        assert db.total_changes == 1
    (tmp_path / "moi.yaml").write_text("title: x", encoding="utf-8")
    with pytest.raises(LedgerError, match="đã bị sửa"):
        what_if(workspace, tmp_path / "moi.yaml")
    assert not list(workspace.reports.glob("gia-dinh-*-moi.xlsx"))


def test_a_campaign_without_a_record_gets_none(tmp_path: Path) -> None:
    empty = UnderAppraisal(tmp_path)
    (tmp_path / "gd.yaml").write_text("", encoding="utf-8")
    with pytest.raises(LedgerError):
        what_if(empty.workspace, tmp_path / "gd.yaml")
    assert not empty.workspace.ledger_path.exists()


def test_the_example_of_the_guide_can_be_supposed(tmp_path: Path) -> None:
    (text,) = examples("operator.md", "what if")
    workspace = example(tmp_path / "kỳ").workspace
    unit = workspace.campaign.units["SNV"]
    layout, answers = workspace.layout(unit), Answers({}, complete=True)
    scores = score_card(layout.rubric, layout.methods, answers)
    sent = {"SNV": Submission("SNV", answers, scores, workspace.campaign.deadline(unit))}
    results = rank_campaign(workspace.campaign, sent, workspace.layout)
    assert codes(tmp_path, text, results) == []


def test_units_of_which_the_index_alone_changes_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data: Data = {"scores": [{"unit": "V", "row": "a", "points": "2.5"}]}
    made = read(tmp_path / "gd.yaml", ranking(), data)
    (group,) = made.scenarios[0].own_groups
    assert [(m.unit.code, m.moves) for m in group.moves if m.changes_index_alone] == [("V", False)]
    command._print_group(group, 2)
    use("en")
    try:
        command._print_count(made.scenarios[0])
    finally:
        use("vi")
    said = capsys.readouterr().out
    assert re.search(r"Đơn vị V +1 → 1 +62,50 → 64,58", said)
    assert said.splitlines()[-1] == (
        "1 of 3 ranks and 0 bands would be others; 1 more units would have another index only."
    )
    write_comparison(made, tmp_path / "gd.xlsx")
    front = openpyxl.load_workbook(tmp_path / "gd.xlsx")["Giả định"]
    assert "Chỉ đổi chỉ số, không đổi hạng và loại: 1 đơn vị (Đơn vị V)." in [
        cell.value for row in front for cell in row
    ]


def test_texts_stay_texts_and_every_page_says_what_it_is(tmp_path: Path) -> None:
    data: Data = {"title": "=1+1", "weights": {"so": {"d2": "20"}}}
    data |= {"scores": [{"unit": "U", "row": "a", "points": "1", "reason": "=2+2"}]}
    path = tmp_path / "gd.xlsx"
    write_comparison(read(tmp_path / "gd.yaml", ranking(), data), path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Giả định", "GĐ Cấp so", "Điểm tối đa", "Điểm thay đổi"]
    for sheet in book:
        assert sheet.oddHeader is not None
        assert "GIẢ ĐỊNH – KHÔNG PHẢI KẾT QUẢ" in str(sheet.oddHeader.center.text)
        assert sheet.page_setup.paperSize == 9
    said = {cell.value for row in book["Giả định"] for cell in row if cell.data_type == "s"}
    assert {"=1+1", "=2+2", "GIẢ ĐỊNH – KHÔNG PHẢI KẾT QUẢ"} <= said


@pytest.mark.office
@needs_libreoffice
def test_libreoffice_finds_the_differences_that_are_written(tmp_path: Path) -> None:
    paths = []
    for seed in (1, 4, 7):
        data: Data = {"scenarios": [
            {"policies": {"missing_unit": "list_only", "ties": "dense", "pending": "zero"}},
            {"weights": {"so": {"d0": "11"}, "xa": {"d1": "0.7"}}},
        ]}  # fmt: skip
        comparison = read(tmp_path / "gd.yaml", random_results(seed), data)
        paths.append(tmp_path / f"gd-{seed}.xlsx")
        write_comparison(comparison, paths[-1])
    theirs = recalculate_with_libreoffice(paths, tmp_path / "out")
    count = 0
    for ours, other in zip(paths, theirs, strict=True):
        formulas, cached, found = (
            openpyxl.load_workbook(ours),
            openpyxl.load_workbook(ours, data_only=True),
            openpyxl.load_workbook(other, data_only=True),
        )
        for sheet in formulas:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        mine = cached[sheet.title][cell.coordinate].value
                        told = found[sheet.title][cell.coordinate].value
                        assert _same(mine, told), (sheet.title, cell.coordinate, mine, told)
                        count += 1
    assert count > 50


def _same(mine: Any, told: Any) -> bool:
    if isinstance(mine, int | float) and isinstance(told, int | float):
        return abs(mine - told) < 1e-9
    return (mine or "") == (told or "")


def test_the_json_says_what_is_supposed(tmp_path: Path) -> None:
    data = {"policies": {"ties": "dense"}, "weights": {"so": {"d2": "20"}}}
    (scenario,) = comparison_to_json(read(tmp_path / "gd.yaml", ranking(), data))["scenarios"]
    assert scenario["changes"] == [
        {"field": "policies.ties", "tier": "", "before": "shared", "after": "dense"},
        {"field": "weights.d2", "tier": "so", "before": "10", "after": "20"},
    ]
