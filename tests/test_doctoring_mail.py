"""What `doctor` says of the mail: the server, its password, who writes to whom, letters not done with."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import keyring
import pytest
from click.testing import CliRunner
from keyring.errors import NoKeyringError

from tests.mail_office import CERTIFICATES, MailOffice, Server, free_port, running, tls
from tests.test_doctoring import ERROR, NOTE, OK, WARNING, Told
from tests.test_sending_carriers import office_with
from xlscore.cli import cli
from xlscore.doctoring import Check, Level, examine, examining, mails
from xlscore.hookspecs import Delivery, Fate
from xlscore.ledger import LetterState
from xlscore.sending import passwords
from xlscore.sentinel import this_user

PINNED = str(CERTIFICATES / "authority.pem")
SETTLE = "xlscore send --settle NUMBER sent|again"


def found(root: Path, name: str, **how: Any) -> Check:
    checks = [check for check in examine(root, Told(), **how) if check.name == name]
    assert len(checks) == 1, checks
    assert all(checks[0].said)
    assert bool(checks[0].remedy[0]) == bool(checks[0].remedy[1])
    return checks[0]


def told(root: Path, name: str, **how: Any) -> tuple[Level, str]:
    check = found(root, name, **how)
    return check.level, check.said[1]


@pytest.fixture(autouse=True)
def _no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(passwords.VARIABLE, raising=False)
    monkeypatch.setattr(keyring, "get_password", lambda *_: None)


def secured(server: Server, **more: Any) -> dict[str, Any]:
    way = server.settings(host="localhost", security="starttls", certificate=PINNED)
    return {**way, **more}


# --- the server ---------------------------------------------------------------------------------------


def test_without_a_server_letters_are_drafts(tmp_path: Path) -> None:
    office = MailOffice(tmp_path / "c")
    said = "no mail.server: letters are drafts in _thu of the outbox, for a person to send"
    assert told(office.root, "mail-server") == (NOTE, said)
    names = [check.name for check in examine(office.root, Told())]
    assert "mail-password" not in names


def test_a_carrier_of_another_maker_is_a_way_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_with(tmp_path, None, lambda _: Delivery(Fate.DONE, ""))
    monkeypatch.setattr(examining, "open_workspace", lambda _root: office.workspace)
    assert told(office.root, "mail-server") == (OK, "a plugin carries the letters")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_is_whom_it_should_be_is_fine_and_nobody_logs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.setenv(passwords.VARIABLE, "sai")
    first = {"ssl_context": tls(), "auth_require_tls": False}
    later = {"tls_context": tls(), "require_starttls": True, "auth_required": True}
    with running(**(first if security == "tls" else later)) as server:
        way = secured(server, security=security, user="cchc@mau")
        office = MailOffice(tmp_path / "c", server=way)
        office.queue("a@x.vn")
        shown = f"localhost:{server.port} answers; {security.upper()}, certificate verified"
        assert told(office.root, "mail-server") == (OK, f"{shown}; takes letters of up to 32 MB")
        assert (server.logins, server.seen, server.letters) == ([], [], [])
    assert office.states() == ["waiting"]


def test_a_server_that_takes_less_than_we_send_is_noted(tmp_path: Path) -> None:
    with running(data_size_limit=2 << 20) as server:
        office = MailOffice(tmp_path / "c", server=server.settings())
        check = found(office.root, "mail-server")
    shown = f"127.0.0.1:{server.port} answers; in the clear; takes letters of up to 2 MB"
    assert (check.level, check.said[1]) == (NOTE, shown)
    assert "mail.largest_mb (now 7)" in check.remedy[1]


def test_a_server_that_names_no_size_takes_any(tmp_path: Path) -> None:
    with running(data_size_limit=None) as server:
        office = MailOffice(tmp_path / "c", server=server.settings())
        shown = f"127.0.0.1:{server.port} answers; in the clear; names no greatest size"
        assert told(office.root, "mail-server") == (OK, shown)


def test_a_certificate_that_nobody_vouches_for_is_a_warning(tmp_path: Path) -> None:
    with running(tls_context=tls()) as server:
        office = MailOffice(tmp_path / "c", server=secured(server, certificate=""))
        level, said = told(office.root, "mail-server")
    assert (level, f"the certificate of localhost:{server.port} is not trusted" in said) == (
        WARNING,
        True,
    )


def test_a_server_without_starttls_is_a_warning(tmp_path: Path) -> None:
    with running() as server:
        office = MailOffice(tmp_path / "c", server=secured(server))
        said = "localhost has no STARTTLS, letters would go in the clear: see mail.server.security"
        assert told(office.root, "mail-server") == (WARNING, said)


def test_a_server_that_nobody_can_log_in_to_is_a_warning(tmp_path: Path) -> None:
    with running(tls_context=tls(), auth_exclude_mechanism=["LOGIN", "PLAIN"]) as server:
        office = MailOffice(tmp_path / "c", server=secured(server, user="cchc"))
        said = "the mail server offers no way to log in with this name and password"
        assert told(office.root, "mail-server") == (WARNING, said)


def test_where_no_server_is_the_remedy_says_that_nothing_is_lost(tmp_path: Path) -> None:
    port = free_port()
    office = MailOffice(tmp_path / "c", server=Server(port).settings())
    check = found(office.root, "mail-server")
    assert (check.level, check.said[1]) == (WARNING, f"127.0.0.1:{port}: no mail server is there")
    assert "letters wait, none is lost" in check.remedy[1]


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where somebody listens and says nothing."""
    with socket.socket() as heard:
        heard.bind(("127.0.0.1", 0))
        heard.listen()
        yield int(heard.getsockname()[1])


@pytest.mark.parametrize(
    ("limit", "said"),
    [("_STEP", "the mail server does not answer"), ("_SECONDS", "no answer within 0 seconds")],
)
def test_a_server_that_says_nothing_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: int, limit: str, said: str
) -> None:
    office = MailOffice(tmp_path / "c", server=Server(silent).settings())
    monkeypatch.setattr(mails, limit, 0.2)
    begun = monotonic()
    assert told(office.root, "mail-server") == (WARNING, f"127.0.0.1:{silent}: {said}")
    assert monotonic() - begun < mails._STEP + 1


def test_offline_the_server_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object) -> int:
        raise AssertionError

    monkeypatch.setattr(mails, "greet", asked)
    office = MailOffice(tmp_path / "c", server=Server(25).settings())
    said = "127.0.0.1:25: not asked (--offline)"
    assert told(office.root, "mail-server", offline=True) == (NOTE, said)
    ran = CliRunner().invoke(cli, ["doctor", "-C", str(office.root), "--offline", "--json"])
    by_name = {check["name"]: check for check in json.loads(ran.stdout)["checks"]}
    assert (by_name["mail-server"]["level"], by_name["mail-server"]["group"]) == ("note", "sending")


# --- the password -------------------------------------------------------------------------------------


@pytest.fixture
def logging_in(tmp_path: Path) -> Path:
    """A campaign whose server asks for a password."""
    way = {"host": "mau.vn", "user": "cchc"}
    return MailOffice(tmp_path / "c", server=way).root


def test_a_password_in_the_environment_is_only_this_window_s(
    logging_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(passwords.VARIABLE, "bí mật")
    said = (
        "cchc@mau.vn: the environment variable XLSCORE_MAIL_PASSWORD;"
        " a service that runs watch needs its own"
    )
    assert told(logging_in, "mail-password", offline=True) == (OK, said)


def test_a_password_in_the_keyring_is_this_user_s_and_is_not_told(
    logging_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "get_password", lambda *_: "bí mật")
    name = keyring.get_keyring().name
    check = found(logging_in, "mail-password", offline=True)
    assert (check.level, check.said[1]) == (
        OK,
        f"cchc@mau.vn: the system's keyring ({name}); only the user {this_user()} of this host finds it",
    )
    assert "bí mật" not in "".join((*check.said, *check.remedy))


def _no_keyring(*_: str) -> str:
    raise NoKeyringError("bí mật")


def _locked(*_: str) -> str:
    Event().wait(1)
    return "late"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda *_: None, "there is no password for cchc@mau.vn: run “xlscore mail password” or set X"),
        (_no_keyring, "the system's keyring cannot be used (NoKeyringError): set the environment variable X"),
        (_locked, "the system's keyring did not answer within 0 seconds; it may be locked"),
    ],
)  # fmt: skip
def test_a_password_that_is_not_there_is_a_warning(
    logging_in: Path, monkeypatch: pytest.MonkeyPatch, asked: Callable[..., Any], said: str
) -> None:
    monkeypatch.setattr(mails, "_KEYRING_SECONDS", 0.3)
    monkeypatch.setattr(keyring, "get_password", asked)
    check = found(logging_in, "mail-password", offline=True)
    assert (check.level, check.said[1].replace(passwords.VARIABLE, "X")) == (WARNING, said)
    assert "as the user who sends" in check.remedy[1]


# --- who writes to whom -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mail", "level", "said"),
    [
        ({"sender": None}, NOTE, "mail.sender, mail.groups not set"),
        ({}, NOTE, "mail.groups not set"),
        (
            {"groups": {"lanh-dao": {"title": "Lãnh đạo", "to": ["a@x.vn", "b@x.vn"]}}},
            OK,
            "lanh-dao (2)",
        ),
    ],
)
def test_who_writes_and_to_whom_is_told(
    tmp_path: Path, mail: dict[str, Any], level: Level, said: str
) -> None:
    assert told(MailOffice(tmp_path / "c", **mail).root, "recipients") == (level, said)


def test_an_address_that_no_letter_can_go_to_is_a_warning(tmp_path: Path) -> None:
    office = MailOffice(tmp_path / "c")
    units = "code,name,tier,email\nSTP,Sở Tư pháp,so,stp@\nSTC,Sở Tài chính,so,stc@x.vn\n"
    (office.root / "units.csv").write_text(units, encoding="utf-8")
    level, said = told(office.root, "addresses")
    assert level is WARNING
    assert said.startswith("1 units have an e-mail address that cannot be used (STP: ")


# --- letters ------------------------------------------------------------------------------------------


def test_letters_not_done_with_are_counted_and_the_command_that_settles_them_is_named(
    tmp_path: Path,
) -> None:
    office = MailOffice(tmp_path / "c")
    said = "no letter waits, failed or is uncertain"
    assert told(office.root, "unsent") == (OK, said)

    numbers = office.queue("a@x.vn", "b@x.vn", "c@x.vn", "d@x.vn", "e@x.vn")
    check = found(office.root, "unsent")
    assert (check.level, check.said[1]) == (NOTE, "5 waiting")
    assert "xlscore send --list" in check.remedy[1]
    assert SETTLE not in check.remedy[1]

    with office.ledger() as ledger, ledger.transaction():
        for number in numbers[:4]:
            ledger.letter_becomes(number, LetterState.SENDING, office.now)
    assert told(office.root, "unsent") == (NOTE, "4 being sent or cut short, 1 waiting")
    with office.ledger() as ledger, ledger.transaction():
        ledger.letter_becomes(numbers[0], LetterState.SENT, office.now)
        ledger.letter_becomes(numbers[1], LetterState.UNCERTAIN, office.now)
        ledger.letter_becomes(numbers[2], LetterState.FAILED, office.now, why="550 unknown")
    check, why = found(office.root, "unsent"), " (3: 550 unknown)"
    assert (check.level, check.said) == (
        WARNING,
        (
            f"1 thư hỏng, 1 thư chưa rõ, 1 thư đang gửi hoặc bị ngắt giữa chừng, 1 thư đang chờ{why}",
            f"1 failed, 1 uncertain, 1 being sent or cut short, 1 waiting{why}",
        ),
    )
    assert SETTLE in check.remedy[1]


def test_letters_that_wait_for_a_reason_are_a_warning(tmp_path: Path) -> None:
    office = MailOffice(tmp_path / "c", server=Server(free_port()).settings())
    (number,) = office.queue("a@x.vn")
    why = office.send().trouble
    assert told(office.root, "unsent", offline=True) == (WARNING, f"1 waiting ({number}: {why})")


def test_a_ledger_of_the_mail_that_cannot_be_read_stops_no_other_check(tmp_path: Path) -> None:
    office = MailOffice(tmp_path / "c")
    office.queue("a@x.vn")
    office.workspace.ledger_path.write_bytes(b"no ledger")
    names = {check.name: check.level for check in examine(office.root, Told())}
    assert (names["unsent"], names["mail-server"], names["ledger"]) == (WARNING, NOTE, ERROR)
