"""Back up the ledger: a folder that can be carried away, verified before it gets its name."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from xlscore.blobs import digest_of
from xlscore.durable import sync_folder, write_whole
from xlscore.i18n import _
from xlscore.ledger import open_ledger
from xlscore.ledger.chapter import ORIGIN, chain_break
from xlscore.ledger.keeper import reading
from xlscore.workspace import Workspace

_LATEST = "latest.txt"


class BackupError(Exception):
    """What was written is not what the ledger holds; nothing of it was kept."""


def back_up(
    workspace: Workspace,
    target: Path | None,
    now: datetime,
    *,
    archive: bool = False,
    keep: int = 0,
) -> Path:
    """Write a backup and return its folder, `xlscore-<campaign>-<time>`.

    It holds the ledger (a consistent copy, also while a command writes), keys, journals and
    `campaign.yaml`; the name of the newest stands in `latest.txt` beside it. Only files are written, so
    `target` may be a share.

    Args:
        target: where to; `data/backups` by default.
        archive: with the originals and their records.
        keep: how many backups of this campaign stay there; 0 keeps all.

    Raises:
        BackupError: the copy is damaged.
        LedgerError: the ledger cannot be read.
        OSError: something cannot be read or written.
    """
    folder = target or workspace.data / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"xlscore-{workspace.campaign.settings.id}"
    local = now.astimezone(workspace.campaign.zone)
    final = _free(folder / f"{stem}-{local:%Y%m%d-%H%M%S}")
    temporary = folder / f".{final.name}-{secrets.token_hex(4)}.tmp"
    temporary.mkdir()
    try:
        _write(workspace, temporary, archive=archive)
        temporary.rename(final)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    sync_folder(folder)
    write_whole(folder / _LATEST, f"{final.name}\n".encode())
    if keep:
        for old in backups(folder, workspace.campaign.settings.id)[:-keep]:
            shutil.rmtree(old, ignore_errors=True)
    return final


def backups(folder: Path, campaign: str) -> list[Path]:
    """Return the backups of a campaign in a folder, oldest first; nothing else is one."""
    form = re.compile(rf"xlscore-{re.escape(campaign)}-\d{{8}}-\d{{6}}(-\d+)?")
    return sorted(path for path in folder.iterdir() if form.fullmatch(path.name) and path.is_dir())


def _free(path: Path) -> Path:
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free


def _write(workspace: Workspace, folder: Path, *, archive: bool) -> None:
    data = workspace.data
    _copy_ledger(workspace.ledger_path, folder / "ledger.db")
    # After the ledger: what is ahead of it can be replayed, what is behind it would be lacking.
    paths = [*(data / "journal").glob("chain-????.jsonl")]
    if archive:
        paths += [*workspace.archive.glob("*/*.bin"), *workspace.archive.glob("*/*.json")]
    for path in paths:
        _copy(path, folder / path.relative_to(data))
    for path in (data / "keys.json", workspace.root / "campaign.yaml"):
        with suppress(FileNotFoundError):  # keys are made with the first form
            _copy(path, folder / path.name)


def _copy_ledger(path: Path, target: Path) -> None:
    """Copy the ledger as of one moment; SQLite itself never touches the target, which may be a share."""
    local = path.with_name(f"snapshot-{secrets.token_hex(4)}.db")
    try:
        with open_ledger(path) as ledger:
            head, last = ledger.head(), len(ledger.events())
            ledger.snapshot(local)
        with reading(local) as copy:
            events = copy.events()
            damaged = bool(copy.troubles()) or chain_break(events) != 0
        reached = events[last - 1].hash if 0 < last <= len(events) else ORIGIN
        _copy(local, target)
        if damaged or reached != head or digest_of(target) != digest_of(local):
            raise BackupError(_("the copy {place} is not what the ledger holds", place=target))
    finally:
        local.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    with target.open("rb+") as stream:
        os.fsync(stream.fileno())
