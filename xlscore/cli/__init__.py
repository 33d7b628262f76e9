"""The command line: thin commands that parse, call one function, print, and set the exit code."""

from __future__ import annotations

import sys

import click

from xlscore import __version__, i18n
from xlscore.cli.about import explain, plugins
from xlscore.cli.appraising import appraise
from xlscore.cli.campaigns import demo, init
from xlscore.cli.common import guarded
from xlscore.cli.decisions import accept, assign, void, waive
from xlscore.cli.districts import district
from xlscore.cli.forms import generate
from xlscore.cli.handouts import remind
from xlscore.cli.histories import history
from xlscore.cli.ledgers import ledger
from xlscore.cli.operators import doctor, takeover
from xlscore.cli.releasing import release
from xlscore.cli.replies import reply
from xlscore.cli.results import result
from xlscore.cli.returns import check, collect, status
from xlscore.cli.rubrics import rubric
from xlscore.cli.sending import mail, send
from xlscore.cli.spoken import LANGUAGE_VARIABLE, Spoken
from xlscore.cli.standings import rank
from xlscore.cli.surveys import survey
from xlscore.cli.verifying import verify
from xlscore.cli.watching import watch


@click.group(
    cls=Spoken,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--language",
    type=click.Choice(i18n.LANGUAGES),
    envvar=LANGUAGE_VARIABLE,
    help="Language of messages; the campaign's by default.",
)
@click.version_option(__version__, prog_name="xlscore", message="%(prog)s %(version)s")
def cli(language: str | None) -> None:
    """Score the administrative-reform index (Chỉ số CCHC) with locked Excel scorecards."""
    # The language was chosen before parsing (see `Spoken`); here it is only checked.


_COMMANDS: tuple[click.Command, ...] = (
    init, demo, rubric, generate, release, remind, check, collect, watch, status,
    accept, void, assign, waive,
    appraise, reply, survey, result, district,
    rank, verify, send, mail, history, explain, ledger, takeover, doctor, plugins,
)  # fmt: skip
for command in _COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the command line; the console script."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Windows consoles may stand on a legacy code page
            stream.reconfigure(encoding="utf-8", errors="replace")
    with guarded():
        _add_plugin_commands()
        cli()


def _add_plugin_commands() -> None:
    from xlscore.plugins import PluginFailure, load

    loaded = load()
    for _name, added in loaded.each("xlscore_commands", cli=cli):
        if isinstance(added, PluginFailure):
            loaded.note(added)
