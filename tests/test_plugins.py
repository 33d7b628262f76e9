"""The plugin manager: nobody's plugin stops the command line or takes the others' results with it."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, cast

import pytest

import xlscore
from xlscore import hookspecs, plugins
from xlscore.methods import BUILT_IN
from xlscore.methods.points import FreePoints
from xlscore.plugins import PluginFailure, Plugins, build, load

ROOT = Path(__file__).parent.parent


class Point:
    """An entry point: a name, and what loading it gives or raises."""

    def __init__(self, name: str, loaded: object) -> None:
        self.name, self._loaded = name, loaded

    def load(self) -> object:
        if isinstance(self._loaded, Exception):
            raise self._loaded
        return self._loaded


def plugin(**hooks: Any) -> ModuleType:
    module = ModuleType("made")
    for name, function in hooks.items():
        setattr(module, name, xlscore.hookimpl(function))
    return module


def built(**loaded: object) -> Plugins:
    return build([cast("Any", Point(name, what)) for name, what in loaded.items()])


def told(found: Plugins) -> list[tuple[str, str]]:
    return [(f.plugin, f.error) for f in found.failures]


class Extra(FreePoints):
    kind: ClassVar[str] = "extra"


def test_the_built_in_methods_come_through_the_same_hook() -> None:
    found = built()
    assert set(found.methods().values()) == set(BUILT_IN)
    assert [n for n, _ in found.manager.list_name_plugin()] == ["xlscore", "xlscore-robustness"]
    assert list(found.third_party()) == []


def test_a_plugin_of_xlscore_that_cannot_be_imported_is_reported_like_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plugins, "DEFAULT_PLUGINS", ("xlscore.nothing.plugin",))
    found = built(good=plugin(xlscore_scoring_methods=lambda: [Extra]))
    assert told(found) == [
        ("xlscore-nothing", "ModuleNotFoundError: No module named 'xlscore.nothing'")
    ]
    assert dict(found.methods())["extra"] == Extra


def test_a_plugin_that_cannot_be_imported_is_listed_and_the_others_load() -> None:
    good = plugin(xlscore_scoring_methods=lambda: [Extra])
    found = built(broken=ImportError("no module named numpy"), good=good)
    assert told(found) == [("broken", "ImportError: no module named numpy")]
    assert dict(found.methods())["extra"] == Extra
    assert [name for name, _ in found.third_party()] == ["good"]


def test_a_misspelled_hook_is_reported_and_its_plugin_not_used() -> None:
    found = built(wrong=plugin(xlscore_scoring_metods=lambda: [Extra]))
    ((name, error),) = told(found)
    assert name == "wrong"
    assert "xlscore_scoring_metods" in error
    assert "extra" not in found.methods()
    assert list(found.third_party()) == []


def test_a_hook_with_an_unknown_argument_is_reported() -> None:
    def check(submission: object, sheet: object) -> list[object]:
        return [submission, sheet]

    found = built(wrong=plugin(xlscore_check=check))
    ((name, error),) = told(found)
    assert name == "wrong"
    assert "sheet" in error


def test_two_plugins_of_one_name_do_not_stop_each_other() -> None:
    points = [cast("Any", Point("twin", plugin())), cast("Any", Point("twin", plugin()))]
    assert [f.plugin for f in build(points).failures] == ["twin"]


@pytest.mark.parametrize(
    "offered", [[FreePoints], [Extra, Extra], [object], 7, None, (1 / n for n in (1, 0))]
)
def test_a_plugin_whose_methods_cannot_be_used_is_refused_once_and_the_rest_stay(
    offered: object,
) -> None:
    found = built(bad=plugin(xlscore_scoring_methods=lambda: offered))
    assert set(found.methods().values()) == set(BUILT_IN)
    found.methods()
    assert {name for name, _ in told(found)} == {"bad"}
    assert len(told(found)) == len(set(told(found)))


def test_every_hook_is_called_plugin_by_plugin_and_one_that_raises_is_isolated() -> None:
    arguments = {"submission": 1, "layout": 2, "unit": 3, "campaign": 4}

    def check(submission: int, campaign: int) -> list[int]:
        return [submission, campaign]

    def bad(unit: int) -> list[int]:
        raise RuntimeError(f"boom {unit}")

    found = built(
        a=plugin(xlscore_check=check), b=plugin(xlscore_check=bad), c=plugin(xlscore_check=check)
    )
    assert dict(found.each("xlscore_check", **arguments)) == {
        "a": [1, 4], "b": PluginFailure("b", "RuntimeError: boom 3"), "c": [1, 4],
    }  # fmt: skip


@pytest.mark.parametrize("hook", [n for n in vars(hookspecs) if n.startswith("xlscore_")])
def test_every_hook_can_be_implemented_with_all_its_arguments_or_none(hook: str) -> None:
    names = list(inspect.signature(getattr(hookspecs, hook)).parameters)
    namespace: dict[str, Any] = {}
    exec(f"def implementation({', '.join(names)}): return tuple([{', '.join(names)}])", namespace)  # noqa: S102
    found = built(
        full=plugin(**{hook: namespace["implementation"]}), bare=plugin(**{hook: lambda: ()})
    )
    assert told(found) == []
    results = dict(found.each(hook, **{name: name for name in names}))
    assert results["full"] == tuple(names)
    assert results["bare"] == ()


def test_the_first_result_that_is_one_wins_and_failures_are_noted() -> None:
    def bad(path: Path) -> object:
        raise RuntimeError("boom")

    found = built(
        a=plugin(xlscore_load_rubric=bad),
        b=plugin(xlscore_load_rubric=lambda: None),
        c=plugin(xlscore_load_rubric=lambda path: path.name),
    )
    assert found.first("xlscore_load_rubric", path=Path("x.txt")) == "x.txt"
    assert found.first("xlscore_load_rubric", path=Path("x.txt")) == "x.txt"
    assert told(found) == [("a", "RuntimeError: boom")]
    assert built().first("xlscore_load_rubric", path=Path("x.txt")) is None


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    points = [Point("a", plugin()), Point("b", plugin()), Point("c", ImportError("broken"))]
    monkeypatch.setattr(plugins, "entry_points", lambda group: points if group == "xlscore" else [])
    load.cache_clear()
    yield
    load.cache_clear()


@pytest.mark.parametrize(
    ("switch", "used", "failed"),
    [
        (None, ["a", "b"], ["c"]),
        ("", [], []),
        ("b", ["b"], []),
        (" b , a ", ["a", "b"], []),
        ("c", [], ["c"]),
    ],
)
@pytest.mark.usefixtures("installed")
def test_the_switch_admits_only_the_plugins_that_it_names(
    switch: str | None, used: list[str], failed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if switch is None:
        monkeypatch.delenv("XLSCORE_PLUGINS", raising=False)
    else:
        monkeypatch.setenv("XLSCORE_PLUGINS", switch)
    found = load()
    assert [name for name, _ in found.third_party()] == used
    assert [f.plugin for f in found.failures] == failed
    assert load() is found


def test_a_broken_plugin_in_a_real_environment_does_not_stop_the_command_line(
    tmp_path: Path,
) -> None:
    package = tmp_path / "broken-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[xlscore]\nbroken = broken\nrough = rough\n")
    (tmp_path / "broken.py").write_text("import no_such_library\n")
    (tmp_path / "rough.py").write_text(
        "import xlscore\n\n@xlscore.hookimpl\ndef xlscore_commands(cli):\n    raise ValueError('rough')\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
                   "PYTHONUTF8": "1"}  # fmt: skip
    command = [sys.executable, "-m", "xlscore", "plugins"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "no_such_library" in done.stdout
    assert "ValueError: rough" in done.stdout
    environment["XLSCORE_PLUGINS"] = ""
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "no_such_library" not in done.stdout + done.stderr
