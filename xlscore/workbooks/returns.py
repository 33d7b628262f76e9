"""Read one returned workbook: gate first (a workbook? ours? this campaign?), then collect everything.

Only input cells and the token are read. Maxima, labels and formulas come from the rubric; totals are
recomputed. Every value carries the address it has in the returned file, wherever rows and columns have
been moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from xlscore import identity
from xlscore.campaign import Campaign, Unit
from xlscore.campaign_references import WAIVABLE
from xlscore.checking import CheckedCard, check_card, waive
from xlscore.findings import Finding, Severity, Status, finding, has_errors, message
from xlscore.identity import KeyRing, Token
from xlscore.layout import Layout
from xlscore.plugins import PluginFailure
from xlscore.workbooks.appraisal.read import read_appraisal
from xlscore.workbooks.council import read_council
from xlscore.workbooks.formsheet import FormSheet, find_form
from xlscore.workbooks.kinds import Kind, Office
from xlscore.workbooks.lockedcells import check_locked
from xlscore.workbooks.package import MAX_FILE_SIZE, Package, PackageError, read_package
from xlscore.workbooks.replyform.reading import read_reply
from xlscore.workbooks.resultbook.read import read_result_book
from xlscore.workbooks.surveys.reader import read_survey

KINDS: Mapping[str, Kind] = {
    identity.APPRAISAL: Kind(lambda c: c.agencies, read_appraisal),
    identity.SURVEY: Kind(lambda c: c.settings.tiers, read_survey),
    identity.REPLY: Kind(lambda c: c.units, read_reply),
    identity.COUNCIL: Kind(lambda c: c.agencies, read_council),
    identity.RESULT_BOOK: Kind(lambda c: c.units, read_result_book),
}
"""How forms of other kinds than scorecards are read."""

_ABOUT_OTHERS = {identity.APPRAISAL, identity.COUNCIL, identity.SURVEY}
"""Kinds that are about an agency or a tier, not about a unit."""

_MOST_FINDINGS = 500
_MISSING_ENTRY = finding("missing-entry").code
_NO_FINDINGS = "không trả về Finding / did not return findings"


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
class _Gate:
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


def read_return(
    path: Path,
    office: Office,
    *,
    name: str = "",
    folder_unit: str = "",
    revoked: Mapping[int, str] | None = None,
    acceptance: Acceptance | None = None,
) -> Return:
    """Read and check one file; whatever happens, the outcome is a `Return`.

    Args:
        path: the file; `name` is what messages call it.
        office: the campaign with its keys and layouts.
        folder_unit: code of the unit whose drop folder the file lies in, or empty.
        revoked: serials that no longer count, with the reason.
        acceptance: what the operator has decided about this very file.
    """
    gate = _Gate(name or path.name, acceptance)
    try:
        return _read(path, office, gate, folder_unit, revoked or {})
    except Exception as error:  # noqa: BLE001  one file must never stop the others
        what = f"{type(error).__name__}: {error}"
        return gate.rejected("reader-stopped", what=what)


def _read(
    path: Path, office: Office, gate: _Gate, folder_unit: str, revoked: Mapping[int, str]
) -> Return:
    try:
        package = read_package(path)
    except PackageError as error:
        return gate.rejected(error.fault.value, **_fault_params(error))
    if package.has_macros:
        gate.findings.append(gate.finding("macros-ignored"))
    if package.has_external_links:
        gate.findings.append(gate.finding("external-links"))
    known = _identify(package, office, gate, folder_unit, revoked)
    if isinstance(known, Return):
        return known
    token = known
    if token.kind != identity.SCORECARD:
        return _booked(gate, office, token, package)
    unit = office.campaign.units[token.unit]
    layout = office.layout(unit, token.role)
    form = find_form(package, layout)
    if isinstance(form, Finding):
        return gate.refused(form.at(file=gate.name))
    return _checked(gate, office, token, unit, layout, form)


def _fault_params(error: PackageError) -> dict[str, str]:
    """Return the technical detail in one phrase, and the greatest size that a file may have."""
    said = [text for key, text in error.details.items() if key not in ("limit", "what_en")]
    said += [f"{error.sheet}!{error.cell}"] if error.sheet and error.cell else []
    what = ", ".join(said) or error.fault.value
    english = error.details.get("what_en", what)
    return {"what": what, "what_en": english, "limit": f"{MAX_FILE_SIZE >> 20} MB"}


def _booked(gate: _Gate, office: Office, token: Token, package: Package) -> Return:
    """Read a form of another kind than a scorecard."""
    book = KINDS[token.kind].read(package, token, office)
    if isinstance(book, Finding):
        return gate.refused(book.at(file=gate.name))
    findings = [f if f.cell else f.at(file=gate.name) for f in (*gate.findings, *book.findings)]
    if not book.complete:
        findings.append(gate.finding("draft-unticked"))
    told = _capped(findings, gate.name)
    return Return(
        gate.name, book.status, told, token, gate.unit, None, book.sheet, content=book.content
    )


def _identify(
    package: Package, office: Office, gate: _Gate, folder_unit: str, revoked: Mapping[int, str]
) -> Token | Return:
    if gate.acceptance is not None and gate.acceptance.token is not None:
        gate.token = gate.acceptance.token
        gate.unit = office.campaign.units[gate.token.unit]
        return gate.token
    ring = office.existing_keys() or KeyRing("", {})
    found = identity.identify(token_texts(package), ring)
    token = found.token
    if token is None:
        first, second = (*found.others, "", "")[:2]
        return gate.rejected(found.problem, first=first, second=second)
    campaign = office.campaign
    settings = campaign.settings
    if token.campaign != settings.id:
        return gate.rejected("other-campaign", entered=token.campaign, campaign=settings.title)
    if token.kind not in KINDS and token.kind != identity.SCORECARD:
        return gate.rejected("wrong-kind", entered=token.kind)
    subjects = KINDS[token.kind].subjects(campaign) if token.kind in KINDS else campaign.units
    if token.unit not in subjects:
        return gate.rejected("unknown-unit", entered=token.unit)
    gate.token = token
    about_unit = token.kind not in _ABOUT_OTHERS
    gate.unit = campaign.units[token.unit] if about_unit else None
    if folder_unit and folder_unit != token.unit and token.kind != identity.SURVEY:
        return gate.rejected("other-unit", entered=token.unit, folder=folder_unit)
    if token.serial in revoked:
        return gate.rejected("revoked", entered=str(token.serial), reason=revoked[token.serial])
    return token if token.kind in KINDS else _current(gate, campaign, token)


def _current(gate: _Gate, campaign: Campaign, token: Token) -> Token | Return:
    """Return the token of a scorecard, if the rubric still asks for what it asks."""
    unit = campaign.units[token.unit]
    if token.role and token.role not in campaign.rubric(unit).roles:
        return gate.rejected("outdated-role", entered=token.role)
    if token.digest != campaign.rubric(unit).form_digest[: len(token.digest)]:
        return gate.rejected("old-rubric", entered=token.digest)
    return token


def token_texts(package: Package) -> list[str]:
    """Return every text of the three places that may carry the token."""
    texts = [package.properties.get(identity.PROPERTY, "")]
    texts.append(package.defined_names.get(identity.DEFINED_NAME, "").strip('"'))
    for sheet in package.sheets:
        first = sheet.cells.get((1, 1))
        if first is not None and first.value.startswith(identity.PREFIX):
            texts.append(first.value)
    return texts


def _checked(
    gate: _Gate, office: Office, token: Token, unit: Unit, layout: Layout, form: FormSheet
) -> Return:
    policies = office.campaign.settings.policies
    card = check_card(layout, form.name, form.entries(), policies, form.refused_nodes())
    ticked = card.answers.complete
    if gate.acceptance is not None and gate.acceptance.whole:
        card = replace(card, answers=replace(card.answers, complete=True))
    findings = [*gate.findings, *form.findings, *card.findings]
    findings += check_locked(form, layout, card, policies.leaf_decimals)
    findings += [
        f.at(sheet=form.name) if f.cell and not f.sheet else f
        for f in _plugin_findings(office, card, layout, unit, gate.name)
    ]
    settled = list(waive(findings, _reasons(gate, office.campaign, unit, ticked=ticked)))
    if not card.answers.complete:
        settled = _as_draft(settled, gate.name)
        status = Status.DRAFT
    elif has_errors(settled):
        status = Status.INVALID
        errors = sum(1 for f in settled if f.severity is Severity.ERROR)
        settled.append(finding("return-refused", params={"errors": str(errors)}, file=gate.name))
    else:
        status = Status.VALID
    return Return(
        gate.name, status, _capped(settled, gate.name), token, unit, layout, form.name, card
    )


def _capped(findings: Sequence[Finding], name: str) -> tuple[Finding, ...]:
    """Keep so many findings as a person may read, the gravest first; say how many more there are."""
    more = len(findings) - _MOST_FINDINGS
    if more <= 0:
        return tuple(findings)
    order = list(Severity)
    by_weight = sorted(range(len(findings)), key=lambda n: order.index(findings[n].severity))
    kept = [findings[n] for n in sorted(by_weight[:_MOST_FINDINGS])]
    return (*kept, finding("more-findings", params={"count": str(more)}, file=name))


def _as_draft(findings: Iterable[Finding], name: str) -> list[Finding]:
    """Say once how many rows of a draft are open, as the form itself counts them."""
    kept = [f for f in findings if f.name != "missing-entry"]
    rows = {f.node for f in findings if f.name == "missing-entry"}
    if not rows:
        return [*kept, finding("draft-unticked", file=name)]
    return [*kept, finding("draft", params={"open": str(len(rows))}, file=name)]


def _reasons(
    gate: _Gate, campaign: Campaign, unit: Unit, *, ticked: bool
) -> dict[tuple[str, str], str]:
    """Return why which findings are waived; what the operator said of this file comes last.

    A draft is accepted for what is in it: rows that nobody has come to yet would silently count 0.
    """
    reasons = _waivers(campaign, unit)
    if gate.acceptance is not None and gate.acceptance.whole:
        codes = [code for code in WAIVABLE if ticked or code != _MISSING_ENTRY]
        reasons |= {(code, ""): gate.acceptance.said for code in codes}
    return reasons


def _waivers(campaign: Campaign, unit: Unit) -> dict[tuple[str, str], str]:
    """Return the unit's reasons by code and row: the row as written, and its node's id."""
    reasons = {}
    for waiver in campaign.settings.waivers:
        if waiver.unit == unit.code and waiver.code:
            named = [node.id for node in campaign.rubric(unit).walk() if node.code == waiver.row]
            for row in (waiver.row, *named):
                reasons[waiver.code, row] = f"{waiver.reason} ({waiver.by})"
    return reasons


def _plugin_findings(
    office: Office, card: CheckedCard, layout: Layout, unit: Unit, name: str
) -> list[Finding]:
    """Ask the plugins; one that raises becomes a finding, so that the return never looks clean."""
    found: list[Finding] = []
    results = office.plugins.each(
        "xlscore_check", submission=card, layout=layout, unit=unit, campaign=office.campaign
    )
    for plugin, result in results:
        given = result if isinstance(result, PluginFailure) else _listed(plugin, result)
        if isinstance(given, PluginFailure):
            params = {"plugin": given.plugin, "what": given.error}
            found.append(finding("plugin-failed", params=params, file=name))
        else:
            found.extend(given)
    return found


def _listed(plugin: str, result: object) -> list[Finding] | PluginFailure:
    try:
        listed: list[Any] = list(result or ())  # type: ignore[call-overload]
    except Exception as error:  # noqa: BLE001  a plugin's generator may raise anything
        return PluginFailure(plugin, f"{type(error).__name__}: {error}")
    try:
        for item in listed:
            # Whatever cannot be said in words would fail much later, where nobody knows why.
            message(item, "vi")
    except Exception as error:  # noqa: BLE001  anything at all may be in the list
        return PluginFailure(plugin, f"{_NO_FINDINGS} ({type(error).__name__}: {error})")
    if all(isinstance(item, Finding) for item in listed):
        return listed
    return PluginFailure(plugin, _NO_FINDINGS)
