"""The receipts of the units' returns: of each return the latest, once for each of its states.

What the archive keeps is mailed, never the file in the outbox: strangers may write to that where it is a
share, or put a link in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from xlscore.archive import ContentError, kept
from xlscore.correspondence import RECEIPTS
from xlscore.drafts import Addressee, Recipient
from xlscore.ledger import Ledger, Post, Recorded
from xlscore.ledger.outbox import RECEIPT
from xlscore.letter_texts import sent_values
from xlscore.mail import Attachment
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
    audience, name = f"{RECEIPTS}/{to.code}", PurePosixPath(post.path).name
    try:
        data = kept(workspace.archive, post.sha256)
    except (OSError, ContentError):
        words = (f"bản lưu của {post.path} trong kho lưu không còn hoặc đã bị thay đổi",
                 f"what the archive keeps of {post.path} is gone or was altered")  # fmt: skip
        return Problem(audience, to.code, words)
    if not is_safe_name(name):
        name = f"bien-nhan-so-{arrival.id}.html"
    values = {
        **sent_values(workspace.campaign, [name]),
        "unit": to.name,
        "unit_code": to.code,
        "number": str(arrival.id),
        "received": moment_words(arrival.received.astimezone(workspace.campaign.zone)),
        "file": arrival.file,
    }
    about = (str(arrival.id), post.sha256)
    attached = (Attachment(name, data, _HTML),)
    return Wanted(Kind.RECEIPT, 0, audience, *mailbox, values, attached, about)


def _addressee(workspace: Workspace, code: str) -> Addressee:
    campaign = workspace.campaign
    if code in campaign.units:
        return campaign.units[code]
    agency = campaign.agencies.get(code)
    return Recipient(code, agency.title, agency.email) if agency else Recipient(code, code)
