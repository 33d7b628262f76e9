"""The receipts of the units' returns: of each return the latest, once for each of its states."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from xlscore.correspondence import RECEIPTS
from xlscore.drafts import Addressee, Recipient
from xlscore.ledger import Ledger, Post, Recorded
from xlscore.ledger.outbox import RECEIPT
from xlscore.letter_texts import sent_values
from xlscore.mail import Attachment
from xlscore.reasons import of_system
from xlscore.sending.mailboxes import mailboxes
from xlscore.sending.texts import moment_words
from xlscore.sending.wanted import Kind, Problem, Wanted
from xlscore.text import is_safe_name
from xlscore.workspace import Workspace

_HTML = "text/html"


def receipts(workspace: Workspace, ledger: Ledger) -> Iterator[Wanted | Problem]:
    """Yield the letter of each return's receipt, and why one cannot be written."""
    latest = {
        post.submission: post
        for post in ledger.posts()
        if post.kind == RECEIPT and post.state == "written" and post.subject
    }
    arrivals = {arrival.id: arrival for arrival in ledger.arrivals()}
    nowhere = set()
    for number, post in sorted(latest.items()):
        to = _addressee(workspace, post.subject)
        written = mailboxes(to, RECEIPTS)
        if not isinstance(written, Problem):
            for person, address in written:
                yield _receipt(workspace, arrivals[number], post, to, (person, address))
        elif to.code not in nowhere:  # told once, however much it sent
            nowhere.add(to.code)
            yield written


def _receipt(
    workspace: Workspace, arrival: Recorded, post: Post, to: Addressee, mailbox: tuple[str, str]
) -> Wanted | Problem:
    path, audience = workspace.outbox / post.path, f"{RECEIPTS}/{to.code}"
    try:
        data = _read(path)
    except OSError as error:
        vietnamese, english = of_system(error)
        words = (f"không đọc được {post.path} ({vietnamese})", f"{post.path}: {english}")
        return Problem(audience, to.code, words)
    name = path.name if is_safe_name(path.name) else f"bien-nhan-so-{arrival.id}.html"
    values = {
        **sent_values(workspace.campaign, [name]),
        "unit": to.name,
        "unit_code": to.code,
        "number": str(arrival.id),
        "received": moment_words(arrival.received.astimezone(workspace.campaign.zone)),
        "file": arrival.file,
    }
    about = (str(arrival.id), hashlib.sha256(data).hexdigest())
    attached = (Attachment(name, data, _HTML),)
    return Wanted(Kind.RECEIPT, 0, audience, *mailbox, values, attached, about)


def _read(path: Path) -> bytes:
    """Read a receipt as it lies in the outbox, which strangers may write to where it is a share.

    A link in its place would send whatever it leads to, the campaign's keys for instance.
    """

    def opener(name: str, flags: int) -> int:
        special = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        return os.open(name, flags | special)

    if path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    with open(path, "rb", opener=opener) as file:
        return file.read()


def _addressee(workspace: Workspace, code: str) -> Addressee:
    campaign = workspace.campaign
    if code in campaign.units:
        return campaign.units[code]
    agency = campaign.agencies.get(code)
    return Recipient(code, agency.title, agency.email) if agency else Recipient(code, code)
