"""A campaign that sends letters, and a real mail server that does as it is told."""

from __future__ import annotations

import email
import errno
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.campaigns import make_campaign
from xlscore.archive import keep
from xlscore.ledger import Ledger, LetterRow, NewLetter, letter_key, open_ledger
from xlscore.mail import Attachment, Letter
from xlscore.sending import Passed, send_waiting
from xlscore.sending.planning import freeze
from xlscore.workspace import Workspace, open_workspace

CERTIFICATES = Path(__file__).parent / "certificates"
NOW = datetime(2026, 12, 20, 8, 0, tzinfo=UTC)
SENDER = "Sở Nội vụ <cchc@mau.example.vn>"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class MailOffice:
    """One campaign folder; `now` is moved on by the tests."""

    def __init__(self, root: Path, **mail: Any) -> None:
        self.root = root
        settings = {"sender": SENDER} | mail
        make_campaign(root, mail={k: v for k, v in settings.items() if v is not None})
        self.now = NOW
        self.workspace: Workspace = open_workspace(root)

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        with open_ledger(self.workspace.ledger_path) as ledger:
            yield ledger

    def queue(
        self, *recipients: str, subject: str = "Kết quả năm 2026", content: bytes = b"PK"
    ) -> list[int]:
        """Queue one letter to each."""
        made = []
        for recipient in recipients:
            key = letter_key("thu-2026", "ranking", 1, "lanh-dao", recipient, subject)
            new = NewLetter(key, "ranking", 1, "lanh-dao", recipient, "", "", "", 0)
            files = (Attachment("ket-qua.xlsx", content, XLSX),)
            letter = Letter((recipient,), subject, "Kính gửi: Quý cơ quan", files, "", self.now)
            made.append(freeze(self.workspace, letter, new))
        for one in made:
            keep(self.workspace.archive, one.data)
        with self.ledger() as ledger, ledger.transaction():
            return [ledger.queue_letter(one.new, self.now) for one in made]

    def send(self, **how: Any) -> Passed:
        """Make one pass."""
        with self.ledger() as ledger:
            return send_waiting(self.workspace, ledger, now=lambda: self.now, **how)

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def rows(self) -> list[LetterRow]:
        with self.ledger() as ledger:
            return ledger.letters()

    def states(self) -> list[str]:
        return [row.state.value for row in self.rows()]


Answer = str | Callable[[], str] | None


@dataclass
class Server:
    """A mail server on this machine; replies are told by step and recipient, first come first served.

    Attributes:
        answers: by `rcpt`, `data` or the like, or that and a recipient: replies in order; then it is content.
        letters: what it took, as (recipients, bytes).
    """

    port: int = 0
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    letters: list[tuple[list[str], bytes]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    def settings(self, **more: Any) -> Mapping[str, Any]:
        return {
            "host": "127.0.0.1", "port": str(self.port), "security": "none",
            "timeout_seconds": "120", **more,
        }  # fmt: skip

    def subjects(self) -> list[str]:
        return [str(email.message_from_bytes(data)["Subject"]) for _, data in self.letters]

    def message_ids(self) -> list[str]:
        return [str(email.message_from_bytes(data)["Message-ID"]) for _, data in self.letters]

    def _answer(self, server: SMTP, step: str, recipient: str = "") -> str | None:
        self.seen.append(step)
        for name in (f"{step} {recipient}", step):
            if self.answers.get(name):
                told = self.answers[name].pop(0)
                if told == "drop":
                    assert server.transport is not None
                    server.transport.abort()  # type: ignore[attr-defined]
                    return "421 dropped"
                return told() if callable(told) else told
        return None

    # aiosmtpd's names and arguments.

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        told = self._answer(server, "mail")
        if told is None:
            envelope.mail_from = address
        return told or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        told = self._answer(server, "rcpt", address)
        if told is None:
            envelope.rcpt_tos.append(address)
        return told or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        told = self._answer(server, "data", envelope.rcpt_tos[0])
        if told is None or told.startswith(("250", "421 dropped after")):
            content = envelope.content
            assert isinstance(content, bytes)
            self.letters.append((list(envelope.rcpt_tos), content))
        return told or "250 OK: queued"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append(given.login.decode())
        return AuthResult(success=given.password == b"dung", handled=False)


@contextmanager
def running(**how: Any) -> Iterator[Server]:
    """Run a server; `how` goes to aiosmtpd."""
    server = Server()
    controller = _started(server, {"authenticator": server.authenticate} | how)
    try:
        yield server
    finally:
        controller.stop()


def _started(server: Server, how: Mapping[str, Any]) -> Controller:
    while True:
        server.port = free_port()
        controller = Controller(
            server, hostname="127.0.0.1", port=server.port, ready_timeout=120, **how
        )
        try:
            controller.start()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:  # somebody took it since we looked
                raise
        else:
            return controller


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def tls() -> ssl.SSLContext:
    """Return what a server shows: a certificate of an authority that nobody knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "localhost.pem")
    return context
