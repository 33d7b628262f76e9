"""Letters through a real mail server: sent once, tried again, given up, or left for a person to decide."""

from __future__ import annotations

import email
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest

from tests.mail_office import CERTIFICATES, MailOffice, Server, free_port, running, tls
from tests.test_mail import SAMPLES, nfc
from xlscore.hookspecs import Fate, Outgoing
from xlscore.ledger import LedgerError, LetterState, letters
from xlscore.mail import Letter, compose, mailbox, message_id, read_letter
from xlscore.sending import (
    Outcome,
    ServerError,
    SettleError,
    passwords,
    send_waiting,
    server_limit,
    settle,
)
from xlscore.sending.passing import PAUSES
from xlscore.sending.smtp import Session


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture
def office(tmp_path: Path, server: Server) -> MailOffice:
    return MailOffice(tmp_path / "c", server=server.settings())


def test_each_recipient_gets_a_letter_of_its_own_and_once(
    office: MailOffice, server: Server
) -> None:
    office.queue("a@x.vn", "b@x.vn")
    assert office.queue("a@x.vn", "b@x.vn") == [0, 0]
    assert [row.state.value for row in office.send().done] == ["sent", "sent"]
    assert office.send().done == []
    assert [to for to, _ in server.letters] == [["a@x.vn"], ["b@x.vn"]]
    assert server.message_ids() == [row.letter.message_id for row in office.rows()]


def test_what_the_server_gets_is_what_was_frozen(office: MailOffice, server: Server) -> None:
    office.queue("a@x.vn", content=b"\n.\r\n..")
    office.send()
    ((_, data),) = server.letters
    assert [row.letter.size for row in office.rows()] == [len(data)]
    assert read_letter(data).attachments[0].data == b"\n.\r\n.."


def test_451_is_tried_again_when_it_is_due_and_not_before(
    office: MailOffice, server: Server
) -> None:
    office.queue("a@x.vn")
    server.answers["rcpt"] = ["451 4.7.1 greylisted, come back"]
    office.send()
    (row,) = office.rows()
    assert (row.state.value, row.error) == ("waiting", "451 4.7.1 greylisted, come back")
    assert (row.attempts, row.next_at) == (1, office.now + timedelta(minutes=1))
    office.later(seconds=59)
    assert office.send().done == []
    office.later(seconds=1)
    office.send()
    assert office.states() == ["sent"]
    assert len(server.letters) == 1


def test_451_after_the_content_is_tried_again_too(office: MailOffice, server: Server) -> None:
    office.queue("a@x.vn")
    server.answers["data"] = ["451 4.3.0 no room just now"]
    office.send()
    assert office.states() == ["waiting"]
    office.send(at_once=True)
    assert (office.states(), len(server.letters)) == (["sent"], 1)


def test_550_for_one_fails_that_one_and_the_others_go_out(
    office: MailOffice, server: Server
) -> None:
    office.queue("a@x.vn", "b@x.vn", "c@x.vn")
    server.answers["rcpt b@x.vn"] = ["550 5.1.1 no such user"]
    office.send()
    assert office.states() == ["sent", "failed", "sent"]
    assert office.rows()[1].error == "550 5.1.1 no such user"
    assert [row.attempts for row in office.rows()] == [1, 1, 1]
    assert office.send(at_once=True).done == []


def test_a_letter_beyond_the_servers_limit_is_never_handed_over(tmp_path: Path) -> None:
    with running(data_size_limit=20_000) as server:
        office = MailOffice(tmp_path / "c", server=server.settings())
        assert server_limit(office.workspace) == 20_000
        office.queue("a@x.vn", content=bytes(30_000))
        office.queue("b@x.vn", subject="nhỏ")
        office.send()
        assert office.states() == ["failed", "sent"]
        assert "thư quá lớn" in office.rows()[0].error
        assert "thư mục dùng chung" in office.rows()[0].error
        assert "largest_mb" not in office.rows()[0].error  # it is the server that refuses
        assert server.seen == ["mail", "rcpt", "data"]


def test_the_pauses_grow_and_after_the_last_the_letter_fails(tmp_path: Path) -> None:
    office = MailOffice(tmp_path / "c", server=Server(port=free_port()).settings())
    office.queue("a@x.vn")
    seen = []
    while office.states() == ["waiting"]:
        passed = office.send()
        (row,) = office.rows()
        assert "không có máy chủ thư ở đó" in (passed.trouble + row.error)
        if row.next_at:
            seen.append(row.next_at - office.now)
            office.now = row.next_at
    assert tuple(seen) == PAUSES
    assert office.states() == ["failed"]
    assert office.rows()[0].attempts == len(PAUSES) + 1
    with office.ledger() as ledger:
        assert [e.kind for e in ledger.events()] == ["letter-queued", "letter-failed"]


def test_asking_for_it_again_and_again_makes_no_letter_fail(tmp_path: Path) -> None:
    """Ten impatient calls of `send` while the server is down for ten minutes."""
    office = MailOffice(tmp_path / "c", server=Server(port=free_port()).settings())
    office.queue("a@x.vn")
    office.send()
    (first,) = office.rows()
    for _ in PAUSES:
        office.later(seconds=1)
        office.send(at_once=True)
    (row,) = office.rows()
    assert (row.state.value, row.attempts, row.next_at) == ("waiting", 1, first.next_at)


@pytest.mark.parametrize(
    ("step", "state"), [("mail", "waiting"), ("rcpt", "waiting"), ("data", "uncertain")]
)
def test_a_connection_that_breaks_before_the_content_is_tried_again_later_never(
    office: MailOffice, server: Server, step: str, state: str
) -> None:
    office.queue("a@x.vn", "b@x.vn")
    server.answers[step] = ["drop"]
    office.send()
    assert office.states() == [state, "sent"]
    office.send(at_once=True)
    assert office.states() == [("sent" if state == "waiting" else state), "sent"]
    assert len(server.letters) == (2 if state == "waiting" else 1)


def test_421_closes_the_conversation_and_the_next_letter_opens_another(
    office: MailOffice, server: Server
) -> None:
    office.queue("a@x.vn", "b@x.vn")
    server.answers["rcpt"] = ["421 4.7.0 too many"]
    office.send()
    assert office.states() == ["waiting", "sent"]


def test_a_sender_whom_the_server_refuses_fails_no_letter(
    office: MailOffice, server: Server
) -> None:
    office.queue("a@x.vn", "b@x.vn")
    server.answers["mail"] = ["530 5.7.0 log in first"]
    assert "530 5.7.0 log in first" in office.send().trouble
    assert office.states() == ["waiting", "waiting"]
    assert [row.attempts for row in office.rows()] == [0, 0]
    office.later(hours=1)
    office.send()
    assert office.states() == ["sent", "sent"]


# --- a safe way ---------------------------------------------------------------------------------------


def secured(server: Server, **more: Any) -> dict[str, Any]:
    return dict(server.settings(host="localhost", security="starttls", **more))


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with running(tls_context=tls()) as server:
        office = MailOffice(tmp_path / "c", server=secured(server))
        office.queue("a@x.vn")
        assert "không được tin cậy" in office.send().trouble
        assert (office.states(), server.seen) == (["waiting"], [])


def test_with_the_offices_own_authority_letters_go_over_starttls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(passwords.VARIABLE, "dung")
    with running(tls_context=tls(), require_starttls=True, auth_required=True) as server:
        pinned = str(CERTIFICATES / "authority.pem")
        office = MailOffice(
            tmp_path / "c", server=secured(server, certificate=pinned, user="cchc@mau")
        )
        office.queue("a@x.vn")
        office.send()
        assert (office.states(), server.logins) == (["sent"], ["cchc@mau"])


def test_with_the_offices_own_authority_letters_go_over_tls_from_the_first_byte(
    tmp_path: Path,
) -> None:
    with running(ssl_context=tls()) as server:
        pinned = str(CERTIFICATES / "authority.pem")
        way = secured(server, certificate=pinned) | {"security": "tls"}
        office = MailOffice(tmp_path / "c", server=way)
        office.queue("a@x.vn")
        office.send()
        assert (office.states(), len(server.letters)) == (["sent"], 1)


def test_tls_from_the_first_byte_verifies_the_certificate_too(tmp_path: Path) -> None:
    with running(ssl_context=tls()) as server:
        way = secured(server) | {"security": "tls"}
        office = MailOffice(tmp_path / "c", server=way)
        office.queue("a@x.vn")
        assert "không được tin cậy" in office.send().trouble
        assert (office.states(), server.seen) == (["waiting"], [])


def test_a_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    with running(tls_context=tls()) as server:
        pinned = str(CERTIFICATES / "authority.pem")
        named = secured(server, certificate=pinned) | {"host": "127.0.0.2"}
        office = MailOffice(tmp_path / "c", server=named)
        office.queue("a@x.vn")
        passed = office.send()
        assert passed.trouble
        assert (office.states(), server.letters) == (["waiting"], [])


def test_a_certificate_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with running(tls_context=tls()) as server:
        office = MailOffice(tmp_path / "c", server=secured(server, certificate="khong-co.pem"))
        office.queue("a@x.vn")
        assert "khong-co.pem" in office.send().trouble


def test_a_server_without_starttls_gets_nothing(tmp_path: Path) -> None:
    with running() as server:
        office = MailOffice(tmp_path / "c", server=secured(server))
        office.queue("a@x.vn")
        assert "không có STARTTLS" in office.send().trouble
        assert server.seen == []


def test_a_wrong_password_is_told_without_naming_it_and_fails_no_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(passwords.VARIABLE, "sai-mat-khau-nay")
    with running(tls_context=tls()) as server:
        pinned = str(CERTIFICATES / "authority.pem")
        office = MailOffice(tmp_path / "c", server=secured(server, certificate=pinned, user="cchc"))
        office.queue("a@x.vn")
        trouble = office.send().trouble
        assert "không nhận tên hoặc mật khẩu của cchc" in trouble
        assert office.states() == ["waiting"]
    kept = [p for p in office.root.rglob("*") if p.is_file()]
    assert [p for p in kept if b"sai-mat-khau-nay" in p.read_bytes()] == []
    assert "sai-mat-khau-nay" not in trouble


class Keys:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, name: str, secret: str) -> None:
        self.kept[service, name] = secret

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))


def test_the_password_comes_from_the_environment_or_else_from_the_keyring(
    office: MailOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring

    keys = Keys()
    monkeypatch.setattr(keyring, "get_password", keys.get_password)
    monkeypatch.setattr(keyring, "set_password", keys.set_password)
    monkeypatch.delenv(passwords.VARIABLE, raising=False)
    given = office.workspace.campaign.settings.mail.server
    assert given is not None
    server = given.model_copy(update={"user": "cchc", "host": "mau.vn"})
    with pytest.raises(ServerError, match="xlscore mail password"):
        passwords.password(server)
    passwords.store(server, "bí mật")
    assert keys.kept == {("xlscore", "cchc@mau.vn"): "bí mật"}
    assert passwords.password(server) == "bí mật"
    monkeypatch.setenv(passwords.VARIABLE, "khác")
    assert passwords.password(server) == "khác"


def test_a_keyring_that_fails_is_told_without_its_words(
    office: MailOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring
    from keyring.errors import NoKeyringError

    def broken(*_: str) -> str:
        raise NoKeyringError("bí mật")

    monkeypatch.setattr(keyring, "get_password", broken)
    monkeypatch.delenv(passwords.VARIABLE, raising=False)
    server = office.workspace.campaign.settings.mail.server
    assert server is not None
    with pytest.raises(ServerError, match=passwords.VARIABLE) as raised:
        passwords.password(server.model_copy(update={"user": "cchc"}))
    assert "bí mật" not in str(raised.value)


# --- one at a time, on a disk that may be full ----------------------------------------------------------


def test_two_senders_at_once_send_every_letter_once(office: MailOffice, server: Server) -> None:
    office.queue(*(f"u{n}@x.vn" for n in range(20)))
    start, busy = threading.Barrier(2), []

    def work() -> None:
        start.wait()
        busy.append(office.send().busy)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.send()
    assert sorted(to[0] for to, _ in server.letters) == sorted(f"u{n}@x.vn" for n in range(20))
    assert set(office.states()) == {"sent"}


def test_letters_queued_while_others_are_sent_go_along(office: MailOffice, server: Server) -> None:
    office.queue("a@x.vn")

    def meanwhile() -> str:
        office.queue("b@x.vn")
        return "451 later"

    server.answers["rcpt a@x.vn"] = [meanwhile]
    office.send(at_once=True)
    assert office.states() == ["waiting", "sent"]


def test_a_clock_that_was_ahead_puts_no_letter_off_for_good(
    office: MailOffice, server: Server
) -> None:
    office.queue("a@x.vn")
    server.answers["rcpt"] = ["451 later"]
    office.later(days=365)
    office.send()
    office.later(days=-365)
    office.send()
    assert office.states() == ["sent"]


def test_a_ledger_that_cannot_be_written_keeps_the_letter_from_being_handed_over(
    office: MailOffice, server: Server
) -> None:
    office.queue("a@x.vn")
    with pytest.raises(LedgerError):
        send_from_a_full_disk(office)
    assert (office.states(), server.letters) == (["waiting"], [])
    assert "data" not in server.seen


def test_a_ledger_that_fills_up_after_the_letter_was_sent_leaves_it_uncertain(
    office: MailOffice, server: Server
) -> None:
    office.queue("a@x.vn")
    server.answers["data"] = [_filled]
    with pytest.raises(LedgerError):
        office.send()
    assert office.states() == ["sending"]
    office.send(at_once=True)
    assert office.states() == ["uncertain"]
    assert len(server.letters) == 1


def send_from_a_full_disk(office: MailOffice) -> None:
    with office.ledger() as ledger:
        ledger._db.execute("PRAGMA query_only = ON")
        send_waiting(office.workspace, ledger, now=lambda: office.now)


def _filled() -> str:
    """Answer 250, with the ledger's disk full from now on."""
    original = letters.Letters.letter_becomes

    def fails(*_: Any, **__: Any) -> bool:
        letters.Letters.letter_becomes = original  # type: ignore[method-assign]
        raise sqlite3.OperationalError("database or disk is full")

    letters.Letters.letter_becomes = fails  # type: ignore[method-assign]
    return "250 OK: queued"


def test_a_journal_that_cannot_be_written_keeps_the_letter_from_being_handed_over(
    office: MailOffice, server: Server
) -> None:
    office.queue("a@x.vn")
    journal = office.workspace.data / "journal"
    journal.rename(journal.with_name("away"))
    journal.write_bytes(b"")  # a file where the folder was
    assert "không ghi được nhật ký" in office.send().trouble
    assert (office.states(), server.letters) == (["waiting"], [])
    journal.unlink()
    journal.with_name("away").rename(journal)
    office.send(at_once=True)
    assert office.states() == ["sent"]


@pytest.mark.parametrize("damage", ["gone", "altered"])
def test_a_letter_whose_bytes_are_not_what_was_frozen_is_not_sent(
    office: MailOffice, server: Server, damage: str
) -> None:
    office.queue("a@x.vn")
    (path,) = office.workspace.archive.glob("??/*.bin")
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes().replace(b"a@x.vn", b"b@x.vn"))
    office.send()
    assert (office.states(), server.letters) == (["failed"], [])


@pytest.mark.parametrize("step", ["rcpt", "data-command"])
def test_a_reply_of_no_meaning_before_the_content_is_tried_again(tmp_path: Path, step: str) -> None:
    with answering({step: b"350 what"}) as port:
        office = MailOffice(tmp_path / "c", server=Server(port).settings())
        office.queue("a@x.vn")
        office.send()
    (row,) = office.rows()
    assert (row.state.value, row.error, row.attempts) == ("waiting", "350 what", 1)
    assert row.next_at == office.now + PAUSES[0]


def test_a_size_beyond_all_measure_is_no_limit(tmp_path: Path) -> None:
    with answering({"ehlo": b"250 SIZE " + b"9" * 5000}) as port:
        office = MailOffice(tmp_path / "c", server=Server(port).settings())
        assert server_limit(office.workspace) == 0


@contextmanager
def answering(replies: dict[str, bytes]) -> Iterator[int]:
    """A server that gives replies of its own to `ehlo`, `rcpt` and `data-command`, and 250 to the rest."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def converse() -> None:
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 mau.vn\r\n")
                for line in lines:
                    name = line[:4].decode().strip().lower()
                    step = "data-command" if name == "data" else name
                    if step == "ehlo" and step in replies:
                        connection.sendall(b"250-mau.vn\r\n")
                    connection.sendall(replies.get(step, b"250 OK") + b"\r\n")

        thread = threading.Thread(target=converse, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(120)


# --- what a person decides --------------------------------------------------------------------------------


def uncertain(office: MailOffice, server: Server) -> None:
    office.queue("a@x.vn")
    server.answers["data"] = ["drop"]
    office.send()
    assert office.states() == ["uncertain"]


def test_settled_as_sent_it_stays_so(office: MailOffice, server: Server) -> None:
    uncertain(office, server)
    with office.ledger() as ledger:
        assert settle(office.workspace, ledger, 1, Outcome.SENT, office.now).state == "sent"
        with pytest.raises(SettleError):
            settle(office.workspace, ledger, 1, Outcome.SENT, office.now)
    office.send(at_once=True)
    assert (office.states(), server.letters) == (["sent"], [])


def test_what_is_just_being_handed_over_is_not_settled(office: MailOffice, server: Server) -> None:
    office.queue("a@x.vn")
    told: list[str] = []

    def meanwhile() -> str:
        with office.ledger() as ledger, pytest.raises(SettleError) as refused:
            settle(office.workspace, ledger, 1, Outcome.SENT, office.now)
        told.append(str(refused.value))
        return "550 no such user"

    server.answers["data"] = [meanwhile]
    office.send()
    assert told == ["letter 1 does not wait for a decision (sending)"]
    assert office.states() == ["failed"]


def test_sent_again_it_is_another_letter_that_says_so(office: MailOffice, server: Server) -> None:
    uncertain(office, server)
    with office.ledger() as ledger:
        assert settle(office.workspace, ledger, 1, Outcome.AGAIN, office.now).id == 2
        with pytest.raises(SettleError):
            settle(office.workspace, ledger, 1, Outcome.AGAIN, office.now)
        with pytest.raises(SettleError):
            settle(office.workspace, ledger, 2, Outcome.AGAIN, office.now)
        with pytest.raises(SettleError):
            settle(office.workspace, ledger, 3, Outcome.SENT, office.now)
    office.send()
    assert office.states() == ["dropped", "sent"]
    ((_, data),) = server.letters
    again = read_letter(data)
    assert again.subject == "Kết quả năm 2026 (gửi lại)"
    assert again.attachments[0].data == b"PK"
    assert again.message_id != office.rows()[0].letter.message_id


def test_stopping_leaves_the_rest_waiting(office: MailOffice, server: Server) -> None:
    office.queue("a@x.vn", "b@x.vn", "c@x.vn")
    office.send(stopping=lambda: len(server.letters) >= 2)
    assert office.states() == ["sent", "sent", "waiting"]


# --- drafts ------------------------------------------------------------------------------------------------


def test_without_a_server_a_draft_is_written_once_for_a_person_to_send(tmp_path: Path) -> None:
    office = MailOffice(tmp_path / "c")
    office.queue("a@x.vn", "b@x.vn")
    assert [row.state for row in office.send().done] == [LetterState.DRAFTED] * 2
    assert office.send(at_once=True).done == []
    (first, _) = (office.workspace.outbox / row.path for row in office.rows())
    assert first.parent == office.workspace.outbox / "_thu" / "ket-qua"
    message = email.message_from_bytes(first.read_bytes(), policy=policy.default)
    assert message["X-Unsent"] == "1"
    assert message["From"] == "Sở Nội vụ <cchc@mau.example.vn>"


def test_a_draft_may_leave_the_sender_to_the_mail_program(tmp_path: Path) -> None:
    office = MailOffice(tmp_path / "c", sender=None)
    office.queue("a@x.vn")
    office.send()
    data = (office.workspace.outbox / office.rows()[0].path).read_bytes()
    assert (data.count(b"X-Unsent: 1\r\n"), b"\r\nFrom:" in data) == (1, False)


def test_another_campaigns_draft_of_the_same_name_stays(tmp_path: Path) -> None:
    office = MailOffice(tmp_path / "c")
    place = office.workspace.outbox / "_thu" / "ket-qua" / "lan-1-lanh-dao-so-1.eml"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"From: other\r\n\r\n")
    office.queue("a@x.vn")
    office.send()
    assert office.rows()[0].path.endswith("lan-1-lanh-dao-so-1.2.eml")
    assert place.read_bytes() == b"From: other\r\n\r\n"


def test_an_outbox_that_is_away_is_waited_for_however_long(tmp_path: Path) -> None:
    office = MailOffice(tmp_path / "c")
    office.queue("a@x.vn")
    (office.workspace.outbox).write_bytes(b"no folder")
    for _ in range(12):
        office.send(at_once=True)
    assert office.states() == ["waiting"]
    office.workspace.outbox.unlink()
    office.send(at_once=True)
    assert office.states() == ["drafted"]


# --- every subject and name arrives ------------------------------------------------------------


def test_1500_vietnamese_subjects_and_names_read_back_right_through_the_server(
    office: MailOffice, server: Server
) -> None:
    asked = []
    settings = office.workspace.campaign.settings.mail
    assert settings.server is not None
    with Session(settings.server, office.root) as session:
        for number, (subject, name, _) in enumerate(SAMPLES):
            mark, to = message_id("thu", "ranking", str(number)), mailbox(name, f"u{number}@x.vn")
            letter = Letter((to,), subject, "Kính gửi.", (), mark, office.now, settings.sender)
            data = compose(letter)
            message = Outgoing(data, "cchc@mau.example.vn", f"u{number}@x.vn", subject, mark, 1)
            assert session.hand_over(message, lambda: None).fate is Fate.DONE
            asked.append((nfc(subject), (nfc(to),)))
    read = [read_letter(data) for _, data in server.letters]
    assert [(letter.subject, letter.to) for letter in read] == asked
