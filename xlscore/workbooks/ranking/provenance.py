"""The sheet of provenance (Nguồn gốc): edition, ledger, rubrics, submissions, tools, failed plugins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from xlscore import __version__
from xlscore.plugins import PluginFailure
from xlscore.ranking import Results
from xlscore.summaries import count, stage
from xlscore.workbooks.ranking.book import Book
from xlscore.workbooks.ranking.method import rubric_source
from xlscore.workbooks.ranking.scope import LEDGER_HEAD, REPLACES, Scope
from xlscore.workbooks.ranking.tables import TableColumn, write_table

PROVENANCE = "Nguồn gốc"


def write_provenance(
    book: Book,
    results: Results,
    generated: datetime | None,
    failures: Iterable[PluginFailure],
    scope: Scope,
) -> None:
    """Write where the figures come from, and what went wrong with plugins."""
    columns = [TableColumn("Nội dung", 42, bold=True), TableColumn("Giá trị", 110)]
    said = (
        "Nguồn số liệu của bảng kết quả này; SHA-256 là dấu vân tay của tệp, đổi một chữ là khác."
    )
    rows = list(_provenance(results, generated, failures, scope))
    write_table(book, PROVENANCE, "NGUỒN GỐC SỐ LIỆU", said, columns, rows, upright=True)


def _provenance(
    results: Results, generated: datetime | None, failures: Iterable[PluginFailure], scope: Scope
) -> Iterator[tuple[str, str]]:
    campaign = results.campaign
    yield "Kỳ đánh giá", f"{campaign.settings.title} ({campaign.settings.id})"
    yield "Bản", f"{stage(results)}{'; bản công bố' if scope is Scope.PUBLIC else ''}"
    if replaced := results.provenance.get(REPLACES):
        yield REPLACES, replaced
    if generated is not None:
        yield "Thời điểm lập", f"{generated:%d/%m/%Y %H:%M:%S %z}".rstrip()
    yield "Phiên bản xlscore", __version__
    if head := results.provenance.get(LEDGER_HEAD):
        yield LEDGER_HEAD, head
    yield "Phiếu được tính", f"{count(_counted(results))} đơn vị"
    for tier, rubric in campaign.rubrics.items():
        title = campaign.settings.tiers[tier].title
        yield f"Bộ tiêu chí – {title}", f"{rubric.id}: {rubric.title}\nSHA-256 {rubric.digest}"
        if text := rubric_source(rubric):
            yield f"Căn cứ, nguồn bộ tiêu chí – {title}", text
    for year in results.years.years:
        final = "" if year.final else " (kết quả tạm tính)"
        yield f"Kết quả năm {year.year}", f"{year.source or 'đã có'}{final}"
    if scope is not Scope.PUBLIC:
        told = {LEDGER_HEAD, REPLACES, "Phiên bản xlscore"}
        told |= {f"Bộ tiêu chí {tier}" for tier in campaign.rubrics}
        yield from ((name, fact) for name, fact in results.provenance.items() if name not in told)
        for failure in failures:
            yield f"Phần mở rộng bị lỗi – {failure.plugin}", failure.error


def _counted(results: Results) -> int:
    return sum(row.result.assessed for row in results.rows)
