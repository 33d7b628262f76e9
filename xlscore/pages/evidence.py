"""The list of evidence received (danh mục minh chứng đã nhận) of one unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xlscore.pages.rendering import render
from xlscore.settings import Authority


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A criterion that names a document: its printed code (STT) and title."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One archived document; `rows` are the criteria that name it, `size` is in bytes."""

    name: str
    size: int
    received: datetime
    sha256: str
    rows: tuple[EvidenceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceList:
    """The evidence of one unit; all times are in the campaign's zone.

    Attributes:
        head: of the log of events that the list was written from.
    """

    authority: Authority
    campaign: str
    written: datetime
    unit_code: str
    unit_name: str
    files: tuple[EvidenceFile, ...]
    head: str = ""


def evidence_html(evidence: EvidenceList) -> str:
    """Return the list as one self-contained page."""
    return render(
        "evidence.html.j2", evidence=evidence, total=sum(file.size for file in evidence.files)
    )
