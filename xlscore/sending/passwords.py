"""The password of the mail server: from the environment or the system's keyring, never from a file.

It is handed to the server and to nobody else: no log, no ledger, no error names it.
"""

from __future__ import annotations

import os

from xlscore.correspondence import Server
from xlscore.reasons import Words
from xlscore.sending.trouble import ServerError
from xlscore.sentinel import this_user

VARIABLE = "XLSCORE_MAIL_PASSWORD"
SERVICE = "xlscore"


def account(server: Server) -> str:
    """Return the name under which the keyring keeps the password: user@host."""
    return f"{server.user}@{server.host}"


def password(server: Server) -> str:
    """Return the password to log in with.

    Raises:
        ServerError: there is none, or the keyring cannot be used.
    """
    if given := os.environ.get(VARIABLE):
        return given
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_password(SERVICE, account(server))
    except (KeyringError, RuntimeError, OSError) as error:
        raise ServerError(_unusable(error), settings=True) from None
    if not found:
        name = account(server)
        vietnamese = (
            f"chưa có mật khẩu của {name}: chạy “xlscore mail password” hoặc đặt biến {VARIABLE}"
        )
        english = f"there is no password for {name}: run “xlscore mail password” or set {VARIABLE}"
        raise ServerError((vietnamese, english), settings=True)
    return found


def place(server: Server) -> Words:
    """Return where the password lies and who finds it there, in words; what it is is not told.

    Raises:
        ServerError: there is none, or the keyring cannot be used.
    """
    if os.environ.get(VARIABLE):
        return (
            f"biến môi trường {VARIABLE}; dịch vụ chạy watch phải có biến ấy riêng",
            f"the environment variable {VARIABLE}; a service that runs watch needs its own",
        )
    password(server)
    import keyring

    name = keyring.get_keyring().name
    return (
        f"kho mật khẩu của hệ thống ({name}); chỉ người dùng {this_user()} của máy này thấy",
        f"the system's keyring ({name}); only the user {this_user()} of this host finds it",
    )


def store(server: Server, secret: str) -> None:
    """Keep the password in the system's keyring.

    Raises:
        ServerError: the keyring cannot be used.
    """
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, account(server), secret)
    except (KeyringError, RuntimeError, OSError) as error:
        raise ServerError(_unusable(error), settings=True) from None


def _unusable(error: Exception) -> tuple[str, str]:
    kind = type(error).__name__  # a back end's own words might quote what it was given
    return (
        f"không dùng được kho mật khẩu của hệ thống ({kind}): đặt biến môi trường {VARIABLE}",
        f"the system's keyring cannot be used ({kind}): set the environment variable {VARIABLE}",
    )
