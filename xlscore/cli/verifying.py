"""`verify`: a ranking file against its edition, and against ledger and archive."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlscore import i18n
from xlscore.cli.common import (
    ATTENTION,
    ENVIRONMENT,
    FINE,
    NUMBER,
    campaign_option,
    fail,
    json_option,
    open_campaign,
    print_findings,
    print_json,
    progress_bar,
    say,
)
from xlscore.i18n import _

if TYPE_CHECKING:
    from xlscore.verifying import Verified
    from xlscore.workspace import Workspace


@click.command(short_help="Hold a ranking file against its edition, ledger and archive.")
@campaign_option
@json_option
@click.option(
    "--edition",
    type=NUMBER,
    metavar="NUMBER",
    help="The edition that the file should be; by default the one that it says it is.",
)
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
def verify(folder: Path, as_json: bool, edition: int | None, file: Path) -> None:
    """Find whether FILE is still what was frozen, and whether the results still follow from the record.

    Ledger and archive are checked, every cell is compared with the frozen edition, the returns are read
    again from the archive and the results recomputed. Nothing is changed.
    """
    from xlscore.ledger import is_begun

    workspace = open_campaign(folder)
    if not is_begun(workspace.ledger_path):
        fail(_("There is no ledger {place} yet.", place=workspace.ledger_path), ENVIRONMENT)
    done = _verified(workspace, file, edition or 0)
    if as_json:
        print_json(_as_json(done))
    else:
        _print(done)
    raise SystemExit(FINE if done.holds else ATTENTION)


def _verified(workspace: Workspace, file: Path, edition: int) -> Verified:
    from xlscore.ledger import LedgerError
    from xlscore.ledger.opening import OlderLedgerError
    from xlscore.verifying import verify as verified

    words = _steps()
    try:
        with progress_bar() as draw:
            return verified(
                workspace, file, edition, lambda step, at, n: draw(words[step.value], at, n)
            )
    except OlderLedgerError:
        fail(_("The ledger {place} was written by an older version of xlscore. The next"
               " “xlscore status” or “xlscore rank” brings it up to date: then run this again.",
               place=workspace.ledger_path), ENVIRONMENT)  # fmt: skip
    except LedgerError as error:
        if not workspace.ledger_path.exists():  # which says itself what helps
            raise
        fail(_("The ledger cannot be used: {what}. “xlscore ledger check” tells what helps.",
               what=error), ENVIRONMENT)  # fmt: skip


def _as_json(done: Verified) -> dict[str, Any]:
    from xlscore.findings import as_json

    return {
        "file": str(done.path),
        "holds": done.holds,
        "edition": done.edition or None,
        "kind": done.kind,
        "identical": done.identical,
        "saved_by": done.saved_by,
        "saved_again": done.saved_again,
        "cells": done.cells,
        "steps": {step.value: holds for step, holds in done.steps.items()},
        "findings": [as_json(found, i18n.language()) for found in done.findings],
        "differences": [asdict(one) for one in done.differences],
    }


def _print(done: Verified) -> None:
    if done.edition:
        say(_("{file}: edition {number} ({kind}).", file=done.path.name, number=done.edition,
              kind=_kinds()[done.kind]))  # fmt: skip
    if done.identical:
        say(_("The file is byte for byte the one that was frozen."))
    words = _steps()
    for step, holds in done.steps.items():
        mark = click.style("✓", fg="green") if holds else click.style("✗", fg="red")
        say(f"{mark} {words[step.value]}")
    print_findings(done.findings)
    if done.holds and done.saved_again:
        say(_("Cells, formulas, sheets and charts hold. What the file looks like (fonts, colours, "
              "conditional formats) cannot be verified: only the frozen file proves that."))  # fmt: skip
    elif done.holds and done.steps:
        say(_("Everything holds."))
    elif not done.holds:
        say(_("The file does not hold: see above what differs."))


def _kinds() -> dict[str, str]:
    return {
        "workbook": _("workbook"),
        "results": _("results"),
        "page": _("page"),
        "announcement": _("announcement"),
        "pdf": _("PDF"),
        "public-workbook": _("public workbook"),
        "public-page": _("public page"),
    }


def _steps() -> dict[str, str]:
    return {
        "edition": _("Which edition it is"),
        "ledger": _("The ledger and its log"),
        "archive": _("The archive"),
        "file": _("The file, cell by cell"),
        "recomputation": _("The results, recomputed"),
    }
