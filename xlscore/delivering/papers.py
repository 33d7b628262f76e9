"""The papers themselves: what a post in the outbox asks for, written to where the unit finds it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xlscore.archive import keep
from xlscore.delivering.book_receipts import book_receipt
from xlscore.delivering.copies import marked
from xlscore.delivering.desk import Desk
from xlscore.delivering.evidence import evidence_list
from xlscore.delivering.names import EVIDENCE_LIST, folder_name, marked_name, receipt_name
from xlscore.delivering.receipts import receipt
from xlscore.delivering.standing_there import copy_place, list_place, receipt_place
from xlscore.durable import write_whole
from xlscore.identity import SCORECARD
from xlscore.intake.recording import EVIDENCE, MARKED
from xlscore.ledger import Post, Recorded
from xlscore.pages.book_receipt import book_receipt_html
from xlscore.pages.evidence import evidence_html
from xlscore.pages.receipt import receipt_html


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper where the unit finds it.

    Attributes:
        sha256: under which the archive keeps it, if it does; `size` in bytes.
    """

    path: Path
    sha256: str = ""
    size: int = 0


class Papers:
    """Writes what posts ask for."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._left: dict[int, tuple[str, ...]] = {}
        self._laid: dict[int, str] = {}

    def write(self, post: Post) -> Paper | None:
        """Write one thing and return it; None where there is nothing to write any more.

        Raises:
            OSError: it cannot be written now.
        """
        if post.kind == EVIDENCE:
            path = self._write_evidence(self._folder(post.subject), post)
            return Paper(path) if path else None
        arrival = self.desk.arrivals[post.submission]
        folder = self._folder(folder_name(self.desk.campaign, arrival, post.subject))
        if arrival.kind != SCORECARD:
            return self._write_of_book(folder, post, arrival)
        if post.kind == MARKED:
            path = self._write_copy(folder, post, arrival)
            return Paper(path) if path else None
        copy = self._copy_beside(folder, arrival)
        left = self._left_behind(arrival) if copy else ()
        path = receipt_place(self.desk, folder, receipt_name(arrival), post)
        page = receipt(self.desk, arrival, post.subject, copy, left)
        return self._written(path, receipt_html(page))

    def _written(self, path: Path, page: str) -> Paper:
        """Write a receipt; the archive keeps it too, for whoever mails it: the outbox may be a share."""
        data = page.encode()
        sha256 = keep(self.desk.workspace.archive, data)
        write_whole(path, data)
        return Paper(path, sha256, len(data))

    def _folder(self, name: str) -> Path:
        folder = self.desk.workspace.outbox / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _write_of_book(self, folder: Path, post: Post, arrival: Recorded) -> Paper:
        """Write the receipt of a book; nothing is marked in one, since its other rows are taken."""
        path = receipt_place(self.desk, folder, receipt_name(arrival), post)
        page = book_receipt(self.desk, arrival, folder.name)
        return self._written(path, book_receipt_html(page))

    def _write_evidence(self, folder: Path, post: Post) -> Path | None:
        unit = self.desk.campaign.units.get(post.subject)
        if unit is None:
            return None
        path = list_place(self.desk, folder, EVIDENCE_LIST, post)
        write_whole(path, evidence_html(evidence_list(self.desk, unit)).encode())
        return path

    def _write_copy(self, folder: Path, post: Post, arrival: Recorded) -> Path | None:
        path = copy_place(self.desk, folder, marked_name(arrival), post)
        if path.exists():  # the unit may be correcting it already: it is never written again
            self._laid[arrival.id] = path.name
            return path
        if post.serial in self.desk.revoked:  # nobody could send it back
            return None
        made = marked(self.desk, arrival, post.serial)
        if made is None:
            return None
        self._left[arrival.id] = tuple(left.vi for left in made.left_behind)
        write_whole(path, made.data)
        self._laid[arrival.id] = path.name
        return path

    def _copy_beside(self, folder: Path, arrival: Recorded) -> str:
        """Return the name of the marked copy, if one was ever laid there; units may take it away."""
        post = self.desk.marked.get(arrival.id)
        if post is None or post.serial in self.desk.revoked:
            return ""
        if arrival.id in self._laid:
            return self._laid[arrival.id]
        path = copy_place(self.desk, folder, marked_name(arrival), post)
        return path.name if post.state == "written" or path.exists() else ""

    def _left_behind(self, arrival: Recorded) -> tuple[str, ...]:
        post = self.desk.marked.get(arrival.id)
        if arrival.id not in self._left and post is not None:  # written in an earlier pass
            try:
                made = marked(self.desk, arrival, post.serial)
            except Exception:  # noqa: BLE001  the receipt goes out, whatever ails the copy
                made = None
            self._left[arrival.id] = tuple(x.vi for x in made.left_behind) if made else ()
        return self._left.get(arrival.id, ())
