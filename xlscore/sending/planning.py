"""What is to be sent, frozen: looked up, composed, measured; then queued in one transaction.

Each letter is composed once, before anything is queued, and what was looked at is what goes out, byte
for byte. Thousands with attachments do not fit into memory, so they wait in a file without a name: the
system drops it when the process ends, however it ends, and a plan that nobody follows leaves nothing
behind. The archive would fill with letters that were only looked at; composed again when they are queued,
they would take twice as long, and could be others, since their sources may have changed meanwhile.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from os import SEEK_END
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

from xlscore.archive import keep
from xlscore.correspondence import MailSettings
from xlscore.ledger import Edition, Ledger, NewLetter, letter_key
from xlscore.letter_texts import render
from xlscore.mail import Letter, MailError, address_of, compose, message_id
from xlscore.sending.audiences import Audiences
from xlscore.sending.trouble import too_big
from xlscore.sending.wanted import Kind, Problem, Wanted
from xlscore.workspace import Workspace

_OWN_TEXTS = "letters"
_MB = 1 << 20
_LIST = "danh-sach.csv"
_LAID_OUT = re.compile(r"[0-9]{4,}-[^/\\:]+\.eml")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter as it will be sent.

    Attributes:
        data: the whole message.
    """

    new: NewLetter
    data: bytes


class Plan:
    """What a call of `send` would send; to be closed, since the letters' bytes are on the disk.

    Attributes:
        letters: what the ledger will know of each; see `composed` for the bytes.
        known: keys of the letters of the choice that were queued before.
    """

    def __init__(self, folder: Path) -> None:
        """Begin an empty plan.

        Args:
            folder: private, on the disk on which the letters are to be kept.

        Raises:
            OSError: the folder cannot be written to.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.letters: list[NewLetter] = []
        self.known: list[str] = []
        self.problems: list[Problem] = []
        self._bytes = TemporaryFile(dir=folder, prefix="letters-", suffix=".tmp")  # noqa: SIM115  see close

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def before(self) -> int:
        """How many letters of the choice were queued before."""
        return len(self.known)

    def close(self) -> None:
        """Forget the letters' bytes."""
        self._bytes.close()

    def add(self, one: Prepared) -> None:
        """Take a letter.

        Raises:
            OSError: the disk is full.
        """
        self._bytes.seek(0, SEEK_END)
        self._bytes.write(one.data)
        self.letters.append(one.new)

    def composed(self) -> Iterator[Prepared]:
        """Yield the letters with their bytes, one at a time."""
        start = 0
        for new in self.letters:
            self._bytes.seek(start)
            yield Prepared(new, self._bytes.read(new.size))
            start += new.size


@dataclass(frozen=True)
class Order:
    """What is to be sent.

    Attributes:
        edition: of the ranking; None where only receipts are sent.
        limit: greatest size that the server takes, 0 where that is not known.
    """

    groups: tuple[str, ...]
    edition: Edition | None
    limit: int = 0


def plan(workspace: Workspace, ledger: Ledger, order: Order, now: datetime) -> Plan:
    """Look up and compose what the order asks for; nothing is kept or recorded.

    Raises:
        LetterTextError: the office's own text cannot be used.
        ContentError, OSError, WorkspaceError: the edition can no longer be read, or the disk is full.
    """
    made = Plan(workspace.data)
    try:
        _fill(made, workspace, ledger, order, now)
    except BaseException:
        made.close()
        raise
    return made


def _fill(made: Plan, workspace: Workspace, ledger: Ledger, order: Order, now: datetime) -> None:
    known, audiences = ledger.letter_keys(), Audiences(workspace, ledger, order.edition)
    for one in (found for group in order.groups for found in audiences.of(group)):
        if isinstance(one, Problem):
            made.problems.append(one)
            continue
        key = key_of(workspace, one)
        if key in known:
            made.known.append(key)
            continue
        known.add(key)  # the same address twice gets one letter
        done = _prepared(workspace, one, key, now, order.limit)
        if isinstance(done, Problem):
            made.problems.append(done)
        else:
            made.add(done)


def key_of(workspace: Workspace, wanted: Wanted) -> str:
    """Return what tells a letter from every other of the campaign.

    Of a ranking the group does not: who stands in two, or in one that was given another name, has it.
    """
    campaign = workspace.campaign.settings.id
    about = (wanted.address.lower(), *wanted.about)
    audience = "" if wanted.kind is Kind.RANKING else wanted.audience
    return letter_key(campaign, wanted.kind, wanted.edition, audience, *about)


def _prepared(
    workspace: Workspace, wanted: Wanted, key: str, now: datetime, limit: int
) -> Prepared | Problem:
    settings = workspace.campaign.settings.mail
    override = workspace.root / _OWN_TEXTS / f"{wanted.kind}.txt"
    subject, body = render(wanted.kind, wanted.values, override)
    written = now.astimezone(workspace.campaign.zone)
    letter = Letter((wanted.recipient,), subject, body, wanted.attachments, "", written)
    new = NewLetter(
        key, wanted.kind, wanted.edition, wanted.audience, wanted.address, "", "", "", 0
    )
    try:
        done = freeze(workspace, letter, new)
    except MailError as error:
        return Problem(wanted.audience, wanted.address, error.words)
    if (size := len(done.data)) > (most := smallest(settings, limit)):
        words = too_big(size, most, set_here=most < limit or not limit)
        return Problem(wanted.audience, wanted.address, words)
    return done


def freeze(workspace: Workspace, letter: Letter, new: NewLetter) -> Prepared:
    """Compose a letter for good: with the sender of the settings, and the Message-ID of its key.

    Raises:
        MailError: it cannot be sent as it is.
    """
    settings = workspace.campaign.settings
    sender = settings.mail.sender
    domain = address_of(sender).rpartition("@")[2] if sender else _nobodys(settings.id)
    named = message_id(settings.id, new.kind, new.key, domain)
    letter = replace(letter, message_id=named, sender=sender, draft=not sender)
    data = compose(letter)
    digest = hashlib.sha256(data).hexdigest()
    frozen = replace(new, subject=letter.subject, message_id=named, sha256=digest, size=len(data))
    return Prepared(frozen, data)


def _nobodys(campaign_id: str) -> str:
    """Return a domain that nobody can own, one for each campaign."""
    return f"{hashlib.sha256(campaign_id.encode()).hexdigest()[:16]}.xlscore.invalid"


def smallest(settings: MailSettings, limit: int) -> int:
    """Return the greatest size that a letter may have: the setting's, or the server's."""
    own = settings.largest_mb * _MB
    return min(own, limit) if limit else own


def queue(workspace: Workspace, ledger: Ledger, plan: Plan, now: datetime) -> list[int]:
    """Keep the frozen letters and queue them all, or none; those queued meanwhile are left.

    Raises:
        OSError: the archive cannot be written to.
        LedgerError: the ledger cannot be used.
    """
    for one in plan.composed():
        keep(workspace.archive, one.data)
    with ledger.transaction():
        numbers = [ledger.queue_letter(new, now) for new in plan.letters]
    return [number for number in numbers if number]


def lay_out(letters: Iterable[Prepared], folder: Path) -> list[Path]:
    """Write letters into a folder as they would be sent, and a list of them beside.

    The letters of the list that is there from before go: they might be of an older edition.

    Raises:
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / _LIST
    for former in _listed_in(table):
        (folder / former).unlink(missing_ok=True)
    paths, lines = [], ["tep;nhom;nguoi_nhan;dung_luong_byte;tieu_de"]
    for number, one in enumerate(letters, 1):
        path = folder / f"{number:04}-{one.new.audience.replace('/', '-')}.eml"
        path.write_bytes(one.data)
        paths.append(path)
        subject = one.new.subject.replace('"', '""')
        lines.append(
            f'{path.name};{one.new.audience};{one.new.recipient};{one.new.size};"{subject}"'
        )
    table.write_text("\r\n".join([*lines, ""]), encoding="utf-8-sig", newline="")
    return [*paths, table]


def _listed_in(table: Path) -> list[str]:
    """Return the letters that a list names, as far as they have names that we give."""
    if not table.exists():
        return []
    lines = table.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    names = (line.partition(";")[0] for line in lines)
    return [name for name in names if _LAID_OUT.fullmatch(name)]
