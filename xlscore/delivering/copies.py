"""The marked copy of an arrival: rendered from the archived content under its own serial."""

from __future__ import annotations

from xlscore.blobs import blob_path
from xlscore.delivering.desk import Desk
from xlscore.earlier import with_last_year
from xlscore.identity import SCORECARD, Token, sign
from xlscore.issuing import DIGEST_DIGITS, scorecard_head
from xlscore.ledger import Recorded
from xlscore.workbooks.marked import Marked, marked_copy


def marked(desk: Desk, arrival: Recorded, serial: int) -> Marked | None:
    """Return the marked copy of an arrival; None where no form can be found in it any more.

    Raises:
        OSError: the archived content cannot be read now.
    """
    workspace, campaign = desk.workspace, desk.campaign
    unit, content = campaign.units.get(arrival.unit), blob_path(workspace.archive, arrival.sha256)
    if unit is None or (arrival.role and arrival.role not in campaign.rubric(unit).roles):
        return None  # the campaign was changed since
    with content.open("rb"):
        pass  # what cannot be read now is no form that is gone
    layout = workspace.layout(unit, arrival.role)
    digest = campaign.rubric(unit).form_digest[:DIGEST_DIGITS]
    token = Token(campaign.settings.id, SCORECARD, unit.code, serial, digest, arrival.role)
    signed = sign(token, workspace.keys.ring)
    return marked_copy(
        content,
        with_last_year(layout, campaign, unit, desk.proceedings.years),
        scorecard_head(campaign, unit, layout, serial, signed),
        workspace.keys.sheet_password,
        arrival.findings,
        decimals=campaign.settings.policies.leaf_decimals,
        answers=f"{arrival.file}, lần nộp {arrival.version}",
    )
