"""Check files without recording anything: what `collect` would say of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from xlscore.identity import SCORECARD
from xlscore.ledger import is_begun, open_ledger
from xlscore.text import nfc
from xlscore.workbooks.returns import Return, read_return
from xlscore.workspace import Workspace

Progress = Callable[[int, int], None]


def preview(
    workspace: Workspace, files: Sequence[Path], progress: Progress
) -> Iterator[tuple[Return, int | None]]:
    """Yield what each file is, and the version under which its bytes are recorded already."""
    revoked: dict[int, str] = {}
    versions: dict[str, int] = {}
    issued = False
    if is_begun(workspace.ledger_path):
        with open_ledger(workspace.ledger_path) as ledger:
            revoked = ledger.revoked()
            versions = {r.sha256: r.version for r in ledger.arrivals() if r.sha256}
            issued = bool(ledger.issues(SCORECARD))
    workspace.require_keys(issued=issued)
    for done, path in enumerate(files, 1):
        name = nfc(os.fsencode(path.name).decode("utf-8", "replace"))
        unit = _folder_unit(workspace, path)
        outcome = read_return(path, workspace, name=name, folder_unit=unit, revoked=revoked)
        yield outcome, versions.get(_digest(path))
        progress(done, len(files))


def _folder_unit(workspace: Workspace, path: Path) -> str:
    """Return the unit whose drop folder a file lies in, if it lies in the inbox."""
    # The file itself may be a link, which is refused and not followed.
    folder, inbox = path.parent.resolve(), workspace.inbox.resolve()
    parts = folder.relative_to(inbox).parts if folder.is_relative_to(inbox) else ()
    return workspace.folder_unit(parts[0]) if parts else ""


def _digest(path: Path) -> str:
    # Only what was readable has a version; links and devices are not followed.
    if path.is_symlink() or not path.is_file():
        return ""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:  # locked or forbidden: the finding on it says so
        return ""
