"""The sheet of rules (Cách tính): how ties, bands, groups and rounding were decided, in words.

Examples come from the ranking itself where it has any.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

from xlscore.ranking import Results, UnitResult
from xlscore.ranking_words import rules
from xlscore.rubric import Rubric
from xlscore.settings import Ties
from xlscore.summaries import count, figure, percent
from xlscore.workbooks.ranking.book import Book
from xlscore.workbooks.ranking.tables import TableColumn, write_table

METHOD = "Cách tính"
_EXAMPLE = 2
"""How many units with the same rank an example names."""


def write_method(book: Book, results: Results) -> None:
    """Write the sheet of rules."""
    columns = [TableColumn("Nội dung", 36, bold=True), TableColumn("Quy định áp dụng", 110)]
    said = "Các quy định đã áp dụng khi tính điểm, xếp hạng và xếp loại trong kỳ đánh giá này."
    write_table(
        book,
        METHOD,
        "CÁCH TÍNH, XẾP HẠNG, XẾP LOẠI",
        said,
        columns,
        list(method(results)),
        upright=True,
    )


def method(results: Results) -> Iterator[tuple[str, str]]:
    """Yield the rules with examples, then how they met the units: label, and what holds."""
    examples = {"Chỉ số (%)": _index_example(results), "Bằng điểm": _tie_example(results)}
    for label, said in rules(results):
        yield label, said + examples.get(label, "")
    yield "Nhóm xếp hạng", _group_words(results)
    if results.across:
        titles = "; ".join(group.title for group in results.across)
        yield "Xếp hạng chung", f"{titles}: xếp hạng cả cấp, ngoài xếp hạng trong từng nhóm"
    yield "Đơn vị không xếp hạng", _unranked_words(results)
    for waiver in results.campaign.settings.waivers:
        what = waiver.code or ", ".join(waiver.leave_out)
        yield f"Miễn trừ – {waiver.unit}", f"{what} {waiver.row}: {waiver.reason} ({waiver.by})"


def _index_example(results: Results) -> str:
    """Work the index of the first unit out, one with a maximum of its own if there is any."""
    assessed = [row.result for row in results.rows if row.result.assessed]
    if not assessed:
        return ""
    decimals = results.campaign.settings.policies.display_decimals
    one = next((r for r in assessed if r.totals.applicable != r.rubric.scale), assessed[0])
    achieved, applicable = (
        figure(v, decimals) for v in (one.totals.achieved, one.totals.applicable)
    )
    index = percent(one.index, decimals)
    return f". Ví dụ: {one.unit.name} đạt {achieved} trên {applicable} điểm, chỉ số {index}"


def _tie_example(results: Results) -> str:
    """Name units that share a rank, or ones that only look equal."""
    decimals = results.campaign.settings.policies.display_decimals
    for group in results.groups:
        rows = [row for row in group.rows if row.result.assessed]
        for rank, tied in groupby(rows, key=lambda row: row.rank):
            found = [row.result for row in tied]
            if len(found) >= _EXAMPLE:
                return f". Ví dụ: {_names(found)} cùng chỉ số, cùng hạng {rank}"
    for group in results.groups:
        rows = [row for row in group.rows if row.result.assessed]
        for better, worse in pairwise(rows):
            same = figure(better.result.index, decimals) == figure(worse.result.index, decimals)
            if same and better.rank != worse.rank:
                names, ranks = (
                    _names([better.result, worse.result]),
                    f"{better.rank} và {worse.rank}",
                )
                shown = percent(better.result.index, decimals)
                return f". Ví dụ: {names} cùng hiện {shown} nhưng xếp hạng {ranks}"
    ordered = results.campaign.settings.policies.ties is Ties.ORDERED
    return "" if ordered else ". Kỳ này không có đơn vị nào bằng điểm"


def _names(results: list[UnitResult]) -> str:
    return " và ".join(result.unit.name for result in results[:_EXAMPLE])


def _group_words(results: Results) -> str:
    titles = [f"{group.title} ({len(group.rows)} đơn vị)" for group in results.groups]
    why = "đơn vị chỉ so với nhau trong một nhóm, theo phân nhóm của cơ quan tổ chức đánh giá"
    return f"{why}. Kỳ này có {count(len(titles))} nhóm: {'; '.join(titles)}"


def _unranked_words(results: Results) -> str:
    if not results.unranked:
        return "không có"
    names = ", ".join(row.result.unit.name for row in results.unranked)
    return (
        f"được đánh giá, công bố chỉ số nhưng không xếp hạng, theo danh sách đơn vị của kỳ: {names}"
    )


def rubric_source(rubric: Rubric) -> str:
    """Return what a rubric says of where it comes from, a line each."""
    sourced = (rubric.legal_basis, rubric.provenance.structure, rubric.provenance.content)
    return "\n".join(part for part in sourced if part)
