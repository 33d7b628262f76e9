"""The last part: the ranking frozen, written about, found to rest on a wrong figure, frozen once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from xlscore.demo.stage import Stage
from xlscore.demo.surveying import Correction, Survey, correct
from xlscore.editions import FileKind
from xlscore.exporting.results import ExportedResults, export_results
from xlscore.intake import Collected
from xlscore.ledger import open_ledger
from xlscore.publishing import Published, publish
from xlscore.sending import Order, plan, queue, send_waiting
from xlscore.verifying import Verified, verify

_LEADERS = "lanh-dao"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Editions:
    """What was frozen, and what was done with it.

    Attributes:
        first, last: the two editions; the last with its version for the public.
        drafts: letters about the first to the leadership, for a person to send.
        correction: the survey figure that was mended in between; `collected`: the pass that took it in.
        results: every unit's result sheet, after the last.
        verified: the first after the last was frozen, held against ledger and archive.
    """

    first: Published
    drafts: Sequence[Path]
    correction: Correction
    collected: Collected
    last: Published
    results: ExportedResults
    verified: Verified


def freeze(stage: Stage, survey: Survey) -> Editions:
    """Freeze the ranking, draft the letters, mend a figure, freeze again, and verify the first edition."""
    first = _publish(stage)
    drafts = _write_to_leaders(stage)
    correction = correct(stage, survey, first.results)
    collected = stage.look(stage.now + _DAY)
    last = _publish(stage, public=True)
    units = stage.workspace.campaign.scored_here.values()
    results = export_results(
        stage.state(), units, lambda done, total: stage.step("result", done, total), ranks=True
    )
    return Editions(first, drafts, correction, collected, last, results, _verify(stage, first))


def _publish(stage: Stage, *, public: bool = False) -> Published:
    return publish(
        stage.workspace,
        stage.now,
        public=public,
        draw=lambda done, total: stage.step("rank", done, total),
    )


def _verify(stage: Stage, published: Published) -> Verified:
    """Hold an edition's page against ledger and archive; for the workbook, all of it is written again."""
    stage.step("verify", 0, 1)
    verified = verify(stage.workspace, dict(published.files)[FileKind.PAGE])
    stage.step("verify", 1, 1)
    return verified


def _write_to_leaders(stage: Stage) -> list[Path]:
    """Draft the letters about the latest edition; nothing leaves this computer."""
    workspace = stage.workspace
    with open_ledger(workspace.ledger_path) as ledger:
        order = Order((_LEADERS,), ledger.latest_edition())
        with plan(workspace, ledger, order, stage.now) as made:
            queue(workspace, ledger, made, stage.now)
        passed = send_waiting(workspace, ledger, now=lambda: stage.now)
    return [workspace.outbox / row.path for row in passed.done]
