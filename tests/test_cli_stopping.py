"""Ctrl+C: one exit code and no traceback, whenever it is pressed and however the program was started."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from xlscore.cli.common import ENVIRONMENT, USAGE
from xlscore.cli.spoken import Spoken

ROOT = Path(__file__).parents[1]


def python(*args: str, before: Path | None = None) -> subprocess.CompletedProcess[str]:
    places = [str(place) for place in (before, ROOT) if place is not None]
    return subprocess.run(
        [sys.executable, *args],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places), "PYTHONUTF8": "1"},
        capture_output=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip


def console_script() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["scripts"]["xlscore"].partition(":")
    return f"import sys; from {module} import {name}; sys.exit({name}())"


@pytest.mark.parametrize("way", [("-m", "xlscore"), ("-c", console_script())])
def test_ctrl_c_while_the_program_is_still_imported_leaves_no_traceback(
    tmp_path: Path, way: tuple[str, str]
) -> None:
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt\n", encoding="utf-8")
    done = python(*way, "status", before=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (ENVIRONMENT, "", "Đã dừng.\n")


def test_nothing_is_imported_before_ctrl_c_is_guarded() -> None:
    code = (
        "import sys; before = set(sys.modules); import xlscore.__main__;"
        "print(sorted(set(sys.modules) - before))"
    )
    assert python("-c", code).stdout == "['xlscore', 'xlscore.__main__']\n"


def raising(error: BaseException) -> Spoken:
    @click.command()
    def ask() -> None:
        raise error

    group = Spoken("group")
    group.add_command(ask)
    return group


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_who_stops_a_command_or_its_question_gets_one_exit_code(error: BaseException) -> None:
    done = CliRunner().invoke(raising(error), ["ask"])
    assert done.exit_code == ENVIRONMENT
    assert done.stderr.strip().splitlines()[-1].startswith("Đã dừng theo yêu cầu.")


def test_ctrl_c_between_parsing_and_running_gets_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Spoken, "make_context", interrupted)
    done = CliRunner().invoke(Spoken("group"), [])
    assert done.exit_code == ENVIRONMENT
    assert "Đã dừng theo yêu cầu." in done.stderr


def test_a_wrong_call_is_told_as_before() -> None:
    assert CliRunner().invoke(raising(click.Abort()), ["nobody"]).exit_code == USAGE
