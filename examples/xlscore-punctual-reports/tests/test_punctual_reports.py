"""The plugin, exercised through real workbooks with `xlscore.testing`."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlscore_punctual_reports

from xlscore.testing import Status, TestCampaign, campaign

RUBRIC = """
id: bao-cao
title: Chế độ báo cáo
year: 2026
tier: so
scale: 2
nodes:
  - {id: r1, code: "1", title: Báo cáo định kỳ, max: 2, method: {kind: punctuality, late_percent: 40}}
"""


@pytest.fixture
def office(tmp_path: Path) -> TestCampaign:
    return campaign(tmp_path, rubric=RUBRIC, plugins=[xlscore_punctual_reports])


def figures(on_time: int, late: int, missing: int) -> dict[tuple[str, str], Decimal]:
    given = {"on_time": on_time, "late": late, "missing": missing}
    return {("r1", key): Decimal(value) for key, value in given.items()}


@pytest.mark.parametrize(
    ("given", "points"),
    [((4, 0, 0), "2"), ((2, 1, 1), "1.2"), ((0, 0, 3), "0"), ((0, 0, 0), "2")],
)
def test_late_reports_count_in_part(
    office: TestCampaign, given: tuple[int, int, int], points: str
) -> None:
    checked = office.check(office.fill("A", figures(*given)))
    assert (checked.status, checked.findings) == (Status.VALID, ())
    assert checked.card is not None
    assert checked.card.scores["r1"].points == Decimal(points)


def test_an_impossible_number_of_reports_is_pointed_out(office: TestCampaign) -> None:
    checked = office.check(office.fill("A", figures(4000, 0, 1)))
    assert [(f.code, f.row, f.entered) for f in checked.findings] == [("X002", "1", "4001")]
    assert checked.status is Status.VALID


def test_the_ranking_workbook_has_the_column_and_the_sheet(office: TestCampaign) -> None:
    office.send(office.fill("A", figures(2, 1, 1)))
    office.collect()
    published = office.rank()
    assert published.failures == ()
    book = openpyxl.load_workbook(published.path)
    own = [[cell.value for cell in row] for row in book["Báo cáo đúng hạn"].iter_rows()]
    assert ["A", "Đơn vị A", 2, 1, 1] in own
    assert not any("B" in row for row in own)  # B sent nothing
    ranking = next(sheet for sheet in book.worksheets if sheet.title.startswith("XH "))
    cells = [cell.value for row in ranking.iter_rows() for cell in row]
    assert "Số báo cáo trễ, thiếu" in cells
