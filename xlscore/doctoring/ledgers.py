"""Checks of what lies in `data`: who may read it, room, keys, backups, the ledger and its journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from xlscore.doctoring.checks import NOTHING, Check, Group, Level, ago
from xlscore.doctoring.scene import Examination, Scene
from xlscore.identity import SCORECARD
from xlscore.ledger import LedgerError
from xlscore.ledger.chapter import chain_break, to_time
from xlscore.ledger.journal import Journal
from xlscore.ledger.keeper import Keeper
from xlscore.upkeep.backups import backups
from xlscore.workspace import KeysError

_MB = 1 << 20
_SOON = 5
"""So many times the least room is little."""

_BACKUP_AGE = timedelta(days=7)
_CLOCK_BACK = timedelta(minutes=2)

_REBUILD = (
    "Sao lưu thư mục data, rồi “xlscore ledger check” và “xlscore ledger rebuild”.",
    "Back up the folder data, then “xlscore ledger check” and “xlscore ledger rebuild”.",
)


def private(scene: Scene) -> Iterator[Check]:
    """Whoever reads the keys can make forms; the archive holds what units sent."""
    data = scene.workspace.data
    remedy = (
        "Chỉ để người vận hành đọc được (Linux: chmod 700; Windows: thẻ Security của thư mục).",
        "Let nobody but the operators read it (Linux: chmod 700; Windows: the folder's Security tab).",
    )
    for path in (data, data / "keys.json"):
        if not path.exists():
            continue
        if scene.host.others_may_read(path):
            said = (
                f"người khác trên máy này có thể đọc {path}",
                f"other users of this host may be able to read {path}",
            )
            # On Windows only the place is known, not the rights: a reminder, no finding.
            level = Level.NOTE if scene.host.windows else Level.WARNING
            yield Check(Group.LEDGER, "private", level, said, remedy)
            return
    said = ("người khác trên máy này không đọc được", "other users of this host cannot read it")
    yield Check(Group.LEDGER, "private", Level.OK, said)


def room(scene: Scene) -> Iterator[Check]:
    """Intake pauses where there is too little room."""
    least = scene.workspace.campaign.settings.intake.least_free_mb
    free = scene.host.free(scene.workspace.data) // _MB
    said = (f"còn trống {free} MB", f"{free} MB free")
    remedy = (
        f"Dọn ổ đĩa: dưới {least} MB thì tạm ngừng thu.",
        f"Make room: below {least} MB intake pauses.",
    )
    level = Level.ERROR if free < least else Level.WARNING if free < _SOON * least else Level.OK
    yield Check(Group.LEDGER, "room", level, said, remedy if level is not Level.OK else NOTHING)


def ledger(scene: Scene) -> Iterator[Check]:
    """The ledger opens, is whole, and its journal keeps up."""
    path = scene.workspace.ledger_path
    try:
        with scene.ledger() as found:
            if found is None:
                yield _no_ledger(scene)
            else:
                yield _ledger(found)
    except LedgerError as error:
        said = (f"không dùng được {path}: {error}", f"{path} cannot be used: {error}")
        yield Check(Group.LEDGER, "ledger", Level.ERROR, said, _REBUILD)


def _no_ledger(scene: Scene) -> Check:
    if Journal(scene.workspace.data / "journal").chains():
        said = (
            "không thấy sổ theo dõi, nhật ký thì còn",
            "the ledger is gone, its journal is there",
        )
        return Check(Group.LEDGER, "ledger", Level.ERROR, said, _REBUILD)
    said = ("chưa có; lệnh generate đầu tiên sẽ lập", "none yet; the first generate makes it")
    return Check(Group.LEDGER, "ledger", Level.NOTE, said)


def _ledger(found: Keeper) -> Check:
    events = found.events()
    troubles = found.troubles()
    if broken := chain_break(events):
        troubles.append(f"chain, event {broken}")
    if troubles:
        listed = "; ".join(troubles[:3])
        said = (f"bị hỏng: {listed}", f"damaged: {listed}")
        return Check(Group.LEDGER, "ledger", Level.ERROR, said, _REBUILD)
    last = events[-1].seq if events else 0
    chain = found.chain()
    if Journal(found.folder / "journal").last(chain) < last:
        said = ("nhật ký data/journal chưa ghi kịp sổ", "the journal is behind the ledger")
        remedy = (
            "Lệnh kế tiếp sẽ ghi bù; nếu vẫn còn, xem quyền ghi và chỗ trống của data/journal.",
            "The next command catches up; if this stays, see to rights and room of data/journal.",
        )
        return Check(Group.LEDGER, "ledger", Level.WARNING, said, remedy)
    arrivals = len(found.arrivals())
    said = (
        f"lành lặn: {last} sự kiện, {arrivals} lần gửi",
        f"sound: {last} events, {arrivals} arrivals",
    )
    return Check(Group.LEDGER, "ledger", Level.OK, said)


def clock(scene: Scene) -> Iterator[Check]:
    """Deadlines are judged by this host's clock; it cannot be before what is recorded already."""
    with scene.ledger() as found:
        events = found.events() if found else []
    last = max((to_time(event.at) for event in events), default=None)
    shown = scene.now.astimezone(scene.workspace.campaign.zone)
    said = (f"{shown:%d/%m/%Y %H:%M}", f"{shown:%Y-%m-%d %H:%M}")
    if last is None or scene.now >= last - _CLOCK_BACK:
        yield Check(Group.LEDGER, "clock", Level.OK, said)
        return
    behind = ago((last - scene.now).total_seconds())
    words = (
        f"{said[0]}: đồng hồ chậm hơn sự kiện cuối trong sổ {behind[0]}",
        f"{said[1]}: the clock is {behind[1]} before the last event of the ledger",
    )
    remedy = ("Chỉnh đồng hồ của máy rồi hãy thu tiếp.", "Set the clock before going on.")
    yield Check(Group.LEDGER, "clock", Level.ERROR, words, remedy)


def keys(scene: Scene) -> Iterator[Check]:
    """Without the signing keys no issued form can be recognised."""
    path = scene.workspace.data / "keys.json"
    with scene.ledger() as found:
        issued = len(found.issues(SCORECARD)) if found else 0
    remedy = (
        f"Chép {path} về từ bản sao lưu trước khi thu phiếu.",
        f"Bring {path} back from a backup before anything is collected.",
    )
    try:
        there = scene.workspace.existing_keys() is not None
    except KeysError:
        said = (f"{path} bị hỏng", f"{path} is damaged")
        yield Check(Group.LEDGER, "keys", Level.ERROR, said, remedy)
        return
    if there or not issued:
        said = ("có khóa ký", "the signing keys are there")
        if not there:
            said = ("chưa cấp phiếu nên chưa cần", "no form was issued, so none are needed yet")
        yield Check(Group.LEDGER, "keys", Level.OK, said)
        return
    said = (
        f"đã cấp {issued} phiếu mà không có {path}",
        f"{issued} forms were issued, and {path} is gone",
    )
    yield Check(Group.LEDGER, "keys", Level.ERROR, said, remedy)


def backup(scene: Scene) -> Iterator[Check]:
    """The last backup beside the ledger; backups elsewhere are not known here."""
    workspace = scene.workspace
    folder = workspace.data / "backups"
    made = backups(folder, workspace.campaign.settings.id) if folder.is_dir() else []
    remedy = (
        "Đặt lịch “xlscore ledger backup --to” sang ổ khác, mỗi ngày một lần.",
        "Schedule “xlscore ledger backup --to” onto another disk, once a day.",
    )
    if not made:
        said = ("data/backups chưa có bản sao lưu nào", "there is no backup in data/backups")
        yield Check(Group.LEDGER, "backup", Level.NOTE, said, remedy)
        return
    stamp = made[-1].name.removeprefix(f"xlscore-{workspace.campaign.settings.id}-")[:15]
    taken = datetime.strptime(stamp, "%Y%m%d-%H%M%S").replace(tzinfo=workspace.campaign.zone)
    age = scene.now - taken
    old = ago(age.total_seconds())
    said = (f"bản cuối cách đây {old[0]}", f"the last one is {old[1]} old")
    if (workspace.data / "keys.json").exists() and not (made[-1] / "keys.json").exists():
        words = (f"{said[0]}, thiếu keys.json", f"{said[1]} and lacks keys.json")
        yield Check(Group.LEDGER, "backup", Level.WARNING, words, remedy)
        return
    fresh = age <= _BACKUP_AGE
    level = Level.OK if fresh else Level.WARNING
    yield Check(Group.LEDGER, "backup", level, said, NOTHING if fresh else remedy)


EXAMINATIONS: tuple[Examination, ...] = (private, room, ledger, clock, keys, backup)
