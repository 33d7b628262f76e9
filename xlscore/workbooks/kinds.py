"""The kinds of forms that come back besides scorecards: whom each is about, and what its reader gives."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from xlscore.campaign import Campaign, Unit
from xlscore.findings import Finding, Status
from xlscore.identity import KeyRing, Token
from xlscore.layout import Layout
from xlscore.methods import Registry
from xlscore.plugins import Plugins
from xlscore.workbooks.package import Package


class Office(Protocol):
    """What readers need of the campaign's office (see `xlscore.workspace.Workspace`)."""

    @property
    def campaign(self) -> Campaign:
        """The campaign."""

    @property
    def plugins(self) -> Plugins:
        """The plugins whose checks are asked."""

    @property
    def methods(self) -> Registry:
        """All scoring methods."""

    def layout(self, unit: Unit, role: str = "") -> Layout:
        """Return the layout of a unit's form."""

    def existing_keys(self) -> KeyRing | None:
        """Return the signing keys, if the campaign has any."""


@dataclass(frozen=True)
class Book:
    """What was read of a form that is merged by row.

    Attributes:
        sheet: name of the sheet that holds the form.
        content: what it says, as the ledger keeps it; a row with an error is not in it.
        findings: every problem, with its cell.
        complete: whether the state cell says “ĐÃ HOÀN THÀNH”.
        refused: whether nothing of it may count.
    """

    sheet: str
    content: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()
    complete: bool = True
    refused: bool = False

    @property
    def status(self) -> Status:
        """What the file is: rows with errors do not keep the others from counting."""
        if not self.complete:
            return Status.DRAFT
        return Status.INVALID if self.refused else Status.VALID


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of form.

    Attributes:
        subjects: the codes that it may be about.
        read: reads the package of a form whose identity is proven; a finding refuses the file.
    """

    subjects: Callable[[Campaign], Collection[str]]
    read: Callable[[Package, Token, Office], Book | Finding]
