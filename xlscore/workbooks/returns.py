"""Read one returned workbook: gate first (a workbook? ours? this campaign?), then collect everything.

Only input cells and the token are read. Maxima, labels and formulas come from the rubric; totals are
recomputed. Every value carries the address it has in the returned file, wherever rows and columns have
been moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xlscore import identity
from xlscore.campaign import Campaign
from xlscore.findings import Finding
from xlscore.identity import KeyRing, Token
from xlscore.workbooks.appraisal.read import read_appraisal
from xlscore.workbooks.cardreturns import checked
from xlscore.workbooks.council import read_council
from xlscore.workbooks.formsheet import find_form
from xlscore.workbooks.kinds import Kind, Office
from xlscore.workbooks.package import MAX_FILE_SIZE, Package, PackageError, read_package
from xlscore.workbooks.replyform.reading import read_reply
from xlscore.workbooks.resultbook.read import read_result_book
from xlscore.workbooks.returned import Acceptance, Gate, Return, capped
from xlscore.workbooks.surveys.reader import read_survey

__all__ = ["KINDS", "Acceptance", "Return", "read_return", "token_texts"]

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
    gate = Gate(name or path.name, acceptance)
    try:
        return _read(path, office, gate, folder_unit, revoked or {})
    except Exception as error:  # noqa: BLE001  one file must never stop the others
        what = f"{type(error).__name__}: {error}"
        return gate.rejected("reader-stopped", what=what)


def _read(
    path: Path, office: Office, gate: Gate, folder_unit: str, revoked: Mapping[int, str]
) -> Return:
    try:
        package = read_package(path)
    except PackageError as error:
        return gate.rejected(error.fault.value, **fault_params(error))
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
    return checked(gate, office, token, unit, layout, form)


def fault_params(error: PackageError) -> dict[str, str]:
    """Return what a refusal by name says: the technical detail in one phrase, the greatest size."""
    said = [text for key, text in error.details.items() if key not in ("limit", "what_en")]
    said += [f"{error.sheet}!{error.cell}"] if error.sheet and error.cell else []
    what = ", ".join(said) or error.fault.value
    english = error.details.get("what_en", what)
    return {"what": what, "what_en": english, "limit": f"{MAX_FILE_SIZE >> 20} MB"}


def _booked(gate: Gate, office: Office, token: Token, package: Package) -> Return:
    """Read a form of another kind than a scorecard."""
    book = KINDS[token.kind].read(package, token, office)
    if isinstance(book, Finding):
        return gate.refused(book.at(file=gate.name))
    findings = [f if f.cell else f.at(file=gate.name) for f in (*gate.findings, *book.findings)]
    if not book.complete:
        findings.append(gate.finding("draft-unticked"))
    told = capped(findings, gate.name)
    return Return(
        gate.name, book.status, told, token, gate.unit, None, book.sheet, content=book.content
    )


def _identify(
    package: Package, office: Office, gate: Gate, folder_unit: str, revoked: Mapping[int, str]
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


def _current(gate: Gate, campaign: Campaign, token: Token) -> Token | Return:
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
