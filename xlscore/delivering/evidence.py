"""The list of evidence that a unit has sent, with the criteria that name each document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xlscore.answers import Answers
from xlscore.campaign import Unit
from xlscore.cardjson import card_from_json
from xlscore.delivering.desk import Desk
from xlscore.evidence_links import links
from xlscore.findings import Status
from xlscore.ledger import EvidenceFile, Recorded
from xlscore.pages.evidence import EvidenceFile as ListedFile
from xlscore.pages.evidence import EvidenceList, EvidenceRow
from xlscore.rubric import Node
from xlscore.standing import counting
from xlscore.workspace import Workspace


def evidence_list(desk: Desk, unit: Unit) -> EvidenceList:
    """Return what the page of a unit's evidence shows."""
    files = [file for file in desk.ledger.evidence() if file.unit == unit.code]
    linked = linked_rows(desk.workspace, unit, desk.of_unit(unit), files)
    return EvidenceList(
        authority=desk.campaign.settings.authority,
        campaign=desk.campaign.settings.title,
        written=desk.local(desk.now),
        unit_code=unit.code,
        unit_name=unit.name,
        files=tuple(
            ListedFile(
                _below(file),
                file.size,
                desk.local(file.received),
                file.sha256,
                tuple(EvidenceRow(node.code, node.title) for node in linked[file.file]),
            )
            for file in files
        ),
        head=desk.head,
    )


def linked_rows(
    workspace: Workspace,
    unit: Unit,
    arrivals: Iterable[Recorded],
    files: Iterable[EvidenceFile],
) -> Mapping[str, tuple[Node, ...]]:
    """Return by file the criteria that name it in the cards that count, or in the last of each role."""
    known = [a for a in arrivals if not a.voided and a.card]
    last = {a.role: a for a in known if a.status is not Status.REJECTED}
    chosen = last | counting(workspace, known)
    # Without any card, what a file says of itself still tells where it belongs.
    cards = [card_from_json(a.card).answers for a in chosen.values()] or [Answers()]
    rubric = workspace.campaign.rubric(unit)
    named: dict[str, dict[str, Node]] = {file.file: {} for file in files}
    for answers in cards:
        for file, nodes in links(rubric, answers, named).items():
            named[file] |= {node.id: node for node in nodes}
    order = {leaf.id: place for place, leaf in enumerate(rubric.leaves)}
    return {
        file: tuple(sorted(nodes.values(), key=lambda node: order[node.id]))
        for file, nodes in named.items()
    }


def _below(file: EvidenceFile) -> str:
    """Return the file's path below the unit's folder of evidence."""
    return "/".join(file.file.split("/")[2:]) or file.file
