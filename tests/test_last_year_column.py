"""Last year's points on the scorecard: shown per unit, never read, never in the way."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.campaigns import Campaign, faultless, make_campaign, settings
from tests.collecting import collect
from tests.test_years import file, with_unit
from xlscore.delivering import deliver
from xlscore.earlier import read_earlier, with_last_year
from xlscore.findings import Status
from xlscore.issuing import Press, forms, issue
from xlscore.layout import Amount, Column, Layout, Text
from xlscore.ledger import open_ledger
from xlscore.workbooks.scorecard.fill import fill

SCORES = {"n1.1": "1.5", "n1.2": "0.5", "n1.3": "2.123456", "n1.4": "1"}
MAXIMA = {"n1.1": "2", "n1.2": "1", "n1.3": "3", "n1.4": "4"}


def campaign(root: Path, predecessors: str = "", **units: Any) -> Campaign:
    """STP has last year's points, STC had none, AB is of a tier that does not show them."""
    told = [with_unit(code=code, **more)["units"][0] for code, more in units.items()]
    root.mkdir(parents=True, exist_ok=True)
    (root / "2025.json").write_text(json.dumps(file(units=told)), encoding="utf-8")
    (root / "truoc.csv").write_text(predecessors or "unit,year,predecessor\n", encoding="utf-8")
    tiers = settings()["tiers"]
    tiers["so"]["show_last_year"] = "true"
    return make_campaign(
        root,
        tiers=tiers,
        earlier=[{"year": "2025", "results": "2025.json"}],
        predecessors="truoc.csv",
    )


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    root = tmp_path_factory.mktemp("cot")
    return campaign(root, STP={"scores": SCORES, "maxima": MAXIMA}, AB={})


def layout_of(made: Campaign, unit: str, role: str = "") -> Layout:
    found = made.workspace.campaign
    years = read_earlier(made.workspace)
    return with_last_year(made.layout(unit, role), found, found.units[unit], years)


def said(layout: Layout, node: str) -> str:
    row = layout.by_key[f"s:{node}"]
    match row.cells.get(Column.BEFORE):
        case Amount(value):
            return str(value)
        case Text(text):
            return text
    return ""


def column(data: bytes, tmp_path: Path) -> list[Any]:
    path = tmp_path / "x.xlsx"
    path.write_bytes(data)
    sheet = load_workbook(path).worksheets[0]
    place = next((cell.column for cell in sheet[1] if cell.value == "before"), None)
    return [] if place is None else [row[place - 1].value for row in sheet.iter_rows()]


def test_points_are_found_by_id_and_other_maxima_are_said(shown: Campaign) -> None:
    layout = layout_of(shown, "STP")
    assert layout.columns[-1].heading == "Điểm đạt năm 2025"
    assert [said(layout, node) for node in ("n1.1", "n1.2", "n1.4", "n1.5")] == [
        "1.5", "0.5", "1 / 4", "–",
    ]  # fmt: skip


def test_a_row_that_did_not_apply_has_a_dash(tmp_path: Path) -> None:
    none = {"scores": {"n1.1": "0", "n1.2": "0"}, "maxima": {"n1.1": "0", "n1.2": "1"}}
    layout = layout_of(campaign(tmp_path, STP=none), "STP")
    assert [said(layout, node) for node in ("n1.1", "n1.2")] == ["–", "0"]


def test_a_unit_without_last_year_has_dashes(shown: Campaign) -> None:
    assert {
        said(layout_of(shown, "STC"), leaf.id) for leaf in shown.layout("STC").rubric.leaves
    } == {"–"}


def test_merged_units_have_no_points_and_the_heading_says_why(tmp_path: Path) -> None:
    made = campaign(
        tmp_path,
        "unit,year,predecessor\nSTP,2025,A;B\n",
        A={"scores": SCORES},
        B={"scores": SCORES},
    )
    layout = layout_of(made, "STP")
    assert layout.columns[-1].heading == "Điểm đạt năm 2025 (hợp nhất từ 2 đơn vị: không có)"
    assert said(layout, "n1.1") == ""


def test_split_units_see_the_points_of_the_unit_before(tmp_path: Path) -> None:
    table = "unit,year,predecessor\nSTP,2025,A\nSTC,2025,A\n"
    made = campaign(tmp_path, table, A={"scores": SCORES, "maxima": MAXIMA})
    layout = layout_of(made, "STC")
    assert layout.columns[-1].heading == "Điểm đạt năm 2025 (đơn vị trước khi chia tách)"
    assert said(layout, "n1.1") == "1.5"


def test_every_address_and_formula_stays_where_it_was(shown: Campaign) -> None:
    plain, layout = shown.layout("STP"), layout_of(shown, "STP")
    assert {c: layout.letters[c] for c in plain.letters} == plain.letters
    assert [row.signed_key for row in layout.rows] == [row.signed_key for row in plain.rows]
    assert [(r.number, c, f) for r, c, f in layout.calculations] == [
        (r.number, c, f) for r, c, f in plain.calculations
    ]


@pytest.mark.parametrize("role", ["", "van-phong"])
def test_a_return_with_the_column_is_read_as_one_without(
    shown: Campaign, tmp_path: Path, role: str
) -> None:
    data = shown.form("STP", role)
    assert column(data, tmp_path)[6:8] == ["Điểm đạt năm 2025", None]
    typed = faultless(shown.layout("STP", role))
    back = shown.read(fill(data, shown.layout("STP", role), typed))
    assert back.status is Status.VALID
    assert [found.code for found in back.findings if found.code != "S060"] == []


def test_only_the_tiers_that_ask_have_the_column(shown: Campaign, tmp_path: Path) -> None:
    assert column(shown.form("AB"), tmp_path) == []


def test_without_last_year_on_record_there_is_no_column(tmp_path: Path) -> None:
    made = campaign(tmp_path / "c", STP={})
    (made.root / "2025.json").write_text("{}", encoding="utf-8")
    issued = issue(
        made.workspace, forms(made.workspace, [made.workspace.campaign.units["STP"]], by_role=False)
    )
    assert {found.code for found in issued.findings} == {"C024"}
    assert column(issued.written[0].read_bytes(), tmp_path) == []


def test_a_form_in_force_stays_so_when_last_year_is_mended(tmp_path: Path) -> None:
    made = campaign(tmp_path / "c", STP={"scores": SCORES, "maxima": MAXIMA})
    wanted = forms(made.workspace, [made.workspace.campaign.units["STP"]], by_role=False)
    first = issue(made.workspace, wanted).written[0].read_bytes()
    told = file(units=with_unit(code="STP", scores={"n1.1": "2"}, maxima=MAXIMA)["units"])
    (made.root / "2025.json").write_text(json.dumps(told), encoding="utf-8")
    again = issue(made.workspace, wanted)
    assert (len(again.written), len(again.left)) == (0, 1)
    forced = issue(made.workspace, wanted, force=True).written[0].read_bytes()
    assert forced != first
    assert (
        made.read(fill(first, made.layout("STP"), faultless(made.layout("STP")))).status
        is Status.VALID
    )


def test_marked_copies_show_last_year_too(tmp_path: Path) -> None:
    made = campaign(tmp_path / "c", STP={"scores": SCORES, "maxima": MAXIMA})
    (made.root / "inbox").mkdir()
    typed = made.filled({("n1.1", "points"): Decimal(99)})
    (made.root / "inbox" / "STP.xlsx").write_bytes(typed)

    collect(made.workspace, settle=0)
    with open_ledger(made.workspace.ledger_path) as ledger:
        deliver(made.workspace, ledger, datetime.now(UTC))
    copy = next((made.root / "outbox" / "STP").glob("phieu-can-sua*.xlsx"))
    assert column(copy.read_bytes(), tmp_path)[6] == "Điểm đạt năm 2025"
    book = load_workbook(copy)
    listed = " ".join(
        str(c.value) for row in book.worksheets[1].iter_rows() for c in row if c.value
    )
    assert "2025" not in listed.replace("năm 2025", "")


def test_off_it_costs_nothing_and_changes_nothing(tmp_path: Path) -> None:
    made = make_campaign(tmp_path, earlier=[{"year": "2025", "results": "gone.json"}])
    press = Press(made.workspace)
    assert press.years.years == ()
    assert press.years.findings == ()


def test_a_stamped_column_says_what_the_layout_says(shown: Campaign, tmp_path: Path) -> None:
    layout = layout_of(shown, "STP")
    told = column(shown.form("STP"), tmp_path)
    for row in layout.rows:
        cell, found = row.cells.get(Column.BEFORE), told[row.number - 1]
        if isinstance(cell, Amount):
            assert Decimal(str(found)) == cell.value
        else:
            assert found == (cell.text if isinstance(cell, Text) else None)
