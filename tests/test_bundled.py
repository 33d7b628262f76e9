"""`init`: where a new campaign keeps what must stay on this computer."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from xlscore.cli import cli
from xlscore.workspace import open_workspace

SYNCED = "OneDrive - Sở Nội vụ"


def init(folder: Path, *more: str) -> str:
    done = CliRunner().invoke(cli, ["init", str(folder), *more])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))


@pytest.mark.parametrize("more", [(), ("--example", "hai-cap-2026")], ids=["empty", "example"])
def test_a_campaign_in_a_synced_folder_keeps_its_data_outside(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    folder = tmp_path / SYNCED / "Kỳ 2026"
    said = init(folder, *more)
    data = open_workspace(folder).data
    assert data.is_relative_to(tmp_path / "state")
    assert data.name.startswith("ky-2026-")
    assert str(data) in said.replace("\n", "")


def test_a_campaign_on_a_local_disk_keeps_its_data_inside(tmp_path: Path) -> None:
    init(tmp_path / "cchc")
    assert open_workspace(tmp_path / "cchc").data == tmp_path / "cchc" / "data"


def test_campaigns_of_one_name_in_two_synced_folders_keep_their_data_apart(tmp_path: Path) -> None:
    folders = [tmp_path / place / SYNCED / "cchc" for place in ("a", "b")]
    for folder in folders:
        init(folder)
    assert len({open_workspace(folder).data for folder in folders}) == 2


def test_a_campaign_names_its_folders(tmp_path: Path) -> None:
    init(tmp_path / "cchc")
    path = tmp_path / "cchc" / "campaign.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("inbox: inbox", f'inbox: "{tmp_path / "share"}"').replace(
            'status: ""', "status: chung"
        ),
        encoding="utf-8",
    )
    workspace = open_workspace(tmp_path / "cchc")
    assert workspace.inbox == tmp_path / "share"
    assert workspace.status_folder == tmp_path / "cchc" / "chung"
    assert workspace.outbox == tmp_path / "cchc" / "outbox"


@pytest.mark.parametrize("name", ["hai-cap-2026", "vinh-long-2023"])
def test_every_table_that_an_example_names_comes_along(tmp_path: Path, name: str) -> None:
    init(tmp_path / "cchc", "--example", name)
    settings = open_workspace(tmp_path / "cchc").campaign.settings
    earlier = [one.results for one in settings.earlier]
    named = [settings.units, *settings.surveys, *settings.holidays, *earlier]
    assert [table for table in named if not (tmp_path / "cchc" / table).is_file()] == []
    assert {one.year for one in settings.earlier} == ({2022, 2021} if "2023" in name else set())


def test_what_an_installed_package_carries_is_what_a_checkout_has() -> None:
    root = Path(__file__).parent.parent
    told = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
    carried = told["build"]["targets"]["wheel"]["force-include"]
    assert {path.name for path in root.glob("*.csv")} <= carried.keys()
    assert {f"/{path.name}" for path in root.glob("*.csv")} <= set(
        told["build"]["targets"]["sdist"]["include"]
    )
