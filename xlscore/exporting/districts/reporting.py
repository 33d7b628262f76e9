"""Make a district's book of results from its own campaign, sealed with the key of its authorisation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from xlscore import __version__
from xlscore.appraising import Claim
from xlscore.campaign import Campaign
from xlscore.durable import write_whole
from xlscore.exporting.districts.authorising import Authorisation, read_authorisation
from xlscore.i18n import _
from xlscore.identity import KeyRing
from xlscore.issuing import DIGEST_DIGITS
from xlscore.ledger import LedgerError, open_ledger
from xlscore.proceedings import Proceedings, proceedings
from xlscore.ranking import RankedRow, Results
from xlscore.reported import Reported, ResultBook, Sums, Word
from xlscore.scoring import ZERO, Scores
from xlscore.workbooks.resultbook.pages import Subject
from xlscore.workbooks.resultbook.write import Imprint, render_result_book
from xlscore.workspace import Workspace

_EVENT = "results-reported"


class Refusal(StrEnum):
    """Why no book is made.

    `no-authorisation`: `reports_to` names none; `other-units`: the campaign has other units than the
    authorisation; `other-rubric`: units follow another rubric; `provisional`: something is still open.
    """

    NO_AUTHORISATION = "no-authorisation"
    OTHER_UNITS = "other-units"
    OTHER_RUBRIC = "other-rubric"
    PROVISIONAL = "provisional"


class ReportError(Exception):
    """No book is made; `about` names the units or rows concerned."""

    def __init__(self, refusal: Refusal, about: tuple[str, ...] = ()) -> None:
        super().__init__(refusal, about)
        self.refusal, self.about = refusal, about


@dataclass(frozen=True)
class Report:
    """A book that was written."""

    path: Path
    book: ResultBook
    authorisation: Authorisation


def report(
    workspace: Workspace, now: datetime | None = None, *, provisional: bool = False
) -> Report:
    """Write the book of results into `reports/`, and note in the ledger that it was made.

    Args:
        provisional: make it although rows still wait for a figure or a word.

    Raises:
        ReportError: see `Refusal`.
        AuthorisationError: what `reports_to` names is no authorisation.
        OSError: a file cannot be read or written (the book is open in Excel).
        LedgerError: the ledger cannot be used, or its log was altered.
    """
    moment, campaign = now or datetime.now(UTC), workspace.campaign
    if not campaign.settings.reports_to:
        raise ReportError(Refusal.NO_AUTHORISATION)
    given = read_authorisation(workspace.root / Path(campaign.settings.reports_to).expanduser())
    _compare(campaign, given)
    with open_ledger(workspace.ledger_path) as ledger:
        if not ledger.chain_is_sound():
            raise LedgerError(_("its log was altered; restore data/ from a backup"))
        state = proceedings(workspace, ledger, moment)
        if not provisional and (open_ := _open_rows(state.results)):
            raise ReportError(Refusal.PROVISIONAL, open_)
        book = _book(state, given)
        data = _printed(workspace, book, given)
        path = workspace.reports / f"ket-qua-{given.parent}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
        facts = {"serial": given.serial, "sha256": hashlib.sha256(data).hexdigest()}
        ledger.event(moment, _EVENT, {**facts, "provisional": book.provisional})
    return Report(path, book, given)


def _compare(campaign: Campaign, given: Authorisation) -> None:
    """Make sure that the campaign is about what the authorisation is about."""
    if other := sorted(campaign.active.keys() ^ given.units.keys()):
        raise ReportError(Refusal.OTHER_UNITS, tuple(other))
    differing = tuple(
        code
        for code, unit in campaign.active.items()
        if not campaign.rubric(unit).form_digest.startswith(given.units[code])
    )
    if differing:
        raise ReportError(Refusal.OTHER_RUBRIC, differing)


def _open_rows(results: Results) -> tuple[str, ...]:
    """Return what still waits, as `unit row`."""
    found = (f"{r.unit.code} {r.rubric.by_id[node].code}" for r, node in results.waiting)
    return tuple(sorted(found))


# --- what it says -----------------------------------------------------------------------------------


def _book(state: Proceedings, given: Authorisation) -> ResultBook:
    results, workspace = state.results, state.workspace
    rows = {row.result.unit.code: row for row in results.rows}
    begun = any(said.begun for said in state.appraisals.values())
    plugins = {
        f"plugin {name}": str(getattr(plugin, "__version__", "?"))
        for name, plugin in workspace.plugins.third_party()
    }
    source = {
        "campaign": workspace.campaign.settings.id,
        "head": state.head,
        "version": __version__,
    }
    units: Mapping[str, Reported | None] = {
        code: _reported(rows[code], workspace.campaign, begun=begun)
        if code in rows and rows[code].result.assessed
        else None
        for code in given.units
    }
    return ResultBook(
        given.campaign,
        given.parent,
        given.serial,
        state.now.astimezone(UTC),
        {**source, **plugins},
        results.provisional,
        units,
    )


def _reported(row: RankedRow, campaign: Campaign, *, begun: bool) -> Reported:
    result = row.result
    own, appraisal = result.self_totals, result.appraisal
    leaves = [leaf.id for leaf in result.rubric.leaves]
    scores: Scores = result.own or {}
    decisions = appraisal.decisions if appraisal else {}
    return Reported(
        result.unit.code,
        result.rubric.form_digest[:DIGEST_DIGITS],
        {node: scores[node] for node in leaves},
        {node: result.achieved[node] for node in leaves},
        Sums(
            own.points if own else ZERO,
            result.totals.achieved,
            result.totals.applicable,
            result.decisive_index,
            row.rank,
            row.band,
        ),
        result.pending,
        tuple(appraisal.open) if begun and appraisal else (),
        result.fallbacks,
        {n: Word(_speaker(campaign, c), c.reason) for n, c in decisions.items() if n in leaves},
        {node: figures for node, figures in result.figures.items() if node in leaves},
        result.days_late,
        result.submission.hashes if result.submission else (),
    )


def _speaker(campaign: Campaign, claim: Claim) -> str:
    appraisal = campaign.settings.appraisal
    if claim.council:
        return appraisal.council.title
    agency = campaign.agencies.get(claim.agency)
    rounds = len(appraisal.rounds)
    round_ = f", {appraisal.round_title(claim.round)}" if 1 < rounds >= claim.round else ""
    return f"{agency.title if agency else claim.agency}{round_}"


# --- what it prints ---------------------------------------------------------------------------------


def _printed(workspace: Workspace, book: ResultBook, given: Authorisation) -> bytes:
    campaign = workspace.campaign
    settings = campaign.settings
    imprint = Imprint(
        settings.authority.name,
        settings.authority.office,
        settings.authority.place,
        given.parent_name,
        settings.year,
        given.signatory,
        book.made.astimezone(campaign.zone),
        settings.policies.display_decimals,
        given.token,
        workspace.keys.sheet_password,
    )
    units = (campaign.units[code] for code in book.units)
    subjects = [Subject(u.code, u.name, campaign.rubric(u)) for u in units]
    return render_result_book(book, subjects, imprint, KeyRing("0", {"0": given.key}))
