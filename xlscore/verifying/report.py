"""What a verification found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from xlscore.findings import Finding, Severity
from xlscore.workbooks.dump import Difference


class Step(StrEnum):
    """What is verified, in order."""

    EDITION = "edition"
    LEDGER = "ledger"
    ARCHIVE = "archive"
    FILE = "file"
    RECOMPUTATION = "recomputation"


Progress = Callable[[Step, int, int], None]
"""Told how much of a step is done, and of how much."""


def silent(_step: Step, _done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass
class Verified:
    """What was found of one file.

    Attributes:
        edition, kind: the edition and its file that it was compared with; 0 and empty where none was found.
        identical: whether it is byte for byte the frozen file; `saved_by`: the program that saved it.
        saved_again: whether a program wrote it anew, so that its looks cannot be verified.
        cells: cells that were compared.
        steps: whether each step that could be taken holds.
        differences: every difference between the file and what was frozen, where `findings` group them.
    """

    path: Path
    edition: int = 0
    kind: str = ""
    identical: bool = False
    saved_by: str = ""
    saved_again: bool = False
    cells: int = 0
    steps: dict[Step, bool] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the file."""
        return all(found.severity is Severity.NOTE for found in self.findings)

    def take(self, step: Step, findings: list[Finding]) -> None:
        """Note what a step has found."""
        self.findings += findings
        bad = any(found.severity is not Severity.NOTE for found in findings)
        self.steps[step] = self.steps.get(step, True) and not bad
