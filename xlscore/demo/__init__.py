"""The demonstration: a bundled campaign for real, filled as officers would, with the usual mishaps.

Deterministic: the same folder content and the same figures at every run. Everything goes through the
visible inputs of the issued workbooks, the inbox, the ledger and the ranking that a real campaign uses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from xlscore.bundled import examples, make_folder
from xlscore.demo.mishaps import correct, spoil
from xlscore.demo.officers import officer
from xlscore.intake import Collected
from xlscore.issuing import Form, forms, issue
from xlscore.publishing import Published, publish
from xlscore.watching import run_once
from xlscore.workbooks.scorecard.fill import fill
from xlscore.workspace import Workspace, open_workspace

Step = Callable[[str, int, int], None]

_MISSING = 2
"""So many units of the last tier never send anything."""


@dataclass
class Demo:
    """What the demonstration did.

    Attributes:
        issued: number of scorecards.
        mishaps: what went wrong where: unit code → in words.
        first, second: the two passes over the inbox, before and after the first deadline.
    """

    workspace: Workspace
    issued: int
    mishaps: dict[str, str]
    first: Collected
    second: Collected
    published: Published


def run(target: Path, example: str, step: Step) -> Demo:
    """Run the whole campaign in `target`.

    Args:
        step: called with (what, done, total) as work goes on.

    Raises:
        FileExistsError: `target` holds a campaign already.
        OSError: the folder cannot be written to.
    """
    make_folder(target, examples()[example])
    workspace = open_workspace(target)
    wanted = _wanted(workspace)
    issue(workspace, wanted, lambda done, total: step("generate", done, total))
    told: dict[str, str] = {}
    late = _send_all(workspace, wanted, told, step)
    clock = _before_deadlines(workspace)
    first = run_once(
        workspace, settle=0, now=clock, progress=lambda d, t: step("collect", d, t)
    ).collected
    # Somebody looks right after the deadline, so that what comes later is known to be late.
    run_once(workspace, settle=0, now=lambda: clock() + timedelta(days=2, minutes=1))
    for form in late:
        _send(workspace, form)
        told[form.unit.code] = "gửi trễ hạn"
    correct(told, workspace, wanted, first)
    second = run_once(workspace, settle=0, now=lambda: clock() + timedelta(days=4)).collected
    step("rank", 0, 1)
    published = publish(workspace)
    step("rank", 1, 1)
    return Demo(workspace, len(wanted), told, first, second, published)


def _wanted(workspace: Workspace) -> list[Form]:
    """Return the forms to issue: by role for the first two units that have roles, whole for the rest."""
    units = list(workspace.campaign.scored_here.values())
    by_role = [unit for unit in units if workspace.roles(unit)][:2]
    whole = [unit for unit in units if unit not in by_role]
    return [*forms(workspace, by_role, by_role=True), *forms(workspace, whole, by_role=False)]


def _before_deadlines(workspace: Workspace) -> Callable[[], datetime]:
    """Return a clock that stands two days before the first deadline: the demo's own time."""
    earliest = min(workspace.campaign.deadline(u) for u in workspace.campaign.units.values())
    return lambda: earliest - timedelta(days=2)


def _send_all(
    workspace: Workspace, wanted: list[Form], told: dict[str, str], step: Step
) -> list[Form]:
    """Fill and send every form but the last few; return those that will come late."""
    silent = wanted[-_MISSING:]
    told |= {form.unit.code: "không gửi phiếu" for form in silent}
    outstanding = [form for form in wanted if form.role][-1:]
    told |= {form.unit.code: "còn thiếu phiếu của một người" for form in outstanding}
    sending = [form for form in wanted if form not in silent and form not in outstanding]
    late = sending[-5:-3]
    for done, form in enumerate(sending, 1):
        if form not in late:
            _send(workspace, form)
        step("fill", done, len(sending))
    told |= spoil(workspace, [form for form in sending if not form.role and form not in late])
    return late


def _send(workspace: Workspace, form: Form) -> None:
    layout = workspace.layout(form.unit, form.role)
    decimals = workspace.campaign.settings.policies.leaf_decimals
    data = fill(form.path.read_bytes(), layout, officer(workspace, form), decimals=decimals)
    (workspace.inbox / form.path.name).write_bytes(data)
