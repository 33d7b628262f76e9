"""Scorecards to hand out: what lies in `templates/` is printed again and compared, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from xlscore.campaign import Unit
from xlscore.drafts import Addressee, Problem, Reason
from xlscore.handing_out.sources import Ready, token_of
from xlscore.identity import SCORECARD, Token, sign
from xlscore.issuing import DIGEST_DIGITS, Press, forms
from xlscore.ledger import Issue, Ledger
from xlscore.letter_texts import release_values
from xlscore.workspace import Workspace


class Scorecards:
    """The scorecards in force."""

    letter = "release"
    drafts = ""

    def __init__(self, workspace: Workspace, ledger: Ledger, units: Sequence[Unit]) -> None:
        self.recipients: Sequence[Addressee] = units
        self._workspace, self._ledger = workspace, ledger
        self._issues: dict[str, list[Issue]] = {}
        for issue in ledger.issues(SCORECARD).values():
            self._issues.setdefault(issue.unit, []).append(issue)
        workspace.require_keys(issued=bool(self._issues))
        self._press = Press(workspace)

    def issues(self, code: str) -> Sequence[Issue]:
        """Return a unit's cards."""
        return self._issues.get(code, [])

    def not_issued(self, code: str) -> Problem:
        """Say that a unit has no card."""
        return Problem(code, Reason.NOT_ISSUED)

    def ready(self, to: Addressee, issue: Issue) -> Ready | Problem:
        """Return the form in force, if the file in `templates/` is that and nothing else."""
        workspace, unit = self._workspace, self._unit(to)
        by_role = bool(issue.role)
        named = {form.role: form for form in forms(workspace, [unit], by_role=by_role)}
        form = named.get(issue.role)
        digest = workspace.campaign.rubric(unit).form_digest[:DIGEST_DIGITS]
        if form is None or issue.digest != digest:
            return Problem(unit.code, Reason.OLD_RUBRIC, by_role=by_role)
        campaign, ring = workspace.campaign.settings.id, workspace.keys.ring
        token = Token(campaign, SCORECARD, unit.code, issue.serial, digest, issue.role)
        data = self._press.print(form, issue.serial, sign(token, ring))
        reason = self._wrong(form.path, data, token)
        if reason is not None:
            return Problem(unit.code, reason, str(form.path), by_role=by_role)
        return Ready(issue, token, data, form.path.name)

    def values(self, to: Addressee, folder: str, forms: Mapping[str, Ready]) -> dict[str, str]:
        """Return what the letter names."""
        unit = self._unit(to)
        every = self._ledger.every_issue(unit.code, SCORECARD)
        said = [f"{name}: {self._said(unit, card.issue, every)}" for name, card in forms.items()]
        return release_values(self._workspace.campaign, unit, folder, said)

    def _unit(self, to: Addressee) -> Unit:
        return self._workspace.campaign.units[to.code]

    def _said(self, unit: Unit, issue: Issue, every: Iterable[Issue]) -> str:
        """Say which form counts, and which ones it takes the place of."""
        roles = self._workspace.campaign.rubric(unit).roles
        role = f" ({roles.get(issue.role, issue.role)})" if issue.role else ""
        old = [
            str(other.serial)
            for other in every
            if other.revoked and (other.role == issue.role or not (other.role and issue.role))
        ]
        instead = f", thay cho phiếu số {', '.join(old)} không còn hiệu lực" if old else ""
        return f"Phiếu tự chấm điểm số {issue.serial}{role}{instead}"

    def _wrong(self, path: Path, data: bytes, token: Token) -> Reason | None:
        """Return why a file may not be handed out as the form that `data` is."""
        try:
            if path.read_bytes() == data:
                return None
        except OSError:
            return Reason.NO_FILE
        same = token_of(self._workspace, path) == token
        return Reason.CHANGED if same else Reason.ANOTHER_FORM
