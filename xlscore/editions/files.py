"""The files of an edition: what kinds there are, and what they are called in `reports/`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from xlscore.ledger import EditionFile
from xlscore.ledger.editions import files_by_kind


class FileKind(StrEnum):
    """What a file of an edition is; `results` is kept in the archive only."""

    WORKBOOK = "workbook"
    RESULTS = "results"
    PAGE = "page"
    ANNOUNCEMENT = "announcement"
    PDF = "pdf"
    PUBLIC_WORKBOOK = "public-workbook"
    PUBLIC_PAGE = "public-page"

    @property
    def is_workbook(self) -> bool:
        """Whether its cells can be compared."""
        return self in {FileKind.WORKBOOK, FileKind.PUBLIC_WORKBOOK}

    @property
    def is_laid_out(self) -> bool:
        """Whether it stands in `reports/`."""
        return self is not FileKind.RESULTS


_NAMES = {
    FileKind.WORKBOOK: ("xep-hang", "xlsx"),
    FileKind.RESULTS: ("xep-hang", "json"),
    FileKind.PAGE: ("xep-hang", "html"),
    FileKind.ANNOUNCEMENT: ("thong-bao", "docx"),
    FileKind.PDF: ("xep-hang", "pdf"),
    FileKind.PUBLIC_WORKBOOK: ("cong-bo", "xlsx"),
    FileKind.PUBLIC_PAGE: ("cong-bo", "html"),
}


def file_name(kind: FileKind, campaign: str, edition: int) -> str:
    """Return the name of a file of an edition; 0 is a draft."""
    stem, extension = _NAMES[kind]
    which = f"lan-{edition}" if edition else "du-thao"
    return f"{stem}-{campaign}-{which}.{extension}"


class FileState(StrEnum):
    """How a file of an edition stands in `reports/`."""

    UNCHANGED = "unchanged"
    ALTERED = "altered"
    GONE = "gone"


def laid_files(
    reports: Path, recorded: Iterable[EditionFile]
) -> Iterator[tuple[EditionFile, FileState]]:
    """Yield the files of an edition that belong into `reports/`, and how each stands there.

    Raises:
        OSError: one is there and cannot be read.
    """
    for kind, file in files_by_kind(recorded).items():
        if FileKind(kind).is_laid_out:
            yield file, _state(reports / file.name, file.sha256)


def _state(path: Path, sha256: str) -> FileState:
    try:
        with path.open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return FileState.GONE
    return FileState.UNCHANGED if same else FileState.ALTERED
