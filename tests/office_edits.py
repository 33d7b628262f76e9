"""Rows, columns and sheets changed by LibreOffice itself, many workbooks in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.office import run_in_libreoffice

_EDITING = """
for book in job["books"]:
    document = desktop.loadComponentFromURL(book["source"], "_blank", 0, (prop("Hidden", True),))
    form = document.Sheets.getByIndex(0)
    form.unprotect(job["password"])
    for action, *given in book["edits"]:
        if action == "rows":
            form.Rows.insertByIndex(given[0] - 1, given[1])
        elif action == "columns":
            form.Columns.insertByIndex(given[0] - 1, given[1])
        elif action == "delete rows":
            form.Rows.removeByIndex(given[0] - 1, given[1])
        elif action == "hide rows":
            for row in given:
                form.Rows.getByIndex(row - 1).IsVisible = False
        elif action == "rename":
            for place in range(document.Sheets.Count):
                document.Sheets.getByIndex(place).Name = f"Trang {place}"
        elif action == "sheet":
            document.Sheets.insertNewByName("Ghi chú thêm", 0)
        elif action == "copy":
            document.Sheets.copyByName(form.Name, "Bản sao", 1)
        elif action == "move":
            document.Sheets.moveByName(form.Name, document.Sheets.Count)
    document.calculateAll()
    document.storeToURL(book["target"], (prop("FilterName", "Calc MS Excel 2007 XML"),))
    document.close(True)
"""

Edit = Sequence[str | int]


def edit_with_libreoffice(
    path: Path, books: Mapping[str, Sequence[Edit]], folder: Path, password: str
) -> dict[str, Path]:
    """Have LibreOffice unprotect the form, change it in each of several ways, and save as .xlsx."""
    targets = {name: folder / f"edit-{place}.xlsx" for place, name in enumerate(books)}
    job = {
        "password": password,
        "books": [
            {"source": path.as_uri(), "target": targets[name].as_uri(), "edits": edits}
            for name, edits in books.items()
        ],
    }
    run_in_libreoffice(_EDITING, job, folder)
    return targets
