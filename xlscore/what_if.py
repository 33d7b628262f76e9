"""What if: read a what-if file, rank as supposed, write the comparison; the record is only read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from xlscore.findings import Finding
from xlscore.i18n import _
from xlscore.ledger import LedgerError, open_ledger
from xlscore.ledger.keeper import reading
from xlscore.proceedings import Proceedings, proceedings
from xlscore.supposing import Basis, Comparison, compare, read_supposition
from xlscore.text import plain_ascii
from xlscore.workbooks.comparison import write_comparison
from xlscore.workspace import Workspace

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 40


@dataclass(frozen=True)
class Supposed:
    """What came of a what-if file: without comparison and path where it has errors."""

    findings: tuple[Finding, ...]
    comparison: Comparison | None = None
    path: Path | None = None


def what_if(workspace: Workspace, file: Path, now: datetime | None = None) -> Supposed:
    """Compare the ranking as it is with what `file` supposes, and write the workbook into `reports/`.

    Nothing else is written: no ledger, no archive, no ranking.

    Raises:
        TargetInUseError: the comparison is open in Excel.
        OSError: the folder cannot be used.
        LedgerError: nothing is on record yet, or the ledger cannot be used, or was altered.
    """
    moment = now or datetime.now(UTC)
    basis = basis_of(_state(workspace, moment))
    read = read_supposition(file, basis.results)
    if not read.suppositions:
        return Supposed(read.findings)
    comparison = compare(basis, read.suppositions)
    path = comparison_path(workspace, file)
    path.parent.mkdir(parents=True, exist_ok=True)
    local = moment.astimezone(workspace.campaign.zone)
    write_comparison(comparison, path, generated=local)
    return Supposed(read.findings, comparison, path)


def _state(workspace: Workspace, moment: datetime) -> Proceedings:
    if not workspace.ledger_path.exists():
        raise LedgerError(_("nothing is on record yet; run “xlscore collect” first"))
    with reading(workspace.ledger_path):
        pass  # an older ledger is not migrated for the sake of a supposition
    with open_ledger(workspace.ledger_path) as ledger:
        if not ledger.chain_is_sound():
            raise LedgerError(_("its log was altered; restore data/ from a backup"))
        return proceedings(workspace, ledger, moment)


def basis_of(state: Proceedings) -> Basis:
    """Return the ranking of a moment with what it is made of."""
    submissions = {c: s.submission for c, s in state.standings.items() if s.submission}
    layout_of = state.workspace.layout
    return Basis(state.results, submissions, layout_of, state.appraisals, state.reported)


def comparison_path(workspace: Workspace, file: Path) -> Path:
    """Return where the comparison of a what-if file stands; no ranking is ever called so."""
    name = _UNSAFE.sub("-", plain_ascii(file.stem)).strip("-").lower()[:_LONGEST] or "gia-dinh"
    return workspace.reports / f"gia-dinh-{workspace.campaign.settings.id}-{name}.xlsx"
