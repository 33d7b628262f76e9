"""The units' part: scorecards issued, filled and sent; a few late, a few never."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from xlscore.demo.mishaps import correct, spoil
from xlscore.demo.officers import officer
from xlscore.demo.stage import Stage
from xlscore.intake import Collected
from xlscore.issuing import Form, forms, issue

_MISSING = 2
"""So many units of the last tier never send anything."""


def submit(stage: Stage) -> tuple[list[Form], Collected, Collected]:
    """Have every unit assess itself; return the forms, and the passes before and after the deadline."""
    workspace = stage.workspace
    wanted = _wanted(stage)
    progress = partial(stage.step, "generate")
    issue(workspace, wanted, progress, now=stage.now)
    late = _send_all(stage, wanted)
    first = stage.look(stage.now, "collect")
    # Somebody looks right after the deadline, so that what comes later is known to be late.
    stage.look(stage.now + timedelta(days=2, minutes=1))
    for form in late:
        stage.send_card(form, officer(workspace, form))
        stage.told[form.unit.code] = "gửi trễ hạn"
    correct(stage.told, workspace, wanted, first)
    second = stage.look(stage.now + timedelta(days=2))
    return wanted, first, second


def _wanted(stage: Stage) -> list[Form]:
    """Return the forms to issue: by role for the first two units that have roles, whole for the rest."""
    workspace = stage.workspace
    units = list(workspace.campaign.scored_here.values())
    by_role = [unit for unit in units if workspace.roles(unit)][:2]
    whole = [unit for unit in units if unit not in by_role]
    return [*forms(workspace, by_role, by_role=True), *forms(workspace, whole, by_role=False)]


def _send_all(stage: Stage, wanted: list[Form]) -> list[Form]:
    """Fill and send every form but the last few; return those that will come late."""
    silent = wanted[-_MISSING:]
    stage.told |= {form.unit.code: "không gửi phiếu" for form in silent}
    outstanding = [form for form in wanted if form.role][-1:]
    stage.told |= {form.unit.code: "còn thiếu phiếu của một người" for form in outstanding}
    sending = [form for form in wanted if form not in silent and form not in outstanding]
    late = sending[-5:-3]
    for done, form in enumerate(sending, 1):
        if form not in late:
            stage.send_card(form, officer(stage.workspace, form))
        stage.step("fill", done, len(sending))
    good = [form for form in sending if not form.role and form not in late]
    stage.told |= spoil(stage.workspace, good)
    return late
