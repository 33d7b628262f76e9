"""What other officers and plugins bring about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.campaigns import Campaign, typed_over
from tests.spoiled import VALID, Case, Place, error
from xlscore.findings import Finding, Status, finding
from xlscore.hookspecs import hookimpl
from xlscore.plugins import build as build_plugins
from xlscore.workbooks.returns import Return


def _other_role(campaign: Campaign) -> Return:
    data = typed_over(campaign.filled(role="van-phong"), {"E36": "Mức 3"})
    return campaign.read(data)


ROLES = (Case("another officer's row", _other_role, (("not-your-row", "E36", "2.4"),), VALID),)


def with_plugin(campaign: Campaign, check: Callable[[], Any]) -> Campaign:
    """Return the campaign with a plugin whose check gives what `check` gives."""

    class Plugin:
        @hookimpl
        def xlscore_check(self) -> Any:
            return check()

    plugins = build_plugins(())
    plugins.manager.register(Plugin(), name="cua-so")
    return replace(campaign, workspace=replace(campaign.workspace, plugins=plugins))


def _plugin(case: str, check: Callable[[], Any], *expected: Place, status: Status) -> Case:
    return Case(case, lambda c: with_plugin(c, check).read(c.filled()), expected, status)


def _raise() -> Any:
    raise ZeroDivisionError("chia cho 0")


def _raise_late() -> Any:
    yield finding("plugin-finding", params={"text": "Một.", "remedy": "Hai."})
    raise ZeroDivisionError("chia cho 0")


def _said(name: str) -> Callable[[], list[Finding]]:
    params = {"text": "Số liệu lạ.", "remedy": "Kiểm tra lại."}
    return lambda: [finding(name, cell="F9", row="1.1", params=params)]


_FAILED = ("plugin-failed", "", "")
PLUGINS = (
    _plugin("a plugin raises", _raise, _FAILED, status=Status.INVALID),
    _plugin("a plugin raises half way", _raise_late, _FAILED, status=Status.INVALID),
    _plugin("a plugin gives a number", lambda: 7, _FAILED, status=Status.INVALID),
    _plugin("a plugin gives texts", lambda: ["lỗi"], _FAILED, status=Status.INVALID),
    _plugin("a plugin makes up a code", lambda: [Finding("Z999")], _FAILED, status=Status.INVALID),
    _plugin("a plugin has nothing to say", lambda: None, status=VALID),
    _plugin("a plugin warns", _said("plugin-finding"), error("plugin-finding"), status=VALID),
    _plugin(
        "a plugin refuses", _said("plugin-error"), error("plugin-error"), status=Status.INVALID
    ),
)
