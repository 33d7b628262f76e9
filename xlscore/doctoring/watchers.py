"""Checks of the watcher: whether it lives, and whether it can write its log."""

from __future__ import annotations

from collections.abc import Iterator

from xlscore.doctoring.checks import NOTHING, Check, Group, Level, ago
from xlscore.doctoring.inboxes import clock_difference
from xlscore.doctoring.scene import Examination, Scene
from xlscore.health import Health, is_stale, read_health
from xlscore.intake import Availability
from xlscore.reasons import of_system
from xlscore.sentinel import this_host


def health(scene: Scene) -> Iterator[Check]:
    """What the watcher wrote after its last complete scan."""
    found = read_health(scene.workspace.health_path)
    if found is None:
        there = scene.workspace.health_path.exists()
        said = (
            "chưa chạy “xlscore watch” ở đây; thu bằng tay thì không sao",
            "“xlscore watch” has not run here; that is fine where you collect by hand",
        )
        if there:
            said = ("health.json không đọc được", "health.json cannot be read")
        yield Check(Group.WATCHER, "health", Level.WARNING if there else Level.NOTE, said)
        return
    said = _told(scene, found)
    if found.host.casefold() != this_host().casefold():
        words = (f"của máy {found.host}: {said[0]}", f"of {found.host}: {said[1]}")
        yield Check(Group.WATCHER, "health", Level.NOTE, words)
        return
    stale = is_stale(found, scene.now)
    remedy = (
        "Không còn quét: xem data/logs, chạy lại “xlscore watch” (hoặc dịch vụ của nó).",
        "Scans have ceased: see data/logs, start “xlscore watch” (or its service) again.",
    )
    troubled = bool(found.last_error) or found.inbox != Availability.AVAILABLE.value
    level = Level.WARNING if stale or troubled else Level.OK
    yield Check(Group.WATCHER, "health", level, said, remedy if stale else NOTHING)


def _told(scene: Scene, found: Health) -> tuple[str, str]:
    age = ago((scene.now - found.last_scan).total_seconds())
    ahead = found.last_scan > scene.now
    vietnamese = f"lần quét cuối {'sau giờ này' if ahead else 'cách đây'} {age[0]}"
    english = f"last scan {age[1]} {'in the future' if ahead else 'ago'}"
    vietnamese += f", {found.backlog} tệp đang chờ"
    english += f", {found.backlog} files waiting"
    if found.backlog:
        oldest = ago(found.oldest_waiting)
        vietnamese += f" (lâu nhất {oldest[0]})"
        english += f" (the oldest for {oldest[1]})"
    if found.last_error:
        vietnamese += f"; lỗi cuối: {found.last_error}"
        english += f"; last error: {found.last_error}"
    return vietnamese, english


def logs(scene: Scene) -> Iterator[Check]:
    """The watcher writes down what it does."""
    folder = scene.workspace.logs
    if not folder.is_dir():
        said = ("chưa có; watch sẽ lập", "none yet; watch makes it")
        yield Check(Group.WATCHER, "logs", Level.OK, said)
        return
    try:
        clock_difference(folder, scene.host)
    except OSError as error:
        why = of_system(error)
        words = (f"không ghi được vào {folder}: {why[0]}", f"cannot write to {folder}: {why[1]}")
        remedy = ("Cấp quyền ghi cho người chạy watch.", "Let whoever runs watch write there.")
        yield Check(Group.WATCHER, "logs", Level.WARNING, words, remedy)
        return
    yield Check(Group.WATCHER, "logs", Level.OK, (f"ghi được: {folder}", f"writable: {folder}"))


EXAMINATIONS: tuple[Examination, ...] = (health, logs)
