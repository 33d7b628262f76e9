"""`explain` and `plugins`: what a code means, what is loaded."""

from __future__ import annotations

import difflib
import re

import click

from xlscore import i18n
from xlscore.catalogue import BY_CODE, BY_NAME
from xlscore.cli.common import FINE, USAGE, fail, json_option, print_json, print_table, say
from xlscore.i18n import _

_BLANK = re.compile(r"\{\w+\}")
"""What a finding fills in when it is about a certain cell."""


@click.command()
@click.argument("code")
def explain(code: str) -> None:
    """Say what a finding CODE (such as S012) means and what to do."""
    entry = BY_CODE.get(code.upper()) or BY_NAME.get(code.lower())
    if entry is None:
        near = ", ".join(difflib.get_close_matches(code.upper(), BY_CODE, n=3))
        if not near:
            fail(_("There is no code “{code}”.", code=code), USAGE)
        fail(_("There is no code “{code}”. Nearest: {near}.", code=code, near=near), USAGE)
    words = entry.words(i18n.language())
    severities = {"error": _("error"), "warning": _("warning"), "note": _("note")}
    say(f"{entry.code} {entry.name} ({severities[entry.severity.value]})")
    say(f"  {_BLANK.sub('…', words.message)}")
    say(f"  → {_BLANK.sub('…', words.remedy)}")


@click.command(short_help="List plugins and their hooks.")
@json_option
def plugins(as_json: bool) -> None:
    """List plugins, their hooks, and those that could not be loaded."""
    from xlscore.plugins import load

    loaded = load()
    rows = []
    for name, plugin in loaded.manager.list_name_plugin():
        hooks = sorted(h.name for h in loaded.manager.get_hookcallers(plugin) or ())
        version = str(getattr(plugin, "__version__", ""))
        rows.append({"name": name, "version": version, "hooks": hooks, "error": ""})
    methods = sorted(loaded.methods())
    rows += [
        {"name": f.plugin, "version": "", "hooks": [], "error": f.error} for f in loaded.failures
    ]
    if as_json:
        print_json({"plugins": rows, "methods": methods})
        raise SystemExit(FINE)
    print_table(
        [_("Plugin"), _("Version"), _("Hooks"), _("Error")],
        [[r["name"], r["version"], ", ".join(r["hooks"]), r["error"]] for r in rows],  # type: ignore[list-item]
    )
    say(_("Scoring methods: {methods}", methods=", ".join(methods)))
