"""Make a district's own campaign folder from the province's: same rubrics, same rules, its own units."""

from __future__ import annotations

import csv
import io
import json
import secrets
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from xlscore.bundled import keep_data_local
from xlscore.campaign import Campaign, Unit
from xlscore.durable import write_whole
from xlscore.exporting.districts.authorising import authorisation_path, authorise
from xlscore.ledger import open_ledger
from xlscore.located import dump_yaml, load_yaml
from xlscore.numbers import plain
from xlscore.proceedings import proceedings
from xlscore.workspace import Workspace, open_workspace

_NAME = "uy-quyen.json"
_REPORTS_TO = f"data/{_NAME}"
_COPIED = ("year", "language", "time_zone", "note", "folders_per_unit", "intake")
_LONGEST_ID = 60
_HEAD = """# {title}
#
# Lập từ kỳ đánh giá “{province}” bằng lệnh “xlscore district prepare”.
# Giữ nguyên bộ tiêu chí và quy định chung (policies) của cấp trên, nếu không sổ kết quả gửi lên bị trả lại.
# Sửa được: cơ quan (authority), thời hạn (deadline), thư mục (folders), tiếp nhận (intake), thẩm định
# (appraisal), số liệu điều tra của riêng mình (surveys).

"""


def prepare(workspace: Workspace, parent: str, target: Path) -> Workspace:
    """Authorise a district and write its campaign folder; return it, opened.

    Its survey figures, as far as the province has them in tables and books, go along. The folder is
    made beside and put in place when it is whole: a run that fails leaves nothing behind.

    Raises:
        FileExistsError: something is there already.
        WorkspaceError: what was written is no usable campaign.
        TokenError, OSError, LedgerError, KeysError: see `issuing.issue`.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FileExistsError(target)
    authorise(workspace, [parent])
    with open_ledger(workspace.ledger_path) as ledger:
        known = proceedings(workspace, ledger).surveyed.merged(workspace.campaign)
    made = target.with_name(f".{target.name}-{secrets.token_hex(4)}.tmp")
    try:
        _make(replace(workspace, campaign=known), parent, made)
        _place_authorisation(authorisation_path(workspace, parent), made, target)
        open_workspace(made, workspace.plugins)
        if target.exists():
            target.rmdir()  # Windows puts no folder in the place of another, not even of an empty one
        made.replace(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return open_workspace(target, workspace.plugins)


def _make(workspace: Workspace, parent: str, target: Path) -> None:
    """Write everything but the authorisation."""
    for name in ("templates", "inbox", "outbox", "reports", "rubrics"):
        (target / name).mkdir(parents=True, exist_ok=True)
    settings = _settings(workspace, parent)
    for name, tier in settings["tiers"].items():
        source = workspace.root / workspace.campaign.settings.tiers[name].rubric
        shutil.copyfile(source, target / tier["rubric"])
    for name in workspace.campaign.settings.holidays:
        shutil.copyfile(workspace.root / name, target / Path(name).name)
    units = _units(workspace.campaign, parent)
    _write_table(target / "units.csv", _unit_table(units))
    if "surveys" in settings:
        _write_table(target / "surveys.csv", _survey_table(workspace.campaign, units))
    title = settings["title"]
    head = _HEAD.format(title=title, province=workspace.campaign.settings.title)
    write_whole(target / "campaign.yaml", (head + dump_yaml(settings)).encode())


def _place_authorisation(source: Path, made: Path, target: Path) -> None:
    """Put the authorisation into the data folder that the campaign will have at `target`."""
    moved = keep_data_local(made, target)
    data = moved or made / "data"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(data / _NAME, source.read_bytes())
    with suppress(OSError):  # a disk without permissions
        (data / _NAME).chmod(0o600)
    if moved:
        path = made / "campaign.yaml"
        said = json.dumps(str(data / _NAME), ensure_ascii=False)
        text = path.read_text(encoding="utf-8")
        write_whole(
            path, text.replace(f"reports_to: {_REPORTS_TO}", f"reports_to: {said}").encode()
        )


def _units(campaign: Campaign, parent: str) -> list[Unit]:
    return [
        unit
        for unit in campaign.units.values()
        if unit.parent == parent and campaign.tier(unit).reported_by_parent
    ]


# --- campaign.yaml ----------------------------------------------------------------------------------


def _settings(workspace: Workspace, parent: str) -> dict[str, Any]:
    """Return the district's settings as plain data, from the province's as they are written."""
    given: Mapping[str, Any] = load_yaml(workspace.root / "campaign.yaml").data
    campaign = workspace.campaign
    units = _units(campaign, parent)
    name, codes = campaign.units[parent].name, {unit.code for unit in units}
    groups = {unit.group for unit in units}
    made: dict[str, Any] = {
        "id": f"{campaign.settings.id}-{parent}"[:_LONGEST_ID],
        "title": f"{campaign.settings.title} – {name}",
        **{key: given[key] for key in _COPIED if key in given},
        "reports_to": _REPORTS_TO,
        "authority": {"name": name.upper(), "place": campaign.settings.authority.place, "office": name},
        "units": "units.csv",
        "surveys": ["surveys.csv"] if any(f.unit in codes for f in campaign.surveys) else [],
        "holidays": [Path(holidays).name for holidays in campaign.settings.holidays],
        "tiers": _tiers(campaign, given, units),
        "groups": {k: v for k, v in (given.get("groups") or {}).items() if k in groups},
        "policies": _policies(campaign, given, units),
        "waivers": [w for w in given.get("waivers") or () if w["unit"] in codes],
    }  # fmt: skip
    return {key: said for key, said in made.items() if said}


def _tiers(
    campaign: Campaign, given: Mapping[str, Any], units: Sequence[Unit]
) -> dict[str, dict[str, Any]]:
    used = dict.fromkeys(unit.tier for unit in units)
    return {
        tier: {
            **{k: v for k, v in given["tiers"][tier].items() if k not in _OF_THE_PROVINCE},
            "rubric": f"rubrics/{tier}{Path(campaign.settings.tiers[tier].rubric).suffix}",
        }
        for tier in used
    }


_OF_THE_PROVINCE = {"reported_by_parent", "across"}


def _policies(
    campaign: Campaign, given: Mapping[str, Any], units: Sequence[Unit]
) -> dict[str, Any]:
    policies = dict(given.get("policies") or {})
    nodes = {n.id for tier in {u.tier for u in units} for n in campaign.rubrics[tier].walk()}
    if breakers := policies.pop("tie_breakers", None):
        policies["tie_breakers"] = [node for node in breakers if node in nodes]
    return policies


# --- tables -----------------------------------------------------------------------------------------


def _unit_table(units: Sequence[Unit]) -> list[list[str]]:
    further = list(dict.fromkeys(name for unit in units for name in unit.attributes))
    head = ["code", "name", "tier", "group", "ranked", "email", "valid_from", "valid_to", *further]
    return [
        head,
        *(
            [
                u.code, u.name, u.tier, u.group, "yes" if u.ranked else "no", u.email,
                str(u.valid_from or ""), str(u.valid_to or ""),
                *(u.attributes.get(name, "") for name in further),
            ]
            for u in units
        ),
    ]  # fmt: skip


def _survey_table(campaign: Campaign, units: Sequence[Unit]) -> list[list[str]]:
    codes = {unit.code for unit in units}
    figures = (f for f in campaign.surveys if f.unit in codes)
    rows = [[f.unit, f.node, plain(f.value), str(f.year), f.source] for f in figures]
    return [["unit", "node", "value", "year", "source"], *rows]


def _write_table(path: Path, rows: Sequence[Sequence[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    # With a byte order mark Excel opens it in the right letters.
    write_whole(path, text.getvalue().encode("utf-8-sig"))
