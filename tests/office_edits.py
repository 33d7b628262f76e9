"""Rows, columns and sheets changed by LibreOffice itself, many workbooks in one call."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.office import SOFFICE, SYSTEM_PYTHON

_TIMEOUT = 120
_EDITING = """
import json, sys, time, uno
from com.sun.star.beans import PropertyValue
from com.sun.star.table import CellRangeAddress, CellAddress
job = json.load(sys.stdin)
def prop(name, value):
    made = PropertyValue(); made.Name, made.Value = name, value
    return made
resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
for _ in range(300):
    try:
        context = resolver.resolve(f"uno:pipe,name={job['pipe']};urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.1)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
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
desktop.terminate()
"""

Edit = Sequence[str | int]


def edit_with_libreoffice(
    path: Path, books: Mapping[str, Sequence[Edit]], folder: Path, password: str
) -> dict[str, Path]:
    """Have LibreOffice unprotect the form, change it in each of several ways, and save as .xlsx."""
    targets = {name: folder / f"edit-{place}.xlsx" for place, name in enumerate(books)}
    job = {
        "pipe": f"xlscore-{folder.name}",
        "password": password,
        "books": [
            {"source": path.as_uri(), "target": targets[name].as_uri(), "edits": edits}
            for name, edits in books.items()
        ],
    }
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    accept = f"--accept=pipe,name={job['pipe']};urp;"
    office = subprocess.Popen([str(SOFFICE), profile, "--headless", "--norestore", accept])
    try:
        command = [str(SYSTEM_PYTHON), "-c", _EDITING]
        subprocess.run(
            command,
            input=json.dumps(job),
            text=True,
            check=True,
            timeout=_TIMEOUT,
            capture_output=True,
        )
        office.wait(_TIMEOUT)
    finally:
        office.terminate()
    return targets
