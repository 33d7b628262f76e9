"""Checks of the inbox and of the folders written to: rights, clocks, the mark, what is not taken yet."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from xlscore.doctoring.checks import NOTHING, Check, Group, Level, ago
from xlscore.doctoring.host import Host
from xlscore.doctoring.scene import Examination, Scene
from xlscore.inbox import scan
from xlscore.reasons import of_system
from xlscore.takeover import NEEDS_NEW, Stand, look

_CLOCKS_DIFFER = 120.0
_NEWEST = timedelta(days=1)
_SHOWN = 3

_STANDS = {
    Stand.OURS: Level.OK,
    Stand.UNUSED: Level.OK,
    Stand.OTHERS: Level.NOTE,
}
_OURS = ("máy này đang thu", "this host runs intake")
_FIRST = (
    "chưa máy nào thu; lần collect đầu tiên sẽ đánh dấu hộp nhận",
    "nobody collects yet; the first collect marks the inbox",
)
_TAKE_OVER = (
    "Xác định máy nào được thu; trên máy đó chạy “xlscore takeover”.",
    "Decide which host collects; run “xlscore takeover” there.",
)


_NEW_INBOX = (
    "Chắc chắn đúng hộp nhận và không máy nào khác đang thu thì chạy “xlscore takeover --new-inbox”.",
    "If this is the inbox and no other host collects, run “xlscore takeover --new-inbox”.",
)
_WRONG_INBOX = (
    "Sửa mục inbox ở folders trong campaign.yaml.",
    "Mend inbox under folders in campaign.yaml.",
)


def mark(scene: Scene) -> Iterator[Check]:
    """Whose inbox it is, and who runs intake."""
    with scene.ledger() as ledger:
        if ledger is None:
            return
        found = look(scene.workspace, ledger)
    words = {Stand.OURS: _OURS, Stand.UNUSED: _FIRST}.get(found.stand, found.words)
    level = _STANDS.get(found.stand, Level.ERROR)
    remedy = NOTHING if level is Level.OK else _TAKE_OVER
    if found.stand in NEEDS_NEW:
        remedy = _NEW_INBOX
    elif found.stand is Stand.OTHER_CAMPAIGN:
        remedy = _WRONG_INBOX
    elif found.stand is Stand.UNREACHABLE:
        remedy = ("Nối lại ổ mạng, xem quyền đọc.", "Connect the share again, see to its rights.")
    yield Check(Group.INBOX, "mark", level, words, remedy)


def writable(scene: Scene) -> Iterator[Check]:
    """Folders take what we write, and their clocks agree with ours: it is tried."""
    yield from _tried(scene.host, "inbox", scene.workspace.inbox, Level.WARNING, made=False)
    for name, folder in scene.folders.items():
        yield from _tried(scene.host, name, folder, Level.ERROR, made=True)


def _tried(host: Host, name: str, folder: Path, grave: Level, *, made: bool) -> Iterator[Check]:
    if not folder.is_dir():
        said = (f"chưa có {folder}", f"{folder} is not there yet")
        # What we write to is made when it is needed; the inbox is somebody's share.
        level = Level.NOTE if made and not folder.exists() else Level.ERROR
        yield Check(Group.INBOX, name, level, said)
        return
    try:
        difference = clock_difference(folder, host)
    except OSError as error:
        why = of_system(error)
        said = (f"không ghi được vào {folder}: {why[0]}", f"cannot write to {folder}: {why[1]}")
        remedy = (
            "Cấp quyền ghi cho người vận hành trên thư mục này.",
            "Let the operators write to this folder.",
        )
        yield Check(Group.INBOX, name, grave, said, remedy)
        return
    if abs(difference) <= _CLOCKS_DIFFER:
        yield Check(Group.INBOX, name, Level.OK, (f"ghi được: {folder}", f"writable: {folder}"))
        return
    span = ago(difference)
    how = ("nhanh", "ahead of") if difference > 0 else ("chậm", "behind")
    said = (
        f"đồng hồ của {folder} {how[0]} hơn máy này {span[0]}",
        f"the clock of {folder} is {span[1]} {how[1]} this host's",
    )
    remedy = (
        "Chỉnh đồng hồ máy này và máy chủ tệp theo cùng một nguồn giờ.",
        "Set this host and the file server by the same time source.",
    )
    yield Check(Group.INBOX, name, Level.WARNING, said, remedy)


def clock_difference(folder: Path, host: Host) -> float:
    """Return by how many seconds the clock of a folder's disk is ahead; a file is written to see it.

    Raises:
        OSError: nothing can be written there.
    """
    path = folder / f".xlscore-doctor-{secrets.token_hex(4)}.tmp"  # the dot: no scan looks at it
    try:
        with path.open("xb") as stream:
            stream.write(b"xlscore doctor\n")
        return path.stat().st_mtime - host.clock()
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def waiting(scene: Scene) -> Iterator[Check]:
    """What lies in the inbox: folders that cannot be read, files not taken yet, times to come."""
    if not scene.workspace.inbox.is_dir():
        return  # said already
    found = scan(scene.workspace.inbox)
    for key in found.unread[:_SHOWN]:
        name = key.decode("utf-8", "replace")
        said = (f"không đọc được thư mục {name}", f"the folder {name} cannot be read")
        remedy = ("Cấp quyền đọc.", "Let the operators read it.")
        yield Check(Group.INBOX, "waiting", Level.WARNING, said, remedy)
    with scene.ledger() as ledger:
        seen = ledger.sightings() if ledger else {}
    known = {key: (sighting.size, sighting.mtime_ns) for key, sighting in seen.items()}
    new = sum(1 for entry in found.entries if known.get(entry.key) != entry.signature)
    words = (
        f"{len(found.entries)} tệp, {new} chưa thu",
        f"{len(found.entries)} files, {new} not taken in yet",
    )
    yield Check(Group.INBOX, "waiting", Level.NOTE if new else Level.OK, words)
    newest = max((entry.mtime_ns for entry in found.entries), default=0) / 1e9
    if newest > (scene.now + _NEWEST).timestamp():
        yield _of_the_future(scene, newest)


def _of_the_future(scene: Scene, newest: float) -> Check:
    day = (
        f"{datetime.fromtimestamp(newest, UTC).astimezone(scene.workspace.campaign.zone):%d/%m/%Y}"
    )
    said = (
        f"có tệp mang ngày {day}, sau đồng hồ của máy này",
        f"a file is dated {day}, which this host's clock has not reached",
    )
    remedy = (
        "Xem lại đồng hồ máy này: hạn nộp được tính theo nó.",
        "See whether this host's clock is right: deadlines are judged by it.",
    )
    return Check(Group.INBOX, "dates", Level.WARNING, said, remedy)


EXAMINATIONS: tuple[Examination, ...] = (mark, writable, waiting)
