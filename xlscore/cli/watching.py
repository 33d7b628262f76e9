"""`watch`: take in returns for as long as the campaign lasts."""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlscore.cli.common import (
    ENVIRONMENT,
    FINE,
    campaign_option,
    error_words,
    open_campaign,
    print_findings,
    say,
    warn,
)
from xlscore.cli.letters import state_words
from xlscore.cli.returns import collect, door_words
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.ledger import Recorded
    from xlscore.watching import Told, Turn
    from xlscore.workspace import Workspace

_DURATION = re.compile(r"(\d+(?:[.,]\d+)?)\s*(s|m|min|h)?", re.IGNORECASE)
_UNITS = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600}


class Duration(click.ParamType[float]):
    """A span of time such as `10s`, `2m`, `1h`; a bare number is seconds."""

    name = "duration"

    def __init__(self, least: float, most: float) -> None:
        self._least, self._most = least, most

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the seconds."""
        if isinstance(value, float):
            return value
        found = _DURATION.fullmatch(str(value).strip())
        seconds = (
            float(found[1].replace(",", ".")) * _UNITS[(found[2] or "").lower()] if found else -1
        )
        if not self._least <= seconds <= self._most:
            self.fail(
                _(
                    "“{value}” is no span of time from {least} s to {most} s, written like 10s or 2m.",
                    value=value,
                    least=f"{self._least:g}",
                    most=f"{self._most:g}",
                ),
                param,
                ctx,
            )
        return seconds


@click.command(short_help="Watch the inbox and take in what comes, until stopped.")
@campaign_option
@click.option("--every", type=Duration(1, 3600), metavar="10s", help="Time between two scans.")
@click.option("--settle", type=Duration(0, 600), metavar="5s", help="A file must stay unchanged.")
@click.option("--once", is_flag=True, help="One turn only, then end: for schedulers.")
@click.pass_context
def watch(
    context: click.Context,
    folder: Path,
    every: float | None,
    settle: float | None,
    once: bool,
) -> None:
    """Watch the inbox and take in what comes, write receipts and the status page, until Ctrl+C.

    Whatever happens to it, nothing is lost: the next start finds what is new.
    """
    if once:
        context.invoke(collect, folder=folder, settle=settle)
        return
    workspace = open_campaign(folder)
    raise SystemExit(_watch(workspace, every, settle))


def _watch(workspace: Workspace, every: float | None, settle: float | None) -> int:
    from xlscore.logs import start_logging
    from xlscore.watching import Watcher

    teller = Teller(workspace)
    watcher = Watcher(workspace, teller.tell, every=every, settle=settle)
    _on_signals(watcher.stop)
    with start_logging(workspace.logs, "watch"):
        say(_("Watching {place}. Stop with Ctrl+C.", place=workspace.inbox))
        logging.getLogger("xlscore.watch").info("started", extra={"inbox": str(workspace.inbox)})
        finished = watcher.run()
        logging.getLogger("xlscore.watch").info("stopped", extra={"finished": finished})
    if finished:
        say(_("Stopped. What is recorded stays; start again to go on."))
        return FINE
    warn(_("Stopped while the share did not answer; the next start finds what is new."))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(ENVIRONMENT)  # a thread that hangs in the system would keep the process alive


def _on_signals(stop: Callable[[], None]) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, lambda _number, _frame: stop())


class Teller:
    """Tells on the console and in the log what the watcher does; what goes on unchanged, once."""

    def __init__(self, workspace: Workspace) -> None:
        self._zone = workspace.campaign.zone
        self._log = logging.getLogger("xlscore.watch")
        self._last: tuple[str, ...] = ()
        self._troubled = False

    def tell(self, told: Told) -> None:
        """Tell of a turn, an error, a changed campaign."""
        if told.error is not None:
            self._trouble(error_words(told.error), exc=told.error)
        elif told.findings:
            self._trouble(_("campaign.yaml has errors; the former one is used on."), once=False)
            print_findings(told.findings, "  ", err=True)
        elif told.reread:
            self._say(_("The campaign was changed and read anew."))
        elif told.turn is not None:
            self._turn(told.turn)

    def _turn(self, turn: Turn) -> None:
        collected = turn.collected
        for recorded in collected.recorded:
            self._arrival(recorded)
        for file in collected.evidence:
            self._say(_("{file}: evidence of {unit}", file=file.file, unit=file.unit))
            self._log.info("evidence", extra={"file": file.file, "unit": file.unit})
        for letter in turn.letters:
            said = f"{letter.letter.recipient}: {state_words(letter)}"
            self._say(_("Letter {number} to {said}", number=letter.id, said=said))
            facts = {"letter": letter.id, "state": letter.state.value, "why": letter.error}
            self._log.info("letter", extra=facts)
        for lost in turn.delivered.given_up:
            self._trouble(_("Not written, and given up: {what}", what=lost), once=False)
        troubles = [*turn.troubles]
        if not collected.door.open:
            troubles.insert(0, door_words(collected.door))
        lasting = [f for f in collected.waiting if f.name != "still-being-copied"]
        waiting = tuple(f"{f.code} {f.file}" for f in lasting)
        if (*troubles, *waiting) == self._last:
            return
        over = self._troubled and not troubles
        self._last, self._troubled = (*troubles, *waiting), bool(troubles)
        for trouble in troubles:
            self._trouble(trouble, once=False)
        if over:
            self._say(_("The trouble is over."))
            self._log.info("recovered")
        print_findings(lasting, "  ")

    def _arrival(self, recorded: Recorded) -> None:
        said = _(recorded.status.value)
        if recorded.unit:
            unit = _("{unit}, version {version}", unit=recorded.unit, version=recorded.version)
            self._say(f"{recorded.file} ({unit}): {said}")
        else:
            self._say(f"{recorded.file}: {said}")
        facts = {
            "file": recorded.file,
            "unit": recorded.unit,
            "role": recorded.role,
            "version": recorded.version,
            "status": recorded.status.value,
            "submission": recorded.id,
            "codes": [found.code for found in recorded.findings],
        }
        self._log.info("arrived", extra=facts)

    def _trouble(self, said: str, *, exc: Exception | None = None, once: bool = True) -> None:
        if once and self._last == (said,):
            return
        if once:
            self._last, self._troubled = (said,), True
        warn(f"{self._stamp()} {said}")
        self._log.warning("trouble", extra={"said": said}, exc_info=exc)

    def _say(self, text: str) -> None:
        say(f"{self._stamp()} {text}")

    def _stamp(self) -> str:
        return f"{datetime.now(self._zone):%H:%M:%S}"
