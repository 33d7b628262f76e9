"""What `campaign.yaml` says under `mail`: who writes, through which server, to whom results go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from xlscore.mail import MailError, mailbox
from xlscore.methods.base import Flag
from xlscore.rubric import FileName, Frozen, Text, Texts
from xlscore.text import nfc

UNITS, RECEIPTS = "don-vi", "bien-nhan"
"""Groups that every campaign has: the units with their results, the units with their receipts."""


_PASSWORD = re.compile(r"pass|pwd|secret|token|auth|m[aậ]t[ _-]?kh[aẩ]u", re.IGNORECASE)
"""Somewhere in a name (`app_password`): an unknown field is told with its value, a password never."""


_PLAIN = re.compile(r"[+-]?[0-9.,]+|[A-Za-z]+")

_TLS_PORT = 465


class Security(StrEnum):
    """How the way to the server is secured; a certificate is verified in both cases that have one."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Server(Frozen):
    """A mail server (máy chủ thư).

    Attributes:
        port: 587 by default (submission, RFC 6409), with TLS from the first byte 465 (RFC 8314).
        user: name to log in with; its password comes from the keyring or the environment, never from a
            file. Empty: no log in.
        certificate: file with the certificate of an authority of the office's own, as a path.
        timeout_seconds: how long the server may be silent.
    """

    host: Annotated[Text, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Security = Security.STARTTLS
    user: str = ""
    certificate: str = ""
    timeout_seconds: Annotated[int, Field(ge=1, le=600)] = 60

    @model_validator(mode="before")
    @classmethod
    def _no_password(cls, given: Any) -> Any:
        refuse_password(given)
        return given

    @model_validator(mode="before")
    @classmethod
    def _usual_port(cls, given: Any) -> Any:
        if isinstance(given, Mapping) and given.get("security") == Security.TLS:
            return {"port": _TLS_PORT, **given}
        return given

    @model_validator(mode="after")
    def _password_in_the_clear(self) -> Server:
        if self.user and self.security is Security.NONE:
            raise ValueError(
                "mật khẩu sẽ đi qua mạng không mã hóa: cần security starttls hoặc tls, hoặc bỏ user",
                "the password would cross the network in the clear: use starttls or tls, or no user",
            )
        return self


class Enclosed(StrEnum):
    """A file of an edition that goes with a letter (tệp kèm theo)."""

    WORKBOOK = "workbook"
    PAGE = "page"
    ANNOUNCEMENT = "announcement"
    PDF = "pdf"


class Recipients(Frozen):
    """A group of recipients (nhóm nhận) of the ranking.

    Attributes:
        to: addresses, each bare or as `Chủ tịch UBND tỉnh <ct@vidu.gov.vn>`.
        public: whether they get the public version.
        files: what goes with the letter, in this order; the workbook of thousands of units fits into none.
    """

    title: Text
    to: Annotated[Texts, Field(min_length=1)]
    public: Flag = False
    files: Annotated[tuple[Enclosed, ...], Field(min_length=1)] = (Enclosed.WORKBOOK,)

    @field_validator("to")
    @classmethod
    def _addresses(cls, to: Texts) -> Texts:
        for one in to:
            _check_address(one)
        return to

    @model_validator(mode="after")
    def _enclosed(self) -> Recipients:
        if len(set(self.files)) < len(self.files):
            raise ValueError("files: mỗi loại tệp chỉ ghi một lần", "files: name each kind once")
        if self.public and Enclosed.PDF in self.files:
            raise ValueError("bản công bố không có PDF", "there is no PDF of the public version")
        return self


class MailSettings(Frozen):
    """What `campaign.yaml` says under `mail`.

    Attributes:
        sender: who writes, as `Sở Nội vụ <cchc@vidu.gov.vn>`; drafts may leave it to the mail program.
        server: where letters are handed in; without one they are written as drafts.
        largest_mb: a letter beyond this is refused before it is sent; servers' own limits count too.
        groups: who receives the ranking, by a short name.
    """

    sender: Text = ""
    server: Server | None = None
    largest_mb: Annotated[int, Field(ge=1, le=100)] = 7
    groups: Mapping[FileName, Recipients] = {}

    @model_validator(mode="before")
    @classmethod
    def _no_password(cls, given: Any) -> Any:
        refuse_password(given)
        return given

    @field_validator("sender")
    @classmethod
    def _address(cls, sender: str) -> str:
        if sender:
            _check_address(sender)
        return sender

    @model_validator(mode="after")
    def _consistent(self) -> MailSettings:
        if self.server is not None and not self.sender:
            raise ValueError("có server thì cần sender", "a server needs a sender")
        taken = {UNITS, RECEIPTS} & self.groups.keys()
        if taken:
            raise ValueError(
                f"tên nhóm dành sẵn: {', '.join(sorted(taken))}",
                f"reserved names of groups: {', '.join(sorted(taken))}",
            )
        return self


def is_confidential(loc: tuple[str | int, ...], entered: str) -> bool:
    """Whether what was entered at a place of `campaign.yaml` may hold a password, and is not told.

    A number or a word in a field of the server is no secret. But an address like
    `smtp://user:password@host` fits nowhere, and may stand in place of any of them, of the server, of all
    of `mail`; and under a name that is none (`pasword`) anything may stand.
    """
    if loc[0:1] != ("mail",) or loc[1:2] in {("sender",), ("largest_mb",), ("groups",)}:
        return False
    known = loc[1:2] == ("server",) and loc[2:] in {(name,) for name in Server.model_fields}
    return not (known and _PLAIN.fullmatch(entered))


def refuse_password(given: object) -> None:
    """Refuse a password by name, wherever it was put; what it is is not repeated.

    Raises:
        ValueError: in Vietnamese and in English.
    """
    named = (
        [key for key in given if _PASSWORD.search(nfc(str(key)))]
        if isinstance(given, Mapping)
        else []
    )
    if named:
        raise ValueError(
            f"không ghi mật khẩu ({named[0]}) trong tệp này: xóa đi, đổi mật khẩu ấy, rồi chạy “xlscore mail"
            " password”",
            f"no password ({named[0]}) belongs into this file: take it out, change it on the server, then"
            " run “xlscore mail password”",
        )


def _check_address(written: str) -> None:
    try:
        mailbox("", written)
    except MailError as error:
        raise ValueError(*error.words) from error
