"""Which file of which edition a file is: by its bytes, by what it says, or by what it is nearest to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xlscore.archive import ContentError, kept
from xlscore.editions import FileKind
from xlscore.findings import Finding, finding
from xlscore.ledger import Edition, EditionFile
from xlscore.verifying.claims import (
    Claim,
    by_head,
    claim_of,
    distance,
    frozen_workbooks,
    is_alike,
)
from xlscore.verifying.foreign import other_kind, says_draft, says_edition
from xlscore.verifying.refusing import refusal
from xlscore.workbooks.dump import STRANGE, Dump, like, read_dump
from xlscore.workbooks.package import Limits, PackageError
from xlscore.workspace import Workspace

_NAMED_EDITION = re.compile(r"-lan-([0-9]+)\.")


@dataclass
class Identified:
    """What a file is.

    Attributes:
        file: the frozen file that it is, or None; `identical`: byte for byte.
        found: its content, where it had to be read; `frozen`: the frozen one's, where the archive has it.
    """

    file: EditionFile | None = None
    identical: bool = False
    found: Dump | None = None
    frozen: Dump | None = None
    claim: Claim = field(default_factory=Claim)
    findings: list[Finding] = field(default_factory=list)


def identify(
    workspace: Workspace,
    path: Path,
    data: bytes,
    editions: Sequence[Edition],
    files: Sequence[EditionFile],
    wanted: int = 0,
) -> Identified:
    """Find out what a file is.

    Args:
        wanted: the edition that it should be; 0 for whatever it says.
    """
    digest = hashlib.sha256(data).hexdigest()
    same = [file for file in files if file.sha256 == digest]
    if same:
        file = next((one for one in same if one.edition == wanted), same[0])
        told = list(_of_edition(path, file, editions, wanted))
        return Identified(file, identical=True, findings=told)
    try:
        found = read_dump(data, _limits(workspace, files))
    except PackageError as error:
        if path.suffix.lower() in {".html", ".docx", ".pdf", ".json"}:
            return Identified(findings=[finding("edition-not-workbook", file=path.name)])
        return Identified(findings=[refusal(error, path)])
    made = Identified(found=found, claim=claim_of(found))
    made.findings += _by_claim(workspace, made, found, editions, files, wanted)
    if made.file is not None:
        made.findings += _of_edition(path, made.file, editions, wanted)
    return made


def _limits(workspace: Workspace, files: Sequence[EditionFile]) -> Limits:
    """Bounds after the largest workbook that was frozen here: what is far beyond it is none of them."""
    books = sorted((f for f in files if FileKind(f.kind).is_workbook), key=lambda f: f.size)
    for file in reversed(books):
        try:
            return like(kept(workspace.archive, file.sha256))
        except (OSError, ContentError):
            continue
    return STRANGE


def _of_edition(
    path: Path, file: EditionFile, editions: Sequence[Edition], wanted: int
) -> Iterator[Finding]:
    number = str(file.edition)
    if wanted and file.edition != wanted:
        yield finding("other-edition", entered=number, params={"wanted": str(wanted)})
    named = _NAMED_EDITION.search(path.name)
    if named and int(named[1]) != file.edition:
        yield finding("edition-misnamed", entered=number, params={"said": named[1]})
    if editions[-1].number > file.edition:
        yield finding("edition-superseded", entered=str(editions[-1].number))


def _by_claim(
    workspace: Workspace,
    made: Identified,
    found: Dump,
    editions: Sequence[Edition],
    files: Sequence[EditionFile],
    wanted: int,
) -> Iterator[Finding]:
    claim, ours = made.claim, workspace.campaign.settings.id
    if claim.campaign and claim.campaign != ours:
        yield finding("edition-elsewhere", entered=claim.campaign, params={"wanted": ours})
        return
    printed = by_head(editions, claim.head)
    if claim.edition <= 0 and (refused := _no_edition(found, claim, editions)):
        yield refused
        return
    if claim.edition > 0 and printed and printed != claim.edition:
        yield finding("edition-contradicts", entered=f"{claim.edition}, {printed}")
    number = max(claim.edition, 0) or printed or wanted
    claimed = _file_of(files, number, claim.kind or FileKind.WORKBOOK)
    if claimed is not None and not _is_there(workspace, claimed):
        made.file = claimed  # nothing can be said against it: the recomputed workbook stands in
        return
    says = claim.edition > 0 or printed > 0
    nearest = _nearest(workspace, found, files, claimed, sure=says)
    if nearest is None and not (claimed and says):
        yield _unknown(claim, editions)
        return
    if nearest is not None:
        made.file, made.frozen = nearest
    if claimed is not None and (nearest is None or nearest[0].id == claimed.id):
        made.file = claimed
        return
    if made.file is not None:
        said = _said(number, claim.kind) if claim.edition else ("không rõ", "nothing")
        near = _said(made.file.edition, FileKind(made.file.kind))
        params = {"said": said[0], "said_en": said[1], "nearest": near[0], "nearest_en": near[1]}
        yield finding("edition-misclaimed", params=params)


def _no_edition(found: Dump, claim: Claim, editions: Sequence[Edition]) -> Finding | None:
    """Return what a workbook is that names no edition: a form, a comparison, a draft; None for neither."""
    if other := other_kind(found):
        return finding("edition-foreign", params={"what": other[0], "what_en": other[1]})
    known = by_head(editions, claim.head) or by_head(editions, claim.property_head)
    if says_draft(found) or (claim.is_draft and not (says_edition(found) or known)):
        return finding("edition-draft")
    return None


def _file_of(files: Sequence[EditionFile], edition: int, kind: FileKind) -> EditionFile | None:
    there = [file for file in files if file.edition == edition and file.kind == kind]
    return there[-1] if there else None


def _is_there(workspace: Workspace, file: EditionFile) -> bool:
    try:
        kept(workspace.archive, file.sha256)
    except (OSError, ContentError):
        return False
    return True


def _nearest(
    workspace: Workspace,
    found: Dump,
    files: Sequence[EditionFile],
    claimed: EditionFile | None,
    *,
    sure: bool,
) -> tuple[EditionFile, Dump] | None:
    """Return the frozen workbook that is most alike; the claimed one unless another is clearly nearer.

    Args:
        sure: whether the file itself claims that one, which is compared then, however unlike it is.
    """
    own: tuple[int, EditionFile, Dump] | None = None
    least: tuple[int, EditionFile, Dump] | None = None  # but for the claimed one
    for file, dump in frozen_workbooks(workspace, files, claimed):
        is_claimed = claimed is not None and file.id == claimed.id
        if not (is_claimed and sure) and not is_alike(dump, found):
            continue
        far = distance(dump, found)
        # A dump takes half a kilobyte per cell: of all that are looked at two are held.
        if is_claimed:
            own = far, file, dump
            if far == 0:
                break
        elif least is None or far < least[0]:
            least = far, file, dump
    chosen = own if least is None or (own and least[0] * 2 >= own[0]) else least
    return chosen and chosen[1:]


def _said(edition: int, kind: FileKind | None) -> tuple[str, str]:
    if not edition:
        return "bản dự thảo", "a draft"
    public = kind is FileKind.PUBLIC_WORKBOOK
    return (
        f"lần ban hành {edition}" + (" (bản công bố)" if public else ""),
        f"edition {edition}" + (" (public version)" if public else ""),
    )


def _unknown(claim: Claim, editions: Sequence[Edition]) -> Finding:
    if not editions:
        what = "chưa có lần ban hành nào", "there is no edition yet"
    elif claim.edition > 0:
        what = f"không có lần ban hành {claim.edition}", f"there is no edition {claim.edition}"
    else:
        what = (
            "tệp không ghi và không giống lần nào",
            "it does not say, and it is like none of them",
        )
    return finding("edition-unknown", params={"what": what[0], "what_en": what[1]})
