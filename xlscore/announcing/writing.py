"""From results and a template to the announcement's file."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from docx import Document
from docx.opc.exceptions import PackageNotFoundError

from xlscore.announcing.filling import Misplaced, fill
from xlscore.announcing.values import BLOCKS, FIELDS, blocks, fields
from xlscore.durable import write_whole
from xlscore.ranking import Results
from xlscore.reasons import SaidError, Words, of_system
from xlscore.text import folded, showable

if TYPE_CHECKING:
    from docx.document import Document as DocumentObject

_NO_DOCUMENT: Words = (
    "không phải văn bản Word .docx, hoặc tệp hỏng",
    "no .docx document, or damaged",
)
_EPOCH = (1980, 1, 1, 0, 0, 0)


class AnnouncementError(SaidError):
    """A template that cannot be used; `words` say why in Vietnamese and in English."""


def bundled_template() -> Path:
    """Return the template that comes along."""
    return Path(__file__).with_name("thong-bao.docx")


def write_announcement(
    results: Results, path: Path, *, generated: datetime, template: Path | None = None
) -> None:
    """Write the announcement, whole or not at all; the same results give the same bytes.

    Args:
        generated: the date that it bears, in the campaign's zone.
        template: the office's own (`letters/thong-bao.docx`); where there is no such file, the built-in
            one is used.

    Raises:
        AnnouncementError: the office's template is damaged, or has a placeholder that does not exist.
        OSError: the announcement cannot be written.
    """
    source = template if template is not None and template.exists() else bundled_template()
    document = _opened(source)
    try:
        fill(document, fields(results, generated), blocks(results))
    except Misplaced as wrong:
        raise _refused(source, _misplaced(wrong)) from wrong
    _describe(document, results, generated)
    made = io.BytesIO()
    document.save(made)
    write_whole(path, _timeless(made.getvalue()))


def _opened(source: Path) -> DocumentObject:
    try:
        return Document(io.BytesIO(source.read_bytes()))
    except OSError as error:
        raise _refused(source, of_system(error)) from error
    except (
        PackageNotFoundError, zipfile.BadZipFile, AttributeError, KeyError, SyntaxError, ValueError,
        NotImplementedError, RuntimeError,
    ) as error:  # fmt: skip
        raise _refused(source, _NO_DOCUMENT) from error


def _misplaced(wrong: Misplaced) -> Words:
    if wrong.block:
        return (
            f"“{wrong.written}” phải đứng riêng trong một đoạn",
            f"“{wrong.written}” must stand in a paragraph of its own",
        )
    known = ", ".join(f"{{{{{name}}}}}" for name in (*FIELDS, *BLOCKS))
    return (
        f"không có trường “{wrong.written}”. Các trường có sẵn: {known}",
        f"there is no “{wrong.written}”. Known placeholders: {known}",
    )


def _refused(source: Path, why: Words) -> AnnouncementError:
    name = f"{source.parent.name}/{source.name}"
    return AnnouncementError((f"{name}: {why[0]}.", f"{name}: {why[1]}."))


def _describe(document: DocumentObject, results: Results, generated: datetime) -> None:
    settings, about = results.campaign.settings, document.core_properties
    about.title = f"Thông báo kết quả Chỉ số cải cách hành chính năm {settings.year}"[:255]
    about.author = about.last_modified_by = folded(showable(settings.authority.office))[:255]
    about.language = "vi-VN"
    about.created = about.modified = generated.replace(tzinfo=None, microsecond=0)


def _timeless(data: bytes) -> bytes:
    """Return the package with no time in it, so that an edition can be compared byte by byte."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return made.getvalue()
