"""Whatever agencies send, in whatever order and however often: the results are the same."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collecting import collect
from tests.procedure_campaign import Province
from tests.procedure_inputs import CARDS, CHANGED, FIRST_SENT, RESUBMITTING, Row, Rows
from xlscore.findings import Status
from xlscore.ledger import open_ledger
from xlscore.proceedings import proceedings
from xlscore.ranking import RankedRow
from xlscore.workbooks.appraisal.fill import Answer, Places, fill_appraisal
from xlscore.workbooks.members import read_members, replace_members
from xlscore.workbooks.scorecard.fill import fill
from xlscore.workspace import open_workspace

pytestmark = pytest.mark.slow

AGENCIES = ("SNV", "STTTT", "STC")
FOLLOWING = {"n4.6", "n4.7"}
"""Rows that follow from those of other rows and units: the gap, the comparison with peers."""


@dataclass(frozen=True)
class File:
    """What one officer types into a copy of the agency's book."""

    agency: str
    words: Mapping[Row, Answer]
    rest: bool


CHANGED_CARD = File("", {}, rest=False)
"""The card that one unit sends again meanwhile, with one row changed."""


@dataclass(frozen=True)
class Office:
    """A campaign whose units have sent their cards, with the books of round 1 as exported."""

    root: Path
    card: bytes
    books: Mapping[str, bytes]
    rows: Mapping[str, Sequence[Row]]
    before: Mapping[str, Any]

    @contextmanager
    def anew(self) -> Iterator[Inbox]:
        """Yield a copy in which no agency has sent anything yet."""
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(self.root, Path(folder) / "campaign")
            yield Inbox(self, Path(folder) / "campaign")


class Inbox:
    """One copy of the campaign; files of one pass are taken in the order of their names."""

    def __init__(self, office: Office, root: Path) -> None:
        self._office, self._workspace, self._numbers = office, open_workspace(root), count(100)

    def send(self, files: Sequence[File], *, again: bool = False) -> Mapping[str, Any]:
        """Send books in this order, and return the results; `again`: as copies saved once more."""
        for file in files:
            data = self._filled(file)
            path = self._workspace.inbox / f"{next(self._numbers)}-{file.agency}.xlsx"
            path.write_bytes(saved_again(data) if again else data)
        taken = collect(self._workspace, settle=0, now=lambda: FIRST_SENT)
        assert {arrival.status for arrival in taken.recorded} <= {Status.VALID}
        return results(self._workspace)

    def _filled(self, file: File) -> bytes:
        if file is CHANGED_CARD:
            return self._office.card
        return fill_appraisal(self._office.books[file.agency], file.words, rest=file.rest)


def saved_again(data: bytes) -> bytes:
    """Return the same workbook in other bytes, as a program saves it that changes nothing."""
    part = next(m for m in read_members(data) if m.name == "docProps/app.xml")
    return replace_members(data, {part.name: part.content + b"\n"})


def results(workspace: Any) -> dict[str, Any]:
    """Return everything that anybody could compare: scores, totals, ranks, what is open and why."""
    with open_ledger(workspace.ledger_path) as ledger:
        state = proceedings(workspace, ledger)
        return {row.result.unit.code: _told(row) for row in state.results.rows}


def _told(row: RankedRow) -> dict[str, Any]:
    result, said = row.result, row.result.appraisal
    told: dict[str, Any] = {
        "scores": {n: (s.points, s.applicable) for n, s in result.achieved.items()},
        "index": result.index,
        "standing": (row.rank, row.band),
    }
    if said is not None:
        told["open"] = dict(said.open)
        told["words"] = {
            node: [(w.round, w.agency, w.said, w.reason, w.rest) for w in merged.words]
            for node, merged in said.rows.items()
        }
        told["decided"] = {node: word.said for node, word in said.decisions.items()}
        told["conflicts"] = {
            n: [w.agency for w in merged.conflict]
            for n, merged in said.rows.items()
            if merged.conflict
        }
    return told


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    province = Province(tmp_path_factory.mktemp("order"))
    province.run("generate")
    for unit in CARDS:
        (province.workspace.inbox / f"{unit}.xlsx").write_bytes(filled(province, unit))
    province.look(FIRST_SENT)
    assert {arrival.status for arrival in province.told.values()} == {Status.VALID}
    province.run("appraise", "export", "--all")
    books = {agency: province.book(agency, 1).read_bytes() for agency in AGENCIES}
    rows = {agency: Places(data).rows for agency, data in books.items()}
    card = filled(province, RESUBMITTING, CHANGED)
    return Office(province.root, card, books, rows, results(province.workspace))


def filled(province: Province, unit: str, changes: Rows | None = None) -> bytes:
    """Return a unit's scorecard, filled."""
    typed = province.entries(unit, "", {**CARDS[unit], **(changes or {})})
    return fill(province.scorecard(unit).read_bytes(), province.campaign.layout(unit), typed)


# --- what agencies may send -----------------------------------------------------------------------------

ROWS: Mapping[str, Sequence[Row]] = {
    "STTTT": (
        ("STP", "n2.1"), ("STP", "n2.2"), ("SGD", "n2.3"), ("AB", "n1.3"), ("BH", "n1.3"),
        ("SYT", "n2.4"),
    ),
    "STC": (("STP", "n3.1"), ("SGD", "n3.2"), ("SYT", "n3.1")),
}  # fmt: skip
"""Rows on which words are drawn: few, so that they meet. The coordinator has them all, and more."""

COORDINATED: Sequence[Row] = (
    *ROWS["STTTT"], *ROWS["STC"], ("STP", "n1.1"), ("STP", "n4.3"), ("STP", "n4.7"),
    ("SGD", "n1.3"), (RESUBMITTING, "n3.1"), (RESUBMITTING, "n3.2"),
)  # fmt: skip

_WORDS = st.sampled_from(
    [
        Answer("Công nhận"),
        Answer("Điều chỉnh", Decimal("0.5"), "Lý do một"),
        Answer("Điều chỉnh", Decimal(0), "Lý do hai"),
        Answer("Yêu cầu giải trình", None, "Nêu rõ"),
    ]
)


@dataclass(frozen=True)
class Sending:
    """Files in the order in which they are sent, and the same in another.

    In either order each sender's own files stay in theirs.
    """

    one: Sequence[File]
    other: Sequence[File]


@st.composite
def sendings(draw: st.DrawFn) -> Sending:
    """Draw one or two files of each agency, and when the changed card comes."""
    queues: dict[str, list[File]] = {"": [CHANGED_CARD]}
    for agency in AGENCIES:
        rows = st.sampled_from(ROWS.get(agency, COORDINATED))
        words = st.lists(st.tuples(rows, _WORDS), min_size=1, max_size=6).map(dict)
        file = st.builds(File, st.just(agency), words, st.booleans())
        queues[agency] = draw(st.lists(file, min_size=1, max_size=2))
    senders = [agency for agency, files in queues.items() for _ in files]
    one, other = (draw(st.permutations(senders)) for _ in range(2))
    return Sending(in_turn(queues, one), in_turn(queues, other))


def in_turn(queues: Mapping[str, Sequence[File]], senders: Sequence[str]) -> list[File]:
    left = {sender: list(files) for sender, files in queues.items()}
    return [left[sender].pop(0) for sender in senders]


# --- properties -----------------------------------------------------------------------------------------


@settings(max_examples=10)
@given(sending=sendings())
def test_neither_order_nor_repetition_changes_anything(office: Office, sending: Sending) -> None:
    with office.anew() as one, office.anew() as other:
        first = one.send(sending.one)
        assert other.send(sending.other) == first
        assert one.send(sending.one) == first
        assert one.send(sending.one, again=True) == first
    for unit, nodes in untouched(office, sending.one).items():
        before, after = office.before[unit]["scores"], first[unit]["scores"]
        assert {n: after[n] for n in nodes} == {n: before[n] for n in nodes}


def untouched(office: Office, sent: Sequence[File]) -> dict[str, set[str]]:
    """Return the leaves of each unit on which no file says anything."""
    said = {row for file in sent for row in file.words}
    for file in sent:
        if file.rest:
            said |= set(office.rows[file.agency])
    said |= {(RESUBMITTING, node) for node in CHANGED}
    return {
        unit: {n for n in rows if (unit, n) not in said and n not in FOLLOWING}
        for unit, rows in CARDS.items()
    }


def test_every_row_where_words_are_drawn_is_in_the_agency_s_book(office: Office) -> None:
    for agency in AGENCIES:
        assert set(ROWS.get(agency, COORDINATED)) <= set(office.rows[agency])
