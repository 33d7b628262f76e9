"""The provenance that a ranking's workbook prints, from the basis that the ledger keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from xlscore.editions.basis import FURTHER, Basis
from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_BOOK, SURVEY
from xlscore.proceedings import Proceedings
from xlscore.ranking import Results
from xlscore.workbooks.ranking.scope import REPLACES

_FURTHER = {
    APPRAISAL: "Thẩm định của",
    REPLY: "Phản hồi của",
    COUNCIL: "Hội đồng",
    SURVEY: "Điều tra",
    RESULT_BOOK: "Kết quả của",
}


def as_edition(state: Proceedings, basis: Basis, number: int) -> Results:
    """Return the results of a state as an edition shows them; 0 is a draft."""
    told = _replaced(state, basis) if number else {}
    told |= provenance(state, basis)
    return replace(state.results, edition=number, provenance=told)


def _replaced(state: Proceedings, basis: Basis) -> dict[str, str]:
    if not basis.replaces:
        return {}
    at = datetime.fromisoformat(basis.replaces["frozen_at"])
    local = at.astimezone(state.workspace.campaign.zone)
    number = basis.replaces["edition"]
    return {REPLACES: f"Bản ban hành lần {number}, lập lúc {local:%d/%m/%Y %H:%M:%S %z}"}


def provenance(state: Proceedings, basis: Basis) -> Mapping[str, str]:
    """Return what a ranking rests on, label → value, in Vietnamese."""
    campaign = state.workspace.campaign
    facts = {"Phiên bản xlscore": basis.xlscore, "Đầu chuỗi sổ theo dõi": basis.head}
    facts["Sự kiện sau cùng của sổ"] = f"{basis.event} (chuỗi {basis.chain})"
    for name, version in basis.plugins.items():
        facts[f"Phần mở rộng {name}"] = version
    for tier, digest in basis.rubrics.items():
        facts[f"Bộ tiêu chí {tier}"] = f"{campaign.rubrics[tier].id} – SHA-256 {digest}"
    for one in basis.inputs:
        facts[f"Tệp {one.name}"] = f"SHA-256 {one.sha256}"
    if basis.years:
        facts["Kết quả các năm trước"] = f"SHA-256 {basis.years}"
    for code, told in basis.submissions.items():
        hashes = ", ".join(told["sha256"])
        facts[f"Phiếu {code} (lần {told['version']})"] = f"SHA-256 {hashes}"
    facts |= _counting_books(state)
    for told in basis.books:
        if told["kind"] in FURTHER:
            name = f"{_FURTHER[told['kind']]} {told['unit']} (số {told['arrival']})"
            facts[name] = f"SHA-256 {told['sha256']}"
    return facts


def _counting_books(state: Proceedings) -> dict[str, str]:
    facts = {}
    for code, received in state.books.items():
        book = received.book
        made = f"lập lúc {book.made.astimezone(state.workspace.campaign.zone):%d/%m/%Y %H:%M:%S}"
        said = [f"giấy ủy quyền số {book.serial:05d}", made]
        said += [f"{name} {fact}" for name, fact in book.source.items()]
        facts[f"Sổ kết quả được tính của {code}"] = "; ".join(said)
    return facts
