"""The command line's own words in the operator's language: help, usage and click's messages.

Docstrings and help texts stay English in the source, as the message ids that they are.
"""

from __future__ import annotations

import gettext
import inspect
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import click

from xlscore import i18n
from xlscore.cli.common import guarded, interrupted
from xlscore.i18n import _

LANGUAGE_VARIABLE = "XLSCORE_LANGUAGE"

_ENGLISH: dict[tuple[click.Command | click.Parameter, str], str | None] = {}
"""The help texts and names as written, so that they can be said in another language later."""


class Spoken(click.Group):
    """The command line: chooses the language before anything is said, guards whatever runs."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT002  click's own
        **extra: Any,
    ) -> Any:
        """Run as the program; who presses Ctrl+C, wherever it is, a question included, leaves one way.

        click itself would end some of these with 1, as if something needed attention.
        """
        run = super().main
        if not standalone_mode:
            return run(args, prog_name, complete_var, standalone_mode=False, **extra)
        try:
            code = run(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.Abort:
            interrupted()
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        sys.exit(code)

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> click.Context:
        """Choose the language, since `--help` and wrong calls are answered while parsing."""
        i18n.use(asked_language(args) or "vi")
        # click asks the gettext of the process, and that asks the environment.
        os.environ["LANGUAGE"] = i18n.language()
        gettext.bindtextdomain("xlscore", i18n.LOCALE)
        gettext.textdomain("xlscore")
        _translate(self)
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whatever goes wrong becomes a message and an exit code."""
        with guarded():
            return super().invoke(ctx)


def asked_language(args: Sequence[str]) -> str:
    """Return the language that the call or the environment names, or nothing."""
    asked = os.environ.get(LANGUAGE_VARIABLE, "")
    for arg, following in pairwise([*args, ""]):
        if arg == "--language":
            asked = following
        elif arg.startswith("--language="):
            asked = arg.partition("=")[2]
    return asked if asked in i18n.LANGUAGES else ""


def _name(kind: object) -> None:
    """Name a type as messages name it; click does so once, before the language is chosen."""
    if isinstance(kind, click.Path):
        only_one = kind.file_okay != kind.dir_okay
        kind.name = (_("file") if kind.file_okay else _("directory")) if only_one else _("path")
    elif isinstance(kind, click.FloatRange):
        kind.name = _("number")
    elif isinstance(kind, click.IntRange):
        kind.name = _("whole number")
    elif isinstance(kind, click.Tuple):
        for one in kind.types:
            _name(one)


def _name_value(parameter: click.Parameter) -> None:
    """Name what stands for a value in the usage line and in the help of an option."""
    given = _ENGLISH.setdefault((parameter, "metavar"), parameter.metavar)
    if isinstance(parameter, click.Argument):
        more = "..." if parameter.nargs != 1 else ""
        said = _(given or (parameter.name or "").upper())
        parameter.metavar = f"{said}{more}" if parameter.required else f"[{said}]{more}"
    elif given:
        parameter.metavar = _(given)


def _translate(command: click.Command) -> None:
    things: list[Any] = [command, *command.params]
    for thing in things:
        for attribute in ("help", "short_help"):
            said = getattr(thing, attribute, None)
            english = _ENGLISH.setdefault((thing, attribute), said)
            if english:
                setattr(thing, attribute, _(inspect.cleandoc(english)))
    command.options_metavar = _("[OPTIONS]")
    if isinstance(command, click.Group):
        command.subcommand_metavar = _("COMMAND [ARGS]...")
    for parameter in command.params:
        _name(parameter.type)
        _name_value(parameter)
    for subcommand in getattr(command, "commands", {}).values():
        _translate(subcommand)
