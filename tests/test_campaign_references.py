"""What the settings of the procedure after self-assessment refer to: each defect with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.campaigns import assert_readable, rubric, settings
from xlscore.campaign import Campaign
from xlscore.campaign_file import CampaignFile, read_campaign
from xlscore.findings import Finding, message
from xlscore.located import dump_yaml
from xlscore.plugins import build
from xlscore.workbooks.tables import read_table

UNITS = """code,name,tier,parent
UB,UBND huyện Một,so,
STP,Sở Tư pháp,so,
AB,Xã An Bình,xa,UB
"""
AGENCIES = "  agencies: {SNV: {title: Sở Nội vụ}, STP: {title: Sở Tư pháp}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rubrics").mkdir()
    for tier in ("so", "xa"):
        data = rubric(tier)
        data["nodes"][2]["id"] = f"n3-{tier}"
        (tmp_path / "rubrics" / f"{tier}.yaml").write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "campaign.yaml").write_text(dump_yaml(settings()), encoding="utf-8")
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    return tmp_path


def add(folder: Path, text: str) -> int:
    """Append a text to `campaign.yaml`; return the number of its first line."""
    path = folder / "campaign.yaml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + text, encoding="utf-8")
    return before.count("\n") + 1


def led(folder: Path, tier: str, leads: dict[str, str]) -> None:
    """Give nodes of a rubric a leading agency."""
    path = folder / "rubrics" / f"{tier}.yaml"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["agencies"] = {lead: f"Cơ quan {lead}" for lead in leads.values()}
    nodes = list(data["nodes"])
    while nodes:
        node = nodes.pop()
        nodes += node.get("nodes", [])
        if node["id"] in leads:
            node["lead"] = leads[node["id"]]
    path.write_text(json.dumps(data), encoding="utf-8")


def read(folder: Path) -> CampaignFile:
    found = read_campaign(folder, build(()), read_table)
    for told in found.findings:
        assert_readable(told)
    return found


def opened(folder: Path) -> Campaign:
    campaign = read(folder).campaign
    assert campaign is not None, [message(f, "en") for f in read(folder).findings]
    return campaign


def refused(folder: Path) -> tuple[Finding, ...]:
    found = read(folder)
    assert found.campaign is None
    return found.findings


# --- assignments ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "field", "entered", "near"),
    [
        ("tiers: [so, xaa]", "tiers[2]", "xaa", "xa"),
        ("parents: [UBB]", "parents[1]", "UBB", "UB"),
        ("units: [STP, STQ]", "units[2]", "STQ", "STP"),
        ("rows: [n1.9]", "rows[1]", "n1.9", "n1.1"),
        ("tiers: [xa], rows: [n2, n3-so]", "rows[2]", "n3-so", "n3-xa"),
    ],
)
def test_an_assignment_of_something_unknown_is_refused_with_near_names(
    folder: Path, rule: str, field: str, entered: str, near: str
) -> None:
    text = f"appraisal:\n{AGENCIES}  assignments:\n    - {{agency: STP, {rule}}}\n"
    line = add(folder, text) + 3
    (found,) = refused(folder)
    assert (found.code, found.file, found.entered) == ("C004", f"campaign.yaml:{line}", entered)
    assert found.params["field"] == f"appraisal.assignments[1].{field}"
    assert near in found.params["choices"].split(", ")


def test_a_row_of_another_tier_is_known_where_the_rule_names_no_tier(folder: Path) -> None:
    add(
        folder,
        f"appraisal:\n{AGENCIES}  assignments: [{{agency: STP, rows: [n3-so, n3-xa, n1.1]}}]\n",
    )
    assert read(folder).findings == ()


def test_every_defect_of_an_assignment_is_told_at_once(folder: Path) -> None:
    rule = "{agency: STP, tiers: [a], parents: [b], units: [c], rows: [d]}"
    add(folder, f"appraisal:\n{AGENCIES}  assignments: [{rule}]\n")
    assert [f.entered for f in refused(folder)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    "setting",
    [
        "coordinator: STC",
        "assignments: [{agency: STC}]",
        "rounds: [{agencies: [SNV, STC]}]",
    ],
)
def test_an_agency_that_is_not_declared_is_refused(folder: Path, setting: str) -> None:
    line = add(folder, f"appraisal:\n{AGENCIES}  {setting}\n")
    (found,) = refused(folder)
    assert (found.code, found.params["field"]) == ("C003", "appraisal")
    assert int(found.file.split(":")[1]) in {line, line + 1}
    assert "not declared in agencies: STC" in message(found, "en")


# --- who leads a row ------------------------------------------------------------------------------


def test_a_lead_that_is_no_agency_is_a_warning_where_the_rubric_states_it(folder: Path) -> None:
    led(folder, "so", {"n2": "STC", "n1": "STP", "n1.2": "STTTT"})
    add(folder, f"appraisal:\n{AGENCIES}")
    found = read(folder)
    assert found.campaign is not None
    assert {(f.code, f.row, f.node, f.entered) for f in found.findings} == {
        ("C017", "1.2", "n1.2", "STTTT"),
        ("C017", "2", "n2", "STC"),
    }
    assert {f.params["leader"] for f in found.findings} == {"SNV"}
    assert {f.file for f in found.findings} == {f"campaign.yaml:{_line(folder, 'so.yaml')}"}


def _line(folder: Path, text: str) -> int:
    lines = (folder / "campaign.yaml").read_text(encoding="utf-8").splitlines()
    (place,) = [number for number, line in enumerate(lines, 1) if text in line]
    return place


def test_leads_are_only_names_where_no_agency_is_declared(folder: Path) -> None:
    led(folder, "so", {"n2": "STC"})
    assert read(folder).findings == ()


@pytest.mark.parametrize(
    ("rule", "warned"),
    [
        ("rows: [n2]", False),
        ("rows: [n2.1, n2.2, n2.3, n2.4]", False),
        ("tiers: [so]", False),
        ("rows: [n2.1, n2.2]", True),
        ("tiers: [xa]", True),
        ("units: [STP]", True),
        ("parents: [UB], rows: [n2]", True),
    ],
)
def test_a_lead_does_not_matter_where_a_rule_gives_all_its_rows_to_an_agency(
    folder: Path, rule: str, warned: bool
) -> None:
    led(folder, "so", {"n2": "STC"})
    add(folder, f"appraisal:\n{AGENCIES}  assignments: [{{agency: STP, {rule}}}]\n")
    assert [f.code for f in read(folder).findings] == ["C017"] * warned


# --- rounds, tiers, samples -----------------------------------------------------------------------


@pytest.mark.parametrize(("name", "round_"), [("deadline", 1), ("replies", 2)])
def test_a_round_that_counts_days_of_an_unknown_year_is_a_warning(
    folder: Path, name: str, round_: int
) -> None:
    given = f"{name}: {{working_days: 5, after: 2026-12-28}}"
    rounds = ["{title: Một}"] * (round_ - 1) + [f"{{{given}}}"]
    (folder / "off.csv").write_text("day,kind\n2026-09-02,off\n", encoding="utf-8")
    add(folder, "holidays: [off.csv]\nappraisal:\n  rounds:\n")
    line = add(folder, "".join(f"    - {one}\n" for one in rounds)) + round_ - 1
    (found,) = read(folder).findings
    assert (found.code, found.file, found.entered) == ("C015", f"campaign.yaml:{line}", "2027")
    assert found.params["field"] == f"appraisal.rounds[{round_}].{name}"


def test_a_round_needs_no_calendar_where_its_days_are_named(folder: Path) -> None:
    add(folder, "appraisal: {rounds: [{deadline: 2027-01-05, replies: 2027-01-10T17:00}]}\n")
    assert read(folder).findings == ()


def reported(folder: Path) -> int:
    path = folder / "campaign.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("title: Cấp xa", "title: Cấp xa, reported_by_parent: có"), "utf-8")
    return _line(folder, "reported_by_parent")


def test_a_tier_whose_results_come_up_needs_units_above(folder: Path) -> None:
    with (folder / "units.csv").open("a", encoding="utf-8") as stream:
        stream.writelines(f"X{n},Xã {n},xa,\n" for n in range(6))
    line = reported(folder)
    (found,) = refused(folder)
    assert (found.code, found.file) == ("C018", f"campaign.yaml:{line}")
    assert (found.params["count"], found.params["units"]) == ("6", "X0, X1, X2, X3, X4, …")


def test_a_tier_may_be_reported_where_every_unit_has_one_above(folder: Path) -> None:
    reported(folder)
    assert opened(folder).settings.tiers["xa"].reported_by_parent


def test_a_sample_plan_counts_whom_to_ask_and_needs_no_row_that_names_its_groups(
    folder: Path,
) -> None:
    groups = "{so: {title: Lãnh đạo sở, each: 3, times: [19]}, dan: {title: Đại biểu, each: 30}}"
    add(folder, f"survey: {{sample: {groups}}}\n")
    sample = opened(folder).settings.survey.sample
    assert {code: group.planned for code, group in sample.items()} == {"so": 57, "dan": 30}
