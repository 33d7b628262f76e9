"""The demonstration: a bundled campaign for real, filled as officers would, with the usual mishaps.

Deterministic: the same folder content and the same figures at every run. Everything goes through the
visible inputs of the issued workbooks, the inbox, the ledger and the ranking that a real campaign uses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from xlscore.bundled import examples, make_folder
from xlscore.demo.mishaps import correct, spoil
from xlscore.demo.officers import TypedCells, officer
from xlscore.intake import Collected, collect
from xlscore.issuing import Form, forms, issue
from xlscore.publishing import Published, publish
from xlscore.workbooks.fill import fill
from xlscore.workspace import Workspace, open_workspace

Step = Callable[[str, int, int], None]

_MISSING = 2
"""So many units of the last tier never send anything."""


@dataclass
class Demo:
    """What the demonstration did.

    Attributes:
        mishaps: what went wrong where: unit code → in words.
    """

    workspace: Workspace
    issued: int = 0
    mishaps: dict[str, str] = field(default_factory=dict)
    first: Collected = field(default_factory=Collected)
    second: Collected = field(default_factory=Collected)
    published: Published | None = None


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
    demo = Demo(workspace)
    units = list(workspace.campaign.units.values())
    by_role = [u for u in units if workspace.roles(u)][:2]
    wanted = forms(workspace, [u for u in units if u not in by_role], by_role=False)
    wanted += forms(workspace, by_role, by_role=True)
    issue(workspace, wanted, lambda done, total: step("generate", done, total))
    demo.issued = len(wanted)
    later = _send_all(demo, wanted, step)
    on_time = _before_deadlines(workspace)
    demo.first = collect(
        workspace, settle=0, now=on_time, progress=lambda d, t: step("collect", d, t)
    )
    for form in later:
        _send(demo, form, officer(workspace, form))
        demo.mishaps[form.unit.code] = "gửi trễ hạn"
    correct(demo.mishaps, workspace, wanted, demo.first)
    demo.second = collect(workspace, settle=0, now=lambda: on_time() + timedelta(days=4))
    step("rank", 0, 1)
    demo.published = publish(workspace)
    step("rank", 1, 1)
    return demo


def _before_deadlines(workspace: Workspace) -> Callable[[], datetime]:
    """Return a clock that stands two days before the first deadline: the demo's own time."""
    earliest = min(workspace.campaign.deadline(u) for u in workspace.campaign.units.values())
    return lambda: earliest - timedelta(days=2)


def _send_all(demo: Demo, wanted: list[Form], step: Step) -> list[Form]:
    """Fill and send every form but the last few; return those that will come late."""
    silent = {form.unit.code for form in wanted[-_MISSING:]}
    sending = [form for form in wanted if form.unit.code not in silent]
    late = sending[-5:-3]
    demo.mishaps |= dict.fromkeys(sorted(silent), "không gửi phiếu")
    for done, form in enumerate(sending, 1):
        if form not in late:
            _send(demo, form, officer(demo.workspace, form))
        step("fill", done, len(sending))
    whole = [form for form in sending if not form.role and form not in late]
    demo.mishaps |= spoil(demo.workspace, whole)
    return late


def _send(demo: Demo, form: Form, typed: TypedCells) -> None:
    layout = demo.workspace.layout(form.unit, form.role)
    decimals = demo.workspace.campaign.settings.policies.leaf_decimals
    data = fill(form.path.read_bytes(), layout, typed, decimals=decimals)
    (demo.workspace.inbox / form.path.name).write_bytes(data)
