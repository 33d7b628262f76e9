"""What became of one returned file, and what is known while it passes the gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlscore import identity
from xlscore.campaign import Unit
from xlscore.checking import CheckedCard
from xlscore.findings import Finding, Severity, Status, finding
from xlscore.identity import Token
from xlscore.layout import Layout

_MOST_FINDINGS = 500


@dataclass(frozen=True)
class Return:
    """One returned file, read and checked.

    Attributes:
        file: its name as given.
        card: the checked card of a scorecard, or None when the gate refused the file.
        content: what a form of another kind says, as the ledger keeps it.
    """

    file: str
    status: Status
    findings: tuple[Finding, ...]
    token: Token | None = None
    unit: Unit | None = None
    layout: Layout | None = None
    sheet: str = ""
    card: CheckedCard | None = None
    content: Mapping[str, Any] | None = None

    @property
    def subject(self) -> str:
        """Code of whom the form is about, once that is proven."""
        if self.unit is not None:
            return self.unit.code
        return self.token.unit if self.token is not None else ""

    @property
    def kind(self) -> str | None:
        """Which form it is (see `identity`), or None."""
        if self.token is not None:
            return self.token.kind
        return identity.SCORECARD if self.card is not None else None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the operator has decided about a file, with reason and name.

    Attributes:
        said: why, and who says so: it stands at every finding that is waived by this.
        token: the form that the file is, where it does not say so itself (phiếu không rõ đơn vị).
        whole: take it as complete, and waive whatever may be waived; but not the open rows of a card
            that was not ticked as complete.
    """

    said: str
    token: Token | None = None
    whole: bool = False


@dataclass
class Gate:
    """What is known while a file passes the gate: the unit too, once its token has proven it."""

    name: str
    acceptance: Acceptance | None = None
    token: Token | None = None
    unit: Unit | None = None
    findings: list[Finding] = field(default_factory=list)

    def finding(self, name: str, *, entered: str = "", **params: str) -> Finding:
        """Make a finding on the file as a whole."""
        return finding(name, entered=entered, params=params, file=self.name)

    def rejected(self, name: str, *, entered: str = "", **params: str) -> Return:
        """Return the outcome of a file that the gate refuses."""
        return self.refused(self.finding(name, entered=entered, **params))

    def refused(self, found: Finding) -> Return:
        """Return the outcome of a file that is refused for what was found."""
        findings = (*self.findings, found)
        return Return(self.name, Status.REJECTED, findings, self.token, self.unit)


def capped(findings: Sequence[Finding], name: str) -> tuple[Finding, ...]:
    """Keep so many findings as a person may read, the gravest first; say how many more there are."""
    more = len(findings) - _MOST_FINDINGS
    if more <= 0:
        return tuple(findings)
    order = list(Severity)
    by_weight = sorted(range(len(findings)), key=lambda n: order.index(findings[n].severity))
    kept = [findings[n] for n in sorted(by_weight[:_MOST_FINDINGS])]
    return (*kept, finding("more-findings", params={"count": str(more)}, file=name))
