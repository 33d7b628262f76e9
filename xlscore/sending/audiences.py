"""Who gets what: the groups of `campaign.yaml` the ranking, the units their results and their receipts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from xlscore.campaign import Unit
from xlscore.correspondence import RECEIPTS, UNITS
from xlscore.editions import FileKind, Reopened, reopen
from xlscore.exporting.results import result_digests
from xlscore.handing_out.books import Books
from xlscore.handing_out.sources import Ready
from xlscore.identity import RESULT_SHEET
from xlscore.issuing import DIGEST_DIGITS
from xlscore.ledger import Edition, Ledger
from xlscore.letter_texts import sent_values
from xlscore.mail import Attachment, address_of
from xlscore.ranking import RankedRow
from xlscore.reasons import Words
from xlscore.sending.enclosures import PUBLIC_VERSION, XLSX, Enclosures, enclosed
from xlscore.sending.mailboxes import mailboxes
from xlscore.sending.receipts import receipts
from xlscore.sending.texts import group_words, moment_words, state_words, unit_words
from xlscore.sending.wanted import Kind, Problem, Wanted
from xlscore.text import is_safe_name
from xlscore.workspace import Workspace

_NOT_EXPORTED: Words = (
    "chưa có phiếu kết quả: chạy “xlscore result export”",
    "has no result sheet: run “xlscore result export”",
)
_OTHER_STATE: Words = (
    "phiếu kết quả không còn khớp lần ban hành {edition}: chạy “xlscore rank” rồi “xlscore result export”",
    "the result sheet is not of edition {edition}: run “xlscore rank”, then “xlscore result export”",
)


class Audiences:
    """The letters of one edition."""

    def __init__(self, workspace: Workspace, ledger: Ledger, edition: Edition | None) -> None:
        """Prepare; results are recomputed where a group needs them.

        Args:
            edition: None where only receipts are sent.
        """
        self._workspace, self._ledger, self._edition = workspace, ledger, edition

    def of(self, group: str) -> Iterator[Wanted | Problem]:
        """Yield every letter of a group, and why one cannot be written.

        Raises:
            ContentError, OSError, WorkspaceError: the edition can no longer be read.
        """
        if group == RECEIPTS:
            yield from receipts(self._workspace, self._ledger)
        elif group == UNITS:
            yield from self._results()
        else:
            yield from self._ranking(group)

    # --- the ranking ----------------------------------------------------------------------------------

    def _ranking(self, group: str) -> Iterator[Wanted | Problem]:
        chosen = self._workspace.campaign.settings.mail.groups[group]
        there = self._ledger.edition_files(self._number)
        files = enclosed(self._workspace.archive, there, chosen)
        if not isinstance(files, Enclosures):
            yield Problem(group, "", self._named(files))
            return
        values = self._ranking_values(files, public=chosen.public)
        version = FileKind.PUBLIC_WORKBOOK if chosen.public else FileKind.WORKBOOK
        for written in chosen.to:
            address = address_of(written)
            person = written.strip().removesuffix(f"<{address}>").strip()
            yield Wanted(
                Kind.RANKING,
                self._number,
                group,
                written,
                address,
                {**values, "recipient": person if person not in {"", address} else chosen.title},
                files.attachments,
                (version,),
            )

    def _ranking_values(self, files: Enclosures, *, public: bool) -> dict[str, str]:
        reopened, results = self._reopened, self._reopened.results
        frozen = reopened.edition.frozen_at.astimezone(self._workspace.campaign.zone)
        return {
            **sent_values(results.campaign, files.words),
            "edition": f"{self._number}{PUBLIC_VERSION if public else ''}",
            "frozen": moment_words(frozen),
            "state": state_words(results),
            "groups": group_words(results),
            "file": files.attachments[0].name,
            "digest": files.digests,
            "head": reopened.edition.head,
        }

    # --- the units' results ---------------------------------------------------------------------------

    def _results(self) -> Iterator[Wanted | Problem]:
        results = self._reopened.results
        ranked = (row for group in results.groups for row in group.rows)
        rows = {row.result.unit.code: row for row in (*ranked, *results.unranked)}
        rows = {code: row for code, row in rows.items() if row.result.assessed}
        sheets = Books(self._workspace, self._ledger, RESULT_SHEET, 1, list(rows))
        for code, row in rows.items():
            unit = self._workspace.campaign.units.get(code, row.result.unit)
            audience, written = f"{UNITS}/{code}", mailboxes(unit, UNITS)
            if isinstance(written, Problem):
                yield written
                continue
            sheet = self._sheet(sheets, unit, row)
            if not isinstance(sheet, Ready):
                yield Problem(audience, code, self._named(sheet))
                continue
            for person, address in written:
                yield self._result(audience, person, address, row, sheet)

    def _result(
        self, audience: str, person: str, address: str, row: RankedRow, sheet: Ready
    ) -> Wanted:
        decimals, unit = row.result.policies.display_decimals, row.result.unit
        name = (
            sheet.name
            if is_safe_name(sheet.name)
            else f"phieu-ket-qua-so-{sheet.issue.serial}.xlsx"
        )
        values = {
            **sent_values(
                self._workspace.campaign, [f"{name}: phiếu kết quả số {sheet.issue.serial}"]
            ),
            "unit": unit.name,
            "unit_code": unit.code,
            "edition": str(self._number),
            "summary": unit_words(row, decimals),
        }
        file = Attachment(name, sheet.data, XLSX)
        return Wanted(Kind.RESULT, self._number, audience, person, address, values, (file,))

    def _sheet(self, sheets: Books, unit: Unit, row: RankedRow) -> Ready | Words:
        """Return the result sheet in force, if it shows this edition's result."""
        issues = sheets.issues(unit.code)
        if not issues:
            return _NOT_EXPORTED
        issue = max(issues, key=lambda one: one.serial)
        shown = {d[:DIGEST_DIGITS] for d in result_digests(self._reopened.state, row)}
        if issue.digest not in shown:
            return _OTHER_STATE
        ready = sheets.ready(unit, issue)
        return ready if isinstance(ready, Ready) else _NOT_EXPORTED

    # --- the edition ----------------------------------------------------------------------------------

    @property
    def _number(self) -> int:
        return self._edition.number if self._edition else 0

    @cached_property
    def _reopened(self) -> Reopened:
        return reopen(self._workspace, self._ledger, self._number)

    def _named(self, words: Words) -> Words:
        return words[0].format(edition=self._number), words[1].format(edition=self._number)
