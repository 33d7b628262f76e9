"""The plugin manager: built-ins and third parties come through the same hooks.

Third-party plugins are loaded entry point by entry point, so that a broken one is reported instead of
stopping the command line; `XLSCORE_PLUGINS=""` switches them off, a comma-separated list admits some.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pluggy

from xlscore import hookspecs
from xlscore.hookspecs import Choice, hookimpl
from xlscore.located import Located
from xlscore.methods import BUILT_IN, Method, Registry, registry
from xlscore.rubric_file import RubricFile, parse_rubric, read_rubric

GROUP = "xlscore"
SWITCH = "XLSCORE_PLUGINS"

# Imported by name, as datasette does with its own: the manager stands low, so that all layers may call
# plugins, and what plugs in stands high; an import statement would make the two depend on each other.
DEFAULT_PLUGINS = ("xlscore.robustness.plugin",)
"""Modules of xlscore that add their part through the hooks that anybody has."""

LATEST = Choice(counts=True)
"""The rule where no plugin has another: the latest valid return counts, by ledger order."""


@dataclass(frozen=True)
class PluginFailure:
    """A plugin that could not be loaded, or that raised when called."""

    plugin: str
    error: str


@dataclass
class Plugins:
    """The loaded plugins.

    Attributes:
        manager: pluggy's manager, with what comes with xlscore registered first.
        failures: plugins that could not be loaded, in words.
    """

    manager: pluggy.PluginManager
    failures: list[PluginFailure] = field(default_factory=list)

    def each(self, hook: str, **arguments: Any) -> Iterator[tuple[str, Any]]:
        """Call a hook plugin by plugin, in order of registration.

        Yields:
            The plugin's name and its result, or a `PluginFailure` where it raised: one broken plugin
            never takes the others' results with it.
        """
        caller = getattr(self.manager.hook, hook)
        for implementation in caller.get_hookimpls():
            name = self.manager.get_name(implementation.plugin) or repr(implementation.plugin)
            wanted = {key: arguments[key] for key in implementation.argnames}
            try:
                yield name, implementation.function(**wanted)
            except Exception as error:  # noqa: BLE001  a plugin may raise anything
                yield name, PluginFailure(name, f"{type(error).__name__}: {error}")

    def first(self, hook: str, **arguments: Any) -> Any:
        """Return the first result that is not None; failures are passed over and noted."""
        for _, result in self.each(hook, **arguments):
            if isinstance(result, PluginFailure):
                self.note(result)
            elif result is not None:
                return result
        return None

    def methods(self) -> Registry:
        """Return every scoring method by kind; a plugin that takes a kind already taken is refused."""
        classes: list[type[Method]] = []
        for name, result in self.each("xlscore_scoring_methods"):
            if isinstance(result, PluginFailure):
                self.note(result)
                continue
            try:
                offered = tuple(result)
                registry([*classes, *offered])
            except Exception as error:  # noqa: BLE001  a plugin may offer, and raise, anything
                self.note(PluginFailure(name, f"{type(error).__name__}: {error}"))
                continue
            classes.extend(offered)
        return registry(classes)

    def read_rubric(self, path: Path) -> RubricFile:
        """Read a rubric in the format of the first plugin that knows the file, else as YAML."""
        document = self.first("xlscore_load_rubric", path=path)
        if document is None:
            return read_rubric(path, self.methods())
        return parse_rubric(Located(path, document, {}), self.methods())

    def decide(
        self, previous: Any, incoming: Any, campaign: Any
    ) -> tuple[Choice, PluginFailure | None]:
        """Return whether an incoming return counts; where nobody says otherwise, the latest does.

        The first plugin that has an opinion decides; one that fails is told beside the choice.
        """
        arguments = {"previous": previous, "incoming": incoming, "campaign": campaign}
        for name, result in self.each("xlscore_decide", **arguments):
            if isinstance(result, PluginFailure):
                return LATEST, result
            if isinstance(result, Choice):
                return result, None
            if result is not None:
                return LATEST, PluginFailure(name, "không trả về Choice / did not return a Choice")
        return LATEST, None

    def note(self, failure: PluginFailure) -> None:
        """Keep a failure for the operator to see, once however often it happens."""
        if failure not in self.failures:
            self.failures.append(failure)

    def third_party(self) -> Iterator[tuple[str, Any]]:
        """Yield name and module of every plugin that is not built in."""
        for name, plugin in self.manager.list_name_plugin():
            own = isinstance(plugin, _BuiltIns) or name in map(_default_name, DEFAULT_PLUGINS)
            if not own:
                yield name, plugin


class _BuiltIns:
    """The built-in methods, offered like anybody else's."""

    @hookimpl
    def xlscore_scoring_methods(self) -> Iterable[type[Method]]:
        return BUILT_IN


def build(points: Iterable[EntryPoint], modules: Iterable[object] = ()) -> Plugins:
    """Return a manager with the built-ins, the given entry points and plugins already imported.

    Raises:
        pluggy.PluginValidationError: one of `modules` misspells a hook or its arguments.
    """
    manager = pluggy.PluginManager("xlscore")
    manager.add_hookspecs(hookspecs)
    manager.register(_BuiltIns(), name="xlscore")
    plugins = Plugins(manager)
    for path in DEFAULT_PLUGINS:
        _add(plugins, _default_name(path), partial(import_module, path))
    for module in modules:
        manager.register(module)
    manager.check_pending()
    for point in points:
        _add(plugins, point.name, point.load)
    return plugins


@cache
def load() -> Plugins:
    """Return the plugins of this installation; loaded once a process."""
    wanted = os.environ.get(SWITCH)
    points: Iterable[EntryPoint] = entry_points(group=GROUP)
    if wanted is not None:
        names = {name.strip() for name in wanted.split(",")}
        points = [point for point in points if point.name in names]
    return build(points)


def _default_name(path: str) -> str:
    """Return the name of one of xlscore's own plugins: `xlscore.robustness.plugin` is xlscore-robustness."""
    return "-".join(path.split(".")[:2])


def _add(plugins: Plugins, name: str, imported: Callable[[], object]) -> None:
    manager = plugins.manager
    try:
        manager.register(imported(), name=name)
        # A misspelled hook would otherwise be ignored without a word.
        manager.check_pending()
    except Exception as error:  # noqa: BLE001  importing a plugin may raise anything
        if manager.has_plugin(name):
            manager.unregister(name=name)
        plugins.failures.append(PluginFailure(name, f"{type(error).__name__}: {error}"))
