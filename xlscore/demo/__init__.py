"""The demonstration: a bundled campaign for real, filled as officers would, with the usual mishaps.

Deterministic: the same folder content and the same figures at every run. Everything goes through the
visible inputs of the issued workbooks, the inbox, the ledger and the ranking that a real campaign uses.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from xlscore.bundled import examples, make_folder
from xlscore.demo.appraisers import Round, first_round, later_round
from xlscore.demo.council import Council, decide
from xlscore.demo.editions import Editions, freeze
from xlscore.demo.replying import Replies, reply
from xlscore.demo.stage import Stage, Step
from xlscore.demo.submitting import submit
from xlscore.demo.surveying import Survey, survey
from xlscore.exporting.results import ExportedResults
from xlscore.identity import APPRAISAL, REPLY
from xlscore.intake import Collected
from xlscore.issuing import Form
from xlscore.publishing import Published
from xlscore.workspace import Workspace, open_workspace

_DAY = timedelta(days=1)


@dataclass
class Demo:
    """What the demonstration did.

    Attributes:
        issued: number of scorecards.
        mishaps: what went wrong where: unit code → in words.
        first, second: the two passes over the inbox, before and after the first deadline.
        later: the passes after that: books of round 1, replies, books of later rounds, the council's,
            a corrected survey figure.
        editions: the frozen rankings, their letters and their verification.
        ended: when the demonstration ended, by its own clock.
    """

    workspace: Workspace
    issued: int
    mishaps: dict[str, str]
    first: Collected
    second: Collected
    rounds: Sequence[Round]
    replies: Replies
    survey: Survey
    council: Council
    later: Sequence[Collected]
    editions: Editions
    ended: datetime

    @property
    def published(self) -> Published:
        """The last edition."""
        return self.editions.last

    @property
    def results(self) -> ExportedResults:
        """Every unit's result sheet."""
        return self.editions.results

    def code_of(self, unit: str, leaf: str) -> str:
        """Return the printed number of a unit's row."""
        campaign = self.workspace.campaign
        return campaign.rubric(campaign.units[unit]).by_id[leaf].code


def run(target: Path, example: str, step: Step) -> Demo:
    """Run the whole campaign in `target`.

    Args:
        step: called with (what, done, total) as work goes on.

    Raises:
        FileExistsError: `target` holds a campaign already.
        OSError: the folder cannot be written to.
    """
    make_folder(target, examples()[example])
    with _seldom_tidied():
        return _run(open_workspace(target), step)


@contextmanager
def _seldom_tidied() -> Iterator[None]:
    """Let Python look for cycles seldom: much is made here, hardly any of it in cycles."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _run(workspace: Workspace, step: Step) -> Demo:
    stage = Stage(workspace, step, _before_deadlines(workspace))
    wanted, first, second = submit(stage)
    later: list[Collected] = []
    rounds, replies = _appraise(stage, wanted, later)
    surveyed = survey(stage)
    later.append(stage.look(stage.due(APPRAISAL, len(rounds)) - _DAY / 2, "collect"))
    council = decide(stage)
    later.append(stage.look(stage.now + 3 * _DAY))
    editions = freeze(stage, surveyed)
    later.append(editions.collected)
    return Demo(
        stage.workspace, len(wanted), stage.told, first, second, rounds, replies, surveyed, council,
        later, editions, stage.now,
    )  # fmt: skip


def _before_deadlines(workspace: Workspace) -> datetime:
    """Return the moment two days before the first deadline: the demo's own time."""
    earliest = min(workspace.campaign.deadline(u) for u in workspace.campaign.units.values())
    return earliest - timedelta(days=2)


def _appraise(
    stage: Stage, wanted: Sequence[Form], later: list[Collected]
) -> tuple[list[Round], Replies]:
    """Let the agencies appraise, the units reply, and the agencies look once more."""
    rounds = [first_round(stage)]
    later.append(stage.look(stage.due(APPRAISAL, 1) - _DAY, "collect"))
    replies = reply(stage, wanted)
    later.append(stage.look(stage.due(REPLY, 1) - _DAY / 2, "collect"))
    rounds.append(later_round(stage, 2))
    return rounds, replies
