"""What an edition rests on, verified: the ledger with its chain, the contents that the archive keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from xlscore.editions import Basis
from xlscore.editions.inputs import input_files
from xlscore.findings import Finding, finding
from xlscore.ledger import EditionFile
from xlscore.upkeep import Checked, Trouble
from xlscore.workspace import Workspace

_SHOWN = 12
_OF_CONTENTS = {
    "content-missing": "edition-content-missing",
    "content-altered": "edition-content-altered",
}
Words = tuple[str, str]


def ledger_findings(checked: Checked, heads: frozenset[str], head: str) -> Iterator[Finding]:
    """Yield what is wrong with the ledger, and whether it knows the head that a file cites."""
    troubles = [t for t in checked.troubles if t.name not in _OF_CONTENTS]
    for trouble in troubles[:_SHOWN]:
        yield _told(trouble)
    if len(troubles) > _SHOWN:
        more = len(troubles) - _SHOWN
        params = {"what": f"còn {more} điều nữa.", "what_en": f"and {more} more."}
        yield finding("edition-ledger", params=params)
    if head and head not in heads:
        yield finding("edition-head", entered=head)


def _told(trouble: Trouble) -> Finding:
    vietnamese, english = trouble.words
    return finding("edition-ledger", params={"what": vietnamese, "what_en": english})


def archive_findings(checked: Checked, needed: Mapping[str, Words]) -> Iterator[Finding]:
    """Yield the contents that an edition needs and that are gone or altered.

    Args:
        needed: what each content is, by its SHA-256.
    """
    for trouble in checked.troubles:
        digest = PurePosixPath(trouble.place).stem
        if trouble.name in _OF_CONTENTS and digest in needed:
            vietnamese, english = needed[digest]
            params = {"what": vietnamese, "what_en": english}
            yield finding(_OF_CONTENTS[trouble.name], entered=trouble.place, params=params)
        elif trouble.name in _OF_CONTENTS:
            yield _told(trouble)


def needed_contents(
    basis: Basis, files: Mapping[str, EditionFile], returns: Mapping[str, Words]
) -> dict[str, Words]:
    """Return every content that an edition rests on or consists of, with what it is."""
    needed = dict(returns)
    for one in basis.inputs:
        needed[one.sha256] = f"tệp {one.name}", f"the file {one.name}"
    if basis.years:
        needed[basis.years] = "kết quả các năm trước", "the results of earlier years"
    for file in files.values():
        needed[file.sha256] = f"tệp đã ban hành {file.name}", f"the frozen file {file.name}"
    return needed


def changed_inputs(workspace: Workspace, basis: Basis) -> Iterator[Finding]:
    """Yield the input files of the campaign folder that are no longer what they were."""
    import hashlib

    now = {
        named: hashlib.sha256(data).hexdigest() for named, data in input_files(workspace).items()
    }
    for one in basis.inputs:
        if now.get((one.kind, one.name)) != one.sha256:
            yield finding("input-changed", entered=one.name)
