"""The files of a ranking, made in a temporary folder: their bytes, and of workbooks the cells' digests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from xlscore.announcing import AnnouncementError, write_announcement
from xlscore.converting import ConversionError, to_pdf
from xlscore.editions.files import FileKind, file_name
from xlscore.pages.ranking_page import ranking_page
from xlscore.plugins import PluginFailure
from xlscore.ranking import Results
from xlscore.reasons import Words
from xlscore.workbooks.dump import read_digests
from xlscore.workbooks.ranking import Scope, write_ranking
from xlscore.workspace import Workspace
from xlscore.yearfiles import results_to_year, year_to_json

Draw = Callable[[int, int], None]
"""Told how many files are made, of how many."""

TEMPLATE = "thong-bao.docx"
"""An office's own template of the announcement, in `letters/`."""


@dataclass(frozen=True)
class Printed:
    """One file as made.

    Attributes:
        failures: plugins that failed; `problem`: why there is no file, in Vietnamese and in English.
    """

    kind: FileKind
    name: str
    data: bytes = b""
    failures: tuple[PluginFailure, ...] = ()
    problem: Words | None = None

    @cached_property
    def cells(self) -> Mapping[str, str]:
        """Digest of every sheet of a workbook; it is read for that, which takes as long as writing it."""
        return read_digests(self.data) if self.kind.is_workbook else {}


def print_files(
    kinds: Iterable[FileKind],
    results: Results,
    workspace: Workspace,
    generated: datetime,
    draw: Draw | None = None,
) -> list[Printed]:
    """Make files of a ranking; one that cannot be made (no LibreOffice) says why, and stops no other.

    Args:
        generated: when the ranking was made; it is shown in the campaign's own time zone.

    Raises:
        OSError: the temporary folder cannot be written to.
    """
    local, wanted = generated.astimezone(results.campaign.zone), list(kinds)
    made: list[Printed] = []
    with TemporaryDirectory(prefix="xlscore-") as folder:
        for kind in wanted:
            if draw is not None:
                draw(len(made), len(wanted))
            made.append(_printed(kind, results, workspace, local, Path(folder)))
    return made


def _printed(
    kind: FileKind, results: Results, workspace: Workspace, local: datetime, folder: Path
) -> Printed:
    name = file_name(kind, results.campaign.settings.id, results.edition)
    path = folder / name
    failures: tuple[PluginFailure, ...] = ()
    try:
        match kind:
            case FileKind.RESULTS:
                path.write_bytes(results_to_bytes(results))
            case FileKind.PAGE | FileKind.PUBLIC_PAGE:
                public = kind is FileKind.PUBLIC_PAGE
                text = ranking_page(results, generated=local, public=public)
                path.write_text(text, encoding="utf-8", newline="\n")
            case FileKind.ANNOUNCEMENT:
                template = workspace.root / "letters" / TEMPLATE
                write_announcement(results, path, generated=local, template=template)
            case FileKind.PDF:
                book = folder / "print.xlsx"
                write_ranking(results, book, workspace.plugins, generated=local, scope=Scope.PRINT)
                to_pdf(book, path)
            case FileKind.WORKBOOK | FileKind.PUBLIC_WORKBOOK:
                scope = Scope.FULL if kind is FileKind.WORKBOOK else Scope.PUBLIC
                failures = write_ranking(
                    results, path, workspace.plugins, generated=local, scope=scope
                )
    except (AnnouncementError, ConversionError) as error:
        return Printed(kind, name, problem=error.words)
    return Printed(kind, name, path.read_bytes(), failures)


def results_to_bytes(results: Results) -> bytes:
    """Return the results as a later year reads them."""
    told = year_to_json(results_to_year(results))
    return json.dumps(told, ensure_ascii=False, indent=1).encode()
