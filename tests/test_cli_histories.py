"""`xlscore history` as an operator types it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.campaigns import make_campaign
from xlscore import i18n
from xlscore.cli.common import USAGE
from xlscore.cli.histories import history


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("vi")


@pytest.mark.parametrize("row", [(), ("1.1",)])
def test_an_option_in_the_place_of_the_page_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: tuple[str, ...]
) -> None:
    root = make_campaign(tmp_path / "c", language="en").root
    monkeypatch.chdir(root)
    done = CliRunner().invoke(history, ["STP", *row, "--page", "-C", str(root)])
    assert done.exit_code == USAGE
    assert "After --page comes the name of a file; “-C” is an option." in done.stderr
    assert not Path("-C").exists()
