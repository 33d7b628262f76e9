"""Comments, pictures and the like in a returned file: named, never taken over.

The reader looks at cells only, so this is a second look at an archive that it has accepted already.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xlscore.workbooks.marked.leftbehind import LeftBehind
from xlscore.workbooks.package import PackageError
from xlscore.workbooks.package.book import SheetEntry, read_book
from xlscore.workbooks.package.parts import ContentTypes, find_workbook, read_relationships
from xlscore.workbooks.package.xml import TagBudget, elements
from xlscore.workbooks.package.zip import Container

_COMMENT = "comments/commentList/comment"
_KINDS = {
    "drawing": ("hình vẽ, ảnh hoặc biểu đồ", "drawings, pictures or charts"),
    "pivotTable": ("bảng tổng hợp (PivotTable)", "a pivot table"),
    "oleObject": ("tệp nhúng", "an embedded file"),
    "package": ("tệp nhúng", "an embedded file"),
    "control": ("nút bấm, điều khiển", "controls"),
}
_LISTED = 5


def attachments(path: Path) -> list[LeftBehind]:
    """Return what hangs on the sheets of a workbook that `read_package` has read."""
    try:
        container = Container(path.read_bytes())
        return list(_attachments(container))
    except (OSError, PackageError):
        # What cannot be told apart here has cost nobody a score: the reader has passed the file.
        said = "chú thích, hình ảnh hoặc nội dung đính kèm khác (nếu có)"
        return [LeftBehind("", "", said, "comments, pictures or other attachments, if any")]


def _attachments(container: Container) -> Iterator[LeftBehind]:
    budget = TagBudget()
    types = ContentTypes(container, budget)
    part = find_workbook(container, types, read_relationships(container, "", budget))
    links = read_relationships(container, part, budget)
    book = read_book(container, part, links, budget)
    if book.has_macros:
        yield LeftBehind("", "", "macro", "macros")
    if book.has_external_links:
        yield LeftBehind("", "", "liên kết đến tệp khác", "links to other files")
    for sheet in book.sheets:
        if sheet.part:
            yield from _on_sheet(container, sheet, sheet.part, budget)


def _on_sheet(
    container: Container, sheet: SheetEntry, part: str, budget: TagBudget
) -> Iterator[LeftBehind]:
    kinds = set()
    for link in read_relationships(container, part, budget).values():
        kinds.add(link.kind)
        if link.kind == "comments" and link.target in container:
            yield _comments(container, sheet.name, link.target, budget)
    for words in dict.fromkeys(_KINDS[kind] for kind in _KINDS if kind in kinds):
        yield LeftBehind(sheet.name, "", *words)


def _comments(container: Container, sheet: str, part: str, budget: TagBudget) -> LeftBehind:
    found = elements(container.read(part), part, budget)
    cells = [e.attributes.get("ref", "")[:10] for e in found if e.path == _COMMENT]
    place = ", ".join(cells[:_LISTED]) + (", …" if cells[_LISTED:] else "")
    return LeftBehind(sheet, place, f"{len(cells)} chú thích (comment)", f"{len(cells)} comments")
