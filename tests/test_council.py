"""The council's book: issued, filled, taken in at the inbox, and final."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from itertools import count, permutations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from tests.appraising import appraised_rubric
from tests.campaigns import Campaign, TypedCells, assert_readable, edited, make_campaign, number
from tests.campaigns import rubric as small_rubric
from tests.collecting import collect
from tests.office import needs_libreoffice, recalculate_with_libreoffice
from tests.recorded import Office
from xlscore.appraising import Claim, Decision, Reply, row_basis
from xlscore.appraising.claims import claim_to_json, reply_to_json
from xlscore.cli import cli
from xlscore.exporting.council import council_book, export_council
from xlscore.findings import Status, message
from xlscore.identity import APPRAISAL, REPLY
from xlscore.layout import NOT_APPLICABLE, Slot
from xlscore.ledger import open_ledger
from xlscore.numbers import from_excel
from xlscore.proceedings import Proceedings, proceedings
from xlscore.ranking import UnitResult
from xlscore.rubric import Channel
from xlscore.workbooks.council import Word, fill_council
from xlscore.workbooks.council.columns import AGREED, DIFFERENCES, MINUTES, Column
from xlscore.workbooks.council.fill import addresses
from xlscore.workbooks.package import Package, parse_package
from xlscore.workbooks.returns import Return
from xlscore.workbooks.scorecard.fill import put
from xlscore.workbooks.sheet_xml import CellContent

NOW = datetime(2026, 12, 20, tzinfo=UTC)
AGENCIES = {"SNV": {"title": "Sở Nội vụ"}, "STPX": {"title": "Phòng Pháp chế"}}
APPRAISING: dict[str, Any] = {
    "agencies": AGENCIES,
    "coordinator": "SNV",
    "rounds": [{"title": "Thẩm định lần 1"}, {"title": "Thẩm định lần 2"}],
}
BOOK = Path("hoi-dong") / "hoi-dong.xlsx"
LEFT_OUT = {
    ("n1.3", Slot.APPLICABILITY): NOT_APPLICABLE,
    ("n1.3", "numerator"): None,
    ("n1.3", "denominator"): None,
    ("n1.3", Slot.EXPLANATION): "không phát sinh",
}
_ticks = count(1)


class Meeting:
    """A campaign that has come to its council: cards at the inbox, appraisals on record."""

    def __init__(self, root: Path, **given: Any) -> None:
        self.campaign: Campaign = make_campaign(root, appraisal=APPRAISING, **given)
        self.workspace = self.campaign.workspace
        self.workspace.inbox.mkdir()
        self._office = Office(self.workspace)

    def send(self, unit: str = "STP", changes: Mapping[tuple[str, str], Any] | None = None) -> None:
        """Put a unit's card into the inbox and take it in."""
        typed: TypedCells | None = dict(changes) if changes else None
        self.put(f"{unit}.xlsx", self.campaign.filled(typed, unit=unit))
        assert self.state().standings[unit].submission is not None

    def put(self, name: str, data: bytes) -> None:
        path = self.workspace.inbox / name
        path.write_bytes(data)
        stamp = time.time_ns() + next(_ticks) * 1_000_000
        os.utime(path, ns=(stamp, stamp))
        collect(self.workspace, settle=0)

    def appraise(
        self,
        node: str,
        decision: Decision = Decision.ADJUST,
        points: str = "",
        *,
        unit: str = "STP",
        agency: str = "SNV",
        round_: int = 1,
        reason: str = "chưa đủ tài liệu",
        values: Mapping[str, Decimal] | None = None,
    ) -> None:
        """Put one word of an agency on record."""
        layout = self.campaign.layout(unit)
        submission = self.state().standings[unit].submission
        assert submission is not None
        claim = Claim(
            agency, round_, unit, node, decision, row_basis(layout, submission.answers, node),
            Decimal(points) if points else None, values or {}, reason,
        )  # fmt: skip
        card = {"rows": [claim_to_json(claim)]}
        with open_ledger(self.workspace.ledger_path) as ledger:
            data = f"{next(_ticks)}".encode()
            self._office.arrive(
                ledger, data, entry=data, file="so.xlsx", status=Status.VALID, unit=agency,
                card=card, findings=(), kind=APPRAISAL, round=round_,
            )  # fmt: skip

    def reply(self, node: str, text: str, evidence: str) -> None:
        """Put a unit's reply after the first round on record."""
        said = Reply(1, "STP", node, text, evidence)
        with open_ledger(self.workspace.ledger_path) as ledger:
            self._office.arrive(
                ledger, b"reply", entry=b"reply", status=Status.VALID, findings=(), kind=REPLY,
                card={"rows": [reply_to_json(said)]},
            )  # fmt: skip

    def state(self) -> Proceedings:
        with open_ledger(self.workspace.ledger_path) as ledger:
            return proceedings(self.workspace, ledger, NOW)

    def book(self, *, every: bool = False) -> bytes:
        """Return the council's book as issued now."""
        export_council(self.workspace, self.state(), every=every)
        return (self.workspace.templates / BOOK).read_bytes()

    def decide(self, words: Mapping[tuple[str, str], Word], *, agreed: bool = False) -> Return:
        """Issue the book, fill it, send it in; return what the reader says of it."""
        data = fill_council(self.book(), words, agreed=agreed)
        back = self.read(data)
        self.put(f"hoi-dong-{next(_ticks)}.xlsx", data)
        return back

    def read(self, data: bytes) -> Return:
        return self.campaign.read(data, "hoi-dong.xlsx")

    def points(self, node: str, unit: str = "STP") -> Decimal | None:
        return self.result(unit).achieved[node].points

    def result(self, unit: str = "STP") -> UnitResult:
        rows = (row.result for row in self.state().results.rows)
        return next(r for r in rows if r.unit.code == unit)


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    made = Meeting(tmp_path / "campaign")
    made.send()
    return made


def rows(back: Return) -> dict[str, dict[str, Any]]:
    assert back.content is not None
    return {facts["node"]: facts for facts in back.content["rows"]}


def told(back: Return) -> list[tuple[str, str]]:
    for found in back.findings:
        assert_readable(found)
    return [(f.code, f.cell) for f in back.findings]


def codes(back: Return) -> list[str]:
    return [code for code, _ in told(back)]


def at(data: bytes, node: str, column: str, unit: str = "STP") -> str:
    return addresses(data)[unit, node, column]


# --- what is put before the council -------------------------------------------------------------------


def whys(state: Proceedings) -> dict[str, str]:
    return {row.node: row.why for row in council_book(state).rows}


def test_only_rows_on_which_something_is_to_decide_are_shown(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path / "c")
    meeting.send(changes=LEFT_OUT)
    for leaf in meeting.state().appraisals["STP"].rows:
        decision = Decision.QUERY if leaf == "n2.1" else Decision.ACCEPT
        points = {"n1.1": "0.5", "n1.3": "1"}.get(leaf, "")
        meeting.appraise(leaf, Decision.ADJUST if points else decision, points)
    meeting.appraise("n2.4", Decision.ADJUST, "1", agency="STPX")
    assert whys(meeting.state()) == {
        "n1.1": "Đề xuất khác tự chấm",
        "n1.3": "Không công nhận “Không áp dụng”",
        "n2.1": "Chưa giải trình xong",
        "n2.4": "Các cơ quan chấm khác nhau",
    }
    everything = [row.node for row in council_book(meeting.state(), every=True).rows]
    assert everything == list(meeting.state().appraisals["STP"].rows)


def test_a_row_that_the_unit_changed_after_appraisal_is_shown_as_such(meeting: Meeting) -> None:
    meeting.appraise("n1.1", points="0.5")
    meeting.send(changes={("n1.1", "points"): Decimal("1.75")})
    row = next(r for r in council_book(meeting.state()).rows if r.node == "n1.1")
    assert row.why == "Đơn vị đổi số liệu sau thẩm định"
    assert row.rounds[0] == "Sở Nội vụ: 0,5 điểm. Lý do: chưa đủ tài liệu (theo số liệu cũ)"


def test_where_nothing_is_to_decide_no_book_is_issued(meeting: Meeting) -> None:
    for leaf in meeting.state().appraisals["STP"].rows:
        meeting.appraise(leaf, Decision.ACCEPT)
    issued = export_council(meeting.workspace, meeting.state())
    assert (issued.written, issued.left) == ((), ())


def test_a_book_that_shows_the_same_keeps_its_serial_and_is_left_alone(meeting: Meeting) -> None:
    meeting.appraise("n1.1", points="0.5")
    assert export_council(meeting.workspace, meeting.state()).written
    assert export_council(meeting.workspace, meeting.state()).left
    meeting.appraise("n1.2", points="0.5")
    assert export_council(meeting.workspace, meeting.state()).written
    with open_ledger(meeting.workspace.ledger_path) as ledger:
        assert ledger.revoked() == {}  # books are merged by row: the first still serves


def test_a_book_too_long_for_the_reader_is_parted_by_unit(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting.send("STC")
    monkeypatch.setattr("xlscore.exporting.council.MOST_ROWS", 15)
    issued = export_council(meeting.workspace, meeting.state())
    assert [p.name for p in issued.written] == ["hoi-dong-1.xlsx", "hoi-dong-2.xlsx"]
    for path in issued.written:
        meeting.put(path.name, fill_council(path.read_bytes(), {}, agreed=True))
    said = meeting.state().appraisals
    assert not said["STP"].open
    assert not said["STC"].open


# --- what the council decides ---------------------------------------------------------------------------


def test_the_council_comes_before_the_last_round_and_that_before_the_self_score(
    meeting: Meeting,
) -> None:
    for node in ("n1.1", "n1.2", "n1.4"):
        meeting.appraise(node, points="0.25", round_=1)
    meeting.appraise("n1.2", points="0.5", round_=2)
    meeting.appraise("n1.4", points="0.5", round_=2)
    words = {("STP", "n1.4"): Word(Decimal("0.75"), "có thêm minh chứng")}
    back = meeting.decide(words)
    assert (back.status, codes(back)) == (Status.VALID, ["A045"])
    own = meeting.result().own or {}
    assert [meeting.points(n) for n in ("n1.4", "n1.2", "n1.1", "n3")] == [
        Decimal("0.75"), Decimal("0.5"), Decimal("0.25"), own["n3"].points,
    ]  # fmt: skip
    claim = meeting.state().appraisals["STP"].rows["n1.4"].decided
    assert claim is not None
    assert (claim.council, claim.reason, claim.agency) == (True, "có thêm minh chứng", "SNV")


def test_a_score_equal_to_the_self_score_accepts_it(meeting: Meeting) -> None:
    meeting.appraise("n1.1", points="0.5")
    back = meeting.decide({("STP", "n1.1"): Word(Decimal(1), "đồng ý với đơn vị")})
    assert (rows(back)["n1.1"]["decision"], rows(back)["n1.1"]["points"]) == ("accept", "1")
    assert meeting.points("n1.1") == 1


def test_the_council_s_word_stands_though_the_unit_changes_its_inputs(meeting: Meeting) -> None:
    meeting.appraise("n1.1", points="0.5")
    words = {("STP", "n1.1"): Word(Decimal(1), "công nhận"),
             ("STP", "n1.2"): Word(Decimal("0.5"), "chậm")}  # fmt: skip
    meeting.decide(words)
    meeting.send(changes={("n1.1", "points"): Decimal(2), ("n1.2", "level"): "Không"})
    assert [meeting.points(n) for n in ("n1.1", "n1.2")] == [1, Decimal("0.5")]
    found = meeting.state().appraisal_findings("STP")
    assert [(f.code, f.row) for f in found] == [("A003", "1.1"), ("A003", "1.2")]


def test_a_conflict_is_solved_by_the_council(meeting: Meeting) -> None:
    meeting.appraise("n1.1", points="0.5")
    meeting.appraise("n1.1", points="0.75", agency="STPX")
    assert [f.code for f in meeting.state().appraisal_findings("STP")] == ["A001"]
    meeting.decide({("STP", "n1.1"): Word(Decimal("0.75"), "theo Phòng Pháp chế")})
    assert meeting.state().appraisal_findings("STP") == ()
    assert meeting.points("n1.1") == Decimal("0.75")


def test_agreeing_to_the_rest_makes_the_proposals_final(meeting: Meeting) -> None:
    meeting.appraise("n1.1", points="0.5")
    back = meeting.decide({("STP", "n1.2"): Word(Decimal("0.5"), "chậm")}, agreed=True)
    said = rows(back)
    assert (said["n1.1"]["points"], said["n1.1"]["rest"]) == ("0.5", True)
    assert "rest" not in said["n1.2"]
    meeting.appraise("n1.1", points="0.75", round_=2)
    assert meeting.points("n1.1") == Decimal("0.5")
    assert {
        node for node, row in meeting.state().appraisals["STP"].rows.items() if row.open
    } == set()


def test_not_applicable_is_accepted_by_the_rest_and_refused_by_a_score(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path / "c")
    for unit in ("STP", "STC"):
        meeting.send(unit, LEFT_OUT)
    back = meeting.decide({("STC", "n1.3"): Word(Decimal(2), "có phát sinh")}, agreed=True)
    assert back.content is not None
    said = {(f["unit"], f["node"]): f for f in back.content["rows"]}
    assert said["STP", "n1.3"] == {
        "unit": "STP", "node": "n1.3", "decision": "accept", "rest": True,
        "basis": said["STP", "n1.3"]["basis"], "place": said["STP", "n1.3"]["place"],
    }  # fmt: skip
    assert said["STC", "n1.3"]["decision"] == "adjust"
    assert [meeting.points("n1.3", unit) for unit in ("STP", "STC")] == [None, 2]
    assert meeting.result().totals.applicable + 3 == meeting.result("STC").totals.applicable


def test_the_council_may_restore_not_applicable_that_an_agency_refused(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path / "c")
    meeting.send(changes=LEFT_OUT)
    meeting.appraise("n1.3", points="1")
    assert meeting.points("n1.3") == 1
    meeting.decide({("STP", "n1.3"): Word("không áp dụng", "đơn vị không có hồ sơ")})
    assert meeting.points("n1.3") is None


def test_an_earlier_word_is_shown_and_said_again_only_when_changed(meeting: Meeting) -> None:
    meeting.appraise("n1.1", points="0.5")
    meeting.decide({("STP", "n1.1"): Word(Decimal("0.75"), "có thêm minh chứng")}, agreed=True)
    (row,) = [r for r in council_book(meeting.state()).rows if r.node == "n1.1"]
    assert (row.proposal, row.word, row.remark) == (
        Decimal("0.5"),
        Decimal("0.75"),
        "có thêm minh chứng",
    )
    assert row.why == "Hội đồng đã kết luận"
    again = meeting.decide({}, agreed=True)
    assert (rows(again), codes(again)) == ({}, [])
    changed = meeting.decide({("STP", "n1.1"): Word(Decimal("1.25"))})
    assert rows(changed)["n1.1"]["points"] == "1.25"
    assert meeting.points("n1.1") == Decimal("1.25")


def test_agreement_with_a_remark_is_not_said_again_by_the_next_book(meeting: Meeting) -> None:
    meeting.appraise("n1.1", points="0.5")
    meeting.decide({("STP", "n1.1"): Word(remark="đúng như thẩm định")}, agreed=True)
    again = meeting.decide({})
    assert (rows(again), codes(again)) == ({}, [])


# --- findings -------------------------------------------------------------------------------------------


def test_a_score_other_than_proposed_needs_a_reason(meeting: Meeting) -> None:
    meeting.appraise("n1.1", points="0.5")
    data = meeting.book()
    words = {("STP", "n1.1"): Word(Decimal("0.75")), ("STP", "n1.2"): Word(Decimal("0.5"), "chậm")}
    back = meeting.read(fill_council(data, words, agreed=True))
    assert told(back) == [("A040", at(data, "n1.1", Column.REMARK))]
    assert "0,75 khác với đề xuất 0,5" in message(back.findings[0], "vi")
    assert back.status is Status.VALID  # the other rows count
    assert "n1.1" not in rows(back)
    assert rows(back)["n1.2"]["points"] == "0.5"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (Decimal("2.5"), "over-maximum"),
        (Decimal(-1), "negative"),
        (Decimal("0.3"), "off-step"),
        ("nhiều", "not-a-number"),
        (CellContent("error", "#N/A"), "excel-error"),
        (CellContent("date", "46000"), "date-in-cell"),
    ],
)
def test_a_score_that_cannot_be_is_refused_at_its_cell(
    meeting: Meeting, typed: Any, code: str
) -> None:
    data = meeting.book()
    back = meeting.read(fill_council(data, {("STP", "n1.1"): Word(typed, "lý do")}, agreed=True))
    assert [(f.name, f.cell, f.row) for f in back.findings] == [
        (code, at(data, "n1.1", Column.COUNCIL), "1.1")
    ]
    assert "n1.1" not in rows(back)


def test_a_number_typed_as_text_counts_with_a_note(meeting: Meeting) -> None:
    back = meeting.read(
        fill_council(meeting.book(), {("STP", "n1.1"): Word("0,5", "lý do")}, agreed=True)
    )
    assert [f.name for f in back.findings] == ["number-as-text"]
    assert rows(back)["n1.1"]["points"] == "0.5"


def test_a_row_of_a_unit_that_left_is_told_where_something_was_typed(meeting: Meeting) -> None:
    book = meeting.book()
    data = fill_council(book, {}, agreed=True)
    typed = fill_council(book, {("STP", "n1.1"): Word(remark="Xem lại")}, agreed=True)
    (meeting.campaign.root / "units.csv").write_text(
        "code,name,tier\nSTC,Sở Tài chính,so\n", encoding="utf-8"
    )
    reopened = meeting.campaign.reopened()
    back, told = reopened.read(data), reopened.read(typed)
    assert (codes(back), rows(back)) == ([], {})
    assert ([f.code for f in told.findings], rows(told)) == (["A041"], {})


def test_a_row_whose_maximum_has_changed_is_told_and_left_out(meeting: Meeting) -> None:
    data = fill_council(meeting.book(), {}, agreed=True)
    changed = small_rubric()
    changed["nodes"][0]["nodes"][0]["max"] = "1"
    changed["nodes"][0]["max"] = "9"
    changed["scale"] = "29"
    made = make_campaign(meeting.campaign.root, rubrics={"so": changed}, appraisal=APPRAISING)
    back = made.read(data)
    assert told(back) == [("A042", at(data, "n1.1", Column.MAXIMUM))]
    assert "n1.1" not in rows(back)
    assert "n1.2" in rows(back)


def test_rows_whose_visible_cells_were_sorted_are_refused(meeting: Meeting) -> None:
    data = meeting.book()
    first, second = at(data, "n1.1", Column.TITLE), at(data, "n1.2", Column.TITLE)
    swapped = put(
        data,
        {first: CellContent("text", "Tiêu chí 1.2"), second: CellContent("text", "Tiêu chí 1.1")},
    )
    back = meeting.read(fill_council(swapped, {}, agreed=True))
    assert told(back) == [("A043", first), ("A043", second)]
    assert not {"n1.1", "n1.2"} & rows(back).keys()


def test_a_proposal_that_was_altered_does_not_count(meeting: Meeting) -> None:
    data = meeting.book()
    forged = put(data, {at(data, "n1.1", Column.PROPOSAL): number("2")})
    back = meeting.read(fill_council(forged, {}, agreed=True))
    assert codes(back) == ["A043"]
    assert "n1.1" not in rows(back)


def test_a_key_of_another_book_is_refused(meeting: Meeting) -> None:
    data = meeting.book()
    key = next(
        c.value
        for c in package_of(data)[DIFFERENCES].values()
        if c.value.startswith("row|STP|n1.1|")
    )
    altered = edited_shared(data, key, key.replace("|STP|", "|STC|"))
    back = meeting.read(fill_council(altered, {}, agreed=True))
    assert [f.name for f in back.findings] == ["foreign-rows"]
    assert not {"n1.1"} & rows(back).keys()


def test_agreeing_where_nothing_is_proposed_is_told(tmp_path: Path) -> None:
    given = small_rubric()
    given["nodes"][2]["channel"] = "appraiser"
    meeting = Meeting(tmp_path / "c", rubrics={"so": given})
    meeting.send()
    data = meeting.book()
    back = meeting.read(fill_council(data, {}, agreed=True))
    assert told(back) == [("A044", at(data, "n3", Column.COUNCIL))]
    assert "n3" not in rows(back)
    scored = meeting.decide({("STP", "n3"): Word(Decimal(3))}, agreed=True)
    assert (codes(scored), rows(scored)["n3"]["decision"]) == ([], "adjust")
    assert meeting.points("n3") == 3


def test_rows_left_without_agreement_are_told_once(meeting: Meeting) -> None:
    back = meeting.read(fill_council(meeting.book(), {("STP", "n1.1"): Word(Decimal(1))}))
    assert codes(back) == ["A045"]
    left = len(list(council_book(meeting.state()).rows)) - 1
    assert back.findings[0].params == {"count": str(left), "choice": AGREED}


def test_a_remark_without_a_score_is_told_unless_the_rest_is_agreed(meeting: Meeting) -> None:
    data = meeting.book()
    words = {("STP", "n1.1"): Word(remark="giữ như tự chấm")}
    back = meeting.read(fill_council(data, words))
    assert ("A046", at(data, "n1.1", Column.REMARK)) in told(back)
    agreed = meeting.read(fill_council(data, words, agreed=True))
    assert codes(agreed) == []
    assert rows(agreed)["n1.1"]["reason"] == "giữ như tự chấm"


def test_emptying_an_earlier_score_does_not_take_it_back(meeting: Meeting) -> None:
    meeting.appraise("n1.1", points="0.5")
    meeting.decide({("STP", "n1.1"): Word(Decimal("0.75"), "lý do")}, agreed=True)
    back = meeting.decide({("STP", "n1.1"): Word("")}, agreed=True)
    assert codes(back) == ["A047"]
    assert meeting.points("n1.1") == Decimal("0.75")


def test_a_book_that_is_not_complete_is_a_draft(meeting: Meeting) -> None:
    data = fill_council(meeting.book(), {}, agreed=True, complete=False)
    assert meeting.read(data).status is Status.DRAFT


def test_a_book_without_a_needed_column_is_refused(meeting: Meeting) -> None:
    data = edited_shared(meeting.book(), "proposal", "x")
    back = meeting.read(data)
    assert (back.status, [f.name for f in back.findings]) == (Status.REJECTED, ["column-missing"])


# --- the workbook ---------------------------------------------------------------------------------------


def package_of(data: bytes) -> dict[str, dict[tuple[int, int], Any]]:
    package: Package = parse_package(data)
    return {sheet.name: dict(sheet.cells) for sheet in package.sheets}


def edited_shared(data: bytes, old: str, new: str) -> bytes:
    return edited(data, "xl/sharedStrings.xml", f">{old}<", f">{new}<")


def value_of(cell: Any) -> Decimal | str:
    return from_excel(cell.value) if cell.kind == "number" else str(cell.value)


def same(first: Decimal | str, second: Decimal | str) -> bool:
    if isinstance(first, Decimal) and isinstance(second, Decimal):
        return abs(first - second) < Decimal("1e-9")
    return first == second


def best_of() -> dict[str, Any]:
    """Return the rubric with everything that makes a total more than a sum."""
    given = small_rubric()
    given["nodes"][1]["nodes"][1]["combine"] = "best"
    given["nodes"][1]["nodes"][1]["max"] = "2"
    given["nodes"][1]["max"], given["scale"] = "15", "29"
    return given


@needs_libreoffice
@pytest.mark.office
def test_libreoffice_calculates_every_formula_to_what_is_cached(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path / "c", rubrics={"so": best_of()})
    meeting.send(changes=LEFT_OUT)
    meeting.send("STC")
    meeting.appraise("n1.1", points="0.5")
    meeting.appraise("n2.2.1", points="1.5")
    words = {
        ("STP", "n1.1"): Word(Decimal("0.75"), "có thêm"),
        ("STP", "n1.3"): Word(Decimal(2), "có phát sinh"),
        ("STP", "n2.2.1"): Word(Decimal("0.1"), "giảm"),
        ("STC", "nC"): Word(Decimal("0.5"), "một nửa"),
    }
    plain = tmp_path / "plain.xlsx"
    plain.write_bytes(meeting.book(every=True))
    filled = tmp_path / "filled.xlsx"
    filled.write_bytes(fill_council(plain.read_bytes(), words, agreed=True))
    again = tmp_path / "again.xlsx"
    meeting.put("hoi-dong.xlsx", filled.read_bytes())
    again.write_bytes(meeting.book(every=True))
    one, two, three = recalculate_with_libreoffice([plain, filled, again], tmp_path / "out")
    for issued, calculated in ((plain, one), (again, three)):
        before, after = package_of(issued.read_bytes()), package_of(calculated.read_bytes())
        formulas = [
            (name, place, cell)
            for name in (DIFFERENCES, MINUTES)
            for place, cell in before[name].items()
            if cell.formula is not None
        ]
        assert len(formulas) > 100
        for name, place, cell in formulas:
            assert same(value_of(cell), value_of(after[name][place])), (name, place, cell)
    # What the meeting sees while it types is what the system finds when the book has come in.
    at_meeting, on_record = (package_of(p.read_bytes())[MINUTES] for p in (two, three))
    shown = [
        [value_of(c) for c in found.values() if c.formula is not None]
        for found in (at_meeting, on_record)
    ]
    assert all(same(a, b) for a, b in zip(*shown, strict=True))
    indices = {unit: meeting.result(unit).index for unit in ("STP", "STC")}
    numbers = [v for v in shown[1] if isinstance(v, Decimal)]
    for index in indices.values():
        assert any(
            abs(v - Decimal(index.numerator) / index.denominator) < Decimal("1e-9") for v in numbers
        )


def test_the_minutes_say_where_a_row_was_left_as_proposed(meeting: Meeting) -> None:
    meeting.appraise("n1.1", points="0.5")
    texts = [c.value for c in package_of(meeting.book())[MINUTES].values()]
    assert "BIÊN BẢN HỌP HỘI ĐỒNG THẨM ĐỊNH" in texts
    assert "CHỦ TỊCH HỘI ĐỒNG" in texts
    assert "Giữ theo đề xuất." in texts
    meeting.decide({("STP", "n1.1"): Word(Decimal("0.75"), "có thêm minh chứng")}, agreed=True)
    final = [c.value for c in package_of(meeting.book())[MINUTES].values()]
    assert "có thêm minh chứng" in final
    assert "Thống nhất theo đề xuất." in final
    assert "Giữ theo đề xuất." not in final


def test_only_the_council_s_cells_and_the_lines_to_fill_in_are_unlocked(meeting: Meeting) -> None:
    book = load_workbook(BytesIO(meeting.book()))
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    assert not book[DIFFERENCES].protection.autoFilter  # False: filters may be used
    places = addresses(meeting.book())
    typed = {Column.COUNCIL, Column.REMARK}
    inputs = {address for (_, _, column), address in places.items() if column in typed}
    unlocked = {
        cell.coordinate
        for line in book[DIFFERENCES].iter_rows()
        for cell in line
        if not cell.protection.locked
    }
    assert unlocked == inputs
    lines = [
        cell.value
        for line in book[MINUTES].iter_rows()
        for cell in line
        if not cell.protection.locked and cell.value
    ]
    assert lines
    assert all("……" in str(text) for text in lines)


def test_not_applicable_by_the_council_s_word_stands_though_the_unit_takes_it_back(
    tmp_path: Path,
) -> None:
    meeting = Meeting(tmp_path / "c")
    meeting.send(changes=LEFT_OUT)
    meeting.decide({}, agreed=True)
    meeting.send()
    assert meeting.points("n1.3") is None
    assert meeting.result().achieved["n1.3"].applicable == 0
    assert ("A003", "1.3") in {(f.code, f.row) for f in meeting.state().appraisal_findings("STP")}
    (row,) = [r for r in council_book(meeting.state()).rows if r.node == "n1.3"]
    assert (row.proposal, row.word, row.spoken) == (NOT_APPLICABLE, "", True)


def test_a_score_that_follows_from_re_entered_figures_is_proposed(meeting: Meeting) -> None:
    meeting.appraise("n1.3", values={"numerator": Decimal(1), "denominator": Decimal(3)})
    (row,) = [r for r in council_book(meeting.state()).rows if r.node == "n1.3"]
    assert [row.own, row.proposal] == [3, 1]
    assert row.rounds[0].startswith(
        "Sở Nội vụ: tính lại theo số liệu Số hồ sơ đúng hạn: 1; Tổng số hồ sơ: 3."
    )


def test_every_input_cell_is_validated(meeting: Meeting) -> None:
    book = load_workbook(BytesIO(meeting.book()))[DIFFERENCES]
    places = addresses(meeting.book())
    rules = book.data_validations.dataValidation
    for (unit, _, column), address in places.items():
        if column == Column.COUNCIL or (unit == "STP" and column == Column.REMARK):
            found = [rule for rule in rules if address in rule.sqref]
            assert len(found) == 1, address
            assert found[0].error
    for node, maximum in (("n3", "4"), ("n1.2", "1")):
        (rule,) = [r for r in rules if places["STP", node, Column.COUNCIL] in r.sqref]
        assert (rule.formula1, rule.formula2) == ("0", maximum)


def test_replies_are_shown_with_the_evidence_added(meeting: Meeting) -> None:
    meeting.appraise("n1.1", points="0.5")
    meeting.reply("n1.1", "đề nghị giữ 1 điểm", "12/KH-STP")
    (row,) = [r for r in council_book(meeting.state()).rows if r.node == "n1.1"]
    assert row.reply == "Sau lần 1: đề nghị giữ 1 điểm Tài liệu bổ sung: 12/KH-STP"


@pytest.mark.parametrize("policy", ["leave_out", "full_points", "zero"])
def test_the_minutes_total_is_what_the_system_finds(tmp_path: Path, policy: str) -> None:
    policies = {"not_applicable": policy}
    meeting = Meeting(tmp_path / "c", rubrics={"so": best_of()}, policies=policies)
    meeting.send(changes=LEFT_OUT)
    meeting.appraise("n1.1", points="0.5")
    meeting.decide({("STP", "n2.2.1"): Word(Decimal("0.1"), "giảm")}, agreed=True)
    (part,) = council_book(meeting.state(), every=True).units
    reached = meeting.result().totals
    assert (part.concluded.achieved, part.concluded.applicable) == (
        reached.achieved, reached.applicable,
    )  # fmt: skip


def test_the_command_writes_the_council_s_book(meeting: Meeting) -> None:
    meeting.appraise("n1.1", points="0.5")
    where = ["-C", str(meeting.campaign.root), "--council"]
    done = CliRunner().invoke(cli, ["--language", "en", "appraise", "export", *where])
    assert (done.exit_code, (meeting.workspace.templates / BOOK).is_file()) == (0, True)
    wrong = CliRunner().invoke(cli, ["appraise", "export", *where, "--agency", "SNV"])
    assert wrong.exit_code == 2


def test_an_explicit_word_comes_before_agreement_whichever_book_comes_first(
    tmp_path: Path,
) -> None:
    for order in permutations((0, 1)):
        meeting = Meeting(tmp_path / str(order[0]))
        meeting.send()
        data = meeting.book()
        books = (
            fill_council(data, {("STP", "n1.1"): Word(Decimal("0.5"), "a")}),
            fill_council(data, {("STP", "n1.2"): Word(Decimal("0.5"), "b")}, agreed=True),
        )
        for place in order:
            meeting.put(f"{place}.xlsx", books[place])
        assert (meeting.points("n1.1"), meeting.points("n1.2")) == (Decimal("0.5"), Decimal("0.5"))


def test_a_new_remark_on_an_explicit_not_applicable_is_not_dropped(tmp_path: Path) -> None:
    made = Meeting(tmp_path / "campaign")
    made.send(changes=LEFT_OUT)
    made.appraise("n1.3", points="0")
    made.decide({("STP", "n1.3"): Word(NOT_APPLICABLE, "không phát sinh hồ sơ")})
    made.decide({("STP", "n1.3"): Word(remark="đã đối chiếu")}, agreed=True)
    word = made.state().appraisals["STP"].rows["n1.3"].council
    assert word is not None
    assert (word.points, word.reason, word.rest) == (None, "đã đối chiếu", False)


def test_a_row_that_only_appraisers_score_is_no_difference(tmp_path: Path) -> None:
    made = Meeting(tmp_path / "campaign", rubrics={"so": appraised_rubric()})
    made.send()
    layout = made.campaign.layout()
    leaf = next(n for n in layout.rubric.leaves if n.channel is Channel.APPRAISER)
    open_ = {row.node for row in council_book(made.state()).rows}
    made.appraise(leaf.id, points="0")
    assert open_ - {row.node for row in council_book(made.state()).rows} == {leaf.id}
