"""Drafts of letters (thư nháp) in the outbox: a mail program opens them, a person sends them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import count
from pathlib import Path, PureWindowsPath

from xlscore.campaign import Unit
from xlscore.durable import write_whole
from xlscore.identity import SCORECARD
from xlscore.letter_texts import render
from xlscore.mail import Attachment, Letter, MailError, compose, message_id
from xlscore.reasons import Words, of_system
from xlscore.workspace import Workspace

LETTERS = "_thu"
"""Folder (thư) of the drafts in the outbox; no unit can be called so."""

_OWN_TEXTS = "letters"
_BETWEEN = re.compile(r"[,;]")


class Reason(StrEnum):
    """Why a unit does not get what it should get."""

    NOT_ISSUED = "not-issued"
    OLD_RUBRIC = "old-rubric"
    NO_FILE = "no-file"
    ANOTHER_FORM = "another-form"
    CHANGED = "changed"
    NO_ADDRESS = "no-address"
    BAD_LETTER = "bad-letter"
    NOT_WRITTEN = "not-written"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter goes to that is no unit: an appraising agency."""

    code: str
    name: str
    email: str = ""


Addressee = Unit | Recipient


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be done for a unit or an agency.

    Attributes:
        file: the file that it is about, or empty.
        words: what the system or the mail says to it, in Vietnamese and in English.
        by_role: whether the unit has role cards; generating its whole card would revoke them.
        kind, round: of the form that it is about.
    """

    unit: str
    reason: Reason
    file: str = ""
    words: Words = ("", "")
    by_role: bool = False
    kind: str = SCORECARD
    round: int = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to one unit or agency.

    Attributes:
        path: where it is put.
        text: name of its text (see `letter_texts.PLACEHOLDERS`); `values` fill it in.
        key: what tells it from other letters of the campaign with this text (see `message_id`).
    """

    path: Path
    text: str
    values: Mapping[str, str]
    key: str
    attachments: tuple[Attachment, ...] = ()


def addresses(to: Addressee) -> tuple[str, ...]:
    """Return the mail addresses; the table may name several, with `,` or `;` between them."""
    written = (one.strip() for one in _BETWEEN.split(to.email))
    return tuple(dict.fromkeys(one for one in written if one))


def drop_folder(workspace: Workspace, to: Addressee) -> str:
    """Return where a unit or agency puts its form, in the words of a letter.

    A share as Windows spells it. Any other path is one on this machine, which nobody else can use: then
    the office is to say where.
    """
    settings = workspace.campaign.settings
    named, own = settings.folders.inbox, to.code if settings.folders_per_unit else ""
    if named.startswith(("//", "\\\\")):
        return str(PureWindowsPath(named) / own)
    below = f" (thư mục con {own})" if own else ""
    return f"theo hướng dẫn của {settings.authority.office}{below}"


def write_draft(workspace: Workspace, to: Addressee, draft: Draft, now: datetime) -> Path | Problem:
    """Write a draft whole or not at all; return where, or what kept it from that.

    It replaces what it was before. Another campaign that shares the outbox keeps its own, which may
    not have been sent yet.

    Raises:
        LetterTextError: the office's own text cannot be used; no unit can be written to.
    """
    campaign, written = workspace.campaign, addresses(to)
    if not written:
        return Problem(to.code, Reason.NO_ADDRESS)
    override = workspace.root / _OWN_TEXTS / f"{draft.text}.txt"
    subject, body = render(draft.text, draft.values, override)
    domain = _domain(campaign.settings.id)
    mark = message_id(campaign.settings.id, draft.text, draft.key, domain)
    moment = now.astimezone(campaign.zone)
    letter = Letter(written, subject, body, draft.attachments, mark, moment, draft=True)
    try:
        data = compose(letter)
        draft.path.parent.mkdir(parents=True, exist_ok=True)
        ours = f"@{domain}>".encode()
        path = next(p for p in _places(draft.path) if not p.exists() or ours in p.read_bytes())
        write_whole(path, data)
    except MailError as error:
        return Problem(to.code, Reason.BAD_LETTER, words=error.words)
    except OSError as error:
        return Problem(to.code, Reason.NOT_WRITTEN, str(draft.path), of_system(error))
    return path


def _domain(campaign_id: str) -> str:
    """Return what ends the Message-IDs of one campaign, by which its drafts are known."""
    return f"{hashlib.sha256(campaign_id.encode()).hexdigest()[:16]}.xlscore.invalid"


def _places(path: Path) -> Iterator[Path]:
    yield path
    yield from (path.with_name(f"{path.stem}.{number}{path.suffix}") for number in count(2))
