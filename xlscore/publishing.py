"""Make the ranking: from the ledger's counting returns to results and their workbook."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from xlscore import __version__
from xlscore.i18n import _
from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_BOOK, SURVEY
from xlscore.ledger import LedgerError, open_ledger
from xlscore.plugins import PluginFailure
from xlscore.proceedings import Proceedings, proceedings
from xlscore.ranking import Results
from xlscore.workbooks.ranking import write_ranking
from xlscore.workspace import Workspace

_FURTHER = {
    APPRAISAL: "Thẩm định của",
    REPLY: "Phản hồi của",
    COUNCIL: "Hội đồng",
    SURVEY: "Điều tra",
    RESULT_BOOK: "Kết quả của",
}

DRAFT = "draft"
"""The edition of a ranking that is not frozen."""


@dataclass(frozen=True)
class Published:
    """A written ranking.

    Attributes:
        failures: plugins that failed while it was written.
    """

    results: Results
    path: Path
    edition: str = DRAFT
    failures: tuple[PluginFailure, ...] = ()


def publish(workspace: Workspace, now: datetime | None = None) -> Published:
    """Rank the campaign as the ledger has it now, and write the workbook into `reports/`.

    Raises:
        TargetInUseError: the workbook is open in Excel.
        OSError: the folder cannot be used.
        LedgerError: the ledger cannot be used, or its log was altered.
    """
    moment = now or datetime.now(UTC)
    with open_ledger(workspace.ledger_path) as ledger:
        if not ledger.chain_is_sound():
            raise LedgerError(_("its log was altered; restore data/ from a backup"))
        state = proceedings(workspace, ledger, moment)
    results = replace(state.results, provenance=_provenance(state))
    path = workspace.reports / f"xep-hang-{workspace.campaign.settings.id}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    local = moment.astimezone(workspace.campaign.zone)
    failures = write_ranking(results, path, workspace.plugins, generated=local)
    return Published(results, path, DRAFT, failures)


def _provenance(state: Proceedings) -> dict[str, str]:
    workspace, campaign = state.workspace, state.workspace.campaign
    facts = {"Phiên bản xlscore": __version__, "Đầu chuỗi sổ theo dõi": state.head}
    for name, plugin in workspace.plugins.third_party():
        facts[f"Phần mở rộng {name}"] = str(getattr(plugin, "__version__", "?"))
    for tier, rubric in campaign.rubrics.items():
        facts[f"Bộ tiêu chí {tier}"] = f"{rubric.id} – SHA-256 {rubric.digest}"
    for name in ("campaign.yaml", campaign.settings.units, *campaign.settings.surveys):
        facts[f"Tệp {name}"] = f"SHA-256 {_file_digest(workspace.root / name)}"
    for code, unit in state.standings.items():
        if unit.submission:
            hashes = ", ".join(unit.submission.hashes)
            facts[f"Phiếu {code} (lần {unit.version})"] = f"SHA-256 {hashes}"
    for code, received in state.books.items():
        book = received.book
        made = f"lập lúc {book.made.astimezone(campaign.zone):%d/%m/%Y %H:%M:%S}"
        said = [f"giấy ủy quyền số {book.serial:05d}", made]
        said += [f"{name} {fact}" for name, fact in book.source.items()]
        facts[f"Sổ kết quả được tính của {code}"] = "; ".join(said)
    for arrival in state.valid(*_FURTHER):
        name = f"{_FURTHER[arrival.kind]} {arrival.unit} (số {arrival.id})"
        facts[name] = f"SHA-256 {arrival.sha256}"
    return facts


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
