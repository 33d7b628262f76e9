"""Checks of the latest edition: its files in `reports/` by their hashes, and what has changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from xlscore.blobs import blob_path
from xlscore.doctoring.checks import Check, Group, Level
from xlscore.doctoring.scene import Examination, Scene
from xlscore.editions import Basis, FileKind, basis_from_json
from xlscore.editions.basis import FURTHER
from xlscore.editions.files import FileState, laid_files
from xlscore.editions.inputs import input_files
from xlscore.findings import Status
from xlscore.identity import SCORECARD
from xlscore.ledger import Edition, EditionFile
from xlscore.ledger.keeper import Keeper
from xlscore.reasons import Words

_SHOWN = 3


def edition(scene: Scene) -> Iterator[Check]:
    """The latest edition, and when it was frozen."""
    with scene.ledger() as ledger:
        latest = ledger.latest_edition() if ledger else None
    said = ("chưa ban hành", "none was frozen yet")
    if latest is not None:
        at = latest.frozen_at.astimezone(scene.workspace.campaign.zone)
        said = (
            f"lần {latest.number}, ngày {at:%d/%m/%Y %H:%M}, do {latest.frozen_by}",
            f"number {latest.number}, of {at:%Y-%m-%d %H:%M}, by {latest.frozen_by}",
        )
    yield Check(Group.RANKING, "edition", Level.OK, said)


# --- its files --------------------------------------------------------------------------------------


def edition_files(scene: Scene) -> Iterator[Check]:
    """The latest edition's files lie in `reports/` as they were frozen; `verify` looks deeper."""
    with scene.ledger() as ledger:
        latest = ledger.latest_edition() if ledger else None
        if ledger is None or latest is None:
            return
        recorded = ledger.edition_files(latest.number)
    laid = list(laid_files(scene.workspace.reports, recorded))
    gone = [file for file, state in laid if state is FileState.GONE]
    other = [file for file, state in laid if state is FileState.ALTERED]
    if not gone and not other:
        count = len(laid)
        said = (f"{count} tệp trong reports còn nguyên", f"{count} files in reports are unchanged")
        yield Check(Group.RANKING, "edition-files", Level.OK, said)
    # Number, date and signatory are written into the announcement by hand.
    filled = [file for file in other if file.kind == FileKind.ANNOUNCEMENT]
    altered = [file for file in other if file not in filled]
    for files, level, how in (
        (altered, Level.WARNING, ("khác bản đã ban hành", "not as frozen")),
        (filled, Level.NOTE, ("đã được sửa, điền thêm", "edited or filled in")),
        (gone, Level.NOTE, ("không có trong reports", "not in reports")),
    ):
        if files:
            listed = _listed([file.name for file in files])
            said = (f"{how[0]}: {listed}", f"{how[1]}: {listed}")
            yield Check(Group.RANKING, "edition-files", level, said, _original(scene, files[0]))


def _original(scene: Scene, file: EditionFile) -> Words:
    kept = blob_path(scene.workspace.archive, file.sha256)
    return (
        f"“xlscore verify” chỉ ra ô nào khác; bản gốc của {file.name} là {kept}.",
        f"“xlscore verify” tells which cells differ; the original of {file.name} is {kept}.",
    )


# --- what came after it -----------------------------------------------------------------------------


def changes(scene: Scene) -> Iterator[Check]:
    """Whether anything that counts came after the latest edition."""
    with scene.ledger() as ledger:
        latest = ledger.latest_edition() if ledger else None
        if ledger is not None and latest is not None:
            yield _changes(scene, ledger, latest)


def _changes(scene: Scene, ledger: Keeper, latest: Edition) -> Check:
    """Count what may change results; whether it does, only ranking again would tell."""
    basis, number = basis_from_json(latest.basis), latest.number
    returns = sum(
        1
        for arrival in ledger.arrivals(SCORECARD, *FURTHER)
        if arrival.id > basis.arrival and arrival.status is Status.VALID and not arrival.voided
    )
    decisions = sum(1 for one in ledger.decisions() if one.id > basis.decision)
    files = _changed_inputs(scene, basis)
    if not returns and not decisions and not files:
        said = (
            f"không có phiếu, quyết định, tệp đầu vào nào thay đổi sau lần ban hành {number}",
            f"no return, decision or input file has changed since edition {number}",
        )
        return Check(Group.RANKING, "changes", Level.OK, said)
    told = _counted(returns, decisions, files)
    said = (
        f"có thay đổi sau lần ban hành {number}: {told[0]}",
        f"changes since edition {number}: {told[1]}",
    )
    remedy = (
        f"“xlscore rank --draft” xem kết quả mới; “xlscore rank” ban hành lần {number + 1}.",
        f"“xlscore rank --draft” shows the new results; “xlscore rank” freezes edition {number + 1}.",
    )
    return Check(Group.RANKING, "changes", Level.NOTE, said, remedy)


def _counted(returns: int, decisions: int, files: list[str]) -> Words:
    vietnamese, english = [], []
    if returns:
        vietnamese.append(f"{returns} lần gửi hợp lệ")
        english.append(f"{returns} valid returns")
    if decisions:
        vietnamese.append(f"{decisions} quyết định")
        english.append(f"{decisions} decisions")
    if files:
        vietnamese.append(f"tệp {_listed(files)}")
        english.append(f"files {_listed(files)}")
    return ", ".join(vietnamese), ", ".join(english)


def _changed_inputs(scene: Scene, basis: Basis) -> list[str]:
    before = {(one.kind, one.name): one.sha256 for one in basis.inputs}
    found = input_files(scene.workspace).items()
    now = {name: hashlib.sha256(data).hexdigest() for name, data in found}
    changed = [one for one in {**before, **now} if before.get(one) != now.get(one)]
    return list(dict.fromkeys(name for _, name in changed))


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")


EXAMINATIONS: tuple[Examination, ...] = (edition, edition_files, changes)
