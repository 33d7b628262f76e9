"""Reply forms (phiếu phản hồi): to each unit whose rows were adjusted or queried, its own form."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from xlscore.appraising.replying import Replying, contested, reply_key, reply_layout
from xlscore.campaign import Unit
from xlscore.identity import REPLY, Token
from xlscore.issuing import Issued, Order, Progress, issue_orders, scorecard_head
from xlscore.layout import Layout
from xlscore.letter_texts import deadline_words
from xlscore.proceedings import Proceedings
from xlscore.workbooks.replyform import render_reply
from xlscore.workbooks.scorecard.head import Head

FOLDER = "phan-hoi"


@dataclass(frozen=True, slots=True)
class ExportedReplies:
    """What was exported.

    Attributes:
        quiet: codes of units on whose rows the round has nothing to reply to.
        absent: codes of units without a submission that counts.
    """

    issued: Issued
    quiet: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def latest_round(state: Proceedings) -> int:
    """Return the last round in which an agency has said anything, or 0."""
    said = (c.round for claims in state.claims.values() for c in claims if not c.council)
    return max(said, default=0)


def export_replies(
    state: Proceedings,
    round_: int,
    units: Iterable[Unit],
    progress: Progress | None = None,
    *,
    force: bool = False,
) -> ExportedReplies:
    """Write the reply form of a round for each of `units` that has contested rows in it.

    Raises:
        TokenError, OSError, LedgerError, KeysError: see `issuing.issue_orders`.
    """
    orders, quiet, absent = [], [], []
    for unit in units:
        appraisal = state.appraisals.get(unit.code)
        if appraisal is None:
            absent.append(unit.code)
        elif not contested(appraisal, state.workspace.layout(unit), round_):
            quiet.append(unit.code)
        else:
            orders.append(_order(state, unit, round_))
    issued = issue_orders(
        state.workspace, REPLY, round_, orders, progress, force=force, now=state.now
    )
    return ExportedReplies(issued, tuple(quiet), tuple(absent))


def replying_of(state: Proceedings, unit: Unit, round_: int) -> Replying:
    """Return what a unit's reply form is made from.

    Raises:
        KeyError: the unit has no submission that counts.
    """
    campaign = state.workspace.campaign
    submission = state.standings[unit.code].submission
    if submission is None:
        raise KeyError(unit.code)
    return Replying(
        state.workspace.layout(unit),
        submission.answers,
        submission.scores,
        state.appraisals[unit.code],
        round_,
        {code: agency.title for code, agency in campaign.agencies.items()},
        campaign.settings.policies.leaf_decimals,
    )


def reply_path(folder: Path, round_: int, unit: Unit) -> Path:
    """Return where a unit's reply form lies below the folder of templates."""
    return folder / FOLDER / f"lan-{round_}" / f"{unit.code}.xlsx"


def _order(state: Proceedings, unit: Unit, round_: int) -> Order:
    workspace, replying = state.workspace, replying_of(state, unit, round_)
    shown = reply_layout(replying)
    head = _head(state, unit, round_, shown)

    def make(token: Token, text: str) -> bytes:
        keys = {
            node: reply_key(unit.code, node, contest).sealed(token.serial, workspace.keys.ring)
            for node, contest in contested(replying.appraisal, replying.whole, round_).items()
        }
        issued = replace(head, serial=token.serial, token=text)
        return render_reply(reply_layout(replying, keys), issued, workspace.keys.sheet_password)

    path = reply_path(workspace.templates, round_, unit)
    return Order(unit.code, form_digest(shown, head), path, make)


def _head(state: Proceedings, unit: Unit, round_: int, layout: Layout) -> Head:
    campaign = state.workspace.campaign
    title = campaign.settings.appraisal.round_title(round_).upper()
    due = campaign.due(REPLY, round_)
    return replace(
        scorecard_head(campaign, unit, layout, 0, ""),
        title=f"PHIẾU PHẢN HỒI KẾT QUẢ {title} CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {campaign.settings.year}",
        deadline=deadline_words(due.astimezone(campaign.zone)) if due else "",
    )


def form_digest(layout: Layout, head: Head) -> str:
    """Return SHA-256 over everything that a form shows."""
    rows = [(row.signed_key, sorted(row.cells.items())) for row in layout.rows]
    return text_digest(repr((rows, layout.annex, head)))


def text_digest(text: str) -> str:
    """Return SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
