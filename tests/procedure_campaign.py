"""A whole campaign in a real folder, run as an office runs it: commands, workbooks, the inbox."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from tests.campaigns import Campaign, make_campaign
from tests.office import resave_with_gnumeric
from tests.procedure_inputs import (
    ANSWERS,
    BY_GNUMERIC,
    BY_ROLE,
    CARDS,
    CHANGED,
    COUNCIL,
    EXPLAINED,
    INDEX_2026,
    NA,
    PROVEN,
    REPLIES,
    RESUBMITTING,
    UNITS,
    Rows,
    Sent,
    Typed,
)
from tests.procedure_office import Cells, Clerk, Typing
from tests.procedure_rubrics import APPRAISAL, communes, departments, tiers
from xlscore.appraising.replying import reading_layout
from xlscore.cli import cli
from xlscore.findings import Finding, Status
from xlscore.keyed import BOOK_MARK
from xlscore.layout import COMPLETE, IN_PROGRESS, NOT_APPLICABLE, Column, Slot
from xlscore.ledger import Recorded, open_ledger
from xlscore.proceedings import Proceedings, proceedings
from xlscore.watching import Turn, run_once
from xlscore.workbooks.appraisal.fill import Places
from xlscore.workbooks.appraisal.model import REST, SHEET
from xlscore.workbooks.council import columns as council
from xlscore.workbooks.council.facts import STATE
from xlscore.workbooks.council.fill import addresses
from xlscore.workbooks.formsheet import find_form
from xlscore.workbooks.package import cell_address, parse_package, read_package
from xlscore.workbooks.replyform.sheet import REPLY_SHEET
from xlscore.workbooks.scorecard.sheet import FORM_SHEET
from xlscore.workbooks.surveys import form as survey
from xlscore.workbooks.surveys.front import PLACES


class Province:
    """The office that runs the campaign, and everybody's desk."""

    def __init__(self, root: Path, clerk: Clerk | None = None) -> None:
        self.campaign: Campaign = _written(root / "campaign")
        self.root, self.workspace = self.campaign.root, self.campaign.workspace
        self.workspace.inbox.mkdir()
        self._clerk, self._drafts = clerk, root / "drafts"
        self._drafts.mkdir()
        self.told: dict[str, Recorded] = {}

    # --- the office's commands -------------------------------------------------------------------

    def run(self, *words: str | Path, expected: int = 0) -> Result:
        """Run a command as an operator does."""
        options = ["--language", "vi", *map(str, words), "-C", str(self.root)]
        done = CliRunner().invoke(cli, options)
        assert done.exit_code == expected, (words, done.output, done.exception)
        return done

    def run_json(self, *words: str | Path, expected: int = 0) -> Any:
        return json.loads(self.run(*words, "--json", expected=expected).stdout)

    def settle(self, **policies: str) -> None:
        """Change the campaign's policies."""
        path = self.root / "campaign.yaml"
        settings = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**settings, "policies": policies}), encoding="utf-8")
        self.campaign = self.campaign.reopened()
        self.workspace = self.campaign.workspace

    def look(self, moment: datetime) -> Turn:
        """Have the watcher make a pass at that moment."""
        turn = run_once(self.workspace, settle=0, now=lambda: moment)
        assert turn.troubles == []
        for arrival in turn.collected.recorded:
            self.told[Path(arrival.file).stem] = arrival
        return turn

    def receipt(self, name: str) -> str:
        """Return what the receipt of a file says now."""
        (path,) = self.workspace.outbox.rglob(f"*-so-{self.told[name].id}.html")
        return path.read_text(encoding="utf-8")

    def state(self) -> Proceedings:
        with open_ledger(self.workspace.ledger_path) as ledger:
            assert ledger.chain_is_sound()
            return proceedings(self.workspace, ledger)

    def post(self, moment: datetime, *names: str, status: Status = Status.VALID) -> None:
        """Put drafts into the inbox; the watcher takes them one after the other, in this order."""
        for name in names:
            (self.workspace.inbox / f"{name}.xlsx").write_bytes(self.draft(name).read_bytes())
            self.look(moment)
            arrival = self.told[name]
            assert arrival.status is status, (name, arrival.findings)

    # --- desks -----------------------------------------------------------------------------------

    def draft(self, name: str) -> Path:
        return self._drafts / f"{name}.xlsx"

    def type(self, *books: tuple[str, Path, Mapping[str, Cells]]) -> None:
        """Have LibreOffice type into issued workbooks, and Gnumeric save some of them once more."""
        assert self._clerk is not None
        self._clerk.type(*(Typing(source, self.draft(name), at) for name, source, at in books))
        for name, _, _ in books:
            if name in BY_GNUMERIC:
                saved = self._drafts / "gnumeric.xlsx"
                resave_with_gnumeric(self.draft(name), saved)
                saved.replace(self.draft(name))

    def fill_cards(self, units: Sequence[str], changes: Rows | None = None) -> list[str]:
        """Have units fill their scorecards; return the names of the files."""
        books = [
            self._card(unit, role, {**CARDS[unit], **(changes or {})})
            for unit in units
            for role in BY_ROLE.get(unit, ("",))
        ]
        self.type(*books)
        return [name for name, _, _ in books]

    def _card(self, unit: str, role: str, rows: Rows) -> tuple[str, Path, Mapping[str, Cells]]:
        layout, cells = self.campaign.layout(unit, role), {}
        for place, said in self.entries(unit, role, rows).items():
            row, column, _ = layout.entries[place]
            cells[layout.address(row, column)] = content(said)
        stem = f"{unit}__{role}" if role else unit
        return stem.replace("__", " "), self.scorecard(unit, role), {FORM_SHEET: cells}

    def scorecard(self, unit: str, role: str = "") -> Path:
        stem = f"{unit}__{role}" if role else unit
        return self.workspace.templates / UNITS[unit][1] / f"{stem}.xlsx"

    def entries(self, unit: str, role: str, rows: Rows) -> dict[tuple[str, str], Typed]:
        """Return what a unit's officer types, by row and slot."""
        layout = self.campaign.layout(unit, role)
        typed: dict[tuple[str, str], Typed] = {("", Slot.SUBMIT): COMPLETE}
        for node, given in rows.items():
            if node not in layout.owned:
                continue
            if given == NA:
                typed[node, Slot.APPLICABILITY] = NOT_APPLICABLE
                typed[node, Slot.EXPLANATION] = "Không phát sinh trong năm"
                continue
            typed |= {(node, key): value for key, value in given.items()}
            if node in PROVEN[UNITS[unit][1]]:
                explained = (unit, node) in EXPLAINED
                slot = Slot.EXPLANATION if explained else Slot.EVIDENCE
                typed[node, slot] = "Kế hoạch số 12/KH ngày 05/01/2026"
        return typed

    def resubmit(self) -> str:
        """Have a unit fill its scorecard anew, with one row changed."""
        _, source, sheets = self._card(RESUBMITTING, "", {**CARDS[RESUBMITTING], **CHANGED})
        name = f"{RESUBMITTING} sua"
        self.type((name, source, sheets))
        return name

    def book(self, agency: str, round_: int) -> Path:
        return self.workspace.templates / "tham-dinh" / f"lan-{round_}" / f"{agency}.xlsx"

    def fill_books(self, *books: Sent) -> list[str]:
        """Have officers fill copies of their agency's book."""
        self.type(*(self._appraised(book) for book in books))
        return [book.file for book in books]

    def _appraised(self, book: Sent) -> tuple[str, Path, Mapping[str, Cells]]:
        source = self.book(book.agency, book.round)
        places = Places(source.read_bytes())
        cells: dict[str, str | float] = {places.state: COMPLETE if book.finished else IN_PROGRESS}
        if book.rest:
            cells[places.rest] = REST
        for (unit, node), word in book.words.items():
            cells[places.at(unit, node, "choice")] = word.choice
            if word.score:
                cells[places.at(unit, node, "score")] = float(word.score)
            if word.reason:
                cells[places.at(unit, node, "reason")] = word.reason
            for key, value in word.figures.items():
                cells[places.figure(unit, node, key)] = content(value)
        return book.file, source, {SHEET: cells}

    def fill_replies(self) -> list[str]:
        """Have units answer on their reply forms."""
        books = [self._replied(unit) for unit in REPLIES]
        self.type(*books)
        return [name for name, _, _ in books]

    def _replied(self, unit: str) -> tuple[str, Path, Mapping[str, Cells]]:
        source = self.workspace.templates / "phan-hoi" / "lan-1" / f"{unit}.xlsx"
        form = find_form(read_package(source), reading_layout(self.campaign.layout(unit)))
        assert not isinstance(form, Finding)
        cells: dict[str, str | float] = {form.address("x:state", Column.FIGURE): COMPLETE}
        for node, (text, added) in REPLIES[unit].items():
            cells[form.address(f"s:{node}", Column.REPLY)] = text
            cells[form.address(f"s:{node}", Column.ADDED)] = added
        return f"{unit} phan hoi", source, {REPLY_SHEET: cells}

    def fill_survey(self) -> list[str]:
        """Have whoever ran the survey enter the answers, and this year's index where it is out."""
        source = self.workspace.templates / "dieu-tra" / "so-answers.xlsx"
        at = _survey_places(source)
        figures = {
            at[unit, "n4.1", of, option]: float(count)
            for unit, groups in ANSWERS.items()
            for of, options in groups.items()
            for option, count in options.items()
        }
        figures |= {at[unit, "n4.2", "", ""]: float(value) for unit, value in INDEX_2026.items()}
        facts = {survey.SOURCE: "Bưu điện tỉnh", survey.BY: "Nguyễn Văn A", survey.STATE: COMPLETE}
        front = {f"C{PLACES[slot] + 1}": said for slot, said in facts.items()}
        self.type(
            ("dieu tra so", source, {survey.RESULT_SHEET: figures, survey.FRONT_SHEET: front})
        )
        return ["dieu tra so"]

    def fill_council(self) -> list[str]:
        """Have the council enter its word."""
        source = self.workspace.templates / "hoi-dong" / "hoi-dong.xlsx"
        places = addresses(source.read_bytes())
        cells: dict[str, str | float] = {places[STATE, "", council.Column.COUNCIL]: COMPLETE}
        for (unit, node), (score, remark) in COUNCIL.items():
            cells[places[unit, node, council.Column.COUNCIL]] = float(score)
            cells[places[unit, node, council.Column.REMARK]] = remark
        self.type(("hoi dong", source, {council.DIFFERENCES: cells}))
        return ["hoi dong"]


def content(said: Typed) -> str | float:
    """Return what is typed as the office programs take it."""
    return float(said) if isinstance(said, Decimal) else said


def _survey_places(path: Path) -> dict[tuple[str, str, str, str], str]:
    """Return where each figure goes: by unit, row, group of respondents and option."""
    cells = next(
        sheet.cells
        for sheet in parse_package(path.read_bytes()).sheets
        if any(cell.value == BOOK_MARK for cell in sheet.cells.values())
    )
    columns = {n: c.value.split("|") for (row, n), c in cells.items() if row == 1 and n > 1}
    units = {
        row: c.value.split("|")[1] for (row, n), c in cells.items() if n == 1 and "|" in c.value
    }
    return {
        (unit, key[0], key[1], key[3]): cell_address(row, column)
        for row, unit in units.items()
        for column, key in columns.items()
        if len(key) == 4
    }


def _written(root: Path) -> Campaign:
    units = "\n".join(["code,name,tier", *(f"{c},{n},{t}" for c, (n, t) in UNITS.items()), ""])
    rubrics = {"so": departments(), "xa": communes()}
    return make_campaign(root, rubrics=rubrics, units=units, tiers=tiers(), appraisal=APPRAISAL)
