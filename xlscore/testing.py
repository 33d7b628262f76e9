"""A kit for plugin authors: a whole campaign in a temporary folder, in a few lines.

    office = campaign(tmp_path, rubric=RUBRIC, plugins=[my_plugin])
    path = office.fill("A", {("d1", "points"): Decimal("0.5")})
    assert office.check(path).status is Status.VALID
    office.send(path)
    office.collect()
    results = office.rank().results

Nothing is simulated: scorecards are issued, filled through their input cells, read back, recorded and
ranked by the same code as in a real campaign.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from xlscore import bundled, intake, issuing, publishing
from xlscore.findings import Finding, Status, has_errors, message
from xlscore.layout import COMPLETE, NOT_APPLICABLE, Layout, Slot
from xlscore.numbers import plain
from xlscore.plugins import Plugins, build, load
from xlscore.watching import run_once
from xlscore.workbooks.returns import Return, read_return
from xlscore.workbooks.scorecard.fill import CellContent, Typed, fill
from xlscore.workspace import Workspace, WorkspaceError, open_workspace

TIER = "so"
"""The one tier of a campaign that `campaign` makes."""

_RUBRIC = "rubrics/rubric.yaml"
_SURVEYS = "surveys.csv"
_SETTINGS: Mapping[str, Any] = {
    "id": "thu-nghiem",
    "title": "Kỳ thử nghiệm",
    "year": "2026",
    "authority": {"name": "ỦY BAN NHÂN DÂN TỈNH THỬ NGHIỆM", "place": "Thử Nghiệm"},
    "tiers": {TIER: {"title": "Các đơn vị", "rubric": _RUBRIC, "deadline": "2026-12-15"}},
}
_TWO_UNITS: Mapping[str, Mapping[str, str]] = {"A": {}, "B": {}}


@dataclass(frozen=True)
class TestCampaign:
    """A campaign in a folder of its own; every step is the real one.

    Attributes:
        workspace: the opened campaign, for whatever the steps below do not give.
    """

    __test__: ClassVar[bool] = False
    """Keeps pytest from taking this class for a test."""

    workspace: Workspace

    def layout(self, unit: str, role: str = "") -> Layout:
        """Return the form of a unit; `layout.entries` has every input cell by (node id, slot)."""
        return self.workspace.layout(self.workspace.campaign.units[unit], role)

    def issue(self, unit: str, role: str = "") -> Path:
        """Write the unit's scorecard, or one role's card of it, and return its path."""
        form = self._form(unit, role)
        issuing.issue(self.workspace, [form])
        return form.path

    def fill(
        self,
        unit: str,
        typed: Mapping[tuple[str, str], Typed],
        *,
        role: str = "",
        complete: bool = True,
        cached: bool = True,
    ) -> Path:
        """Type into the unit's scorecard, issued if need be, and return the path of the filled copy.

        Args:
            typed: numbers as `Decimal`, texts and levels as `str`, anything else as `CellContent`; by
                node id and the input's key, or one of `Slot`.
            complete: whether the state cell says that the card is finished.
            cached: False leaves the formulas without values, for a spreadsheet program to compute;
                `check` then reports a formula that disagrees with Python as `total-differs`.

        Raises:
            KeyError: the form has no such input.
        """
        form = self._form(unit, role)
        if not form.path.exists():
            self.issue(unit, role)
        said = {("", Slot.SUBMIT): COMPLETE, **typed} if complete else typed
        decimals = self.workspace.campaign.settings.policies.leaf_decimals
        layout = self.layout(unit, role)
        data = fill(form.path.read_bytes(), layout, said, decimals=decimals, cached=cached)
        target = self.workspace.root / "filled" / form.path.name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
        return target

    def check(self, path: Path) -> Return:
        """Read and check one returned file; nothing is recorded."""
        return read_return(path, self.workspace)

    def send(self, path: Path, name: str = "") -> Path:
        """Copy a file into the inbox (hộp nhận), under another name if one is given."""
        return Path(shutil.copyfile(path, self.workspace.inbox / (name or path.name)))

    def collect(self, days_late: int = 0) -> intake.Collected:
        """Take in what is new in the inbox, `days_late` days after the earliest deadline.

        With 64 new files or more the work goes to other processes, which know installed plugins only.
        """
        moment = self._deadline() + timedelta(days=days_late)
        return run_once(self.workspace, settle=0, now=lambda: moment).collected

    def rank(self, *, draft: bool = True) -> publishing.Published:
        """Rank the units and write the workbook into `reports/`.

        Args:
            draft: False freezes an edition with all its files, as `xlscore rank` does; whoever runs that
                again without a new return gets the same edition.
        """
        return publishing.publish(self.workspace, self._deadline(), draft=draft)

    def _form(self, unit: str, role: str) -> issuing.Form:
        known = self.workspace.campaign.units[unit]
        forms = issuing.forms(self.workspace, [known], by_role=bool(role))
        return next(form for form in forms if form.role == role)

    def _deadline(self) -> datetime:
        campaign = self.workspace.campaign
        return min(campaign.deadline(unit) for unit in campaign.units.values())


def campaign(
    folder: Path,
    *,
    rubric: str,
    units: Mapping[str, Mapping[str, str]] = _TWO_UNITS,
    surveys: Mapping[tuple[str, str], Decimal] | None = None,
    settings: Mapping[str, Any] | None = None,
    plugins: Iterable[object] | None = None,
) -> TestCampaign:
    """Make a campaign of one tier in `folder`.

    Args:
        rubric: the rubric's YAML text.
        units: further columns of the table of units by unit code, such as `{"A": {"kind": "phường"}}`.
        surveys: survey figures by unit code and node id.
        settings: fields of `campaign.yaml` in place of the kit's own, such as `{"policies": {…}}`.
        plugins: modules to register as plugins; the installed ones by default.

    Raises:
        ValueError: the rubric or the campaign has errors; the message holds all of them.
    """
    loaded = _loaded(plugins)
    for name in ("rubrics", "inbox", "reports"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / _RUBRIC).write_text(rubric, encoding="utf-8")
    _demand(loaded.read_rubric(folder / _RUBRIC).findings)
    _write_units(folder / "units.csv", units)
    _write_surveys(folder / _SURVEYS, surveys or {})
    said = {**_SETTINGS, "surveys": [_SURVEYS], **(settings or {})}
    text = json.dumps(said, ensure_ascii=False, indent=2)  # YAML takes JSON as it is
    (folder / "campaign.yaml").write_text(text, encoding="utf-8")
    return _opened(folder, loaded)


def example(
    folder: Path, name: str = "vinh-long-2023", *, plugins: Iterable[object] | None = None
) -> TestCampaign:
    """Make a bundled example in `folder`; `plugins` as in `campaign`.

    Raises:
        KeyError: there is no such example.
    """
    bundled.make_folder(folder, bundled.examples()[name])
    return _opened(folder, _loaded(plugins))


def _loaded(plugins: Iterable[object] | None) -> Plugins:
    return load() if plugins is None else build((), plugins)


def _opened(folder: Path, plugins: Plugins) -> TestCampaign:
    try:
        return TestCampaign(open_workspace(folder, plugins))
    except WorkspaceError as error:
        _demand(error.findings)
        raise


def _demand(findings: tuple[Finding, ...]) -> None:
    if has_errors(findings):
        raise ValueError("\n".join(f"{f.code} {message(f, 'en')}" for f in findings))


def _write_units(path: Path, units: Mapping[str, Mapping[str, str]]) -> None:
    columns = dict.fromkeys(("code", "name", "tier", *(c for u in units.values() for c in u)))
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, columns, restval="")
        table.writeheader()
        for code, unit in units.items():
            table.writerow({"code": code, "name": f"Đơn vị {code}", "tier": TIER, **unit})


def _write_surveys(path: Path, surveys: Mapping[tuple[str, str], Decimal]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["unit", "node", "value"])
        table.writerows([unit, node, plain(value)] for (unit, node), value in surveys.items())


__all__ = [
    "COMPLETE",
    "NOT_APPLICABLE",
    "TIER",
    "CellContent",
    "Slot",
    "Status",
    "TestCampaign",
    "campaign",
    "example",
]
