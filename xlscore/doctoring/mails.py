"""Checks of the mail: the server and its password, who writes to whom, letters that are not done with.

Nothing is sent and nobody logs in: a wrong password, tried every morning, would lock the account.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xlscore.correspondence import Security, Server
from xlscore.doctoring.checks import Check, Group, Level
from xlscore.doctoring.patience import within
from xlscore.doctoring.scene import Examination, Scene
from xlscore.drafts import LETTERS
from xlscore.ledger import LetterState
from xlscore.reasons import Words
from xlscore.sending import ServerError, account, greet, is_sent_for_real, place

_SECONDS, _STEP = 5.0, 4.0
"""For the server in all, and for each of its answers."""

_KEYRING_SECONDS = 10.0
"""It may ask somebody to unlock it."""

_MB = 1 << 20

_SERVER_REMEDY = (
    "Xem mạng, tường lửa, mail.server (cổng 587 thường là starttls, 465 là tls); thư chờ, không mất.",
    "See to network, firewall, mail.server (587 is mostly starttls, 465 tls); letters wait, none is lost.",
)
_PASSWORD_REMEDY = (
    "Làm dưới tên người dùng sẽ gửi thư, cả người chạy watch; chưa có thì thư chờ, không mất.",
    "Do so as the user who sends, and as the one who runs watch; until then letters wait, none is lost.",
)
_SECURED: dict[Security, Words] = {
    Security.STARTTLS: ("STARTTLS, chứng thư hợp lệ", "STARTTLS, certificate verified"),
    Security.TLS: ("TLS, chứng thư hợp lệ", "TLS, certificate verified"),
    Security.NONE: ("không mã hóa", "in the clear"),
}


def server(scene: Scene) -> Iterator[Check]:
    """The server answers, is the one it should be, and takes what we send."""
    named = scene.workspace.campaign.settings.mail.server
    if named is None:
        yield _no_server(scene)
        return
    name = f"{named.host}:{named.port}"
    if scene.offline:
        said = (f"{name}: không hỏi (--offline)", f"{name}: not asked (--offline)")
        yield Check(Group.SENDING, "mail-server", Level.NOTE, said)
        return
    try:
        limit = within(_SECONDS, lambda: greet(scene.workspace, _STEP))
    except ServerError as error:
        yield Check(Group.SENDING, "mail-server", Level.WARNING, error.words, _SERVER_REMEDY)
    except TimeoutError:
        said = (
            f"{name}: không trả lời trong {_SECONDS:.0f} giây",
            f"{name}: no answer within {_SECONDS:.0f} seconds",
        )
        yield Check(Group.SENDING, "mail-server", Level.WARNING, said, _SERVER_REMEDY)
    else:
        yield _greeted(scene, named, limit)


def _no_server(scene: Scene) -> Check:
    if is_sent_for_real(scene.workspace):
        said = ("phần mở rộng chuyển thư", "a plugin carries the letters")
        return Check(Group.SENDING, "mail-server", Level.OK, said)
    said = (
        f"chưa khai mail.server: thư chỉ là bản nháp trong {LETTERS} của hộp gửi, người tự gửi",
        f"no mail.server: letters are drafts in {LETTERS} of the outbox, for a person to send",
    )
    return Check(Group.SENDING, "mail-server", Level.NOTE, said)


def _greeted(scene: Scene, named: Server, limit: int) -> Check:
    most = scene.workspace.campaign.settings.mail.largest_mb
    size = (f"nhận thư đến {limit // _MB} MB", f"takes letters of up to {limit // _MB} MB")
    if not limit:
        size = ("không nêu cỡ thư lớn nhất", "names no greatest size")
    secured = _SECURED[named.security]
    said = (
        f"{named.host}:{named.port} trả lời; {secured[0]}; {size[0]}",
        f"{named.host}:{named.port} answers; {secured[1]}; {size[1]}",
    )
    if not 0 < limit < most * _MB:
        return Check(Group.SENDING, "mail-server", Level.OK, said)
    remedy = (
        f"Hạ mail.largest_mb (đang là {most}) cho vừa máy chủ: thư quá lớn bị trả lại.",
        f"Lower mail.largest_mb (now {most}) to what the server takes: bigger letters are refused.",
    )
    return Check(Group.SENDING, "mail-server", Level.NOTE, said, remedy)


def password(scene: Scene) -> Iterator[Check]:
    """The password is there, whatever it is."""
    named = scene.workspace.campaign.settings.mail.server
    if named is None or not named.user:
        return
    whose = account(named)
    try:
        where = within(_KEYRING_SECONDS, lambda: place(named))
    except ServerError as error:
        yield Check(Group.SENDING, "mail-password", Level.WARNING, error.words, _PASSWORD_REMEDY)
    except TimeoutError:
        said = (
            f"kho mật khẩu của hệ thống không trả lời trong {_KEYRING_SECONDS:.0f} giây, có lẽ đang khóa",
            f"the system's keyring did not answer within {_KEYRING_SECONDS:.0f} seconds; it may be locked",
        )
        yield Check(Group.SENDING, "mail-password", Level.WARNING, said, _PASSWORD_REMEDY)
    else:
        words = f"{whose}: {where[0]}", f"{whose}: {where[1]}"
        yield Check(Group.SENDING, "mail-password", Level.OK, words)


def recipients(scene: Scene) -> Iterator[Check]:
    """Who writes, and to whom the ranking goes."""
    mail = scene.workspace.campaign.settings.mail
    lacking = [
        name
        for name, there in (("mail.sender", mail.sender), ("mail.groups", mail.groups))
        if not there
    ]
    if lacking:
        listed = ", ".join(lacking)
        said = (f"chưa khai {listed}", f"{listed} not set")
        remedy = (
            "Điền vào campaign.yaml trước khi gửi kết quả: người gửi, các nhóm nhận.",
            "Fill them in in campaign.yaml before results are sent: who writes, and to whom.",
        )
        yield Check(Group.SENDING, "recipients", Level.NOTE, said, remedy)
        return
    listed = ", ".join(f"{name} ({len(group.to)})" for name, group in mail.groups.items())
    yield Check(Group.SENDING, "recipients", Level.OK, (listed, listed))


_OPEN: dict[LetterState, Words] = {
    LetterState.FAILED: ("hỏng", "failed"),
    LetterState.UNCERTAIN: ("chưa rõ", "uncertain"),
    LetterState.SENDING: ("đang gửi hoặc bị ngắt giữa chừng", "being sent or cut short"),
    LetterState.WAITING: ("đang chờ", "waiting"),
}


def unsent(scene: Scene) -> Iterator[Check]:
    """Letters that failed, that may or may not have arrived, that wait."""
    with scene.ledger() as ledger:
        rows = ledger.letters(*_OPEN) if ledger else []
    counted = Counter(row.state for row in rows)
    if not counted:
        said = ("không thư nào chờ, hỏng hay chưa rõ", "no letter waits, failed or is uncertain")
        yield Check(Group.SENDING, "unsent", Level.OK, said)
        return
    listed = [(counted[state], words) for state, words in _OPEN.items() if counted[state]]
    why = next((f" ({row.id}: {row.error})" for row in rows if row.error), "")
    said = (
        ", ".join(f"{count} thư {words[0]}" for count, words in listed) + why,
        ", ".join(f"{count} {words[1]}" for count, words in listed) + why,
    )
    settled = bool(counted[LetterState.FAILED] or counted[LetterState.UNCERTAIN])
    remedy = (
        "“xlscore send --list” kể từng thư; “xlscore send” gửi thư đang chờ"
        + ("; “xlscore send --settle SỐ sent|again” kết luận thư hỏng, chưa rõ." if settled else "."),
        "“xlscore send --list” tells each; “xlscore send” sends those that wait"
        + ("; “xlscore send --settle NUMBER sent|again” settles the others." if settled else "."),
    )  # fmt: skip
    grave = settled or bool(why)
    yield Check(Group.SENDING, "unsent", Level.WARNING if grave else Level.NOTE, said, remedy)


EXAMINATIONS: tuple[Examination, ...] = (server, password, recipients, unsent)
