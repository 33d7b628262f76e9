"""What the name of a directory entry says: ours to take, another program's, a document of evidence."""

from __future__ import annotations

import re
from pathlib import PurePath

from xlscore.text import plain_ascii

_EVIDENCE_FOLDER = "minhchung"
"""Folder of evidence documents (tài liệu minh chứng), letters only: `Minh chứng`, `minh_chung`."""

_IGNORED = re.compile(
    r"~\$.*|\..*|~syncthing~.*|.*\.(?:tmp|part|partial|crdownload|download|filepart)"
    r"|desktop\.ini|thumbs\.db|readme(?:\.(?:md|txt|html))?",
    re.IGNORECASE,
)
"""Temporary, sync and owner files of Excel, LibreOffice, browsers and sync clients."""

_ORPHAN = re.compile(r"[0-9a-f]{8}", re.IGNORECASE)
"""What Excel writes a workbook to before it renames it; alone, the renaming failed (MS KB 814068)."""

_OWNER = re.compile(r"~\$(?P<excel>.+)|\.~lock\.(?P<libreoffice>.+)#")

_CONFLICT = re.compile(
    r" \(\d{1,3}\)$| - (?:Copy|Bản sao)(?: \(\d+\))?$|\.sync-conflict-\d{8}-\d{6}-\w+$"
    r"|\((?:[^()]*'s )?conflicted copy[^()]*\)$|\(Bản sao xung đột[^()]*\)$",
    re.IGNORECASE,
)

_HIDDEN = (".", "~")
"""How what programs leave behind begins."""

_PROGRAMS = (".", "~$", "~syncthing~")
"""How folders of programs begin; nothing else is passed over, since a unit may be called 20230001."""

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_DOCUMENT_SUFFIXES = (
    ".pdf", ".doc", ".docx", ".odt", ".rtf", ".ppt", ".pptx", ".odp", ".png", ".jpg", ".jpeg",
    ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".zip", ".rar", ".7z", ".eml", ".msg",
    ".mp4", ".txt", ".csv",
)  # fmt: skip


def is_ignored(name: str) -> bool:
    """Whether a file is none that anybody sends."""
    if name.endswith(".xlsx") and not name.startswith(_HIDDEN):
        return False  # what nearly every file is: ten thousand are asked about every ten seconds
    return _IGNORED.fullmatch(name) is not None or is_orphan(name)


def is_orphan(name: str) -> bool:
    """Whether a file is what Excel leaves behind when saving over a share fails halfway."""
    return len(name) == 8 and _ORPHAN.fullmatch(name) is not None  # noqa: PLR2004  its eight digits


def owner_of(name: str) -> str:
    """Return the file that an owner file (`~$x.xlsx`, `.~lock.x.xlsx#`) says is open, or nothing."""
    found = _OWNER.fullmatch(name)
    return (found["excel"] or found["libreoffice"]) if found else ""


def conflict_copy(name: str) -> bool:
    """Whether a sync client or Explorer named it so: a real submission, and worth a word."""
    return _CONFLICT.search(PurePath(name).stem) is not None


def is_passed_over(folder: str) -> bool:
    """Whether a folder is a program's, with nothing in it that anybody sends."""
    return folder.lower().startswith(_PROGRAMS)


def is_evidence_folder(folder: str) -> bool:
    """Whether a folder holds documents of evidence."""
    letters = "".join(c for c in plain_ascii(folder).lower() if c.isalnum())
    return letters == _EVIDENCE_FOLDER


def looks_like_workbook(name: str) -> bool:
    """Whether a name ends as a spreadsheet's does."""
    return name.lower().endswith(WORKBOOK_SUFFIXES)


def looks_like_document(name: str) -> bool:
    """Whether a name ends as a document of evidence does, and not as a spreadsheet's."""
    return name.lower().endswith(_DOCUMENT_SUFFIXES)
