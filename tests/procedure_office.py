"""One LibreOffice that stays open for a whole procedure: it opens, types into and saves many books."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.office import run_in_libreoffice

Cells = Mapping[str, str | float]
"""What is typed, by address."""

_PATIENCE = 250.0
"""Seconds that one order may take."""

_WHOLE_DAY = 3600.0
_CLERK = """
import pathlib
desk, number = pathlib.Path(job["desk"]), 0

def typed_and_saved(book):
    hidden = (prop("Hidden", True),)
    document = desktop.loadComponentFromURL(book["source"], "_blank", 0, hidden)
    for name, cells in book["sheets"].items():
        sheet = document.Sheets.getByName(name)
        for address, said in cells.items():
            cell = sheet.getCellRangeByName(address)
            cell.setString(said) if isinstance(said, str) else cell.setValue(said)
    document.calculateAll()
    document.storeToURL(book["target"], (prop("FilterName", "Calc MS Excel 2007 XML"),))
    document.close(True)

while not (desk / "closed").exists():
    order = desk / f"{number}.json"
    if not order.exists():
        time.sleep(0.02)
        continue
    trouble = ""
    try:
        for book in json.loads(order.read_text(encoding="utf-8")):
            typed_and_saved(book)
    except Exception as error:
        trouble = f"{book['source']}: {error!r}"
    (desk / "answer").write_text(trouble, encoding="utf-8")
    os.replace(desk / "answer", desk / f"{number}.done")
    number += 1
"""


@dataclass(frozen=True, slots=True)
class Typing:
    """One workbook to open, what to type into its sheets, and where to save it as .xlsx."""

    source: Path
    target: Path
    sheets: Mapping[str, Cells] = field(default_factory=dict)

    def order(self) -> dict[str, Any]:
        sheets = {name: dict(cells) for name, cells in self.sheets.items()}
        return {
            "source": self.source.as_uri(),
            "target": self.target.as_uri(),
            "sheets": sheets,
        }


class Clerk:
    """Somebody who sits at that LibreOffice."""

    def __init__(self, desk: Path) -> None:
        self._desk, self._numbers = desk, count()
        self._failed: list[BaseException] = []
        self._thread = threading.Thread(target=self._work, daemon=True)

    def _work(self) -> None:
        try:
            run_in_libreoffice(_CLERK, {"desk": str(self._desk)}, self._desk, _WHOLE_DAY)
        except BaseException as error:  # noqa: BLE001  told to whoever waits
            self._failed.append(error)

    def type(self, *books: Typing) -> None:
        """Open, fill, recalculate and save these workbooks, one after the other."""
        number = next(self._numbers)
        order, done = self._desk / f"{number}.json", self._desk / f"{number}.done"
        draft = self._desk / "draft"
        draft.write_text(json.dumps([book.order() for book in books]), encoding="utf-8")
        draft.replace(order)
        until = time.monotonic() + _PATIENCE
        while not done.exists():
            if self._failed or not self._thread.is_alive() or time.monotonic() > until:
                raise RuntimeError("LibreOffice does not answer", *self._failed)
            time.sleep(0.02)
        if trouble := done.read_text(encoding="utf-8"):
            raise RuntimeError(trouble)

    def start(self) -> None:
        self._thread.start()

    def leave(self) -> None:
        (self._desk / "closed").touch()
        self._thread.join(_PATIENCE)


@contextmanager
def clerk(desk: Path) -> Iterator[Clerk]:
    """Open LibreOffice in the folder `desk`, and close it afterwards."""
    desk.mkdir(parents=True)
    seated = Clerk(desk)
    seated.start()
    try:
        yield seated
    finally:
        seated.leave()
