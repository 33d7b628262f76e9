from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from xlscore.findings import Status
from xlscore.issuing import blank
from xlscore.workbooks.returns import read_return
from xlscore.workspace import Workspace, open_workspace

ROOT = Path(__file__).parent.parent
TIERS = ("so", "huyen", "xa")


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return open_workspace(ROOT)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("tier", TIERS)
def test_the_blank_in_the_repository_is_what_the_rubric_renders_today(
    workspace: Workspace, tier: str
) -> None:
    kept = parts((ROOT / "templates" / "blank" / f"{tier}.xlsx").read_bytes())
    made = parts(blank(workspace, tier))
    assert list(kept) == list(made)
    differing = [name for name in kept if kept[name] != made[name]]
    assert differing == [], "run `xlscore generate --blank` and look at the difference"


@pytest.mark.parametrize("tier", TIERS)
def test_a_blank_sample_is_never_accepted(workspace: Workspace, tier: str) -> None:
    outcome = read_return(ROOT / "templates" / "blank" / f"{tier}.xlsx", workspace)
    assert outcome.status is Status.REJECTED
    assert [f.code for f in outcome.findings] == ["I009"]
