"""Check a returned scorecard that passed the gate: its entries, what the plugins say, what is waived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from xlscore.campaign import Campaign, Unit
from xlscore.campaign_references import WAIVABLE
from xlscore.checking import CheckedCard, check_card, waive
from xlscore.findings import Finding, Severity, Status, finding, has_errors, message
from xlscore.identity import Token
from xlscore.layout import Layout
from xlscore.plugins import PluginFailure
from xlscore.workbooks.formsheet import FormSheet
from xlscore.workbooks.kinds import Office
from xlscore.workbooks.lockedcells import check_locked
from xlscore.workbooks.returned import Gate, Return, capped

_MISSING_ENTRY = finding("missing-entry").code
_NO_FINDINGS = "không trả về Finding / did not return findings"


def checked(
    gate: Gate, office: Office, token: Token, unit: Unit, layout: Layout, form: FormSheet
) -> Return:
    """Return the outcome of a scorecard whose form was found."""
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
        gate.name, status, capped(settled, gate.name), token, unit, layout, form.name, card
    )


def _as_draft(findings: Iterable[Finding], name: str) -> list[Finding]:
    """Say once how many rows of a draft are open, as the form itself counts them."""
    kept = [f for f in findings if f.name != "missing-entry"]
    rows = {f.node for f in findings if f.name == "missing-entry"}
    if not rows:
        return [*kept, finding("draft-unticked", file=name)]
    return [*kept, finding("draft", params={"open": str(len(rows))}, file=name)]


def _reasons(
    gate: Gate, campaign: Campaign, unit: Unit, *, ticked: bool
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
