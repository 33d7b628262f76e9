"""Reply forms: what is contested is open, the rest is locked; what comes back stands beside the row."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from tests.appraising import appraised_rubric
from tests.campaigns import Key, assert_readable, number, typed_over
from tests.office import (
    fill_with_libreoffice,
    needs_gnumeric,
    needs_libreoffice,
    needs_uno,
    recalculate_with_libreoffice,
    resave_with_gnumeric,
)
from tests.under_appraisal import ACCEPT, ADJUST, APPRAISED, LEFT_OUT, QUERY, UnderAppraisal
from xlscore.appraising import OpenRow, Reply
from xlscore.appraising.replying import Contest, contested, reading_layout, reply_key, reply_layout
from xlscore.cli import cli
from xlscore.exporting.replies import export_replies, latest_round, replying_of
from xlscore.findings import Status
from xlscore.identity import REPLY
from xlscore.layout import COMPLETE, Amount, Column, Entry, RowKind, Said, Slot
from xlscore.rubric import Channel
from xlscore.workbooks.formsheet import FormSheet, find_form
from xlscore.workbooks.package import parse_package
from xlscore.workbooks.replyform import fill_reply
from xlscore.workbooks.returns import Return, read_return
from xlscore.workbooks.scorecard.fill import CellContent, Typed

FORM, LISTED = "Phiếu phản hồi", "Nội dung cần phản hồi"
REASON = "Kế hoạch ban hành chậm"
ANSWER: Mapping[Key, Typed] = {
    ("n1.1", Slot.REPLY): "Đề nghị giữ 1 điểm",
    ("n1.1", Slot.ADDED): "12/KH-STP",
    ("n2.4", Slot.REPLY): "Đã nộp đủ báo cáo",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> UnderAppraisal:
    """Unit STP: n1.1 adjusted, n2.4 queried, n3 contradicted by two agencies, n1.5 accepted."""
    made = UnderAppraisal(tmp_path_factory.mktemp("replies") / "campaign")
    made.submit(changes=LEFT_OUT)
    made.submit("STC")
    made.say(
        made.word("n1.1", ADJUST, "0.5", reason=REASON),
        made.word("n2.4", QUERY, reason="Nêu rõ số báo cáo"),
        made.word("n3", ADJUST, "0.25", reason="Thiếu minh chứng"),
        made.word("n1.5", ACCEPT),
        made.word("n1.3", ACCEPT),
        made.word("n2.1", ADJUST, values={"numerator": Decimal(75)}, reason="Theo báo cáo"),
        made.word("n1.5", ACCEPT, unit="STC"),
    )
    made.say(made.word("n3", ADJUST, "0.75", reason="Đủ minh chứng"), agency="STC")
    return made


@pytest.fixture(scope="module")
def form(office: UnderAppraisal) -> bytes:
    return exported(office)[0]


def exported(office: UnderAppraisal, round_: int = 1, unit: str = "STP", **how: Any) -> list[bytes]:
    state = office.state()
    units = [office.workspace.campaign.units[unit]]
    done = export_replies(state, round_, units, **how)
    return [path.read_bytes() for path in (*done.issued.written, *done.issued.left)]


def filled(office: UnderAppraisal, form: bytes, typed: Mapping[Key, Typed], **how: Any) -> bytes:
    return fill_reply(form, office.campaign.layout(), typed, **how)


def read(office: UnderAppraisal, data: bytes, folder: Path) -> Return:
    path = folder / "phan-hoi.xlsx"
    path.write_bytes(data)
    back = read_return(path, office.workspace)
    for found in back.findings:
        assert_readable(found)
    return back


def told(back: Return) -> list[tuple[str, str]]:
    return [(f.name, f.row) for f in back.findings]


def located(office: UnderAppraisal, data: bytes) -> FormSheet:
    found = find_form(parse_package(data), reading_layout(office.campaign.layout()))
    assert isinstance(found, FormSheet)
    return found


def at(office: UnderAppraisal, data: bytes, key: str, column: Column) -> str:
    return located(office, data).address(key, column)


# --- what is contested ------------------------------------------------------------------------------


def test_adjusted_queried_and_contradicted_rows_are_contested(office: UnderAppraisal) -> None:
    appraisal = office.state().appraisals["STP"]
    whole = office.campaign.layout()
    assert contested(appraisal, whole, 1) == {
        "n1.1": Contest.ADJUSTED,
        "n2.1": Contest.ADJUSTED,
        "n2.4": Contest.QUERIED,
        "n3": Contest.ADJUSTED,
    }
    assert contested(appraisal, whole, 2) == {}


def test_a_row_that_the_unit_has_changed_since_is_not_contested(tmp_path: Path) -> None:
    office = UnderAppraisal(tmp_path / "campaign")
    office.submit()
    office.say(office.word("n1.1", ADJUST, "0.5"), office.word("n3", ADJUST, "0.5"))
    office.submit(changes={("n1.1", "points"): Decimal("1.5")})
    assert list(contested(office.state().appraisals["STP"], office.campaign.layout(), 1)) == ["n3"]


def test_a_row_that_only_appraisers_score_is_open_only_beside_another(tmp_path: Path) -> None:
    office = UnderAppraisal(tmp_path / "campaign", rubrics={"so": appraised_rubric()})
    office.submit()
    whole = office.campaign.layout()
    leaf = next(n for n in whole.rubric.leaves if n.channel is Channel.APPRAISER)
    office.say(office.word(leaf.id, ADJUST, "0"))
    assert contested(office.state().appraisals["STP"], whole, 1) == {}
    office.say(office.word("n1.1", ADJUST, "0.5"))
    assert set(contested(office.state().appraisals["STP"], whole, 1)) == {"n1.1", leaf.id}
    office.say(office.word(leaf.id, ADJUST, str(leaf.max)))
    assert set(contested(office.state().appraisals["STP"], whole, 1)) == {"n1.1"}


# --- the form ----------------------------------------------------------------------------------------


def cells_of(office: UnderAppraisal, node: str) -> Mapping[Column, Any]:
    unit = office.workspace.campaign.units["STP"]
    layout = reply_layout(replying_of(office.state(), unit, 1))
    return layout.by_key[f"{RowKind.LEAF}:{node}"].cells


def test_the_unit_sees_its_own_score_the_appraised_one_and_why(office: UnderAppraisal) -> None:
    cells = cells_of(office, "n1.1")
    assert (cells[Column.SCORE].value, cells[Column.APPRAISED].value) == (1, Decimal("0.5"))
    assert cells[Column.REASON].text == f"Sở Nội vụ điều chỉnh: {REASON}"
    assert cells[Column.NOTE].text == "Cần phản hồi"


def test_two_agencies_are_both_quoted(office: UnderAppraisal) -> None:
    cells = cells_of(office, "n3")
    assert cells[Column.APPRAISED].text == "0,25 hoặc 0,75"
    assert cells[Column.REASON].text == (
        "Sở Nội vụ điều chỉnh: 0,25 điểm. Thiếu minh chứng\n"
        "Sở Tài chính điều chỉnh: 0,75 điểm. Đủ minh chứng"
    )


def test_a_query_has_no_score_yet(office: UnderAppraisal) -> None:
    cells = cells_of(office, "n2.4")
    assert cells[Column.APPRAISED].text == "Chưa kết luận"
    assert cells[Column.REASON].text == "Sở Nội vụ yêu cầu giải trình: Nêu rõ số báo cáo"


def test_figures_entered_anew_are_shown_with_the_score_they_give(office: UnderAppraisal) -> None:
    cells = cells_of(office, "n2.1")
    assert cells[Column.APPRAISED].value == 1  # 75 % is in the lower band
    assert cells[Column.REASON].text == ("Sở Nội vụ điều chỉnh: số liệu 75. Theo báo cáo")


def test_an_accepted_row_shows_its_score_and_takes_nothing(office: UnderAppraisal) -> None:
    cells = cells_of(office, "n1.5")
    assert cells[Column.APPRAISED].value == 1
    assert not any(isinstance(cell, Entry) for cell in cells.values())
    left_out = cells_of(office, "n1.3")
    assert (left_out[Column.SCORE].text, left_out[Column.APPRAISED].text) == ("–", "–")


def test_only_the_contested_cells_and_the_state_are_unlocked(
    office: UnderAppraisal, form: bytes
) -> None:
    book = openpyxl.load_workbook(BytesIO(form))
    unlocked = {cell.coordinate for row in book[FORM] for cell in row if not cell.protection.locked}
    expected = {
        at(office, form, f"s:{node}", column)
        for node in ("n1.1", "n2.1", "n2.4", "n3")
        for column in (Column.REPLY, Column.ADDED)
    } | {at(office, form, "x:state", Column.FIGURE)}
    assert unlocked == expected
    assert all(sheet.protection.sheet for sheet in book)
    assert book.active is not None
    assert book.active.title == LISTED


def test_the_list_names_each_contested_row_and_links_to_its_cell(
    office: UnderAppraisal, form: bytes
) -> None:
    sheet = openpyxl.load_workbook(BytesIO(form))[LISTED]
    links = {
        sheet[f"A{cell.row}"].value: cell.hyperlink.location
        for row in sheet
        for cell in row
        if cell.hyperlink
    }
    assert {code: place for code, place in links.items() if code in {"1.1", "2.1", "2.4", "3"}} == {
        code: f"'{FORM}'!{at(office, form, f's:n{code}', Column.REPLY)}"
        for code in ("1.1", "2.1", "2.4", "3")
    }
    said = " ".join(str(c.value) for row in sheet for c in row if c.value)
    assert "Có 4/12 nội dung cần đơn vị phản hồi" in said
    assert "gửi về Sở Nội vụ chậm nhất 17 giờ 00 ngày 20/12/2026." in said


def test_a_day_without_a_time_is_the_last_on_which_a_reply_is_awaited(tmp_path: Path) -> None:
    rounds = [{"replies": "2026-12-20"}]
    office = UnderAppraisal(tmp_path / "campaign", appraisal={**APPRAISED, "rounds": rounds})
    office.submit()
    office.say(office.word("n1.1", ADJUST, "0.5"))
    (form,) = exported(office)
    listed = openpyxl.load_workbook(BytesIO(form))[LISTED]
    said = " ".join(str(cell.value) for row in listed for cell in row if cell.value)
    assert "gửi về Sở Nội vụ chậm nhất hết ngày 20/12/2026." in said


def test_a_word_that_accepts_the_rest_says_nothing_beside_one_on_the_row(tmp_path: Path) -> None:
    office = UnderAppraisal(tmp_path / "campaign")
    office.submit()
    office.say(office.word("n1.1", ADJUST, "0.5", reason=REASON))
    office.say(office.word("n1.1", ACCEPT, rest=True), agency="STC")
    unit = office.workspace.campaign.units["STP"]
    cells = reply_layout(replying_of(office.state(), unit, 1)).by_key["s:n1.1"].cells
    assert cells[Column.APPRAISED] == Amount(Decimal("0.5"))
    assert cells[Column.REASON] == Said(f"Sở Nội vụ điều chỉnh: {REASON}")


def test_the_same_appraisal_is_the_same_form_and_a_new_word_a_new_one(tmp_path: Path) -> None:
    office = UnderAppraisal(tmp_path / "campaign")
    office.submit()
    office.say(office.word("n1.1", ADJUST, "0.5"))
    first = exported(office)
    assert exported(office) == first
    assert exported(office, force=True) == first
    office.say(office.word("n3", QUERY))
    assert exported(office) != first
    with_first = filled(office, first[0], {("n1.1", Slot.REPLY): "Không đồng ý"})
    assert office.send("cu.xlsx", with_first).recorded[0].status is Status.VALID


def test_a_long_text_goes_on_in_the_annex(tmp_path: Path) -> None:
    office = UnderAppraisal(tmp_path / "campaign")
    office.submit(changes={("n1.1", Slot.EVIDENCE): "Kế hoạch số 12; " * 100})
    office.say(office.word("n1.1", ADJUST, "0.5", reason="Chậm; " * 300))
    book = openpyxl.load_workbook(BytesIO(exported(office)[0]))
    assert "Phụ lục" in book.sheetnames
    said = " ".join(str(c.value) for row in book["Phụ lục"] for c in row if c.value)
    assert said.count("Chậm") == 300


# --- what comes back ---------------------------------------------------------------------------------


def test_replies_come_through_the_inbox_and_stand_beside_their_rows(tmp_path: Path) -> None:
    office = UnderAppraisal(tmp_path / "campaign")
    office.submit()
    office.say(office.word("n1.1", ADJUST, "0.5"), office.word("n2.4", QUERY))
    data = filled(office, exported(office)[0], ANSWER)
    (arrived,) = office.send("phan-hoi.xlsx", data).recorded
    assert (arrived.kind, arrived.round, arrived.unit, arrived.status) == (
        REPLY, 1, "STP", Status.VALID,
    )  # fmt: skip
    replies = office.state().appraisals["STP"].replies
    place = f"{FORM}!{at(office, data, 's:n1.1', Column.REPLY)}"
    assert replies[1, "n1.1"] == Reply(
        1, "STP", "n1.1", "Đề nghị giữ 1 điểm", "12/KH-STP", place, "phan-hoi.xlsx", arrived.id
    )
    assert replies[1, "n2.4"].text == "Đã nộp đủ báo cáo"
    # A reply decides nothing by itself.
    assert office.state().appraisals["STP"].open["n2.4"] is OpenRow.QUERIED


def test_a_later_reply_replaces_the_earlier_row_by_row(tmp_path: Path) -> None:
    office = UnderAppraisal(tmp_path / "campaign")
    office.submit()
    office.say(office.word("n1.1", ADJUST, "0.5"), office.word("n2.4", QUERY))
    form = exported(office)[0]
    office.send("mot.xlsx", filled(office, form, ANSWER))
    office.send("hai.xlsx", filled(office, form, {("n1.1", Slot.REPLY): "Thống nhất"}))
    replies = office.state().appraisals["STP"].replies
    assert (replies[1, "n1.1"].text, replies[1, "n1.1"].evidence) == ("Thống nhất", "")
    assert replies[1, "n2.4"].text == "Đã nộp đủ báo cáo"


def test_added_evidence_alone_is_a_reply(
    office: UnderAppraisal, form: bytes, tmp_path: Path
) -> None:
    back = read(office, filled(office, form, {("n3", Slot.ADDED): "9/BC-STP"}), tmp_path)
    assert back.content is not None
    place = f"{FORM}!{at(office, form, 's:n3', Column.ADDED)}"
    assert back.content["rows"] == [
        {"node": "n3", "text": "", "evidence": "9/BC-STP", "place": place}
    ]


def test_an_unticked_form_is_a_draft(office: UnderAppraisal, form: bytes, tmp_path: Path) -> None:
    back = read(office, filled(office, form, ANSWER, complete=False), tmp_path)
    assert back.status is Status.DRAFT
    assert told(back) == [("draft-unticked", "")]


def test_silence_is_said_and_a_question_unanswered_warned_of(
    office: UnderAppraisal, form: bytes, tmp_path: Path
) -> None:
    back = read(office, filled(office, form, {("n3", Slot.REPLY): "Đề nghị 0,75"}), tmp_path)
    assert back.status is Status.VALID
    assert told(back) == [("reply-owed", ""), ("reply-none", "")]
    assert [f.params for f in back.findings] == [
        {"count": "1", "rows": "STT 2.4"},
        {"count": "2", "rows": "STT 1.1, 2.1"},
    ]
    assert [f.code for f in back.findings] == ["A052", "A051"]


def test_a_reply_on_a_locked_row_is_refused_and_the_others_count(
    office: UnderAppraisal, form: bytes, tmp_path: Path
) -> None:
    everything = {**ANSWER, ("n2.1", Slot.REPLY): "a", ("n3", Slot.REPLY): "b"}
    data = filled(office, form, {**everything, ("n1.5", Slot.REPLY): "Xin thêm điểm"})
    back = read(office, data, tmp_path)
    (found,) = back.findings
    assert (found.code, found.row, found.entered) == ("A050", "1.5", "Xin thêm điểm")
    assert found.cell == at(office, form, "s:n1.5", Column.REPLY)
    assert back.status is Status.VALID
    assert back.content is not None
    assert [r["node"] for r in back.content["rows"]] == ["n1.1", "n2.1", "n2.4", "n3"]


@pytest.mark.parametrize("from_row", ["n1.1", "forged"])
def test_the_key_of_another_row_opens_nothing(
    office: UnderAppraisal, form: bytes, tmp_path: Path, from_row: str
) -> None:
    found = located(office, form)
    genuine = found.cell("s:n1.1", Column.OPEN)
    assert genuine is not None
    forged = f"{'|'.join(reply_key('STP', 'n1.5', Contest.ADJUSTED)._parts)}|0123456789abcdef"
    key = genuine.value if from_row == "n1.1" else forged
    everything = {**ANSWER, ("n2.1", Slot.REPLY): "a", ("n3", Slot.REPLY): "b"}
    data = filled(office, form, {**everything, ("n1.5", Slot.REPLY): "Xin thêm điểm"})
    data = typed_over(data, {found.address("s:n1.5", Column.OPEN): key})
    assert told(read(office, data, tmp_path)) == [("reply-not-open", "1.5")]


def test_a_row_pasted_over_is_refused_and_the_others_count(
    office: UnderAppraisal, form: bytes, tmp_path: Path
) -> None:
    data = filled(office, form, {**ANSWER, ("n2.1", Slot.REPLY): "a", ("n3", Slot.REPLY): "b"})
    data = typed_over(data, {at(office, form, "s:n1.1", Column.TITLE): "Tiêu chí khác"})
    back = read(office, data, tmp_path)
    assert told(back) == [("row-mismatch", "1.1")]
    assert back.content is not None
    assert [r["node"] for r in back.content["rows"]] == ["n2.1", "n2.4", "n3"]


def test_a_cell_that_says_nothing_readable_is_told_at_its_place(
    office: UnderAppraisal, form: bytes, tmp_path: Path
) -> None:
    data = filled(office, form, {**ANSWER, ("n2.1", Slot.REPLY): "a", ("n3", Slot.REPLY): "b"})
    state = at(office, form, "x:state", Column.FIGURE)
    spoiled: dict[str, CellContent | str] = {
        at(office, form, "s:n1.1", Column.REPLY): number("1", "1/0+#REF!"),
        at(office, form, "s:n2.4", Column.REPLY): number("5", "Khác!A1"),
        at(office, form, "s:n3", Column.REPLY): "x" * 40_000,
        state: "Xong",
    }
    back = read(office, typed_over(data, spoiled), tmp_path)
    names = [f.name for f in back.findings]
    assert names == [
        "external-formula", "external-formula", "text-too-long", "unknown-state", "draft-unticked",
    ]  # fmt: skip
    assert back.findings[-2].cell == state
    assert back.content is not None
    assert [r["node"] for r in back.content["rows"]] == ["n2.1", "n3"]


def test_a_reply_longer_than_a_cell_takes_counts_as_far_as_a_cell_takes_it(
    office: UnderAppraisal, form: bytes, tmp_path: Path
) -> None:
    data = filled(office, form, {**ANSWER, ("n2.1", Slot.REPLY): "a"})
    places = {column: at(office, form, "s:n3", column) for column in (Column.REPLY, Column.ADDED)}
    data = typed_over(data, dict.fromkeys(places.values(), "x" * 40_000))
    back = read(office, data, tmp_path)
    assert [(f.name, f.cell) for f in back.findings if f.row == "3"] == [
        ("text-too-long", cell) for cell in places.values()
    ]
    assert back.content is not None
    (row,) = [r for r in back.content["rows"] if r["node"] == "n3"]
    for key in ("text", "evidence"):
        assert (len(row[key]), row[key][-14:]) == (32_767, "xx… (còn tiếp)")


def test_a_form_without_its_input_column_is_refused(
    office: UnderAppraisal, form: bytes, tmp_path: Path
) -> None:
    layout_column = at(office, form, "s:n1.1", Column.REPLY).rstrip("0123456789")
    back = read(office, typed_over(form, {f"{layout_column}1": ""}), tmp_path)
    assert (back.status, told(back)) == (Status.REJECTED, [("column-missing", "")])


def test_a_scorecard_is_still_read_as_one_beside_a_reply(office: UnderAppraisal) -> None:
    back = office.campaign.read(office.campaign.filled())
    assert (back.status, back.findings) == (Status.VALID, ())


def test_only_a_reply_form_can_be_filled(office: UnderAppraisal) -> None:
    with pytest.raises(ValueError, match="column"):
        filled(office, office.campaign.form(), ANSWER)


# --- spreadsheet programs ----------------------------------------------------------------------------


def shown(path: Path, sheet: str) -> dict[str, Any]:
    rows = openpyxl.load_workbook(path, data_only=True)[sheet]
    return {c.coordinate: c.value for row in rows for c in row if c.value is not None}


@needs_libreoffice
def test_formulas_show_in_libreoffice_what_is_cached(
    office: UnderAppraisal, form: bytes, tmp_path: Path
) -> None:
    paths = []
    for name, data in {"trong": form, "da-ghi": filled(office, form, ANSWER)}.items():
        paths.append(tmp_path / f"{name}.xlsx")
        paths[-1].write_bytes(data)
    again = recalculate_with_libreoffice(paths, tmp_path / "out")
    for path, saved in zip(paths, again, strict=True):
        for sheet in (FORM, LISTED):
            assert shown(saved, sheet) == shown(path, sheet)


@needs_uno
def test_a_reply_typed_in_libreoffice_is_read(
    office: UnderAppraisal, form: bytes, tmp_path: Path
) -> None:
    source = tmp_path / "phieu.xlsx"
    source.write_bytes(form)
    typed: dict[str, str | float] = {
        at(office, form, f"s:{node}", Column.REPLY): f"Ý kiến {node}"
        for node in ("n1.1", "n2.1", "n2.4", "n3")
    }
    typed[at(office, form, "x:state", Column.FIGURE)] = COMPLETE
    saved = fill_with_libreoffice(source, typed, tmp_path / "ghi.xlsx", sheet=FORM)
    back = read(office, saved.read_bytes(), tmp_path)
    assert (back.status, told(back)) == (Status.VALID, [])
    assert back.content is not None
    assert [r["text"] for r in back.content["rows"]] == [
        "Ý kiến n1.1", "Ý kiến n2.1", "Ý kiến n2.4", "Ý kiến n3",
    ]  # fmt: skip
    assert "Đã phản hồi đủ 4 nội dung." in shown(saved, FORM).values()


@needs_gnumeric
def test_a_reply_saved_by_gnumeric_is_read(
    office: UnderAppraisal, form: bytes, tmp_path: Path
) -> None:
    source = tmp_path / "phieu.xlsx"
    source.write_bytes(filled(office, form, ANSWER))
    saved = resave_with_gnumeric(source, tmp_path / "gnumeric.xlsx")
    back = read(office, saved.read_bytes(), tmp_path)
    assert back.content is not None
    assert [(r["node"], r["evidence"]) for r in back.content["rows"]] == [
        ("n1.1", "12/KH-STP"), ("n2.4", ""),
    ]  # fmt: skip


# --- the command -------------------------------------------------------------------------------------


def run(office: UnderAppraisal, *arguments: str) -> Any:
    root = str(office.workspace.root)
    return CliRunner().invoke(cli, ["--language", "en", "reply", "export", "-C", root, *arguments])


def test_the_command_writes_the_latest_round_and_says_who_has_nothing_to_reply_to(
    office: UnderAppraisal,
) -> None:
    done = run(office, "--force")
    assert done.exit_code == 0, done.output
    assert "1 reply forms written" in done.output
    assert "Nothing to reply to: STC." in done.output
    assert "Without a scorecard that counts: AB." in done.output
    assert (office.workspace.templates / "phan-hoi" / "lan-1" / "STP.xlsx").is_file()
    assert "0 reply forms written" in run(office, "--unit", "STP").output


def test_the_command_refuses_a_round_that_is_none(office: UnderAppraisal, tmp_path: Path) -> None:
    assert run(office, "--round", "3").exit_code == 2
    assert run(office, "--unit", "XYZ").exit_code == 2
    untouched = UnderAppraisal(tmp_path / "campaign")
    untouched.submit()
    assert latest_round(untouched.state()) == 0
    done = run(untouched)
    assert (done.exit_code, "Nothing has been appraised yet" in done.output) == (2, True)
