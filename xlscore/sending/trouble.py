"""What keeps letters from going out that is no fault of a letter's own, in words."""

from __future__ import annotations

import smtplib
import socket
import ssl

from xlscore.i18n import language
from xlscore.reasons import Words, of_system

_LONGEST = 200


class ServerError(Exception):
    """The mail server cannot be used now; nothing of any letter was handed over.

    Attributes:
        words: why, in Vietnamese and in English; never a password.
        settings: whether only a person can mend it (a wrong password, a certificate that is refused): then
            the attempt does not count, and letters do not fail of it however long it lasts.
    """

    def __init__(self, words: Words, *, settings: bool = False) -> None:
        super().__init__(words)
        self.words, self.settings = words, settings

    def __str__(self) -> str:
        return said(self.words)


def said(words: Words) -> str:
    """Return words in the language in use."""
    return words[0 if language() == "vi" else 1]


def untrusted(name: str, error: ssl.SSLCertVerificationError) -> ServerError:
    """Say that a server's certificate is refused."""
    why = error.verify_message or error.reason or "?"
    vietnamese = (
        f"chứng thư của {name} không được tin cậy ({why}): hỏi quản trị máy chủ thư, hoặc ghi tệp chứng"
        " thư của cơ quan vào mail.server.certificate"
    )
    english = (
        f"the certificate of {name} is not trusted ({why}): ask who runs it, or name the office's"
        " authority in mail.server.certificate"
    )
    return ServerError((vietnamese, english), settings=True)


def unreadable(certificate: str) -> ServerError:
    """Say that the file of the office's own authority cannot be used."""
    vietnamese = f"không đọc được chứng thư {certificate} (mail.server.certificate)"
    english = f"the certificate {certificate} (mail.server.certificate) cannot be read"
    return ServerError((vietnamese, english), settings=True)


def in_the_clear(host: str) -> ServerError:
    """Say that a server has no STARTTLS."""
    vietnamese = f"{host} không có STARTTLS, thư sẽ đi không mã hóa: xem mail.server.security"
    english = f"{host} has no STARTTLS, letters would go in the clear: see mail.server.security"
    return ServerError((vietnamese, english), settings=True)


def login_refused(user: str, told: str) -> ServerError:
    """Say that name or password are refused."""
    vietnamese = f"máy chủ thư không nhận tên hoặc mật khẩu của {user} ({told})"
    english = f"the mail server refuses name or password of {user} ({told})"
    return ServerError((vietnamese, english), settings=True)


def no_login() -> ServerError:
    """Say that there is no way to log in."""
    vietnamese = "máy chủ thư không có cách đăng nhập nào dùng được với tên và mật khẩu này"
    english = "the mail server offers no way to log in with this name and password"
    return ServerError((vietnamese, english), settings=True)


def sender_refused(sender: str, told: str, *, settings: bool) -> ServerError:
    """Say that the server takes no letters from this sender."""
    vietnamese = f"máy chủ thư không nhận thư của {sender or '<>'} ({told})"
    english = f"the mail server takes no letters from {sender or '<>'} ({told})"
    return ServerError((vietnamese, english), settings=settings)


def unreachable(name: str, error: Exception) -> ServerError:
    """Say why there is no conversation with a server."""
    vietnamese, english = broken(error)
    return ServerError((f"{name}: {vietnamese}", f"{name}: {english}"))


def too_big(size: int, limit: int, *, set_here: bool = False) -> Words:
    """Say that a letter is beyond what may be sent, and what to do.

    Args:
        set_here: whether it is `mail.largest_mb` that keeps it, not the server.
    """
    shown, most = f"{size / (1 << 20):.1f}", f"{limit / (1 << 20):.1f}"
    vietnamese = f"thư quá lớn: {shown.replace('.', ',')} MB, tối đa {most.replace('.', ',')} MB;"
    english = f"the letter is too big: {shown} MB, at most {most} MB;"
    if set_here:
        vietnamese += " nâng mail.largest_mb nếu máy chủ thư nhận được,"
        english += " raise mail.largest_mb if the server takes it,"
    return (
        f"{vietnamese} chọn tệp nhẹ hơn (files của nhóm), hoặc trao tệp ấy qua thư mục dùng chung",
        f"{english} choose lighter files (files of the group), or hand that file over in a shared folder",
    )


def reply(code: int, text: bytes | str) -> str:
    """Return a server's reply on one line."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return f"{code} {line}"[:_LONGEST].strip()


def broken(error: Exception) -> Words:
    """Say what broke a conversation."""
    match error:
        case smtplib.SMTPResponseException():
            told = reply(error.smtp_code, error.smtp_error)
            return f"máy chủ thư trả lời {told}", f"the mail server says {told}"
        case _ if TimeoutError in {type(error), type(error.__context__)}:  # smtplib wraps some
            return "máy chủ thư không trả lời", "the mail server does not answer"
        case ConnectionRefusedError():
            return "không có máy chủ thư ở đó", "no mail server is there"
        case socket.gaierror():
            return "không tìm thấy máy chủ thư này", "this mail server cannot be found"
        case ssl.SSLError():
            return f"lỗi TLS ({error.reason})", f"TLS failed ({error.reason})"
        case smtplib.SMTPServerDisconnected() | ConnectionError():
            return "máy chủ thư ngắt kết nối", "the mail server broke the connection off"
        case OSError() if not isinstance(error, smtplib.SMTPException):
            return of_system(error)
    return f"lỗi của máy chủ thư ({error})", f"the mail server failed ({error})"
