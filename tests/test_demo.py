"""The demonstration, whole: every mishap ends as it would in an office, and always the same way."""

from __future__ import annotations

import json
import warnings
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.excel_rules import faults
from xlscore.appraising import Decision
from xlscore.demo import Demo, run
from xlscore.editions import FileKind
from xlscore.exporting.results import result_card
from xlscore.findings import Status
from xlscore.identity import APPRAISAL, REPLY, SCORECARD, SURVEY
from xlscore.jsonshapes import ranking_to_json
from xlscore.layout import NOTHING, RESULT_COLUMNS, Column, RowKind
from xlscore.ledger import LetterState, Recorded, open_ledger
from xlscore.mail import address_of
from xlscore.proceedings import Proceedings, proceedings
from xlscore.ranking import UnitResult
from xlscore.remarks import Notes
from xlscore.standing import Standing, State, standings
from xlscore.upkeep import check_ledger
from xlscore.verifying import Step
from xlscore.watching import run_once
from xlscore.workbooks.components import RESULT_SHEET
from xlscore.workbooks.package import read_package
from xlscore.workbooks.resultsheet import ResultCard

EXAMPLES = ["vinh-long-2023", "hai-cap-2026"]
pytestmark = pytest.mark.slow


def quiet(_what: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture(scope="module", params=EXAMPLES)
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return run(tmp_path_factory.mktemp("demo") / "một", request.param, quiet)


@pytest.fixture(scope="module")
def recorded(demo: Demo) -> list[Recorded]:
    with open_ledger(demo.workspace.ledger_path) as ledger:
        assert ledger.chain_is_sound()
        return ledger.submissions()


@pytest.fixture(scope="module")
def stand(demo: Demo, recorded: list[Recorded]) -> dict[str, Standing]:
    return standings(demo.workspace, recorded)


MISHAPS: dict[str, tuple[State, set[str]]] = {
    "tử số lớn hơn mẫu số": (State.INVALID, {"numerator-above-denominator", "missing-evidence"}),
    "bản nháp": (State.DRAFT, {"draft"}),
    "“1.000”": (State.INVALID, {"ambiguous-thousands"}),
    "dán đè": (State.INVALID, {"row-mismatch"}),
    "số nhập dạng văn bản": (State.SUBMITTED, {"number-as-text"}),
    "đổi tên tệp": (State.SUBMITTED, set()),
    "không gửi": (State.MISSING, set()),
    ".xls đời cũ": (State.MISSING, set()),
    "phiếu mẫu": (State.MISSING, set()),
    "gửi trễ hạn": (State.SUBMITTED, set()),
}


@pytest.mark.parametrize("words", MISHAPS)
def test_every_mishap_ends_in_its_state(
    demo: Demo, recorded: list[Recorded], stand: dict[str, Standing], words: str
) -> None:
    state, findings = MISHAPS[words]
    units = [unit for unit, told in demo.mishaps.items() if words in told]
    assert units
    for unit in units:
        mended = "đã sửa" in demo.mishaps[unit]
        assert stand[unit].state is (State.SUBMITTED if mended else state), unit
        first = [r for r in recorded if r.unit == unit][:1]
        assert {f.name for r in first for f in r.findings} >= findings
        if words == "gửi trễ hạn":
            assert stand[unit].late


def test_a_mended_return_counts_in_its_second_version(
    demo: Demo, stand: dict[str, Standing]
) -> None:
    (unit,) = [unit for unit, told in demo.mishaps.items() if "đã sửa" in told]
    assert (stand[unit].state, stand[unit].version, stand[unit].newer_invalid) == (
        State.SUBMITTED, 2, False,
    )  # fmt: skip


def test_old_formats_and_blank_samples_are_told_by_name(recorded: list[Recorded]) -> None:
    rejected = [f.name for r in recorded if r.status is Status.REJECTED for f in r.findings]
    assert sorted(rejected) == ["blank-sample", "old-xls"]


def test_whoever_had_no_mishap_has_submitted_in_time(
    demo: Demo, stand: dict[str, Standing]
) -> None:
    others = [s for code, s in stand.items() if code not in demo.mishaps]
    assert len(others) > len(demo.mishaps)
    assert {(s.state, s.late) for s in others} == {(State.SUBMITTED, False)}


def test_every_file_of_the_inbox_has_one_outcome(demo: Demo, recorded: list[Recorded]) -> None:
    inbox = {p.name for p in demo.workspace.inbox.glob("[!.]*")}
    with open_ledger(demo.workspace.ledger_path) as ledger:
        assert {entry.decode() for entry in ledger.sightings()} == inbox
    everything = {r.file for r in recorded} | {r.file for d in demo.later for r in d.recorded}
    (twin,) = inbox - everything  # sent twice under two names: one outcome
    assert twin.startswith("Báo cáo chấm điểm CCHC")
    (corrected,) = [r for r in demo.second.recorded if demo.mishaps[r.unit] != "gửi trễ hạn"]
    later = [r.file for done in demo.later for r in done.recorded if r.kind != SCORECARD]
    taken = sorted([*(r.file for r in recorded), *later])
    assert taken == sorted([*inbox - {twin}, corrected.file])


def test_the_ranking_is_written_and_holds_a_sheet_per_group(demo: Demo) -> None:
    package = read_package(demo.published.path)
    assert len(package.sheets) > len(demo.published.results.groups)


def test_some_units_do_better_than_others(demo: Demo) -> None:
    indices = {row.result.index for group in demo.published.results.groups for row in group.rows}
    assert len(indices) > 10


def figures(demo: Demo) -> Any:
    shape = ranking_to_json(demo.published)
    return json.dumps({**shape, "file": "", "files": sorted(shape["files"])})


@pytest.mark.parametrize("demo", ["hai-cap-2026"], indirect=True)  # the quicker of the two
def test_two_runs_give_the_same_figures(demo: Demo, tmp_path: Path) -> None:
    again = run(tmp_path / "hai", "hai-cap-2026", quiet)
    assert figures(again) == figures(demo)
    assert again.mishaps == demo.mishaps


def procedure(demo: Demo) -> Proceedings:
    with open_ledger(demo.workspace.ledger_path) as ledger:
        return proceedings(demo.workspace, ledger, demo.ended)


@pytest.fixture(scope="module")
def state(demo: Demo) -> Proceedings:
    return procedure(demo)


def test_every_book_and_reply_counts(demo: Demo, state: Proceedings) -> None:
    later = [r for done in demo.later for r in done.recorded if r.kind != SCORECARD]
    assert {r.status for r in later} == {Status.VALID}
    agencies = {r.unit for r in later if r.kind == APPRAISAL and r.round == 1}
    assert agencies == set(state.workspace.campaign.agencies)
    assert {r.unit for r in later if r.kind == REPLY} == set(demo.replies.replied)
    assert 0 < len(demo.replies.replied) < len(demo.replies.forms)
    assert [r.unit for r in later if r.kind == SURVEY] == [demo.survey.tier] * 2  # one corrected


def test_one_book_comes_back_in_two_parts(demo: Demo) -> None:
    books = {path.stem for path in demo.rounds[0].books}
    sent = [r.file for r in demo.later[0].recorded]
    (half,) = [name for name in sent if "(người thứ nhất)" in name]
    assert len(sent) == len(books) + 1
    assert half.replace(" (người thứ nhất)", "") in sent


def test_the_two_agencies_that_disagreed_are_settled(demo: Demo, state: Proceedings) -> None:
    assert demo.rounds[0].overlap is not None
    (unit, node), *agencies = demo.rounds[0].overlap
    row = state.appraisals[unit].rows[node]
    assert {word.agency for word in row.in_round(1)} == set(agencies)
    assert len({word.points for word in row.in_round(1)}) == 2
    assert row.conflict is None
    assert row.decided is not None


def test_the_row_changed_after_appraisal_was_appraised_again(
    demo: Demo, state: Proceedings
) -> None:
    unit, node = demo.replies.changed
    row = state.appraisals[unit].rows[node]
    assert [word.round for word in row.outdated] == [1]
    assert [word.round for word in row.words if not word.council] == [2]
    assert [a.version for a in state.valid(SCORECARD) if a.unit == unit] == [1, 2]


def test_a_refused_exemption_is_scored(demo: Demo, state: Proceedings) -> None:
    assert demo.rounds[0].refused is not None
    unit, node = demo.rounds[0].refused
    assert node in state.appraisals[unit].left_out
    result = result_of(state, unit)
    assert result.achieved[node].applicable == result.rubric.by_id[node].max


def test_the_words_of_the_council_are_final(demo: Demo, state: Proceedings) -> None:
    assert demo.council.words
    for (unit, node), word in demo.council.words.items():
        row = state.appraisals[unit].rows[node]
        assert row.decided is row.council
        assert result_of(state, unit).achieved[node].points == word.score


def test_nothing_stays_open_and_every_unit_with_a_card_has_its_result(
    demo: Demo, state: Proceedings
) -> None:
    assert [unit for unit, said in state.appraisals.items() if said.open] == []
    assert demo.results.provisional == ()
    assert not demo.published.results.provisional
    sheets = {path.stem for path in demo.results.issued.written}
    assert sheets == state.appraisals.keys()
    assert set(demo.results.absent) == state.workspace.campaign.scored_here.keys() - sheets


def result_of(state: Proceedings, unit: str) -> UnitResult:
    return next(row.result for row in state.results.rows if row.result.unit.code == unit)


def achieved_on(path: Path, card: ResultCard) -> dict[str, object]:
    """Return what the file shows in the column of achieved points, by leaf."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl drops what it does not know, and says so
        sheet = openpyxl.load_workbook(BytesIO(path.read_bytes()), data_only=True)[RESULT_SHEET]
    place = [spec.column for spec in RESULT_COLUMNS].index(Column.ACHIEVED)
    return {
        row.node: sheet.cell(row.number, place + 1).value
        for row in card.layout.rows
        if row.kind is RowKind.LEAF
    }


def test_a_result_sheet_says_what_the_ranking_says(demo: Demo, state: Proceedings) -> None:
    for unit in {demo.replies.changed[0], *(unit for unit, _ in demo.council.words)}:
        ranked = next(row for row in state.results.rows if row.result.unit.code == unit)
        result = ranked.result
        path = state.workspace.templates / "ket-qua" / result.unit.tier / f"{unit}.xlsx"
        shown = achieved_on(path, result_card(state, ranked, None))
        assert shown.keys() == {leaf.id for leaf in result.rubric.leaves}
        for node, value in shown.items():
            points = result.achieved[node].points
            if points is None:
                assert value in {NOTHING, None}, node
            else:
                assert value == pytest.approx(float(points)), node


def test_what_the_council_left_as_proposed_keeps_the_reason_that_the_agency_gave(
    state: Proceedings,
) -> None:
    left = [
        (unit, node, row.in_round(2)[-1].reason)
        for unit, said in state.appraisals.items()
        for node, row in said.rows.items()
        if row.decided is row.council
        and row.council is not None
        and row.council.rest
        and row.council.decision is Decision.ADJUST
        and row.in_round(2)
        and row.in_round(2)[-1].decision is Decision.ADJUST
    ]
    assert left
    for unit, node, reason in left:
        result = result_of(state, unit)
        told = Notes(state.workspace.campaign, result).of(result.rubric.by_id[node])
        assert reason.rstrip(". ") in told


def test_what_was_corrected_between_the_editions_is_all_that_differs(demo: Demo) -> None:
    first, last, fixed = demo.editions.first, demo.editions.last, demo.editions.correction
    assert [(first.edition, first.new), (last.edition, last.new)] == [(1, True), (2, True)]
    before, after = ({row.result.unit.code: row.result for row in one.results.rows}
                     for one in (first, last))  # fmt: skip
    assert [u for u in before if before[u].totals != after[u].totals] == [fixed.unit]
    points = [results[fixed.unit].achieved[fixed.node].points for results in (before, after)]
    assert None not in points
    assert points[0] > points[1]  # type: ignore[operator]


def test_both_editions_lie_in_reports_with_page_and_announcement(demo: Demo) -> None:
    campaign = demo.workspace.campaign.settings.id
    of_both = ["thong-bao-{}-lan-{}.docx", "xep-hang-{}-lan-{}.html", "xep-hang-{}-lan-{}.xlsx"]
    wanted = {name.format(campaign, number) for name in of_both for number in (1, 2)}
    wanted |= {f"cong-bo-{campaign}-lan-2.{kind}" for kind in ("html", "xlsx")}
    assert {path.name for path in demo.workspace.reports.iterdir()} == wanted | {"status.html"}


def test_the_files_of_a_whole_campaign_hold_to_what_excel_demands(demo: Demo) -> None:
    one_of_each = {p.parent: p for p in sorted(demo.workspace.templates.rglob("*.xlsx"))}.values()
    # Both editions have the same sheets.
    second = [*demo.workspace.reports.glob("*-2.xlsx"), *demo.workspace.reports.glob("*-2.docx")]
    assert len(one_of_each) > 3
    assert len(second) == 3
    assert {path.name: faults(path) for path in [*one_of_each, *second]} == {
        path.name: [] for path in [*one_of_each, *second]
    }


def test_the_first_edition_holds_after_the_second_was_frozen(demo: Demo) -> None:
    told = demo.editions.verified
    assert (told.edition, told.kind, told.holds) == (1, FileKind.PAGE, True)
    assert told.steps == dict.fromkeys(Step, True)


def test_the_leadership_is_written_to_in_drafts_that_nobody_sent(demo: Demo) -> None:
    group = demo.workspace.campaign.settings.mail.groups["lanh-dao"]
    folder = demo.workspace.outbox / "_thu" / "ket-qua"
    assert sorted(demo.editions.drafts) == sorted(folder.iterdir())
    with open_ledger(demo.workspace.ledger_path) as ledger:
        assert {row.state for row in ledger.letters()} == {LetterState.DRAFTED}
    written = []
    for path in demo.editions.drafts:
        letter = message_from_bytes(path.read_bytes(), policy=default)
        written.append(str(letter["To"].addresses[0].addr_spec))
        assert letter["X-Unsent"] == "1"
        (attached,) = [part.get_filename() for part in letter.iter_attachments()]
        assert attached == demo.editions.first.path.name
    assert sorted(written) == sorted(address_of(one) for one in group.to)


@pytest.mark.parametrize("demo", ["vinh-long-2023"], indirect=True)  # which has earlier years
def test_units_are_compared_with_the_years_before(demo: Demo) -> None:
    results = demo.published.results
    assert results.years.findings == ()
    assert [year.year for year in results.years.years] == [2022, 2021]
    changes = [results.change(row.result) for row in results.rows if row.result.assessed]
    assert None not in changes
    assert len(set(changes)) > 100


def test_a_second_pass_brings_nothing_and_the_ledger_is_clean(demo: Demo) -> None:
    assert run_once(demo.workspace, settle=0, now=lambda: demo.ended).collected.recorded == []
    assert check_ledger(demo.workspace).troubles == []
