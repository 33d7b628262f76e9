"""The example plugin: its own tests pass, and installed for real it works through the command line."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest

from tests.office import needs_libreoffice, recalculate_with_libreoffice
from xlscore.testing import Status, TestCampaign, campaign

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "xlscore-punctual-reports"
RUBRIC = """
id: bao-cao
title: Chế độ báo cáo
year: 2026
tier: so
scale: 3
nodes:
  - {id: r1, code: "1", title: Báo cáo định kỳ, max: 2, method: {kind: punctuality, late_percent: 40}}
  - {id: r2, code: "2", title: Kế hoạch năm, max: 1, method: {kind: points, step: 0.5}}
"""
Figures = dict[tuple[str, str], Decimal | str]


@dataclass(frozen=True)
class Installed:
    """xlscore with the example package beside it, as a user's own environment has them."""

    site: Path

    def run(self, *command: str, expected: int = 0, **environment: str) -> str:
        path = os.pathsep.join([str(self.site), str(ROOT)])
        done = subprocess.run(
            [sys.executable, "-m", *command],
            env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", **environment},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == expected, done.stdout + done.stderr
        return done.stdout

    def json(self, *command: str, expected: int = 0) -> Any:
        return json.loads(self.run("xlscore", *command, "--json", expected=expected))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    site = tmp_path_factory.mktemp("site")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--target", str(site)]
    command = [sys.executable, "-m", "pip", "install", *options, str(EXAMPLE)]
    subprocess.run(command, check=True, capture_output=True)
    return Installed(site)


@pytest.fixture(scope="module")
def plugin() -> Iterator[ModuleType]:
    """Yield the plugin's module, imported by its path: this process never sees it installed."""
    path = EXAMPLE / "xlscore_punctual_reports.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, path.stem, module)
        spec.loader.exec_module(module)
        yield module


@pytest.fixture
def office(tmp_path: Path, plugin: ModuleType) -> TestCampaign:
    return campaign(tmp_path, rubric=RUBRIC, plugins=[plugin])


def figures(on_time: int, late: int, missing: int) -> Figures:
    given = {"on_time": on_time, "late": late, "missing": missing}
    reports: Figures = {("r1", key): Decimal(value) for key, value in given.items()}
    return reports | {("r2", "points"): Decimal("0.5")}


def test_its_own_tests_pass_where_it_is_installed(installed: Installed, tmp_path: Path) -> None:
    options = ["-q", "-p", "no:cacheprovider", "--rootdir", str(EXAMPLE), "--basetemp"]
    told = installed.run("pytest", *options, str(tmp_path / "own"), str(EXAMPLE / "tests"))
    assert "passed" in told


def test_it_is_listed_with_its_hooks_and_its_method(installed: Installed) -> None:
    told = installed.json("plugins")
    hooks = {p["name"]: (p["version"], p["hooks"], p["error"]) for p in told["plugins"]}
    assert hooks["punctual-reports"] == (
        "1.0",
        [
            "xlscore_check",
            "xlscore_ranking_columns",
            "xlscore_ranking_sheets",
            "xlscore_scoring_methods",
        ],
        "",
    )
    assert "punctuality" in told["methods"]


def test_it_is_gone_where_third_party_plugins_are_switched_off(installed: Installed) -> None:
    told = installed.run("xlscore", "plugins", "--json", XLSCORE_PLUGINS="")
    assert "punctuality" not in json.loads(told)["methods"]


# openpyxl does not know all that the ranking workbook has.
@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_a_campaign_uses_its_method_its_check_its_column_and_its_sheet(
    installed: Installed, office: TestCampaign
) -> None:
    folder = str(office.workspace.root)
    assert installed.run("xlscore", "generate", "-C", folder)
    sent = office.send(office.fill("A", figures(4000, 2, 1)))
    (checked,) = installed.json("check", "-C", folder, str(sent))
    found = [(f["code"], f["row"], f["severity"]) for f in checked["findings"]]
    assert (checked["status"], found) == ("valid", [("X002", "1", "warning")])
    # (4000 + 2 × 40 %) × 2 ÷ 4003
    assert checked["scores"] == {"r1": "1.998900824382", "r2": "0.5"}
    installed.run("xlscore", "collect", "-C", folder, "--settle", "0")
    ranking = installed.json("rank", "-C", folder, expected=1)  # B has sent nothing
    assert [u["unit"] for u in ranking["missing"]] == ["B"]
    book = openpyxl.load_workbook(ranking["file"])
    rows = [[cell.value for cell in row] for row in book["Báo cáo đúng hạn"].iter_rows()]
    assert ["A", "Đơn vị A", 4000, 2, 1] in rows
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "Số báo cáo trễ, thiếu" in cells


@needs_libreoffice
@pytest.mark.office
@pytest.mark.parametrize("given", [(4, 0, 0), (2, 3, 2), (0, 1, 6), (0, 0, 0)])
def test_libreoffice_computes_what_its_method_does(
    office: TestCampaign, tmp_path: Path, given: tuple[int, int, int]
) -> None:
    blank = office.fill("A", figures(*given), cached=False)
    (path,) = recalculate_with_libreoffice([blank], tmp_path / "recalculated")
    checked = office.check(path)  # a score that differs from Python's would be S010
    assert (checked.status, checked.findings) == (Status.VALID, ())
