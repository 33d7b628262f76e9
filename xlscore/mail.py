"""One letter (thư điện tử) as frozen bytes: built, parsed back, and refused if it does not say the same.

The legacy `email.mime` classes are used on purpose. `EmailMessage` loses spaces at the folds of long
Vietnamese subjects (CPython gh-92081, wrong for one subject in eight on Python 3.11).
"""

from __future__ import annotations

import base64
import email
import email.message
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email import encoders, policy
from email.errors import MessageError
from email.header import Header, decode_header, make_header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from xlscore.reasons import SaidError
from xlscore.text import folded, is_safe_name, nfc

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_HOST}(?:\.{_HOST})+")
_MAILBOX = re.compile(r"(?P<name>.*)<(?P<address>[^<>]*)>")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9-]+(?: [A-Za-z0-9-]+)*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]+@[A-Za-z0-9.-]+>")
_MIME = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")
_LINE = 76
_WORD = 75  # RFC 2047, 2: the longest encoded word
_LONGEST_LINE = 998  # RFC 5322, 2.1.1
_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3
_WORD_BYTES = (_WORD - len("=?utf-8?b??=")) // 4 * 3
_WIRE = policy.compat32.clone(linesep="\r\n", max_line_length=_LINE)


class MailError(SaidError):
    """A letter that cannot be sent as it is; `words` say why in Vietnamese and in English."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter.

    Attributes:
        name: ASCII and safe on every system: mail programs show others as "Untitled" or lose the suffix.
        mime: type and subtype in lower case.

    Raises:
        ValueError: the name or the type is none that may be used.
    """

    name: str
    data: bytes
    mime: str

    def __post_init__(self) -> None:
        if not is_safe_name(self.name):
            raise ValueError(f"no name for an attachment: {self.name!r}")
        if not _MIME.fullmatch(self.mime):
            raise ValueError(f"no MIME type: {self.mime!r}")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says, before it is frozen.

    Attributes:
        to: addresses, each bare or as `Sở Tư pháp <stp@example.vn>` (see `mailbox`).
        message_id: the caller's, so that a letter sent twice is known to be one (see `message_id`).
        date: when it was written, with a time zone.
        sender: one address, bare or with a name; a draft may leave it to the mail program.
        draft: whether a mail program shall open it to be sent by hand (Outlook: `X-Unsent`).
    """

    to: tuple[str, ...]
    subject: str
    body: str
    attachments: tuple[Attachment, ...]
    message_id: str
    date: datetime
    sender: str = ""
    draft: bool = False


def mailbox(name: str, address: str) -> str:
    """Return an address with a name before it; a name that is empty is left out.

    Raises:
        MailError: the address is none, or the name has signs that would end it.
    """
    written = f"{folded(_one_line(name))} <{address}>" if name.strip() else address
    _parsed(written)
    return written


def message_id(campaign_id: str, kind: str, key: str, domain: str = "xlscore.invalid") -> str:
    """Return the Message-ID that this letter always has: one per campaign, kind and key.

    `domain` is the sender's, where it is known; by default one that nobody can own (RFC 2606).
    """
    said = json.dumps([nfc(part) for part in (campaign_id, kind, key)], ensure_ascii=False)
    return f"<{hashlib.sha256(said.encode()).hexdigest()[:40]}@{domain}>"


def compose(letter: Letter) -> bytes:
    """Return the letter as it goes out: CRLF, 7-bit, NFC, the same bytes for the same letter.

    Raises:
        MailError: an address, or a header that holds a line break, cannot be used; or the finished
            message does not read back as what was asked for.
        ValueError: the date has no time zone, or two attachments have one name (programming errors).
    """
    if letter.date.tzinfo is None:
        raise ValueError("the date of a letter needs a time zone")
    names = [item.name.lower() for item in letter.attachments]
    if len(set(names)) < len(names):
        raise ValueError(f"two attachments have one name: {sorted(names)}")
    message = _content(letter)
    for name, value in _headers(letter):
        message[name] = value
    data = message.as_bytes(policy=_WIRE)
    _read_back(letter, data)
    return data


def read_letter(data: bytes) -> Letter:
    """Return the letter that a finished message of ours says.

    Raises:
        MailError: this is none.
    """
    message = email.message_from_bytes(data)
    parts = [part for part in message.walk() if not part.is_multipart()]
    people = {
        name: tuple(_written(*one) for one in _read_people(message, name))
        for name in ("To", "From")
    }
    letter = Letter(
        people["To"],
        _read_text(message, "Subject"),
        _decoded(parts[0]).decode(errors="replace"),
        tuple(Attachment(p.get_filename(""), _decoded(p), p.get_content_type()) for p in parts[1:]),
        message.get("Message-ID", ""),
        parsedate_to_datetime(message.get("Date", "")),
        "".join(people["From"][:1]),
        "X-Unsent" in message,
    )
    _read_back(letter, data)
    return letter


def address_of(written: str) -> str:
    """Return the bare address of `name <address>` or of a bare address.

    Raises:
        MailError: there is none in it.
    """
    return _parsed(written)[1]


def _written(name: str, address: str) -> str:
    return f"{name} <{address}>" if name else address


def _headers(letter: Letter) -> Iterator[tuple[str, Header | str]]:
    if not letter.to:
        raise MailError(("thư chưa có người nhận", "the letter has no recipient"))
    if not _MESSAGE_ID.fullmatch(letter.message_id):
        raise MailError((f"Message-ID không hợp lệ: {letter.message_id!r}",
                         f"no Message-ID: {letter.message_id!r}"))  # fmt: skip
    if letter.sender or not letter.draft:
        yield "From", _addresses("From", (letter.sender,))
    yield "To", _addresses("To", letter.to)
    yield "Subject", Header(_subject(letter), "utf-8", maxlinelen=_LINE, header_name="Subject")
    yield "Date", format_datetime(letter.date)
    yield "Message-ID", letter.message_id
    if letter.draft:
        yield "X-Unsent", "1"


def _content(letter: Letter) -> email.message.Message[Any, Any]:
    # Lines end in CRLF inside the encoded text too (RFC 2046, 4.1.1).
    text = MIMEText(_body(letter).replace("\n", "\r\n"), "plain", "utf-8")
    if not letter.attachments:
        return text
    # A boundary of our own keeps the bytes the same; "=_" stands in no base64.
    mark = hashlib.sha256(letter.message_id.encode()).hexdigest()[:32]
    message = MIMEMultipart("mixed", boundary=f"=_{mark}")
    message.attach(text)
    for item in letter.attachments:
        part = MIMEBase(*item.mime.split("/"), name=item.name)
        part.set_payload(item.data)
        encoders.encode_base64(part)
        part.add_header("Content-Disposition", "attachment", filename=item.name)
        message.attach(part)
    return message


def _subject(letter: Letter) -> str:
    return folded(_one_line(letter.subject))


def _body(letter: Letter) -> str:
    text = "\n".join(nfc(letter.body).splitlines()) + "\n"
    if any(unicodedata.category(sign) == "Cs" for sign in text):
        raise MailError(("nội dung thư có ký tự hỏng", "the body holds a broken character"))
    return text


# --- addresses and header fields -------------------------------------------------------------------


def _one_line(text: str) -> str:
    """Return a header's text if nothing in it could end the header and begin another."""
    if any(unicodedata.category(sign) in {"Cc", "Zl", "Zp", "Cs"} for sign in text):
        raise MailError((f"có dấu xuống dòng hoặc ký tự điều khiển: {text!r}",
                         f"a line break or control character: {text!r}"))  # fmt: skip
    return text


def _parsed(written: str) -> tuple[str, str]:
    """Return name and address of `name <address>` or of a bare address."""
    found = _MAILBOX.fullmatch(_one_line(written).strip())
    name, address = (found["name"], found["address"]) if found else ("", written.strip())
    if "@" in name and set("<>") & set(name):
        address = (
            ""  # `A <a@x.vn>, B <b@y.vn>`: A would be left out, his address a part of B's name
        )
    if "@" in address and not address.isascii() and not set("<>") & set(address):
        raise MailError((f"địa chỉ có chữ ngoài bảng ASCII, máy chủ thư có thể không nhận: {address}",
                         f"an address beyond ASCII, which servers may refuse: {address}"))  # fmt: skip
    local = address.partition("@")[0]
    if not _ADDRESS.fullmatch(address) or len(address) > _LONGEST_ADDRESS or len(local) > 64:  # noqa: PLR2004  RFC 5321
        raise MailError((f"không phải địa chỉ thư điện tử: {written!r}",
                         f"no mail address: {written!r}"))  # fmt: skip
    return folded(name), address


def _addresses(header: str, written: Iterable[str]) -> Header:
    parts = []
    for one in written:
        name, address = _parsed(one)
        parts.append(f"{_phrase(name)} <{address}>" if name else address)
    return Header(", ".join(parts), "us-ascii", maxlinelen=_LINE, header_name=header)


def _phrase(name: str) -> str:
    """Return a display name in ASCII, in encoded words that end where words end, space included.

    Not `Header`, which breaks anywhere: Python's own parser (and others) puts a space between the encoded
    words of a name, against RFC 2047, 6.2. So the worst that can be seen is a space too wide.
    """
    if _PLAIN_NAME.fullmatch(name):
        return name
    chunks = [""]
    for piece in (sign for word in re.findall(r"\S+ ?", name) for sign in _fitting(word)):
        if len((chunks[-1] + piece).encode()) > _WORD_BYTES:
            chunks.append("")
        chunks[-1] += piece
    return " ".join(f"=?utf-8?b?{base64.b64encode(c.encode()).decode()}?=" for c in chunks)


def _fitting(word: str) -> Iterable[str]:
    """Return a word whole, or sign by sign if no encoded word can hold it."""
    return (word,) if len(word.encode()) <= _WORD_BYTES else tuple(word)


# --- what was built says what was asked for ----------------------------------------------------------


def _read_back(letter: Letter, data: bytes) -> None:
    """Raise unless the finished message, parsed, is the letter."""
    message = email.message_from_bytes(data)
    people = letter.to if letter.sender == "" else (*letter.to, letter.sender)
    read = _read_people(message, "To") + _read_people(message, "From")
    parts = [part for part in message.walk() if not part.is_multipart()]
    files = [(part.get_filename(), _sha256(_decoded(part))) for part in parts[1:]]
    lines = data.split(b"\r\n")
    same = {
        "subject": _read_text(message, "Subject") == _subject(letter),
        "addresses": read == [_parsed(one) for one in people],
        "body": _decoded(parts[0]).decode(errors="replace") == _body(letter).replace("\n", "\r\n"),
        "attachments": files == [(a.name, _sha256(a.data)) for a in letter.attachments],
        "lines": max(map(len, lines)) <= _LONGEST_LINE and not any(b"\n" in one for one in lines),
    }
    if wrong := [what for what, holds in same.items() if not holds]:
        raise MailError((f"thư dựng xong đọc lại không giống ({', '.join(wrong)})",
                         f"the finished letter reads back differently ({', '.join(wrong)})"))  # fmt: skip


def _read_text(message: email.message.Message, header: str) -> str:
    return _words(message.get(header, ""))


def _words(raw: str) -> str:
    try:
        return str(make_header(decode_header(raw)))
    except (UnicodeError, MessageError):
        return "\ufffd"  # nobody's subject or name


def _read_people(message: email.message.Message, header: str) -> list[tuple[str, str]]:
    # No name holds a comma outside an encoded word, and so none stands here before decoding.
    raw = re.sub(r"\r\n(?=[ \t])", "", message.get(header, ""))
    people = []
    for one in raw.split(", ") if raw else ():
        found = _MAILBOX.fullmatch(one)
        name, address = (found["name"], found["address"]) if found else ("", one)
        people.append((folded(_words(name.strip())), address))
    return people


def _decoded(part: email.message.Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
