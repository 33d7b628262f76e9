"""An edition reopened: its results recomputed as of its basis, whatever has happened since."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from xlscore.archive import kept
from xlscore.editions.basis import Basis, basis_from_json, moment_of, years_from_bytes
from xlscore.editions.inputs import KeptCampaign, kept_campaign
from xlscore.editions.provenance import as_edition
from xlscore.ledger import Edition, Ledger
from xlscore.proceedings import Proceedings
from xlscore.ranking import Results
from xlscore.workspace import Workspace
from xlscore.years import Years


class NoEditionError(Exception):
    """There is no edition of this number; the argument is the number."""


@dataclass(frozen=True)
class AsOf(Proceedings):
    """The state of an earlier moment, with the earlier years that it knew."""

    kept_years: Years = field(default_factory=Years)

    @cached_property
    def years(self) -> Years:
        """What earlier years found, as it was kept."""
        return self.kept_years


@dataclass(frozen=True)
class Reopened:
    """An edition with everything as it was.

    Attributes:
        kept: the campaign as its kept input files have it; `workspace`: the same, opened.
        state: arrivals and decisions up to the edition's, and the earlier years that it knew.
    """

    edition: Edition
    basis: Basis
    kept: KeptCampaign
    workspace: Workspace
    state: Proceedings

    @cached_property
    def results(self) -> Results:
        """The results, recomputed."""
        return as_edition(self.state, self.basis, self.edition.number)


def reopen(workspace: Workspace, ledger: Ledger, number: int) -> Reopened:
    """Open an edition from the ledger and the input files that the archive keeps.

    Raises:
        NoEditionError: see there.
        ContentError, OSError: a kept content is altered or gone.
        WorkspaceError: what was kept can no longer be read as a campaign.
    """
    edition = ledger.edition(number)
    if edition is None:
        raise NoEditionError(number)
    basis = basis_from_json(edition.basis)
    inputs = {(i.kind, i.name): kept(workspace.archive, i.sha256) for i in basis.inputs}
    campaign = kept_campaign(workspace, inputs)
    opened = campaign.opened(workspace.plugins)
    arrivals = ledger.arrivals_as_of(basis.arrival, basis.decision)
    years = years_from_bytes(kept(workspace.archive, basis.years) if basis.years else b"")
    state = AsOf(opened, tuple(arrivals), edition.head, moment_of(basis), years)
    return Reopened(edition, basis, campaign, opened, state)
