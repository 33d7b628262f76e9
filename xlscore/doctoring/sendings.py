"""Checks of what goes out: receipts that could not be written, addresses, an office's own letters."""

from __future__ import annotations

from collections.abc import Iterator

from xlscore.correspondence import UNITS
from xlscore.doctoring.checks import NOTHING, Check, Group, Level
from xlscore.doctoring.scene import Examination, Scene
from xlscore.handing_out.books import FOLDERS, Books
from xlscore.issuing import SUPERSEDED
from xlscore.letter_texts import PLACEHOLDERS, LetterTextError, render
from xlscore.pages.book_words import BOOKS
from xlscore.sending.mailboxes import mailboxes
from xlscore.sending.wanted import Problem

_SHOWN = 5


def posts(scene: Scene) -> Iterator[Check]:
    """Receipts and marked copies that wait, and why."""
    with scene.ledger() as ledger:
        found = ledger.posts() if ledger else []
    waiting = [post for post in found if post.state == "waiting"]
    failed = [post for post in waiting if post.error]
    given_up = [post for post in found if post.state == "dropped" and post.error]
    said = (f"{len(waiting)} mục đang chờ ghi", f"{len(waiting)} things wait to be written")
    if not failed and not given_up:
        yield Check(Group.SENDING, "outbox-posts", Level.NOTE if waiting else Level.OK, said)
        return
    worst = (given_up or failed)[-1]
    why = f"{worst.kind} {worst.subject}: {worst.error}".replace(" :", ":")
    words = (
        f"{said[0]}, {len(failed)} lần ghi hỏng, {len(given_up)} đã bỏ ({why})",
        f"{said[1]}, {len(failed)} failed, {len(given_up)} given up ({why})",
    )
    remedy = (
        "Xem quyền ghi và chỗ trống của outbox, rồi chạy “xlscore collect”.",
        "See to rights and room of the outbox, then run “xlscore collect”.",
    )
    yield Check(Group.SENDING, "outbox-posts", Level.WARNING, words, remedy)


def addresses(scene: Scene) -> Iterator[Check]:
    """Letters need an address; without one a unit is reached otherwise."""
    units = scene.workspace.campaign.active
    lacking = [code for code, unit in units.items() if not unit.email.strip()]
    given = {code: mailboxes(unit, UNITS) for code, unit in units.items() if code not in lacking}
    wrong = {code: told.words for code, told in given.items() if isinstance(told, Problem)}
    if wrong:
        code, why = next(iter(wrong.items()))
        said = (
            f"{len(wrong)} đơn vị có email không dùng được ({code}: {why[0]})",
            f"{len(wrong)} units have an e-mail address that cannot be used ({code}: {why[1]})",
        )
        cure = ("Sửa cột email trong danh sách đơn vị.", "Correct the column email of the units.")
        yield Check(Group.SENDING, "addresses", Level.WARNING, said, cure)
    elif not lacking:
        said = ("mọi đơn vị đều có địa chỉ", "every unit has an address")
        yield Check(Group.SENDING, "addresses", Level.OK, said)
    if not lacking:
        return
    listed = ", ".join(lacking[:_SHOWN]) + (" …" if len(lacking) > _SHOWN else "")
    words = (
        f"{len(lacking)}/{len(units)} đơn vị chưa có email ({listed})",
        f"{len(lacking)} of {len(units)} units have no e-mail address ({listed})",
    )
    remedy = (
        "Điền cột email trong danh sách đơn vị, nếu gửi thư.",
        "Fill the column email of the list of units, if you send letters.",
    )
    yield Check(Group.SENDING, "addresses", Level.NOTE, words, remedy)


def letters(scene: Scene) -> Iterator[Check]:
    """The office's own letter texts in `letters/` must be usable."""
    folder = scene.workspace.root / "letters"
    own = sorted(path for path in folder.glob("*.txt") if path.is_file())
    if not own:
        said = ("dùng mẫu thư có sẵn", "the built-in texts are used")
        yield Check(Group.SENDING, "letters", Level.OK, said)
    for path in own:
        if path.stem not in PLACEHOLDERS:
            known = ", ".join(f"{name}.txt" for name in PLACEHOLDERS)
            said = (
                f"letters/{path.name} không được dùng đến; các tên dùng được: {known}",
                f"letters/{path.name} is not used; names that are: {known}",
            )
            yield Check(Group.SENDING, "letters", Level.WARNING, said)
            continue
        try:
            render(path.stem, dict.fromkeys(PLACEHOLDERS[path.stem], "…"), path)
        except LetterTextError as error:
            remedy = (
                "Sửa tệp này, hoặc bỏ đi để dùng mẫu có sẵn.",
                "Mend this file, or remove it to use the built-in text.",
            )
            yield Check(Group.SENDING, "letters", Level.WARNING, error.words, remedy)
        else:
            said = (f"letters/{path.name} dùng được", f"letters/{path.name} is usable")
            yield Check(Group.SENDING, "letters", Level.OK, said, NOTHING)


def books(scene: Scene) -> Iterator[Check]:
    """Issued forms of the other kinds: their workbooks should lie below `templates/`."""
    rounds = range(1, len(scene.workspace.campaign.settings.appraisal.rounds) + 1)
    with scene.ledger() as ledger:
        issued = {
            k: sum(len(ledger.issues(k, n)) for n in rounds) if ledger else 0 for k in FOLDERS
        }
    for kind, count in issued.items():
        if not count:
            continue
        folder = scene.workspace.templates / FOLDERS[kind]
        files = (path.relative_to(folder) for path in folder.rglob("*.xlsx"))
        there = sum(SUPERSEDED not in path.parts for path in files)
        # Tokens are read only where a file seems to be missing: that takes a while.
        counted = sum(_expected(scene, kind, n) for n in rounds) if there < count else count
        said = (
            f"{BOOKS[kind].title}: {counted} phiếu đang có hiệu lực, {there} tệp trong {folder}",
            f"{kind}: {counted} forms in force, {there} files in {folder}",
        )
        remedy = (
            "Xuất lại các tệp bị thiếu; phiếu không đổi giữ nguyên số.",
            "Export the missing files again; forms that are unchanged keep their numbers.",
        )
        fine = there >= counted
        level = Level.OK if fine else Level.WARNING
        yield Check(Group.SENDING, "books", level, said, NOTHING if fine else remedy)


def _expected(scene: Scene, kind: str, round_: int) -> int:
    """Return how many forms should be there, without parts of books that are parted otherwise by now."""
    with scene.ledger() as ledger:
        if ledger is None:
            return 0
        found = Books(scene.workspace, ledger, kind, round_, None)
        return sum(len(found.issues(code)) for code in {to.code for to in found.recipients})


EXAMINATIONS: tuple[Examination, ...] = (posts, books, addresses, letters)
