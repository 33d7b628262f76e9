"""One conversation with a mail server: verified, and clear at every step whether anything was handed over."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from xlscore.correspondence import Security, Server
from xlscore.hookspecs import Delivery, Fate, Outgoing
from xlscore.sending import trouble
from xlscore.sending.passwords import password
from xlscore.sending.trouble import broken, reply, said

_OK, _WILL_FORWARD, _GO_AHEAD, _CLOSING, _TOO_BIG = 250, 251, 354, 421, 552
_TEMPORARY, _PERMANENT = 4, 5
_PIECE = 1 << 16
_SIZE_DIGITS = 20
_MECHANISMS = frozenset({"CRAM-MD5", "PLAIN", "LOGIN"})
"""What smtplib knows; some servers offer XOAUTH2 alone."""
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class Session:
    """A conversation; leaving the block ends it."""

    def __init__(self, server: Server, root: Path, *, patience: float | None = None) -> None:
        """Prepare; nothing is connected yet.

        Args:
            root: the campaign folder, which `certificate` is relative to.
            patience: seconds the server may be silent, where less than its setting.
        """
        self._server, self._root = server, root
        self._timeout = min(server.timeout_seconds, patience or server.timeout_seconds)
        self._smtp: smtplib.SMTP | None = None
        self._let_in = False

    def __enter__(self) -> Self:
        """Return it, unconnected."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the conversation, politely where that is still possible."""
        if self._smtp is None:
            return
        try:
            if kind is None:
                self._smtp.quit()
        except (smtplib.SMTPException, OSError):
            pass  # everything that matters is settled
        finally:
            self._smtp.close()
            self._smtp = None

    # --- the way in -----------------------------------------------------------------------------------

    def limit(self) -> int:
        """Return the greatest size that the server takes, 0 where it names none; connects if need be.

        Raises:
            ServerError: it cannot be asked.
        """
        named = self._connected().esmtp_features.get("size", "")
        # RFC 1870, 3: twenty digits at most; Python refuses to read thousands of them.
        return int(named) if named.isdecimal() and len(named) <= _SIZE_DIGITS else 0

    def offers_login(self) -> bool:
        """Whether the server takes names and passwords; connects if need be, and logs nobody in.

        Raises:
            ServerError: it cannot be asked.
        """
        offered = self._connected().esmtp_features.get("auth", "").upper().split()
        return not _MECHANISMS.isdisjoint(offered)

    def _ready(self) -> smtplib.SMTP:
        """Return the conversation, logged in where that is asked for."""
        smtp = self._connected()
        if self._server.user and not self._let_in:
            self._log_in(smtp, password(self._server))
            self._let_in = True
        return smtp

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is not None and self._smtp.sock is not None:
            return self._smtp
        name = f"{self._server.host}:{self._server.port}"
        self._let_in = False
        try:
            self._smtp = self._greeted()
        except ssl.SSLCertVerificationError as error:
            raise trouble.untrusted(name, error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise trouble.unreachable(name, error) from error
        return self._smtp

    def _greeted(self) -> smtplib.SMTP:
        host, port, security = self._server.host, self._server.port, self._server.security
        if security is Security.TLS:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, _own_name(), timeout=self._timeout, context=self._context()
            )
        else:
            smtp = smtplib.SMTP(host, port, _own_name(), timeout=self._timeout)
        try:
            smtp.ehlo_or_helo_if_needed()
            if security is Security.STARTTLS:
                self._secure(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _secure(self, smtp: smtplib.SMTP) -> None:
        if not smtp.has_extn("starttls"):
            raise trouble.in_the_clear(self._server.host)
        # Without a context of ours, smtplib would take any certificate.
        smtp.starttls(context=self._context())
        smtp.ehlo_or_helo_if_needed()

    def _context(self) -> ssl.SSLContext:
        """Return what verifies certificates; an office's own authority takes the place of the system's."""
        named = self._server.certificate
        try:
            return ssl.create_default_context(cafile=str(self._root / named) if named else None)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise trouble.unreadable(named) from error

    def _log_in(self, smtp: smtplib.SMTP, secret: str) -> None:
        user = self._server.user
        try:
            smtp.login(user, secret)
        except smtplib.SMTPAuthenticationError as error:
            smtp.close()
            if error.smtp_code // 100 == _TEMPORARY:  # RFC 4954, 4.7.12: try again later
                raise trouble.unreachable(self._server.host, error) from None
            raise trouble.login_refused(user, reply(error.smtp_code, error.smtp_error)) from None
        except (smtplib.SMTPNotSupportedError, UnicodeError):
            smtp.close()
            raise trouble.no_login() from None
        except (smtplib.SMTPException, OSError) as error:
            smtp.close()
            raise trouble.unreachable(self._server.host, error) from None

    # --- one letter -----------------------------------------------------------------------------------

    def hand_over(self, message: Outgoing, mark: Callable[[], None]) -> Delivery:
        """Hand one letter over to its one recipient.

        Args:
            mark: called before DATA; what it raises keeps the letter from being handed over.

        Raises:
            ServerError: the server takes no letters now; nothing was handed over.
        """
        smtp = self._ready()
        if 0 < (limit := self.limit()) < len(message.data):
            return Delivery(Fate.FAILED, said(trouble.too_big(len(message.data), limit)))
        try:
            if (refused := self._envelope(smtp, message)) is not None:
                return refused
        except (smtplib.SMTPException, OSError) as error:
            smtp.close()
            return Delivery(Fate.LATER, said(broken(error)))
        try:
            mark()
        except BaseException:
            smtp.close()  # it waits for DATA, which does not come
            raise
        return _content(smtp, message.data)

    def _envelope(self, smtp: smtplib.SMTP, message: Outgoing) -> Delivery | None:
        options = [f"size={len(message.data)}"] if smtp.has_extn("size") else []
        code, text = smtp.mail(message.sender, options)
        if code not in {_OK, _TOO_BIG}:
            smtp.close()
            settings = code // 100 == _PERMANENT
            raise trouble.sender_refused(message.sender, reply(code, text), settings=settings)
        if code == _OK:
            code, text = smtp.rcpt(message.recipient)
        if code in {_OK, _WILL_FORWARD}:
            return None
        return _refused(smtp, code, text, otherwise=Fate.LATER)


def _content(smtp: smtplib.SMTP, data: bytes) -> Delivery:
    """Send the content: from the first byte on, silence leaves the letter uncertain."""
    begun = False
    try:
        code, text = smtp.docmd("DATA")
        if code != _GO_AHEAD:
            return _refused(smtp, code, text, otherwise=Fate.LATER)
        begun = True
        stuffed = (b"." if data.startswith(b".") else b"") + data.replace(b"\r\n.", b"\r\n..")
        whole = stuffed.removesuffix(b"\r\n") + b"\r\n.\r\n"
        for start in range(0, len(whole), _PIECE):  # so that the time limit is each piece's
            smtp.send(whole[start : start + _PIECE])
        code, text = smtp.getreply()
    except (smtplib.SMTPException, OSError) as error:
        smtp.close()
        return Delivery(Fate.UNCERTAIN if begun else Fate.LATER, said(broken(error)))
    if code == _OK:
        return Delivery(Fate.DONE, reply(code, text))
    return _refused(smtp, code, text, otherwise=Fate.UNCERTAIN)


def _refused(smtp: smtplib.SMTP, code: int, text: bytes, *, otherwise: Fate) -> Delivery:
    """Return what a reply means, and make the conversation fit for the next letter.

    Args:
        otherwise: what a reply means that is neither a temporary nor a permanent refusal.
    """
    try:
        if code == _CLOSING:
            smtp.close()
        else:
            smtp.rset()
    except (smtplib.SMTPException, OSError):
        smtp.close()
    fates = {_TEMPORARY: Fate.LATER, _PERMANENT: Fate.FAILED}
    return Delivery(fates.get(code // 100, otherwise), reply(code, text))


def _own_name() -> str:
    """Return how this machine introduces itself; no look-up, which may hang, and never beyond ASCII."""
    name = socket.gethostname()
    return name if _HOST.fullmatch(name) else "[127.0.0.1]"
